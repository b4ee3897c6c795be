/* outcome_store.c - rows in numbers, one entry for all of them. */
#include "store/outcome_store.h"

#include "crypto/secret.h"
#include "format/iso8601.h"

#include <string.h>

enum { OUTCOME_COLUMNS = 16, FINGERPRINT_TEXT_MAX = 16 * 1024 };

static struct str id_bytes(const struct id *id)
{
    return str_of(id->bytes, ID_LEN);
}

/* ---- what is proved ---- */

static void id_member(struct json_writer *w, struct str name, const char *prefix,
                      const struct id *id, bool is_set)
{
    char text[ID_TEXT_MAX + 1];
    json_name(w, name);
    if (is_set) {
        id_write(text, prefix, id);
        json_string(w, str_from(text));
    } else {
        json_null(w);
    }
}

static void text_or_null(struct json_writer *w, struct str name, struct str text)
{
    json_name(w, name);
    if (text.len > 0) {
        json_string(w, text);
    } else {
        json_null(w);
    }
}

static void amount_member(struct json_writer *w, struct str amount)
{
    size_t blank = str_find(amount, 0, ' ');
    json_name(w, STR("amount"));
    if (blank == amount.len) {
        json_null(w);
        return;
    }
    json_object_begin(w);
    json_text_member(w, STR("amount"), str_slice(amount, 0, blank));
    json_text_member(w, STR("currency"), str_slice(amount, blank + 1, amount.len));
    json_object_end(w);
}

static void audit_member(struct json_writer *w, const struct outcome_row *row)
{
    json_name(w, STR("audit"));
    json_object_begin(w);
    json_name(w, STR("epoch"));
    json_int(w, (int64_t)row->epoch);
    json_name(w, STR("seq"));
    json_int(w, (int64_t)row->seq);
    json_text_member(w, STR("stream"), str_from(row->stream));
    json_object_end(w);
}

enum detail {
    DETAIL_SAID,   /* what the tenant said */
    DETAIL_PROVED, /* and id and time */
    DETAIL_TOLD,   /* and what is known of it now */
};

static void write_members(struct json_writer *w, const struct outcome_row *row, enum detail detail)
{
    json_object_begin(w);
    amount_member(w, row->amount);
    if (detail == DETAIL_TOLD) {
        audit_member(w, row);
    }
    text_or_null(w, STR("client_reference"), row->client_reference);
    text_or_null(w, STR("company"), row->company_key);
    id_member(w, STR("decision"), "dec", &row->decision, row->has_decision);
    text_or_null(w, STR("definition"), row->definition);
    if (detail >= DETAIL_PROVED) {
        id_member(w, STR("id"), "out", &row->id, true);
    }
    json_text_member(w, STR("object"), STR("outcome"));
    json_text_member(w, STR("observed_on"), row->observed_on);
    if (detail >= DETAIL_PROVED) {
        json_name(w, STR("recorded_at"));
        timestamp_write(json_quoted_begin(w), row->recorded_ms);
        json_quoted_end(w);
    }
    json_text_member(w, STR("source"), row->source);
    if (detail == DETAIL_TOLD) {
        id_member(w, STR("superseded_by"), "out", &row->superseded_by, row->is_superseded);
    }
    id_member(w, STR("supersedes"), "out", &row->supersedes, row->has_supersedes);
    json_text_member(w, STR("type"), row->type);
    json_object_end(w);
}

void outcome_write(struct json_writer *w, const struct outcome_row *row)
{
    write_members(w, row, DETAIL_TOLD);
}

struct digest outcome_fingerprint(const struct outcome_row *row)
{
    struct buf text;
    struct json_writer w;
    buf_init(&text, FINGERPRINT_TEXT_MAX);
    json_writer_init_canonical(&w, &text);
    write_members(&w, row, DETAIL_SAID);
    CHECK(!buf_failed(&text)); /* every member is bounded */
    struct digest digest = digest_of(buf_str(&text));
    buf_finish(&text);
    return digest;
}

void outcomes_payload_begin(struct buf *out, int64_t environment)
{
    buf_printf(out, "{\"environment\":%lld,\"object\":\"outcomes\",\"outcomes\":[",
               (long long)environment);
}

void outcomes_payload_add(struct buf *out, const struct outcome_row *row, bool is_first)
{
    struct json_writer w;
    buf_append(out, is_first ? STR("") : STR(","));
    json_writer_init_canonical(&w, out);
    write_members(&w, row, DETAIL_PROVED);
}

void outcomes_payload_end(struct buf *out)
{
    buf_append(out, STR("]}"));
}

