/* decision_store.c - one row a decision; a page is read by time, or by a word, bucket by bucket. */
#include "store/decision_store.h"

#include "store/payload.h"

#include <string.h>

enum { DECISION_COLUMNS = 11, BUCKET_DECISIONS = 1024 };

static struct str id_bytes(const struct id *id)
{
    return str_of(id->bytes, ID_LEN);
}

/* ---- writing ---- */

/* What stands for a company or a reference in decision_word: FNV-1a, whose few collisions the row
 * itself settles. */
enum word_kind { WORD_COMPANY = 'c', WORD_REFERENCE = 'r' };

static int64_t word_of(enum word_kind kind, struct str text)
{
    const uint32_t prime = 16777619;
    uint32_t hash = (2166136261U ^ (uint32_t)kind) * prime;
    for (size_t i = 0; i < text.len; i++) {
        hash = (hash ^ (unsigned char)text.ptr[i]) * prime;
    }
    return hash;
}

static void word_add(struct unit *unit, const struct decision_row *row, enum word_kind kind,
                     struct str text, struct db_value values[4])
{
    if (text.len > 0) {
        values[0] = DB_NUMBER(row->environment);
        values[1] = DB_NUMBER(word_of(kind, text));
        values[2] = DB_NUMBER(row->created_ms);
        values[3] = DB_BYTES(id_bytes(&row->id));
        unit_row(unit, STATEMENT_DECISION_WORD_INSERT, values, 4);
    }
}

/* One decision in 1,024, told by the chance in its id: a trigger that counts rows would run for
 * each. */
static bool starts_bucket(const struct id *id)
{
    unsigned chance = (unsigned)id->bytes[ID_LEN - 2] << 8 | id->bytes[ID_LEN - 1];
    return chance % BUCKET_DECISIONS == 0;
}

void decision_insert(struct unit *unit, const struct decision_row *row,
                     struct decision_values *values, struct arena *arena)
{
    struct str packed = payload_pack(row->payload, arena);
    const struct db_value filled[DECISION_COLUMNS] = {
        DB_NUMBER(row->environment),
        DB_BYTES(id_bytes(&row->id)),
        DB_NUMBER(row->created_ms),
        DB_STRING(row->company_key),
        DB_STRING(row->client_reference),
        DB_STRING(row->recommendation),
        DB_BYTES(str_of(row->salt, SALT_LEN)),
        DB_BYTES(packed),
        DB_PLACE(DB_STREAM),
        DB_PLACE(DB_EPOCH),
        DB_PLACE(DB_SEQ),
    };
    struct audit_draft draft = {.kind = AUDIT_DECISION_CREATED,
                                .environment = row->environment,
                                .object = row->id,
                                .payload = row->payload};
    /* The row carries the place of the unit's first entry. */
    CHECK(unit->entry_count == 0);
    CHECK(row->environment > 0);
    unit->has_failed = unit->has_failed || packed.ptr == NULL;
    memcpy(values->values, filled, sizeof filled);
    memcpy(draft.salt, row->salt, sizeof draft.salt);
    unit_row(unit, STATEMENT_DECISION_INSERT, values->values, DECISION_COLUMNS);
    if (starts_bucket(&row->id)) {
        values->bucket[0] = DB_NUMBER(row->environment);
        unit_row(unit, STATEMENT_DECISION_BUCKET_START, values->bucket, 1);
    }
    word_add(unit, row, WORD_COMPANY, row->company_key, values->words[0]);
    word_add(unit, row, WORD_REFERENCE, row->client_reference, values->words[1]);
    unit_entry(unit, &draft);
}

/* ---- reading ---- */

struct reading {
    struct decision_row *rows;
    uint32_t count, count_max;
    struct arena *arena;
    enum status status;
};

static bool copy_text(struct str *out, const struct db_value *column, struct arena *arena)
{
    *out = arena_copy(arena, column->bytes);
    return out->ptr != NULL;
}

/* CORRUPT, or TOO_LARGE when the arena is full. */
static enum status payload_read(struct str *out, struct str packed, struct arena *arena)
{
    size_t len;
    if (!payload_len(&len, packed)) {
        return STATUS_CORRUPT;
    }
    char *bytes = arena_alloc(arena, len + 1, 1);
    if (bytes == NULL) {
        return STATUS_TOO_LARGE;
    }
    *out = str_of(bytes, len);
    return payload_unpack(bytes, len, packed) ? STATUS_OK : STATUS_CORRUPT;
}

