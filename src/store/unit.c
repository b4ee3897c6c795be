/* unit.c - filling a unit, part by part. */
#include "store/unit.h"

#include "crypto/secret.h"

#include <string.h>

static struct db_call call(enum db_statement statement, const struct db_value *values,
                           uint32_t value_count)
{
    CHECK(value_count <= DB_PARAMETERS_MAX);
    return (struct db_call){.statement = statement, .values = values, .value_count = value_count};
}

void unit_condition(struct unit *unit, enum db_statement statement, const struct db_value *values,
                    uint32_t value_count)
{
    CHECK(unit->condition_count < UNIT_CONDITIONS_MAX);
    unit->conditions[unit->condition_count++] = call(statement, values, value_count);
}

void unit_row(struct unit *unit, enum db_statement statement, const struct db_value *values,
              uint32_t value_count)
{
    CHECK(unit->row_count < UNIT_ROWS_MAX);
    unit->rows[unit->row_count++] = call(statement, values, value_count);
}

void unit_more(struct unit *unit, const struct db_call *rows, uint32_t count)
{
    CHECK(unit->more_count == 0);
    CHECK(count <= UNIT_MORE_MAX);
    unit->more = rows;
    unit->more_count = count;
}

void unit_entry(struct unit *unit, const struct audit_draft *draft)
{
    CHECK(unit->entry_count < UNIT_ENTRIES_MAX);
    unit->entries[unit->entry_count++] = *draft;
}

void unit_entry_written(struct unit *unit, char *kept, size_t size, const struct buf *payload,
                        enum audit_kind kind, int64_t environment, const struct id *object)
{
    struct audit_draft draft = {.kind = kind, .environment = environment, .object = *object};
    if (buf_failed(payload)) {
        unit->has_failed = true;
        return;
    }
    CHECK(payload->len <= size);
    memcpy(kept, payload->ptr, payload->len);
    draft.payload = str_of(kept, payload->len);
    secret_random(draft.salt, sizeof draft.salt);
    unit_entry(unit, &draft);
}
