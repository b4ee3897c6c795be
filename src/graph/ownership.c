/* ownership.c - sums over chains. */
#include "graph/ownership.h"

#include <string.h>

const double ownership_beneficial = 0.25;
const double ownership_majority = 0.5;

static const double settled = 1e-14;

uint32_t ownership_normalise(struct edge *holdings, size_t count, uint32_t node_count,
                             struct arena *arena)
{
    double *held = arena_array(arena, double, (size_t)node_count + 1);
    uint32_t excessive = 0;
    if (held == NULL) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (holdings[i].to < node_count && holdings[i].weight > 0) {
            held[holdings[i].to] += holdings[i].weight;
        }
    }
    for (uint32_t j = 0; j < node_count; j++) {
        excessive += held[j] > 1 ? 1 : 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (holdings[i].to < node_count && held[holdings[i].to] > 1) {
            holdings[i].weight /= held[holdings[i].to];
        }
    }
    return excessive;
}

/* What the owners of `company` hold of it directly. */
static double direct_share(const struct network *holdings, uint32_t i, uint32_t company)
{
    for (uint32_t e = holdings->first[i]; e < holdings->first[i + 1]; e++) {
        if (holdings->edges[e].to == company) {
            return holdings->edges[e].weight;
        }
    }
    return 0;
}

enum ownership_result ownership_integrated(double *integrated, const struct network *holdings,
                                           uint32_t company, unsigned rounds, struct arena *arena)
{
    uint32_t count = holdings->node_count;
    double *direct = arena_array(arena, double, (size_t)count + 1);
    double *next = arena_array(arena, double, (size_t)count + 1);
    if (direct == NULL || next == NULL) {
        return OWNERSHIP_NO_MEMORY;
    }
    for (uint32_t i = 0; i < count; i++) {
        direct[i] = direct_share(holdings, i, company);
    }
    memcpy(integrated, direct, count * sizeof *integrated);
    for (unsigned round = 0; round < rounds; round++) {
        double change = 0;
        for (uint32_t i = 0; i < count; i++) {
            next[i] = direct[i];
            for (uint32_t e = holdings->first[i]; e < holdings->first[i + 1]; e++) {
                next[i] += holdings->edges[e].weight * integrated[holdings->edges[e].to];
            }
            change += next[i] - integrated[i];
        }
        memcpy(integrated, next, count * sizeof *integrated);
        if (change < settled) {
            return OWNERSHIP_OK;
        }
    }
    return OWNERSHIP_CIRCULAR;
}

bool ownership_scratch_make(struct ownership_scratch *out, uint32_t node_count, struct arena *arena)
{
    out->held = arena_array(arena, double, (size_t)node_count + 1);
    out->queue = arena_array(arena, uint32_t, (size_t)node_count + 1);
    return out->held != NULL && out->queue != NULL;
}

void ownership_control(bool *is_controlled, struct ownership_scratch *scratch,
                       const struct network *holdings, uint32_t holder)
{
    memset(is_controlled, 0, holdings->node_count * sizeof *is_controlled);
    memset(scratch->held, 0, holdings->node_count * sizeof *scratch->held);
    uint32_t count = 0;
    scratch->queue[count++] = holder;
    for (uint32_t at = 0; at < count; at++) {
        uint32_t i = scratch->queue[at];
        for (uint32_t e = holdings->first[i]; e < holdings->first[i + 1]; e++) {
            uint32_t j = holdings->edges[e].to;
            scratch->held[j] += holdings->edges[e].weight;
            if (j != holder && !is_controlled[j] && scratch->held[j] > ownership_majority) {
                is_controlled[j] = true;
                scratch->queue[count++] = j;
            }
        }
    }
}
