/* consistency_report.c - each decision is made again by the rules of then, and goes into its
 * groups. */
#include "watch/consistency_report.h"

#include "service/assess.h"
#include "store/artifact_store.h"
#include "watch/model_watch.h"

#include <string.h>

enum { PAGE_ARENA_MAX = 256 * 1024 * 1024, FACTS_TEXT_MAX = 1024 * 1024 };

/* ---- the rules of then ---- */

static enum status artifact_text(struct str *out, struct digest *digest, struct db *db,
                                 const struct decision_record *record, struct str member,
                                 struct arena *arena, struct error *err)
{
    struct str sha256 = record_text(json_slice(record->body, member), STR("sha256"));
    if (!digest_read_hex(digest, sha256)) {
        return error_set(err, STATUS_CORRUPT, "", "the stored record of %s does not name its %.*s",
                         record->id_text, STR_ARGS(member));
    }
    return out == NULL ? STATUS_OK : artifact_find(db, digest, out, arena, err);
}

static enum status rules_load(struct rules_kept *out, struct db *db,
                              const struct decision_record *record, struct arena *arena,
                              struct error *err)
{
    struct str model, policy;
    in_force_finish(&out->then);
    out->is_there = false;
    TRY(artifact_text(&model, &out->model, db, record, STR("model"), arena, err));
    TRY(artifact_text(&policy, &out->policy, db, record, STR("policy"), arena, err));
    TRY(model_of_text(&out->then.model, model, err));
    TRY(policy_of_text(&out->then.policies[0], policy, err));
    out->then.policy_count = 1;
    out->is_there = true;
    return STATUS_OK;
}

static enum status rules_find(const struct rules_kept **out, struct consistency_report *report,
                              struct db *db, const struct decision_record *record,
                              struct error *err)
{
    struct digest model, policy;
    TRY(artifact_text(NULL, &model, db, record, STR("model"), &report->arena, err));
    TRY(artifact_text(NULL, &policy, db, record, STR("policy"), &report->arena, err));
    for (size_t i = 0; i < RULES_KEPT_MAX; i++) {
        struct rules_kept *kept = &report->kept[i];
        if (kept->is_there && digest_eq(&kept->model, &model) &&
            digest_eq(&kept->policy, &policy)) {
            *out = kept;
            return STATUS_OK;
        }
    }
    struct rules_kept *kept = &report->kept[report->next_kept];
    report->next_kept = (report->next_kept + 1) % RULES_KEPT_MAX;
    TRY(rules_load(kept, db, record, &report->arena, err));
    *out = kept;
    return STATUS_OK;
}

/* ---- what a case is ---- */

/* All that was decided on, but for who it is about and how it is told. */
static uint64_t facts_hash(const struct json *root, const struct rules_kept *rules)
{
    static const char *const who[] = {"name", "identifiers"};
    static const char *const told[] = {"client_reference", "language", "audience",
                                       "consent",          "purpose",  "legal_basis"};
    struct buf text;
    buf_init(&text, FACTS_TEXT_MAX);
    buf_append(&text, digest_str(&rules->model));
    buf_append(&text, digest_str(&rules->policy));
    for (const struct json *member = root->first; member != NULL; member = member->next) {
        bool is_company = str_eq(member->name, STR("company"));
        bool is_told = false;
        for (size_t i = 0; i < ARRAY_LEN(told); i++) {
            is_told = is_told || str_eq(member->name, str_from(told[i]));
        }
        if (is_told) {
            continue;
        }
        json_append_string(&text, member->name);
        if (!is_company) {
            json_write_canonical(&text, member);
            continue;
        }
        for (const struct json *part = member->first; part != NULL; part = part->next) {
            if (!str_eq(part->name, str_from(who[0])) && !str_eq(part->name, str_from(who[1]))) {
                json_append_string(&text, part->name);
                json_write_canonical(&text, part);
            }
        }
    }
    uint64_t hash = company_hash(buf_str(&text));
    buf_finish(&text);
    return hash;
}

static void case_fill(struct consistency_case *out, const struct assessment *assessment)
{
    const struct decision *d = &assessment->decision;
    out->recommendation = (uint8_t)d->recommendation;
    /* Credit on conditions is not what others get without: it does not count as accepted. */
    out->is_accepted = d->recommendation == RECOMMEND_ACCEPT;
    out->is_scored = d->status == DECISION_SCORED || d->status == DECISION_THIN;
    out->of = &assessment->request.facts;
    if (out->is_scored) {
        out->pd_ppm = d->score.pd_ppm;
        out->score = d->score.points;
        out->grade = d->score.grade;
    }
}

