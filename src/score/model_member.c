/* model_member.c - the grammar of a bundle's values. */
#include "score/model_member.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_DIGITS_MAX = 15 };

static enum status refuse_at(struct model_reader *r, const struct json *node, const char *below,
                             const char *message)
{
    CLEANUP(buf_finish) struct buf pointer;
    buf_init(&pointer, 64 * 1024);
    json_pointer(&pointer, node);
    if (below[0] != '\0') {
        buf_printf(&pointer, "/%s", below);
    }
    buf_append_byte(&pointer, '\0');
    return error_set(r->err, STATUS_INVALID, buf_failed(&pointer) ? "" : pointer.ptr, "%s",
                     message);
}

enum status model_refuse(struct model_reader *r, const struct json *node, const char *format, ...)
{
    char message[sizeof r->err->message];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return refuse_at(r, node, "", message);
}

enum status model_too_large(struct model_reader *r)
{
    return error_set(r->err, STATUS_TOO_LARGE, "", "the bundle does not fit into its memory");
}

enum status object_has_only(struct model_reader *r, const struct json *object,
                            struct member_names allowed)
{
    for (const struct json *m = object->first; m != NULL; m = m->next) {
        bool is_allowed = false;
        for (size_t i = 0; i < allowed.count && !is_allowed; i++) {
            is_allowed = str_eq(m->name, str_from(allowed.names[i]));
        }
        if (!is_allowed) {
            return model_refuse(r, m, "is not a member of a bundle here");
        }
    }
    return STATUS_OK;
}

enum status node_is(struct model_reader *r, const struct json *node, enum json_type type)
{
    if (node->type != type) {
        return model_refuse(r, node, "must be of type %s, not %s", json_type_name(type),
                            json_type_name(node->type));
    }
    return STATUS_OK;
}

enum status member_find(const struct json **out, struct model_reader *r, const struct json *object,
                        const char *name, enum json_type type)
{
    const struct json *node = json_find(object, str_from(name));
    if (node != NULL) {
        TRY(node_is(r, node, type));
    }
    *out = node;
    return STATUS_OK;
}

enum status member_get(const struct json **out, struct model_reader *r, const struct json *object,
                       const char *name, enum json_type type)
{
    TRY(member_find(out, r, object, name, type));
    if (*out == NULL) {
        return refuse_at(r, object, name, "is required");
    }
    return STATUS_OK;
}

enum status node_has_count(struct model_reader *r, const struct json *array, uint32_t low,
                           uint32_t high)
{
    if (array->count < low || array->count > high) {
        return model_refuse(r, array, "must have %u to %u elements, not %u", (unsigned)low,
                            (unsigned)high, (unsigned)array->count);
    }
    return STATUS_OK;
}

/* Digits from the first to the last that is not zero. */
static unsigned significant_digits(struct str number)
{
    unsigned digits = 0;
    unsigned zeros = 0;
    for (size_t i = 0; i < number.len; i++) {
        char c = number.ptr[i];
        if (c == 'e' || c == 'E') {
            break;
        }
        if (c < '0' || c > '9' || (c == '0' && digits == 0)) {
            continue;
        }
        zeros = c == '0' ? zeros + 1 : 0;
        digits += 1;
    }
    return digits - zeros;
}

enum status node_number(double *out, struct model_reader *r, const struct json *node,
                        struct bounds bounds)
{
    double value = 0.0;
    TRY(node_is(r, node, JSON_NUMBER));
    if (significant_digits(node->text) > NUMBER_DIGITS_MAX) {
        return model_refuse(r, node, "has more than %d significant digits", NUMBER_DIGITS_MAX);
    }
    if (!double_read(&value, node->text)) {
        return model_refuse(r, node, "is not a finite number");
    }
    if (!(value >= bounds.low && value <= bounds.high)) {
        return model_refuse(r, node, "must be a number from %g to %g", bounds.low, bounds.high);
    }
    *out = value;
    return STATUS_OK;
}

