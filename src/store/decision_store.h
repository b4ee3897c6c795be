/* decision_store.h - decisions on disk: the record that was proved, and the columns that find it.
 */
#ifndef STORE_DECISION_STORE_H
#define STORE_DECISION_STORE_H

#include "store/unit.h"

/* One row.  `payload` is the canonical record {body, client_reference, company_key, created_at,
 * engine, environment, id, input, object, words}: docs/AUDIT.md. */
struct decision_row {
    int64_t environment;
    struct id id;
    int64_t created_ms;
    struct str company_key;      /* "FR:siren:732829320", "" if only a name was given */
    struct str client_reference; /* "" if none */
    struct str recommendation;   /* as in the body */
    struct str payload;
    uint8_t salt[SALT_LEN];
    /* Filled when read: where it stands in the chain. */
    char stream[40];
    uint64_t epoch, seq;
};

/* Add the decision's row and its audit entry to the unit.  `row`, `values` (scratch, kept with the
 * unit) and `arena`, where the payload is packed, live as long as the unit. */
struct decision_values {
    struct db_value values[DB_PARAMETERS_MAX];
    struct db_value words[2][4]; /* of company and reference */
    struct db_value bucket[1];
};
void decision_insert(struct unit *unit, const struct decision_row *row,
                     struct decision_values *values, struct arena *arena);

/* Read one; NOT_FOUND for an unknown id, for another environment's and for an erased one alike. */
enum status decision_find(struct db *db, int64_t environment, const struct id *id,
                          struct decision_row *out, struct arena *arena,
                          struct error *err) MUST_USE;

/* The company of one, without reading it whole; errors as above. */
enum status decision_company(struct db *db, int64_t environment, const struct id *id,
                             struct str *company_key, struct arena *arena,
                             struct error *err) MUST_USE;

/* Read one whatever its environment: for the operator's own tools, never for a caller. */
enum status decision_find_anywhere(struct db *db, const struct id *id, struct decision_row *out,
                                   struct arena *arena, struct error *err) MUST_USE;

struct decision_filter {
    struct str company_key;                     /* "" any */
    struct str client_reference;                /* "" any */
    struct str recommendation;                  /* "" any */
    int64_t created_from_ms, created_before_ms; /* 0: open */
    struct id after;                            /* all zero: from the newest */
    uint32_t limit;                             /* rows wanted */
};
/* Newest first.  Reads up to limit + 1 rows to say whether there are more.  A company or a
 * reference is looked up bucket by bucket: some microseconds for each thousand decisions of the
 * environment in the time that is asked for. */
enum status decision_list(struct db *db, int64_t environment, const struct decision_filter *filter,
                          struct decision_row *rows, uint32_t *count, bool *has_more,
                          struct arena *arena, struct error *err) MUST_USE;

#endif
