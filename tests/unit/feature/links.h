/* links.h - links made by hand: a company, those around it, and what is known of them. */
#ifndef TESTS_UNIT_FEATURE_LINKS_H
#define TESTS_UNIT_FEATURE_LINKS_H

#include "../score/tiny.h"

#include "feature/neighbourhood.h"

enum { LINKS_MOST = 2000, ARENA_LIMIT = 8 * 1024 * 1024 };

static struct arena arena;
static struct statement statement;
static struct link links[LINKS_MOST];
static struct link_party parties[2 * LINKS_MOST + 1];
static uint32_t link_count;

static inline int set_up(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_LIMIT);
    statement = sound_statement(2025);
    memset(links, 0, sizeof links);
    for (size_t i = 0; i < ARRAY_LEN(parties); i++) {
        parties[i] = (struct link_party){.pd_ppm = LINK_UNSTATED};
    }
    link_count = 0;
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

/* Shares and PDs in parts per million, or LINK_UNSTATED; `euros` < 0: no exposure was stated. */
static inline void link_add(enum link_type type, uint32_t from, uint32_t to, int32_t share_ppm,
                            int32_t pd_ppm, int64_t euros)
{
    struct money exposure =
        euros < 0 ? (struct money){0, CURRENCY_NONE} : (struct money){100 * euros, CURRENCY_EUR};
    links[link_count++] = (struct link){type, from, to, share_ppm, pd_ppm, exposure};
}

static inline const struct neighbourhood *made_of(uint32_t party_count, double recovery)
{
    struct facts facts = sound_facts(&statement, 1);
    facts.links = links;
    facts.link_count = link_count;
    facts.party_count = party_count;
    facts.parties = parties;
    assert_true(neighbourhood_make(&facts, recovery, &arena));
    return facts.neighbourhood;
}

#endif
