/* explanation.c - which sections each audience is told, and the short ones among them. */
#include "decide/explanation.h"

#include "decide/explanation_maker.h"
#include "decide/reason.h"
#include "decide/words_format.h"

enum { SCRATCH_MAX = 64 * 1024 };

/* clang-format off */
static const struct {
    const char *wire;
    const char *titles[LANGUAGE_COUNT];
} section_infos[SECTION_COUNT] = {
#define SECTION(name, wire, en, es, fr) [SECTION_##name] = {wire, {en, es, fr}},
#define SAY(name, en, es, fr)
#include "decide/explanation.def"
#undef SECTION
#undef SAY
};

static const char *const says[SAY_COUNT][LANGUAGE_COUNT] = {
#define SECTION(name, wire, en, es, fr)
#define SAY(name, en, es, fr) [SAY_##name] = {en, es, fr},
#include "decide/explanation.def"
#undef SECTION
#undef SAY
};
/* clang-format on */

/* ---- saying ---- */

void section_open(struct maker *m, enum section section)
{
    CHECK(m->out->section_count < EXPLANATION_SECTIONS_MAX);
    struct explanation_section *s = &m->out->sections[m->out->section_count++];
    s->name = section_infos[section].wire;
    s->title = section_infos[section].titles[m->out->language];
    m->end = &s->first;
}

/* Names and phrases begin with an ASCII letter in every language. */
static void capitalise(struct buf *text)
{
    if (text->len > 0 && text->ptr[0] >= 'a' && text->ptr[0] <= 'z') {
        text->ptr[0] = (char)(text->ptr[0] - 'a' + 'A');
    }
}

struct str scratch_take(struct maker *m)
{
    struct str taken = arena_copy(m->arena, buf_str(&m->scratch));
    m->is_full |= taken.ptr == NULL || buf_failed(&m->scratch);
    buf_clear(&m->scratch);
    return taken.ptr == NULL ? STR("") : taken;
}

void say_scratch(struct maker *m, const char *code)
{
    struct sentence *sentence = arena_new(m->arena, struct sentence);
    if (sentence == NULL) {
        m->is_full = true;
        buf_clear(&m->scratch);
        return;
    }
    if (!buf_failed(&m->scratch)) {
        capitalise(&m->scratch);
    }
    sentence->text = scratch_take(m);
    sentence->code = code;
    *m->end = sentence;
    m->end = &sentence->next;
}

static struct teller teller_of(struct maker *m)
{
    return (struct teller){.out = &m->scratch,
                           .decision = m->of->decision,
                           .in = m->of->in,
                           .language = m->out->language};
}

static void fill(struct maker *m, enum say what, const struct filling *fillings)
{
    struct teller t = teller_of(m);
    t.fillings = fillings;
    while (fillings[t.filling_count].name != NULL) {
        t.filling_count++;
    }
    words_fill(&t, says[what][m->out->language]);
}

void say_filled(struct maker *m, enum say what, const struct filling *fillings)
{
    fill(m, what, fillings);
    say_scratch(m, NULL);
}

static const struct filling none[] = {{.name = NULL}};

void say_plain(struct maker *m, enum say what)
{
    say_filled(m, what, none);
}

struct str told_plain(struct maker *m, enum say what)
{
    return told_filled(m, what, none);
}

struct str told_filled(struct maker *m, enum say what, const struct filling *fillings)
{
    fill(m, what, fillings);
    return scratch_take(m);
}

void list_add(struct maker *m, struct str element)
{
    if (m->list.len > 0) {
        buf_append_text(&m->list, m->out->language == LANGUAGE_FR ? NO_BREAK_SPACE "; " : "; ");
    }
    buf_append(&m->list, element);
}

struct str list_take(struct maker *m)
{
    buf_append(&m->scratch, buf_str(&m->list));
    m->is_full |= buf_failed(&m->list);
    buf_clear(&m->list);
    return scratch_take(m);
}

struct str said(const struct maker *m, enum say what)
{
    return str_from(says[what][m->out->language]);
}

/* ---- the short sections ---- */

static void tell_decision(struct maker *m)
{
    section_open(m, SECTION_DECISION);
    words_justification(&m->scratch, m->of->decision, m->of->in, m->out->language,
                        m->out->audience);
    say_scratch(m, NULL);
}

