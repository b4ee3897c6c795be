/* test_audit_line.c - every byte of an export, changed. */
#include "../expect.h"
#include "store/audit_line.h"
#include "store_fixture.h"

#include <stdio.h>
#include <stdlib.h>

enum { LONG_LOG_ENTRIES = 1000 };

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    fixture_begin(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture_end(*state);
    free(*state);
    return 0;
}

static enum status verify_text(struct str text, const char *key, const char *checkpoint,
                               struct verify_report *report)
{
    struct error err;
    FILE *in = fmemopen((void *)(uintptr_t)text.ptr, text.len, "r");
    assert_non_null(in);
    enum status status = audit_verify_export(in, key, checkpoint, report, &err);
    assert_int_equal(fclose(in), 0);
    return status;
}

static void text_free(struct str text)
{
    free((void *)(uintptr_t)text.ptr);
}

static void takes_what_the_export_wrote(void **state)
{
    struct fixture *f = *state;
    struct verify_report of_db, of_text;
    fixture_log(f);
    struct str text = fixture_export(f);
    fixture_verify(f, &of_db);
    assert_int_equal(verify_text(text, NULL, of_db.last_checkpoint, &of_text), STATUS_OK);
    assert_string_equal(of_text.fault, "");
    assert_true(of_text.is_valid);
    assert_int_equal(of_text.entries, of_db.entries);
    assert_int_equal(of_text.commits, of_db.commits);
    assert_int_equal(of_text.checkpoints, of_db.checkpoints);
    assert_string_equal(of_text.last_checkpoint, of_db.last_checkpoint);
    text_free(text);
}

static void takes_an_export_with_erased_entries(void **state)
{
    struct fixture *f = *state;
    struct verify_report report;
    fixture_log(f);
    (void)fixture_tamper(f, "UPDATE decision SET salt = NULL, payload = NULL WHERE seq = 5");
    struct str text = fixture_export(f);
    assert_int_equal(verify_text(text, NULL, NULL, &report), STATUS_OK);
    assert_true(report.is_valid);
    assert_int_equal(report.erased, 2); /* one in each epoch */
    text_free(text);
}

static void wants_the_key_and_the_checkpoint_that_were_pinned(void **state)
{
    struct fixture *f = *state;
    struct verify_report report;
    char key[DIGEST_HEX_LEN + 1], other[DIGEST_HEX_LEN + 1];
    fixture_log(f);
    struct str text = fixture_export(f);
    const char *at = strstr(text.ptr, "public_key\\\":\\\"");
    assert_non_null(at);
    memcpy(key, at + strlen("public_key\\\":\\\""), DIGEST_HEX_LEN);
    key[DIGEST_HEX_LEN] = '\0';
    memset(other, 'a', DIGEST_HEX_LEN);
    other[DIGEST_HEX_LEN] = '\0';
    assert_int_equal(verify_text(text, key, NULL, &report), STATUS_OK);
    assert_true(report.is_valid);
    assert_int_equal(verify_text(text, other, NULL, &report), STATUS_OK);
    assert_false(report.is_valid);
    assert_int_equal(report.seq, 1);
    assert_int_equal(verify_text(text, key, other, &report), STATUS_OK);
    assert_false(report.is_valid);
    assert_int_equal(verify_text(text, "abc", NULL, &report), STATUS_INVALID);
    assert_int_equal(verify_text(text, NULL, "ABCDEF", &report), STATUS_INVALID);
    text_free(text);
}

/* The first and last entry that a fault in this line may name, by what the line is. */
struct named {
    struct chain_place first, last;
    bool is_entry;
};

static struct named named_by(const struct audit_check *check, struct str line)
{
    struct named named = {.first = audit_check_next(check), .last = audit_check_next(check)};
    named.is_entry = str_starts_with(line, STR("{\"type\":\"entry\""));
    if (str_starts_with(line, STR("{\"type\":\"commit\""))) {
        named.first.seq -= check->leaf_count;
    }
    if (str_starts_with(line, STR("{\"type\":\"checkpoint\""))) {
        named.first = check->unsigned_from;
    }
    return named;
}

