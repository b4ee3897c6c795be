/* test_explanation.c - each audience is told what it should be told, in every language, and no
 * more. */
#include "decide/explanation.h"
#include "decide/reason.h"
#include "feature/neighbourhood.h"
#include "trial.h"

#include "../expect.h"

#include <stdio.h>

enum kind {
    KIND_TITLE,
    KIND_SAY,
    KIND_FACTOR,
    KIND_THEME,
    KIND_PART,
    KIND_BLOCK,
    KIND_CHECK,
    KIND_LINK,
    KIND_PURPOSE,
    KIND_BASIS,
    KIND_COUNT
};

/* clang-format off */
static const struct row {
    enum kind kind;
    const char *name;
    const char *texts[LANGUAGE_COUNT];
} rows[] = {
#define SECTION(name, wire, en, es, fr) {KIND_TITLE, #name, {en, es, fr}},
#define SAY(name, en, es, fr) {KIND_SAY, #name, {en, es, fr}},
#include "decide/explanation.def"
#define FACTOR_NAME(name, figure, en, es, fr) {KIND_FACTOR, #name, {en, es, fr}},
#define THEME_NAME(name, en, es, fr) {KIND_THEME, #name, {en, es, fr}},
#define PART_NAME(wire, en, es, fr) {KIND_PART, wire, {en, es, fr}},
#define BLOCK_NAME(name, en, es, fr) {KIND_BLOCK, #name, {en, es, fr}},
#define CHECK_NAME(name, en, es, fr) {KIND_CHECK, #name, {en, es, fr}},
#define LINK_NAME(name, en, es, fr) {KIND_LINK, #name, {en, es, fr}},
#define PURPOSE_NAME(name, en, es, fr) {KIND_PURPOSE, #name, {en, es, fr}},
#define BASIS_NAME(name, en, es, fr) {KIND_BASIS, #name, {en, es, fr}},
#include "decide/names.def"
};
/* clang-format on */

/* ---- the tables ---- */

static void every_list_of_names_is_complete(void **state)
{
    static const size_t wants[KIND_COUNT] = {
        [KIND_FACTOR] = FEATURE_COUNT,        [KIND_THEME] = THEME_COUNT,
        [KIND_BLOCK] = BLOCK_COUNT,           [KIND_CHECK] = STATEMENT_CHECK_COUNT,
        [KIND_LINK] = LINK_TYPE_COUNT,        [KIND_PURPOSE] = PURPOSE_COUNT - 1,
        [KIND_BASIS] = LEGAL_BASIS_COUNT - 1,
    };
    size_t counts[KIND_COUNT] = {0};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        counts[rows[i].kind]++;
        for (size_t k = 0; k < i; k++) {
            assert_false(rows[i].kind == rows[k].kind && strcmp(rows[i].name, rows[k].name) == 0);
        }
    }
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        assert_true(wants[i] == 0 || counts[i] == wants[i]);
    }
}

static unsigned count_of(const char *text, struct str name)
{
    unsigned count = 0;
    struct str s = str_from(text);
    for (size_t at = str_find(s, 0, '{'); at < s.len; at = str_find(s, at + 1, '{')) {
        count += str_eq(str_slice(s, at, str_find(s, at, '}')), name) ? 1 : 0;
    }
    return count;
}

static void every_language_says_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (unsigned k = 0; k < LANGUAGE_COUNT; k++) {
            struct str text = str_from(rows[i].texts[k]);
            assert_true(text.len > 0);
            assert_true(str_is_utf8(text));
            for (size_t at = str_find(text, 0, '{'); at < text.len;
                 at = str_find(text, at + 1, '{')) {
                struct str name = str_slice(text, at, str_find(text, at, '}'));
                for (unsigned other = 0; other < LANGUAGE_COUNT; other++) {
                    if (count_of(rows[i].texts[other], name) != count_of(rows[i].texts[k], name)) {
                        fail_msg("%s: %.*s} is not in every language", rows[i].name,
                                 STR_ARGS(name));
                    }
                }
            }
        }
    }
}

