/* chunks.h - the data of a chunked body, and its end (RFC 9112, section 7.1).
 *
 * Read by ourselves: llhttp 8.1 refuses a second extension behind one that has a value.  Exactly
 * the grammar: nothing but CR LF or an extension behind the digits, no line ends in quotes, no
 * blanks but about ';' and '=', CR LF behind all data.  Extensions mean nothing to us.
 *
 * It keeps its place: a body may come in any pieces. */
#ifndef HTTP_CHUNKS_H
#define HTTP_CHUNKS_H

#include "base/buf.h"

#include <stdint.h>

enum chunks_result {
    CHUNKS_MORE,
    CHUNKS_END, /* the line of the last chunk was read; the trailer follows */
    CHUNKS_MALFORMED,
    CHUNKS_FULL, /* the buffer */
};

enum chunks_place {
    CHUNKS_SIZE_FIRST,
    CHUNKS_SIZE,
    CHUNKS_NAME_FIRST,
    CHUNKS_NAME,
    CHUNKS_NAME_BLANK,
    CHUNKS_VALUE_FIRST,
    CHUNKS_VALUE,
    CHUNKS_QUOTED,
    CHUNKS_QUOTED_PAIR,
    CHUNKS_QUOTED_END,
    CHUNKS_BLANK, /* behind a size or a value: another extension must follow */
    CHUNKS_LINE_LF,
    CHUNKS_DATA,
    CHUNKS_DATA_CR,
    CHUNKS_DATA_LF,
};

struct chunks {
    uint64_t left; /* of the chunk */
    enum chunks_place place;
};

void chunks_begin(struct chunks *c);
/* Go on: data goes to `body`, *used of the bytes belong to the chunks. */
enum chunks_result chunks_read(struct chunks *c, struct buf *body, struct str bytes,
                               size_t *used) MUST_USE;

#endif
