/* book_write.h - the figures of a book as JSON, with the limits that its lights stand for.
 *
 * Members of an open object: decisions, outcomes, discrimination, accuracy, calibration, stability,
 * population, reasons, migration, overrides, limits.  A figure that there is not enough for is
 * null, and `why` beside it says what is missing. */
#ifndef MONITOR_BOOK_WRITE_H
#define MONITOR_BOOK_WRITE_H

#include "base/arena.h"
#include "monitor/book.h"
#include "monitor/figure.h"

/* `baseline` (may be NULL): an earlier part of the same book, the reference of the score where the
 * bundle tells none.  Errors: TOO_LARGE. */
enum status book_write(struct json_writer *w, const struct book *book, const struct book *baseline,
                       struct arena *scratch, struct error *err) MUST_USE;

#endif
