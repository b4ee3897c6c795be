/* recalibrate.c - three ways to a line in log-odds. */
#include "monitor/recalibrate.h"

#include "base/elementary.h"
#include "monitor/low_default.h"
#include "train/logistic.h"

#include <stdlib.h>

enum { HALVINGS = 100 };

static const char *const method_words[RECALIBRATION_METHOD_COUNT] = {
    [RECALIBRATE_AUTO] = "auto",
    [RECALIBRATE_PLATT] = "platt",
    [RECALIBRATE_BAYES] = "bayes",
    [RECALIBRATE_PLUTO_TASCHE] = "pluto_tasche",
};

bool recalibration_method_read(enum recalibration_method *out, struct str wire)
{
    for (size_t i = 0; i < RECALIBRATION_METHOD_COUNT; i++) {
        if (str_eq(wire, str_from(method_words[i]))) {
            *out = (enum recalibration_method)i;
            return true;
        }
    }
    return false;
}

const char *recalibration_method_wire(enum recalibration_method method)
{
    CHECK(method < RECALIBRATION_METHOD_COUNT);
    return method_words[method];
}

struct recalibration_setting recalibration_usual(void)
{
    return (struct recalibration_setting){
        .method = RECALIBRATE_AUTO, .kappa = 100, .confidence = 0.75, .correlation = 0};
}

/* A PD of 1 has no log-odds. */
static double log_odds_of(double pd)
{
    static const double most = 1 - 1e-6, least = 1e-9;
    return logit(pd < least ? least : pd > most ? most : pd);
}

double recalibrated_pd(const struct recalibration *r, double pd)
{
    return logistic(r->slope * log_odds_of(pd) + r->intercept);
}

static double mean_pd_at(const struct book *book, double slope, double intercept)
{
    double sum = 0;
    for (uint32_t i = 0; i < book->labelled; i++) {
        sum += logistic(slope * log_odds_of(book->pds[i]) + intercept);
    }
    return sum / book->labelled;
}

/* The intercept at which the mean PD of the book is `target`, inside (0, 1). */
static double intercept_for(const struct book *book, double slope, double target)
{
    double low = -40, high = 40;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (mean_pd_at(book, slope, middle) < target) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (low + high) / 2;
}

static enum status by_platt(struct recalibration *out, const struct book *book, struct error *err)
{
    struct logistic_fit fit;
    double *log_odds = malloc(book->labelled * sizeof *log_odds);
    if (log_odds == NULL) {
        return error_set(err, STATUS_BUSY, "", "no memory to fit %u companies", book->labelled);
    }
    for (uint32_t i = 0; i < book->labelled; i++) {
        log_odds[i] = log_odds_of(book->pds[i]);
    }
    enum status status = logistic_compute(
        &fit,
        &(struct logistic_problem){
            .row_count = book->labelled, .column_count = 1, .x = log_odds, .is_bad = book->is_bad},
        err);
    free(log_odds);
    TRY(status);
    if (!(fit.coefficients[1] > 0)) {
        return error_set(err, STATUS_INVALID, "",
                         "in this book the model ranks no better than chance: there is nothing to "
                         "calibrate");
    }
    out->slope = fit.coefficients[1];
    out->intercept = fit.coefficients[0];
    out->covariance[0][0] = fit.covariance[1][1];
    out->covariance[0][1] = out->covariance[1][0] = fit.covariance[0][1];
    out->covariance[1][1] = fit.covariance[0][0];
    return STATUS_OK;
}

static void by_bayes(struct recalibration *out, const struct book *book)
{
    double kappa = out->setting.kappa;
    for (uint32_t g = 0; g < GRADE_COUNT; g++) {
        const struct grade_count *grade = &out->grades[g];
        if (grade->n > 0) {
            out->grade_targets[g] =
                bayes_shrunk(grade->n, grade->bads, grade->pd_sum / grade->n, kappa);
        }
    }
    double target = bayes_shrunk(out->n, out->bads, out->mean_pd_before, kappa);
    out->slope = 1;
    out->intercept = intercept_for(book, 1, target);
}

