/* audit_verify.c - the database against its own chain: records in order, then every row that an
 * entry proves.
 *
 * The walk stops at its first fault; what is derived from entries is compared all the same, because
 * a fault there may stand before it.  Reported is the first of all. */
#include "store/audit_log.h"

#include "format/iso8601.h"
#include "format/json.h"
#include "store/audit_line.h"
#include "store/audit_rows.h"
#include "store/model_store.h"
#include "store/outcome_store.h"
#include "store/tenant_store.h"

#include <stdlib.h>
#include <string.h>

enum { PAYLOAD_NODES_MAX = 256 * 1024 * 1024, ROW_PAYLOAD_MAX = 4096 };

/* An artifact that an entry says was loaded. */
struct mention {
    struct digest sha256;
    struct str kind; /* "model" or "policy" */
    struct chain_place place;
    bool is_found;
};

struct walk {
    struct audit_check check;
    struct arena arena;
    struct buf unpacked; /* payload of the entry being checked */
    uint64_t decisions;  /* entries that a row proves */
    struct mention *mentions;
    size_t mention_count, mention_size;
    bool is_full;             /* no memory */
    struct chain_place stray; /* a row that claims a place where it is not proved */
    const char *stray_fault;
};

/* Report a fault unless one before it is known. */
static void fault_earlier(struct walk *walk, const struct chain_place *place, const char *text)
{
    struct chain_place known = {.epoch = walk->check.report.epoch, .seq = walk->check.report.seq};
    memcpy(known.stream, walk->check.report.stream, sizeof known.stream);
    if (walk->check.report.is_valid || chain_place_compare(place, &known) < 0) {
        (void)audit_fault(&walk->check, place, "%s", text);
    }
}

/* ---- decisions ---- */

static bool member_is(const struct json *object, struct str name, const struct db_value *column)
{
    const struct json *member = json_find(object, name);
    struct str text = member != NULL && member->type == JSON_STRING ? member->text : STR("");
    return column->type == DB_TEXT && str_eq(text, column->bytes);
}

static bool number_is(const struct json *object, struct str name, int64_t want)
{
    const struct json *member = json_find(object, name);
    struct buf text;
    buf_init(&text, 32);
    buf_append_int(&text, want);
    bool is_equal =
        member != NULL && member->type == JSON_NUMBER && str_eq(member->text, buf_str(&text));
    buf_finish(&text);
    return is_equal;
}

static bool time_is(const struct json *object, struct str name, const struct db_value *column)
{
    const struct json *member = json_find(object, name);
    int64_t utc_ms;
    return member != NULL && member->type == JSON_STRING && timestamp_read(&utc_ms, member->text) &&
           column->type == DB_INT && column->number == utc_ms;
}

static bool id_is(const struct json *object, const uint8_t id[ID_LEN])
{
    const struct json *member = json_find(object, STR("id"));
    struct id read;
    return member != NULL && member->type == JSON_STRING && id_read(&read, "dec", member->text) &&
           memcmp(read.bytes, id, ID_LEN) == 0;
}

/* NULL, or the column of the decision that is not what its payload says. */
static const char *columns_fault(const struct json *payload, const struct chain_entry *entry,
                                 const struct db_row *row)
{
    const struct json *body = payload->type == JSON_OBJECT ? json_find(payload, STR("body")) : NULL;
    if (body == NULL || body->type != JSON_OBJECT) {
        return "its payload is not the record of a decision";
    }
    if (!id_is(payload, entry->object)) {
        return "its id is not that of its payload";
    }
    if (!number_is(payload, STR("environment"), entry->environment)) {
        return "its environment is not that of its payload";
    }
    if (!time_is(payload, STR("created_at"), &row->columns[WALK_DECISION_CREATED])) {
        return "created_ms of its row is not that of its payload";
    }
    if (!member_is(payload, STR("company_key"), &row->columns[WALK_DECISION_COMPANY])) {
        return "company_key of its row is not that of its payload";
    }
    if (!member_is(payload, STR("client_reference"), &row->columns[WALK_DECISION_REFERENCE])) {
        return "client_reference of its row is not that of its payload";
    }
    return member_is(body, STR("recommendation"), &row->columns[WALK_DECISION_RECOMMENDATION])
               ? NULL
               : "recommendation of its row is not that of its payload";
}

