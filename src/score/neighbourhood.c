/* neighbourhood.c - from links to a network around the company. */
#include "score/neighbourhood.h"

#include "graph/boards.h"
#include "graph/contagion.h"
#include "graph/ownership.h"
#include "graph/rank.h"
#include "score/elementary.h"

#include <stdlib.h>

const double neighbourhood_recovery = 0.10;
const double neighbourhood_distressed_pd = 0.20;

static const double equity_floor = 0.03; /* of total assets */
static const double damping = 0.85;
static const double pd_most = 0.999999;
static const double per_million = 1e-6;

enum { SELF = 0 };

/* All that is known of one party. */
struct party {
    struct known pd;
    double at_stake;     /* minor units, by trade */
    double at_stake_sub; /* minor units, in it as a subsidiary */
    double owed;         /* the part of at_stake that it owes for goods */
    double ties;         /* sum over directors in common of 1 / (seats - 1) */
    bool is_related, is_trade, is_debtor, is_subsidiary, is_parent, is_of_group;
    bool is_stake_open, is_sub_open; /* nobody said, or not in the currency of the accounts */
};

struct work {
    const struct facts *facts;
    const struct statement *statement; /* or NULL */
    struct arena *arena;
    double recovery;
    uint32_t party_count;
    struct party *parties;
};

/* ---- one link ---- */

static bool is_relation(const struct link *link)
{
    return link->from != link->to;
}

/* The party whose PD a link states: not the company, and never a director. */
static uint32_t party_of_pd(const struct link *link)
{
    bool is_of_to = link->from == SELF || link->type == LINK_DIRECTOR_OF;
    return is_of_to ? link->to : link->from;
}

static void note_pd(struct work *w, const struct link *link)
{
    uint32_t i = party_of_pd(link);
    if (link->pd_ppm == LINK_UNSTATED || i == SELF) {
        return;
    }
    struct known *pd = &w->parties[i].pd;
    double stated = link->pd_ppm * per_million;
    if (!pd->is_known || stated > pd->value) {
        *pd = (struct known){stated, true};
    }
}

static bool is_comparable(const struct work *w, const struct link *link)
{
    return w->statement != NULL && link->exposure.currency == w->statement->currency;
}

/* Does the default of the other end cost the company what it supplied, lent or vouched for? */
static bool is_trade_loss(const struct link *link)
{
    switch (link->type) {
    case LINK_GUARANTEES:
    case LINK_SUPPLIES:
    case LINK_LENDS_TO: return link->from == SELF;
    case LINK_OWES: return link->to == SELF;
    case LINK_OWNS:
    case LINK_CONTROLS:
    case LINK_DIRECTOR_OF:
    case LINK_TYPE_COUNT: break;
    }
    return false;
}

static void note_stake(struct work *w, const struct link *link)
{
    bool is_owned = link->type == LINK_OWNS || link->type == LINK_CONTROLS;
    struct party *other = &w->parties[link->from == SELF ? link->to : link->from];
    double amount = is_comparable(w, link) ? (double)link->exposure.minor : 0.0;
    if (is_owned && link->from == SELF) {
        other->is_subsidiary = true;
        other->is_sub_open = other->is_sub_open || !is_comparable(w, link);
        other->at_stake_sub += amount;
    } else if (is_trade_loss(link)) {
        bool is_debtor = link->type == LINK_SUPPLIES || link->type == LINK_OWES;
        other->is_trade = true;
        other->is_debtor = other->is_debtor || is_debtor;
        other->is_stake_open = other->is_stake_open || !is_comparable(w, link);
        other->at_stake += amount;
        other->owed += is_debtor ? amount : 0.0;
    }
}

static void note_links(struct work *w)
{
    for (uint32_t i = 0; i < w->facts->link_count; i++) {
        const struct link *link = &w->facts->links[i];
        if (!is_relation(link)) {
            continue;
        }
        note_pd(w, link);
        if (link->from == SELF || link->to == SELF) {
            bool is_director = link->type == LINK_DIRECTOR_OF && link->to == SELF;
            w->parties[link->from == SELF ? link->to : link->from].is_related |= !is_director;
            note_stake(w, link);
        }
    }
}

