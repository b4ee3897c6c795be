/* test_chunks.c - chunked bodies, whole and in every pair of pieces. */
#include "http/chunks.h"

#include "../expect.h"

enum { BODY_MAX = 20 };

#define BYTES(literal)                                                                             \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static const struct {
    struct str bytes;
    enum chunks_result result;
    const char *body;
    size_t rest; /* bytes behind the chunks */
} rows[] = {
    {BYTES("0\r\n"),                                                   CHUNKS_END,       "",                     0},
    {BYTES("5\r\nhello\r\n0\r\n\r\nGET"),                              CHUNKS_END,       "hello",                5},
    {BYTES("3\r\nhel\r\n02\r\nlo\r\n00\r\n"),                          CHUNKS_END,       "hello",                0},
    {BYTES("5;a=b;c\r\nhello\r\n0;d;e=f\r\n"),                         CHUNKS_END,       "hello",                0},
    {BYTES("a\r\n\r\n0\r\n\r\n\r\n\r\n0\r\n"),                         CHUNKS_MALFORMED, "",                     0},
    {BYTES("A\r\n0123456789\r\n0\r\n"),                                CHUNKS_END,       "0123456789",           0},
    {BYTES("5\r\nhello\r\n"),                                          CHUNKS_MORE,      "hello",                0},
    {BYTES("14\r\n01234567890123456789\r\n0\r\n"),                     CHUNKS_END,       "01234567890123456789", 0},
    {BYTES("15\r\n012345678901234567890\r\n"),                         CHUNKS_FULL,      "",                     0},
    {BYTES("FFFFFFFFFFFFFFFF\r\n"),                                    CHUNKS_MORE,      "",                     0},
    {BYTES("FFFFFFFFFFFFFFFFF\r\n"),                                   CHUNKS_MALFORMED, "",                     0},
    {BYTES("\r\n"),                                                    CHUNKS_MALFORMED, "",                     0},
    {BYTES(" 5\r\n"),                                                  CHUNKS_MALFORMED, "",                     0},
    {BYTES("5 \r\n"),                                                  CHUNKS_MALFORMED, "",                     0},
    {BYTES("0x5\r\n"),                                                 CHUNKS_MALFORMED, "",                     0},
    {BYTES("+5\r\n"),                                                  CHUNKS_MALFORMED, "",                     0},
    {BYTES("5\n"),                                                     CHUNKS_MALFORMED, "",                     0},
    {BYTES("5\r5"),                                                    CHUNKS_MALFORMED, "",                     0},
    {BYTES("5\r\nhello0\r\n"),                                         CHUNKS_MALFORMED, "",                     0},
    {BYTES("5\r\nhello\n0\r\n"),                                       CHUNKS_MALFORMED, "",                     0},
    {BYTES("5\r\nhello\r0\r\n"),                                       CHUNKS_MALFORMED, "",                     0},
    {BYTES("4\r\nhello\r\n"),                                          CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;\r\n"),                                                  CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;;a\r\n"),                                                CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;=b\r\n"),                                                CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a=\r\n"),                                                CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a=b=c\r\n"),                                             CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a b\r\n"),                                               CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a\nb\r\n"),                                              CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a\0\r\n"),                                               CHUNKS_MALFORMED, "",                     0},
    {BYTES("5=a\r\n"),                                                 CHUNKS_MALFORMED, "",                     0},
    {BYTES("5 \t; a\t= b ;c\r\nhello\r\n0\r\n"),                       CHUNKS_END,       "hello",                0},
    {BYTES("5;a=\"\"\r\nhello\r\n0\r\n"),                              CHUNKS_END,       "hello",                0},
    {BYTES("5;a=\"b;=\\\"\\\\ \t\x80\" ;c\r\nhello\r\n0;d=\"e\"\r\n"), CHUNKS_END,       "hello",                0},
    {BYTES("5; \r\n"),                                                 CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a \r\n"),                                                CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a= \r\n"),                                               CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a=b \r\n"),                                              CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a=b c\r\n"),                                             CHUNKS_MALFORMED, "",                     0},
    {BYTES("5 0\r\n"),                                                 CHUNKS_MALFORMED, "",                     0},
    {BYTES("5 =a\r\n"),                                                CHUNKS_MALFORMED, "",                     0},
    {BYTES("5\v;a\r\n"),                                               CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;\"a\"\r\n"),                                             CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a=\"b\r\n"),                                             CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a=\"b\n"),                                               CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a=\"b\0"),                                               CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a=\"b\x7F"),                                             CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a=\"b\\\r"),                                             CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a=\"b\"c\r\n"),                                          CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a=\"b\"\"c\"\r\n"),                                      CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a=\"b\"=c\r\n"),                                         CHUNKS_MALFORMED, "",                     0},
    {BYTES("5;a=b\"c\"\r\n"),                                          CHUNKS_MALFORMED, "",                     0},
};

static void reads_each_row_in_any_two_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (size_t cut = 0; cut <= rows[i].bytes.len; cut++) {
            struct chunks c;
            struct buf body;
            size_t used = 0;
            buf_init(&body, BODY_MAX);
            chunks_begin(&c);
            enum chunks_result result =
                chunks_read(&c, &body, str_slice(rows[i].bytes, 0, cut), &used);
            size_t total = used;
            if (result == CHUNKS_MORE) {
                assert_int_equal(used, cut);
                struct str rest = str_slice(rows[i].bytes, cut, rows[i].bytes.len);
                result = chunks_read(&c, &body, rest, &used);
                total += used;
            }
            if (result != rows[i].result) {
                fail_msg("row %zu cut at %zu: %d", i, cut, (int)result);
            }
            if (result == CHUNKS_END || result == CHUNKS_MORE) {
                assert_text(buf_str(&body), rows[i].body);
                assert_int_equal(total, rows[i].bytes.len - rows[i].rest);
            }
            buf_finish(&body);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_each_row_in_any_two_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
