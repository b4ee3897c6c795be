/* figure.c - rounding, then the shortest text. */
#include "monitor/figure.h"

#include "format/decimal.h"

enum { FIGURE_DIGITS = 6, FIGURE_TEXT_MAX = 64 };

void figure_value(struct json_writer *w, double value)
{
    struct buf text;
    bool is_finite = value - value == 0;
    if (!is_finite) {
        json_null(w);
        return;
    }
    buf_init(&text, FIGURE_TEXT_MAX);
    double_write(&text, double_round_digits(value, FIGURE_DIGITS));
    json_raw(w, buf_str(&text));
    buf_finish(&text);
}

void figure_member(struct json_writer *w, struct str name, double value)
{
    json_name(w, name);
    figure_value(w, value);
}

void figure_member_or_null(struct json_writer *w, struct str name, double value, bool is_known)
{
    json_name(w, name);
    if (is_known) {
        figure_value(w, value);
    } else {
        json_null(w);
    }
}

void count_member(struct json_writer *w, struct str name, uint64_t count)
{
    json_name(w, name);
    json_int(w, (int64_t)count);
}

void flag_member(struct json_writer *w, struct str name, bool value)
{
    json_name(w, name);
    json_bool(w, value);
}

void null_member(struct json_writer *w, struct str name)
{
    json_name(w, name);
    json_null(w);
}

void object_member_begin(struct json_writer *w, struct str name)
{
    json_name(w, name);
    json_object_begin(w);
}

void array_member_begin(struct json_writer *w, struct str name)
{
    json_name(w, name);
    json_array_begin(w);
}
