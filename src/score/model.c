/* model.c - asking a model for its rates.  Reading one is model_read.c. */
#include "score/model.h"

#include "score/stack.h"

#include <stdlib.h>

void model_destroy(struct model *model)
{
    if (model != NULL) {
        arena_finish(&model->arena);
        free(model);
    }
}

uint32_t model_tendency_row(const struct model *model, const char *country, char section)
{
    uint32_t found = 0;
    int best = -1; /* 3: the pair, 2: the country, 1: the section, 0: anybody */
    for (uint32_t i = 0; i < model->tendency_count; i++) {
        const struct central_tendency *row = &model->tendencies[i];
        bool is_any_country = row->country[0] == '*';
        bool is_any_section = row->section == '*';
        /* The letter first: it costs less to compare, and rules out most. */
        bool fits = (is_any_section || row->section == section) &&
                    (is_any_country || strcmp(row->country, country) == 0);
        int exactness = (is_any_country ? 0 : 2) + (is_any_section ? 0 : 1);
        if (fits && exactness > best) {
            best = exactness;
            found = i;
        }
    }
    CHECK(best >= 0);
    return found;
}

double model_central_tendency(const struct model *model, const char *country, char section)
{
    return model->tendencies[model_tendency_row(model, country, section)].rate;
}

/* The highest of all rows that could speak for a company of unstated country. */
static double worst_rate_of_any_country(const struct model *model, char section)
{
    double worst = 0.0;
    for (uint32_t i = 0; i < model->tendency_count; i++) {
        const struct central_tendency *row = &model->tendencies[i];
        bool fits = section == '\0' || row->section == '*' || row->section == section;
        if (fits && row->rate > worst) {
            worst = row->rate;
        }
    }
    return worst;
}

double model_worst_tendency(const struct model *model, const char *country, char section)
{
    if (country[0] == '\0') {
        return worst_rate_of_any_country(model, section);
    }
    double worst = model_central_tendency(model, country, section);
    for (char letter = 'A'; section == '\0' && letter <= MODEL_SECTION_LAST; letter++) {
        double rate = model_central_tendency(model, country, letter);
        worst = rate > worst ? rate : worst;
    }
    return worst;
}

double model_age_multiplier(const struct model *model, struct known age_years)
{
    for (uint32_t i = 0; i < model->age_multiplier_count; i++) {
        if (!age_years.is_known || age_years.value < model->age_multipliers[i].below_years) {
            return model->age_multipliers[i].multiplier;
        }
    }
    return 1.0;
}

double model_log_odds(const struct model *model, const struct known *inputs, const char *country)
{
    double sum = model->stack_intercept;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        enum block block = (enum block)i;
        if (stack_uses(model, block, inputs)) {
            double log_odds = block_log_odds(model, block, inputs, country);
            sum += stack_term(&model->blocks[i], log_odds);
        }
    }
    return sum;
}
