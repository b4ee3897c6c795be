/* accept.c - lists with weights, read leniently: an element that is broken counts as not there. */
#include "api/accept.h"

/* Cut the next element off a list. */
static struct str element_next(struct str *list, char separator)
{
    size_t end = str_find(*list, 0, separator);
    struct str element = str_trim(str_slice(*list, 0, end));
    *list = str_slice(*list, end == list->len ? end : end + 1, list->len);
    return element;
}

/* "1", "0.5", "0.333" as thousandths; false: none of these. */
static bool weight_read(unsigned *out, struct str text)
{
    if (text.len == 0 || text.len > 5 || text.ptr[0] < '0' || text.ptr[0] > '1' ||
        (text.len > 1 && text.ptr[1] != '.')) {
        return false;
    }
    unsigned weight = (unsigned)(text.ptr[0] - '0') * ACCEPT_FULL;
    unsigned unit = ACCEPT_FULL;
    for (size_t i = 2; i < text.len; i++) {
        unit /= 10;
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
        weight += (unsigned)(text.ptr[i] - '0') * unit;
    }
    *out = weight;
    return weight <= ACCEPT_FULL;
}

/* How closely a range names `what`: 3 exactly, 2 by its type, 1 as anything, 0 not at all. */
static unsigned closeness(struct str range, struct str what)
{
    size_t slash = str_find(what, 0, '/');
    if (str_eq_ignore_case(range, what)) {
        return 3;
    }
    if (slash < what.len && range.len == slash + 2 && range.ptr[slash + 1] == '*' &&
        str_eq_ignore_case(str_slice(range, 0, slash + 1), str_slice(what, 0, slash + 1))) {
        return 2;
    }
    return str_eq(range, slash < what.len ? STR("*/*") : STR("*")) ? 1 : 0;
}

/* The weight of "range;parameter=value;q=0.5"; false: broken. */
static bool element_read(struct str *range, unsigned *weight, struct str element)
{
    *range = element_next(&element, ';');
    *weight = ACCEPT_FULL;
    while (element.len > 0) {
        struct str parameter = element_next(&element, ';');
        if (parameter.len >= 2 && str_eq_ignore_case(str_slice(parameter, 0, 2), STR("q="))) {
            return weight_read(weight, str_slice(parameter, 2, parameter.len));
        }
    }
    return true;
}

unsigned accept_quality(struct str field, struct str what)
{
    unsigned closest = 0;
    unsigned quality = 0;
    while (field.len > 0) {
        struct str range;
        unsigned weight;
        if (!element_read(&range, &weight, element_next(&field, ','))) {
            continue;
        }
        unsigned close = closeness(range, what);
        if (close > closest) {
            closest = close;
            quality = weight;
        }
    }
    return quality;
}

bool etag_is_known(struct str field, struct str etag)
{
    if (str_eq(str_trim(field), STR("*"))) {
        return true;
    }
    while (field.len > 0) {
        struct str known = element_next(&field, ',');
        if (str_starts_with(known, STR("W/"))) {
            known = str_slice(known, 2, known.len);
        }
        if (str_eq(known, etag)) {
            return true;
        }
    }
    return false;
}
