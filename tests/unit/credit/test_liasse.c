/* test_liasse.c - two tax returns, worked through by hand, and what is refused. */
#include "credit/liasse.h"

#include "../expect.h"

enum { EUROS = 100 };

struct box_row {
    const char *code;
    int64_t euros;
};

struct want {
    enum item item;
    int64_t euros;
};

static size_t boxes_of(struct liasse_box boxes[LIASSE_BOXES_MAX], const struct box_row *rows,
                       size_t count)
{
    memset(boxes, 0, sizeof(struct liasse_box) * LIASSE_BOXES_MAX);
    for (size_t i = 0; i < count; i++) {
        memcpy(boxes[i].code, rows[i].code, strlen(rows[i].code));
        boxes[i].minor = rows[i].euros * EUROS;
    }
    return count;
}

static struct statement read_return(enum liasse_regime regime, const struct box_row *rows,
                                    size_t count, enum item *conflict)
{
    struct statement s = {
        .period_end = {2025, 12, 31},
          .months = 12, .currency = CURRENCY_EUR
    };
    struct liasse_box boxes[LIASSE_BOXES_MAX];
    liasse_to_items(&s, regime, boxes, boxes_of(boxes, rows, count), conflict);
    return s;
}

/* An invented manufacturer under the normal regime.  Both sides close at 589,500 euros. */
static const struct box_row normal_return[] = {
    {"AN", 50000  },
    {"AP", 200000 },
    {"AQ", 80000  },
    {"AR", 150000 },
    {"AS", 90000  },
    {"BJ", 400000 },
    {"BK", 170000 },
    {"BL", 40000  },
    {"BM", 2000   },
    {"BR", 30000  },
    {"BS", 1000   },
    {"BT", 25000  },
    {"BX", 180000 },
    {"BY", 12000  },
    {"BZ", 22000  },
    {"CD", 15000  },
    {"CE", 500    },
    {"CF", 60000  },
    {"CH", 3000   },
    {"CJ", 375000 },
    {"CK", 15500  },
    {"CO", 775000 },
    {"1A", 185500 },
    {"DA", 100000 },
    {"DD", 10000  },
    {"DG", 60000  },
    {"DH", -15000 },
    {"DI", 42000  },
    {"DL", 197000 },
    {"DO", 20000  },
    {"DP", 8500   },
    {"DR", 8500   },
    {"DU", 120000 },
    {"DV", 30000  },
    {"DW", 4000   },
    {"DX", 130000 },
    {"DY", 62000  },
    {"DZ", 5000   },
    {"EA", 11000  },
    {"EB", 2000   },
    {"EC", 364000 },
    {"EE", 589500 },
    {"EG", 250000 },
    {"EH", 18000  },
    {"FJ", 1000000},
    {"FK", 50000  },
    {"FL", 1050000},
    {"FM", 10000  },
    {"FN", 5000   },
    {"FO", 2000   },
    {"FP", 3000   },
    {"FQ", 1000   },
    {"FR", 1071000},
    {"FS", 200000 },
    {"FT", -5000  },
    {"FU", 250000 },
    {"FV", 4000   },
    {"FW", 220000 },
    {"FX", 15000  },
    {"FY", 190000 },
    {"FZ", 76000  },
    {"GA", 48000  },
    {"GC", 3000   },
    {"GD", 1500   },
    {"GE", 2500   },
    {"GF", 1005000},
    {"GG", 66000  },
    {"GP", 1000   },
    {"GR", 6000   },
    {"GU", 7500   },
    {"GV", -6500  },
    {"GW", 59500  },
    {"HD", 4000   },
    {"HH", 9500   },
    {"HI", -5500  },
    {"HK", 12000  },
    {"HN", 42000  },
};

