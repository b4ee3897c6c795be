/* ties.c - groups, boards and trade, by chance. */
#include "economy/ties.h"

#include "base/elementary.h"

static const double firms_in_groups = 0.30;
static const double another_member = 0.5; /* beyond three; so four on average */
static const double held_by_the_head = 0.7;
static const double shares_the_director = 0.60;
static const double holds_another_mandate = 0.12;
static const double customers_mean = 4.0;
static const double sales_elsewhere = 4.0; /* the shape of what other customers take */

enum { GROUP_LEAST = 3, GROUP_MOST = 30, SALES_MOST = 60 };

static void join(struct firm *firms, uint32_t place, uint32_t head, struct chance *c)
{
    struct firm *firm = &firms[place];
    bool is_of_head = place < head + 2 || chance_happens(c, held_by_the_head);
    firm->parent = is_of_head ? head : head + 1 + chance_below(c, place - head - 1);
    firm->share_ppm = (int32_t)(chance_beta(c, 6.0, 2.0) * 1e6);
    if (chance_happens(c, shares_the_director)) {
        firm->director = firms[firm->parent].director;
    }
}

/* A group starts so often that the members come to their share of all firms. */
static bool make_groups(struct ties *out, struct firm *firms, uint32_t count, struct chance *c,
                        struct arena *arena)
{
    const double size_mean = GROUP_LEAST + another_member / (1.0 - another_member);
    const double start = firms_in_groups / (size_mean * (1.0 - firms_in_groups) + firms_in_groups);
    out->groups = arena_array(arena, struct group, count / GROUP_LEAST + 1);
    if (out->groups == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count;) {
        uint32_t size = GROUP_LEAST;
        bool is_head = chance_happens(c, start);
        while (size < GROUP_MOST && chance_happens(c, another_member)) {
            size++;
        }
        if (!is_head || size > count - i) {
            i++;
            continue;
        }
        for (uint32_t k = i; k < i + size; k++) {
            firms[k].group = out->group_count;
            if (k > i) {
                join(firms, k, i, c);
            }
        }
        out->groups[out->group_count++] = (struct group){.first = i, .end = i + size};
        i += size;
    }
    return true;
}

static void share_directors(struct firm *firms, uint32_t count, struct chance *c)
{
    for (uint32_t i = 1; i < count; i++) {
        bool is_other = chance_happens(c, holds_another_mandate);
        uint32_t other = chance_below(c, i);
        if (is_other && firms[i].parent == FIRM_NONE) {
            firms[i].director = firms[other].director;
        }
    }
}

/* The first place whose running total is above `x`. */
static uint32_t place_of(const double *totals, uint32_t count, double x)
{
    uint32_t low = 0, high = count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (totals[middle] > x) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* Large firms buy more often: by the power 0.6 of their assets. */
static double *weigh_customers(const struct firm *firms, uint32_t count, struct arena *arena)
{
    double *totals = arena_array(arena, double, count);
    double sum = 0.0;
    for (uint32_t i = 0; i < count && totals != NULL; i++) {
        sum += elementary_exp(0.6 * firms[i].ln_assets[0]);
        totals[i] = sum;
    }
    return totals;
}

static void share_sales(struct sale *sales, uint32_t count, struct chance *c)
{
    double sum = chance_gamma(c, sales_elsewhere);
    for (uint32_t i = 0; i < count; i++) {
        sales[i].share = chance_gamma(c, 0.8);
        sum += sales[i].share;
    }
    for (uint32_t i = 0; i < count; i++) {
        sales[i].share /= sum;
    }
}

static bool make_trade(struct ties *out, const struct firm *firms, uint32_t count, uint64_t seed,
                       struct arena *arena)
{
    double *totals = weigh_customers(firms, count, arena);
    uint32_t *first = arena_array(arena, uint32_t, (size_t)count + 1);
    if (totals == NULL || first == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct chance c = chance_of(seed, TOPIC_TIES, i + UINT64_C(1));
        uint32_t customers = count > 1 ? chance_poisson(&c, customers_mean) : 0;
        first[i + 1] = first[i] + (customers < SALES_MOST ? customers : SALES_MOST);
    }
    struct sale *sales = arena_array(arena, struct sale, (size_t)first[count] + 1);
    if (sales == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct chance c = chance_of(firms[i].key, TOPIC_TIES, 0);
        for (uint32_t k = first[i]; k < first[i + 1]; k++) {
            uint32_t other = place_of(totals, count, chance_uniform(&c) * totals[count - 1]);
            sales[k].customer = other != i ? other : (i + 1) % count;
        }
        share_sales(sales + first[i], first[i + 1] - first[i], &c);
    }
    out->first_sale = first;
    out->sales = sales;
    return true;
}

void ties_seat(struct ties *ties, const struct firm *firms, uint32_t count)
{
    uint32_t *first = ties->first_seat;
    memset(first, 0, ((size_t)count + 1) * sizeof(*first));
    for (uint32_t i = 0; i < count; i++) {
        first[firms[i].director + 1]++;
    }
    for (uint32_t person = 0; person < count; person++) {
        first[person + 1] += first[person];
    }
    /* Filled from behind, each start is where its person's seats begin once all are placed. */
    for (uint32_t i = count; i > 0; i--) {
        ties->seats[--first[firms[i - 1].director + 1]] = i - 1;
    }
    memmove(first, first + 1, (size_t)count * sizeof(*first));
    first[count] = count;
}

void ties_leave(const struct ties *ties, struct firm *firms, uint32_t place)
{
    struct firm *firm = &firms[place];
    if (firm->group != FIRM_NONE) {
        const struct group *group = &ties->groups[firm->group];
        for (uint32_t i = group->first; i < group->end; i++) {
            if (firms[i].parent == place) {
                firms[i].parent = FIRM_NONE;
            }
        }
    }
    firm->group = firm->parent = FIRM_NONE;
    firm->director = place;
}

bool ties_make(struct ties *out, struct firm *firms, uint32_t count, uint64_t seed,
               struct arena *arena)
{
    struct chance c = chance_of(seed, TOPIC_TIES, 0);
    *out = (struct ties){.first_seat = arena_array(arena, uint32_t, (size_t)count + 1),
                         .seats = arena_array(arena, uint32_t, (size_t)count + 1)};
    for (uint32_t i = 0; i < count; i++) {
        firms[i].group = firms[i].parent = FIRM_NONE;
        firms[i].director = i;
    }
    if (out->first_seat == NULL || out->seats == NULL ||
        !make_groups(out, firms, count, &c, arena)) {
        return false;
    }
    share_directors(firms, count, &c);
    ties_seat(out, firms, count);
    return make_trade(out, firms, count, seed, arena);
}
