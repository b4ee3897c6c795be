/* model.h - a model bundle: one JSON file, read, checked and then never changed.
 *
 * A model file is code from outside.  Reading checks everything (order of edges, finite numbers,
 * known inputs, sizes, signs) and then scores the vectors that came with it: a bundle that does not
 * reproduce them, bit for bit after quantisation, is refused with the reason.
 *
 * The shape (docs/MODEL.md tells it in full, with every bound):
 *   { "format":"aval-model", "format_version":3, "id":"aval-default", "version":"2026.12.0",
 *     "default_definition":"insolvency_12m", "horizon_months":12, "philosophy":"point_in_time",
 *     "card":{...},             for people: data, digests, seed, figures, limits of use
 *     "mapping":[{...}],        how CSV columns become inputs (train and validate)
 *     "inputs":["quick_ratio", ...],       names; those of features.def can decide
 *     "reference":[{"name":"US","countries":["US"],       optional: ranks
 *         "quantiles":{"quick_ratio":[q0, ..., q100]}}],
 *     "blocks":{
 *         "financial":{"kind":"trained",
 *             "scorecard":{"intercept":-3.1,"characteristics":[{"input":"quick_ratio",
 *                 "coefficient":-0.66,"edges":[0.36,0.5],"woe":[-1.39,-0.8,0.2],
 *                 "missing_woe":-0.1,"goods":[..],"bads":[..]}]},
 *             "forest":{"inputs":["quick_ratio"],"base":-3.2,"trees":[{"input":[0,-1,-1],
 *                 "at":[0.9,0.11,-0.07],"missing_left":[1,0,0],"cover":[90,30,60]}]},
 *             "forest_weight":0.7},        one of the two, or both and how much the forest counts
 *         "bank":{"kind":"expert","low":-0.5,"high":1,"scorecard":{...}}, ...},
 *     "stack":{"intercept":-3.6,"blocks":{"financial":{"weight":1,"mean":-3.6}, ...},
 *         "covariance":[[..], ...]},
 *     "calibration":{"slope":1.0,"intercept":0.0,"train_rate":0.0265,"covariance":[[..],[..]]},
 *     "graph":{"uplift_ratio":2,"uplift_points":0.1},
 *     "interval":{"level":0.9,"z":1.645,"model_variance":0.04,"age_variance_per_month":0.005,
 *         "missing_block_variance":{"firmographic":0.01,"bank":0.02,"payment":0.03,"legal":0.01,
 *         "graph":0.01},"thin_variance":1.0},
 *     "central_tendency":[{"country":"*","section":"*","rate":0.02,"source":"...",
 *         "date":"2026-11-01"}],
 *     "thin":{"age_multipliers":[{"below_years":2,"multiplier":1.6}, ...]},
 *     "vectors":[{"country":"FR","section":"G","inputs":{"quick_ratio":0.9,"roa":null},
 *         "blocks":{"financial":{"log_odds":-3.2, ...}},"log_odds":-3.123456789,"pd_ppm":21300,
 *         "score":593}] }
 * A bin is the number of edges <= x; log-odds are of default: intercept + sum(coefficient * woe),
 * every coefficient negative.  Numbers have at most 15 significant digits.
 *
 * Memory: a struct model owns one arena; immutable after reading, shared by threads. */
#ifndef SCORE_MODEL_H
#define SCORE_MODEL_H

#include "credit/grade.h"
#include "feature/features.h"
#include "forest/explain.h"
#include "format/json.h"
#include "graph/contagion.h"

enum {
    MODEL_LEN_MAX = 16 * 1024 * 1024,
    MODEL_INPUTS_MAX = 128,
    MODEL_BINS_MAX = 32, /* so at most 31 edges */
    MODEL_REFERENCES_MAX = 64,
    MODEL_QUANTILES = 101,
    MODEL_TENDENCIES_MAX = 4096,
    MODEL_VECTORS_MAX = 1000,
    MODEL_VECTORS_MIN = 8,
    MODEL_TREES_MAX = 2000,
    MODEL_TREE_DEPTH_MAX = 8,
    MODEL_TREE_NODES_MAX = (2 << MODEL_TREE_DEPTH_MAX) - 1,
    MODEL_NODES_MAX = 1 << 17,     /* over all trees */
    MODEL_FOREST_VECTORS_MAX = 64, /* where each vector also proves the trees' contributions */
    MODEL_AGE_MULTIPLIERS_MAX = 16,
    MODEL_SECTION_LAST = 'U',   /* NACE rev. 2 */
    MODEL_BLOCKS = BLOCK_GRAPH, /* blocks that have models: those before the graph */
    MODEL_FORMAT = 3,
    MODEL_LOG_ODDS_MAX = 50, /* beyond, a block is clipped */
};

struct characteristic {
    uint32_t input;     /* index into model.inputs */
    double coefficient; /* negative */
    uint32_t edge_count;
    const double *edges; /* ascending */
    const double *woe;   /* edge_count + 1 */
    double missing_woe;  /* never above 0: nobody gains by leaving out */
    double worst_woe, best_woe;
};

