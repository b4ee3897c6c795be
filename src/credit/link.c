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

bool link_ties(const struct link *link)
{
    bool can_end =
        link->type == LINK_OWNS || link->type == LINK_CONTROLS || link->type == LINK_DIRECTOR_OF;
    return link->from != link->to && !(can_end && link->share_ppm == 0);
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

struct link_party *links_number(struct link *links, uint32_t *party_count,
                                const struct link_ends *ends, uint32_t count,
                                const struct company *company, struct arena *arena)
{
    size_t end_count = (size_t)count * 2;
    struct end *sorted = arena_array(arena, struct end, end_count + 1);
    struct link_party *parties = arena_array(arena, struct link_party, end_count + 1);
    if (sorted == NULL || parties == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        sorted[2 * i] = (struct end){&ends[i].from, &links[i].from};
        sorted[2 * i + 1] = (struct end){&ends[i].to, &links[i].to};
    }
    if (end_count > 1) {
        qsort(sorted, end_count, sizeof *sorted, end_order);
    }
    uint32_t party_total = 1, number = 0;
    parties[0].pd_ppm = LINK_UNSTATED;
    for (size_t i = 0; i < end_count; i++) {
        if (i == 0 || end_order(&sorted[i - 1], &sorted[i]) != 0) {
            number = is_company(sorted[i].id, company) ? 0 : party_total++;
            parties[number] = (struct link_party){.id = sorted[i].id, .pd_ppm = LINK_UNSTATED};
        }
        *sorted[i].number = number;
    }
    *party_count = party_total;
    return parties;
}

uint32_t link_party_find(const struct link_party *parties, uint32_t party_count,
                         const struct company_id *id)
{
    uint32_t low = 1, high = party_count; /* those behind the company are in order */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (company_id_order(parties[middle].id, id) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < party_count && company_id_order(parties[low].id, id) == 0 ? low : party_count;
}
