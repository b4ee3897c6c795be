/* db_sqlite.c - the embedded engine: one prepared statement a row of statements.def and connection.
 *
 * WAL with synchronous=FULL: a commit has returned from fdatasync.  SQLite has no wire, so a batch
 * of calls is run in order; nothing is gained by sending it at once.
 *
 * What a failed COMMIT means is told by where it failed.  In a write (SQLITE_FULL,
 * SQLITE_IOERR_WRITE): the frame that ends the transaction comes last, so nothing was committed.
 * For want of memory (SQLITE_NOMEM): whatever was committed, no sync has failed, and what the
 * unit's owner is told is that nobody knows. Anything else may have happened behind it, in the
 * fsync: the pages may or may not reach the disk, and the kernel will not tell twice.  Then the
 * connection is done. */
#include "store/db.h"

#include "base/defect.h"
#include "base/wallclock.h"
#include "migrations.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUSY_TIMEOUT_MS = 5000,
    PATH_LEN_MAX = 4096,
    WAL_AUTOCHECKPOINT_PAGES = 1000,
    SYNCHRONOUS_FULL = 2,
};

struct db {
    sqlite3 *engine;
    enum db_role role;
    bool is_dead;                            /* a commit ended unknown */
    bool is_open;                            /* a transaction is */
    sqlite3_stmt *begin, *commit, *rollback; /* ready: ending a transaction must need no memory */
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

static const struct {
    int parameter_count;
    const char *sql;
} statement_table[] = {
#define STATEMENT(name, parameters, sql) {parameters, sql},
#include "store/statements.def"
#undef STATEMENT
};

static const struct migration {
    int version;
    const unsigned char *sql; /* ends in NUL */
} migrations[] = {
    {1, migration_0001},
    {2, migration_0002},
    {3, migration_0003},
    {4, migration_0004},
};

static bool is_write_refused(int code)
{
    return (code & 0xFF) == SQLITE_FULL || code == SQLITE_IOERR_WRITE;
}

static enum status status_of(int code)
{
    int primary = code & 0xFF;
    if (primary == SQLITE_CONSTRAINT || primary == SQLITE_MISMATCH || primary == SQLITE_TOOBIG) {
        return STATUS_INVALID;
    }
    if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED || is_write_refused(code) ||
        primary == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) {
        return STATUS_BUSY;
    }
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB ? STATUS_CORRUPT : STATUS_IO;
}

/* What the engine says of its last failure, as ours. */
static enum status failed_call(struct db *db, const char *what, struct error *err)
{
    int code = sqlite3_extended_errcode(db->engine);
    return error_set(err, status_of(code), "", "%s: %s (%d)", what, sqlite3_errmsg(db->engine),
                     code);
}

static enum status execute_text(struct db *db, const char *sql, const char *what, struct error *err)
{
    if (sqlite3_exec(db->engine, sql, NULL, NULL, NULL) != SQLITE_OK) {
        return failed_call(db, what, err);
    }
    return STATUS_OK;
}

static void statement_finish(sqlite3_stmt **statement)
{
    (void)sqlite3_finalize(*statement);
}

/* The one number or word a statement without parameters answers. */
static enum status ask(struct db *db, const char *sql, int64_t *number, char word[16],
                       struct error *err)
{
    CLEANUP(statement_finish) sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db->engine, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        return failed_call(db, sql, err);
    }
    *number = sqlite3_column_int64(statement, 0);
    const unsigned char *text = sqlite3_column_text(statement, 0);
    size_t len = (size_t)sqlite3_column_bytes(statement, 0);
    len = text == NULL ? 0 : len < 15 ? len : 15;
    memcpy(word, text == NULL ? (const unsigned char *)"" : text, len);
    word[len] = '\0';
    return STATUS_OK;
}

/* ---- opening ---- */

static enum status configure(struct db *db, struct error *err)
{
    if (sqlite3_extended_result_codes(db->engine, 1) != SQLITE_OK ||
        sqlite3_busy_timeout(db->engine, BUSY_TIMEOUT_MS) != SQLITE_OK ||
        sqlite3_wal_autocheckpoint(db->engine, WAL_AUTOCHECKPOINT_PAGES) != SQLITE_OK) {
        return failed_call(db, "the database could not be set up", err);
    }
    if (db->role == DB_WRITER) {
        TRY(execute_text(db, "PRAGMA journal_mode=WAL; PRAGMA cache_size=-16384;",
                         "the database could not be set to write ahead", err));
    }
    const char *how = DEFECT(SYNC_NORMAL) ? "PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                      : DEFECT(SYNC_OFF)  ? "PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
                                          : "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;";
    return execute_text(db, how, "the database could not be set up", err);
}

