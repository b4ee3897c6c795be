/* book.h - the decisions of a tenant by one model, and what became of them: figures, taken
 * together.
 *
 * Decisions come newest first.  A company counts once in what is told of the population, by its
 * newest decision, and once in what is told of outcomes, by the newest decision whose outcome
 * counts: else one debtor that is asked about every week would drown the others.  Decisions on
 * companies without an identifier each count as a company.
 *
 * Memory: a book grows with its companies, about 40 bytes each; book_finish frees. */
#ifndef MONITOR_BOOK_H
#define MONITOR_BOOK_H

#include "credit/outcome.h"
#include "monitor/companies.h"
#include "monitor/grade_test.h"
#include "monitor/yardstick.h"

enum { BOOK_REASONS_MAX = 256, BOOK_REASON_LEN = 16, VERDICT_COUNT = VERDICT_IMMATURE_BAD + 1 };

/* One scored decision. */
struct observation {
    uint64_t company; /* company_hash(), 0: it has no identifier */
    uint32_t pd_ppm;
    int32_t score;
    enum grade grade;
    bool is_thin;
    enum outcome_verdict verdict;
    const char *country;
    const struct known *inputs; /* by input of the model; NULL: not wanted, or not to be had */
};

struct book_reason {
    char code[BOOK_REASON_LEN];
    uint32_t adverse, favourable;
};

struct book {
    bool unreported_is_good;
    const struct yardstick *yardstick; /* NULL: outcomes only */
    struct companies companies;
    bool is_full; /* memory was out: what follows is not whole */

    /* decisions */
    uint32_t scored, thin, unscored;
    uint32_t verdicts[VERDICT_COUNT];
    uint32_t reason_count, reasons_beyond;
    struct book_reason reasons[BOOK_REASONS_MAX];

    /* companies, by the newest decision of each */
    uint32_t population;
    uint32_t grades[GRADE_COUNT];
    double score_counts[SCORE_BINS];
    uint32_t inputs_seen;
    double input_counts[MODEL_INPUTS_MAX][YARDSTICK_BINS_MAX];
    uint32_t missing[MODEL_INPUTS_MAX];
    double score_sum;

    /* companies, by the newest decision of each whose outcome counts */
    uint32_t labelled, bads, assumed_good;
    struct grade_count by_grade[GRADE_COUNT];
    uint32_t rows_size;
    double *pds;
    uint8_t *is_bad;
};

void book_init(struct book *book, const struct yardstick *yardstick, bool unreported_is_good);
void book_finish(struct book *book); /* accepts a zeroed one */
/* Will this company's next observation be its newest?  Then its inputs are wanted. */
bool book_wants_inputs(struct book *book, uint64_t company);
void book_add(struct book *book, const struct observation *observation);
void book_add_unscored(struct book *book);
/* A principal reason of a decision. */
void book_add_reason(struct book *book, struct str code, bool is_adverse);

/* Grades of companies with two decisions or more: [oldest][newest]. */
struct migration {
    uint32_t companies, better, same, worse;
    uint32_t counts[GRADE_COUNT][GRADE_COUNT];
};
void book_migration(struct migration *out, const struct book *book);

/* Level and slope of the PDs against outcomes: logit(rate) = intercept + slope * logit(PD). */
struct level {
    bool is_known;
    double mean_pd, default_rate;
    double intercept, intercept_se, intercept_p; /* with slope 1: calibration in the large */
    bool has_slope;
    double slope, slope_se;
    double slope_intercept; /* beside that slope */
};
void book_level(struct level *out, const struct book *book);

#endif
