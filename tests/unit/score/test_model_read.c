/* test_model_read.c - a bundle is code from outside: every fault is refused, and named.
 *
 * Each row breaks the sound bundle in one place. */
#include "tiny.h"

#include <string.h>

struct mutation {
    const char *was, *is; /* the first `was` in the file becomes `is` */
    const char *pointer;
    const char *message; /* a part of it */
};

#define VECTOR_0 "\"log_odds\": -6.595000000, \"pd_ppm\": 1384, \"score\": 831"

/* clang-format off */
static const struct mutation mutations[] = {
    /* not JSON, or not as it should be */
    {"{\n  \"format\"", "[\n  \"format\"", "", "line 2"},
    {"\"format_version\": 1,", "\"format_version\": 1,,", "", "line 3"},
    {"\"version\": \"2026.11.0\"", "\"id\": \"again\"", "/id", "line 5"},
    {"\"format_version\": 1", "\"format_version\": NaN", "/format_version", "line 3"},
    /* who it is */
    {"\"format\": \"aval-model\"", "\"format\": \"pmml\"", "/format", "aval-model"},
    {"\"format\": \"aval-model\"", "\"format\": 1", "/format", "type string"},
    {"\"format_version\": 1", "\"format_version\": 3", "/format_version", "from 1 to 2"},
    {"\"format_version\": 1", "\"format_version\": 1.5", "/format_version", "integer"},
    {"\"format_version\": 1", "\"format_version\": \"1\"", "/format_version", "type number"},
    {"\"id\": \"tiny\"", "\"id\": \"\"", "/id", "1 to 64"},
    {"\"id\": \"tiny\"", "\"id\": \"Tiny\"", "/id", "a-z"},
    {"\"id\": \"tiny\"", "\"id\": \"../tiny\"", "/id", "a-z"},
    {"\"id\": \"tiny\"", "\"name\": \"tiny\"", "/name", "not a member"},
    {"  \"id\": \"tiny\",\n", "", "/id", "required"},
    {"\"version\": \"2026.11.0\"", "\"version\": \"123456789012345678901234567890123\"", "/version", "1 to 32"},
    {"\"insolvency_12m\"", "\"insolvency 12m\"", "/default_definition", "a-z"},
    {"\"insolvency_12m\"", "null", "/default_definition", "not null"},
    {"\"horizon_months\": 12", "\"horizon_months\": 0", "/horizon_months", "from 1 to 60"},
    {"\"horizon_months\": 12", "\"horizon_months\": 61", "/horizon_months", "from 1 to 60"},
    {"\"point_in_time\"", "\"at_times\"", "/philosophy", "through_the_cycle"},
    {"\"card\": {", "\"cards\": {", "/cards", "not a member"},
    {"{\"purpose\": \"made by hand for the unit tests; its numbers describe no real company\"}", "[]", "/card", "type object"},
    {"\"mapping\": []", "\"mapping\": {}", "/mapping", "type array"},
    /* inputs */
    {"\"inputs\": [\"equity_ratio\", \"quick_ratio\"", "\"inputs\": [\"equity_ratio\", \"equity_ratio\"", "/inputs/1", "already"},
    {"\"inputs\": [\"equity_ratio\"", "\"inputs\": [7", "/inputs/0", "type string"},
    {"\"inputs\": [\"equity_ratio\"", "\"inputs\": [\"Equity Ratio\"", "/inputs/0", "a-z"},
    {"\"inputs\": [\"equity_ratio\"", "\"inputs\": [\"equity_share\"", "/scorecard/characteristics/0/input", "not one of the inputs"},
    /* references */
    {"\"name\": \"France\", ", "", "/reference/0/name", "required"},
    {"\"name\": \"France\", ", "\"name\": \"France\", \"weight\": 1, ", "/reference/0/weight", "not a member"},
    {"\"countries\": [\"FR\"]", "\"countries\": [\"fr\"]", "/reference/0/countries/0", "ISO 3166"},
    {"\"countries\": [\"FR\"]", "\"countries\": [\"FRA\"]", "/reference/0/countries/0", "ISO 3166"},
    {"\"countries\": [\"FR\"]", "\"countries\": []", "/reference/0/countries", "1 to 1000"},
    {"\"countries\": [\"FR\"]", "\"countries\": [\"FR\", \"BE\", \"FR\"]", "/reference/0/countries/2", "already"},
    {"\"countries\": [\"FR\"]", "\"countries\": [\"*\"]", "/reference/1/countries/0", "already"},
    {"\"countries\": [\"*\"]", "\"countries\": [\"FR\"]", "/reference/1/countries/0", "already"},
    {"\"countries\": [\"*\"]", "\"countries\": [\"BE\"]", "/reference", "all other countries"},
    {"\"quick_ratio\": [0.0, 0.02", "\"quick_ratio\": [0.02", "/reference/0/quantiles/quick_ratio", "101"},
    {"\"quick_ratio\": [0.0, 0.02", "\"quick_ratio\": [0.0, 0.07", "/reference/0/quantiles/quick_ratio/2", "below the one before"},
    {"\"quick_ratio\": [0.0, 0.02", "\"quick_ratio\": [-1e16, 0.02", "/reference/0/quantiles/quick_ratio/0", "from -1e+15"},
    {"\"quick_ratio\": [0.0, 0.02", "\"quick_ratio\": [null, 0.02", "/reference/0/quantiles/quick_ratio/0", "type number"},
    {"      \"quick_ratio\": [0.0, 0.02", "      \"fast_ratio\": [0.0, 0.02", "/reference/0/quantiles/fast_ratio", "not one of the inputs"},
    {"      \"quick_ratio\": [0.0, 0.02", "      \"equity_tl\": [0.0, 0.02", "/reference/0/quantiles/equity_tl", "not one of the inputs"},
    {"      \"quick_ratio\": [0.0, 0.02", "      \"log_ta\": [0.0, 0.02", "/reference/1", "same inputs"},
    {"      \"quick_ratio\": [0.0, 0.03", "      \"log_ta\": [0.0, 0.03", "/reference/1", "same inputs"},
    /* scorecard */
    {"\"intercept\": -3.2", "\"intercept\": -50.5", "/scorecard/intercept", "from -50 to 50"},
    {"\"intercept\": -3.2", "\"intercept\": 1e999", "/scorecard/intercept", "finite"},
    {"\"intercept\": -3.2", "\"intercept\": -3.200000000000001", "/scorecard/intercept", "15 significant"},
    {"\"intercept\": -3.2", "\"intercept\": \"-3.2\"", "/scorecard/intercept", "type number"},
    {"\"intercept\": -3.2,", "\"intercept\": -3.2, \"bias\": 1,", "/scorecard/bias", "not a member"},
    {"\"characteristics\": [\n", "\"characteristics\": [ 7,\n", "/scorecard/characteristics/0", "type object"},
    {"\"input\": \"quick_ratio\"", "\"input\": \"equity_ratio\"", "/scorecard/characteristics/1/input", "already"},
    {"\"coefficient\": -0.8, ", "", "/scorecard/characteristics/0/coefficient", "required"},
    {"\"coefficient\": -0.8", "\"coefficient\": 0", "/scorecard/characteristics/0/coefficient", "negative"},
    {"\"coefficient\": -0.8", "\"coefficient\": 0.8", "/scorecard/characteristics/0/coefficient", "negative"},
    {"\"coefficient\": -0.8", "\"coefficient\": -10.1", "/scorecard/characteristics/0/coefficient", "from -10"},
    {"\"edges\": [0.0, 0.1, 0.3]", "\"edges\": [0.0, 0.0, 0.3]", "/scorecard/characteristics/0/edges/1", "repeats"},
    {"\"edges\": [0.0, 0.1, 0.3]", "\"edges\": [0.0, 0.3, 0.1]", "/scorecard/characteristics/0/edges/2", "below the one before"},
    {"\"edges\": [0.0, 0.1, 0.3]", "\"edges\": [0.0, 0.1, 1.3]", "/scorecard/characteristics/0/edges/2", "outside -1 to 1"},
    {"\"edges\": [0.0, 0.1, 0.3]", "\"edges\": []", "/scorecard/characteristics/0/edges", "1 to 31"},
    {"\"edges\": [0.0, 0.1, 0.3]", "\"edges\": [0.0, 0.1]", "/scorecard/characteristics/0/woe", "3 to 3"},
    {"\"edges\": [0.0, 0.1, 0.25]", "\"edges\": [-0.1, 0.1, 0.25]", "/scorecard/characteristics/4/edges/0", "lowest edge cf_tl"},
    {"\"edges\": [2.0, 5.0, 15.0]", "\"edges\": [-2.0, 5.0, 15.0]", "/scorecard/characteristics/6/edges/0", "lowest edge debt_ebitda"},
    {"\"edges\": [0.2, 0.5, 0.8]", "\"edges\": [0.2, 0.5, 1.1]", "/scorecard/characteristics/1/edges/2", "rank"},
    {"\"woe\": [-1.2, -0.4, 0.2, 0.9]", "\"woe\": [-1.2, -0.4, 0.2]", "/scorecard/characteristics/0/woe", "4 to 4"},
    {"\"woe\": [-1.2, -0.4, 0.2, 0.9]", "\"woe\": [-1.2, -1.4, 0.2, 0.9]", "/scorecard/characteristics/0/woe/1", "falls"},
    {"\"woe\": [-1.2, -0.4, 0.2, 0.9]", "\"woe\": [-20.5, -0.4, 0.2, 0.9]", "/scorecard/characteristics/0/woe/0", "from -20"},
    {"\"woe\": [-1.2, -0.4, 0.2, 0.9]", "\"woe\": [-1.2, -0.4, 0.2, 1e400]", "/scorecard/characteristics/0/woe/3", "finite"},
    {"\"woe\": [0.5, 0.0, -0.7]", "\"woe\": [0.5, 0.6, -0.7]", "/scorecard/characteristics/7/woe/1", "rises"},
    {"\"missing_woe\": -0.3", "\"missing_woe\": 0.3", "/scorecard/characteristics/0/missing_woe", "to 0"},
    {"\"missing_woe\": -0.3, ", "", "/scorecard/characteristics/0/missing_woe", "required"},
    {"\"missing_woe\": -0.3", "\"missing\": -0.3", "/scorecard/characteristics/0/missing", "not a member"},
    {"\"goods\": [10, 20, 30, 40, 5]", "\"goods\": [10, 20, 30, 40]", "/scorecard/characteristics/0/goods", "5 to 5"},
    {"\"goods\": [10, 20, 30, 40, 5]", "\"goods\": [10, 20, 30, 40, -5]", "/scorecard/characteristics/0/goods/4", "integer from 0"},
    {"\"goods\": [10, 20, 30, 40, 5], ", "", "/scorecard/characteristics/0/goods", "required"},
    /* calibration */
    {"\"slope\": 0.95", "\"slope\": 0", "/calibration/slope", "from 0.01"},
    {"\"slope\": 0.95", "\"slope\": -0.95", "/calibration/slope", "from 0.01"},
    {"\"train_rate\": 0.03", "\"train_rate\": 0", "/calibration/train_rate", "neither included"},
    {"\"train_rate\": 0.03", "\"train_rate\": 1", "/calibration/train_rate", "neither included"},
    {"\"train_rate\": 0.03", "\"train_rate\": 3", "/calibration/train_rate", "from 0 to 1"},
    {"\"train_rate\": 0.03", "\"train_rate\": 0.03, \"method\": 1", "/calibration/method", "not a member"},
    /* interval */
    {"\"level\": 0.9", "\"level\": 90", "/interval/level", "from 0.5"},
    {"\"z\": 1.645", "\"z\": 1.96", "/interval/z", "not the level"},
    {"\"model_variance\": 0.04", "\"model_variance\": -0.04", "/interval/model_variance", "from 0"},
    {"\"age_variance_per_month\": 0.005, ", "", "/interval/age_variance_per_month", "required"},
    {"\"bank\": 0.02", "\"banks\": 0.02", "/interval/missing_block_variance/banks", "not a member"},
    {"\"graph\": 0.01", "\"graph\": -0.01", "/interval/missing_block_variance/graph", "from 0"},
    {"\"bank\": 0.02, ", "", "/interval/missing_block_variance/bank", "required"},
    {"\"thin_variance\": 1.0", "\"thin_variance\": 0.03", "/interval/thin_variance", "from 0.04"},
    /* central tendencies */
    {"{\"country\": \"*\", \"section\": \"*\", \"rate\": 0.02", "{\"country\": \"*\", \"section\": \"A\", \"rate\": 0.02", "/central_tendency", "country \"*\" and section \"*\""},
    {"{\"country\": \"FR\", \"section\": \"F\"", "{\"country\": \"FR\", \"section\": \"*\"", "/central_tendency/2", "repeats"},
    {"{\"country\": \"FR\", \"section\": \"F\"", "{\"country\": \"FR\", \"section\": \"Z\"", "/central_tendency/2/section", "A to U"},
    {"{\"country\": \"FR\", \"section\": \"F\"", "{\"country\": \"FR\", \"section\": \"\"", "/central_tendency/2/section", "A to U"},
    {"{\"country\": \"FR\", \"section\": \"F\"", "{\"country\": \"XX\", \"section\": \"F\"", "/central_tendency/2/country", "ISO 3166"},
    {"\"rate\": 0.031", "\"rate\": 1", "/central_tendency/2/rate", "neither included"},
    {"\"rate\": 0.02, \"source\": \"made by hand\"", "\"rate\": 0.02, \"source\": \"\"", "/central_tendency/0/source", "1 to 500"},
    {"\"date\": \"2026-11-01\"", "\"date\": \"2026-11-31\"", "/central_tendency/0/date", "date"},
    {"\"date\": \"2026-11-01\"", "\"date\": \"2026-11-01\", \"note\": 1", "/central_tendency/0/note", "not a member"},
    /* thin file */
    {"\"below_years\": 2", "\"below_years\": 0", "/thin/age_multipliers/0/below_years", "must rise"},
    {"\"below_years\": 5", "\"below_years\": 2", "/thin/age_multipliers/1/below_years", "must rise"},
    {"\"multiplier\": 1.2", "\"multiplier\": 1.7", "/thin/age_multipliers/1/multiplier", "must not rise"},
    {"\"multiplier\": 1.2", "\"multiplier\": 0.5", "/thin/age_multipliers/1/multiplier", "from 1"},
    {"\"thin\": {", "\"thin\": {\"floor\": 1, ", "/thin/floor", "not a member"},
    /* vectors */
    {VECTOR_0, "\"log_odds\": -6.595000001, \"pd_ppm\": 1384, \"score\": 831", "/vectors/0/log_odds", "does not come out"},
    {VECTOR_0, "\"log_odds\": -6.5950000001, \"pd_ppm\": 1384, \"score\": 831", "/vectors/0/log_odds", "9 decimals"},
    {VECTOR_0, "\"log_odds\": -6.595, \"pd_ppm\": 1385, \"score\": 831", "/vectors/0/pd_ppm", "scored 1384"},
    {VECTOR_0, "\"log_odds\": -6.595, \"pd_ppm\": 1384, \"score\": 832", "/vectors/0/score", "scored 831"},
    {VECTOR_0, "\"log_odds\": -6.595, \"pd_ppm\": 1384", "/vectors/0/score", "required"},
    {"\"inputs\": {\"equity_ratio\": 0.45", "\"inputs\": {\"equity_share\": 0.45", "/vectors/0/inputs/equity_share", "not one of the inputs"},
    {"\"inputs\": {\"equity_ratio\": 0.45", "\"inputs\": {\"equity_ratio\": true", "/vectors/0/inputs/equity_ratio", "type number"},
    {"\"inputs\": {\"equity_ratio\": 0.45", "\"inputs\": {\"equity_ratio\": 0.25", "/vectors/0/log_odds", "does not come out"},
    {"\"inputs\": {\"equity_ratio\": 0.45", "\"inputs\": {\"equity_ratio\": null", "/vectors/0/log_odds", "does not come out"},
    /* numbers that are fine each, and prove wrong together */
    {"\"intercept\": -3.2", "\"intercept\": -3.1", "/vectors/0/log_odds", "does not come out"},
    {"\"slope\": 0.95", "\"slope\": 0.96", "/vectors/0/pd_ppm", "does not come out"},
    {"\"woe\": [-1.2, -0.4, 0.2, 0.9]", "\"woe\": [-1.21, -0.4, 0.2, 0.9]", "/vectors/1/log_odds", "does not come out"},
    {"\"rate\": 0.021", "\"rate\": 0.0211", "/vectors/0/pd_ppm", "does not come out"},
};
/* clang-format on */

