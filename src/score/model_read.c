/* model_read.c - a bundle from text: read everything, check everything, then prove it on its
 * vectors.
 */
#include "score/elementary.h"
#include "score/model_member.h"
#include "score/trees.h"

#include <stdio.h>
#include <stdlib.h>

/* A tree costs many times its text; this is for 2 million numbers. */
enum { MODEL_ARENA_MAX = 256 * 1024 * 1024 };

/* Version 2 brought the forest; whoever knows only version 1 says so instead of guessing. */
static enum status check_format(struct model_reader *r, const struct json *root)
{
    static const char *const since_2[] = {"forest", "primary"};
    const struct json *format = NULL;
    int64_t version = 0;
    TRY(member_get(&format, r, root, "format", JSON_STRING));
    if (!str_eq(format->text, STR("aval-model"))) {
        return model_refuse(r, format, "must be \"aval-model\"");
    }
    TRY(member_integer(&version, r, root, "format_version", 1, 2));
    for (size_t i = 0; version == 1 && i < ARRAY_LEN(since_2); i++) {
        const struct json *node = json_find(root, str_from(since_2[i]));
        if (node != NULL) {
            return model_refuse(r, node, "needs format_version 2");
        }
    }
    return STATUS_OK;
}

static enum status read_philosophy(struct model_reader *r, const struct json *root)
{
    static const char *const known[] = {"point_in_time", "through_the_cycle", "hybrid"};
    const struct json *node = NULL;
    TRY(member_get(&node, r, root, "philosophy", JSON_STRING));
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (str_eq(node->text, str_from(known[i]))) {
            r->model->philosophy = node->text;
            return STATUS_OK;
        }
    }
    return model_refuse(r, node, "must be point_in_time, through_the_cycle or hybrid");
}

static enum status read_identity(struct model_reader *r, const struct json *root)
{
    struct model *m = r->model;
    const struct json *ignored = NULL;
    int64_t months = 0;
    TRY(check_format(r, root));
    TRY(member_word(&m->id, r, root, "id", 64, "-."));
    TRY(member_word(&m->version, r, root, "version", 32, "-."));
    TRY(member_word(&m->default_definition, r, root, "default_definition", 64, ""));
    TRY(member_integer(&months, r, root, "horizon_months", 1, 60));
    m->horizon_months = (uint32_t)months;
    TRY(read_philosophy(r, root));
    TRY(member_get(&ignored, r, root, "card", JSON_OBJECT));
    return member_find(&ignored, r, root, "mapping", JSON_ARRAY);
}

static enum status read_inputs(struct model_reader *r, const struct json *root)
{
    struct model *m = r->model;
    const struct json *array = NULL;
    TRY(member_get(&array, r, root, "inputs", JSON_ARRAY));
    TRY(node_has_count(r, array, 1, MODEL_INPUTS_MAX));
    m->inputs = arena_array(&m->arena, struct model_input, array->count);
    if (m->inputs == NULL) {
        return model_too_large(r);
    }
    m->can_decide = m->horizon_months == 12;
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        struct model_input input = {0};
        TRY(node_word(&input.name, r, node, 64, ""));
        if (model_input_find(m, input.name) != m->input_count) {
            return model_refuse(r, node, "is an input already");
        }
        input.feature = feature_find(input.name);
        m->can_decide = m->can_decide && input.feature != FEATURE_NONE;
        m->inputs[m->input_count++] = input;
    }
    return STATUS_OK;
}

/* Which families there are, and which of them gives the PD. */
static enum status read_families(struct model_reader *r, const struct json *root)
{
    struct model *m = r->model;
    const struct json *primary = NULL;
    bool has_card = json_find(root, STR("scorecard")) != NULL;
    TRY(model_read_forest(r, root));
    if (has_card || m->trees == NULL) {
        TRY(model_read_scorecard(r, root));
    }
    m->primary = has_card ? FAMILY_SCORECARD : FAMILY_FOREST;
    if (has_card && m->trees != NULL) {
        TRY(member_get(&primary, r, root, "primary", JSON_STRING));
    } else {
        TRY(member_find(&primary, r, root, "primary", JSON_STRING));
    }
    if (primary != NULL) {
        bool is_forest = str_eq(primary->text, STR("forest"));
        if (!(is_forest ? m->trees != NULL : has_card && str_eq(primary->text, STR("scorecard")))) {
            return model_refuse(r, primary, "must be scorecard or forest, one that is here");
        }
        m->primary = is_forest ? FAMILY_FOREST : FAMILY_SCORECARD;
    }
    if (m->primary == FAMILY_FOREST) {
        m->can_decide = m->can_decide && m->trees->follows_directions;
    }
    return STATUS_OK;
}

