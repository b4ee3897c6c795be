/* scorecard_fit.c - bin every input, select, regress, drop what has the wrong sign. */
#include "train/scorecard_fit.h"

#include "train/reference.h"

#include <math.h>

/* The rows to learn from, gathered, and what each input made of them. */
struct fitting {
    const struct sample *sample;
    const struct fit_rules *rules;
    uint32_t count;
    const uint32_t *chosen;
    uint8_t *is_bad;
    uint32_t *group;
    double *weight;
    double *x;         /* one input's values */
    double **woe;      /* woe[input][i] */
    struct bins *bins; /* by input */
    struct selection selection;
};

struct fit_rules fit_rules_default(bool is_ranked)
{
    const struct binning_rules binning = {.prebin_count = 20, .share_min = 0.05, .bads_min = 5};
    struct fit_rules rules = {.is_ranked = is_ranked, .binning = binning};
    rules.selection.iv_min = 0.02;
    rules.selection.correlation_max = 0.75;
    rules.selection.gain_min = 2;
    rules.selection.count_max = 15;
    rules.selection.ridge = 1;
    return rules;
}

static enum status out_of_memory(struct error *err)
{
    return error_set(err, STATUS_TOO_LARGE, "", "the fit does not fit into memory");
}

static enum status fitting_allocate(struct fitting *f, struct arena *arena, struct error *err)
{
    f->is_bad = arena_array(arena, uint8_t, f->count);
    f->group = arena_array(arena, uint32_t, f->count);
    f->weight = arena_array(arena, double, f->count);
    f->x = arena_array(arena, double, f->count);
    f->woe = arena_array(arena, double *, f->sample->input_count);
    f->bins = arena_array(arena, struct bins, f->sample->input_count);
    if (f->is_bad == NULL || f->group == NULL || f->weight == NULL || f->x == NULL ||
        f->woe == NULL || f->bins == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t input = 0; input < f->sample->input_count; input++) {
        f->woe[input] = arena_array(arena, double, f->count);
        if (f->woe[input] == NULL) {
            return out_of_memory(err);
        }
    }
    for (uint32_t i = 0; i < f->count; i++) {
        f->is_bad[i] = f->sample->is_bad[f->chosen[i]];
        f->group[i] = f->sample->group[f->chosen[i]];
    }
    return STATUS_OK;
}

/* The value the card reads: raw, or ranked in its country. */
static double value_of(const struct scorecard_fit *fit, const struct sample *sample, uint32_t input,
                       uint32_t row)
{
    double value = sample->values[input][row];
    if (isnan(value) || fit->ranks.reference_count == 0) {
        return value;
    }
    char country[3];
    country_of_set(country, sample, sample->set[row]);
    return model_rank(&fit->ranks, input, country, value);
}

static enum status inputs_bin(struct fitting *f, const struct scorecard_fit *fit, struct error *err)
{
    const struct sample *s = f->sample;
    struct arena scratch;
    arena_init(&scratch, SIZE_MAX);
    enum status status = STATUS_OK;
    for (uint32_t input = 0; status == STATUS_OK && input < s->input_count; input++) {
        for (uint32_t i = 0; i < f->count; i++) {
            f->x[i] = value_of(fit, s, input, f->chosen[i]);
        }
        const struct binning_input in = {
            .count = f->count,
            .x = f->x,
            .is_bad = f->is_bad,
            .weight = f->weight,
            .direction = s->inputs[input].direction,
            .edge_min = reference_edge_min(&fit->ranks, s, input),
        };
        status = binning_compute(&f->bins[input], &in, &f->rules->binning, &scratch, err);
        for (uint32_t i = 0; status == STATUS_OK && i < f->count; i++) {
            f->woe[input][i] = bins_woe(&f->bins[input], f->x[i]);
        }
        arena_reset(&scratch);
    }
    arena_finish(&scratch);
    return status;
}

