/* explanation_data.c - what was sent, what came of it, and what nobody looked at. */
#include "decide/explanation_maker.h"

/* One step of the way to the bound, unless it is none. */
static void tell_cost(struct maker *m, struct str name, int32_t deci_points)
{
    if (deci_points != 0) {
        SAY_WITH(m, SAY_PART, {"name", name}, {"value", value_points(m, deci_points, true)});
    }
}

static void tell_bound(struct maker *m)
{
    const struct bound_cost *bound = &m->out->bound;
    if (!m->out->has_bound) {
        return;
    }
    SAY_WITH(m, SAY_BOUND, {"value", value_points(m, bound->total, true)},
             {"bound", value_probability(m, m->of->decision->score.pd_ppm_bound)});
    for (unsigned i = 0; i < BLOCK_COUNT; i++) {
        struct str name = name_of_block(m, (enum block)i);
        tell_cost(m, TOLD_WITH(m, SAY_BOUND_BLOCK, {"name", name}), bound->blocks[i]);
    }
    tell_cost(m, said(m, SAY_BOUND_PLACE), bound->place);
    tell_cost(m, said(m, SAY_BOUND_UNCERTAINTY), bound->uncertainty);
}

void tell_blocks(struct maker *m)
{
    static const enum say says[] = {
        [BLOCK_STATE_MISSING] = SAY_BLOCK_MISSING,
        [BLOCK_STATE_NOT_USABLE] = SAY_BLOCK_NOT_USABLE,
        [BLOCK_STATE_NOT_USED] = SAY_BLOCK_NOT_USED,
        [BLOCK_STATE_USED] = SAY_BLOCK_USED,
    };
    section_open(m, SECTION_BLOCKS);
    for (unsigned i = 0; i < BLOCK_COUNT; i++) {
        SAY_WITH(m, says[m->of->blocks[i]], {"name", name_of_block(m, (enum block)i)});
    }
    tell_bound(m);
}

void tell_checks(struct maker *m)
{
    const struct statement *s = m->of->decision->score.features.statement;
    bool is_checked = false;
    if (s == NULL) {
        return;
    }
    section_open(m, SECTION_CHECKS);
    for (unsigned i = 0; i < STATEMENT_CHECK_COUNT; i++) {
        struct check_result result = statement_check(s, (enum statement_check)i);
        if (!result.is_checkable) {
            continue;
        }
        is_checked = true;
        struct str name = name_of_check(m, (enum statement_check)i);
        if (result.is_ok) {
            SAY_WITH(m, SAY_CHECK_HOLDS, {"name", name});
        } else {
            int64_t gap = result.gap_minor < 0 ? -result.gap_minor : result.gap_minor;
            SAY_WITH(m, SAY_CHECK_FAILS, {"name", name},
                     {"value", value_money(m, (struct money){gap, s->currency})});
        }
    }
    if (!is_checked) {
        say_plain(m, SAY_CHECK_NONE);
    }
}

/* ---- data ---- */

/* The blocks in one state, or of one of two. */
static void tell_blocks_in(struct maker *m, enum say what, enum block_state a, enum block_state b)
{
    for (unsigned i = 0; i < BLOCK_COUNT; i++) {
        if (m->of->blocks[i] == a || m->of->blocks[i] == b) {
            list_add(m, name_of_block(m, (enum block)i));
        }
    }
    if (m->list.len > 0) {
        SAY_WITH(m, what, {"list", list_take(m)});
    }
}

static bool is_named_before(const struct facts *facts, uint32_t place)
{
    for (uint32_t i = 0; i < place; i++) {
        if (str_eq(facts->legal_events[i].source, facts->legal_events[place].source)) {
            return true;
        }
    }
    return facts->legal_events[place].source.len == 0;
}

static void tell_sources(struct maker *m)
{
    const struct facts *facts = m->of->in->facts;
    uint32_t told = 0;
    for (uint32_t i = 0; i < facts->legal_event_count && told <= EXPLANATION_SOURCES_MAX; i++) {
        if (!is_named_before(facts, i)) {
            bool is_told = told < EXPLANATION_SOURCES_MAX;
            list_add(m, is_told ? facts->legal_events[i].source : said(m, SAY_OTHERS));
            told++;
        }
    }
    if (m->list.len > 0) {
        SAY_WITH(m, SAY_DATA_SOURCES, {"list", list_take(m)});
    }
}

void tell_data(struct maker *m)
{
    const struct facts *facts = m->of->in->facts;
    section_open(m, SECTION_DATA);
    tell_blocks_in(m, SAY_DATA_USED, BLOCK_STATE_USED, BLOCK_STATE_USED);
    if (m->of->decision->score.features.statement != NULL) {
        say_plain(m, SAY_DATA_ACCOUNTS);
    }
    tell_blocks_in(m, SAY_DATA_NOT_USED, BLOCK_STATE_NOT_USED, BLOCK_STATE_NOT_USABLE);
    tell_blocks_in(m, SAY_DATA_MISSING, BLOCK_STATE_MISSING, BLOCK_STATE_MISSING);
    if (m->out->audience == AUDIENCE_APPLICANT) {
        if (facts->link_count > 0) {
            say_plain(m, SAY_DATA_OF_OTHERS);
        }
        return;
    }
    SAY_WITH(m, SAY_DATA_AS_OF, {"value", value_date(m, facts->as_of)});
    tell_sources(m);
}

void tell_not_checked(struct maker *m)
{
    section_open(m, SECTION_NOT_CHECKED);
    words_not_checked(&m->scratch, m->of->decision, m->of->in, m->out->language);
    say_scratch(m, NULL);
}
