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

#define VECTOR_0 "\"log_odds\": -6.595, \"pd_ppm\": 1384, \"score\": 831"

/* clang-format off */
static const struct mutation mutations[] = {
    /* not JSON, or not as it should be */
    {"{\n  \"format\"", "[\n  \"format\"", "", "line 2"},
    {"\"format_version\": 3,", "\"format_version\": 3,,", "", "line 3"},
    {"\"version\": \"2026.11.0\"", "\"id\": \"again\"", "/id", "line 5"},
    {"\"format_version\": 3", "\"format_version\": NaN", "/format_version", "line 3"},
    /* who it is */
    {"\"format\": \"aval-model\"", "\"format\": \"pmml\"", "/format", "aval-model"},
    {"\"format\": \"aval-model\"", "\"format\": 1", "/format", "type string"},
    {"\"format_version\": 3", "\"format_version\": 4", "/format_version", "from 3 to 3"},
    {"\"format_version\": 3", "\"format_version\": 2", "/format_version", "from 3 to 3"},
    {"\"format_version\": 3", "\"format_version\": 1.5", "/format_version", "integer"},
    {"\"format_version\": 3", "\"format_version\": \"1\"", "/format_version", "type number"},
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
    {"\"inputs\": [\"equity_ratio\"", "\"inputs\": [\"equity_share\"", "/blocks/financial/scorecard/characteristics/0/input", "not one of the inputs"},
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
    {"\"intercept\": -3.2", "\"intercept\": -50.5", "/blocks/financial/scorecard/intercept", "from -50 to 50"},
    {"\"intercept\": -3.2", "\"intercept\": 1e999", "/blocks/financial/scorecard/intercept", "finite"},
    {"\"intercept\": -3.2", "\"intercept\": -3.200000000000001", "/blocks/financial/scorecard/intercept", "15 significant"},
    {"\"intercept\": -3.2", "\"intercept\": \"-3.2\"", "/blocks/financial/scorecard/intercept", "type number"},
    {"\"intercept\": -3.2,", "\"intercept\": -3.2, \"bias\": 1,", "/blocks/financial/scorecard/bias", "not a member"},
    {"\"characteristics\": [\n", "\"characteristics\": [ 7,\n", "/blocks/financial/scorecard/characteristics/0", "type object"},
    {"\"input\": \"quick_ratio\"", "\"input\": \"equity_ratio\"", "/blocks/financial/scorecard/characteristics/1/input", "already"},
    {"\"coefficient\": -0.8, ", "", "/blocks/financial/scorecard/characteristics/0/coefficient", "required"},
    {"\"coefficient\": -0.8", "\"coefficient\": 0", "/blocks/financial/scorecard/characteristics/0/coefficient", "negative"},
    {"\"coefficient\": -0.8", "\"coefficient\": 0.8", "/blocks/financial/scorecard/characteristics/0/coefficient", "negative"},
    {"\"coefficient\": -0.8", "\"coefficient\": -10.1", "/blocks/financial/scorecard/characteristics/0/coefficient", "from -10"},
    {"\"edges\": [0.0, 0.1, 0.3]", "\"edges\": [0.0, 0.0, 0.3]", "/blocks/financial/scorecard/characteristics/0/edges/1", "repeats"},
    {"\"edges\": [0.0, 0.1, 0.3]", "\"edges\": [0.0, 0.3, 0.1]", "/blocks/financial/scorecard/characteristics/0/edges/2", "below the one before"},
    {"\"edges\": [0.0, 0.1, 0.3]", "\"edges\": [0.0, 0.1, 1.3]", "/blocks/financial/scorecard/characteristics/0/edges/2", "outside -1 to 1"},
    {"\"edges\": [0.0, 0.1, 0.3]", "\"edges\": []", "/blocks/financial/scorecard/characteristics/0/edges", "1 to 31"},
    {"\"edges\": [0.0, 0.1, 0.3]", "\"edges\": [0.0, 0.1]", "/blocks/financial/scorecard/characteristics/0/woe", "3 to 3"},
    {"\"edges\": [0.0, 0.1, 0.25]", "\"edges\": [-0.1, 0.1, 0.25]", "/blocks/financial/scorecard/characteristics/4/edges/0", "lowest edge cf_tl"},
    {"\"edges\": [2.0, 5.0, 15.0]", "\"edges\": [-2.0, 5.0, 15.0]", "/blocks/financial/scorecard/characteristics/6/edges/0", "lowest edge debt_ebitda"},
    {"\"edges\": [0.2, 0.5, 0.8]", "\"edges\": [0.2, 0.5, 1.1]", "/blocks/financial/scorecard/characteristics/1/edges/2", "rank"},
    {"\"woe\": [-1.2, -0.4, 0.2, 0.9]", "\"woe\": [-1.2, -0.4, 0.2]", "/blocks/financial/scorecard/characteristics/0/woe", "4 to 4"},
    {"\"woe\": [-1.2, -0.4, 0.2, 0.9]", "\"woe\": [-1.2, -1.4, 0.2, 0.9]", "/blocks/financial/scorecard/characteristics/0/woe/1", "falls"},
    {"\"woe\": [-1.2, -0.4, 0.2, 0.9]", "\"woe\": [-20.5, -0.4, 0.2, 0.9]", "/blocks/financial/scorecard/characteristics/0/woe/0", "from -20"},
    {"\"woe\": [-1.2, -0.4, 0.2, 0.9]", "\"woe\": [-1.2, -0.4, 0.2, 1e400]", "/blocks/financial/scorecard/characteristics/0/woe/3", "finite"},
    {"\"woe\": [0.5, 0.0, -0.7]", "\"woe\": [0.5, 0.6, -0.7]", "/blocks/financial/scorecard/characteristics/7/woe/1", "rises"},
    {"\"missing_woe\": -0.3", "\"missing_woe\": 0.3", "/blocks/financial/scorecard/characteristics/0/missing_woe", "to 0"},
    {"\"missing_woe\": -0.3, ", "", "/blocks/financial/scorecard/characteristics/0/missing_woe", "required"},
    {"\"missing_woe\": -0.3", "\"missing\": -0.3", "/blocks/financial/scorecard/characteristics/0/missing", "not a member"},
    {"\"goods\": [10, 20, 30, 40, 5]", "\"goods\": [10, 20, 30, 40]", "/blocks/financial/scorecard/characteristics/0/goods", "5 to 5"},
    {"\"goods\": [10, 20, 30, 40, 5]", "\"goods\": [10, 20, 30, 40, -5]", "/blocks/financial/scorecard/characteristics/0/goods/4", "integer from 0"},
    {"\"goods\": [10, 20, 30, 40, 5], ", "", "/blocks/financial/scorecard/characteristics/0/goods", "required"},
    /* blocks */
    {"\"financial\": {", "\"accounts\": {", "/blocks/accounts", "not a member"},
    {"\"firmographic\": {\n", "\"graph\": {\n", "/blocks/graph", "not a member"},
    {"\"kind\": \"trained\"", "\"kind\": \"guessed\"", "/blocks/financial/kind", "trained or expert"},
    {"      \"kind\": \"trained\",\n", "", "/blocks/financial/kind", "required"},
    {"\"kind\": \"trained\"", "\"kind\": \"expert\"", "/blocks/financial/low", "required"},
    {"\"kind\": \"trained\"", "\"kind\": \"trained\", \"low\": -5", "/blocks/financial/high", "required"},
    {"\"kind\": \"trained\"", "\"kind\": \"trained\", \"low\": -5, \"high\": -5", "/blocks/financial/high", "above"},
    {"\"kind\": \"trained\"", "\"kind\": \"trained\", \"low\": -51, \"high\": 5", "/blocks/financial/low", "from -50"},
    {"\"kind\": \"trained\"", "\"kind\": \"trained\", \"low\": -5, \"high\": 5", "/vectors/0/blocks/financial/log_odds", "scored -5000000000"},
    {"\"kind\": \"trained\"", "\"kind\": \"trained\", \"weight\": 1", "/blocks/financial/weight", "not a member"},
    {"\"kind\": \"trained\"", "\"kind\": \"trained\", \"forest_weight\": 0.5", "/blocks/financial/forest_weight", "a scorecard and a forest"},
    {"\"scorecard\": {", "\"scorecards\": {", "/blocks/financial/scorecards", "not a member"},
    {"{\"input\": \"age_years\"", "{\"input\": \"quick_ratio\"", "/blocks/firmographic/scorecard/characteristics/0/edges/0", "rank"},
    {"{\"input\": \"age_years\"", "{\"input\": \"neg_equity\"", "/blocks/firmographic/scorecard/characteristics/0/edges/0", "outside"},
    {"{\"input\": \"sector_lo\"", "{\"input\": \"d_roa\"", "/blocks/firmographic/scorecard/characteristics/1/woe/1", "falls"},
    /* stack */
    {"\"stack\": {\"intercept\": 0", "\"stack\": {\"intercept\": 51", "/stack/intercept", "from -50 to 50"},
    {"\"stack\": {\"intercept\": 0,", "\"stack\": {", "/stack/intercept", "required"},
    {"\"stack\": {", "\"stack\": {\"link\": \"logit\", ", "/stack/link", "not a member"},
    {"{\"financial\": {\"weight\": 1", "{\"financial\": {\"weight\": -0.1", "/stack/blocks/financial/weight", "from 0 to 2"},
    {"{\"financial\": {\"weight\": 1", "{\"financial\": {\"weight\": 2.01", "/stack/blocks/financial/weight", "from 0 to 2"},
    {"{\"financial\": {\"weight\": 1, \"mean\": 0", "{\"financial\": {\"weight\": 1, \"mean\": -51", "/stack/blocks/financial/mean", "from -50 to 50"},
    {"\"firmographic\": {\"weight\": 1, \"mean\": 0}", "\"firmographic\": {\"weight\": 1}", "/stack/blocks/firmographic/mean", "required"},
    {", \"firmographic\": {\"weight\": 1, \"mean\": 0}", "", "/stack/blocks/firmographic", "required"},
    {"\"firmographic\": {\"weight\": 1", "\"bank\": {\"weight\": 1, \"mean\": 0}, \"firmographic\": {\"weight\": 1", "/stack/blocks/bank", "not a member"},
    {"{\"financial\": {\"weight\": 1, \"mean\": 0}, \"firmographic\": {\"weight\": 1", "{\"financial\": {\"weight\": 0, \"mean\": 0}, \"firmographic\": {\"weight\": 0", "/stack/blocks", "above 0"},
    {"[[0, 0, 0], [0, 0, 0], [0, 0, 0]]", "[[0, 0, 0], [0, 0, 0]]", "/stack/covariance", "3 to 3"},
    {"[[0, 0, 0], [0, 0, 0], [0, 0, 0]]", "[[0, 0, 0], [0, 0], [0, 0, 0]]", "/stack/covariance/1", "3 to 3"},
    {"[[0, 0, 0], [0, 0, 0], [0, 0, 0]]", "[[0, 0, 0], [0, 101, 0], [0, 0, 0]]", "/stack/covariance/1/1", "from -100 to 100"},
    {"[[0, 0, 0], [0, 0, 0], [0, 0, 0]]", "[[1, 0, 0.5], [0, 1, 0], [0.4, 0, 1]]", "/stack/covariance/2/0", "mirror"},
    {"[[0, 0, 0], [0, 0, 0], [0, 0, 0]]", "[[1, 0, 0], [0, -1, 0], [0, 0, 1]]", "/stack/covariance", "negative variance"},
    {"[[0, 0, 0], [0, 0, 0], [0, 0, 0]]", "[[1, 1.1, 0], [1.1, 1, 0], [0, 0, 1]]", "/stack/covariance", "negative variance"},
    {"[[0, 0, 0], [0, 0, 0], [0, 0, 0]]", "[[0, 0.1, 0], [0.1, 1, 0], [0, 0, 1]]", "/stack/covariance", "negative variance"},
    /* graph */
    {"\"uplift_ratio\": 2", "\"uplift_ratio\": 0.9", "/graph/uplift_ratio", "from 1 to 10"},
    {"\"uplift_ratio\": 2", "\"uplift_ratio\": 10.1", "/graph/uplift_ratio", "from 1 to 10"},
    {"\"uplift_points\": 0.1", "\"uplift_points\": -0.1", "/graph/uplift_points", "from 0 to 1"},
    {"\"uplift_points\": 0.1", "\"uplift_points\": 1.1", "/graph/uplift_points", "from 0 to 1"},
    {"\"uplift_points\": 0.1", "\"points\": 0.1", "/graph/points", "not a member"},
    /* calibration */
    {"\"covariance\": [[0, 0], [0, 0]]}", "\"covariance\": [[0.1, 0.2], [0.2, 0.1]]}", "/calibration/covariance", "negative variance"},
    {", \"covariance\": [[0, 0], [0, 0]]}", "}", "/calibration/covariance", "required"},
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
    {"\"inputs\": {\"equity_ratio\": 0.45", "\"inputs\": {\"equity_ratio\": 0.25", "/vectors/0/blocks/financial/log_odds", "does not come out"},
    {"\"inputs\": {\"equity_ratio\": 0.45", "\"inputs\": {\"equity_ratio\": null", "/vectors/0/blocks/financial/log_odds", "does not come out"},
    {"\"blocks\": {\"financial\": {\"card\": ", "\"blocks\": {\"financial\": {\"cards\": ", "/vectors/0/blocks/financial/card", "required"},
    {"\"blocks\": {\"financial\": {\"card\": ", "\"blocks\": {\"financial\": {\"forest\": 0, \"card\": ", "/vectors/0/blocks/financial/forest", "not a member"},
    {"\"blocks\": {\"financial\": {\"card\": ", "\"blocks\": {\"bank\": {}, \"financial\": {\"card\": ", "/vectors/0/blocks/bank", "not a member"},
    {"\"blocks\": {\"financial\": {\"card\": ", "\"blocks\": {\"accounts\": {\"card\": ", "/vectors/0/blocks/financial", "required"},
    {"\"stack\": {\"intercept\": 0", "\"stack\": {\"intercept\": 0.1", "/vectors/0/log_odds", "does not come out"},
    /* numbers that are fine each, and prove wrong together */
    {"\"intercept\": -3.2", "\"intercept\": -3.1", "/vectors/0/blocks/financial/log_odds", "does not come out"},
    {"\"slope\": 0.95", "\"slope\": 0.96", "/vectors/0/pd_ppm", "does not come out"},
    {"\"woe\": [-1.2, -0.4, 0.2, 0.9]", "\"woe\": [-1.21, -0.4, 0.2, 0.9]", "/vectors/1/blocks/financial/log_odds", "does not come out"},
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
    const struct model_block *financial = &model->blocks[BLOCK_FINANCIAL];
    const struct model_block *firmographic = &model->blocks[BLOCK_FIRMOGRAPHIC];
    assert_true(financial->is_there && firmographic->is_there);
    assert_false(model->blocks[BLOCK_BANK].is_there);
    assert_int_equal(financial->characteristic_count, 12);
    assert_int_equal(firmographic->characteristic_count, 2);
    assert_true(financial->low == -MODEL_LOG_ODDS_MAX && financial->high == MODEL_LOG_ODDS_MAX);
    assert_true(model->uplift_cap.ratio == 2.0 && model->uplift_cap.points == 0.1);
    assert_int_equal(model->inputs[0].block, BLOCK_FINANCIAL);
    assert_int_equal(model->inputs[12].block, BLOCK_FIRMOGRAPHIC);
    assert_int_equal(model->inputs[14].block, BLOCK_COUNT);
    assert_int_equal(model->reference_count, 2);
    assert_int_equal(model->tendency_count, 7);
    assert_int_equal(model->age_multiplier_count, 2);
    assert_true(financial->characteristics[0].worst_woe == -1.2);
    assert_true(financial->characteristics[0].best_woe == 0.9);
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
        "format",         "format_version", "id",    "version",  "default_definition",
        "horizon_months", "philosophy",     "card",  "inputs",   "blocks",
        "stack",          "calibration",    "graph", "interval", "central_tendency",
        "thin",           "vectors",
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

/* Every feature stands in the catalogue, and one is read where it does not belong. */
static void lets_no_block_decide_by_the_features_of_another(void **state)
{
    (void)state;
    char *sound = tiny_text();
    char *one = replaced(sound, "\"firmographic\": {\n", "\"legal\": {\n");
    char *two = replaced(one, "\"firmographic\": {\"weight\"", "\"legal\": {\"weight\"");
    struct model *model = NULL;
    struct error err = {0};
    assert_int_equal(model_read(&model, str_from(two), &err), STATUS_INVALID);
    assert_string_equal(err.field, "/vectors/0/blocks/legal"); /* or it would be taken: */
    assert_int_equal(model_read_draft(&model, str_from(two), NULL), STATUS_OK);
    assert_false(model->can_decide);
    model_destroy(model);
    free(two);
    free(one);
    free(sound);
}

static void lets_no_two_blocks_read_the_same(void **state)
{
    (void)state;
    char *sound = tiny_text();
    char *text = replaced(sound, "{\"input\": \"statement_age\"", "{\"input\": \"log_ta\"");
    char *again = replaced(text, "{\"input\": \"age_years\"", "{\"input\": \"log_ta\"");
    char *fits = replaced(again, "\"edges\": [9.0, 18.0], \"woe\": [0.1, -0.1, -0.5]",
                          "\"edges\": [3.0, 6.0], \"woe\": [-0.5, -0.1, 0.1]");
    char *fits_both = replaced(fits, "\"edges\": [2.0, 5.0, 10.0]", "\"edges\": [2.0, 5.0, 8.0]");
    struct model *model = NULL;
    struct error err = {0};
    assert_int_equal(model_read(&model, str_from(fits_both), &err), STATUS_INVALID);
    assert_string_equal(err.field, "/blocks/firmographic");
    assert_non_null(strstr(err.message, "log_ta, which the block \"financial\" reads already"));
    free(fits_both);
    free(fits);
    free(again);
    free(text);
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
        {"\"edges\": [0.49, 0.6, 0.7]", "/blocks/financial/scorecard/characteristics/4/edges/0"},
        {"\"edges\": [0.0, 0.6, 0.7]",  "/blocks/financial/scorecard/characteristics/4/edges/0"},
        {"\"edges\": [0.6, 0.7, 1.5]",  "/blocks/financial/scorecard/characteristics/4/edges/2"},
        {"\"edges\": [0.5, 0.6, 1.0]",
         "/vectors/0/blocks/financial/log_odds"                                                }, /* sound, but another card */
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
    "{\"format\":\"aval-model\",\"format_version\":3,\"id\":\"x\",\"version\":\"1\",\"default_"
    "defini"
    "tion\":\"d\",\"horizon_months\":12,\"philosophy\":\"hybrid\",\"card\":{},\"inputs\":[\"x17\"],"
    "\""
    "blocks\":{\"financial\":{\"kind\":\"trained\",\"scorecard\":{\"intercept\":-3,\"characterist"
    "ics\":[{\"input\":\"x17\",\"coefficient\":-1,\"edges\":[10,20],\"woe\":[-1,1,0.25],\"missing"
    "_woe\":-0.5}]}}},\"stack\":{\"intercept\":0,\"blocks\":{\"financial\":{\"weight\":1,\"mean\":"
    "0}},\"covariance\":[[0,0],[0,0]]},\"graph\":{\"uplift_ratio\":1,\"uplift_points\":0},\"ca"
    "libration\":{\"slope\":1,\"intercept\":0,\"train_rate\":0.02,\"covariance\":[[0,0],[0,0]]"
    "},\"interval\":{\"level\":0.9,\"z\":1.645,\"model_variance\":0,\"age_variance_per_month\":"
    "0,\"missing_block_variance\":{\"firmographic\":0,\"bank\":0,\"payment\":0,\"legal\":0,\"gra"
    "ph\":0},\"thin_variance\":0},\"central_tendency\":[{\"country\":\"*\",\"section\":\"*\",\"rate"
    "\":0.02,\"source\":\"s\",\"date\":\"2026-11-01\"}],\"thin\":{\"age_multipliers\":[]},\"vectors"
    "\":[{\"country\":\"*\",\"section\":\"*\",\"inputs\":{},\"log_odds\":-2.5,\"pd_ppm\":75858,"
    "\"scor"
    "e\":478,\"blocks\":{\"financial\":{\"card\":-2.5,\"log_odds\":-2.5}}},{\"country\":\"*\",\"sec"
    "tion\":\"*\",\"inputs\":{\"x17\":-1000000000000000.0},\"log_odds\":-2.0,\"pd_ppm\":119203,\""
    "score\":434,\"blocks\":{\"financial\":{\"card\":-2.0,\"log_odds\":-2.0}}},{\"country\":\"*\","
    "\"section\":\"*\",\"inputs\":{\"x17\":9.9},\"log_odds\":-2.0,\"pd_ppm\":119203,\"score\":434,"
    "\""
    "blocks\":{\"financial\":{\"card\":-2.0,\"log_odds\":-2.0}}},{\"country\":\"*\",\"section\":\"*"
    "\",\"inputs\":{\"x17\":10},\"log_odds\":-4.0,\"pd_ppm\":17986,\"score\":608,\"blocks\":{\"fina"
    "ncial\":{\"card\":-4.0,\"log_odds\":-4.0}}},{\"country\":\"*\",\"section\":\"*\",\"inputs\":{"
    "\"x"
    "17\":19.5},\"log_odds\":-4.0,\"pd_ppm\":17986,\"score\":608,\"blocks\":{\"financial\":{\"car"
    "d\":-4.0,\"log_odds\":-4.0}}},{\"country\":\"*\",\"section\":\"*\",\"inputs\":{\"x17\":20},"
    "\"log"
    "_odds\":-3.25,\"pd_ppm\":37327,\"score\":543,\"blocks\":{\"financial\":{\"card\":-3.25,\"log"
    "_odds\":-3.25}}},{\"country\":\"*\",\"section\":\"*\",\"inputs\":{\"x17\":1000000000000000.0}"
    ",\"log_odds\":-3.25,\"pd_ppm\":37327,\"score\":543,\"blocks\":{\"financial\":{\"card\":-3.25"
    ",\"log_odds\":-3.25}}},{\"country\":\"*\",\"section\":\"*\",\"inputs\":{},\"log_odds\":-2.5,"
    "\"p"
    "d_ppm\":75858,\"score\":478,\"blocks\":{\"financial\":{\"card\":-2.5,\"log_odds\":-2.5}}}]}";

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
        cmocka_unit_test(lets_no_block_decide_by_the_features_of_another),
        cmocka_unit_test(lets_no_two_blocks_read_the_same),
        cmocka_unit_test(holds_a_ranked_edge_to_the_value_it_stands_for),
        cmocka_unit_test(counts_no_zeros_at_the_ends_as_digits),
        cmocka_unit_test(takes_a_foreign_card_without_references),
        cmocka_unit_test(keeps_nothing_of_the_text_it_was_given),
        cmocka_unit_test(refuses_more_bytes_than_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
