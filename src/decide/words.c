/* words.c - filling the sentences of words.def.
 *
 * A text is copied up to each {name}; the table of values says what stands there.  Nothing that a
 * caller sent is ever read as a text. */
#include "decide/words.h"

#include "decide/words_fill.h"
#include "decide/words_format.h"

#include <string.h>

enum text {
#define TEXT(name, en, es, fr) TEXT_##name,
#define REASON_TEXT(name, en, es, fr)
#define ADVERSE_TEXT(name, en, es, fr)
#define FAVOURABLE_TEXT(name, en, es, fr)
#define GUARANTEE_TEXT(name, en, es, fr)
#define CONSTRAINT_TEXT(name, en, es, fr)
#include "decide/words.def"
#undef TEXT
    TEXT_COUNT
};

static const char *const texts[TEXT_COUNT][LANGUAGE_COUNT] = {
#define TEXT(name, en, es, fr) [TEXT_##name] = {en, es, fr},
#include "decide/words.def"
#undef TEXT
#undef REASON_TEXT
};

static const char *const reason_texts[REASON_COUNT][LANGUAGE_COUNT] = {
#define TEXT(name, en, es, fr)
#define REASON_TEXT(name, en, es, fr) [REASON_##name] = {en, es, fr},
#include "decide/words.def"
#undef REASON_TEXT
#undef ADVERSE_TEXT
};

static const char *const adverse_texts[FEATURE_COUNT][LANGUAGE_COUNT] = {
#define REASON_TEXT(name, en, es, fr)
#define ADVERSE_TEXT(name, en, es, fr) [FEATURE_##name] = {en, es, fr},
#include "decide/words.def"
#undef ADVERSE_TEXT
#undef FAVOURABLE_TEXT
};

static const char *const favourable_texts[FEATURE_COUNT][LANGUAGE_COUNT] = {
#define ADVERSE_TEXT(name, en, es, fr)
#define FAVOURABLE_TEXT(name, en, es, fr) [FEATURE_##name] = {en, es, fr},
#include "decide/words.def"
#undef FAVOURABLE_TEXT
#undef GUARANTEE_TEXT
};

static const char *const guarantee_texts[GUARANTEE_TYPE_COUNT][LANGUAGE_COUNT] = {
#define FAVOURABLE_TEXT(name, en, es, fr)
#define GUARANTEE_TEXT(name, en, es, fr) [GUARANTEE_##name] = {en, es, fr},
#include "decide/words.def"
#undef GUARANTEE_TEXT
#undef CONSTRAINT_TEXT
};

static const char *const constraint_texts[LIMIT_CONSTRAINT_COUNT][LANGUAGE_COUNT] = {
#define GUARANTEE_TEXT(name, en, es, fr)
#define CONSTRAINT_TEXT(name, en, es, fr) [LIMIT_##name] = {en, es, fr},
#include "decide/words.def"
#undef TEXT
#undef REASON_TEXT
#undef ADVERSE_TEXT
#undef FAVOURABLE_TEXT
#undef GUARANTEE_TEXT
#undef CONSTRAINT_TEXT
};

_Static_assert(LANGUAGE_EN == 0 && LANGUAGE_ES == 1 && LANGUAGE_FR == 2 && LANGUAGE_COUNT == 3,
               "words.def has its columns in this order");

static void tell(const struct teller *t, enum text text)
{
    words_fill(t, texts[text][t->language]);
}

/* ---- values ---- */

static void put_money(const struct teller *t, struct money amount)
{
    words_money(t->out, amount, t->language);
}

static void put_count(const struct teller *t, int64_t count, enum text one, enum text many)
{
    words_number(t->out, count, 0, t->language);
    buf_append_text(t->out, NO_BREAK_SPACE);
    tell(t, count == 1 ? one : many);
}

static void put_item(const struct teller *t, enum item item)
{
    const struct statement *s = t->decision->score.features.statement;
    CHECK(s != NULL);
    put_money(t, (struct money){statement_minor(s, item), s->currency});
}

void words_identifier(struct buf *out, const struct company_id *id)
{
    for (const char *c = id_scheme_wire(id->scheme); *c != '\0'; c++) {
        buf_append_byte(out, (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c));
    }
    buf_append_text(out, NO_BREAK_SPACE);
    buf_append_text(out, id->value);
}

