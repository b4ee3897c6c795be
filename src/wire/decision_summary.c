/* decision_summary.c - the same members as in the body, in the same shape, fewer. */
#include "wire/decision_summary.h"

#include "format/json.h"

static void word_member(struct json_writer *w, struct str name, const char *word)
{
    json_name(w, name);
    buf_append_text(json_quoted_begin(w), word);
    json_quoted_end(w);
}

static void ppm_member(struct json_writer *w, struct str name, uint32_t ppm)
{
    json_name(w, name);
    json_decimal(w, ppm, 6);
}

static void write_limit(struct json_writer *w, const struct limit *limit)
{
    json_name(w, STR("limit"));
    json_object_begin(w);
    word_member(w, STR("currency"), currency_code(limit->currency));
    json_name(w, STR("recommended"));
    money_write(json_quoted_begin(w), limit->recommended);
    json_quoted_end(w);
    json_object_end(w);
}

static void write_pd(struct json_writer *w, const struct score *score)
{
    json_name(w, STR("pd"));
    json_object_begin(w);
    ppm_member(w, STR("bound"), score->pd_ppm_bound);
    json_name(w, STR("interval"));
    json_object_begin(w);
    ppm_member(w, STR("high"), score->pd_ppm_high);
    ppm_member(w, STR("low"), score->pd_ppm_low);
    json_object_end(w);
    ppm_member(w, STR("value"), score->pd_ppm);
    json_object_end(w);
}

static void write_score(struct json_writer *w, const struct score *score)
{
    json_name(w, STR("score"));
    json_object_begin(w);
    json_name(w, STR("value"));
    json_int(w, score->points);
    json_object_end(w);
}

void decision_summary_write(struct buf *out, const struct decision *decision)
{
    bool is_scored = decision->status == DECISION_SCORED || decision->status == DECISION_THIN;
    struct json_writer w;
    json_writer_init_canonical(&w, out);
    json_object_begin(&w);
    if (decision->status != DECISION_NOT_SCORABLE) {
        word_member(&w, STR("grade"), grade_wire(decision->grade));
        write_limit(&w, &decision->limit);
    }
    if (is_scored) {
        write_pd(&w, &decision->score);
    }
    word_member(&w, STR("recommendation"), recommendation_wire(decision->recommendation));
    if (is_scored) {
        write_score(&w, &decision->score);
    }
    word_member(&w, STR("status"), decision_status_wire(decision->status));
    json_object_end(&w);
}
