/* columns.h - a row of a table as a decision request.
 *
 * A column is named by the path of the member it fills, with points: company.name,
 * financial_statements.0.items.total_assets.  A mapping file may give columns of other names their
 * paths, and members the same value in every row:
 *
 *     {"columns": {"Nom": "company.name", "SIREN": "company.identifiers.0.value"},
 *      "constants": {"company.identifiers.0.scheme": "siren"}}
 *
 * With a mapping, columns it does not name are left aside.  An empty cell is a member that is not
 * there; an object or element with nothing but constants is left out.
 *
 * Memory: of the arena it was read with; const from then on, shared by all threads. */
#ifndef BATCH_COLUMNS_H
#define BATCH_COLUMNS_H

#include "format/csv.h"
#include "format/json.h"

enum { COLUMN_PATH_MAX = 128, COLUMN_DEPTH_MAX = 8, COLUMN_INDEX_MAX = 9999 };

struct column_node;

struct columns {
    struct column_node *root;
    uint32_t count; /* of the head: a row has as many */
    bool is_european;
};

/* `head` is the first row.  `mapping` NULL: none.  `is_european`: 1.234,50 and 31/12/2025. */
enum status columns_read(struct columns *out, const struct str *head, uint32_t count,
                         const struct json *mapping, bool is_european, struct arena *arena,
                         struct error *err) MUST_USE;
/* Which of comma, semicolon and tabulator the head has most of, outside of quotes. */
char columns_separator(struct str head);
/* Append the request that a row of cells makes. */
void columns_write(struct buf *out, const struct columns *columns, const struct str *cells);

#endif
