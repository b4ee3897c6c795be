/* recalibrate.h - from a tenant's own outcomes to PDs at the tenant's own level.
 *
 * What is changed is logit(PD') = slope * logit(PD) + intercept, nothing else: companies keep their
 * order.  How much the book may say depends on how many defaulted in it:
 *
 *   platt         slope and intercept by logistic regression (Platt 1999), from PLATT_LEAST
 * defaults on bayes         the level alone, drawn towards the model's by kappa imagined companies
 *   pluto_tasche  nobody defaulted: PDs at the highest that this leaves plausible, grade by grade
 * from the best down, brought back to a slope of at most 1 and an intercept */
#ifndef MONITOR_RECALIBRATE_H
#define MONITOR_RECALIBRATE_H

#include "base/arena.h"
#include "base/status.h"
#include "monitor/book.h"

enum { PLATT_LEAST = 20 /* defaults, and goods */ };

enum recalibration_method {
    RECALIBRATE_AUTO,
    RECALIBRATE_PLATT,
    RECALIBRATE_BAYES,
    RECALIBRATE_PLUTO_TASCHE,
    RECALIBRATION_METHOD_COUNT
};
bool recalibration_method_read(enum recalibration_method *out, struct str wire) MUST_USE;
const char *recalibration_method_wire(enum recalibration_method method);

struct recalibration_setting {
    enum recalibration_method method;
    double kappa;       /* of bayes; > 0 */
    double confidence;  /* of pluto_tasche; inside (0, 1) */
    double correlation; /* of pluto_tasche; [0, 1) */
};
struct recalibration_setting recalibration_usual(void); /* auto, 100, 0.75, 0 */

struct recalibration {
    struct recalibration_setting setting;
    enum recalibration_method method; /* the one that was used */
    double slope, intercept;
    double covariance[2][2]; /* slope, intercept; 0 where nothing was fitted */
    uint32_t n, bads;
    double default_rate, mean_pd_before, mean_pd_after;
    struct grade_count grades[GRADE_COUNT];
    double grade_targets[GRADE_COUNT]; /* shrunk rates or bounds; 0 where nobody is, or by platt */
};

/* INVALID: the book has no labelled company, or too few for the method, or the PDs do not rank in
 * it. */
enum status recalibrate(struct recalibration *out, const struct book *book,
                        const struct recalibration_setting *setting, struct error *err) MUST_USE;
double recalibrated_pd(const struct recalibration *recalibration, double pd);

#endif