static void put_company(const struct teller *t)
{
    const struct company *company = &t->in->facts->company;
    bool has_id = company->identifier_count > 0;
    buf_append(t->out, company->name);
    if (!has_id) {
        return;
    }
    buf_append_text(t->out, company->name.len > 0 ? " (" : "");
    words_identifier(t->out, &company->identifiers[0]);
    buf_append_text(t->out, company->name.len > 0 ? ")" : "");
}

static int32_t terms_of(const struct teller *t)
{
    return t->in->asked->terms_days >= 0 ? t->in->asked->terms_days
                                         : (int32_t)t->in->policy->terms_days;
}

static void put_terms(const struct teller *t)
{
    tell(t, terms_of(t) == 0 ? TEXT_TERMS_CASH : TEXT_TERMS_DAYS);
}

static void put_days_asked(const struct teller *t)
{
    put_count(t, terms_of(t), TEXT_DAY, TEXT_DAYS);
}

static void put_asked(const struct teller *t)
{
    put_money(t, t->in->asked->amount);
}

static void put_limit(const struct teller *t)
{
    put_money(t, t->decision->limit.recommended);
}

static void put_capacity(const struct teller *t)
{
    put_money(t, t->decision->limit.capacity);
}

static void put_binding(const struct teller *t)
{
    CHECK((unsigned)t->decision->limit.binding < LIMIT_CONSTRAINT_COUNT);
    buf_append_text(t->out, constraint_texts[t->decision->limit.binding][t->language]);
}

static void put_valid_until(const struct teller *t)
{
    words_date(t->out, t->decision->limit.valid_until, t->language);
}

static void put_guarantee(const struct teller *t)
{
    CHECK(t->decision->guarantee_count > 0);
    words_fill(t, guarantee_texts[t->decision->guarantees[0].type][t->language]);
}

static void put_guarantee_amount(const struct teller *t)
{
    put_money(t, t->decision->guarantees[0].amount);
}

static void put_tenor(const struct teller *t)
{
    put_count(t, t->decision->guarantees[0].tenor_months, TEXT_MONTH, TEXT_MONTHS);
}

static void put_limit_if_met(const struct teller *t)
{
    put_money(t, t->decision->guarantees[0].limit_if_met);
}

static void put_pd(const struct teller *t)
{
    words_probability(t->out, t->decision->score.pd_ppm, t->language);
}

static void put_pd_low(const struct teller *t)
{
    words_probability(t->out, t->decision->score.pd_ppm_low, t->language);
}

static void put_pd_high(const struct teller *t)
{
    words_probability(t->out, t->decision->score.pd_ppm_high, t->language);
}

static void put_pd_bound(const struct teller *t)
{
    words_probability(t->out, t->decision->score.pd_ppm_bound, t->language);
}

/* What could have entered the score besides accounts and did not. */
static const struct {
    enum block block;
    enum text text;
} optional_blocks[] = {
    {BLOCK_BANK,    TEXT_UNUSED_BANK   },
    {BLOCK_PAYMENT, TEXT_UNUSED_PAYMENT},
    {BLOCK_GRAPH,   TEXT_UNUSED_GRAPH  },
};

static size_t unused_count(const struct decision *d)
{
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(optional_blocks); i++) {
        count += d->score.blocks[optional_blocks[i].block].is_used ? 0 : 1;
    }
    return count;
}

static void put_unused(const struct teller *t)
{
    bool is_first = true;
    for (size_t i = 0; i < ARRAY_LEN(optional_blocks); i++) {
        if (!t->decision->score.blocks[optional_blocks[i].block].is_used) {
            buf_append_text(t->out, is_first ? "" : ", ");
            tell(t, optional_blocks[i].text);
            is_first = false;
        }
    }
}

static void put_threshold(const struct teller *t)
{
    words_probability(t->out, t->decision->threshold_ppm, t->language);
}

static void put_level(const struct teller *t)
{
    words_percent(t->out, (int64_t)(t->in->model->interval_level * PD_PPM_ONE + 0.5), 0,
                  t->language);
}

static void put_horizon(const struct teller *t)
{
    buf_append_int(t->out, t->in->model->horizon_months);
}

static void put_score(const struct teller *t)
{
    buf_append_int(t->out, t->decision->score.points);
}

static void put_grade(const struct teller *t)
{
    buf_append_text(t->out, grade_wire(t->decision->grade));
}

static void put_pd_grade(const struct teller *t)
{
    buf_append_text(t->out, grade_wire(t->decision->score.grade));
}

