/* test_assemble.c - one bundle of several, and what a recipe must not be. */
#include "train/assemble.h"

#include "base/file.h"
#include "score/block.h"

#include "../expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 4 * 1024 * 1024 };

static char directory[] = "/tmp/test_assemble_XXXXXX";

static const char *path_of(const char *name)
{
    static char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static void put(const char *name, struct str text)
{
    struct error err = {0};
    assert_int_equal(file_write(path_of(name), text, 0600, &err), STATUS_OK);
}

static int set_up(void **state)
{
    (void)state;
    CLEANUP(buf_finish) struct buf card = {0};
    CLEANUP(buf_finish) struct buf forest = {0};
    struct error err = {0};
    if (mkdtemp(directory) == NULL) {
        return -1;
    }
    assert_int_equal(file_read(&card, TINY_MODEL, TEXT_MAX, &err), STATUS_OK);
    put("card.json", buf_str(&card));
    assert_int_equal(file_read(&forest, TINY_FOREST, TEXT_MAX, &err), STATUS_OK);
    put("forest.json", buf_str(&forest));
    put("about.json", STR("{\"title\":\"a test\"}"));
    put("rates.json",
        STR("{\"central_tendency\":[{\"country\":\"*\",\"section\":\"*\",\"rate\":0.02,"
            "\"source\":\"s\",\"date\":\"2026-11-01\"}],\"thin\":{\"age_multipliers\":[]}}"));
    put("list.json", STR("[]"));
    put("cut.json", STR("{\"blocks\":"));
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"card.json", "forest.json", "about.json", "rates.json",
                                        "list.json", "cut.json",    "recipe.json"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        (void)unlink(path_of(names[i]));
    }
    return rmdir(directory);
}

#define HEAD                                                                                       \
    "{\"id\":\"whole\",\"version\":\"1\",\"default_definition\":\"insolvency_12m\","               \
    "\"horizon_months\":12,\"philosophy\":\"hybrid\",\"card\":\"about.json\","
#define FINANCIAL                                                                                  \
    "\"financial\":{\"kind\":\"trained\",\"scorecard\":\"card.json\",\"forest\":\"forest.json\","  \
    "\"forest_weight\":0.25}"
#define BANK                                                                                       \
    "\"bank\":{\"kind\":\"expert\",\"low\":-0.5,\"high\":1,\"scorecard\":{\"intercept\":0,"        \
    "\"characteristics\":[{\"input\":\"b_rejects\",\"coefficient\":-0.5,\"edges\":[1,5],"          \
    "\"woe\":[0.4,-0.3,-1.2],\"missing_woe\":0}]}}"
#define TAIL                                                                                       \
    "\"stack\":{\"intercept\":-3,\"blocks\":{\"financial\":{\"weight\":1,\"mean\":-3},"            \
    "\"bank\":{\"weight\":0.4,\"mean\":0}},\"covariance\":[[0,0,0],[0,0,0],[0,0,0]]},"             \
    "\"calibration\":{\"slope\":1,\"intercept\":0,\"train_rate\":0.02,"                            \
    "\"covariance\":[[0,0],[0,0]]},\"graph\":{\"uplift_ratio\":2,\"uplift_points\":0.1},"          \
    "\"interval\":{\"level\":0.9,\"z\":1.645,\"model_variance\":0.04,"                             \
    "\"age_variance_per_month\":0.005,\"missing_block_variance\":{\"firmographic\":0,"             \
    "\"bank\":0.02,\"payment\":0.03,\"legal\":0.01,\"graph\":0.01},\"thin_variance\":1},"          \
    "\"central_tendency\":\"rates.json\",\"thin\":\"rates.json\"}"

static enum status make(struct buf *out, const char *recipe, struct error *err)
{
    put("recipe.json", str_from(recipe));
    *err = (struct error){0};
    return assemble(out, path_of("recipe.json"), err);
}

static void puts_card_and_trees_and_judgement_together(void **state)
{
    (void)state;
    CLEANUP(buf_finish) struct buf text;
    CLEANUP(buf_finish) struct buf again;
    struct error err;
    buf_init(&text, TEXT_MAX);
    buf_init(&again, TEXT_MAX);
    if (make(&text, HEAD "\"blocks\":{" FINANCIAL "," BANK "}," TAIL, &err) != STATUS_OK) {
        fail_msg("%s: %s", err.field, err.message);
    }
    struct model *m = NULL;
    assert_int_equal(model_read(&m, buf_str(&text), &err), STATUS_OK);
    const struct model_block *financial = &m->blocks[BLOCK_FINANCIAL];
    assert_int_equal(financial->characteristic_count, 12);
    assert_int_equal(financial->trees->forest.tree_count, 5);
    assert_true(financial->forest_weight == 0.25);
    assert_true(m->blocks[BLOCK_BANK].is_expert);
    assert_int_equal(m->input_count, 12 + 1); /* the trees read nothing that the card does not */
    assert_int_equal(m->reference_count, 2);
    assert_true(m->can_decide);
    assert_text(json_find(json_find(m->root, STR("card")), STR("title"))->text, "a test");
    assert_int_equal(m->tendency_count, 1);
    /* Its vectors prove it: each bin of the judged card is met, and its absence. */
    const struct json *vectors = json_find(m->root, STR("vectors"));
    uint32_t with = 0, without = 0;
    for (const struct json *v = vectors->first; v != NULL; v = v->next) {
        bool has = json_find(json_find(v, STR("blocks")), STR("bank")) != NULL;
        with += has ? 1 : 0;
        without += has ? 0 : 1;
    }
    assert_true(with >= 16 && without >= 8);
    model_destroy(m);
    assert_int_equal(make(&again, HEAD "\"blocks\":{" FINANCIAL "," BANK "}," TAIL, &err),
                     STATUS_OK);
    assert_true(str_eq(buf_str(&text), buf_str(&again)));
}

