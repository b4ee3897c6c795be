/* test_scorecard_train.c - the whole way: two synthetic countries to a bundle, the same bytes
 * everywhere. */
#include "train/train.h"

#include "format/decimal.h"
#include "score/model.h"
#include "train/fold.h"
#include "train/validate.h"

#include "../expect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRMS = 600, YEARS = 3 };

/* sha256 of the bundle that bundle_of_two_countries makes: the same under any compiler and
 * optimisation. */
#define DIGEST "f55a8e97e6bea9f3787b12cbda9564b8f9948ae61cef023c7a476912dda70761"

static char directory[] = "/tmp/test_train_XXXXXX";
static char home_csv[64], away_csv[64], home_map[64], away_map[64], rates[64], bundle_path[64];

static void file_put(const char *path, struct str bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

static double chance(uint64_t *state)
{
    return (double)(splitmix64(state) >> 11) * 0x1p-53;
}

/* Firms whose equity and margin follow a hidden quality, which decides who fails; integers only, so
 * that the file is the same everywhere. */
static void table_put(const char *path, uint64_t seed, const char *equity_name, int shift)
{
    CLEANUP(buf_finish) struct buf csv;
    buf_init(&csv, 4 * 1024 * 1024);
    buf_printf(&csv, "firm,year,assets,%s,profit,sales,noise,bad\n", equity_name);
    for (int firm = 0; firm < FIRMS; firm++) {
        double quality = chance(&seed);
        quality += chance(&seed) - 1;
        for (int year = 0; year < YEARS; year++) {
            int equity = (int)(1000 * (0.3 + 0.4 * quality + 0.3 * (chance(&seed) - 0.5))) + shift;
            int profit = (int)(1000 * (0.05 + 0.1 * quality + 0.1 * (chance(&seed) - 0.5)));
            bool bad = chance(&seed) < 0.25 * (0.6 - quality) * (0.6 - quality) * (quality < 0.6);
            buf_printf(&csv, "f%d,%d,1000,%d,", firm, 2000 + year, equity);
            if (chance(&seed) > 0.05) {
                buf_append_int(&csv, profit);
            }
            int sales = 900 + (int)(200 * chance(&seed));
            int noise = (int)(100 * chance(&seed));
            buf_printf(&csv, ",%d,%d,%d\n", sales, noise, bad);
        }
    }
    assert_false(buf_failed(&csv));
    file_put(path, buf_str(&csv));
}

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL) {
        return 1;
    }
    const struct {
        char *path;
        const char *name;
    } paths[] = {
        {home_csv,    "home.csv"   },
        {away_csv,    "away.csv"   },
        {home_map,    "home.json"  },
        {away_map,    "away.json"  },
        {rates,       "rates.json" },
        {bundle_path, "bundle.json"},
    };
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        (void)snprintf(paths[i].path, 64, "%s/%s", directory, paths[i].name);
    }
    table_put(home_csv, 11, "equity", 0);
    table_put(away_csv, 12, "own_funds", 100);
    file_put(home_map,
             STR("{\"name\":\"home\",\"country\":\"FR\",\"label\":\"bad\",\"group\":\"firm\","
                 "\"order\":\"year\","
                 "\"test_where\":\"year >= 2001\",\"features\":{\"equity_ratio\":\"equity / "
                 "assets\",\"roa\":\"profit / "
                 "assets\",\"d_roa\":\"(profit - prev(profit)) / assets\",\"log_ta\":\"log10(noise "
                 "+ 1)\"}}"));
    file_put(away_map, STR("{\"name\":\"away\",\"country\":\"PL\",\"label\":\"bad\",\"group\":"
                           "\"firm\",\"features\":{"
                           "\"equity_ratio\":\"own_funds / assets\",\"roa\":\"profit / "
                           "assets\",\"log_ta\":\"log10(noise + 1)\"}}"));
    file_put(rates, STR("{\"central_tendency\":[{\"country\":\"*\",\"section\":\"*\",\"rate\":0.02,"
                        "\"source\":\"a test\",\"date\":"
                        "\"2026-01-01\"},{\"country\":\"FR\",\"section\":\"G\",\"rate\":0.03,"
                        "\"source\":\"a test\",\"date\":\"2026-01-01\"}]}"));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    const char *const paths[] = {home_csv, away_csv, home_map, away_map, rates, bundle_path};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        (void)unlink(paths[i]);
    }
    return rmdir(directory);
}

static struct train_options two_countries(void)
{
    struct train_options o = train_options_default();
    o.set_count = 2;
    o.sets[0].data[o.sets[0].data_count++] = home_csv;
    o.sets[0].test[o.sets[0].test_count++] = home_csv;
    o.sets[0].mapping = home_map;
    o.sets[1].data[o.sets[1].data_count++] = away_csv;
    o.sets[1].mapping = away_map;
    o.central_tendency = rates;
    o.seed = 7;
    return o;
}