/* The text with the first `was` replaced; the caller frees. */
static char *replaced(const char *text, const char *was, const char *is)
{
    const char *at = strstr(text, was);
    if (at == NULL) {
        print_error("not in the bundle: %s\n", was);
    }
    assert_non_null(at);
    size_t before = (size_t)(at - text);
    size_t size = strlen(text) + strlen(is) + 1;
    char *out = malloc(size);
    assert_non_null(out);
    memcpy(out, text, before);
    (void)snprintf(out + before, size - before, "%s%s", is, at + strlen(was));
    return out;
}

static void takes_the_sound_bundle(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    assert_text(model->id, "tiny");
    assert_text(model->version, "2026.11.0");
    assert_text(model->default_definition, "insolvency_12m");
    assert_text(model->philosophy, "point_in_time");
    assert_int_equal(model->horizon_months, 12);
    assert_true(model->can_decide);
    assert_int_equal(model->input_count, 15);
    assert_int_equal(model->characteristic_count, 14);
    assert_int_equal(model->reference_count, 2);
    assert_int_equal(model->tendency_count, 7);
    assert_int_equal(model->age_multiplier_count, 2);
    assert_true(model->characteristics[0].worst_woe == -1.2);
    assert_true(model->characteristics[0].best_woe == 0.9);
    assert_true(model->missing_block_variance[BLOCK_PAYMENT] == 0.03);
    assert_true(model->missing_block_variance[BLOCK_FINANCIAL] == 0.0);
    assert_non_null(json_find(model->root, STR("card")));
    model_destroy(model);
    model_destroy(NULL);
}

