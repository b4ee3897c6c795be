/* test_economy.c - years, failures, contagion, and the same companies everywhere.
 *
 * The golden digest is that of everything a seed means: requests and truth.  It moves with
 * ECONOMY_VERSION, and with nothing else. */
#include "founded.h"

#include "crypto/digest.h"
#include "economy/truth.h"

struct tally {
    uint32_t rows, failed, contagious;
};

static struct tally tally_of(uint64_t seed, uint32_t companies, uint32_t years)
{
    struct economy e = economy_founded(seed, companies, years);
    struct tally t = {0};
    for (;;) {
        for (uint32_t i = 0; i < e.firm_count; i++) {
            t.rows++;
            t.failed += e.firms[i].fails ? 1 : 0;
            t.contagious += e.firms[i].is_contagious ? 1 : 0;
        }
        if (e.year + 1 == years) {
            return t;
        }
        economy_advance(&e);
    }
}

static void it_fails_as_often_as_companies_do(void **state)
{
    (void)state;
    struct tally sum = {0};
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct tally t = tally_of(seed, 4000, 3);
        sum.rows += t.rows;
        sum.failed += t.failed;
        sum.contagious += t.contagious;
        double rate = (double)t.failed / t.rows;
        assert_true(rate > 0.012 && rate < 0.045);
    }
    double rate = (double)sum.failed / sum.rows;
    double contagious = (double)sum.contagious / sum.failed;
    assert_true(rate > 0.020 && rate < 0.032);
    assert_true(contagious > 0.15 && contagious < 0.25);
}

static void it_spreads_nothing_without_contagion(void **state)
{
    (void)state;
    struct economy_options options = economy_options_default;
    struct economy e;
    options.companies = 4000;
    options.contagion = 0.0;
    arena_finish(&arena);
    arena_init(&arena, 64 * 1024 * 1024);
    assert_true(economy_make(&e, &options, &arena));
    for (uint32_t i = 0; i < e.firm_count; i++) {
        assert_false(e.firms[i].is_contagious);
        assert_true(e.firms[i].pd_after == e.firms[i].pd);
    }
}

static double group_covariance(double group_weight)
{
    struct economy_options options = economy_options_default;
    struct economy e;
    double sum = 0.0, count = 0.0;
    options.companies = 8000;
    options.group_weight = group_weight;
    arena_finish(&arena);
    arena_init(&arena, 64 * 1024 * 1024);
    assert_true(economy_make(&e, &options, &arena));
    for (uint32_t i = 1; i < e.firm_count; i++) {
        if (e.firms[i].group != FIRM_NONE && e.firms[i].group == e.firms[i - 1].group) {
            sum += e.firms[i].quality[0] * e.firms[i - 1].quality[0];
            count += 1.0;
        }
    }
    return sum / count;
}

static void it_shares_quality_in_groups_as_told(void **state)
{
    (void)state;
    double none = group_covariance(0.0), usual = group_covariance(0.6);
    assert_true(none < 0.2);
    assert_true(usual > 0.5 && usual < 0.8);
}

static void it_replaces_who_fails_and_keeps_who_lives(void **state)
{
    (void)state;
    struct economy e = economy_founded(3, 4000, 2);
    static uint64_t keys[4000];
    static bool fails[4000];
    for (uint32_t i = 0; i < e.firm_count; i++) {
        keys[i] = e.firms[i].key;
        fails[i] = e.firms[i].fails;
    }
    economy_advance(&e);
    for (uint32_t i = 0; i < e.firm_count; i++) {
        assert_true((e.firms[i].key != keys[i]) == fails[i]);
        assert_true(e.firms[i].born < date_to_days(e.as_of));
        assert_true(!fails[i] || firm_age_years(&e.firms[i], e.as_of) < 1.0);
    }
}

static void append_all(struct buf *out, struct economy *e, const struct showing_options *options)
{
    uint64_t row = 0;
    struct shown shown;
    for (;;) {
        for (uint32_t i = 0; i < e->firm_count; i++) {
            shown_make(&shown, options, e, i);
            request_write(out, e, i, &shown, ++row);
            truth_write(out, e, i, &shown, row);
        }
        if (e->year + 1 == e->options.years) {
            return;
        }
        economy_advance(e);
    }
}

static void digest_hex_of(char *hex, uint64_t seed, const struct showing_options *options)
{
    struct economy e = economy_founded(seed, 200, 3);
    struct buf text;
    buf_init(&text, 64 * 1024 * 1024);
    append_all(&text, &e, options);
    assert_false(buf_failed(&text));
    struct digest digest = digest_of(buf_str(&text));
    digest_hex(hex, &digest);
    buf_finish(&text);
}

static void it_is_the_same_on_any_machine(void **state)
{
    (void)state;
    static const struct showing_options dirty = {
        .blocks = (1U << BLOCK_COUNT) - 1, .missing = 0.2, .is_dirty = true};
    char hex[DIGEST_HEX_LEN + 1];
    digest_hex_of(hex, 1, &dirty);
    assert_string_equal(hex, "8eb83455be1810911948565307fb1774adde43af1a0d7209e521dc93b5ffa840");
}

static void it_is_another_with_another_seed(void **state)
{
    (void)state;
    char one[DIGEST_HEX_LEN + 1], again[DIGEST_HEX_LEN + 1], two[DIGEST_HEX_LEN + 1];
    digest_hex_of(one, 1, &everything);
    digest_hex_of(again, 1, &everything);
    digest_hex_of(two, 2, &everything);
    assert_string_equal(one, again);
    assert_string_not_equal(one, two);
}

/* Sums over who fails and who does not, for the rank of a failure among the others. */
static double auc_of_quality(uint64_t seed)
{
    struct economy e = economy_founded(seed, 6000, 1);
    double above = 0.0, pairs = 0.0;
    for (uint32_t i = 0; i < e.firm_count; i++) {
        for (uint32_t k = 0; e.firms[i].fails && k < e.firm_count; k++) {
            if (!e.firms[k].fails) {
                above += e.firms[i].pd > e.firms[k].pd ? 1.0 : 0.0;
                pairs += 1.0;
            }
        }
    }
    return above / pairs;
}

static void it_leaves_chance_its_part_in_failures(void **state)
{
    (void)state;
    double auc = (auc_of_quality(1) + auc_of_quality(2) + auc_of_quality(3)) / 3.0;
    assert_true(auc > 0.86 && auc < 0.92);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_fails_as_often_as_companies_do),
        cmocka_unit_test(it_spreads_nothing_without_contagion),
        cmocka_unit_test(it_shares_quality_in_groups_as_told),
        cmocka_unit_test(it_replaces_who_fails_and_keeps_who_lives),
        cmocka_unit_test(it_is_the_same_on_any_machine),
        cmocka_unit_test(it_is_another_with_another_seed),
        cmocka_unit_test(it_leaves_chance_its_part_in_failures),
    };
    return cmocka_run_group_tests(tests, NULL, economy_tear_down);
}
