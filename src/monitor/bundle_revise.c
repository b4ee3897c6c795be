/* bundle_revise.c - member by member in the order of the base; what is not changed is copied. */
#include "monitor/bundle_revise.h"

#include "base/elementary.h"
#include "format/decimal.h"
#include "monitor/figure.h"

enum { DIGITS = 12, ARENA_MAX = 64 * 1024 * 1024, SOURCE_MAX = 500 };

/* What writing needs. */
struct revising {
    struct json_writer *w;
    const struct model *base;
    const struct recalibration *r;
    const struct revision *revision;
    struct model revised; /* the base with its new numbers, borrowed: to score the vectors with */
    struct arena arena;
    uint32_t tendency; /* the next row */
};

static void number_value(struct json_writer *w, double value)
{
    struct buf text;
    buf_init(&text, 64);
    double_write(&text, value);
    json_raw(w, buf_str(&text));
    buf_finish(&text);
}

static void copy_value(struct json_writer *w, const struct json *node)
{
    json_raw(w, STR("")); /* what stands before a value */
    json_write_canonical(w->out, node);
}

static double rounded(double value)
{
    return double_round_digits(value, DIGITS);
}

/* Rates stay probabilities that a bundle may have. */
static double moved_rate(const struct recalibration *r, double rate, double intercept)
{
    static const double least = 1e-6, most = 1 - 1e-6;
    double moved = rounded(logistic(r->slope * logit(rate) + intercept));
    return moved < least ? least : moved > most ? most : moved;
}

static enum status numbers_move(struct revising *m, struct error *err)
{
    const struct model *base = m->base;
    struct central_tendency *rows =
        arena_array(&m->arena, struct central_tendency, base->tendency_count);
    if (rows == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for the new bundle");
    }
    for (uint32_t i = 0; i < base->tendency_count; i++) {
        rows[i] = base->tendencies[i];
        rows[i].rate = moved_rate(m->r, rows[i].rate, m->r->intercept);
    }
    m->revised = *base;
    m->revised.tendencies = rows;
    m->revised.slope = rounded(m->r->slope * base->slope);
    m->revised.calibration_intercept = rounded(m->r->slope * base->calibration_intercept);
    m->revised.train_rate = moved_rate(m->r, base->train_rate, 0);
    return STATUS_OK;
}

/* ---- calibration ---- */

/* The base's uncertainty, stretched by the slope, and that of the slope and level found here.  The
 * base's rows and columns are slope and intercept. */
static void covariance_value(struct revising *m, const struct json *node)
{
    const struct recalibration *r = m->r;
    double old[2][2] = {{0}}, a[2] = {m->base->slope, m->base->calibration_intercept};
    uint32_t i = 0;
    for (const struct json *row = node->first; row != NULL && i < 2; row = row->next, i++) {
        uint32_t j = 0;
        for (const struct json *cell = row->first; cell != NULL && j < 2; cell = cell->next, j++) {
            if (!double_read(&old[i][j], cell->text)) {
                old[i][j] = 0;
            }
        }
    }
    /* d slope' = slope da; d intercept' = intercept da + db. */
    double added[2][2];
    added[0][0] = a[0] * a[0] * r->covariance[0][0];
    added[0][1] = a[0] * a[1] * r->covariance[0][0] + a[0] * r->covariance[0][1];
    added[1][0] = added[0][1];
    added[1][1] =
        a[1] * a[1] * r->covariance[0][0] + 2 * a[1] * r->covariance[0][1] + r->covariance[1][1];
    json_array_begin(m->w);
    for (i = 0; i < 2; i++) {
        json_array_begin(m->w);
        for (uint32_t j = 0; j < 2; j++) {
            number_value(m->w, rounded(r->slope * r->slope * old[i][j] + added[i][j]));
        }
        json_array_end(m->w);
    }
    json_array_end(m->w);
}

static void calibration_value(struct revising *m, const struct json *node)
{
    json_object_begin(m->w);
    for (const struct json *member = node->first; member != NULL; member = member->next) {
        json_name(m->w, member->name);
        if (str_eq(member->name, STR("slope"))) {
            number_value(m->w, m->revised.slope);
        } else if (str_eq(member->name, STR("intercept"))) {
            number_value(m->w, m->revised.calibration_intercept);
        } else if (str_eq(member->name, STR("train_rate"))) {
            number_value(m->w, m->revised.train_rate);
        } else if (str_eq(member->name, STR("covariance")) && member->type == JSON_ARRAY) {
            covariance_value(m, member);
        } else {
            copy_value(m->w, member);
        }
    }
    json_object_end(m->w);
}

/* ---- central tendency ---- */