static void put_statement_date(const struct teller *t)
{
    CHECK(t->decision->score.features.statement != NULL);
    words_date(t->out, t->decision->score.features.statement->period_end, t->language);
}

static void put_equity(const struct teller *t)
{
    put_item(t, ITEM_EQUITY);
}

static void put_share_capital(const struct teller *t)
{
    put_item(t, ITEM_SHARE_CAPITAL);
}

static void put_coverage(const struct teller *t)
{
    words_percent(t->out, t->decision->score.coverage_ppm, 0, t->language);
}

static void put_currency(const struct teller *t)
{
    buf_append_text(t->out, currency_code(t->decision->limit.currency));
}

static void put_model(const struct teller *t)
{
    buf_append(t->out, t->in->model->id);
}

static void put_model_version(const struct teller *t)
{
    buf_append(t->out, t->in->model->version);
}

static void put_policy(const struct teller *t)
{
    buf_append(t->out, t->in->policy->id);
}

static void put_policy_version(const struct teller *t)
{
    buf_append(t->out, t->in->policy->version);
}

static void put_definition(const struct teller *t)
{
    buf_append(t->out, t->in->model->default_definition);
}

/* A factor's value in units of 10^-places, halves away from zero. */
static int64_t factor_value(const struct teller *t, unsigned places)
{
    int64_t unit = 1000000;
    for (unsigned i = 0; i < places; i++) {
        unit /= 10;
    }
    int64_t micro = t->factor->value_micro;
    return (micro + (micro < 0 ? -unit / 2 : unit / 2)) / unit;
}

static void put_percent(const struct teller *t)
{
    words_percent(t->out, t->factor->value_micro, 1, t->language);
}

static void put_percent_change(const struct teller *t)
{
    if (t->factor->value_micro > 0) {
        buf_append_byte(t->out, '+');
    }
    put_percent(t);
}

static void put_number(const struct teller *t)
{
    words_number(t->out, factor_value(t, 2), 2, t->language);
}

static void put_days(const struct teller *t)
{
    put_count(t, factor_value(t, 0), TEXT_DAY, TEXT_DAYS);
}

static void put_months(const struct teller *t)
{
    put_count(t, factor_value(t, 0), TEXT_MONTH, TEXT_MONTHS);
}

/* Full years: nobody is twelve before the birthday. */
static void put_years(const struct teller *t)
{
    int64_t years = t->factor->value_micro / 1000000;
    if (years < 1) {
        tell(t, TEXT_UNDER_ONE_YEAR);
    } else {
        put_count(t, years, TEXT_YEAR, TEXT_YEARS);
    }
}

static void put_head_count(const struct teller *t)
{
    words_number(t->out, factor_value(t, 0), 0, t->language);
}

static void tell_factors(const struct teller *t, const struct stated_reason *list, uint32_t count,
                         bool is_adverse)
{
    bool is_first = true;
    for (uint32_t i = 0; i < count; i++) {
        if (list[i].is_rule) {
            continue;
        }
        struct teller of_factor = *t;
        of_factor.factor = &t->decision->score.factors[list[i].factor];
        enum feature feature = of_factor.factor->feature;
        if (!is_first) {
            buf_append_text(t->out, t->language == LANGUAGE_FR ? NO_BREAK_SPACE "; " : "; ");
        }
        words_fill(&of_factor,
                   (is_adverse ? adverse_texts : favourable_texts)[feature][t->language]);
        is_first = false;
    }
}

static void put_adverse(const struct teller *t)
{
    tell_factors(t, t->decision->adverse, t->decision->adverse_count, true);
}

static void put_favourable(const struct teller *t)
{
    tell_factors(t, t->decision->favourable, t->decision->favourable_count, false);
}

#define VALUE(name, put)                                                                           \
    {                                                                                              \
        {(name), sizeof(name) - 1}, (put)                                                          \
    }
