/* audit_receipt.c - two inclusion proofs, entry to commit and commit to checkpoint, and what it
 * takes to check them. */
#include "store/audit_log.h"

#include "format/base64.h"
#include "format/json.h"
#include "store/audit_rows.h"

#include <string.h>

/* Digests in the order of the chain. */
struct leaves {
    struct arena *arena;
    struct digest *items;
    size_t count, size;
    bool is_full;
};

/* What a receipt is made of. */
struct receipt {
    struct chain_place place;
    struct chain_entry entry;
    struct digest previous;
    bool has_entry, has_salt, has_commit, has_checkpoint;
    uint8_t salt[SALT_LEN];
    struct chain_commit commit;
    struct chain_checkpoint checkpoint, before;
    struct leaves hashes, roots;
    size_t commit_index;
    struct chain_opening opening;
    bool has_opening;
    char kind[CHAIN_KIND_MAX + 1];
};

/* ---- rows ---- */

static bool each_entry(void *context, const struct db_row *row)
{
    struct receipt *r = context;
    const struct db_value *c = row->columns;
    uint64_t time_ms, environment;
    if (!chain_number_of(&time_ms, &c[0]) || c[1].bytes.len > CHAIN_KIND_MAX ||
        !chain_number_of(&environment, &c[2]) || !chain_id_of(r->entry.object, &c[3]) ||
        !chain_digest_of(&r->entry.digest, &c[4]) || !chain_digest_of(&r->entry.hash, &c[5])) {
        return false;
    }
    memcpy(r->kind, c[1].bytes.ptr, c[1].bytes.len);
    r->entry.place = r->place;
    r->entry.kind = str_from(r->kind);
    r->entry.time_ms = (int64_t)time_ms;
    r->entry.environment = (int64_t)environment;
    r->has_salt = c[6].type == DB_BLOB && c[6].bytes.len == SALT_LEN;
    if (r->has_salt) {
        memcpy(r->salt, c[6].bytes.ptr, SALT_LEN);
    }
    r->has_entry = true;
    return false;
}

static bool each_previous(void *context, const struct db_row *row)
{
    struct receipt *r = context;
    r->has_entry = chain_digest_of(&r->previous, &row->columns[0]);
    return false;
}

static bool each_commit(void *context, const struct db_row *row)
{
    struct receipt *r = context;
    const struct db_value *c = row->columns;
    r->commit.last = r->place;
    r->has_commit = chain_number_of(&r->commit.first_seq, &c[0]) &&
                    chain_number_of(&r->commit.last.seq, &c[1]) &&
                    chain_digest_of(&r->commit.root, &c[2]) && r->commit.first_seq > 0 &&
                    r->commit.first_seq <= r->place.seq;
    return false;
}

static bool each_checkpoint(void *context, const struct db_row *row)
{
    struct receipt *r = context;
    r->has_checkpoint =
        chain_checkpoint_of_row(&r->checkpoint, str_from(r->place.stream), row->columns);
    return false;
}

static bool each_before(void *context, const struct db_row *row)
{
    struct receipt *r = context;
    r->has_checkpoint =
        chain_checkpoint_of_row(&r->before, str_from(r->place.stream), row->columns);
    return false;
}

static bool each_opening(void *context, const struct db_row *row)
{
    struct receipt *r = context;
    r->has_opening = chain_opening_read(&r->opening, row->columns[7].bytes);
    return false;
}

static bool leaf_add(struct leaves *leaves, const struct db_value *column)
{
    struct digest digest;
    if (leaves->count == leaves->size) {
        size_t size = leaves->size == 0 ? 256 : 2 * leaves->size;
        struct digest *items = arena_array(leaves->arena, struct digest, size);
        if (items == NULL) {
            leaves->is_full = true;
            return false;
        }
        if (leaves->count > 0) {
            memcpy(items, leaves->items, leaves->count * sizeof *items);
        }
        leaves->items = items;
        leaves->size = size;
    }
    if (!chain_digest_of(&digest, column)) {
        return false;
    }
    leaves->items[leaves->count++] = chain_leaf(&digest);
    return true;
}

static bool each_hash(void *context, const struct db_row *row)
{
    struct receipt *r = context;
    return leaf_add(&r->hashes, &row->columns[0]);
}

static bool each_root(void *context, const struct db_row *row)
{
    struct receipt *r = context;
    bool is_ours = (uint64_t)row->columns[1].number == r->commit.last.epoch &&
                   (uint64_t)row->columns[2].number == r->commit.last.seq;
    if (is_ours) {
        r->commit_index = r->roots.count;
    }
    return leaf_add(&r->roots, &row->columns[0]);
}

