/* db.h - the seam to the storage engine: calls go in as data, rows come out.
 *
 * SQL is a table (statements.def: common text where it can be, per engine where it must be) and
 * never built by formatting.  A batch of calls is handed over at once, so that an engine with a
 * wire (PostgreSQL in pipeline mode) can send all before it reads the first answer; SQLite runs
 * them in order.  Services never see this header: they speak to the nouns (decision_store.h,
 * key_store.h, ...) and to unit.h.
 *
 * Disk: SQLite in WAL mode with synchronous=FULL, both asserted when a writer opens.  Less would
 * lose acknowledged decisions in a power cut. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/arena.h"
#include "base/status.h"

#include <stdint.h>

enum db_statement {
#define STATEMENT(name, parameters, sql) STATEMENT_##name,
#include "store/statements.def"
#undef STATEMENT
    STATEMENT_COUNT
};

enum db_value_type {
    DB_NULL,
    DB_INT,
    DB_TEXT,
    DB_BLOB,
    DB_STREAM, /* filled by the committer: the stream it writes, */
    DB_EPOCH,  /* its epoch, */
    DB_SEQ,    /* and the number that the unit's first audit entry got */
};

struct db_value {
    enum db_value_type type;
    int64_t number;
    struct str bytes;
};

/* clang-format off */
#define DB_NUMBER(value) ((struct db_value){DB_INT, (value), {NULL, 0}})
#define DB_STRING(value) ((struct db_value){DB_TEXT, 0, (value)})
#define DB_BYTES(value)  ((struct db_value){DB_BLOB, 0, (value)})
/* DB_STREAM, DB_EPOCH or DB_SEQ: */
#define DB_PLACE(what)   ((struct db_value){(what), 0, {NULL, 0}})
/* clang-format on */

enum { DB_PARAMETERS_MAX = 16, DB_COLUMNS_MAX = 24 };

struct db_call {
    enum db_statement statement;
    uint32_t value_count;
    const struct db_value *values;
    int64_t changes; /* out: rows it inserted, updated or deleted */
};

struct db_row {
    uint32_t column_count;
    struct db_value columns[DB_COLUMNS_MAX]; /* borrow until the next row */
};

enum db_role { DB_WRITER, DB_READER };

struct db; /* one connection; one thread at a time */

/* Errors of all calls: INVALID, the engine would not take the values; BUSY, the disk is full or
 * another process writes: nothing was done, try later; CORRUPT, the file is damaged; IO, anything
 * else. */

/* `where` is a file name (SQLite).  A writer migrates the schema to the newest version first, and
 * refuses one that is newer than this program (STATUS_CONFLICT).  A reader wants the version of
 * this program. */
enum status db_open(struct db **out, const char *where, enum db_role role,
                    struct error *err) MUST_USE;
void db_close(struct db *db);         /* accepts NULL */
const char *db_library_version(void); /* of SQLite, as it is loaded */
/* A writer gets the right to write at once; a reader one view of the data until db_rollback. */
enum status db_begin(struct db *db, struct error *err) MUST_USE;
/* BUSY: it was not committed, and is still to be rolled back.  Any other error: whether it was
 * committed is unknown, and every later call fails. */
enum status db_commit(struct db *db, struct error *err) MUST_USE;
void db_rollback(struct db *db);
bool db_is_dead(const struct db *db); /* every later call fails */
/* Run all calls in order.  Stops at the first error, with its index in *failed (may be NULL). */
enum status db_execute(struct db *db, struct db_call *calls, size_t count, size_t *failed,
                       struct error *err) MUST_USE;
/* Run a query and call `each` for every row until it returns false. */
enum status db_query(struct db *db, enum db_statement statement, const struct db_value *values,
                     uint32_t value_count, bool (*each)(void *context, const struct db_row *row),
                     void *context, struct error *err) MUST_USE;

#endif
