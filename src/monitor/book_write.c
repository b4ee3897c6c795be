/* book_write.c - one object a kind of figure. */
#include "monitor/book_write.h"

#include "base/elementary.h"
#include "monitor/distribution.h"
#include "train/metrics.h"

static const double z95 = 1.959963984540054;

static void word_member(struct json_writer *w, struct str name, const char *word)
{
    json_text_member(w, name, str_from(word));
}

static void light_member(struct json_writer *w, enum light light)
{
    word_member(w, STR("light"), light_wire(light));
}

static void interval_members(struct json_writer *w, double low, double high, bool is_known)
{
    json_name(w, STR("interval"));
    if (!is_known) {
        json_null(w);
        return;
    }
    json_object_begin(w);
    figure_member(w, STR("level"), 0.95);
    figure_member(w, STR("low"), low);
    figure_member(w, STR("high"), high);
    json_object_end(w);
}

/* ---- what was counted ---- */

static void write_decisions(struct json_writer *w, const struct book *book)
{
    object_member_begin(w, STR("decisions"));
    count_member(w, STR("scored"), book->scored);
    count_member(w, STR("thin"), book->thin);
    count_member(w, STR("not_scored"), book->unscored);
    count_member(w, STR("companies"), book->population);
    json_object_end(w);
}

static void write_outcomes(struct json_writer *w, const struct book *book)
{
    const uint32_t *v = book->verdicts;
    object_member_begin(w, STR("outcomes"));
    count_member(w, STR("mature"),
                 (uint64_t)v[VERDICT_BAD] + v[VERDICT_GOOD] + v[VERDICT_UNREPORTED]);
    count_member(w, STR("defaults"), v[VERDICT_BAD]);
    count_member(w, STR("reported_good"), v[VERDICT_GOOD]);
    count_member(w, STR("unreported"), v[VERDICT_UNREPORTED]);
    word_member(w, STR("unreported_count_as"), book->unreported_is_good ? "good" : "nothing");
    count_member(w, STR("immature"), (uint64_t)v[VERDICT_IMMATURE] + v[VERDICT_IMMATURE_BAD]);
    count_member(w, STR("immature_defaults"), v[VERDICT_IMMATURE_BAD]);
    count_member(w, STR("in_default_when_decided"), v[VERDICT_WAS_BAD]);
    count_member(w, STR("companies"), book->labelled);
    count_member(w, STR("companies_defaulted"), book->bads);
    count_member(w, STR("companies_assumed_good"), book->assumed_good);
    json_object_end(w);
}

/* ---- outcomes against PDs ---- */

static const char *outcomes_lack(const struct book *book)
{
    return book->labelled == 0            ? "no decision is mature and has an outcome that counts"
           : book->bads == 0              ? "nobody defaulted"
           : book->bads == book->labelled ? "all of them defaulted"
                                          : NULL;
}

static void write_nothing(struct json_writer *w, struct str name, const char *why)
{
    object_member_begin(w, name);
    word_member(w, STR("why"), why);
    json_object_end(w);
}

static enum status write_ranking(struct json_writer *w, const struct book *book,
                                 struct arena *scratch, struct error *err)
{
    double auc, se;
    struct metrics m;
    const struct scored rows = {book->labelled, book->pds, book->is_bad, NULL};
    const char *why = outcomes_lack(book);
    if (why != NULL) {
        write_nothing(w, STR("discrimination"), why);
        write_nothing(w, STR("accuracy"), why);
        return STATUS_OK;
    }
    TRY(metrics_compute(&m, &rows, scratch, err));
    TRY(auc_delong(&auc, &se, book->pds, book->is_bad, book->labelled, scratch, err));
    bool has_interval = se > 0 && auc > 0 && auc < 1;
    double middle = has_interval ? logit(auc) : 0;
    double half = has_interval ? z95 * se / (auc * (1 - auc)) : 0;
    object_member_begin(w, STR("discrimination"));
    count_member(w, STR("n"), m.n);
    count_member(w, STR("defaults"), m.bads);
    figure_member(w, STR("auc"), auc);
    figure_member_or_null(w, STR("auc_se"), se, se > 0);
    interval_members(w, logistic(middle - half), logistic(middle + half), has_interval);
    word_member(w, STR("method"), "delong");
    figure_member(w, STR("gini"), m.gini);
    figure_member(w, STR("ks"), m.ks);
    figure_member(w, STR("average_precision"), m.average_precision);
    json_object_end(w);
    object_member_begin(w, STR("accuracy"));
    figure_member(w, STR("brier"), m.brier);
    figure_member(w, STR("log_loss"), m.log_loss);
    figure_member(w, STR("calibration_error"), m.ece);
    json_object_end(w);
    return STATUS_OK;
}

