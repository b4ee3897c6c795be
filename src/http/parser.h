/* parser.h - llhttp, and nothing of it beyond this file.
 *
 * A head is given whole and in one piece, so that names and values are slices of it and nothing is
 * copied. A chunked body may come in any pieces; its data goes to a buffer.  What llhttp is too
 * lenient about is refused before (scan.h) and after (request.h).
 *
 * Memory: the headers borrow from the bytes of the head. */
#ifndef HTTP_PARSER_H
#define HTTP_PARSER_H

#include "base/buf.h"
#include "http/header.h"

#include <stdint.h>

struct parser;

enum parser_result {
    PARSER_DONE,
    PARSER_MORE,
    PARSER_MALFORMED,
    PARSER_METHOD,   /* a method llhttp does not know */
    PARSER_CODING,   /* a transfer coding that does not end in chunked */
    PARSER_TOO_MANY, /* headers */
    PARSER_FULL,     /* the body buffer */
};

struct parser_head {
    struct http_header *headers; /* the caller's, room for headers_max */
    uint32_t headers_max;
    uint32_t header_count;
    bool is_http_1_0;
    bool keep_alive;
    bool is_chunked;
    bool has_length;
    uint64_t length; /* Content-Length */
};

/* Is it the name of a method of HTTP, or of one of its extensions? */
bool parser_knows_method(struct str name);
struct parser *parser_create(void);
void parser_destroy(struct parser *p);

/* Requires: `bytes` passed scan_bytes() up to its end. */
enum parser_result parser_read_head(struct parser *p, struct parser_head *out,
                                    struct str bytes) MUST_USE;
/* Go on with a chunked body.  PARSER_DONE: the last chunk's line was read, *used bytes on; the
 * trailer follows and is not llhttp's. */
enum parser_result parser_read_chunks(struct parser *p, struct buf *body, struct str bytes,
                                      size_t *used) MUST_USE;

#endif
