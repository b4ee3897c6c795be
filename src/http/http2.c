/* http2.c - the callbacks of libnghttp2, and what a stream goes through between them.
 *
 * nghttp2_session_del() calls no callback, so the session keeps a list of its own of every exchange
 * it ever took and has not given back. */
#include "http/http2.h"

#include "http/lazy_memory.h"
#include "http/request.h"

#include <nghttp2/nghttp2.h>
#include <pthread.h>
#include <string.h>

/* ---- lists ---- */

static void queue_push(struct exchange_queue *queue, struct exchange *e)
{
    e->stream.queued = NULL;
    if (queue->last == NULL) {
        queue->first = e;
    } else {
        queue->last->stream.queued = e;
    }
    queue->last = e;
}

static struct exchange *queue_take(struct exchange_queue *queue)
{
    struct exchange *e = queue->first;
    if (e != NULL) {
        queue->first = e->stream.queued;
        queue->last = queue->first == NULL ? NULL : queue->last;
        e->stream.queued = NULL;
    }
    return e;
}

static void streams_insert(struct http2 *h, struct exchange *e)
{
    e->stream.next = h->streams;
    if (e->stream.next != NULL) {
        e->stream.next->stream.previous = e;
    }
    h->streams = e;
    h->stream_count++;
    h->stream_serial++;
}

static void streams_remove(struct http2 *h, struct exchange *e)
{
    struct stream *s = &e->stream;
    deadline_clear(h->deadlines, &s->deadline);
    if (s->previous == NULL) {
        CHECK(h->streams == e);
        h->streams = s->next;
    } else {
        s->previous->stream.next = s->next;
    }
    if (s->next != NULL) {
        s->next->stream.previous = s->previous;
    }
    CHECK(h->stream_count > 0);
    h->stream_count--;
}

/* The answer came before the end of the request, of which the rest is of no use.  To say so at once
 * (RFC 9113, section 8.1) makes clients, curl 7.88 among them, forget the answer: it waits. */
static void stream_linger(struct http2 *h, struct exchange *e)
{
    e->stream.state = STREAM_LINGERING;
    exchange_shed(e);
    (void)pool_count(h->pool, e);
    deadline_set(h->deadlines, &e->stream.deadline, DEADLINE_STREAM_LINGER, h->now_us);
}

void http2_give(struct http2 *h, struct exchange *e)
{
    if (e->stream.state == STREAM_FINISHED && e->stream.lingers && !e->stream.is_closed) {
        stream_linger(h, e);
        return;
    }
    streams_remove(h, e);
    pool_give(h->pool, e);
}

static void stream_deadline(struct http2 *h, struct exchange *e, enum deadline_kind kind)
{
    deadline_set(h->deadlines, &e->stream.deadline, kind, h->now_us);
}

static bool has_failed(const struct http2 *h)
{
    return h->is_abusive || h->is_stalled || h->is_broken;
}

/* ---- from request to ready ---- */

static void stream_ready(struct http2 *h, struct exchange *e)
{
    deadline_clear(h->deadlines, &e->stream.deadline);
    e->stream.state = STREAM_READY;
    queue_push(&h->ready, e);
}

static void stream_refuse(struct http2 *h, struct exchange *e, enum http_refusal why)
{
    e->stream.is_refused = true;
    e->stream.refusal = (int)why;
    stream_ready(h, e);
}

static void stream_reset(struct http2 *h, int32_t id, uint32_t code)
{
    /* It fails for want of memory only, and then the next call ends the session. */
    (void)nghttp2_submit_rst_stream(h->session, NGHTTP2_FLAG_NONE, id, code);
}

/* No callback shall find this exchange any more. */
static void stream_forget(struct http2 *h, const struct exchange *e)
{
    (void)nghttp2_session_set_stream_user_data(h->session, e->stream.id, NULL);
}

static void continue_submit(struct http2 *h, int32_t id)
{
    static uint8_t name[] = ":status";
    static uint8_t value[] = "100";
    const nghttp2_nv status = {name, value, sizeof name - 1, sizeof value - 1,
                               NGHTTP2_NV_FLAG_NONE};
    (void)nghttp2_submit_headers(h->session, NGHTTP2_FLAG_NONE, id, NULL, &status, 1, NULL);
}

