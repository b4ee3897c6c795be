/* artifact_store.c - bytes by their digest; the digest is checked on the way out. */
#include "store/artifact_store.h"

#include <string.h>

void artifact_insert(struct unit *unit, struct str kind, const struct digest *sha256,
                     struct str bytes, int64_t now_ms, struct artifact_values *values)
{
    const struct db_value filled[] = {DB_BYTES(digest_str(sha256)), DB_STRING(kind),
                                      DB_BYTES(bytes), DB_NUMBER(now_ms)};
    memcpy(values->values, filled, sizeof filled);
    unit_row(unit, STATEMENT_ARTIFACT_INSERT, values->values, ARRAY_LEN(filled));
}

struct finding {
    const struct digest *sha256;
    struct arena *arena;
    struct str bytes;
    enum status status;
};

static bool each_artifact(void *context, const struct db_row *row)
{
    struct finding *finding = context;
    struct digest digest = digest_of(row->columns[0].bytes);
    if (!digest_eq(&digest, finding->sha256)) {
        finding->status = STATUS_CORRUPT;
        return false;
    }
    finding->bytes = arena_copy(finding->arena, row->columns[0].bytes);
    finding->status = finding->bytes.ptr == NULL ? STATUS_TOO_LARGE : STATUS_OK;
    return false;
}

enum status artifact_find(struct db *db, const struct digest *sha256, struct str *bytes,
                          struct arena *arena, struct error *err)
{
    struct finding finding = {.sha256 = sha256, .arena = arena, .status = STATUS_NOT_FOUND};
    const struct db_value values[] = {DB_BYTES(digest_str(sha256))};
    char hex[DIGEST_HEX_LEN + 1];
    TRY(db_query(db, STATEMENT_ARTIFACT_FIND, values, ARRAY_LEN(values), each_artifact, &finding,
                 err));
    if (finding.status != STATUS_OK) {
        digest_hex(hex, sha256);
        return error_set(err, finding.status, "", "artifact %s: %s", hex,
                         status_text(finding.status));
    }
    *bytes = finding.bytes;
    return STATUS_OK;
}
