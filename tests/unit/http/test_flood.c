/* test_flood.c - every cheap frame at its limit and one past it, whole and in pieces. */
#include "http/flood.h"

#include "../expect.h"
#include "frames.h"

enum { START_US = 5000000 };

static const struct {
    const char *name;
    enum flood_kind kind;
    unsigned type;
    unsigned flags;
    uint32_t stream;
    struct str payload;
} cheap[] = {
    {"RST_STREAM",         FLOOD_RESET,         F_RST_STREAM,      0,           1, {"\0\0\0\10", 4}       },
    {"PING",               FLOOD_PING,          F_PING,            0,           0, {"12345678", 8}        },
    {"PING, acknowledged", FLOOD_PING,          F_PING,            ACK,         0, {"12345678", 8}        },
    {"SETTINGS",           FLOOD_SETTINGS,      F_SETTINGS,        0,           0, {"\0\4\0\0\377\377", 6}},
    {"SETTINGS, empty",    FLOOD_SETTINGS,      F_SETTINGS,        0,           0, {"", 0}                },
    {"PRIORITY",           FLOOD_PRIORITY,      F_PRIORITY,        0,           3, {"\0\0\0\1\20", 5}     },
    {"PRIORITY_UPDATE",    FLOOD_PRIORITY,      F_PRIORITY_UPDATE, 0,           0, {"\0\0\0\1u=1", 7}     },
    {"WINDOW_UPDATE",      FLOOD_WINDOW_UPDATE, F_WINDOW_UPDATE,   0,           0, {"\0\0\0\1", 4}        },
    {"empty DATA",         FLOOD_EMPTY_DATA,    F_DATA,            0,           1, {"", 0}                },
    {"CONTINUATION",       FLOOD_CONTINUATION,  F_CONTINUATION,    0,           1, {"\202", 1}            },
    {"empty CONTINUATION", FLOOD_CONTINUATION,  F_CONTINUATION,    END_HEADERS, 1, {"", 0}                },
    {"GOAWAY",             FLOOD_UNKNOWN,       F_GOAWAY,          0,           0, {"\0\0\0\0\0\0\0\0", 8}},
    {"PUSH_PROMISE",       FLOOD_UNKNOWN,       F_PUSH_PROMISE,    4,           1, {"\0\0\0\2\202", 5}    },
    {"an unknown type",    FLOOD_UNKNOWN,       F_GREASE,          0xFF,        7, {"whatever", 8}        },
};

static void begin(struct flood *f)
{
    flood_init(f, START_US);
    assert_int_equal(flood_watch(f, PREFACE, START_US), 24);
}

/* Push bytes in as reads of at most `step`. */
static void watch(struct flood *f, struct str bytes, size_t step, uint64_t now_us)
{
    while (bytes.len > 0) {
        struct str part = str_slice(bytes, 0, step < bytes.len ? step : bytes.len);
        size_t used = flood_watch(f, part, now_us);
        assert_true(used > 0 && used <= part.len);
        bytes = str_slice(bytes, used, bytes.len);
    }
}

static void cuts_one_past_the_limit_of_each_frame(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cheap); i++) {
        struct buf one;
        buf_init(&one, 100);
        put_frame(&one, cheap[i].type, cheap[i].flags, cheap[i].stream, cheap[i].payload);
        for (size_t step = 1; step <= one.len; step++) {
            struct flood f;
            begin(&f);
            for (uint32_t n = 0; n < flood_burst(cheap[i].kind); n++) {
                watch(&f, buf_str(&one), step, START_US);
            }
            if (f.is_over) {
                fail_msg("%s: over at its limit, %zu bytes a read", cheap[i].name, step);
            }
            watch(&f, buf_str(&one), step, START_US);
            if (!f.is_over) {
                fail_msg("%s: not over one past its limit, %zu bytes a read", cheap[i].name, step);
            }
        }
        buf_finish(&one);
    }
}

static void forgets_at_the_rate_of_each_bucket(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < FLOOD_COUNT; kind++) {
        enum flood_kind k = (enum flood_kind)kind;
        struct flood f;
        begin(&f);
        for (uint32_t n = 0; n < flood_burst(k); n++) {
            assert_true(flood_add(&f, k));
        }
        f.now_us = START_US + 1000000;
        for (uint32_t n = 0; n < flood_per_second(k); n++) {
            assert_true(flood_add(&f, k));
        }
        assert_false(flood_add(&f, k));
        f.now_us += 3600000000;
        assert_false(flood_add(&f, k)); /* over once is over */
    }
}

static void counts_nothing_against_honest_frames(void **state)
{
    (void)state;
    struct flood f;
    struct buf turn;
    begin(&f);
    buf_init(&turn, 100000);
    put_headers(&turn, END_HEADERS, 1, ":method: POST\n:path: /\n");
    put_frame(&turn, F_DATA, 0, 1, STR("body"));
    put_frame(&turn, F_DATA, END_STREAM, 1, STR(""));
    put_headers(&turn, WHOLE, 3, ":method: GET\n:path: /\n");
    for (unsigned n = 0; n < 10000; n++) {
        watch(&f, buf_str(&turn), SIZE_MAX, START_US);
    }
    assert_false(f.is_over);
    assert_int_equal(f.block_count, 20000);
    buf_finish(&turn);
}