static void write_grade_test(struct json_writer *w, enum grade grade,
                             const struct grade_count *count)
{
    struct grade_test t;
    grade_test(&t, count);
    json_object_begin(w);
    word_member(w, STR("grade"), grade_wire(grade));
    count_member(w, STR("n"), count->n);
    count_member(w, STR("defaults"), count->bads);
    figure_member(w, STR("mean_pd"), t.mean_pd);
    figure_member(w, STR("default_rate"), t.default_rate);
    figure_member(w, STR("binomial_p"), t.binomial_p);
    object_member_begin(w, STR("jeffreys"));
    figure_member(w, STR("low"), t.jeffreys_low);
    figure_member(w, STR("high"), t.jeffreys_high);
    figure_member(w, STR("p"), t.jeffreys_p);
    json_object_end(w);
    light_member(w, t.light);
    json_object_end(w);
}

static void write_level(struct json_writer *w, const struct level *level)
{
    json_name(w, STR("in_the_large"));
    if (level->is_known) {
        json_object_begin(w);
        figure_member(w, STR("intercept"), level->intercept);
        figure_member(w, STR("se"), level->intercept_se);
        figure_member(w, STR("p"), level->intercept_p);
        json_object_end(w);
    } else {
        json_null(w);
    }
    json_name(w, STR("slope"));
    if (level->has_slope) {
        json_object_begin(w);
        figure_member(w, STR("value"), level->slope);
        figure_member(w, STR("se"), level->slope_se);
        json_object_end(w);
    } else {
        json_null(w);
    }
}

static void write_calibration(struct json_writer *w, const struct book *book)
{
    struct level level;
    struct hosmer_lemeshow hl;
    struct grade_test all;
    struct grade_count total = {0};
    if (book->labelled == 0) {
        write_nothing(w, STR("calibration"), outcomes_lack(book));
        return;
    }
    book_level(&level, book);
    hosmer_lemeshow(&hl, book->by_grade, GRADE_COUNT);
    for (uint32_t g = 0; g < GRADE_COUNT; g++) {
        total.n += book->by_grade[g].n;
        total.bads += book->by_grade[g].bads;
        total.pd_sum += book->by_grade[g].pd_sum;
    }
    grade_test(&all, &total);
    object_member_begin(w, STR("calibration"));
    figure_member(w, STR("mean_pd"), level.mean_pd);
    figure_member(w, STR("default_rate"), level.default_rate);
    light_member(w, all.light);
    write_level(w, &level);
    object_member_begin(w, STR("hosmer_lemeshow"));
    figure_member(w, STR("statistic"), hl.statistic);
    count_member(w, STR("degrees"), hl.degrees);
    figure_member(w, STR("p"), hl.p);
    json_object_end(w);
    array_member_begin(w, STR("grades"));
    for (uint32_t g = 0; g < GRADE_COUNT; g++) {
        if (book->by_grade[g].n > 0) {
            write_grade_test(w, (enum grade)g, &book->by_grade[g]);
        }
    }
    json_array_end(w);
    json_object_end(w);
}

/* ---- the population against the reference ---- */

static void drift_members(struct json_writer *w, struct str name, const struct drift *drift)
{
    bool is_known = drift->light != LIGHT_NONE;
    figure_member_or_null(w, name, drift->psi, is_known);
    figure_member_or_null(w, STR("critical"), drift->critical, is_known);
    light_member(w, drift->light);
}

