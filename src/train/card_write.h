/* card_write.h - the part of a bundle that is for people: where it comes from and how good it was.
 *
 * Figures have six digits, each set its own; a test set's stand apart, scored once, after all
 * choices. */
#ifndef TRAIN_CARD_WRITE_H
#define TRAIN_CARD_WRITE_H

#include "train/boost_fit.h"
#include "train/cross_validate.h"

struct test_figures {
    bool is_given;
    uint32_t file_count;
    struct table_file files[TABLE_FILES_MAX];
    struct metrics metrics;
};

/* With ranks against without, on the same out-of-fold rows of one set. */
struct rank_comparison {
    bool was_made;
    struct auc_difference by_set[SAMPLE_SETS_MAX];
};

struct card {
    const struct json *about; /* what people say of the model; NULL: nothing */
    uint64_t seed;
    bool core_only, is_ranked;
    const struct str *excluded;
    uint32_t excluded_count;
    const struct sample *sample;
    const struct boost_fit *boost; /* of a forest; NULL: rules and ranks are those of a scorecard */
    const struct fit_rules *rules;
    const struct cross_validation *validation;
    const struct rank_comparison *ranks;
    const struct test_figures *tests; /* a set each */
};

void card_write(struct json_writer *w, const struct card *card);

/* The figures as members of an open object: "n", "bads", "auc", ... as `aval validate` names them;
 * digits 1..15. */
void metrics_write(struct json_writer *w, const struct metrics *metrics, int digits);

/* A paired comparison as members of an open object: "auc_against", "difference", its standard error
 * and its ends at 95 %. */
void auc_difference_write(struct json_writer *w, const struct auc_difference *d, int digits);

/* A number with at most `digits` significant digits. */
void number_write(struct json_writer *w, double value, int digits);

#endif
