/* exposures.c - a network of losses, then shocks to it. */
#include "feature/exposures.h"

#include "feature/group.h"
#include "graph/shock.h"

#include <stdlib.h>

enum { SELF = 0 };

struct work {
    const struct exposures_input *in;
    struct network losses;
    double *equity; /* by party; only those who have edges are asked for it */
    struct shock shock;
    bool has_chains; /* others than the company can lose */
    struct arena *arena;
};

/* Who loses when whom defaults? */
static bool loss_of(struct edge *out, const struct link *link)
{
    *out = (struct edge){link->from, link->to, (double)link->exposure.minor};
    switch (link->type) {
    case LINK_OWES: *out = (struct edge){link->to, link->from, out->weight}; return true;
    case LINK_OWNS:
    case LINK_CONTROLS:
    case LINK_GUARANTEES:
    case LINK_SUPPLIES:
    case LINK_LENDS_TO: return true;
    case LINK_DIRECTOR_OF:
    case LINK_TYPE_COUNT: break;
    }
    return false;
}

static enum currency currency_of(const struct exposures_input *in, uint32_t party)
{
    if (party == SELF) {
        return in->currency;
    }
    return in->facts->parties == NULL ? CURRENCY_NONE : in->facts->parties[party].equity.currency;
}

static double equity_of(const struct exposures_input *in, uint32_t party)
{
    if (party == SELF) {
        return in->equity;
    }
    return in->facts->parties == NULL ? 0.0 : (double)in->facts->parties[party].equity.minor;
}

static bool losses_make(struct work *w)
{
    const struct facts *facts = w->in->facts;
    struct edge *edges = arena_array(w->arena, struct edge, (size_t)facts->link_count + 1);
    w->equity = arena_array(w->arena, double, (size_t)facts->party_count + 1);
    size_t count = 0;
    if (edges == NULL || w->equity == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < facts->link_count; i++) {
        const struct link *link = &facts->links[i];
        struct edge loss;
        if (link_ties(link) && loss_of(&loss, link) && link->exposure.currency != CURRENCY_NONE &&
            link->exposure.currency == currency_of(w->in, loss.from)) {
            edges[count++] = loss;
            w->has_chains = w->has_chains || loss.from != SELF;
        }
    }
    for (uint32_t i = 0; i < facts->party_count; i++) {
        w->equity[i] = equity_of(w->in, i);
    }
    w->shock = (struct shock){&w->losses, w->equity, w->in->recovery};
    return network_build(&w->losses, facts->party_count, edges, count, w->arena);
}

static bool rank_debts(struct exposures *out, const struct work *w)
{
    uint32_t count = w->losses.node_count;
    double *before = arena_array(w->arena, double, (size_t)count + 1);
    double *after = arena_array(w->arena, double, (size_t)count + 1);
    double *weight = arena_array(w->arena, double, (size_t)count + 1);
    if (before == NULL || after == NULL || weight == NULL) {
        return false;
    }
    weight[SELF] = 1.0;
    for (uint32_t i = 1; i < count; i++) {
        before[i] = w->in->pds[i].is_known ? w->in->pds[i].value : 0.0;
    }
    if (!shock_debtrank(after, &w->shock, before, w->arena)) {
        return false;
    }
    out->debt_rank = (struct known){shock_rank(after, before, weight, count), true};
    if (!shock_debtrank_linear(after, &w->shock, before, w->arena)) {
        return false;
    }
    out->debt_rank_linear = (struct known){shock_rank(after, before, weight, count), true};
    return true;
}

/* ---- cascades ---- */

struct stake {
    uint32_t party;
    double loss; /* the company's own, directly */
};

static int stake_order(const void *a, const void *b)
{
    const struct stake *x = a;
    const struct stake *y = b;
    if (x->loss != y->loss) {
        return x->loss > y->loss ? -1 : 1;
    }
    return (x->party > y->party) - (x->party < y->party);
}

/* Whoever somebody can lose by, the company's own largest stakes first. */
static struct stake *stakes_find(uint32_t *stake_count, const struct work *w)
{
    uint32_t count = w->losses.node_count;
    struct stake *stakes = arena_array(w->arena, struct stake, (size_t)count + 1);
    bool *is_debtor = arena_array(w->arena, bool, (size_t)count + 1);
    double *direct = arena_array(w->arena, double, (size_t)count + 1);
    *stake_count = 0;
    if (stakes == NULL || is_debtor == NULL || direct == NULL) {
        return NULL;
    }
    for (uint32_t e = 0; e < w->losses.edge_count; e++) {
        const struct edge *loss = &w->losses.edges[e];
        is_debtor[loss->to] = true;
        direct[loss->to] += loss->from == SELF ? loss->weight : 0.0;
    }
    for (uint32_t i = 1; i < count; i++) {
        if (is_debtor[i]) {
            stakes[(*stake_count)++] = (struct stake){i, direct[i]};
        }
    }
    if (*stake_count > 1) {
        qsort(stakes, *stake_count, sizeof *stakes, stake_order);
    }
    return stakes;
}

static bool falls(const struct work *w, int32_t *round, const bool *is_seed)
{
    shock_cascade(round, &w->shock, is_seed);
    return round[SELF] > 0;
}

static bool find_cascades(struct exposures *out, const struct work *w)
{
    uint32_t count = w->losses.node_count, stake_count;
    struct stake *stakes = stakes_find(&stake_count, w);
    bool *is_seed = arena_array(w->arena, bool, (size_t)count + 1);
    int32_t *round = arena_array(w->arena, int32_t, (size_t)count + 1);
    if (stakes == NULL || is_seed == NULL || round == NULL) {
        return false;
    }
    /* Where only the company can lose, the first who does not bring it down ends the search. */
    for (uint32_t i = 0; i < stake_count && i < EXPOSURES_TRIED_MAX; i++) {
        is_seed[stakes[i].party] = true;
        bool is_fatal = falls(w, round, is_seed);
        is_seed[stakes[i].party] = false;
        if (is_fatal && out->fatal_count < EXPOSURES_FATAL_MAX) {
            out->fatal[out->fatal_count++] = stakes[i].party;
        } else if (!w->has_chains || out->fatal_count == EXPOSURES_FATAL_MAX) {
            break;
        }
    }
    for (uint32_t i = 1; i < count; i++) {
        is_seed[i] = w->in->pds[i].is_known && w->in->pds[i].value >= distressed_pd;
        out->has_cascade = out->has_cascade || is_seed[i];
    }
    out->fails_with_distressed = out->has_cascade && falls(w, round, is_seed);
    return true;
}

bool exposures_make(struct exposures *out, const struct exposures_input *in, struct arena *arena)
{
    struct work w = {.in = in, .arena = arena};
    if (in->currency == CURRENCY_NONE) {
        return true;
    }
    if (!losses_make(&w)) {
        return false;
    }
    if (w.losses.first[SELF] == w.losses.first[SELF + 1]) {
        return true;
    }
    return rank_debts(out, &w) && find_cascades(out, &w);
}