/* Trust what is read back, not what was asked for: a build or a file system may know better. */
static enum status assert_durable(struct db *db, struct error *err)
{
    int64_t synchronous, foreign_keys, ignored;
    char journal[16], word[16];
    TRY(ask(db, "PRAGMA journal_mode", &ignored, journal, err));
    TRY(ask(db, "PRAGMA synchronous", &synchronous, word, err));
    TRY(ask(db, "PRAGMA foreign_keys", &foreign_keys, word, err));
    if (DEFECT(SYNC_NORMAL) || DEFECT(SYNC_OFF)) {
        return STATUS_OK;
    }
    if (strcmp(journal, "wal") != 0 || synchronous != SYNCHRONOUS_FULL || foreign_keys != 1) {
        return error_set(err, STATUS_CONFLICT, "",
                         "the database is not durable enough: journal_mode=%s (wal is needed), "
                         "synchronous=%lld (2), foreign_keys=%lld (1)",
                         journal, (long long)synchronous, (long long)foreign_keys);
    }
    return STATUS_OK;
}

static enum status schema_version(struct db *db, int64_t *version, struct error *err)
{
    char word[16];
    int64_t has_table;
    TRY(ask(db, "SELECT count(*) FROM sqlite_master WHERE name = 'migration'", &has_table, word,
            err));
    *version = 0;
    if (has_table == 0) {
        return STATUS_OK;
    }
    return ask(db, "SELECT coalesce(max(version), 0) FROM migration", version, word, err);
}

static enum status note_migration(struct db *db, int version, struct error *err)
{
    struct wallclock clock = wallclock_system();
    CLEANUP(statement_finish) sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db->engine,
                           "INSERT INTO migration (version, applied_ms) VALUES (?1, ?2)", -1,
                           &statement, NULL) != SQLITE_OK ||
        sqlite3_bind_int(statement, 1, version) != SQLITE_OK ||
        sqlite3_bind_int64(statement, 2, wallclock_now_ms(&clock)) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_DONE) {
        return failed_call(db, "a migration could not be noted", err);
    }
    return STATUS_OK;
}

/* One migration, unless another process was faster: looked up again inside the transaction. */
static enum status migrate_once(struct db *db, const struct migration *migration, struct error *err)
{
    int64_t version;
    TRY(db_begin(db, err));
    enum status status = schema_version(db, &version, err);
    if (status == STATUS_OK && version < migration->version) {
        status = execute_text(db, (const char *)migration->sql, "a migration failed", err);
        if (status == STATUS_OK) {
            status = note_migration(db, migration->version, err);
        }
    }
    if (status == STATUS_OK) {
        status = db_commit(db, err);
    }
    if (status != STATUS_OK) {
        db_rollback(db);
    }
    return status;
}

static enum status migrate(struct db *db, struct error *err)
{
    const int newest = migrations[ARRAY_LEN(migrations) - 1].version;
    int64_t version;
    TRY(execute_text(db,
                     "CREATE TABLE IF NOT EXISTS migration (version INTEGER NOT NULL PRIMARY KEY, "
                     "applied_ms INTEGER NOT NULL) STRICT",
                     "the database could not be migrated", err));
    for (size_t i = 0; i < ARRAY_LEN(migrations); i++) {
        TRY(migrate_once(db, &migrations[i], err));
    }
    TRY(schema_version(db, &version, err));
    if (version != newest) {
        return error_set(err, STATUS_CONFLICT, "",
                         "the database has schema %lld, this program knows %d: run a newer program",
                         (long long)version, newest);
    }
    return STATUS_OK;
}

static enum status assert_migrated(struct db *db, struct error *err)
{
    const int newest = migrations[ARRAY_LEN(migrations) - 1].version;
    int64_t version;
    TRY(schema_version(db, &version, err));
    if (version != newest) {
        return error_set(err, STATUS_CONFLICT, "",
                         "the database has schema %lld, this program needs %d", (long long)version,
                         newest);
    }
    return STATUS_OK;
}