static const struct want normal_items[] = {
    {ITEM_TOTAL_ASSETS,                  589500 },
    {ITEM_FIXED_ASSETS,                  230000 },
    {ITEM_CURRENT_ASSETS,                359500 },
    {ITEM_INVENTORIES,                   92000  },
    {ITEM_TRADE_RECEIVABLES,             168000 },
    {ITEM_CASH,                          60000  },
    {ITEM_SECURITIES,                    14500  },
    {ITEM_EQUITY,                        217000 },
    {ITEM_SHARE_CAPITAL,                 100000 },
    {ITEM_RETAINED_EARNINGS,             97000  },
    {ITEM_PROVISIONS,                    8500   },
    {ITEM_TOTAL_LIABILITIES,             372500 },
    {ITEM_CURRENT_LIABILITIES,           250000 },
    {ITEM_LONG_TERM_DEBT,                114000 },
    {ITEM_FINANCIAL_DEBT,                150000 },
    {ITEM_OVERDRAFTS,                    18000  },
    {ITEM_TRADE_PAYABLES,                130000 },
    {ITEM_TAX_AND_SOCIAL_PAYABLES,       62000  },
    {ITEM_REVENUE,                       1050000},
    {ITEM_EXPORTS,                       50000  },
    {ITEM_PURCHASES,                     670000 },
    {ITEM_COST_OF_GOODS_SOLD,            449000 },
    {ITEM_VALUE_ADDED,                   396000 },
    {ITEM_PERSONNEL_EXPENSES,            266000 },
    {ITEM_EBITDA,                        117000 },
    {ITEM_DEPRECIATION_AND_AMORTIZATION, 48000  },
    {ITEM_EBIT,                          66000  },
    {ITEM_INTEREST_EXPENSE,              6000   },
    {ITEM_FINANCIAL_CHARGES,             7500   },
    {ITEM_EXCEPTIONAL_RESULT,            -5500  },
    {ITEM_PROFIT_BEFORE_TAX,             54000  },
    {ITEM_INCOME_TAX,                    12000  },
    {ITEM_NET_INCOME,                    42000  },
};

/* An invented shop under the simplified regime.  Both sides close at 154,000 euros. */
static const struct box_row simplified_return[] = {
    {"010", 20000 },
    {"014", 5000  },
    {"016", 2000  },
    {"028", 80000 },
    {"030", 35000 },
    {"040", 3000  },
    {"044", 108000},
    {"048", 37000 },
    {"050", 6000  },
    {"052", 500   },
    {"060", 14000 },
    {"062", 1000  },
    {"064", 500   },
    {"068", 42000 },
    {"070", 3000  },
    {"072", 4500  },
    {"080", 2000  },
    {"084", 17500 },
    {"092", 1000  },
    {"096", 87500 },
    {"098", 4500  },
    {"110", 195500},
    {"112", 41500 },
    {"120", 10000 },
    {"126", 1000  },
    {"132", 20000 },
    {"134", 3500  },
    {"136", 12500 },
    {"142", 47000 },
    {"154", 2000  },
    {"156", 40000 },
    {"164", 1000  },
    {"166", 33000 },
    {"172", 29000 },
    {"174", 2000  },
    {"176", 105000},
    {"180", 154000},
    {"195", 28000 },
    {"210", 90000 },
    {"214", 60000 },
    {"215", 12000 },
    {"218", 150000},
    {"222", 2000  },
    {"226", 1000  },
    {"230", 500   },
    {"232", 303500},
    {"234", 50000 },
    {"236", -2000 },
    {"238", 30000 },
    {"240", 1000  },
    {"242", 70000 },
    {"244", 5000  },
    {"250", 90000 },
    {"252", 34000 },
    {"254", 9000  },
    {"262", 500   },
    {"264", 287500},
    {"270", 16000 },
    {"280", 200   },
    {"290", 500   },
    {"294", 1200  },
    {"300", 1000  },
    {"306", 2000  },
    {"310", 12500 },
};

