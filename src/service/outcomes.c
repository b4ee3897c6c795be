/* outcomes.c - each report against the store, then one unit for what is new. */
#include "service/outcomes.h"

#include "format/iso8601.h"
#include "service/assess.h"

#include <string.h>

enum { OUTCOMES_PAYLOAD_MAX = 2 * 1024 * 1024 };

/* What making a report needs at every step. */
struct making {
    struct outcomes_report *out;
    struct db *db;
    const struct outcomes_order *order;
    struct arena *arena;
    struct violations *violations;
    const struct outcome_request *requests;
};

static struct str printed_date(struct date date, struct arena *arena)
{
    return arena_printf(arena, "%04d-%02u-%02u", date.year, (unsigned)date.month,
                        (unsigned)date.day);
}

static struct str printed_amount(struct money amount, struct arena *arena)
{
    struct buf text;
    if (amount.currency == CURRENCY_NONE) {
        return STR("");
    }
    buf_init(&text, 64);
    money_write(&text, amount);
    struct str printed =
        arena_printf(arena, "%.*s %s", STR_ARGS(buf_str(&text)), currency_code(amount.currency));
    buf_finish(&text);
    return printed;
}

/* The row that a request asks for, but for what only the store knows. */
static enum status row_begin(struct outcome_row *out, struct making *m,
                             const struct outcome_request *request, struct error *err)
{
    const struct outcome *outcome = &request->outcome;
    struct str key = STR("");
    if (outcome->company.scheme != SCHEME_NONE) {
        key = company_id_key(&outcome->company, m->arena);
    }
    *out = (struct outcome_row){
        .environment = m->order->environment,
        .id = id_make(m->order->ids, m->order->now_ms),
        .recorded_ms = m->order->now_ms,
        .company_key = key,
        .type = str_from(outcome_type_wire(outcome->type)),
        .definition = outcome->definition,
        .observed_on = printed_date(outcome->observed_on, m->arena),
        .amount = printed_amount(outcome->amount, m->arena),
        .source = outcome->source,
        .client_reference = outcome->client_reference,
    };
    return out->observed_on.ptr == NULL || out->amount.ptr == NULL || key.ptr == NULL
               ? error_set(err, STATUS_TOO_LARGE, "", "the report does not fit in memory")
               : STATUS_OK;
}

/* ---- what the store knows ---- */

static enum status decision_resolve(struct outcome_row *row, struct making *m,
                                    const struct json *node, struct error *err)
{
    if (node == NULL) {
        return STATUS_OK;
    }
    enum status status = STATUS_NOT_FOUND;
    if (id_read(&row->decision, "dec", node->text)) {
        status = decision_company(m->db, row->environment, &row->decision, &row->company_key,
                                  m->arena, err);
    }
    row->has_decision = true;
    if (status == STATUS_NOT_FOUND) {
        violation_at(m->violations, node, "unknown_decision", "the id of a decision",
                     "No decision of this environment has this id.");
        return STATUS_OK;
    }
    return status;
}

/* A correction is about what it corrects; left out, it is taken from there. */
static void subject_compare(struct outcome_row *row, const struct outcome_row *old,
                            struct making *m, const struct outcome_request *request)
{
    bool is_said = request->decision != NULL || row->company_key.len > 0;
    if (!is_said) {
        row->company_key = old->company_key;
        row->has_decision = old->has_decision;
        row->decision = old->decision;
        return;
    }
    bool is_same =
        str_eq(row->company_key, old->company_key) && row->has_decision == old->has_decision &&
        (!row->has_decision || memcmp(row->decision.bytes, old->decision.bytes, ID_LEN) == 0);
    if (!is_same) {
        violation_at(m->violations, request->supersedes, "contradicts",
                     "an outcome of the same company or decision",
                     "What this supersedes is about another company or decision.");
    }
}

static enum status supersedes_resolve(struct outcome_row *row, struct outcome_row *old,
                                      struct making *m, const struct outcome_request *request,
                                      struct error *err)
{
    const struct json *node = request->supersedes;
    if (node == NULL) {
        return STATUS_OK;
    }
    enum status status = STATUS_NOT_FOUND;
    if (id_read(&row->supersedes, "out", node->text)) {
        status = outcome_find(m->db, row->environment, &row->supersedes, old, m->arena, err);
    }
    if (status == STATUS_NOT_FOUND) {
        violation_at(m->violations, node, "unknown_outcome", "the id of an outcome",
                     "No outcome of this environment has this id.");
        return STATUS_OK;
    }
    TRY(status);
    row->has_supersedes = true;
    subject_compare(row, old, m, request);
    return STATUS_OK;
}

