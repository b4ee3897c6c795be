/* test_line_up.c - line-ups follow the store, old ones live until they are let go, and what is not
 * as recorded decides nothing. */
#include "service/line_up.h"

#include "../store/store_fixture.h"
#include "service/models.h"

#include "../expect.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { OURS = 6, THEIRS = 8 };

struct bench {
    struct fixture f;
    struct in_force start;
    struct line_ups *line_ups;
    struct db *db;
};

static struct bench *bench_of(void **state)
{
    return *state;
}

static int setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    struct error err = {.message = ""};
    fixture_begin(&b->f);
    fixture_start(&b->f);
    assert_int_equal(in_force_load(&b->start, NULL, NULL, 0, &err), STATUS_OK);
    assert_int_equal(line_ups_create(&b->line_ups, &b->start, false, &err), STATUS_OK);
    b->db = fixture_reader(&b->f);
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    line_ups_destroy(b->line_ups);
    in_force_finish(&b->start);
    db_close(b->db);
    fixture_end(&b->f);
    free(b);
    return 0;
}

/* The program's own bundle, the last letter of its version another: so it has another digest. */
static struct str bundle(struct bench *b, char letter)
{
    struct str text = buf_str(&b->start.model_text);
    struct str was = b->start.model->version;
    char *bytes = arena_alloc(&b->f.arena, text.len, 1);
    assert_non_null(bytes);
    memcpy(bytes, text.ptr, text.len);
    for (size_t i = 0; i + was.len + 2 <= text.len; i++) {
        if (bytes[i] == '"' && bytes[i + was.len + 1] == '"' &&
            memcmp(bytes + i + 1, was.ptr, was.len) == 0) {
            bytes[i + was.len] = letter;
            return str_of(bytes, text.len);
        }
    }
    fail_msg("the bundle does not say its version");
    return STR("");
}

static struct model_row import(struct bench *b, int64_t environment, char letter)
{
    struct model_import *import = arena_new(&b->f.arena, struct model_import);
    struct error err = {.message = ""};
    const struct model_import_wish wish = {.environment = environment,
                                           .text = bundle(b, letter),
                                           .by = STR("ada"),
                                           .id = id_make(&b->f.ids, b->f.now_ms),
                                           .now_ms = b->f.now_ms};
    assert_int_equal(model_import_declare(import, b->db, &wish, &b->f.arena, &err), STATUS_OK);
    assert_false(import->is_there);
    assert_int_equal(committer_run(b->f.committer, &import->unit, &err), STATUS_OK);
    return import->row;
}

static void change(struct bench *b, int64_t environment, enum model_action action,
                   const struct model_row *model)
{
    struct model_act *act = arena_new(&b->f.arena, struct model_act);
    struct role_book book;
    struct error err = {.message = ""};
    const struct role_wish wish = {.environment = environment,
                                   .action = action,
                                   .model = model,
                                   .by = STR("ada"),
                                   .now_ms = b->f.now_ms};
    assert_int_equal(role_book_init(&book, &err), STATUS_OK);
    assert_int_equal(role_book_read(&book, b->db, &err), STATUS_OK);
    assert_int_equal(model_act_declare(act, &book, &wish, &err), STATUS_OK);
    assert_int_equal(committer_run(b->f.committer, &act->unit, &err), STATUS_OK);
    role_book_finish(&book);
}

static void refresh(struct bench *b)
{
    struct error err = {.message = ""};
    assert_int_equal(line_ups_refresh(b->line_ups, b->db, &err), STATUS_OK);
}

/* "a environment": who decides, by the last letter of its version, and whose choice that is; "own":
 * what the program came with; "-": nobody. */
static const char *decides(struct bench *b, int64_t environment)
{
    static char text[64];
    const struct line_up *line_up = line_up_take(b->line_ups, environment);
    const struct model *model = line_up->in_force.model;
    const char *source = champion_source_wire(line_up->source);
    if (model == NULL || model == b->start.model) {
        (void)snprintf(text, sizeof text, "%s %s", model == NULL ? "-" : "own", source);
    } else {
        (void)snprintf(text, sizeof text, "%c %s", model->version.ptr[model->version.len - 1],
                       source);
    }
    line_up_release(line_up);
    return text;
}

static void decides_with_the_environments_then_the_installations(void **state)
{
    struct bench *b = bench_of(state);
    assert_string_equal(decides(b, OURS), "own program");
    struct model_row a = import(b, INSTALLATION, 'b'), c = import(b, OURS, 'c');
    change(b, INSTALLATION, MODEL_PROMOTED, &a);
    assert_string_equal(decides(b, OURS), "own program"); /* until it is refreshed */
    refresh(b);
    assert_string_equal(decides(b, INSTALLATION), "b installation");
    assert_string_equal(decides(b, OURS), "b installation");
    change(b, OURS, MODEL_PROMOTED, &c);
    refresh(b);
    assert_string_equal(decides(b, OURS), "c environment");
    assert_string_equal(decides(b, THEIRS), "b installation");
    change(b, OURS, MODEL_WITHDRAWN, &c);
    change(b, INSTALLATION, MODEL_WITHDRAWN, &a);
    refresh(b);
    assert_string_equal(decides(b, OURS), "own program");
    assert_string_equal(decides(b, THEIRS), "own program");
}

