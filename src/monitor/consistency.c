/* consistency.c - a case goes into one group of each dimension. */
#include "monitor/consistency.h"

#include <string.h>

static const char unknown[] = "unknown";

void consistency_finish(struct consistency *c)
{
    companies_finish(&c->companies);
    companies_finish(&c->facts);
}

/* ---- which group ---- */

const char *size_band(const struct facts *facts)
{
    static const char *const words[] = {"micro", "small", "medium", "large"};
    static const int32_t heads[] = {10, 50, 250};
    static const int64_t euros[] = {2000000, 10000000, 43000000};
    static const int64_t minor_units = 100;
    const struct statement *s = facts_statement(facts, NULL);
    size_t band = 0;
    if (facts->company.employees >= 0) {
        while (band < ARRAY_LEN(heads) && facts->company.employees >= heads[band]) {
            band++;
        }
        return words[band];
    }
    if (s == NULL || s->currency != CURRENCY_EUR || !statement_has(s, ITEM_TOTAL_ASSETS)) {
        return unknown;
    }
    while (band < ARRAY_LEN(euros) && s->minor[ITEM_TOTAL_ASSETS] > euros[band] * minor_units) {
        band++;
    }
    return words[band];
}

const char *age_band(const struct facts *facts)
{
    static const char *const words[] = {"below_2_years", "2_to_5_years", "5_to_10_years",
                                        "10_to_20_years", "20_years_or_more"};
    static const int years[] = {2, 5, 10, 20};
    enum { MONTHS = 12 };
    size_t band = 0;
    if (!date_is_set(facts->company.incorporated_on)) {
        return unknown;
    }
    int months = date_months_between(facts->company.incorporated_on, facts->as_of);
    while (band < ARRAY_LEN(years) && months >= years[band] * MONTHS) {
        band++;
    }
    return words[band];
}

static void label_of(char label[GROUP_LABEL_LEN], enum dimension dimension,
                     const struct facts *facts)
{
    const struct company *company = &facts->company;
    const char *text = unknown;
    char section[2] = {activity_section(company->nomenclature, company->activity_code), '\0'};
    switch (dimension) {
    case DIMENSION_SECTION: text = section[0] == '\0' ? unknown : section; break;
    case DIMENSION_SIZE: text = size_band(facts); break;
    case DIMENSION_AGE: text = age_band(facts); break;
    case DIMENSION_COUNTRY: text = company->country[0] == '\0' ? unknown : company->country; break;
    case DIMENSION_LEGAL_NATURE: text = legal_nature_wire(company->nature); break;
    case DIMENSION_COUNT: break;
    }
    size_t len = strlen(text);
    CHECK(len < GROUP_LABEL_LEN);
    memcpy(label, text, len + 1);
}

static struct group *group_of(struct group_list *list, const char *label)
{
    static const char others[] = "others";
    uint32_t i = 0;
    while (i < list->count && strcmp(list->groups[i].label, label) != 0) {
        i++;
    }
    if (i < list->count) {
        return &list->groups[i];
    }
    bool is_last = list->count >= GROUPS_MAX - 1;
    struct group *group = &list->groups[is_last ? GROUPS_MAX - 1 : list->count];
    list->count = is_last ? GROUPS_MAX : list->count + 1;
    const char *name = is_last ? others : label;
    memcpy(group->label, name, strlen(name) + 1);
    return group;
}

/* ---- counting ---- */

static void rate_add(struct tally_rate *rate, bool is_hit)
{
    rate->n++;
    rate->hits += is_hit ? 1 : 0;
}

static void group_add(struct group *group, const struct consistency_case *c)
{
    group->companies++;
    group->recommendations[c->recommendation]++;
    rate_add(&group->accepted, c->is_accepted);
    if (!c->is_scored) {
        return;
    }
    double pd = (double)c->pd_ppm / PD_PPM_ONE;
    group->scored++;
    group->score_sum += c->score;
    group->pd_sum += pd;
    rate_add(&group->by_grade[c->grade], c->is_accepted);
    if (c->has_outcome) {
        group->outcomes.n++;
        group->outcomes.bads += c->is_bad ? 1 : 0;
        group->outcomes.pd_sum += pd;
    }
    if (c->has_outcome && !c->is_bad) {
        rate_add(&group->accepted_good, c->is_accepted);
    }
}

/* The same facts under another name, or on another day, and by the same rules. */
static void facts_compare(struct consistency *out, const struct consistency_case *c)
{
    struct company_state *state = companies_find(&out->facts, c->facts);
    if (state == NULL) {
        out->is_full = true;
        return;
    }
    if (state->is_scored) {
        out->repeated++;
        out->repeated_differently += state->newest_grade != c->recommendation ? 1 : 0;
    }
    state->is_scored = true;
    state->newest_grade = c->recommendation;
}

void consistency_add(struct consistency *out, const struct consistency_case *c)
{
    char label[GROUP_LABEL_LEN];
    CHECK(c->recommendation < OUTCOME_KINDS);
    out->decisions++;
    facts_compare(out, c);
    if (c->company != 0) {
        struct company_state *state = companies_find(&out->companies, c->company);
        if (state == NULL) {
            out->is_full = true;
            return;
        }
        if (state->is_scored) {
            return;
        }
        state->is_scored = true;
    }
    out->population++;
    for (int d = 0; d < DIMENSION_COUNT; d++) {
        label_of(label, (enum dimension)d, c->of);
        group_add(group_of(&out->dimensions[d], label), c);
    }
}