static enum status read_calibration(struct model_reader *r, const struct json *root)
{
    static const char *const names[] = {"slope", "intercept", "train_rate"};
    struct model *m = r->model;
    const struct json *node = NULL;
    TRY(member_get(&node, r, root, "calibration", JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_number(&m->slope, r, node, "slope", (struct bounds){0.01, 10.0}));
    TRY(member_number(&m->calibration_intercept, r, node, "intercept",
                      (struct bounds){-50.0, 50.0}));
    return member_rate(&m->train_rate, r, node, "train_rate");
}

static enum status read_block_variances(struct model_reader *r, const struct json *interval)
{
    static const char *const names[] = {"bank", "payment", "legal", "graph"};
    static const enum block blocks[] = {BLOCK_BANK, BLOCK_PAYMENT, BLOCK_LEGAL, BLOCK_GRAPH};
    _Static_assert(ARRAY_LEN(names) == ARRAY_LEN(blocks), "a name a block");
    const struct json *node = NULL;
    TRY(member_get(&node, r, interval, "missing_block_variance", JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        TRY(member_number(&r->model->missing_block_variance[blocks[i]], r, node, names[i],
                          (struct bounds){0.0, 100.0}));
    }
    return STATUS_OK;
}

/* Does the half-width fit the level it claims? */
static enum status check_z(struct model_reader *r, const struct json *interval)
{
    double held = 2.0 * elementary_normal_cdf(r->model->interval_z) - 1.0;
    double gap = held - r->model->interval_level;
    if (gap > 0.005 || gap < -0.005) {
        return model_refuse(r, json_find(interval, STR("z")),
                            "holds %.3f of a normal distribution, not the level", held);
    }
    return STATUS_OK;
}

static enum status read_interval(struct model_reader *r, const struct json *root)
{
    static const char *const names[] = {
        "level",         "z", "model_variance", "age_variance_per_month", "missing_block_variance",
        "thin_variance",
    };
    static const struct bounds variance = {0.0, 100.0};
    struct model *m = r->model;
    const struct json *node = NULL;
    TRY(member_get(&node, r, root, "interval", JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_number(&m->interval_level, r, node, "level", (struct bounds){0.5, 0.999}));
    TRY(member_number(&m->interval_z, r, node, "z", (struct bounds){0.1, 5.0}));
    TRY(check_z(r, node));
    TRY(member_number(&m->model_variance, r, node, "model_variance", variance));
    TRY(member_number(&m->age_variance_per_month, r, node, "age_variance_per_month",
                      (struct bounds){0.0, 10.0}));
    TRY(member_number(&m->thin_variance, r, node, "thin_variance",
                      (struct bounds){m->model_variance, variance.high}));
    return read_block_variances(r, node);
}

static bool is_tendency_taken(const struct model *m, const struct central_tendency *row)
{
    for (uint32_t i = 0; i < m->tendency_count; i++) {
        if (m->tendencies[i].section == row->section &&
            str_eq(str_from(m->tendencies[i].country), str_from(row->country))) {
            return true;
        }
    }
    return false;
}

static enum status read_tendency(struct model_reader *r, const struct json *node)
{
    static const char *const names[] = {"country", "section", "rate", "source", "date"};
    struct central_tendency row = {0};
    struct date day;
    const struct json *source = NULL;
    const struct json *date = NULL;
    TRY(node_is(r, node, JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_place(row.country, &row.section, r, node));
    TRY(member_rate(&row.rate, r, node, "rate"));
    TRY(member_get(&source, r, node, "source", JSON_STRING));
    if (source->text.len < 1 || source->text.len > 500) {
        return model_refuse(r, source, "must name where the rate is from, in 1 to 500 bytes");
    }
    TRY(member_get(&date, r, node, "date", JSON_STRING));
    if (!date_read(&day, date->text)) {
        return model_refuse(r, date, "must be a date as 2026-11-01");
    }
    if (is_tendency_taken(r->model, &row)) {
        return model_refuse(r, node, "repeats a country and section");
    }
    r->model->tendencies[r->model->tendency_count++] = row;
    return STATUS_OK;
}

static enum status read_tendencies(struct model_reader *r, const struct json *root)
{
    static const struct central_tendency anybody = {.country = "*", .section = '*'};
    struct model *m = r->model;
    const struct json *array = NULL;
    TRY(member_get(&array, r, root, "central_tendency", JSON_ARRAY));
    TRY(node_has_count(r, array, 1, MODEL_TENDENCIES_MAX));
    m->tendencies = arena_array(&m->arena, struct central_tendency, array->count);
    if (m->tendencies == NULL) {
        return model_too_large(r);
    }
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        TRY(read_tendency(r, node));
    }
    if (!is_tendency_taken(m, &anybody)) {
        return model_refuse(r, array, "must have a rate for country \"*\" and section \"*\"");
    }
    return STATUS_OK;
}

static enum status read_age_multiplier(struct model_reader *r, const struct json *node)
{
    static const char *const names[] = {"below_years", "multiplier"};
    struct model *m = r->model;
    uint32_t i = m->age_multiplier_count;
    double below = 0.0;
    double multiplier = 0.0;
    TRY(node_is(r, node, JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_number(&below, r, node, "below_years", (struct bounds){0.0, 60.0}));
    TRY(member_number(&multiplier, r, node, "multiplier", (struct bounds){1.0, 20.0}));
    if (below <= (i > 0 ? m->age_multipliers[i - 1].below_years : 0.0)) {
        return model_refuse(r, json_find(node, STR("below_years")), "must rise from row to row");
    }
    if (i > 0 && multiplier > m->age_multipliers[i - 1].multiplier) {
        return model_refuse(r, json_find(node, STR("multiplier")),
                            "must not rise: an older company is not riskier");
    }
    m->age_multipliers[i].below_years = below;
    m->age_multipliers[i].multiplier = multiplier;
    m->age_multiplier_count++;
    return STATUS_OK;
}

static enum status read_thin(struct model_reader *r, const struct json *root)
{
    static const char *const names[] = {"age_multipliers"};
    const struct json *thin = NULL;
    const struct json *array = NULL;
    TRY(member_get(&thin, r, root, "thin", JSON_OBJECT));
    TRY(object_has_only(r, thin, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_get(&array, r, thin, "age_multipliers", JSON_ARRAY));
    TRY(node_has_count(r, array, 0, MODEL_AGE_MULTIPLIERS_MAX));
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        TRY(read_age_multiplier(r, node));
    }
    return STATUS_OK;
}

/* ---- vectors ---- */

static enum status read_vector_inputs(struct known *values, struct model_reader *r,
                                      const struct json *vector)
{
    const struct json *object = NULL;
    TRY(member_get(&object, r, vector, "inputs", JSON_OBJECT));
    for (const struct json *node = object->first; node != NULL; node = node->next) {
        uint32_t input = model_input_find(r->model, node->name);
        if (input == r->model->input_count) {
            return model_refuse(r, node, "is not one of the inputs");
        }
        if (node->type != JSON_NULL) {
            TRY(node_number(&values[input].value, r, node, (struct bounds){-1e15, 1e15}));
            values[input].is_known = true;
        }
    }
    return STATUS_OK;
}

/* A number of at most 9 decimals, in billionths. */
static enum status read_nano(int64_t *out, struct model_reader *r, const struct json *node)
{
    struct decimal decimal;
    TRY(node_is(r, node, JSON_NUMBER));
    if (!decimal_read(&decimal, node->text) || !decimal_to_scaled(out, decimal, 9)) {
        return model_refuse(r, node, "must have at most 9 decimals");
    }
    return STATUS_OK;
}

static enum status does_not_come_out(struct model_reader *r, const struct json *node, int64_t said,
                                     int64_t scored, const char *unit)
{
    return model_refuse(r, node, "does not come out: scored %lld, the bundle says %lld%s",
                        (long long)scored, (long long)said, unit);
}

/* Log-odds that a vector states under `name`. */
static enum status check_log_odds(struct model_reader *r, const struct json *vector,
                                  const char *name, double scored)
{
    const struct json *node = NULL;
    int64_t said = 0;
    TRY(member_get(&node, r, vector, name, JSON_NUMBER));
    TRY(read_nano(&said, r, node));
    if (said != log_odds_nano(scored)) {
        return does_not_come_out(r, node, said, log_odds_nano(scored), " (billionths)");
    }
    return STATUS_OK;
}

static enum status check_integer(struct model_reader *r, const struct json *vector,
                                 const char *name, int64_t high, int64_t scored)
{
    int64_t said = 0;
    TRY(member_integer(&said, r, vector, name, 0, high));
    if (said != scored) {
        return does_not_come_out(r, json_find(vector, str_from(name)), said, scored, "");
    }
    return STATUS_OK;
}

/* What each input of the forest adds, to a billionth. */
static enum status check_contributions(struct model_reader *r, const struct json *vector,
                                       const uint16_t *ranks)
{
    const struct model_trees *trees = r->model->trees;
    const struct json *array = NULL;
    double contributions[MODEL_INPUTS_MAX];
    explainer_run(contributions, &trees->explainer, ranks);
    TRY(member_get(&array, r, vector, "contributions", JSON_ARRAY));
    TRY(node_has_count(r, array, trees->input_count, trees->input_count));
    uint32_t i = 0;
    for (const struct json *node = array->first; node != NULL; node = node->next, i++) {
        int64_t said = 0;
        TRY(read_nano(&said, r, node));
        int64_t gap = said - log_odds_nano(contributions[i]);
        if (gap < -1 || gap > 1) {
            return does_not_come_out(r, node, said, log_odds_nano(contributions[i]),
                                     " (billionths)");
        }
    }
    return STATUS_OK;
}

/* The families one by one, where the model has a forest. */
static enum status check_families(struct model_reader *r, const struct json *vector,
                                  const struct known *values, const char *country)
{
    const struct model *m = r->model;
    uint16_t ranks[MODEL_INPUTS_MAX];
    if (m->trees == NULL) {
        return STATUS_OK;
    }
    trees_rank(ranks, m, values);
    TRY(check_log_odds(r, vector, "margin", forest_margin(&m->trees->forest, ranks)));
    if (m->characteristic_count > 0) {
        TRY(check_log_odds(r, vector, "card_log_odds",
                           scorecard_log_odds(m, values, country, NULL)));
    }
    return check_contributions(r, vector, ranks);
}

static enum status check_members(struct model_reader *r, const struct json *vector)
{
    static const char *const names[] = {"country",  "section",       "inputs",
                                        "log_odds", "pd_ppm",        "score",
                                        "margin",   "contributions", "card_log_odds"};
    enum { OF_ONE_CARD = 6, OF_ONE_FOREST = 8 };
    const struct model *m = r->model;
    size_t count = m->trees == NULL ? OF_ONE_CARD : OF_ONE_FOREST;
    if (m->trees != NULL && m->characteristic_count > 0) {
        count = ARRAY_LEN(names);
    }
    TRY(node_is(r, vector, JSON_OBJECT));
    return object_has_only(r, vector, (struct member_names){names, count});
}

static enum status check_vector(struct model_reader *r, const struct json *node)
{
    struct known values[MODEL_INPUTS_MAX] = {0};
    char country[3];
    char section = '*';
    TRY(check_members(r, node));
    TRY(member_place(country, &section, r, node));
    TRY(read_vector_inputs(values, r, node));