void outcomes_payload(struct buf *out, const struct outcome_row *rows, uint32_t count)
{
    CHECK(count > 0);
    outcomes_payload_begin(out, rows[0].environment);
    for (uint32_t i = 0; i < count; i++) {
        outcomes_payload_add(out, &rows[i], i == 0);
    }
    outcomes_payload_end(out);
}

/* ---- writing ---- */

static struct db_value id_or_null(const struct id *id, bool is_set)
{
    return is_set ? DB_BYTES(id_bytes(id)) : (struct db_value){.type = DB_NULL};
}

static void values_fill(struct outcome_values *out, const struct outcome_row *row)
{
    const struct db_value filled[OUTCOME_COLUMNS] = {
        DB_NUMBER(row->environment),
        DB_BYTES(id_bytes(&row->id)),
        DB_NUMBER(row->recorded_ms),
        DB_STRING(row->company_key),
        id_or_null(&row->decision, row->has_decision),
        DB_STRING(row->type),
        DB_STRING(row->definition),
        DB_STRING(row->observed_on),
        DB_STRING(row->amount),
        DB_STRING(row->source),
        DB_STRING(row->client_reference),
        id_or_null(&row->supersedes, row->has_supersedes),
        DB_BYTES(digest_str(&row->fingerprint)),
        DB_PLACE(DB_STREAM),
        DB_PLACE(DB_EPOCH),
        DB_PLACE(DB_SEQ),
    };
    memcpy(out->values, filled, sizeof filled);
}

void outcomes_insert(struct unit *unit, const struct outcome_row *rows, uint32_t count,
                     struct outcome_values *values, struct db_call *calls,
                     const struct buf *payload)
{
    CHECK(count > 0);
    CHECK(count <= OUTCOMES_MAX);
    CHECK(unit->entry_count == 0);
    for (uint32_t i = 0; i < count; i++) {
        CHECK(rows[i].environment == rows[0].environment);
        CHECK(i == 0 || memcmp(rows[i - 1].id.bytes, rows[i].id.bytes, ID_LEN) < 0);
        values_fill(&values[i], &rows[i]);
        calls[i] = (struct db_call){.statement = STATEMENT_OUTCOME_INSERT,
                                    .values = values[i].values,
                                    .value_count = OUTCOME_COLUMNS};
    }
    unit->has_failed = unit->has_failed || buf_failed(payload);
    struct audit_draft draft = {.kind = AUDIT_OUTCOMES_RECORDED,
                                .environment = rows[0].environment,
                                .object = rows[0].id,
                                .payload = buf_str(payload)};
    secret_random(draft.salt, sizeof draft.salt);
    unit_more(unit, calls, count);
    unit_entry(unit, &draft);
}

/* ---- reading ---- */

static bool id_of(struct id *out, bool *is_set, const struct db_value *column)
{
    *is_set = column->type == DB_BLOB;
    if (*is_set && column->bytes.len == ID_LEN) {
        memcpy(out->bytes, column->bytes.ptr, ID_LEN);
    }
    return !*is_set || column->bytes.len == ID_LEN;
}

bool outcome_of_columns(struct outcome_row *out, const struct db_value *c)
{
    bool has_id;
    *out = (struct outcome_row){.environment = c[0].number,
                                .recorded_ms = c[2].number,
                                .company_key = c[3].bytes,
                                .type = c[5].bytes,
                                .definition = c[6].bytes,
                                .observed_on = c[7].bytes,
                                .amount = c[8].bytes,
                                .source = c[9].bytes,
                                .client_reference = c[10].bytes,
                                .epoch = (uint64_t)c[13].number,
                                .seq = (uint64_t)c[14].number};
    if (c[12].bytes.len >= sizeof out->stream) {
        return false;
    }
    memcpy(out->stream, c[12].bytes.ptr, c[12].bytes.len);
    return id_of(&out->id, &has_id, &c[1]) && has_id &&
           id_of(&out->decision, &out->has_decision, &c[4]) &&
           id_of(&out->supersedes, &out->has_supersedes, &c[11]) &&
           id_of(&out->superseded_by, &out->is_superseded, &c[15]);
}

struct reading {
    struct outcome_row *rows;
    uint32_t count, count_max;
    struct arena *arena;
    enum status status;
};

static bool keep_text(struct str *text, struct arena *arena)
{
    *text = arena_copy(arena, *text);
    return text->ptr != NULL;
}