static void date_value(struct json_writer *w, struct date date)
{
    date_write(json_quoted_begin(w), date);
    json_quoted_end(w);
}

static void source_value(struct json_writer *w, struct str source)
{
    static const char behind[] = "; moved with the recalibration on a book of one's own";
    struct buf text;
    buf_init(&text, SOURCE_MAX);
    buf_append(&text, source);
    buf_append(&text, STR("; moved with the recalibration on a book of one's own"));
    /* Where both do not fit, or it was moved before, what was there stays. */
    bool is_moved = str_ends_with(source, str_from(behind));
    json_string(w, buf_failed(&text) || is_moved ? source : buf_str(&text));
    buf_finish(&text);
}

static void tendency_value(struct revising *m, const struct json *node)
{
    json_object_begin(m->w);
    for (const struct json *member = node->first; member != NULL; member = member->next) {
        json_name(m->w, member->name);
        if (str_eq(member->name, STR("rate"))) {
            CHECK(m->tendency < m->base->tendency_count);
            number_value(m->w, m->revised.tendencies[m->tendency].rate);
        } else if (str_eq(member->name, STR("date"))) {
            date_value(m->w, m->revision->made_on);
        } else if (str_eq(member->name, STR("source")) && member->type == JSON_STRING) {
            source_value(m->w, member->text);
        } else {
            copy_value(m->w, member);
        }
    }
    m->tendency++;
    json_object_end(m->w);
}

static void tendencies_value(struct revising *m, const struct json *node)
{
    json_array_begin(m->w);
    for (const struct json *row = node->first; row != NULL; row = row->next) {
        tendency_value(m, row);
    }
    json_array_end(m->w);
}

/* ---- vectors ---- */

static void inputs_of_vector(struct known *inputs, const struct model *model,
                             const struct json *vector)
{
    const struct json *object = json_find(vector, STR("inputs"));
    for (uint32_t i = 0; i < model->input_count; i++) {
        const struct json *node = object != NULL && object->type == JSON_OBJECT
                                      ? json_find(object, model->inputs[i].name)
                                      : NULL;
        inputs[i] = (struct known){0};
        inputs[i].is_known =
            node != NULL && node->type == JSON_NUMBER && double_read(&inputs[i].value, node->text);
    }
}

static uint32_t vector_pd_ppm(struct revising *m, const struct json *vector)
{
    struct known inputs[MODEL_INPUTS_MAX];
    char country[3] = "*";
    const struct json *place = json_find(vector, STR("country"));
    const struct json *section = json_find(vector, STR("section"));
    inputs_of_vector(inputs, &m->revised, vector);
    if (place != NULL && place->type == JSON_STRING && place->text.len < sizeof country) {
        memcpy(country, place->text.ptr, place->text.len);
        country[place->text.len] = '\0';
    }
    char letter = section != NULL && section->type == JSON_STRING && section->text.len == 1
                      ? section->text.ptr[0]
                      : '*';
    double log_odds = model_log_odds(&m->revised, inputs, country);
    return model_pd_ppm(&m->revised, log_odds, country, letter);
}

static void vectors_value(struct revising *m, const struct json *node)
{
    json_array_begin(m->w);
    for (const struct json *vector = node->first; vector != NULL; vector = vector->next) {
        uint32_t pd_ppm = vector_pd_ppm(m, vector);
        json_object_begin(m->w);
        for (const struct json *member = vector->first; member != NULL; member = member->next) {
            json_name(m->w, member->name);
            if (str_eq(member->name, STR("pd_ppm"))) {
                json_int(m->w, pd_ppm);
            } else if (str_eq(member->name, STR("score"))) {
                json_int(m->w, score_of_pd(pd_ppm));
            } else {
                copy_value(m->w, member);
            }
        }
        json_object_end(m->w);
    }
    json_array_end(m->w);
}

/* ---- the card ---- */

static void date_or_null(struct json_writer *w, struct str name, struct date date)
{
    json_name(w, name);
    if (date_is_set(date)) {
        date_value(w, date);
    } else {
        json_null(w);
    }
}

static void method_members(struct json_writer *w, const struct recalibration *r)
{
    json_text_member(w, STR("method"), str_from(recalibration_method_wire(r->method)));
    if (r->method == RECALIBRATE_BAYES) {
        figure_member(w, STR("kappa"), r->setting.kappa);
    }
    if (r->method == RECALIBRATE_PLUTO_TASCHE) {
        figure_member(w, STR("confidence"), r->setting.confidence);
        figure_member(w, STR("correlation"), r->setting.correlation);
    }
    figure_member(w, STR("slope"), r->slope);
    figure_member(w, STR("intercept"), r->intercept);
}