/* ---- gathering ---- */

static enum status ask(struct receipt *r, struct db *db, enum db_statement statement,
                       const struct chain_place *place,
                       bool (*each)(void *context, const struct db_row *row), struct error *err)
{
    const struct db_value values[] = {DB_STRING(str_from(place->stream)),
                                      DB_NUMBER((int64_t)place->epoch),
                                      DB_NUMBER((int64_t)place->seq)};
    return db_query(db, statement, values, ARRAY_LEN(values), each, r, err);
}

static enum status gather_leaves(struct receipt *r, struct db *db, struct error *err)
{
    struct db_value stream = DB_STRING(str_from(r->place.stream));
    const struct db_value entries[] = {stream, DB_NUMBER((int64_t)r->place.epoch),
                                       DB_NUMBER((int64_t)r->commit.first_seq),
                                       DB_NUMBER((int64_t)r->commit.last.seq)};
    const struct db_value commits[] = {
        stream, DB_NUMBER((int64_t)r->before.last.epoch), DB_NUMBER((int64_t)r->before.last.seq),
        DB_NUMBER((int64_t)r->checkpoint.last.epoch), DB_NUMBER((int64_t)r->checkpoint.last.seq)};
    r->commit_index = SIZE_MAX;
    TRY(db_query(db, STATEMENT_AUDIT_HASHES, entries, ARRAY_LEN(entries), each_hash, r, err));
    TRY(db_query(db, STATEMENT_AUDIT_ROOTS, commits, ARRAY_LEN(commits), each_root, r, err));
    return r->hashes.is_full || r->roots.is_full
               ? error_set(err, STATUS_TOO_LARGE, "", "the receipt does not fit in memory")
               : STATUS_OK;
}

static enum status gather(struct receipt *r, struct db *db, struct error *err)
{
    TRY(ask(r, db, STATEMENT_AUDIT_ENTRY_FIND, &r->place, each_entry, err));
    if (!r->has_entry) {
        return error_set(err, STATUS_NOT_FOUND, "", "there is no such entry");
    }
    TRY(ask(r, db, STATEMENT_AUDIT_HASH_BEFORE, &r->place, each_previous, err));
    TRY(ask(r, db, STATEMENT_AUDIT_COMMIT_OF, &r->place, each_commit, err));
    if (r->has_commit) {
        TRY(ask(r, db, STATEMENT_AUDIT_CHECKPOINT_OF, &r->commit.last, each_checkpoint, err));
    }
    if (!r->has_checkpoint) {
        return error_set(err, STATUS_NOT_FOUND, "", "no checkpoint covers the entry yet");
    }
    TRY(ask(r, db, STATEMENT_AUDIT_CHECKPOINT_BEFORE, &r->checkpoint.last, each_before, err));
    struct chain_place first = r->checkpoint.last;
    first.seq = 1;
    TRY(ask(r, db, STATEMENT_AUDIT_ENTRY_FIND, &first, each_opening, err));
    return gather_leaves(r, db, err);
}

/* What is handed out is checked first: a receipt that does not verify is worse than none. */
static bool is_sound(const struct receipt *r)
{
    size_t entries = (size_t)(r->commit.last.seq - r->commit.first_seq) + 1;
    struct digest hash = chain_entry_hash(&r->previous, &r->entry);
    return r->has_entry && r->has_checkpoint && r->has_opening && r->hashes.count == entries &&
           r->commit_index < r->roots.count && digest_eq(&hash, &r->entry.hash) &&
           chain_checkpoint_is_signed_by(&r->checkpoint, r->opening.public_key);
}

/* ---- writing ---- */

static void hex_member(struct json_writer *w, struct str name, const void *bytes, size_t len)
{
    struct buf hex;
    buf_init(&hex, 2 * SIGNATURE_LEN);
    hex_write(&hex, str_of(bytes, len));
    json_text_member(w, name, buf_str(&hex));
    buf_finish(&hex);
}

static void digest_member(struct json_writer *w, struct str name, const struct digest *digest)
{
    hex_member(w, name, digest->bytes, sizeof digest->bytes);
}

static void number_member(struct json_writer *w, struct str name, uint64_t value)
{
    json_name(w, name);
    json_int(w, (int64_t)value);
}