static void stands_a_file_in_for_the_installations_alone(void **state)
{
    struct bench *b = bench_of(state);
    struct error err;
    struct model_row a = import(b, INSTALLATION, 'b'), c = import(b, OURS, 'c');
    line_ups_destroy(b->line_ups);
    assert_int_equal(line_ups_create(&b->line_ups, &b->start, true, &err), STATUS_OK);
    change(b, INSTALLATION, MODEL_PROMOTED, &a);
    change(b, OURS, MODEL_PROMOTED, &c);
    refresh(b);
    assert_string_equal(decides(b, THEIRS), "own file");
    assert_string_equal(decides(b, INSTALLATION), "own file");
    assert_string_equal(decides(b, OURS), "c environment");
}

static void keeps_a_line_up_as_it_was_for_who_holds_it(void **state)
{
    struct bench *b = bench_of(state);
    struct model_row a = import(b, OURS, 'a'), c = import(b, OURS, 'c');
    change(b, OURS, MODEL_PROMOTED, &a);
    refresh(b);
    const struct line_up *held = line_up_take(b->line_ups, OURS);
    change(b, OURS, MODEL_PROMOTED, &c);
    for (int i = 0; i < 3; i++) {
        refresh(b);
    }
    assert_string_equal(decides(b, OURS), "c environment");
    assert_int_equal(held->in_force.model->version.ptr[held->in_force.model->version.len - 1], 'a');
    line_up_release(held);
    refresh(b);
    line_up_release(NULL);
}

static unsigned challengers(struct bench *b, int64_t environment)
{
    const struct line_up *line_up = line_up_take(b->line_ups, environment);
    unsigned count = line_up->challenger_count;
    line_up_release(line_up);
    return count;
}

static void adds_the_installations_challengers_to_an_environments_own(void **state)
{
    struct bench *b = bench_of(state);
    struct model_row a = import(b, INSTALLATION, 'a'), c = import(b, OURS, 'c');
    struct model_row d = import(b, INSTALLATION, 'd');
    change(b, INSTALLATION, MODEL_CHALLENGED, &a);
    change(b, INSTALLATION, MODEL_CHALLENGED, &d);
    change(b, OURS, MODEL_CHALLENGED, &c);
    change(b, OURS, MODEL_CHALLENGED, &a); /* both want it: it scores once */
    refresh(b);
    assert_int_equal(challengers(b, OURS), 3);
    assert_int_equal(challengers(b, THEIRS), 2);
    change(b, OURS, MODEL_PROMOTED, &d); /* who decides does not challenge itself */
    refresh(b);
    assert_int_equal(challengers(b, OURS), 2);
    assert_int_equal(challengers(b, THEIRS), 2);
}

static void decides_nothing_with_bytes_that_were_changed(void **state)
{
    static const char *const edits[] = {
        "UPDATE artifact SET bytes = x'7b7d' WHERE kind = 'model'",
        "DELETE FROM artifact WHERE kind = 'model'",
        "UPDATE model_change SET sha256 = zeroblob(32)",
        "UPDATE model_change SET acted_by = 'eve'",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(edits); i++) {
        void *made = NULL;
        (void)setup(&made);
        struct bench *b = made;
        struct model_row a = import(b, OURS, 'a');
        change(b, OURS, MODEL_PROMOTED, &a);
        assert_true(fixture_tamper(&b->f, edits[i]) > 0);
        refresh(b);
        assert_int_equal(decides(b, OURS)[0], '-');
        assert_string_equal(decides(b, THEIRS), "own program");
        (void)teardown(&made);
    }
}

static void follows_nobody_where_a_change_is_forged(void **state)
{
    struct bench *b = bench_of(state);
    struct model_row a = import(b, INSTALLATION, 'a');
    change(b, INSTALLATION, MODEL_PROMOTED, &a);
    refresh(b);
    (void)fixture_tamper(&b->f,
                         "INSERT INTO model_change SELECT 0, 2, 'withdrawn', object, sha256, "
                         "acted_by, '', '', created_ms, stream, epoch, seq FROM model_change");
    refresh(b);
    assert_string_equal(decides(b, INSTALLATION), "- installation");
    assert_string_equal(decides(b, OURS), "- installation");
}