static void refuses_a_broken_bundle_and_says_where(void **state)
{
    (void)state;
    char *sound = tiny_text();
    unsigned failures = 0;
    for (size_t i = 0; i < ARRAY_LEN(mutations); i++) {
        const struct mutation *m = &mutations[i];
        char *broken = replaced(sound, m->was, m->is);
        struct model *model = NULL;
        struct error err = {0};
        enum status status = model_read(&model, str_from(broken), &err);
        bool is_named =
            strcmp(err.field, m->pointer) == 0 && strstr(err.message, m->message) != NULL;
        if (status != STATUS_INVALID || model != NULL || !is_named) {
            failures++;
            print_error("%s -> %s\n  got  %s: %s\n  want %s: %s\n", m->was, m->is, err.field,
                        err.message, m->pointer, m->message);
        }
        free(broken);
    }
    free(sound);
    assert_int_equal(failures, 0);
}

static void needs_every_member_of_the_top(void **state)
{
    (void)state;
    static const char *const required[] = {
        "format",
        "format_version",
        "id",
        "version",
        "default_definition",
        "horizon_months",
        "philosophy",
        "card",
        "inputs",
        "scorecard",
        "calibration",
        "interval",
        "central_tendency",
        "thin",
        "vectors",
    };
    char *sound = tiny_text();
    for (size_t i = 0; i < ARRAY_LEN(required); i++) {
        char was[64], is[64], pointer[64];
        (void)snprintf(was, sizeof was, "\n  \"%s\":", required[i]);
        (void)snprintf(is, sizeof is, "\n  \"%s_\":", required[i]);
        (void)snprintf(pointer, sizeof pointer, "/%s_", required[i]);
        char *broken = replaced(sound, was, is);
        struct model *model = NULL;
        struct error err = {0};
        assert_int_equal(model_read(&model, str_from(broken), &err), STATUS_INVALID);
        assert_string_equal(err.field, pointer);
        free(broken);
    }
    free(sound);
}