static const struct want simplified_items[] = {
    {ITEM_TOTAL_ASSETS,                  154000},
    {ITEM_FIXED_ASSETS,                  71000 },
    {ITEM_CURRENT_ASSETS,                83000 },
    {ITEM_INVENTORIES,                   18500 },
    {ITEM_TRADE_RECEIVABLES,             39000 },
    {ITEM_CASH,                          17500 },
    {ITEM_SECURITIES,                    2000  },
    {ITEM_EQUITY,                        47000 },
    {ITEM_SHARE_CAPITAL,                 10000 },
    {ITEM_RETAINED_EARNINGS,             37000 },
    {ITEM_PROVISIONS,                    2000  },
    {ITEM_TOTAL_LIABILITIES,             107000},
    {ITEM_CURRENT_LIABILITIES,           77000 },
    {ITEM_LONG_TERM_DEBT,                28000 },
    {ITEM_FINANCIAL_DEBT,                40000 },
    {ITEM_TRADE_PAYABLES,                33000 },
    {ITEM_REVENUE,                       300000},
    {ITEM_EXPORTS,                       12000 },
    {ITEM_PURCHASES,                     150000},
    {ITEM_COST_OF_GOODS_SOLD,            79000 },
    {ITEM_VALUE_ADDED,                   153000},
    {ITEM_PERSONNEL_EXPENSES,            124000},
    {ITEM_EBITDA,                        25000 },
    {ITEM_DEPRECIATION_AND_AMORTIZATION, 9000  },
    {ITEM_EBIT,                          16000 },
    {ITEM_FINANCIAL_CHARGES,             1200  },
    {ITEM_EXCEPTIONAL_RESULT,            -500  },
    {ITEM_PROFIT_BEFORE_TAX,             14500 },
    {ITEM_INCOME_TAX,                    2000  },
    {ITEM_NET_INCOME,                    12500 },
};

static void check_items(const struct statement *s, const struct want *wants, size_t count)
{
    uint64_t stated = 0;
    for (size_t i = 0; i < count; i++) {
        stated |= UINT64_C(1) << wants[i].item;
        if (!statement_has(s, wants[i].item) ||
            statement_minor(s, wants[i].item) != wants[i].euros * EUROS) {
            fail_msg("%s is not %lld", item_wire(wants[i].item), (long long)wants[i].euros);
        }
    }
    assert_int_equal(s->stated, stated);
}

static void reads_a_return_of_the_normal_regime(void **state)
{
    (void)state;
    enum item conflict;
    struct statement s =
        read_return(LIASSE_NORMAL, normal_return, ARRAY_LEN(normal_return), &conflict);
    assert_int_equal(conflict, ITEM_COUNT);
    check_items(&s, normal_items, ARRAY_LEN(normal_items));
    assert_true(statement_check(&s, CHECK_ASSETS_EQUAL_EQUITY_AND_LIABILITIES).is_ok);
    assert_true(statement_check(&s, CHECK_CURRENT_ASSETS_COVER_THEIR_PARTS).is_ok);
}

static void reads_a_return_of_the_simplified_regime(void **state)
{
    (void)state;
    enum item conflict;
    struct statement s =
        read_return(LIASSE_SIMPLIFIED, simplified_return, ARRAY_LEN(simplified_return), &conflict);
    assert_int_equal(conflict, ITEM_COUNT);
    check_items(&s, simplified_items, ARRAY_LEN(simplified_items));
    assert_true(statement_check(&s, CHECK_ASSETS_EQUAL_EQUITY_AND_LIABILITIES).is_ok);
}

/* Provisions, reversals and other operating items stand between the French EBITDA and EBIT: that is
 * no contradiction. */
static void finds_nothing_wrong_in_sound_returns(void **state)
{
    (void)state;
    enum item conflict;
    const struct statement returns[] = {
        read_return(LIASSE_NORMAL, normal_return, ARRAY_LEN(normal_return), &conflict),
        read_return(LIASSE_SIMPLIFIED, simplified_return, ARRAY_LEN(simplified_return), &conflict),
    };
    for (size_t i = 0; i < ARRAY_LEN(returns); i++) {
        for (unsigned check = 0; check < STATEMENT_CHECK_COUNT; check++) {
            struct check_result r = statement_check(&returns[i], (enum statement_check)check);
            if (r.is_checkable && !r.is_ok) {
                fail_msg("return %zu: %s", i, statement_check_code((enum statement_check)check));
            }
        }
    }
}