static enum status inputs_select(struct fitting *f, struct arena *arena, struct error *err)
{
    uint32_t input_count = f->sample->input_count;
    struct candidate *candidates = arena_array(arena, struct candidate, input_count);
    double *design = arena_array(arena, double, (size_t)f->count * f->rules->selection.count_max);
    if (candidates == NULL || design == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t input = 0; input < input_count; input++) {
        bool has_bins = f->bins[input].edge_count > 0;
        candidates[input] = (struct candidate){has_bins, f->bins[input].iv, f->woe[input]};
    }
    f->selection = (struct selection){.candidates = candidates,
                                      .candidate_count = input_count,
                                      .row_count = f->count,
                                      .is_bad = f->is_bad,
                                      .weight = f->weight,
                                      .design = design};
    return selection_compute(&f->selection, &f->rules->selection, arena, err);
}

static enum status covariance_cluster(struct fitting *f, struct arena *arena, struct error *err)
{
    struct logistic_problem problem = selection_problem(&f->selection, f->rules->selection.ridge);
    return logistic_cluster_covariance(&f->selection.fit, &problem, f->group,
                                       f->sample->group_count, arena, err);
}

static void fit_write(struct scorecard_fit *out, const struct fitting *f)
{
    const struct logistic_fit *regression = &f->selection.fit;
    out->intercept = regression->coefficients[0];
    out->count = f->selection.selected_count;
    for (uint32_t k = 0; k < f->selection.selected_count; k++) {
        out->items[k] = (struct fit_characteristic){
            .input = f->selection.selected[k],
            .bins = f->bins[f->selection.selected[k]],
            .coefficient = regression->coefficients[k + 1],
        };
    }
    for (uint32_t j = 0; j < regression->term_count; j++) {
        for (uint32_t k = 0; k < regression->term_count; k++) {
            out->covariance[j][k] = regression->covariance[j][k];
        }
    }
}

enum status scorecard_fit_compute(struct scorecard_fit *out, const struct sample *sample,
                                  const uint32_t *chosen, uint32_t count,
                                  const struct fit_rules *rules, struct arena *arena,
                                  struct error *err)
{
    struct fitting f = {.sample = sample, .rules = rules, .count = count, .chosen = chosen};
    *out = (struct scorecard_fit){0};
    TRY(fitting_allocate(&f, arena, err));
    TRY(sample_weigh(f.weight, &out->bad_rate, sample, chosen, count, err));
    if (rules->is_ranked) {
        TRY(reference_compute(&out->ranks, sample, chosen, count, arena, err));
    }
    TRY(inputs_bin(&f, out, err));
    TRY(inputs_select(&f, arena, err));
    TRY(covariance_cluster(&f, arena, err));
    fit_write(out, &f);
    return STATUS_OK;
}

static double woe_of(const struct scorecard_fit *fit, const struct sample *sample, uint32_t item,
                     uint32_t row)
{
    double x = value_of(fit, sample, fit->items[item].input, row);
    return bins_woe(&fit->items[item].bins, x);
}

double scorecard_fit_log_odds(const struct scorecard_fit *fit, const struct sample *sample,
                              uint32_t row)
{
    double sum = fit->intercept;
    for (uint32_t k = 0; k < fit->count; k++) {
        sum += fit->items[k].coefficient * woe_of(fit, sample, k, row);
    }
    return sum;
}

double scorecard_fit_variance(const struct scorecard_fit *fit, const struct sample *sample,
                              uint32_t row)
{
    double terms[LOGISTIC_TERMS_MAX] = {1};
    for (uint32_t k = 0; k < fit->count; k++) {
        terms[k + 1] = woe_of(fit, sample, k, row);
    }
    double variance = 0;
    for (uint32_t j = 0; j <= fit->count; j++) {
        for (uint32_t k = 0; k <= fit->count; k++) {
            variance += terms[j] * fit->covariance[j][k] * terms[k];
        }
    }
    return variance;
}