/* Feed a changed line: refused, and naming an entry the line is about.  The name of a stream in the
 * announcement of an epoch is found wrong one line later, by its first entry. */
static bool is_caught(struct audit_reader *reader, struct str line, struct str next,
                      const struct named *named)
{
    const struct verify_report good = reader->check.report;
    struct audit_reader *kept = NULL;
    if (str_starts_with(line, STR("{\"type\":\"epoch\""))) {
        kept = malloc(sizeof *kept);
        *kept = *reader;
    }
    size_t end = str_find(line, 0, '\n'); /* the changed byte may be a newline */
    bool is_taken = audit_reader_line(reader, str_slice(line, 0, end)) &&
                    (kept == NULL || audit_reader_line(reader, next));
    if (kept != NULL) {
        kept->check.report = reader->check.report;
        kept->payload = reader->payload;
        *reader = *kept;
        free(kept);
    }
    struct chain_place got = {.epoch = reader->check.report.epoch, .seq = reader->check.report.seq};
    memcpy(got.stream, reader->check.report.stream, sizeof got.stream);
    bool is_named = chain_place_compare(&got, &named->first) >= 0 &&
                    chain_place_compare(&got, &named->last) <= 0;
    bool is_known = reader->check.report.fault[0] != '\0' && !reader->check.report.is_valid;
    if (is_taken || !is_known || (!is_named && named->is_entry)) {
        print_error("%s, named %s %llu/%llu: %.*s\n", is_taken ? "taken" : "refused", got.stream,
                    (unsigned long long)got.epoch, (unsigned long long)got.seq, STR_ARGS(line));
        return false;
    }
    reader->check.report = good;
    return true;
}

/* Change each byte of the line in one way, or in all 255; then its newline. */
static size_t missed_in_line(struct audit_reader *reader, char *line, size_t len, size_t rest_len,
                             bool in_all_ways)
{
    struct named named = named_by(&reader->check, str_of(line, len));
    struct str rest = str_of(line + len + 1, rest_len - len - 1);
    struct str next = str_slice(rest, 0, str_find(rest, 0, '\n'));
    size_t missed = 0;
    for (size_t at = 0; at <= len; at++) {
        char kept = line[at];
        for (int change = in_all_ways ? 1 : 1 + (int)(at % 255); change < 256; change++) {
            line[at] = (char)(kept ^ change);
            size_t end =
                at == len ? rest_len : len; /* without its newline the next line joins it */
            missed += is_caught(reader, str_of(line, end), next, &named) ? 0 : 1;
            change = in_all_ways ? change : 256;
        }
        line[at] = kept;
    }
    return missed;
}

/* A fault changes nothing but the report: so each changed line is tried where it stands, and the
 * good one goes in behind it.  One pass tries every byte of the log. */
static void catches_every_changed_byte_of_a_thousand_entries(void **state)
{
    struct fixture *f = *state;
    size_t missed = 0, lines = 0, bytes = 0;
    fixture_long_log(f, LONG_LOG_ENTRIES);
    struct str text = fixture_export(f);
    char *line = (char *)(uintptr_t)text.ptr;
    struct audit_reader *reader = malloc(sizeof *reader);
    audit_reader_init(reader);
    for (char *end = line + text.len; line < end; lines++) {
        size_t len = str_find(str_of(line, (size_t)(end - line)), 0, '\n');
        bool in_all_ways = lines % 500 < 6; /* some of each type */
        if (line + len + 1 < end) {         /* the last newline has no line behind it: below */
            missed += missed_in_line(reader, line, len, (size_t)(end - line), in_all_ways);
        }
        assert_true(audit_reader_line(reader, str_of(line, len)));
        bytes += len + 1;
        line += len + 1;
    }
    audit_reader_end(reader);
    assert_true(reader->check.report.is_valid);
    assert_int_equal(reader->check.report.entries, LONG_LOG_ENTRIES);
    assert_int_equal(bytes, text.len);
    assert_int_equal(missed, 0);
    audit_reader_finish(reader);
    free(reader);
    text_free(text);
}

