/* ops.c - the routes that need no key. */
#include "api/ops.h"

#include "api/api.h"
#include "api/asset.h"
#include "api/call.h"
#include "base/defect.h"

void ops_livez(struct call *call)
{
    call_reply_json(call, 200);
    buf_append(&call->x->reply, STR("{\"status\":\"alive\"}"));
}

void ops_readyz(struct call *call)
{
    bool is_draining = atomic_load(&call->api->is_draining);
    bool can_record = committer_is_healthy(call->service->committer) || DEFECT(READY_LIES);
    const char *text =
        is_draining  ? "{\"status\":\"not_ready\",\"reason\":\"the server is stopping\"}"
        : can_record ? "{\"status\":\"ready\"}"
                     : "{\"status\":\"not_ready\",\"reason\":\"decisions cannot be recorded\"}";
    call_reply_json(call, !is_draining && can_record ? 200 : 503);
    buf_append_text(&call->x->reply, text);
}

void ops_openapi(struct call *call)
{
    const struct asset *contract = asset_named("openapi.json");
    CHECK(contract != NULL);
    asset_reply(call, contract, ASSET_ASK_AGAIN);
}
