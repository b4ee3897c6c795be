/* book.c - counters; and two small regressions on what was labelled. */
#include "monitor/book.h"

#include "base/elementary.h"
#include "monitor/distribution.h"
#include "train/logistic.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_FIRST = 1024, NEWTON_STEPS_MAX = 100 };

void book_init(struct book *book, const struct yardstick *yardstick, bool unreported_is_good)
{
    *book = (struct book){.yardstick = yardstick, .unreported_is_good = unreported_is_good};
}

void book_finish(struct book *book)
{
    companies_finish(&book->companies);
    free(book->pds);
    free(book->is_bad);
    book->pds = NULL;
    book->is_bad = NULL;
}

bool book_wants_inputs(struct book *book, uint64_t company)
{
    if (company == 0) {
        return true;
    }
    struct company_state *state = companies_find(&book->companies, company);
    book->is_full = book->is_full || state == NULL;
    return state != NULL && !state->is_scored;
}

/* ---- the population ---- */

static void inputs_add(struct book *book, const struct observation *o)
{
    const struct yardstick *y = book->yardstick;
    if (y == NULL || o->inputs == NULL) {
        return;
    }
    book->inputs_seen++;
    for (uint32_t i = 0; i < y->model->input_count; i++) {
        book->missing[i] += o->inputs[i].is_known ? 0 : 1;
        if (y->inputs[i].is_known) {
            book->input_counts[i][yardstick_bin(y, i, o->country, o->inputs[i])] += 1;
        }
    }
}

static void population_add(struct book *book, const struct observation *o)
{
    book->population++;
    book->grades[o->grade]++;
    book->score_sum += o->score;
    if (book->yardstick != NULL && book->yardstick->score_bin_count > 0) {
        book->score_counts[yardstick_score_bin(book->yardstick, o->score)] += 1;
    }
    inputs_add(book, o);
}

/* ---- outcomes ---- */

static bool rows_grow(struct book *book)
{
    uint32_t size = book->rows_size == 0 ? ROWS_FIRST : 2 * book->rows_size;
    double *pds = realloc(book->pds, size * sizeof *pds);
    if (pds == NULL) {
        return false;
    }
    book->pds = pds;
    uint8_t *is_bad = realloc(book->is_bad, size);
    if (is_bad == NULL) {
        return false;
    }
    book->is_bad = is_bad;
    book->rows_size = size;
    return true;
}

/* Does its outcome count, and how? */
static bool is_labelled(const struct book *book, enum outcome_verdict verdict, bool *is_bad)
{
    *is_bad = verdict == VERDICT_BAD;
    return verdict == VERDICT_BAD || verdict == VERDICT_GOOD ||
           (verdict == VERDICT_UNREPORTED && book->unreported_is_good);
}

static void label_add(struct book *book, const struct observation *o, bool is_bad)
{
    if (book->labelled == book->rows_size && !rows_grow(book)) {
        book->is_full = true;
        return;
    }
    double pd = (double)o->pd_ppm / PD_PPM_ONE;
    struct grade_count *grade = &book->by_grade[o->grade];
    book->pds[book->labelled] = pd;
    book->is_bad[book->labelled] = is_bad ? 1 : 0;
    book->labelled++;
    book->bads += is_bad ? 1 : 0;
    book->assumed_good += o->verdict == VERDICT_UNREPORTED ? 1 : 0;
    grade->n++;
    grade->bads += is_bad ? 1 : 0;
    grade->pd_sum += pd;
}

void book_add(struct book *book, const struct observation *o)
{
    struct company_state nobody = {0};
    struct company_state *state = &nobody;
    bool is_bad;
    if (o->company != 0) {
        state = companies_find(&book->companies, o->company);
        if (state == NULL) {
            book->is_full = true;
            return;
        }
    }
    book->scored++;
    book->thin += o->is_thin ? 1 : 0;
    book->verdicts[o->verdict]++;
    if (!state->is_scored) {
        state->is_scored = true;
        state->newest_grade = (uint8_t)o->grade;
        state->oldest_grade = GRADE_COUNT;
        population_add(book, o);
    } else {
        state->oldest_grade = (uint8_t)o->grade;
    }
    if (!state->is_labelled && is_labelled(book, o->verdict, &is_bad)) {
        state->is_labelled = true;
        label_add(book, o, is_bad);
    }
}

