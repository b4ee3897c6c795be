/* test_model_store.c - who sees which model, changes in order, rows against their entries. */
#include "store/model_store.h"

#include "../expect.h"
#include "store/chain.h"
#include "store_fixture.h"

#include <stdio.h>
#include <stdlib.h>

enum { OURS = 6, THEIRS = 8 };

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    fixture_begin(f);
    fixture_start(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture_end(*state);
    free(*state);
    return 0;
}

static enum unit_outcome import(struct fixture *f, int64_t environment, const char *bytes,
                                uint32_t most)
{
    struct unit unit = {0};
    struct model_values values;
    struct error err;
    struct model_row row = {.environment = environment,
                            .id = id_make(&f->ids, f->now_ms),
                            .sha256 = digest_of(str_from(bytes)),
                            .name = str_from(bytes),
                            .version = STR("1.0"),
                            .can_decide = true,
                            .can_score = true,
                            .acted_by = STR("zo\xc3\xa9"),
                            .created_ms = f->now_ms};
    model_insert(&unit, &row, str_from(bytes), most, &values);
    enum status status = committer_run(f->committer, &unit, &err);
    assert_true((status == STATUS_OK) == (unit.outcome == UNIT_COMMITTED));
    return unit.outcome;
}

/* "b a": the names an environment sees, newest first. */
static const char *seen_by(struct fixture *f, int64_t environment)
{
    static char names[256];
    struct model_row *rows;
    uint32_t count;
    struct error err = {.message = ""};
    struct db *db = fixture_reader(f);
    assert_int_equal(model_list(db, environment, &rows, &count, &f->arena, &err), STATUS_OK);
    db_close(db);
    names[0] = '\0';
    for (uint32_t i = 0; i < count; i++) {
        size_t len = strlen(names);
        (void)snprintf(names + len, sizeof names - len, "%s%.*s%s", i > 0 ? " " : "",
                       STR_ARGS(rows[i].name), rows[i].environment == INSTALLATION ? "*" : "");
    }
    return names;
}

static void shows_an_environment_its_own_models_and_the_installations(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import(f, INSTALLATION, "a", 9), UNIT_COMMITTED);
    assert_int_equal(import(f, OURS, "b", 9), UNIT_COMMITTED);
    assert_int_equal(import(f, THEIRS, "c", 9), UNIT_COMMITTED);
    assert_string_equal(seen_by(f, OURS), "b a*");
    assert_string_equal(seen_by(f, THEIRS), "c a*");
    assert_string_equal(seen_by(f, INSTALLATION), "a*");
    assert_string_equal(seen_by(f, 10), "a*");
    /* One's own stands for the installation's of the same bytes. */
    assert_int_equal(import(f, OURS, "a", 9), UNIT_COMMITTED);
    assert_string_equal(seen_by(f, OURS), "a b");
    assert_string_equal(seen_by(f, THEIRS), "c a*");
}

static void takes_no_model_twice_and_none_beyond_the_limit(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import(f, OURS, "a", 2), UNIT_COMMITTED);
    assert_int_equal(import(f, OURS, "a", 2), UNIT_REFUSED);
    assert_int_equal(import(f, OURS, "b", 2), UNIT_COMMITTED);
    assert_int_equal(import(f, OURS, "c", 2), UNIT_REFUSED);
    assert_int_equal(import(f, THEIRS, "c", 2), UNIT_COMMITTED);
    assert_string_equal(seen_by(f, OURS), "b a");
}

static enum unit_outcome change(struct fixture *f, int64_t environment, int64_t revision,
                                enum model_action action)
{
    struct unit unit = {0};
    struct model_values values;
    struct error err;
    struct model_change row = {.environment = environment,
                               .revision = revision,
                               .action = action,
                               .object = id_make(&f->ids, f->now_ms),
                               .acted_by = STR("ada"),
                               .approved_by = STR("bob"),
                               .reason = STR("because \"so\""),
                               .created_ms = f->now_ms};
    if (model_action_has_model(action)) {
        row.sha256 = digest_of(STR("a"));
    }
    model_change_insert(&unit, &row, &values);
    enum status status = committer_run(f->committer, &unit, &err);
    assert_true((status == STATUS_OK) == (unit.outcome == UNIT_COMMITTED));
    return unit.outcome;
}

struct seen {
    unsigned count, unproved;
    int64_t revisions[16];
    enum model_action actions[16];
};

static bool each_change(void *context, const struct model_change *change)
{
    struct seen *seen = context;
    assert_true(seen->count < ARRAY_LEN(seen->revisions));
    seen->revisions[seen->count] = change->revision;
    seen->actions[seen->count] = change->action;
    seen->count++;
    seen->unproved += change->is_proved ? 0 : 1;
    return true;
}

static enum status read_changes(struct fixture *f, int64_t behind, struct seen *seen)
{
    struct error err;
    struct db *db = fixture_reader(f);
    *seen = (struct seen){0};
    enum status status = model_changes_read(db, behind, each_change, seen, &err);
    db_close(db);
    return status;
}