static void knows_every_box_of_both_returns(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(normal_return); i++) {
        assert_true(liasse_box_is_known(LIASSE_NORMAL, str_from(normal_return[i].code)));
        assert_false(liasse_box_is_known(LIASSE_SIMPLIFIED, str_from(normal_return[i].code)));
    }
    for (size_t i = 0; i < ARRAY_LEN(simplified_return); i++) {
        assert_true(liasse_box_is_known(LIASSE_SIMPLIFIED, str_from(simplified_return[i].code)));
        assert_false(liasse_box_is_known(LIASSE_NORMAL, str_from(simplified_return[i].code)));
    }
}

static void refuses_what_is_no_box(void **state)
{
    (void)state;
    static const char *const rows[] = {"",  " ",   "F",     "FLX", "fl",  "ZZ",
                                       "A", "FL ", "FA FB", "99",  "1234"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_false(liasse_box_is_known(LIASSE_NORMAL, str_from(rows[i])));
        assert_false(liasse_box_is_known(LIASSE_SIMPLIFIED, str_from(rows[i])));
    }
}

/* Fewer than LIASSE_BOXES_MAX boxes are known, and each is named once. */
static void lists_each_box_once(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t normal = 0, simplified = 0;
    for (size_t a = 0; a < 36; a++) {
        for (size_t b = 0; b < 36; b++) {
            char two[] = {alphabet[a], alphabet[b]};
            normal += liasse_box_is_known(LIASSE_NORMAL, str_of(two, 2)) ? 1 : 0;
            for (size_t c = 0; c < 36; c++) {
                char three[] = {alphabet[a], alphabet[b], alphabet[c]};
                simplified += liasse_box_is_known(LIASSE_SIMPLIFIED, str_of(three, 3)) ? 1 : 0;
            }
        }
    }
    assert_in_range(normal, 200, LIASSE_BOXES_MAX);
    assert_in_range(simplified, 90, LIASSE_BOXES_MAX);
}

static void reads_every_box_that_a_formula_names(void **state)
{
    (void)state;
    static const struct {
        enum liasse_regime regime;
        const char *formula;
    } lines[] = {
#define LINE(regime, item, formula) {LIASSE_##regime, formula},
#include "credit/boxes.def"
#undef LINE
    };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        const char *at = lines[i].formula;
        unsigned terms = 0;
        while (*at != '\0') {
            at += strspn(at, "+-!");
            size_t len = strcspn(at, "+-!");
            if (len > 0 && !liasse_box_is_known(lines[i].regime, str_of(at, len))) {
                fail_msg("\"%.*s\" of %s is not a box", (int)len, at, lines[i].formula);
            }
            at += len;
            terms++;
        }
        assert_in_range(terms, 1, 40);
    }
}

static void takes_an_empty_depreciation_box_for_zero(void **state)
{
    (void)state;
    static const struct box_row rows[] = {
        {"BX", 180},
        {"CF", 60 },
        {"BL", 40 },
        {"CJ", 500},
        {"BJ", 300}
    };
    struct statement s = read_return(LIASSE_NORMAL, rows, ARRAY_LEN(rows), NULL);
    assert_int_equal(statement_minor(&s, ITEM_TRADE_RECEIVABLES), 180 * EUROS);
    assert_int_equal(statement_minor(&s, ITEM_CASH), 60 * EUROS);
    assert_int_equal(statement_minor(&s, ITEM_INVENTORIES), 40 * EUROS);
    assert_int_equal(statement_minor(&s, ITEM_CURRENT_ASSETS), 500 * EUROS);
    assert_int_equal(statement_minor(&s, ITEM_FIXED_ASSETS), 300 * EUROS);
}

