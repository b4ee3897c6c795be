/* decision_body.c - the decision, member by member in the order of RFC 8785.
 *
 * Every function writes one object or array, and its members stand in the order in which they sort;
 * the writer CHECKs it.  What does not exist is left out: there are no sentinels. */
#include "wire/decision_body.h"

#include "wire/graph_body.h"

enum { PPM_DECIMALS = 6, DECI_DECIMALS = 1, WARNINGS_YEAR_MONTHS = 12 };

/* What the members are written from. */
struct source {
    const struct decision_request *request;
    const struct decision *decision;
    const struct model *model;
    const struct policy *policy;
    const struct statement *statement; /* the one that was used, or NULL */
};

static bool has_score(const struct decision *d)
{
    return d->status == DECISION_SCORED || d->status == DECISION_THIN;
}

/* ---- small pairs ---- */

static void ppm_member(struct json_writer *w, struct str name, uint32_t ppm)
{
    json_name(w, name);
    json_decimal(w, ppm, PPM_DECIMALS);
}

static void deci_member(struct json_writer *w, struct str name, int32_t deci)
{
    json_name(w, name);
    json_decimal(w, deci, DECI_DECIMALS);
}

static void int_member(struct json_writer *w, struct str name, int64_t value)
{
    json_name(w, name);
    json_int(w, value);
}

static void bool_member(struct json_writer *w, struct str name, bool value)
{
    json_name(w, name);
    json_bool(w, value);
}

static void word_member(struct json_writer *w, struct str name, const char *word)
{
    json_text_member(w, name, str_from(word));
}

static void optional_member(struct json_writer *w, struct str name, struct str value)
{
    if (value.len > 0) {
        json_text_member(w, name, value);
    }
}

/* Purpose, ground and consent are answered even when none was given: null says so. */
static void text_or_null_member(struct json_writer *w, struct str name, struct str value)
{
    if (value.len > 0) {
        json_text_member(w, name, value);
    } else {
        json_name(w, name);
        json_null(w);
    }
}

static void amount_value(struct json_writer *w, struct money amount)
{
    struct buf *out = json_quoted_begin(w);
    money_write(out, amount);
    json_quoted_end(w);
}

static void amount_member(struct json_writer *w, struct str name, struct money amount)
{
    json_name(w, name);
    amount_value(w, amount);
}

/* {"amount","currency"} */
static void money_member(struct json_writer *w, struct str name, struct money amount)
{
    json_name(w, name);
    json_object_begin(w);
    amount_member(w, STR("amount"), amount);
    word_member(w, STR("currency"), currency_code(amount.currency));
    json_object_end(w);
}

static void date_member(struct json_writer *w, struct str name, struct date date)
{
    json_name(w, name);
    date_write(json_quoted_begin(w), date);
    json_quoted_end(w);
}

/* ---- company ---- */

static void write_activity(struct json_writer *w, const struct company *company)
{
    if (company->activity_code[0] == '\0') {
        return;
    }
    json_name(w, STR("activity"));
    json_object_begin(w);
    word_member(w, STR("code"), company->activity_code);
    if (company->nomenclature != NOMENCLATURE_NONE) {
        word_member(w, STR("nomenclature"), nomenclature_wire(company->nomenclature));
    }
    json_object_end(w);
}

