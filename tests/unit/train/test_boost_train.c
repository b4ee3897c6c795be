/* test_boost_train.c - trees from a table to a bundle, and what is refused on the way.
 *
 * Needs XGBoost's library, as training does. */
#include "train/train.h"

#include "base/elementary.h"
#include "forest/file.h"
#include "score/trees.h"
#include "train/boost_fit.h"
#include "train/fold.h"
#include "train/validate.h"

#include "../expect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRMS = 500, YEARS = 2 };

static char directory[] = "/tmp/test_boost_XXXXXX";
static char sound_csv[64], one_class_csv[64], wide_csv[64], bundle_path[64], held_out_csv[64];

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

/* Firms fail with little equity and long credit, but also, against all sense, with much of it: what
 * a directed tree must not learn and a free one will. */
static void sound_table_put(void)
{
    CLEANUP(buf_finish) struct buf csv;
    uint64_t seed = 5;
    buf_init(&csv, 1 << 20);
    buf_printf(&csv, "firm,equity_ratio,cf_tl,stl_days,dso,other,bad\n");
    for (int firm = 0; firm < FIRMS; firm++) {
        for (int year = 0; year < YEARS; year++) {
            int equity = (int)(1000 * chance(&seed)) - 200;
            int cash = (int)(600 * chance(&seed)) - 200;
            int days = (int)(200 * chance(&seed));
            int dso = (int)(150 * chance(&seed));
            double risk = 0.05 + (equity < 100 ? 0.3 : 0) + (equity > 650 ? 0.25 : 0) +
                          (days > 120 ? 0.15 : 0) + (cash < 0 ? 0.1 : 0);
            bool is_cash_known = chance(&seed) > 0.1;
            risk += is_cash_known ? 0 : 0.3; /* trees will ask whether it is known at all */
            buf_printf(&csv, "f%d,%.3f,", firm, equity / 1000.0);
            if (is_cash_known) {
                buf_printf(&csv, "%.3f", cash / 1000.0);
            }
            buf_printf(&csv, ",%d,%d,%d,%d\n", days, dso, (int)(9 * chance(&seed)),
                       chance(&seed) < risk);
        }
    }
    assert_false(buf_failed(&csv));
    file_put(sound_csv, buf_str(&csv));
}

static void wide_table_put(void)
{
    CLEANUP(buf_finish) struct buf csv;
    buf_init(&csv, 1 << 20);
    for (int row = -1; row < 40; row++) {
        for (int i = 0; i <= MODEL_INPUTS_MAX; i++) {
            if (row < 0) {
                buf_printf(&csv, "x%d,", i);
            } else {
                buf_printf(&csv, "%d,", (row * i) % 7);
            }
        }
        buf_printf(&csv, row < 0 ? "bad\n" : "%d\n", row % 2);
    }
    file_put(wide_csv, buf_str(&csv));
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
        {sound_csv,     "sound.csv"  },
        {one_class_csv, "one.csv"    },
        {wide_csv,      "wide.csv"   },
        {bundle_path,   "bundle.json"},
        {held_out_csv,  "held.csv"   },
    };
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        (void)snprintf(paths[i].path, 64, "%s/%s", directory, paths[i].name);
    }
    sound_table_put();
    wide_table_put();
    file_put(one_class_csv, STR("a,bad\n1,0\n2,0\n3,0\n4,0\n5,0\n6,0\n"));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    const char *const paths[] = {sound_csv, one_class_csv, wide_csv, bundle_path, held_out_csv};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        (void)unlink(paths[i]);
    }
    return rmdir(directory);
}

static struct train_options options_of(const char *csv)
{
    struct train_options o = train_options_default();
    o.set_count = 1;
    o.sets[0].data[o.sets[0].data_count++] = csv;
    o.label = STR("bad");
    o.seed = 7;
    return o;
}

static struct train_options sound_options(void)
{
    struct train_options o = options_of(sound_csv);
    o.group = STR("firm");
    o.fold_count = 3;
    o.depth_max = 2;
    return o;
}

struct trained {
    struct buf bundle, library_json;
    struct train_summary summary;
    struct model *model;
};