static void write_bins(struct json_writer *w, const double *edges, const double *reference,
                       const double *today, uint32_t bins, const struct drift *drift)
{
    array_member_begin(w, STR("bins"));
    for (uint32_t i = 0; i < bins; i++) {
        json_object_begin(w);
        figure_member_or_null(w, STR("from"), i == 0 ? 0 : edges[i - 1], i > 0);
        figure_member_or_null(w, STR("below"), i + 1 == bins ? 0 : edges[i], i + 1 < bins);
        figure_member(w, STR("reference"), reference[i] / drift->reference_count);
        figure_member(w, STR("today"), today[i] / drift->count);
        json_object_end(w);
    }
    json_array_end(w);
}

/* Grades of an earlier window in place of what the bundle does not tell. */
static void write_score_by_grades(struct json_writer *w, const struct book *book,
                                  const struct book *baseline)
{
    struct drift drift;
    double reference[GRADE_COUNT], today[GRADE_COUNT];
    for (uint32_t g = 0; g < GRADE_COUNT; g++) {
        reference[g] = baseline->grades[g];
        today[g] = book->grades[g];
    }
    /* Grades that neither has are no bins. */
    uint32_t bins = 0;
    for (uint32_t g = 0; g < GRADE_COUNT; g++) {
        if (reference[g] + today[g] > 0) {
            reference[bins] = reference[g];
            today[bins++] = today[g];
        }
    }
    drift_compute(&drift, reference, today, bins > 0 ? bins : 1);
    word_member(w, STR("reference"), "baseline");
    count_member(w, STR("reference_n"), baseline->population);
    drift_members(w, STR("psi"), &drift);
}

static void write_score_drift(struct json_writer *w, const struct book *book,
                              const struct book *baseline)
{
    const struct yardstick *y = book->yardstick;
    struct drift drift;
    object_member_begin(w, STR("score"));
    if (baseline != NULL) {
        write_score_by_grades(w, book, baseline);
    } else if (y != NULL && y->score_bin_count > 0) {
        drift_compute(&drift, y->score_reference, book->score_counts, y->score_bin_count);
        word_member(w, STR("reference"), "bundle");
        json_text_member(w, STR("reference_date"), y->reference_date);
        null_member(w, STR("reference_n"));
        drift_members(w, STR("psi"), &drift);
        if (drift.light != LIGHT_NONE) {
            write_bins(w, y->score_edges, y->score_reference, book->score_counts,
                       y->score_bin_count, &drift);
        }
    } else {
        word_member(w, STR("why"), "the bundle tells no quantiles of its score: give a baseline");
    }
    json_object_end(w);
}

/* Against the baseline where there is one, else against what the bundle tells. */
static void write_input_drift(struct json_writer *w, const struct book *book,
                              const struct book *baseline, uint32_t input)
{
    const struct input_yardstick *yard = &book->yardstick->inputs[input];
    const double *reference = baseline != NULL ? baseline->input_counts[input] : yard->reference;
    struct drift drift = {0};
    if (yard->is_known && (baseline != NULL || yard->has_reference)) {
        drift_compute(&drift, reference, book->input_counts[input], yard->bin_count);
    }
    bool has_reference = drift.reference_count > 0;
    json_object_begin(w);
    json_text_member(w, STR("input"), yard->name);
    drift_members(w, STR("csi"), &drift);
    figure_member_or_null(
        w, STR("missing_reference"),
        has_reference ? reference[yard->bin_count - 1] / drift.reference_count : 0, has_reference);
    figure_member_or_null(w, STR("missing"),
                          book->inputs_seen == 0 ? 0
                                                 : (double)book->missing[input] / book->inputs_seen,
                          book->inputs_seen > 0);
    json_object_end(w);
}

