/* shock.c - rounds over all nodes until nothing changes. */
#include "graph/shock.h"

#include <string.h>

static const double settled = 1e-13; /* a change below it is none */

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* How much of its equity the creditor of this edge loses. */
static double impact(const struct shock *shock, const struct edge *edge)
{
    double loss = (1 - shock->recovery) * edge->weight;
    double equity = shock->equity[edge->from];
    return equity > 0 ? loss / equity : loss > 0 ? 1 : 0;
}

enum spread { UNDISTRESSED, DISTRESSED, INACTIVE };

/* One round: everybody's distress from that of the nodes which pass it on now. */
static void debtrank_round(double *next, const struct shock *shock, const double *h,
                           const uint8_t *state)
{
    const struct network *losses = shock->losses;
    for (uint32_t i = 0; i < losses->node_count; i++) {
        next[i] = h[i];
        for (uint32_t e = losses->first[i]; e < losses->first[i + 1]; e++) {
            const struct edge *edge = &losses->edges[e];
            if (state[edge->to] == DISTRESSED) {
                next[i] += smaller(1, impact(shock, edge)) * h[edge->to];
            }
        }
        next[i] = smaller(1, next[i]);
    }
}

bool shock_debtrank(double *h, const struct shock *shock, const double *h0, struct arena *arena)
{
    uint32_t count = shock->losses->node_count;
    double *next = arena_array(arena, double, (size_t)count + 1);
    uint8_t *state = arena_array(arena, uint8_t, (size_t)count + 1);
    if (next == NULL || state == NULL) {
        return false;
    }
    bool is_spreading = false;
    for (uint32_t i = 0; i < count; i++) {
        h[i] = h0[i];
        state[i] = h0[i] > 0 ? DISTRESSED : UNDISTRESSED;
        is_spreading = is_spreading || state[i] == DISTRESSED;
    }
    while (is_spreading) {
        is_spreading = false;
        debtrank_round(next, shock, h, state);
        memcpy(h, next, count * sizeof *h);
        for (uint32_t i = 0; i < count; i++) {
            if (state[i] == DISTRESSED) {
                state[i] = INACTIVE;
            } else if (state[i] == UNDISTRESSED && h[i] > 0) {
                state[i] = DISTRESSED;
                is_spreading = true;
            }
        }
    }
    return true;
}

bool shock_debtrank_linear(double *h, const struct shock *shock, const double *h0,
                           struct arena *arena)
{
    const struct network *losses = shock->losses;
    uint32_t count = losses->node_count;
    double *change = arena_array(arena, double, (size_t)count + 1);
    double *next = arena_array(arena, double, (size_t)count + 1);
    if (change == NULL || next == NULL) {
        return false;
    }
    memcpy(h, h0, count * sizeof *h);
    memcpy(change, h0, count * sizeof *change);
    bool is_settled = false;
    for (unsigned round = 0; round < SHOCK_ROUNDS_MAX && !is_settled; round++) {
        is_settled = true;
        for (uint32_t i = 0; i < count; i++) {
            double sum = h[i];
            for (uint32_t e = losses->first[i]; e < losses->first[i + 1]; e++) {
                sum += impact(shock, &losses->edges[e]) * change[losses->edges[e].to];
            }
            next[i] = smaller(1, sum);
        }
        for (uint32_t i = 0; i < count; i++) {
            change[i] = next[i] - h[i];
            h[i] = next[i];
            is_settled = is_settled && change[i] < settled;
        }
    }
    return true;
}

double shock_rank(const double *h, const double *h0, const double *weight, uint32_t node_count)
{
    double sum = 0;
    double whole = 0;
    for (uint32_t i = 0; i < node_count; i++) {
        sum += weight[i] * (h[i] - h0[i]);
        whole += weight[i];
    }
    return whole > 0 ? sum / whole : 0;
}

/* Does what has failed before this round bring i down? */
static bool falls(const struct shock *shock, const int32_t *round, uint32_t i, int32_t now)
{
    const struct network *losses = shock->losses;
    double lost = 0;
    for (uint32_t e = losses->first[i]; e < losses->first[i + 1]; e++) {
        int32_t failed_in = round[losses->edges[e].to];
        if (failed_in >= 0 && failed_in < now) {
            lost += (1 - shock->recovery) * losses->edges[e].weight;
        }
    }
    return lost > 0 && lost >= shock->equity[i];
}

void shock_cascade(int32_t *round, const struct shock *shock, const bool *is_seed)
{
    uint32_t count = shock->losses->node_count;
    for (uint32_t i = 0; i < count; i++) {
        round[i] = is_seed[i] ? 0 : -1;
    }
    bool is_spreading = true;
    for (int32_t now = 1; is_spreading; now++) {
        is_spreading = false;
        for (uint32_t i = 0; i < count; i++) {
            if (round[i] < 0 && falls(shock, round, i, now)) {
                round[i] = now;
                is_spreading = true;
            }
        }
    }
}

/* What i can pay when its debtors pay `paid`: its cash and its share of that. */
static void inflows_sum(double *inflow, const struct network *dues, const double *paid,
                        const double *owed, const double *cash)
{
    memcpy(inflow, cash, dues->node_count * sizeof *inflow);
    for (uint32_t e = 0; e < dues->edge_count; e++) {
        const struct edge *due = &dues->edges[e];
        inflow[due->to] += due->weight / owed[due->from] * paid[due->from];
    }
}

bool shock_clearing(double *paid, const struct network *dues, const double *cash,
                    struct arena *arena)
{
    uint32_t count = dues->node_count;
    double *owed = arena_array(arena, double, (size_t)count + 1);
    double *inflow = arena_array(arena, double, (size_t)count + 1);
    if (owed == NULL || inflow == NULL) {
        return false;
    }
    for (uint32_t e = 0; e < dues->edge_count; e++) {
        owed[dues->edges[e].from] += dues->edges[e].weight;
    }
    memcpy(paid, owed, count * sizeof *paid);
    bool is_settled = false;
    /* From above, so that the greatest of several solutions is the one found. */
    for (unsigned turn = 0; turn < SHOCK_ROUNDS_MAX && !is_settled; turn++) {
        is_settled = true;
        inflows_sum(inflow, dues, paid, owed, cash);
        for (uint32_t i = 0; i < count; i++) {
            double can_pay = inflow[i] > 0 ? inflow[i] : 0;
            double pays = smaller(owed[i], can_pay);
            is_settled = is_settled && paid[i] - pays < settled;
            paid[i] = pays;
        }
    }
    return true;
}