/* All header fields are there. */
static void head_end(struct http2 *h, struct exchange *e, bool is_last)
{
    struct request_head head = {
        .scheme = e->stream.scheme, .authority = e->stream.authority, .target = e->stream.target};
    enum http_refusal why = HTTP_REFUSED_MALFORMED;
    e->stream.has_ended = is_last;
    if (e->stream.is_refused) {
        stream_ready(h, e);
        return;
    }
    if (!request_check_fields(&e->x, &head, &why)) {
        stream_refuse(h, e, why);
        return;
    }
    size_t body_max = h->handler->body_max(h->handler->context, &e->x);
    if (head.length > body_max) {
        stream_refuse(h, e, HTTP_REFUSED_BODY_TOO_LARGE);
        return;
    }
    e->body.limit = body_max;
    e->x.is_unread = !is_last && !h->handler->wants_body(h->handler->context, &e->x);
    if (is_last || e->x.is_unread) {
        stream_ready(h, e);
        return;
    }
    if (head.expects_continue) {
        continue_submit(h, e->stream.id);
    }
    e->stream.state = STREAM_BODY;
    stream_deadline(h, e, DEADLINE_STREAM_BODY);
}

static void body_end(struct http2 *h, struct exchange *e)
{
    e->stream.has_ended = true;
    if (e->stream.state == STREAM_BODY) {
        e->x.body = buf_str(&e->body);
        stream_ready(h, e);
    }
}

/* Is the stream closed, and not by us?  What arrives for one that we have reset may have been on
 * its way. */
static bool stream_is_over(const struct http2 *h, int32_t id)
{
    bool is_known = id % 2 == 1 && id <= h->last_id;
    return is_known && id > h->reset_id && nghttp2_session_find_stream(h->session, id) == NULL;
}

/* Frames that the library passes over in silence, and that RFC 9113 (sections 5.1, 5.1.1 and 6.3)
 * calls errors. */
static int on_begin_frame(nghttp2_session *session, const nghttp2_frame_hd *frame, void *context)
{
    if (frame->type == NGHTTP2_PRIORITY && frame->stream_id == 0) {
        return nghttp2_session_terminate_session(session, NGHTTP2_PROTOCOL_ERROR);
    }
    if (frame->type == NGHTTP2_HEADERS && stream_is_over(context, frame->stream_id)) {
        return nghttp2_session_terminate_session(session, NGHTTP2_STREAM_CLOSED);
    }
    return 0;
}

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *context)
{
    struct http2 *h = context;
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) {
        return 0;
    }
    int32_t id = frame->hd.stream_id;
    h->last_id = id;
    bool is_busy = h->stream_count >= HTTP2_EXCHANGES_MAX || !pool_has_room(h->pool);
    struct exchange *e = is_busy ? NULL : pool_take(h->pool, POOL_HTTP2);
    if (e == NULL) {
        stream_reset(h, id, NGHTTP2_REFUSED_STREAM);
        return 0;
    }
    e->stream = (struct stream){.id = id, .state = STREAM_HEAD, .deadline.owner = e};
    e->connection = h->connection;
    e->x.started_us = h->now_us;
    e->x.method = HTTP_OTHER;
    e->x.method_text = STR("");
    e->x.path = STR("");
    e->x.query = STR("");
    e->x.body = STR("");
    e->x.is_unread = false;
    e->x.header_count = 0;
    streams_insert(h, e);
    (void)pool_count(h->pool, e);
    return nghttp2_session_set_stream_user_data(session, id, e);
}

/* The slot of a pseudo header field; NULL: an ordinary one.  The library has seen to it that none
 * comes twice, late, or under a name it does not know. */