/* French sets a no-break space before : ; ? ! and %, English and Spanish set none. */
static void high_signs_are_set_as_each_language_sets_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (unsigned k = 0; k < LANGUAGE_COUNT; k++) {
            const char *text = rows[i].texts[k];
            for (const char *at = strpbrk(text, ":;?!%"); at != NULL;
                 at = strpbrk(at + 1, ":;?!%")) {
                char before = at == text ? 'x' : at[-1];
                bool is_right = k == LANGUAGE_FR ? before == '~' : before != '~' && before != ' ';
                if (!is_right) {
                    fail_msg("%s: \"%s\"", rows[i].name, text);
                }
            }
        }
    }
}

static void names_can_begin_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (unsigned k = 0; k < LANGUAGE_COUNT && rows[i].kind >= KIND_FACTOR; k++) {
            char first = rows[i].texts[k][0];
            assert_true((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z'));
            assert_null(strpbrk(rows[i].texts[k], "{~"));
        }
    }
}

/* ---- telling ---- */

struct told {
    struct arena arena;
    struct explanation explanation;
    struct buf text;
};

static struct explained explained_of(struct trial *t, const struct decision_input *in)
{
    struct explained of = {
        .decision = trial_decide(t),
        .in = in,
        .body_sha256 = "0123",
        .id = STR("dec_00000000000000000000000000"),
        .created_on = {2026, 7, 1}
    };
    of.blocks[BLOCK_FINANCIAL] =
        t->facts.statement_count > 0 ? BLOCK_STATE_USED : BLOCK_STATE_MISSING;
    of.blocks[BLOCK_FIRMOGRAPHIC] = BLOCK_STATE_USED;
    return of;
}

static void tell_of(struct told *out, const struct explained *of, enum language language,
                    enum audience audience)
{
    struct error err = {{0}, {0}};
    arena_init(&out->arena, 4 * 1024 * 1024);
    buf_init(&out->text, 1024 * 1024);
    assert_int_equal(explanation_make(&out->explanation, of, language, audience, &out->arena, &err),
                     STATUS_OK);
    buf_append(&out->text, out->explanation.text);
    assert_false(buf_failed(&out->text));
    assert_true(str_is_utf8(buf_str(&out->text)));
    buf_append_byte(&out->text, '\0');
}

static void told_finish(struct told *told)
{
    arena_finish(&told->arena);
    buf_finish(&told->text);
}

static void expect_text(struct trial *t, enum language language, enum audience audience,
                        const char *words, bool is_there)
{
    struct told told;
    struct decision_input in = trial_input(t);
    struct explained of = explained_of(t, &in);
    tell_of(&told, &of, language, audience);
    if ((strstr(told.text.ptr, words) != NULL) != is_there) {
        fail_msg("\"%s\" %s in\n%s", words, is_there ? "is not" : "is", told.text.ptr);
    }
    told_finish(&told);
}

static const char *name_of_section(const struct explanation *e, uint32_t i)
{
    return i < e->section_count ? e->sections[i].name : "";
}

static bool has_section(const struct explanation *e, const char *name)
{
    for (uint32_t i = 0; i < e->section_count; i++) {
        if (strcmp(name_of_section(e, i), name) == 0) {
            return true;
        }
    }
    return false;
}

