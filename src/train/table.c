/* table.c - gunzip, split into rows, turn cells into numbers column by column. */
#include "train/table.h"

#include "base/file.h"
#include "crypto/digest.h"
#include "format/csv.h"
#include "format/decimal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

static enum status out_of_memory(struct error *err)
{
    return error_set(err, STATUS_TOO_LARGE, "", "the table does not fit into memory");
}

const struct table_column *table_find(const struct table *table, struct str name)
{
    for (uint32_t i = 0; i < table->column_count; i++) {
        if (str_eq(table->columns[i].name, name)) {
            return &table->columns[i];
        }
    }
    return NULL;
}

static bool cell_is_missing(struct str cell)
{
    static const char *const words[] = {"", "na", "nan", "null", "none", "inf", "-inf", "?"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (str_eq_ignore_case(cell, str_from(words[i]))) {
            return true;
        }
    }
    return false;
}

/* The cells as numbers, or NULL in *out when one of them is a word. */
static enum status column_numbers(const double **out, const struct str *texts, uint32_t row_count,
                                  struct arena *arena, struct error *err)
{
    *out = NULL;
    for (uint32_t row = 0; row < row_count; row++) {
        double ignored;
        if (!cell_is_missing(texts[row]) && !double_read(&ignored, texts[row])) {
            return STATUS_OK;
        }
    }
    double *numbers = arena_array(arena, double, row_count);
    if (numbers == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t row = 0; row < row_count; row++) {
        if (cell_is_missing(texts[row]) || !double_read(&numbers[row], texts[row])) {
            numbers[row] = NAN;
        }
    }
    *out = numbers;
    return STATUS_OK;
}

static uint32_t lines_of(struct str text)
{
    uint32_t lines = 1;
    for (size_t at = 0; at < text.len && lines < UINT32_MAX; at++) {
        lines += text.ptr[at] == '\n';
    }
    return lines;
}

/* A table being filled: `cells` of each column have room for `row_max` rows. */
struct filling {
    struct table *table;
    struct str **cells;
    uint32_t row_max;
    struct arena *arena;
};

static enum status header_take(struct filling *f, const struct str *fields, uint32_t count,
                               struct error *err)
{
    struct table *t = f->table;
    if (count == 1 && (str_find(fields[0], 0, ';') < fields[0].len ||
                       str_find(fields[0], 0, '\t') < fields[0].len)) {
        return error_set(err, STATUS_INVALID, "line 1",
                         "the fields are separated by semicolons or tabs: commas are needed, and "
                         "decimals with a point");
    }
    t->column_count = count;
    t->columns = arena_array(f->arena, struct table_column, count);
    f->cells = arena_array(f->arena, struct str *, count);
    if (t->columns == NULL || f->cells == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct str name = str_trim(fields[i]);
        for (uint32_t k = 0; k < i; k++) {
            if (str_eq(t->columns[k].name, name)) {
                return error_set(err, STATUS_INVALID, "line 1", "two columns are called \"%.*s\"",
                                 STR_ARGS(name));
            }
        }
        f->cells[i] = arena_array(f->arena, struct str, f->row_max);
        if (f->cells[i] == NULL) {
            return out_of_memory(err);
        }
        t->columns[i] = (struct table_column){.name = name, .texts = f->cells[i]};
    }
    return STATUS_OK;
}

static enum status header_match(const struct filling *f, const struct str *fields, uint32_t count,
                                struct error *err)
{
    const struct table *t = f->table;
    bool same = count == t->column_count;
    for (uint32_t i = 0; same && i < count; i++) {
        same = str_eq(t->columns[i].name, str_trim(fields[i]));
    }
    if (!same) {
        return error_set(
            err, STATUS_INVALID, "line 1",
            "the header differs from the file before: files of one set have the same columns");
    }
    return STATUS_OK;
}

static bool row_is_blank(const struct str *fields, uint32_t count)
{
    return count == 1 && str_trim(fields[0]).len == 0;
}

static enum status text_take(struct filling *f, struct str text, struct error *err)
{
    struct str fields[CSV_FIELDS_MAX];
    uint32_t count;
    struct csv_reader reader;
    csv_reader_init(&reader, text, ',');
    TRY(csv_read_row(&reader, fields, &count, f->arena, err));
    if (count == 0) {
        return error_set(err, STATUS_INVALID, "line 1", "the file is empty: a header is needed");
    }
    TRY(f->cells == NULL ? header_take(f, fields, count, err)
                         : header_match(f, fields, count, err));
    for (;;) {
        TRY(csv_read_row(&reader, fields, &count, f->arena, err));
        if (count == 0) {
            return STATUS_OK;
        }
        if (row_is_blank(fields, count) && f->table->column_count > 1) {
            continue;
        }
        if (count != f->table->column_count) {
            char line[32];
            (void)snprintf(line, sizeof line, "line %u", reader.line);
            return error_set(err, STATUS_INVALID, line, "%u fields where the header has %u", count,
                             f->table->column_count);
        }
        CHECK(f->table->row_count < f->row_max);
        for (uint32_t i = 0; i < count; i++) {
            f->cells[i][f->table->row_count] = str_trim(fields[i]);
        }
        f->table->row_count++;
    }
}

