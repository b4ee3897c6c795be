/* explanation_links.c - the tie to another company that weighs most, and the way it comes by.
 *
 * For those who decide: it names another company and its figures. */
#include "decide/explanation_maker.h"
#include "feature/neighbourhood.h"

enum { SELF = 0 };

static bool is_holding(const struct link *link)
{
    return link_ties(link) && (link->type == LINK_OWNS || link->type == LINK_CONTROLS);
}

/* How a party was reached in a walk along holdings. */
struct step {
    bool is_reached;
    uint32_t link; /* the last one of the way */
    uint32_t before;
};

/* Walk the holdings from one party, nearest first, until the other is reached. */
static bool walk(struct step *steps, uint32_t *queue, const struct facts *facts, uint32_t from,
                 uint32_t to)
{
    uint32_t count = 0;
    queue[count++] = from;
    steps[from].is_reached = true;
    for (uint32_t next = 0; next < count && !steps[to].is_reached; next++) {
        for (uint32_t i = 0; i < facts->link_count; i++) {
            const struct link *link = &facts->links[i];
            if (is_holding(link) && link->from == queue[next] && !steps[link->to].is_reached) {
                steps[link->to] = (struct step){true, i, queue[next]};
                queue[count++] = link->to;
            }
        }
    }
    return steps[to].is_reached;
}

/* Of a way longer than can be told, the links next to the company: they are the last of one that
 * leads to it, and the first of one that leads from it. */
static void set_holdings(struct maker *m, uint32_t from, uint32_t to)
{
    const struct facts *facts = m->of->in->facts;
    struct step *steps = arena_array(m->arena, struct step, facts->party_count);
    uint32_t *queue = arena_array(m->arena, uint32_t, facts->party_count);
    uint32_t *path = arena_array(m->arena, uint32_t, facts->party_count);
    uint32_t count = 0;
    if (steps == NULL || queue == NULL || path == NULL) {
        m->is_full = true;
        return;
    }
    if (!walk(steps, queue, facts, from, to)) {
        return; /* control without one chain of holdings: several hold together */
    }
    for (uint32_t at = to; at != from; at = steps[at].before) {
        count++;
    }
    uint32_t next = count;
    for (uint32_t at = to; at != from; at = steps[at].before) {
        path[--next] = steps[at].link;
    }
    uint32_t told = count < EXPLANATION_PATH_MAX ? count : EXPLANATION_PATH_MAX;
    m->out->tie.path = to == SELF ? path + (count - told) : path;
    m->out->tie.path_count = told;
}

static void set_direct(struct maker *m, uint32_t party)
{
    const struct facts *facts = m->of->in->facts;
    uint32_t *path = arena_array(m->arena, uint32_t, EXPLANATION_PATH_MAX);
    uint32_t count = 0;
    if (path == NULL) {
        m->is_full = true;
        return;
    }
    for (uint32_t i = 0; i < facts->link_count && count < EXPLANATION_PATH_MAX; i++) {
        const struct link *link = &facts->links[i];
        bool is_between =
            (link->from == SELF && link->to == party) || (link->to == SELF && link->from == party);
        if (link_ties(link) && is_between && !is_holding(link) && link->type != LINK_DIRECTOR_OF) {
            path[count++] = i;
        }
    }
    m->out->tie.path = path;
    m->out->tie.path_count = count;
}

static uint32_t seat_of(const struct facts *facts, uint32_t person, uint32_t company)
{
    uint32_t i = 0;
    while (i < facts->link_count &&
           !(link_ties(&facts->links[i]) && facts->links[i].type == LINK_DIRECTOR_OF &&
             facts->links[i].from == person && facts->links[i].to == company)) {
        i++;
    }
    return i;
}