static bool decision_check(struct walk *walk, const struct chain_entry *entry,
                           const struct audit_evidence *evidence, const struct db_row *row)
{
    struct chain_place claimed;
    if (!chain_place_of(&claimed, &row->columns[WALK_DECISION_PLACE]) ||
        chain_place_compare(&claimed, &entry->place) != 0) {
        return audit_fault(&walk->check, &entry->place,
                           "the row of the decision names another entry");
    }
    walk->decisions++;
    if (evidence->is_erased) {
        return true;
    }
    arena_reset(&walk->arena);
    const struct json *payload = json_read(evidence->payload, &walk->arena, NULL);
    const char *fault =
        payload == NULL ? "its payload is not JSON" : columns_fault(payload, entry, row);
    return fault == NULL || audit_fault(&walk->check, &entry->place, "%s", fault);
}

/* ---- artifacts ---- */

static bool mention_add(struct walk *walk, const struct mention *mention)
{
    for (size_t i = 0; i < walk->mention_count; i++) {
        if (digest_eq(&walk->mentions[i].sha256, &mention->sha256)) {
            return true;
        }
    }
    if (walk->mention_count == walk->mention_size) {
        size_t size = walk->mention_size == 0 ? 16 : 2 * walk->mention_size;
        struct mention *mentions = realloc(walk->mentions, size * sizeof *mentions);
        if (mentions == NULL) {
            walk->is_full = true;
            return false;
        }
        walk->mentions = mentions;
        walk->mention_size = size;
    }
    walk->mentions[walk->mention_count++] = *mention;
    return true;
}

/* Note which artifact the entry says was loaded. */
static bool mention_note(struct walk *walk, const struct chain_entry *entry,
                         const struct audit_evidence *evidence, struct str kind)
{
    struct mention mention = {.kind = kind, .place = entry->place};
    arena_reset(&walk->arena);
    const struct json *payload = json_read(evidence->payload, &walk->arena, NULL);
    const struct json *sha256 =
        payload != NULL && payload->type == JSON_OBJECT ? json_find(payload, STR("sha256")) : NULL;
    if (sha256 == NULL || sha256->type != JSON_STRING ||
        !digest_read_hex(&mention.sha256, sha256->text)) {
        return audit_fault(&walk->check, &entry->place, "its payload names no artifact");
    }
    return mention_add(walk, &mention);
}

static bool each_artifact(void *context, const struct db_row *row)
{
    struct walk *walk = context;
    const struct db_value *c = row->columns;
    struct digest key, digest = digest_of(c[2].bytes);
    bool is_sound = chain_digest_of(&key, &c[0]) && digest_eq(&key, &digest);
    for (size_t i = 0; i < walk->mention_count; i++) {
        struct mention *mention = &walk->mentions[i];
        if (c[0].bytes.len == DIGEST_LEN &&
            memcmp(c[0].bytes.ptr, mention->sha256.bytes, DIGEST_LEN) == 0) {
            mention->is_found = is_sound && str_eq(c[1].bytes, mention->kind);
            return true;
        }
    }
    if (!is_sound && walk->stray_fault == NULL) {
        walk->stray_fault = "an artifact has not the digest that is its key";
    }
    return true;
}

static enum status artifacts_check(struct walk *walk, struct db *db, struct error *err)
{
    TRY(db_query(db, STATEMENT_VERIFY_ARTIFACTS, NULL, 0, each_artifact, walk, err));
    for (size_t i = 0; i < walk->mention_count; i++) {
        if (!walk->mentions[i].is_found) {
            fault_earlier(walk, &walk->mentions[i].place,
                          "the artifact that it loaded is missing or was changed");
        }
    }
    return STATUS_OK;
}

/* ---- the walk ---- */

static bool entry_check(struct walk *walk, const struct db_row *row)
{
    struct chain_entry entry = {.time_ms = 0};
    struct audit_evidence evidence;
    struct audit_check *check = &walk->check;
    const char *fault = audit_entry_of_row(&entry, &evidence, row, &walk->unpacked);
    bool is_new_epoch =
        strcmp(check->at.stream, entry.place.stream) != 0 || check->at.epoch != entry.place.epoch;
    if (entry.place.stream[0] != '\0' && is_new_epoch &&
        !audit_check_epoch(check, str_from(entry.place.stream), entry.place.epoch)) {
        return false;
    }
    struct chain_place next = audit_check_next(check);
    if (fault != NULL) {
        return audit_fault(check, &next, "%s", fault);
    }
    if (!audit_check_entry(check, &entry, &evidence)) {
        return false;
    }
    if (str_eq(entry.kind, str_from(audit_kind_wire(AUDIT_DECISION_CREATED)))) {
        return decision_check(walk, &entry, &evidence, row);
    }
    bool is_model = str_eq(entry.kind, str_from(audit_kind_wire(AUDIT_MODEL_LOADED))) ||
                    str_eq(entry.kind, str_from(audit_kind_wire(AUDIT_MODEL_IMPORTED)));
    bool is_policy = str_eq(entry.kind, str_from(audit_kind_wire(AUDIT_POLICY_LOADED)));
    if ((is_model || is_policy) && !evidence.is_erased) {
        return mention_note(walk, &entry, &evidence, is_model ? STR("model") : STR("policy"));
    }
    return true;
}

