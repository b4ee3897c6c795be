/* mapping.h - how the columns of one data set become the inputs of a model.
 *
 * A mapping is a small JSON file, kept in the bundle so that `validate` finds its way by itself:
 *   {"name":"us_bankruptcy","country":"US","label":"default_12m","group":"firm","order":"year",
 *    "where":"total_assets > 0","test_where":"year >= 2015","weight":1,
 *    "features":{"equity_ratio":"(total_assets - total_liabilities) / total_assets", ...}}
 * Only "features" is required.  `where` chooses the rows to learn from, `test_where` those a test
 * set is judged on, `weight` is the set's share when several are pooled.  Without a mapping every
 * column of numbers is an input under its own name (in lower case, other characters as
 * underscores).
 *
 * Memory: texts live in the arena. */
#ifndef TRAIN_MAPPING_H
#define TRAIN_MAPPING_H

#include "format/json.h"
#include "train/table.h"

enum { MAPPING_FEATURES_MAX = 512 };

struct mapping_feature {
    struct str name;
    struct str expression;
};

struct mapping {
    struct str name;
    struct str country;                                /* two capitals, or "*" */
    struct str label, group, order, where, test_where; /* empty: not given */
    double weight;
    uint32_t feature_count;
    struct mapping_feature *features;
};

/* Errors: INVALID with a JSON Pointer. */
enum status mapping_read(struct mapping *out, const struct json *node, struct arena *arena,
                         struct error *err) MUST_USE;
enum status mapping_load(struct mapping *out, const char *path, struct arena *arena,
                         struct error *err) MUST_USE;

/* Every column of numbers that is not in `excluded`, under its own name. */
enum status mapping_of_columns(struct mapping *out, const struct table *table,
                               const struct str *excluded, uint32_t excluded_count,
                               struct arena *arena, struct error *err) MUST_USE;

/* Keep the features that `keeps` wants, in their order. */
void mapping_keep(struct mapping *mapping, bool (*keeps)(struct str name, const void *context),
                  const void *context);

void mapping_write(struct json_writer *w, const struct mapping *mapping);

#endif
