/* founded.h - an economy for a suite to look at. */
#ifndef TESTS_UNIT_ECONOMY_FOUNDED_H
#define TESTS_UNIT_ECONOMY_FOUNDED_H

#include "economy/request.h"

#include "../expect.h"

static struct arena arena;

static inline struct economy economy_founded(uint64_t seed, uint32_t companies, uint32_t years)
{
    struct economy_options options = economy_options_default;
    struct economy economy;
    options.seed = seed;
    options.companies = companies;
    options.years = years;
    arena_finish(&arena);
    arena_init(&arena, 256 * 1024 * 1024);
    assert_true(economy_make(&economy, &options, &arena));
    return economy;
}

static inline int economy_tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static const struct showing_options everything = {.blocks = (1U << BLOCK_COUNT) - 1};

#endif
