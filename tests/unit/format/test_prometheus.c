/* test_prometheus.c - the text format, byte for byte. */
#include "format/prometheus.h"

#include "../expect.h"

static struct buf out;

static int set_up(void **state)
{
    (void)state;
    buf_init(&out, 4096);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_finish(&out);
    return 0;
}

static void a_family_says_what_it_is(void **state)
{
    (void)state;
    prometheus_family(&out, "a_total", PROMETHEUS_COUNTER, "What it is.");
    prometheus_family(&out, "b", PROMETHEUS_GAUGE, "A \\ and\na line \"quoted\".");
    prometheus_family(&out, "c", PROMETHEUS_HISTOGRAM, "");
    assert_text(buf_str(&out), "# HELP a_total What it is.\n# TYPE a_total counter\n"
                               "# HELP b A \\\\ and\\na line \"quoted\".\n# TYPE b gauge\n"
                               "# HELP c \n# TYPE c histogram\n");
}

static const struct {
    uint64_t value;
    enum prometheus_scale scale;
    const char *wanted;
} values[] = {
    {0,             PROMETHEUS_ONES,   "a 0\n"                    },
    {1000000,       PROMETHEUS_ONES,   "a 1000000\n"              },
    {UINT64_MAX,    PROMETHEUS_ONES,   "a 18446744073709551615\n" },
    {0,             PROMETHEUS_MICROS, "a 0\n"                    },
    {1,             PROMETHEUS_MICROS, "a 0.000001\n"             },
    {10,            PROMETHEUS_MICROS, "a 0.00001\n"              },
    {100000,        PROMETHEUS_MICROS, "a 0.1\n"                  },
    {999999,        PROMETHEUS_MICROS, "a 0.999999\n"             },
    {1000000,       PROMETHEUS_MICROS, "a 1\n"                    },
    {1000001,       PROMETHEUS_MICROS, "a 1.000001\n"             },
    {2500000,       PROMETHEUS_MICROS, "a 2.5\n"                  },
    {UINT64_MAX,    PROMETHEUS_MICROS, "a 18446744073709.551615\n"},
    {1795382770227, PROMETHEUS_MILLIS, "a 1795382770.227\n"       },
    {1000,          PROMETHEUS_MILLIS, "a 1\n"                    },
    {1010,          PROMETHEUS_MILLIS, "a 1.01\n"                 },
};

static void values_are_exact_in_their_unit(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        buf_clear(&out);
        prometheus_sample(&out, "a", PROMETHEUS_UNLABELLED, values[i].value, values[i].scale);
        assert_text(buf_str(&out), values[i].wanted);
    }
}

static void label_values_are_escaped(void **state)
{
    (void)state;
    prometheus_sample(&out, "a",
                      PROMETHEUS_LABELS({"x", STR("\"} 1\na 2\\")}, {"y", STR("")},
                                        {"z", STR("caf\xC3\xA9 {,=")}),
                      3, PROMETHEUS_ONES);
    assert_text(buf_str(&out), "a{x=\"\\\"} 1\\na 2\\\\\",y=\"\",z=\"caf\xC3\xA9 {,=\"} 3\n");
}

static const uint64_t bounds[] = {100, 2500, 1000000};

static void a_histogram_adds_up_to_its_count(void **state)
{
    (void)state;
    struct histogram h;
    histogram_init(&h, bounds, ARRAY_LEN(bounds));
    histogram_add(&h, 100); /* a bound is in its range */
    histogram_add(&h, 101);
    histogram_add(&h, 2500);
    histogram_add(&h, 5000000);
    prometheus_histogram(&out, "a", PROMETHEUS_LABELS({"r", STR("/x")}), &h, PROMETHEUS_MICROS);
    assert_text(buf_str(&out), "a_bucket{r=\"/x\",le=\"0.0001\"} 1\n"
                               "a_bucket{r=\"/x\",le=\"0.0025\"} 3\n"
                               "a_bucket{r=\"/x\",le=\"1\"} 3\n"
                               "a_bucket{r=\"/x\",le=\"+Inf\"} 4\n"
                               "a_sum{r=\"/x\"} 5.002701\n"
                               "a_count{r=\"/x\"} 4\n");
}

static void an_empty_histogram_is_told_whole(void **state)
{
    (void)state;
    struct histogram h;
    histogram_init(&h, bounds, 1);
    prometheus_histogram(&out, "a", PROMETHEUS_UNLABELLED, &h, PROMETHEUS_ONES);
    assert_text(buf_str(&out),
                "a_bucket{le=\"100\"} 0\na_bucket{le=\"+Inf\"} 0\na_sum 0\na_count 0\n");
}

static void a_full_buffer_fails_and_does_not_break(void **state)
{
    (void)state;
    struct buf small;
    struct histogram h;
    buf_init(&small, 20);
    histogram_init(&h, bounds, ARRAY_LEN(bounds));
    prometheus_histogram(&small, "a_long_name", PROMETHEUS_UNLABELLED, &h, PROMETHEUS_ONES);
    assert_true(buf_failed(&small));
    buf_finish(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_family_says_what_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_are_exact_in_their_unit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(label_values_are_escaped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_histogram_adds_up_to_its_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_histogram_is_told_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_buffer_fails_and_does_not_break, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
