/* answer.c - decide on a row, and never fail the file for it. */
#include "batch/answer.h"

#include "wire/decision_summary.h"

enum { ANSWER_ARENA_MAX = 64 * 1024 * 1024, JSON_LEN_MAX = 4 * BATCH_ROW_LEN_MAX };

void answer_scratch_init(struct answer_scratch *scratch)
{
    arena_init(&scratch->arena, ANSWER_ARENA_MAX);
    buf_init(&scratch->json, JSON_LEN_MAX);
}

void answer_scratch_finish(struct answer_scratch *scratch)
{
    arena_finish(&scratch->arena);
    buf_finish(&scratch->json);
}

static void begin_line(struct buf *out, const struct row *row)
{
    buf_append(out, STR("{\"row\":"));
    buf_append_int(out, (int64_t)row->number);
    buf_append(out, STR(",\"line\":"));
    buf_append_int(out, (int64_t)row->line);
}

static void write_error(struct buf *out, struct str detail, const struct violations *violations)
{
    struct json_writer w;
    buf_append(out, STR(",\"error\":"));
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("detail"), detail);
    if (violations->count > 0) {
        json_name(&w, STR("errors"));
        violations_write(&w, violations);
    }
    json_object_end(&w);
    buf_append(out, STR("}\n"));
}

static void write_reference(struct buf *out, struct str client_reference)
{
    if (client_reference.len > 0) {
        buf_append(out, STR(",\"client_reference\":"));
        json_append_string(out, client_reference);
    }
}

static void write_decision(struct buf *out, const struct assessment *a, bool has_reasons)
{
    write_reference(out, a->request.client_reference);
    buf_append(out, STR(",\"body\":"));
    if (has_reasons) {
        buf_append(out, buf_str(&a->body));
        buf_append(out, STR(",\"words\":"));
        buf_append(out, buf_str(&a->words));
    } else {
        decision_summary_write(out, &a->decision);
    }
    buf_append(out, STR("}\n"));
}

/* The request that a row of cells makes. */
static enum status cells_read(struct str *text, const struct row *row,
                              const struct answer_rules *rules, struct answer_scratch *scratch,
                              struct error *err)
{
    struct str *cells = arena_array(&scratch->arena, struct str, CSV_FIELDS_MAX);
    struct csv_reader reader;
    uint32_t count;
    if (cells == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for the row");
    }
    if (!str_is_utf8(row->text)) {
        return error_set(err, STATUS_INVALID, "", "The row is not UTF-8.");
    }
    csv_reader_init(&reader, row->text, rules->separator);
    TRY(csv_read_row(&reader, cells, &count, &scratch->arena, err));
    if (count != rules->columns->count) {
        return error_set(err, STATUS_INVALID, "", "The row has %u cells, the head has %u.", count,
                         rules->columns->count);
    }
    buf_clear(&scratch->json);
    columns_write(&scratch->json, rules->columns, cells);
    *text = buf_str(&scratch->json);
    return buf_failed(&scratch->json) || text->len > DECISION_REQUEST_LEN_MAX
               ? error_set(err, STATUS_TOO_LARGE, "", "The request of this row is too long.")
               : STATUS_OK;
}

static enum status row_read(struct str *text, const struct row *row,
                            const struct answer_rules *rules, struct answer_scratch *scratch,
                            struct error *err)
{
    switch (row->fault) {
    case ROW_SOUND: break;
    case ROW_TOO_LONG:
        return error_set(err, STATUS_TOO_LARGE, "", "The row is longer than %d bytes.",
                         BATCH_ROW_LEN_MAX);
    case ROW_UNCLOSED:
        return error_set(err, STATUS_INVALID, "", "A quoted field of this row is not closed.");
    }
    *text = row->text;
    return rules->columns == NULL ? STATUS_OK : cells_read(text, row, rules, scratch, err);
}

static enum status decide(struct assessment *out, struct str text, const struct answer_rules *rules,
                          struct arena *arena, struct violations *violations, struct error *err)
{
    struct json_error json_err;
    const struct json *root;
    TRY(request_parse(&root, text, arena, &json_err, err));
    return rules->has_reasons
               ? assess(out, root, rules->today, rules->in_force, arena, violations, err)
               : assess_decision(out, root, rules->today, rules->in_force, arena, violations, err);
}

bool answer_write(struct buf *out, const struct row *row, const struct answer_rules *rules,
                  struct answer_scratch *scratch)
{
    struct assessment assessment = {0};
    struct error err = {{0}, {0}};
    struct str text;
    arena_reset(&scratch->arena);
    struct violations *violations = arena_new(&scratch->arena, struct violations);
    begin_line(out, row);
    if (violations == NULL) {
        out->failed = true;
        return false;
    }
    violations_init(violations, &scratch->arena);
    enum status status = row_read(&text, row, rules, scratch, &err);
    status = status == STATUS_OK
                 ? decide(&assessment, text, rules, &scratch->arena, violations, &err)
                 : status;
    if (status == STATUS_OK) {
        write_decision(out, &assessment, rules->has_reasons);
    } else {
        write_error(out, str_from(err.message), violations);
    }
    assessment_finish(&assessment);
    return status == STATUS_OK;
}

/* ---- reading back ---- */

static bool number_read(uint64_t *out, struct str line, size_t *at)
{
    size_t from = *at;
    *out = 0;
    while (*at < line.len && *at - from < 18 && line.ptr[*at] >= '0' && line.ptr[*at] <= '9') {
        *out = *out * 10 + (uint64_t)(line.ptr[(*at)++] - '0');
    }
    return *at > from;
}

static bool text_skip(struct str line, size_t *at, struct str text)
{
    bool is_there = line.len - *at >= text.len && memcmp(line.ptr + *at, text.ptr, text.len) == 0;
    *at += is_there ? text.len : 0;
    return is_there;
}

bool answer_read(uint64_t *row, bool *is_decided, struct str line)
{
    size_t at = 0;
    uint64_t line_number;
    bool is_ours = text_skip(line, &at, STR("{\"row\":")) && number_read(row, line, &at) &&
                   text_skip(line, &at, STR(",\"line\":")) && number_read(&line_number, line, &at);
    *is_decided = is_ours && !text_skip(line, &at, STR(",\"error\":"));
    return is_ours && str_ends_with(line, STR("}"));
}