/* ---- group ---- */

/* Holdings of stated size, scaled where they are more than all; then control, which is one vote
 * more than any share. */
static bool holdings_make(struct network *out, const struct work *w)
{
    struct edge *edges = arena_array(w->arena, struct edge, (size_t)w->facts->link_count + 1);
    size_t count = 0;
    if (edges == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < w->facts->link_count; i++) {
        const struct link *link = &w->facts->links[i];
        if (is_relation(link) && link->type == LINK_OWNS && link->share_ppm != LINK_UNSTATED) {
            edges[count++] = (struct edge){link->from, link->to, link->share_ppm * per_million};
        }
    }
    (void)ownership_normalise(edges, count, w->party_count, w->arena);
    for (uint32_t i = 0; i < w->facts->link_count; i++) {
        const struct link *link = &w->facts->links[i];
        bool is_control = link->type == LINK_CONTROLS ||
                          (link->type == LINK_OWNS && link->share_ppm == LINK_UNSTATED);
        if (is_relation(link) && is_control) {
            edges[count++] = (struct edge){link->from, link->to, 1.0};
        }
    }
    return network_build(out, w->party_count, edges, count, w->arena);
}

/* Whoever controls the company, and all that those or the company control. */
static bool note_group(struct work *w)
{
    struct network holdings;
    struct ownership_scratch scratch;
    bool *is_controlled = arena_array(w->arena, bool, (size_t)w->party_count + 1);
    if (is_controlled == NULL || !holdings_make(&holdings, w) ||
        !ownership_scratch_make(&scratch, w->party_count, w->arena)) {
        return false;
    }
    for (uint32_t i = 0; i < w->party_count; i++) {
        if (holdings.first[i] == holdings.first[i + 1]) {
            continue;
        }
        ownership_control(is_controlled, &scratch, &holdings, i);
        if (i != SELF && !is_controlled[SELF]) {
            continue;
        }
        w->parties[i].is_parent = i != SELF;
        for (uint32_t k = 0; k < w->party_count; k++) {
            w->parties[k].is_of_group |= is_controlled[k] || k == i;
        }
    }
    return true;
}

/* ---- directors ---- */

static int seat_order(const void *a, const void *b)
{
    const struct seat *x = a;
    const struct seat *y = b;
    if (x->person != y->person) {
        return x->person < y->person ? -1 : 1;
    }
    return (x->company > y->company) - (x->company < y->company);
}

/* The seats of one person, each once. */
static void note_person(struct work *w, const struct seat *seats, size_t count)
{
    bool is_ours = false;
    for (size_t i = 0; i < count; i++) {
        is_ours = is_ours || seats[i].company == SELF;
    }
    if (!is_ours || count < 2 || count > BOARD_SEATS_MAX) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (seats[i].company != SELF) {
            struct party *other = &w->parties[seats[i].company];
            other->is_related = true;
            other->ties += 1.0 / (double)(count - 1);
        }
    }
}

static bool note_directors(struct work *w)
{
    struct seat *seats = arena_array(w->arena, struct seat, (size_t)w->facts->link_count + 1);
    size_t all = 0, kept = 0;
    if (seats == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < w->facts->link_count; i++) {
        const struct link *link = &w->facts->links[i];
        if (link->type == LINK_DIRECTOR_OF && is_relation(link)) {
            seats[all++] = (struct seat){link->from, link->to};
        }
    }
    if (all > 1) {
        qsort(seats, all, sizeof *seats, seat_order);
    }
    for (size_t i = 0; i < all; i++) {
        if (kept == 0 || seat_order(&seats[kept - 1], &seats[i]) != 0) {
            seats[kept++] = seats[i];
        }
    }
    for (size_t from = 0, to = 0; from < kept; from = to) {
        while (to < kept && seats[to].person == seats[from].person) {
            to++;
        }
        note_person(w, &seats[from], to - from);
    }
    return true;
}

/* ---- contagion ---- */

