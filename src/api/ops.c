/* ops.c - the routes that need no key. */
#include "api/ops.h"

#include "api/call.h"
#include "api_assets.h"
#include "base/defect.h"

void ops_livez(struct call *call)
{
    call_reply_json(call, 200);
    buf_append(&call->x->reply, STR("{\"status\":\"alive\"}"));
}

void ops_readyz(struct call *call)
{
    bool is_ready = committer_is_healthy(call->service->committer) || DEFECT(READY_LIES);
    call_reply_json(call, is_ready ? 200 : 503);
    buf_append_text(&call->x->reply,
                    is_ready
                        ? "{\"status\":\"ready\"}"
                        : "{\"status\":\"not_ready\",\"reason\":\"decisions cannot be recorded\"}");
}

void ops_openapi(struct call *call)
{
    call->x->status = 200;
    http_reply_header(call->x, "Content-Type", STR("application/json"));
    buf_append(&call->x->reply, str_of(openapi_json, openapi_json_len));
}

static void page_write(struct buf *out, const struct problem_info *info)
{
    buf_append(out,
               STR("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>"));
    buf_append_text(out, info->title);
    buf_append(out, STR("</title></head>\n<body><main><h1>"));
    buf_append_text(out, info->title);
    buf_printf(out, "</h1>\n<p>HTTP status %d, problem type <code>%s</code>.</p>\n<p>",
               info->status, info->slug);
    buf_append_text(out, info->remedy);
    buf_append(out, STR("</p></main></body></html>\n"));
}

void ops_problem(struct call *call)
{
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        const struct problem_info *info = problem_info((enum problem)i);
        if (str_eq(str_from(info->slug), call->parameter)) {
            call->x->status = 200;
            http_reply_header(call->x, "Content-Type", STR("text/html; charset=utf-8"));
            http_reply_header(call->x, "Content-Security-Policy", STR("default-src 'none'"));
            page_write(&call->x->reply, info);
            return;
        }
    }
    problem_reply(call->x, PROBLEM_NOT_FOUND, call->request_id, NULL, "%s",
                  problem_info(PROBLEM_NOT_FOUND)->remedy);
}