static bool each_record(void *context, const struct db_row *row)
{
    struct walk *walk = context;
    struct chain_place next = audit_check_next(&walk->check);
    struct chain_commit commit;
    struct chain_checkpoint checkpoint;
    switch (audit_record_of(row)) {
    case RECORD_ENTRY: return entry_check(walk, row);
    case RECORD_COMMIT:
        return audit_commit_of_row(&commit, row)
                   ? audit_check_commit(&walk->check, &commit)
                   : audit_fault(&walk->check, &next, "a commit has not the right form");
    case RECORD_CHECKPOINT:
        return audit_checkpoint_of_row(&checkpoint, row)
                   ? audit_check_checkpoint(&walk->check, &checkpoint)
                   : audit_fault(&walk->check, &next, "a checkpoint has not the right form");
    }
    return false;
}

/* ---- rows that an entry proves ---- */

/* Compare what the entry at the row's place says with what the row says now.  A row that is not
 * proved where it says is remembered: it may be extra, or the entry that proves it will be found
 * without its row. */
static void row_check(struct walk *walk, const struct db_value place[3],
                      const struct db_value entry[5], enum audit_kind kind,
                      const struct db_value *object, const struct buf *payload)
{
    const struct db_value *entry_kind = &entry[0], *entry_object = &entry[2];
    struct chain_place at = {.epoch = 0};
    bool has_place = chain_place_of(&at, place);
    bool is_proved_here = has_place && entry_kind->type == DB_TEXT &&
                          str_eq(entry_kind->bytes, str_from(audit_kind_wire(kind))) &&
                          str_eq(entry_object->bytes, object->bytes);
    bool is_erased = entry[3].type == DB_NULL && entry[4].type == DB_NULL;
    if (!is_proved_here) {
        walk->stray = at;
        walk->stray_fault = "a row says that it is proved here, and is not";
    } else if (!is_erased && !str_eq(entry[3].bytes, buf_str(payload))) {
        fault_earlier(walk, &at, "the row is not what the payload says");
    }
}

static bool each_tenant(void *context, const struct db_row *row)
{
    struct walk *walk = context;
    const struct db_value *c = row->columns;
    struct tenant_row tenant = {.name = c[4].bytes,
                                .created_ms = c[5].number,
                                .test_environment = c[6].number,
                                .live_environment = c[7].number};
    struct buf payload;
    buf_init(&payload, ROW_PAYLOAD_MAX);
    if (chain_id_of(tenant.id.bytes, &c[3]) && c[6].type == DB_INT && c[7].type == DB_INT) {
        tenant_payload(&payload, &tenant);
    }
    row_check(walk, &c[0], &c[8], AUDIT_TENANT_CREATED, &c[3], &payload);
    buf_finish(&payload);
    return true;
}

static bool each_key(void *context, const struct db_row *row)
{
    struct walk *walk = context;
    const struct db_value *c = row->columns;
    struct key_row key = {.environment = c[3].number,
                          .scopes = c[7].bytes,
                          .created_ms = c[8].number,
                          .expires_ms = c[9].number};
    struct buf payload;
    buf_init(&payload, ROW_PAYLOAD_MAX);
    if (chain_id_of(key.id.bytes, &c[4]) && chain_digest_of(&key.hash, &c[5]) &&
        c[6].bytes.len < sizeof key.last4) {
        memcpy(key.last4, c[6].bytes.ptr, c[6].bytes.len);
        key_payload(&payload, &key);
    }
    row_check(walk, &c[0], &c[10], AUDIT_KEY_CREATED, &c[4], &payload);
    buf_finish(&payload);
    return true;
}

static bool each_revocation(void *context, const struct db_row *row)
{
    struct walk *walk = context;
    const struct db_value *c = row->columns;
    struct id id;
    struct buf payload;
    buf_init(&payload, ROW_PAYLOAD_MAX);
    if (chain_id_of(id.bytes, &c[3])) {
        key_revoked_payload(&payload, &id, c[4].number);
    }
    row_check(walk, &c[0], &c[5], AUDIT_KEY_REVOKED, &c[3], &payload);
    buf_finish(&payload);
    return true;
}