/* What is cut off is never taken for a shorter bundle. */
static void refuses_a_truncated_bundle(void **state)
{
    (void)state;
    char *sound = tiny_text();
    size_t len = strlen(sound);
    for (size_t cut = 0; cut < len - 2; cut += 97) {
        struct model *model = NULL;
        struct error err = {0};
        assert_int_equal(model_read(&model, str_of(sound, cut), &err), STATUS_INVALID);
    }
    free(sound);
}

static void takes_fewer_vectors_than_eight_for_no_proof(void **state)
{
    (void)state;
    char *sound = tiny_text();
    char *vectors = strstr(sound, "\"vectors\": [");
    assert_non_null(vectors);
    (void)snprintf(vectors, 32, "\"vectors\": []}");
    struct model *model = NULL;
    struct error err = {0};
    assert_int_equal(model_read(&model, str_from(sound), &err), STATUS_INVALID);
    assert_string_equal(err.field, "/vectors");
    free(sound);
}

static void lets_a_foreign_or_longer_model_score_tables_but_not_decide(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"\"log_ta\"]",            "\"x17\"]"              },
        {"\"horizon_months\": 12", "\"horizon_months\": 36"},
    };
    char *sound = tiny_text();
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        char *text = replaced(sound, changes[i][0], changes[i][1]);
        struct model *model = NULL;
        assert_int_equal(model_read(&model, str_from(text), NULL), STATUS_OK);
        assert_false(model->can_decide);
        model_destroy(model);
        free(text);
    }
    free(sound);
}