static struct str *pseudo_slot(struct exchange *e, struct str name)
{
    if (name.len == 0 || name.ptr[0] != ':') {
        return NULL;
    }
    if (str_eq(name, STR(":method"))) {
        return &e->x.method_text;
    }
    if (str_eq(name, STR(":path"))) {
        return &e->stream.target;
    }
    return str_eq(name, STR(":scheme")) ? &e->stream.scheme : &e->stream.authority;
}

static void field_add(struct exchange *e, struct str name, struct str value)
{
    struct str *slot = pseudo_slot(e, name);
    struct str kept = arena_copy(&e->arena, value);
    bool is_kept = kept.ptr != NULL;
    if (slot != NULL) {
        *slot = kept;
    } else if (e->x.header_count == HTTP_HEADERS_MAX) {
        is_kept = false;
    } else {
        struct http_header *header = &e->x.headers[e->x.header_count];
        *header = (struct http_header){arena_copy(&e->arena, name), kept};
        is_kept = is_kept && header->name.ptr != NULL;
        e->x.header_count += is_kept;
    }
    if (!is_kept) {
        e->stream.is_refused = true;
        e->stream.refusal = HTTP_REFUSED_HEAD_TOO_LARGE;
    }
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_len, const uint8_t *value, size_t value_len, uint8_t flags,
                     void *context)
{
    enum { FIELD_COST = 32 }; /* RFC 9113, section 6.5.2 */
    struct http2 *h = context;
    (void)flags;
    struct exchange *e = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    if (e == NULL) {
        return 0;
    }
    e->stream.head_len += name_len + value_len + FIELD_COST;
    if (e->stream.head_len > HTTP2_HEAD_ABUSE_LEN) {
        h->is_abusive = true;
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
    if (e->stream.state != STREAM_HEAD || e->stream.is_refused) {
        return 0; /* a trailer, or of no more use; unpacked all the same to keep HPACK in step */
    }
    if (e->stream.head_len > HTTP_HEAD_LEN_MAX) {
        e->stream.is_refused = true;
        e->stream.refusal = HTTP_REFUSED_HEAD_TOO_LARGE;
        return 0;
    }
    field_add(e, str_of(name, name_len), str_of(value, value_len));
    return 0;
}

/* The library would only leave such a field out; RFC 9113, section 8.2.1 calls the request
 * malformed. */
static int on_invalid_header(nghttp2_session *session, const nghttp2_frame *frame,
                             const uint8_t *name, size_t name_len, const uint8_t *value,
                             size_t value_len, uint8_t flags, void *context)
{
    (void)session;
    (void)frame;
    (void)name;
    (void)name_len;
    (void)value;
    (void)value_len;
    (void)flags;
    (void)context;
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

static struct str reply_of(const struct exchange *e)
{
    return answer_has_body(&e->x) ? buf_str(&e->x.reply) : STR("");
}

/* Nothing more becomes of it; the handler is told. */
static void stream_finish(struct http2 *h, struct exchange *e, bool is_cut)
{
    if (e->stream.state == STREAM_ANSWERING) {
        size_t unsent = reply_of(e).len - e->stream.reply_sent;
        CHECK(h->unsent >= unsent);
        h->unsent -= unsent;
    }
    deadline_clear(h->deadlines, &e->stream.deadline);
    e->stream.state = STREAM_FINISHED;
    e->stream.is_cut = is_cut;
    queue_push(is_cut ? &h->cut : &h->finished, e);
}

static int on_data_chunk(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *data,
                         size_t len, void *context)
{
    struct http2 *h = context;
    (void)flags;
    struct exchange *e = nghttp2_session_get_stream_user_data(session, id);
    if (e == NULL || e->stream.state != STREAM_BODY) {
        return 0; /* behind a refusal */
    }
    size_t size_before = e->body.size;
    buf_append(&e->body, str_of(data, len));
    if (buf_failed(&e->body)) {
        buf_finish(&e->body);
        buf_init(&e->body, 0);
        (void)pool_count(h->pool, e);
        stream_refuse(h, e, HTTP_REFUSED_BODY_TOO_LARGE);
        return 0;
    }
    if (e->body.size != size_before && !pool_count(h->pool, e)) {
        stream_forget(h, e);
        stream_reset(h, id, NGHTTP2_REFUSED_STREAM);
        stream_finish(h, e, true);
        return 0;
    }
    if (e->body.len - e->stream.progress >= HTTP2_PROGRESS_LEN) {
        e->stream.progress = e->body.len;
        stream_deadline(h, e, DEADLINE_STREAM_BODY);
    }
    return 0;
}

static int on_frame_received(nghttp2_session *session, const nghttp2_frame *frame, void *context)
{
    struct http2 *h = context;
    bool is_last = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (frame->hd.type == NGHTTP2_SETTINGS) {
        h->has_begun = true;
        return 0;
    }
    if (frame->hd.type == NGHTTP2_RST_STREAM) {
        h->reset_count++;
        return 0;
    }
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) {
        return 0;
    }
    struct exchange *e = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    if (frame->hd.type == NGHTTP2_DATA && frame->hd.length > 0 && !is_last &&
        frame->hd.length == frame->data.padlen) {
        (void)flood_add(&h->flood, FLOOD_EMPTY_DATA); /* nothing but padding */
    }
    if (e == NULL) {
        return 0;
    }
    if (frame->hd.type == NGHTTP2_HEADERS && e->stream.state == STREAM_HEAD) {
        head_end(h, e, is_last);
    } else if (is_last) {
        body_end(h, e);
    }
    return 0;
}

/* ---- the end of a stream ---- */

static void stream_close(struct http2 *h, struct exchange *e, bool is_cut)
{
    e->stream.is_closed = true;
    switch (e->stream.state) {
    case STREAM_LINGERING: http2_give(h, e); break;
    case STREAM_READY:   /* http2_take() passes it by */
    case STREAM_HANDLED: /* http2_answer() does */
    case STREAM_FINISHED: break;
    case STREAM_HEAD:
    case STREAM_BODY:
    case STREAM_ANSWERING: stream_finish(h, e, is_cut); break;
    }
}

static int on_stream_close(nghttp2_session *session, int32_t id, uint32_t code, void *context)
{
    struct exchange *e = nghttp2_session_get_stream_user_data(session, id);
    (void)code;
    if (e != NULL) {
        stream_close(context, e, true);
    }
    return 0;
}

/* ---- output ---- */

static ssize_t data_read(nghttp2_session *session, int32_t id, uint8_t *to, size_t len,
                         uint32_t *flags, nghttp2_data_source *source, void *context)
{
    const struct exchange *e = source->ptr;
    (void)session;
    (void)id;
    (void)to;
    (void)context;
    size_t left = e->x.reply.len - e->stream.reply_sent;
    size_t part = left < len ? left : len;
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (part == left) {
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    }
    return (ssize_t)part;
}

static int data_send(nghttp2_session *session, nghttp2_frame *frame, const uint8_t *head,
                     size_t len, nghttp2_data_source *source, void *context)
{
    struct http2 *h = context;
    struct exchange *e = source->ptr;
    (void)session;
    (void)frame;
    if (h->out->len >= h->out_most) {
        return NGHTTP2_ERR_WOULDBLOCK;
    }
    struct str reply = buf_str(&e->x.reply);
    buf_append(h->out, str_of(head, FLOOD_FRAME_HEAD_LEN));
    buf_append(h->out, str_slice(reply, e->stream.reply_sent, e->stream.reply_sent + len));
    e->stream.reply_sent += len;
    h->data_sent += len;
    h->unsent -= len;
    flood_credit(&h->flood);
    return buf_failed(h->out) ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
}

static void last_frame_sent(struct http2 *h, struct exchange *e)
{
    e->stream.lingers = !e->stream.has_ended;
    stream_finish(h, e, false);
}

static int on_frame_sent(nghttp2_session *session, const nghttp2_frame *frame, void *context)
{
    struct http2 *h = context;
    if (frame->hd.type == NGHTTP2_RST_STREAM) {
        h->reset_id = frame->hd.stream_id > h->reset_id ? frame->hd.stream_id : h->reset_id;
        if (frame->rst_stream.error_code != NGHTTP2_NO_ERROR) {
            h->reset_count++;
            (void)flood_add(&h->flood, FLOOD_PROVOKED);
        }
        return 0;
    }
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) {
        return 0;
    }
    struct exchange *e = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    if (e == NULL) {
        return 0;
    }
    e->stream.bytes_sent += FLOOD_FRAME_HEAD_LEN + frame->hd.length;
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0 && e->stream.state == STREAM_ANSWERING) {
        last_frame_sent(h, e);
    }
    return 0;
}

