/* iso8601.c - the Gregorian calendar in days since 1970, after H. Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms": years start in March, so the leap day is the last of its year. */
#include "format/iso8601.h"

enum { YEAR_MIN = 1800, YEAR_MAX = 2199, ERA_DAYS = 146097, EPOCH_DAYS = 719468 };

static const int64_t ms_per_day = 86400000;

/* ---- dates ---- */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    CHECK(month >= 1);
    CHECK(month <= 12);
    return month == 2 && is_leap ? 29 : days[month - 1];
}

/* Read `count` digits at `at`. */
static bool read_digits(int *out, struct str text, size_t at, size_t count)
{
    *out = 0;
    if (text.len < at + count) {
        return false;
    }
    for (size_t i = at; i < at + count; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
        *out = *out * 10 + (text.ptr[i] - '0');
    }
    return true;
}

bool date_read(struct date *out, struct str text)
{
    int year, month, day;
    if (text.len != 10 || text.ptr[4] != '-' || text.ptr[7] != '-' ||
        !read_digits(&year, text, 0, 4) || !read_digits(&month, text, 5, 2) ||
        !read_digits(&day, text, 8, 2)) {
        return false;
    }
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 ||
        day > days_of_month(year, month)) {
        return false;
    }
    *out = (struct date){(int16_t)year, (uint8_t)month, (uint8_t)day};
    return true;
}

/* `count` digits, with zeros in front. */
static void write_digits(char *to, int64_t value, size_t count)
{
    while (count > 0) {
        to[--count] = (char)('0' + value % 10);
        value /= 10;
    }
}

void date_write(struct buf *out, struct date date)
{
    CHECK(date_is_set(date));
    char text[10];
    write_digits(text, date.year, 4);
    text[4] = '-';
    write_digits(text + 5, date.month, 2);
    text[7] = '-';
    write_digits(text + 8, date.day, 2);
    buf_append(out, str_of(text, sizeof text));
}

bool date_is_set(struct date date)
{
    return date.year != 0;
}

int date_compare(struct date a, struct date b)
{
    int left = a.year * 512 + a.month * 32 + a.day;
    int right = b.year * 512 + b.month * 32 + b.day;
    return (left > right) - (left < right);
}

int32_t date_to_days(struct date date)
{
    CHECK(date_is_set(date));
    int32_t year = date.month <= 2 ? date.year - 1 : date.year;
    int32_t month = date.month <= 2 ? date.month + 9 : date.month - 3; /* March is 0 */
    int32_t era = year / 400, year_of_era = year % 400;
    int32_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - EPOCH_DAYS;
}

static struct date date_from_days_wide(int64_t days)
{
    int64_t shifted = days + EPOCH_DAYS;
    int64_t era = floor_div(shifted, ERA_DAYS), day_of_era = shifted - era * ERA_DAYS;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* March is 0 */
    int64_t day = day_of_year - (153 * month + 2) / 5 + 1;
    int64_t year = year_of_era + era * 400 + (month >= 10 ? 1 : 0);
    if (year < YEAR_MIN || year > YEAR_MAX) {
        return (struct date){0};
    }
    return (struct date){(int16_t)year, (uint8_t)(month < 10 ? month + 3 : month - 9),
                         (uint8_t)day};
}

struct date date_from_days(int32_t days)
{
    return date_from_days_wide(days);
}

struct date date_add_days(struct date date, int32_t days)
{
    return date_from_days_wide((int64_t)date_to_days(date) + days);
}

struct date date_add_months(struct date date, int months)
{
    CHECK(date_is_set(date));
    int64_t all = (int64_t)date.year * 12 + date.month - 1 + months;
    int64_t year = floor_div(all, 12);
    int month = (int)(all - year * 12) + 1;
    if (year < YEAR_MIN || year > YEAR_MAX) {
        return (struct date){0};
    }
    int last = days_of_month((int)year, month);
    return (struct date){(int16_t)year, (uint8_t)month,
                         (uint8_t)(date.day < last ? date.day : last)};
}