void book_add_unscored(struct book *book)
{
    book->unscored++;
}

void book_add_reason(struct book *book, struct str code, bool is_adverse)
{
    uint32_t i = 0;
    while (i < book->reason_count && !str_eq(str_from(book->reasons[i].code), code)) {
        i++;
    }
    if (i == BOOK_REASONS_MAX || code.len >= BOOK_REASON_LEN) {
        book->reasons_beyond++;
        return;
    }
    struct book_reason *reason = &book->reasons[i];
    if (i == book->reason_count) {
        book->reason_count++;
        memcpy(reason->code, code.ptr, code.len);
    }
    reason->adverse += is_adverse ? 1 : 0;
    reason->favourable += is_adverse ? 0 : 1;
}

/* ---- figures ---- */

void book_migration(struct migration *out, const struct book *book)
{
    *out = (struct migration){0};
    for (uint32_t i = 0; i < book->companies.size; i++) {
        const struct company_state *state = &book->companies.states[i];
        if (state->key == 0 || !state->is_scored || state->oldest_grade == GRADE_COUNT) {
            continue;
        }
        out->companies++;
        out->counts[state->oldest_grade][state->newest_grade]++;
        out->better += state->newest_grade < state->oldest_grade ? 1 : 0;
        out->same += state->newest_grade == state->oldest_grade ? 1 : 0;
        out->worse += state->newest_grade > state->oldest_grade ? 1 : 0;
    }
}

/* A PD of 1, an open proceeding, has no log-odds. */
static double log_odds_of(double pd)
{
    static const double most = 1 - 1e-6;
    return logit(pd < most ? pd : most);
}

/* The shift of all log-odds at which as many default as did: Newton's method, which the concave
 * likelihood makes safe from any start with steps of at most one. */
static void level_shift(struct level *out, const struct book *book)
{
    double shift = 0, information = 0;
    for (int step = 0; step < NEWTON_STEPS_MAX; step++) {
        double score = book->bads;
        information = 0;
        for (uint32_t i = 0; i < book->labelled; i++) {
            double p = logistic(log_odds_of(book->pds[i]) + shift);
            score -= p;
            information += p * (1 - p);
        }
        double move = score / information;
        move = move > 1 ? 1 : move < -1 ? -1 : move;
        shift += move;
        if (move > -1e-10 && move < 1e-10) {
            break;
        }
    }
    out->intercept = shift;
    out->intercept_se = 1 / elementary_sqrt(information);
    out->intercept_p = normal_two_sided_p(shift / out->intercept_se);
}

static void level_slope(struct level *out, const struct book *book)
{
    double *log_odds = malloc(book->labelled * sizeof *log_odds);
    struct logistic_fit fit;
    if (log_odds == NULL) {
        return;
    }
    for (uint32_t i = 0; i < book->labelled; i++) {
        log_odds[i] = log_odds_of(book->pds[i]);
    }
    const struct logistic_problem problem = {
        .row_count = book->labelled, .column_count = 1, .x = log_odds, .is_bad = book->is_bad};
    out->has_slope = logistic_compute(&fit, &problem, NULL) == STATUS_OK;
    if (out->has_slope) {
        out->slope = fit.coefficients[1];
        out->slope_se = elementary_sqrt(fit.covariance[1][1]);
        out->slope_intercept = fit.coefficients[0];
    }
    free(log_odds);
}

void book_level(struct level *out, const struct book *book)
{
    *out = (struct level){0};
    if (book->labelled == 0) {
        return;
    }
    for (uint32_t i = 0; i < book->labelled; i++) {
        out->mean_pd += book->pds[i];
    }
    out->mean_pd /= book->labelled;
    out->default_rate = (double)book->bads / book->labelled;
    out->is_known = book->bads > 0 && book->bads < book->labelled;
    if (out->is_known) {
        level_shift(out, book);
        level_slope(out, book);
    }
}
