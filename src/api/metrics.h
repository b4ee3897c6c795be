/* metrics.h - GET /metrics: what every layer counts about itself, on one page for Prometheus.
 *
 * Nobody registers anything: a layer has a function that tells its figures, and this reads them all
 * when it is asked.  Open to loopback peers whose request was not forwarded, and to the ranges the
 * operator has named. */
#ifndef API_METRICS_H
#define API_METRICS_H

struct call;

void metrics_read(struct call *call);

#endif
