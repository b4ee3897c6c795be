/* liasse.c - evaluating the formulas of boxes.def over the boxes of a return.
 *
 * Formulas are kept as text, as an accountant writes them, and walked at each use: some forty boxes
 * against eighty short lines cost a few microseconds, less than anything around them. */
#include "credit/liasse.h"

#include <string.h>

static const struct {
    enum liasse_regime regime;
    enum item item;
    const char *formula;
} lines[] = {
#define LINE(regime, item, formula) {LIASSE_##regime, ITEM_##item, formula},
#include "credit/boxes.def"
#undef LINE
};

/* Boxes of each form, separated by blanks; the first line of a form is its number. */
static const char *const normal_boxes[] = {
    /* 2050 */
    "AA AB AC AF AG AH AI AJ AK AL AM AN AO AP AQ AR AS AT AU AV AW AX AY BB BC BD BE BF BG BH BI "
    "BJ BK "
    "BL BM BN BO BP BQ BR BS BT BU BV BW BX BY BZ CA CB CC CD CE CF CG CH CI CJ CK CM CN CO CP CQ "
    "CR CS "
    "CT CU CV CW CX 1A",
    /* 2051 */
    "DA DB DC DD DE DF DG DH DI DJ DK DL DM DN DO DP DQ DR DS DT DU DV DW DX DY DZ EA EB EC ED EE "
    "EF EG "
    "EH EI EJ EK B1 1B 1C 1D 1E",
    /* 2052 */
    "FA FB FC FD FE FF FG FH FI FJ FK FL FM FN FO FP FQ FR FS FT FU FV FW FX FY FZ GA GB GC GD GE "
    "GF GG "
    "GH GI GJ GK GL GM GN GO GP GQ GR GS GT GU GV GW",
    /* 2053 */
    "HA HB HC HD HE HF HG HH HI HJ HK HL HM HN HO HY 1G HP HQ 1H 1J 1K HX RC RD A1 A2 A3 A4",
    /* 2057 */
    "UL UM UN UP UR US UT UV UW VA UX Z1 UO UY UZ VM VB VN VP VC VR VS VT VU VV VD VE VF 7Y 7Z VG "
    "VH 8A "
    "8B 8C 8D 8E VW VX VQ 8J VI 8K Z2 8L VY VZ VJ VK VL",
    /* 2058-C */
    "ZE YQ YR YS YT XQ YU SS YV ST ZJ YW 9Z YX YY YZ YP ZR",
};

static const char *const simplified_boxes[] = {
    /* 2033-A */
    "010 012 014 016 028 030 040 042 044 048 050 052 060 062 064 066 068 070 072 074 080 082 084 "
    "086 088 "
    "090 092 094 096 098 110 112 120 124 126 130 132 134 136 140 142 154 156 164 166 169 172 174 "
    "175 176 "
    "180 182 184 193 195 197 199",
    /* 2033-B */
    "209 210 214 215 217 218 222 224 226 230 232 234 236 238 240 242 243 244 24A 24B 250 252 254 "
    "256 259 "
    "262 264 270 280 290 294 300 306 310 312 314 316 318 324 374 376 378",
};

bool liasse_regime_read(enum liasse_regime *out, struct str text)
{
    if (str_eq(text, STR("normal"))) {
        *out = LIASSE_NORMAL;
        return true;
    }
    if (str_eq(text, STR("simplified"))) {
        *out = LIASSE_SIMPLIFIED;
        return true;
    }
    return false;
}

static bool is_listed(const char *boxes, struct str code)
{
    struct str all = str_from(boxes);
    for (size_t from = 0; from < all.len;) {
        size_t to = str_find(all, from, ' ');
        if (str_eq(str_slice(all, from, to), code)) {
            return true;
        }
        from = to + 1;
    }
    return false;
}

bool liasse_box_is_known(enum liasse_regime regime, struct str code)
{
    bool is_normal = regime == LIASSE_NORMAL;
    const char *const *forms = is_normal ? normal_boxes : simplified_boxes;
    size_t count = is_normal ? ARRAY_LEN(normal_boxes) : ARRAY_LEN(simplified_boxes);
    for (size_t i = 0; i < count; i++) {
        if (is_listed(forms[i], code)) {
            return true;
        }
    }
    return false;
}

static const struct liasse_box *box_find(const struct liasse_box *boxes, size_t count,
                                         struct str code)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(str_from(boxes[i].code), code)) {
            return &boxes[i];
        }
    }
    return NULL;
}

/* The next term of a formula: [+-] code [!].  Returns where the one behind it starts. */
static const char *term_read(const char *at, bool *is_minus, struct str *code, bool *is_needed)
{
    *is_minus = *at == '-';
    at += *at == '-' || *at == '+' ? 1 : 0;
    size_t len = strcspn(at, "!+-");
    *code = str_of(at, len);
    *is_needed = at[len] == '!';
    return at + len + (*is_needed ? 1 : 0);
}

/* The sum of a formula; false if it is not stated.  Cannot overflow: a line has at most 20 boxes of
 * at most MONEY_MINOR_MAX. */
static bool formula_sum(int64_t *sum, const char *formula, const struct liasse_box *boxes,
                        size_t count)
{
    bool is_minus, is_needed, is_stated = false;
    struct str code;
    *sum = 0;
    while (*formula != '\0') {
        formula = term_read(formula, &is_minus, &code, &is_needed);
        const struct liasse_box *box = box_find(boxes, count, code);
        if (box == NULL && is_needed) {
            return false;
        }
        if (box != NULL) {
            CHECK(box->minor >= -MONEY_MINOR_MAX);
            CHECK(box->minor <= MONEY_MINOR_MAX);
            *sum += is_minus ? -box->minor : box->minor;
            is_stated |= !is_minus;
        }
    }
    return is_stated;
}

/* Take what the boxes say of an item; false if it cannot be right. */
static bool item_take(struct statement *s, enum item item, int64_t minor)
{
    enum { EURO_MINOR = 100 };
    if ((s->stated >> item & 1) != 0) {
        int64_t apart = s->minor[item] - minor;
        return apart >= -EURO_MINOR && apart <= EURO_MINOR;
    }
    if (minor < -MONEY_MINOR_MAX || minor > MONEY_MINOR_MAX ||
        (minor < 0 && !item_may_be_negative(item))) {
        return false;
    }
    statement_state(s, item, minor);
    return true;
}

void liasse_to_items(struct statement *s, enum liasse_regime regime, const struct liasse_box *boxes,
                     size_t count, enum item *conflict)
{
    CHECK(count <= LIASSE_BOXES_MAX);
    enum item wrong = ITEM_COUNT;
    uint64_t taken = 0;
    int64_t sum;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        uint64_t bit = UINT64_C(1) << lines[i].item;
        if (lines[i].regime != regime || (taken & bit) != 0 ||
            !formula_sum(&sum, lines[i].formula, boxes, count)) {
            continue;
        }
        taken |= bit;
        if (!item_take(s, lines[i].item, sum) && wrong == ITEM_COUNT) {
            wrong = lines[i].item;
        }
    }
    if (conflict != NULL) {
        *conflict = wrong;
    }
}