/* What the company can lose, in minor units; nothing where there are no accounts. */
static double equity_of(const struct statement *s)
{
    if (s == NULL || !statement_has(s, ITEM_EQUITY)) {
        return 0.0;
    }
    double equity = (double)statement_minor(s, ITEM_EQUITY);
    double assets = statement_has(s, ITEM_TOTAL_ASSETS)
                        ? (double)statement_minor(s, ITEM_TOTAL_ASSETS) * equity_floor
                        : 0.0;
    return equity > assets ? equity : assets;
}

static double weight_by_stake(const struct work *w, double at_stake, bool is_open,
                              double directness)
{
    return is_open ? directness
                   : contagion_weight(at_stake, equity_of(w->statement), w->recovery, directness);
}

/* How probably the default of this party brings the company down. */
static double party_weight(const struct work *w, const struct party *p)
{
    double weight = p->is_parent ? contagion_parent : 0.0;
    if (p->is_subsidiary) {
        weight += weight_by_stake(w, p->at_stake_sub, p->is_sub_open, contagion_subsidiary);
    }
    if (p->is_trade) {
        weight += weight_by_stake(w, p->at_stake, p->is_stake_open, contagion_trade);
    }
    if (p->ties > 0.0) {
        weight += contagion_director;
    }
    return weight < 1.0 ? weight : 1.0;
}

/* The probability of being brought down is the PD of a company that would never fail by itself. */
static bool inherit(struct neighbourhood *out, const struct work *w)
{
    struct network network;
    struct edge *edges = arena_array(w->arena, struct edge, (size_t)w->party_count + 1);
    double *pd = arena_array(w->arena, double, (size_t)w->party_count + 1);
    double *after = arena_array(w->arena, double, (size_t)w->party_count + 1);
    size_t count = 0;
    if (edges == NULL || pd == NULL || after == NULL) {
        return false;
    }
    for (uint32_t i = 1; i < w->party_count; i++) {
        const struct party *p = &w->parties[i];
        if (p->pd.is_known && (p->is_related || p->is_parent)) {
            out->inherited_pd.is_known = true;
            pd[i] = p->pd.value;
            edges[count++] = (struct edge){SELF, i, party_weight(w, p)};
        }
    }
    if (!network_build(&network, w->party_count, edges, count, w->arena) ||
        !contagion_pd(after, &network, pd, 1, w->arena)) {
        return false;
    }
    out->inherited_pd.value = after[SELF];
    return true;
}

/* ---- nearness ---- */

static double directness_of(enum link_type type)
{
    switch (type) {
    case LINK_OWNS:
    case LINK_CONTROLS: return contagion_parent;
    case LINK_GUARANTEES:
    case LINK_SUPPLIES:
    case LINK_OWES:
    case LINK_LENDS_TO: return contagion_trade;
    case LINK_DIRECTOR_OF:
    case LINK_TYPE_COUNT: break;
    }
    return contagion_director;
}

/* The sum over the distressed of how near each is: walks that keep going back to it are that much
 * oftener here than the number of our ties alone would have it.  A sum, so that one more never
 * makes the others farther. */
static bool measure_nearness(struct neighbourhood *out, const struct work *w)
{
    struct network directed, network;
    struct edge *edges = arena_array(w->arena, struct edge, (size_t)w->facts->link_count + 1);
    double *seeds = arena_array(w->arena, double, (size_t)w->party_count + 1);
    double *rank = arena_array(w->arena, double, (size_t)w->party_count + 1);
    double seed_count = 0.0;
    bool has_pd = false;
    if (edges == NULL || seeds == NULL || rank == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < w->facts->link_count; i++) {
        const struct link *link = &w->facts->links[i];
        edges[i] = (struct edge){link->from, link->to, directness_of(link->type)};
    }
    for (uint32_t i = 1; i < w->party_count; i++) {
        const struct known *pd = &w->parties[i].pd;
        bool is_seed = pd->is_known && pd->value >= neighbourhood_distressed_pd;
        has_pd = has_pd || pd->is_known;
        seeds[i] = is_seed ? 1.0 : 0.0;
        seed_count += seeds[i];
    }
    if (!network_build(&directed, w->party_count, edges, w->facts->link_count, w->arena) ||
        !network_undirected(&network, &directed, w->arena)) {
        return false;
    }
    if (!has_pd || network.first[SELF + 1] == network.first[SELF]) {
        return true;
    }
    out->nearness = (struct known){0.0, true};
    if (seed_count > 0.0) {
        if (!rank_personalised(rank, &network, seeds, damping, w->arena)) {
            return false;
        }
        out->nearness.value = seed_count * rank_relative(&network, rank, SELF);
    }
    return true;
}

