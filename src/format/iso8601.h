/* iso8601.h - calendar dates without a zone, and instants in UTC milliseconds.
 *
 * "30 days" is a date operation, never 2,592,000 seconds.  Gregorian calendar, years 1800 to 2199:
 * a result outside of them is no date.  To reckon with no date, or to write it, is a bug of the
 * caller. */
#ifndef FORMAT_ISO8601_H
#define FORMAT_ISO8601_H

#include "base/buf.h"
#include "base/str.h"

#include <stdint.h>

struct date {
    int16_t year; /* 0: no date */
    uint8_t month;
    uint8_t day;
};

bool date_read(struct date *out, struct str text) MUST_USE; /* "2026-11-22" exactly */
void date_write(struct buf *out, struct date date);
bool date_is_set(struct date date);
int date_compare(struct date a, struct date b); /* <0, 0, >0 */
int32_t date_to_days(struct date date);         /* days since 1970-01-01 */
struct date date_from_days(int32_t days);
struct date date_add_days(struct date date, int32_t days);
struct date date_add_months(struct date date, int months); /* the day is cut to the month's last */
int32_t date_days_between(struct date from, struct date to);
/* Whole months from `from` to `to`: 2025-12-31 to 2026-11-22 is 10. Negative when to < from. */
int date_months_between(struct date from, struct date to);
struct date date_of_ms(int64_t utc_ms);

bool timestamp_read(int64_t *utc_ms, struct str text) MUST_USE; /* RFC 3339, any offset */
void timestamp_write(struct buf *out, int64_t utc_ms);          /* 2026-11-22T10:15:30.123Z */

#endif