static void train(struct buf *out, struct train_summary *summary, const struct train_options *o)
{
    struct error err = {0};
    buf_init(out, MODEL_LEN_MAX);
    if (train_scorecard(out, summary, o, &err) != STATUS_OK) {
        fail_msg("%s %s", err.field, err.message);
    }
}

static void it_gives_the_same_bytes_every_time_and_everywhere(void **state)
{
    (void)state;
    struct train_options o = two_countries();
    CLEANUP(buf_finish) struct buf once;
    CLEANUP(buf_finish) struct buf again;
    struct train_summary summary;
    train(&once, &summary, &o);
    train(&again, &summary, &o);
    assert_true(str_eq(buf_str(&once), buf_str(&again)));
    assert_string_equal(summary.sha256, DIGEST);
}

static void it_writes_a_bundle_that_ranks_as_cross_validation_said(void **state)
{
    (void)state;
    struct train_options o = two_countries();
    CLEANUP(buf_finish) struct buf text;
    struct train_summary summary;
    train(&text, &summary, &o);
    assert_int_equal(summary.row_count, 2 * FIRMS * YEARS);
    assert_true(summary.cross_validated_auc > 0.7);
    struct model *model = NULL;
    struct error err = {0};
    assert_int_equal(model_read(&model, buf_str(&text), &err), STATUS_OK);
    assert_true(model->can_decide);
    assert_int_equal(model->input_count, summary.characteristic_count);
    assert_true(model_central_tendency(model, "FR", 'G') == 0.03);
    assert_true(json_find(model->root, STR("vectors"))->count >= 32);
    bool has_missing = false;
    for (const struct json *v = json_find(model->root, STR("vectors"))->first; v != NULL;
         v = v->next) {
        has_missing = has_missing || json_find(v, STR("inputs"))->first->type == JSON_NULL;
    }
    assert_true(has_missing);
    for (uint32_t i = 0; i < model->input_count; i++) {
        assert_false(str_eq(model->inputs[i].name, STR("log_ta"))); /* that was noise */
    }
    model_destroy(model);
}

static void it_validates_by_the_mapping_whose_columns_are_there(void **state)
{
    (void)state;
    struct train_options o = two_countries();
    CLEANUP(buf_finish) struct buf text;
    CLEANUP(buf_finish) struct buf predictions;
    struct train_summary summary;
    struct metrics m;
    train(&text, &summary, &o);
    file_put(bundle_path, buf_str(&text));
    struct validate_options v = {.bundle = bundle_path, .data_count = 1};
    v.data[0] = away_csv;
    v.where = STR("year == 2002");
    buf_init(&predictions, 1024 * 1024);
    assert_int_equal(
        validate_model(&m, NULL, &(struct validate_tables){.predictions = &predictions}, &v, NULL),
        STATUS_OK);
    assert_int_equal(m.n, FIRMS);
    assert_true(m.auc > 0.65);
    assert_true(str_starts_with(buf_str(&predictions), STR("row,pd,score\n3,0.")));
    uint32_t lines = 0;
    for (size_t i = 0; i < predictions.len; i++) {
        lines += predictions.ptr[i] == '\n';
    }
    assert_int_equal(lines, FIRMS + 1);
}

static void it_ranks_by_country_when_told_to(void **state)
{
    (void)state;
    struct train_options o = two_countries();
    CLEANUP(buf_finish) struct buf text;
    struct train_summary summary;
    struct model *model = NULL;
    o.rank = TRAIN_RANK_ON;
    train(&text, &summary, &o);
    assert_true(summary.is_ranked);
    assert_int_equal(model_read(&model, buf_str(&text), NULL), STATUS_OK);
    assert_int_equal(model->reference_count, 3); /* FR, PL and all others */
    model_destroy(model);
}

static void it_learns_from_columns_without_a_mapping(void **state)
{
    (void)state;
    struct train_options o = train_options_default();
    CLEANUP(buf_finish) struct buf text;
    struct train_summary summary;
    o.set_count = 1;
    o.sets[0].data[o.sets[0].data_count++] = home_csv;
    o.label = STR("bad");
    o.group = STR("firm");
    o.excluded[o.excluded_count++] = STR("equit*");
    o.excluded[o.excluded_count++] = STR("profti*");
    train(&text, &summary, &o);
    assert_int_equal(summary.unknown_excluded_count, 1);
    assert_text(summary.unknown_excluded[0], "profti*");
    struct model *model = NULL;
    assert_int_equal(model_read(&model, buf_str(&text), NULL), STATUS_OK);
    assert_false(model->can_decide); /* "profit" is no ratio of the catalogue */
    for (uint32_t i = 0; i < model->input_count; i++) {
        assert_false(str_starts_with(model->inputs[i].name, STR("equit")));
        assert_false(str_eq(model->inputs[i].name, STR("bad")));
    }
    /* Without a table of rates the level is that of the data. */
    assert_true(model_central_tendency(model, "FR", 'G') == model->train_rate);
    model_destroy(model);
}

