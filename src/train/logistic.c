/* logistic.c - Newton steps, halved while they do not help; Cholesky for the small systems. */
#include "train/logistic.h"

#include "base/elementary.h"

#include <math.h>

enum { ITERATIONS_MAX = 60, HALVINGS_MAX = 30 };

#define STEP_TOLERANCE 1e-10

typedef double logistic_matrix[LOGISTIC_TERMS_MAX][LOGISTIC_TERMS_MAX];

/* ln(1 + e^x) without overflow. */
static double log_one_plus_exp(double x)
{
    if (x > 0) {
        return x + elementary_log(1 + elementary_exp(-x));
    }
    return elementary_log(1 + elementary_exp(x));
}

static double weight_of(const struct logistic_problem *p, uint32_t row)
{
    return p->weight == NULL ? 1.0 : p->weight[row];
}

static double log_odds_of(const struct logistic_problem *p, const double *coefficients,
                          uint32_t row)
{
    const double *x = p->x + (size_t)row * p->column_count;
    double sum = coefficients[0];
    for (uint32_t j = 0; j < p->column_count; j++) {
        sum += coefficients[j + 1] * x[j];
    }
    return sum;
}

/* Sum of weighted losses, without the ridge. */
static double loss_of(const struct logistic_problem *p, const double *coefficients)
{
    double sum = 0;
    for (uint32_t row = 0; row < p->row_count; row++) {
        double z = log_odds_of(p, coefficients, row);
        sum += weight_of(p, row) * log_one_plus_exp(p->is_bad[row] ? -z : z);
    }
    return sum;
}

static double penalty_of(const struct logistic_problem *p, const double *coefficients)
{
    double squares = 0;
    for (uint32_t j = 1; j <= p->column_count; j++) {
        squares += coefficients[j] * coefficients[j];
    }
    return 0.5 * p->ridge * squares;
}

/* Gradient and lower half of the Hessian of the penalised loss at `coefficients`. */
static void derivatives(double *gradient, logistic_matrix hessian, const struct logistic_problem *p,
                        const double *coefficients)
{
    uint32_t terms = p->column_count + 1;
    for (uint32_t j = 0; j < terms; j++) {
        double ridge = j == 0 ? 0 : p->ridge;
        gradient[j] = ridge * coefficients[j];
        for (uint32_t k = 0; k <= j; k++) {
            hessian[j][k] = j == k ? ridge : 0;
        }
    }
    double term[LOGISTIC_TERMS_MAX] = {1};
    for (uint32_t row = 0; row < p->row_count; row++) {
        double pd = logistic(log_odds_of(p, coefficients, row));
        double residual = weight_of(p, row) * (pd - p->is_bad[row]);
        double curvature = weight_of(p, row) * pd * (1 - pd);
        for (uint32_t j = 1; j < terms; j++) {
            term[j] = p->x[(size_t)row * p->column_count + j - 1];
        }
        for (uint32_t j = 0; j < terms; j++) {
            gradient[j] += residual * term[j];
            double scaled = curvature * term[j];
            for (uint32_t k = 0; k <= j; k++) {
                hessian[j][k] += scaled * term[k];
            }
        }
    }
}

/* Factor the lower half in place: L with L L' = matrix.  False when it is not positive definite. */
static bool cholesky_factor(logistic_matrix matrix, uint32_t size)
{
    for (uint32_t j = 0; j < size; j++) {
        for (uint32_t k = 0; k <= j; k++) {
            double sum = matrix[j][k];
            for (uint32_t i = 0; i < k; i++) {
                sum -= matrix[j][i] * matrix[k][i];
            }
            if (j == k) {
                if (!(sum > 1e-12)) {
                    return false;
                }
                matrix[j][j] = elementary_sqrt(sum);
            } else {
                matrix[j][k] = sum / matrix[k][k];
            }
        }
    }
    return true;
}

/* Solve L L' x = b in place. */
static void cholesky_solve(double *b, logistic_matrix factor, uint32_t size)
{
    for (uint32_t j = 0; j < size; j++) {
        for (uint32_t i = 0; i < j; i++) {
            b[j] -= factor[j][i] * b[i];
        }
        b[j] /= factor[j][j];
    }
    for (uint32_t j = size; j-- > 0;) {
        for (uint32_t i = j + 1; i < size; i++) {
            b[j] -= factor[i][j] * b[i];
        }
        b[j] /= factor[j][j];
    }
}

static void inverse_from_factor(logistic_matrix inverse, logistic_matrix factor, uint32_t size)
{
    for (uint32_t k = 0; k < size; k++) {
        double unit[LOGISTIC_TERMS_MAX] = {0};
        unit[k] = 1;
        cholesky_solve(unit, factor, size);
        for (uint32_t j = 0; j < size; j++) {
            inverse[j][k] = unit[j];
        }
    }
}

