/* reference.h - the quantiles that turn a ratio into its rank among the companies of its country.
 *
 * One table a set, under the set's country, and a pooled one ("*") for every other country, in
 * which each set weighs alike.  Flags are not ranked.  The tables are held as score/model.h holds
 * them, so that training and scoring rank with the same code. */
#ifndef TRAIN_REFERENCE_H
#define TRAIN_REFERENCE_H

#include "score/model.h"
#include "train/sample.h"

/* The country of a set, as a NUL-terminated text. */
void country_of_set(char country[3], const struct sample *sample, uint32_t set);

/* Fill ranks->inputs (those of the sample, in order) and ranks->references. */
enum status reference_compute(struct model *ranks, const struct sample *sample,
                              const uint32_t *chosen, uint32_t count, struct arena *arena,
                              struct error *err) MUST_USE;

/* The lowest edge allowed for an input: the catalogue's, in ranks the highest that any table gives
 * it. */
double reference_edge_min(const struct model *ranks, const struct sample *sample, uint32_t input);

#endif
