/* truth.h - what no request says: a row of a table a firm and year. */
#ifndef ECONOMY_TRUTH_H
#define ECONOMY_TRUTH_H

#include "economy/shown.h"

/* A CSV with a head, a line each.  `row` is that of the requests, from 1. */
void truth_write_head(struct buf *out);
void truth_write(struct buf *out, const struct economy *economy, uint32_t place,
                 const struct shown *shown, uint64_t row);

#endif
