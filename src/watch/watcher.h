/* watcher.h - what is told of a tenant's book from the command line, and a bundle made from it.
 *
 * Reads only; beside a running server or without one. */
#ifndef WATCH_WATCHER_H
#define WATCH_WATCHER_H

#include "monitor/bundle_revise.h"
#include "watch/consistency_report.h"
#include "watch/model_watch.h"

/* Whose book. */
struct watcher_book {
    const char *db;
    struct str tenant; /* its name */
    bool is_live;
};

/* What the API answers, for the same orders; environment, mode and time are filled here. */
enum status watcher_metrics(struct buf *out, const struct watcher_book *book,
                            const struct watch_order *order, struct error *err) MUST_USE;
enum status watcher_consistency(struct buf *out, const struct watcher_book *book,
                                const struct consistency_order *order, struct error *err) MUST_USE;

struct recalibration_order {
    struct watch_order watch; /* model "": that of the newest decision */
    struct recalibration_setting setting;
    struct str version; /* "": the base's with a mark and the day */
};
/* `bundle` gets the new bundle, `summary` (JSON) what it was made from. */
enum status watcher_recalibrate(struct buf *bundle, struct buf *summary,
                                const struct watcher_book *book,
                                const struct recalibration_order *order,
                                struct error *err) MUST_USE;

#endif