static enum status classes_check(double *rate, const struct logistic_problem *p, struct error *err)
{
    double total = 0;
    double bad = 0;
    for (uint32_t row = 0; row < p->row_count; row++) {
        total += weight_of(p, row);
        bad += weight_of(p, row) * p->is_bad[row];
    }
    if (!(bad > 0) || !(bad < total)) {
        return error_set(err, STATUS_INVALID, "",
                         "a fit needs good and bad rows, got %u rows of one kind", p->row_count);
    }
    *rate = bad / total;
    return STATUS_OK;
}

/* One Newton step, halved until the penalised loss does not rise.  Returns the longest move of a
 * term. */
static double step_take(double *coefficients, double *loss, const double *direction,
                        const struct logistic_problem *p)
{
    double scale = 1;
    for (int halving = 0; halving < HALVINGS_MAX; halving++) {
        double moved[LOGISTIC_TERMS_MAX];
        double longest = 0;
        for (uint32_t j = 0; j <= p->column_count; j++) {
            double move = scale * direction[j];
            moved[j] = coefficients[j] - move;
            longest = fabs(move) > longest ? fabs(move) : longest;
        }
        double moved_loss = loss_of(p, moved) + penalty_of(p, moved);
        if (moved_loss <= *loss + 1e-9 * fabs(*loss)) {
            for (uint32_t j = 0; j <= p->column_count; j++) {
                coefficients[j] = moved[j];
            }
            *loss = moved_loss;
            return longest;
        }
        scale /= 2;
    }
    return 0;
}

enum status logistic_compute(struct logistic_fit *out, const struct logistic_problem *p,
                             struct error *err)
{
    CHECK(p->column_count <= LOGISTIC_COLUMNS_MAX);
    double rate = 0;
    TRY(classes_check(&rate, p, err));
    *out = (struct logistic_fit){.term_count = p->column_count + 1};
    out->coefficients[0] = logit(rate);
    double loss = loss_of(p, out->coefficients);
    logistic_matrix hessian;
    double step[LOGISTIC_TERMS_MAX];
    double longest = 1;
    while (longest > STEP_TOLERANCE) {
        derivatives(step, hessian, p, out->coefficients);
        if (!cholesky_factor(hessian, out->term_count) || out->iterations == ITERATIONS_MAX) {
            return error_set(err, STATUS_INVALID, "",
                             "the fit of %u columns does not converge: a column may separate the "
                             "classes, or two may be the same",
                             p->column_count);
        }
        cholesky_solve(step, hessian, out->term_count);
        longest = step_take(out->coefficients, &loss, step, p);
        out->iterations++;
    }
    inverse_from_factor(out->covariance, hessian, out->term_count);
    double total = 0;
    for (uint32_t row = 0; row < p->row_count; row++) {
        total += weight_of(p, row);
    }
    out->log_loss = loss_of(p, out->coefficients) / total;
    return STATUS_OK;
}

/* scores[group][term]: the gradient of the loss, summed over the rows of a group. */
static void group_scores(double *scores, const struct logistic_fit *fit,
                         const struct logistic_problem *p, const uint32_t *group)
{
    for (uint32_t row = 0; row < p->row_count; row++) {
        double pd = logistic(log_odds_of(p, fit->coefficients, row));
        double residual = weight_of(p, row) * (pd - p->is_bad[row]);
        double *score = scores + (size_t)group[row] * fit->term_count;
        score[0] += residual;
        for (uint32_t j = 0; j < p->column_count; j++) {
            score[j + 1] += residual * p->x[(size_t)row * p->column_count + j];
        }
    }
}

/* out = a b, all size x size. */
static void matrix_multiply(logistic_matrix out, logistic_matrix a, logistic_matrix b,
                            uint32_t size)
{
    for (uint32_t j = 0; j < size; j++) {
        for (uint32_t k = 0; k < size; k++) {
            out[j][k] = 0;
            for (uint32_t i = 0; i < size; i++) {
                out[j][k] += a[j][i] * b[i][k];
            }
        }
    }
}

enum status logistic_cluster_covariance(struct logistic_fit *fit, const struct logistic_problem *p,
                                        const uint32_t *group, uint32_t group_count,
                                        struct arena *scratch, struct error *err)
{
    uint32_t terms = fit->term_count;
    double *scores = arena_array(scratch, double, (size_t)group_count *terms);
    if (scores == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for %u groups", group_count);
    }
    group_scores(scores, fit, p, group);
    logistic_matrix meat = {{0}};
    for (uint32_t g = 0; g < group_count; g++) {
        const double *score = scores + (size_t)g * terms;
        for (uint32_t j = 0; j < terms; j++) {
            for (uint32_t k = 0; k < terms; k++) {
                meat[j][k] += score[j] * score[k];
            }
        }
    }
    logistic_matrix half;
    logistic_matrix whole;
    matrix_multiply(half, fit->covariance, meat, terms);
    matrix_multiply(whole, half, fit->covariance, terms);
    for (uint32_t j = 0; j < terms; j++) {
        for (uint32_t k = 0; k < terms; k++) {
            fit->covariance[j][k] = whole[j][k];
        }
    }
    return STATUS_OK;
}
