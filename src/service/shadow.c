/* shadow.c - the ordinary decision, made by another model and then thrown away but for a line. */
#include "service/shadow.h"

#include "decide/decision.h"

#include <string.h>

enum { PPM_DECIMALS = 6 };

/* ---- beside a decision ---- */

static struct shadow_opinion opinion_of(const struct decision *decision)
{
    bool has_pd = decision->status == DECISION_SCORED || decision->status == DECISION_THIN;
    return (struct shadow_opinion){
        .pd_ppm = has_pd ? (int64_t)decision->score.pd_ppm : -1,
        .score = has_pd ? decision->score.points : -1,
        .grade = has_pd ? str_from(grade_wire(decision->grade)) : STR(""),
        .recommendation = str_from(recommendation_wire(decision->recommendation)),
    };
}

static void opinion_ask(struct shadow_row *row, const struct challenger *challenger,
                        const struct assessment *assessment, struct decision *scratch)
{
    row->outcome = STR("unavailable");
    row->said = (struct shadow_opinion){.pd_ppm = -1, .score = -1, .grade = STR("")};
    if (challenger->model != NULL) {
        decision_make(scratch, &(struct decision_input){.facts = &assessment->request.facts,
                                                        .asked = &assessment->request.asked,
                                                        .policy = assessment->policy,
                                                        .model = challenger->model});
        row->outcome = str_from(decision_status_wire(scratch->status));
        row->said = opinion_of(scratch);
    }
}

void shadow_declare(struct shadow *out, struct unit *unit, const struct shadow_subject *subject,
                    struct arena *arena)
{
    const struct line_up *line_up = subject->line_up;
    if (line_up->challenger_count == 0) {
        return;
    }
    struct decision *scratch = arena_new(arena, struct decision);
    if (scratch == NULL) {
        unit->has_failed = true;
        return;
    }
    for (uint32_t i = 0; i < line_up->challenger_count; i++) {
        struct shadow_row *row = &out->rows[i];
        *row = (struct shadow_row){.environment = subject->environment,
                                   .decision = subject->decision,
                                   .challenger = line_up->challengers[i].sha256,
                                   .champion = line_up->champion,
                                   .created_ms = subject->created_ms,
                                   .decided = opinion_of(&subject->assessment->decision)};
        opinion_ask(row, &line_up->challengers[i], subject->assessment, scratch);
        shadow_insert(unit, row, &out->values[i]);
    }
}

/* ---- read back ---- */

static void text_or_null(struct json_writer *w, struct str name, struct str value)
{
    json_name(w, name);
    if (value.len > 0) {
        json_string(w, value);
    } else {
        json_null(w);
    }
}

static void opinion_write(struct json_writer *w, struct str name,
                          const struct shadow_opinion *opinion)
{
    json_name(w, name);
    json_object_begin(w);
    json_name(w, STR("pd"));
    if (opinion->pd_ppm >= 0) {
        json_decimal(w, opinion->pd_ppm, PPM_DECIMALS);
    } else {
        json_null(w);
    }
    json_name(w, STR("score"));
    if (opinion->score >= 0) {
        json_int(w, opinion->score);
    } else {
        json_null(w);
    }
    text_or_null(w, STR("grade"), opinion->grade);
    text_or_null(w, STR("recommendation"), opinion->recommendation);
    json_object_end(w);
}

static void digest_member(struct json_writer *w, struct str name, const struct digest *sha256)
{
    char hex[DIGEST_HEX_LEN + 1];
    digest_hex(hex, sha256);
    json_text_member(w, name, str_from(hex));
}

static bool each_opinion(void *context, const struct shadow_row *row)
{
    struct json_writer *w = context;
    json_object_begin(w);
    json_text_member(w, STR("object"), STR("shadow"));
    digest_member(w, STR("challenger"), &row->challenger);
    digest_member(w, STR("champion"), &row->champion);
    json_text_member(w, STR("outcome"), row->outcome);
    opinion_write(w, STR("said"), &row->said);
    opinion_write(w, STR("decided"), &row->decided);
    json_object_end(w);
    return true;
}

enum status shadow_list_write(struct buf *out, struct db *db, int64_t environment,
                              const struct id *decision, struct error *err)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("object"), STR("list"));
    json_name(&w, STR("data"));
    json_array_begin(&w);
    TRY(shadow_of_decision(db, environment, decision, each_opinion, &w, err));
    json_array_end(&w);
    json_name(&w, STR("has_more"));
    json_bool(&w, false);
    json_name(&w, STR("next_cursor"));
    json_null(&w);
    json_object_end(&w);
    return STATUS_OK;
}

/* ---- many of them ---- */