static void transactions_finish(struct db *db)
{
    (void)sqlite3_finalize(db->begin);
    (void)sqlite3_finalize(db->commit);
    (void)sqlite3_finalize(db->rollback);
    db->begin = db->commit = db->rollback = NULL;
}

static enum status prepare_transactions(struct db *db, struct error *err)
{
    const struct {
        const char *sql;
        sqlite3_stmt **statement;
    } wanted[] = {
        {db->role == DB_WRITER ? "BEGIN IMMEDIATE" : "BEGIN", &db->begin   },
        {"COMMIT",                                            &db->commit  },
        {"ROLLBACK",                                          &db->rollback},
    };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        if (sqlite3_prepare_v3(db->engine, wanted[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
                               wanted[i].statement, NULL) != SQLITE_OK) {
            return failed_call(db, "a transaction could not be prepared", err);
        }
    }
    return STATUS_OK;
}

static enum status prepare(struct db *db, struct error *err)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        if (sqlite3_prepare_v3(db->engine, statement_table[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
                               &db->statements[i], NULL) != SQLITE_OK) {
            return failed_call(db, "a statement does not fit the schema", err);
        }
        CHECK(sqlite3_bind_parameter_count(db->statements[i]) ==
              statement_table[i].parameter_count);
    }
    return STATUS_OK;
}

/* What is stored is nobody's business: a new file is its owner's alone, and so are its log files.
 */
static enum status file_create(const char *where, struct error *err)
{
    int fd = open(where, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        return error_set(err, STATUS_IO, "", "%s cannot be opened: %s", where, strerror(errno));
    }
    (void)close(fd);
    return STATUS_OK;
}

/* What the log holds may be in the kernel's memory alone, if a sync failed before this program was
 * started: no later sync of the log would bring it to the disk, and whatever is appended to it
 * would be lost with it.  So all of it is written anew, into the database itself, before anything
 * is added.  Who finds it busy stands beside a program that has done so. */
