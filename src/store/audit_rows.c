/* audit_rows.c - shapes checked, column by column. */
#include "store/audit_rows.h"

#include "store/payload.h"

#include <string.h>

#define NUMBER_LIMIT (INT64_C(1) << 53)

static bool bytes_of(void *out, size_t len, const struct db_value *column)
{
    if (column->type != DB_BLOB || column->bytes.len != len) {
        return false;
    }
    memcpy(out, column->bytes.ptr, len);
    return true;
}

bool chain_digest_of(struct digest *out, const struct db_value *column)
{
    return bytes_of(out->bytes, sizeof out->bytes, column);
}

bool chain_id_of(uint8_t out[ID_LEN], const struct db_value *column)
{
    return bytes_of(out, ID_LEN, column);
}

bool chain_number_of(uint64_t *out, const struct db_value *column)
{
    if (column->type != DB_INT || column->number < 0 || column->number >= NUMBER_LIMIT) {
        return false;
    }
    *out = (uint64_t)column->number;
    return true;
}

bool chain_place_of(struct chain_place *out, const struct db_value columns[3])
{
    struct chain_place place = {.epoch = 0};
    if (columns[0].type != DB_TEXT || !chain_stream_is_valid(columns[0].bytes) ||
        !chain_number_of(&place.epoch, &columns[1]) || !chain_number_of(&place.seq, &columns[2])) {
        return false;
    }
    chain_place_set(out, columns[0].bytes, place.epoch, place.seq);
    return true;
}

bool chain_checkpoint_of_row(struct chain_checkpoint *out, struct str stream,
                             const struct db_value columns[8])
{
    const struct db_value place[] = {DB_STRING(stream), columns[0], columns[1]};
    uint64_t time_ms;
    struct chain_checkpoint checkpoint;
    if (!chain_place_of(&checkpoint.last, place) || !chain_number_of(&time_ms, &columns[2]) ||
        !chain_digest_of(&checkpoint.head, &columns[3]) ||
        !chain_digest_of(&checkpoint.root, &columns[4]) ||
        !chain_digest_of(&checkpoint.previous, &columns[5]) ||
        !chain_digest_of(&checkpoint.key_id, &columns[6]) ||
        !bytes_of(checkpoint.signature, SIGNATURE_LEN, &columns[7])) {
        return false;
    }
    checkpoint.time_ms = (int64_t)time_ms;
    *out = checkpoint;
    return true;
}

enum audit_record audit_record_of(const struct db_row *row)
{
    CHECK(row->columns[3].number >= RECORD_ENTRY);
    CHECK(row->columns[3].number <= RECORD_CHECKPOINT);
    return (enum audit_record)row->columns[3].number;
}

static bool unpack(struct buf *out, struct str packed)
{
    size_t len;
    buf_clear(out);
    char *to = payload_len(&len, packed) ? buf_reserve(out, len) : NULL;
    if (to == NULL || !payload_unpack(to, len, packed)) {
        return false;
    }
    out->len = len;
    return true;
}

/* Salt and payload: in the entry, or, packed, in the decision's row. */
static const char *evidence_of(struct audit_evidence *out, const struct db_row *row,
                               bool has_own_row, struct buf *unpacked)
{
    const struct db_value *own = &row->columns[10];
    const struct db_value *kept = has_own_row ? &row->columns[15] : own;
    if (has_own_row && (own[0].type != DB_NULL || own[1].type != DB_NULL)) {
        return "it has a payload of its own";
    }
    if (has_own_row && row->columns[WALK_DECISION_PLACE].type == DB_NULL) {
        return "its decision is missing";
    }
    *out = (struct audit_evidence){.is_erased = kept[0].type == DB_NULL && kept[1].type == DB_NULL};
    if (out->is_erased) {
        return NULL;
    }
    if (!bytes_of(out->salt, sizeof out->salt, &kept[0]) ||
        kept[1].type != (has_own_row ? DB_BLOB : DB_TEXT)) {
        return "its salt or payload has not the right form";
    }
    if (has_own_row && !unpack(unpacked, kept[1].bytes)) {
        return "its payload cannot be unpacked";
    }
    out->payload = has_own_row ? buf_str(unpacked) : kept[1].bytes;
    return NULL;
}

const char *audit_entry_of_row(struct chain_entry *entry, struct audit_evidence *evidence,
                               const struct db_row *row, struct buf *unpacked)
{
    const struct db_value *c = row->columns;
    uint64_t time_ms, environment;
    if (!chain_place_of(&entry->place, c)) {
        return "its place has not the right form";
    }
    if (!chain_number_of(&time_ms, &c[4]) || c[WALK_KIND].type != DB_TEXT ||
        c[WALK_KIND].bytes.len > CHAIN_KIND_MAX || !chain_number_of(&environment, &c[6]) ||
        !chain_id_of(entry->object, &c[7]) || !chain_digest_of(&entry->digest, &c[8]) ||
        !chain_digest_of(&entry->hash, &c[9])) {
        return "one of its columns has not the right form";
    }
    entry->time_ms = (int64_t)time_ms;
    entry->environment = (int64_t)environment;
    entry->kind = c[WALK_KIND].bytes;
    return evidence_of(evidence, row,
                       str_eq(entry->kind, str_from(audit_kind_wire(AUDIT_DECISION_CREATED))),
                       unpacked);
}

bool audit_commit_of_row(struct chain_commit *out, const struct db_row *row)
{
    const struct db_value *c = row->columns;
    return chain_place_of(&out->last, c) && chain_number_of(&out->first_seq, &c[4]) &&
           chain_digest_of(&out->root, &c[8]);
}

bool audit_checkpoint_of_row(struct chain_checkpoint *out, const struct db_row *row)
{
    const struct db_value *c = row->columns;
    const struct db_value columns[] = {c[1], c[2], c[4], c[7], c[8], c[9], c[10], c[15]};
    return c[0].type == DB_TEXT && chain_checkpoint_of_row(out, c[0].bytes, columns);
}