/* The place of leaf `index` in the tree, and the way to its root. */
static struct digest path_members(struct json_writer *w, const struct leaves *leaves, size_t index)
{
    struct digest path[MERKLE_PATH_MAX];
    char hex[DIGEST_HEX_LEN + 1];
    size_t len = merkle_path(path, leaves->items, leaves->count, index);
    number_member(w, STR("index"), index);
    json_name(w, STR("path"));
    json_array_begin(w);
    for (size_t i = 0; i < len; i++) {
        digest_hex(hex, &path[i]);
        json_string(w, str_from(hex));
    }
    json_array_end(w);
    return merkle_root(leaves->items, leaves->count);
}

static bool path_write(struct json_writer *w, struct str name, const struct leaves *leaves,
                       size_t index, const struct digest *root)
{
    json_name(w, name);
    json_object_begin(w);
    struct digest got = path_members(w, leaves, index);
    digest_member(w, STR("root"), &got);
    number_member(w, STR("size"), leaves->count);
    json_object_end(w);
    return digest_eq(&got, root);
}

static void entry_write(struct json_writer *w, const struct receipt *r)
{
    json_name(w, STR("entry"));
    json_object_begin(w);
    digest_member(w, STR("digest"), &r->entry.digest);
    number_member(w, STR("environment"), (uint64_t)r->entry.environment);
    number_member(w, STR("epoch"), r->place.epoch);
    digest_member(w, STR("hash"), &r->entry.hash);
    json_text_member(w, STR("kind"), r->entry.kind);
    hex_member(w, STR("object"), r->entry.object, sizeof r->entry.object);
    digest_member(w, STR("previous"), &r->previous);
    if (r->has_salt) {
        hex_member(w, STR("salt"), r->salt, sizeof r->salt);
    } else {
        json_name(w, STR("salt"));
        json_null(w);
    }
    number_member(w, STR("seq"), r->place.seq);
    json_text_member(w, STR("stream"), str_from(r->place.stream));
    number_member(w, STR("time"), (uint64_t)r->entry.time_ms);
    json_object_end(w);
}

static void checkpoint_write(struct json_writer *w, const struct chain_checkpoint *checkpoint)
{
    json_name(w, STR("checkpoint"));
    json_object_begin(w);
    number_member(w, STR("epoch"), checkpoint->last.epoch);
    digest_member(w, STR("head"), &checkpoint->head);
    digest_member(w, STR("key"), &checkpoint->key_id);
    number_member(w, STR("last"), checkpoint->last.seq);
    digest_member(w, STR("previous"), &checkpoint->previous);
    digest_member(w, STR("root"), &checkpoint->root);
    hex_member(w, STR("signature"), checkpoint->signature, sizeof checkpoint->signature);
    json_text_member(w, STR("stream"), str_from(checkpoint->last.stream));
    number_member(w, STR("time"), (uint64_t)checkpoint->time_ms);
    json_object_end(w);
}

static bool receipt_write(struct buf *out, const struct receipt *r)
{
    struct json_writer w;
    size_t index = (size_t)(r->place.seq - r->commit.first_seq);
    json_writer_init_canonical(&w, out);
    json_object_begin(&w);
    checkpoint_write(&w, &r->checkpoint);
    bool has_commit = path_write(&w, STR("commit"), &r->hashes, index, &r->commit.root);
    entry_write(&w, r);
    json_text_member(&w, STR("format"), STR("aval-receipt-1"));
    hex_member(&w, STR("public_key"), r->opening.public_key, sizeof r->opening.public_key);
    bool has_signed =
        path_write(&w, STR("signed"), &r->roots, r->commit_index, &r->checkpoint.root);
    json_object_end(&w);
    return has_commit && has_signed;
}

enum status audit_receipt(struct db *db, const char *stream, uint64_t epoch, uint64_t seq,
                          struct buf *out, struct arena *arena, struct error *err)
{
    size_t start = out->len;
    struct receipt *r = arena_new(arena, struct receipt);
    if (r == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the receipt does not fit in memory");
    }
    if (!chain_stream_is_valid(str_from(stream)) || epoch > INT64_MAX || seq > INT64_MAX) {
        return error_set(err, STATUS_NOT_FOUND, "", "there is no such entry");
    }
    chain_place_set(&r->place, str_from(stream), epoch, seq);
    r->before.last = r->place;
    r->before.last.epoch = 0;
    r->before.last.seq = 0;
    r->hashes.arena = arena;
    r->roots.arena = arena;
    TRY(gather(r, db, err));
    if (!is_sound(r) || !receipt_write(out, r)) {
        out->len = start;
        return error_set(err, STATUS_CORRUPT, "",
                         "the log does not prove the entry: verify the database");
    }
    return buf_failed(out) ? error_set(err, STATUS_TOO_LARGE, "", "the receipt is too large")
                           : STATUS_OK;
}