static void nets_totals_by_their_lines_when_the_total_is_missing(void **state)
{
    (void)state;
    static const struct box_row rows[] = {
        {"CJ", 500},
        {"BY", 40 },
        {"CE", 10 },
        {"BJ", 300},
        {"AQ", 70 }
    };
    struct statement s = read_return(LIASSE_NORMAL, rows, ARRAY_LEN(rows), NULL);
    assert_int_equal(statement_minor(&s, ITEM_CURRENT_ASSETS), 450 * EUROS);
    assert_int_equal(statement_minor(&s, ITEM_FIXED_ASSETS), 230 * EUROS);
}

/* BX is trade receivables; BZ is other receivables, and no item. */
static void keeps_trade_receivables_apart_from_others(void **state)
{
    (void)state;
    static const struct box_row rows[] = {
        {"BZ", 22000},
        {"CA", 100  }
    };
    struct statement s = read_return(LIASSE_NORMAL, rows, ARRAY_LEN(rows), NULL);
    assert_int_equal(s.stated, 0);
}

/* Of CO, gross, alone nothing follows. */
static void falls_back_where_a_total_is_missing(void **state)
{
    (void)state;
    static const struct {
        struct box_row boxes[8];
        size_t count;
        enum item item;
        int64_t euros;
    } rows[] = {
        {{{"EE", 900}},                                      1, ITEM_TOTAL_ASSETS,        900 },
        {{{"EE", 900}, {"CO", 1200}},                        2, ITEM_TOTAL_ASSETS,        900 },
        {{{"DW", 1}, {"DX", 20}, {"DY", 300}, {"EH", 4000}}, 4, ITEM_CURRENT_LIABILITIES, 4321},
        {{{"DX", 20}, {"DY", 300}, {"EG", 777}},             3, ITEM_CURRENT_LIABILITIES, 777 },
        {{{"DR", 5}, {"EC", 70}, {"ED", 1}},                 3, ITEM_TOTAL_LIABILITIES,   76  },
        {{{"FJ", 90}, {"FK", 10}},                           2, ITEM_REVENUE,             100 },
        {{{"FR", 90}, {"GF", 110}},                          2, ITEM_EBIT,                -20 },
        {{{"HD", 5}, {"HH", 9}},                             2, ITEM_EXCEPTIONAL_RESULT,  -4  },
        {{{"DI", -7}},                                       1, ITEM_NET_INCOME,          -7  },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct statement s = read_return(LIASSE_NORMAL, rows[i].boxes, rows[i].count, NULL);
        assert_true(statement_has(&s, rows[i].item));
        assert_int_equal(statement_minor(&s, rows[i].item), rows[i].euros * EUROS);
    }
}

/* An empty box must not flatter: what a figure cannot do without has to be there. */
static void states_nothing_that_lacks_what_it_needs(void **state)
{
    (void)state;
    static const struct {
        struct box_row boxes[4];
        size_t count;
        enum item item;
    } rows[] = {
        {{{"FL", 1000}},              1, ITEM_VALUE_ADDED        },
        {{{"FL", 1000}, {"FW", 300}}, 2, ITEM_EBITDA             },
        {{{"FL", 1000}, {"FY", 300}}, 2, ITEM_EBITDA             },
        {{{"CO", 1000}},              1, ITEM_TOTAL_ASSETS       },
        {{{"DX", 1000}},              1, ITEM_CURRENT_LIABILITIES},
        {{{"EC", 1000}},              1, ITEM_TOTAL_LIABILITIES  },
        {{{"EC", 1000}},              1, ITEM_LONG_TERM_DEBT     },
        {{{"DD", 1000}},              1, ITEM_RETAINED_EARNINGS  },
        {{{"BY", 1000}},              1, ITEM_TRADE_RECEIVABLES  },
        {{{"BM", 1000}},              1, ITEM_INVENTORIES        },
        {{{"HD", 1000}},              1, ITEM_EXCEPTIONAL_RESULT },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct statement s = read_return(LIASSE_NORMAL, rows[i].boxes, rows[i].count, NULL);
        assert_false(statement_has(&s, rows[i].item));
    }
}

