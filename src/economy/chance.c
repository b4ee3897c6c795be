/* chance.c - the usual distributions, over splitmix64 and our own exp and log. */
#include "economy/chance.h"

#include "base/check.h"
#include "base/elementary.h"
#include "base/splitmix.h"

enum { POISSON_MAX = 60 };

struct chance chance_of(uint64_t key, enum topic topic, uint64_t number)
{
    uint64_t state = key ^ ((uint64_t)topic + 1) * UINT64_C(0xD6E8FEB86659FD93);
    state = splitmix64(&state) ^ number * UINT64_C(0xA0761D6478BD642F);
    return (struct chance){splitmix64(&state)};
}

uint64_t chance_key(struct chance *c)
{
    return splitmix64(&c->state);
}

double chance_uniform(struct chance *c)
{
    /* 53 bits, moved half a step off both ends. */
    return ((double)(splitmix64(&c->state) >> 11) + 0.5) * 0x1p-53;
}

bool chance_happens(struct chance *c, double probability)
{
    return chance_uniform(c) < probability;
}

uint32_t chance_below(struct chance *c, uint32_t bound)
{
    CHECK(bound > 0);
    return (uint32_t)(((splitmix64(&c->state) >> 32) * bound) >> 32);
}

/* Marsaglia's polar method; the second of each pair is let go, so that a draw has no memory. */
double chance_normal(struct chance *c)
{
    for (;;) {
        double x = 2.0 * chance_uniform(c) - 1.0;
        double y = 2.0 * chance_uniform(c) - 1.0;
        double s = x * x + y * y;
        if (s > 0.0 && s < 1.0) {
            return x * elementary_sqrt(-2.0 * elementary_log(s) / s);
        }
    }
}

double chance_exponential(struct chance *c)
{
    return -elementary_log(chance_uniform(c));
}

/* Marsaglia and Tsang 2000; a shape below one by raising it. */
double chance_gamma(struct chance *c, double shape)
{
    CHECK(shape > 0.0);
    if (shape < 1.0) {
        double u = chance_uniform(c);
        return chance_gamma(c, shape + 1.0) * elementary_pow(u, 1.0 / shape);
    }
    double d = shape - 1.0 / 3.0;
    double k = 1.0 / elementary_sqrt(9.0 * d);
    for (;;) {
        double x = chance_normal(c);
        double root = 1.0 + k * x;
        double v = root * root * root;
        double u = chance_uniform(c);
        if (root > 0.0 && elementary_log(u) < 0.5 * x * x + d - d * v + d * elementary_log(v)) {
            return d * v;
        }
    }
}

double chance_beta(struct chance *c, double a, double b)
{
    double x = chance_gamma(c, a);
    return x / (x + chance_gamma(c, b));
}

uint32_t chance_poisson(struct chance *c, double mean)
{
    double limit = elementary_exp(-mean);
    double product = chance_uniform(c);
    uint32_t count = 0;
    while (product > limit && count < POISSON_MAX) {
        product *= chance_uniform(c);
        count++;
    }
    return count;
}