/* Boosted trees over some of the model's inputs, by value: ranks are the card's. */
struct model_trees {
    uint32_t input_count;
    uint32_t inputs[MODEL_INPUTS_MAX]; /* index into model.inputs, by input of the forest */
    struct forest forest;
    struct explainer explainer;
    bool follows_directions; /* of the catalogue: worse data never lower the log-odds */
};

struct model_input {
    struct str name;
    enum feature feature; /* FEATURE_NONE: not in the catalogue; then the model cannot decide */
    enum block block;     /* whose models read it; BLOCK_COUNT: none does */
};

/* The models of one block of data, and how much it counts in the stack. */
struct model_block {
    bool is_there;
    bool is_expert; /* made by judgement, not by data */
    double intercept;
    uint32_t characteristic_count; /* 0: no scorecard */
    struct characteristic *characteristics;
    const struct model_trees *trees; /* NULL: no forest */
    double forest_weight; /* log-odds = w * forest + (1 - w) * card; 0 or 1 of one only */
    double low, high;     /* its log-odds are clipped to them */
    double least, most;   /* what its models can say, within low and high */
    double weight, mean;  /* of the stack */
    /* What counts at the bound when it was not sent, in log-odds of the stack. */
    double missing_term;
};

struct central_tendency {
    char country[3]; /* "*" any */
    char section;    /* '*' any */
    double rate;
};

struct model_reference {
    struct str name;
    uint32_t country_count;
    const struct str *countries;    /* "*" is the one for all others */
    const double *const *quantiles; /* per input MODEL_QUANTILES values, or NULL: not ranked */
};

struct model {
    struct arena arena;
    struct str id, version;
    char sha256[65]; /* of the bundle's bytes: filled by whoever read the file, score has no crypto
                      */
    struct str default_definition, philosophy;
    uint32_t horizon_months;
    uint32_t input_count;
    struct model_input *inputs;
    /* A company: the horizon is 12 months, every input is in the catalogue and read by the block it
     * belongs to. */
    bool can_score;
    bool can_decide; /* ... and the forests follow the directions of the catalogue */
    uint32_t reference_count;
    struct model_reference *references;
    struct model_block blocks[MODEL_BLOCKS]; /* by enum block */
    double stack_intercept;
    double stack_covariance[MODEL_BLOCKS + 1][MODEL_BLOCKS + 1]; /* intercept, then by enum block */
    double slope, calibration_intercept, train_rate;
    double calibration_covariance[2][2]; /* slope, intercept */
    struct contagion_cap uplift_cap;
    double interval_level, interval_z, model_variance, age_variance_per_month, thin_variance;
    double missing_block_variance[BLOCK_COUNT]; /* 0 for the financial one: without it, thin */
    double delta_variance_most;                 /* the largest that the blocks can reach */
    double absent_variance;                     /* of the blocks that the model does not have */
    uint32_t tendency_count;
    struct central_tendency *tendencies;
    uint32_t age_multiplier_count;
    struct {
        double below_years, multiplier;
    } age_multipliers[MODEL_AGE_MULTIPLIERS_MAX];
    const struct json *root; /* the whole bundle, for what people read (card, mapping) */
};

/* Read and check a bundle.  The text is copied.  Errors: INVALID with a pointer into the bundle in
 * err->field.  On success the caller finishes with model_destroy. */
enum status model_read(struct model **out, struct str text, struct error *err) MUST_USE;
/* The same of a bundle that has no `vectors` yet: for whoever is about to write them. */
enum status model_read_draft(struct model **out, struct str text, struct error *err) MUST_USE;
void model_destroy(struct model *model); /* accepts NULL */

/* The rate for a country and section: the pair, then (country, *), (*, section), (*, *). */
double model_central_tendency(const struct model *model, const char *country, char section);
/* Which row of `central_tendency` gives it. */
uint32_t model_tendency_row(const struct model *model, const char *country, char section);
/* The highest rate that an unstated country ("") or section ('\0') leaves open. */
double model_worst_tendency(const struct model *model, const char *country, char section);
/* The factor on the central tendency without accounts, at this age; the largest if unknown. */
double model_age_multiplier(const struct model *model, struct known age_years);
/* Rank `value` of `input` against the reference of `country`: 0..1, linear between quantiles; the
 * value itself where the model does not rank. */
double model_rank(const struct model *model, uint32_t input, const char *country, double value);

/* Log-odds of default of the whole stack, from raw (unranked) inputs, clipped here where they are
 * features.  `country` matters to scorecards alone. */
double model_log_odds(const struct model *model, const struct known *inputs, const char *country);
/* As vectors state them: billionths, rounded half to even. */
int64_t log_odds_nano(double log_odds);
/* Calibrated, shifted to the central tendency, floored and quantised; without links. */
uint32_t model_pd_ppm(const struct model *model, double log_odds, const char *country,
                      char section);
/* 600 at 50:1, 60 points double the odds, 0 to 1000: a fixed public map of the quantised PD. */
int32_t score_of_pd(uint32_t pd_ppm);

#endif
