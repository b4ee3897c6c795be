/* answer.c - status line and headers (RFC 9110, RFC 6797). */
#include "http/answer.h"

#include "http/server.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static struct str reason_phrase(int status)
{
    switch (status) {
    case 200: return STR("OK");
    case 201: return STR("Created");
    case 202: return STR("Accepted");
    case 204: return STR("No Content");
    case 206: return STR("Partial Content");
    case 301: return STR("Moved Permanently");
    case 302: return STR("Found");
    case 303: return STR("See Other");
    case 304: return STR("Not Modified");
    case 307: return STR("Temporary Redirect");
    case 308: return STR("Permanent Redirect");
    case 400: return STR("Bad Request");
    case 401: return STR("Unauthorized");
    case 402: return STR("Payment Required");
    case 403: return STR("Forbidden");
    case 404: return STR("Not Found");
    case 405: return STR("Method Not Allowed");
    case 406: return STR("Not Acceptable");
    case 408: return STR("Request Timeout");
    case 409: return STR("Conflict");
    case 410: return STR("Gone");
    case 412: return STR("Precondition Failed");
    case 413: return STR("Content Too Large");
    case 414: return STR("URI Too Long");
    case 415: return STR("Unsupported Media Type");
    case 417: return STR("Expectation Failed");
    case 422: return STR("Unprocessable Content");
    case 428: return STR("Precondition Required");
    case 429: return STR("Too Many Requests");
    case 431: return STR("Request Header Fields Too Large");
    case 500: return STR("Internal Server Error");
    case 501: return STR("Not Implemented");
    case 502: return STR("Bad Gateway");
    case 503: return STR("Service Unavailable");
    case 504: return STR("Gateway Timeout");
    case 505: return STR("HTTP Version Not Supported");
    default: return STR("");
    }
}

bool answer_has_body(const struct http_exchange *x)
{
    return x->method != HTTP_HEAD && x->status != 204 && x->status != 304;
}

static void head_render(struct buf *wire, const struct http_exchange *x,
                        const struct answer_options *options)
{
    buf_append(wire, STR("HTTP/1.1 "));
    buf_append_int(wire, x->status);
    buf_append_byte(wire, ' ');
    buf_append(wire, reason_phrase(x->status));
    buf_append(wire, STR("\r\nDate: "));
    buf_append(wire, str_of(options->date, ANSWER_DATE_LEN));
    if (x->status != 204 && x->status != 304) {
        buf_append(wire, STR("\r\nContent-Length: "));
        buf_append_int(wire, (int64_t)x->reply.len);
    }
    buf_append(wire, STR("\r\nX-Content-Type-Options: nosniff\r\n"));
    if (x->is_tls) {
        buf_append(wire, STR("Strict-Transport-Security: max-age=31536000\r\n"));
    }
    if (options->close) {
        buf_append(wire, STR("Connection: close\r\n"));
    } else if (options->is_http_1_0) {
        buf_append(wire, STR("Connection: keep-alive\r\n"));
    }
    buf_append(wire, buf_str(&x->head));
    buf_append(wire, STR("\r\n"));
}

/* Has it passed a limit of its own, or no status? */
static bool is_spoilt(const struct http_exchange *x)
{
    return buf_failed(&x->head) || buf_failed(&x->reply) || x->status < 200 || x->status > 599;
}

static void spoilt_replace(struct http_exchange *x)
{
    x->status = 500;
    buf_clear(&x->head);
    buf_clear(&x->reply);
}

size_t answer_render(struct buf *wire, struct http_exchange *x,
                     const struct answer_options *options)
{
    if (is_spoilt(x)) {
        spoilt_replace(x);
    }
    head_render(wire, x, options);
    if (!answer_has_body(x) || wire->len >= ANSWER_TOGETHER_LEN_MAX) {
        return 0;
    }
    size_t room = ANSWER_TOGETHER_LEN_MAX - wire->len;
    size_t len = x->reply.len < room ? x->reply.len : room;
    buf_append(wire, str_slice(buf_str(&x->reply), 0, len));
    return len;
}

static void field_add(struct answer_fields *out, struct str name, struct str value)
{
    out->fields[out->count++] = (struct http_header){name, value};
}

/* The handler's lines, "Name: value" and CRLF each.  False: too many of them. */
static bool fields_add_lines(struct answer_fields *out, struct str lines)
{
    for (size_t at = 0; at < lines.len;) {
        size_t end = str_find(lines, at, '\r');
        struct str line = str_slice(lines, at, end);
        size_t colon = str_find(line, 0, ':');
        at = end == lines.len ? end : end + 2;
        if (colon == line.len || colon == 0) {
            continue;
        }
        if (out->count == ANSWER_FIELDS_MAX) {
            return false;
        }
        field_add(out, str_slice(line, 0, colon), str_trim(str_slice(line, colon + 1, line.len)));
    }
    return true;
}

static void fields_begin(struct answer_fields *out, const struct http_exchange *x, const char *date)
{
    out->count = 0;
    out->status[0] = (char)('0' + x->status / 100);
    out->status[1] = (char)('0' + x->status / 10 % 10);
    out->status[2] = (char)('0' + x->status % 10);
    field_add(out, STR(":status"), str_of(out->status, sizeof out->status));
    field_add(out, STR("date"), str_of(date, ANSWER_DATE_LEN));
    if (x->status != 204 && x->status != 304) {
        struct buf length = buf_over(out->length, sizeof out->length);
        buf_append_int(&length, (int64_t)x->reply.len);
        field_add(out, STR("content-length"), buf_str(&length));
    }
    field_add(out, STR("x-content-type-options"), STR("nosniff"));
    if (x->is_tls) {
        field_add(out, STR("strict-transport-security"), STR("max-age=31536000"));
    }
    out->own_count = out->count;
}

void answer_fields_make(struct answer_fields *out, struct http_exchange *x, const char *date)
{
    if (is_spoilt(x)) {
        spoilt_replace(x);
    }
    fields_begin(out, x, date);
    if (!fields_add_lines(out, buf_str(&x->head))) {
        spoilt_replace(x);
        fields_begin(out, x, date);
    }
}

bool answer_field_varies(struct str name)
{
    switch (name.len) { /* it is asked of every field of every answer */
    case sizeof "Request-Id" - 1: return str_eq_ignore_case(name, STR("Request-Id"));
    case sizeof "traceparent" - 1: return str_eq_ignore_case(name, STR("traceparent"));
    case sizeof "Server-Timing" - 1: return str_eq_ignore_case(name, STR("Server-Timing"));
    default: return false;
    }
}

void answer_date(char out[ANSWER_DATE_LEN + 1], int64_t now_ms)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm utc = {0};
    CHECK(gmtime_r(&seconds, &utc) != NULL);
    char text[64];
    int len = snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[utc.tm_wday],
                       utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                       utc.tm_sec);
    CHECK(len == ANSWER_DATE_LEN);
    memcpy(out, text, ANSWER_DATE_LEN + 1);
}
