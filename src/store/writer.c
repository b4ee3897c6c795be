/* writer.c - conditions, numbers, rows, commit. */
#include "store/writer_state.h"

#include "base/defect.h"

#include <string.h>

enum {
    CALLS_PER_UNIT_MAX = UNIT_ROWS_MAX + UNIT_ENTRIES_MAX,
    BATCH_MORE_MAX = 8 * UNIT_MORE_MAX, /* rows in numbers: what the arena of a batch holds well */
    ENTRY_COLUMNS = 11,
    COMMIT_COLUMNS = 5,
    CHECKPOINT_COLUMNS = 9,
};

/* How an attempt ended. */
enum attempt {
    ATTEMPT_COMMITTED,
    ATTEMPT_TAINTED, /* rolled back: a unit was refused after an effect; it is marked in
                        `is_tainted` */
    ATTEMPT_FAILED,  /* rolled back: the engine would not take something */
    ATTEMPT_BUSY,    /* rolled back: no room or no right to write at the moment */
    ATTEMPT_UNKNOWN, /* the commit failed */
};

/* One transaction in the making. */
struct batch {
    struct unit **units;
    size_t count;
    bool *is_tainted; /* one a unit */
    struct head head; /* as it will be */
    int64_t now_ms;
    struct db_call *calls;
    size_t call_count;
    struct digest *leaves; /* of the entries */
    size_t leaf_count;
    uint64_t first_seq;
};

/* ---- conditions ---- */

static size_t conditions_gather(struct db_call *calls, const struct batch *batch)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct unit *unit = batch->units[i];
        if (unit->condition_count > 0) {
            memcpy(calls + count, unit->conditions, unit->condition_count * sizeof *calls);
        }
        count += unit->condition_count;
    }
    return count;
}

/* Judge one unit.  Returns whether it was refused although one of its conditions took effect. */
static bool unit_judge(struct unit *unit, const struct db_call *answers)
{
    bool has_effect = false, is_refused = false;
    unit->outcome = UNIT_PENDING;
    for (uint32_t i = 0; i < unit->condition_count; i++) {
        bool holds = answers[i].changes > 0;
        unit->conditions[i].changes = answers[i].changes;
        has_effect = has_effect || holds;
        if (!holds && !is_refused) {
            is_refused = true;
            unit->outcome = UNIT_REFUSED;
            unit->refused = i;
        }
    }
    return is_refused && has_effect;
}

/* Run the conditions of all units in order, as one batch of calls, and judge. */
static enum status conditions_run(struct writer *writer, struct batch *batch, bool *has_tainted,
                                  struct error *err)
{
    struct db_call *calls =
        arena_array(&writer->arena, struct db_call, batch->count * UNIT_CONDITIONS_MAX);
    if (calls == NULL) {
        return error_set(err, STATUS_BUSY, "", "no memory for the conditions of a batch");
    }
    size_t count = conditions_gather(calls, batch);
    TRY(db_execute(writer->db, calls, count, NULL, err));
    size_t at = 0;
    *has_tainted = false;
    for (size_t i = 0; i < batch->count; i++) {
        batch->is_tainted[i] = unit_judge(batch->units[i], calls + at);
        *has_tainted = *has_tainted || batch->is_tainted[i];
        at += batch->units[i]->condition_count;
    }
    return STATUS_OK;
}

/* ---- numbers and the chain ---- */

static void call_add(struct batch *batch, enum db_statement statement,
                     const struct db_value *values, uint32_t count)
{
    batch->calls[batch->call_count++] =
        (struct db_call){.statement = statement, .values = values, .value_count = count};
}

