/* problem.c - the one place where a status becomes an HTTP status. */
#include "api/problem.h"

#include <stdarg.h>
#include <stdio.h>

enum { DETAIL_LEN_MAX = 512, SOON_S = 1 };

const struct problem_info *problem_info(enum problem problem)
{
    static const struct problem_info infos[] = {
#define PROBLEM(name, status, slug, title, meaning, remedy, retry, example)                        \
    [PROBLEM_##name] = {status, slug, title, meaning, remedy, RETRY_##retry, example},
#include "api/problems.def"
#undef PROBLEM
    };
    CHECK(problem < PROBLEM_COUNT);
    return &infos[problem];
}

static void add_headers(struct http_exchange *x, enum problem problem, unsigned wait_s)
{
    int status = problem_info(problem)->status;
    buf_append(&x->head, STR("Content-Type: application/problem+json\r\n"
                             "Cache-Control: no-store\r\n"));
    if (status == 401) {
        http_reply_header(x, "WWW-Authenticate", STR("Bearer realm=\"aval\""));
    }
    if (status == 503 || status == 429 || problem == PROBLEM_IDEMPOTENCY_IN_FLIGHT) {
        buf_append(&x->head, STR("Retry-After: "));
        buf_append_int(&x->head, wait_s);
        buf_append(&x->head, STR("\r\n"));
    }
}

/* A document up to its remedy, as document_write() would write it: the words of problems.def need
 * no escapes. */
static struct str opening_of(enum problem problem)
{
    static const struct str openings[] = {
#define OPENING(status, slug, title, remedy)                                                       \
    "{\"type\":\"/problems/" slug "\",\"title\":\"" title "\",\"status\":" #status                 \
    ",\"detail\":\"" remedy
#define PROBLEM(name, status, slug, title, meaning, remedy, retry, example)                        \
    [PROBLEM_##name] = {OPENING(status, slug, title, remedy),                                      \
                        sizeof(OPENING(status, slug, title, remedy)) - 1},
#include "api/problems.def"
#undef PROBLEM
#undef OPENING
    };
    return openings[problem];
}

/* What may have been cut in the middle of a character, or came from bytes we did not choose. */
static struct str valid_text(struct str text)
{
    while (!str_is_utf8(text)) {
        text = str_slice(text, 0, text.len - 1);
    }
    return text;
}

static void document_write(struct http_exchange *x, enum problem problem, const char *request_id,
                           const struct violations *violations, struct str detail, unsigned wait_s)
{
    const struct problem_info *info = problem_info(problem);
    struct json_writer w;
    buf_clear(&x->reply);
    x->status = info->status;
    json_writer_init(&w, &x->reply);
    json_object_begin(&w);
    json_name(&w, STR("type"));
    struct buf *type = json_quoted_begin(&w);
    buf_append(type, STR("/problems/"));
    buf_append_text(type, info->slug);
    json_quoted_end(&w);
    json_text_member(&w, STR("title"), str_from(info->title));
    json_name(&w, STR("status"));
    json_int(&w, info->status);
    json_text_member(&w, STR("detail"), detail);
    json_text_member(&w, STR("request_id"), str_from(request_id));
    if (violations != NULL) {
        json_name(&w, STR("errors"));
        violations_write(&w, violations);
    }
    json_object_end(&w);
    add_headers(x, problem, wait_s);
}

void problem_reply(struct http_exchange *x, enum problem problem, const char *request_id,
                   const struct violations *violations, const char *format, ...)
{
    char detail[DETAIL_LEN_MAX];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    CHECK(len >= 0);
    size_t kept = (size_t)len < sizeof detail ? (size_t)len : sizeof detail - 1;
    document_write(x, problem, request_id, violations, valid_text(str_of(detail, kept)), SOON_S);
}

/* Whoever turns away must not work for it: nothing but numbers and the id is written anew. */
void problem_reply_wait(struct http_exchange *x, enum problem problem, const char *request_id,
                        unsigned seconds)
{
    x->status = problem_info(problem)->status;
    buf_clear(&x->reply);
    buf_append(&x->reply, opening_of(problem));
    buf_append(&x->reply, STR(" Retry-After says "));
    buf_append_int(&x->reply, seconds);
    buf_append(&x->reply, STR(" s.\",\"request_id\":\""));
    buf_append_text(&x->reply, request_id);
    buf_append(&x->reply, STR("\"}"));
    add_headers(x, problem, seconds);
}

void problem_reply_status(struct http_exchange *x, enum status status, const struct error *err,
                          const char *request_id)
{
    enum problem problem = PROBLEM_INTERNAL;
    switch (status) {
    case STATUS_INVALID: problem = PROBLEM_INVALID_PARAMETER; break;
    case STATUS_NOT_FOUND: problem = PROBLEM_NOT_FOUND; break;
    case STATUS_DENIED: problem = PROBLEM_INSUFFICIENT_SCOPE; break;
    case STATUS_TOO_LARGE: problem = PROBLEM_CONTENT_TOO_LARGE; break;
    case STATUS_BUSY: problem = PROBLEM_TEMPORARY_REDUCED_CAPACITY; break;
    case STATUS_CONFLICT:
    case STATUS_CORRUPT:
    case STATUS_IO:
    case STATUS_INTERNAL:
    case STATUS_OK:
    case STATUS_COUNT: problem = PROBLEM_INTERNAL; break;
    }
    bool is_ours = problem == PROBLEM_INTERNAL || problem == PROBLEM_TEMPORARY_REDUCED_CAPACITY ||
                   problem == PROBLEM_NOT_FOUND;
    const char *detail = is_ours ? problem_info(problem)->remedy : err->message;
    problem_reply(x, problem, request_id, NULL, "%s%s%s",
                  is_ours || err->field[0] == '\0' ? "" : err->field,
                  is_ours || err->field[0] == '\0' ? "" : ": ", detail);
}
