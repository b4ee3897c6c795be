/* fold.h - who learns and who is asked, in cross-validation.
 *
 * All rows of a group (a company's years) stand in one fold, or the model would be asked what it
 * was told.  Each fold gets its share of every stratum (data set, and whether the group ever
 * defaulted). The seed decides everything; splitmix64 is the only source of chance. */
#ifndef TRAIN_FOLD_H
#define TRAIN_FOLD_H

#include "base/arena.h"
#include "base/splitmix.h"
#include "base/status.h"

#include <stdint.h>

struct fold_request {
    uint32_t row_count;
    const uint32_t *group; /* 0 .. group_count - 1 */
    uint32_t group_count;
    const uint8_t *is_bad;
    const uint8_t *set; /* which data set a row is of */
    uint32_t fold_count;
    uint64_t seed;
};

/* Fill fold[row] with 0 .. fold_count - 1. */
enum status fold_assign(uint8_t *fold, const struct fold_request *request, struct arena *scratch,
                        struct error *err) MUST_USE;

#endif