static void trained_make(struct trained *t, const struct train_options *o)
{
    struct error err = {0};
    *t = (struct trained){0};
    buf_init(&t->bundle, MODEL_LEN_MAX);
    buf_init(&t->library_json, MODEL_LEN_MAX);
    if (train_boost(&t->bundle, &t->library_json, &t->summary, o, &err) != STATUS_OK) {
        fail_msg("%s %s", err.field, err.message);
    }
    assert_int_equal(model_read(&t->model, buf_str(&t->bundle), &err), STATUS_OK);
}

static void trained_finish(struct trained *t)
{
    model_destroy(t->model);
    buf_finish(&t->library_json);
    buf_finish(&t->bundle);
}

static void it_gives_the_same_bytes_for_the_same_data_options_and_seed(void **state)
{
    (void)state;
    struct train_options o = sound_options();
    struct trained once, again, other;
    trained_make(&once, &o);
    trained_make(&again, &o);
    o.seed = 8;
    trained_make(&other, &o);
    assert_true(str_eq(buf_str(&once.bundle), buf_str(&again.bundle)));
    assert_string_equal(once.summary.sha256, again.summary.sha256);
    assert_string_not_equal(once.summary.sha256, other.summary.sha256);
    trained_finish(&other);
    trained_finish(&again);
    trained_finish(&once);
}

static void it_ships_a_forest_that_may_decide_and_says_how_it_came_about(void **state)
{
    (void)state;
    struct train_options o = sound_options();
    o.excluded[o.excluded_count++] = STR("other");
    struct trained t;
    trained_make(&t, &o);
    const struct model *m = t.model;
    const struct model_block *block = &m->blocks[BLOCK_FINANCIAL];
    assert_int_equal(block->characteristic_count, 0);
    assert_true(block->trees->follows_directions);
    assert_true(m->can_decide);
    assert_int_equal(block->trees->forest.tree_count, t.summary.tree_count);
    assert_int_equal(t.summary.row_count, FIRMS * YEARS);
    assert_true(t.summary.cross_validated_auc > 0.55 && t.summary.cross_validated_auc < 0.9);
    assert_true(t.summary.cross_validated_auc_se > 0 && t.summary.cross_validated_auc_se < 0.1);
    const struct json *card = json_find(m->root, STR("card"));
    const struct json *method = json_find(card, STR("method"));
    assert_text(json_find(card, STR("kind"))->text, "boosted_trees");
    const struct json *tried = json_find(method, STR("tried"));
    const struct json *chosen = json_find(method, STR("chosen"));
    assert_int_equal(tried->count, 7);
    assert_int_equal(json_find(chosen, STR("fold_auc"))->count, 3);
    assert_non_null(json_find(chosen, STR("auc_se")));
    trained_finish(&t);
}

/* Directions bind the champion and not the challenger, which may then not decide. */
static void it_binds_the_champion_and_frees_the_challenger(void **state)
{
    (void)state;
    struct train_options o = sound_options();
    o.excluded[o.excluded_count++] = STR("other");
    o.is_free = true;
    struct trained free;
    trained_make(&free, &o);
    assert_false(free.model->blocks[BLOCK_FINANCIAL].trees->follows_directions);
    assert_false(free.model->can_decide);
    const struct json *method = json_find(json_find(free.model->root, STR("card")), STR("method"));
    assert_true(str_starts_with(json_find(method, STR("monotone"))->text, STR("no")));
    trained_finish(&free);
}

/* The trees of one bag, as the library saved them. */
struct bag {
    struct forest_file file;
    struct forest forest;
};

static void bags_read(struct bag *bags, uint32_t count, struct str lines, struct arena *arena)
{
    for (uint32_t i = 0; i < count; i++) {
        size_t end = str_find(lines, 0, '\n');
        assert_int_equal(end == lines.len, i + 1 == count);
        assert_int_equal(forest_read_xgboost(&bags[i].file, str_slice(lines, 0, end), arena, NULL),
                         STATUS_OK);
        assert_int_equal(forest_make(&bags[i].forest, &bags[i].file.raw, arena, NULL), STATUS_OK);
        assert_non_null(bags[i].file.names);
        lines = str_slice(lines, end == lines.len ? end : end + 1, lines.len);
    }
}

