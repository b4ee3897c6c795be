/* fuzz_columns.c - a head and a row of any bytes make a request that is JSON, or are refused. */
#include "fuzz_target.h"

#include "batch/columns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct str head[CSV_FIELDS_MAX], cells[CSV_FIELDS_MAX];
    struct str text = str_of(data, size);
    size_t end = str_find(text, 0, '\n');
    char separator = columns_separator(str_slice(text, 0, end));
    struct csv_reader r;
    struct json_error json_err;
    struct arena arena;
    struct columns columns;
    struct buf out;
    uint32_t count, cell_count;
    arena_init(&arena, 16 * 1024 * 1024);
    buf_init(&out, 64 * size + 4096);
    csv_reader_init(&r, text, separator);
    if (str_is_utf8(text) && csv_read_row(&r, head, &count, &arena, NULL) == STATUS_OK &&
        count > 0 &&
        columns_read(&columns, head, count, NULL, size % 2 == 0, &arena, NULL) == STATUS_OK &&
        csv_read_row(&r, cells, &cell_count, &arena, NULL) == STATUS_OK && cell_count == count) {
        columns_write(&out, &columns, cells);
        CHECK(!buf_failed(&out));
        /* UTF-8 has noncharacters, JSON as we read it has not: the row is refused for one. */
        bool is_read = json_read(buf_str(&out), &arena, &json_err) != NULL;
        CHECK(is_read || strstr(json_err.message, "is not a character") != NULL);
    }
    buf_finish(&out);
    arena_finish(&arena);
    return 0;
}