static bool each_row(void *context, const struct db_row *row)
{
    struct reading *reading = context;
    CHECK(reading->count < reading->count_max);
    struct outcome_row *out = &reading->rows[reading->count];
    if (!outcome_of_columns(out, row->columns)) {
        reading->status = STATUS_CORRUPT;
        return false;
    }
    struct arena *arena = reading->arena;
    bool is_kept = keep_text(&out->company_key, arena) && keep_text(&out->type, arena) &&
                   keep_text(&out->definition, arena) && keep_text(&out->observed_on, arena) &&
                   keep_text(&out->amount, arena) && keep_text(&out->source, arena) &&
                   keep_text(&out->client_reference, arena);
    reading->count += is_kept ? 1 : 0;
    reading->status = is_kept ? STATUS_OK : STATUS_TOO_LARGE;
    return is_kept;
}

static enum status reading_end(const struct reading *reading, struct error *err)
{
    if (reading->status == STATUS_CORRUPT) {
        return error_set(err, STATUS_CORRUPT, "", "a stored outcome does not read back");
    }
    return reading->status == STATUS_OK
               ? STATUS_OK
               : error_set(err, reading->status, "", "the outcomes do not fit in memory");
}

static enum status find_one(struct db *db, enum db_statement statement, int64_t environment,
                            struct str key, struct outcome_row *out, struct arena *arena,
                            struct error *err)
{
    struct outcome_row row;
    struct reading reading = {.rows = &row, .count_max = 1, .arena = arena};
    const struct db_value values[] = {DB_NUMBER(environment), DB_BYTES(key)};
    TRY(db_query(db, statement, values, ARRAY_LEN(values), each_row, &reading, err));
    TRY(reading_end(&reading, err));
    if (reading.count == 0) {
        return error_set(err, STATUS_NOT_FOUND, "", "there is no outcome of this id");
    }
    *out = row;
    return STATUS_OK;
}

enum status outcome_find(struct db *db, int64_t environment, const struct id *id,
                         struct outcome_row *out, struct arena *arena, struct error *err)
{
    return find_one(db, STATEMENT_OUTCOME_FIND, environment, id_bytes(id), out, arena, err);
}

enum status outcome_find_same(struct db *db, int64_t environment, const struct digest *fingerprint,
                              struct outcome_row *out, struct arena *arena, struct error *err)
{
    return find_one(db, STATEMENT_OUTCOME_FIND_SAME, environment, digest_str(fingerprint), out,
                    arena, err);
}

enum status outcome_list(struct db *db, int64_t environment, const struct outcome_filter *filter,
                         struct outcome_row *rows, uint32_t *count, bool *has_more,
                         struct arena *arena, struct error *err)
{
    static const struct id last = {
        .bytes = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                  0xFF, 0xFF, 0xFF}
    };
    CHECK(filter->limit > 0);
    CHECK(filter->limit < UINT32_MAX);
    struct reading reading = {.rows = rows, .count_max = filter->limit + 1, .arena = arena};
    struct db_value values[] = {
        DB_NUMBER(environment),
        DB_BYTES(id_bytes(filter->has_after ? &filter->after : &last)),
        DB_STRING(filter->type),
        DB_NUMBER(filter->is_current ? 1 : 0),
        DB_NUMBER((int64_t)filter->limit + 1),
        DB_STRING(filter->company_key),
    };
    enum db_statement statement =
        filter->company_key.len > 0 ? STATEMENT_OUTCOME_LIST_BY_COMPANY : STATEMENT_OUTCOME_LIST;
    if (filter->has_decision) {
        CHECK(filter->company_key.len == 0);
        statement = STATEMENT_OUTCOME_LIST_BY_DECISION;
        values[5] = DB_BYTES(id_bytes(&filter->decision));
    }
    uint32_t value_count = ARRAY_LEN(values) - (statement == STATEMENT_OUTCOME_LIST ? 1 : 0);
    TRY(db_query(db, statement, values, value_count, each_row, &reading, err));
    TRY(reading_end(&reading, err));
    *has_more = reading.count > filter->limit;
    *count = *has_more ? filter->limit : reading.count;
    return STATUS_OK;
}

struct telling {
    void (*each)(void *context, const struct outcome_report *report);
    void *context;
};

static bool each_report(void *context, const struct db_row *row)
{
    struct telling *telling = context;
    telling->each(telling->context,
                  &(struct outcome_report){row->columns[0].bytes, row->columns[1].bytes,
                                           row->columns[2].bytes});
    return true;
}

enum status outcomes_of_decision(struct db *db, int64_t environment, struct str company_key,
                                 const struct id *decision, int64_t known_ms,
                                 void (*each)(void *context, const struct outcome_report *report),
                                 void *context, struct error *err)
{
    struct telling telling = {each, context};
    const struct db_value values[] = {DB_NUMBER(environment), DB_STRING(company_key),
                                      DB_BYTES(id_bytes(decision)), DB_NUMBER(known_ms)};
    return db_query(db, STATEMENT_OUTCOMES_OF_DECISION, values, ARRAY_LEN(values), each_report,
                    &telling, err);
}
