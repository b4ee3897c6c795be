/* firm.c - quality, and drivers that show it. */
#include "economy/firm.h"

#include "base/elementary.h"

enum { FILING_MONTHS = 5, YEAR_MONTHS = 12, NUMBERS_A_DRIVER = 4096 };

static const struct {
    enum block block;
    double loading, persistence;
} drivers[DRIVER_COUNT] = {
#define DRIVER(name, block, loading, persistence) {block, loading, persistence},
#include "economy/drivers.def"
#undef DRIVER
};

static double between_years(const double *by_year, int months_ago)
{
    CHECK(months_ago >= 0);
    int year = months_ago / YEAR_MONTHS;
    CHECK(year + 1 < FIRM_YEARS);
    double part = (double)(months_ago % YEAR_MONTHS) / YEAR_MONTHS;
    return by_year[year] * (1.0 - part) + by_year[year + 1] * part;
}

double firm_quality(const struct firm *firm, int months_ago)
{
    return between_years(firm->quality, months_ago);
}

double firm_ln_assets(const struct firm *firm, int months_ago)
{
    return between_years(firm->ln_assets, months_ago);
}

double firm_age_years(const struct firm *firm, struct date day)
{
    return (double)(date_to_days(day) - firm->born) / 365.25;
}

double firm_driver(const struct firm *firm, enum driver driver, double quality, int year)
{
    struct chance trait = chance_of(firm->key, TOPIC_TRAIT, driver);
    struct chance mood =
        chance_of(firm->key, TOPIC_MOOD, (uint64_t)driver * NUMBERS_A_DRIVER + (uint64_t)year);
    double a = drivers[driver].loading, p = drivers[driver].persistence;
    double noise = elementary_sqrt(p) * chance_normal(&trait) +
                   elementary_sqrt(1.0 - p) * chance_normal(&mood);
    return a * quality + elementary_sqrt(1.0 - a * a) * noise;
}

enum block driver_block(enum driver driver)
{
    return drivers[driver].block;
}

/* Evidence of independent normal signals adds up: loading^2 / (1 - loading^2) each. */
static double block_evidence(enum block block)
{
    double sum = 0.0;
    for (size_t i = 0; i < DRIVER_COUNT; i++) {
        double a = drivers[i].loading;
        sum += drivers[i].block == block ? a * a / (1.0 - a * a) : 0.0;
    }
    return sum;
}

double firm_signal(const struct firm *firm, enum block block, double quality, int year)
{
    double sum = 0.0;
    for (size_t i = 0; i < DRIVER_COUNT; i++) {
        double a = drivers[i].loading;
        if (drivers[i].block == block && a > 0.0) {
            sum += a * firm_driver(firm, (enum driver)i, quality, year) / (1.0 - a * a);
        }
    }
    return sum / (1.0 + block_evidence(block));
}

double block_reliability(enum block block)
{
    double evidence = block_evidence(block);
    return evidence / (1.0 + evidence);
}

static struct date last_of_month(int year, int month)
{
    struct date first = {(int16_t)year, (uint8_t)month, 1};
    return date_add_days(date_add_months(first, 1), -1);
}

int months_since(struct date period_end, struct date day)
{
    return date_months_between(period_end, date_add_days(day, 1));
}

bool firm_has_exercise(const struct firm *firm, struct date period_end)
{
    return date_to_days(date_add_months(period_end, -YEAR_MONTHS)) >= firm->born;
}

struct date firm_closing(const struct firm *firm, struct date day)
{
    struct date closing = last_of_month(day.year, firm->closing_month);
    while (months_since(closing, day) < FILING_MONTHS) {
        closing = last_of_month(closing.year - 1, firm->closing_month);
    }
    return firm_has_exercise(firm, closing) ? closing : (struct date){0};
}
