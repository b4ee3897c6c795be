/* companies.c - open addressing, doubled when three quarters full. */
#include "monitor/companies.h"

#include <stdlib.h>

enum { SIZE_FIRST = 1024 };

uint64_t company_hash(struct str company_key)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < company_key.len; i++) {
        hash = (hash ^ (unsigned char)company_key.ptr[i]) * UINT64_C(1099511628211);
    }
    return hash == 0 ? 1 : hash;
}

/* The place of a key: its own, or the free one where it would go. */
static struct company_state *place_of(struct company_state *states, uint32_t size, uint64_t key)
{
    uint32_t at = (uint32_t)(key ^ key >> 32) & (size - 1);
    while (states[at].key != 0 && states[at].key != key) {
        at = (at + 1) & (size - 1);
    }
    return &states[at];
}

static bool grow(struct companies *c)
{
    uint32_t size = c->size == 0 ? SIZE_FIRST : 2 * c->size;
    struct company_state *states = calloc(size, sizeof *states);
    if (states == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < c->size; i++) {
        if (c->states[i].key != 0) {
            *place_of(states, size, c->states[i].key) = c->states[i];
        }
    }
    free(c->states);
    c->states = states;
    c->size = size;
    return true;
}

struct company_state *companies_find(struct companies *c, uint64_t key)
{
    CHECK(key != 0);
    if (c->count >= c->size / 4 * 3 && !grow(c)) {
        return NULL;
    }
    struct company_state *state = place_of(c->states, c->size, key);
    if (state->key == 0) {
        state->key = key;
        c->count++;
    }
    return state;
}

void companies_finish(struct companies *c)
{
    free(c->states);
    *c = (struct companies){0};
}