/* Every status, language and audience: no section is empty, no value is left unfilled. */
static void whatever_was_decided_can_be_told(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < 5; kind++) {
        struct trial t;
        trial_begin(&t);
        switch (kind) {
        case 1: trial_without_accounts(&t); break;
        case 2: trial_event(&t, LEGAL_LIQUIDATION_OPENED, (struct date){2026, 1, 1}); break;
        case 3: t.asked.amount.currency = CURRENCY_USD; break;
        case 4: trial_state(&t, ITEM_EQUITY, -200000); break;
        default: break;
        }
        struct decision_input in = trial_input(&t);
        struct explained of = explained_of(&t, &in);
        for (unsigned language = 0; language < LANGUAGE_COUNT; language++) {
            for (unsigned audience = 0; audience < AUDIENCE_COUNT; audience++) {
                struct told told;
                tell_of(&told, &of, (enum language)language, (enum audience)audience);
                assert_true(told.explanation.section_count >= 3);
                for (uint32_t i = 0; i < told.explanation.section_count; i++) {
                    assert_non_null(told.explanation.sections[i].first);
                }
                assert_null(strpbrk(told.text.ptr, "{}~"));
                told_finish(&told);
            }
        }
        trial_end(&t);
    }
}

static void the_same_decision_gives_the_same_text(void **state)
{
    struct trial t;
    struct told a, b;
    (void)state;
    trial_begin(&t);
    struct decision_input in = trial_input(&t);
    struct explained of = explained_of(&t, &in);
    tell_of(&a, &of, LANGUAGE_ES, AUDIENCE_ANALYST);
    tell_of(&b, &of, LANGUAGE_ES, AUDIENCE_ANALYST);
    assert_true(str_eq(buf_str(&a.text), buf_str(&b.text)));
    told_finish(&a);
    told_finish(&b);
    trial_end(&t);
}

static void analysts_are_told_every_figure_worst_first(void **state)
{
    struct trial t;
    struct told told;
    (void)state;
    trial_begin(&t);
    struct decision_input in = trial_input(&t);
    struct explained of = explained_of(&t, &in);
    tell_of(&told, &of, LANGUAGE_EN, AUDIENCE_ANALYST);
    assert_int_equal(told.explanation.factor_count, t.decision.score.factor_count);
    bool is_told[FACTORS_MAX] = {false};
    for (uint32_t i = 0; i < told.explanation.factor_count; i++) {
        uint32_t place = told.explanation.factors[i].place;
        assert_false(is_told[place]);
        is_told[place] = true;
        if (i > 0) {
            uint32_t before = told.explanation.factors[i - 1].place;
            assert_true(t.decision.score.factors[before].deci_points <=
                        t.decision.score.factors[place].deci_points);
        }
    }
    told_finish(&told);
    trial_end(&t);
}

static void a_missing_figure_is_said_to_be_missing(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    expect_text(&t, LANGUAGE_EN, AUDIENCE_ANALYST, "not available (", false);
    trial_forget(&t, ITEM_CASH);
    trial_forget(&t, ITEM_SECURITIES);
    trial_forget(&t, ITEM_INVENTORIES);
    trial_forget(&t, ITEM_TRADE_RECEIVABLES);
    expect_text(&t, LANGUAGE_EN, AUDIENCE_ANALYST,
                "; at its least favourable on the prudent bound.", true);
    trial_end(&t);
}

/* Thresholds, weights, capacities: what a lender keeps to itself. */
static void applicants_are_told_no_threshold_and_no_weight(void **state)
{
    static const char *const secrets[] = {"points",  "From ",    "would gain", "policy takes",
                                          "SHA-256", "capacity", "bound",      "log-odds"};
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.asked.amount = EUROS(5000000);
    for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
        bool is_procedure = strcmp(secrets[i], "points") == 0; /* "adds or takes away points" */
        if (!is_procedure) {
            expect_text(&t, LANGUAGE_EN, AUDIENCE_APPLICANT, secrets[i], false);
        }
    }
    expect_text(&t, LANGUAGE_EN, AUDIENCE_APPLICANT,
                "The amount requested is more than can be granted without a guarantee. [R040]",
                true);
    expect_text(&t, LANGUAGE_EN, AUDIENCE_ANALYST, "unsecured capacity", true);
    trial_end(&t);
}

