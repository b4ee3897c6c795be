/* http1.c - the phases of one request: head, body, done. */
#include "http/http1.h"

#include "http/request.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_STEP_LEN = 16 * 1024 };

struct http1 *http1_create(void)
{
    struct http1 *p = malloc(sizeof *p);
    struct parser *parser = parser_create();
    if (p == NULL || parser == NULL) {
        free(p);
        parser_destroy(parser);
        return NULL;
    }
    /* The input is not cleared: nothing beyond `end` is ever looked at. */
    memset(p, 0, offsetof(struct http1, input));
    p->parser = parser;
    return p;
}

void http1_destroy(struct http1 *p)
{
    if (p != NULL) {
        parser_destroy(p->parser);
        free(p);
    }
}

static void request_clear(struct http1 *p)
{
    struct http_exchange *x = p->x;
    x->method = HTTP_OTHER;
    x->method_text = STR("");
    x->path = STR("");
    x->query = STR("");
    x->body = STR("");
    x->header_count = 0;
    p->phase = HTTP1_HEAD;
    p->keep_alive = false;
    p->has_empty_line = false;
    p->held_from = 0;
    p->held_to = 0;
    p->body_left = 0;
    p->body_read = 0;
    scan_head(&p->scan, HTTP_HEAD_LEN_MAX, HTTP_TARGET_LEN_MAX);
}

void http1_begin(struct http1 *p, const struct http_handler *handler, struct http_exchange *x,
                 struct buf *body)
{
    p->handler = handler;
    p->x = x;
    p->body = body;
    p->start = 0;
    p->end = 0;
    request_clear(p);
}

bool http1_next(struct http1 *p)
{
    CHECK(p->phase == HTTP1_DONE);
    buf_clear(p->body);
    request_clear(p);
    return p->start < p->end;
}

bool http1_is_idle(const struct http1 *p)
{
    return p->phase == HTTP1_HEAD && p->start == p->end;
}

bool http1_is_in_body(const struct http1 *p)
{
    return p->phase == HTTP1_LENGTH || p->phase == HTTP1_CHUNKS || p->phase == HTTP1_TRAILER;
}

static void space_for_head(struct http1 *p, char **to, size_t *len)
{
    if (p->start > 0) {
        memmove(p->input, p->input + p->start, p->end - p->start);
        p->end -= p->start;
        p->start = 0;
    }
    *to = p->input + p->end;
    *len = HTTP1_INPUT_SIZE - p->end;
}

/* All input is consumed; the head stands somewhere in its middle and stays. */
static void space_beside_head(struct http1 *p, char **to, size_t *len)
{
    CHECK(p->start == p->end);
    size_t behind = HTTP1_INPUT_SIZE - p->held_to;
    bool is_behind = behind >= p->held_from;
    p->start = is_behind ? p->held_to : 0;
    p->end = p->start;
    *to = p->input + p->start;
    *len = is_behind ? behind : p->held_from;
}

void http1_space(struct http1 *p, char **to, size_t *len)
{
    CHECK(p->phase != HTTP1_DONE);
    if (p->phase == HTTP1_HEAD) {
        space_for_head(p, to, len);
    } else if (p->phase == HTTP1_LENGTH) {
        size_t room = p->body->size - p->body->len; /* made by length_advance() */
        *to = p->body->ptr + p->body->len;
        *len = p->body_left < room ? (size_t)p->body_left : room;
    } else {
        space_beside_head(p, to, len);
    }
    CHECK(*len > 0);
}

static enum http1_step refused(struct http1 *p, enum http_refusal why)
{
    p->refusal = why;
    p->keep_alive = false;
    p->phase = HTTP1_DONE;
    return HTTP1_REFUSED;
}

static enum http1_step whole(struct http1 *p)
{
    p->phase = HTTP1_DONE;
    return HTTP1_WHOLE;
}