static double bag_margin(const struct bag *bag, const struct model *model,
                         const struct known *inputs)
{
    double values[FOREST_INPUTS_MAX];
    uint16_t ranks[FOREST_INPUTS_MAX];
    for (uint32_t k = 0; k < bag->file.raw.input_count; k++) {
        values[k] = NAN;
        for (uint32_t i = 0; i < model->input_count; i++) {
            if (inputs[i].is_known && str_eq(bag->file.names[k], model->inputs[i].name)) {
                values[k] = trees_value(model->inputs[i].feature, inputs[i].value);
            }
        }
    }
    forest_rank(ranks, &bag->forest, values);
    return forest_margin(&bag->forest, ranks) + logit(bag->file.base_probability);
}

/* Our evaluator against the trees as the library saved them, the mean of the bags: what edges and
 * digits were changed for the bundle changes no answer. */
static void bags_answer(uint32_t bag_count)
{
    struct train_options o = sound_options();
    struct trained t;
    struct arena arena;
    struct bag bags[BOOST_BAGS_MAX];
    uint64_t seed = 3;
    o.bag_count = bag_count;
    trained_make(&t, &o);
    arena_init(&arena, 64 * 1024 * 1024);
    bags_read(bags, bag_count, buf_str(&t.library_json), &arena);
    assert_int_equal(t.summary.tree_count, bag_count * bags[0].forest.tree_count);
    assert_int_equal(t.model->blocks[BLOCK_FINANCIAL].trees->forest.tree_count,
                     t.summary.tree_count);
    double apart = 0; /* by how much bags differ at most */
    for (int row = 0; row < 2000; row++) {
        struct known inputs[MODEL_INPUTS_MAX] = {0};
        for (uint32_t i = 0; i < t.model->input_count; i++) {
            enum feature feature = t.model->inputs[i].feature;
            double scale = feature == FEATURE_STL_DAYS || feature == FEATURE_DSO ? 200 : 1.2;
            inputs[i] = (struct known){scale * (chance(&seed) - 0.2), chance(&seed) > 0.1};
        }
        double mean = 0;
        for (uint32_t bag = 0; bag < bag_count; bag++) {
            mean += bag_margin(&bags[bag], t.model, inputs) / bag_count;
        }
        apart = fmax(apart, fabs(mean - bag_margin(&bags[0], t.model, inputs)));
        assert_true(fabs(mean - model_log_odds(t.model, inputs, "*")) < 1e-6);
    }
    assert_true(bag_count == 1 ? apart == 0 : apart > 0.01);
    arena_finish(&arena);
    trained_finish(&t);
}

static void it_answers_as_the_trees_that_were_grown(void **state)
{
    (void)state;
    bags_answer(1);
}

static void it_answers_as_the_mean_of_its_bags(void **state)
{
    (void)state;
    bags_answer(3);
}

static void it_judges_bags_apart_from_the_grid(void **state)
{
    (void)state;
    struct train_options o = sound_options();
    struct trained t;
    o.bag_count = 2;
    trained_make(&t, &o);
    const struct json *method = json_find(json_find(t.model->root, STR("card")), STR("method"));
    const struct json *chosen = json_find(method, STR("chosen"));
    assert_int_equal(json_find(method, STR("tried"))->count, 8);
    assert_text(json_find(chosen, STR("bags"))->text, "2");
    assert_true(t.summary.cross_validated_auc > 0.55 && t.summary.cross_validated_auc < 0.9);
    trained_finish(&t);
}

/* What one run says of rows held out is what the next one is compared with. */
static void it_compares_itself_with_another_run(void **state)
{
    (void)state;
    struct train_options o = sound_options();
    struct trained first, again, bagged;
    CLEANUP(buf_finish) struct buf held_out;
    buf_init(&held_out, 1 << 24);
    o.held_out = &held_out;
    trained_make(&first, &o);
    assert_int_equal(first.summary.against_count, 0);
    file_put(held_out_csv, buf_str(&held_out));
    o.held_out = NULL;
    o.against = held_out_csv;
    trained_make(&again, &o);
    assert_int_equal(again.summary.against_count, 1);
    /* The file has twelve digits: two rows may change places. */
    assert_true(fabs(again.summary.against[0].difference) < 1e-4);
    o.bag_count = 4;
    trained_make(&bagged, &o);
    const struct auc_difference *d = &bagged.summary.against[0];
    assert_true(d->difference != 0 && fabs(d->difference) < 0.05);
    assert_true(d->se > 0 && d->se < 0.02 && d->low < d->difference && d->difference < d->high);
    o.where = STR("equity_ratio > 0");
    struct error err = {0};
    struct train_summary summary;
    CLEANUP(buf_finish) struct buf out;
    buf_init(&out, MODEL_LEN_MAX);
    assert_int_equal(train_boost(&out, NULL, &summary, &o, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "only the same rows can be compared"));
    assert_int_equal(buf_str(&out).len, 0);
    trained_finish(&bagged);
    trained_finish(&again);
    trained_finish(&first);
}

