/* link.c - numbering the ends of links: sort, then count what differs. */
#include "credit/link.h"

#include <stdlib.h>

static const char *const wires[LINK_TYPE_COUNT] = {
#define LINK_TYPE(name, wire) [LINK_##name] = wire,
#include "credit/link_types.def"
#undef LINK_TYPE
};

bool link_type_read(enum link_type *out, struct str wire)
{
    for (size_t i = 0; i < LINK_TYPE_COUNT; i++) {
        if (str_eq(wire, str_from(wires[i]))) {
            *out = (enum link_type)i;
            return true;
        }
    }
    return false;
}

const char *link_type_wire(enum link_type type)
{
    CHECK((unsigned)type < LINK_TYPE_COUNT);
    return wires[type];
}

struct end {
    const struct company_id *id;
    uint32_t *number; /* where it goes */
};

static int end_order(const void *a, const void *b)
{
    const struct end *x = a;
    const struct end *y = b;
    return company_id_order(x->id, y->id);
}

static bool is_company(const struct company_id *id, const struct company *company)
{
    for (uint32_t i = 0; i < company->identifier_count; i++) {
        if (company_id_order(id, &company->identifiers[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool links_number(struct link *links, uint32_t *party_count, const struct link_ends *ends,
                  uint32_t count, const struct company *company, struct arena *arena)
{
    size_t end_count = (size_t)count * 2;
    struct end *sorted = arena_array(arena, struct end, end_count + 1);
    if (sorted == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        sorted[2 * i] = (struct end){&ends[i].from, &links[i].from};
        sorted[2 * i + 1] = (struct end){&ends[i].to, &links[i].to};
    }
    if (end_count > 1) {
        qsort(sorted, end_count, sizeof *sorted, end_order);
    }
    uint32_t parties = 1, number = 0;
    for (size_t i = 0; i < end_count; i++) {
        if (i == 0 || end_order(&sorted[i - 1], &sorted[i]) != 0) {
            number = is_company(sorted[i].id, company) ? 0 : parties++;
        }
        *sorted[i].number = number;
    }
    *party_count = parties;
    return true;
}
