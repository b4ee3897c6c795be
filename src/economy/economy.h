/* economy.h - a fictitious economy: companies that live, trade and fail, from a seed.
 *
 * Quality follows the years, shared in parts by all, by a sector, by a group; failures follow
 * quality, age and negative equity, then spread: a loss on a customer, or the fall of a parent,
 * brings down others that would have lived.  Who fails is replaced.
 *
 * Nothing real is in it: how well a model does here says how the generator was made, and nothing
 * of the model.  docs/ECONOMY.md tells every constant.
 *
 * Pure: seed and options in, the same companies out, on any machine. */
#ifndef ECONOMY_ECONOMY_H
#define ECONOMY_ECONOMY_H

#include "economy/ties.h"

enum {
    ECONOMY_COMPANIES_MAX = 1000000,
    ECONOMY_YEARS_MAX = 20,
    ECONOMY_ROWS_MAX = 5000000, /* companies times years */
};

/* What is drawn changes with it, and with it alone: a seed means the same as long as it stays. */
enum { ECONOMY_VERSION = 1 };

struct economy_options {
    uint64_t seed;
    uint32_t companies, years;
    struct date as_of;   /* of the last year */
    double group_weight; /* of a group in the quality of its members: a share of the variance */
    double contagion;    /* log-odds that a loss of all equity's quarter adds */
};

extern const struct economy_options economy_options_default;

/* Beyond these nothing is left for the company itself. */
#define ECONOMY_GROUP_WEIGHT_MAX 0.85
#define ECONOMY_CONTAGION_MAX    5.0

struct economy {
    struct economy_options options;
    struct date as_of; /* of this year */
    uint32_t year;     /* from 0, below options.years */
    uint32_t firm_count;
    struct firm *firms;
    struct ties ties;
    double macro, sector_quality[SECTORS_MAX];
    uint32_t founded; /* firms ever */
};

/* Found it, and bring it to the first year.  Requires: options within their limits.  False: no
 * memory.  Memory: of the arena; ECONOMY_BYTES a company at most. */
bool economy_make(struct economy *out, const struct economy_options *options,
                  struct arena *arena) MUST_USE;
/* On to the next year.  Requires: there is one. */
void economy_advance(struct economy *economy);

/* A number that firms of one group share, and all years of one place: rows that belong together. */
uint32_t economy_kin(const struct economy *economy, uint32_t place);

enum { ECONOMY_BYTES = 1024 };

#endif
