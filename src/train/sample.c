/* sample.c - inputs by name, rows one set below the other. */
#include "train/sample.h"

#include <math.h>

static enum status out_of_memory(struct error *err)
{
    return error_set(err, STATUS_TOO_LARGE, "", "the sample does not fit into memory");
}

static uint32_t input_find(const struct sample *s, struct str name)
{
    for (uint32_t i = 0; i < s->input_count; i++) {
        if (str_eq(s->inputs[i].name, name)) {
            return i;
        }
    }
    return s->input_count;
}

static void input_add(struct sample *s, struct str name)
{
    struct sample_input *input = &s->inputs[s->input_count++];
    *input =
        (struct sample_input){.name = name, .feature = feature_find(name), .edge_min = NO_EDGE_MIN};
    if (input->feature != FEATURE_NONE) {
        input->direction = feature_info(input->feature)->direction;
        input->edge_min = feature_info(input->feature)->edge_min;
    }
}

static enum status inputs_collect(struct sample *s, struct arena *arena, struct error *err)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < s->set_count; i++) {
        most += s->sets[i].mapping.feature_count;
    }
    s->inputs = arena_array(arena, struct sample_input, most);
    s->values = arena_array(arena, double *, most);
    if (s->inputs == NULL || s->values == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t i = 0; i < s->set_count; i++) {
        const struct mapping *m = &s->sets[i].mapping;
        for (uint32_t f = 0; f < m->feature_count; f++) {
            if (input_find(s, m->features[f].name) == s->input_count) {
                input_add(s, m->features[f].name);
            }
        }
    }
    return STATUS_OK;
}

static enum status columns_allocate(struct sample *s, struct arena *arena, struct error *err)
{
    s->is_bad = arena_array(arena, uint8_t, s->row_count);
    s->weight = arena_array(arena, double, s->row_count);
    s->group = arena_array(arena, uint32_t, s->row_count);
    s->set = arena_array(arena, uint8_t, s->row_count);
    if (s->is_bad == NULL || s->weight == NULL || s->group == NULL || s->set == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t input = 0; input < s->input_count; input++) {
        s->values[input] = arena_array(arena, double, s->row_count);
        if (s->values[input] == NULL) {
            return out_of_memory(err);
        }
        for (uint32_t row = 0; row < s->row_count; row++) {
            s->values[input][row] = NAN;
        }
    }
    return STATUS_OK;
}

/* Count the rows that came from each file. */
static void files_count(struct sample_set *set, const struct rows *rows)
{
    uint32_t file = 0;
    for (uint32_t i = 0; i < rows->row_count; i++) {
        while (file + 1 < set->file_count && rows->table_row[i] >= set->files[file].row_end) {
            file++;
        }
        set->file_rows[file]++;
        set->file_bads[file] += rows->is_bad[i];
    }
}

static void set_copy(struct sample *s, uint32_t index, const struct rows *rows, uint32_t at)
{
    struct sample_set *set = &s->sets[index];
    set->row_begin = at;
    set->row_end = at + rows->row_count;
    set->bad_count = rows->bad_count;
    files_count(set, rows);
    for (uint32_t i = 0; i < rows->row_count; i++) {
        s->is_bad[at + i] = rows->is_bad[i];
        s->weight[at + i] = rows->weight[i];
        s->group[at + i] = s->group_count + rows->group[i];
        s->set[at + i] = (uint8_t)index;
    }
    for (uint32_t f = 0; f < set->mapping.feature_count; f++) {
        uint32_t input = input_find(s, set->mapping.features[f].name);
        for (uint32_t i = 0; i < rows->row_count; i++) {
            s->values[input][at + i] = rows->values[f][i];
        }
    }
    s->group_count += rows->group_count;
}

enum status sample_pool(struct sample *out, struct sample_set *sets, const struct rows *rows,
                        uint32_t set_count, struct arena *arena, struct error *err)
{
    CHECK(set_count > 0 && set_count <= SAMPLE_SETS_MAX);
    struct sample s = {.sets = sets, .set_count = set_count};
    for (uint32_t i = 0; i < set_count; i++) {
        s.row_count += rows[i].row_count;
    }
    TRY(inputs_collect(&s, arena, err));
    TRY(columns_allocate(&s, arena, err));
    uint32_t at = 0;
    for (uint32_t i = 0; i < set_count; i++) {
        set_copy(&s, i, &rows[i], at);
        at += rows[i].row_count;
    }
    *out = s;
    return STATUS_OK;
}

struct set_weights {
    double good[SAMPLE_SETS_MAX], bad[SAMPLE_SETS_MAX];
};

/* The share of bads common to all sets: the mean of theirs, by the weights of the mappings. */
static double common_rate(const struct set_weights *sums, const struct sample *sample)
{
    double shares = 0;
    double rates = 0;
    for (uint32_t i = 0; i < sample->set_count; i++) {
        double share = sample->sets[i].mapping.weight;
        shares += share;
        rates += share * sums->bad[i] / (sums->good[i] + sums->bad[i]);
    }
    return rates / shares;
}

enum status sample_weigh(double *weight, double *bad_rate, const struct sample *sample,
                         const uint32_t *chosen, uint32_t count, struct error *err)
{
    struct set_weights sums = {0};
    for (uint32_t i = 0; i < count; i++) {
        double *class = sample->is_bad[chosen[i]] ? sums.bad : sums.good;
        class[sample->set[chosen[i]]] += sample->weight[chosen[i]];
    }
    double shares = 0;
    for (uint32_t i = 0; i < sample->set_count; i++) {
        if (!(sums.good[i] > 0) || !(sums.bad[i] > 0)) {
            return error_set(err, STATUS_INVALID, "",
                             "the set \"%.*s\" has no good or no bad rows to learn from",
                             STR_ARGS(sample->sets[i].mapping.name));
        }
        shares += sample->sets[i].mapping.weight;
    }
    double rate = common_rate(&sums, sample);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t set = sample->set[chosen[i]];
        double set_total = count * sample->sets[set].mapping.weight / shares;
        double factor = sample->is_bad[chosen[i]] ? set_total * rate / sums.bad[set]
                                                  : set_total * (1 - rate) / sums.good[set];
        weight[i] = sample->weight[chosen[i]] * factor;
    }
    *bad_rate = rate;
    return STATUS_OK;
}
