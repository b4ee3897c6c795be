/* model_watch.h - how a model does on a tenant's own book.
 *
 * begin, then step until is_done, then write; finish whatever comes.  Each step is a page of
 * decisions, on any connection. */
#ifndef WATCH_MODEL_WATCH_H
#define WATCH_MODEL_WATCH_H

#include "crypto/digest.h"
#include "monitor/book.h"
#include "score/score.h"
#include "watch/decision_scan.h"

struct watch_order {
    int64_t environment;
    bool is_live;
    struct str
        model; /* an id: all its versions; the digest of one; "": that of the newest decision */
    struct date from, to;                   /* both count; unset: open */
    struct date baseline_from, baseline_to; /* unset: none */
    struct str definition;                  /* "": each decision's own */
    bool unreported_is_good;
    int64_t known_ms;
    bool is_known;        /* it is a model of this environment, even if it has said nothing yet: */
    struct digest sha256; /* this one, or the newest of that id */
};

struct model_watch {
    struct watch_order order;
    struct decision_scan scan;
    struct arena arena;  /* of the page */
    struct arena texts;  /* of the order */
    struct model *model; /* of the newest decision: the yardstick */
    struct str sha256;
    struct yardstick yardstick;
    struct book book, baseline;
    uint32_t versions_seen;    /* stretches of decisions by one digest */
    struct digest latest;      /* of the last one that came by */
    uint32_t matching, others; /* decisions in the window, by this model and by others */
    uint32_t in_shadow;        /* of those by others: it scored beside, as a challenger */
};

/* What the order's `model` names among the models that the environment sees: a name stays one, for
 * all its versions; anything else that names one becomes its digest.  What names none is left as it
 * is: it may have decided all the same.  NOT_FOUND: it is the id of a model (mdl_...), and of none
 * here. INVALID: several fit.  Memory: of the arena. */
enum status watch_order_resolve(struct watch_order *order, struct db *db, struct arena *arena,
                                struct error *err) MUST_USE;

/* INVALID: err->field names what is wrong with the order. */
enum status model_watch_begin(struct model_watch *out, const struct watch_order *order,
                              struct error *err) MUST_USE;
enum status model_watch_step(struct model_watch *watch, struct db *db, struct error *err) MUST_USE;
bool model_watch_is_done(const struct model_watch *watch);
/* NOT_FOUND: no such model is known here, nor has it decided anything in the window. */
enum status model_watch_write(struct buf *out, struct model_watch *watch,
                              struct error *err) MUST_USE;
void model_watch_finish(struct model_watch *watch); /* accepts a zeroed one */

/* The verdict on a recorded decision by what is known at a time, under `definition` ("": its own).
 * False: it has no PD. */
enum status decision_verdict(enum outcome_verdict *out, bool *has_pd, struct db *db,
                             const struct decision_record *record, struct str definition,
                             int64_t known_ms, struct error *err) MUST_USE;

#endif
