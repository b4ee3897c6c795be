/* decision_scan.c - the list that callers page through, with a cursor of its own. */
#include "watch/decision_scan.h"

static int64_t ms_of(struct date date)
{
    static const int64_t ms_per_day = 24 * 3600 * 1000;
    return (int64_t)date_to_days(date) * ms_per_day;
}

bool date_is_within(struct date date, struct date from, struct date to)
{
    return (!date_is_set(from) || date_compare(date, from) >= 0) &&
           (!date_is_set(to) || date_compare(date, to) <= 0);
}

/* A decision may speak of the day after the one it was made on, not of a later one. */
static int64_t created_from_ms(const struct decision_scan *scan)
{
    if (!date_is_set(scan->from)) {
        return 0;
    }
    int64_t ms = ms_of(date_add_days(scan->from, -1));
    return ms > 0 ? ms : 0;
}

static enum status decision_tell(const struct decision_scan *scan, const struct decision_row *row,
                                 enum status (*each)(void *context,
                                                     const struct scanned_decision *decision,
                                                     struct error *err),
                                 void *context, struct error *err)
{
    struct decision_record record;
    struct scanned_decision decision = {.record = &record};
    TRY(decision_record_of_row(&record, row, err));
    if (!date_read(&decision.as_of, record_text(record.body, STR("as_of")))) {
        return error_set(err, STATUS_CORRUPT, "", "the stored record of %s is not what was written",
                         record.id_text);
    }
    bool is_wanted = date_is_within(decision.as_of, scan->from, scan->to);
    return is_wanted ? each(context, &decision, err) : STATUS_OK;
}

enum status decision_scan_step(struct decision_scan *scan, struct db *db, struct arena *arena,
                               enum status (*each)(void *context,
                                                   const struct scanned_decision *decision,
                                                   struct error *err),
                               void *context, struct error *err)
{
    struct decision_filter filter = {.created_from_ms = created_from_ms(scan),
                                     .created_before_ms = scan->known_ms + 1,
                                     .after = scan->after,
                                     .limit = SCAN_PAGE};
    uint32_t count = 0;
    bool has_more = false;
    CHECK(!scan->is_done);
    arena_reset(arena);
    struct decision_row *rows = arena_array(arena, struct decision_row, SCAN_PAGE + 1);
    if (rows == NULL) {
        return error_set(err, STATUS_BUSY, "", "no memory for a page of decisions");
    }
    TRY(decision_list(db, scan->environment, &filter, rows, &count, &has_more, arena, err));
    for (uint32_t i = 0; i < count; i++) {
        TRY(decision_tell(scan, &rows[i], each, context, err));
    }
    scan->seen += count;
    scan->is_cut = has_more && scan->seen >= SCAN_DECISIONS_MAX;
    scan->is_done = !has_more || scan->is_cut;
    if (count > 0) {
        scan->after = rows[count - 1].id;
    }
    return STATUS_OK;
}
