/* explanation_names.c - what things are called, and values as a language writes them. */
#include "decide/explanation_maker.h"
#include "decide/words_format.h"

#include <string.h>

enum { MICRO = 1000000 };

/* One array of names.def at a time: all its rows are defined empty but those that are asked for. */
/* clang-format off */
#define FACTOR_NAME(name, figure, en, es, fr)
#define THEME_NAME(name, en, es, fr)
#define PART_NAME(wire, en, es, fr)
#define BLOCK_NAME(name, en, es, fr)
#define CHECK_NAME(name, en, es, fr)
#define LINK_NAME(name, en, es, fr)
#define PURPOSE_NAME(name, en, es, fr)
#define BASIS_NAME(name, en, es, fr)

#undef FACTOR_NAME
#define FACTOR_NAME(name, figure, en, es, fr) [FEATURE_##name] = {figure, {en, es, fr}},
static const struct {
    const char *figure;
    const char *names[LANGUAGE_COUNT];
} factor_names[FEATURE_COUNT] = {
#include "decide/names.def"
};
#undef FACTOR_NAME
#define FACTOR_NAME(name, figure, en, es, fr)

#undef THEME_NAME
#define THEME_NAME(name, en, es, fr) [THEME_##name] = {en, es, fr},
static const char *const theme_names[THEME_COUNT][LANGUAGE_COUNT] = {
#include "decide/names.def"
};
#undef THEME_NAME
#define THEME_NAME(name, en, es, fr)

#undef PART_NAME
#define PART_NAME(wire, en, es, fr) {wire, {en, es, fr}},
static const struct {
    const char *wire;
    const char *names[LANGUAGE_COUNT];
} part_names[] = {
#include "decide/names.def"
};
#undef PART_NAME
#define PART_NAME(wire, en, es, fr)

#undef BLOCK_NAME
#define BLOCK_NAME(name, en, es, fr) [BLOCK_##name] = {en, es, fr},
static const char *const block_names[BLOCK_COUNT][LANGUAGE_COUNT] = {
#include "decide/names.def"
};
#undef BLOCK_NAME
#define BLOCK_NAME(name, en, es, fr)

#undef CHECK_NAME
#define CHECK_NAME(name, en, es, fr) [CHECK_##name] = {en, es, fr},
static const char *const check_names[STATEMENT_CHECK_COUNT][LANGUAGE_COUNT] = {
#include "decide/names.def"
};
#undef CHECK_NAME
#define CHECK_NAME(name, en, es, fr)

#undef LINK_NAME
#define LINK_NAME(name, en, es, fr) [LINK_##name] = {en, es, fr},
static const char *const link_names[LINK_TYPE_COUNT][LANGUAGE_COUNT] = {
#include "decide/names.def"
};
#undef LINK_NAME
#define LINK_NAME(name, en, es, fr)

#undef PURPOSE_NAME
#define PURPOSE_NAME(name, en, es, fr) [PURPOSE_##name] = {en, es, fr},
static const char *const purpose_names[PURPOSE_COUNT][LANGUAGE_COUNT] = {
#include "decide/names.def"
};
#undef PURPOSE_NAME
#define PURPOSE_NAME(name, en, es, fr)

#undef BASIS_NAME
#define BASIS_NAME(name, en, es, fr) [LEGAL_BASIS_##name] = {en, es, fr},
static const char *const basis_names[LEGAL_BASIS_COUNT][LANGUAGE_COUNT] = {
#include "decide/names.def"
};
#undef BASIS_NAME
#define BASIS_NAME(name, en, es, fr)
/* clang-format on */

/* ---- names ---- */

/* Names may hold a no-break space, as every text does; none holds a value. */
static struct str plain(const struct maker *m, const char *const *names)
{
    CHECK(names[m->out->language] != NULL);
    CHECK(strpbrk(names[m->out->language], "{~") == NULL);
    return str_from(names[m->out->language]);
}

struct str name_of_factor(const struct maker *m, enum feature feature)
{
    CHECK((unsigned)feature < FEATURE_COUNT);
    return plain(m, factor_names[feature].names);
}

struct str name_of_theme(const struct maker *m, enum theme theme)
{
    CHECK((unsigned)theme < THEME_COUNT);
    return plain(m, theme_names[theme]);
}

struct str name_of_part(const struct maker *m, const char *wire)
{
    for (unsigned i = 0; i < THEME_COUNT; i++) {
        if (strcmp(theme_wire((enum theme)i), wire) == 0) {
            return name_of_theme(m, (enum theme)i);
        }
    }
    size_t i = 0;
    while (i < ARRAY_LEN(part_names) && strcmp(part_names[i].wire, wire) != 0) {
        i++;
    }
    CHECK(i < ARRAY_LEN(part_names));
    return plain(m, part_names[i].names);
}

