/* request.h - a firm as the decision request that somebody who deals with it would send. */
#ifndef ECONOMY_REQUEST_H
#define ECONOMY_REQUEST_H

#include "economy/shown.h"
#include "format/json.h"

/* Append one JSON object, without a newline.  `row` goes into its client_reference. */
void request_write(struct buf *out, const struct economy *economy, uint32_t place,
                   const struct shown *shown, uint64_t row);

/* The blocks, each an array. */
void accounts_write(struct json_writer *w, const struct economy *economy, uint32_t place,
                    const struct shown *shown);
void bank_write(struct json_writer *w, const struct economy *economy, uint32_t place,
                const struct shown *shown);
void invoices_write(struct json_writer *w, const struct economy *economy, uint32_t place,
                    const struct shown *shown);
void register_write(struct json_writer *w, const struct economy *economy, uint32_t place,
                    const struct shown *shown);
void links_write(struct json_writer *w, const struct economy *economy, uint32_t place);

/* {"scheme":"sandbox","value":"..."} of a firm. */
void firm_id_write(struct json_writer *w, const struct firm *firm);
void date_member(struct json_writer *w, struct str name, struct date date);
void euros_member(struct json_writer *w, struct str name, int64_t cents); /* "1234.50" */
/* Sales of a year, as they run now. */
double sales_now(const struct economy *economy, const struct firm *firm);

#endif
