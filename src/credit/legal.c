/* legal.c - what the events of a register add up to. */
#include "credit/legal.h"

static const char *const wires[LEGAL_EVENT_COUNT] = {
#define LEGAL_EVENT(name, wire) [LEGAL_##name] = wire,
#include "credit/legal_events.def"
#undef LEGAL_EVENT
};

bool legal_event_type_read(enum legal_event_type *out, struct str wire)
{
    for (size_t i = 0; i < LEGAL_EVENT_COUNT; i++) {
        if (str_eq(wire, str_from(wires[i]))) {
            *out = (enum legal_event_type)i;
            return true;
        }
    }
    return false;
}

const char *legal_event_wire(enum legal_event_type type)
{
    CHECK((unsigned)type < LEGAL_EVENT_COUNT);
    return wires[type];
}

/* Where proceedings stand after an event of this type; false if it says nothing of them. */
static bool proceedings_after(enum proceedings *out, enum legal_event_type type)
{
    switch (type) {
    case LEGAL_SAFEGUARD_OPENED: *out = PROCEEDINGS_SAFEGUARD; return true;
    case LEGAL_REORGANISATION_OPENED: *out = PROCEEDINGS_REORGANISATION; return true;
    case LEGAL_LIQUIDATION_OPENED: *out = PROCEEDINGS_LIQUIDATION; return true;
    case LEGAL_PLAN_ADOPTED: *out = PROCEEDINGS_PLAN; return true;
    case LEGAL_INSOLVENCY_CLOSED: *out = PROCEEDINGS_CLOSED; return true;
    case LEGAL_LIEN_REGISTERED:
    case LEGAL_JUDGMENT_AGAINST:
    case LEGAL_PAYMENT_INCIDENT:
    case LEGAL_ACCOUNTS_LATE:
    case LEGAL_DIRECTOR_CHANGED:
    case LEGAL_STRUCK_OFF:
    case LEGAL_EVENT_COUNT: break;
    }
    return false;
}

enum proceedings legal_proceedings(const struct legal_event *events, size_t count,
                                   struct date as_of)
{
    enum proceedings stand = PROCEEDINGS_NONE, after;
    const struct legal_event *last = NULL;
    for (size_t i = 0; i < count; i++) {
        bool counts = date_compare(events[i].date, as_of) <= 0 &&
                      (last == NULL || date_compare(events[i].date, last->date) >= 0);
        if (counts && proceedings_after(&after, events[i].type)) {
            stand = after;
            last = &events[i];
        }
    }
    return stand;
}

bool legal_is_struck_off(const struct legal_event *events, size_t count, struct date as_of)
{
    for (size_t i = 0; i < count; i++) {
        if (events[i].type == LEGAL_STRUCK_OFF && date_compare(events[i].date, as_of) <= 0) {
            return true;
        }
    }
    return false;
}
