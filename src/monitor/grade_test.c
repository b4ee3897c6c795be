/* grade_test.c - formulas, nothing else. */
#include "monitor/grade_test.h"

#include "monitor/distribution.h"

static const double level = 0.95;

void grade_test(struct grade_test *out, const struct grade_count *count)
{
    *out = (struct grade_test){.binomial_p = 1, .jeffreys_high = 1, .jeffreys_p = 1};
    if (count->n == 0) {
        return;
    }
    double a = count->bads + 0.5, b = (double)(count->n - count->bads) + 0.5;
    out->mean_pd = count->pd_sum / count->n;
    out->mean_pd = out->mean_pd > 1 ? 1 : out->mean_pd; /* a sum of shares may round above */
    out->default_rate = (double)count->bads / count->n;
    out->binomial_p = binomial_upper_tail(count->n, count->bads, out->mean_pd);
    out->jeffreys_low = count->bads == 0 ? 0 : beta_quantile(a, b, (1 - level) / 2);
    out->jeffreys_high = count->bads == count->n ? 1 : beta_quantile(a, b, (1 + level) / 2);
    out->jeffreys_p = beta_cdf(a, b, out->mean_pd);
    out->light = out->jeffreys_p < GRADE_TEST_RED     ? LIGHT_RED
                 : out->jeffreys_p < GRADE_TEST_AMBER ? LIGHT_AMBER
                                                      : LIGHT_GREEN;
}

void hosmer_lemeshow(struct hosmer_lemeshow *out, const struct grade_count *counts, uint32_t count)
{
    *out = (struct hosmer_lemeshow){.p = 1};
    for (uint32_t i = 0; i < count; i++) {
        double pd = counts[i].n == 0 ? 0 : counts[i].pd_sum / counts[i].n;
        if (pd > 0 && pd < 1) {
            double expected = counts[i].n * pd, difference = counts[i].bads - expected;
            out->statistic += difference * difference / (expected * (1 - pd));
            out->degrees++;
        }
    }
    if (out->degrees > 0) {
        out->p = chi2_upper_tail(out->statistic, out->degrees);
    }
}

double herfindahl(const uint32_t *counts, uint32_t count)
{
    double total = 0, squares = 0;
    for (uint32_t i = 0; i < count; i++) {
        total += counts[i];
        squares += (double)counts[i] * counts[i];
    }
    return total > 0 ? squares / (total * total) : 0;
}
