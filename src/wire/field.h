/* field.h - one JSON value at a time: what it must be, and the violation if it is not.
 *
 * Each function takes a node that is there; it fills its output and returns true, or notes one
 * violation and returns false.  An optional member that is null is a member that is not there:
 * field_find says so for both.
 *
 * Codes noted: required, unknown_member, wrong_type, not_one_of, not_a_date, not_a_decimal,
 * too_precise, too_many_decimals, out_of_range, not_positive, negative, in_future, empty, too_long,
 * too_many, bad_characters; those of whole parts are in request_parts.h. */
#ifndef WIRE_FIELD_H
#define WIRE_FIELD_H

#include "credit/money.h"
#include "format/iso8601.h"
#include "format/violation.h"

/* What reading a request needs at every level. */
struct reading {
    struct violations *v;
    struct arena *arena;
    struct date as_of; /* no fact may be younger */
    bool is_full;      /* the arena was: the answer is TOO_LARGE, whatever else was found */
};

/* Which amounts a member may have. */
enum sign { SIGN_ANY, SIGN_NOT_NEGATIVE, SIGN_POSITIVE };

/* Member `name`, or NULL if it is absent or null.  Here, so that the length of a literal is known
 * where it is sought. */
static inline const struct json *field_find(const struct json *object, const char *name)
{
    const struct json *node = json_find(object, str_from(name));
    return node == NULL || node->type == JSON_NULL ? NULL : node;
}

/* The same, noting a member that is absent or null. */
static inline const struct json *field_required(struct reading *r, const struct json *object,
                                                const char *name, const char *expected)
{
    const struct json *node = field_find(object, name);
    if (node == NULL) {
        violation_missing(r->v, object, name, expected);
    }
    return node;
}

bool field_has_type(struct reading *r, const struct json *node, enum json_type type);
/* An object with no members but these. */
bool field_object(struct reading *r, const struct json *node, const char *const *names,
                  size_t name_count);
/* An array of at most `count_max` elements. */
bool field_array(struct reading *r, const struct json *node, uint32_t count_max);
/* A string of chars_min to chars_max characters, none of them a control character. */
bool field_text(struct str *out, struct reading *r, const struct json *node, size_t chars_min,
                size_t chars_max);
/* A string of 1 to len_max bytes, each a lower-case letter, a digit or `mark`. */
bool field_name(struct str *out, struct reading *r, const struct json *node, char mark,
                size_t len_max);
/* A string for a closed vocabulary; whoever asked notes field_not_one_of if it is not in it. */
bool field_word(struct str *out, struct reading *r, const struct json *node);
void field_not_one_of(struct reading *r, const struct json *node, const char *expected);
bool field_bool(struct reading *r, const struct json *node);
bool field_int(int32_t *out, struct reading *r, const struct json *node, int32_t least,
               int32_t most);
bool field_date(struct date *out, struct reading *r, const struct json *node);
bool field_past_date(struct date *out, struct reading *r, const struct json *node); /* to as_of */
bool field_currency(enum currency *out, struct reading *r, const struct json *node);
/* A number or an exact decimal string from 0 to 1, in parts per million. */
bool field_ratio(int32_t *ppm, struct reading *r, const struct json *node);
/* An amount in minor units of `currency`: an exact decimal string, or a number of at most 15
 * digits. */
bool field_minor(int64_t *out, struct reading *r, const struct json *node, enum currency currency,
                 enum sign sign);
/* {"amount","currency"}. */
bool field_money(struct money *out, struct reading *r, const struct json *node, enum sign sign);

#endif
