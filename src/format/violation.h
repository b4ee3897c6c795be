/* violation.h - everything that is wrong with a document, in one list.
 *
 * A decoder does not stop at the first fault: it notes each with its JSON Pointer, what was
 * expected and what came, and goes on.  The list is what a caller gets as `errors` of a problem
 * document. */
#ifndef FORMAT_VIOLATION_H
#define FORMAT_VIOLATION_H

#include "format/json.h"

enum { VIOLATIONS_MAX = 100 };

struct violation {
    struct str pointer;  /* JSON Pointer of the offending member */
    const char *code;    /* stable: required, unknown_member, wrong_type, not_a_date, ... */
    struct str detail;   /* one sentence */
    struct str expected; /* may be empty */
    struct str received; /* as it came, cut to 64 bytes; may be empty; never a secret */
};

struct violations {
    struct arena *arena;
    uint32_t count; /* kept, at most VIOLATIONS_MAX */
    uint32_t total; /* found */
    struct violation items[VIOLATIONS_MAX];
};

void violations_init(struct violations *v, struct arena *arena);
/* Note a fault at `node`. */
void violation_at(struct violations *v, const struct json *node, const char *code,
                  const char *expected, const char *format, ...) PRINTF(5, 6);
/* Note a fault of member `name` of `parent` that is not there. */
void violation_missing(struct violations *v, const struct json *parent, const char *name,
                       const char *expected);
/* Note a member whose name is none of `names`, with "did you mean". */
void violation_unknown_member(struct violations *v, const struct json *member,
                              const char *const *names, size_t name_count);
/* Note every member of `object` that is not in `names`. */
void violation_unknown_members(struct violations *v, const struct json *object,
                               const char *const *names, size_t name_count);
/* The list as a JSON array of {pointer, code, detail, expected, received}. */
void violations_write(struct json_writer *w, const struct violations *v);

#endif
