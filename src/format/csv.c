/* csv.c - one row at a time, straight from memory. */
#include "format/csv.h"

#include "format/decimal.h"

#include <stdio.h>
#include <string.h>

void csv_reader_init(struct csv_reader *r, struct str text, char separator)
{
    CHECK(separator != '"');
    CHECK(separator != '\n');
    CHECK(separator != '\r');
    CHECK(separator != '\0');
    *r = (struct csv_reader){.text = text, .separator = separator};
    if (str_starts_with(text, STR("\xEF\xBB\xBF"))) {
        r->at = 3;
    }
}

static enum status refuse(const struct csv_reader *r, struct error *err, const char *what)
{
    char field[24];
    (void)snprintf(field, sizeof field, "line %u", (unsigned)r->line);
    return error_set(err, STATUS_INVALID, field, "Line %u: %s.", (unsigned)r->line, what);
}

/* Does a line end at `at`?  Its length: 1 for LF, 2 for CRLF, else 0. */
static size_t line_end_at(struct str text, size_t at)
{
    if (at < text.len && text.ptr[at] == '\n') {
        return 1;
    }
    return at + 1 < text.len && text.ptr[at] == '\r' && text.ptr[at + 1] == '\n' ? 2 : 0;
}

static bool is_field_end(const struct csv_reader *r, size_t at)
{
    return at == r->text.len || r->text.ptr[at] == r->separator || line_end_at(r->text, at) > 0;
}

/* Copy what stands between quotes, each doubled quote once. */
static enum status undouble(struct str *field, struct str inside, struct arena *arena,
                            struct error *err)
{
    char *to = arena_alloc(arena, inside.len, 1);
    if (to == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "The table needs too much memory.");
    }
    field->ptr = to;
    for (size_t i = 0; i < inside.len; i++) {
        *to++ = inside.ptr[i];
        if (inside.ptr[i] == '"') {
            i++;
        }
    }
    field->len = (size_t)(to - field->ptr);
    return STATUS_OK;
}

static enum status read_quoted(struct csv_reader *r, struct str *field, struct arena *arena,
                               struct error *err)
{
    size_t from = r->at + 1, at = from;
    bool has_doubled = false;
    for (;;) {
        at = str_find(r->text, at, '"');
        if (at == r->text.len) {
            return refuse(r, err, "a quoted field is not closed");
        }
        if (at + 1 == r->text.len || r->text.ptr[at + 1] != '"') {
            break;
        }
        has_doubled = true;
        at += 2;
    }
    if (!is_field_end(r, at + 1)) {
        return refuse(r, err, "text follows the closing quote of a field");
    }
    *field = str_slice(r->text, from, at);
    if (memchr(field->ptr, '\0', field->len) != NULL) {
        return refuse(r, err, "a NUL byte is not text");
    }
    r->at = at + 1;
    return has_doubled ? undouble(field, *field, arena, err) : STATUS_OK;
}

static enum status read_plain(struct csv_reader *r, struct str *field, struct error *err)
{
    size_t from = r->at;
    while (!is_field_end(r, r->at)) {
        if (r->text.ptr[r->at] == '\0') {
            return refuse(r, err, "a NUL byte is not text");
        }
        r->at++;
    }
    *field = str_slice(r->text, from, r->at);
    return STATUS_OK;
}

enum status csv_read_row(struct csv_reader *r, struct str *fields, uint32_t *count,
                         struct arena *arena, struct error *err)
{
    uint32_t found = 0;
    size_t from = r->at;
    if (r->at == r->text.len) {
        *count = 0;
        return STATUS_OK;
    }
    r->line += r->lines_read;
    r->lines_read = 0;
    r->line += r->line == 0 ? 1 : 0;
    for (;;) {
        if (found == CSV_FIELDS_MAX) {
            return refuse(r, err, "a row has too many fields");
        }
        bool is_quoted = r->at < r->text.len && r->text.ptr[r->at] == '"';
        TRY(is_quoted ? read_quoted(r, &fields[found], arena, err)
                      : read_plain(r, &fields[found], err));
        found++;
        if (r->at == r->text.len || r->text.ptr[r->at] != r->separator) {
            break;
        }
        r->at++;
    }
    r->at += line_end_at(r->text, r->at);
    for (size_t at = from; at < r->at; at++) {
        r->lines_read += r->text.ptr[at] == '\n' ? 1 : 0;
    }
    *count = found;
    return STATUS_OK;
}

/* A spreadsheet runs a field as a formula if it starts with one of these, unless it is a number. */
static bool is_formula(struct str field)
{
    double number;
    if (field.len == 0 || memchr("=+-@\t\r", field.ptr[0], 6) == NULL) {
        return false;
    }
    struct str rest = str_slice(field, 1, field.len);
    bool is_signed = field.ptr[0] == '+' || field.ptr[0] == '-';
    bool is_number = is_signed && !str_starts_with(rest, STR("-")) && double_read(&number, rest);
    return !is_number;
}

static bool needs_quotes(struct str field)
{
    for (size_t i = 0; i < field.len; i++) {
        char c = field.ptr[i];
        if (c == ',' || c == '"' || c == '\n' || c == '\r') {
            return true;
        }
    }
    return false;
}

void csv_write_field(struct buf *out, struct str field, bool is_first)
{
    if (!is_first) {
        buf_append_byte(out, ',');
    }
    bool is_quoted = needs_quotes(field);
    if (is_quoted) {
        buf_append_byte(out, '"');
    }
    if (is_formula(field)) {
        buf_append_byte(out, '\'');
    }
    for (size_t from = 0; from < field.len;) {
        size_t quote = str_find(field, from, '"');
        size_t to = quote < field.len ? quote + 1 : quote;
        buf_append(out, str_slice(field, from, to));
        if (quote < field.len) {
            buf_append_byte(out, '"');
        }
        from = to;
    }
    if (is_quoted) {
        buf_append_byte(out, '"');
    }
}

void csv_write_end(struct buf *out)
{
    buf_append(out, STR("\r\n"));
}
