/* shadow_store.c - one row a challenger and decision; ids of decisions sort by time. */
#include "store/shadow_store.h"

#include <string.h>

static struct db_value number_or_null(int64_t number)
{
    return number < 0 ? (struct db_value){.type = DB_NULL} : DB_NUMBER(number);
}

static struct db_value text_or_null(struct str text)
{
    return text.len == 0 ? (struct db_value){.type = DB_NULL} : DB_STRING(text);
}

void shadow_insert(struct unit *unit, const struct shadow_row *row, struct shadow_values *values)
{
    const struct db_value filled[] = {
        DB_NUMBER(row->environment),
        DB_BYTES(str_of(row->decision.bytes, ID_LEN)),
        DB_BYTES(digest_str(&row->challenger)),
        DB_BYTES(digest_str(&row->champion)),
        DB_NUMBER(row->created_ms),
        DB_STRING(row->outcome),
        number_or_null(row->said.pd_ppm),
        number_or_null(row->said.score),
        text_or_null(row->said.grade),
        text_or_null(row->said.recommendation),
        number_or_null(row->decided.pd_ppm),
        number_or_null(row->decided.score),
        text_or_null(row->decided.grade),
        text_or_null(row->decided.recommendation),
    };
    CHECK(row->environment > 0);
    memcpy(values->values, filled, sizeof filled);
    unit_row(unit, STATEMENT_SHADOW_INSERT, values->values, ARRAY_LEN(filled));
}

struct walk {
    bool (*each)(void *context, const struct shadow_row *row);
    void *context;
    bool is_corrupt;
};

static struct shadow_opinion opinion_of(const struct db_value columns[4])
{
    return (struct shadow_opinion){columns[0].type == DB_INT ? columns[0].number : -1,
                                   columns[1].type == DB_INT ? columns[1].number : -1,
                                   columns[2].bytes, columns[3].bytes};
}

static bool each_row(void *context, const struct db_row *row)
{
    struct walk *walk = context;
    const struct db_value *c = row->columns;
    struct shadow_row shadow = {.created_ms = c[3].number,
                                .outcome = c[4].bytes,
                                .said = opinion_of(&c[5]),
                                .decided = opinion_of(&c[9])};
    if (c[0].bytes.len != ID_LEN || c[1].bytes.len != DIGEST_LEN || c[2].bytes.len != DIGEST_LEN) {
        walk->is_corrupt = true;
        return false;
    }
    memcpy(shadow.decision.bytes, c[0].bytes.ptr, ID_LEN);
    memcpy(shadow.challenger.bytes, c[1].bytes.ptr, DIGEST_LEN);
    memcpy(shadow.champion.bytes, c[2].bytes.ptr, DIGEST_LEN);
    return walk->each(walk->context, &shadow);
}

static enum status rows_read(struct db *db, enum db_statement statement,
                             const struct db_value *values, uint32_t count, struct walk *walk,
                             struct error *err)
{
    TRY(db_query(db, statement, values, count, each_row, walk, err));
    return walk->is_corrupt
               ? error_set(err, STATUS_CORRUPT, "", "what a challenger said does not read back")
               : STATUS_OK;
}

enum status shadow_of_decision(struct db *db, int64_t environment, const struct id *decision,
                               bool (*each)(void *context, const struct shadow_row *row),
                               void *context, struct error *err)
{
    struct walk walk = {.each = each, .context = context};
    const struct db_value values[] = {DB_NUMBER(environment),
                                      DB_BYTES(str_of(decision->bytes, ID_LEN))};
    return rows_read(db, STATEMENT_SHADOW_OF_DECISION, values, ARRAY_LEN(values), &walk, err);
}

/* The first id that could have been made at this time: its first 48 bits are milliseconds. */
static struct id first_id_of(int64_t ms)
{
    struct id id = {{0}};
    for (int i = 0; i < 6; i++) {
        id.bytes[i] = (uint8_t)((uint64_t)ms >> (40 - 8 * i));
    }
    return id;
}

enum status shadow_scan(struct db *db, int64_t environment, const struct digest *challenger,
                        int64_t from_ms, int64_t before_ms,
                        bool (*each)(void *context, const struct shadow_row *row), void *context,
                        struct error *err)
{
    const int64_t last_ms = (INT64_C(1) << 48) - 1;
    struct walk walk = {.each = each, .context = context};
    struct id from = first_id_of(from_ms);
    struct id before = first_id_of(before_ms > 0 && before_ms < last_ms ? before_ms : last_ms);
    const struct db_value values[] = {DB_NUMBER(environment), DB_BYTES(digest_str(challenger)),
                                      DB_BYTES(str_of(from.bytes, ID_LEN)),
                                      DB_BYTES(str_of(before.bytes, ID_LEN))};
    return rows_read(db, STATEMENT_SHADOW_SCAN, values, ARRAY_LEN(values), &walk, err);
}
