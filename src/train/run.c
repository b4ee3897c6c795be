/* run.c - load, judge, ship: what every kind of training does alike. */
#include "train/run.h"

#include "crypto/digest.h"
#include "train/paired.h"

static enum status out_of_memory(struct error *err)
{
    return error_set(err, STATUS_TOO_LARGE, "", "the training data do not fit into memory");
}

/* A name, or the beginning of names and a star. */
static bool exclusion_fits(struct str exclusion, struct str name)
{
    if (exclusion.len > 0 && exclusion.ptr[exclusion.len - 1] == '*') {
        return str_starts_with(name, str_slice(exclusion, 0, exclusion.len - 1));
    }
    return str_eq(exclusion, name);
}

static bool input_is_wanted(struct str name, const void *context)
{
    const struct train_options *o = context;
    for (uint32_t i = 0; i < o->excluded_count; i++) {
        if (exclusion_fits(o->excluded[i], name)) {
            return false;
        }
    }
    enum feature feature = feature_find(name);
    return !o->core_only || (feature != FEATURE_NONE && feature_info(feature)->is_core);
}

static bool mapping_has(const struct mapping *m, struct str exclusion)
{
    for (uint32_t i = 0; i < m->feature_count; i++) {
        if (exclusion_fits(exclusion, m->features[i].name)) {
            return true;
        }
    }
    return false;
}

static enum status mapping_get(struct mapping *out, struct run *run, uint32_t index,
                               const struct table *table, struct error *err)
{
    const struct train_options *o = run->options;
    if (o->sets[index].mapping != NULL) {
        TRY(mapping_load(out, o->sets[index].mapping, run->arena, err));
    } else {
        struct str excluded[TRAIN_EXCLUDED_MAX + 3] = {o->label, o->group, o->weight};
        for (uint32_t i = 0; i < o->excluded_count; i++) {
            excluded[3 + i] = o->excluded[i];
        }
        TRY(mapping_of_columns(out, table, excluded, 3 + o->excluded_count, run->arena, err));
    }
    for (uint32_t i = 0; i < o->excluded_count; i++) {
        run->excluded_is_known[i] |=
            table_find(table, o->excluded[i]) != NULL || mapping_has(out, o->excluded[i]);
    }
    mapping_keep(out, input_is_wanted, o);
    if (out->feature_count == 0) {
        return error_set(
            err, STATUS_INVALID, "",
            o->core_only ? "no input of the set \"%.*s\" is a core ratio: --features core keeps "
                           "inputs named as in the catalogue, which a --mapping file computes"
                         : "no input of the set \"%.*s\" is left: see --exclude",
            STR_ARGS(out->name));
    }
    return STATUS_OK;
}

/* The mapping's condition and the command line's, both. */
static struct str where_join(struct str mapped, struct str given, struct arena *arena)
{
    if (mapped.len == 0 || given.len == 0) {
        return mapped.len == 0 ? given : mapped;
    }
    return arena_printf(arena, "(%.*s) and (%.*s)", STR_ARGS(mapped), STR_ARGS(given));
}

static enum status set_load(struct sample_set *set, struct rows *rows, struct run *run,
                            uint32_t index, struct error *err)
{
    const struct train_options *o = run->options;
    const struct train_set *from = &o->sets[index];
    struct table table;
    set->file_count = from->data_count;
    TRY(table_load(&table, set->files, from->data, from->data_count, run->arena, err));
    TRY(mapping_get(&set->mapping, run, index, &table, err));
    const struct rows_request request = {
        .table = &table,
        .mapping = &set->mapping,
        .label = o->label,
        .group = o->group,
        .weight = o->weight,
        .where = where_join(set->mapping.where, o->where, run->arena),
        .is_pooled = o->set_count > 1,
    };
    TRY(rows_compute(rows, &request, run->arena, err));
    set->mapping.label = rows->label;
    set->mapping.group = rows->group_column;
    return STATUS_OK;
}

static enum status sample_load(struct run *run, struct error *err)
{
    uint32_t count = run->options->set_count;
    struct sample_set *sets = arena_array(run->arena, struct sample_set, count);
    struct rows *rows = arena_array(run->arena, struct rows, count);
    if (sets == NULL || rows == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t i = 0; i < count; i++) {
        TRY(set_load(&sets[i], &rows[i], run, i, err));
    }
    return sample_pool(&run->sample, sets, rows, count, run->arena, err);
}

static enum status file_of_json(const struct json **out, const char *path, struct arena *arena,
                                struct error *err)
{
    *out = NULL;
    if (path == NULL) {
        return STATUS_OK;
    }
    struct str text;
    struct json_error wrong;
    TRY(file_load(&text, path, arena, err));
    *out = json_read(text, arena, &wrong);
    if (*out == NULL) {
        return error_set(err, STATUS_INVALID, "", "%.100s: line %u, column %u: %s", path,
                         wrong.line, wrong.column, wrong.message);
    }
    if ((*out)->type != JSON_OBJECT) {
        return error_set(err, STATUS_INVALID, "", "%.100s: a JSON object is expected", path);
    }
    return STATUS_OK;
}