static void grades_member(struct json_writer *w, const struct recalibration *r)
{
    array_member_begin(w, STR("grades"));
    for (uint32_t g = 0; g < GRADE_COUNT; g++) {
        const struct grade_count *grade = &r->grades[g];
        if (grade->n > 0) {
            double mean = grade->pd_sum / grade->n;
            json_object_begin(w);
            json_text_member(w, STR("grade"), str_from(grade_wire((enum grade)g)));
            count_member(w, STR("n"), grade->n);
            count_member(w, STR("defaults"), grade->bads);
            figure_member(w, STR("pd_before"), mean);
            figure_member_or_null(w, STR("target"), r->grade_targets[g], r->grade_targets[g] > 0);
            figure_member(w, STR("pd_after"), recalibrated_pd(r, mean));
            json_object_end(w);
        }
    }
    json_array_end(w);
}

static void recalibration_member(struct revising *m)
{
    struct json_writer *w = m->w;
    object_member_begin(w, STR("recalibration"));
    json_name(w, STR("date"));
    date_value(w, m->revision->made_on);
    object_member_begin(w, STR("base"));
    json_text_member(w, STR("id"), m->base->id);
    json_text_member(w, STR("version"), m->base->version);
    json_text_member(w, STR("sha256"), str_from(m->base->sha256));
    json_object_end(w);
    method_members(w, m->r);
    json_text_member(w, STR("default_definition"), m->revision->definition);
    date_or_null(w, STR("decisions_from"), m->revision->from);
    date_or_null(w, STR("decisions_to"), m->revision->to);
    count_member(w, STR("companies"), m->r->n);
    count_member(w, STR("defaults"), m->r->bads);
    figure_member(w, STR("default_rate"), m->r->default_rate);
    figure_member(w, STR("mean_pd_before"), m->r->mean_pd_before);
    figure_member(w, STR("mean_pd_after"), m->r->mean_pd_after);
    grades_member(w, m->r);
    json_text_member(
        w, STR("note"),
        STR("Calibration and central tendency follow the book named here; how companies "
            "rank, and all other figures of this card, are the base's. Measured on the "
            "book it was fitted on: its calibration there is no proof."));
    json_object_end(w);
}

static void card_value(struct revising *m, const struct json *node)
{
    json_object_begin(m->w);
    for (const struct json *member = node->first; member != NULL; member = member->next) {
        if (!str_eq(member->name, STR("recalibration"))) {
            json_name(m->w, member->name);
            copy_value(m->w, member);
        }
    }
    recalibration_member(m);
    json_object_end(m->w);
}

/* ---- the whole ---- */

static void member_write(struct revising *m, const struct json *member)
{
    static const struct {
        const char *name;
        enum json_type type;
        void (*write)(struct revising *m, const struct json *node);
    } changed[] = {
        {"card",             JSON_OBJECT, card_value       },
        {"calibration",      JSON_OBJECT, calibration_value},
        {"central_tendency", JSON_ARRAY,  tendencies_value },
        {"vectors",          JSON_ARRAY,  vectors_value    },
    };
    json_name(m->w, member->name);
    if (str_eq(member->name, STR("version"))) {
        json_string(m->w, m->revision->version);
        return;
    }
    if (str_eq(member->name, STR("default_definition"))) {
        json_string(m->w, m->revision->definition);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(changed); i++) {
        if (str_eq(member->name, str_from(changed[i].name)) && member->type == changed[i].type) {
            changed[i].write(m, member);
            return;
        }
    }
    copy_value(m->w, member);
}

static enum status revised_check(struct str text, struct error *err)
{
    struct model *model;
    TRY(model_read(&model, text, err));
    model_destroy(model);
    return STATUS_OK;
}

enum status bundle_revise(struct buf *out, const struct model *base, const struct recalibration *r,
                          const struct revision *revision, struct error *err)
{
    struct json_writer w;
    struct revising m = {.w = &w, .base = base, .r = r, .revision = revision};
    if (str_eq(revision->version, base->version)) {
        return error_set(err, STATUS_INVALID, "version",
                         "expected another version than \"%.*s\": a bundle is never changed",
                         STR_ARGS(base->version));
    }
    arena_init(&m.arena, ARENA_MAX);
    enum status status = numbers_move(&m, err);
    if (status == STATUS_OK) {
        json_writer_init(&w, out);
        json_object_begin(&w);
        for (const struct json *node = base->root->first; node != NULL; node = node->next) {
            member_write(&m, node);
        }
        json_object_end(&w);
        buf_append_byte(out, '\n');
        status = buf_failed(out)
                     ? error_set(err, STATUS_TOO_LARGE, "", "the new bundle is too large")
                     : revised_check(buf_str(out), err);
    }
    arena_finish(&m.arena);
    return status;
}
