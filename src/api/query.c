/* query.c - splitting and decoding the part behind the question mark. */
#include "api/query.h"

#include "format/iso8601.h"

/* No name of ours is as long as a key: what is longer may be one that was put into the wrong place,
 * and is not told back. */
enum { QUERY_GUESS_DISTANCE = 3, QUERY_SHOWN_LEN_MAX = 32 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool percent_decode(struct str *out, struct str text, bool plus_is_blank, struct arena *arena)
{
    char *bytes = arena_alloc(arena, text.len + 1, 1);
    size_t len = 0;
    if (bytes == NULL) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = plus_is_blank && text.ptr[i] == '+' ? ' ' : text.ptr[i];
        if (c == '%') {
            int high = i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
            int low = high < 0 ? -1 : hex_digit(text.ptr[i + 2]);
            if (low < 0) {
                return false;
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (c == '\0') {
            return false;
        }
        bytes[len++] = c;
    }
    *out = str_of(bytes, len);
    return str_is_utf8(*out);
}

static void refuse_unknown(struct call *call, struct str name,
                           const struct query_parameter *parameters, size_t count)
{
    const char *guess = NULL;
    unsigned best = QUERY_GUESS_DISTANCE + 1;
    for (size_t i = 0; i < count; i++) {
        unsigned distance = str_distance(name, str_from(parameters[i].name), QUERY_GUESS_DISTANCE);
        if (distance < best) {
            best = distance;
            guess = parameters[i].name;
        }
    }
    bool is_shown = name.len <= QUERY_SHOWN_LEN_MAX;
    struct str shown = is_shown ? name : STR("");
    problem_reply(call->x, PROBLEM_UNKNOWN_PARAMETER, call->request_id, NULL,
                  "There is no %s%.*s%s here.%s%s%s", is_shown ? "parameter \"" : "such parameter",
                  STR_ARGS(shown), is_shown ? "\"" : "", guess == NULL ? "" : " Did you mean \"",
                  guess == NULL ? "" : guess, guess == NULL ? "" : "\"?");
}

static struct query_parameter *parameter_named(struct query_parameter *parameters, size_t count,
                                               struct str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(str_from(parameters[i].name), name)) {
            return &parameters[i];
        }
    }
    return NULL;
}

static bool pair_read(struct call *call, struct str pair, struct query_parameter *parameters,
                      size_t count)
{
    size_t equals = str_find(pair, 0, '=');
    struct str name, value = STR("");
    bool is_text =
        percent_decode(&name, str_slice(pair, 0, equals), true, call->x->arena) &&
        (equals == pair.len ||
         percent_decode(&value, str_slice(pair, equals + 1, pair.len), true, call->x->arena));
    if (!is_text) {
        problem_reply(call->x, PROBLEM_INVALID_PARAMETER, call->request_id, NULL,
                      "The query is not percent-encoded UTF-8.");
        return false;
    }
    struct query_parameter *parameter = parameter_named(parameters, count, name);
    if (parameter == NULL) {
        refuse_unknown(call, name, parameters, count);
        return false;
    }
    if (parameter->is_set) {
        problem_reply(call->x, PROBLEM_INVALID_PARAMETER, call->request_id, NULL,
                      "%s: given more than once", parameter->name);
        return false;
    }
    parameter->is_set = true;
    parameter->value = value;
    return true;
}

bool query_read(struct call *call, struct query_parameter *parameters, size_t count)
{
    struct str rest = call->x->query;
    while (rest.len > 0) {
        size_t end = str_find(rest, 0, '&');
        if (end > 0 && !pair_read(call, str_slice(rest, 0, end), parameters, count)) {
            return false;
        }
        rest = str_slice(rest, end < rest.len ? end + 1 : end, rest.len);
    }
    return true;
}

bool query_flag(struct call *call, const struct query_parameter *parameter, bool *out)
{
    bool is_true = str_eq(parameter->value, STR("true"));
    if (!parameter->is_set || is_true || str_eq(parameter->value, STR("false"))) {
        *out = parameter->is_set && is_true;
        return true;
    }
    problem_reply(call->x, PROBLEM_INVALID_PARAMETER, call->request_id, NULL,
                  "%s: expected true or false", parameter->name);
    return false;
}

bool query_number(struct call *call, const struct query_parameter *parameter, uint32_t most,
                  uint32_t *out)
{
    uint32_t number = 0;
    bool is_number = parameter->value.len > 0 && parameter->value.len < 10;
    for (size_t i = 0; i < parameter->value.len && is_number; i++) {
        char c = parameter->value.ptr[i];
        is_number = c >= '0' && c <= '9';
        number = number * 10 + (uint32_t)(c - '0');
    }
    if (!is_number || number < 1 || number > most) {
        problem_reply(call->x, PROBLEM_INVALID_PARAMETER, call->request_id, NULL,
                      "%s: expected a whole number from 1 to %u", parameter->name, most);
        return false;
    }
    *out = number;
    return true;
}

bool query_date(struct call *call, const struct query_parameter *parameter, struct date *out)
{
    *out = (struct date){0};
    if (!parameter->is_set || date_read(out, parameter->value)) {
        return true;
    }
    problem_reply(call->x, PROBLEM_INVALID_PARAMETER, call->request_id, NULL,
                  "%s: expected a date, such as 2026-11-22", parameter->name);
    return false;
}

void query_link_next(struct call *call, const char *path, const char *cursor)
{
    struct buf link;
    struct str rest = call->x->query;
    buf_init(&link, HTTP_TARGET_LEN_MAX * 2);
    buf_printf(&link, "<%s?", path);
    while (rest.len > 0) {
        size_t end = str_find(rest, 0, '&');
        struct str pair = str_slice(rest, 0, end);
        if (pair.len > 0 && !str_starts_with(pair, STR("cursor="))) {
            buf_append(&link, pair);
            buf_append_byte(&link, '&');
        }
        rest = str_slice(rest, end < rest.len ? end + 1 : end, rest.len);
    }
    buf_printf(&link, "cursor=%s>; rel=\"next\"", cursor);
    if (!buf_failed(&link)) {
        http_reply_header(call->x, "Link", buf_str(&link));
    }
    buf_finish(&link);
}

bool query_time(struct call *call, const struct query_parameter *parameter, int64_t *out)
{
    struct date date;
    *out = 0;
    if (!parameter->is_set || timestamp_read(out, parameter->value)) {
        return true;
    }
    if (date_read(&date, parameter->value)) {
        *out = (int64_t)date_to_days(date) * 24 * 3600 * 1000;
        return true;
    }
    problem_reply(call->x, PROBLEM_INVALID_PARAMETER, call->request_id, NULL,
                  "%s: expected a date (2026-11-22) or an instant (2026-11-22T10:00:00Z)",
                  parameter->name);
    return false;
}