enum status run_load(struct run *run, struct error *err)
{
    const struct train_options *o = run->options;
    TRY(file_of_json(&run->rates, o->central_tendency, run->arena, err));
    TRY(file_of_json(&run->about, o->card, run->arena, err));
    return sample_load(run, err);
}

/* ---- after the fit ---- */

static bool input_is_used(struct str name, const void *context)
{
    const struct model *model = context;
    for (uint32_t i = 0; i < model->input_count; i++) {
        if (str_eq(model->inputs[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* Cut each set's mapping to what the card reads.  A group without an order serves folds only. */
static enum status mappings_cut(struct run *run, struct error *err)
{
    const struct sample *s = &run->sample;
    run->mappings = arena_array(run->arena, struct mapping, s->set_count);
    if (run->mappings == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t i = 0; i < s->set_count; i++) {
        run->mappings[i] = s->sets[i].mapping;
        mapping_keep(&run->mappings[i], input_is_used, &run->model);
        if (run->mappings[i].order.len == 0) {
            run->mappings[i].group = STR("");
        }
    }
    return STATUS_OK;
}

static enum status set_test(struct run *run, uint32_t index, struct error *err)
{
    const struct train_options *o = run->options;
    const struct train_set *from = &o->sets[index];
    struct test_figures *test = &run->tests[index];
    if (from->test_count == 0) {
        return STATUS_OK;
    }
    struct table table;
    struct rows rows;
    struct evaluation evaluation;
    const struct mapping *mapping = &run->mappings[index];
    TRY(table_load(&table, test->files, from->test, from->test_count, run->arena, err));
    const struct rows_request request = {.table = &table,
                                         .mapping = mapping,
                                         .label = o->label,
                                         .weight = o->weight,
                                         .where = mapping->test_where,
                                         .is_pooled = o->set_count > 1};
    TRY(rows_compute(&rows, &request, run->arena, err));
    TRY(evaluate_rows(&evaluation, &run->model, mapping, &rows, run->arena, err));
    test->metrics = evaluation.metrics;
    test->file_count = from->test_count;
    test->is_given = true;
    return STATUS_OK;
}

static enum status tests_score(struct run *run, struct error *err)
{
    run->tests = arena_array(run->arena, struct test_figures, run->sample.set_count);
    if (run->tests == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t i = 0; i < run->sample.set_count; i++) {
        TRY(set_test(run, i, err));
    }
    return STATUS_OK;
}

enum status run_judge(struct run *run, struct error *err)
{
    TRY(mappings_cut(run, err));
    return tests_score(run, err);
}

enum status run_pair(struct train_summary *summary, const struct run *run, const double *log_odds,
                     struct error *err)
{
    const struct train_options *o = run->options;
    if (o->held_out != NULL) {
        paired_write(o->held_out, &run->sample, log_odds);
        if (buf_failed(o->held_out)) {
            return out_of_memory(err);
        }
    }
    if (o->against == NULL) {
        return STATUS_OK;
    }
    summary->against_count = run->sample.set_count;
    return paired_compare(summary->against, &run->sample, log_odds, o->against, run->arena, err);
}

/* What cannot be read back must not be shipped. */
static enum status bundle_check(struct str text, struct error *err)
{
    struct model *model = NULL;
    struct error wrong = {0};
    enum status status = model_read(&model, text, &wrong);
    model_destroy(model);
    if (status != STATUS_OK) {
        return error_set(err, STATUS_INVALID, wrong.field, "the bundle would be refused: %.240s",
                         wrong.message);
    }
    return STATUS_OK;
}

static void summary_fill(struct train_summary *out, const struct run *run, struct str text)
{
    struct digest digest = digest_of(text);
    out->row_count = run->sample.row_count;
    for (uint32_t i = 0; i < run->sample.set_count; i++) {
        out->bad_count += run->sample.sets[i].bad_count;
    }
    for (uint32_t i = 0; i < run->options->excluded_count; i++) {
        if (!run->excluded_is_known[i]) {
            out->unknown_excluded[out->unknown_excluded_count++] = run->options->excluded[i];
        }
    }
    digest_hex(out->sha256, &digest);
}

enum status run_ship(struct buf *out, struct train_summary *summary, const struct run *run,
                     const struct bundle *bundle, struct error *err)
{
    CLEANUP(buf_finish) struct buf text;
    buf_init(&text, MODEL_LEN_MAX);
    TRY(bundle_write(&text, bundle, err));
    TRY(bundle_check(buf_str(&text), err));
    summary_fill(summary, run, buf_str(&text));
    buf_append(out, buf_str(&text));
    return STATUS_OK;
}
