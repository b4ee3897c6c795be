/* group.c - integrated ownership, control by majorities, and the paths of it. */
#include "feature/group.h"

#include "graph/ownership.h"

const double distressed_pd = 0.20;

static const double insolvent_pd = 1.0;
static const double million = 1e6;

/* Chains of holdings end soon, and rings fade fast, unless somebody means to keep us busy. */
enum { SELF = 0, GROUP_ROUNDS = 200 };

struct holdings {
    struct network stated; /* shares alone */
    struct network votes;  /* and who controls */
};

struct work {
    const struct facts *facts;
    const struct known *pds;
    struct group_member *members;
    struct holdings holdings;
    struct ownership_scratch scratch;
    bool *is_controlled; /* by the holder looked at last */
    struct arena *arena;
};

static bool is_holding(const struct link *link)
{
    return (link->type == LINK_OWNS || link->type == LINK_CONTROLS) && link_ties(link);
}

static bool is_of_stated_size(const struct link *link)
{
    return link->type == LINK_OWNS && link->share_ppm != LINK_UNSTATED;
}

static bool holdings_make(struct work *w)
{
    const struct facts *facts = w->facts;
    struct edge *edges = arena_array(w->arena, struct edge, (size_t)facts->link_count + 1);
    size_t count = 0;
    if (edges == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < facts->link_count; i++) {
        const struct link *link = &facts->links[i];
        if (is_holding(link) && is_of_stated_size(link)) {
            edges[count++] = (struct edge){link->from, link->to, link->share_ppm / million};
        }
    }
    (void)ownership_normalise(edges, count, facts->party_count, w->arena);
    if (!network_build(&w->holdings.stated, facts->party_count, edges, count, w->arena)) {
        return false;
    }
    for (uint32_t i = 0; i < facts->link_count; i++) {
        const struct link *link = &facts->links[i];
        if (is_holding(link) && !is_of_stated_size(link)) {
            edges[count++] = (struct edge){link->from, link->to, 1.0};
        }
    }
    return network_build(&w->holdings.votes, facts->party_count, edges, count, w->arena);
}

static void look_at(struct work *w, uint32_t holder)
{
    ownership_control(w->is_controlled, &w->scratch, &w->holdings.votes, holder);
}

static void note_members(struct work *w)
{
    const struct network *votes = &w->holdings.votes;
    for (uint32_t e = 0; e < votes->edge_count; e++) {
        w->members[votes->edges[e].to].is_held = true;
    }
    for (uint32_t i = 0; i < votes->node_count; i++) {
        if (votes->first[i] == votes->first[i + 1]) {
            continue;
        }
        look_at(w, i);
        bool is_parent = i != SELF && w->is_controlled[SELF];
        w->members[i].is_parent = is_parent;
        for (uint32_t k = 0; k < votes->node_count && (is_parent || i == SELF); k++) {
            w->members[k].is_of_group |= w->is_controlled[k] || k == i;
            w->members[k].has_master |= is_parent && w->is_controlled[k];
        }
    }
}

/* ---- paths ---- */

/* A step up from each party towards `holder`, by breadth from the company; false: no memory. */
static bool steps_find(uint32_t *below, const struct work *w, uint32_t holder)
{
    struct network up;
    uint32_t count = w->holdings.votes.node_count, reached = 0;
    uint32_t *queue = arena_array(w->arena, uint32_t, (size_t)count + 1);
    if (queue == NULL || !network_reverse(&up, &w->holdings.votes, w->arena)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        below[i] = count;
    }
    below[SELF] = SELF;
    queue[reached++] = SELF;
    for (uint32_t at = 0; at < reached; at++) {
        uint32_t i = queue[at];
        for (uint32_t e = up.first[i]; e < up.first[i + 1]; e++) {
            uint32_t above = up.edges[e].to;
            if (below[above] == count && (above == holder || w->is_controlled[above])) {
                below[above] = i;
                queue[reached++] = above;
            }
        }
    }
    return true;
}

