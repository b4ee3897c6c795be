/* legal.h - legal events, and the state of proceedings that follows from them. */
#ifndef CREDIT_LEGAL_H
#define CREDIT_LEGAL_H

#include "base/str.h"
#include "credit/money.h"
#include "format/iso8601.h"

enum legal_event_type {
#define LEGAL_EVENT(name, wire) LEGAL_##name,
#include "credit/legal_events.def"
#undef LEGAL_EVENT
    LEGAL_EVENT_COUNT
};

struct legal_event {
    enum legal_event_type type;
    struct date date;
    struct str source; /* "bodacc", ... as sent */
    struct str reference;
    struct money amount; /* currency NONE if none was given */
};

/* Where proceedings stand on a day, from the events up to it.  Worst last. */
enum proceedings {
    PROCEEDINGS_NONE,
    PROCEEDINGS_CLOSED,    /* there were some; closed */
    PROCEEDINGS_PLAN,      /* a plan was adopted and runs */
    PROCEEDINGS_SAFEGUARD, /* open */
    PROCEEDINGS_REORGANISATION,
    PROCEEDINGS_LIQUIDATION,
};

bool legal_event_type_read(enum legal_event_type *out, struct str wire) MUST_USE;
const char *legal_event_wire(enum legal_event_type type);
/* Events may come in any order; those after `as_of` do not count; on one day the later in the list
 * wins. */
enum proceedings legal_proceedings(const struct legal_event *events, size_t count,
                                   struct date as_of);
bool legal_is_struck_off(const struct legal_event *events, size_t count, struct date as_of);

#endif