/* A body of known length: a slice of the input if it is all there, else gathered in `body`, which
 * grows with what arrives and not with what was announced. */
static enum http1_step length_advance(struct http1 *p, size_t len)
{
    if (p->body->len == 0 && p->end - p->start >= p->body_left) {
        p->x->body = str_of(p->input + p->start, (size_t)p->body_left);
        p->start += (size_t)p->body_left;
        return whole(p);
    }
    if (p->start < p->end) {
        struct str first = str_of(p->input + p->start, p->end - p->start);
        buf_append(p->body, first);
        p->body_left -= first.len;
        p->body_read += first.len;
        p->start = p->end;
    } else {
        p->body->len += len;
        p->body_left -= len;
        p->body_read += len;
    }
    if (p->body_left == 0) {
        p->x->body = buf_str(p->body);
        return whole(p);
    }
    size_t step = p->body->len > BODY_STEP_LEN ? p->body->len : BODY_STEP_LEN;
    step = p->body_left < step ? (size_t)p->body_left : step;
    if (buf_reserve(p->body, step) == NULL) { /* its length is within the limit: no memory */
        return refused(p, HTTP_REFUSED_BUSY);
    }
    return HTTP1_MORE;
}

static enum http1_step trailer_advance(struct http1 *p)
{
    size_t used = 0;
    struct str rest = str_of(p->input + p->start, p->end - p->start);
    enum scan_result result = scan_bytes(&p->scan, rest, &used);
    p->start += used;
    p->body_read += used;
    if (result == SCAN_END) {
        p->x->body = buf_str(p->body);
        return whole(p);
    }
    if (result == SCAN_MORE) {
        return HTTP1_MORE;
    }
    return refused(p,
                   result == SCAN_TOO_LONG ? HTTP_REFUSED_BODY_TOO_LARGE : HTTP_REFUSED_MALFORMED);
}

static enum http1_step chunks_advance(struct http1 *p)
{
    size_t used = 0;
    struct str rest = str_of(p->input + p->start, p->end - p->start);
    enum chunks_result result = chunks_read(&p->chunks, p->body, rest, &used);
    if (result == CHUNKS_FULL) {
        return refused(p, HTTP_REFUSED_BODY_TOO_LARGE);
    }
    if (result == CHUNKS_MALFORMED) {
        return refused(p, HTTP_REFUSED_MALFORMED);
    }
    p->start += used;
    p->body_read += used;
    CHECK(p->body_read >= p->body->len);
    uint64_t framing = p->body_read - p->body->len;
    uint64_t framing_max = (uint64_t)p->body->len + HTTP1_FRAMING_LEN_MAX;
    if (framing > framing_max) {
        return refused(p, HTTP_REFUSED_BODY_TOO_LARGE);
    }
    if (result == CHUNKS_MORE) {
        return HTTP1_MORE;
    }
    p->phase = HTTP1_TRAILER;
    scan_trailer(&p->scan, (size_t)(framing_max - framing));
    return trailer_advance(p);
}

static enum http1_step body_begin(struct http1 *p, const struct parser_head *head,
                                  bool expects_continue)
{
    size_t body_max = p->handler->body_max(p->handler->context, p->x);
    if (head->length > body_max) {
        return refused(p, HTTP_REFUSED_BODY_TOO_LARGE);
    }
    p->body->limit = body_max;
    if (!head->is_chunked && head->length == 0) {
        return whole(p);
    }
    p->body_left = head->length;
    p->phase = head->is_chunked ? HTTP1_CHUNKS : HTTP1_LENGTH;
    chunks_begin(&p->chunks);
    bool is_waiting = expects_continue && p->start == p->end;
    enum http1_step step = head->is_chunked ? chunks_advance(p) : length_advance(p, 0);
    return step == HTTP1_MORE && is_waiting ? HTTP1_CONTINUE : step;
}

