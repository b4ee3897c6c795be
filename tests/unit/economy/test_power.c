/* test_power.c - each block tells failing companies from others about as well as studies of real
 * ones say that it can: by a plain regression on one economy, asked about another. */
#include "founded.h"

#include "base/elementary.h"
#include "feature/features.h"
#include "train/logistic.h"
#include "train/metrics.h"
#include "wire/decision_request.h"

enum { COMPANIES = 5000, YEARS = 2, ROWS = COMPANIES * YEARS };

struct table {
    double x[ROWS][FEATURE_COUNT];
    bool is_known[ROWS][FEATURE_COUNT];
    uint8_t is_bad[ROWS];
};

static struct table learned, asked;
static double mean[FEATURE_COUNT], spread[FEATURE_COUNT];

static void read_row(struct table *t, uint32_t row, const struct economy *e, uint32_t place,
                     struct buf *text, struct arena *scratch)
{
    struct decision_request request;
    struct violations violations;
    struct json_error err;
    struct features features;
    struct shown shown;
    arena_reset(scratch);
    buf_clear(text);
    shown_make(&shown, &everything, e, place);
    request_write(text, e, place, &shown, row + UINT64_C(1));
    violations_init(&violations, scratch);
    const struct json *root = json_read(buf_str(text), scratch, &err);
    assert_non_null(root);
    assert_int_equal(decision_request_read(&request, root, e->as_of, scratch, &violations),
                     STATUS_OK);
    struct known sector = {elementary_log(sector_at(e->firms[place].sector)->rate), true};
    struct tendency tendency = {.sector_lo = sector, .rate = sector};
    tendency.rate.value = 0.02;
    features_extract(&features, &request.facts, tendency);
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        t->is_known[row][i] = features.values[i].is_known;
        t->x[row][i] = features.values[i].is_known ? features.values[i].value : 0.0;
    }
    t->is_bad[row] = e->firms[place].fails ? 1 : 0;
}

static void fill(struct table *t, uint64_t seed)
{
    struct economy e = economy_founded(seed, COMPANIES, YEARS);
    struct arena scratch;
    struct buf text;
    arena_init(&scratch, 16 * 1024 * 1024);
    buf_init(&text, DECISION_REQUEST_LEN_MAX);
    for (uint32_t row = 0; row < ROWS; row++) {
        if (row == COMPANIES) {
            economy_advance(&e);
        }
        read_row(t, row, &e, row % COMPANIES, &text, &scratch);
    }
    buf_finish(&text);
    arena_finish(&scratch);
}

static void measure_columns(void)
{
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        double sum = 0.0, squares = 0.0, count = 1e-9;
        for (size_t row = 0; row < ROWS; row++) {
            sum += learned.x[row][i];
            squares += learned.x[row][i] * learned.x[row][i];
            count += learned.is_known[row][i] ? 1.0 : 0.0;
        }
        mean[i] = sum / count;
        double variance = squares / count - mean[i] * mean[i];
        spread[i] = variance > 1e-12 ? elementary_sqrt(variance) : 1.0;
    }
}

/* Distances from the mean in standard deviations, five at most; what is missing is at the mean. */
static uint32_t standardise(double *out, const struct table *t, enum block block)
{
    uint32_t columns = 0;
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        columns += feature_block((enum feature)i) == block ? 1 : 0;
    }
    for (size_t row = 0; row < ROWS; row++) {
        for (size_t i = 0; i < FEATURE_COUNT; i++) {
            double gap = (t->x[row][i] - mean[i]) / spread[i];
            gap = gap > 5.0 ? 5.0 : gap < -5.0 ? -5.0 : gap;
            if (feature_block((enum feature)i) == block) {
                *out++ = t->is_known[row][i] ? gap : 0.0;
            }
        }
    }
    return columns;
}

static double auc_of(const double *score)
{
    struct metrics metrics;
    struct arena scratch;
    struct error err = {{0}, {0}};
    static double pd[ROWS];
    for (size_t row = 0; row < ROWS; row++) {
        pd[row] = logistic(score[row]);
    }
    arena_init(&scratch, 16 * 1024 * 1024);
    struct scored scored = {.count = ROWS, .pd = pd, .is_bad = asked.is_bad};
    assert_int_equal(metrics_compute(&metrics, &scored, &scratch, &err), STATUS_OK);
    arena_finish(&scratch);
    return metrics.auc;
}

static void predict(double *out, size_t stride, const struct logistic_fit *fit, const double *x)
{
    size_t columns = fit->term_count - 1;
    for (size_t row = 0; row < ROWS; row++) {
        double sum = fit->coefficients[0];
        for (size_t c = 0; c < columns; c++) {
            sum += fit->coefficients[c + 1] * x[row * columns + c];
        }
        out[row * stride] = sum;
    }
}

static void fit_columns(struct logistic_fit *out, const double *x, uint32_t columns)
{
    struct error err = {{0}, {0}};
    struct logistic_problem problem = {
        .row_count = ROWS, .column_count = columns, .x = x, .is_bad = learned.is_bad, .ridge = 1.0};
    assert_int_equal(logistic_compute(out, &problem, &err), STATUS_OK);
}

static double x[(size_t)ROWS * LOGISTIC_COLUMNS_MAX];
static double stack_learned[(size_t)ROWS * BLOCK_COUNT], stack_asked[(size_t)ROWS * BLOCK_COUNT];
static double score[ROWS];

static void it_has_blocks_of_realistic_power(void **state)
{
    (void)state;
    static const struct {
        enum block block;
        double least, most;
    } rows[] = {
        {BLOCK_FINANCIAL,    0.75, 0.87},
        {BLOCK_FIRMOGRAPHIC, 0.50, 0.65},
        {BLOCK_BANK,         0.75, 0.87},
        {BLOCK_PAYMENT,      0.70, 0.85},
        {BLOCK_LEGAL,        0.55, 0.70},
        {BLOCK_GRAPH,        0.58, 0.78},
    };
    struct logistic_fit fit;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        fit_columns(&fit, x, standardise(x, &learned, rows[i].block));
        predict(stack_learned + i, BLOCK_COUNT, &fit, x);
        (void)standardise(x, &asked, rows[i].block);
        predict(stack_asked + i, BLOCK_COUNT, &fit, x);
        predict(score, 1, &fit, x);
        double auc = auc_of(score);
        if (auc < rows[i].least || auc > rows[i].most) {
            fail_msg("%s: %g", block_wire(rows[i].block), auc);
        }
    }
    fit_columns(&fit, stack_learned, BLOCK_COUNT);
    predict(score, 1, &fit, stack_asked);
    double auc = auc_of(score);
    assert_true(auc > 0.83 && auc < 0.92);
}

static int set_up(void **state)
{
    (void)state;
    fill(&learned, 21);
    fill(&asked, 22);
    measure_columns();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_blocks_of_realistic_power),
    };
    return cmocka_run_group_tests(tests, set_up, economy_tear_down);
}
