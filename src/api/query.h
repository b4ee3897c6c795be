/* query.h - query parameters: known by name, each at most once, percent-decoded. */
#ifndef API_QUERY_H
#define API_QUERY_H

#include "api/call.h"
#include "format/iso8601.h"

struct query_parameter {
    const char *name;
    bool is_set;
    struct str value; /* decoded, valid UTF-8 */
};

/* Undo percent-encoding (RFC 3986); a plus may stand for a blank (forms).  False: broken, a NUL,
 * not UTF-8, or no memory. */
bool percent_decode(struct str *out, struct str text, bool plus_is_blank,
                    struct arena *arena) MUST_USE;
/* Fill the parameters a route takes.  False: a problem was answered (unknown, twice, badly
 * encoded). */
bool query_read(struct call *call, struct query_parameter *parameters, size_t count) MUST_USE;
/* "true" or "false"; false: a problem was answered. */
bool query_flag(struct call *call, const struct query_parameter *parameter, bool *out) MUST_USE;
/* A whole number of digits up to `most`. */
bool query_number(struct call *call, const struct query_parameter *parameter, uint32_t most,
                  uint32_t *out) MUST_USE;
/* A date, which stands for its first instant, or an instant; 0 if it is not set. */
bool query_time(struct call *call, const struct query_parameter *parameter, int64_t *out) MUST_USE;

/* A day, such as 2026-11-22; no date if the parameter was not sent. */
bool query_date(struct call *call, const struct query_parameter *parameter,
                struct date *out) MUST_USE;
/* Add the link to the next page: this query with another cursor (RFC 8288). */
void query_link_next(struct call *call, const char *path, const char *cursor);

#endif