static enum http1_step head_read(struct http1 *p)
{
    struct parser_head head = {.headers = p->x->headers, .headers_max = HTTP_HEADERS_MAX};
    struct str bytes = str_of(p->input + p->held_from, p->held_to - p->held_from);
    enum parser_result result = parser_read_head(p->parser, &head, bytes);
    switch (result) {
    case PARSER_DONE: break;
    case PARSER_METHOD:
    case PARSER_CODING: return refused(p, HTTP_REFUSED_NOT_IMPLEMENTED);
    case PARSER_TOO_MANY: return refused(p, HTTP_REFUSED_HEAD_TOO_LARGE);
    case PARSER_MALFORMED: return refused(p, HTTP_REFUSED_MALFORMED);
    }
    p->x->header_count = head.header_count;
    p->keep_alive = head.keep_alive;
    p->is_http_1_0 = head.is_http_1_0;
    bool expects_continue = false;
    enum http_refusal why = HTTP_REFUSED_MALFORMED;
    if (!request_check(p->x, &head, bytes, &expects_continue, &why)) {
        return refused(p, why);
    }
    return body_begin(p, &head, expects_continue);
}

/* Old clients send an empty line behind a body: one before a request line is passed over (RFC 9112,
 * section 2.2).  False: half of one is here. */
static bool empty_line_skip(struct http1 *p)
{
    size_t len = p->end - p->start;
    const char *bytes = p->input + p->start;
    if (p->has_empty_line || p->scan.len > 0 || len == 0 || bytes[0] != '\r') {
        return true;
    }
    if (len > 1 && bytes[1] == '\n') {
        p->has_empty_line = true;
        p->start += 2;
    }
    return len > 1;
}

static enum http1_step head_advance(struct http1 *p)
{
    if (!empty_line_skip(p)) {
        return HTTP1_MORE;
    }
    size_t used = 0;
    size_t seen = p->scan.len;
    struct str fresh = str_of(p->input + p->start + seen, p->end - p->start - seen);
    switch (scan_bytes(&p->scan, fresh, &used)) {
    case SCAN_MORE: return HTTP1_MORE;
    case SCAN_MALFORMED: return refused(p, HTTP_REFUSED_MALFORMED);
    case SCAN_TARGET_TOO_LONG: return refused(p, HTTP_REFUSED_TARGET_TOO_LONG);
    case SCAN_TOO_LONG: return refused(p, HTTP_REFUSED_HEAD_TOO_LARGE);
    case SCAN_VERSION: return refused(p, HTTP_REFUSED_VERSION);
    case SCAN_END: break;
    }
    p->held_from = p->start;
    p->held_to = p->start + seen + used;
    p->start = p->held_to;
    return head_read(p);
}

enum http1_step http1_advance(struct http1 *p, size_t len)
{
    if (p->phase == HTTP1_LENGTH) {
        return length_advance(p, len);
    }
    p->end += len;
    CHECK(p->end <= HTTP1_INPUT_SIZE);
    if (p->phase == HTTP1_HEAD) {
        return head_advance(p);
    }
    CHECK(p->phase != HTTP1_DONE);
    return p->phase == HTTP1_CHUNKS ? chunks_advance(p) : trailer_advance(p);
}

int http1_refusal_status(enum http_refusal why)
{
    switch (why) {
    case HTTP_REFUSED_MALFORMED: return 400;
    case HTTP_REFUSED_TIMEOUT: return 408;
    case HTTP_REFUSED_BODY_TOO_LARGE: return 413;
    case HTTP_REFUSED_TARGET_TOO_LONG: return 414;
    case HTTP_REFUSED_EXPECTATION: return 417;
    case HTTP_REFUSED_HEAD_TOO_LARGE: return 431;
    case HTTP_REFUSED_NOT_IMPLEMENTED: return 501;
    case HTTP_REFUSED_BUSY: return 503;
    case HTTP_REFUSED_VERSION: return 505;
    }
    return 400;
}