static void applicants_are_told_at_most_four_reasons(void **state)
{
    struct trial t;
    struct told told;
    (void)state;
    trial_begin(&t);
    trial_state(&t, ITEM_EQUITY, -200000);
    trial_state(&t, ITEM_NET_INCOME, -200000);
    trial_state(&t, ITEM_EBIT, -200000);
    struct decision_input in = trial_input(&t);
    struct explained of = explained_of(&t, &in);
    tell_of(&told, &of, LANGUAGE_FR, AUDIENCE_APPLICANT);
    for (uint32_t i = 0; i < told.explanation.section_count; i++) {
        unsigned count = 0;
        if (strcmp(told.explanation.sections[i].name, "reasons") != 0) {
            continue;
        }
        for (const struct sentence *s = told.explanation.sections[i].first; s != NULL;
             s = s->next) {
            assert_non_null(s->code);
            count++;
        }
        assert_in_range(count, 1, ADVERSE_REASONS_MAX);
    }
    assert_true(has_section(&told.explanation, "reasons"));
    told_finish(&told);
    trial_end(&t);
}

static void natural_persons_are_told_their_score_and_their_rights(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    expect_text(&t, LANGUAGE_FR, AUDIENCE_APPLICANT, "RGPD", false);
    expect_text(&t, LANGUAGE_FR, AUDIENCE_APPLICANT, "Votre score", false);
    expect_text(&t, LANGUAGE_FR, AUDIENCE_REGULATOR, "C-634/21", false);
    t.facts.company.nature = LEGAL_NATURE_NATURAL_PERSON;
    expect_text(&t, LANGUAGE_FR, AUDIENCE_APPLICANT, "(RGPD, articles 15, 16 et 22)", true);
    expect_text(&t, LANGUAGE_ES, AUDIENCE_APPLICANT, "Su puntuación es de", true);
    expect_text(&t, LANGUAGE_EN, AUDIENCE_APPLICANT, "without human intervention", true);
    expect_text(&t, LANGUAGE_FR, AUDIENCE_REGULATOR, "C-634/21", true);
    expect_text(&t, LANGUAGE_FR, AUDIENCE_REGULATOR, "annexe III, point 5 b", true);
    trial_end(&t);
}

static void regulators_are_told_method_grounds_and_record(void **state)
{
    static const char *const wants[] = {"identity", "method",        "data",          "not_checked",
                                        "grounds",  "limits_of_use", "contributions", "record"};
    struct trial t;
    struct told told;
    (void)state;
    trial_begin(&t);
    struct decision_input in = trial_input(&t);
    struct explained of = explained_of(&t, &in);
    of.purpose = PURPOSE_CREDIT_REVIEW;
    of.legal_basis = LEGAL_BASIS_CONSENT;
    of.consent = STR("C-17");
    tell_of(&told, &of, LANGUAGE_EN, AUDIENCE_REGULATOR);
    for (size_t i = 0; i < ARRAY_LEN(wants); i++) {
        assert_true(has_section(&told.explanation, wants[i]));
    }
    assert_non_null(strstr(told.text.ptr, "Purpose: review of a credit."));
    assert_non_null(strstr(told.text.ptr, "Reference of the consent: C-17."));
    assert_non_null(strstr(told.text.ptr, "byte for byte as recorded (SHA-256 0123)"));
    told_finish(&told);
    of.id = STR("");
    tell_of(&told, &of, LANGUAGE_EN, AUDIENCE_REGULATOR);
    assert_non_null(strstr(told.text.ptr, "is not recorded (SHA-256 0123)"));
    told_finish(&told);
    trial_end(&t);
}

/* What the tenant sent is text, never a template. */
static void a_name_with_braces_stays_a_name(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.facts.company.name = STR("{pd} ~ {x");
    expect_text(&t, LANGUAGE_EN, AUDIENCE_APPLICANT, "{pd} ~ {x", true);
    trial_end(&t);
}