static enum status log_merge(struct db *db, struct error *err)
{
    if (DEFECT(LOG_UNMERGED)) {
        return STATUS_OK;
    }
    int code = sqlite3_wal_checkpoint_v2(db->engine, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED
               ? STATUS_OK
               : failed_call(db, "the log could not be merged into the database", err);
}

static enum status open_engine(struct db *db, const char *where, struct error *err)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (db->role == DB_WRITER ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    if (db->role == DB_WRITER) {
        TRY(file_create(where, err));
    }
    if (sqlite3_open_v2(where, &db->engine, flags, NULL) != SQLITE_OK) {
        return error_set(err, STATUS_IO, "", "%s cannot be opened: %s", where,
                         sqlite3_errmsg(db->engine));
    }
    TRY(configure(db, err));
    TRY(assert_durable(db, err));
    TRY(prepare_transactions(db, err));
    if (db->role == DB_WRITER) {
        TRY(log_merge(db, err));
    }
    TRY(db->role == DB_WRITER ? migrate(db, err) : assert_migrated(db, err));
    return prepare(db, err);
}

/* "file:PATH?immutable=1", the path percent-encoded where it must be. */
static bool immutable_name(char *out, size_t size, const char *where)
{
    size_t len = (size_t)snprintf(out, size, "file:");
    for (const char *c = where; *c != '\0' && len + 4 < size; c++) {
        if (strchr("?#%", *c) == NULL) {
            out[len++] = *c;
        } else {
            len += (size_t)snprintf(out + len, size - len, "%%%02X", (unsigned char)*c);
        }
    }
    int end = snprintf(out + len, size - len, "?immutable=1");
    return end > 0 && len + (size_t)end < size;
}

static bool has_unmerged_log(const char *where)
{
    char name[PATH_LEN_MAX];
    struct stat log;
    int len = snprintf(name, sizeof name, "%s-wal", where);
    return len < 0 || (size_t)len >= sizeof name || (stat(name, &log) == 0 && log.st_size > 0);
}

/* A backup on a medium that takes no writes: nobody can be writing it, so it may be read as it
 * stands, unless it was copied with a log that has not been merged. */
static enum status open_immutable(struct db *db, const char *where, struct error *err)
{
    char name[PATH_LEN_MAX];
    const int flags =
        SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    if (has_unmerged_log(where)) {
        return error_set(err, STATUS_IO, "",
                         "%s and its -wal file stand where nothing can be written: copy both to a "
                         "folder that can be",
                         where);
    }
    transactions_finish(db);
    (void)sqlite3_close(db->engine);
    db->engine = NULL;
    if (!immutable_name(name, sizeof name, where) ||
        sqlite3_open_v2(name, &db->engine, flags, NULL) != SQLITE_OK) {
        return error_set(err, STATUS_IO, "", "%s cannot be opened: %s", where,
                         sqlite3_errmsg(db->engine));
    }
    TRY(configure(db, err));
    TRY(prepare_transactions(db, err));
    TRY(assert_migrated(db, err));
    return prepare(db, err);
}

static bool is_on_read_only_medium(struct db *db)
{
    int primary = sqlite3_extended_errcode(db->engine) & 0xFF;
    return db->role == DB_READER && (primary == SQLITE_READONLY || primary == SQLITE_CANTOPEN);
}

static pthread_once_t library_once = PTHREAD_ONCE_INIT;

/* Nobody asks how much memory the library has, so no thread waits for another to count it. */
static void library_init(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum status db_open(struct db **out, const char *where, enum db_role role, struct error *err)
{
    CHECK(pthread_once(&library_once, library_init) == 0);
    struct db *db = calloc(1, sizeof *db);
    if (db == NULL) {
        return error_set(err, STATUS_IO, "", "no memory for a connection");
    }
    db->role = role;
    enum status status = open_engine(db, where, err);
    if (status != STATUS_OK && db->engine != NULL && is_on_read_only_medium(db) &&
        access(where, R_OK) == 0) {
        status = open_immutable(db, where, err);
    }
    if (status != STATUS_OK) {
        db_close(db);
        return status;
    }
    *out = db;
    return STATUS_OK;
}

const char *db_library_version(void)
{
    return sqlite3_libversion();
}

void db_close(struct db *db)
{
    if (db == NULL) {
        return;
    }
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        (void)sqlite3_finalize(db->statements[i]);
    }
    transactions_finish(db);
    (void)sqlite3_close(db->engine);
    free(db);
}

/* ---- transactions ---- */

static enum status dead(struct error *err)
{
    return error_set(err, STATUS_IO, "", "writing has stopped: a commit before this one failed");
}

/* Closing would merge the log into the file; this connection writes nothing any more. */
static void db_die(struct db *db)
{
    db->is_dead = true;
    (void)sqlite3_db_config(db->engine, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

bool db_is_dead(const struct db *db)
{
    return db->is_dead;
}

static enum status transaction_run(struct db *db, sqlite3_stmt *statement, const char *what,
                                   struct error *err)
{
    int code = sqlite3_step(statement);
    enum status status = code == SQLITE_DONE ? STATUS_OK : failed_call(db, what, err);
    (void)sqlite3_reset(statement);
    return status;
}

enum status db_begin(struct db *db, struct error *err)
{
    CHECK(!db->is_open);
    if (db->is_dead) {
        return dead(err);
    }
    TRY(transaction_run(db, db->begin, "a transaction could not begin", err));
    db->is_open = true;
    return STATUS_OK;
}

enum status db_commit(struct db *db, struct error *err)
{
    CHECK(db->is_open);
    if (db->is_dead) {
        return dead(err);
    }
    enum status status = transaction_run(db, db->commit, "the commit failed", err);
    if (status == STATUS_OK) {
        db->is_open = false;
    } else if (DEFECT(RETRY_FSYNC)) {
        status = STATUS_BUSY;
    } else if (status != STATUS_BUSY) {
        db_die(db);
    }
    return status;
}

void db_rollback(struct db *db)
{
    /* After some failures the engine has rolled back by itself; asking again is harmless. */
    if (db->is_open && sqlite3_get_autocommit(db->engine) == 0) {
        (void)sqlite3_step(db->rollback);
        (void)sqlite3_reset(db->rollback);
        if (sqlite3_get_autocommit(db->engine) == 0) {
            db_die(db); /* whatever came next would join a transaction that was given up */
        }
    }
    db->is_open = false;
}

/* ---- calls ---- */

static int bind(sqlite3_stmt *statement, int at, const struct db_value *value)
{
    const char *bytes = value->bytes.ptr == NULL ? "" : value->bytes.ptr;
    CHECK(value->type < DB_STREAM); /* the committer has filled it in */
    switch (value->type) {
    case DB_NULL: return sqlite3_bind_null(statement, at);
    case DB_INT: return sqlite3_bind_int64(statement, at, value->number);
    case DB_TEXT:
        return sqlite3_bind_text64(statement, at, bytes, value->bytes.len, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case DB_BLOB: return sqlite3_bind_blob64(statement, at, bytes, value->bytes.len, SQLITE_STATIC);
    case DB_STREAM:
    case DB_EPOCH:
    case DB_SEQ: break;
    }
    return SQLITE_MISUSE;
}

static enum status statement_begin(struct db *db, enum db_statement number,
                                   const struct db_value *values, uint32_t count, struct error *err)
{
    CHECK((size_t)number < STATEMENT_COUNT);
    CHECK(statement_table[number].parameter_count == (int)count);
    if (db->is_dead) {
        return dead(err);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (bind(db->statements[number], (int)i + 1, &values[i]) != SQLITE_OK) {
            return failed_call(db, "a value could not be handed over", err);
        }
    }
    return STATUS_OK;
}

static void statement_end(sqlite3_stmt *statement)
{
    (void)sqlite3_reset(statement);
    (void)sqlite3_clear_bindings(statement);
}

static enum status call_run(struct db *db, struct db_call *call, struct error *err)
{
    sqlite3_stmt *statement = db->statements[call->statement];
    enum status status = statement_begin(db, call->statement, call->values, call->value_count, err);
    if (status == STATUS_OK) {
        int code = sqlite3_step(statement);
        while (code == SQLITE_ROW) {
            code = sqlite3_step(statement);
        }
        call->changes = sqlite3_stmt_readonly(statement) != 0 ? 0 : sqlite3_changes64(db->engine);
        if (code != SQLITE_DONE) {
            status = failed_call(db, "a write failed", err);
        }
    }
    statement_end(statement);
    return status;
}

enum status db_execute(struct db *db, struct db_call *calls, size_t count, size_t *failed,
                       struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        enum status status = call_run(db, &calls[i], err);
        if (status != STATUS_OK) {
            if (failed != NULL) {
                *failed = i;
            }
            return status;
        }
    }
    return STATUS_OK;
}

static struct db_value column(sqlite3_stmt *statement, int at)
{
    switch (sqlite3_column_type(statement, at)) {
    case SQLITE_INTEGER: return DB_NUMBER(sqlite3_column_int64(statement, at));
    case SQLITE_TEXT: {
        const void *text = sqlite3_column_text(statement, at);
        return DB_STRING(str_of(text, (size_t)sqlite3_column_bytes(statement, at)));
    }
    case SQLITE_BLOB: {
        const void *blob = sqlite3_column_blob(statement, at);
        return DB_BYTES(str_of(blob, (size_t)sqlite3_column_bytes(statement, at)));
    }
    default: return (struct db_value){.type = DB_NULL};
    }
}

static void row_fill(struct db_row *row, sqlite3_stmt *statement)
{
    int count = sqlite3_column_count(statement);
    CHECK(count <= DB_COLUMNS_MAX);
    row->column_count = (uint32_t)count;
    for (int i = 0; i < count; i++) {
        row->columns[i] = column(statement, i);
    }
}

enum status db_query(struct db *db, enum db_statement number, const struct db_value *values,
                     uint32_t value_count, bool (*each)(void *context, const struct db_row *row),
                     void *context, struct error *err)
{
    sqlite3_stmt *statement = db->statements[number];
    enum status status = statement_begin(db, number, values, value_count, err);
    if (status == STATUS_OK) {
        struct db_row row;
        int code;
        bool wants_more = true;
        while (wants_more && (code = sqlite3_step(statement)) == SQLITE_ROW) {
            row_fill(&row, statement);
            wants_more = each(context, &row);
        }
        if (wants_more && code != SQLITE_DONE) {
            status = failed_call(db, "a read failed", err);
        }
    }
    statement_end(statement);
    return status;
}