/* 101 quantiles of cf_tl, `low` to `low` + 1, before those of quick_ratio. */
static char *with_cash_flow_ranked(const char *text, const char *was, double low)
{
    char is[8192];
    int len = snprintf(is, sizeof is, "\"cf_tl\": [");
    for (int i = 0; i < MODEL_QUANTILES; i++) {
        len += snprintf(is + len, sizeof is - (size_t)len, "%s%.2f", i > 0 ? ", " : "",
                        low + i / 100.0);
    }
    (void)snprintf(is + len, sizeof is - (size_t)len, "], %s", was);
    return replaced(text, was, is);
}

/* cf_tl may have no edge below zero, and a rank is an edge at the value it stands for: in France
 * the rank 0.5 is a cash flow of zero. */
static void holds_a_ranked_edge_to_the_value_it_stands_for(void **state)
{
    (void)state;
    static const struct {
        const char *edges, *pointer;
    } rows[] = {
        {"\"edges\": [0.49, 0.6, 0.7]", "/scorecard/characteristics/4/edges/0"},
        {"\"edges\": [0.0, 0.6, 0.7]",  "/scorecard/characteristics/4/edges/0"},
        {"\"edges\": [0.6, 0.7, 1.5]",  "/scorecard/characteristics/4/edges/2"},
        {"\"edges\": [0.5, 0.6, 1.0]",  "/vectors/0/log_odds"                 }, /* sound, but another card */
    };
    char *sound = tiny_text();
    char *french = with_cash_flow_ranked(sound, "\"quick_ratio\": [0.0, 0.02", -0.5);
    char *ranked = with_cash_flow_ranked(french, "\"quick_ratio\": [0.0, 0.03", 0.0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *text = replaced(ranked, "\"edges\": [0.0, 0.1, 0.25]", rows[i].edges);
        struct model *model = NULL;
        struct error err = {0};
        assert_int_equal(model_read(&model, str_from(text), &err), STATUS_INVALID);
        assert_string_equal(err.field, rows[i].pointer);
        free(text);
    }
    free(ranked);
    free(french);
    free(sound);
}