/* The whole export through the public door, a change at a time: a sample, the last line whole. */
static void catches_changed_bytes_through_the_front_door(void **state)
{
    struct fixture *f = *state;
    struct verify_report report;
    fixture_log(f);
    struct str text = fixture_export(f);
    char *bytes = (char *)(uintptr_t)text.ptr;
    for (size_t at = 0; at<text.len; at += at + 200> text.len ? 1 : 61) {
        bytes[at] ^= 0x04;
        assert_int_equal(verify_text(text, NULL, NULL, &report), STATUS_OK);
        assert_false(report.is_valid);
        bytes[at] ^= 0x04;
    }
    text_free(text);
}

static void catches_a_cut_at_every_length(void **state)
{
    struct fixture *f = *state;
    struct verify_report report;
    fixture_log(f);
    struct str text = fixture_export(f);
    for (size_t len = 1; len < text.len; len += 37) {
        assert_int_equal(verify_text(str_slice(text, 0, len), NULL, NULL, &report), STATUS_OK);
        assert_false(report.is_valid);
    }
    for (size_t len = str_find(text, 0, '\n') + 1; len < text.len;
         len = str_find(text, len, '\n') + 1) {
        assert_int_equal(verify_text(str_slice(text, 0, len), NULL, NULL, &report), STATUS_OK);
        assert_false(report.is_valid);
    }
    text_free(text);
}

/* Lines that say the same with other bytes, and lines that say something else. */
static void refuses_another_spelling(void **state)
{
    static const struct {
        const char *find, *put;
    } rows[] = {
        {"{\"type\":\"log\",",                               "{\"type\": \"log\","               },
        {"{\"type\":\"log\",\"format\":\"aval-audit-1\"}",
         "{\"format\":\"aval-audit-1\",\"type\":\"log\"}"                                        },
        {"aval-audit-1",                                     "aval-audit-2"                      },
        {"\"seq\":2,",                                       "\"seq\":02,"                       },
        {"\"seq\":2,",                                       "\"seq\":2.0,"                      },
        {"\"seq\":2,",                                       "\"seq\":+2,"                       },
        {"\"seq\":2,",                                       "\"seq\":2e0,"                      },
        {"\"seq\":2,",                                       "\"seq\":\"2\","                    },
        {"\"seq\":2,",                                       "\"seq\":9007199254740993,"         },
        {"\"seq\":2,",                                       "\"seq\":-2,"                       },
        {"\"seq\":2,",                                       "\"seq\":,"                         },
        {"\"kind\":\"model",                                 "\"kind\":\"\\u006dodel"            },
        {"\"payload\":\"{",                                  "\"payload\":\"\\u007b"             },
        {"Bru\xc3\xa7",                                      "Bru\\u00e7"                        },
        {"Bru\xc3\xa7",                                      "Bru\xc3"                           },
        {"\\\\n",                                            "\\\\n\\n"                          },
        {"\\\"sha256",                                       "\\u0022sha256"                     },
        {"\"}\n{",                                           "\"}\r\n{"                          },
        {"\"}\n{",                                           "\"}\n\n{"                          },
        {"\"}\n{",                                           "\"} \n{"                           },
        {"\"salt\":\"",                                      "\"salt\":null,\"x\":\""            },
        {"\"stream\":\"main\"",                              "\"stream\":\"Main\""               },
        {"{\"type\":\"entry\"",                              "{\"type\":\"ent\""                 },
        {"{\"type\":\"entry\"",                              "x{\"type\":\"entry\""              },
        {"{\"type\":\"commit\"",
         "{\"type\":\"log\",\"format\":\"aval-audit-1\"}\n{\"type\":\"commit\""                  },
        {"{\"type\":\"commit\"",
         "{\"type\":\"end\",\"entries\":1,\"commits\":0,\"checkpoints\":0}\n{\"type\":\"commit\""},
        {"{\"type\":\"log\",\"format\":\"aval-audit-1\"}\n", ""                                  },
        {"\"entries\":22",                                   "\"entries\":21"                    },
        {"\"commits\":21",                                   "\"commits\":22"                    },
        {"\"checkpoints\":6",                                "\"checkpoints\":5"                 },
        {"\"checkpoints\":6}\n",                             "\"checkpoints\":6}\n\n"            },
        {"\"checkpoints\":6}\n",                             "\"checkpoints\":6}"                },
    };
    struct fixture *f = *state;
    fixture_log(f);
    struct str text = fixture_export(f);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct verify_report report;
        struct buf changed;
        const char *at = memmem(text.ptr, text.len, rows[i].find, strlen(rows[i].find));
        assert_non_null(at);
        size_t from = (size_t)(at - text.ptr);
        buf_init(&changed, 1024 * 1024);
        buf_append(&changed, str_slice(text, 0, from));
        buf_append_text(&changed, rows[i].put);
        buf_append(&changed, str_slice(text, from + strlen(rows[i].find), text.len));
        assert_int_equal(verify_text(buf_str(&changed), NULL, NULL, &report), STATUS_OK);
        if (report.is_valid) {
            fail_msg("row %zu was taken: %s", i, rows[i].put);
        }
        buf_finish(&changed);
    }
    text_free(text);
}

