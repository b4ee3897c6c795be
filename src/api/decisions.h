/* decisions.h - the resource `decisions`: create, read, list, replay, explanation, receipt,
 * simulate. */
#ifndef API_DECISIONS_H
#define API_DECISIONS_H

struct call;

void decisions_create(struct call *call);
void decisions_list(struct call *call);
void decisions_read(struct call *call);
void decisions_replay(struct call *call);
void decisions_explain(struct call *call);
void decisions_receipt(struct call *call);
void decisions_simulate(struct call *call);

#endif
