/* test_audit_verify.c - rows changed, deleted, inserted and moved behind the program's back. */
#include "../expect.h"
#include "store_fixture.h"

#include <stdio.h>
#include <stdlib.h>

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    fixture_begin(f);
    fixture_log(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture_end(*state);
    free(*state);
    return 0;
}

static void file_copy(const char *to, const char *from)
{
    char bytes[4096];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_non_null(in);
    assert_non_null(out);
    for (size_t len = fread(bytes, 1, sizeof bytes, in); len > 0;
         len = fread(bytes, 1, sizeof bytes, in)) {
        assert_int_equal(fwrite(bytes, 1, len, out), len);
    }
    assert_int_equal(fclose(in), 0);
    assert_int_equal(fclose(out), 0);
}

struct tampering {
    const char *stream; /* the first bad entry */
    uint64_t epoch, seq;
    const char *sql;
};

/* clang-format off */
#define MAIN_1 "stream = 'main' AND epoch = 1 AND seq = "
#define ROW    " WHERE environment = 7 AND seq = 5"

static const struct tampering tamperings[] = {
    /* every column of an entry */
    {"main", 1, 6, "UPDATE audit_entry SET stream = 'mainx' WHERE " MAIN_1 "6"},
    {"a", 1, 1, "UPDATE audit_entry SET stream = 'a' WHERE " MAIN_1 "6"},
    {"main", 1, 6, "UPDATE audit_entry SET epoch = 9 WHERE " MAIN_1 "6"},
    {"main", 1, 1, "UPDATE audit_entry SET epoch = 0 WHERE " MAIN_1 "6"},
    {"", 0, 1, "UPDATE audit_entry SET epoch = -1 WHERE " MAIN_1 "6"},
    {"main", 1, 6, "UPDATE audit_entry SET seq = 99 WHERE " MAIN_1 "6"},
    {"main", 1, 1, "UPDATE audit_entry SET seq = 0 WHERE " MAIN_1 "6"},
    {"main", 1, 6, "UPDATE audit_entry SET time_ms = time_ms + 1 WHERE " MAIN_1 "6"},
    {"main", 1, 6, "UPDATE audit_entry SET time_ms = -time_ms WHERE " MAIN_1 "6"},
    {"main", 1, 6, "UPDATE audit_entry SET kind = 'decision.read' WHERE " MAIN_1 "6"},
    {"main", 1, 10, "UPDATE audit_entry SET kind = 'epoch.opened' WHERE " MAIN_1 "10"},
    {"main", 1, 6, "UPDATE audit_entry SET environment = 9 WHERE " MAIN_1 "6"},
    {"main", 1, 6, "UPDATE audit_entry SET object = zeroblob(16) WHERE " MAIN_1 "6"},
    {"main", 1, 6, "UPDATE audit_entry SET object = x'00' WHERE " MAIN_1 "6"},
    {"main", 1, 6, "UPDATE audit_entry SET digest = zeroblob(32) WHERE " MAIN_1 "6"},
    {"main", 1, 6, "UPDATE audit_entry SET hash = zeroblob(32) WHERE " MAIN_1 "6"},
    {"main", 1, 6, "UPDATE audit_entry SET hash = x'' WHERE " MAIN_1 "6"},
    {"main", 1, 6, "UPDATE audit_entry SET salt = zeroblob(16) WHERE " MAIN_1 "6"},
    {"main", 1, 10, "UPDATE audit_entry SET salt = zeroblob(16) WHERE " MAIN_1 "10"},
    {"main", 1, 10, "UPDATE audit_entry SET salt = NULL WHERE " MAIN_1 "10"},
    {"main", 1, 10, "UPDATE audit_entry SET payload = '{}' WHERE " MAIN_1 "10"},
    {"main", 1, 2, "UPDATE audit_entry SET payload = payload || ' ' WHERE " MAIN_1 "2"},
    {"main", 1, 10, "UPDATE audit_entry SET payload = NULL WHERE " MAIN_1 "10"},
    {"main", 1, 1, "UPDATE audit_entry SET salt = NULL, payload = NULL WHERE " MAIN_1 "1"},
    {"operator", 1, 6, "UPDATE audit_entry SET hash = digest WHERE stream = 'operator' AND seq = 6"},
    /* entries deleted, inserted, exchanged */
    {"main", 1, 1, "DELETE FROM audit_entry WHERE " MAIN_1 "1"},
    {"main", 1, 7, "DELETE FROM audit_entry WHERE " MAIN_1 "7"},
    {"main", 1, 10, "DELETE FROM audit_entry WHERE " MAIN_1 "10"},
    {"main", 1, 11, "DELETE FROM audit_entry WHERE " MAIN_1 "11"},
    {"main", 1, 8, "DELETE FROM audit_entry WHERE stream = 'main' AND epoch = 1 AND seq > 7"},
    {"main", 2, 1, "DELETE FROM audit_entry WHERE stream = 'main' AND epoch = 2"},
    {"main", 2, 5, "DELETE FROM audit_entry WHERE stream = 'main' AND epoch = 2 AND seq = 5"},
    {"operator", 1, 1, "DELETE FROM audit_entry WHERE stream = 'operator'"},
    {"main", 1, 1, "DELETE FROM audit_entry"},
    {"main", 1, 12, "INSERT INTO audit_entry SELECT stream, epoch, 12, time_ms, kind, environment, object, digest, hash, salt, payload FROM audit_entry WHERE " MAIN_1 "11"},
    {"other", 1, 1, "INSERT INTO audit_entry SELECT 'other', epoch, seq, time_ms, kind, environment, object, digest, hash, salt, payload FROM audit_entry WHERE " MAIN_1 "1"},
    {"main", 1, 5, "UPDATE audit_entry SET seq = 100 WHERE " MAIN_1 "5; UPDATE audit_entry SET seq = 5 WHERE " MAIN_1 "6; UPDATE audit_entry SET seq = 6 WHERE " MAIN_1 "100"},
    /* the tail of an epoch, cut with its commits and checkpoints: the next epoch knows its head */
    {"main", 1, 9, "DELETE FROM audit_entry WHERE stream = 'main' AND epoch = 1 AND seq > 8; DELETE FROM audit_commit WHERE stream = 'main' AND epoch = 1 AND last_seq > 8; DELETE FROM audit_checkpoint WHERE stream = 'main' AND epoch = 1 AND last_seq > 8"},
    /* every column of a commit; entries 10 and 11 are one */
    {"main", 1, 6, "UPDATE audit_commit SET stream = 'other' WHERE stream = 'main' AND epoch = 1 AND last_seq = 6"},
    {"main", 1, 6, "UPDATE audit_commit SET epoch = 7 WHERE stream = 'main' AND epoch = 1 AND last_seq = 6"},
    {"main", 1, 6, "UPDATE audit_commit SET last_seq = 60 WHERE stream = 'main' AND epoch = 1 AND last_seq = 6"},
    {"main", 1, 6, "UPDATE audit_commit SET first_seq = 5 WHERE stream = 'main' AND epoch = 1 AND last_seq = 6"},
    {"main", 1, 10, "UPDATE audit_commit SET first_seq = 11 WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 1, 10, "UPDATE audit_commit SET root = zeroblob(32) WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 1, 7, "UPDATE audit_commit SET root = x'01' WHERE stream = 'main' AND epoch = 1 AND last_seq = 6"},
    {"main", 1, 1, "DELETE FROM audit_commit WHERE stream = 'main' AND epoch = 1 AND last_seq = 1"},
    {"main", 1, 10, "DELETE FROM audit_commit WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 2, 5, "DELETE FROM audit_commit WHERE stream = 'main' AND epoch = 2 AND last_seq = 5"},
    {"main", 1, 1, "DELETE FROM audit_commit"},
    /* every column of a checkpoint; the first covers 1, the second 2 to 11 */
    {"main", 1, 1, "UPDATE audit_checkpoint SET stream = 'other' WHERE stream = 'main' AND epoch = 1 AND last_seq = 1"},
    {"main", 1, 2, "UPDATE audit_checkpoint SET epoch = 8 WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 1, 10, "UPDATE audit_checkpoint SET last_seq = 10 WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 1, 12, "UPDATE audit_checkpoint SET last_seq = 12 WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 1, 2, "UPDATE audit_checkpoint SET time_ms = time_ms + 1 WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 1, 2, "UPDATE audit_checkpoint SET head = zeroblob(32) WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 1, 2, "UPDATE audit_checkpoint SET root = zeroblob(32) WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 1, 2, "UPDATE audit_checkpoint SET previous = zeroblob(32) WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 1, 2, "UPDATE audit_checkpoint SET key_id = zeroblob(32) WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 1, 2, "UPDATE audit_checkpoint SET signature = zeroblob(64) WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 1, 12, "UPDATE audit_checkpoint SET signature = x'' WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 1, 1, "DELETE FROM audit_checkpoint WHERE stream = 'main' AND epoch = 1 AND last_seq = 1"},
    {"main", 1, 2, "DELETE FROM audit_checkpoint WHERE stream = 'main' AND epoch = 1 AND last_seq = 11"},
    {"main", 1, 1, "DELETE FROM audit_checkpoint"},
    /* every column of a decision */
    {"main", 1, 5, "UPDATE decision SET environment = 9" ROW},
    {"main", 1, 5, "UPDATE decision SET id = zeroblob(16)" ROW},
    {"main", 1, 5, "UPDATE decision SET created_ms = created_ms + 1" ROW},
    {"main", 1, 5, "UPDATE decision SET company_key = 'FR:siren:552100554'" ROW},
    {"main", 1, 5, "UPDATE decision SET company_key = ''" ROW},
    {"main", 1, 5, "UPDATE decision SET client_reference = 'ERP-2'" ROW},
    {"main", 1, 5, "UPDATE decision SET recommendation = 'accept'" ROW},
    {"main", 1, 6, "UPDATE decision SET recommendation = 'accept' WHERE environment = 7 AND seq = 6"},
    {"main", 1, 5, "UPDATE decision SET recommendation = ''" ROW},
    {"main", 1, 5, "UPDATE decision SET stream = 'operator'" ROW},
    {"main", 1, 5, "UPDATE decision SET epoch = 2" ROW},
    {"main", 1, 5, "UPDATE decision SET seq = 500" ROW},
    {"main", 1, 5, "UPDATE decision SET salt = zeroblob(16)" ROW},
    {"main", 1, 5, "UPDATE decision SET salt = NULL" ROW},
    {"main", 1, 5, "UPDATE decision SET payload = (SELECT payload FROM decision WHERE environment = 7 AND seq = 4)" ROW},
    {"main", 1, 5, "UPDATE decision SET payload = x''" ROW},
    {"main", 1, 5, "UPDATE decision SET payload = x'0100000000'" ROW},
    {"main", 1, 5, "UPDATE decision SET payload = CAST(payload || 'x' AS BLOB)" ROW},
    {"main", 1, 5, "UPDATE decision SET payload = substr(payload, 1, length(payload) - 1)" ROW},
    {"main", 1, 5, "UPDATE decision SET payload = CAST(x'02' || substr(payload, 2) AS BLOB)" ROW},
    {"main", 1, 5, "UPDATE decision SET payload = CAST(x'01FFFFFFFF' || substr(payload, 6) AS BLOB)" ROW},
    {"main", 1, 5, "UPDATE decision SET payload = CAST(x'0100000001' || substr(payload, 6) AS BLOB)" ROW},
    {"main", 1, 5, "UPDATE decision SET payload = NULL" ROW},
    {"main", 1, 5, "DELETE FROM decision" ROW},
    {"main", 1, 10, "INSERT INTO decision SELECT 7, zeroblob(16), created_ms, company_key, client_reference, recommendation, stream, epoch, 10, salt, payload FROM decision" ROW},
    {"main", 1, 5, "UPDATE decision SET salt = (SELECT salt FROM decision WHERE environment = 7 AND seq = 4), payload = (SELECT payload FROM decision WHERE environment = 7 AND seq = 4)" ROW},
    /* every column of a tenant, its environments and a key */
    {"operator", 1, 2, "UPDATE tenant SET id = zeroblob(16) WHERE name = 'Acme'"},
    {"operator", 1, 2, "UPDATE tenant SET name = 'Acmf' WHERE name = 'Acme'"},
    {"operator", 1, 2, "UPDATE tenant SET created_ms = created_ms - 1 WHERE name = 'Acme'"},
    {"operator", 1, 2, "UPDATE tenant SET stream = 'main' WHERE name = 'Acme'"},
    {"operator", 1, 2, "UPDATE tenant SET epoch = 2 WHERE name = 'Acme'"},
    {"operator", 1, 2, "UPDATE tenant SET seq = 5 WHERE name = 'Acme'"},
    {"operator", 1, 2, "UPDATE tenant SET name = CASE name WHEN 'Acme' THEN 'x' ELSE 'y' END; UPDATE tenant SET name = CASE name WHEN 'x' THEN 'Globex' ELSE 'Acme' END"},
    {"operator", 1, 5, "DELETE FROM tenant WHERE name = 'Globex'"},
    {"operator", 1, 4, "INSERT INTO tenant SELECT zeroblob(16), 'Evil', created_ms, stream, epoch, 4 FROM tenant WHERE name = 'Acme'"},
    {"operator", 1, 2, "UPDATE environment SET number = number + 1000 WHERE is_live = 0 AND tenant = (SELECT id FROM tenant WHERE name = 'Acme')"},
    {"operator", 1, 2, "UPDATE environment SET tenant = zeroblob(16) WHERE tenant = (SELECT id FROM tenant WHERE name = 'Acme')"},
    {"operator", 1, 2, "PRAGMA ignore_check_constraints = 1; UPDATE environment SET is_live = 2 WHERE is_live = 1 AND tenant = (SELECT id FROM tenant WHERE name = 'Acme')"},
    {"operator", 1, 5, "DELETE FROM environment WHERE is_live = 1 AND tenant = (SELECT id FROM tenant WHERE name = 'Globex')"},
    {"operator", 1, 3, "UPDATE api_key SET environment = environment + 1 WHERE seq = 3"},
    {"operator", 1, 3, "UPDATE api_key SET id = zeroblob(16) WHERE seq = 3"},
    {"operator", 1, 3, "UPDATE api_key SET hash = zeroblob(32) WHERE seq = 3"},
    {"operator", 1, 3, "UPDATE api_key SET last4 = 'abcd' WHERE seq = 3"},
    {"operator", 1, 3, "UPDATE api_key SET last4 = 'longer' WHERE seq = 3"},
    {"operator", 1, 3, "UPDATE api_key SET scopes = 'admin' WHERE seq = 3"},
    {"operator", 1, 3, "UPDATE api_key SET created_ms = 1 WHERE seq = 3"},
    {"operator", 1, 3, "UPDATE api_key SET expires_ms = 1 WHERE seq = 3"},
    {"operator", 1, 4, "UPDATE api_key SET revoked_ms = revoked_ms + 1 WHERE seq = 3"},
    {"operator", 1, 4, "UPDATE api_key SET revoked_ms = 0 WHERE seq = 3"},
    {"operator", 1, 4, "UPDATE api_key SET revoked_ms = 0, revoked_stream = '', revoked_epoch = 0, revoked_seq = 0 WHERE seq = 3"},
    {"operator", 1, 4, "UPDATE api_key SET revoked_ms = 5, revoked_stream = 'operator', revoked_epoch = 1, revoked_seq = 4 WHERE seq = 6"},
    {"operator", 1, 3, "UPDATE api_key SET stream = 'main' WHERE seq = 3"},
    {"operator", 1, 3, "UPDATE api_key SET epoch = 2 WHERE seq = 3"},
    {"operator", 1, 3, "UPDATE api_key SET seq = 6 WHERE seq = 3"},
    {"operator", 1, 4, "UPDATE api_key SET revoked_stream = 'main' WHERE seq = 3"},
    {"operator", 1, 4, "UPDATE api_key SET revoked_epoch = 3 WHERE seq = 3"},
    {"operator", 1, 4, "UPDATE api_key SET revoked_seq = 5 WHERE seq = 3"},
    {"operator", 1, 6, "DELETE FROM api_key WHERE seq = 6"},
    {"", 0, 0, "INSERT INTO environment VALUES (5, zeroblob(16), 1)"},
    {"operator", 1, 2, "UPDATE tenant SET name = 'Acmf' WHERE name = 'Acme'; "
     "UPDATE audit_entry SET hash = digest WHERE stream = 'operator' AND seq = 6"},
    {"operator", 1, 2, "UPDATE audit_entry SET hash = digest WHERE stream = 'operator' AND seq = 2; "
     "UPDATE api_key SET scopes = 'x' WHERE seq = 6"},
    /* artifacts */
    {"main", 1, 2, "UPDATE artifact SET bytes = CAST('another model' AS BLOB) WHERE kind = 'model'"},
    {"main", 1, 2, "UPDATE artifact SET kind = 'policy' WHERE kind = 'model'"},
    {"main", 1, 3, "UPDATE artifact SET sha256 = zeroblob(32) WHERE kind = 'policy'"},
    {"main", 1, 3, "DELETE FROM artifact WHERE kind = 'policy'"},
};
/* clang-format on */

static void names_the_first_bad_entry_of_every_tampering(void **state)
{
    struct fixture *f = *state;
    char kept[FIXTURE_PATH_SIZE + 32];
    size_t wrong = 0;
    (void)snprintf(kept, sizeof kept, "%s.kept", f->path);
    file_copy(kept, f->path);
    for (size_t i = 0; i < ARRAY_LEN(tamperings); i++) {
        const struct tampering *t = &tamperings[i];
        struct verify_report report;
        file_copy(f->path, kept);
        assert_true(fixture_tamper(f, t->sql) > 0);
        fixture_verify(f, &report);
        if (report.is_valid || strcmp(report.stream, t->stream) != 0 || report.epoch != t->epoch ||
            report.seq != t->seq || strlen(report.fault) == 0) {
            print_error("%s\n  valid %d, got %s %llu/%llu \"%s\", want %s %llu/%llu\n", t->sql,
                        report.is_valid, report.stream, (unsigned long long)report.epoch,
                        (unsigned long long)report.seq, report.fault, t->stream,
                        (unsigned long long)t->epoch, (unsigned long long)t->seq);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void finds_nothing_wrong_with_what_was_written(void **state)
{
    struct verify_report report;
    fixture_verify(*state, &report);
    assert_string_equal(report.fault, "");
    assert_true(report.is_valid);
    assert_int_equal(report.entries, 11 + 5 + 6);
    assert_int_equal(report.commits, 10 + 5 + 6);
    assert_int_equal(report.checkpoints, 2 + 2 + 2);
    assert_int_equal(report.erased, 0);
    assert_int_equal(report.unsigned_tail, 0);
    assert_int_equal(strlen(report.last_checkpoint), DIGEST_HEX_LEN);
}

static void counts_what_was_erased_and_holds(void **state)
{
    struct fixture *f = *state;
    struct verify_report report;
    (void)fixture_tamper(f, "UPDATE decision SET salt = NULL, payload = NULL, company_key = '', "
                            "client_reference = '' WHERE environment = 7 AND seq = 5");
    (void)fixture_tamper(f, "UPDATE audit_entry SET salt = NULL, payload = NULL WHERE seq = 10");
    fixture_verify(f, &report);
    assert_string_equal(report.fault, "");
    assert_true(report.is_valid);
    assert_int_equal(report.erased, 2);
}

static void counts_a_tail_that_nobody_signed_yet(void **state)
{
    struct fixture *f = *state;
    struct verify_report report;
    struct decision_unit d;
    const struct decision_want want = {
        .environment = 7, .company = "", .reference = "", .recommendation = "accept"};
    fixture_start(f);
    for (uint64_t i = 1; i <= 3; i++) {
        fixture_decide(f, &d, &want);
        fixture_verify(f, &report);
        assert_true(report.is_valid);
        assert_int_equal(report.unsigned_tail, i);
    }
}

static void is_not_sound_when_the_whole_end_is_gone_and_the_outside_knows(void **state)
{
    struct fixture *f = *state;
    struct verify_report report;
    struct error err;
    char newest[DIGEST_HEX_LEN + 1];
    fixture_verify(f, &report);
    memcpy(newest, report.last_checkpoint, sizeof newest);
    (void)fixture_tamper(f, "DELETE FROM audit_entry WHERE stream = 'operator'; "
                            "DELETE FROM audit_commit WHERE stream = 'operator'; "
                            "DELETE FROM audit_checkpoint WHERE stream = 'operator'; "
                            "DELETE FROM api_key; DELETE FROM environment; DELETE FROM tenant");
    fixture_verify(f, &report);
    assert_true(report.is_valid); /* a shorter log is sound in itself */
    struct str text = fixture_export(f);
    FILE *in = fmemopen((void *)(uintptr_t)text.ptr, text.len, "r");
    assert_int_equal(audit_verify_export(in, NULL, newest, &report, &err), STATUS_OK);
    assert_false(report.is_valid);
    assert_non_null(strstr(report.fault, "cut or rewritten"));
    assert_int_equal(fclose(in), 0);
    free((void *)(uintptr_t)text.ptr);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(finds_nothing_wrong_with_what_was_written),
        TEST(names_the_first_bad_entry_of_every_tampering),
        TEST(counts_what_was_erased_and_holds),
        TEST(counts_a_tail_that_nobody_signed_yet),
        TEST(is_not_sound_when_the_whole_end_is_gone_and_the_outside_knows),
    };
    return cmocka_run_group_tests_name("audit_verify", tests, NULL, NULL);
}