/* Slope of the bounds over the PDs of the grades, both in log-odds, weighted by companies. */
static double bounds_slope(const struct recalibration *r)
{
    static const double least = 0.25; /* flatter bounds tell of few companies, not of the model */
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (uint32_t g = 0; g < GRADE_COUNT; g++) {
        if (r->grades[g].n > 0) {
            double weight = r->grades[g].n;
            double x = log_odds_of(r->grades[g].pd_sum / weight);
            double y = log_odds_of(r->grade_targets[g]);
            n += weight;
            sx += weight * x;
            sy += weight * y;
            sxx += weight * x * x;
            sxy += weight * x * y;
        }
    }
    double spread = sxx - sx * sx / n;
    double slope = spread > 1e-9 ? (sxy - sx * sy / n) / spread : 1;
    return slope < least ? least : slope > 1 ? 1 : slope;
}

/* Most prudent estimation: whoever is in a grade or a worse one speaks for it. */
static void by_pluto_tasche(struct recalibration *out, const struct book *book)
{
    double bound_sum = 0;
    for (uint32_t g = 0; g < GRADE_COUNT; g++) {
        uint32_t n = 0, d = 0;
        for (uint32_t worse = g; worse < GRADE_COUNT; worse++) {
            n += out->grades[worse].n;
            d += out->grades[worse].bads;
        }
        if (out->grades[g].n > 0) {
            out->grade_targets[g] =
                pluto_tasche(n, d, out->setting.confidence, out->setting.correlation);
            bound_sum += out->grade_targets[g] * out->grades[g].n;
        }
    }
    out->slope = bounds_slope(out);
    out->intercept = intercept_for(book, out->slope, bound_sum / out->n);
}

static enum recalibration_method method_for(const struct recalibration_setting *setting,
                                            const struct book *book)
{
    if (setting->method != RECALIBRATE_AUTO) {
        return setting->method;
    }
    bool is_enough = book->bads >= PLATT_LEAST && book->labelled - book->bads >= PLATT_LEAST;
    return is_enough        ? RECALIBRATE_PLATT
           : book->bads > 0 ? RECALIBRATE_BAYES
                            : RECALIBRATE_PLUTO_TASCHE;
}

static enum status setting_check(const struct recalibration_setting *s, struct error *err)
{
    if (!(s->kappa > 0 && s->kappa <= 1e6)) {
        return error_set(err, STATUS_INVALID, "kappa", "expected a number above 0, to 1000000");
    }
    if (!(s->confidence > 0 && s->confidence < 1)) {
        return error_set(err, STATUS_INVALID, "confidence", "expected a number between 0 and 1");
    }
    if (!(s->correlation >= 0 && s->correlation <= 0.9)) {
        return error_set(err, STATUS_INVALID, "correlation", "expected a number from 0 to 0.9");
    }
    return STATUS_OK;
}

enum status recalibrate(struct recalibration *out, const struct book *book,
                        const struct recalibration_setting *setting, struct error *err)
{
    struct recalibration r = {.setting = *setting, .n = book->labelled, .bads = book->bads};
    TRY(setting_check(setting, err));
    if (book->is_full) {
        return error_set(err, STATUS_BUSY, "", "no memory for a book of so many companies");
    }
    if (r.n == 0) {
        return error_set(err, STATUS_INVALID, "",
                         "no decision in this book is mature and has an outcome that counts");
    }
    for (uint32_t g = 0; g < GRADE_COUNT; g++) {
        r.grades[g] = book->by_grade[g];
    }
    r.method = method_for(setting, book);
    r.default_rate = (double)r.bads / r.n;
    r.mean_pd_before = mean_pd_at(book, 1, 0);
    if (r.method == RECALIBRATE_PLATT && (r.bads < PLATT_LEAST || r.n - r.bads < PLATT_LEAST)) {
        return error_set(err, STATUS_INVALID, "method",
                         "platt needs %d defaults and %d that did not; the book has %u and %u",
                         PLATT_LEAST, PLATT_LEAST, r.bads, r.n - r.bads);
    }
    if (r.method == RECALIBRATE_PLUTO_TASCHE && r.bads == r.n) {
        return error_set(err, STATUS_INVALID, "method", "all companies of the book defaulted");
    }
    if (r.method == RECALIBRATE_PLATT) {
        TRY(by_platt(&r, book, err));
    } else if (r.method == RECALIBRATE_BAYES) {
        by_bayes(&r, book);
    } else {
        by_pluto_tasche(&r, book);
    }
    r.mean_pd_after = mean_pd_at(book, r.slope, r.intercept);
    *out = r;
    return STATUS_OK;
}