enum fault {
    NO_LABEL,
    WRONG_LABEL,
    NO_FILE,
    NO_MAPPING,
    NO_RATES,
    RATES_ARE_NO_RATES,
    NOTHING_CORE,
    ALL_EXCLUDED,
    ONLY_NOISE,
    ONE_CLASS,
    NO_ROWS,
    BAD_WHERE,
    BAD_ID,
    FAULT_COUNT,
};

static void fault_make(struct train_options *o, enum fault fault)
{
    switch (fault) {
    case NO_LABEL: o->sets[0].mapping = NULL; break;
    case WRONG_LABEL: o->label = STR("year"); break;
    case NO_FILE: o->sets[0].data[0] = "/nowhere/data.csv"; break;
    case NO_MAPPING: o->sets[0].mapping = "/nowhere/mapping.json"; break;
    case NO_RATES: o->central_tendency = "/nowhere/rates.json"; break;
    case RATES_ARE_NO_RATES: o->central_tendency = home_map; break;
    case NOTHING_CORE:
        o->core_only = true;
        o->excluded[0] = STR("equity_ratio");
        o->excluded[1] = STR("roa");
        o->excluded_count = 2;
        break;
    case ALL_EXCLUDED:
    case ONLY_NOISE:
        o->excluded[0] = STR("equity_ratio");
        o->excluded[1] = STR("roa");
        o->excluded[2] = STR("d_roa");
        o->excluded[3] = STR("log_ta");
        o->excluded_count = fault == ALL_EXCLUDED ? 4 : 3;
        break;
    case ONE_CLASS: o->where = STR("bad == 0"); break;
    case NO_ROWS: o->where = STR("year > 3000"); break;
    case BAD_WHERE: o->where = STR("year >"); break;
    case BAD_ID: o->id = STR("Not An Id"); break;
    case FAULT_COUNT: break;
    }
}

static void it_refuses_with_a_reason_and_writes_nothing(void **state)
{
    (void)state;
    for (int fault = 0; fault < FAULT_COUNT; fault++) {
        struct train_options o = two_countries();
        CLEANUP(buf_finish) struct buf text;
        struct train_summary summary;
        struct error err = {0};
        fault_make(&o, (enum fault)fault);
        buf_init(&text, MODEL_LEN_MAX);
        if (train_scorecard(&text, &summary, &o, &err) == STATUS_OK) {
            fail_msg("fault %d passed", fault);
        }
        assert_true(err.message[0] != '\0');
        assert_int_equal(text.len, 0);
    }
}

static void it_refuses_to_validate_what_does_not_fit(void **state)
{
    (void)state;
    struct metrics m;
    struct error err = {0};
    struct train_options o = two_countries();
    CLEANUP(buf_finish) struct buf text;
    struct train_summary summary;
    train(&text, &summary, &o);
    file_put(bundle_path, buf_str(&text));
    const struct {
        const char *bundle, *data, *label, *where;
    } rows[] = {
        {"/nowhere.json", home_csv,       "",     ""        },
        {home_map,        home_csv,       "",     ""        },
        {bundle_path,     "/nowhere.csv", "",     ""        },
        {bundle_path,     home_map,       "",     ""        },
        {bundle_path,     home_csv,       "year", ""        },
        {bundle_path,     home_csv,       "bda",  ""        },
        {bundle_path,     home_csv,       "",     "bad == 1"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct validate_options v = {.bundle = rows[i].bundle, .data_count = 1};
        v.data[0] = rows[i].data;
        v.label = str_from(rows[i].label);
        v.where = str_from(rows[i].where);
        assert_int_not_equal(validate_model(&m, NULL, &(struct validate_tables){0}, &v, &err),
                             STATUS_OK);
        assert_true(err.message[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_gives_the_same_bytes_every_time_and_everywhere),
        cmocka_unit_test(it_writes_a_bundle_that_ranks_as_cross_validation_said),
        cmocka_unit_test(it_validates_by_the_mapping_whose_columns_are_there),
        cmocka_unit_test(it_ranks_by_country_when_told_to),
        cmocka_unit_test(it_learns_from_columns_without_a_mapping),
        cmocka_unit_test(it_refuses_with_a_reason_and_writes_nothing),
        cmocka_unit_test(it_refuses_to_validate_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