static void refuses_what_is_no_recipe(void **state)
{
    (void)state;
    static const struct {
        const char *recipe;
        enum status status;
        const char *field, *message; /* field NULL: the path, which differs from run to run */
    } rows[] = {
        {"{",                                                                                             STATUS_INVALID, "",                            "line 1"                        },
        {"[]",                                                                                            STATUS_INVALID, "",                            "JSON object is expected"       },
        {HEAD TAIL,                                                                                       STATUS_INVALID, "",                            "must have an object \"blocks\""},
        {HEAD "\"blocks\":[]," TAIL,                                                                      STATUS_INVALID, "",                            "must have an object \"blocks\""},
        {HEAD "\"blocks\":{\"financial\":7}," TAIL,                                                       STATUS_INVALID, "/blocks/financial",           "object"                        },
        {HEAD "\"blocks\":{\"financial\":{\"kind\":\"trained\",\"scorecard\":\"no.json\"}}," TAIL,
         STATUS_NOT_FOUND,                                                                                                NULL,                          "No such file"                  },
        {HEAD "\"blocks\":{\"financial\":{\"kind\":\"trained\",\"scorecard\":\"cut.json\"}}," TAIL,
         STATUS_INVALID,                                                                                                  "",                            "line 1"                        },
        {HEAD "\"blocks\":{\"financial\":{\"kind\":\"trained\",\"scorecard\":\"list.json\"}}," TAIL,
         STATUS_INVALID,                                                                                                  "",                            "JSON object is expected"       },
        {HEAD "\"blocks\":{\"financial\":{\"kind\":\"trained\",\"forest\":\"card.json\"}}," TAIL,
         STATUS_INVALID,                                                                                                  "/blocks/financial/forest",    "without such a model"          },
        {HEAD
         "\"blocks\":{\"financial\":{\"kind\":\"trained\",\"scorecard\":\"about.json\"}}," TAIL,
         STATUS_INVALID,                                                                                                  "/blocks/financial/scorecard", "without such a model"          },
 /* what the bundle would be refused for */
        {HEAD "\"blocks\":{" BANK "}," TAIL,                                                              STATUS_INVALID, "/blocks/financial",
         "would be refused"                                                                                                                                                              },
        {HEAD "\"blocks\":{" FINANCIAL "}," TAIL,                                                         STATUS_INVALID, "/stack/blocks/bank",
         "not a member"                                                                                                                                                                  },
        {HEAD "\"blocks\":{" FINANCIAL "," BANK ",\"courts\":{}}," TAIL,                                  STATUS_INVALID,
         "/blocks/courts",                                                                                                                               "not a member"                  },
        {HEAD "\"inputs\":[],\"blocks\":{" FINANCIAL "," BANK "}," TAIL,                                  STATUS_INVALID, "/inputs",
         "would be refused"                                                                                                                                                              },
        {HEAD "\"note\":1,\"blocks\":{" FINANCIAL "," BANK "}," TAIL,                                     STATUS_INVALID, "/note",
         "not a member"                                                                                                                                                                  },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(buf_finish) struct buf text;
        struct error err;
        buf_init(&text, TEXT_MAX);
        enum status status = make(&text, rows[i].recipe, &err);
        bool is_there = rows[i].field == NULL || strcmp(err.field, rows[i].field) == 0;
        if (status != rows[i].status || !is_there || strstr(err.message, rows[i].message) == NULL ||
            text.len > 0) {
            fail_msg("row %zu: %d %s: %s", i, (int)status, err.field, err.message);
        }
    }
}

static void needs_the_members_that_files_are_named_for(void **state)
{
    (void)state;
    CLEANUP(buf_finish) struct buf text;
    struct error err;
    buf_init(&text, TEXT_MAX);
    put("rates.json", STR("{\"thin\":{\"age_multipliers\":[]}}"));
    assert_int_equal(make(&text, HEAD "\"blocks\":{" FINANCIAL "," BANK "}," TAIL, &err),
                     STATUS_INVALID);
    assert_string_equal(err.field, "/central_tendency");
    assert_non_null(strstr(err.message, "without such a member"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_card_and_trees_and_judgement_together),
        cmocka_unit_test(refuses_what_is_no_recipe),
        cmocka_unit_test(needs_the_members_that_files_are_named_for),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
