/* reference.c - weighted quantiles: the smallest value below which at least that share of the
 * weight lies. */
#include "train/reference.h"

#include "format/decimal.h"

#include <math.h>
#include <stdlib.h>

enum { REFERENCE_DIGITS = 12 };

struct weighted_value {
    double value, weight;
};

/* Which rows a table is made of: those of one country, or all. */
struct population {
    struct str country; /* "*": all */
    const struct sample *sample;
    const uint32_t *chosen;
    uint32_t count;
};

void country_of_set(char country[3], const struct sample *sample, uint32_t set)
{
    struct str name = sample->sets[set].mapping.country;
    CHECK(name.len >= 1 && name.len <= 2);
    country[0] = name.ptr[0];
    country[1] = name.len == 2 ? name.ptr[1] : '\0';
    country[2] = '\0';
}

static int weighted_value_compare(const void *left, const void *right)
{
    const struct weighted_value *a = left;
    const struct weighted_value *b = right;
    return a->value < b->value ? -1 : a->value > b->value;
}

static bool set_is_of(const struct population *p, uint32_t set)
{
    return str_eq(p->country, STR("*")) || str_eq(p->country, p->sample->sets[set].mapping.country);
}

/* The known values of `input` in the population, each set weighing one in all; ascending. */
static uint32_t values_gather(struct weighted_value *out, const struct population *p,
                              uint32_t input)
{
    uint32_t known[SAMPLE_SETS_MAX] = {0};
    for (uint32_t i = 0; i < p->count; i++) {
        known[p->sample->set[p->chosen[i]]] +=
            isnan(p->sample->values[input][p->chosen[i]]) ? 0u : 1u;
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        double value = p->sample->values[input][p->chosen[i]];
        uint32_t set = p->sample->set[p->chosen[i]];
        if (!isnan(value) && set_is_of(p, set)) {
            out[n++] = (struct weighted_value){value, 1.0 / known[set]};
        }
    }
    qsort(out, n, sizeof *out, weighted_value_compare);
    return n;
}

static void quantiles_read(double *quantiles, const struct weighted_value *values, uint32_t count)
{
    double total = 0;
    for (uint32_t i = 0; i < count; i++) {
        total += values[i].weight;
    }
    uint32_t at = 0;
    double below = 0;
    for (uint32_t q = 0; q < MODEL_QUANTILES; q++) {
        double wanted = total * q / (MODEL_QUANTILES - 1);
        while (at + 1 < count && below + values[at].weight < wanted - 1e-9 * total) {
            below += values[at].weight;
            at++;
        }
        quantiles[q] = double_round_digits(values[at].value, REFERENCE_DIGITS);
    }
    quantiles[MODEL_QUANTILES - 1] = double_round_digits(values[count - 1].value, REFERENCE_DIGITS);
}

static bool input_is_ranked(const struct sample_input *input)
{
    return input->feature == FEATURE_NONE || feature_info(input->feature)->unit != UNIT_FLAG;
}

/* `pooled` (NULL: this is the one) lends its table for an input that the population never states:
 * all tables rank the same inputs. */
static enum status table_compute(struct model_reference *out, const struct model_reference *pooled,
                                 const struct population *p, struct weighted_value *room,
                                 struct arena *arena, struct error *err)
{
    const double **tables = arena_array(arena, const double *, p->sample->input_count);
    struct str *country = arena_new(arena, struct str);
    if (tables == NULL || country == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the reference does not fit into memory");
    }
    for (uint32_t input = 0; input < p->sample->input_count; input++) {
        uint32_t n = input_is_ranked(&p->sample->inputs[input]) ? values_gather(room, p, input) : 0;
        if (n == 0) {
            tables[input] = pooled == NULL ? NULL : pooled->quantiles[input];
            continue;
        }
        double *quantiles = arena_array(arena, double, MODEL_QUANTILES);
        if (quantiles == NULL) {
            return error_set(err, STATUS_TOO_LARGE, "", "the reference does not fit into memory");
        }
        quantiles_read(quantiles, room, n);
        tables[input] = quantiles;
    }
    *country = p->country;
    *out =
        (struct model_reference){.name = str_eq(p->country, STR("*")) ? STR("pooled") : p->country,
                                 .country_count = 1,
                                 .countries = country,
                                 .quantiles = tables};
    return STATUS_OK;
}

/* The first set of a country that is not "*". */
static bool is_first_of_country(const struct sample *sample, uint32_t set)
{
    struct str country = sample->sets[set].mapping.country;
    for (uint32_t i = 0; i < set; i++) {
        if (str_eq(country, sample->sets[i].mapping.country)) {
            return false;
        }
    }
    return !str_eq(country, STR("*"));
}

enum status reference_compute(struct model *ranks, const struct sample *sample,
                              const uint32_t *chosen, uint32_t count, struct arena *arena,
                              struct error *err)
{
    struct model_reference *tables =
        arena_array(arena, struct model_reference, sample->set_count + 1);
    struct model_input *inputs = arena_array(arena, struct model_input, sample->input_count);
    struct weighted_value *room = arena_array(arena, struct weighted_value, count);
    if (tables == NULL || inputs == NULL || room == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the reference does not fit into memory");
    }
    *ranks =
        (struct model){.input_count = sample->input_count, .inputs = inputs, .references = tables};
    for (uint32_t input = 0; input < sample->input_count; input++) {
        inputs[input] = (struct model_input){.name = sample->inputs[input].name,
                                             .feature = sample->inputs[input].feature};
    }
    struct population p = {STR("*"), sample, chosen, count};
    struct model_reference pooled;
    TRY(table_compute(&pooled, NULL, &p, room, arena, err));
    for (uint32_t set = 0; set < sample->set_count; set++) {
        if (is_first_of_country(sample, set)) {
            struct model_reference *table = &tables[ranks->reference_count++];
            p.country = sample->sets[set].mapping.country;
            TRY(table_compute(table, &pooled, &p, room, arena, err));
        }
    }
    tables[ranks->reference_count++] = pooled;
    return STATUS_OK;
}

double reference_edge_min(const struct model *ranks, const struct sample *sample, uint32_t input)
{
    double raw = sample->inputs[input].edge_min;
    if (raw == NO_EDGE_MIN || ranks->reference_count == 0) {
        return raw;
    }
    double highest = 0;
    for (uint32_t i = 0; i < ranks->reference_count; i++) {
        const struct str *country = &ranks->references[i].countries[0];
        char name[3] = {country->ptr[0], country->len == 2 ? country->ptr[1] : '\0', '\0'};
        double rank = model_rank(ranks, input, name, raw);
        highest = rank > highest ? rank : highest;
    }
    return highest;
}