/* Columns in the order of DECISION_FIND. */
static enum status row_read(struct decision_row *out, const struct db_row *row, struct arena *arena)
{
    const struct db_value *c = row->columns;
    *out = (struct decision_row){.environment = c[0].number,
                                 .created_ms = c[2].number,
                                 .epoch = (uint64_t)c[9].number,
                                 .seq = (uint64_t)c[10].number};
    if (c[1].bytes.len != ID_LEN || c[8].bytes.len >= sizeof out->stream) {
        return STATUS_CORRUPT;
    }
    memcpy(out->id.bytes, c[1].bytes.ptr, ID_LEN);
    memcpy(out->stream, c[8].bytes.ptr, c[8].bytes.len);
    if (c[6].bytes.len != SALT_LEN || c[7].type != DB_BLOB) {
        return STATUS_CORRUPT;
    }
    memcpy(out->salt, c[6].bytes.ptr, SALT_LEN);
    if (!copy_text(&out->company_key, &c[3], arena) ||
        !copy_text(&out->client_reference, &c[4], arena) ||
        !copy_text(&out->recommendation, &c[5], arena)) {
        return STATUS_TOO_LARGE;
    }
    return payload_read(&out->payload, c[7].bytes, arena);
}

static bool each_row(void *context, const struct db_row *row)
{
    struct reading *reading = context;
    CHECK(reading->count < reading->count_max);
    reading->status = row_read(&reading->rows[reading->count], row, reading->arena);
    if (reading->status == STATUS_OK) {
        reading->count++;
    }
    return reading->status == STATUS_OK;
}

static enum status reading_end(const struct reading *reading, struct error *err)
{
    if (reading->status == STATUS_CORRUPT) {
        return error_set(err, STATUS_CORRUPT, "", "a stored decision does not read back");
    }
    return reading->status == STATUS_OK
               ? STATUS_OK
               : error_set(err, reading->status, "", "the decisions do not fit in memory");
}

static enum status find_one(struct db *db, enum db_statement statement,
                            const struct db_value *values, uint32_t value_count,
                            struct decision_row *out, struct arena *arena, struct error *err)
{
    struct decision_row row;
    struct reading reading = {.rows = &row, .count_max = 1, .arena = arena};
    TRY(db_query(db, statement, values, value_count, each_row, &reading, err));
    TRY(reading_end(&reading, err));
    if (reading.count == 0) {
        return error_set(err, STATUS_NOT_FOUND, "", "there is no decision of this id");
    }
    *out = row;
    return STATUS_OK;
}

enum status decision_find(struct db *db, int64_t environment, const struct id *id,
                          struct decision_row *out, struct arena *arena, struct error *err)
{
    const struct db_value values[] = {DB_NUMBER(environment), DB_BYTES(id_bytes(id))};
    return find_one(db, STATEMENT_DECISION_FIND, values, ARRAY_LEN(values), out, arena, err);
}

struct company_reading {
    struct str key;
    struct arena *arena;
    bool is_there, is_full;
};

static bool each_company(void *context, const struct db_row *row)
{
    struct company_reading *reading = context;
    reading->is_there = true;
    reading->is_full = !copy_text(&reading->key, &row->columns[0], reading->arena);
    return false;
}

enum status decision_company(struct db *db, int64_t environment, const struct id *id,
                             struct str *company_key, struct arena *arena, struct error *err)
{
    const struct db_value values[] = {DB_NUMBER(environment), DB_BYTES(id_bytes(id))};
    struct company_reading reading = {.arena = arena};
    TRY(db_query(db, STATEMENT_DECISION_COMPANY, values, ARRAY_LEN(values), each_company, &reading,
                 err));
    if (!reading.is_there) {
        return error_set(err, STATUS_NOT_FOUND, "", "there is no decision of this id");
    }
    if (reading.is_full) {
        return error_set(err, STATUS_TOO_LARGE, "", "the decision does not fit in memory");
    }
    *company_key = reading.key;
    return STATUS_OK;
}

enum status decision_find_anywhere(struct db *db, const struct id *id, struct decision_row *out,
                                   struct arena *arena, struct error *err)
{
    const struct db_value values[] = {DB_BYTES(id_bytes(id))};
    return find_one(db, STATEMENT_DECISION_FIND_ANYWHERE, values, ARRAY_LEN(values), out, arena,
                    err);
}

