/* consistency_report.h - are like cases decided alike?  Over a tenant's decisions, each made again.
 *
 * begin, then step until is_done, then write; finish whatever comes, as with model_watch.h.  A
 * decision of another engine than this program's is not made again: `aval replay` of the program of
 * then does that. */
#ifndef WATCH_CONSISTENCY_REPORT_H
#define WATCH_CONSISTENCY_REPORT_H

#include "monitor/consistency.h"
#include "service/in_force.h"
#include "watch/decision_scan.h"

struct consistency_order {
    int64_t environment;
    bool is_live;
    struct date from, to; /* both count; unset: open */
    bool unreported_is_good;
    int64_t known_ms;
};

enum { RULES_KEPT_MAX = 8 };

/* A model and a policy that decided, kept while decisions of theirs come by. */
struct rules_kept {
    struct digest model, policy;
    struct in_force then;
    bool is_there;
};

struct consistency_report {
    struct consistency_order order;
    struct decision_scan scan;
    struct arena arena; /* of the page */
    struct consistency consistency;
    struct rules_kept kept[RULES_KEPT_MAX];
    uint32_t next_kept;
};

enum status consistency_report_begin(struct consistency_report *out,
                                     const struct consistency_order *order,
                                     struct error *err) MUST_USE;
enum status consistency_report_step(struct consistency_report *report, struct db *db,
                                    struct error *err) MUST_USE;
bool consistency_report_is_done(const struct consistency_report *report);
enum status consistency_report_write(struct buf *out, struct consistency_report *report,
                                     struct error *err) MUST_USE;
void consistency_report_finish(struct consistency_report *report); /* accepts a zeroed one */

#endif
