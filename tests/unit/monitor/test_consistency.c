/* test_consistency.c - bands, groups, signs, and like facts decided otherwise. */
#include "monitor/consistency.h"

#include "../expect.h"

static struct consistency c;
static struct arena arena;
static const char *const words[OUTCOME_KINDS] = {"refer", "accept", "accept_with_guarantees",
                                                 "decline"};

static int set_up(void **state)
{
    (void)state;
    c = (struct consistency){0};
    arena_init(&arena, 4 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    consistency_finish(&c);
    arena_finish(&arena);
    return 0;
}

static struct facts facts_of(const char *country, int32_t employees)
{
    struct facts facts = {
        .as_of = {2026, 11, 22},
          .company = {.employees = employees }
    };
    memcpy(facts.company.country, country, strlen(country) + 1);
    return facts;
}

static uint64_t next_company;

static void add(const char *country, bool is_accepted, enum grade grade, uint64_t facts_key)
{
    struct facts facts = facts_of(country, 30);
    consistency_add(&c, &(struct consistency_case){.company = ++next_company,
                                                   .facts = facts_key,
                                                   .recommendation = is_accepted ? 1 : 3,
                                                   .is_accepted = is_accepted,
                                                   .is_scored = true,
                                                   .pd_ppm = 20000,
                                                   .score = 600,
                                                   .grade = grade,
                                                   .of = &facts});
}

static struct str written(void)
{
    static struct buf out;
    struct json_writer w;
    struct error err;
    buf_finish(&out);
    buf_init(&out, 1024 * 1024);
    json_writer_init(&w, &out);
    json_object_begin(&w);
    assert_int_equal(consistency_write(&w, &c, words, &err), STATUS_OK);
    json_object_end(&w);
    assert_non_null(json_read(buf_str(&out), &arena, NULL));
    return buf_str(&out);
}

static void bands_change_at_their_limits(void **state)
{
    (void)state;
    static const struct {
        int32_t employees;
        const char *band;
    } heads[] = {
        {0,   "micro"  },
        {9,   "micro"  },
        {10,  "small"  },
        {49,  "small"  },
        {50,  "medium" },
        {249, "medium" },
        {250, "large"  },
        {-1,  "unknown"}
    };
    static const struct {
        struct date born;
        const char *band;
    } births[] = {
        {{0, 0, 0},      "unknown"         },
        {{2024, 11, 23}, "below_2_years"   },
        {{2024, 11, 22}, "2_to_5_years"    },
        {{2021, 11, 22}, "5_to_10_years"   },
        {{2016, 11, 22}, "10_to_20_years"  },
        {{2006, 11, 23}, "10_to_20_years"  },
        {{2006, 11, 22}, "20_years_or_more"}
    };
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        struct facts facts = facts_of("FR", heads[i].employees);
        assert_string_equal(size_band(&facts), heads[i].band);
    }
    for (size_t i = 0; i < ARRAY_LEN(births); i++) {
        struct facts facts = facts_of("FR", 1);
        facts.company.incorporated_on = births[i].born;
        assert_string_equal(age_band(&facts), births[i].band);
    }
}

static void size_falls_back_on_assets_in_euros(void **state)
{
    (void)state;
    static const struct {
        int64_t minor;
        enum currency currency;
        const char *band;
    } rows[] = {
        {200000000,  CURRENCY_EUR, "micro"  },
        {200000001,  CURRENCY_EUR, "small"  },
        {4300000000, CURRENCY_EUR, "medium" },
        {4300000001, CURRENCY_EUR, "large"  },
        {200000000,  CURRENCY_USD, "unknown"}
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct statement s = {
            .period_end = {2025, 12, 31},
              .months = 12, .currency = rows[i].currency
        };
        struct facts facts = facts_of("FR", -1);
        statement_state(&s, ITEM_TOTAL_ASSETS, rows[i].minor);
        facts.statements = &s;
        facts.statement_count = 1;
        assert_string_equal(size_band(&facts), rows[i].band);
    }
}

