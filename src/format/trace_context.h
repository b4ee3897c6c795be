/* trace_context.h - `traceparent` of W3C Trace Context: which trace a request belongs to.
 *
 * `00-<32 hex of the trace>-<16 hex of the parent>-<2 hex of flags>`, lower case, no id all zero.
 * Reading is by the letter of the standard: a version we do not know is read as far as version 00
 * goes, ff is none, and of the flags only the two bits that are defined are kept.
 *
 * The header tracestate is not read: it is there to be forwarded, and we call nobody on behalf of a
 * request.
 */
#ifndef FORMAT_TRACE_CONTEXT_H
#define FORMAT_TRACE_CONTEXT_H

#include "base/str.h"

#include <stdint.h>

enum {
    TRACE_ID_LEN = 16,
    TRACE_SPAN_LEN = 8,
    TRACE_PARENT_LEN = 55, /* of the text, */
    TRACE_ID_AT = 3,       /* and where in it the ids stand */
    TRACE_SPAN_AT = 36,
    TRACE_CHANCE_LEN = TRACE_ID_LEN + TRACE_SPAN_LEN,
};

enum {
    TRACE_SAMPLED = 0x01, /* the caller may have recorded it */
    TRACE_RANDOM = 0x02,  /* the last seven bytes of the trace's id are random */
};

struct trace_context {
    uint8_t trace[TRACE_ID_LEN];
    uint8_t span[TRACE_SPAN_LEN]; /* whoever sends it: the parent of who reads it */
    uint8_t flags;
};

/* False: this is none, and the trace must be restarted. */
bool trace_parent_read(struct trace_context *out, struct str value) MUST_USE;
/* As version 00, NUL-terminated. */
void trace_parent_write(char text[TRACE_PARENT_LEN + 1], const struct trace_context *context);

/* A trace of our own.  `chance` is random. */
struct trace_context trace_restart(const uint8_t chance[TRACE_CHANCE_LEN]);
/* Our span in the caller's trace.  The flag of sampling goes back as it came: it is the caller's
 * choice for the caller's tools, and changes nothing here. */
struct trace_context trace_continue(const struct trace_context *ours,
                                    const struct trace_context *caller);

#endif
