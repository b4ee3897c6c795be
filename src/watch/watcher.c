/* watcher.c - one reading connection, from the first page to the last. */
#include "watch/watcher.h"

#include "base/wallclock.h"
#include "store/tenant_store.h"

#include <stdlib.h>
#include <unistd.h>

enum { WATCHER_ARENA_MAX = 4 * 1024 * 1024, VERSION_LEN_MAX = 32 };

/* A book, open. */
struct reading_room {
    struct db *db;
    struct arena arena;
    int64_t environment, now_ms;
};

static void room_close(struct reading_room *room)
{
    db_close(room->db);
    arena_finish(&room->arena);
}

static enum status room_open(struct reading_room *out, const struct watcher_book *book,
                             struct error *err)
{
    struct tenant_row tenant;
    struct wallclock clock = wallclock_system();
    *out = (struct reading_room){.now_ms = wallclock_now_ms(&clock)};
    arena_init(&out->arena, WATCHER_ARENA_MAX);
    if (access(book->db, F_OK) != 0) {
        return error_set(err, STATUS_NOT_FOUND, book->db, "there is no such database");
    }
    TRY(db_open(&out->db, book->db, DB_READER, err));
    enum status status = tenant_find(out->db, book->tenant, &tenant, &out->arena, err);
    if (status == STATUS_NOT_FOUND) {
        return error_set(err, status, "tenant", "there is no tenant \"%.*s\"",
                         STR_ARGS(book->tenant));
    }
    TRY(status);
    out->environment = book->is_live ? tenant.live_environment : tenant.test_environment;
    return STATUS_OK;
}

/* ---- metrics ---- */

/* Begin and walk to the end; finished by the caller whatever comes. */
static enum status watch_run(struct model_watch *watch, struct reading_room *room,
                             const struct watch_order *order, bool is_live, struct error *err)
{
    struct watch_order filled = *order;
    filled.environment = room->environment;
    filled.is_live = is_live;
    filled.known_ms = room->now_ms;
    if (filled.model.len > 0) {
        TRY(watch_order_resolve(&filled, room->db, &room->arena, err));
    }
    TRY(model_watch_begin(watch, &filled, err));
    while (!model_watch_is_done(watch)) {
        TRY(model_watch_step(watch, room->db, err));
    }
    return STATUS_OK;
}

enum status watcher_metrics(struct buf *out, const struct watcher_book *book,
                            const struct watch_order *order, struct error *err)
{
    struct reading_room room;
    struct model_watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL) {
        return error_set(err, STATUS_BUSY, "", "no memory for a report");
    }
    enum status status = room_open(&room, book, err);
    if (status == STATUS_OK) {
        status = watch_run(watch, &room, order, book->is_live, err);
    }
    if (status == STATUS_OK) {
        status = model_watch_write(out, watch, err);
    }
    model_watch_finish(watch);
    free(watch);
    room_close(&room);
    return status;
}

/* ---- consistency ---- */

enum status watcher_consistency(struct buf *out, const struct watcher_book *book,
                                const struct consistency_order *order, struct error *err)
{
    struct reading_room room;
    struct consistency_report *report = calloc(1, sizeof *report);
    if (report == NULL) {
        return error_set(err, STATUS_BUSY, "", "no memory for a report");
    }
    enum status status = room_open(&room, book, err);
    if (status == STATUS_OK) {
        struct consistency_order filled = *order;
        filled.environment = room.environment;
        filled.is_live = book->is_live;
        filled.known_ms = room.now_ms;
        status = consistency_report_begin(report, &filled, err);
    }
    while (status == STATUS_OK && !consistency_report_is_done(report)) {
        status = consistency_report_step(report, room.db, err);
    }
    if (status == STATUS_OK) {
        status = consistency_report_write(out, report, err);
    }
    consistency_report_finish(report);
    free(report);
    room_close(&room);
    return status;
}

/* ---- recalibration ---- */

/* "2026.11.0-cal-20261201". */
static enum status version_default(struct str *out, const struct model *base, struct date day,
                                   struct arena *arena, struct error *err)
{
    *out = arena_printf(arena, "%.*s-cal-%04d%02u%02u", STR_ARGS(base->version), day.year,
                        (unsigned)day.month, (unsigned)day.day);
    if (out->ptr == NULL || out->len > VERSION_LEN_MAX) {
        return error_set(err, STATUS_INVALID, "version",
                         "the version of the base is too long to add to: name the new one");
    }
    return STATUS_OK;
}

static void summary_write(struct buf *out, const struct model *base, const struct recalibration *r,
                          struct str version)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("object"), STR("recalibration"));
    json_text_member(&w, STR("id"), base->id);
    json_text_member(&w, STR("version"), version);
    object_member_begin(&w, STR("base"));
    json_text_member(&w, STR("version"), base->version);
    json_text_member(&w, STR("sha256"), str_from(base->sha256));
    json_object_end(&w);
    json_text_member(&w, STR("method"), str_from(recalibration_method_wire(r->method)));
    count_member(&w, STR("companies"), r->n);
    count_member(&w, STR("defaults"), r->bads);
    figure_member(&w, STR("default_rate"), r->default_rate);
    figure_member(&w, STR("mean_pd_before"), r->mean_pd_before);
    figure_member(&w, STR("mean_pd_after"), r->mean_pd_after);
    figure_member(&w, STR("slope"), r->slope);
    figure_member(&w, STR("intercept"), r->intercept);
    json_object_end(&w);
}

static enum status recalibrate_book(struct buf *bundle, struct buf *summary,
                                    const struct model_watch *watch,
                                    const struct recalibration_order *order,
                                    struct reading_room *room, struct error *err)
{
    struct recalibration r;
    const struct model *base = watch->model;
    struct date today = date_of_ms(room->now_ms);
    if (base == NULL) {
        return error_set(err, STATUS_NOT_FOUND, "model",
                         "no decision in this window was made by a model of this id");
    }
    if (watch->versions_seen > 1) {
        return error_set(err, STATUS_INVALID, "model",
                         "the decisions are of several versions: name one by its digest");
    }
    TRY(recalibrate(&r, &watch->book, &order->setting, err));
    struct str version = order->version;
    if (version.len == 0) {
        TRY(version_default(&version, base, today, &room->arena, err));
    }
    struct revision revision = {.version = version,
                                .definition = order->watch.definition.len > 0
                                                  ? order->watch.definition
                                                  : base->default_definition,
                                .made_on = today,
                                .from = order->watch.from,
                                .to = order->watch.to};
    TRY(bundle_revise(bundle, base, &r, &revision, err));
    summary_write(summary, base, &r, version);
    return STATUS_OK;
}

enum status watcher_recalibrate(struct buf *bundle, struct buf *summary,
                                const struct watcher_book *book,
                                const struct recalibration_order *order, struct error *err)
{
    struct reading_room room;
    struct model_watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL) {
        return error_set(err, STATUS_BUSY, "", "no memory for a report");
    }
    enum status status = room_open(&room, book, err);
    if (status == STATUS_OK) {
        status = watch_run(watch, &room, &order->watch, book->is_live, err);
    }
    if (status == STATUS_OK) {
        status = recalibrate_book(bundle, summary, watch, order, &room, err);
    }
    model_watch_finish(watch);
    free(watch);
    room_close(&room);
    return status;
}