static void a_company_counts_once_by_its_newest(void **state)
{
    (void)state;
    add("FR", true, GRADE_C1, 1);
    next_company--;
    add("FR", false, GRADE_C1, 2);
    assert_int_equal(c.decisions, 2);
    assert_int_equal(c.population, 1);
    assert_int_equal(c.dimensions[DIMENSION_COUNTRY].groups[0].accepted.hits, 1);
}

static void like_facts_decided_otherwise_are_found(void **state)
{
    (void)state;
    add("FR", true, GRADE_C1, 77);
    add("FR", true, GRADE_C1, 77);
    assert_int_equal(c.repeated, 1);
    assert_int_equal(c.repeated_differently, 0);
    add("ES", false, GRADE_C1, 77);
    assert_int_equal(c.repeated, 2);
    assert_int_equal(c.repeated_differently, 1);
    add("ES", false, GRADE_C1, 78);
    assert_int_equal(c.repeated, 2);
}

/* 60 of 100 against 95 of 100, at one grade: a sign, and not the risk. */
static void a_sign_is_called_one(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 101; i++) {
        add("FR", i < 95, GRADE_C1, 1000 + i);
    }
    for (uint32_t i = 0; i < 100; i++) {
        add("ES", i < 60, GRADE_C1, 2000 + i);
    }
    struct str text = written();
    assert_text(json_slice(text, STR("signs")), "[{\"dimension\":\"country\",\"group\":\"ES\"}]");
    const struct group_list *list = &c.dimensions[DIMENSION_COUNTRY];
    struct equal_risk d;
    equal_risk_difference(&d, list->groups[1].by_grade, list->groups[0].by_grade, GRADE_COUNT);
    assert_close(d.difference, 0.6 - 95.0 / 101, 1e-9);
}

static void small_groups_give_no_sign(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 100; i++) {
        add("FR", true, GRADE_C1, 1000 + i);
    }
    for (uint32_t i = 0; i < GROUP_SMALL - 1; i++) {
        add("ES", false, GRADE_E1, 2000 + i);
    }
    assert_text(json_slice(written(), STR("signs")), "[]");
    add("ES", false, GRADE_E1, 9999); /* none of thirty */
    assert_text(json_slice(written(), STR("signs")),
                "[{\"dimension\":\"country\",\"group\":\"ES\"}]");
}

static void groups_beyond_the_last_are_others(void **state)
{
    (void)state;
    char country[3] = "AA";
    for (uint32_t i = 0; i < GROUPS_MAX + 6; i++) {
        country[0] = (char)('A' + i / 26);
        country[1] = (char)('A' + i % 26);
        add(country, true, GRADE_C1, i + 1);
    }
    const struct group_list *list = &c.dimensions[DIMENSION_COUNTRY];
    assert_int_equal(list->count, GROUPS_MAX);
    assert_string_equal(list->groups[GROUPS_MAX - 1].label, "others");
    assert_int_equal(list->groups[GROUPS_MAX - 1].companies, 7);
}

static void nobody_knows_is_no_yardstick(void **state)
{
    (void)state;
    add("", true, GRADE_C1, 1);
    add("", true, GRADE_C1, 2);
    add("FR", true, GRADE_C1, 3);
    struct str text = written();
    size_t at = 0;
    const char *want = "{\"dimension\":\"country\",\"reference\":\"FR\"";
    while (at + strlen(want) < text.len && memcmp(text.ptr + at, want, strlen(want)) != 0) {
        at++;
    }
    assert_true(at + strlen(want) < text.len);
}

static void an_empty_book_is_a_report_too(void **state)
{
    (void)state;
    assert_text(json_slice(written(), STR("companies")), "0");
    c.is_full = true;
    struct buf out;
    struct json_writer w;
    struct error err;
    buf_init(&out, 1024);
    json_writer_init(&w, &out);
    assert_int_equal(consistency_write(&w, &c, words, &err), STATUS_BUSY);
    buf_finish(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bands_change_at_their_limits),
        TEST(size_falls_back_on_assets_in_euros),
        TEST(a_company_counts_once_by_its_newest),
        TEST(like_facts_decided_otherwise_are_found),
        TEST(a_sign_is_called_one),
        TEST(small_groups_give_no_sign),
        TEST(groups_beyond_the_last_are_others),
        TEST(nobody_knows_is_no_yardstick),
        TEST(an_empty_book_is_a_report_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