    double log_odds = model_log_odds(r->model, values, country);
    uint32_t pd_ppm = model_pd_ppm(r->model, log_odds, country, section);
    TRY(check_log_odds(r, node, "log_odds", log_odds));
    TRY(check_integer(r, node, "pd_ppm", PD_PPM_ONE, pd_ppm));
    TRY(check_integer(r, node, "score", 1000, score_of_pd(pd_ppm)));
    return check_families(r, node, values, country);
}

static enum status check_vectors(struct model_reader *r, const struct json *root)
{
    const struct json *array = NULL;
    uint32_t most = r->model->trees == NULL ? MODEL_VECTORS_MAX : MODEL_FOREST_VECTORS_MAX;
    TRY(member_get(&array, r, root, "vectors", JSON_ARRAY));
    TRY(node_has_count(r, array, MODEL_VECTORS_MIN, most));
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        TRY(check_vector(r, node));
    }
    return STATUS_OK;
}

static enum status read_root(struct model_reader *r, const struct json *root)
{
    static const char *const names[] = {
        "format",     "format_version", "id",          "version",
        "card",       "mapping",        "inputs",      "default_definition",
        "reference",  "scorecard",      "calibration", "horizon_months",
        "interval",   "thin",           "vectors",     "central_tendency",
        "philosophy", "forest",         "primary",
    };
    TRY(node_is(r, root, JSON_OBJECT));
    TRY(object_has_only(r, root, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(read_identity(r, root));
    TRY(read_inputs(r, root));
    TRY(model_read_references(r, root));
    TRY(read_families(r, root));
    TRY(read_calibration(r, root));
    TRY(read_interval(r, root));
    TRY(read_tendencies(r, root));
    TRY(read_thin(r, root));
    return check_vectors(r, root);
}

static enum status read_into(struct model *model, struct str text, struct error *err)
{
    struct model_reader r = {.model = model, .err = err};
    struct json_error fault;
    struct str copy = arena_copy(&model->arena, text);
    if (copy.ptr == NULL) {
        return model_too_large(&r);
    }
    model->root = json_read(copy, &model->arena, &fault);
    if (model->root == NULL) {
        return error_set(err, STATUS_INVALID, fault.pointer, "line %u, column %u: %s", fault.line,
                         fault.column, fault.message);
    }
    return read_root(&r, model->root);
}

enum status model_read(struct model **out, struct str text, struct error *err)
{
    if (text.len > MODEL_LEN_MAX) {
        return error_set(err, STATUS_INVALID, "", "a bundle has at most %d bytes", MODEL_LEN_MAX);
    }
    struct model *model = calloc(1, sizeof *model);
    if (model == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for a bundle");
    }
    arena_init(&model->arena, MODEL_ARENA_MAX);
    enum status status = read_into(model, text, err);
    if (status != STATUS_OK) {
        model_destroy(model);
        return status;
    }
    *out = model;
    return STATUS_OK;
}
