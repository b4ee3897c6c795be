/* contagion.c - products over neighbours. */
#include "graph/contagion.h"

#include <string.h>

const double contagion_trade = 0.5;
const double contagion_parent = 0.8;
const double contagion_subsidiary = 0.3;
const double contagion_director = 0.15;
const struct contagion_cap contagion_cap_usual = {3, 0.10};

static const double settled = 1e-14;

double contagion_weight(double loss, double equity, double recovery, double directness)
{
    double reached = (1 - recovery) * loss;
    double share = reached <= 0 ? 0 : equity <= reached ? 1 : reached / equity;
    return share * directness;
}

static double survival(const struct network *network, const double *before, uint32_t i)
{
    double survives = 1;
    for (uint32_t e = network->first[i]; e < network->first[i + 1]; e++) {
        survives *= 1 - network->edges[e].weight * before[network->edges[e].to];
    }
    return survives;
}

bool contagion_pd(double *out, const struct network *network, const double *pd, unsigned rounds,
                  struct arena *arena)
{
    uint32_t count = network->node_count;
    double *before = arena_array(arena, double, (size_t)count + 1);
    if (before == NULL) {
        return false;
    }
    memcpy(out, pd, count * sizeof *out);
    bool is_settled = false;
    for (unsigned round = 0; round < rounds && !is_settled; round++) {
        is_settled = true;
        memcpy(before, out, count * sizeof *before);
        for (uint32_t i = 0; i < count; i++) {
            /* So written, a company without relations keeps its PD to the bit. */
            out[i] = pd[i] + (1 - pd[i]) * (1 - survival(network, before, i));
            is_settled = is_settled && out[i] - before[i] < settled;
        }
    }
    return true;
}

double contagion_capped(double pd, double with_contagion, struct contagion_cap cap)
{
    double most = cap.ratio * pd < pd + cap.points ? cap.ratio * pd : pd + cap.points;
    double raised = with_contagion < most ? with_contagion : most;
    return raised > pd ? raised : pd;
}
