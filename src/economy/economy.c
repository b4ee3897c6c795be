/* economy.c - founding, years, failures and what they cause.
 *
 * Sources of the shape: quality as a first-order process with common factors is the usual
 * one-factor portfolio model; the levels are chosen so that rates, and how well blocks tell good
 * from bad, are those seen in published studies. */
#include "economy/economy.h"

#include "base/elementary.h"
#include "credit/vat.h"
#include "economy/books.h"

const struct economy_options economy_options_default = {
    .seed = 1,
    .companies = 1000,
    .years = 1,
    .as_of = {2026, 6, 30},
    .group_weight = 0.6,
    .contagion = 1.5
};

static const double memory = 0.75; /* of a year for the one before */
static const double macro_weight = 0.005, sector_weight = 0.03;
static const double base_rate = 0.02; /* a year, of a company of mean quality's sector */
static const double intercept = -1.45;
static const double quality_slope = -1.9;
static const double negative_equity = 0.25;
static const double recovery = 0.10, equity_floor = 0.03;
static const double loss_slope = 3.5, most_of_loss = 4.0;
static const double by_parent = 2.5, by_subsidiary = 0.8;
static const double shock = 0.35; /* to the own quality of who survives a loss, a unit of it */
static const double rating_reliability = 0.72;

enum { YEAR_MONTHS = 12, NUMBER_SPACE = 100000000 };

/* ---- identity ---- */

/* Nine digits shaped like a SIREN, whose last digit is not the one that Luhn asks for. */
static uint32_t number_of(uint32_t serial, struct chance *c)
{
    uint32_t body = (uint32_t)(((uint64_t)serial * 48271 + 10407383) % NUMBER_SPACE);
    char digits[10];
    uint32_t last = 0;
    for (uint32_t i = 0, rest = body; i < 8; i++, rest /= 10) {
        digits[7 - i] = (char)('0' + rest % 10);
    }
    do {
        digits[8] = (char)('0' + last++);
    } while (!luhn_holds(str_of(digits, 9)));
    uint32_t valid = last - 1;
    return body * 10 + (valid + 1 + chance_below(c, 9)) % 10;
}

static uint8_t closing_month_of(struct chance *c)
{
    double x = chance_uniform(c);
    return x < 0.70 ? 12 : x < 0.82 ? 6 : x < 0.92 ? 9 : 3;
}

static void found(struct firm *firm, struct economy *e, uint32_t sector_or_none)
{
    uint32_t serial = e->founded++;
    struct chance c = chance_of(e->options.seed, TOPIC_FIRM, serial);
    *firm = (struct firm){.key = chance_key(&c), .group = FIRM_NONE, .parent = FIRM_NONE};
    firm->number = number_of(serial, &c);
    uint32_t drawn = sector_draw(&c);
    firm->sector = sector_or_none == FIRM_NONE ? drawn : sector_or_none;
    firm->closing_month = closing_month_of(&c);
    firm->own = chance_normal(&c);
}

/* ---- quality ---- */

static double next_of(double before, uint64_t seed, enum topic topic, uint64_t number)
{
    struct chance c = chance_of(seed, topic, number);
    return memory * before + elementary_sqrt(1.0 - memory * memory) * chance_normal(&c);
}

static double quality_now(const struct economy *e, const struct firm *firm)
{
    bool is_member = firm->group != FIRM_NONE;
    double group_weight = is_member ? e->options.group_weight : 0.0;
    double own_weight = 1.0 - macro_weight - sector_weight - group_weight;
    double group = is_member ? e->ties.groups[firm->group].quality : 0.0;
    return elementary_sqrt(macro_weight) * e->macro +
           elementary_sqrt(sector_weight) * e->sector_quality[firm->sector] +
           elementary_sqrt(group_weight) * group + elementary_sqrt(own_weight) * firm->own;
}

/* `year` counts from the founding. */
static void move_quality(struct economy *e, uint32_t year)
{
    e->macro = next_of(e->macro, e->options.seed, TOPIC_MACRO, year);
    for (uint32_t i = 0; i < sector_count(); i++) {
        e->sector_quality[i] = next_of(e->sector_quality[i], e->options.seed, TOPIC_SECTOR,
                                       (uint64_t)year * SECTORS_MAX + i);
    }
    for (uint32_t i = 0; i < e->ties.group_count; i++) {
        struct group *group = &e->ties.groups[i];
        uint64_t number = (uint64_t)year * ECONOMY_COMPANIES_MAX + i;
        group->quality = next_of(group->quality, e->options.seed, TOPIC_GROUP, number);
    }
    for (uint32_t i = 0; i < e->firm_count; i++) {
        struct firm *firm = &e->firms[i];
        firm->own = next_of(firm->own, firm->key, TOPIC_OWN, year);
        memmove(firm->quality + 1, firm->quality, (FIRM_YEARS - 1) * sizeof(double));
        firm->quality[0] = quality_now(e, firm);
    }
}