static void counts_no_zeros_at_the_ends_as_digits(void **state)
{
    (void)state;
    char *sound = tiny_text();
    char *text = replaced(sound, "\"below_years\": 2", "\"below_years\": 2.0000000000000000");
    char *longer =
        replaced(text, "\"model_variance\": 0.04", "\"model_variance\": 0.00000000000000004e15");
    struct model *model = NULL;
    assert_int_equal(model_read(&model, str_from(longer), NULL), STATUS_OK);
    assert_true(model->age_multipliers[0].below_years == 2.0);
    assert_true(model->model_variance == 0.04);
    model_destroy(model);
    free(longer);
    free(text);
    free(sound);
}

/* The least a bundle can be: no references, no mapping, no counts; and an input of somebody else's,
 * about whose direction nothing is known. */
static const char *const foreign_bundle =
    "{\"format\":\"aval-model\",\"format_version\":1,\"id\":\"x\",\"version\":\"1\",\"default_"
    "definition\":\"d\","
    "\"horizon_months\":12,\"philosophy\":\"hybrid\",\"card\":{},\"inputs\":[\"x17\"],"
    "\"scorecard\":{\"intercept\":-3,\"characteristics\":[{\"input\":\"x17\",\"coefficient\":-1,"
    "\"edges\":[10,20],\"woe\":[-1,1,0.25],\"missing_woe\":-0.5}]},"
    "\"calibration\":{\"slope\":1,\"intercept\":0,\"train_rate\":0.02},"
    "\"interval\":{\"level\":0.9,\"z\":1.645,\"model_variance\":0,\"age_variance_per_month\":0,"
    "\"missing_block_variance\":{\"bank\":0,\"payment\":0,\"legal\":0,\"graph\":0},\"thin_"
    "variance\":0},"
    "\"central_tendency\":[{\"country\":\"*\",\"section\":\"*\",\"rate\":0.02,\"source\":\"s\","
    "\"date\":\"2026-11-01\"}],\"thin\":{\"age_multipliers\":[]},\"vectors\":["
    "{\"country\":\"*\",\"section\":\"*\",\"inputs\":{},\"log_odds\":-2.5,\"pd_ppm\":75858,"
    "\"score\":478},"
    "{\"country\":\"*\",\"section\":\"*\",\"inputs\":{\"x17\":-1000000000000000.0},\"log_odds\":-2."
    "0,\"pd_ppm\":119203,\"score\":434},"
    "{\"country\":\"*\",\"section\":\"*\",\"inputs\":{\"x17\":9.9},\"log_odds\":-2.0,\"pd_ppm\":"
    "119203,\"score\":434},"
    "{\"country\":\"*\",\"section\":\"*\",\"inputs\":{\"x17\":10},\"log_odds\":-4.0,\"pd_ppm\":"
    "17986,\"score\":608},"
    "{\"country\":\"*\",\"section\":\"*\",\"inputs\":{\"x17\":19.5},\"log_odds\":-4.0,\"pd_ppm\":"
    "17986,\"score\":608},"
    "{\"country\":\"*\",\"section\":\"*\",\"inputs\":{\"x17\":20},\"log_odds\":-3.25,\"pd_ppm\":"
    "37327,\"score\":543},"
    "{\"country\":\"*\",\"section\":\"*\",\"inputs\":{\"x17\":1000000000000000.0},\"log_odds\":-3."
    "25,\"pd_ppm\":37327,\"score\":543},"
    "{\"country\":\"*\",\"section\":\"*\",\"inputs\":{},\"log_odds\":-2.5,\"pd_ppm\":75858,"
    "\"score\":478}]}";

