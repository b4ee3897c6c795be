/* pipeline.h - rows to several threads, their answers back in the order of the rows.
 *
 * The thread that calls reads and writes; the others decide.  A fixed number of parcels goes round,
 * each of some rows: so memory does not depend on the input, and a slow row holds up no more than
 * what is in the parcels. */
#ifndef BATCH_PIPELINE_H
#define BATCH_PIPELINE_H

#include "batch/answer.h"
#include "batch/journal.h"

enum { PIPELINE_JOBS_MAX = 64 };

struct pipeline_count {
    uint64_t rows, refused;
};

/* Told after each parcel is written. */
typedef void pipeline_report(const struct pipeline_count *count, const struct source *source,
                             void *context);

/* Decide on every row of `source` from where it stands, with `jobs` threads. */
enum status pipeline_run(struct pipeline_count *out, struct source *source, struct journal *journal,
                         const struct answer_rules *rules, unsigned jobs, pipeline_report *report,
                         void *context, struct error *err) MUST_USE;

#endif