static double growth_of(const struct firm *firm, double quality, uint32_t year)
{
    struct chance c = chance_of(firm->key, TOPIC_GROWTH, year);
    return 0.03 + 0.05 * quality + 0.07 * chance_normal(&c);
}

/* ---- failure ---- */

static double tanh_of(double x)
{
    double e = elementary_exp(2.0 * x);
    return (e - 1.0) / (e + 1.0);
}

/* The accounts that stand behind a firm's fate, filed or not. */
static void books_of(struct statement *out, const struct economy *e, const struct firm *firm)
{
    struct date closing = {(int16_t)(e->as_of.year - 1), 12, 31};
    books_make(out, firm, closing, months_since(closing, e->as_of), YEAR_MONTHS);
}

static void set_hazard(const struct economy *e, struct firm *firm, const struct statement *books)
{
    const struct sector *sector = sector_at(firm->sector);
    double age = firm_age_years(firm, e->as_of);
    double odds = logit(base_rate * sector->rate) + intercept - 0.35 * tanh_of((age - 5.0) / 5.0);
    odds += statement_minor(books, ITEM_EQUITY) < 0 ? negative_equity : 0.0;
    firm->log_odds = odds + quality_slope * firm->quality[0];
    firm->pd = firm->pd_after = logistic(firm->log_odds);

    /* The expectation of quality given a signal of that reliability, and the spread it leaves. */
    struct chance c = chance_of(firm->key, TOPIC_RATING, (uint64_t)e->as_of.year);
    double r = rating_reliability;
    double thought = r * firm->quality[0] + elementary_sqrt(r * (1.0 - r)) * chance_normal(&c);
    double spread = 0.5 * quality_slope * quality_slope * (1.0 - r);
    firm->rated_pd_ppm = (uint32_t)(logistic(odds + quality_slope * thought + spread) * 1e6) + 1;
}

/* What customers that failed leave unpaid, over equity. */
static double loss_of(const struct economy *e, uint32_t place, const struct statement *books)
{
    double claims = (double)statement_minor(books, ITEM_TRADE_RECEIVABLES);
    double equity = (double)statement_minor(books, ITEM_EQUITY);
    double least = equity_floor * (double)statement_minor(books, ITEM_TOTAL_ASSETS);
    double loss = 0.0;
    for (uint32_t k = e->ties.first_sale[place]; k < e->ties.first_sale[place + 1]; k++) {
        const struct sale *sale = &e->ties.sales[k];
        loss += e->firms[sale->customer].fails ? sale->share * claims : 0.0;
    }
    return (1.0 - recovery) * loss / (equity > least ? equity : least);
}

static double fall_of_group(const struct economy *e, uint32_t place)
{
    const struct firm *firm = &e->firms[place];
    double fall = 0.0;
    if (firm->group == FIRM_NONE) {
        return 0.0;
    }
    const struct group *group = &e->ties.groups[firm->group];
    for (uint32_t i = group->first; i < group->end; i++) {
        fall += e->firms[i].fails && e->firms[i].parent == place ? by_subsidiary : 0.0;
    }
    bool has_lost_parent = firm->parent != FIRM_NONE && e->firms[firm->parent].fails;
    return fall + (has_lost_parent ? by_parent : 0.0);
}

static void fail_by_themselves(struct economy *e)
{
    struct statement books;
    for (uint32_t i = 0; i < e->firm_count; i++) {
        struct firm *firm = &e->firms[i];
        struct chance c = chance_of(firm->key, TOPIC_FAILURE, (uint64_t)e->as_of.year);
        books_of(&books, e, firm);
        set_hazard(e, firm, &books);
        firm->fails = chance_happens(&c, firm->pd);
        firm->is_contagious = false;
    }
}

/* One round: who falls by another brings down nobody in turn.  The marks of the first round are
 * left alone until all have been looked at. */
static void fail_by_others(struct economy *e)
{
    struct statement books;
    for (uint32_t i = 0; i < e->firm_count; i++) {
        struct firm *firm = &e->firms[i];
        if (firm->fails) {
            continue;
        }
        books_of(&books, e, firm);
        double blow = loss_slope * loss_of(e, i, &books) + fall_of_group(e, i);
        if (blow <= 0.0) {
            continue;
        }
        blow = blow < most_of_loss ? blow : most_of_loss;
        struct chance c = chance_of(firm->key, TOPIC_CONTAGION, (uint64_t)e->as_of.year);
        firm->pd_after = logistic(firm->log_odds + e->options.contagion * blow);
        firm->own -= shock * blow;
        firm->is_contagious = chance_happens(&c, (firm->pd_after - firm->pd) / (1.0 - firm->pd));
    }
    for (uint32_t i = 0; i < e->firm_count; i++) {
        e->firms[i].fails = e->firms[i].fails || e->firms[i].is_contagious;
    }
}

