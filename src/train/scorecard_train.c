/* scorecard_train.c - load, compare variants, fit, calibrate, test, write, read back. */
#include "train/train.h"

#include "train/run.h"

static const size_t TRAIN_ARENA_MAX = (size_t)8 << 30;

/* A run, and what only a scorecard has. */
struct card_run {
    struct run run;
    struct fit_rules rules;
    struct cross_validation validation;
    struct rank_comparison ranks;
    struct scorecard_fit *fit;
};

struct train_options train_options_default(void)
{
    return (struct train_options){
        .id = STR("scorecard"),
        .version = STR("1"),
        .definition = STR("insolvency_12m"),
        .date = STR("2026-11-01"),
        .seed = 1,
    };
}

static enum status out_of_memory(struct error *err)
{
    return error_set(err, STATUS_TOO_LARGE, "", "the training data do not fit into memory");
}

static enum status ranks_compare(struct card_run *r, const struct cross_validation *ranked,
                                 const struct cross_validation *raw, struct error *err)
{
    const struct sample *s = &r->run.sample;
    r->ranks.was_made = true;
    for (uint32_t i = 0; i < s->set_count; i++) {
        uint32_t begin = s->sets[i].row_begin;
        TRY(auc_compare(&r->ranks.by_set[i], ranked->log_odds + begin, raw->log_odds + begin,
                        s->is_bad + begin, s->sets[i].row_end - begin, r->run.arena, err));
    }
    return STATUS_OK;
}

/* Simpler unless proven better: ranks must gain more than one standard error on the mean of the
 * sets. */
static bool ranks_are_better(const struct card_run *r)
{
    double gain = 0;
    double variance = 0;
    for (uint32_t i = 0; i < r->run.sample.set_count; i++) {
        gain += r->ranks.by_set[i].difference;
        variance += r->ranks.by_set[i].se * r->ranks.by_set[i].se;
    }
    return gain > 0 && gain * gain > variance;
}

static enum status variant_choose(struct card_run *r, struct error *err)
{
    const struct train_options *o = r->run.options;
    r->rules = fit_rules_default(o->rank == TRAIN_RANK_ON);
    TRY(cross_validate(&r->validation, &r->run.sample, &r->rules, o->seed, r->run.arena, err));
    if (o->rank != TRAIN_RANK_AUTO || r->run.sample.set_count == 1) {
        return STATUS_OK; /* one country: its ranks order rows as its values do */
    }
    struct cross_validation *ranked = arena_new(r->run.arena, struct cross_validation);
    if (ranked == NULL) {
        return out_of_memory(err);
    }
    struct fit_rules rules = fit_rules_default(true);
    TRY(cross_validate(ranked, &r->run.sample, &rules, o->seed, r->run.arena, err));
    TRY(ranks_compare(r, ranked, &r->validation, err));
    if (ranks_are_better(r)) {
        r->rules = rules;
        r->validation = *ranked;
    }
    return STATUS_OK;
}

static enum status fit_all(struct card_run *r, struct error *err)
{
    uint32_t *all = arena_array(r->run.arena, uint32_t, r->run.sample.row_count);
    r->fit = arena_new(r->run.arena, struct scorecard_fit);
    if (all == NULL || r->fit == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t row = 0; row < r->run.sample.row_count; row++) {
        all[row] = row;
    }
    TRY(scorecard_fit_compute(r->fit, &r->run.sample, all, r->run.sample.row_count, &r->rules,
                              r->run.arena, err));
    TRY(bundle_model_make(&r->run.model, &r->run.sample, r->fit, &r->validation.calibration,
                          r->run.arena, err));
    return bundle_model_rates(&r->run.model, r->run.rates, r->run.arena, err);
}

static enum status run_write(struct buf *out, struct train_summary *summary,
                             const struct card_run *r, struct error *err)
{
    const struct train_options *o = r->run.options;
    uint32_t columns[MODEL_INPUTS_MAX];
    for (uint32_t i = 0; i < r->fit->count; i++) {
        columns[i] = r->fit->items[i].input;
    }
    const struct card card = {.about = r->run.about,
                              .seed = o->seed,
                              .core_only = o->core_only,
                              .is_ranked = r->rules.is_ranked,
                              .excluded = o->excluded,
                              .excluded_count = o->excluded_count,
                              .sample = &r->run.sample,
                              .rules = &r->rules,
                              .validation = &r->validation,
                              .ranks = &r->ranks,
                              .tests = r->run.tests};
    const struct bundle bundle = {.id = o->id,
                                  .version = o->version,
                                  .definition = o->definition,
                                  .date = o->date,
                                  .model = &r->run.model,
                                  .columns = columns,
                                  .fit = r->fit,
                                  .card = &card,
                                  .mappings = r->run.mappings,
                                  .rates = r->run.rates};
    *summary = (struct train_summary){.characteristic_count = r->fit->count,
                                      .is_ranked = r->rules.is_ranked,
                                      .cross_validated_auc = r->validation.mean_auc};
    TRY(run_pair(summary, &r->run, r->validation.log_odds, err));
    return run_ship(out, summary, &r->run, &bundle, err);
}

static enum status run_all(struct buf *out, struct train_summary *summary, struct card_run *r,
                           struct error *err)
{
    TRY(run_load(&r->run, err));
    TRY(variant_choose(r, err));
    TRY(fit_all(r, err));
    TRY(run_judge(&r->run, err));
    return run_write(out, summary, r, err);
}

enum status train_scorecard(struct buf *out, struct train_summary *summary,
                            const struct train_options *options, struct error *err)
{
    CHECK(options->set_count > 0 && options->set_count <= SAMPLE_SETS_MAX);
    struct arena arena;
    arena_init(&arena, TRAIN_ARENA_MAX);
    struct card_run *r = arena_new(&arena, struct card_run);
    enum status status = STATUS_TOO_LARGE;
    if (r != NULL) {
        *r = (struct card_run){
            .run = {.options = options, .arena = &arena}
        };
        status = run_all(out, summary, r, err);
    }
    arena_finish(&arena);
    return status;
}
