/* decision_summary.h - a decision without its reasons: the members of the body that a list of many
 * companies is read for. */
#ifndef WIRE_DECISION_SUMMARY_H
#define WIRE_DECISION_SUMMARY_H

#include "base/buf.h"
#include "decide/decision.h"

/* Append {"grade", "limit", "pd", "recommendation", "score", "status"}, canonical; what the body
 * says null of is null here. */
void decision_summary_write(struct buf *out, const struct decision *decision);

#endif
