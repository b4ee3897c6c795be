/* explanation_maker.h - what the sections of an explanation are written with.
 *
 * A sentence is said into the section that was opened last.  When the arena is full, whatever is
 * said after that is lost and `is_full` tells. */
#ifndef DECIDE_EXPLANATION_MAKER_H
#define DECIDE_EXPLANATION_MAKER_H

#include "decide/explanation.h"
#include "decide/words_fill.h"

enum section {
#define SECTION(name, wire, en, es, fr) SECTION_##name,
#define SAY(name, en, es, fr)
#include "decide/explanation.def"
#undef SECTION
#undef SAY
    SECTION_COUNT
};

enum say {
#define SECTION(name, wire, en, es, fr)
#define SAY(name, en, es, fr) SAY_##name,
#include "decide/explanation.def"
#undef SECTION
#undef SAY
    SAY_COUNT
};

struct maker {
    struct explanation *out;
    const struct explained *of;
    struct arena *arena;
    struct buf scratch;          /* the value or sentence being written */
    struct buf list;             /* the list being gathered; its elements come from scratch */
    const struct sentence **end; /* where the next sentence of the section is hung */
    bool is_full;
};

#define FILLINGS_MAX 6

void section_open(struct maker *m, enum section section);
/* Say a sentence; its own values stand in `fillings`, up to one without a name. */
void say_filled(struct maker *m, enum say what, const struct filling *fillings);
#define SAY_WITH(m, what, ...)                                                                     \
    say_filled((m), (what), (const struct filling[FILLINGS_MAX + 1]){__VA_ARGS__})
void say_plain(struct maker *m, enum say what); /* one without values */
struct str told_plain(struct maker *m, enum say what);
/* Say what is in the scratch buffer, beginning with a capital. */
void say_scratch(struct maker *m, const char *code);
/* Take what is in the scratch buffer as a value. */
struct str scratch_take(struct maker *m);
/* A text with its values, as a value. */
struct str told_filled(struct maker *m, enum say what, const struct filling *fillings);
#define TOLD_WITH(m, what, ...)                                                                    \
    told_filled((m), (what), (const struct filling[FILLINGS_MAX + 1]){__VA_ARGS__})
/* Gather a list, separated by semicolons, and take it as a value. */
void list_add(struct maker *m, struct str element);
struct str list_take(struct maker *m);
/* A text of explanation.def without values. */
struct str said(const struct maker *m, enum say what);

struct str name_of_factor(const struct maker *m, enum feature feature);
struct str name_of_theme(const struct maker *m, enum theme theme);
struct str name_of_part(const struct maker *m, const char *wire); /* a theme, or what is none */
struct str name_of_block(const struct maker *m, enum block block);
struct str name_of_check(const struct maker *m, enum statement_check check);
struct str name_of_link(const struct maker *m, enum link_type type);
struct str name_of_purpose(const struct maker *m, enum purpose purpose);
struct str name_of_basis(const struct maker *m, enum legal_basis basis);

/* Values, as the language writes them. */
struct str value_points(struct maker *m, int32_t deci, bool has_sign);
struct str value_probability(struct maker *m, uint32_t ppm);
struct str value_number(struct maker *m, double value, unsigned places);
struct str value_money(struct maker *m, struct money amount);
struct str value_date(struct maker *m, struct date date);
struct str value_months(struct maker *m, uint32_t months);
/* A value in millionths as its feature's figure writes it; empty where it has none.  `toward` is 0
 * to round to the nearest, or -1 or +1 for down or up. */
struct str value_of_factor(struct maker *m, enum feature feature, int64_t micro, int toward);

static inline bool has_score(const struct maker *m)
{
    return m->of->decision->status == DECISION_SCORED || m->of->decision->status == DECISION_THIN;
}

static inline bool is_natural_person(const struct maker *m)
{
    return m->of->in->facts->company.nature == LEGAL_NATURE_NATURAL_PERSON;
}

/* explanation_points.c */
void tell_contributions(struct maker *m);
void tell_families(struct maker *m);
void tell_factors(struct maker *m, bool has_hints);
void tell_horizons(struct maker *m);
/* explanation_data.c */
void tell_blocks(struct maker *m);
void tell_checks(struct maker *m);
void tell_data(struct maker *m);
void tell_not_checked(struct maker *m);
/* explanation_links.c */
void find_tie(struct maker *m); /* sets out->tie */
void tell_links(struct maker *m);
struct str name_of_tie(const struct maker *m); /* Requires: the score has one. */
/* explanation_method.c */
void tell_identity(struct maker *m);
void tell_method(struct maker *m);
void tell_limits_of_use(struct maker *m);
void tell_method_to_applicant(struct maker *m);

#endif