enum status member_number(double *out, struct model_reader *r, const struct json *object,
                          const char *name, struct bounds bounds)
{
    const struct json *node = NULL;
    TRY(member_get(&node, r, object, name, JSON_NUMBER));
    return node_number(out, r, node, bounds);
}

enum status member_rate(double *out, struct model_reader *r, const struct json *object,
                        const char *name)
{
    double rate = 0.0;
    TRY(member_number(&rate, r, object, name, (struct bounds){0.0, 1.0}));
    if (rate == 0.0 || rate == 1.0) {
        return refuse_at(r, object, name, "must lie between 0 and 1, neither included");
    }
    *out = rate;
    return STATUS_OK;
}

enum status node_integer(int64_t *out, struct model_reader *r, const struct json *node, int64_t low,
                         int64_t high)
{
    struct decimal decimal;
    int64_t value = 0;
    TRY(node_is(r, node, JSON_NUMBER));
    if (!decimal_read(&decimal, node->text) || !decimal_to_scaled(&value, decimal, 0) ||
        value < low || value > high) {
        return model_refuse(r, node, "must be an integer from %lld to %lld", (long long)low,
                            (long long)high);
    }
    *out = value;
    return STATUS_OK;
}

enum status member_integer(int64_t *out, struct model_reader *r, const struct json *object,
                           const char *name, int64_t low, int64_t high)
{
    const struct json *node = NULL;
    TRY(member_get(&node, r, object, name, JSON_NUMBER));
    return node_integer(out, r, node, low, high);
}

static bool is_word_byte(char c, const char *more)
{
    bool is_basic = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    return is_basic || (c != '\0' && strchr(more, c) != NULL);
}

enum status node_word(struct str *out, struct model_reader *r, const struct json *node,
                      size_t len_max, const char *more)
{
    TRY(node_is(r, node, JSON_STRING));
    bool is_word = node->text.len >= 1 && node->text.len <= len_max;
    for (size_t i = 0; i < node->text.len && is_word; i++) {
        is_word = is_word_byte(node->text.ptr[i], more);
    }
    if (!is_word) {
        return model_refuse(r, node, "must be 1 to %zu characters of a-z 0-9 _ %s", len_max, more);
    }
    *out = node->text;
    return STATUS_OK;
}

enum status member_word(struct str *out, struct model_reader *r, const struct json *object,
                        const char *name, size_t len_max, const char *more)
{
    const struct json *node = NULL;
    TRY(member_get(&node, r, object, name, JSON_STRING));
    return node_word(out, r, node, len_max, more);
}

enum status node_country(struct str *out, struct model_reader *r, const struct json *node)
{
    TRY(node_is(r, node, JSON_STRING));
    if (!str_eq(node->text, STR("*")) && !country_is_known(node->text)) {
        return model_refuse(r, node, "must be a country of ISO 3166-1 (two capitals) or \"*\"");
    }
    *out = node->text;
    return STATUS_OK;
}

enum status member_place(char country[3], char *section, struct model_reader *r,
                         const struct json *row)
{
    const struct json *country_node = NULL;
    const struct json *section_node = NULL;
    struct str code = {0};
    TRY(member_get(&country_node, r, row, "country", JSON_STRING));
    TRY(node_country(&code, r, country_node));
    TRY(member_get(&section_node, r, row, "section", JSON_STRING));
    char letter = section_node->text.len == 1 ? section_node->text.ptr[0] : '\0';
    if (letter != '*' && (letter < 'A' || letter > MODEL_SECTION_LAST)) {
        return model_refuse(r, section_node, "must be a section of NACE rev. 2, A to U, or \"*\"");
    }
    CHECK(code.len < 3);
    memset(country, 0, 3);
    memcpy(country, code.ptr, code.len);
    *section = letter;
    return STATUS_OK;
}

uint32_t model_input_find(const struct model *model, struct str name)
{
    for (uint32_t i = 0; i < model->input_count; i++) {
        if (str_eq(model->inputs[i].name, name)) {
            return i;
        }
    }
    return model->input_count;
}
