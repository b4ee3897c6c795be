/* request_parts.h - the blocks of a decision request, each read on its own.
 *
 * Each takes its node and notes all that is wrong with it; what it fills is whole only if nothing
 * was noted. The same blocks are filed one by one under a company, so nothing here knows of a
 * decision.
 *
 * Codes noted, beside those of field.h: bad_form, bad_checksum and wrong_country of identifiers,
 * not_an_iban, bad_code of activities, unknown_item, unknown_box, wrong_currency, duplicate, and
 * contradicts: two members say different things of one fact. */
#ifndef WIRE_REQUEST_PARTS_H
#define WIRE_REQUEST_PARTS_H

#include "credit/facts.h"
#include "wire/field.h"

/* {"scheme","value","country"?}. */
bool request_identifier_read(struct company_id *out, struct reading *r, const struct json *node);
void request_company_read(struct company *out, struct reading *r, const struct json *node);
/* Newest first, derived.  Memory: of the arena. */
void request_statements_read(const struct statement **out, uint32_t *count, struct reading *r,
                             const struct json *node);
void request_legal_events_read(const struct legal_event **out, uint32_t *count, struct reading *r,
                               const struct json *node);
void request_bank_accounts_read(const struct bank_account **out, uint32_t *count, struct reading *r,
                                const struct json *node);
void request_payments_read(const struct payment **out, uint32_t *count, struct reading *r,
                           const struct json *node);
/* The links that were sent (`node`) and those the store has added (`stored`); each may be NULL.
 * Requires: out->company is read: it is party 0. */
void request_links_read(struct facts *out, struct reading *r, const struct json *node,
                        const struct json *stored);

#endif
