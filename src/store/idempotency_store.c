/* idempotency_store.c - a claim is an insert that may find its place taken. */
#include "store/idempotency_store.h"

#include <string.h>

/* Claims deleted at once: the writer has others waiting. */
enum { SWEEP_ROWS_MAX = 10000 };

void idempotency_claim(struct unit *unit, const struct claim *claim, struct claim_values *values)
{
    const struct db_value filled[] = {
        DB_NUMBER(claim->environment),
        DB_STRING(claim->route),
        DB_STRING(claim->key),
        DB_BYTES(digest_str(&claim->fingerprint)),
        DB_BYTES(str_of(claim->object.bytes, ID_LEN)),
        DB_NUMBER(claim->now_ms),
        DB_NUMBER(claim->now_ms - IDEMPOTENCY_MS),
    };
    CHECK(claim->key.len > 0);
    CHECK(claim->key.len <= IDEMPOTENCY_KEY_MAX);
    memcpy(values->values, filled, sizeof filled);
    unit_condition(unit, STATEMENT_IDEMPOTENCY_CLAIM, values->values, ARRAY_LEN(filled));
}

struct finding {
    struct claim *claim;
    bool is_found, is_corrupt;
};

static bool each_claim(void *context, const struct db_row *row)
{
    struct finding *finding = context;
    struct str fingerprint = row->columns[0].bytes, object = row->columns[1].bytes;
    if (fingerprint.len != DIGEST_LEN || object.len != ID_LEN) {
        finding->is_corrupt = true;
        return false;
    }
    memcpy(finding->claim->fingerprint.bytes, fingerprint.ptr, DIGEST_LEN);
    memcpy(finding->claim->object.bytes, object.ptr, ID_LEN);
    finding->is_found = true;
    return false;
}

enum status idempotency_find(struct db *db, struct claim *claim, struct error *err)
{
    struct finding finding = {.claim = claim};
    const struct db_value values[] = {DB_NUMBER(claim->environment), DB_STRING(claim->route),
                                      DB_STRING(claim->key),
                                      DB_NUMBER(claim->now_ms - IDEMPOTENCY_MS)};
    TRY(db_query(db, STATEMENT_IDEMPOTENCY_FIND, values, ARRAY_LEN(values), each_claim, &finding,
                 err));
    if (finding.is_corrupt) {
        return error_set(err, STATUS_CORRUPT, "", "a stored claim does not read back");
    }
    return finding.is_found ? STATUS_OK
                            : error_set(err, STATUS_NOT_FOUND, "", "this key is not claimed");
}

void idempotency_sweep(struct unit *unit, int64_t now_ms, struct claim_values *values)
{
    values->values[0] = DB_NUMBER(now_ms - IDEMPOTENCY_MS);
    values->values[1] = DB_NUMBER(SWEEP_ROWS_MAX);
    unit_row(unit, STATEMENT_IDEMPOTENCY_SWEEP, values->values, 2);
}
