/* request_statements.c - annual accounts: items, boxes of a tax return, or both. */
#include "credit/liasse.h"
#include "wire/request_parts.h"

#include <string.h>

enum { MONTHS_DEFAULT = 12, MONTHS_MAX = 24 };

static const char *const item_names[ITEM_COUNT] = {
#define ITEM(name, wire, may_be_negative) [ITEM_##name] = wire,
#include "credit/items.def"
#undef ITEM
};

static void read_items(struct statement *s, struct reading *r, const struct json *node)
{
    enum item item, likely = (enum item)0;
    int64_t minor;
    if (!field_has_type(r, node, JSON_OBJECT)) {
        return;
    }
    for (const struct json *member = node->first; member != NULL; member = member->next) {
        if (!item_read_near(&item, member->name, likely)) {
            violation_unknown_member(r->v, member, item_names, ARRAY_LEN(item_names));
            continue;
        }
        likely = (enum item)(item + 1);
        if (member->type == JSON_NULL) {
            continue;
        }
        enum sign sign = item_may_be_negative(item) ? SIGN_ANY : SIGN_NOT_NEGATIVE;
        if (field_minor(&minor, r, member, s->currency, sign)) {
            statement_state(s, item, minor);
        }
    }
}

/* The boxes of one return, but for its regime.  JSON has no name twice, and there are fewer known
 * boxes than LIASSE_BOXES_MAX. */
static size_t read_box_list(struct liasse_box boxes[LIASSE_BOXES_MAX], struct reading *r,
                            const struct json *node, enum liasse_regime regime)
{
    size_t count = 0;
    for (const struct json *member = node->first; member != NULL; member = member->next) {
        if (str_eq(member->name, STR("regime")) || member->type == JSON_NULL) {
            continue;
        }
        if (!liasse_box_is_known(regime, member->name)) {
            violation_at(r->v, member, "unknown_box",
                         regime == LIASSE_NORMAL ? "a box of forms 2050 to 2053, 2057 or 2058-C"
                                                 : "a box of forms 2033-A or 2033-B",
                         "This is not a box of the forms read here.");
            continue;
        }
        CHECK(count < LIASSE_BOXES_MAX);
        struct liasse_box *box = &boxes[count];
        if (field_minor(&box->minor, r, member, CURRENCY_EUR, SIGN_ANY)) {
            CHECK(member->name.len < sizeof(box->code));
            *box = (struct liasse_box){.minor = box->minor};
            memcpy(box->code, member->name.ptr, member->name.len);
            count++;
        }
    }
    return count;
}

static void note_conflict(const struct statement *s, struct reading *r, const struct json *boxes,
                          const struct json *items, enum item item)
{
    const struct json *stated = items == NULL ? NULL : field_find(items, item_wire(item));
    if (stated != NULL && statement_has(s, item)) {
        violation_at(r->v, stated, "contradicts", "the amount of the boxes",
                     "The boxes of the tax return give another %s.", item_wire(item));
        return;
    }
    violation_at(r->v, boxes, "negative", "boxes that add up",
                 "These boxes make %s negative, or too large.", item_wire(item));
}

static void read_boxes(struct statement *s, struct reading *r, const struct json *node,
                       const struct json *items)
{
    if (!field_has_type(r, node, JSON_OBJECT)) {
        return;
    }
    if (s->currency != CURRENCY_EUR) {
        violation_at(r->v, node, "wrong_currency", "EUR", "French tax returns are in euros.");
        return;
    }
    struct str wire;
    enum liasse_regime regime;
    static const char known[] = "normal or simplified";
    const struct json *regime_node = field_required(r, node, "regime", known);
    if (regime_node == NULL || !field_word(&wire, r, regime_node)) {
        return;
    }
    if (!liasse_regime_read(&regime, wire)) {
        field_not_one_of(r, regime_node, known);
        return;
    }
    struct liasse_box boxes[LIASSE_BOXES_MAX];
    enum item conflict;
    size_t count = read_box_list(boxes, r, node, regime);
    liasse_to_items(s, regime, boxes, count, &conflict);
    if (conflict != ITEM_COUNT) {
        note_conflict(s, r, node, items, conflict);
    }
}