/* Chain one entry behind the head.  NULL when memory is out. */
static const struct db_value *entry_chain(struct writer *writer, struct batch *batch,
                                          const struct audit_draft *draft)
{
    struct head *head = &batch->head;
    struct db_value *values = arena_array(&writer->arena, struct db_value, ENTRY_COLUMNS);
    struct digest *hash = arena_new(&writer->arena, struct digest);
    if (values == NULL || hash == NULL) {
        return NULL;
    }
    bool is_kept = !audit_kind_has_row(draft->kind);
    struct chain_entry entry = {.place = head->place,
                                .time_ms = batch->now_ms,
                                .kind = str_from(audit_kind_wire(draft->kind)),
                                .environment = draft->environment,
                                .digest = draft->digest};
    memcpy(entry.object, draft->object.bytes, sizeof entry.object);
    entry.place.seq++;
    *hash = chain_entry_hash(&head->hash, &entry);
    head->place = entry.place;
    head->hash = *hash;
    batch->leaves[batch->leaf_count++] = chain_leaf(hash);
    const struct db_value filled[ENTRY_COLUMNS] = {
        DB_STRING(str_from(writer->head.place.stream)),
        DB_NUMBER((int64_t)entry.place.epoch),
        DB_NUMBER((int64_t)entry.place.seq),
        DB_NUMBER(entry.time_ms),
        DB_STRING(entry.kind),
        DB_NUMBER(entry.environment),
        DB_BYTES(str_of(draft->object.bytes, ID_LEN)),
        DB_BYTES(digest_str(&draft->digest)),
        DB_BYTES(digest_str(hash)),
        is_kept ? DB_BYTES(str_of(draft->salt, SALT_LEN)) : (struct db_value){.type = DB_NULL},
        is_kept ? DB_STRING(draft->payload) : (struct db_value){.type = DB_NULL},
    };
    memcpy(values, filled, sizeof filled);
    return values;
}

/* The values with the unit's place in the chain filled in; the caller's own if none is asked for.
 */
static const struct db_value *values_place(struct writer *writer, const struct db_call *row,
                                           const struct chain_place *place)
{
    bool has_place = false;
    for (uint32_t i = 0; i < row->value_count; i++) {
        has_place = has_place || row->values[i].type >= DB_STREAM;
    }
    if (!has_place) {
        return row->values;
    }
    struct db_value *values = arena_array(&writer->arena, struct db_value, row->value_count);
    for (uint32_t i = 0; values != NULL && i < row->value_count; i++) {
        switch (row->values[i].type) {
        case DB_STREAM: values[i] = DB_STRING(str_from(writer->head.place.stream)); break;
        case DB_EPOCH: values[i] = DB_NUMBER((int64_t)place->epoch); break;
        case DB_SEQ: values[i] = DB_NUMBER((int64_t)place->seq); break;
        case DB_NULL:
        case DB_INT:
        case DB_TEXT:
        case DB_BLOB: values[i] = row->values[i]; break;
        }
    }
    return values;
}

/* The rows and entries of one unit, as calls. */
static bool unit_number(struct writer *writer, struct batch *batch, struct unit *unit)
{
    struct chain_place first = batch->head.place;
    first.seq++;
    memcpy(unit->stream, first.stream, sizeof unit->stream);
    unit->epoch = first.epoch;
    unit->seq = unit->entry_count == 0 ? 0 : first.seq;
    for (uint32_t i = 0; i < unit->entry_count; i++) {
        const struct db_value *values = entry_chain(writer, batch, &unit->entries[i]);
        if (values == NULL) {
            return false;
        }
        call_add(batch, STATEMENT_AUDIT_ENTRY_INSERT, values, ENTRY_COLUMNS);
    }
    for (uint32_t i = 0; i < unit->row_count + unit->more_count; i++) {
        const struct db_call *row =
            i < unit->row_count ? &unit->rows[i] : &unit->more[i - unit->row_count];
        const struct db_value *values = values_place(writer, row, &first);
        if (values == NULL && row->value_count > 0) {
            return false;
        }
        call_add(batch, row->statement, values, row->value_count);
    }
    return true;
}

/* Close the commit: its Merkle root over the entries that were chained. */
static bool commit_chain(struct writer *writer, struct batch *batch)
{
    if (batch->leaf_count == 0) {
        return true;
    }
    struct db_value *values = arena_array(&writer->arena, struct db_value, COMMIT_COLUMNS);
    struct digest *root = arena_new(&writer->arena, struct digest);
    if (values == NULL || root == NULL) {
        return false;
    }
    struct head *head = &batch->head;
    *root = merkle_root(batch->leaves, batch->leaf_count);
    CHECK(head->root_count < writer->root_size);
    writer->roots[head->root_count++] = chain_leaf(root);
    head->unsigned_entries += batch->leaf_count;
    values[0] = DB_STRING(str_from(writer->head.place.stream));
    values[1] = DB_NUMBER((int64_t)head->place.epoch);
    values[2] = DB_NUMBER((int64_t)batch->first_seq);
    values[3] = DB_NUMBER((int64_t)head->place.seq);
    values[4] = DB_BYTES(digest_str(root));
    call_add(batch, STATEMENT_AUDIT_COMMIT_INSERT, values, COMMIT_COLUMNS);
    return true;
}

