/* glance.c - two streams, one checkpoint of each, one entry under it. */
#include "store/glance.h"

#include "store/audit_rows.h"

#include <stdio.h>
#include <string.h>

struct first_word {
    bool has_row;
    char text[160];
};

static bool each_word(void *context, const struct db_row *row)
{
    struct first_word *first = context;
    (void)snprintf(first->text, sizeof first->text, "%.*s", STR_ARGS(row->columns[0].bytes));
    first->has_row = true;
    return false;
}

enum status glance_pages(struct db *db, struct error *err)
{
    struct first_word first = {0};
    TRY(db_query(db, STATEMENT_QUICK_CHECK, NULL, 0, each_word, &first, err));
    return first.has_row && strcmp(first.text, "ok") == 0
               ? STATUS_OK
               : error_set(err, STATUS_CORRUPT, "", "%s", first.text);
}

struct newest {
    struct str stream;
    bool has_row, is_readable;
    struct chain_checkpoint checkpoint;
};

static bool each_checkpoint(void *context, const struct db_row *row)
{
    struct newest *newest = context;
    newest->has_row = true;
    newest->is_readable =
        chain_checkpoint_of_row(&newest->checkpoint, newest->stream, row->columns);
    return false;
}

struct covered {
    bool has_row, is_same;
    const struct digest *head;
};

static bool each_entry(void *context, const struct db_row *row)
{
    struct covered *covered = context;
    struct digest hash;
    covered->has_row = true;
    covered->is_same = chain_digest_of(&hash, &row->columns[5]) && digest_eq(&hash, covered->head);
    return false;
}

static bool each_any(void *context, const struct db_row *row)
{
    (void)row;
    *(bool *)context = true;
    return false;
}

static enum status refused(const struct newest *newest, const char *what, struct error *err)
{
    return error_set(err, STATUS_CORRUPT, "", "the newest checkpoint of the stream %.*s %s",
                     STR_ARGS(newest->stream), what);
}

static enum status checkpoint_check(struct chain_glance *out, struct db *db,
                                    const struct newest *newest,
                                    const uint8_t public_key[SIGN_PUBLIC_LEN], struct error *err)
{
    const struct chain_checkpoint *checkpoint = &newest->checkpoint;
    struct digest key_id = digest_of(str_of(public_key, SIGN_PUBLIC_LEN));
    struct covered covered = {.head = &checkpoint->head};
    const struct db_value place[3] = {DB_STRING(newest->stream),
                                      DB_NUMBER((int64_t)checkpoint->last.epoch),
                                      DB_NUMBER((int64_t)checkpoint->last.seq)};
    if (!digest_eq(&key_id, &checkpoint->key_id)) {
        out->by_other_keys++;
    } else if (!chain_checkpoint_is_signed_by(checkpoint, public_key)) {
        return refused(newest, "is not what was signed", err);
    }
    TRY(db_query(db, STATEMENT_AUDIT_ENTRY_FIND, place, 3, each_entry, &covered, err));
    if (!covered.has_row || !covered.is_same) {
        return refused(newest, "covers an entry that is gone or is another", err);
    }
    out->checkpoints++;
    if (checkpoint->time_ms > out->newest_ms) {
        struct digest hash = chain_checkpoint_hash(checkpoint);
        out->newest_ms = checkpoint->time_ms;
        digest_hex(out->newest, &hash);
    }
    return STATUS_OK;
}

enum status glance_chain(struct chain_glance *out, struct db *db,
                         const uint8_t public_key[SIGN_PUBLIC_LEN], struct error *err)
{
    static const char *const streams[] = {"main", "operator"};
    *out = (struct chain_glance){0};
    for (size_t i = 0; i < ARRAY_LEN(streams); i++) {
        struct newest newest = {.stream = str_from(streams[i])};
        const struct db_value stream[1] = {DB_STRING(newest.stream)};
        bool has_entries = false;
        TRY(db_query(db, STATEMENT_AUDIT_HEAD, stream, 1, each_any, &has_entries, err));
        TRY(db_query(db, STATEMENT_AUDIT_LAST_CHECKPOINT, stream, 1, each_checkpoint, &newest,
                     err));
        out->streams += has_entries ? 1 : 0;
        if (newest.has_row && !newest.is_readable) {
            return refused(&newest, "cannot be read", err);
        }
        if (newest.has_row) {
            TRY(checkpoint_check(out, db, &newest, public_key, err));
        }
    }
    return STATUS_OK;
}
