/* answer.h - the bytes of an HTTP/1.1 answer, and the header fields of one in HTTP/2.
 *
 * The server owns the lines that frame an answer (Content-Length, Date, Connection) and those that
 * must be on every one of them (nosniff, and HSTS behind TLS); the handler's lines stand between.
 */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include "base/buf.h"
#include "http/header.h"

#include <stdint.h>

struct http_exchange;

enum {
    ANSWER_DATE_LEN = 29,                /* "Sun, 06 Nov 1994 08:49:37 GMT" */
    ANSWER_TOGETHER_LEN_MAX = 16 * 1024, /* head and reply up to this go out as one record */
    ANSWER_FIELDS_MAX = 64,              /* one more: 500 */
};

struct answer_options {
    const char *date; /* ANSWER_DATE_LEN bytes */
    bool is_http_1_0;
    bool close;
};

/* Render the head, and the reply behind it if both are short.  Returns how many bytes of the reply
 * are in `wire`; the rest is x->reply's.  An answer that passed a limit of its own becomes an empty
 * 500. */
size_t answer_render(struct buf *wire, struct http_exchange *x,
                     const struct answer_options *options);
/* The same answer as names and values, the first of them ":status".  They borrow from `out`, x and
 * `date`. */
struct answer_fields {
    struct http_header fields[ANSWER_FIELDS_MAX];
    size_t count;
    size_t own_count; /* the first so many are ours: names in lower case that last for ever */
    char status[3];
    char length[24];
};

void answer_fields_make(struct answer_fields *out, struct http_exchange *x, const char *date);
/* Has this field another value in every answer?  Then whoever packs answers keeps none of them:
 * they would push out those that come again. */
bool answer_field_varies(struct str name);

/* Is a reply sent at all? */
bool answer_has_body(const struct http_exchange *x);
void answer_date(char out[ANSWER_DATE_LEN + 1], int64_t now_ms);

#endif
