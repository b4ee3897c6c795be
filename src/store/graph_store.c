/* graph_store.c - a row a link, read from either end. */
#include "store/graph_store.h"

#include <string.h>

enum { LINK_COLUMNS = 12, ENDED_COLUMNS = 5, PARTY_COLUMNS = 7 };

static struct db_call link_call(const struct graph_filing *filing, const struct graph_link_row *row,
                                struct db_value *values)
{
    const struct db_value filled[LINK_COLUMNS] = {
        DB_NUMBER(filing->environment),
        DB_STRING(row->from),
        DB_STRING(row->to),
        DB_STRING(row->type),
        DB_NUMBER(row->kind),
        DB_NUMBER(row->strength),
        DB_NUMBER(row->share_ppm),
        DB_NUMBER(row->exposure_minor),
        DB_STRING(row->currency),
        DB_NUMBER(row->pd_ppm),
        DB_NUMBER(row->learned_on),
        DB_BYTES(str_of(filing->decision.bytes, ID_LEN)),
    };
    const struct db_value ended[ENDED_COLUMNS] = {DB_NUMBER(filing->environment),
                                                  DB_STRING(row->from), DB_STRING(row->to),
                                                  DB_STRING(row->type), DB_NUMBER(row->learned_on)};
    if (row->has_ended) {
        memcpy(values, ended, sizeof ended);
    } else {
        memcpy(values, filled, sizeof filled);
    }
    return (struct db_call){.statement = row->has_ended ? STATEMENT_GRAPH_LINK_DELETE
                                                        : STATEMENT_GRAPH_LINK_INSERT,
                            .values = values,
                            .value_count = row->has_ended ? ENDED_COLUMNS : LINK_COLUMNS};
}

static struct db_call party_call(const struct graph_filing *filing,
                                 const struct graph_party_row *row, struct db_value *values)
{
    const struct db_value filled[PARTY_COLUMNS] = {
        DB_NUMBER(filing->environment),
        DB_STRING(row->party),
        DB_NUMBER(row->pd_ppm),
        DB_NUMBER(row->equity_minor),
        DB_STRING(row->currency),
        DB_NUMBER(row->decided_on),
        DB_BYTES(str_of(row->decision.bytes, row->decided_on == GRAPH_UNSTATED ? 0 : ID_LEN)),
    };
    memcpy(values, filled, sizeof filled);
    return (struct db_call){
        .statement = STATEMENT_GRAPH_PARTY_DECIDED, .values = values, .value_count = PARTY_COLUMNS};
}

void graph_file(struct unit *unit, const struct graph_filing *filing, struct arena *arena)
{
    uint32_t count = filing->link_count + filing->party_count;
    if (count == 0) {
        return;
    }
    struct db_call *calls = arena_array(arena, struct db_call, count);
    struct db_value *values = arena_array(arena, struct db_value, (size_t)count * LINK_COLUMNS);
    if (calls == NULL || values == NULL) {
        unit->has_failed = true;
        return;
    }
    for (uint32_t i = 0; i < filing->link_count; i++, values += LINK_COLUMNS) {
        calls[i] = link_call(filing, &filing->links[i], values);
    }
    for (uint32_t i = 0; i < filing->party_count; i++, values += LINK_COLUMNS) {
        calls[filing->link_count + i] = party_call(filing, &filing->parties[i], values);
    }
    unit_more(unit, calls, count);
}

/* ---- reading ---- */

static bool each_any(void *context, const struct db_row *row)
{
    (void)row;
    *(bool *)context = true;
    return false;
}

enum status graph_any(bool *out, struct db *db, struct error *err)
{
    *out = false;
    return db_query(db, STATEMENT_GRAPH_ANY, NULL, 0, each_any, out, err);
}

struct reading {
    bool (*each)(void *context, const struct graph_link_row *row);
    void *context;
};

static bool each_link(void *context, const struct db_row *row)
{
    const struct reading *reading = context;
    const struct db_value *c = row->columns;
    const struct graph_link_row link = {.from = c[0].bytes,
                                        .to = c[1].bytes,
                                        .type = c[2].bytes,
                                        .share_ppm = (int32_t)c[3].number,
                                        .exposure_minor = c[4].number,
                                        .currency = c[5].bytes,
                                        .pd_ppm = (int32_t)c[6].number,
                                        .learned_on = (int32_t)c[7].number};
    return reading->each(reading->context, &link);
}

enum status graph_links(struct db *db, const struct graph_query *query,
                        bool (*each)(void *context, const struct graph_link_row *row),
                        void *context, struct error *err)
{
    struct reading reading = {each, context};
    const struct db_value values[] = {DB_NUMBER(query->environment), DB_STRING(query->party),
                                      DB_NUMBER(query->kind),        DB_NUMBER(query->learned_from),
                                      DB_NUMBER(query->learned_to),  DB_NUMBER(query->limit)};
    return db_query(db, query->is_up ? STATEMENT_GRAPH_LINKS_UP : STATEMENT_GRAPH_LINKS_DOWN,
                    values, ARRAY_LEN(values), each_link, &reading, err);
}

struct party_reading {
    struct graph_party_row row;
    bool is_found;
    struct arena *arena;
};

static bool each_party(void *context, const struct db_row *row)
{
    struct party_reading *reading = context;
    const struct db_value *c = row->columns;
    reading->row.pd_ppm = (int32_t)c[0].number;
    reading->row.equity_minor = c[1].number;
    reading->row.currency = arena_copy(reading->arena, c[2].bytes);
    reading->row.decided_on = (int32_t)c[3].number;
    reading->is_found = true;
    return false;
}

enum status graph_party_find(struct db *db, int64_t environment, struct str party,
                             struct graph_party_row *out, struct arena *arena, struct error *err)
{
    struct party_reading reading = {.row = {.party = party}, .arena = arena};
    const struct db_value values[] = {DB_NUMBER(environment), DB_STRING(party)};
    TRY(db_query(db, STATEMENT_GRAPH_PARTY_FIND, values, ARRAY_LEN(values), each_party, &reading,
                 err));
    if (!reading.is_found) {
        return error_set(err, STATUS_NOT_FOUND, "", "nobody knows this party");
    }
    if (reading.row.currency.ptr == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "a party does not fit in memory");
    }
    *out = reading.row;
    return STATUS_OK;
}
