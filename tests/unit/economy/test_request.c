/* test_request.c - what is written reads as a request: without a fault where it is clean, refused
 * where the dirt says so, and never with the number of a company that exists. */
#include "founded.h"

#include "credit/vat.h"
#include "wire/decision_request.h"

static struct arena request_arena;

static enum status read_back(struct decision_request *out, struct violations *violations,
                             const struct buf *text, struct date today)
{
    struct json_error err;
    violations_init(violations, &request_arena);
    const struct json *root = json_read(buf_str(text), &request_arena, &err);
    if (root == NULL) {
        fail_msg("no JSON: %s", err.message);
    }
    return decision_request_read(out, root, today, &request_arena, violations);
}

static void check_facts(const struct facts *facts, const struct shown *shown)
{
    assert_int_equal(facts->blocks_sent, shown->blocks);
    assert_int_equal(facts->company.identifiers[0].scheme, SCHEME_SANDBOX);
    assert_false(luhn_holds(str_from(facts->company.identifiers[0].value)));
    for (uint32_t i = 0; i < facts->statement_count; i++) {
        for (size_t c = 0; c < STATEMENT_CHECK_COUNT; c++) {
            struct check_result r = statement_check(&facts->statements[i], (enum statement_check)c);
            bool is_slip = shown_is(shown, DIRT_UNBALANCED) && i == 0;
            assert_true(!r.is_checkable || r.is_ok || is_slip);
        }
    }
}

static void check_all(struct economy *e, const struct showing_options *options)
{
    struct buf text;
    buf_init(&text, 1024 * 1024);
    arena_init(&request_arena, 16 * 1024 * 1024);
    for (uint32_t i = 0; i < e->firm_count; i++) {
        struct decision_request request;
        struct violations violations;
        struct shown shown;
        shown_make(&shown, options, e, i);
        buf_clear(&text);
        arena_reset(&request_arena);
        request_write(&text, e, i, &shown, i + UINT64_C(1));
        assert_false(buf_failed(&text));
        assert_true(text.len < DECISION_REQUEST_LEN_MAX);
        enum status status = read_back(&request, &violations, &text, e->as_of);
        if (status != (shown_is_refused(&shown) ? STATUS_INVALID : STATUS_OK)) {
            struct str detail = violations.count > 0 ? violations.items[0].detail : STR("");
            fail_msg("status %d, dirt %x: %.*s", (int)status, shown.dirt, STR_ARGS(detail));
        }
        if (status == STATUS_OK) {
            check_facts(&request.facts, &shown);
        }
    }
    arena_finish(&request_arena);
    buf_finish(&text);
}

static void it_is_read_without_a_fault(void **state)
{
    (void)state;
    struct economy e = economy_founded(1, 400, 2);
    check_all(&e, &everything);
    economy_advance(&e);
    check_all(&e, &everything);
}

static void it_is_refused_where_its_dirt_says_so(void **state)
{
    (void)state;
    struct economy e = economy_founded(8, 1500, 1);
    struct showing_options options = everything;
    options.is_dirty = true;
    options.missing = 0.1;
    check_all(&e, &options);
}

static void it_gives_every_company_a_number_of_its_own(void **state)
{
    (void)state;
    struct economy e = economy_founded(1, 20000, 1);
    static uint8_t seen[1000000000 / 8];
    for (uint32_t i = 0; i < e.firm_count; i++) {
        uint32_t n = e.firms[i].number;
        assert_true(n < 1000000000);
        assert_int_equal(seen[n / 8] & 1U << n % 8, 0);
        seen[n / 8] = (uint8_t)(seen[n / 8] | 1U << n % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_read_without_a_fault),
        cmocka_unit_test(it_is_refused_where_its_dirt_says_so),
        cmocka_unit_test(it_gives_every_company_a_number_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, economy_tear_down);
}