/* HPACK keeps what is sent, to say it in a byte the next time.  A value that never comes again is
 * packed without being kept, but for once a second: then its name is known, and goes as a byte. */
static uint8_t field_flags(const struct answer_fields *answer, size_t i, bool is_named)
{
    if (i < answer->own_count) {
        return NGHTTP2_NV_FLAG_NO_COPY_NAME;
    }
    return is_named && answer_field_varies(answer->fields[i].name) ? NGHTTP2_NV_FLAG_NO_INDEX
                                                                   : NGHTTP2_NV_FLAG_NONE;
}

static void answer_submit(struct http2 *h, struct exchange *e, const char *date)
{
    struct answer_fields answer;
    nghttp2_nv fields[ANSWER_FIELDS_MAX];
    answer_fields_make(&answer, &e->x, date);
    bool is_named = memcmp(h->named_at, date, sizeof h->named_at) == 0;
    memcpy(h->named_at, date, sizeof h->named_at);
    for (size_t i = 0; i < answer.count; i++) {
        /* The library copies the others, names in lower case. */
        fields[i] = (nghttp2_nv){(uint8_t *)(uintptr_t)answer.fields[i].name.ptr,
                                 (uint8_t *)(uintptr_t)answer.fields[i].value.ptr,
                                 answer.fields[i].name.len, answer.fields[i].value.len,
                                 field_flags(&answer, i, is_named)};
    }
    const nghttp2_data_provider provider = {.source.ptr = e, .read_callback = data_read};
    bool has_data = reply_of(e).len > 0;
    if (nghttp2_submit_response(h->session, e->stream.id, fields, answer.count,
                                has_data ? &provider : NULL) != 0) {
        h->is_broken = true; /* no memory */
    }
}