static void states_nothing_from_boxes_that_subtract(void **state)
{
    (void)state;
    static const struct box_row costs[] = {
        {"242", 300},
        {"250", 200},
        {"252", 90 }
    };
    struct statement s = read_return(LIASSE_SIMPLIFIED, costs, ARRAY_LEN(costs), NULL);
    assert_false(statement_has(&s, ITEM_VALUE_ADDED));
    assert_false(statement_has(&s, ITEM_EBITDA));
    assert_int_equal(statement_minor(&s, ITEM_PERSONNEL_EXPENSES), 290 * EUROS);
}

static void says_which_stated_item_the_boxes_contradict(void **state)
{
    (void)state;
    static const struct {
        int64_t stated_minor;
        bool is_conflict;
    } rows[] = {
        {1050000 * EUROS,       false},
        {1050000 * EUROS + 100, false},
        {1050000 * EUROS - 100, false},
        {1050000 * EUROS + 101, true },
        {1050000 * EUROS - 101, true },
        {0,                     true },
    };
    struct liasse_box boxes[LIASSE_BOXES_MAX];
    size_t count = boxes_of(boxes, normal_return, ARRAY_LEN(normal_return));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct statement s = {.currency = CURRENCY_EUR, .months = 12};
        enum item conflict;
        statement_state(&s, ITEM_REVENUE, rows[i].stated_minor);
        liasse_to_items(&s, LIASSE_NORMAL, boxes, count, &conflict);
        assert_int_equal(conflict, rows[i].is_conflict ? ITEM_REVENUE : ITEM_COUNT);
        assert_int_equal(statement_minor(&s, ITEM_REVENUE), rows[i].stated_minor);
    }
}

static void leaves_unstated_what_boxes_make_impossible(void **state)
{
    (void)state;
    enum item conflict;
    static const struct box_row negative[] = {
        {"BX", 100},
        {"BY", 101}
    };
    struct statement s = read_return(LIASSE_NORMAL, negative, ARRAY_LEN(negative), &conflict);
    assert_int_equal(conflict, ITEM_TRADE_RECEIVABLES);
    assert_false(statement_has(&s, ITEM_TRADE_RECEIVABLES));
    static const struct box_row large[] = {
        {"DL", MONEY_MINOR_MAX / EUROS},
        {"DO", 1                      }
    };
    s = read_return(LIASSE_NORMAL, large, ARRAY_LEN(large), &conflict);
    assert_int_equal(conflict, ITEM_EQUITY);
    assert_false(statement_has(&s, ITEM_EQUITY));
}

static void reads_the_regime(void **state)
{
    (void)state;
    enum liasse_regime regime = LIASSE_NORMAL;
    assert_true(liasse_regime_read(&regime, STR("simplified")));
    assert_int_equal(regime, LIASSE_SIMPLIFIED);
    assert_true(liasse_regime_read(&regime, STR("normal")));
    assert_int_equal(regime, LIASSE_NORMAL);
    assert_false(liasse_regime_read(&regime, STR("Normal")));
    assert_false(liasse_regime_read(&regime, STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_return_of_the_normal_regime),
        cmocka_unit_test(reads_a_return_of_the_simplified_regime),
        cmocka_unit_test(finds_nothing_wrong_in_sound_returns),
        cmocka_unit_test(knows_every_box_of_both_returns),
        cmocka_unit_test(refuses_what_is_no_box),
        cmocka_unit_test(lists_each_box_once),
        cmocka_unit_test(reads_every_box_that_a_formula_names),
        cmocka_unit_test(takes_an_empty_depreciation_box_for_zero),
        cmocka_unit_test(nets_totals_by_their_lines_when_the_total_is_missing),
        cmocka_unit_test(keeps_trade_receivables_apart_from_others),
        cmocka_unit_test(falls_back_where_a_total_is_missing),
        cmocka_unit_test(states_nothing_that_lacks_what_it_needs),
        cmocka_unit_test(states_nothing_from_boxes_that_subtract),
        cmocka_unit_test(says_which_stated_item_the_boxes_contradict),
        cmocka_unit_test(leaves_unstated_what_boxes_make_impossible),
        cmocka_unit_test(reads_the_regime),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