static void a_full_arena_is_told(void **state)
{
    struct trial t;
    struct arena arena;
    struct explanation explanation;
    struct error err = {{0}, {0}};
    (void)state;
    trial_begin(&t);
    struct decision_input in = trial_input(&t);
    struct explained of = explained_of(&t, &in);
    arena_init(&arena, 2048);
    assert_int_equal(
        explanation_make(&explanation, &of, LANGUAGE_EN, AUDIENCE_ANALYST, &arena, &err),
        STATUS_TOO_LARGE);
    arena_finish(&arena);
    trial_end(&t);
}

/* Points against the meaning of a figure are in the sum and in the list, and no reason. */
static void points_against_the_meaning_are_told_as_such(void **state)
{
    struct trial t;
    struct decision d;
    bool is_against[FACTORS_MAX];
    (void)state;
    trial_begin(&t);
    d = *trial_decide(&t);
    struct decision_input in = trial_input(&t);
    reasons_against_meaning(is_against, &d, &in);
    for (uint32_t i = 0; i < d.score.factor_count; i++) {
        assert_false(is_against[i]); /* a card that follows its directions */
    }
    /* Put a figure at its best and take points from it all the same. */
    uint32_t best = FACTORS_MAX;
    for (uint32_t i = 0; i < d.score.factor_count; i++) {
        if (d.score.factors[i].is_known && d.score.factors[i].shortfall_deci == 0) {
            best = i;
        }
    }
    assert_true(best < FACTORS_MAX);
    d.score.factors[best].deci_points = -80;
    d.score.factors[best].shortfall_deci = 80;
    reasons_against_meaning(is_against, &d, &in);
    assert_true(is_against[best]);
    struct told told;
    struct explained of = explained_of(&t, &in);
    of.decision = &d;
    tell_of(&told, &of, LANGUAGE_EN, AUDIENCE_ANALYST);
    assert_non_null(strstr(told.text.ptr, "(−8.0\xC2\xA0points). These points run against"));
    told_finish(&told);
    trial_end(&t);
}

/* ---- ties to other companies ---- */

enum { TIES_MAX = EXPLANATION_PATH_MAX + 1, ROW_TIES_MAX = 2 };

struct ties {
    struct link links[TIES_MAX];
    struct link_ends ends[TIES_MAX];
    uint32_t count;
};

static struct company_id id_of(const char *value)
{
    struct company_id id;
    assert_int_equal(company_id_read(&id, SCHEME_EXT, STR("FR"), str_from(value)), COMPANY_ID_OK);
    return id;
}

/* NULL is the company itself. */
static void tie(struct ties *ties, const struct trial *t, enum link_type type, const char *from,
                const char *to, int32_t share_ppm, int32_t pd_ppm)
{
    struct company_id own = t->facts.company.identifiers[0];
    assert_true(ties->count < TIES_MAX);
    ties->ends[ties->count] =
        (struct link_ends){from == NULL ? own : id_of(from), to == NULL ? own : id_of(to)};
    ties->links[ties->count++] =
        (struct link){.type = type, .share_ppm = share_ppm, .pd_ppm = pd_ppm};
}

/* Tell the analyst of a company with these ties. */
static void tell_ties(struct told *told, struct trial *t, struct ties *ties, struct arena *arena)
{
    t->facts.parties = links_number(ties->links, &t->facts.party_count, ties->ends, ties->count,
                                    &t->facts.company, arena);
    assert_non_null(t->facts.parties);
    t->facts.links = ties->links;
    t->facts.link_count = ties->count;
    t->facts.blocks_sent |= 1U << BLOCK_GRAPH;
    for (uint32_t i = 0; i < t->facts.statement_count; i++) {
        statement_derive(&t->statements[i]);
    }
    assert_true(neighbourhood_make(&t->facts, neighbourhood_recovery, arena));
    struct decision_input in = trial_input(t);
    struct explained of = explained_of(t, &in);
    tell_of(told, &of, LANGUAGE_EN, AUDIENCE_ANALYST);
}