void http2_answer(struct http2 *h, struct exchange *e, const char *date, uint64_t now_us)
{
    CHECK(e->stream.state == STREAM_HANDLED);
    e->stream.state = STREAM_ANSWERING;
    h->now_us = now_us;
    if (e->stream.is_closed || h->session == NULL) {
        h->unsent += reply_of(e).len;
        stream_finish(h, e, true);
        return;
    }
    answer_submit(h, e, date);
    h->unsent += reply_of(e).len;
    (void)pool_count(h->pool, e);
    flood_credit(&h->flood);
    e->stream.progress = h->data_sent;
    stream_deadline(h, e, DEADLINE_STREAM_WRITE);
    if (e->x.close) {
        http2_drain(h);
    }
}

/* GOAWAY by hand: a session that has failed writes no more. */
static void goaway_append(struct http2 *h, uint32_t code)
{
    uint32_t last = (uint32_t)nghttp2_session_get_last_proc_stream_id(h->session);
    uint8_t frame[FLOOD_FRAME_HEAD_LEN + 8] = {0, 0, 8, NGHTTP2_GOAWAY};
    for (unsigned i = 0; i < 4; i++) {
        frame[FLOOD_FRAME_HEAD_LEN + i] = (uint8_t)(last >> (24 - 8 * i));
        frame[FLOOD_FRAME_HEAD_LEN + 4 + i] = (uint8_t)(code >> (24 - 8 * i));
    }
    buf_append(h->out, str_of(frame, sizeof frame));
}

static void session_render(struct http2 *h)
{
    while (h->out->len < h->out_most && !h->is_broken) {
        const uint8_t *bytes = NULL;
        ssize_t len = nghttp2_session_mem_send(h->session, &bytes);
        if (len < 0) {
            h->is_broken = true;
        }
        if (len <= 0) {
            return;
        }
        buf_append(h->out, str_of(bytes, (size_t)len));
    }
}