static void compare_recommendations(struct shadow_report *r, const struct shadow_row *row)
{
    enum recommendation decided, said;
    if (recommendation_read(&decided, row->decided.recommendation) &&
        recommendation_read(&said, row->said.recommendation)) {
        r->recommended++;
        r->agreements += decided == said ? 1 : 0;
        r->matrix[decided][said]++;
    }
}

static void compare_scores(struct shadow_report *r, const struct shadow_row *row)
{
    enum grade decided, said;
    int64_t gap = row->said.score - row->decided.score;
    int64_t distance = gap < 0 ? -gap : gap;
    r->scored++;
    r->pd_ppm_sum += row->said.pd_ppm;
    r->decided_pd_ppm_sum += row->decided.pd_ppm;
    r->score_gap_sum += gap;
    r->score_gap_absolute_sum += distance;
    r->far += distance > SHADOW_SCORE_GAP ? 1 : 0;
    if (grade_read(&decided, row->decided.grade) && grade_read(&said, row->said.grade)) {
        r->better += said < decided ? 1 : 0;
        r->same += said == decided ? 1 : 0;
        r->worse += said > decided ? 1 : 0;
    }
}

static bool each_comparison(void *context, const struct shadow_row *row)
{
    struct shadow_report *r = context;
    r->first_ms = r->decisions == 0 ? row->created_ms : r->first_ms;
    r->last_ms = row->created_ms;
    r->decisions++;
    compare_recommendations(r, row);
    if (str_eq(row->outcome, STR("unavailable"))) {
        r->unavailable++;
    } else if (row->said.pd_ppm < 0 || row->decided.pd_ppm < 0) {
        r->without_pd++;
    } else {
        compare_scores(r, row);
    }
    return true;
}

enum status shadow_compare(struct shadow_report *out, struct db *db, int64_t environment,
                           const struct digest *challenger, int64_t from_ms, int64_t before_ms,
                           struct error *err)
{
    *out = (struct shadow_report){0};
    return shadow_scan(db, environment, challenger, from_ms, before_ms, each_comparison, out, err);
}

static void count_member(struct json_writer *w, struct str name, uint64_t count)
{
    json_name(w, name);
    json_int(w, (int64_t)count);
}

/* sum / count, in units of 10^-decimals, rounded half away from zero; null of none. */
static void mean_member(struct json_writer *w, struct str name, int64_t sum, uint64_t count,
                        unsigned decimals)
{
    json_name(w, name);
    if (count == 0) {
        json_null(w);
        return;
    }
    int64_t n = (int64_t)count;
    json_decimal(w, (sum + (sum < 0 ? -n / 2 : n / 2)) / n, decimals);
}

static void share_member(struct json_writer *w, struct str name, uint64_t part, uint64_t whole)
{
    mean_member(w, name, (int64_t)part * PD_PPM_ONE, whole, PPM_DECIMALS);
}

static void matrix_write(struct json_writer *w, const struct shadow_report *r)
{
    json_object_begin(w);
    for (int decided = 0; decided < RECOMMENDATION_COUNT; decided++) {
        json_name(w, str_from(recommendation_wire((enum recommendation)decided)));
        json_object_begin(w);
        for (int said = 0; said < RECOMMENDATION_COUNT; said++) {
            count_member(w, str_from(recommendation_wire((enum recommendation)said)),
                         r->matrix[decided][said]);
        }
        json_object_end(w);
    }
    json_object_end(w);
}

void shadow_report_write(struct json_writer *w, const struct shadow_report *r)
{
    enum { POINT_TENTHS = 10, TENTHS = 1 };
    json_object_begin(w);
    count_member(w, STR("decisions"), r->decisions);
    count_member(w, STR("scored_by_both"), r->scored);
    count_member(w, STR("without_pd"), r->without_pd);
    count_member(w, STR("unavailable"), r->unavailable);
    share_member(w, STR("same_recommendation_ratio"), r->agreements, r->recommended);
    json_name(w, STR("recommendations"));
    matrix_write(w, r);
    mean_member(w, STR("mean_pd"), r->pd_ppm_sum, r->scored, PPM_DECIMALS);
    mean_member(w, STR("mean_pd_of_champion"), r->decided_pd_ppm_sum, r->scored, PPM_DECIMALS);
    mean_member(w, STR("mean_score_gap"), r->score_gap_sum * POINT_TENTHS, r->scored, TENTHS);
    mean_member(w, STR("mean_absolute_score_gap"), r->score_gap_absolute_sum * POINT_TENTHS,
                r->scored, TENTHS);
    share_member(w, STR("far_apart_ratio"), r->far, r->scored);
    json_name(w, STR("grades"));
    json_object_begin(w);
    count_member(w, STR("better"), r->better);
    count_member(w, STR("same"), r->same);
    count_member(w, STR("worse"), r->worse);
    json_object_end(w);
    json_object_end(w);
}
