/* blend.c - eleven mixtures, each judged as a model would be. */
#include "train/blend.h"

#include "train/logistic.h"
#include "train/paired.h"

struct mixing {
    const struct sample *sample;
    const double *trees, *card, *weight;
    double *mixed, *pd;
    struct arena *arena;
    struct error *err;
};

static void mix(const struct mixing *m, double share)
{
    for (uint32_t row = 0; row < m->sample->row_count; row++) {
        m->mixed[row] = share * m->trees[row] + (1 - share) * m->card[row];
    }
}

static enum status auc_judge(double *auc, const struct mixing *m)
{
    const struct sample *s = m->sample;
    double shares = 0;
    *auc = 0;
    for (uint32_t i = 0; i < s->set_count; i++) {
        const struct sample_set *set = &s->sets[i];
        struct metrics metrics;
        const struct scored rows = {set->row_end - set->row_begin, m->mixed + set->row_begin,
                                    s->is_bad + set->row_begin, s->weight + set->row_begin};
        TRY(metrics_compute(&metrics, &rows, m->arena, m->err));
        *auc += set->mapping.weight * metrics.auc;
        shares += set->mapping.weight;
    }
    *auc /= shares;
    return STATUS_OK;
}

static enum status point_judge(struct blend *out, uint32_t at, struct mixing *m)
{
    const struct sample *s = m->sample;
    struct calibration calibration;
    struct metrics metrics;
    double share = (double)at / (BLEND_POINTS - 1);
    mix(m, share);
    TRY(calibrate_platt(&calibration, m->mixed, s->is_bad, m->weight, s->row_count, m->err));
    for (uint32_t row = 0; row < s->row_count; row++) {
        m->pd[row] = calibrate_pd(&calibration, m->mixed[row], calibration.train_rate);
    }
    const struct scored rows = {s->row_count, m->pd, s->is_bad, m->weight};
    TRY(metrics_compute(&metrics, &rows, m->arena, m->err));
    out->points[at].weight = share;
    out->points[at].log_loss = metrics.log_loss;
    TRY(auc_judge(&out->points[at].auc, m));
    if (metrics.log_loss < out->points[out->chosen].log_loss) {
        out->chosen = at;
    }
    if (out->chosen == at) {
        out->calibration = calibration;
    }
    return STATUS_OK;
}

/* Term 0 of a fit is its intercept; a calibration names its slope first. */
static enum status covariance_measure(struct blend *out, const struct mixing *m)
{
    const struct sample *s = m->sample;
    struct logistic_fit fit;
    const struct logistic_problem problem = {.row_count = s->row_count,
                                             .column_count = 1,
                                             .x = m->mixed,
                                             .is_bad = s->is_bad,
                                             .weight = m->weight};
    TRY(logistic_compute(&fit, &problem, m->err));
    TRY(logistic_cluster_covariance(&fit, &problem, s->group, s->group_count, m->arena, m->err));
    for (uint32_t j = 0; j < 2; j++) {
        for (uint32_t k = 0; k < 2; k++) {
            out->covariance[j][k] = fit.covariance[1 - j][1 - k];
        }
    }
    return STATUS_OK;
}

static enum status alone_compare(struct blend *out, const struct mixing *m)
{
    const struct sample *s = m->sample;
    for (uint32_t i = 0; i < s->set_count; i++) {
        uint32_t begin = s->sets[i].row_begin;
        uint32_t count = s->sets[i].row_end - begin;
        TRY(auc_compare(&out->less_trees[i], m->mixed + begin, m->trees + begin, s->is_bad + begin,
                        count, m->arena, m->err));
        TRY(auc_compare(&out->less_card[i], m->mixed + begin, m->card + begin, s->is_bad + begin,
                        count, m->arena, m->err));
    }
    return STATUS_OK;
}

enum status blend_choose(struct blend *out, const struct sample *sample, const double *trees,
                         const double *weight, const char *card_path, struct arena *arena,
                         struct error *err)
{
    struct mixing m = {.sample = sample,
                       .trees = trees,
                       .weight = weight,
                       .mixed = arena_array(arena, double, sample->row_count),
                       .pd = arena_array(arena, double, sample->row_count),
                       .arena = arena,
                       .err = err};
    if (m.mixed == NULL || m.pd == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the blend does not fit into memory");
    }
    *out = (struct blend){0};
    TRY(paired_read(&m.card, sample, card_path, arena, err));
    for (uint32_t at = 0; at < BLEND_POINTS; at++) {
        TRY(point_judge(out, at, &m));
    }
    mix(&m, out->points[out->chosen].weight);
    TRY(covariance_measure(out, &m));
    return alone_compare(out, &m);
}