enum status table_read(struct table *out, uint32_t *row_ends, const struct str *texts,
                       uint32_t text_count, struct arena *arena, struct error *err)
{
    struct table table = {0};
    struct filling f = {.table = &table, .arena = arena};
    for (uint32_t i = 0; i < text_count; i++) {
        f.row_max += lines_of(texts[i]);
    }
    for (uint32_t i = 0; i < text_count; i++) {
        TRY(text_take(&f, texts[i], err));
        if (row_ends != NULL) {
            row_ends[i] = table.row_count;
        }
    }
    for (uint32_t i = 0; i < table.column_count; i++) {
        struct table_column *column = &table.columns[i];
        TRY(column_numbers(&column->numbers, column->texts, table.row_count, arena, err));
    }
    *out = table;
    return STATUS_OK;
}

enum status file_load(struct str *out, const char *path, struct arena *arena, struct error *err)
{
    CLEANUP(buf_finish) struct buf bytes = {0};
    TRY(file_read(&bytes, path, TABLE_FILE_LEN_MAX, err));
    *out = arena_copy(arena, buf_str(&bytes));
    return out->ptr == NULL ? out_of_memory(err) : STATUS_OK;
}

/* Inflate one gzip member after another until the input ends. */
static enum status members_inflate(struct buf *out, z_stream *stream, struct error *err)
{
    for (;;) {
        char *room = buf_reserve(out, 1 << 16);
        if (room == NULL) {
            return error_set(err, STATUS_TOO_LARGE, "", "larger than 1 GiB when unpacked");
        }
        stream->next_out = (Bytef *)room;
        stream->avail_out = 1 << 16;
        int code = inflate(stream, Z_NO_FLUSH);
        out->len += (1 << 16) - stream->avail_out;
        if (code == Z_STREAM_END) {
            if (stream->avail_in == 0) {
                return STATUS_OK;
            }
            code = inflateReset(stream);
        }
        if (code != Z_OK) {
            return error_set(err, STATUS_INVALID, "", "damaged or cut off gzip data");
        }
    }
}

static enum status text_unpack(struct str *text, struct arena *arena, struct error *err)
{
    static const struct str magic = {"\x1f\x8b", 2};
    if (!str_starts_with(*text, magic)) {
        return STATUS_OK;
    }
    z_stream stream = {.next_in = (z_const Bytef *)text->ptr, .avail_in = (uInt)text->len};
    if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) {
        return out_of_memory(err);
    }
    CLEANUP(buf_finish) struct buf plain;
    buf_init(&plain, TABLE_FILE_LEN_MAX);
    enum status status = members_inflate(&plain, &stream, err);
    (void)inflateEnd(&stream);
    if (status != STATUS_OK) {
        return status;
    }
    *text = arena_copy(arena, buf_str(&plain));
    return text->ptr == NULL ? out_of_memory(err) : STATUS_OK;
}

static struct str name_of_path(const char *path)
{
    const char *slash = strrchr(path, '/');
    return str_from(slash == NULL ? path : slash + 1);
}

/* Say in which file it was: "path: message". */
static enum status error_name_file(enum status status, const char *path, struct error *err)
{
    if (status != STATUS_OK && err != NULL) {
        char message[sizeof err->message];
        memcpy(message, err->message, sizeof message);
        (void)snprintf(err->message, sizeof err->message, "%.80s: %.200s", path, message);
    }
    return status;
}

enum status table_load(struct table *out, struct table_file *files, const char *const *paths,
                       uint32_t path_count, struct arena *arena, struct error *err)
{
    CHECK(path_count > 0 && path_count <= TABLE_FILES_MAX);
    struct str texts[TABLE_FILES_MAX];
    uint32_t row_ends[TABLE_FILES_MAX] = {0};
    for (uint32_t i = 0; i < path_count; i++) {
        TRY(file_load(&texts[i], paths[i], arena, err));
        struct digest digest = digest_of(texts[i]);
        digest_hex(files[i].sha256, &digest);
        files[i].name = name_of_path(paths[i]);
        TRY(error_name_file(text_unpack(&texts[i], arena, err), paths[i], err));
    }
    enum status status = table_read(out, row_ends, texts, path_count, arena, err);
    if (status != STATUS_OK) {
        return error_name_file(status, path_count == 1 ? paths[0] : "one of the files", err);
    }
    for (uint32_t i = 0; i < path_count; i++) {
        files[i].row_end = row_ends[i];
    }
    return STATUS_OK;
}
