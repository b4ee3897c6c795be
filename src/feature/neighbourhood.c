/* neighbourhood.c - from links to a network around the company. */
#include "feature/neighbourhood.h"

#include "base/elementary.h"
#include "graph/boards.h"
#include "graph/contagion.h"
#include "graph/rank.h"

const double neighbourhood_recovery = 0.10;

static const double equity_floor = 0.03; /* of total assets */
static const double damping = 0.85;
static const double pd_most = 0.999999;
static const double million = 1e6;          /* a division, so that a fifth is a fifth */
static const double log_odds_least = -40.0; /* below, ratios of PDs are differences of log-odds */

enum { SELF = 0 };

/* What the company stands to lose by one party. */
struct party {
    double at_stake;     /* minor units, by trade */
    double at_stake_sub; /* minor units, in it as a subsidiary */
    double owed;         /* the part of at_stake that it owes for goods */
    bool is_related, is_trade, is_debtor, is_subsidiary;
    bool is_stake_open, is_sub_open; /* nobody said, or not in the currency of the accounts */
};

struct work {
    const struct facts *facts;
    const struct statement *statement; /* or NULL */
    struct arena *arena;
    double recovery;
    uint32_t party_count;
    struct party *parties;
    struct known *pds;
    struct group_member *members;
    double *ties; /* by directors in common: the sum over them of 1 / (seats - 1) */
};

/* ---- one link ---- */

static void raise_to(struct known *most, struct known value)
{
    if (value.is_known && (!most->is_known || value.value > most->value)) {
        *most = value;
    }
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
    raise_to(&w->pds[i], (struct known){link->pd_ppm / million, true});
}