static bool read_basis(enum basis *out, struct reading *r, const struct json *node)
{
    struct str wire;
    if (!field_word(&wire, r, node)) {
        return false;
    }
    if (!str_eq(wire, STR("individual")) && !str_eq(wire, STR("consolidated"))) {
        field_not_one_of(r, node, "individual or consolidated");
        return false;
    }
    *out = str_eq(wire, STR("consolidated")) ? BASIS_CONSOLIDATED : BASIS_INDIVIDUAL;
    return true;
}

/* Period, length, currency and basis; false if the amounts cannot be read for want of a currency.
 */
static bool read_head(struct statement *s, struct reading *r, const struct json *node)
{
    const struct json *period_end = field_required(r, node, "period_end", "YYYY-MM-DD");
    const struct json *currency = field_required(r, node, "currency", "an ISO 4217 code");
    const struct json *months_node = field_find(node, "months");
    const struct json *basis = field_find(node, "basis");
    int32_t months = MONTHS_DEFAULT;
    if (period_end != NULL) {
        (void)field_past_date(&s->period_end, r, period_end);
    }
    if (months_node != NULL) {
        (void)field_int(&months, r, months_node, 1, MONTHS_MAX);
    }
    if (basis != NULL) {
        (void)read_basis(&s->basis, r, basis);
    }
    s->months = (uint8_t)months;
    return currency != NULL && field_currency(&s->currency, r, currency);
}

static void read_statement(struct statement *s, struct reading *r, const struct json *node)
{
    static const char *const names[] = {"basis", "boxes",  "currency",
                                        "items", "months", "period_end"};
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return;
    }
    const struct json *items = field_find(node, "items");
    const struct json *boxes = field_find(node, "boxes");
    if (items == NULL && boxes == NULL) {
        violation_missing(r->v, node, "items", "items, or boxes of a tax return");
    }
    if (!read_head(s, r, node)) {
        return;
    }
    if (items != NULL) {
        read_items(s, r, items);
    }
    if (boxes != NULL) {
        read_boxes(s, r, boxes, items != NULL && items->type == JSON_OBJECT ? items : NULL);
    }
    statement_derive(s);
}

/* Newest first; on one day individual accounts first, then by currency: an order of the contents
 * alone. */
static int compare(const struct statement *a, const struct statement *b)
{
    int by_date = date_compare(b->period_end, a->period_end);
    if (by_date != 0) {
        return by_date;
    }
    int by_basis = (a->basis > b->basis) - (a->basis < b->basis);
    return by_basis != 0 ? by_basis
                         : str_compare(str_from(currency_code(a->currency)),
                                       str_from(currency_code(b->currency)));
}

/* Put `s` in its place among the `count` there are; false if one like it is there. */
static bool insert(struct statement *sorted, uint32_t count, const struct statement *s)
{
    uint32_t place = count;
    while (place > 0 && compare(s, &sorted[place - 1]) < 0) {
        place--;
    }
    if (place > 0 && compare(s, &sorted[place - 1]) == 0) {
        return false;
    }
    memmove(&sorted[place + 1], &sorted[place], (count - place) * sizeof(*s));
    sorted[place] = *s;
    return true;
}

void request_statements_read(const struct statement **out, uint32_t *count, struct reading *r,
                             const struct json *node)
{
    if (!field_array(r, node, STATEMENTS_MAX) || node->count == 0) {
        return;
    }
    struct statement *sorted = arena_array(r->arena, struct statement, node->count);
    if (sorted == NULL) {
        r->is_full = true;
        return;
    }
    uint32_t kept = 0;
    for (const struct json *element = node->first; element != NULL; element = element->next) {
        struct statement s = {.place = (uint8_t)element->index};
        read_statement(&s, r, element);
        if (!date_is_set(s.period_end) || s.currency == CURRENCY_NONE) {
            continue;
        }
        if (!insert(sorted, kept, &s)) {
            violation_at(r->v, element, "duplicate", "one statement a period, basis and currency",
                         "There are two statements of this period, basis and currency.");
            continue;
        }
        kept++;
    }
    *out = sorted;
    *count = kept;
}