static enum status outcome_fill(struct consistency_case *out,
                                const struct consistency_report *report, struct db *db,
                                const struct decision_record *record, struct error *err)
{
    enum outcome_verdict verdict = VERDICT_IMMATURE;
    bool has_pd;
    TRY(decision_verdict(&verdict, &has_pd, db, record, STR(""), report->order.known_ms, err));
    out->is_bad = has_pd && verdict == VERDICT_BAD;
    out->has_outcome =
        has_pd && (out->is_bad || verdict == VERDICT_GOOD ||
                   (verdict == VERDICT_UNREPORTED && report->order.unreported_is_good));
    return STATUS_OK;
}

/* ---- one decision ---- */

struct step {
    struct consistency_report *report;
    struct db *db;
};

static enum status decide_again(struct assessment *out, const struct json **root,
                                const struct rules_kept *rules,
                                const struct decision_record *record, struct arena *arena,
                                struct error *err)
{
    struct json_error json_err;
    struct violations *violations = arena_new(arena, struct violations);
    if (violations == NULL) {
        return error_set(err, STATUS_BUSY, "", "no memory for a decision");
    }
    violations_init(violations, arena);
    TRY(request_parse(root, record->input, arena, &json_err, err));
    return assess(out, *root, date_of_ms(record->row.created_ms), &rules->then, arena, violations,
                  err);
}

static enum status each_decision(void *context, const struct scanned_decision *scanned,
                                 struct error *err)
{
    struct step *step = context;
    struct consistency_report *report = step->report;
    struct consistency *c = &report->consistency;
    const struct decision_record *record = scanned->record;
    const struct rules_kept *rules;
    const struct json *root;
    struct assessment assessment = {0};
    struct str key = record->row.company_key;
    struct consistency_case a_case = {.company = key.len == 0 ? 0 : company_hash(key)};
    if (record->engine != SCORE_ENGINE) {
        c->not_replayed++;
        return STATUS_OK;
    }
    TRY(rules_find(&rules, report, step->db, record, err));
    enum status status = decide_again(&assessment, &root, rules, record, &report->arena, err);
    if (status == STATUS_OK) {
        c->replayed++;
        c->replayed_differently += str_eq(buf_str(&assessment.body), record->body) ? 0 : 1;
        case_fill(&a_case, &assessment);
        a_case.facts = facts_hash(root, rules);
        status = outcome_fill(&a_case, report, step->db, record, err);
    } else if (status == STATUS_INVALID) {
        /* What was taken then is refused now: as different as can be. */
        c->replayed++;
        c->replayed_differently++;
        assessment_finish(&assessment);
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        consistency_add(c, &a_case);
    }
    assessment_finish(&assessment);
    return status;
}

/* ---- the whole ---- */

enum status consistency_report_begin(struct consistency_report *out,
                                     const struct consistency_order *order, struct error *err)
{
    *out = (struct consistency_report){.order = *order};
    if (date_is_set(order->from) && date_is_set(order->to) &&
        date_compare(order->from, order->to) > 0) {
        return error_set(err, STATUS_INVALID, "to", "expected a day not before from");
    }
    arena_init(&out->arena, PAGE_ARENA_MAX);
    out->scan = (struct decision_scan){.environment = order->environment,
                                       .from = order->from,
                                       .to = order->to,
                                       .known_ms = order->known_ms};
    return STATUS_OK;
}

enum status consistency_report_step(struct consistency_report *report, struct db *db,
                                    struct error *err)
{
    struct step step = {report, db};
    return decision_scan_step(&report->scan, db, &report->arena, each_decision, &step, err);
}

bool consistency_report_is_done(const struct consistency_report *report)
{
    return report->scan.is_done;
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

enum status consistency_report_write(struct buf *out, struct consistency_report *report,
                                     struct error *err)
{
    struct json_writer w;
    const char *words[OUTCOME_KINDS];
    _Static_assert((int)OUTCOME_KINDS == (int)RECOMMENDATION_COUNT, "one count a recommendation");
    CHECK(report->scan.is_done);
    for (int i = 0; i < RECOMMENDATION_COUNT; i++) {
        words[i] = recommendation_wire((enum recommendation)i);
    }
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("object"), STR("consistency_report"));
    flag_member(&w, STR("livemode"), report->order.is_live);
    date_member(&w, STR("from"), report->order.from);
    date_member(&w, STR("to"), report->order.to);
    json_name(&w, STR("known_at"));
    timestamp_write(json_quoted_begin(&w), report->order.known_ms);
    json_quoted_end(&w);
    flag_member(&w, STR("is_cut"), report->scan.is_cut);
    json_text_member(&w, STR("unreported_count_as"),
                     report->order.unreported_is_good ? STR("good") : STR("nothing"));
    enum status status = consistency_write(&w, &report->consistency, words, err);
    json_object_end(&w);
    return status;
}

void consistency_report_finish(struct consistency_report *report)
{
    for (size_t i = 0; i < RULES_KEPT_MAX; i++) {
        in_force_finish(&report->kept[i].then);
    }
    consistency_finish(&report->consistency);
    arena_finish(&report->arena);
    *report = (struct consistency_report){0};
}