/* The outcomes that one entry proves come one after the other. */
struct outcome_group {
    struct walk *walk;
    struct chain_place place;
    bool is_open, is_proved, is_erased;
    struct buf payload; /* as the rows say it now */
    struct buf said;    /* by the entry */
};

static void outcome_group_end(struct outcome_group *group)
{
    if (!group->is_open) {
        return;
    }
    outcomes_payload_end(&group->payload);
    if (!group->is_proved) {
        group->walk->stray = group->place;
        group->walk->stray_fault = "a row says that it is proved here, and is not";
    } else if (!group->is_erased && !str_eq(buf_str(&group->said), buf_str(&group->payload))) {
        fault_earlier(group->walk, &group->place, "the rows are not what the payload says");
    }
    group->is_open = false;
}

enum { OUTCOME_PLACE = 12, OUTCOME_ENTRY = 16 };

static void outcome_group_begin(struct outcome_group *group, const struct chain_place *place,
                                const struct outcome_row *row, const struct db_value *entry)
{
    group->place = *place;
    group->is_open = true;
    group->is_proved = entry[0].type == DB_TEXT &&
                       str_eq(entry[0].bytes, str_from(audit_kind_wire(AUDIT_OUTCOMES_RECORDED))) &&
                       entry[1].number == row->environment &&
                       str_eq(entry[2].bytes, str_of(row->id.bytes, ID_LEN));
    group->is_erased = entry[3].type == DB_NULL && entry[4].type == DB_NULL;
    buf_clear(&group->said);
    buf_append(&group->said, entry[3].bytes);
    buf_clear(&group->payload);
    outcomes_payload_begin(&group->payload, row->environment);
}

static bool each_outcome(void *context, const struct db_row *row)
{
    struct outcome_group *group = context;
    const struct db_value *c = row->columns;
    struct outcome_row outcome;
    struct chain_place place = {.epoch = 0};
    if (!outcome_of_columns(&outcome, c) || !chain_place_of(&place, &c[OUTCOME_PLACE])) {
        group->walk->stray = place;
        group->walk->stray_fault = "an outcome does not read back";
        return true;
    }
    bool is_first = !group->is_open || chain_place_compare(&place, &group->place) != 0;
    if (is_first) {
        outcome_group_end(group);
        outcome_group_begin(group, &place, &outcome, &c[OUTCOME_ENTRY]);
    }
    outcomes_payload_add(&group->payload, &outcome, is_first);
    return true;
}

static enum status outcomes_check(struct walk *walk, struct db *db, struct error *err)
{
    struct outcome_group group = {.walk = walk};
    buf_init(&group.payload, AUDIT_LINE_MAX);
    buf_init(&group.said, AUDIT_LINE_MAX);
    enum status status =
        db_query(db, STATEMENT_VERIFY_OUTCOMES, NULL, 0, each_outcome, &group, err);
    outcome_group_end(&group);
    walk->is_full = walk->is_full || buf_failed(&group.payload) || buf_failed(&group.said);
    buf_finish(&group.payload);
    buf_finish(&group.said);
    return status;
}

static bool each_model(void *context, const struct db_row *row)
{
    struct walk *walk = context;
    const struct db_value *c = row->columns;
    struct model_row model = {.environment = c[3].number,
                              .name = c[6].bytes,
                              .version = c[7].bytes,
                              .can_decide = c[8].number != 0,
                              .can_score = c[9].number != 0,
                              .acted_by = c[10].bytes,
                              .created_ms = c[11].number};
    struct buf payload;
    buf_init(&payload, MODEL_PAYLOAD_MAX);
    if (chain_id_of(model.id.bytes, &c[4]) && chain_digest_of(&model.sha256, &c[5])) {
        model_payload(&payload, &model);
    }
    row_check(walk, &c[0], &c[12], AUDIT_MODEL_IMPORTED, &c[4], &payload);
    buf_finish(&payload);
    return true;
}

static bool each_model_change(void *context, const struct db_row *row)
{
    struct walk *walk = context;
    const struct db_value *c = row->columns;
    struct model_change change;
    struct buf payload;
    if (!model_change_of_row(&change, &c[3])) {
        walk->stray_fault = "a change of models has not the form of one";
        if (!chain_place_of(&walk->stray, &c[0])) {
            walk->stray = (struct chain_place){.epoch = 0};
        }
        return true;
    }
    buf_init(&payload, MODEL_PAYLOAD_MAX);
    model_change_payload(&payload, &change);
    row_check(walk, &c[0], &c[12], model_action_kind(change.action), &c[6], &payload);
    buf_finish(&payload);
    return true;
}