static void tell_decision_to_applicant(struct maker *m)
{
    section_open(m, SECTION_DECISION);
    words_answer(&m->scratch, m->of->decision, m->of->in, m->out->language);
    say_scratch(m, NULL);
}

static void tell_reasons(struct maker *m, enum section section, const struct stated_reason *list,
                         uint32_t count)
{
    if (count == 0) {
        return;
    }
    section_open(m, section);
    for (uint32_t i = 0; i < count; i++) {
        words_reason(&m->scratch, m->of->decision, &list[i], m->out->language, m->out->audience);
        say_scratch(m, stated_reason_code(m->of->decision, &list[i]));
    }
}

static void tell_both_reasons(struct maker *m)
{
    const struct decision *d = m->of->decision;
    tell_reasons(m, SECTION_REASONS, d->adverse, d->adverse_count);
    tell_reasons(m, SECTION_STRENGTHS, d->favourable, d->favourable_count);
}

static void tell_score_to_person(struct maker *m)
{
    if (has_score(m) && is_natural_person(m)) {
        section_open(m, SECTION_SCORE);
        say_plain(m, SAY_SCORE_OF_PERSON);
    }
}

static void tell_rights(struct maker *m)
{
    section_open(m, SECTION_RIGHTS);
    if (is_natural_person(m)) {
        say_plain(m, SAY_RIGHTS_PERSON);
        say_plain(m, SAY_RIGHTS_COMPLAINT);
    } else {
        say_plain(m, SAY_RIGHTS_COMPANY);
    }
    say_plain(m, SAY_RIGHTS_TO_WHOM);
    struct str reference = m->of->reference.len > 0 ? m->of->reference : m->of->id;
    if (reference.len > 0) {
        SAY_WITH(m, SAY_RIGHTS_REFERENCE, {"value", reference});
    }
}

static void tell_grounds(struct maker *m)
{
    const struct explained *of = m->of;
    section_open(m, SECTION_GROUNDS);
    if (of->purpose != PURPOSE_NONE) {
        SAY_WITH(m, SAY_GROUNDS_PURPOSE, {"value", name_of_purpose(m, of->purpose)});
    }
    if (of->legal_basis != LEGAL_BASIS_NONE) {
        SAY_WITH(m, SAY_GROUNDS_BASIS, {"value", name_of_basis(m, of->legal_basis)});
    }
    if (of->consent.len > 0) {
        SAY_WITH(m, SAY_GROUNDS_CONSENT, {"value", of->consent});
    }
    if (is_natural_person(m)) {
        say_plain(m, SAY_GROUNDS_PERSON);
        say_plain(m, SAY_GROUNDS_HIGH_RISK);
    } else if (of->purpose == PURPOSE_NONE && of->legal_basis == LEGAL_BASIS_NONE) {
        say_plain(m, SAY_GROUNDS_COMPANY);
    }
    if (of->decision->offers_human_review) {
        say_plain(m, SAY_GROUNDS_REVIEW_OFFERED);
    }
    say_plain(m, of->decision->recommendation == RECOMMEND_REFER ? SAY_GROUNDS_REVIEW_FIRST
                                                                 : SAY_GROUNDS_REVIEW_NONE);
}

static void tell_record(struct maker *m)
{
    const struct explained *of = m->of;
    section_open(m, SECTION_RECORD);
    struct str engine = value_number(m, SCORE_ENGINE, 0);
    struct str digest = str_from(of->body_sha256);
    if (of->id.len == 0) {
        SAY_WITH(m, SAY_RECORD_NONE, {"value", engine}, {"digest", digest});
        return;
    }
    SAY_WITH(m, SAY_RECORD_ID, {"id", of->id}, {"date", value_date(m, of->created_on)});
    SAY_WITH(m, SAY_RECORD_REPLAYED, {"value", engine}, {"digest", digest});
}

/* ---- whom is told what ---- */

static void tell_analyst(struct maker *m)
{
    tell_decision(m);
    tell_both_reasons(m);
    tell_contributions(m);
    tell_families(m);
    tell_factors(m, true);
    tell_blocks(m);
    tell_links(m);
    tell_horizons(m);
    tell_checks(m);
}

