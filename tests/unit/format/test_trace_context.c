/* test_trace_context.c - traceparent by the letter of W3C Trace Context. */
#include "format/trace_context.h"

#include "../expect.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        "" literal, sizeof("" literal) - 1                                                         \
    }

#define T "0af7651916cd43dd8448eb211c80319c"
#define S "b7ad6b7169203331"

static const struct {
    struct str value;
    const char *wanted; /* as it is written again; NULL: it is none */
} rows[] = {
  /* Version 00. */
    {TEXT("00-" T "-" S "-01"),                                       "00-" T "-" S "-01"},
    {TEXT("00-" T "-" S "-00"),                                       "00-" T "-" S "-00"},
    {TEXT("00-" T "-" S "-02"),                                       "00-" T "-" S "-02"},
    {TEXT("00-" T "-" S "-03"),                                       "00-" T "-" S "-03"},
    {TEXT("00-00000000000000000000000000000001-0000000000000001-00"),
     "00-00000000000000000000000000000001-0000000000000001-00"                           },
    {TEXT("00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-00"),
     "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-00"                           },
 /* Bits of the flags that are not defined are set to 0. */
    {TEXT("00-" T "-" S "-04"),                                       "00-" T "-" S "-00"},
    {TEXT("00-" T "-" S "-ff"),                                       "00-" T "-" S "-03"},
    {TEXT("00-" T "-" S "-81"),                                       "00-" T "-" S "-01"},
    {TEXT("00-" T "-" S "-fc"),                                       "00-" T "-" S "-00"},
 /* A later version is read as far as 00 goes, and may go on behind a dash. */
    {TEXT("01-" T "-" S "-01"),                                       "00-" T "-" S "-01"},
    {TEXT("cc-" T "-" S "-01"),                                       "00-" T "-" S "-01"},
    {TEXT("fe-" T "-" S "-01"),                                       "00-" T "-" S "-01"},
    {TEXT("01-" T "-" S "-01-"),                                      "00-" T "-" S "-01"},
    {TEXT("01-" T "-" S "-01-what-comes"),                            "00-" T "-" S "-01"},
    {TEXT("01-" T "-" S "-09-\x00\xFF"),                              "00-" T "-" S "-01"},
    {TEXT("01-" T "-" S "-01."),                                      NULL               },
    {TEXT("01-" T "-" S "-010"),                                      NULL               },
    {TEXT("01-" T "-" S "-0"),                                        NULL               },
    {TEXT("01-" T "-" S "-"),                                         NULL               },
    {TEXT("01-" T "-" S),                                             NULL               },
    {TEXT("01-00000000000000000000000000000000-" S "-01"),            NULL               },
    {TEXT("01-" T "-0000000000000000-01"),                            NULL               },
 /* Version ff is none. */
    {TEXT("ff-" T "-" S "-01"),                                       NULL               },
    {TEXT("ff-" T "-" S "-01-more"),                                  NULL               },
 /* Version 00 has one length. */
    {TEXT(""),                                                        NULL               },
    {TEXT("0"),                                                       NULL               },
    {TEXT("00"),                                                      NULL               },
    {TEXT("00-" T "-" S),                                             NULL               },
    {TEXT("00-" T "-" S "-"),                                         NULL               },
    {TEXT("00-" T "-" S "-0"),                                        NULL               },
    {TEXT("00-" T "-" S "-010"),                                      NULL               },
    {TEXT("00-" T "-" S "-01-"),                                      NULL               },
    {TEXT("00-" T "-" S "-01-more"),                                  NULL               },
    {TEXT(" 00-" T "-" S "-01"),                                      NULL               },
    {TEXT("00-" T "-" S "-01 "),                                      NULL               },
    {TEXT("00-" T "-" S "-01,00-" T "-" S "-01"),                     NULL               },
    {TEXT("000-" T "-" S "-01"),                                      NULL               },
    {TEXT("00-" T "0-" S "-01"),                                      NULL               },
    {TEXT("00-" T "-" S "0-01"),                                      NULL               },
    {TEXT("00-0af7651916cd43dd8448eb211c80319-" S "-011"),            NULL               },
 /* An id of zeros is none. */
    {TEXT("00-00000000000000000000000000000000-" S "-01"),            NULL               },
    {TEXT("00-" T "-0000000000000000-01"),                            NULL               },
 /* Lower-case hex and dashes, nothing else. */
    {TEXT("00-0AF7651916CD43DD8448EB211C80319C-" S "-01"),            NULL               },
    {TEXT("00-0af7651916cd43dd8448eb211c80319C-" S "-01"),            NULL               },
    {TEXT("00-" T "-B7AD6B7169203331-01"),                            NULL               },
    {TEXT("00-" T "-" S "-0A"),                                       NULL               },
    {TEXT("0A-" T "-" S "-01"),                                       NULL               },
    {TEXT("FE-" T "-" S "-01"),                                       NULL               },
    {TEXT("0x-" T "-" S "-01"),                                       NULL               },
    {TEXT("-0-" T "-" S "-01"),                                       NULL               },
    {TEXT("00-0af7651916cd43dd8448eb211c80319g-" S "-01"),            NULL               },
    {TEXT("00-0af7651916cd43dd8448eb211c80319/-" S "-01"),            NULL               },
    {TEXT("00-0af7651916cd43dd8448eb211c80319:-" S "-01"),            NULL               },
    {TEXT("00-0af7651916cd43dd8448eb211c80319\x00-" S "-01"),         NULL               },
    {TEXT("00-" T "-b7ad6b716920333\xC3-01"),                         NULL               },
    {TEXT("00-" T "-" S "-zz"),                                       NULL               },
    {TEXT("00-" T "-" S "--1"),                                       NULL               },
    {TEXT("00_" T "-" S "-01"),                                       NULL               },
    {TEXT("00-" T "_" S "-01"),                                       NULL               },
    {TEXT("00-" T "-" S "_01"),                                       NULL               },
    {TEXT("00 " T " " S " 01"),                                       NULL               },
};

