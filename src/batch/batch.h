/* batch.h - a file of companies through the model and the policy, offline.
 *
 * Answers come in the order of the rows, one line each; a bad row gets a line that says what is
 * wrong with it, and fails nothing else.  What is the same for the server is the same here. */
#ifndef BATCH_BATCH_H
#define BATCH_BATCH_H

#include "batch/pipeline.h"

enum { MAPPING_FILE_LEN_MAX = 1024 * 1024 };

struct batch_options {
    const char *in, *out;
    enum batch_format format;
    const char *mapping; /* NULL: columns are named by their paths */
    bool is_european, is_resumed, has_reasons;
    unsigned jobs;
    struct date today;   /* for rows without as_of */
    bool is_today_given; /* else a batch that goes on keeps its own */
};

struct batch_result {
    struct pipeline_count before, now; /* rows that were there; rows decided on in this run */
};

enum status batch_run(struct batch_result *out, const struct batch_options *options,
                      const struct in_force *in_force, pipeline_report *report, void *context,
                      struct error *err) MUST_USE;

#endif