static bool each_without_row(void *context, const struct db_row *row)
{
    struct walk *walk = context;
    struct chain_place place;
    if (chain_place_of(&place, row->columns)) {
        fault_earlier(walk, &place, "the row that it proves is missing or names another entry");
    }
    return false;
}

static bool each_without_entry(void *context, const struct db_row *row)
{
    struct walk *walk = context;
    walk->stray_fault = "a decision says that it is proved here, and is not";
    if (!chain_place_of(&walk->stray, row->columns)) {
        walk->stray = (struct chain_place){.epoch = 0};
    }
    return false;
}

static bool each_count(void *context, const struct db_row *row)
{
    memcpy(
        context,
        (const int64_t[]){row->columns[0].number, row->columns[1].number, row->columns[2].number},
        3 * sizeof(int64_t));
    return false;
}

/* Rows that nothing proves: looked for only if the counts say there are some. */
static enum status counts_check(struct walk *walk, struct db *db, struct error *err)
{
    int64_t counts[3] = {0}; /* decisions, tenants, environments */
    TRY(db_query(db, STATEMENT_VERIFY_COUNTS, NULL, 0, each_count, counts, err));
    if (walk->check.report.is_valid && counts[0] != (int64_t)walk->decisions) {
        TRY(db_query(db, STATEMENT_VERIFY_DECISIONS_WITHOUT_ENTRY, NULL, 0, each_without_entry,
                     walk, err));
    }
    if (counts[2] != 2 * counts[1] && walk->stray_fault == NULL) {
        walk->stray_fault = "there is an environment without a tenant, or a tenant without one";
    }
    return STATUS_OK;
}

static enum status rows_check(struct walk *walk, struct db *db, struct error *err)
{
    TRY(db_query(db, STATEMENT_VERIFY_TENANTS, NULL, 0, each_tenant, walk, err));
    TRY(db_query(db, STATEMENT_VERIFY_KEYS, NULL, 0, each_key, walk, err));
    TRY(db_query(db, STATEMENT_VERIFY_REVOCATIONS, NULL, 0, each_revocation, walk, err));
    TRY(outcomes_check(walk, db, err));
    TRY(db_query(db, STATEMENT_VERIFY_MODELS, NULL, 0, each_model, walk, err));
    TRY(db_query(db, STATEMENT_VERIFY_MODEL_CHANGES, NULL, 0, each_model_change, walk, err));
    TRY(db_query(db, STATEMENT_VERIFY_ENTRIES_WITHOUT_ROW, NULL, 0, each_without_row, walk, err));
    TRY(artifacts_check(walk, db, err));
    TRY(counts_check(walk, db, err));
    if (walk->check.report.is_valid && walk->stray_fault != NULL) {
        (void)audit_fault(&walk->check, &walk->stray, "%s", walk->stray_fault);
    }
    return STATUS_OK;
}

static enum status verify(struct walk *walk, struct db *db, struct error *err)
{
    TRY(db_query(db, STATEMENT_AUDIT_WALK, NULL, 0, each_record, walk, err));
    bool is_whole = walk->check.report.is_valid && audit_check_end(&walk->check);
    CHECK(is_whole == walk->check.report.is_valid);
    TRY(rows_check(walk, db, err));
    return walk->is_full ? error_set(err, STATUS_TOO_LARGE, "", "no memory to verify with")
                         : STATUS_OK;
}

enum status audit_verify_db(struct db *db, const char *public_key_hex, const char *checkpoint_hex,
                            struct verify_report *report, struct error *err)
{
    struct walk *walk = calloc(1, sizeof *walk);
    if (walk == NULL) {
        return error_set(err, STATUS_IO, "", "no memory to verify with");
    }
    audit_check_init(&walk->check);
    arena_init(&walk->arena, PAYLOAD_NODES_MAX);
    buf_init(&walk->unpacked, AUDIT_LINE_MAX);
    enum status status = audit_check_pin(&walk->check, public_key_hex, checkpoint_hex, err);
    if (status == STATUS_OK) {
        status = db_begin(db, err);
    }
    if (status == STATUS_OK) {
        status = verify(walk, db, err);
        db_rollback(db);
    }
    if (status == STATUS_OK) {
        *report = walk->check.report;
    }
    arena_finish(&walk->arena);
    buf_finish(&walk->unpacked);
    free(walk->mentions);
    free(walk);
    return status;
}