static const struct {
    struct str name;
    void (*put)(const struct teller *t);
} values[] = {
    VALUE("adverse", put_adverse),
    VALUE("asked", put_asked),
    VALUE("binding", put_binding),
    VALUE("capacity", put_capacity),
    VALUE("company", put_company),
    VALUE("count", put_head_count),
    VALUE("coverage", put_coverage),
    VALUE("currency", put_currency),
    VALUE("days", put_days),
    VALUE("days_asked", put_days_asked),
    VALUE("definition", put_definition),
    VALUE("equity", put_equity),
    VALUE("favourable", put_favourable),
    VALUE("grade", put_grade),
    VALUE("guarantee", put_guarantee),
    VALUE("guarantee_amount", put_guarantee_amount),
    VALUE("horizon", put_horizon),
    VALUE("level", put_level),
    VALUE("limit", put_limit),
    VALUE("limit_if_met", put_limit_if_met),
    VALUE("model", put_model),
    VALUE("model_version", put_model_version),
    VALUE("months", put_months),
    VALUE("number", put_number),
    VALUE("pd", put_pd),
    VALUE("pd_bound", put_pd_bound),
    VALUE("pd_grade", put_pd_grade),
    VALUE("pd_high", put_pd_high),
    VALUE("pd_low", put_pd_low),
    VALUE("percent", put_percent),
    VALUE("percent_change", put_percent_change),
    VALUE("policy", put_policy),
    VALUE("policy_version", put_policy_version),
    VALUE("score", put_score),
    VALUE("share_capital", put_share_capital),
    VALUE("statement_date", put_statement_date),
    VALUE("tenor", put_tenor),
    VALUE("terms", put_terms),
    VALUE("threshold", put_threshold),
    VALUE("unused", put_unused),
    VALUE("valid_until", put_valid_until),
    VALUE("years", put_years),
};
#undef VALUE

static void put_value(const struct teller *t, struct str name)
{
    size_t i = 0;
    for (uint32_t k = 0; k < t->filling_count; k++) {
        if (str_eq(name, str_from(t->fillings[k].name))) {
            buf_append(t->out, t->fillings[k].text);
            return;
        }
    }
    while (i < ARRAY_LEN(values) && !str_eq(name, values[i].name)) {
        i++;
    }
    CHECK(i < ARRAY_LEN(values));
    values[i].put(t);
}

void words_fill(const struct teller *t, const char *template)
{
    CHECK(template != NULL);
    while (*template != '\0') {
        size_t plain = strcspn(template, "{~");
        buf_append(t->out, str_of(template, plain));
        template += plain;
        if (*template == '~') {
            buf_append_text(t->out, NO_BREAK_SPACE);
            template ++;
        } else if (*template == '{') {
            const char *end = strchr(template, '}');
            CHECK(end != NULL);
            put_value(t, str_of(template + 1, (size_t)(end - template) - 1));
            template = end + 1;
        }
    }
}

/* ---- one reason ---- */

const char *stated_reason_code(const struct decision *decision, const struct stated_reason *reason)
{
    return reason->is_rule ? reason_code(reason->reason)
                           : feature_info(decision->score.factors[reason->factor].feature)->code;
}

/* Phrases of words.def begin with an ASCII letter in every language. */
static void capitalise(struct buf *out, size_t at)
{
    if (!buf_failed(out) && out->ptr[at] >= 'a' && out->ptr[at] <= 'z') {
        out->ptr[at] = (char)(out->ptr[at] - 'a' + 'A');
    }
}

void words_reason(struct buf *out, const struct decision *decision,
                  const struct stated_reason *reason, enum language language,
                  enum audience audience)
{
    struct teller t = {.out = out, .decision = decision, .language = language};
    if (reason->is_rule && reason->reason == REASON_LIMIT_BELOW_REQUEST &&
        audience == AUDIENCE_APPLICANT) {
        tell(&t, TEXT_APPLICANT_LIMIT_BELOW_REQUEST);
        return;
    }
    if (reason->is_rule) {
        words_fill(&t, reason_texts[reason->reason][language]);
        return;
    }
    size_t start = out->len;
    t.factor = &decision->score.factors[reason->factor];
    bool is_adverse = reason->deci_points < 0;
    words_fill(&t, (is_adverse ? adverse_texts : favourable_texts)[t.factor->feature][language]);
    capitalise(out, start);
    buf_append_byte(out, '.');
}

/* ---- the justification ---- */

static void say(const struct teller *t, enum text text)
{
    if (t->out->len > t->start) {
        buf_append_byte(t->out, ' ');
    }
    tell(t, text);
}

static bool has_amount(const struct teller *t)
{
    return t->in->asked->amount.currency != CURRENCY_NONE;
}

static bool is_natural_person(const struct teller *t)
{
    return t->in->facts->company.nature == LEGAL_NATURE_NATURAL_PERSON;
}