int32_t date_days_between(struct date from, struct date to)
{
    return date_to_days(to) - date_to_days(from);
}

/* Whole months are those that date_add_months can add without passing `to`. */
int date_months_between(struct date from, struct date to)
{
    if (date_compare(to, from) < 0) {
        return -date_months_between(to, from);
    }
    CHECK(date_is_set(from));
    int months = (to.year - from.year) * 12 + to.month - from.month;
    int last = days_of_month(to.year, to.month);
    int day = from.day < last ? from.day : last;
    return to.day < day ? months - 1 : months;
}

struct date date_of_ms(int64_t utc_ms)
{
    return date_from_days_wide(floor_div(utc_ms, ms_per_day));
}

/* ---- instants ---- */

/* Read ".123456" at *at, cut to milliseconds; none is 0. */
static bool read_fraction(int *ms, struct str text, size_t *at)
{
    int weight = 100, digit;
    *ms = 0;
    if (*at == text.len || text.ptr[*at] != '.') {
        return true;
    }
    size_t from = ++*at;
    for (; read_digits(&digit, text, *at, 1); ++*at) {
        *ms += digit * weight;
        weight /= 10;
    }
    return *at > from;
}

/* Read "Z" or "+01:00", the rest of the text, as minutes east of UTC. */
static bool read_offset(int *minutes, struct str text, size_t at)
{
    int hour, minute;
    *minutes = 0;
    if (text.len == at + 1) {
        return text.ptr[at] == 'Z' || text.ptr[at] == 'z';
    }
    if (text.len != at + 6 || (text.ptr[at] != '+' && text.ptr[at] != '-') ||
        text.ptr[at + 3] != ':' || !read_digits(&hour, text, at + 1, 2) ||
        !read_digits(&minute, text, at + 4, 2) || hour > 23 || minute > 59) {
        return false;
    }
    *minutes = hour * 60 + minute;
    *minutes = text.ptr[at] == '-' ? -*minutes : *minutes;
    return true;
}

bool timestamp_read(int64_t *utc_ms, struct str text)
{
    struct date date;
    int hour, minute, second, ms, offset;
    size_t at = 19;
    if (text.len < at + 1 || !date_read(&date, str_slice(text, 0, 10)) ||
        (text.ptr[10] != 'T' && text.ptr[10] != 't') || text.ptr[13] != ':' ||
        text.ptr[16] != ':' || !read_digits(&hour, text, 11, 2) ||
        !read_digits(&minute, text, 14, 2) || !read_digits(&second, text, 17, 2) || hour > 23 ||
        minute > 59 || second > 60) {
        return false;
    }
    if (!read_fraction(&ms, text, &at) || !read_offset(&offset, text, at)) {
        return false;
    }
    int64_t seconds =
        (int64_t)date_to_days(date) * 86400 + hour * 3600 + (minute - offset) * 60 + second;
    /* A leap second ends a day of UTC; it is counted as the first of the next. */
    if (second == 60 && seconds % 86400 != 0) {
        return false;
    }
    if (!date_is_set(date_of_ms(seconds * 1000))) {
        return false;
    }
    *utc_ms = seconds * 1000 + ms;
    return true;
}

void timestamp_write(struct buf *out, int64_t utc_ms)
{
    int64_t days = floor_div(utc_ms, ms_per_day);
    int ms = (int)(utc_ms - days * ms_per_day);
    date_write(out, date_from_days_wide(days));
    char text[] = "T00:00:00.000Z";
    write_digits(text + 1, ms / 3600000, 2);
    write_digits(text + 4, ms / 60000 % 60, 2);
    write_digits(text + 7, ms / 1000 % 60, 2);
    write_digits(text + 10, ms % 1000, 3);
    buf_append(out, str_of(text, sizeof text - 1));
}