void http2_render(struct http2 *h, struct buf *out, size_t most)
{
    h->out = out;
    h->out_most = most;
    if (!has_failed(h)) {
        session_render(h);
        h->is_abusive = h->is_abusive || h->flood.is_over;
    }
    if (has_failed(h) && !h->is_told) {
        goaway_append(h, h->is_broken ? NGHTTP2_PROTOCOL_ERROR : NGHTTP2_ENHANCE_YOUR_CALM);
        h->is_told = true;
    }
    h->out = NULL;
}

/* ---- input ---- */

/* The library does not tell of DATA on a stream that is closed, so it gets the bytes up to each
 * head of a DATA frame, and then we look. */
static void session_receive(struct http2 *h, struct str bytes)
{
    ssize_t used = nghttp2_session_mem_recv(h->session, (const uint8_t *)bytes.ptr, bytes.len);
    if (used == NGHTTP2_ERR_FLOODED) {
        h->is_abusive = true;
    } else if (used < 0 && !h->is_abusive) {
        h->is_broken = true;
    } else if (h->flood.data_id != 0 && stream_is_over(h, h->flood.data_id)) {
        h->is_broken = nghttp2_session_terminate_session(h->session, NGHTTP2_STREAM_CLOSED) != 0;
    }
}

void http2_receive(struct http2 *h, struct str bytes, uint64_t now_us)
{
    h->now_us = now_us;
    while (bytes.len > 0 && !has_failed(h)) {
        size_t used = flood_watch(&h->flood, bytes, now_us);
        h->is_abusive = h->flood.is_over;
        h->is_broken = h->flood.is_self_dependent;
        if (!has_failed(h)) {
            session_receive(h, str_slice(bytes, 0, used));
        }
        bytes = str_slice(bytes, used, bytes.len);
    }
    h->is_abusive = h->is_abusive || h->flood.is_over;
}

bool http2_has_ready(const struct http2 *h)
{
    return h->ready.first != NULL && h->unsent <= HTTP2_UNSENT_MAX;
}

struct exchange *http2_take(struct http2 *h)
{
    if (!http2_has_ready(h)) {
        return NULL;
    }
    for (struct exchange *e = queue_take(&h->ready); e != NULL; e = queue_take(&h->ready)) {
        if (!e->stream.is_closed) {
            e->stream.state = STREAM_HANDLED;
            return e;
        }
        stream_finish(h, e, true);
    }
    return NULL;
}

struct exchange *http2_take_finished(struct http2 *h, bool is_flushed)
{
    struct exchange *e = queue_take(&h->cut);
    return e != NULL || !is_flushed ? e : queue_take(&h->finished);
}

/* ---- time and the end ---- */

/* An answer the client has not taken.  It may wait for its turn among others; but a client that
 * holds back this one loses it, and one that takes nothing at all loses the connection. */
static bool write_expired(struct http2 *h, struct exchange *e)
{
    int32_t id = e->stream.id;
    int32_t window = nghttp2_session_get_stream_remote_window_size(h->session, id);
    size_t moved = h->data_sent - e->stream.progress;
    if (moved >= HTTP2_PROGRESS_LEN && window > 0) {
        e->stream.progress = h->data_sent;
        stream_deadline(h, e, DEADLINE_STREAM_WRITE);
        return false;
    }
    if (moved == 0) {
        h->is_stalled = true;
    } else {
        stream_reset(h, id, NGHTTP2_CANCEL);
    }
    return true;
}

bool http2_on_deadline(struct http2 *h, struct exchange *e, enum deadline_kind kind,
                       uint64_t now_us)
{
    h->now_us = now_us;
    if (h->session == NULL || e->stream.is_closed) {
        return false;
    }
    if (kind == DEADLINE_STREAM_WRITE) {
        return write_expired(h, e);
    }
    if (kind == DEADLINE_STREAM_LINGER) {
        stream_forget(h, e);
        stream_reset(h, e->stream.id, NGHTTP2_NO_ERROR);
        http2_give(h, e);
        return false;
    }
    CHECK(e->stream.state == STREAM_BODY);
    stream_refuse(h, e, HTTP_REFUSED_TIMEOUT);
    return true;
}