static void refuses_what_is_no_export(void **state)
{
    static const char *const texts[] = {"\n",
                                        "{}",
                                        "x\n",
                                        "null\n",
                                        "{\"type\":\"end\"}\n",
                                        "{\"type\":\"log\",\"format\":\"aval-audit-1\"}\n"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct verify_report report;
        assert_int_equal(verify_text(str_from(texts[i]), NULL, NULL, &report), STATUS_OK);
        assert_false(report.is_valid);
        assert_true(strlen(report.fault) > 0);
    }
}

/* Lines taken out, doubled, exchanged with the next: the named entry is the first that is not in
 * its place. */
static void catches_lines_that_are_gone_doubled_or_exchanged(void **state)
{
    struct fixture *f = *state;
    struct buf changed;
    fixture_log(f);
    struct str text = fixture_export(f);
    buf_init(&changed, 1024 * 1024);
    for (size_t from = 0; from < text.len; from = str_find(text, from, '\n') + 1) {
        size_t to = str_find(text, from, '\n') + 1;
        size_t next = to < text.len ? str_find(text, to, '\n') + 1 : to;
        for (int way = 0; way < 3; way++) {
            struct verify_report report;
            if (way == 2 && next == to) {
                continue;
            }
            buf_clear(&changed);
            buf_append(&changed, str_slice(text, 0, from));
            buf_append(&changed, way == 0
                                     ? STR("")
                                     : str_slice(text, way == 1 ? from : to, way == 1 ? to : next));
            buf_append(&changed, way == 0 ? STR("") : str_slice(text, from, to));
            buf_append(&changed, str_slice(text, way == 2 ? next : to, text.len));
            assert_int_equal(verify_text(buf_str(&changed), NULL, NULL, &report), STATUS_OK);
            assert_false(report.is_valid);
        }
    }
    buf_finish(&changed);
    text_free(text);
}

static void does_not_export_what_it_cannot_write(void **state)
{
    struct fixture *f = *state;
    struct error err = {.message = ""};
    fixture_log(f);
    (void)fixture_tamper(f, "UPDATE audit_entry SET hash = x'00' WHERE seq = 3");
    struct db *db = fixture_reader(f);
    FILE *out = fopen("/dev/null", "w");
    assert_int_equal(audit_export(db, out, &err), STATUS_CORRUPT);
    assert_int_equal(fclose(out), 0);
    out = fopen("/dev/full", "w");
    assert_int_equal(audit_export(db, out, &err), STATUS_IO);
    (void)fclose(out);
    db_close(db);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(takes_what_the_export_wrote),
        TEST(takes_an_export_with_erased_entries),
        TEST(wants_the_key_and_the_checkpoint_that_were_pinned),
        TEST(catches_every_changed_byte_of_a_thousand_entries),
        TEST(catches_changed_bytes_through_the_front_door),
        TEST(catches_a_cut_at_every_length),
        TEST(refuses_another_spelling),
        TEST(refuses_what_is_no_export),
        TEST(catches_lines_that_are_gone_doubled_or_exchanged),
        TEST(does_not_export_what_it_cannot_write),
    };
    return cmocka_run_group_tests_name("audit_line", tests, NULL, NULL);
}
