/* auditor.h - what an auditor does from the command line: verify, export, replay,
 * explain.
 *
 * Reads only; beside a running server or without one. */
#ifndef SERVICE_AUDITOR_H
#define SERVICE_AUDITOR_H

#include "service/explain.h"
#include "store/audit_log.h"

#include <stdio.h>

/* `public_key_hex` and `checkpoint_hex` are what is known from outside, or NULL. */
enum status auditor_verify_db(struct verify_report *report, const char *db,
                              const char *public_key_hex, const char *checkpoint_hex,
                              struct error *err) MUST_USE;
enum status auditor_verify_export(struct verify_report *report, const char *file,
                                  const char *public_key_hex, const char *checkpoint_hex,
                                  struct error *err) MUST_USE;
enum status auditor_export(const char *db, FILE *out, struct error *err) MUST_USE;
/* Replay a decision of whatever environment; appends the report as JSON. */
enum status auditor_replay(struct buf *out, bool *matches, const char *db, struct str id,
                           struct error *err) MUST_USE;
/* Explain a decision of whatever environment; appends the explanation as JSON, and its text to
 * `text`. */
enum status auditor_explain(struct buf *out, struct buf *text, const char *db, struct str id,
                            const struct telling *telling, struct error *err) MUST_USE;

#endif
