/* records.c - reading decisions back from what was proved. */
#include "service/records.h"

#include "credit/company_id.h"
#include "format/decimal.h"
#include "service/assess.h"
#include "store/audit_log.h"

enum status decision_record_of_row(struct decision_record *out, const struct decision_row *row,
                                   struct error *err)
{
    struct decimal engine;
    *out = (struct decision_record){.row = *row,
                                    .body = json_slice(row->payload, STR("body")),
                                    .words = json_slice(row->payload, STR("words")),
                                    .input = json_slice(row->payload, STR("input"))};
    id_write(out->id_text, "dec", &row->id);
    if (out->body.len == 0 || out->words.len == 0 || out->input.len == 0 ||
        !decimal_read(&engine, json_slice(row->payload, STR("engine"))) ||
        !decimal_to_scaled(&out->engine, engine, 0)) {
        return error_set(err, STATUS_CORRUPT, "", "the stored record of %s is not what was written",
                         out->id_text);
    }
    return STATUS_OK;
}

enum status decision_record_find(struct decision_record *out, struct db *db, int64_t environment,
                                 const struct id *id, struct arena *arena, struct error *err)
{
    struct decision_row row;
    TRY(decision_find(db, environment, id, &row, arena, err));
    return decision_record_of_row(out, &row, err);
}

enum { HORIZON_MONTHS_MAX = 600 };

struct str record_text(struct str object, struct str name)
{
    struct str raw = json_slice(object, name);
    return raw.len >= 2 && raw.ptr[0] == '"' ? str_slice(raw, 1, raw.len - 1) : STR("");
}

bool decision_record_window(struct outcome_window *out, struct str *definition,
                            const struct decision_record *record, struct date known_on)
{
    struct str pd = json_slice(record->body, STR("pd"));
    struct decimal months;
    int64_t horizon;
    *out = (struct outcome_window){.known_on = known_on};
    *definition = record_text(pd, STR("default_definition"));
    if (pd.len == 0 || !date_read(&out->as_of, record_text(record->body, STR("as_of"))) ||
        !decimal_read(&months, json_slice(pd, STR("horizon_months"))) ||
        !decimal_to_scaled(&horizon, months, 0) || horizon < 1 || horizon > HORIZON_MONTHS_MAX) {
        return false;
    }
    out->horizon_months = (uint32_t)horizon;
    return true;
}

enum status company_key_read(struct str *out, struct str text, struct arena *arena,
                             struct error *err)
{
    enum id_scheme scheme;
    struct company_id id;
    enum company_id_fault fault = company_id_read_key(&id, &scheme, text);
    if (scheme == SCHEME_NONE) {
        return error_set(err, STATUS_INVALID, "company",
                         "expected scheme:value, such as siren:732829320");
    }
    if (fault != COMPANY_ID_OK) {
        return error_set(err, STATUS_INVALID, "company", "expected %s", id_scheme_expected(scheme));
    }
    *out = company_id_key(&id, arena);
    return out->ptr == NULL ? error_set(err, STATUS_TOO_LARGE, "", "out of memory") : STATUS_OK;
}

static enum status filter_of_query(struct decision_filter *filter,
                                   const struct records_query *query, struct arena *arena,
                                   struct error *err)
{
    *filter = (struct decision_filter){.client_reference = query->client_reference,
                                       .recommendation = query->recommendation,
                                       .created_from_ms = query->created_from_ms,
                                       .created_before_ms = query->created_before_ms,
                                       .limit = query->limit};
    if (query->limit < 1 || query->limit > RECORDS_LIMIT_MAX) {
        return error_set(err, STATUS_INVALID, "limit", "expected 1 to %d", RECORDS_LIMIT_MAX);
    }
    if (query->cursor.len > 0 && !id_read(&filter->after, "dec", query->cursor)) {
        return error_set(err, STATUS_INVALID, "cursor",
                         "expected the next_cursor of a page before");
    }
    if (query->company.len > 0) {
        TRY(company_key_read(&filter->company_key, query->company, arena, err));
    }
    return STATUS_OK;
}

enum status decision_records_list(struct decision_record *out, uint32_t *count, bool *has_more,
                                  struct db *db, int64_t environment,
                                  const struct records_query *query, struct arena *arena,
                                  struct error *err)
{
    struct decision_filter filter;
    TRY(filter_of_query(&filter, query, arena, err));
    struct decision_row *rows = arena_array(arena, struct decision_row, filter.limit + 1);
    if (rows == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "limit",
                         "the page does not fit in memory: ask for fewer");
    }
    TRY(decision_list(db, environment, &filter, rows, count, has_more, arena, err));
    for (uint32_t i = 0; i < *count; i++) {
        TRY(decision_record_of_row(&out[i], &rows[i], err));
    }
    return STATUS_OK;
}

enum status decision_record_receipt(struct buf *out, struct db *db,
                                    const struct decision_record *record, struct arena *arena,
                                    struct error *err)
{
    return audit_receipt(db, record->row.stream, record->row.epoch, record->row.seq, out, arena,
                         err);
}