static void write_identifiers(struct json_writer *w, const struct company *company)
{
    json_name(w, STR("identifiers"));
    json_array_begin(w);
    for (uint32_t i = 0; i < company->identifier_count; i++) {
        const struct company_id *id = &company->identifiers[i];
        json_object_begin(w);
        optional_member(w, STR("country"), str_from(id->country));
        word_member(w, STR("scheme"), id_scheme_wire(id->scheme));
        word_member(w, STR("value"), id->value);
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_company(struct json_writer *w, const struct source *s)
{
    const struct company *company = &s->request->facts.company;
    json_name(w, STR("company"));
    json_object_begin(w);
    write_activity(w, company);
    optional_member(w, STR("country"), str_from(company->country));
    if (company->employees >= 0) {
        int_member(w, STR("employees"), company->employees);
    }
    write_identifiers(w, company);
    if (date_is_set(company->incorporated_on)) {
        date_member(w, STR("incorporated_on"), company->incorporated_on);
    }
    optional_member(w, STR("legal_form"), company->legal_form);
    word_member(w, STR("legal_nature"), legal_nature_wire(company->nature));
    optional_member(w, STR("name"), company->name);
    json_object_end(w);
}

/* ---- score ---- */

static void write_contributions(struct json_writer *w, const struct source *s)
{
    const struct score *score = &s->decision->score;
    json_name(w, STR("contributions"));
    json_object_begin(w);
    deci_member(w, STR("base"), score->base_deci);
    json_name(w, STR("items"));
    json_array_begin(w);
    for (uint32_t i = 0; i < score->contribution_count; i++) {
        json_object_begin(w);
        word_member(w, STR("name"), score->contributions[i].name);
        deci_member(w, STR("points"), score->contributions[i].deci_points);
        json_object_end(w);
    }
    json_array_end(w);
    int_member(w, STR("total"), score->points);
    json_object_end(w);
}

/* A formula's value to four decimals; formulas divide by what was checked, but not by how little.
 */
static void formula_member(struct json_writer *w, struct str name, struct known value)
{
    enum { DECIMALS = 4 };
    static const double scale = 1e4, most = 1e9;
    if (!value.is_known || !(value.value > -most && value.value < most)) {
        return;
    }
    double scaled = value.value * scale;
    json_name(w, name);
    json_decimal(w, (int64_t)(scaled + (scaled < 0 ? -0.5 : 0.5)), DECIMALS);
}

static void write_context(struct json_writer *w, const struct formula_context *context)
{
    json_name(w, STR("context"));
    json_object_begin(w);
    formula_member(w, STR("altman_z2"), context->altman_z_services);
    formula_member(w, STR("conan_holder"), context->conan_holder);
    formula_member(w, STR("zmijewski"), context->zmijewski);
    json_object_end(w);
}

/* Each family by itself; what lifts the PD apart. */
static void write_families(struct json_writer *w, const struct source *s)
{
    const struct score *score = &s->decision->score;
    json_name(w, STR("families"));
    json_object_begin(w);
    json_name(w, STR("graph"));
    json_object_begin(w);
    if (s->request->facts.neighbourhood != NULL) { /* else there are no links, and no uplift */
        graph_members_write(w, s->request);
    }
    ppm_member(w, STR("pd_before"), score->pd_ppm_before);
    ppm_member(w, STR("uplift"), score->pd_ppm - score->pd_ppm_before);
    json_text_member(w, STR("version"), s->model->version);
    json_object_end(w);
    if (score->machine_learned_pd_ppm > 0) {
        json_name(w, STR("machine_learned"));
        json_object_begin(w);
        ppm_member(w, STR("pd"), score->machine_learned_pd_ppm);
        json_text_member(w, STR("version"), s->model->version);
        json_object_end(w);
    }
    json_name(w, STR("statistical"));
    json_object_begin(w);
    write_context(w, &score->context);
    if (score->statistical_pd_ppm > 0) {
        ppm_member(w, STR("pd"), score->statistical_pd_ppm);
    }
    json_text_member(w, STR("version"), s->model->version);
    json_object_end(w);
    json_object_end(w);
}

static void write_pd(struct json_writer *w, const struct source *s)
{
    const struct score *score = &s->decision->score;
    json_name(w, STR("pd"));
    json_object_begin(w);
    ppm_member(w, STR("bound"), score->pd_ppm_bound);
    json_text_member(w, STR("default_definition"), s->model->default_definition);
    int_member(w, STR("horizon_months"), s->model->horizon_months);
    json_name(w, STR("interval"));
    json_object_begin(w);
    ppm_member(w, STR("high"), score->pd_ppm_high);
    ppm_member(w, STR("level"), (uint32_t)(s->model->interval_level * PD_PPM_ONE + 0.5));
    ppm_member(w, STR("low"), score->pd_ppm_low);
    json_object_end(w);
    json_text_member(w, STR("philosophy"), s->model->philosophy);
    json_name(w, STR("term_structure"));
    json_array_begin(w);
    for (size_t i = 0; i < PD_HORIZON_COUNT; i++) {
        json_object_begin(w);
        int_member(w, STR("months"), pd_horizons[i]);
        ppm_member(w, STR("pd"), pd_over_months(score->pd_ppm, pd_horizons[i]));
        json_object_end(w);
    }
    json_array_end(w);
    ppm_member(w, STR("value"), score->pd_ppm);
    json_object_end(w);
}

static void write_score(struct json_writer *w, const struct source *s)
{
    json_name(w, STR("score"));
    json_object_begin(w);
    word_member(w, STR("direction"), "higher_is_better");
    int_member(w, STR("max"), 1000);
    int_member(w, STR("min"), 0);
    int_member(w, STR("value"), s->decision->score.points);
    json_object_end(w);
}

/* ---- reasons ---- */

static void write_rule_reason(struct json_writer *w, enum reason reason)
{
    json_object_begin(w);
    word_member(w, STR("code"), reason_code(reason));
    word_member(w, STR("direction"), "negative");
    word_member(w, STR("family"), "policy");
    word_member(w, STR("theme"), reason_theme(reason));
    json_object_end(w);
}

static void write_reason(struct json_writer *w, const struct source *s,
                         const struct stated_reason *reason)
{
    if (reason->is_rule) {
        write_rule_reason(w, reason->reason);
        return;
    }
    const struct factor *factor = &s->decision->score.factors[reason->factor];
    const struct feature_info *info = feature_info(factor->feature);
    json_object_begin(w);
    word_member(w, STR("code"), info->code);
    word_member(w, STR("direction"), reason->deci_points < 0 ? "negative" : "positive");
    word_member(w, STR("factor"), info->wire);
    word_member(w, STR("family"), family_wire(factor->family));
    deci_member(w, STR("points"), reason->deci_points);
    word_member(w, STR("theme"), theme_wire(info->theme));
    json_name(w, STR("value"));
    json_decimal(w, factor->value_micro, PPM_DECIMALS);
    json_object_end(w);
}

static void write_reasons(struct json_writer *w, const struct source *s)
{
    const struct decision *d = s->decision;
    json_name(w, STR("reasons"));
    json_array_begin(w);
    for (uint32_t i = 0; i < d->adverse_count; i++) {
        write_reason(w, s, &d->adverse[i]);
    }
    for (uint32_t i = 0; i < d->favourable_count; i++) {
        write_reason(w, s, &d->favourable[i]);
    }
    json_array_end(w);
}

/* Every rule that fired, also those for which the principal reasons have no room. */
static void write_rules(struct json_writer *w, const struct source *s)
{
    json_name(w, STR("rules"));
    json_array_begin(w);
    for (uint32_t i = 0; i < s->decision->rule_reason_count; i++) {
        json_string(w, str_from(reason_code(s->decision->rule_reasons[i])));
    }
    json_array_end(w);
}

/* ---- limit and guarantees ---- */

static void write_guarantees(struct json_writer *w, const struct source *s)
{
    json_name(w, STR("guarantees"));
    json_array_begin(w);
    for (uint32_t i = 0; i < s->decision->guarantee_count; i++) {
        const struct guarantee *g = &s->decision->guarantees[i];
        json_object_begin(w);
        money_member(w, STR("amount"), g->amount);
        json_name(w, STR("if_met"));
        json_object_begin(w);
        amount_member(w, STR("limit"), g->limit_if_met);
        word_member(w, STR("recommendation"), recommendation_wire(g->if_met));
        json_object_end(w);
        int_member(w, STR("tenor_months"), g->tenor_months);
        word_member(w, STR("type"), guarantee_wire(g->type));
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_constraints(struct json_writer *w, const struct limit *limit)
{
    json_name(w, STR("constraints"));
    json_array_begin(w);
    for (unsigned i = 0; i < LIMIT_CONSTRAINT_COUNT; i++) {
        if ((limit->present & 1U << i) == 0) {
            continue;
        }
        json_object_begin(w);
        if ((limit->assumed & 1U << i) != 0) {
            bool_member(w, STR("assumed"), true);
        }
        amount_member(w, STR("cap"), limit->caps[i]);
        word_member(w, STR("name"), limit_constraint_wire((enum limit_constraint)i));
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_limit(struct json_writer *w, const struct source *s)
{
    const struct limit *limit = &s->decision->limit;
    json_name(w, STR("limit"));
    json_object_begin(w);
    amount_member(w, STR("available"), limit->available);
    if (limit->present != 0) {
        word_member(w, STR("binding_constraint"), limit_constraint_wire(limit->binding));
    }
    amount_member(w, STR("capacity"), limit->capacity);
    write_constraints(w, limit);
    word_member(w, STR("currency"), currency_code(limit->currency));
    amount_member(w, STR("exposure"), limit->exposure);
    if (limit->present != 0) {
        word_member(w, STR("grade"), grade_wire(grade_of_pd(s->decision->score.pd_ppm_bound)));
        ppm_member(w, STR("multiplier_ratio"), limit->multiplier_ppm);
    }
    amount_member(w, STR("per_order"), limit->per_order);
    amount_member(w, STR("recommended"), limit->recommended);
    if (limit->requested.currency != CURRENCY_NONE) {
        amount_member(w, STR("requested"), limit->requested);
    }
    date_member(w, STR("review_at"), limit->review_at);
    date_member(w, STR("valid_until"), limit->valid_until);
    json_object_end(w);
}

static void write_expected_loss(struct json_writer *w, const struct source *s)
{
    json_name(w, STR("expected_loss"));
    json_object_begin(w);
    amount_member(w, STR("amount"), s->decision->expected_loss);
    word_member(w, STR("currency"), currency_code(s->decision->expected_loss.currency));
    ppm_member(w, STR("lgd_ratio"), s->decision->lgd_ppm);
    json_object_end(w);
}

static void write_threshold(struct json_writer *w, const struct source *s)
{
    int32_t terms = s->request->asked.terms_days;
    json_name(w, STR("threshold"));
    json_object_begin(w);
    ppm_member(w, STR("pd"), s->decision->threshold_ppm);
    int_member(w, STR("terms_days"), terms >= 0 ? terms : (int64_t)s->policy->terms_days);
    json_object_end(w);
}

/* ---- quality of the data ---- */

/* Is there anything of this block to score? */
static bool is_there(const struct source *s, enum block block)
{
    return (s->request->facts.blocks_sent & 1U << block) != 0 &&
           (block != BLOCK_FINANCIAL || s->request->facts.statement_count > 0);
}

/* What became of each block: scored, looked at by rules alone, too little of it to say anything,
 * in no model, or not there. */
static const char *block_state(const struct source *s, enum block block)
{
    const struct decision *d = s->decision;
    if (!is_there(s, block)) {
        return "missing";
    }
    if (block == BLOCK_FINANCIAL && s->statement == NULL) {
        return "not_usable";
    }
    if (block == BLOCK_LEGAL) {
        return "used"; /* by rules at least */
    }
    if (!has_score(d)) {
        return "not_used";
    }
    bool is_used = d->score.blocks[block].is_used || block == BLOCK_FIRMOGRAPHIC;
    bool is_in_model = block == BLOCK_GRAPH || s->model->blocks[block].is_there;
    return is_used ? "used" : is_in_model ? "not_usable" : "not_used";
}

static void write_blocks(struct json_writer *w, const struct source *s)
{
    static const enum block in_order[] = {BLOCK_BANK,  BLOCK_FINANCIAL, BLOCK_FIRMOGRAPHIC,
                                          BLOCK_GRAPH, BLOCK_LEGAL,     BLOCK_PAYMENT};
    if (has_score(s->decision)) {
        json_name(w, STR("block_points"));
        json_object_begin(w);
        for (size_t i = 0; i < ARRAY_LEN(in_order); i++) {
            const struct score_block *block = &s->decision->score.blocks[in_order[i]];
            if (block->is_used) {
                deci_member(w, str_from(block_wire(in_order[i])), block->deci_points);
            }
        }
        json_object_end(w);
    }
    json_name(w, STR("blocks"));
    json_object_begin(w);
    for (size_t i = 0; i < ARRAY_LEN(in_order); i++) {
        word_member(w, str_from(block_wire(in_order[i])), block_state(s, in_order[i]));
    }
    json_object_end(w);
}

static void pointer_member(struct json_writer *w, const struct statement *statement,
                           const char *member)
{
    json_name(w, STR("pointer"));
    struct buf *out = json_quoted_begin(w);
    buf_append(out, STR("/financial_statements/"));
    buf_append_int(out, (int64_t)statement->place);
    buf_append_text(out, member);
    json_quoted_end(w);
}

static void write_checks(struct json_writer *w, const struct source *s)
{
    json_name(w, STR("checks"));
    json_array_begin(w);
    for (unsigned i = 0; i < STATEMENT_CHECK_COUNT && s->statement != NULL; i++) {
        struct check_result result = statement_check(s->statement, (enum statement_check)i);
        if (!result.is_checkable) {
            continue;
        }
        json_object_begin(w);
        word_member(w, STR("code"), statement_check_code((enum statement_check)i));
        amount_member(w, STR("gap"), (struct money){result.gap_minor, s->statement->currency});
        bool_member(w, STR("ok"), result.is_ok);
        pointer_member(w, s->statement, "/items");
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_statement(struct json_writer *w, const struct source *s)
{
    if (s->statement == NULL) {
        return;
    }
    json_name(w, STR("statement"));
    json_object_begin(w);
    word_member(w, STR("basis"),
                s->statement->basis == BASIS_CONSOLIDATED ? "consolidated" : "individual");
    word_member(w, STR("currency"), currency_code(s->statement->currency));
    int_member(w, STR("months"), s->statement->months);
    date_member(w, STR("period_end"), s->statement->period_end);
    pointer_member(w, s->statement, "");
    json_object_end(w);
}

static void statement_warning(struct json_writer *w, const struct statement *statement,
                              const char *code, const char *member)
{
    json_object_begin(w);
    word_member(w, STR("code"), code);
    pointer_member(w, statement, member);
    json_object_end(w);
}

static void write_statement_warnings(struct json_writer *w, const struct source *s,
                                     const struct statement *statement)
{
    if (statement->months < STATEMENT_MONTHS_MIN || statement->months > STATEMENT_MONTHS_MAX) {
        statement_warning(w, statement, "statement_not_usable", "/months");
    }
    if (statement != s->statement) {
        return;
    }
    if (date_compare(date_add_months(statement->period_end, WARNINGS_YEAR_MONTHS),
                     s->request->facts.as_of) < 0) {
        statement_warning(w, statement, "statement_older_than_12_months", "/period_end");
    }
    if (statement->months != WARNINGS_YEAR_MONTHS) {
        statement_warning(w, statement, "exercise_not_12_months", "/months");
    }
    if (statement->currency != s->policy->currency) {
        statement_warning(w, statement, "currency_differs", "/currency");
    }
    if (statement->derived != 0) {
        statement_warning(w, statement, "items_derived", "/items");
    }
}

static void write_warnings(struct json_writer *w, const struct source *s)
{
    const struct facts *facts = &s->request->facts;
    json_name(w, STR("warnings"));
    json_array_begin(w);
    for (uint32_t i = 0; i < facts->statement_count; i++) {
        write_statement_warnings(w, s, &facts->statements[i]);
    }
    if (facts->stored.cut_links > 0 || facts->stored.cut_more) {
        json_object_begin(w);
        word_member(w, STR("code"), "network_cut");
        word_member(w, STR("pointer"), "/links_from");
        json_object_end(w);
    }
    if (s->decision->terms_above_legal) {
        json_object_begin(w);
        word_member(w, STR("code"), "terms_above_legal_maximum");
        word_member(w, STR("pointer"), "/request/terms_days");
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_data_quality(struct json_writer *w, const struct source *s)
{
    json_name(w, STR("data_quality"));
    json_object_begin(w);
    write_blocks(w, s);
    write_checks(w, s);
    if (has_score(s->decision)) {
        ppm_member(w, STR("coverage"), s->decision->score.coverage_ppm);
    }
    word_member(w, STR("registers"), "not_checked");
    word_member(w, STR("sanctions"), "not_checked");
    write_statement(w, s);
    write_warnings(w, s);
    json_object_end(w);
}

/* ---- the whole ---- */

static void write_version(struct json_writer *w, struct str name, struct str id, const char *sha256,
                          struct str version)
{
    json_name(w, name);
    json_object_begin(w);
    json_text_member(w, STR("id"), id);
    word_member(w, STR("sha256"), sha256);
    json_text_member(w, STR("version"), version);
    json_object_end(w);
}

static void write_human_review(struct json_writer *w)
{
    json_name(w, STR("human_review"));
    json_object_begin(w);
    word_member(w, STR("legal_basis"), "gdpr_22_3");
    bool_member(w, STR("offered"), true);
    json_object_end(w);
}

static void write_request(struct json_writer *w, const struct source *s)
{
    const struct credit_request *asked = &s->request->asked;
    json_name(w, STR("request"));
    json_object_begin(w);
    if (asked->amount.currency != CURRENCY_NONE) {
        money_member(w, STR("amount"), asked->amount);
    }
    optional_member(w, STR("product"), asked->product);
    if (asked->terms_days >= 0) {
        int_member(w, STR("terms_days"), asked->terms_days);
    }
    json_object_end(w);
}

static const char *not_scorable_reason(enum reason reason)
{
    static const struct {
        enum reason reason;
        const char *wire;
    } rows[] = {
        {REASON_EXCLUDED_FINANCIAL,    "financial_institution"},
        {REASON_EXCLUDED_PUBLIC_BODY,  "public_body"          },
        {REASON_EXCLUDED_ASSOCIATION,  "association"          },
        {REASON_EXCLUDED_IDLE_HOLDING, "idle_holding"         },
        {REASON_UNUSABLE_CURRENCY,     "unusable_currency"    },
    };
    size_t i = 0;
    while (i < ARRAY_LEN(rows) && rows[i].reason != reason) {
        i++;
    }
    CHECK(i < ARRAY_LEN(rows));
    return rows[i].wire;
}

static void write_a_to_f(struct json_writer *w, const struct source *s)
{
    const struct decision_request *rq = s->request;
    bool is_scored = has_score(s->decision);
    date_member(w, STR("as_of"), rq->facts.as_of);
    write_company(w, s);
    text_or_null_member(w, STR("consent"), rq->consent);
    if (is_scored) {
        write_contributions(w, s);
    }
    write_data_quality(w, s);
    int_member(w, STR("engine"), SCORE_ENGINE);
    if (is_scored) {
        write_expected_loss(w, s);
        write_families(w, s);
    }
}

static void write_g_to_m(struct json_writer *w, const struct source *s, const char *input_sha256)
{
    const struct decision *d = s->decision;
    bool is_decided = d->status != DECISION_NOT_SCORABLE;
    if (is_decided) {
        word_member(w, STR("grade"), grade_wire(d->grade));
    }
    write_guarantees(w, s);
    if (d->offers_human_review) {
        write_human_review(w);
    }
    word_member(w, STR("input_sha256"), input_sha256);
    bool has_basis = s->request->legal_basis != LEGAL_BASIS_NONE;
    text_or_null_member(w, STR("legal_basis"),
                        str_from(has_basis ? legal_basis_wire(s->request->legal_basis) : ""));
    if (is_decided) {
        write_limit(w, s);
    }
    write_version(w, STR("model"), s->model->id, s->model->sha256, s->model->version);
    if (!is_decided) {
        word_member(w, STR("not_scorable_reason"), not_scorable_reason(d->rule_reasons[0]));
    }
}

static void write_p_to_t(struct json_writer *w, const struct source *s)
{
    const struct decision *d = s->decision;
    bool is_scored = has_score(d);
    if (is_scored) {
        write_pd(w, s);
    }
    write_version(w, STR("policy"), s->policy->id, s->policy->sha256, s->policy->version);
    bool has_purpose = s->request->purpose != PURPOSE_NONE;
    text_or_null_member(w, STR("purpose"),
                        str_from(has_purpose ? purpose_wire(s->request->purpose) : ""));
    write_reasons(w, s);
    word_member(w, STR("recommendation"), recommendation_wire(d->recommendation));
    write_request(w, s);
    write_rules(w, s);
    if (is_scored) {
        write_score(w, s);
    }
    word_member(w, STR("status"), decision_status_wire(d->status));
    if (is_scored) {
        write_threshold(w, s);
    }
}

void decision_body_write(struct buf *out, const struct decision_request *request,
                         const struct decision *decision, const struct model *model,
                         const struct policy *policy, const char *input_sha256)
{
    struct json_writer w;
    struct source s = {.request = request,
                       .decision = decision,
                       .model = model,
                       .policy = policy,
                       .statement = facts_statement(&request->facts, NULL)};
    json_writer_init_canonical(&w, out);
    json_object_begin(&w);
    write_a_to_f(&w, &s);
    write_g_to_m(&w, &s, input_sha256);
    write_p_to_t(&w, &s);
    json_object_end(&w);
}

static void write_worded_reason(struct json_writer *w, const struct decision *decision,
                                const struct stated_reason *reason,
                                const struct decision_request *request)
{
    enum { REASON_LEN_MAX = 1024 };
    struct buf text;
    buf_init(&text, REASON_LEN_MAX);
    words_reason(&text, decision, reason, request->language, request->audience);
    json_object_begin(w);
    word_member(w, STR("code"), stated_reason_code(decision, reason));
    json_text_member(w, STR("text"), buf_str(&text));
    json_object_end(w);
    buf_finish(&text);
}

void decision_words_write(struct buf *out, const struct decision_request *request,
                          const struct decision *decision, const struct model *model,
                          const struct policy *policy)
{
    enum { JUSTIFICATION_LEN_MAX = 16 * 1024, JUSTIFICATION_USUAL = 2 * 1024 };
    struct json_writer w;
    struct buf text;
    struct decision_input in = {
        .facts = &request->facts, .asked = &request->asked, .policy = policy, .model = model};
    buf_init_sized(&text, JUSTIFICATION_LEN_MAX, JUSTIFICATION_USUAL);
    words_justification(&text, decision, &in, request->language, request->audience);
    json_writer_init_canonical(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("justification"), buf_str(&text));
    word_member(&w, STR("language"), language_wire(request->language));
    json_name(&w, STR("reasons"));
    json_array_begin(&w);
    for (uint32_t i = 0; i < decision->adverse_count; i++) {
        write_worded_reason(&w, decision, &decision->adverse[i], request);
    }
    for (uint32_t i = 0; i < decision->favourable_count; i++) {
        write_worded_reason(&w, decision, &decision->favourable[i], request);
    }
    json_array_end(&w);
    word_member(&w, STR("version"), WORDS_VERSION);
    json_object_end(&w);
    buf_finish(&text);
}
