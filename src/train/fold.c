/* fold.c - shuffle the groups, sort them by stratum, deal them like cards. */
#include "train/fold.h"

#include <stdlib.h>

struct dealt_group {
    uint32_t group;
    uint32_t stratum; /* 2 * set + defaulted */
    uint64_t chance;
};

static int dealt_group_compare(const void *left, const void *right)
{
    const struct dealt_group *a = left;
    const struct dealt_group *b = right;
    if (a->stratum != b->stratum) {
        return a->stratum < b->stratum ? -1 : 1;
    }
    if (a->chance != b->chance) {
        return a->chance < b->chance ? -1 : 1;
    }
    return a->group < b->group ? -1 : a->group > b->group;
}

enum status fold_assign(uint8_t *fold, const struct fold_request *request, struct arena *scratch,
                        struct error *err)
{
    CHECK(request->fold_count >= 2 && request->fold_count <= UINT8_MAX);
    struct dealt_group *groups = arena_array(scratch, struct dealt_group, request->group_count);
    uint8_t *fold_of = arena_array(scratch, uint8_t, request->group_count);
    if (groups == NULL || fold_of == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for %u groups",
                         request->group_count);
    }
    uint64_t state = request->seed;
    for (uint32_t g = 0; g < request->group_count; g++) {
        groups[g] = (struct dealt_group){.group = g, .chance = splitmix64(&state)};
    }
    for (uint32_t row = 0; row < request->row_count; row++) {
        struct dealt_group *g = &groups[request->group[row]];
        g->stratum = 2u * request->set[row] + (g->stratum % 2 | request->is_bad[row]);
    }
    qsort(groups, request->group_count, sizeof *groups, dealt_group_compare);
    for (uint32_t i = 0; i < request->group_count; i++) {
        fold_of[groups[i].group] = (uint8_t)(i % request->fold_count);
    }
    for (uint32_t row = 0; row < request->row_count; row++) {
        fold[row] = fold_of[request->group[row]];
    }
    return STATUS_OK;
}