void http2_warn(struct http2 *h)
{
    (void)nghttp2_submit_shutdown_notice(h->session);
}

void http2_drain(struct http2 *h)
{
    if (!h->is_draining) {
        h->is_draining = true;
        int32_t last = nghttp2_session_get_last_proc_stream_id(h->session);
        (void)nghttp2_submit_goaway(h->session, NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, NULL, 0);
    }
}

bool http2_is_over(const struct http2 *h)
{
    if (has_failed(h)) {
        return true;
    }
    return nghttp2_session_want_read(h->session) == 0 &&
           nghttp2_session_want_write(h->session) == 0;
}

bool http2_is_in_head(const struct http2 *h)
{
    return !h->has_begun || h->flood.is_in_block;
}

/* ---- birth and death ---- */

static nghttp2_mem memory = {NULL, lazy_memory_malloc, lazy_memory_free, lazy_memory_calloc,
                             lazy_memory_realloc};
static nghttp2_session_callbacks *callbacks;
static nghttp2_option *options;
static pthread_once_t shared_once = PTHREAD_ONCE_INIT;

/* For the process; sessions copy both. */
static void shared_create(void)
{
    CHECK(nghttp2_session_callbacks_new(&callbacks) == 0);
    CHECK(nghttp2_option_new(&options) == 0);
    nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, on_begin_frame);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks, on_invalid_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data_chunk);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame_received);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_sent);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
    nghttp2_session_callbacks_set_send_data_callback(callbacks, data_send);
    nghttp2_option_set_no_closed_streams(options, 1);
    nghttp2_option_set_max_deflate_dynamic_table_size(options, HTTP2_ENCODER_TABLE_SIZE);
}

bool http2_init(struct http2 *h, const struct http_handler *handler, struct pool *pool,
                struct deadlines *deadlines, uint64_t now_us)
{
    static const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, HTTP2_STREAMS_MAX},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE,   HTTP_HEAD_LEN_MAX},
        {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES,  1                },
    };
    CHECK(pthread_once(&shared_once, shared_create) == 0);
    *h = (struct http2){.handler = handler, .pool = pool, .deadlines = deadlines, .now_us = now_us};
    flood_init(&h->flood, now_us);
    if (nghttp2_session_server_new3(&h->session, callbacks, h, options, &memory) != 0) {
        return false;
    }
    if (nghttp2_submit_settings(h->session, NGHTTP2_FLAG_NONE, settings, ARRAY_LEN(settings)) !=
            0 ||
        nghttp2_session_set_local_window_size(h->session, NGHTTP2_FLAG_NONE, 0,
                                              HTTP2_CONNECTION_WINDOW) != 0) {
        nghttp2_session_del(h->session);
        h->session = NULL;
        return false;
    }
    return true;
}

void http2_abandon(struct http2 *h)
{
    if (h->session == NULL) {
        return;
    }
    nghttp2_session_del(h->session);
    h->session = NULL;
    for (struct exchange *e = h->streams; e != NULL;) {
        struct exchange *next = e->stream.next;
        stream_close(h, e, true);
        e = next;
    }
    for (struct exchange *e = queue_take(&h->ready); e != NULL; e = queue_take(&h->ready)) {
        stream_finish(h, e, true);
    }
    for (struct exchange *e = queue_take(&h->finished); e != NULL; e = queue_take(&h->finished)) {
        e->stream.is_cut = true;
        queue_push(&h->cut, e);
    }
}

void http2_orphan(struct http2 *h, struct exchange *e)
{
    CHECK(h->session == NULL && e->stream.state == STREAM_HANDLED);
    streams_remove(h, e);
    h->pool->held -= e->held;
    e->connection = NULL;
}

void http2_finish(struct http2 *h)
{
    CHECK(h->session == NULL);
    CHECK(h->streams == NULL);
}
