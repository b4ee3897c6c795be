/* sector.c - the table, and a draw from it. */
#include "economy/sector.h"

#include "base/str.h"

static const struct sector sectors[] = {
#define SECTOR(section, code, trade, share, rate, turnover, gross, ebitda, dso, dio, dpo,          \
               personnel)                                                                          \
    {section, code, trade, share, rate, turnover, gross, ebitda, dso, dio, dpo, personnel},
#include "economy/sectors.def"
#undef SECTOR
};

uint32_t sector_count(void)
{
    _Static_assert(sizeof(sectors) / sizeof(sectors[0]) <= SECTORS_MAX, "raise SECTORS_MAX");
    return (uint32_t)(sizeof(sectors) / sizeof(sectors[0]));
}

const struct sector *sector_at(uint32_t index)
{
    CHECK(index < sector_count());
    return &sectors[index];
}

uint32_t sector_draw(struct chance *c)
{
    double left = chance_uniform(c) * 100.0;
    uint32_t i = 0;
    while (i + 1 < sector_count() && left >= sectors[i].share_percent) {
        left -= sectors[i].share_percent;
        i++;
    }
    return i;
}
