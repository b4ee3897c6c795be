/* chance.h - draws that depend on the seed and on what is drawn, and on nothing else.
 *
 * Each thing that is left to chance has a stream of its own, named by who it is of, a topic and a
 * number.  So leaving out a block, or looking at one company alone, changes no other draw. */
#ifndef ECONOMY_CHANCE_H
#define ECONOMY_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

/* What is left to chance; the order is part of what a seed means. */
enum topic {
    TOPIC_MACRO,
    TOPIC_SECTOR,
    TOPIC_GROUP,
    TOPIC_OWN,
    TOPIC_FIRM,
    TOPIC_GROWTH,
    TOPIC_TRAIT,
    TOPIC_MOOD,
    TOPIC_TIES,
    TOPIC_FAILURE,
    TOPIC_CONTAGION,
    TOPIC_RATING,
    TOPIC_BOOKS,
    TOPIC_BANK,
    TOPIC_INVOICES,
    TOPIC_REGISTER,
    TOPIC_ASKED,
    TOPIC_MISSING,
    TOPIC_DIRT,
};

struct chance {
    uint64_t state;
};

struct chance chance_of(uint64_t key, enum topic topic, uint64_t number);
uint64_t chance_key(struct chance *c);   /* for streams below this one */
double chance_uniform(struct chance *c); /* above 0, below 1 */
bool chance_happens(struct chance *c, double probability);
uint32_t chance_below(struct chance *c, uint32_t bound); /* Requires: bound > 0 */
double chance_normal(struct chance *c);
double chance_exponential(struct chance *c); /* of mean 1 */
double chance_gamma(struct chance *c, double shape);
double chance_beta(struct chance *c, double a, double b);
/* 60 at most: no event of ours is more frequent. */
uint32_t chance_poisson(struct chance *c, double mean);

#endif