static bool each_time(void *context, const struct db_row *row)
{
    *(int64_t *)context = row->columns[0].number;
    return false;
}

/* Where a page begins: behind `after`, and before created_before_ms, whichever is earlier.  Ids
 * that are not there, another environment's too, stand for the time they were made. */
static enum status page_start(struct db_value *before, struct db_value *id, struct db *db,
                              int64_t environment, const struct decision_filter *filter,
                              struct error *err)
{
    static const struct id none;
    int64_t limit_ms = filter->created_before_ms == 0 ? INT64_MAX : filter->created_before_ms;
    *before = DB_NUMBER(limit_ms);
    *id = DB_BYTES(STR(""));
    if (memcmp(&filter->after, &none, sizeof none) == 0) {
        return STATUS_OK;
    }
    const struct db_value values[] = {DB_NUMBER(environment), DB_BYTES(id_bytes(&filter->after))};
    int64_t after_ms = id_ms(&filter->after);
    TRY(db_query(db, STATEMENT_DECISION_TIME, values, ARRAY_LEN(values), each_time, &after_ms,
                 err));
    if (after_ms < limit_ms) {
        *before = DB_NUMBER(after_ms);
        *id = values[1];
    }
    return STATUS_OK;
}

/* The start of the last bucket that starts before a time: 0, the first, if none does. */
static enum status bucket_before(int64_t *start_ms, struct db *db, int64_t environment,
                                 int64_t time_ms, struct error *err)
{
    const struct db_value values[] = {DB_NUMBER(environment), DB_NUMBER(time_ms)};
    *start_ms = 0;
    return db_query(db, STATEMENT_DECISION_BUCKET_BEFORE, values, ARRAY_LEN(values), each_time,
                    start_ms, err);
}

/* Read on from the newest bucket that may hold some of the page, `values` as DECISION_LIST has
 * them. */
static enum status list_by_word(struct reading *reading, struct db *db,
                                const struct decision_filter *filter, struct db_value values[10],
                                struct error *err)
{
    int64_t bucket_ms = values[2].number; /* what lies before this time is left to read */
    bool has_reference = filter->client_reference.len > 0;
    values[6] = DB_STRING(filter->client_reference);
    values[7] = DB_STRING(filter->company_key);
    values[9] = DB_NUMBER(has_reference ? word_of(WORD_REFERENCE, filter->client_reference)
                                        : word_of(WORD_COMPANY, filter->company_key));
    /* The cursor's own millisecond counts. */
    bucket_ms += bucket_ms < INT64_MAX ? 1 : 0;
    do {
        TRY(bucket_before(&bucket_ms, db, values[0].number, bucket_ms, err));
        values[5] = DB_NUMBER((int64_t)reading->count_max - (int64_t)reading->count);
        values[8] = DB_NUMBER(bucket_ms);
        TRY(db_query(db, STATEMENT_DECISION_LIST_BY_WORD, values, 10, each_row, reading, err));
    } while (bucket_ms > values[1].number && reading->status == STATUS_OK &&
             reading->count < reading->count_max);
    return STATUS_OK;
}

enum status decision_list(struct db *db, int64_t environment, const struct decision_filter *filter,
                          struct decision_row *rows, uint32_t *count, bool *has_more,
                          struct arena *arena, struct error *err)
{
    struct reading reading = {.rows = rows, .count_max = filter->limit + 1, .arena = arena};
    struct db_value values[10] = {DB_NUMBER(environment), DB_NUMBER(filter->created_from_ms)};
    CHECK(filter->limit > 0);
    CHECK(filter->limit < UINT32_MAX);
    TRY(page_start(&values[2], &values[3], db, environment, filter, err));
    values[4] = DB_STRING(filter->recommendation);
    values[5] = DB_NUMBER((int64_t)filter->limit + 1);
    if (filter->client_reference.len > 0 || filter->company_key.len > 0) {
        /* One view of the data, and one lock for all buckets. */
        TRY(db_begin(db, err));
        enum status status = list_by_word(&reading, db, filter, values, err);
        db_rollback(db);
        TRY(status);
    } else {
        TRY(db_query(db, STATEMENT_DECISION_LIST, values, 6, each_row, &reading, err));
    }
    TRY(reading_end(&reading, err));
    *has_more = reading.count > filter->limit;
    *count = *has_more ? filter->limit : reading.count;
    return STATUS_OK;
}
