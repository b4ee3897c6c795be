/* echo.c - the request, told back. */
#include "api/echo.h"

#include "api/call.h"
#include "crypto/digest.h"
#include "format/json.h"

/* Whatever bytes as valid UTF-8. */
static struct str latin1(struct arena *arena, struct str bytes)
{
    char *text = arena_alloc(arena, bytes.len * 2 + 1, 1);
    size_t len = 0;
    for (size_t i = 0; text != NULL && i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];
        if (byte < 0x80) {
            text[len++] = (char)byte;
        } else {
            text[len++] = (char)(0xC0 | (byte >> 6));
            text[len++] = (char)(0x80 | (byte & 0x3F));
        }
    }
    return text == NULL ? STR("") : str_of(text, len);
}

static void tell_request(struct call *call)
{
    const struct http_exchange *x = call->x;
    struct digest digest = digest_of(x->body);
    char hex[DIGEST_HEX_LEN + 1];
    struct json_writer w;
    digest_hex(hex, &digest);
    call_reply_json(call, 200);
    json_writer_init(&w, &call->x->reply);
    json_object_begin(&w);
    json_text_member(&w, STR("method"), latin1(x->arena, x->method_text));
    json_text_member(&w, STR("path"), latin1(x->arena, x->path));
    json_text_member(&w, STR("query"), latin1(x->arena, x->query));
    json_name(&w, STR("headers"));
    json_array_begin(&w);
    for (uint32_t i = 0; i < x->header_count; i++) {
        json_array_begin(&w);
        json_string(&w, latin1(x->arena, x->headers[i].name));
        json_string(&w, latin1(x->arena, x->headers[i].value));
        json_array_end(&w);
    }
    json_array_end(&w);
    json_name(&w, STR("body_len"));
    json_int(&w, (int64_t)x->body.len);
    json_text_member(&w, STR("body_sha256"), str_from(hex));
    json_object_end(&w);
}

static void tell_bytes(struct call *call, struct str digits)
{
    size_t count = 0;
    for (size_t i = 0; i < digits.len && count <= ECHO_BYTES_MAX; i++) {
        bool is_digit = digits.ptr[i] >= '0' && digits.ptr[i] <= '9';
        count = is_digit ? count * 10 + (size_t)(digits.ptr[i] - '0') : ECHO_BYTES_MAX + 1;
    }
    if (digits.len == 0 || count > ECHO_BYTES_MAX) {
        problem_reply(call->x, PROBLEM_INVALID_PARAMETER, call->request_id, NULL,
                      "bytes: expected a number up to %d", ECHO_BYTES_MAX);
        return;
    }
    call->x->status = 200;
    http_reply_header(call->x, "Content-Type", STR("application/octet-stream"));
    char *to = buf_reserve(&call->x->reply, count);
    for (size_t i = 0; to != NULL && i < count; i++) {
        to[i] = (char)('0' + i % 10);
    }
    call->x->reply.len += to == NULL ? 0 : count;
}

void echo_tell(struct call *call)
{
    struct str query = call->x->query;
    if (str_eq(query, STR("body=1"))) {
        call->x->status = 200;
        http_reply_header(call->x, "Content-Type", STR("application/octet-stream"));
        buf_append(&call->x->reply, call->x->body);
    } else if (str_starts_with(query, STR("bytes="))) {
        tell_bytes(call, str_slice(query, STR("bytes=").len, query.len));
    } else {
        tell_request(call);
    }
}
