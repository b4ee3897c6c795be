/* request.c - RFC 9112 sections 3 and 6, with every choice it leaves taken on the strict side. */
#include "http/request.h"

#include "http/parser.h"

struct named {
    struct str value;
    unsigned count;
};

/* The few headers that decide how a request is read. */
struct framing {
    struct named host;
    struct named expect;
    struct named length;
    struct named coding;
};

static const struct {
    struct str text;
    enum http_method method;
} methods[] = {
    {{"GET", 3},     HTTP_GET    },
    {{"POST", 4},    HTTP_POST   },
    {{"PUT", 3},     HTTP_PUT    },
    {{"PATCH", 5},   HTTP_PATCH  },
    {{"DELETE", 6},  HTTP_DELETE },
    {{"HEAD", 4},    HTTP_HEAD   },
    {{"OPTIONS", 7}, HTTP_OPTIONS},
};

static enum http_method method_of(struct str text)
{
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        if (str_eq(methods[i].text, text)) {
            return methods[i].method;
        }
    }
    return HTTP_OTHER;
}

static void named_add(struct named *n, const struct http_header *header, struct str name)
{
    if (str_eq_ignore_case(header->name, name)) {
        n->value = header->value;
        n->count++;
    }
}

static struct framing framing_find(const struct http_exchange *x)
{
    struct framing f = {0};
    for (uint32_t i = 0; i < x->header_count; i++) {
        named_add(&f.host, &x->headers[i], STR("Host"));
        named_add(&f.expect, &x->headers[i], STR("Expect"));
        named_add(&f.length, &x->headers[i], STR("Content-Length"));
        named_add(&f.coding, &x->headers[i], STR("Transfer-Encoding"));
    }
    return f;
}

static bool bytes_are_all(struct str s, bool (*accepts)(char c))
{
    for (size_t i = 0; i < s.len; i++) {
        if (!accepts(s.ptr[i])) {
            return false;
        }
    }
    return true;
}

static bool byte_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool byte_is_name(char c)
{
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || byte_is_digit(c) || c == '-' || c == '.' || c == '_';
}

static bool byte_is_ip6(char c)
{
    bool is_hex = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || byte_is_digit(c);
    return is_hex || c == ':' || c == '.';
}

static bool port_is_valid(struct str port)
{
    if (port.len > 5 || !bytes_are_all(port, byte_is_digit)) {
        return false;
    }
    unsigned value = 0;
    for (size_t i = 0; i < port.len; i++) {
        value = value * 10 + (unsigned)(port.ptr[i] - '0');
    }
    return value <= UINT16_MAX;
}

bool request_host_is_valid(struct str host)
{
    size_t name_end = 0;
    bool is_name = false;
    if (host.len > 0 && host.ptr[0] == '[') {
        size_t close = str_find(host, 0, ']');
        if (close == host.len) {
            return false;
        }
        is_name = close > 1 && bytes_are_all(str_slice(host, 1, close), byte_is_ip6);
        name_end = close + 1;
    } else {
        name_end = str_find(host, 0, ':');
        is_name = name_end > 0 && bytes_are_all(str_slice(host, 0, name_end), byte_is_name);
    }
    if (!is_name || name_end == host.len) {
        return is_name;
    }
    return host.ptr[name_end] == ':' && port_is_valid(str_slice(host, name_end + 1, host.len));
}

/* One value for ":authority" and Host (RFC 9113, section 8.3.1). */
static bool authority_check(struct framing *f, struct str authority)
{
    if (f->host.count > 1) {
        return false;
    }
    if (f->host.count == 1 && authority.len > 0 && !str_eq_ignore_case(f->host.value, authority)) {
        return false;
    }
    return request_host_is_valid(f->host.count == 1 ? f->host.value : authority);
}

static bool host_check(const struct framing *f, const struct parser_head *head)
{
    if (f->host.count == 0) {
        return head->is_http_1_0;
    }
    return f->host.count == 1 && request_host_is_valid(f->host.value);
}

/* Exactly one of: no body, Content-Length, chunked. */
static bool framing_check(const struct framing *f, const struct parser_head *head,
                          enum http_refusal *why)
{
    *why = HTTP_REFUSED_MALFORMED;
    if (f->length.count > 1 || (f->length.count == 1) != head->has_length) {
        return false;
    }
    if (f->coding.count == 0) {
        return !head->is_chunked;
    }
    if (f->coding.count > 1 || f->length.count > 0 || head->is_http_1_0 ||
        f->coding.value.len == 0) {
        return false;
    }
    if (!str_eq_ignore_case(f->coding.value, STR("chunked"))) {
        *why = HTTP_REFUSED_NOT_IMPLEMENTED;
        return false;
    }
    return head->is_chunked;
}

static bool expect_check(const struct framing *f, bool *expects_continue)
{
    *expects_continue = false;
    if (f->expect.count == 0) {
        return true;
    }
    *expects_continue = true;
    return f->expect.count == 1 && str_eq_ignore_case(f->expect.value, STR("100-continue"));
}

/* What stands behind "http://" or "https://"; false: nothing does. */
static bool scheme_skip(struct str *target)
{
    static const struct str schemes[] = {
        {"http://",  7},
        {"https://", 8}
    };
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        struct str scheme = schemes[i];
        if (target->len > scheme.len &&
            str_eq_ignore_case(str_slice(*target, 0, scheme.len), scheme)) {
            *target = str_slice(*target, scheme.len, target->len);
            return true;
        }
    }
    return false;
}

/* "http://HOST/path?query" may come from a proxy; it must name the host the Host header names.
 * Leaves "/path?query", "?query" or nothing: "http://HOST" asks for "/". */