/* What is known of the parties beside the links. */
static void note_parties(struct work *w)
{
    for (uint32_t i = 1; i < w->party_count && w->facts->parties != NULL; i++) {
        int32_t ppm = w->facts->parties[i].pd_ppm;
        raise_to(&w->pds[i], (struct known){ppm / million, ppm != LINK_UNSTATED});
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
        if (!link_ties(link)) {
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

/* ---- directors ---- */

static bool note_directors(struct work *w)
{
    struct seat *seats = arena_array(w->arena, struct seat, (size_t)w->facts->link_count + 1);
    size_t count = 0;
    w->ties = arena_array(w->arena, double, (size_t)w->party_count + 1);
    if (seats == NULL || w->ties == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < w->facts->link_count; i++) {
        const struct link *link = &w->facts->links[i];
        if (link->type == LINK_DIRECTOR_OF && link_ties(link)) {
            seats[count++] = (struct seat){link->from, link->to};
        }
    }
    return boards_ties(w->ties, w->party_count, SELF, seats, count, w->arena);
}

/* ---- contagion ---- */

double neighbourhood_equity(const struct statement *s)
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
                   : contagion_weight(at_stake, neighbourhood_equity(w->statement), w->recovery,
                                      directness);
}

/* How probably the default of this party brings the company down. */
static double party_weight(const struct work *w, uint32_t party)
{
    const struct party *p = &w->parties[party];
    double weight = w->members[party].is_parent ? contagion_parent : 0.0;
    if (p->is_subsidiary) {
        weight += weight_by_stake(w, p->at_stake_sub, p->is_sub_open, contagion_subsidiary);
    }
    if (p->is_trade) {
        weight += weight_by_stake(w, p->at_stake, p->is_stake_open, contagion_trade);
    }
    if (w->ties[party] > 0.0) {
        weight += contagion_director;
    }
    return weight < 1.0 ? weight : 1.0;
}

/* Can its default bring the company down, and how likely is it? */
static bool is_threat(const struct work *w, uint32_t party)
{
    return w->pds[party].is_known &&
           (w->parties[party].is_related || w->ties[party] > 0.0 || w->members[party].is_parent);
}

/* The tie that weighs most in party_weight. */
static enum relation strongest_tie(const struct work *w, uint32_t party)
{
    const struct party *p = &w->parties[party];
    enum relation strongest = RELATION_NONE;
    double weights[] = {
        [RELATION_NONE] = 0.0,
        [RELATION_PARENT] = w->members[party].is_parent ? contagion_parent : 0.0,
        [RELATION_SUBSIDIARY] = 0.0,
        [RELATION_TRADE] = 0.0,
        [RELATION_DIRECTOR] = w->ties[party] > 0.0 ? contagion_director : 0.0,
    };
    if (p->is_subsidiary) {
        weights[RELATION_SUBSIDIARY] =
            weight_by_stake(w, p->at_stake_sub, p->is_sub_open, contagion_subsidiary);
    }
    if (p->is_trade) {
        weights[RELATION_TRADE] =
            weight_by_stake(w, p->at_stake, p->is_stake_open, contagion_trade);
    }
    for (size_t i = 0; i < ARRAY_LEN(weights); i++) {
        strongest = weights[i] > weights[strongest] ? (enum relation)i : strongest;
    }
    return strongest;
}

/* The probability of being brought down is the PD of a company that would never fail by itself. */
static bool inherit(struct neighbourhood *out, const struct work *w)
{
    struct network network;
    struct edge *edges = arena_array(w->arena, struct edge, (size_t)w->party_count + 1);
    double *pd = arena_array(w->arena, double, (size_t)w->party_count + 1);
    double *after = arena_array(w->arena, double, (size_t)w->party_count + 1);
    size_t count = 0;
    double most = 0.0;
    if (edges == NULL || pd == NULL || after == NULL) {
        return false;
    }
    for (uint32_t i = 1; i < w->party_count; i++) {
        if (!is_threat(w, i)) {
            continue;
        }
        double weight = party_weight(w, i);
        out->inherited_pd.is_known = true;
        pd[i] = w->pds[i].value;
        edges[count++] = (struct edge){SELF, i, weight};
        if (weight * pd[i] > most) {
            most = weight * pd[i];
            out->strongest = strongest_tie(w, i);
            out->strongest_party = i;
            out->strongest_pd = pd[i];
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
        double directness = link_ties(link) ? directness_of(link->type) : 0.0;
        edges[i] = (struct edge){link->from, link->to, directness};
    }
    for (uint32_t i = 1; i < w->party_count; i++) {
        const struct known *pd = &w->pds[i];
        bool is_seed = pd->is_known && pd->value >= distressed_pd;
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

static void sum_parties(struct neighbourhood *out, const struct work *w)
{
    double owed = 0.0, owed_times_pd = 0.0;
    bool is_open = false;
    for (uint32_t i = 1; i < w->party_count; i++) {
        const struct party *p = &w->parties[i];
        const struct known *pd = &w->pds[i];
        const struct group_member *m = &w->members[i];
        bool has_tie = w->ties[i] > 0.0;
        bool is_related = p->is_related || has_tie || m->is_parent || m->is_of_group;
        out->relation_count += is_related ? 1 : 0;
        out->unknown_count += is_related && !pd->is_known ? 1 : 0;
        out->board_count += has_tie ? 1 : 0;
        if (m->is_parent) {
            raise_to(&out->parent_pd, *pd);
        }
        if (m->is_of_group) {
            raise_to(&out->group_max_pd, *pd);
        }
        if (has_tie && pd->is_known) {
            out->director_failures.is_known = true;
            out->director_failures.value += w->ties[i] * pd->value;
        }
        if (p->is_debtor && pd->is_known) {
            is_open = is_open || p->is_stake_open;
            owed += p->owed;
            owed_times_pd += p->owed * pd->value;
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
        if (link->type != LINK_SUPPLIES || link->from != SELF || !link_ties(link)) {
            continue;
        }
        if (link->share_ppm != LINK_UNSTATED) {
            raise_to(&out->top_customer_share, (struct known){link->share_ppm / million, true});
        } else if (is_comparable(w, link) && receivables > 0.0) {
            raise_to(&out->top_customer_share,
                     (struct known){(double)link->exposure.minor / receivables, true});
        }
    }
}

static bool work_begin(struct work *w)
{
    size_t count = w->party_count;
    w->parties = arena_array(w->arena, struct party, count);
    w->pds = arena_array(w->arena, struct known, count);
    w->members = arena_array(w->arena, struct group_member, count);
    return w->parties != NULL && w->pds != NULL && w->members != NULL;
}

static bool measure_exposures(struct neighbourhood *out, const struct work *w)
{
    const struct statement *s = w->statement;
    bool has_equity = s != NULL && statement_has(s, ITEM_EQUITY);
    const struct exposures_input in = {.facts = w->facts,
                                       .pds = w->pds,
                                       .equity = neighbourhood_equity(s),
                                       .currency = has_equity ? s->currency : CURRENCY_NONE,
                                       .recovery = w->recovery};
    return exposures_make(&out->exposures, &in, w->arena);
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
                     .party_count = facts->party_count};
    if (out == NULL || !work_begin(&w)) {
        return false;
    }
    note_links(&w);
    note_parties(&w);
    if (!group_make(&out->group, w.members, facts, w.pds, arena) || !note_directors(&w) ||
        !inherit(out, &w) || !measure_nearness(out, &w) || !measure_exposures(out, &w)) {
        return false;
    }
    sum_parties(out, &w);
    find_top_customer(out, &w);
    facts->neighbourhood = out;
    return true;
}

/* Log-odds with a PD raised from `pd` to `raised`. */
static double raise_log_odds(double log_odds, double pd, double raised)
{
    raised = raised < pd_most ? raised : pd_most;
    if (raised <= pd) {
        return log_odds;
    }
    double lifted = logit(raised);
    return lifted > log_odds ? lifted : log_odds;
}

/* As `neighbourhood_lifted`, where another brings it down with probability `inherited`. */
static double lift(double log_odds, double inherited, struct contagion_cap cap)
{
    double at = log_odds > log_odds_least ? log_odds : log_odds_least;
    double pd = logistic(at);
    double raised = contagion_capped(pd, pd + (1.0 - pd) * inherited, cap);
    return log_odds + (raise_log_odds(at, pd, raised) - at);
}

double neighbourhood_lifted(const struct neighbourhood *neighbourhood, double log_odds,
                            struct contagion_cap cap)
{
    bool is_lifted = neighbourhood != NULL && neighbourhood->inherited_pd.is_known;
    return is_lifted ? lift(log_odds, neighbourhood->inherited_pd.value, cap) : log_odds;
}

double neighbourhood_lifted_most(double log_odds, struct contagion_cap cap)
{
    return lift(log_odds, 1.0, cap);
}

bool neighbourhood_is_known(const struct neighbourhood *neighbourhood)
{
    return neighbourhood == NULL || neighbourhood->unknown_count == 0;
}

struct known neighbourhood_uplift(const struct neighbourhood *neighbourhood, double pd)
{
    struct known inherited = neighbourhood->inherited_pd;
    if (!inherited.is_known) {
        return (struct known){0.0, false};
    }
    double raised = contagion_capped(pd, pd + (1.0 - pd) * inherited.value, contagion_cap_usual);
    raised = raised < pd_most ? raised : pd_most;
    return (struct known){raised > pd ? logit(raised) - logit(pd) : 0.0, true};
}
