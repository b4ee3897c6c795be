/* audit_rows.c - shapes checked, column by column. */
#include "store/audit_rows.h"

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
