/* parser.c - the callbacks of llhttp, in strict mode. */
#include "http/parser.h"

#include <llhttp.h>
#include <stdlib.h>

struct parser {
    llhttp_t llhttp;
    struct parser_head *head; /* while one is read */
    struct str name;
    struct str value;
    bool is_head_whole;
};

/* A span comes in one piece unless llhttp looks at something in its middle. */
static void span_extend(struct str *span, const char *at, size_t len)
{
    if (span->ptr != NULL && span->ptr + span->len == at) {
        span->len += len;
    } else {
        *span = str_of(at, len);
    }
}

static int on_header_field(llhttp_t *llhttp, const char *at, size_t len)
{
    struct parser *p = llhttp->data;
    span_extend(&p->name, at, len);
    return 0;
}

static int on_header_value(llhttp_t *llhttp, const char *at, size_t len)
{
    struct parser *p = llhttp->data;
    span_extend(&p->value, at, len);
    return 0;
}

static int on_header_value_complete(llhttp_t *llhttp)
{
    struct parser *p = llhttp->data;
    struct parser_head *head = p->head;
    if (head->header_count == head->headers_max) {
        return -1;
    }
    struct str value = p->value.ptr == NULL ? STR("") : str_trim(p->value);
    head->headers[head->header_count++] = (struct http_header){p->name, value};
    p->name = (struct str){NULL, 0};
    p->value = (struct str){NULL, 0};
    return 0;
}

static int on_headers_complete(llhttp_t *llhttp)
{
    struct parser *p = llhttp->data;
    struct parser_head *head = p->head;
    head->is_http_1_0 = llhttp->http_minor == 0;
    head->keep_alive = llhttp_should_keep_alive(llhttp) != 0;
    head->is_chunked = (llhttp->flags & F_CHUNKED) != 0;
    head->has_length = (llhttp->flags & F_CONTENT_LENGTH) != 0;
    head->length = head->has_length ? llhttp->content_length : 0;
    p->is_head_whole = true;
    llhttp->upgrade = 0; /* we upgrade to nothing: the request is answered as it stands */
    return 0;
}

static const llhttp_settings_t settings = {
    .on_header_field = on_header_field,
    .on_header_value = on_header_value,
    .on_header_value_complete = on_header_value_complete,
    .on_headers_complete = on_headers_complete,
};

bool parser_knows_method(struct str name)
{
    static const struct str known[] = {
#define METHOD_NAME(number, symbol, text) {#text, sizeof #text - 1},
        HTTP_METHOD_MAP(METHOD_NAME)
#undef METHOD_NAME
    };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (str_eq(known[i], name)) {
            return true;
        }
    }
    return false;
}

struct parser *parser_create(void)
{
    return calloc(1, sizeof(struct parser));
}

void parser_destroy(struct parser *p)
{
    free(p);
}

static enum parser_result result_of_error(llhttp_errno_t error)
{
    if (error == HPE_INVALID_METHOD) {
        return PARSER_METHOD;
    }
    if (error == HPE_INVALID_TRANSFER_ENCODING) {
        return PARSER_CODING;
    }
    return PARSER_MALFORMED;
}

enum parser_result parser_read_head(struct parser *p, struct parser_head *out, struct str bytes)
{
    *p = (struct parser){.head = out};
    out->header_count = 0;
    llhttp_init(&p->llhttp, HTTP_REQUEST, &settings);
    p->llhttp.data = p;
    llhttp_errno_t error = llhttp_execute(&p->llhttp, bytes.ptr, bytes.len);
    p->head = NULL;
    if (error == HPE_CB_HEADER_VALUE_COMPLETE) {
        return PARSER_TOO_MANY;
    }
    if (error != HPE_OK) {
        return result_of_error(error);
    }
    return p->is_head_whole ? PARSER_DONE : PARSER_MALFORMED;
}