static void takes_a_change_at_the_next_revision_alone(void **state)
{
    struct fixture *f = *state;
    struct seen seen;
    assert_int_equal(change(f, OURS, 2, MODEL_PROMOTED), UNIT_REFUSED);
    assert_int_equal(change(f, OURS, 1, MODEL_PROMOTED), UNIT_COMMITTED);
    assert_int_equal(change(f, OURS, 1, MODEL_PROMOTED), UNIT_REFUSED);
    assert_int_equal(change(f, THEIRS, 1, MODEL_PROMOTED), UNIT_REFUSED);
    assert_int_equal(change(f, THEIRS, 3, MODEL_PROMOTED), UNIT_REFUSED);
    assert_int_equal(change(f, THEIRS, 2, MODEL_CHALLENGED), UNIT_COMMITTED);
    assert_int_equal(change(f, INSTALLATION, 3, MODEL_TWO_PERSONS_REQUIRED), UNIT_COMMITTED);
    assert_int_equal(read_changes(f, 0, &seen), STATUS_OK);
    assert_int_equal(seen.count, 3);
    assert_int_equal(seen.unproved, 0);
    assert_int_equal(seen.actions[1], MODEL_CHALLENGED);
    assert_int_equal(seen.actions[2], MODEL_TWO_PERSONS_REQUIRED);
    assert_int_equal(read_changes(f, 2, &seen), STATUS_OK);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.revisions[0], 3);
    assert_int_equal(read_changes(f, 3, &seen), STATUS_OK);
    assert_int_equal(seen.count, 0);
}

static void of_two_made_at_once_takes_the_first(void **state)
{
    struct fixture *f = *state;
    struct unit units[2] = {{0}, {0}};
    struct model_values values[2];
    struct model_change rows[2]; /* as long as their units */
    struct error err;
    for (int i = 0; i < 2; i++) {
        rows[i] = (struct model_change){.environment = i == 0 ? OURS : THEIRS,
                                        .revision = 1,
                                        .action = MODEL_PROMOTED,
                                        .object = id_make(&f->ids, f->now_ms),
                                        .sha256 = digest_of(STR("a")),
                                        .acted_by = STR("ada"),
                                        .created_ms = f->now_ms};
        model_change_insert(&units[i], &rows[i], &values[i]);
    }
    assert_int_equal(committer_run(f->committer, &units[0], &err), STATUS_OK);
    assert_int_equal(committer_run(f->committer, &units[1], &err), STATUS_CONFLICT);
    assert_int_equal(units[1].outcome, UNIT_REFUSED);
}

/* What a tamperer may do to a change, and whether the change itself shows it. */
static const struct {
    const char *sql;
    bool is_corrupt; /* it is no change any more */
} edits[] = {
    {"UPDATE model_change SET sha256 = zeroblob(32)",                                    false},
    {"UPDATE model_change SET environment = 8",                                          false},
    {"UPDATE model_change SET action = 'withdrawn'",                                     false},
    {"UPDATE model_change SET object = zeroblob(16)",                                    false},
    {"UPDATE model_change SET acted_by = 'eve'",                                         false},
    {"UPDATE model_change SET approved_by = ''",                                         false},
    {"UPDATE model_change SET reason = ''",                                              false},
    {"UPDATE model_change SET created_ms = created_ms + 1",                              false},
    {"UPDATE model_change SET seq = seq + 1",                                            false},
    {"UPDATE model_change SET epoch = epoch + 1",                                        false},
    {"UPDATE model_change SET stream = 'operator'",                                      false},
    {"UPDATE model_change SET sha256 = x'00'",                                           true },
    {"UPDATE model_change SET action = 'crowned'",                                       true },
    {"UPDATE model_change SET object = x''",                                             true },
    {"UPDATE audit_entry SET payload = replace(payload, 'ada', 'eve') WHERE kind = "
     "'model.promoted'",                                                            false},
    {"UPDATE audit_entry SET digest = zeroblob(32) WHERE kind = 'model.promoted'",       false},
    {"UPDATE audit_entry SET kind = 'model.withdrawn' WHERE kind = 'model.promoted'",    false},
    {"UPDATE audit_entry SET salt = zeroblob(16) WHERE kind = 'model.promoted'",         false},
    {"UPDATE audit_entry SET salt = NULL, payload = NULL WHERE kind = 'model.promoted'", false},
    {"DELETE FROM audit_entry WHERE kind = 'model.promoted'",                            false},
    {"UPDATE model_change SET acted_by = 'eve'; UPDATE audit_entry SET payload = replace(payload, "
     "'ada', 'eve') "
     "WHERE kind = 'model.promoted'",                                               false},
};

