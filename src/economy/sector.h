/* sector.h - what the companies of a sector are like: sectors.def as values. */
#ifndef ECONOMY_SECTOR_H
#define ECONOMY_SECTOR_H

#include "economy/chance.h"

struct sector {
    char section;
    const char *code, *trade;
    double share_percent, rate;
    double turnover, gross, ebitda, dso, dio, dpo, personnel;
};

enum { SECTORS_MAX = 32 };

uint32_t sector_count(void);
const struct sector *sector_at(uint32_t index); /* Requires: index < sector_count() */
uint32_t sector_draw(struct chance *c);         /* by share */

#endif