/* Sign all roots since the checkpoint before. */
static bool checkpoint_chain(struct writer *writer, struct batch *batch)
{
    struct head *head = &batch->head;
    struct db_value *values = arena_array(&writer->arena, struct db_value, CHECKPOINT_COLUMNS);
    struct chain_checkpoint *checkpoint = arena_new(&writer->arena, struct chain_checkpoint);
    if (values == NULL || checkpoint == NULL) {
        return false;
    }
    *checkpoint = (struct chain_checkpoint){.last = head->place,
                                            .time_ms = batch->now_ms,
                                            .head = head->hash,
                                            .root = merkle_root(writer->roots, head->root_count),
                                            .previous = head->checkpoint,
                                            .key_id = writer->key_id};
    if (chain_checkpoint_sign(checkpoint, &writer->key) != STATUS_OK) {
        return false;
    }
    head->checkpoint = chain_checkpoint_hash(checkpoint);
    head->checkpoint_ms = batch->now_ms;
    head->unsigned_entries = 0;
    head->root_count = 0;
    const struct db_value filled[CHECKPOINT_COLUMNS] = {
        DB_STRING(str_from(writer->head.place.stream)),
        DB_NUMBER((int64_t)head->place.epoch),
        DB_NUMBER((int64_t)head->place.seq),
        DB_NUMBER(batch->now_ms),
        DB_BYTES(digest_str(&checkpoint->head)),
        DB_BYTES(digest_str(&checkpoint->root)),
        DB_BYTES(digest_str(&checkpoint->previous)),
        DB_BYTES(digest_str(&checkpoint->key_id)),
        DB_BYTES(str_of(checkpoint->signature, SIGNATURE_LEN)),
    };
    memcpy(values, filled, sizeof filled);
    call_add(batch, STATEMENT_AUDIT_CHECKPOINT_INSERT, values, CHECKPOINT_COLUMNS);
    return true;
}

static bool checkpoint_is_due(const struct head *head, int64_t now_ms)
{
    return head->root_count > 0 &&
           (head->unsigned_entries + UNIT_ENTRIES_MAX > CHECKPOINT_ENTRIES ||
            now_ms - head->checkpoint_ms >= CHECKPOINT_MS);
}

/* ---- one transaction ---- */

static bool batch_prepare(struct writer *writer, struct batch *batch)
{
    size_t entries_max = batch->count * UNIT_ENTRIES_MAX;
    batch->head = writer->head;
    batch->first_seq = writer->head.place.seq + 1;
    batch->call_count = 0;
    batch->leaf_count = 0;
    arena_reset(&writer->arena);
    size_t calls_max = batch->count * CALLS_PER_UNIT_MAX + 2;
    for (size_t i = 0; i < batch->count; i++) {
        calls_max += batch->units[i]->more_count;
    }
    batch->calls = arena_array(&writer->arena, struct db_call, calls_max);
    batch->leaves = arena_array(&writer->arena, struct digest, entries_max);
    return batch->calls != NULL && (batch->leaves != NULL || entries_max == 0);
}

static bool batch_chain(struct writer *writer, struct batch *batch, bool is_signed)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct unit *unit = batch->units[i];
        if (unit->outcome == UNIT_PENDING && !unit_number(writer, batch, unit)) {
            return false;
        }
    }
    if (!commit_chain(writer, batch)) {
        return false;
    }
    bool wants_checkpoint =
        is_signed ? batch->head.root_count > 0 : checkpoint_is_due(&batch->head, batch->now_ms);
    return !wants_checkpoint || checkpoint_chain(writer, batch);
}

static enum attempt rolled_back(struct writer *writer, enum status status)
{
    db_rollback(writer->db);
    if (db_is_dead(writer->db)) {
        return ATTEMPT_UNKNOWN;
    }
    return status == STATUS_BUSY ? ATTEMPT_BUSY : ATTEMPT_FAILED;
}

static void ignore(struct unit *unit)
{
    (void)unit;
}

/* The planted defect: the answer leaves before the record is durable.  The unit is its owner's
 * again then, so another takes its place in the batch. */
static void acknowledge_early(const struct batch *batch)
{
    static struct unit answered = {.done = ignore};
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->units[i]->outcome == UNIT_PENDING && batch->units[i]->done != NULL) {
            batch->units[i]->outcome = UNIT_COMMITTED;
            batch->units[i]->done(batch->units[i]);
            batch->units[i] = &answered;
        }
    }
}

