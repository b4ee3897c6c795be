/* call.h - one request on its way through the API.
 *
 * A call lives in the arena of its exchange.  A handler is plain sequential code: it fills the
 * exchange's answer and returns, or sets `*is_parked` and sees to it that call_finish() is called
 * later, once. */
#ifndef API_CALL_H
#define API_CALL_H

#include "api/problem.h"
#include "format/trace_context.h"
#include "http/server.h"
#include "service/retry_after.h"
#include "service/service.h"

#define API_VERSION "2026-11-01"

struct api;
struct call;

enum place { PLACE_LOOP, PLACE_WORKER };

struct route {
    enum http_method method;
    const char *path;
    size_t path_len;
    void (*handler)(struct call *call);
    const char *scope; /* NULL: open */
    size_t body_max;
    enum place place;
};

struct call {
    struct http_exchange *x;
    const struct api *api;
    struct service *service;
    const struct route *route; /* NULL: none fits */
    char request_id[ID_TEXT_MAX + 1];
    int64_t now_ms;
    struct api_key key; /* of the caller, when the route has a scope */
    struct digest key_hash;
    bool is_hashed; /* key_hash is that of the key which is shown */
    bool is_turned_away;
    bool is_known; /* key is filled */
    struct trace_context
        trace; /* the caller's with a span of ours, if its key is good; else ours */
    char decision_id[ID_TEXT_MAX + 1]; /* of the decision this answers with, or "" */
    struct str parameter;              /* what stands for {id} or {slug} */
    struct db *db;                     /* on a worker, else NULL */
    bool *is_parked; /* set before the call is handed on: whoever ran the handler must not touch it
                        again */
    struct admission_place place; /* among all requests with a key */
    struct worker_task task;
    void (*resume)(struct call *call); /* what a worker does with it */
    void *state;                       /* the handler's own, for `resume` */
    uint64_t refusals;   /* memory_refusals() when the thread that has the call took it */
    uint64_t decided_us; /* steady time when computing ended, 0: not told */
    uint64_t commit_us;  /* how long the commit took, 0: there was none */
};

/* Add what every answer carries and hand the exchange back.  The call is gone. */
void call_finish(struct call *call);
/* Answer with a problem that passes, and when to come again. */
void call_turn_away(struct call *call, enum problem problem, enum retry_after why);
/* Go on with `resume` on a worker; 503 and finished if none takes it. */
void call_resume_on_worker(struct call *call, void (*resume)(struct call *call));
/* The same, from wherever `resume` is set; false if no worker takes it. */
bool call_try_worker(struct call *call) MUST_USE;
void call_reply_json(struct call *call, int status); /* marks x->reply as JSON */
/* A fresh id by this thread's source of chance. */
struct id call_new_id(const struct call *call);
struct id_source *call_ids(void); /* that source, for ids in numbers */
/* The committer took the unit and could not say that it is written: why, and when to come again. */
enum retry_after call_commit_trouble(const struct call *call);
/* The committer takes nothing: not now, or not any more. */
void call_refuse_unrecorded(struct call *call);
/* A thread takes the call: from here on its refusals of memory are the call's. */
void call_take(struct call *call);
/* Was memory refused since?  Then nothing that was made of it may be believed. */
bool call_is_starved(const struct call *call);

#endif