static void takes_a_foreign_card_without_references(void **state)
{
    (void)state;
    struct model *model = NULL;
    struct error err = {0};
    if (model_read(&model, str_from(foreign_bundle), &err) != STATUS_OK) {
        print_error("%s: %s\n", err.field, err.message);
    }
    assert_non_null(model);
    assert_int_equal(model->reference_count, 0);
    assert_int_equal(model->age_multiplier_count, 0);
    assert_true(model->inputs[0].feature == FEATURE_NONE);
    assert_false(model->can_decide);
    model_destroy(model);
}

static void keeps_nothing_of_the_text_it_was_given(void **state)
{
    (void)state;
    char *text = tiny_text();
    struct model *model = NULL;
    assert_int_equal(model_read(&model, str_from(text), NULL), STATUS_OK);
    memset(text, 'x', strlen(text));
    free(text);
    assert_text(model->inputs[0].name, "equity_ratio");
    assert_text(json_find(model->root, STR("id"))->text, "tiny");
    model_destroy(model);
}

static void refuses_more_bytes_than_the_limit(void **state)
{
    (void)state;
    char *text = calloc(1, MODEL_LEN_MAX + 1);
    assert_non_null(text);
    memset(text, ' ', MODEL_LEN_MAX + 1);
    struct model *model = NULL;
    struct error err = {0};
    assert_int_equal(model_read(&model, str_of(text, MODEL_LEN_MAX + 1), &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "at most"));
    assert_int_equal(model_read(&model, str_of(text, MODEL_LEN_MAX), &err), STATUS_INVALID);
    assert_null(strstr(err.message, "at most"));
    free(text);
}

int main(void)
{
    _Static_assert(ARRAY_LEN(mutations) >= 50, "negative cases outnumber positive ones");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_sound_bundle),
        cmocka_unit_test(refuses_a_broken_bundle_and_says_where),
        cmocka_unit_test(needs_every_member_of_the_top),
        cmocka_unit_test(refuses_a_truncated_bundle),
        cmocka_unit_test(takes_fewer_vectors_than_eight_for_no_proof),
        cmocka_unit_test(lets_a_foreign_or_longer_model_score_tables_but_not_decide),
        cmocka_unit_test(holds_a_ranked_edge_to_the_value_it_stands_for),
        cmocka_unit_test(counts_no_zeros_at_the_ends_as_digits),
        cmocka_unit_test(takes_a_foreign_card_without_references),
        cmocka_unit_test(keeps_nothing_of_the_text_it_was_given),
        cmocka_unit_test(refuses_more_bytes_than_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
