/* writer_open.c - where the stream stands, and the first entry of a new epoch. */
#include "crypto/secret.h"
#include "store/audit_key.h"
#include "store/audit_rows.h"
#include "store/writer_state.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_MAX = 64 * 1024 * 1024 };

static bool each_head(void *context, const struct db_row *row)
{
    struct head *head = context;
    head->place.epoch = (uint64_t)row->columns[0].number;
    head->place.seq = (uint64_t)row->columns[1].number;
    if (row->columns[2].bytes.len == DIGEST_LEN) {
        memcpy(head->hash.bytes, row->columns[2].bytes.ptr, DIGEST_LEN);
    }
    return false;
}

static bool each_any(void *context, const struct db_row *row)
{
    (void)row;
    *(bool *)context = true;
    return false;
}

/* Where unsigned commits begin. */
struct tail {
    struct writer *writer;
    struct chain_place after;
    bool is_full;
};

static bool each_checkpoint(void *context, const struct db_row *row)
{
    struct tail *tail = context;
    struct chain_checkpoint checkpoint;
    if (chain_checkpoint_of_row(&checkpoint, str_from(tail->after.stream), row->columns)) {
        tail->after = checkpoint.last;
        tail->writer->head.checkpoint = chain_checkpoint_hash(&checkpoint);
    }
    return false;
}

static bool each_root(void *context, const struct db_row *row)
{
    struct tail *tail = context;
    struct writer *writer = tail->writer;
    struct head *head = &writer->head;
    /* Room for the longest run of commits between two checkpoints stays behind what is read here.
     */
    if (head->root_count + CHECKPOINT_ENTRIES + 1 >= writer->root_size) {
        size_t size = 2 * writer->root_size;
        struct digest *roots = realloc(writer->roots, size * sizeof *roots);
        if (roots == NULL) {
            tail->is_full = true;
            return false;
        }
        writer->roots = roots;
        writer->root_size = size;
    }
    struct digest root = {{0}};
    if (row->columns[0].bytes.len == DIGEST_LEN) {
        memcpy(root.bytes, row->columns[0].bytes.ptr, DIGEST_LEN);
    }
    writer->roots[head->root_count++] = chain_leaf(&root);
    return true;
}

/* Read where the stream stands: its last entry, its last checkpoint, and the commits nobody has
 * signed. */
static enum status head_load(struct writer *writer, const char *stream, struct error *err)
{
    struct head *head = &writer->head;
    struct tail tail = {.writer = writer};
    struct db_value values[5] = {DB_STRING(str_from(stream))};
    chain_place_set(&head->place, str_from(stream), 0, 0);
    tail.after = head->place;
    TRY(db_query(writer->db, STATEMENT_AUDIT_HEAD, values, 1, each_head, head, err));
    TRY(db_query(writer->db, STATEMENT_AUDIT_LAST_CHECKPOINT, values, 1, each_checkpoint, &tail,
                 err));
    values[1] = DB_NUMBER((int64_t)tail.after.epoch);
    values[2] = DB_NUMBER((int64_t)tail.after.seq);
    values[3] = DB_NUMBER((int64_t)head->place.epoch);
    values[4] = DB_NUMBER((int64_t)head->place.seq);
    TRY(db_query(writer->db, STATEMENT_AUDIT_ROOTS, values, 5, each_root, &tail, err));
    return tail.is_full ? error_set(err, STATUS_IO, "", "no memory for the unsigned commits")
                        : STATUS_OK;
}

static enum status key_load(struct writer *writer, const char *where, struct error *err)
{
    bool has_entries = false;
    TRY(db_query(writer->db, STATEMENT_AUDIT_ANY, NULL, 0, each_any, &has_entries, err));
    TRY(audit_key_load(&writer->key, where, !has_entries, err));
    writer->key_id = digest_of(str_of(writer->key.public_key, sizeof writer->key.public_key));
    return STATUS_OK;
}

/* The first entry of the epoch names the head it follows; with it, all that was left unsigned is
 * signed. */
static enum status epoch_open(struct writer *writer, int64_t now_ms, struct error *err)
{
    struct head before = writer->head;
    struct chain_opening opening = {
        .follows = before.place.epoch > 0, .head = before.place, .hash = before.hash};
    struct unit unit = {.entry_count = 1, .entries = {{.kind = AUDIT_EPOCH_OPENED}}};
    struct buf payload;
    memcpy(opening.public_key, writer->key.public_key, sizeof opening.public_key);
    buf_init(&payload, 1024);
    chain_opening_write(&payload, &opening);
    if (buf_failed(&payload)) {
        buf_finish(&payload);
        return error_set(err, STATUS_IO, "", "no memory for an epoch");
    }
    unit.entries[0].payload = buf_str(&payload);
    secret_random(unit.entries[0].salt, SALT_LEN);
    unit.entries[0].digest = chain_payload_digest(unit.entries[0].salt, buf_str(&payload));
    writer->head.place.epoch++;
    writer->head.place.seq = 0;
    enum status status = writer_run_signed(writer, &unit, now_ms, err);
    buf_finish(&payload);
    return status;
}

static enum status open_all(struct writer *writer, const char *where, const char *stream,
                            int64_t now_ms, struct error *err)
{
    if (!chain_stream_is_valid(str_from(stream))) {
        return error_set(err, STATUS_INVALID, "", "the name of a stream has 1 to %d of a-z 0-9 -",
                         CHAIN_STREAM_SIZE - 1);
    }
    TRY(stream_lock_take(&writer->lock, where, stream, err));
    TRY(db_open(&writer->db, where, DB_WRITER, err));
    TRY(key_load(writer, where, err));
    TRY(head_load(writer, stream, err));
    return epoch_open(writer, now_ms, err);
}

enum status writer_open(struct writer **out, const char *where, const char *stream, int64_t now_ms,
                        struct error *err)
{
    struct writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        return error_set(err, STATUS_IO, "", "no memory for the writer");
    }
    arena_init(&writer->arena, ARENA_MAX);
    writer->root_size = 2 * (size_t)CHECKPOINT_ENTRIES;
    writer->roots = calloc(writer->root_size, sizeof *writer->roots);
    enum status status = writer->roots == NULL
                             ? error_set(err, STATUS_IO, "", "no memory for the writer")
                             : open_all(writer, where, stream, now_ms, err);
    if (status != STATUS_OK) {
        writer_close(writer);
        return status;
    }
    *out = writer;
    return STATUS_OK;
}

void writer_close(struct writer *writer)
{
    if (writer == NULL) {
        return;
    }
    db_close(writer->db);
    stream_lock_release(writer->lock);
    secret_wipe(&writer->key, sizeof writer->key);
    arena_finish(&writer->arena);
    free(writer->roots);
    free(writer);
}
