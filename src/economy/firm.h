/* firm.h - one fictitious company: what it is, how it fares, and what can be seen of it.
 *
 * What can be seen is a function of the company's key and of its quality: nothing is kept, so the
 * accounts of a year are the same bytes in whichever request they come.
 *
 * Quality has mean 0 and variance 1: the higher, the safer.  It is what a model would have to know,
 * and no request says. */
#ifndef ECONOMY_FIRM_H
#define ECONOMY_FIRM_H

#include "credit/facts.h"
#include "economy/sector.h"

/* Years looked back: two exercises, two more where accounts are stale, and one to reckon between.
 */
enum { FIRM_YEARS = 6 };

/* No firm, and no group: the place of neither. */
#define FIRM_NONE UINT32_MAX

enum driver {
#define DRIVER(name, block, loading, persistence) DRIVER_##name,
#include "economy/drivers.def"
#undef DRIVER
    DRIVER_COUNT
};

struct firm {
    uint64_t key;
    uint32_t number; /* nine digits that are no SIREN */
    uint32_t sector;
    uint32_t group;    /* FIRM_NONE: stands alone */
    uint32_t parent;   /* a place among the firms, or FIRM_NONE */
    int32_t share_ppm; /* that the parent holds */
    uint32_t director; /* number of a person */
    uint8_t closing_month;
    int32_t born;               /* days since 1970-01-01 */
    double own;                 /* the part of quality that nobody shares */
    double quality[FIRM_YEARS]; /* 0: now, 1: a year ago ... */
    double ln_assets[FIRM_YEARS];
    double log_odds;       /* of failing by itself within twelve months */
    double pd, pd_after;   /* of that; and once it is known who else failed by itself */
    uint32_t rated_pd_ppm; /* what a scorer without eyes for ties would say */
    bool fails, is_contagious;
};

/* Where a firm stood `months_ago`, between the years. */
double firm_quality(const struct firm *firm, int months_ago);
double firm_ln_assets(const struct firm *firm, int months_ago);
double firm_age_years(const struct firm *firm, struct date day);

/* `quality` as one driver shows it in a calendar year. */
double firm_driver(const struct firm *firm, enum driver driver, double quality, int year);
enum block driver_block(enum driver driver);
/* The quality that all drivers of a block together tell, as far as they can: its expectation given
 * them, and the share of its variance that they explain. */
double firm_signal(const struct firm *firm, enum block block, double quality, int year);
double block_reliability(enum block block);

/* The end of the newest exercise that is at hand on `day`, five months after it closed.  Not set
 * where the firm is too young to have closed one. */
struct date firm_closing(const struct firm *firm, struct date day);
bool firm_has_exercise(const struct firm *firm, struct date period_end); /* of twelve months */
int months_since(struct date period_end,
                 struct date day); /* the end of a month, to the end of one */

#endif
