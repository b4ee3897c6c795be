/* model_watch.c - decisions, one after the other, into a book. */
#include "watch/model_watch.h"

#include "format/decimal.h"
#include "monitor/book_write.h"
#include "service/in_force.h"
#include "service/models.h"
#include "store/artifact_store.h"
#include "store/outcome_store.h"
#include "store/shadow_store.h"
#include "wire/decision_request.h"

enum {
    PAGE_ARENA_MAX = 256 * 1024 * 1024,
    TEXTS_MAX = 16 * 1024,
    SORTING_MAX = 256 * 1024 * 1024, /* SCAN_DECISIONS_MAX rows of 40 bytes, some times over */
    PPM_DECIMALS = 6,
};

/* ---- verdicts ---- */

struct judging {
    struct outcome_window window;
    struct str definition;
    struct outcome_tally tally;
};

static void each_report(void *context, const struct outcome_report *report)
{
    struct judging *judging = context;
    enum outcome_type type;
    struct date observed_on;
    if (outcome_type_read(&type, report->type) && date_read(&observed_on, report->observed_on)) {
        outcome_tally_add(&judging->tally, &judging->window,
                          outcome_label(type, report->definition, judging->definition),
                          observed_on);
    }
}

enum status decision_verdict(enum outcome_verdict *out, bool *has_pd, struct db *db,
                             const struct decision_record *record, struct str definition,
                             int64_t known_ms, struct error *err)
{
    struct judging judging = {0};
    *has_pd =
        decision_record_window(&judging.window, &judging.definition, record, date_of_ms(known_ms));
    if (!*has_pd) {
        return STATUS_OK;
    }
    if (definition.len > 0) {
        judging.definition = definition;
    }
    TRY(outcomes_of_decision(db, record->row.environment, record->row.company_key, &record->row.id,
                             known_ms, each_report, &judging, err));
    *out = outcome_verdict(&judging.tally, &judging.window);
    return STATUS_OK;
}

/* ---- one decision ---- */

static bool is_digest(struct str text)
{
    struct digest digest;
    return digest_read_hex(&digest, text);
}

static bool is_of_model(const struct model_watch *watch, struct str model)
{
    struct str wanted = watch->order.model;
    if (wanted.len == 0) {
        return watch->model == NULL ||
               str_eq(record_text(model, STR("sha256")), str_from(watch->model->sha256));
    }
    return str_eq(record_text(model, is_digest(wanted) ? STR("sha256") : STR("id")), wanted);
}

/* The model of the newest decision, once: what drift is measured against. */
static enum status model_load(struct model_watch *watch, struct db *db, struct str sha256,
                              struct error *err)
{
    struct digest digest;
    struct str text;
    if (!digest_read_hex(&digest, sha256)) {
        return error_set(err, STATUS_CORRUPT, "", "a stored record names no model");
    }
    if (watch->model == NULL || !digest_eq(&digest, &watch->latest)) {
        watch->versions_seen++;
        watch->latest = digest;
    }
    if (watch->model != NULL) {
        return STATUS_OK;
    }
    TRY(artifact_find(db, &digest, &text, &watch->arena, err));
    TRY(model_of_text(&watch->model, text, err));
    watch->sha256 = str_from(watch->model->sha256);
    return yardstick_read(&watch->yardstick, watch->model, err);
}

static bool scaled_read(int64_t *out, struct str text, unsigned scale)
{
    struct decimal value;
    return decimal_read(&value, text) && decimal_to_scaled(out, value, scale);
}

/* What a challenger said beside the decision. */
struct shadowing {
    const struct digest *challenger;
    struct observation *out;
    bool is_there, has_pd;
};

static bool each_opinion(void *context, const struct shadow_row *row)
{
    struct shadowing *shadowing = context;
    const struct shadow_opinion *said = &row->said;
    if (!digest_eq(&row->challenger, shadowing->challenger)) {
        return true;
    }
    shadowing->is_there = true;
    shadowing->has_pd = said->pd_ppm >= 1 && said->pd_ppm <= PD_PPM_ONE && said->score >= 0 &&
                        said->score <= INT32_MAX && grade_read(&shadowing->out->grade, said->grade);
    if (shadowing->has_pd) {
        shadowing->out->pd_ppm = (uint32_t)said->pd_ppm;
        shadowing->out->score = (int32_t)said->score;
        shadowing->out->is_thin = str_eq(row->outcome, STR("thin"));
    }
    return false;
}

