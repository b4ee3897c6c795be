/* outcomes.h - the resource `outcomes`: report, list, read. */
#ifndef API_OUTCOMES_H
#define API_OUTCOMES_H

struct call;

void outcomes_create(struct call *call);
void outcomes_list_read(struct call *call);
void outcomes_read(struct call *call);
void outcomes_labels(struct call *call);

#endif