static bool is_claim(const struct unit *unit)
{
    return unit->condition_count == 1 &&
           unit->conditions[0].statement == STATEMENT_IDEMPOTENCY_CLAIM;
}

/* The planted defect: what the conditions did is undone, and done again once the rows are
 * committed. */
static enum status claims_put_off(struct writer *writer, struct error *err)
{
    db_rollback(writer->db);
    return db_begin(writer->db, err);
}

static void claims_catch_up(struct writer *writer, struct batch *batch, struct error *err)
{
    bool has_tainted;
    if (db_begin(writer->db, err) != STATUS_OK ||
        conditions_run(writer, batch, &has_tainted, err) != STATUS_OK ||
        db_commit(writer->db, err) != STATUS_OK) {
        db_rollback(writer->db);
    }
}

static enum attempt commit(struct writer *writer, struct batch *batch, struct error *err)
{
    if (DEFECT(LOST_ACK)) {
        acknowledge_early(batch);
    }
    enum status status = db_commit(writer->db, err);
    if (status == STATUS_OK) {
        writer->head = batch->head;
        if (DEFECT(CLAIM_APART) && is_claim(batch->units[0])) {
            claims_catch_up(writer, batch, err);
        }
        return ATTEMPT_COMMITTED;
    }
    db_rollback(writer->db);
    return status == STATUS_BUSY ? ATTEMPT_BUSY : ATTEMPT_UNKNOWN;
}

/* One transaction for the whole batch, signed at its end if `is_signed` or due. */
static enum attempt attempt(struct writer *writer, struct batch *batch, bool is_signed,
                            struct error *err)
{
    bool has_tainted = false;
    if (!batch_prepare(writer, batch)) {
        (void)error_set(err, STATUS_BUSY, "", "no memory for a batch");
        return ATTEMPT_BUSY;
    }
    enum status status = db_begin(writer->db, err);
    if (status == STATUS_OK) {
        status = conditions_run(writer, batch, &has_tainted, err);
    }
    if (status == STATUS_OK && has_tainted) {
        db_rollback(writer->db);
        return ATTEMPT_TAINTED;
    }
    if (status == STATUS_OK && DEFECT(CLAIM_APART) && is_claim(batch->units[0])) {
        status = claims_put_off(writer, err);
    }
    if (status == STATUS_OK && !batch_chain(writer, batch, is_signed)) {
        status = error_set(err, STATUS_BUSY, "", "no memory for the rows of a batch");
    }
    if (status == STATUS_OK) {
        status = db_execute(writer->db, batch->calls, batch->call_count, NULL, err);
    }
    return status == STATUS_OK ? commit(writer, batch, err) : rolled_back(writer, status);
}

/* ---- batches ---- */

static void unit_end(struct unit *unit, enum unit_outcome outcome, const struct error *err)
{
    unit->outcome = outcome;
    if (err != NULL) {
        unit->error = *err;
    }
}

static void batch_end(struct batch *batch, enum unit_outcome outcome, const struct error *err)
{
    for (size_t i = 0; i < batch->count; i++) {
        unit_end(batch->units[i], outcome, err);
    }
}

/* What was not refused is committed. */
static void batch_committed(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->units[i]->outcome == UNIT_PENDING) {
            unit_end(batch->units[i], UNIT_COMMITTED, NULL);
        }
    }
}

/* A unit in a transaction of its own.  A refusal has been rolled back with all its effects. */
static enum status unit_run(struct writer *writer, struct unit **unit, int64_t now_ms,
                            struct error *err)
{
    bool is_tainted = false;
    struct batch batch = {.units = unit, .count = 1, .is_tainted = &is_tainted, .now_ms = now_ms};
    switch (attempt(writer, &batch, false, err)) {
    case ATTEMPT_COMMITTED: batch_committed(&batch); return STATUS_OK;
    case ATTEMPT_TAINTED: CHECK((*unit)->outcome == UNIT_REFUSED); return STATUS_OK;
    case ATTEMPT_FAILED: batch_end(&batch, UNIT_POISONED, err); return STATUS_OK;
    case ATTEMPT_BUSY: batch_end(&batch, UNIT_UNKNOWN, err); return STATUS_BUSY;
    case ATTEMPT_UNKNOWN: batch_end(&batch, UNIT_UNKNOWN, err); return STATUS_IO;
    }
    return STATUS_INTERNAL;
}

