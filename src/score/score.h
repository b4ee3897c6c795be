/* score.h - one PD for one company, what it is made of, and how sure we are.
 *
 * The score is a pure function of facts and model.  Three families take part: scorecards
 * (statistical) and boosted trees (machine-learned) judge blocks of data, which are stacked,
 * calibrated and shifted to the central tendency; links to others (graph) then lift the PD.  Points
 * add up: base, themes, calibration, central tendency, contagion, bounds and rounding sum to the
 * integer score, always.
 *
 * Two ends of uncertainty.  The interval says where the true PD may be, given what is known; it is
 * statistical.  The bound is what policy decides on: everything unknown at its worst, so leaving an
 * item, a block or all links out never lowers it, and never below the interval.  What a score
 * cannot see is what nobody could: accounts that were withheld whole (without any, the file is
 * thin, and policy bounds what a thin file can get), and a single bad entry held back from a list
 * that was sent.
 *
 * Memory: a struct score owns nothing but borrows the model's names. */
#ifndef SCORE_SCORE_H
#define SCORE_SCORE_H

#include "feature/relation.h"
#include "score/model.h"

/* Rises when any result can change.  Stored with every decision. */
enum { SCORE_ENGINE = 1 };

enum { CONTRIBUTIONS_MAX = THEME_COUNT + 8, FACTORS_MAX = MODEL_INPUTS_MAX + 1 };

enum family { FAMILY_STATISTICAL, FAMILY_MACHINE_LEARNED, FAMILY_GRAPH, FAMILY_COUNT };

struct contribution {
    /* a theme, "block_bounds", "calibration", "central_tendency", "sector_and_age", "contagion",
     * "bounds", "rounding" */
    const char *name;
    int32_t deci_points; /* tenths of a point */
};

/* One input of the models as it stood for this company; or the strongest tie to others. */
struct factor {
    enum feature feature;
    enum family family; /* which has the larger part */
    uint32_t input;     /* of the model; of the graph family: the party, as the links number it */
    bool is_known;
    int64_t value_micro;    /* the value in millionths, as shown; 0 if unknown */
    int32_t deci_points;    /* against the average company, all families */
    int32_t shortfall_deci; /* points lost, >= 0: on the card's best bin, and to the trees */
    int32_t family_deci[FAMILY_COUNT]; /* of deci_points */
};

/* What became of one block. */
struct score_block {
    bool is_used;
    double log_odds; /* what its models say, blended and clipped */
    int32_t deci_points;
};

struct score {
    bool is_thin; /* no usable accounts: PD from sector and age, and what else was sent */
    uint32_t pd_ppm, pd_ppm_low, pd_ppm_high;
    uint32_t pd_ppm_bound;       /* what policy decides on */
    uint32_t pd_ppm_before;      /* before others lift it */
    uint32_t statistical_pd_ppm; /* before the lift, by scorecards where there is a choice; 0: the
                                    model has none */
    uint32_t machine_learned_pd_ppm; /* the same by trees */
    bool has_graph;                  /* links were sent */
    enum relation strongest;         /* the tie that lifts most; RELATION_NONE: none does */
    int32_t points;
    enum grade grade;
    int32_t base_deci;
    uint32_t contribution_count;
    struct contribution contributions[CONTRIBUTIONS_MAX]; /* by enum theme, then the rest */
    uint32_t factor_count;
    struct factor factors[FACTORS_MAX]; /* in the order of the model's inputs; then the tie */
    struct score_block blocks[BLOCK_COUNT];
    uint32_t coverage_ppm; /* share of the inputs of the accounts' card (without one: trees) that
                              were known; 0 when thin */
    int32_t statement_age_months; /* -1 when thin */
    struct formula_context context;
    struct features features;
};

/* "statistical", "machine_learned", "graph" */
const char *family_wire(enum family family);

/* Requires: model->can_score. */
void score_compute(struct score *out, const struct model *model, const struct facts *facts);

/* PD over `months`, from 12 months, with a constant hazard: 1 - (1 - PD)^(months / 12). */
uint32_t pd_over_months(uint32_t pd_ppm, uint32_t months);
/* The horizons that are told, in months. */
enum { PD_HORIZON_COUNT = 4 };
extern const uint32_t pd_horizons[PD_HORIZON_COUNT];

#endif