/* The PD, the score and the grade that were answered. */
static bool figures_read(struct observation *out, const struct decision_record *record)
{
    int64_t pd_ppm, score;
    if (!scaled_read(&pd_ppm, json_slice(json_slice(record->body, STR("pd")), STR("value")),
                     PPM_DECIMALS) ||
        !scaled_read(&score, json_slice(json_slice(record->body, STR("score")), STR("value")), 0) ||
        !grade_read(&out->grade, record_text(record->body, STR("grade"))) || pd_ppm < 1 ||
        pd_ppm > PD_PPM_ONE || score < 0 || score > INT32_MAX) {
        return false;
    }
    out->pd_ppm = (uint32_t)pd_ppm;
    out->score = (int32_t)score;
    out->is_thin = str_eq(record_text(record->body, STR("status")), STR("thin"));
    return true;
}

/* The inputs as the model would read them now, from the request that was kept. */
static bool inputs_read(struct known *inputs, struct observation *o, struct model_watch *watch,
                        const struct decision_record *record)
{
    struct arena *arena = &watch->arena;
    struct violations *violations = arena_new(arena, struct violations);
    struct decision_request *request = arena_new(arena, struct decision_request);
    struct score *score = arena_new(arena, struct score);
    const struct json *root = json_read(record->input, arena, NULL);
    if (violations == NULL || request == NULL || score == NULL || root == NULL ||
        !watch->model->can_score) {
        return false;
    }
    violations_init(violations, arena);
    if (decision_request_read(request, root, date_of_ms(record->row.created_ms), arena,
                              violations) != STATUS_OK) {
        return false;
    }
    score_compute(score, watch->model, &request->facts);
    for (uint32_t i = 0; i < watch->model->input_count; i++) {
        inputs[i] = score->features.values[watch->model->inputs[i].feature];
    }
    o->country = request->facts.company.country;
    return true;
}

static void reasons_add(struct book *book, struct str reasons, struct arena *arena)
{
    const struct json *list = json_read(reasons, arena, NULL);
    for (const struct json *node = list != NULL && list->type == JSON_ARRAY ? list->first : NULL;
         node != NULL; node = node->next) {
        const struct json *code = node->type == JSON_OBJECT ? json_find(node, STR("code")) : NULL;
        const struct json *direction =
            node->type == JSON_OBJECT ? json_find(node, STR("direction")) : NULL;
        if (code != NULL) {
            book_add_reason(book, code->text,
                            direction == NULL || !str_eq(direction->text, STR("positive")));
        }
    }
}

/* The rest of an observation whose figures are there, and into the book. */
static void observe(struct book *book, struct observation *o, struct model_watch *watch,
                    const struct decision_record *record)
{
    struct known inputs[MODEL_INPUTS_MAX];
    struct str key = record->row.company_key;
    o->company = key.len == 0 ? 0 : company_hash(key);
    o->country = "";
    if (!o->is_thin && book_wants_inputs(book, o->company) &&
        inputs_read(inputs, o, watch, record)) {
        o->inputs = inputs;
    }
    book_add(book, o);
}

static enum status observe_decided(struct book *book, struct model_watch *watch, struct db *db,
                                   const struct decision_record *record, struct error *err)
{
    struct observation o = {0};
    bool has_pd;
    reasons_add(book, json_slice(record->body, STR("reasons")), &watch->arena);
    TRY(decision_verdict(&o.verdict, &has_pd, db, record, watch->order.definition,
                         watch->order.known_ms, err));
    if (has_pd && figures_read(&o, record)) {
        observe(book, &o, watch, record);
    } else {
        book_add_unscored(book);
    }
    return STATUS_OK;
}

/* The same of a decision that another model made, where this one scored beside.  A challenger
 * states no reasons; its verdict is under the champion's definition and horizon. */
