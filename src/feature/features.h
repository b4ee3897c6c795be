/* features.h - from facts to the numbers a model reads.
 *
 * A feature is a row of features.def, a pure function of the facts, and a case file.  Exercises of
 * other than twelve months are annualised; a statement under 6 or over 18 months is not used.
 * Amounts turn into doubles here, and nowhere below. */
#ifndef FEATURE_FEATURES_H
#define FEATURE_FEATURES_H

#include "credit/facts.h"
#include "feature/formulas.h"

#define NO_EDGE_MIN (-1e300)

enum feature {
#define FEATURE(name, wire, code, theme, unit, low, high, direction, core, edge_min) FEATURE_##name,
#include "feature/features.def"
#undef FEATURE
    FEATURE_COUNT,
    FEATURE_NONE = FEATURE_COUNT /* an input of a foreign model that is not in our catalogue */
};

enum theme {
    THEME_SOLVENCY,
    THEME_LIQUIDITY,
    THEME_PROFITABILITY,
    THEME_DEBT_SERVICE,
    THEME_ACTIVITY,
    THEME_TREND,
    THEME_FRESHNESS,
    THEME_PROFILE,
    THEME_BANK_BEHAVIOUR,
    THEME_PAYMENT_BEHAVIOUR,
    THEME_LEGAL_EVENTS,
    THEME_GROUP,
    THEME_COUNT
};
enum feature_unit {
    UNIT_RATIO,
    UNIT_DAYS,
    UNIT_MONTHS,
    UNIT_YEARS,
    UNIT_FLAG,
    UNIT_LOG10,
    UNIT_COUNT,
    UNIT_CODE,
    UNIT_LOG_ODDS,
};

struct feature_info {
    const char *wire;
    const char *code; /* reason code */
    enum theme theme;
    enum feature_unit unit;
    double clip_low, clip_high;
    int direction; /* -1, 0, +1 */
    bool is_core;
    double edge_min;
};

struct features {
    struct known values[FEATURE_COUNT]; /* clipped */
    const struct statement *statement;  /* the one they were taken from, or NULL: a thin file */
    const struct statement *previous;   /* the year before, or NULL */
};

const struct feature_info *feature_info(enum feature feature);
enum feature feature_find(struct str wire); /* FEATURE_NONE if there is none */
const char *theme_wire(enum theme theme);
enum block feature_block(enum feature feature);          /* whose models may read it */
double feature_clip(enum feature feature, double value); /* into the feature's range */

/* What features take from the model: its central tendencies, and nothing it has learned. */
struct tendency {
    struct known sector_lo; /* ln(sector_rate / country_rate), both > 0 */
    struct known rate;      /* of the company's country and sector, inside (0, 1) */
};

void features_extract(struct features *out, const struct facts *facts, struct tendency tendency);
/* The inputs of the classic formulas, and those formulas that need no market value. */
struct formula_context {
    struct known altman_z_services, zmijewski, conan_holder;
};
struct formula_context formulas_of(const struct features *features);

#endif