static void shows_a_change_that_the_chain_does_not_prove(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(edits); i++) {
        struct fixture f;
        struct seen seen;
        fixture_begin(&f);
        fixture_start(&f);
        assert_int_equal(change(&f, OURS, 1, MODEL_PROMOTED), UNIT_COMMITTED);
        fixture_stop(&f);
        (void)fixture_tamper(&f, edits[i].sql);
        enum status status = read_changes(&f, 0, &seen);
        if (status != (edits[i].is_corrupt ? STATUS_CORRUPT : STATUS_OK) ||
            (!edits[i].is_corrupt && seen.unproved != 1)) {
            fail_msg("not seen: %s", edits[i].sql);
        }
        fixture_end(&f);
    }
}

/* What the verifier must find, in rows of models and of their changes. */
static const char *const tamperings[] = {
    "UPDATE model SET name = 'b'",
    "UPDATE model SET version = '2'",
    "UPDATE model SET can_decide = 0",
    "UPDATE model SET can_score = 0",
    "UPDATE model SET acted_by = 'eve'",
    "UPDATE model SET created_ms = 1",
    "UPDATE model SET environment = 8",
    "UPDATE model SET sha256 = zeroblob(32)",
    "UPDATE model SET id = zeroblob(16)",
    "UPDATE model SET seq = 1",
    "DELETE FROM model",
    "INSERT INTO model SELECT 8, zeroblob(16), sha256, name, version, 1, 1, acted_by, 1, '', 0, 0 "
    "FROM model",
    "UPDATE artifact SET bytes = x'00'",
    "DELETE FROM artifact",
    "DELETE FROM model_change",
    "UPDATE model_change SET reason = 'none'",
    "UPDATE model_change SET action = 'challenged'",
    "UPDATE model_change SET action = 'crowned'",
    "UPDATE model_change SET revision = 7",
    "UPDATE model_change SET sha256 = zeroblob(32)",
    "INSERT INTO model_change SELECT 8, 2, action, object, sha256, acted_by, '', '', 1, '', 0, 0 "
    "FROM model_change",
};

static void is_verified_and_every_tampering_found(void **state)
{
    (void)state;
    for (size_t i = 0; i <= ARRAY_LEN(tamperings); i++) {
        struct fixture f;
        struct verify_report report;
        fixture_begin(&f);
        fixture_start(&f);
        assert_int_equal(import(&f, OURS, "a", 9), UNIT_COMMITTED);
        assert_int_equal(change(&f, OURS, 1, MODEL_PROMOTED), UNIT_COMMITTED);
        fixture_stop(&f);
        const char *sql = i < ARRAY_LEN(tamperings) ? tamperings[i] : NULL;
        if (sql != NULL) {
            (void)fixture_tamper(&f, sql);
        }
        fixture_verify(&f, &report);
        if (report.is_valid != (sql == NULL)) {
            fail_msg("%s: %s", sql == NULL ? "untouched" : sql, report.fault);
        }
        fixture_end(&f);
    }
}

static void has_an_audit_kind_for_each_action(void **state)
{
    (void)state;
    for (int i = 0; i < MODEL_ACTION_COUNT; i++) {
        char kind[64];
        enum model_action action = (enum model_action)i;
        (void)snprintf(kind, sizeof kind, "model.%s", model_action_wire(action));
        assert_string_equal(audit_kind_wire(model_action_kind(action)), kind);
    }
}

static char long_reason[MODEL_REASON_MAX + 1];

static void add_a_reason_one_too_long(void)
{
    struct unit unit = {0};
    struct model_values values;
    const struct model_change row = {.environment = OURS,
                                     .revision = 1,
                                     .action = MODEL_WITHDRAWN,
                                     .acted_by = STR("ada"),
                                     .reason = str_of(long_reason, sizeof long_reason)};
    model_change_insert(&unit, &row, &values);
}

static void holds_a_reason_of_the_longest_whatever_its_bytes(void **state)
{
    struct fixture *f = *state;
    struct unit unit = {0};
    struct model_values values;
    struct error err;
    memset(long_reason, 1, sizeof long_reason); /* each byte becomes six in JSON */
    const struct model_change row = {.environment = OURS,
                                     .revision = 1,
                                     .action = MODEL_WITHDRAWN,
                                     .acted_by = STR("ada"),
                                     .reason = str_of(long_reason, MODEL_REASON_MAX),
                                     .created_ms = f->now_ms};
    model_change_insert(&unit, &row, &values);
    assert_int_equal(committer_run(f->committer, &unit, &err), STATUS_OK);
    assert_dies(add_a_reason_one_too_long);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(shows_an_environment_its_own_models_and_the_installations),
        TEST(takes_no_model_twice_and_none_beyond_the_limit),
        TEST(takes_a_change_at_the_next_revision_alone),
        TEST(of_two_made_at_once_takes_the_first),
        TEST(holds_a_reason_of_the_longest_whatever_its_bytes),
        cmocka_unit_test(shows_a_change_that_the_chain_does_not_prove),
        cmocka_unit_test(is_verified_and_every_tampering_found),
        cmocka_unit_test(has_an_audit_kind_for_each_action),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