/* The first sentence, by recommendation: for those who decide and for the applicant, with an amount
 * and without. */
static void say_recommendation(const struct teller *t, enum audience audience)
{
    static const enum text headlines[RECOMMENDATION_COUNT][2][2] = {
        [RECOMMEND_REFER] = {{TEXT_REFER_OPEN, TEXT_REFER_AMOUNT},
                             {TEXT_APPLICANT_REFER, TEXT_APPLICANT_REFER}                },
        [RECOMMEND_ACCEPT] = {{TEXT_ACCEPT_OPEN, TEXT_ACCEPT_AMOUNT},
                             {TEXT_APPLICANT_ACCEPT_OPEN, TEXT_APPLICANT_ACCEPT_AMOUNT}  },
        [RECOMMEND_ACCEPT_WITH_GUARANTEES] = {{TEXT_GUARANTEES_OPEN, TEXT_GUARANTEES_AMOUNT},
                             {TEXT_APPLICANT_GUARANTEES_OPEN,
                                               TEXT_APPLICANT_GUARANTEES_AMOUNT}         },
        [RECOMMEND_DECLINE] = {{TEXT_DECLINE_OPEN, TEXT_DECLINE_AMOUNT},
                             {TEXT_APPLICANT_DECLINE_OPEN, TEXT_APPLICANT_DECLINE_AMOUNT}},
    };
    if (t->decision->status == DECISION_NOT_SCORABLE) {
        say(t, TEXT_NOT_SCORABLE);
        return;
    }
    say(t, headlines[t->decision->recommendation][audience == AUDIENCE_APPLICANT][has_amount(t)]);
}

static void say_rules(const struct teller *t, enum audience audience)
{
    for (uint32_t i = 0; i < t->decision->adverse_count; i++) {
        if (t->decision->adverse[i].is_rule) {
            buf_append_byte(t->out, ' ');
            words_reason(t->out, t->decision, &t->decision->adverse[i], t->language, audience);
        }
    }
}

static void say_risk(const struct teller *t)
{
    const struct decision *d = t->decision;
    switch (d->status) {
    case DECISION_SCORED: say(t, TEXT_RISK_SCORED); break;
    case DECISION_THIN:
        say(t, d->score.factor_count > 0 ? TEXT_RISK_THIN_AND_MORE : TEXT_RISK_THIN);
        break;
    case DECISION_DECIDED_BY_RULE: say(t, TEXT_RISK_BY_RULE); return;
    case DECISION_NOT_SCORABLE: return;
    }
    if (d->grade != d->score.grade) {
        say(t, TEXT_RISK_CAPPED);
    }
    say(t, TEXT_THRESHOLD);
}

static bool has_factor(const struct stated_reason *list, uint32_t count)
{
    return count > 0 && !list[count - 1].is_rule; /* rules come first */
}

static void say_factors(const struct teller *t)
{
    const struct decision *d = t->decision;
    if (has_factor(d->adverse, d->adverse_count)) {
        say(t, TEXT_WEAKNESSES);
    }
    if (has_factor(d->favourable, d->favourable_count)) {
        say(t, TEXT_STRENGTHS);
    }
}

static void say_limit(const struct teller *t)
{
    const struct decision *d = t->decision;
    bool is_lent = d->limit.recommended.minor > 0;
    if (is_lent) {
        say(t, d->limit.binding == LIMIT_REQUESTED_AMOUNT ? TEXT_LIMIT_AS_ASKED : TEXT_LIMIT_BOUND);
    }
    if (d->guarantee_count > 0) {
        say(t, is_lent ? TEXT_LIMIT_SECURED_MORE : TEXT_LIMIT_SECURED_ONLY);
    } else if (!is_lent) {
        bool has_capacity = d->recommendation == RECOMMEND_REFER && d->limit.capacity.minor > 0 &&
                            d->limit.binding != LIMIT_REQUESTED_AMOUNT;
        say(t, has_capacity ? TEXT_LIMIT_TO_REVIEW : TEXT_LIMIT_NONE);
    }
    if (d->recommendation == RECOMMEND_DECLINE && d->status != DECISION_DECIDED_BY_RULE) {
        say(t, TEXT_ADVANCE_PAYMENT);
    }
}

