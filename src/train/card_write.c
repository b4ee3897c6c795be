/* card_write.c - tables of name and figure. */
#include "train/card_write.h"

#include "format/decimal.h"

enum { FIGURE_DIGITS = 6 };

void number_write(struct json_writer *w, double value, int digits)
{
    CLEANUP(buf_finish) struct buf text;
    buf_init(&text, 64);
    double_write(&text, double_round_digits(value, digits));
    json_raw(w, buf_str(&text));
}

static void figure_write(struct json_writer *w, const char *name, double value, int digits)
{
    json_name(w, str_from(name));
    number_write(w, value, digits);
}

static void count_write(struct json_writer *w, const char *name, uint32_t value)
{
    json_name(w, str_from(name));
    json_int(w, value);
}

static void rank_figures_write(struct json_writer *w, const struct metrics *m, int digits)
{
    count_write(w, "n", m->n);
    count_write(w, "bads", m->bads);
    figure_write(w, "auc", m->auc, digits);
    figure_write(w, "auc_se", m->auc_se, digits);
    figure_write(w, "gini", m->gini, digits);
    figure_write(w, "ks", m->ks, digits);
    figure_write(w, "average_precision", m->average_precision, digits);
}

void metrics_write(struct json_writer *w, const struct metrics *m, int digits)
{
    rank_figures_write(w, m, digits);
    figure_write(w, "brier", m->brier, digits);
    figure_write(w, "log_loss", m->log_loss, digits);
    figure_write(w, "ece", m->ece, digits);
}

void auc_difference_write(struct json_writer *w, const struct auc_difference *d, int digits)
{
    figure_write(w, "auc_against", d->auc_b, digits);
    figure_write(w, "difference", d->difference, digits);
    figure_write(w, "difference_se", d->se, digits);
    figure_write(w, "difference_low", d->low, digits);
    figure_write(w, "difference_high", d->high, digits);
}

static void file_write_members(struct json_writer *w, struct str set, const struct table_file *file)
{
    json_text_member(w, STR("set"), set);
    json_text_member(w, STR("file"), file->name);
    json_text_member(w, STR("sha256"), str_from(file->sha256));
}

static void data_write(struct json_writer *w, const struct sample *sample)
{
    json_name(w, STR("data"));
    json_array_begin(w);
    for (uint32_t i = 0; i < sample->set_count; i++) {
        const struct sample_set *set = &sample->sets[i];
        for (uint32_t f = 0; f < set->file_count; f++) {
            json_object_begin(w);
            file_write_members(w, set->mapping.name, &set->files[f]);
            count_write(w, "rows", set->file_rows[f]);
            count_write(w, "bads", set->file_bads[f]);
            json_object_end(w);
        }
    }
    json_array_end(w);
}

static void inputs_write(struct json_writer *w, const struct card *card)
{
    json_text_member(w, STR("features"), card->core_only ? STR("core") : STR("all"));
    json_name(w, STR("excluded"));
    json_array_begin(w);
    for (uint32_t i = 0; i < card->excluded_count; i++) {
        json_string(w, card->excluded[i]);
    }
    json_array_end(w);
}

static void trial_write(struct json_writer *w, const struct boost_trial *t, uint32_t fold_count)
{
    json_object_begin(w);
    count_write(w, "depth", t->depth);
    figure_write(w, "eta", t->eta, FIGURE_DIGITS);
    figure_write(w, "min_child_weight", t->child_weight_min, FIGURE_DIGITS);
    figure_write(w, "subsample", t->row_share, FIGURE_DIGITS);
    figure_write(w, "colsample_bytree", t->input_share, FIGURE_DIGITS);
    figure_write(w, "lambda", t->lambda, FIGURE_DIGITS);
    count_write(w, "bags", t->bag_count);
    count_write(w, "trees", t->tree_count);
    figure_write(w, "auc", t->auc, FIGURE_DIGITS);
    figure_write(w, "auc_se", t->auc_se, FIGURE_DIGITS);
    json_name(w, STR("fold_auc"));
    json_array_begin(w);
    for (uint32_t k = 0; k < fold_count; k++) {
        number_write(w, t->fold_auc[k], FIGURE_DIGITS);
    }
    json_array_end(w);
    json_object_end(w);
}

static void boost_write(struct json_writer *w, const struct card *card)
{
    const struct boost_fit *b = card->boost;
    json_name(w, STR("method"));
    json_object_begin(w);
    inputs_write(w, card);
    json_text_member(w, STR("library"), STR("XGBoost"));
    json_text_member(w, STR("library_version"), str_from(b->library));
    json_text_member(w, STR("objective"), STR("binary:logistic, tree_method hist, one thread"));
    json_text_member(w, STR("monotone"),
                     b->rules->is_free ? STR("no: an unconstrained challenger")
                                       : STR("along the directions of the catalogue; inputs that "
                                             "are not in it have none"));
    json_name(w, STR("chosen"));
    trial_write(w, &b->trials[b->chosen], b->rules->fold_count);
    json_name(w, STR("tried"));
    json_array_begin(w);
    for (uint32_t i = 0; i < b->trial_count; i++) {
        trial_write(w, &b->trials[i], b->rules->fold_count);
    }
    json_array_end(w);
    json_text_member(
        w, STR("choice"),
        STR("highest mean AUC of the folds, with as many trees as gave it; so the figures of the "
            "chosen are a little too good, and those of a test set are not"));
    json_text_member(
        w, STR("same_bytes"),
        STR("the same data, options and seed give the same bundle on the same machine; another "
            "processor or C library may grow trees that differ in the last bit"));
    json_object_end(w);
}

