/* scan.h - the raw bytes of a head, looked at once, before any parser sees them.
 *
 * llhttp lets folded lines, bare line feeds, HTTP/0.9, empty names and two spaces pass, and some of
 * that leaves no trace in what it reports.  Whoever frames a request otherwise than the proxy
 * before us can be made to answer somebody else's request, so everything that is not exactly METHOD
 * SP TARGET SP HTTP/1.x CRLF (name: value CRLF)* CRLF ends here.
 *
 * The scan keeps its place: a head that drips in costs no more than one that comes at once.  The
 * same scan reads the trailer behind a chunked body. */
#ifndef HTTP_SCAN_H
#define HTTP_SCAN_H

#include "base/str.h"

#include <stdint.h>

enum scan_result {
    SCAN_MORE,
    SCAN_END, /* the empty line was seen */
    SCAN_MALFORMED,
    SCAN_TARGET_TOO_LONG,
    SCAN_TOO_LONG,
    SCAN_VERSION, /* HTTP, but neither 1.0 nor 1.1 */
};

struct scan {
    size_t len; /* bytes seen */
    size_t len_max;
    size_t target_len_max;
    size_t line_len;
    size_t target_len;
    unsigned space_count; /* of the request line */
    unsigned version_len;
    char version[8];
    char previous;
    bool is_request_line;
    bool is_trailer; /* each line of which is looked at for a colon; in a head llhttp does */
    bool has_colon;
};

void scan_head(struct scan *s, size_t len_max, size_t target_len_max);
void scan_trailer(struct scan *s, size_t len_max);

/* Go on with the bytes that follow those of the last call; *used of them belong to the head once it
 * is SCAN_END, all of them before. */
enum scan_result scan_bytes(struct scan *s, struct str bytes, size_t *used) MUST_USE;

#endif
