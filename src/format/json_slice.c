/* json_slice.c - one member of a large object, at the price of a scan. */
#include "format/json.h"

/* Behind the string that starts at `at`, or the end of a text that stops inside it. */
static size_t skip_string(struct str text, size_t at)
{
    for (at++; at < text.len; at++) {
        if (text.ptr[at] == '\\') {
            at++;
        } else if (text.ptr[at] == '"') {
            return at + 1;
        }
    }
    return text.len;
}

/* Behind the value that starts at `at`: the comma or bracket that ends it, at its own depth. */
static size_t skip_value(struct str text, size_t at)
{
    size_t depth = 0;
    while (at < text.len) {
        char c = text.ptr[at];
        bool closes = c == '}' || c == ']';
        if (c == '"') {
            at = skip_string(text, at);
            continue;
        }
        if (depth == 0 && (closes || c == ',')) {
            return at;
        }
        depth += c == '{' || c == '[' ? 1 : 0;
        depth -= closes ? 1 : 0;
        at++;
    }
    return at;
}

struct str json_slice(struct str text, struct str name)
{
    size_t at = text.len > 0 && text.ptr[0] == '{' ? 1 : text.len;
    while (at < text.len && text.ptr[at] == '"') {
        size_t end = skip_string(text, at);
        bool is_it = end >= at + 2 && str_eq(str_slice(text, at + 1, end - 1), name);
        size_t value = end < text.len && text.ptr[end] == ':' ? end + 1 : text.len;
        size_t value_end = skip_value(text, value);
        if (is_it) {
            return str_slice(text, value, value_end);
        }
        at = value_end < text.len ? value_end + 1 : text.len;
    }
    return STR("");
}
