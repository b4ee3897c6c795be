/* fuzz_csv.c - rows that were read are written, and read back as they were, but for the quote mark.
 */
#include "fuzz_target.h"

#include "format/csv.h"

static bool is_same(struct str got, struct str want)
{
    bool is_guarded = str_starts_with(got, STR("'")) && str_eq(str_slice(got, 1, got.len), want);
    return str_eq(got, want) || (is_guarded && want.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct str fields[CSV_FIELDS_MAX], back[CSV_FIELDS_MAX];
    struct csv_reader r, again;
    struct arena arena;
    struct buf out;
    uint32_t count = 1, back_count;
    arena_init(&arena, 2 * size + 4096 * 16);
    buf_init(&out, 4 * size + 4096);
    csv_reader_init(&r, str_of(data, size), size % 2 == 0 ? ',' : ';');
    while (csv_read_row(&r, fields, &count, &arena, NULL) == STATUS_OK && count > 0) {
        buf_clear(&out);
        csv_write_field(&out, STR("first"), true);
        for (uint32_t i = 0; i + 1 < count; i++) {
            csv_write_field(&out, fields[i], false);
        }
        csv_write_end(&out);
        csv_reader_init(&again, buf_str(&out), ',');
        CHECK(csv_read_row(&again, back, &back_count, &arena, NULL) == STATUS_OK);
        CHECK(back_count == count && again.at == out.len && !buf_failed(&out));
        for (uint32_t i = 0; i + 1 < count; i++) {
            CHECK(is_same(back[i + 1], fields[i]));
        }
    }
    buf_finish(&out);
    arena_finish(&arena);
    return 0;
}