/* The first person on both boards, and the two seats. */
static void set_seats(struct maker *m, uint32_t party)
{
    const struct facts *facts = m->of->in->facts;
    uint32_t *path = arena_array(m->arena, uint32_t, 2);
    if (path == NULL) {
        m->is_full = true;
        return;
    }
    for (uint32_t i = 0; i < facts->link_count && m->out->tie.path_count == 0; i++) {
        const struct link *link = &facts->links[i];
        uint32_t other = link_ties(link) && link->type == LINK_DIRECTOR_OF && link->to == party
                             ? seat_of(facts, link->from, SELF)
                             : facts->link_count;
        if (other < facts->link_count) {
            path[0] = i;
            path[1] = other;
            m->out->tie.path_count = 2;
        }
    }
    m->out->tie.path = path;
}

void find_tie(struct maker *m)
{
    const struct score *score = &m->of->decision->score;
    const struct factor *f =
        score->factor_count == 0 ? NULL : &score->factors[score->factor_count - 1];
    if (m->out->audience != AUDIENCE_ANALYST || f == NULL || f->family != FAMILY_GRAPH) {
        return;
    }
    struct explained_tie *tie = &m->out->tie;
    tie->relation = score->strongest;
    tie->party = m->of->in->facts->parties[f->input].id;
    tie->pd_ppm = (uint32_t)f->value_micro;
    switch (score->strongest) {
    case RELATION_PARENT: set_holdings(m, f->input, SELF); break;
    case RELATION_SUBSIDIARY: set_holdings(m, SELF, f->input); break;
    case RELATION_TRADE: set_direct(m, f->input); break;
    case RELATION_DIRECTOR: set_seats(m, f->input); break;
    case RELATION_NONE: break;
    }
}

/* ---- telling ---- */

static struct str party_told(struct maker *m, const struct company_id *id)
{
    words_identifier(&m->scratch, id);
    return scratch_take(m);
}

static struct str link_told(struct maker *m, uint32_t place)
{
    const struct facts *facts = m->of->in->facts;
    const struct link *link = &facts->links[place];
    struct str from = party_told(m, facts->parties[link->from].id);
    struct str to = party_told(m, facts->parties[link->to].id);
    return TOLD_WITH(m, SAY_LINK, {"from", from}, {"to", to},
                     {"link", name_of_link(m, link->type)});
}

struct str name_of_tie(const struct maker *m)
{
    static const enum say relations[] = {
        [RELATION_PARENT] = SAY_RELATION_PARENT,
        [RELATION_SUBSIDIARY] = SAY_RELATION_SUBSIDIARY,
        [RELATION_TRADE] = SAY_RELATION_TRADE,
        [RELATION_DIRECTOR] = SAY_RELATION_DIRECTOR,
    };
    enum relation relation = m->of->decision->score.strongest;
    CHECK(relation != RELATION_NONE);
    return said(m, relations[relation]);
}

static void tell_tie(struct maker *m, const struct factor *f)
{
    const struct explained_tie *tie = &m->out->tie;
    if (tie->relation == RELATION_NONE || tie->party == NULL) {
        return;
    }
    SAY_WITH(m, SAY_TIE, {"relation", name_of_tie(m)}, {"party", party_told(m, tie->party)},
             {"value", value_probability(m, tie->pd_ppm)},
             {"points", value_points(m, f->deci_points, true)});
    for (uint32_t i = 0; i < tie->path_count; i++) {
        list_add(m, link_told(m, tie->path[i]));
    }
    if (m->list.len > 0) {
        SAY_WITH(m, SAY_TIE_PATH, {"list", list_take(m)});
    }
}

void tell_links(struct maker *m)
{
    const struct neighbourhood *n = m->of->in->facts->neighbourhood;
    const struct score *score = &m->of->decision->score;
    if (n == NULL || !has_score(m)) {
        return;
    }
    section_open(m, SECTION_LINKS);
    SAY_WITH(m, SAY_LINKS_COUNTED, {"count", value_number(m, n->relation_count, 0)},
             {"unknown", value_number(m, n->unknown_count, 0)});
    if (score->factor_count > 0) {
        tell_tie(m, &score->factors[score->factor_count - 1]);
    }
}
