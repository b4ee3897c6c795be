/* file.h - forests as other programs save them.
 *
 * Read: one sum of trees that answers in log-odds of one class.  Refused, with the member or line:
 * several classes, categorical splits, linear leaves, dropout (DART), ranking and count objectives.
 *
 * XGBoost rounds every input to 24 bits before it compares; LightGBM compares as it is given, and
 * has three ways to treat what is missing.  Both are kept. */
#ifndef FOREST_FILE_H
#define FOREST_FILE_H

#include "forest/forest.h"

struct forest_file {
    struct forest_raw raw;   /* base: 0 if it is told as a probability */
    const struct str *names; /* of the inputs; NULL if the file names none */
    /* XGBoost's base_score where the objective counts it as a probability; its log-odds are to be
     * added to raw.base.  0.5 adds nothing.  LightGBM has its own in the first tree. */
    double base_probability;
};

/* The JSON that XGBoost saves (Booster.save_model with a name in .json; since 1.0). */
enum status forest_read_xgboost(struct forest_file *out, struct str text, struct arena *arena,
                                struct error *err) MUST_USE;
/* The text that LightGBM saves (Booster.save_model; versions v3 and v4). */
enum status forest_read_lightgbm(struct forest_file *out, struct str text, struct arena *arena,
                                 struct error *err) MUST_USE;

#endif