/* Would better accounts change the answer? */
static bool accounts_would_help(const struct decision *d)
{
    static const enum reason mended_by_accounts[] = {
        REASON_NO_ACCOUNTS,       REASON_TOO_LITTLE_DATA,        REASON_ACCOUNTS_STALE,
        REASON_ACCOUNTS_OUTDATED, REASON_ACCOUNTS_DO_NOT_ADD_UP,
    };
    for (uint32_t i = 0; i < d->rule_reason_count; i++) {
        for (size_t k = 0; k < ARRAY_LEN(mended_by_accounts); k++) {
            if (d->rule_reasons[i] == mended_by_accounts[k]) {
                return true;
            }
        }
    }
    return false;
}

static void say_data(const struct teller *t)
{
    const struct decision *d = t->decision;
    if (d->status == DECISION_SCORED && d->score.coverage_ppm < PD_PPM_ONE) {
        say(t, TEXT_DATA_COVERAGE);
    }
    if (d->status == DECISION_SCORED && d->limit.assumed != 0) {
        say(t, TEXT_DATA_ASSUMED);
    }
    bool is_scored = d->status == DECISION_SCORED || d->status == DECISION_THIN;
    if (is_scored && unused_count(d) > 0) {
        say(t, TEXT_DATA_UNUSED);
    }
}

static void say_not_checked(const struct teller *t)
{
    bool has_events = (t->in->facts->blocks_sent & 1U << BLOCK_LEGAL) != 0;
    say(t, has_events ? TEXT_NOT_CHECKED_EVENTS_SUPPLIED : TEXT_NOT_CHECKED);
}

/* The limit, and what would help. */
static void say_applicant_limit(const struct teller *t)
{
    const struct decision *d = t->decision;
    if (d->limit.recommended.minor > 0) {
        say(t, TEXT_APPLICANT_LIMIT);
    }
    if (accounts_would_help(d)) {
        say(t, TEXT_REMEDY_ACCOUNTS);
    }
    if (d->terms_above_legal) {
        say(t, TEXT_TERMS_ABOVE_LEGAL);
    }
}

static void justify_to_applicant(const struct teller *t)
{
    const struct decision *d = t->decision;
    if (d->recommendation != RECOMMEND_ACCEPT) {
        say_rules(t, AUDIENCE_APPLICANT);
        if (has_factor(d->adverse, d->adverse_count)) {
            say(t, TEXT_WEAKNESSES);
        }
    }
    say_applicant_limit(t);
    say_not_checked(t);
    if (is_natural_person(t)) {
        say(t, TEXT_APPLICANT_RIGHTS);
    }
}

static void justify_to_professional(const struct teller *t, enum audience audience)
{
    const struct decision *d = t->decision;
    say_rules(t, audience);
    say_risk(t);
    say_factors(t);
    if (d->status != DECISION_NOT_SCORABLE) {
        say_limit(t);
    }
    if (accounts_would_help(d)) {
        say(t, TEXT_REMEDY_ACCOUNTS);
    }
    say_data(t);
    if (d->terms_above_legal) {
        say(t, TEXT_TERMS_ABOVE_LEGAL);
    }
    say_not_checked(t);
    if (d->offers_human_review) {
        say(t, TEXT_HUMAN_REVIEW);
    }
    if (audience == AUDIENCE_REGULATOR) {
        say(t, TEXT_VERSIONS);
    }
}

void words_justification(struct buf *out, const struct decision *decision,
                         const struct decision_input *in, enum language language,
                         enum audience audience)
{
    struct teller t = {
        .out = out, .decision = decision, .in = in, .language = language, .start = out->len};
    CHECK((unsigned)language < LANGUAGE_COUNT);
    CHECK((unsigned)audience < AUDIENCE_COUNT);
    say_recommendation(&t, audience);
    if (audience == AUDIENCE_APPLICANT) {
        justify_to_applicant(&t);
    } else {
        justify_to_professional(&t, audience);
    }
}

void words_answer(struct buf *out, const struct decision *decision, const struct decision_input *in,
                  enum language language)
{
    struct teller t = {
        .out = out, .decision = decision, .in = in, .language = language, .start = out->len};
    say_recommendation(&t, AUDIENCE_APPLICANT);
    say_applicant_limit(&t);
}

void words_not_checked(struct buf *out, const struct decision *decision,
                       const struct decision_input *in, enum language language)
{
    struct teller t = {
        .out = out, .decision = decision, .in = in, .language = language, .start = out->len};
    say_not_checked(&t);
}
