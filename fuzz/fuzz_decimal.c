/* fuzz_decimal.c - what reads as a number is written and read back as the same number. */
#include "fuzz_target.h"

#include "format/decimal.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_of(data, size);
    struct decimal value, again;
    double nearest, back;
    int64_t scaled;
    struct buf out;
    buf_init(&out, 2 * size + 4096);
    bool is_double = double_read(&nearest, text);
    for (unsigned places = 0; places <= DECIMAL_FIXED_MAX; places++) {
        int64_t fixed;
        if (decimal_read_fixed(&fixed, text, places)) {
            CHECK(decimal_read(&value, text) && decimal_to_scaled(&scaled, value, places));
            CHECK(fixed == scaled);
        }
    }
    if (decimal_read(&value, text)) {
        double from_decimal = decimal_to_double(value);
        CHECK(is_double && from_decimal == nearest);
        CHECK(value.mantissa % 10 != 0 || value.mantissa == 0);
        if (decimal_to_scaled(&scaled, value, 6)) {
            decimal_write(&out, scaled, 6);
            CHECK(decimal_read(&again, buf_str(&out)));
            CHECK(again.mantissa == value.mantissa && again.scale == value.scale);
        }
        buf_clear(&out);
        decimal_write_canonical(&out, text);
        CHECK(decimal_read(&again, buf_str(&out)));
        CHECK(again.mantissa == value.mantissa && again.scale == value.scale);
    }
    if (is_double) {
        buf_clear(&out);
        double_write(&out, nearest);
        CHECK(double_read(&back, buf_str(&out)) && memcmp(&back, &nearest, sizeof back) == 0);
    }
    CHECK(!buf_failed(&out));
    buf_finish(&out);
    return 0;
}