struct str name_of_block(const struct maker *m, enum block block)
{
    CHECK((unsigned)block < BLOCK_COUNT);
    return plain(m, block_names[block]);
}

struct str name_of_check(const struct maker *m, enum statement_check check)
{
    CHECK((unsigned)check < STATEMENT_CHECK_COUNT);
    return plain(m, check_names[check]);
}

struct str name_of_link(const struct maker *m, enum link_type type)
{
    CHECK((unsigned)type < LINK_TYPE_COUNT);
    return plain(m, link_names[type]);
}

struct str name_of_purpose(const struct maker *m, enum purpose purpose)
{
    CHECK((unsigned)purpose < PURPOSE_COUNT);
    return plain(m, purpose_names[purpose]);
}

struct str name_of_basis(const struct maker *m, enum legal_basis basis)
{
    CHECK((unsigned)basis < LEGAL_BASIS_COUNT);
    return plain(m, basis_names[basis]);
}

/* ---- values ---- */

/* French counts as one whatever is below two. */
static bool is_one(int32_t deci, enum language language)
{
    enum { ONE = 10, TWO = 20 };
    int32_t size = deci < 0 ? -deci : deci;
    return language == LANGUAGE_FR ? size < TWO : size == ONE;
}

struct str value_points(struct maker *m, int32_t deci, bool has_sign)
{
    enum language language = m->out->language;
    if (has_sign && deci > 0) {
        buf_append_byte(&m->scratch, '+');
    }
    words_number(&m->scratch, deci, 1, language);
    buf_append_text(&m->scratch, NO_BREAK_SPACE);
    buf_append(&m->scratch, said(m, is_one(deci, language) ? SAY_POINT : SAY_POINTS));
    return scratch_take(m);
}

struct str value_probability(struct maker *m, uint32_t ppm)
{
    words_probability(&m->scratch, ppm, m->out->language);
    return scratch_take(m);
}

/* Halves away from zero. */
struct str value_number(struct maker *m, double value, unsigned places)
{
    static const double most = 1e12;
    double scaled = value;
    for (unsigned i = 0; i < places; i++) {
        scaled *= 10.0;
    }
    scaled = scaled > most ? most : scaled;
    scaled = scaled < -most ? -most : scaled;
    words_number(&m->scratch, (int64_t)(scaled + (scaled < 0 ? -0.5 : 0.5)), places,
                 m->out->language);
    return scratch_take(m);
}

struct str value_money(struct maker *m, struct money amount)
{
    words_money(&m->scratch, amount, m->out->language);
    return scratch_take(m);
}

struct str value_date(struct maker *m, struct date date)
{
    words_date(&m->scratch, date, m->out->language);
    return scratch_take(m);
}

static struct str value_as(struct maker *m, const char *figure, int64_t micro)
{
    struct factor factor = {.is_known = true, .value_micro = micro};
    struct teller t = {.out = &m->scratch, .factor = &factor, .language = m->out->language};
    words_fill(&t, figure);
    return scratch_take(m);
}

struct str value_months(struct maker *m, uint32_t months)
{
    return value_as(m, "{months}", (int64_t)months * MICRO);
}

/* The last place that a figure shows, in millionths. */
static int64_t unit_of_figure(const char *figure)
{
    static const struct {
        const char *figure;
        int64_t unit;
    } units[] = {
        {"{percent}",        1000 },
        {"{percent_change}", 1000 },
        {"{number}",         10000},
    };
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (strcmp(units[i].figure, figure) == 0) {
            return units[i].unit;
        }
    }
    return MICRO;
}

static int64_t rounded(int64_t micro, int64_t unit, int toward)
{
    int64_t down = micro / unit;
    if (micro % unit < 0) {
        down--;
    }
    bool is_exact = micro % unit == 0;
    return (toward > 0 && !is_exact ? down + 1 : down) * unit;
}

static struct str flag_value(struct maker *m, enum feature feature, int64_t micro)
{
    bool is_flag = feature_info(feature)->unit == UNIT_FLAG;
    return is_flag ? said(m, micro >= MICRO / 2 ? SAY_YES : SAY_NO) : STR("");
}

struct str value_of_factor(struct maker *m, enum feature feature, int64_t micro, int toward)
{
    const char *figure = factor_names[feature].figure;
    if (figure[0] == '\0') {
        return flag_value(m, feature, micro);
    }
    int64_t shown = toward == 0 ? micro : rounded(micro, unit_of_figure(figure), toward);
    return value_as(m, figure, shown);
}