static void tell_applicant(struct maker *m)
{
    tell_decision_to_applicant(m);
    tell_score_to_person(m);
    tell_both_reasons(m);
    tell_data(m);
    tell_not_checked(m);
    tell_method_to_applicant(m);
    tell_rights(m);
}

static void tell_regulator(struct maker *m)
{
    tell_decision(m);
    tell_identity(m);
    tell_method(m);
    tell_data(m);
    tell_not_checked(m);
    tell_grounds(m);
    tell_limits_of_use(m);
    tell_contributions(m);
    tell_factors(m, false);
    tell_record(m);
}

/* ---- factors ---- */

/* Worst first; of equals the first. */
static void sort_factors(struct explained_factor *list, uint32_t count, const struct score *score)
{
    for (uint32_t i = 1; i < count; i++) {
        struct explained_factor moved = list[i];
        uint32_t at = i;
        while (at > 0 && score->factors[list[at - 1].place].deci_points >
                             score->factors[moved.place].deci_points) {
            list[at] = list[at - 1];
            at--;
        }
        list[at] = moved;
    }
}

static void find_factors(struct maker *m)
{
    const struct decision *d = m->of->decision;
    if (d->score.factor_count == 0) {
        return;
    }
    bool is_against[FACTORS_MAX];
    struct explained_factor *list =
        arena_array(m->arena, struct explained_factor, d->score.factor_count + 1);
    if (list == NULL) {
        m->is_full = true;
        return;
    }
    reasons_against_meaning(is_against, d, m->of->in);
    for (uint32_t i = 0; i < d->score.factor_count; i++) {
        list[i] =
            (struct explained_factor){.place = i,
                                      .is_against_meaning = is_against[i],
                                      .next = next_bin_find(m->of->in->model, &d->score, i,
                                                            m->of->in->facts->company.country)};
    }
    sort_factors(list, d->score.factor_count, &d->score);
    m->out->factors = list;
    m->out->factor_count = d->score.factor_count;
}

static void write_text(struct buf *out, const struct explanation *explanation)
{
    for (uint32_t i = 0; i < explanation->section_count; i++) {
        const struct explanation_section *section = &explanation->sections[i];
        buf_append_text(out, i == 0 ? "" : "\n");
        buf_append_text(out, section->title);
        buf_append_byte(out, '\n');
        for (const struct sentence *s = section->first; s != NULL; s = s->next) {
            buf_append(out, s->text);
            if (s->code != NULL) {
                buf_append_text(out, " [");
                buf_append_text(out, s->code);
                buf_append_byte(out, ']');
            }
            buf_append_byte(out, '\n');
        }
    }
}

static void set_text(struct maker *m)
{
    struct buf text;
    buf_init(&text, EXPLANATION_TEXT_MAX);
    write_text(&text, m->out);
    m->out->text = arena_copy(m->arena, buf_str(&text));
    m->is_full |= buf_failed(&text) || m->out->text.ptr == NULL;
    buf_finish(&text);
}

enum status explanation_make(struct explanation *out, const struct explained *of,
                             enum language language, enum audience audience, struct arena *arena,
                             struct error *err)
{
    static void (*const tell[AUDIENCE_COUNT])(struct maker * m) = {
        [AUDIENCE_ANALYST] = tell_analyst,
        [AUDIENCE_APPLICANT] = tell_applicant,
        [AUDIENCE_REGULATOR] = tell_regulator,
    };
    struct maker m = {.out = out, .of = of, .arena = arena};
    CHECK((unsigned)language < LANGUAGE_COUNT);
    CHECK((unsigned)audience < AUDIENCE_COUNT);
    *out = (struct explanation){.audience = audience, .language = language};
    buf_init(&m.scratch, SCRATCH_MAX);
    buf_init(&m.list, SCRATCH_MAX);
    find_factors(&m);
    find_tie(&m);
    out->has_bound = has_score(&m);
    if (out->has_bound) {
        out->bound = bound_cost_of(of->in->model, &of->decision->score, of->in->facts);
    }
    tell[audience](&m);
    set_text(&m);
    buf_finish(&m.scratch);
    buf_finish(&m.list);
    if (m.is_full) {
        return error_set(err, STATUS_TOO_LARGE, "", "the explanation does not fit in memory");
    }
    return STATUS_OK;
}
