/* rank.c - power iteration. */
#include "graph/rank.h"

#include <string.h>

static const double settled = 1e-14;

static double row_weight(const struct network *network, uint32_t i)
{
    double sum = 0;
    for (uint32_t e = network->first[i]; e < network->first[i + 1]; e++) {
        sum += network->edges[e].weight;
    }
    return sum;
}

static void walk(double *next, const struct network *network, const double *rank,
                 const double *weights, double damping)
{
    for (uint32_t i = 0; i < network->node_count; i++) {
        for (uint32_t e = network->first[i]; e < network->first[i + 1]; e++) {
            const struct edge *edge = &network->edges[e];
            next[edge->to] += damping * rank[i] * (edge->weight / weights[i]);
        }
    }
}

/* The probability of being back at the seeds: by choice, or because no edge leads on. */
static double returning(const struct network *network, const double *rank, const double *weights,
                        double damping)
{
    double dangling = 0;
    for (uint32_t i = 0; i < network->node_count; i++) {
        dangling += weights[i] > 0 ? 0 : rank[i];
    }
    return 1 - damping + damping * dangling;
}

bool rank_personalised(double *out, const struct network *network, const double *seeds,
                       double damping, struct arena *arena)
{
    uint32_t count = network->node_count;
    double *next = arena_array(arena, double, (size_t)count + 1);
    double *weights = arena_array(arena, double, (size_t)count + 1);
    double whole = 0;
    for (uint32_t i = 0; i < count; i++) {
        whole += seeds[i];
    }
    if (next == NULL || weights == NULL || !(whole > 0)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        out[i] = seeds[i] / whole;
        weights[i] = row_weight(network, i);
    }
    double change = 1;
    for (unsigned round = 0; round < RANK_ROUNDS_MAX && change > settled; round++) {
        double back = returning(network, out, weights, damping);
        for (uint32_t i = 0; i < count; i++) {
            next[i] = back * (seeds[i] / whole);
        }
        walk(next, network, out, weights, damping);
        change = 0;
        for (uint32_t i = 0; i < count; i++) {
            change += next[i] > out[i] ? next[i] - out[i] : out[i] - next[i];
        }
        memcpy(out, next, count * sizeof *out);
    }
    return true;
}

double rank_relative(const struct network *network, const double *rank, uint32_t node)
{
    double whole = 0;
    for (uint32_t e = 0; e < network->edge_count; e++) {
        whole += network->edges[e].weight;
    }
    double own = row_weight(network, node);
    return own > 0 ? rank[node] / (own / whole) : 0;
}
