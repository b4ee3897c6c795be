/* expression.h - a ratio in one line of text, computed over the rows of a table.
 *
 *   (current_assets - total_current_liabilities) / total_assets
 *   net_income / total_assets - prev(net_income / total_assets)
 *   year >= 2015 and not firm_failed
 *
 * Numbers, columns, + - * /, < <= > >= == !=, and or not, parentheses, log10 abs min max,
 * missing(...): 1 or 0, and prev(...): the value in the group's row of the order before.  A name
 * that is not letters, digits and underscores stands in backquotes.  A comparison is 1 or 0.
 *
 * Missing stays missing: it goes through every other operation; so does a division by less than
 * 1e-9, and the logarithm of what is not positive.  A row that has no row before it has a missing
 * prev().
 *
 * Memory: an expression lives in the arena and borrows the table's columns. */
#ifndef TRAIN_EXPRESSION_H
#define TRAIN_EXPRESSION_H

#include "train/table.h"

#define EXPRESSION_NO_ROW UINT32_MAX

enum { EXPRESSION_LEN_MAX = 4096, EXPRESSION_DEPTH_MAX = 64 };

struct expression;

/* Read `text` against the columns of `table`.  Errors: INVALID with "column N" of the text in
 * err->field; NOT_FOUND when it names a column that the table has not. */
enum status expression_read(const struct expression **out, struct str text,
                            const struct table *table, struct arena *arena,
                            struct error *err) MUST_USE;

/* previous[row] is the row that prev() looks at, EXPRESSION_NO_ROW for none; NULL when there is no
 * order. */
double expression_value(const struct expression *expression, uint32_t row,
                        const uint32_t *previous);

#endif
