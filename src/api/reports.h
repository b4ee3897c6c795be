/* reports.h - what is told of many decisions at once. */
#ifndef API_REPORTS_H
#define API_REPORTS_H

struct call;

void reports_metrics(struct call *call);
void reports_consistency(struct call *call);

#endif
