/* cross_validate.c - fit on all folds but one, score that one, go round. */
#include "train/cross_validate.h"

#include "train/fold.h"

static enum status out_of_memory(struct error *err)
{
    return error_set(err, STATUS_TOO_LARGE, "", "the cross-validation does not fit into memory");
}

/* Fit without `held_out` and score it. */
static enum status fold_score(double *log_odds, const struct sample *sample, const uint8_t *fold,
                              uint32_t held_out, const struct fit_rules *rules,
                              struct arena *scratch, struct error *err)
{
    uint32_t *chosen = arena_array(scratch, uint32_t, sample->row_count);
    struct scorecard_fit *fit = arena_new(scratch, struct scorecard_fit);
    if (chosen == NULL || fit == NULL) {
        return out_of_memory(err);
    }
    uint32_t count = 0;
    for (uint32_t row = 0; row < sample->row_count; row++) {
        if (fold[row] != held_out) {
            chosen[count++] = row;
        }
    }
    TRY(scorecard_fit_compute(fit, sample, chosen, count, rules, scratch, err));
    for (uint32_t row = 0; row < sample->row_count; row++) {
        if (fold[row] == held_out) {
            log_odds[row] = scorecard_fit_log_odds(fit, sample, row);
        }
    }
    return STATUS_OK;
}

static enum status folds_score(double *log_odds, const struct sample *sample,
                               const struct fit_rules *rules, uint64_t seed, struct arena *arena,
                               struct error *err)
{
    uint8_t *fold = arena_array(arena, uint8_t, sample->row_count);
    if (fold == NULL) {
        return out_of_memory(err);
    }
    const struct fold_request request = {.row_count = sample->row_count,
                                         .group = sample->group,
                                         .group_count = sample->group_count,
                                         .is_bad = sample->is_bad,
                                         .set = sample->set,
                                         .fold_count = FOLDS_DEFAULT,
                                         .seed = seed};
    TRY(fold_assign(fold, &request, arena, err));
    struct arena scratch;
    arena_init(&scratch, arena->limit);
    enum status status = STATUS_OK;
    for (uint32_t k = 0; status == STATUS_OK && k < FOLDS_DEFAULT; k++) {
        status = fold_score(log_odds, sample, fold, k, rules, &scratch, err);
        arena_reset(&scratch);
    }
    arena_finish(&scratch);
    return status;
}

static enum status pooled_figures(struct cross_validation *out, const struct sample *sample,
                                  struct arena *arena, struct error *err)
{
    double *pd = arena_array(arena, double, sample->row_count);
    if (pd == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t row = 0; row < sample->row_count; row++) {
        pd[row] = calibrate_pd(&out->calibration, out->log_odds[row], out->calibration.train_rate);
    }
    const struct scored all = {sample->row_count, pd, sample->is_bad, out->weight};
    return metrics_compute(&out->pooled, &all, arena, err);
}

static enum status set_figures(struct cross_validation *out, const struct sample *sample,
                               uint32_t index, struct arena *arena, struct error *err)
{
    const struct sample_set *set = &sample->sets[index];
    const struct scored rows = {
        .count = set->row_end - set->row_begin,
        .pd = out->log_odds + set->row_begin,
        .is_bad = sample->is_bad + set->row_begin,
        .weight = sample->weight + set->row_begin,
    };
    return metrics_compute(&out->by_set[index], &rows, arena, err);
}

enum status cross_validation_judge(struct cross_validation *out, const struct sample *sample,
                                   struct arena *arena, struct error *err)
{
    TRY(calibrate_platt(&out->calibration, out->log_odds, sample->is_bad, out->weight,
                        sample->row_count, err));
    TRY(pooled_figures(out, sample, arena, err));
    double shares = 0;
    for (uint32_t i = 0; i < sample->set_count; i++) {
        TRY(set_figures(out, sample, i, arena, err));
        shares += sample->sets[i].mapping.weight;
        out->mean_auc += sample->sets[i].mapping.weight * out->by_set[i].auc;
    }
    out->mean_auc /= shares;
    return STATUS_OK;
}

enum status cross_validate(struct cross_validation *out, const struct sample *sample,
                           const struct fit_rules *rules, uint64_t seed, struct arena *arena,
                           struct error *err)
{
    *out = (struct cross_validation){0};
    out->log_odds = arena_array(arena, double, sample->row_count);
    out->weight = arena_array(arena, double, sample->row_count);
    uint32_t *all = arena_array(arena, uint32_t, sample->row_count);
    if (out->log_odds == NULL || out->weight == NULL || all == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t row = 0; row < sample->row_count; row++) {
        all[row] = row;
    }
    double rate;
    TRY(sample_weigh(out->weight, &rate, sample, all, sample->row_count, err));
    TRY(folds_score(out->log_odds, sample, rules, seed, arena, err));
    return cross_validation_judge(out, sample, arena, err);
}
