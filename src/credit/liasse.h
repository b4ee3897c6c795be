/* liasse.h - French tax-return boxes (2050 to 2053 and 2033-A/B) to the items of a statement.
 *
 * A box is two letters ("FL", regime normal) or three digits ("210", regime simplified) with an
 * amount in euros.  Each item is a sum of signed boxes (boxes.def, which says when it is stated): a
 * box that is not there is an empty box.  Gross and depreciation columns are netted. */
#ifndef CREDIT_LIASSE_H
#define CREDIT_LIASSE_H

#include "credit/statement.h"

enum liasse_regime { LIASSE_NORMAL, LIASSE_SIMPLIFIED };
enum { LIASSE_BOXES_MAX = 320 };

struct liasse_box {
    char code[4];  /* with its NUL */
    int64_t minor; /* euro cents, within +-MONEY_MINOR_MAX */
};

bool liasse_regime_read(enum liasse_regime *out,
                        struct str text) MUST_USE; /* "normal" or "simplified" */
/* Is this a box of the forms we read (2050 to 2053, 2057, 2058-C; 2033-A, B)?  Others are refused
 * by name. */
bool liasse_box_is_known(enum liasse_regime regime, struct str code);
/* State in `s` every item that the boxes give; an item already stated stays, and *conflict (may be
 * NULL) gets the first item that cannot be right, or ITEM_COUNT: its stated amount differs from its
 * boxes by more than one euro, or its boxes make it negative or too large where it cannot be (then
 * it is left unstated).
 *
 * Requires: count <= LIASSE_BOXES_MAX. */
void liasse_to_items(struct statement *s, enum liasse_regime regime, const struct liasse_box *boxes,
                     size_t count, enum item *conflict);

#endif