static void stays_as_it_is_where_a_change_is_missing(void **state)
{
    struct bench *b = bench_of(state);
    struct error err;
    struct model_row a = import(b, OURS, 'a'), c = import(b, OURS, 'c');
    change(b, OURS, MODEL_PROMOTED, &a);
    refresh(b);
    change(b, OURS, MODEL_PROMOTED, &c);
    change(b, OURS, MODEL_PROMOTED, &a);
    (void)fixture_tamper(&b->f, "DELETE FROM model_change WHERE revision = 2");
    assert_int_equal(line_ups_refresh(b->line_ups, b->db, &err), STATUS_CORRUPT);
    assert_string_equal(decides(b, OURS), "a environment");
}

/* ---- names ---- */

static void finds_a_model_by_each_of_its_names(void **state)
{
    struct model_row rows[] = {
        {.id = {{3}}, .name = STR("b"), .version = STR("2"), .sha256 = {{0xab, 0xcd, 1}}},
        {.id = {{2}}, .name = STR("a"), .version = STR("2"), .sha256 = {{0xab, 0xcd, 2}}},
        {.id = {{1}}, .name = STR("a"), .version = STR("1"), .sha256 = {{0xab, 0xcd, 3}}},
    };
    char id[ID_TEXT_MAX + 1], sha256[DIGEST_HEX_LEN + 1];
    struct model_row found;
    struct error err;
    (void)state;
    id_write(id, "mdl", &rows[1].id);
    digest_hex(sha256, &rows[2].sha256);
    const struct {
        const char *text;
        enum status status;
        uint8_t id;
    } cases[] = {
        {"a",                              STATUS_OK,        2}, /* the newest of it */
        {"b",                              STATUS_OK,        3},
        {"a@1",                            STATUS_OK,        1},
        {"1",                              STATUS_OK,        1},
        {id,                               STATUS_OK,        2},
        {sha256,                           STATUS_OK,        1},
        {"abcd0300",                       STATUS_OK,        1},
        {"2",                              STATUS_INVALID,   0}, /* two have that version */
        {"abcd030",                        STATUS_NOT_FOUND, 0}, /* too short to be a digest */
        {"abcd0400",                       STATUS_NOT_FOUND, 0},
        {"ABCD0300",                       STATUS_NOT_FOUND, 0},
        {"a@3",                            STATUS_NOT_FOUND, 0},
        {"c",                              STATUS_NOT_FOUND, 0},
        {"",                               STATUS_NOT_FOUND, 0},
        {"@",                              STATUS_NOT_FOUND, 0},
        {"mdl_00000000000000000000000000", STATUS_NOT_FOUND, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        enum status status =
            model_named(&found, rows, ARRAY_LEN(rows), str_from(cases[i].text), &err);
        if (status != cases[i].status ||
            (status == STATUS_OK && found.id.bytes[0] != cases[i].id)) {
            fail_msg("%s: %d", cases[i].text, (int)status);
        }
    }
}

/* ---- while others decide ---- */

struct reader {
    struct bench *bench;
    atomic_bool is_over;
    atomic_uint taken;
};

static void *take_all_the_time(void *argument)
{
    struct reader *reader = argument;
    while (!atomic_load(&reader->is_over)) {
        const struct line_up *line_up = line_up_take(reader->bench->line_ups, OURS);
        const struct model *model = line_up->in_force.model;
        CHECK(model != NULL);
        char hex[DIGEST_HEX_LEN + 1];
        digest_hex(hex, &line_up->champion);
        CHECK(strcmp(hex, model->sha256) == 0); /* never half of two */
        atomic_fetch_add(&reader->taken, 1);
        line_up_release(line_up);
    }
    return NULL;
}

static void changes_under_whoever_decides(void **state)
{
    struct bench *b = bench_of(state);
    struct reader reader = {.bench = b};
    pthread_t threads[2];
    struct model_row models[2] = {import(b, OURS, 'a'), import(b, OURS, 'c')};
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, take_all_the_time, &reader), 0);
    }
    for (size_t i = 0; i < 40 || atomic_load(&reader.taken) < 1000; i++) {
        if (i < 40) {
            change(b, OURS, MODEL_PROMOTED, &models[i % 2]);
        }
        refresh(b);
    }
    atomic_store(&reader.is_over, true);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_string_equal(decides(b, OURS), "c environment");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(decides_with_the_environments_then_the_installations),
        TEST(stands_a_file_in_for_the_installations_alone),
        TEST(keeps_a_line_up_as_it_was_for_who_holds_it),
        TEST(adds_the_installations_challengers_to_an_environments_own),
        cmocka_unit_test(decides_nothing_with_bytes_that_were_changed),
        TEST(follows_nobody_where_a_change_is_forged),
        TEST(stays_as_it_is_where_a_change_is_missing),
        cmocka_unit_test(finds_a_model_by_each_of_its_names),
        TEST(changes_under_whoever_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