/* The same twice in one report, or two corrections of one. */
static void compare_with_earlier(struct making *m, uint32_t at)
{
    const struct outcome_row *row = &m->out->rows[at];
    for (uint32_t i = 0; i < at; i++) {
        const struct outcome_row *other = &m->out->rows[i];
        if (digest_eq(&row->fingerprint, &other->fingerprint)) {
            violation_at(m->violations, m->requests[at].node, "duplicate", "each outcome once",
                         "This is word for word outcome %u of the list.", i);
            return;
        }
        if (row->has_supersedes && other->has_supersedes &&
            memcmp(row->supersedes.bytes, other->supersedes.bytes, ID_LEN) == 0) {
            violation_at(m->violations, m->requests[at].supersedes, "superseded",
                         "an outcome that nothing supersedes",
                         "Outcome %u of the list supersedes it already.", i);
            return;
        }
    }
}

/* Is it there already, and if not, may it be written? */
static enum status row_resolve(struct making *m, uint32_t at, struct error *err)
{
    struct outcome_row *row = &m->out->rows[at], old = {0}, same;
    const struct outcome_request *request = &m->requests[at];
    uint32_t faults = m->violations->total;
    TRY(row_begin(row, m, request, err));
    TRY(decision_resolve(row, m, request->decision, err));
    TRY(supersedes_resolve(row, &old, m, request, err));
    if (m->violations->total > faults) {
        return STATUS_OK;
    }
    row->fingerprint = outcome_fingerprint(row);
    compare_with_earlier(m, at);
    enum status status =
        outcome_find_same(m->db, row->environment, &row->fingerprint, &same, m->arena, err);
    m->out->is_new[at] = status == STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        same.fingerprint = row->fingerprint;
        *row = same;
        return STATUS_OK;
    }
    if (status == STATUS_NOT_FOUND && row->has_supersedes && old.is_superseded) {
        char by[ID_TEXT_MAX + 1];
        id_write(by, "out", &old.superseded_by);
        violation_at(m->violations, request->supersedes, "superseded",
                     "an outcome that nothing supersedes",
                     "It is superseded by %s: supersede that.", by);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status unit_fill(struct making *m, struct error *err)
{
    struct outcomes_report *out = m->out;
    struct outcome_values *values = arena_array(m->arena, struct outcome_values, out->count);
    struct db_call *calls = arena_array(m->arena, struct db_call, out->count);
    out->fresh = arena_array(m->arena, struct outcome_row, out->count);
    if (values == NULL || calls == NULL || out->fresh == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the report does not fit in memory");
    }
    for (uint32_t i = 0; i < out->count; i++) {
        if (out->is_new[i]) {
            out->fresh[out->new_count++] = out->rows[i];
        }
    }
    if (out->new_count > 0) {
        outcomes_payload(&out->payload, out->fresh, out->new_count);
        outcomes_insert(&out->unit, out->fresh, out->new_count, values, calls, &out->payload);
    }
    return STATUS_OK;
}

enum status outcomes_report_make(struct outcomes_report *out, struct db *db,
                                 const struct outcomes_order *order, struct arena *arena,
                                 struct violations *violations, struct error *err)
{
    struct making m = {out, db, order, arena, violations, NULL};
    struct outcome_request *requests;
    *out = (struct outcomes_report){0};
    buf_init(&out->payload, OUTCOMES_PAYLOAD_MAX);
    enum status status = outcome_request_read(&requests, &out->count, order->root, OUTCOMES_MAX,
                                              date_of_ms(order->now_ms), arena, violations);
    if (status != STATUS_OK) {
        return error_set(err, status, "", "the report has %u violation(s)", violations->total);
    }
    m.requests = requests;
    out->rows = arena_array(arena, struct outcome_row, out->count);
    out->is_new = arena_array(arena, bool, out->count);
    if (out->rows == NULL || out->is_new == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the report does not fit in memory");
    }
    for (uint32_t i = 0; i < out->count; i++) {
        TRY(row_resolve(&m, i, err));
    }
    if (violations->total > 0) {
        return error_set(err, STATUS_INVALID, "", "the report has %u violation(s)",
                         violations->total);
    }
    return unit_fill(&m, err);
}

void outcomes_report_place(struct outcomes_report *report)
{
    for (uint32_t i = 0; i < report->count; i++) {
        struct outcome_row *row = &report->rows[i];
        if (report->is_new[i]) {
            memcpy(row->stream, report->unit.stream, sizeof row->stream);
            row->epoch = report->unit.epoch;
            row->seq = report->unit.seq;
        }
    }
}

void outcomes_report_finish(struct outcomes_report *report)
{
    buf_finish(&report->payload);
}

/* ---- listing ---- */

static enum status filter_of_query(struct outcome_filter *filter,
                                   const struct outcomes_query *query, struct arena *arena,
                                   struct error *err)
{
    enum outcome_type type;
    *filter = (struct outcome_filter){
        .type = query->type, .is_current = query->is_current, .limit = query->limit};
    if (query->limit < 1 || query->limit > RECORDS_LIMIT_MAX) {
        return error_set(err, STATUS_INVALID, "limit", "expected 1 to %d", RECORDS_LIMIT_MAX);
    }
    if (query->type.len > 0 && !outcome_type_read(&type, query->type)) {
        return error_set(err, STATUS_INVALID, "type",
                         "expected default, bankruptcy, write_off, repaid, partial or retracted");
    }
    filter->has_after = query->cursor.len > 0;
    if (filter->has_after && !id_read(&filter->after, "out", query->cursor)) {
        return error_set(err, STATUS_INVALID, "cursor",
                         "expected the next_cursor of a page before");
    }
    if (query->company.len > 0 && query->decision.len > 0) {
        return error_set(err, STATUS_INVALID, "decision", "expected company or decision, not both");
    }
    filter->has_decision = query->decision.len > 0;
    if (filter->has_decision && !id_read(&filter->decision, "dec", query->decision)) {
        return error_set(err, STATUS_INVALID, "decision", "expected the id of a decision");
    }
    return query->company.len > 0
               ? company_key_read(&filter->company_key, query->company, arena, err)
               : STATUS_OK;
}

enum status outcomes_list(struct outcome_row *out, uint32_t *count, bool *has_more, struct db *db,
                          int64_t environment, const struct outcomes_query *query,
                          struct arena *arena, struct error *err)
{
    struct outcome_filter filter;
    TRY(filter_of_query(&filter, query, arena, err));
    return outcome_list(db, environment, &filter, out, count, has_more, arena, err);
}

/* ---- what an outcome labels ---- */

static void label_write(struct json_writer *w, const struct outcome_row *outcome,
                        const struct decision_record *record)
{
    static const char *const words[] = {
        [OUTCOME_LABEL_NONE] = "none", [OUTCOME_LABEL_GOOD] = "good", [OUTCOME_LABEL_BAD] = "bad"};
    struct outcome_window window;
    struct outcome_tally tally = {0};
    struct str definition;
    struct date observed_on;
    enum outcome_type type;
    if (!date_read(&observed_on, outcome->observed_on) ||
        !outcome_type_read(&type, outcome->type) ||
        !decision_record_window(&window, &definition, record, observed_on)) {
        return;
    }
    enum outcome_label label = outcome_label(type, outcome->definition, definition);
    outcome_tally_add(&tally, &window, label, observed_on);
    bool counts = tally.has_bad || tally.has_good;
    if (!counts && date_compare(observed_on, window.as_of) <= 0) {
        return; /* it was known, or could have been, when the decision was made */
    }
    json_object_begin(w);
    json_text_member(w, STR("decision"), str_from(record->id_text));
    json_name(w, STR("as_of"));
    date_write(json_quoted_begin(w), window.as_of);
    json_quoted_end(w);
    json_text_member(w, STR("default_definition"), definition);
    json_text_member(w, STR("label"), str_from(words[counts ? label : OUTCOME_LABEL_NONE]));
    json_object_end(w);
}

static enum status decisions_of(struct decision_record *out, uint32_t *count, bool *has_more,
                                struct db *db, const struct outcome_row *outcome,
                                struct arena *arena, struct error *err)
{
    *count = 0;
    *has_more = false;
    if (outcome->has_decision) {
        enum status status =
            decision_record_find(out, db, outcome->environment, &outcome->decision, arena, err);
        *count = status == STATUS_OK ? 1 : 0;
        return status == STATUS_NOT_FOUND ? STATUS_OK : status; /* erased since */
    }
    struct records_query query = {.company = outcome->company_key, .limit = OUTCOME_LABELS_MAX};
    return decision_records_list(out, count, has_more, db, outcome->environment, &query, arena,
                                 err);
}

enum status outcome_labels_write(struct buf *out, struct db *db, const struct outcome_row *outcome,
                                 struct arena *arena, struct error *err)
{
    struct json_writer w;
    uint32_t count;
    bool has_more;
    struct decision_record *records =
        arena_array(arena, struct decision_record, OUTCOME_LABELS_MAX + 1);
    if (records == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the decisions do not fit in memory");
    }
    TRY(decisions_of(records, &count, &has_more, db, outcome, arena, err));
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("object"), STR("list"));
    json_name(&w, STR("data"));
    json_array_begin(&w);
    for (uint32_t i = 0; i < count; i++) {
        label_write(&w, outcome, &records[i]);
    }
    json_array_end(&w);
    json_name(&w, STR("has_more"));
    json_bool(&w, has_more);
    json_object_end(&w);
    return STATUS_OK;
}
