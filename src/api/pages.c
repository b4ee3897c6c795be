/* pages.c - pages are written in order, by tables; what they say stands in problems.def and
 * error_codes.def. */
#include "api/pages.h"

#include "api/accept.h"
#include "api/asset.h"
#include "api/call.h"

#include <stdio.h>

static void refuse_not_found(struct call *call)
{
    problem_reply(call->x, PROBLEM_NOT_FOUND, call->request_id, NULL, "%s",
                  problem_info(PROBLEM_NOT_FOUND)->remedy);
}

/* ---- the reference ---- */

void pages_docs(struct call *call)
{
    const struct asset *page = asset_named("docs.html");
    if (page == NULL) {
        refuse_not_found(call);
    } else {
        asset_reply(call, page, ASSET_ASK_AGAIN);
    }
}

void pages_asset(struct call *call)
{
    const struct asset *asset = asset_at(call->parameter);
    if (asset == NULL) {
        refuse_not_found(call);
    } else {
        asset_reply(call, asset, ASSET_KEEP_FOREVER);
    }
}

/* ---- a problem, told ---- */

struct error_code {
    const char *code, *meaning;
};

static const struct error_code error_codes[] = {
#define ERROR_CODE(code, meaning) {code, meaning},
#include "api/error_codes.def"
#undef ERROR_CODE
};

struct error_member {
    const char *name, *meaning, *one, *another; /* two examples */
};

static const struct error_member error_members[] = {
    {.name = "pointer",
     .meaning = "Where: a JSON Pointer (RFC 6901) into the body",
     .one = "/company/country",
     .another = "/request/terms_days"                                                            },
    {.name = "code",
     .meaning = "What is wrong, as a word that does not change",
     .one = "not_one_of",
     .another = "out_of_range"                                                                   },
    {.name = "detail",
     .meaning = "The same as a sentence; its wording may change",
     .one = "This is not one of the values known here.",
     .another = "This must be an integer from 0 to 3650."                                        },
    {.name = "expected",
     .meaning = "What would have been taken",
     .one = "an ISO 3166-1 code of two capitals, such as FR",
     .another = "an integer from 0 to 3650"                                                      },
    {.name = "received", .meaning = "What came, cut to 64 bytes", .one = "FRA", .another = "9999"},
};

static const char *retry_word(const struct problem_info *info)
{
    return info->retry == RETRY_LATER ? "later" : "after_change";
}

static const char *retry_sentence(const struct problem_info *info)
{
    if (info->retry == RETRY_MENDED) {
        return "Not as it is: the same request gets the same answer. Mend it first.";
    }
    return info->status == 503 || info->status == 409
               ? "Yes, the same request with the same Idempotency-Key, after as many seconds as "
                 "Retry-After says; wait longer each time, and not all callers at once."
               : "Yes, the same request with the same Idempotency-Key, after a while.";
}

static bool has_errors(const struct problem_info *info)
{
    return info == problem_info(PROBLEM_VALIDATION_FAILED);
}

static void type_write(struct json_writer *w, const struct problem_info *info)
{
    char type[64];
    int len = snprintf(type, sizeof type, "/problems/%s", info->slug);
    json_text_member(w, STR("type"), str_of(type, (size_t)len));
    json_text_member(w, STR("title"), str_from(info->title));
    json_name(w, STR("status"));
    json_int(w, info->status);
}

static void example_error_write(struct json_writer *w, bool is_first)
{
    json_object_begin(w);
    for (size_t i = 0; i < ARRAY_LEN(error_members); i++) {
        const struct error_member *m = &error_members[i];
        json_text_member(w, str_from(m->name), str_from(is_first ? m->one : m->another));
    }
    json_object_end(w);
}

static void example_write(struct json_writer *w, const struct problem_info *info)
{
    json_object_begin(w);
    type_write(w, info);
    json_text_member(w, STR("detail"), str_from(info->example));
    json_text_member(w, STR("request_id"), STR("req_01jd3c8v5xk2m9q4t7w0y6z1ab"));
    if (has_errors(info)) {
        json_name(w, STR("errors"));
        json_array_begin(w);
        example_error_write(w, true);
        example_error_write(w, false);
        json_array_end(w);
    }
    json_object_end(w);
}

/* ---- as JSON ---- */