/* Requires: `holder` controls the company. */
static bool path_find(struct group_path *out, struct work *w, uint32_t holder)
{
    uint32_t *below = arena_array(w->arena, uint32_t, (size_t)w->facts->party_count + 1);
    if (below == NULL) {
        return false;
    }
    look_at(w, holder);
    if (!steps_find(below, w, holder)) {
        return false;
    }
    CHECK(below[holder] < w->facts->party_count);
    uint32_t len = 1;
    for (uint32_t i = holder; i != SELF; i = below[i]) {
        len++;
    }
    uint32_t skipped = len > GROUP_PATH_MAX ? len - GROUP_PATH_MAX : 0;
    uint32_t i = holder;
    out->parties[out->count++] = holder;
    while (i != SELF) {
        i = below[i];
        if (skipped > 0) {
            skipped--;
        } else {
            out->parties[out->count++] = i;
        }
    }
    return true;
}

/* ---- what is told ---- */

static bool find_control(struct group *out, struct work *w)
{
    uint32_t count = w->facts->party_count, first = count, ultimate = count;
    for (uint32_t i = 1; i < count; i++) {
        bool is_parent = w->members[i].is_parent;
        first = is_parent && first == count ? i : first;
        ultimate = is_parent && !w->members[i].has_master && ultimate == count ? i : ultimate;
    }
    uint32_t holder = ultimate < count ? ultimate : first; /* of a ring, whoever is first */
    return holder == count || path_find(&out->control, w, holder);
}

static bool find_connected(struct group *out, struct work *w)
{
    uint32_t count = w->facts->party_count, worst = count;
    for (uint32_t i = 1; i < count; i++) {
        const struct known *pd = &w->pds[i];
        bool is_distressed = w->members[i].is_parent && pd->is_known && pd->value >= distressed_pd;
        if (is_distressed && (worst == count || pd->value > w->pds[worst].value)) {
            worst = i;
        }
    }
    if (worst == count) {
        return true;
    }
    out->connection =
        w->pds[worst].value >= insolvent_pd ? CONNECTION_INSOLVENT : CONNECTION_DISTRESSED;
    return path_find(&out->connected, w, worst);
}

/* In their place by share; the smallest falls out when there are too many. */
static void owner_add(struct group *out, struct group_owner owner)
{
    uint32_t at = out->owner_count;
    while (at > 0 && out->owners[at - 1].share_ppm < owner.share_ppm) {
        at--;
    }
    if (at == GROUP_OWNERS_MAX) {
        return;
    }
    uint32_t last = out->owner_count < GROUP_OWNERS_MAX ? out->owner_count++ : GROUP_OWNERS_MAX - 1;
    for (uint32_t i = last; i > at; i--) {
        out->owners[i] = out->owners[i - 1];
    }
    out->owners[at] = owner;
}

static bool find_owners(struct group *out, struct work *w)
{
    uint32_t count = w->facts->party_count;
    double *shares = arena_array(w->arena, double, (size_t)count + 1);
    if (shares == NULL) {
        return false;
    }
    enum ownership_result result =
        ownership_integrated(shares, &w->holdings.stated, SELF, GROUP_ROUNDS, w->arena);
    for (uint32_t i = 1; i < count; i++) {
        const struct group_member *m = &w->members[i];
        bool is_known = result == OWNERSHIP_OK && shares[i] > 0.0;
        bool is_beneficial = is_known && !m->is_held && shares[i] >= ownership_beneficial;
        bool is_controller = m->is_parent && !m->has_master;
        if (is_beneficial || is_controller) {
            double ppm = is_known ? shares[i] * million + 0.5 : 0.0;
            owner_add(out, (struct group_owner){i, (uint32_t)(ppm < million ? ppm : million),
                                                is_known, is_controller});
        }
    }
    return result != OWNERSHIP_NO_MEMORY;
}

bool group_make(struct group *out, struct group_member *members, const struct facts *facts,
                const struct known *pds, struct arena *arena)
{
    struct work w = {.facts = facts,
                     .pds = pds,
                     .members = members,
                     .is_controlled = arena_array(arena, bool, (size_t)facts->party_count + 1),
                     .arena = arena};
    if (w.is_controlled == NULL || !holdings_make(&w) ||
        !ownership_scratch_make(&w.scratch, facts->party_count, arena)) {
        return false;
    }
    if (w.holdings.votes.edge_count == 0) {
        return true;
    }
    note_members(&w);
    for (uint32_t i = 1; i < facts->party_count; i++) {
        out->is_in_group |= members[i].is_of_group;
    }
    return find_owners(out, &w) && find_control(out, &w) && find_connected(out, &w);
}