static void rules_write(struct json_writer *w, const struct card *card)
{
    const struct fit_rules *r = card->rules;
    json_name(w, STR("method"));
    json_object_begin(w);
    inputs_write(w, card);
    json_text_member(w, STR("rank"), card->is_ranked ? STR("on") : STR("off"));
    count_write(w, "prebins", r->binning.prebin_count);
    figure_write(w, "bin_share_min", r->binning.share_min, FIGURE_DIGITS);
    count_write(w, "bin_bads_min", r->binning.bads_min);
    figure_write(w, "information_value_min", r->selection.iv_min, FIGURE_DIGITS);
    figure_write(w, "correlation_max", r->selection.correlation_max, FIGURE_DIGITS);
    figure_write(w, "gain_min", r->selection.gain_min, FIGURE_DIGITS);
    count_write(w, "characteristics_max", r->selection.count_max);
    figure_write(w, "ridge", r->selection.ridge, FIGURE_DIGITS);
    json_text_member(
        w, STR("bin_counts"),
        STR("goods and bads are rows without weights, the last is the missing bin; evidence is "
            "computed with the weights of the sets"));
    json_object_end(w);
}

static void validation_write(struct json_writer *w, const struct card *card)
{
    const struct sample *sample = card->sample;
    json_name(w, STR("cross_validation"));
    json_object_begin(w);
    count_write(w, "folds", card->boost == NULL ? FOLDS_DEFAULT : card->boost->rules->fold_count);
    json_text_member(w, STR("how"),
                     card->boost == NULL
                         ? STR("whole groups held out; binning, selection and fit repeated a fold")
                         : STR("whole groups held out; the chosen trees grown anew a fold"));
    json_name(w, STR("pooled"));
    json_object_begin(w);
    metrics_write(w, &card->validation->pooled, FIGURE_DIGITS);
    json_object_end(w);
    json_name(w, STR("sets"));
    json_array_begin(w);
    for (uint32_t i = 0; i < sample->set_count; i++) {
        json_object_begin(w);
        json_text_member(w, STR("set"), sample->sets[i].mapping.name);
        rank_figures_write(w, &card->validation->by_set[i], FIGURE_DIGITS);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

static void comparison_write(struct json_writer *w, const struct card *card)
{
    if (card->ranks == NULL || !card->ranks->was_made) {
        return;
    }
    json_name(w, STR("rank_comparison"));
    json_array_begin(w);
    for (uint32_t i = 0; i < card->sample->set_count; i++) {
        const struct auc_difference *d = &card->ranks->by_set[i];
        json_object_begin(w);
        json_text_member(w, STR("set"), card->sample->sets[i].mapping.name);
        figure_write(w, "auc_ranked", d->auc_a, FIGURE_DIGITS);
        figure_write(w, "auc_raw", d->auc_b, FIGURE_DIGITS);
        figure_write(w, "difference", d->difference, FIGURE_DIGITS);
        figure_write(w, "se", d->se, FIGURE_DIGITS);
        json_object_end(w);
    }
    json_array_end(w);
}

static void tests_write(struct json_writer *w, const struct card *card)
{
    json_name(w, STR("test"));
    json_array_begin(w);
    for (uint32_t i = 0; i < card->sample->set_count; i++) {
        const struct test_figures *test = &card->tests[i];
        const struct mapping *mapping = &card->sample->sets[i].mapping;
        for (uint32_t f = 0; test->is_given && f < test->file_count; f++) {
            json_object_begin(w);
            file_write_members(w, mapping->name, &test->files[f]);
            json_text_member(w, STR("where"), mapping->test_where);
            if (f + 1 == test->file_count) {
                metrics_write(w, &test->metrics, FIGURE_DIGITS);
            }
            json_object_end(w);
        }
    }
    json_array_end(w);
}

void card_write(struct json_writer *w, const struct card *card)
{
    json_object_begin(w);
    if (card->about != NULL) {
        CLEANUP(buf_finish) struct buf about;
        buf_init(&about, 1 << 20);
        json_write_canonical(&about, card->about);
        json_name(w, STR("about"));
        json_raw(w, buf_str(&about));
    }
    json_text_member(w, STR("kind"),
                     card->boost == NULL ? STR("weight_of_evidence_scorecard")
                                         : STR("boosted_trees"));
    json_name(w, STR("seed"));
    json_int(w, (int64_t)card->seed);
    data_write(w, card->sample);
    (card->boost == NULL ? rules_write : boost_write)(w, card);
    validation_write(w, card);
    comparison_write(w, card);
    tests_write(w, card);
    json_object_end(w);
}