static enum status observe_shadow(bool *is_there, struct book *book, struct model_watch *watch,
                                  struct db *db, const struct decision_record *record,
                                  struct error *err)
{
    struct observation o = {0};
    struct shadowing shadowing = {.challenger = &watch->order.sha256, .out = &o};
    bool has_pd;
    *is_there = false;
    if (!watch->order.is_known || !is_digest(watch->order.model)) {
        return STATUS_OK;
    }
    TRY(shadow_of_decision(db, record->row.environment, &record->row.id, each_opinion, &shadowing,
                           err));
    *is_there = shadowing.is_there;
    if (!shadowing.is_there) {
        return STATUS_OK;
    }
    TRY(decision_verdict(&o.verdict, &has_pd, db, record, watch->order.definition,
                         watch->order.known_ms, err));
    if (has_pd && shadowing.has_pd) {
        observe(book, &o, watch, record);
    } else {
        book_add_unscored(book);
    }
    return STATUS_OK;
}

struct step {
    struct model_watch *watch;
    struct db *db;
};

static enum status each_decision(void *context, const struct scanned_decision *decision,
                                 struct error *err)
{
    struct step *step = context;
    struct model_watch *watch = step->watch;
    const struct watch_order *order = &watch->order;
    const struct decision_record *record = decision->record;
    struct str model = json_slice(record->body, STR("model"));
    bool is_in_window = date_is_within(decision->as_of, order->from, order->to);
    bool is_in_baseline = date_is_set(order->baseline_from) &&
                          date_is_within(decision->as_of, order->baseline_from, order->baseline_to);
    if (!is_in_window && !is_in_baseline) {
        return STATUS_OK;
    }
    struct book *book = is_in_window ? &watch->book : &watch->baseline;
    if (!is_of_model(watch, model)) {
        bool is_there;
        TRY(observe_shadow(&is_there, book, watch, step->db, record, err));
        watch->others += is_in_window ? 1 : 0;
        watch->in_shadow += is_in_window && is_there ? 1 : 0;
        return STATUS_OK;
    }
    TRY(model_load(watch, step->db, record_text(model, STR("sha256")), err));
    watch->matching += is_in_window ? 1 : 0;
    return observe_decided(book, watch, step->db, record, err);
}

/* ---- the whole ---- */

enum status watch_order_resolve(struct watch_order *order, struct db *db, struct arena *arena,
                                struct error *err)
{
    struct model_row *rows, row;
    struct id id;
    uint32_t count;
    TRY(model_list(db, order->environment, &rows, &count, arena, err));
    for (uint32_t i = 0; i < count; i++) {
        if (str_eq(rows[i].name, order->model)) { /* newest first */
            order->is_known = true;
            order->sha256 = rows[i].sha256;
            return STATUS_OK;
        }
    }
    enum status status = model_named(&row, rows, count, order->model, err);
    if (status == STATUS_NOT_FOUND && !id_read(&id, "mdl", order->model)) {
        return STATUS_OK;
    }
    TRY(status);
    char hex[DIGEST_HEX_LEN + 1];
    digest_hex(hex, &row.sha256);
    order->is_known = true;
    order->sha256 = row.sha256;
    order->model = arena_copy(arena, str_from(hex));
    return order->model.ptr != NULL ? STATUS_OK
                                    : error_set(err, STATUS_TOO_LARGE, "", "out of memory");
}

static enum status order_check(const struct watch_order *order, struct error *err)
{
    bool has_from = date_is_set(order->baseline_from);
    bool has_to = date_is_set(order->baseline_to);
    if (date_is_set(order->from) && date_is_set(order->to) &&
        date_compare(order->from, order->to) > 0) {
        return error_set(err, STATUS_INVALID, "to", "expected a day not before from");
    }
    if (has_from != has_to) {
        return error_set(err, STATUS_INVALID, has_from ? "baseline_to" : "baseline_from",
                         "expected both ends of the baseline, or none");
    }
    if (has_from && date_compare(order->baseline_from, order->baseline_to) > 0) {
        return error_set(err, STATUS_INVALID, "baseline_to",
                         "expected a day not before baseline_from");
    }
    if (has_from &&
        (!date_is_set(order->from) || date_compare(order->baseline_to, order->from) >= 0)) {
        return error_set(err, STATUS_INVALID, "baseline_to",
                         "expected a day before from: the baseline lies before the window");
    }
    return STATUS_OK;
}