static void credits_an_answer_with_pings_and_windows(void **state)
{
    (void)state;
    static const enum flood_kind explained[] = {FLOOD_PING, FLOOD_WINDOW_UPDATE};
    for (size_t i = 0; i < ARRAY_LEN(explained); i++) {
        struct flood f;
        begin(&f);
        for (uint32_t n = 0; n < 10 * flood_burst(explained[i]); n++) {
            flood_credit(&f);
            assert_true(flood_add(&f, explained[i]));
            assert_true(flood_add(&f, explained[i]));
        }
        /* Credit is for what came, never for what may come. */
        for (uint32_t n = 0; n < 1000; n++) {
            flood_credit(&f);
        }
        uint32_t taken = 0;
        while (flood_add(&f, explained[i])) {
            taken++;
        }
        assert_true(taken <= flood_burst(explained[i]));
    }
}

static void knows_whether_a_block_is_open(void **state)
{
    (void)state;
    static const struct {
        unsigned type, flags;
        struct str payload;
        bool is_open; /* behind it */
    } rows[] = {
        {F_HEADERS,      0,           {"\202", 1},     true },
        {F_CONTINUATION, 0,           {"", 0},         true },
        {F_CONTINUATION, END_HEADERS, {"\204", 1},     false},
        {F_HEADERS,      END_HEADERS, {"\202", 1},     false},
        {F_HEADERS,      END_HEADERS, {"", 0},         false},
        {F_PING,         0,           {"12345678", 8}, false},
        {F_HEADERS,      WHOLE,       {"\202", 1},     false},
    };
    struct flood f;
    begin(&f);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf one;
        buf_init(&one, 100);
        put_frame(&one, rows[i].type, rows[i].flags, 1, rows[i].payload);
        struct str bytes = buf_str(&one);
        /* Until its last byte, a block that began is open. */
        watch(&f, str_slice(bytes, 0, bytes.len - 1), 1, START_US);
        assert_int_equal(f.is_in_block && f.head_len == 0,
                         rows[i].type != F_PING && rows[i].payload.len > 0);
        watch(&f, str_slice(bytes, bytes.len - 1, bytes.len), 1, START_US);
        assert_int_equal(f.is_in_block, rows[i].is_open);
        buf_finish(&one);
    }
    assert_int_equal(f.block_count, 4);
}

static void stops_behind_each_head_of_data(void **state)
{
    (void)state;
    struct flood f;
    struct buf bytes;
    begin(&f);
    buf_init(&bytes, 1000);
    put_frame(&bytes, F_PING, 0, 0, STR("12345678"));
    put_frame(&bytes, F_DATA, 0, 0x81234567, STR("abc"));
    put_frame(&bytes, F_DATA, 1, 5, STR(""));
    put_frame(&bytes, F_PING, 0, 0, STR("12345678"));
    struct str all = buf_str(&bytes);
    assert_int_equal(flood_watch(&f, all, START_US), 17 + 9);
    assert_int_equal(f.data_id, 0x01234567);
    assert_int_equal(flood_watch(&f, str_slice(all, 26, all.len), START_US), 3 + 9);
    assert_int_equal(f.data_id, 5);
    assert_int_equal(flood_watch(&f, str_slice(all, 38, all.len), START_US), 17);
    assert_int_equal(f.data_id, 0);
    buf_finish(&bytes);
}

static void sees_a_stream_that_depends_on_itself(void **state)
{
    (void)state;
    static const struct {
        uint32_t stream;
        struct str payload;
        bool is_error;
    } rows[] = {
        {1,          {"\0\0\0\1\20", 5},   true },
        {1,          {"\200\0\0\1\20", 5}, true },
        {0x80000001, {"\0\0\0\1\20", 5},   true },
        {3,          {"\0\0\0\1\20", 5},   false},
        {1,          {"\0\0\0\0\20", 5},   false},
        {1,          {"\0\0\0\3\20", 5},   false},
        {256,        {"\0\0\0\1\20", 5},   false},
        {1,          {"\0\0\0", 3},        false}, /* too short: the library's to refuse */
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (size_t step = 1; step < 32; step++) {
            struct flood f;
            struct buf bytes;
            begin(&f);
            buf_init(&bytes, 1000);
            put_frame(&bytes, F_PRIORITY, 0, rows[i].stream, rows[i].payload);
            put_frame(&bytes, F_PRIORITY, 0, 9, STR("\0\0\0\7\1"));
            watch(&f, buf_str(&bytes), step, START_US);
            assert_int_equal(f.is_self_dependent, rows[i].is_error);
            assert_int_equal(f.head_len, 0);
            assert_int_equal(f.skip, 0);
            buf_finish(&bytes);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_one_past_the_limit_of_each_frame),
        cmocka_unit_test(forgets_at_the_rate_of_each_bucket),
        cmocka_unit_test(counts_nothing_against_honest_frames),
        cmocka_unit_test(credits_an_answer_with_pings_and_windows),
        cmocka_unit_test(knows_whether_a_block_is_open),
        cmocka_unit_test(stops_behind_each_head_of_data),
        cmocka_unit_test(sees_a_stream_that_depends_on_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