/* Keep the clean units in front, the tainted behind them; both in their order. */
static size_t tainted_last(struct batch *batch)
{
    struct unit *tainted[COMMIT_BATCH_MAX];
    size_t clean_count = 0, tainted_count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->is_tainted[i]) {
            tainted[tainted_count++] = batch->units[i];
        } else {
            batch->units[clean_count++] = batch->units[i];
        }
    }
    memcpy(batch->units + clean_count, tainted, tainted_count * sizeof tainted[0]);
    return clean_count;
}

/* Units one by one; when writing stops, the rest is told so unattempted. */
static enum status units_run(struct writer *writer, struct unit **units, size_t count,
                             int64_t now_ms, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count; i++) {
        if (status == STATUS_OK) {
            status = unit_run(writer, &units[i], now_ms, err);
        } else {
            unit_end(units[i], UNIT_UNKNOWN, err);
        }
    }
    return status;
}

enum status writer_run(struct writer *writer, struct unit **units, size_t count, int64_t now_ms,
                       struct error *err)
{
    bool is_tainted[COMMIT_BATCH_MAX];
    struct batch batch = {
        .units = units, .count = count, .is_tainted = is_tainted, .now_ms = now_ms};
    CHECK(count > 0);
    CHECK(count <= writer_takes(writer, units, count));
    enum attempt ended = attempt(writer, &batch, false, err);
    while (ended == ATTEMPT_TAINTED) { /* each turn leaves out one unit at least */
        batch.count = tainted_last(&batch);
        ended = batch.count == 0 ? ATTEMPT_COMMITTED : attempt(writer, &batch, false, err);
    }
    switch (ended) {
    case ATTEMPT_COMMITTED: batch_committed(&batch); break;
    case ATTEMPT_FAILED: batch.count = 0; break;
    case ATTEMPT_TAINTED:
    case ATTEMPT_BUSY:
    case ATTEMPT_UNKNOWN:
        batch.count = count;
        batch_end(&batch, DEFECT(ACK_FAILED_WRITE) ? UNIT_COMMITTED : UNIT_UNKNOWN, err);
        return ended == ATTEMPT_BUSY ? STATUS_BUSY : STATUS_IO;
    }
    return units_run(writer, units + batch.count, count - batch.count, now_ms, err);
}

size_t writer_takes(const struct writer *writer, struct unit *const *units, size_t count)
{
    size_t entries = writer->head.unsigned_entries, more = 0, taken = 0;
    CHECK(entries + UNIT_ENTRIES_MAX <= CHECKPOINT_ENTRIES);
    while (taken < count && taken < COMMIT_BATCH_MAX &&
           entries + units[taken]->entry_count <= CHECKPOINT_ENTRIES &&
           more + units[taken]->more_count <= BATCH_MORE_MAX) {
        entries += units[taken]->entry_count;
        more += units[taken]->more_count;
        taken++;
    }
    return taken;
}

struct writer_figures writer_figures(const struct writer *writer)
{
    const struct head *head = &writer->head;
    return (struct writer_figures){.epoch = head->place.epoch,
                                   .seq = head->place.seq,
                                   .checkpoint_ms = head->checkpoint_ms,
                                   .unsigned_entries = head->unsigned_entries};
}

bool writer_has_unsigned(const struct writer *writer)
{
    return writer->head.root_count > 0;
}

enum status writer_run_signed(struct writer *writer, struct unit *unit, int64_t now_ms,
                              struct error *err)
{
    bool is_tainted = false;
    struct batch batch = {.units = &unit, .count = 1, .is_tainted = &is_tainted, .now_ms = now_ms};
    switch (attempt(writer, &batch, true, err)) {
    case ATTEMPT_COMMITTED: return STATUS_OK;
    case ATTEMPT_TAINTED:
    case ATTEMPT_FAILED:
    case ATTEMPT_BUSY: return STATUS_BUSY;
    case ATTEMPT_UNKNOWN: return STATUS_IO;
    }
    return STATUS_INTERNAL;
}

enum status writer_checkpoint(struct writer *writer, int64_t now_ms, struct error *err)
{
    struct db_call probe = {.statement = STATEMENT_WRITER_PROBE};
    struct unit touch = {.row_count = writer->head.root_count == 0 ? 1 : 0, .rows = {probe}};
    return writer_run_signed(writer, &touch, now_ms, err);
}
