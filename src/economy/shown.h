/* shown.h - what a request shows of a firm: which blocks, and what is wrong with them. */
#ifndef ECONOMY_SHOWN_H
#define ECONOMY_SHOWN_H

#include "economy/economy.h"

enum dirt {
#define DIRT(name, wire, percent, is_refused) DIRT_##name,
#include "economy/dirt.def"
#undef DIRT
    DIRT_COUNT
};

struct showing_options {
    uint32_t blocks; /* bit per enum block */
    double missing;  /* the chance that one of them is left out, each by itself */
    bool is_dirty;
};

struct shown {
    uint32_t blocks;
    uint32_t dirt;       /* bit per enum dirt */
    struct date closing; /* of the newest accounts shown; not set: none */
    bool is_late;        /* newer ones should have been filed */
};

void shown_make(struct shown *out, const struct showing_options *options,
                const struct economy *economy, uint32_t place);
bool shown_has(const struct shown *shown, enum block block);
bool shown_is(const struct shown *shown, enum dirt dirt);
bool shown_is_refused(const struct shown *shown);
const char *dirt_wire(enum dirt dirt);

#endif