/* ---- years ---- */

static void replace(struct economy *e, uint32_t place)
{
    struct firm *firm = &e->firms[place];
    uint32_t sector = firm->sector;
    ties_leave(&e->ties, e->firms, place);
    found(firm, e, sector);
    firm->director = place;
    struct chance c = chance_of(firm->key, TOPIC_FIRM, 0);
    firm->born = date_to_days(e->as_of) - (int32_t)chance_below(&c, 330) - 1;
    double ln_assets = 12.1 + 1.2 * chance_normal(&c);
    for (size_t i = 0; i < FIRM_YEARS; i++) {
        firm->quality[i] = quality_now(e, firm);
        firm->ln_assets[i] = ln_assets;
    }
}

void economy_advance(struct economy *e)
{
    CHECK(e->year + 1 < e->options.years);
    e->year++;
    e->as_of =
        date_add_months(e->options.as_of, -YEAR_MONTHS * (int)(e->options.years - 1 - e->year));
    uint32_t year = FIRM_YEARS + e->year;
    move_quality(e, year);
    for (uint32_t i = 0; i < e->firm_count; i++) {
        struct firm *firm = &e->firms[i];
        if (firm->fails) {
            replace(e, i);
            continue;
        }
        memmove(firm->ln_assets + 1, firm->ln_assets, (FIRM_YEARS - 1) * sizeof(double));
        firm->ln_assets[0] += growth_of(firm, firm->quality[0], year);
    }
    ties_seat(&e->ties, e->firms, e->firm_count);
    fail_by_themselves(e);
    fail_by_others(e);
}

/* Age and size of who is there from the start. */
static void settle(const struct economy *e, struct firm *firm)
{
    struct chance c = chance_of(firm->key, TOPIC_FIRM, 0);
    double age = 0.1 + 9.0 * chance_gamma(&c, 1.3);
    firm->born = date_to_days(e->as_of) - (int32_t)((age < 120.0 ? age : 120.0) * 365.25);
    firm->ln_assets[0] = 13.1 + 0.25 * elementary_log(1.0 + age) + 1.45 * chance_normal(&c);
    firm->ln_assets[0] = firm->ln_assets[0] < 9.2 ? 9.2 : firm->ln_assets[0];
}

bool economy_make(struct economy *out, const struct economy_options *options, struct arena *arena)
{
    CHECK(options->companies > 0 && options->companies <= ECONOMY_COMPANIES_MAX);
    CHECK(options->years > 0 && options->years <= ECONOMY_YEARS_MAX);
    *out = (struct economy){.options = *options, .firm_count = options->companies};
    out->as_of = date_add_months(options->as_of, -YEAR_MONTHS * (int)(options->years - 1));
    out->firms = arena_array(arena, struct firm, options->companies);
    if (out->firms == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < out->firm_count; i++) {
        found(&out->firms[i], out, FIRM_NONE);
        settle(out, &out->firms[i]);
    }
    if (!ties_make(&out->ties, out->firms, out->firm_count, options->seed, arena)) {
        return false;
    }
    struct chance c = chance_of(options->seed, TOPIC_MACRO, UINT32_MAX);
    out->macro = chance_normal(&c);
    for (uint32_t i = 0; i < sector_count(); i++) {
        out->sector_quality[i] = chance_normal(&c);
    }
    for (uint32_t i = 0; i < out->ties.group_count; i++) {
        out->ties.groups[i].quality = chance_normal(&c);
    }
    for (uint32_t year = 0; year < FIRM_YEARS; year++) {
        move_quality(out, year);
    }
    for (uint32_t i = 0; i < out->firm_count; i++) {
        struct firm *firm = &out->firms[i];
        for (uint32_t k = 0; k + 1 < FIRM_YEARS; k++) {
            firm->ln_assets[k + 1] =
                firm->ln_assets[k] - growth_of(firm, firm->quality[k], FIRM_YEARS - k);
        }
    }
    fail_by_themselves(out);
    fail_by_others(out);
    return true;
}

uint32_t economy_kin(const struct economy *economy, uint32_t place)
{
    uint32_t group = economy->firms[place].group;
    return group == FIRM_NONE ? place : economy->ties.groups[group].first;
}