/* ---- the rest ---- */

static void raise_to(struct known *most, struct known value)
{
    if (value.is_known && (!most->is_known || value.value > most->value)) {
        *most = value;
    }
}

static void sum_parties(struct neighbourhood *out, const struct work *w)
{
    double owed = 0.0, owed_times_pd = 0.0;
    bool is_open = false;
    for (uint32_t i = 1; i < w->party_count; i++) {
        const struct party *p = &w->parties[i];
        bool is_related = p->is_related || p->is_parent || p->is_of_group;
        out->relation_count += is_related ? 1 : 0;
        out->unknown_count += is_related && !p->pd.is_known ? 1 : 0;
        out->is_in_group = out->is_in_group || p->is_of_group;
        if (p->is_parent) {
            raise_to(&out->parent_pd, p->pd);
        }
        if (p->is_of_group) {
            raise_to(&out->group_max_pd, p->pd);
        }
        if (p->ties > 0.0 && p->pd.is_known) {
            out->director_failures.is_known = true;
            out->director_failures.value += p->ties * p->pd.value;
        }
        if (p->is_debtor && p->pd.is_known) {
            is_open = is_open || p->is_stake_open;
            owed += p->owed;
            owed_times_pd += p->owed * p->pd.value;
        }
    }
    out->trade_pd.is_known = owed > 0.0 && !is_open;
    out->trade_pd.value = out->trade_pd.is_known ? owed_times_pd / owed : 0.0;
}

/* Of the sales where the link says so, else of the receivables. */
static void find_top_customer(struct neighbourhood *out, const struct work *w)
{
    const struct statement *s = w->statement;
    double receivables = s != NULL && statement_has(s, ITEM_TRADE_RECEIVABLES)
                             ? (double)statement_minor(s, ITEM_TRADE_RECEIVABLES)
                             : 0.0;
    for (uint32_t i = 0; i < w->facts->link_count; i++) {
        const struct link *link = &w->facts->links[i];
        if (link->type != LINK_SUPPLIES || link->from != SELF || !is_relation(link)) {
            continue;
        }
        if (link->share_ppm != LINK_UNSTATED) {
            raise_to(&out->top_customer_share, (struct known){link->share_ppm * per_million, true});
        } else if (is_comparable(w, link) && receivables > 0.0) {
            raise_to(&out->top_customer_share,
                     (struct known){(double)link->exposure.minor / receivables, true});
        }
    }
}

bool neighbourhood_make(struct facts *facts, double recovery, struct arena *arena)
{
    facts->neighbourhood = NULL;
    if (facts->link_count == 0) {
        return true;
    }
    struct neighbourhood *out = arena_new(arena, struct neighbourhood);
    struct work w = {.facts = facts,
                     .statement = facts_statement(facts, NULL),
                     .arena = arena,
                     .recovery = recovery,
                     .party_count = facts->party_count,
                     .parties = arena_array(arena, struct party, facts->party_count)};
    if (out == NULL || w.parties == NULL) {
        return false;
    }
    note_links(&w);
    if (!note_group(&w) || !note_directors(&w) || !inherit(out, &w) || !measure_nearness(out, &w)) {
        return false;
    }
    sum_parties(out, &w);
    find_top_customer(out, &w);
    facts->neighbourhood = out;
    return true;
}

struct known neighbourhood_uplift(const struct neighbourhood *neighbourhood, double pd)
{
    struct known inherited = neighbourhood->inherited_pd;
    if (!inherited.is_known) {
        return (struct known){0.0, false};
    }
    double raised = contagion_capped(pd, pd + (1.0 - pd) * inherited.value);
    raised = raised < pd_most ? raised : pd_most;
    return (struct known){raised > pd ? logit(raised) - logit(pd) : 0.0, true};
}