static void expect_tie_for_analysts_alone(struct trial *t)
{
    struct decision_input in = trial_input(t);
    struct explained of = explained_of(t, &in);
    for (unsigned audience = 0; audience < AUDIENCE_COUNT; audience++) {
        struct told told;
        tell_of(&told, &of, LANGUAGE_EN, (enum audience)audience);
        assert_true((told.explanation.tie.relation != RELATION_NONE) ==
                    (audience == AUDIENCE_ANALYST));
        told_finish(&told);
    }
}

static void a_tie_is_told_with_the_way_it_comes_by(void **state)
{
    static const struct {
        struct {
            enum link_type type;
            const char *from, *to;
            int32_t share_ppm, pd_ppm;
        } ties[ROW_TIES_MAX];
        uint32_t count;
        const char *who, *way;
    } ways[] = {
        {{{LINK_OWNS, "top", "mid", 800000, 400000},
          {LINK_OWNS, "mid", NULL, 600000, LINK_UNSTATED}},
         2, "the parent company (EXT\xC2\xA0top",
         "EXT\xC2\xA0top has a share in EXT\xC2\xA0mid; EXT\xC2\xA0mid has a share in SIREN\xC2\xA0"
         "732829320."                                                                             },
        {{{LINK_SUPPLIES, NULL, "buyer", LINK_UNSTATED, 500000}},
         1, "the customer or debtor (EXT\xC2\xA0"
         "buyer",                                           "SIREN\xC2\xA0"
         "732829320 supplies EXT\xC2\xA0"
         "buyer."                                                     },
        {{{LINK_DIRECTOR_OF, "she", NULL, LINK_UNSTATED, LINK_UNSTATED},
          {LINK_DIRECTOR_OF, "she", "other", LINK_UNSTATED, 700000}},
         2, "the company with a director in common (EXT\xC2\xA0other",
         "EXT\xC2\xA0she is a director of EXT\xC2\xA0other; EXT\xC2\xA0she is a director of SIREN"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        struct trial t;
        struct ties ties = {0};
        struct told told;
        struct arena arena;
        arena_init(&arena, 1024 * 1024);
        trial_begin(&t);
        for (uint32_t k = 0; k < ways[i].count; k++) {
            tie(&ties, &t, ways[i].ties[k].type, ways[i].ties[k].from, ways[i].ties[k].to,
                ways[i].ties[k].share_ppm, ways[i].ties[k].pd_ppm);
        }
        tell_ties(&told, &t, &ties, &arena);
        if (strstr(told.text.ptr, ways[i].who) == NULL ||
            strstr(told.text.ptr, ways[i].way) == NULL) {
            fail_msg("\"%s\" or \"%s\" is not in\n%s", ways[i].who, ways[i].way, told.text.ptr);
        }
        told_finish(&told);
        expect_tie_for_analysts_alone(&t);
        trial_end(&t);
        arena_finish(&arena);
    }
}

/* Who owns whom in a circle is walked once. */
static void a_circle_of_holdings_ends(void **state)
{
    struct trial t;
    struct ties ties = {0};
    struct told told;
    struct arena arena;
    (void)state;
    arena_init(&arena, 1024 * 1024);
    trial_begin(&t);
    tie(&ties, &t, LINK_OWNS, "a", "b", 600000, 300000);
    tie(&ties, &t, LINK_OWNS, "b", "a", 600000, LINK_UNSTATED);
    tie(&ties, &t, LINK_OWNS, "a", NULL, 600000, LINK_UNSTATED);
    tell_ties(&told, &t, &ties, &arena);
    assert_non_null(strstr(told.text.ptr, "the parent company (EXT\xC2\xA0"
                                          "a"));
    told_finish(&told);
    trial_end(&t);
    arena_finish(&arena);
}

/* A chain of holdings down to the company: told whole up to the limit, then its end. */
static void a_long_way_is_cut(void **state)
{
    (void)state;
    for (uint32_t length = EXPLANATION_PATH_MAX; length <= EXPLANATION_PATH_MAX + 1; length++) {
        struct trial t;
        struct ties ties = {0};
        struct told told;
        struct arena arena;
        arena_init(&arena, 1024 * 1024);
        trial_begin(&t);
        for (uint32_t i = length; i > 0; i--) {
            char from[8], to[8];
            (void)snprintf(from, sizeof from, "c%02u", i);
            (void)snprintf(to, sizeof to, "c%02u", i - 1);
            tie(&ties, &t, LINK_OWNS, from, i == 1 ? NULL : to, 900000,
                i == length ? 400000 : LINK_UNSTATED);
        }
        tell_ties(&told, &t, &ties, &arena);
        const struct explained_tie *found = &told.explanation.tie;
        assert_int_equal(found->relation, RELATION_PARENT);
        assert_int_equal(found->path_count, EXPLANATION_PATH_MAX);
        assert_int_equal(t.facts.links[found->path[found->path_count - 1]].to, 0);
        told_finish(&told);
        trial_end(&t);
        arena_finish(&arena);
    }
}

static void many_sources_are_cut(void **state)
{
    (void)state;
    for (uint32_t count = EXPLANATION_SOURCES_MAX; count <= EXPLANATION_SOURCES_MAX + 1; count++) {
        struct trial t;
        struct legal_event events[EXPLANATION_SOURCES_MAX + 2] = {0};
        char names[EXPLANATION_SOURCES_MAX + 2][8];
        trial_begin(&t);
        for (uint32_t i = 0; i <= count; i++) {
            (void)snprintf(names[i], sizeof names[i], "s%u", i == count ? 0 : i); /* one twice */
            events[i] = (struct legal_event){
                .type = LEGAL_DIRECTOR_CHANGED, .date = {2026, 1, 1},
                     .source = str_from(names[i])
            };
        }
        t.facts.legal_events = events;
        t.facts.legal_event_count = count + 1;
        expect_text(&t, LANGUAGE_EN, AUDIENCE_REGULATOR, "; s7.", count == EXPLANATION_SOURCES_MAX);
        expect_text(&t, LANGUAGE_EN, AUDIENCE_REGULATOR, "; s7; others.",
                    count > EXPLANATION_SOURCES_MAX);
        trial_end(&t);
    }
}

static void the_way_to_the_bound_is_told_to_analysts(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    expect_text(&t, LANGUAGE_EN, AUDIENCE_ANALYST, "From the score to the prudent bound", true);
    expect_text(&t, LANGUAGE_FR, AUDIENCE_APPLICANT, "borne prudente", false);
    expect_text(&t, LANGUAGE_ES, AUDIENCE_APPLICANT, "prudente", false);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_list_of_names_is_complete),
        cmocka_unit_test(every_language_says_the_same),
        cmocka_unit_test(high_signs_are_set_as_each_language_sets_them),
        cmocka_unit_test(names_can_begin_a_sentence),
        cmocka_unit_test(whatever_was_decided_can_be_told),
        cmocka_unit_test(the_same_decision_gives_the_same_text),
        cmocka_unit_test(analysts_are_told_every_figure_worst_first),
        cmocka_unit_test(a_missing_figure_is_said_to_be_missing),
        cmocka_unit_test(applicants_are_told_no_threshold_and_no_weight),
        cmocka_unit_test(applicants_are_told_at_most_four_reasons),
        cmocka_unit_test(natural_persons_are_told_their_score_and_their_rights),
        cmocka_unit_test(regulators_are_told_method_grounds_and_record),
        cmocka_unit_test(a_name_with_braces_stays_a_name),
        cmocka_unit_test(a_full_arena_is_told),
        cmocka_unit_test(points_against_the_meaning_are_told_as_such),
        cmocka_unit_test(a_tie_is_told_with_the_way_it_comes_by),
        cmocka_unit_test(a_circle_of_holdings_ends),
        cmocka_unit_test(a_long_way_is_cut),
        cmocka_unit_test(many_sources_are_cut),
        cmocka_unit_test(the_way_to_the_bound_is_told_to_analysts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