static void reads_what_the_standard_allows_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trace_context read;
        memset(&read, 0xAA, sizeof read);
        struct trace_context before = read;
        bool is_read = trace_parent_read(&read, rows[i].value);
        if (is_read != (rows[i].wanted != NULL)) {
            print_error("row %zu: \"%.*s\"\n", i, STR_ARGS(rows[i].value));
        }
        assert_int_equal(is_read, rows[i].wanted != NULL);
        if (is_read) {
            char text[TRACE_PARENT_LEN + 1];
            trace_parent_write(text, &read);
            assert_text(str_from(text), rows[i].wanted);
        } else {
            assert_memory_equal(&read, &before, sizeof read);
        }
    }
}

/* Every byte of a good one, exchanged for every other byte: it is refused, or differs. */
static void no_byte_is_passed_over(void **state)
{
    (void)state;
    struct str good = STR("00-" T "-" S "-03");
    for (size_t at = 0; at < good.len; at++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            char bytes[TRACE_PARENT_LEN];
            char text[TRACE_PARENT_LEN + 1];
            struct trace_context read;
            memcpy(bytes, good.ptr, sizeof bytes);
            bytes[at] = (char)byte;
            struct str value = str_of(bytes, sizeof bytes);
            if (str_eq(value, good) || !trace_parent_read(&read, value)) {
                continue;
            }
            trace_parent_write(text, &read);
            bool is_version = at < 2;
            bool is_flag = at >= TRACE_PARENT_LEN - 2;
            assert_true(is_version || is_flag || str_eq(str_from(text), value));
        }
    }
}

static void a_restart_takes_both_ids_from_chance(void **state)
{
    (void)state;
    uint8_t chance[TRACE_CHANCE_LEN];
    char text[TRACE_PARENT_LEN + 1];
    for (size_t i = 0; i < sizeof chance; i++) {
        chance[i] = (uint8_t)(i + 1);
    }
    struct trace_context ours = trace_restart(chance);
    trace_parent_write(text, &ours);
    assert_text(str_from(text), "00-0102030405060708090a0b0c0d0e0f10-1112131415161718-02");
}

static void an_id_is_never_all_zero(void **state)
{
    (void)state;
    const uint8_t chance[TRACE_CHANCE_LEN] = {0};
    char text[TRACE_PARENT_LEN + 1];
    struct trace_context read;
    struct trace_context ours = trace_restart(chance);
    trace_parent_write(text, &ours);
    assert_true(trace_parent_read(&read, str_from(text)));
}

static void going_on_keeps_the_trace_and_changes_the_span(void **state)
{
    (void)state;
    const uint8_t chance[TRACE_CHANCE_LEN] = {[20] = 7};
    char text[TRACE_PARENT_LEN + 1];
    struct trace_context caller;
    assert_true(trace_parent_read(&caller, STR("00-" T "-" S "-01")));
    struct trace_context ours = trace_restart(chance);
    struct trace_context joined = trace_continue(&ours, &caller);
    trace_parent_write(text, &joined);
    assert_text(str_from(text), "00-" T "-0000000007000000-01");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_standard_allows_and_nothing_else),
        cmocka_unit_test(no_byte_is_passed_over),
        cmocka_unit_test(a_restart_takes_both_ids_from_chance),
        cmocka_unit_test(an_id_is_never_all_zero),
        cmocka_unit_test(going_on_keeps_the_trace_and_changes_the_span),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