static void codes_write_json(struct json_writer *w)
{
    json_name(w, STR("error_codes"));
    json_array_begin(w);
    for (size_t i = 0; i < ARRAY_LEN(error_codes); i++) {
        json_object_begin(w);
        json_text_member(w, STR("code"), str_from(error_codes[i].code));
        json_text_member(w, STR("meaning"), str_from(error_codes[i].meaning));
        json_object_end(w);
    }
    json_array_end(w);
}

static void problem_write_json(struct json_writer *w, const struct problem_info *info)
{
    json_object_begin(w);
    type_write(w, info);
    json_text_member(w, STR("meaning"), str_from(info->meaning));
    json_text_member(w, STR("remedy"), str_from(info->remedy));
    json_text_member(w, STR("retry"), str_from(retry_word(info)));
    json_name(w, STR("example"));
    example_write(w, info);
    if (has_errors(info)) {
        codes_write_json(w);
    }
    json_object_end(w);
}

/* ---- as a page ---- */

static void html_text(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.ptr[i]) {
        case '&': buf_append(out, STR("&amp;")); break;
        case '<': buf_append(out, STR("&lt;")); break;
        case '>': buf_append(out, STR("&gt;")); break;
        case '"': buf_append(out, STR("&quot;")); break;
        default: buf_append_byte(out, text.ptr[i]); break;
        }
    }
}

static void html_element(struct buf *out, const char *before, const char *text, const char *after)
{
    buf_append_text(out, before);
    html_text(out, str_from(text));
    buf_append_text(out, after);
}

static void html_asset(struct buf *out, const char *before, const char *name, const char *after)
{
    const struct asset *asset = asset_named(name);
    CHECK(asset != NULL);
    html_element(out, before, asset->path, after);
}

static void page_begin(struct buf *out, const char *title)
{
    buf_append(out, STR("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        "<meta name=\"viewport\" content=\"width=device-width, "
                        "initial-scale=1\">\n"));
    html_element(out, "<title>", title, " - aval</title>\n");
    html_asset(out, "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/docs/", "favicon.svg",
               "\">\n");
    html_asset(out, "<link rel=\"stylesheet\" href=\"/docs/", "page.css", "\">\n</head>\n<body>\n");
    buf_append(out, STR("<header class=\"top\">\n<p class=\"name\">aval</p>\n"
                        "<nav aria-label=\"Documents\">\n<a href=\"/docs\">The API, to read and to "
                        "try</a>\n<a href=\"/problems/\">What errors mean</a>\n</nav>\n</header>\n"
                        "<main class=\"problem\">\n"));
    html_element(out, "<h1>", title, "</h1>\n");
}

static void page_end(struct buf *out)
{
    buf_append(out, STR("</main>\n</body>\n</html>\n"));
}

/* An example with a member a line; a string never holds what ends a line. */
static void html_json(struct buf *out, struct str json)
{
    unsigned depth = 0;
    bool is_string = false;
    for (size_t i = 0; i < json.len; i++) {
        char c = json.ptr[i];
        bool opens = !is_string && (c == '{' || c == '[');
        bool closes = !is_string && (c == '}' || c == ']');
        is_string = c == '"' && json.ptr[i - 1] != '\\' ? !is_string : is_string;
        depth -= closes ? 1 : 0;
        if (closes) {
            buf_printf(out, "\n%*s", (int)depth * 2, "");
        }
        html_text(out, str_of(&c, 1));
        depth += opens ? 1 : 0;
        if (opens || (!is_string && c == ',')) {
            buf_printf(out, "\n%*s", (int)depth * 2, "");
        } else if (!is_string && c == ':') {
            buf_append_byte(out, ' ');
        }
    }
}

static void html_example(struct buf *out, const struct problem_info *info)
{
    struct buf json;
    struct json_writer w;
    buf_init(&json, 64 * 1024);
    json_writer_init(&w, &json);
    example_write(&w, info);
    buf_append(out, STR("<h2>An example</h2>\n<pre tabindex=\"0\"><code>"));
    html_json(out, buf_str(&json));
    buf_append(out, STR("</code></pre>\n"));
    buf_finish(&json);
}