static bool absolute_target(struct str *target, const struct framing *f)
{
    if (!scheme_skip(target)) {
        return false;
    }
    size_t slash = str_find(*target, 0, '/');
    size_t question = str_find(*target, 0, '?');
    size_t end = slash < question ? slash : question;
    struct str authority = str_slice(*target, 0, end);
    *target = str_slice(*target, end, target->len);
    return f->host.count == 0 ? request_host_is_valid(authority)
                              : str_eq_ignore_case(authority, f->host.value);
}

static bool target_check(struct http_exchange *x, struct str target, const struct framing *f)
{
    if (str_find(target, 0, '#') != target.len) {
        return false;
    }
    bool is_asterisk = str_eq(target, STR("*")) && x->method == HTTP_OPTIONS;
    if (!is_asterisk && !str_starts_with(target, STR("/")) && !absolute_target(&target, f)) {
        return false;
    }
    size_t question = str_find(target, 0, '?');
    x->path = question == 0 ? STR("/") : str_slice(target, 0, question);
    x->query = question == target.len ? STR("") : str_slice(target, question + 1, target.len);
    return true;
}

bool request_check(struct http_exchange *x, const struct parser_head *head, struct str head_bytes,
                   bool *expects_continue, enum http_refusal *why)
{
    size_t method_end = str_find(head_bytes, 0, ' ');
    size_t target_end = str_find(head_bytes, method_end + 1, ' ');
    CHECK(target_end < head_bytes.len);
    x->method_text = str_slice(head_bytes, 0, method_end);
    x->method = method_of(x->method_text);
    if (str_eq(x->method_text, STR("CONNECT"))) {
        *why = HTTP_REFUSED_NOT_IMPLEMENTED;
        return false;
    }
    struct framing f = framing_find(x);
    if (!framing_check(&f, head, why)) {
        return false;
    }
    *why = HTTP_REFUSED_MALFORMED;
    if (!host_check(&f, head) ||
        !target_check(x, str_slice(head_bytes, method_end + 1, target_end), &f)) {
        return false;
    }
    *why = HTTP_REFUSED_EXPECTATION;
    if (head->is_http_1_0) {
        f.expect.count = 0; /* it means nothing there */
    }
    return expect_check(&f, expects_continue);
}

static bool byte_is_target(char c)
{
    return c > ' ' && c < 0x7F && c != '#';
}

/* "a=1" and "b=2" are one line for whoever reads it (RFC 9113, section 8.2.3). */
static bool crumbs_join(struct http_exchange *x)
{
    struct str name = STR("cookie");
    unsigned count = 0;
    (void)http_header_find(x, name, &count);
    if (count < 2) {
        return true;
    }
    struct buf line;
    buf_init(&line, HTTP_HEAD_LEN_MAX);
    struct http_header *first = NULL;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < x->header_count; i++) {
        struct http_header *header = &x->headers[i];
        bool is_crumb = str_eq(header->name, name);
        buf_append(&line, is_crumb && first != NULL ? STR("; ") : STR(""));
        buf_append(&line, is_crumb ? header->value : STR(""));
        if (is_crumb && first != NULL) {
            continue;
        }
        x->headers[kept] = *header;
        first = is_crumb ? &x->headers[kept] : first;
        kept++;
    }
    x->header_count = kept;
    struct str joined = arena_copy(x->arena, buf_str(&line));
    bool is_joined = !buf_failed(&line) && joined.ptr != NULL && first != NULL;
    buf_finish(&line);
    if (is_joined) {
        first->value = joined;
    }
    return is_joined;
}

/* Digits that the protocol has read before: they fit. */
static uint64_t length_of(const struct framing *f)
{
    uint64_t length = 0;
    for (size_t i = 0; i < f->length.value.len; i++) {
        length = length * 10 + (uint64_t)(f->length.value.ptr[i] - '0');
    }
    return length;
}

static bool scheme_is_http(struct str scheme)
{
    return str_eq_ignore_case(scheme, STR("https")) || str_eq_ignore_case(scheme, STR("http"));
}

bool request_check_fields(struct http_exchange *x, struct request_head *head,
                          enum http_refusal *why)
{
    x->method = method_of(x->method_text);
    if (str_eq(x->method_text, STR("CONNECT")) ||
        (x->method == HTTP_OTHER && !parser_knows_method(x->method_text))) {
        *why = HTTP_REFUSED_NOT_IMPLEMENTED;
        return false;
    }
    struct framing f = framing_find(x);
    *why = HTTP_REFUSED_MALFORMED;
    if (!scheme_is_http(head->scheme) || !authority_check(&f, head->authority)) {
        return false;
    }
    *why = HTTP_REFUSED_TARGET_TOO_LONG;
    if (head->target.len > HTTP_TARGET_LEN_MAX) {
        return false;
    }
    *why = HTTP_REFUSED_MALFORMED;
    bool is_absolute = !str_starts_with(head->target, STR("/")) && !str_eq(head->target, STR("*"));
    if (is_absolute || !bytes_are_all(head->target, byte_is_target) ||
        !target_check(x, head->target, &f)) {
        return false;
    }
    *why = HTTP_REFUSED_HEAD_TOO_LARGE;
    if (!crumbs_join(x) || (f.host.count == 0 && x->header_count == HTTP_HEADERS_MAX)) {
        return false;
    }
    if (f.host.count == 0) {
        x->headers[x->header_count++] = (struct http_header){STR("host"), head->authority};
    }
    head->length = length_of(&f);
    *why = HTTP_REFUSED_EXPECTATION;
    return expect_check(&f, &head->expects_continue);
}
