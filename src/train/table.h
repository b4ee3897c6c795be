/* table.h - a CSV file as columns of numbers.
 *
 * Every cell keeps its text; a column whose cells are all numbers (or empty) has them as doubles
 * too. Missing is NaN: an empty cell, NA, nan, null, inf.  Files of one set (train and valid) are
 * read one below the other and must have the same header.  A file may be compressed with gzip.
 *
 * Memory: the arena holds the texts and the columns. */
#ifndef TRAIN_TABLE_H
#define TRAIN_TABLE_H

#include "base/arena.h"
#include "base/status.h"

#include <stdint.h>

enum { TABLE_FILES_MAX = 16, TABLE_FILE_LEN_MAX = 1 << 30 };

struct table_column {
    struct str name;
    const struct str *texts;
    const double *numbers; /* NULL: not every cell is a number */
};

struct table {
    uint32_t row_count, column_count;
    struct table_column *columns;
};

struct table_file {
    struct str name;  /* without its directory */
    char sha256[65];  /* of the bytes on disk */
    uint32_t row_end; /* rows of this file and of those before it */
};

/* Read `text_count` CSV texts one below the other.  row_ends (may be NULL) gets the running row
 * counts. Errors: INVALID with the line; TOO_LARGE. */
enum status table_read(struct table *out, uint32_t *row_ends, const struct str *texts,
                       uint32_t text_count, struct arena *arena, struct error *err) MUST_USE;

/* Load files one below the other.  Requires: path_count <= TABLE_FILES_MAX; `files` has room for as
 * many. Errors: IO, INVALID (bad gzip, bad CSV), TOO_LARGE, each with the path in the message. */
enum status table_load(struct table *out, struct table_file *files, const char *const *paths,
                       uint32_t path_count, struct arena *arena, struct error *err) MUST_USE;

/* Read a whole file into the arena, as it is on disk. */
enum status file_load(struct str *out, const char *path, struct arena *arena,
                      struct error *err) MUST_USE;

/* The column of that name, or NULL. */
const struct table_column *table_find(const struct table *table, struct str name);

#endif