static void html_errors(struct buf *out)
{
    buf_append(out, STR("<h2>Members of <code>errors</code></h2>\n<dl>\n"));
    for (size_t i = 0; i < ARRAY_LEN(error_members); i++) {
        html_element(out, "<dt><code>", error_members[i].name, "</code></dt>");
        html_element(out, "<dd>", error_members[i].meaning, ".</dd>\n");
    }
    buf_append(out, STR("</dl>\n<h2>Words of <code>code</code></h2>\n<table>\n<thead><tr>"
                        "<th scope=\"col\">code</th><th scope=\"col\">what it means</th></tr>"
                        "</thead>\n<tbody>\n"));
    for (size_t i = 0; i < ARRAY_LEN(error_codes); i++) {
        html_element(out, "<tr><td><code>", error_codes[i].code, "</code></td>");
        html_element(out, "<td>", error_codes[i].meaning, "</td></tr>\n");
    }
    buf_append(out, STR("</tbody>\n</table>\n"));
}

static void html_problem(struct buf *out, const struct problem_info *info)
{
    page_begin(out, info->title);
    html_element(out, "<p>", info->meaning, "</p>\n");
    buf_printf(out, "<dl>\n<dt>HTTP status</dt><dd>%d</dd>\n", info->status);
    html_element(out, "<dt>Type</dt><dd><code>/problems/", info->slug, "</code></dd>\n</dl>\n");
    html_element(out, "<h2>What to do</h2>\n<p>", info->remedy, "</p>\n");
    html_element(out, "<h2>Send it again?</h2>\n<p>", retry_sentence(info), "</p>\n");
    html_example(out, info);
    if (has_errors(info)) {
        html_errors(out);
    }
    buf_append(out,
               STR("<p>Keep <code>request_id</code>: with it, an operator finds the request in "
                   "the log.</p>\n"));
    page_end(out);
}

static void html_problems(struct buf *out)
{
    page_begin(out, "What errors mean");
    buf_append(out,
               STR("<p>Every refusal of this API is a problem document (RFC 9457). Programs go "
                   "by <code>type</code>, which does not change; people read "
                   "<code>detail</code>.</p>\n<table>\n<thead><tr><th scope=\"col\">status</th>"
                   "<th scope=\"col\">type</th><th scope=\"col\">title</th></tr></thead>\n"
                   "<tbody>\n"));
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        const struct problem_info *info = problem_info((enum problem)i);
        buf_printf(out, "<tr><td>%d</td><td><a href=\"/problems/%s\">%s</a></td>", info->status,
                   info->slug, info->slug);
        html_element(out, "<td>", info->title, "</td></tr>\n");
    }
    buf_append(out, STR("</tbody>\n</table>\n"));
    page_end(out);
}

/* ---- which of the two ---- */

static bool wants_json(const struct call *call)
{
    struct str accept = http_header_find(call->x, STR("Accept"), NULL);
    unsigned json = accept_quality(accept, STR("application/json"));
    unsigned problem = accept_quality(accept, STR("application/problem+json"));
    return (json > problem ? json : problem) > accept_quality(accept, STR("text/html"));
}

/* Status and headers of either; true if it is JSON. */
static bool reply_begin(struct call *call)
{
    bool is_json = wants_json(call);
    call->x->status = 200;
    page_headers_add(call);
    http_reply_header(call->x, "Content-Type",
                      is_json ? STR("application/json") : STR("text/html; charset=utf-8"));
    http_reply_header(call->x, "Vary", STR("Accept"));
    http_reply_header(call->x, "Cache-Control", STR("no-cache"));
    return is_json;
}

void pages_problem(struct call *call)
{
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        const struct problem_info *info = problem_info((enum problem)i);
        if (!str_eq(str_from(info->slug), call->parameter)) {
            continue;
        }
        if (reply_begin(call)) {
            struct json_writer w;
            json_writer_init(&w, &call->x->reply);
            problem_write_json(&w, info);
        } else {
            html_problem(&call->x->reply, info);
        }
        return;
    }
    refuse_not_found(call);
}

void pages_problems(struct call *call)
{
    struct json_writer w;
    if (!reply_begin(call)) {
        html_problems(&call->x->reply);
        return;
    }
    json_writer_init(&w, &call->x->reply);
    json_object_begin(&w);
    json_name(&w, STR("problems"));
    json_array_begin(&w);
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        json_object_begin(&w);
        type_write(&w, problem_info((enum problem)i));
        json_object_end(&w);
    }
    json_array_end(&w);
    json_object_end(&w);
}