static uint32_t lines_of(struct str text)
{
    uint32_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += text.ptr[i] == '\n' ? 1 : 0;
    }
    return count;
}

static void it_is_validated_and_explained_row_by_row(void **state)
{
    (void)state;
    struct train_options o = sound_options();
    struct trained t;
    struct metrics metrics;
    trained_make(&t, &o);
    file_put(bundle_path, buf_str(&t.bundle));
    struct validate_options v = {.bundle = bundle_path, .data = {sound_csv}, .data_count = 1};
    v.label = STR("bad");
    CLEANUP(buf_finish) struct buf predictions;
    CLEANUP(buf_finish) struct buf explanations;
    buf_init(&predictions, 1 << 24);
    buf_init(&explanations, 1 << 24);
    const struct validate_tables tables = {&predictions, &explanations};
    assert_int_equal(validate_model(&metrics, NULL, &tables, &v, NULL), STATUS_OK);
    assert_int_equal(metrics.n, FIRMS * YEARS);
    assert_true(metrics.auc > t.summary.cross_validated_auc); /* it has seen these rows */
    assert_int_equal(lines_of(buf_str(&predictions)), FIRMS * YEARS + 1);
    assert_int_equal(lines_of(buf_str(&explanations)), FIRMS * YEARS + 1);
    assert_true(str_starts_with(buf_str(&explanations), STR("row,margin,base,")));
    trained_finish(&t);
}

static void it_refuses_with_a_reason_and_writes_nothing(void **state)
{
    (void)state;
    struct train_options one_class = options_of(one_class_csv);
    struct train_options wide = options_of(wide_csv);
    struct train_options no_file = options_of("/nowhere/at/all.csv");
    struct train_options no_label = sound_options();
    struct train_options nothing_left = sound_options();
    struct train_options few = options_of(sound_csv);
    no_label.label = STR("outcome");
    nothing_left.where = STR("equity_ratio > 5");
    few.where = STR("equity_ratio > 0.795");
    few.fold_count = 20;
    const struct {
        const char *why;
        const struct train_options *options;
        const char *message;
    } refused[] = {
        {"one class",   &one_class,    "bad"           },
        {"wide",        &wide,         "129 inputs"    },
        {"no file",     &no_file,      "opening failed"},
        {"no label",    &no_label,     "outcome"       },
        {"no rows",     &nothing_left, ""              },
        {"empty folds", &few,          ""              },
    };
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct error err = {0};
        struct train_summary summary;
        CLEANUP(buf_finish) struct buf out;
        CLEANUP(buf_finish) struct buf json;
        buf_init(&out, MODEL_LEN_MAX);
        buf_init(&json, MODEL_LEN_MAX);
        enum status status = train_boost(&out, &json, &summary, refused[i].options, &err);
        if (status == STATUS_OK || strstr(err.message, refused[i].message) == NULL ||
            err.message[0] == '\0') {
            fail_msg("%s: %s", refused[i].why, err.message);
        }
        assert_int_equal(buf_str(&out).len, 0);
        assert_int_equal(buf_str(&json).len, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_gives_the_same_bytes_for_the_same_data_options_and_seed),
        cmocka_unit_test(it_ships_a_forest_that_may_decide_and_says_how_it_came_about),
        cmocka_unit_test(it_binds_the_champion_and_frees_the_challenger),
        cmocka_unit_test(it_answers_as_the_trees_that_were_grown),
        cmocka_unit_test(it_answers_as_the_mean_of_its_bags),
        cmocka_unit_test(it_judges_bags_apart_from_the_grid),
        cmocka_unit_test(it_compares_itself_with_another_run),
        cmocka_unit_test(it_is_validated_and_explained_row_by_row),
        cmocka_unit_test(it_refuses_with_a_reason_and_writes_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
