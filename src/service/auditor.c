/* auditor.c - one read-only connection, one question. */
#include "service/auditor.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { AUDITOR_ARENA_MAX = 64 * 1024 * 1024 };

static void file_close(FILE **file)
{
    if (*file != NULL && *file != stdin) {
        (void)fclose(*file);
    }
}

static enum status reader_open(struct db **out, const char *db, struct error *err)
{
    if (access(db, F_OK) != 0) {
        return error_set(err, STATUS_NOT_FOUND, db, "there is no such database");
    }
    return db_open(out, db, DB_READER, err);
}

enum status auditor_verify_db(struct verify_report *report, const char *db,
                              const char *public_key_hex, const char *checkpoint_hex,
                              struct error *err)
{
    struct db *reader;
    TRY(reader_open(&reader, db, err));
    enum status status = audit_verify_db(reader, public_key_hex, checkpoint_hex, report, err);
    db_close(reader);
    return status;
}

enum status auditor_verify_export(struct verify_report *report, const char *file,
                                  const char *public_key_hex, const char *checkpoint_hex,
                                  struct error *err)
{
    CLEANUP(file_close) FILE *in = strcmp(file, "-") == 0 ? stdin : fopen(file, "re");
    if (in == NULL) {
        return error_set(err, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO, file, "%s",
                         strerror(errno));
    }
    return audit_verify_export(in, public_key_hex, checkpoint_hex, report, err);
}

enum status auditor_export(const char *db, FILE *out, struct error *err)
{
    struct db *reader;
    TRY(reader_open(&reader, db, err));
    enum status status = audit_export(reader, out, err);
    db_close(reader);
    return status;
}

static enum status replay_and_write(struct buf *out, bool *matches, struct db *reader,
                                    const struct id *id, struct arena *arena, struct error *err)
{
    struct decision_row row;
    struct decision_record record;
    struct replay_report report;
    TRY(decision_find_anywhere(reader, id, &row, arena, err));
    TRY(decision_record_of_row(&record, &row, err));
    TRY(replay(&report, reader, &record, arena, err));
    replay_report_write(out, &record, &report);
    *matches = report.matches;
    return STATUS_OK;
}

/* What is done with the one decision that was asked for. */
struct question {
    struct buf *out;
    bool *matches;                 /* of a replay */
    struct buf *text;              /* of an explanation */
    const struct telling *telling; /* NULL: a replay */
};

static enum status explain_and_write(const struct question *q, struct db *reader,
                                     const struct id *id, struct arena *arena, struct error *err)
{
    struct decision_row row;
    struct decision_record record;
    TRY(decision_find_anywhere(reader, id, &row, arena, err));
    TRY(decision_record_of_row(&record, &row, err));
    return explain_record(q->out, q->text, reader, &record, q->telling, arena, err);
}

static enum status decision_ask(const struct question *q, const char *db, struct str text,
                                struct error *err)
{
    struct id id;
    struct db *reader;
    struct arena arena;
    if (!id_read(&id, "dec", text)) {
        return error_set(err, STATUS_INVALID, "id",
                         "expected the id of a decision: dec_ and 26 characters");
    }
    TRY(reader_open(&reader, db, err));
    arena_init(&arena, AUDITOR_ARENA_MAX);
    enum status status = q->telling == NULL
                             ? replay_and_write(q->out, q->matches, reader, &id, &arena, err)
                             : explain_and_write(q, reader, &id, &arena, err);
    arena_finish(&arena);
    db_close(reader);
    return status;
}

enum status auditor_replay(struct buf *out, bool *matches, const char *db, struct str text,
                           struct error *err)
{
    return decision_ask(&(struct question){.out = out, .matches = matches}, db, text, err);
}

enum status auditor_explain(struct buf *out, struct buf *text, const char *db, struct str id,
                            const struct telling *telling, struct error *err)
{
    return decision_ask(&(struct question){.out = out, .text = text, .telling = telling}, db, id,
                        err);
}