static void write_stability(struct json_writer *w, const struct book *book,
                            const struct book *baseline)
{
    object_member_begin(w, STR("stability"));
    write_score_drift(w, book, baseline);
    count_member(w, STR("inputs_seen"), book->inputs_seen);
    array_member_begin(w, STR("inputs"));
    for (uint32_t i = 0; book->yardstick != NULL && i < book->yardstick->model->input_count; i++) {
        write_input_drift(w, book, baseline, i);
    }
    json_array_end(w);
    json_object_end(w);
}

/* ---- grades and reasons ---- */

static void write_population(struct json_writer *w, const struct book *book)
{
    object_member_begin(w, STR("population"));
    figure_member_or_null(w, STR("mean_score"),
                          book->population == 0 ? 0 : book->score_sum / book->population,
                          book->population > 0);
    figure_member_or_null(w, STR("herfindahl"), herfindahl(book->grades, GRADE_COUNT),
                          book->population > 0);
    array_member_begin(w, STR("grades"));
    for (uint32_t g = 0; g < GRADE_COUNT; g++) {
        if (book->grades[g] > 0) {
            json_object_begin(w);
            word_member(w, STR("grade"), grade_wire((enum grade)g));
            count_member(w, STR("companies"), book->grades[g]);
            figure_member(w, STR("share"), (double)book->grades[g] / book->population);
            json_object_end(w);
        }
    }
    json_array_end(w);
    json_object_end(w);
}

static void write_reasons(struct json_writer *w, const struct book *book)
{
    array_member_begin(w, STR("reasons"));
    for (uint32_t i = 0; i < book->reason_count; i++) {
        const struct book_reason *reason = &book->reasons[i];
        json_object_begin(w);
        word_member(w, STR("code"), reason->code);
        count_member(w, STR("adverse"), reason->adverse);
        count_member(w, STR("favourable"), reason->favourable);
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_migration(struct json_writer *w, const struct book *book)
{
    struct migration m;
    book_migration(&m, book);
    object_member_begin(w, STR("migration"));
    count_member(w, STR("companies"), m.companies);
    count_member(w, STR("better"), m.better);
    count_member(w, STR("same"), m.same);
    count_member(w, STR("worse"), m.worse);
    array_member_begin(w, STR("moves"));
    for (uint32_t from = 0; from < GRADE_COUNT; from++) {
        for (uint32_t to = 0; to < GRADE_COUNT; to++) {
            if (m.counts[from][to] > 0) {
                json_object_begin(w);
                word_member(w, STR("from"), grade_wire((enum grade)from));
                word_member(w, STR("to"), grade_wire((enum grade)to));
                count_member(w, STR("companies"), m.counts[from][to]);
                json_object_end(w);
            }
        }
    }
    json_array_end(w);
    json_object_end(w);
}

/* Nobody can override a decision yet; a rate of nothing would look like one of zero. */
static void write_overrides(struct json_writer *w)
{
    object_member_begin(w, STR("overrides"));
    count_member(w, STR("count"), 0);
    word_member(w, STR("why"),
                "decisions cannot be overridden in this version: none is hidden here");
    json_object_end(w);
}

static void write_limits(struct json_writer *w)
{
    object_member_begin(w, STR("limits"));
    figure_member(w, STR("drift_amber"), DRIFT_AMBER);
    figure_member(w, STR("drift_red"), DRIFT_RED);
    figure_member(w, STR("calibration_p_amber"), GRADE_TEST_AMBER);
    figure_member(w, STR("calibration_p_red"), GRADE_TEST_RED);
    json_object_end(w);
}

enum status book_write(struct json_writer *w, const struct book *book, const struct book *baseline,
                       struct arena *scratch, struct error *err)
{
    if (book->is_full || (baseline != NULL && baseline->is_full)) {
        return error_set(err, STATUS_BUSY, "", "no memory for the figures of so many companies");
    }
    write_decisions(w, book);
    write_outcomes(w, book);
    TRY(write_ranking(w, book, scratch, err));
    write_calibration(w, book);
    write_stability(w, book, baseline);
    write_population(w, book);
    write_reasons(w, book);
    write_migration(w, book);
    write_overrides(w);
    write_limits(w);
    return STATUS_OK;
}