enum status model_watch_begin(struct model_watch *out, const struct watch_order *order,
                              struct error *err)
{
    *out = (struct model_watch){.order = *order};
    TRY(order_check(order, err));
    arena_init(&out->arena, PAGE_ARENA_MAX);
    arena_init(&out->texts, TEXTS_MAX);
    out->order.model = arena_copy(&out->texts, order->model);
    out->order.definition = arena_copy(&out->texts, order->definition);
    if (out->order.model.ptr == NULL || out->order.definition.ptr == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the names are too long");
    }
    bool has_baseline = date_is_set(order->baseline_from);
    out->scan = (struct decision_scan){.environment = order->environment,
                                       .from = has_baseline ? order->baseline_from : order->from,
                                       .to = order->to,
                                       .known_ms = order->known_ms};
    book_init(&out->book, &out->yardstick, order->unreported_is_good);
    book_init(&out->baseline, &out->yardstick, order->unreported_is_good);
    return STATUS_OK;
}

/* The model of the order, unless a decision has brought one. */
static enum status known_model_load(struct model_watch *watch, struct db *db, struct error *err)
{
    char hex[DIGEST_HEX_LEN + 1];
    if (!watch->order.is_known || watch->model != NULL) {
        return STATUS_OK;
    }
    digest_hex(hex, &watch->order.sha256);
    arena_reset(&watch->arena);
    return model_load(watch, db, str_from(hex), err);
}

enum status model_watch_step(struct model_watch *watch, struct db *db, struct error *err)
{
    struct step step = {watch, db};
    if (is_digest(watch->order.model)) { /* a challenger has decided nothing, and is measured */
        TRY(known_model_load(watch, db, err));
    }
    TRY(decision_scan_step(&watch->scan, db, &watch->arena, each_decision, &step, err));
    return watch->scan.is_done ? known_model_load(watch, db, err) : STATUS_OK;
}

bool model_watch_is_done(const struct model_watch *watch)
{
    return watch->scan.is_done;
}

static void date_member(struct json_writer *w, struct str name, struct date date)
{
    json_name(w, name);
    if (date_is_set(date)) {
        date_write(json_quoted_begin(w), date);
        json_quoted_end(w);
    } else {
        json_null(w);
    }
}

static void write_head(struct json_writer *w, const struct model_watch *watch)
{
    const struct watch_order *order = &watch->order;
    const struct model *model = watch->model;
    json_text_member(w, STR("object"), STR("model_metrics"));
    flag_member(w, STR("livemode"), order->is_live);
    object_member_begin(w, STR("model"));
    json_text_member(w, STR("id"), model->id);
    json_text_member(w, STR("version"), model->version);
    json_text_member(w, STR("sha256"), str_from(model->sha256));
    json_text_member(w, STR("default_definition"), model->default_definition);
    count_member(w, STR("horizon_months"), model->horizon_months);
    json_object_end(w);
    flag_member(w, STR("all_versions"), !is_digest(order->model));
    json_text_member(w, STR("definition"),
                     order->definition.len > 0 ? order->definition : model->default_definition);
    date_member(w, STR("from"), order->from);
    date_member(w, STR("to"), order->to);
    json_name(w, STR("known_at"));
    timestamp_write(json_quoted_begin(w), order->known_ms);
    json_quoted_end(w);
    object_member_begin(w, STR("scanned"));
    count_member(w, STR("by_this_model"), watch->matching);
    count_member(w, STR("by_other_models"), watch->others);
    count_member(w, STR("in_shadow"), watch->in_shadow);
    flag_member(w, STR("is_cut"), watch->scan.is_cut);
    json_object_end(w);
}

enum status model_watch_write(struct buf *out, struct model_watch *watch, struct error *err)
{
    struct json_writer w;
    struct arena sorting;
    CHECK(watch->scan.is_done);
    if (watch->model == NULL) {
        return error_set(err, STATUS_NOT_FOUND, "model",
                         "no decision in this window was made by a model of this id");
    }
    arena_init(&sorting, SORTING_MAX);
    json_writer_init(&w, out);
    json_object_begin(&w);
    write_head(&w, watch);
    bool has_baseline = date_is_set(watch->order.baseline_from);
    enum status status =
        book_write(&w, &watch->book, has_baseline ? &watch->baseline : NULL, &sorting, err);
    json_object_end(&w);
    arena_finish(&sorting);
    return status;
}

void model_watch_finish(struct model_watch *watch)
{
    book_finish(&watch->book);
    book_finish(&watch->baseline);
    model_destroy(watch->model);
    arena_finish(&watch->arena);
    arena_finish(&watch->texts);
    *watch = (struct model_watch){0};
}
