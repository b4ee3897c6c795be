/* parser.h - llhttp, and nothing of it beyond this file.
 *
 * A head is given whole and in one piece, so that names and values are slices of it and nothing is
 * copied.  What llhttp is too lenient about is refused before (scan.h) and after (request.h).
 *
 * Memory: the headers borrow from the bytes of the head. */
#ifndef HTTP_PARSER_H
#define HTTP_PARSER_H

#include "base/check.h"
#include "http/header.h"

#include <stdint.h>

struct parser;

enum parser_result {
    PARSER_DONE,
    PARSER_MALFORMED,
    PARSER_METHOD,   /* a method llhttp does not know */
    PARSER_CODING,   /* a transfer coding that does not end in chunked */
    PARSER_TOO_MANY, /* headers */
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

#endif
