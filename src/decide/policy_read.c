/* policy_read.c - from the file to the table: every fault with its place.
 *
 * The numbers of a section are rows (name, where it goes, range), so that adding one is adding a
 * row. What a single number cannot show is checked at the end: shares that rise as the grade falls,
 * a ladder out of order, a threshold nobody can meet. */
#include "decide/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    POLICY_ARENA_MAX = 4 * 1024 * 1024,
    PPM = 1000000,
    PPM_DECIMALS = 6,
    MEMBERS_MAX = 24,
    ID_LEN_MAX = 64,
    VERSION_LEN_MAX = 32,
    DESCRIPTION_LEN_MAX = 512,
    DAYS_MAX = 3650,
    MONTHS_MAX = 120,
};

/* Ten thousand million units of two decimals: scaling by parts per million stays within 64 bits. */
#define AMOUNT_MINOR_MAX INT64_C(1000000000000)

struct reader {
    struct policy *policy;
    struct violations *v;
    enum currency currency; /* of amounts; euro while the stated one is not known */
};

/* ---- single members ---- */

/* Member `name` if it is there and of that type; its absence or type is noted. */
static const struct json *member(struct reader *r, const struct json *object, const char *name,
                                 enum json_type type, const char *expected)
{
    const struct json *node = json_find(object, str_from(name));
    if (node == NULL) {
        violation_missing(r->v, object, name, expected);
    } else if (node->type != type) {
        violation_at(r->v, node, "wrong_type", expected, "This must be a JSON %s, not %s.",
                     json_type_name(type), json_type_name(node->type));
        node = NULL;
    }
    return node;
}

static void read_bool(struct reader *r, const struct json *object, const char *name, bool *out)
{
    const struct json *node = json_find(object, str_from(name));
    if (node == NULL) {
        violation_missing(r->v, object, name, "true or false");
    } else if (node->type != JSON_TRUE && node->type != JSON_FALSE) {
        violation_at(r->v, node, "wrong_type", "true or false", "This must be true or false.");
    } else {
        *out = node->type == JSON_TRUE;
    }
}

static bool is_word(struct str text, size_t len_max, const char *marks)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!is_plain && (c == '\0' || strchr(marks, c) == NULL)) {
            return false;
        }
    }
    return text.len > 0 && text.len <= len_max;
}

static void read_word(struct reader *r, const struct json *object, const char *name, size_t len_max,
                      const char *marks, struct str *out)
{
    char expected[96];
    (void)snprintf(expected, sizeof expected, "1 to %zu of a-z, 0-9 and %s", len_max, marks);
    const struct json *node = member(r, object, name, JSON_STRING, expected);
    if (node == NULL) {
        return;
    }
    if (!is_word(node->text, len_max, marks)) {
        violation_at(r->v, node, "bad_name", expected,
                     "This name has a character or a length it may not have.");
        return;
    }
    *out = node->text;
}

/* ---- numbers as rows ---- */

enum number_kind { SHARE, WHOLE };

struct number_row {
    const char *name;
    size_t offset; /* of a uint32_t in the struct it belongs to */
    enum number_kind kind;
    uint32_t least, most; /* a share in parts per million */
};

struct amount_row {
    const char *name;
    size_t offset; /* of a struct money in struct policy */
    int64_t least_minor;
};

/* clang-format off */
static const struct number_row threshold_rows[] = {
    {"margin_ratio", offsetof(struct policy, margin_ppm), SHARE, 1, PPM},
    {"cost_ratio", offsetof(struct policy, cost_ppm), SHARE, 0, PPM},
    {"lgd_ratio", offsetof(struct policy, lgd_ppm), SHARE, 1, PPM},
    {"ageing_days", offsetof(struct policy, ageing_days), WHOLE, 1, DAYS_MAX},
    {"terms_days", offsetof(struct policy, terms_days), WHOLE, 0, TERMS_DAYS_MAX},
    {"decline_probability", offsetof(struct policy, decline_pd_ppm), SHARE, 1, PPM},
};

static const struct number_row guarantee_rows[] = {
    {"lgd_ratio", offsetof(struct policy_guarantee, lgd_ppm), SHARE, 0, PPM},
    {"highest_probability", offsetof(struct policy_guarantee, pd_ppm_max), SHARE, 1, PPM},
    {"tenor_months", offsetof(struct policy_guarantee, tenor_months), WHOLE, 1, MONTHS_MAX},
};

static const struct number_row limit_rows[] = {
    {"working_capital_share_ratio", offsetof(struct policy, working_capital_share_ppm),
     SHARE, 0, PPM},
    {"working_capital_floor_ratio", offsetof(struct policy, working_capital_floor_ppm),
     SHARE, 0, PPM},
    {"per_order_ratio", offsetof(struct policy, per_order_ppm), SHARE, 1, PPM},
    {"valid_days", offsetof(struct policy, valid_days), WHOLE, 1, DAYS_MAX},
    {"review_days", offsetof(struct policy, review_days), WHOLE, 1, DAYS_MAX},
};

static const struct amount_row limit_amounts[] = {
    {"appetite", offsetof(struct policy, appetite), 1},
    {"expected_loss_budget", offsetof(struct policy, expected_loss_budget), 1},
    {"round_down_to", offsetof(struct policy, round_down_to), 1},
    {"smallest_limit", offsetof(struct policy, smallest_limit), 0},
};

/* A row a letter: by_grade has these three for each of A to F and P. */
static const struct number_row grade_rows[] = {
    {"equity_share_ratio", offsetof(struct policy, equity_share_ppm), SHARE, 0, PPM},
    {"turnover_share_ratio", offsetof(struct policy, turnover_share_ppm), SHARE, 0, PPM},
    {"multiplier_ratio", offsetof(struct policy, multiplier_ppm), SHARE, 0, PPM},
};

static const struct number_row accounts_rows[] = {
    {"stale_months", offsetof(struct policy, stale_months), WHOLE, 1, MONTHS_MAX},
    {"outdated_months", offsetof(struct policy, outdated_months), WHOLE, 1, MONTHS_MAX},
    {"stale_multiplier_ratio", offsetof(struct policy, stale_multiplier_ppm), SHARE, 0, PPM},
    {"minimum_coverage_ratio", offsetof(struct policy, minimum_coverage_ppm), SHARE, 0, PPM},
};

static const struct amount_row thin_amounts[] = {
    {"small_ticket", offsetof(struct policy, small_ticket), 0},
};
/* clang-format on */

static const char *const grade_letters[GRADE_LETTER_COUNT] = {"A", "B", "C", "D", "E", "F", "P"};

static void number_range(char text[64], const struct number_row *row)
{
    struct buf b;
    buf_init(&b, 63);
    unsigned scale = row->kind == SHARE ? PPM_DECIMALS : 0;
    buf_append(&b, row->kind == SHARE ? STR("a number from ") : STR("a whole number from "));
    decimal_write(&b, row->least, scale);
    buf_append(&b, STR(" to "));
    decimal_write(&b, row->most, scale);
    (void)snprintf(text, 64, "%.*s", STR_ARGS(buf_str(&b)));
    buf_finish(&b);
}

/* `base` is the struct that the row's offset counts from. */
static void read_number(struct reader *r, const struct json *object, const struct number_row *row,
                        void *base)
{
    char expected[64];
    number_range(expected, row);
    const struct json *node = member(r, object, row->name, JSON_NUMBER, expected);
    if (node == NULL) {
        return;
    }
    struct decimal value;
    int64_t scaled;
    if (!decimal_read(&value, node->text) ||
        !decimal_to_scaled(&scaled, value, row->kind == SHARE ? PPM_DECIMALS : 0)) {
        violation_at(r->v, node, "too_precise", expected, "%s",
                     row->kind == SHARE ? "A share has at most six decimals."
                                        : "This must be a whole number.");
        return;
    }
    if (scaled < row->least || scaled > row->most) {
        violation_at(r->v, node, "out_of_range", expected, "This is out of range.");
        return;
    }
    uint32_t number = (uint32_t)scaled;
    memcpy((char *)base + row->offset, &number, sizeof number);
}

static void read_amount(struct reader *r, const struct json *object, const struct amount_row *row)
{
    static const char expected[] = "an amount such as \"1500.00\", in the policy's currency";
    const struct json *node = json_find(object, str_from(row->name));
    if (node == NULL) {
        violation_missing(r->v, object, row->name, expected);
        return;
    }
    struct decimal value;
    struct money amount;
    bool is_scalar = node->type == JSON_STRING || node->type == JSON_NUMBER;
    if (!is_scalar || !decimal_read(&value, node->text) ||
        !money_from_decimal(&amount, value, r->currency)) {
        violation_at(r->v, node, is_scalar ? "not_an_amount" : "wrong_type", expected,
                     "This is not an amount, or has more decimals than the currency.");
        return;
    }
    if (amount.minor < row->least_minor || amount.minor > AMOUNT_MINOR_MAX) {
        violation_at(r->v, node, "out_of_range", expected, "This amount is out of range.");
        return;
    }
    memcpy((char *)r->policy + row->offset, &amount, sizeof amount);
}

/* A section: an object with these numbers, these amounts and one more member (or NULL). */
struct section {
    const char *name;
    const struct number_row *numbers;
    size_t number_count;
    const struct amount_row *amounts;
    size_t amount_count;
    const char *other;
};

static const struct json *read_section(struct reader *r, const struct json *top,
                                       const struct section *s)
{
    const char *names[MEMBERS_MAX];
    size_t count = 0;
    const struct json *object = member(r, top, s->name, JSON_OBJECT, "an object");
    if (object == NULL) {
        return NULL;
    }
    CHECK(s->number_count + s->amount_count < MEMBERS_MAX);
    for (size_t i = 0; i < s->number_count; i++) {
        names[count++] = s->numbers[i].name;
        read_number(r, object, &s->numbers[i], r->policy);
    }
    for (size_t i = 0; i < s->amount_count; i++) {
        names[count++] = s->amounts[i].name;
        read_amount(r, object, &s->amounts[i]);
    }
    if (s->other != NULL) {
        names[count++] = s->other;
    }
    violation_unknown_members(r->v, object, names, count);
    return object;
}

/* ---- perimeter ---- */

static void read_divisions(struct reader *r, const struct json *list)
{
    static const char expected[] = "two digits from \"01\" to \"99\", each once";
    struct policy *p = r->policy;
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        bool is_text = node->type == JSON_STRING && node->text.len == 2;
        unsigned division =
            is_text ? activity_division((char[]){node->text.ptr[0], node->text.ptr[1], 0}) : 0;
        bool is_new = division != 0;
        for (uint32_t i = 0; i < p->excluded_division_count; i++) {
            is_new = is_new && p->excluded_divisions[i] != division;
        }
        if (!is_new) {
            violation_at(r->v, node, "not_a_division", expected,
                         "This is not a division of NACE, or stands twice.");
            continue;
        }
        CHECK(p->excluded_division_count < ARRAY_LEN(p->excluded_divisions));
        p->excluded_divisions[p->excluded_division_count++] = (uint8_t)division;
    }
}

static void read_perimeter(struct reader *r, const struct json *top)
{
    static const char *const names[] = {"excluded_divisions", "exclude_public_bodies",
                                        "exclude_associations", "exclude_idle_holdings"};
    const struct json *object = member(r, top, "perimeter", JSON_OBJECT, "an object");
    if (object == NULL) {
        return;
    }
    violation_unknown_members(r->v, object, names, ARRAY_LEN(names));
    const struct json *list =
        member(r, object, "excluded_divisions", JSON_ARRAY, "an array of divisions");
    if (list != NULL) {
        read_divisions(r, list);
    }
    read_bool(r, object, "exclude_public_bodies", &r->policy->excludes_public_bodies);
    read_bool(r, object, "exclude_associations", &r->policy->excludes_associations);
    read_bool(r, object, "exclude_idle_holdings", &r->policy->excludes_idle_holdings);
}

/* ---- rules ---- */

/* The known name nearest to `text`: what was probably meant. */
static const char *nearest_rule(struct str text)
{
    enum { DISTANCE_MAX = 3 };
    unsigned best = DISTANCE_MAX + 1;
    const char *found = NULL;
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        const char *wire = rule_wire((enum rule)i);
        unsigned distance = str_distance(text, str_from(wire), DISTANCE_MAX);
        if (distance < best) {
            best = distance;
            found = wire;
        }
    }
    return found;
}

static bool read_rule_name(struct reader *r, const struct json *object, enum rule *out)
{
    const struct json *node = member(r, object, "rule", JSON_STRING, "the name of a rule");
    if (node == NULL) {
        return false;
    }
    if (!rule_read(out, node->text)) {
        const char *meant = nearest_rule(node->text);
        if (meant == NULL) {
            violation_at(r->v, node, "unknown_rule", "the name of a rule",
                         "There is no such rule.");
        } else {
            violation_at(r->v, node, "unknown_rule", meant,
                         "There is no such rule; did you mean \"%s\"?", meant);
        }
        return false;
    }
    for (uint32_t i = 0; i < r->policy->rule_count; i++) {
        if (r->policy->rules[i].rule == *out) {
            violation_at(r->v, node, "duplicate", "each rule once", "This rule stands twice.");
            return false;
        }
    }
    return true;
}

static void read_at_best(struct reader *r, const struct json *object, struct policy_rule *rule)
{
    static const char expected[] =
        "\"accept\", \"accept_with_guarantees\", \"refer\" or \"decline\"";
    const struct json *node = member(r, object, "at_best", JSON_STRING, expected);
    if (node != NULL && !recommendation_read(&rule->at_best, node->text)) {
        violation_at(r->v, node, "unknown_value", expected, "There is no such recommendation.");
    }
}

static void read_grade_cap(struct reader *r, const struct json *object, struct policy_rule *rule)
{
    const struct json *node = json_find(object, STR("grade_at_best"));
    if (node == NULL) {
        return;
    }
    if (node->type != JSON_STRING || !grade_read(&rule->grade_at_best, node->text) ||
        rule->grade_at_best == GRADE_P) {
        violation_at(r->v, node, "unknown_value", "a grade from \"A1\" to \"F2\"",
                     "There is no such grade.");
    }
}

/* A knock-out declines, so it has nothing to cap; only what a register says may knock out. */
static void read_knock_out(struct reader *r, const struct json *object, struct policy_rule *rule)
{
    static const char *const others[] = {"at_best", "grade_at_best"};
    rule->at_best = RECOMMEND_DECLINE;
    if (!rule_may_decide(rule->rule)) {
        violation_at(r->v, json_find(object, STR("decides")), "not_a_knock_out",
                     "false, and an at_best",
                     "This rule reads the accounts: it can cap a decision, not make one.");
    }
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        const struct json *node = json_find(object, str_from(others[i]));
        if (node != NULL) {
            violation_at(r->v, node, "not_with_decides", "no such member",
                         "A rule that decides declines; it has nothing to cap.");
        }
    }
}

static void read_rule(struct reader *r, const struct json *object)
{
    static const char *const names[] = {"rule", "decides", "at_best", "grade_at_best"};
    struct policy_rule rule = {.grade_at_best = GRADE_A1, .at_best = RECOMMEND_ACCEPT};
    if (object->type != JSON_OBJECT) {
        violation_at(r->v, object, "wrong_type", "an object", "A rule is an object.");
        return;
    }
    violation_unknown_members(r->v, object, names, ARRAY_LEN(names));
    bool is_known = read_rule_name(r, object, &rule.rule);
    if (json_find(object, STR("decides")) != NULL) {
        read_bool(r, object, "decides", &rule.decides);
    }
    if (!rule.decides) {
        read_at_best(r, object, &rule);
        read_grade_cap(r, object, &rule);
    } else if (is_known) {
        read_knock_out(r, object, &rule);
    }
    if (is_known) {
        CHECK(r->policy->rule_count < POLICY_RULES_MAX);
        r->policy->rules[r->policy->rule_count++] = rule;
    }
}

/* Nobody may forget that a debtor is being wound up. */
static void require_rules(struct reader *r, const struct json *list)
{
    static const enum rule required[] = {RULE_STRUCK_OFF, RULE_LIQUIDATION_OPEN,
                                         RULE_REORGANISATION_OPEN, RULE_SAFEGUARD_OPEN};
    for (size_t i = 0; i < ARRAY_LEN(required); i++) {
        bool is_there = false;
        for (uint32_t k = 0; k < r->policy->rule_count; k++) {
            is_there = is_there || r->policy->rules[k].rule == required[i];
        }
        if (!is_there) {
            violation_at(r->v, list, "rule_required", rule_wire(required[i]),
                         "The rule \"%s\" must be in every policy.", rule_wire(required[i]));
        }
    }
}

static void read_rules(struct reader *r, const struct json *top)
{
    const struct json *list = member(r, top, "rules", JSON_ARRAY, "an array of rules");
    if (list == NULL) {
        return;
    }
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        read_rule(r, node);
    }
    require_rules(r, list);
}

/* ---- guarantees ---- */

static bool read_guarantee_type(struct reader *r, const struct json *object,
                                enum guarantee_type *out)
{
    static const char expected[] =
        "cash_deposit, bank_guarantee, credit_insurance, parent_guarantee, "
        "personal_guarantee or retention_of_title";
    const struct json *node = member(r, object, "type", JSON_STRING, expected);
    if (node == NULL) {
        return false;
    }
    if (!guarantee_read(out, node->text)) {
        violation_at(r->v, node, "unknown_value", expected, "There is no such guarantee.");
        return false;
    }
    for (uint32_t i = 0; i < r->policy->guarantee_count; i++) {
        if (r->policy->guarantees[i].type == *out) {
            violation_at(r->v, node, "duplicate", "each guarantee once",
                         "This guarantee stands twice.");
            return false;
        }
    }
    return true;
}

static void read_guarantee(struct reader *r, const struct json *object)
{
    const char *names[ARRAY_LEN(guarantee_rows) + 1] = {"type"};
    struct policy_guarantee step = {0};
    if (object->type != JSON_OBJECT) {
        violation_at(r->v, object, "wrong_type", "an object", "A guarantee is an object.");
        return;
    }
    bool is_known = read_guarantee_type(r, object, &step.type);
    for (size_t i = 0; i < ARRAY_LEN(guarantee_rows); i++) {
        names[i + 1] = guarantee_rows[i].name;
        read_number(r, object, &guarantee_rows[i], &step);
    }
    violation_unknown_members(r->v, object, names, ARRAY_LEN(names));
    if (is_known) {
        r->policy->guarantees[r->policy->guarantee_count++] = step;
    }
}

/* Softest first: down the ladder less is lost, and more risk is taken. */
static void check_ladder(struct reader *r, const struct json *list)
{
    const struct policy *p = r->policy;
    const struct json *node = list->first;
    for (uint32_t i = 0; i < p->guarantee_count; i++, node = node->next) {
        const struct policy_guarantee *step = &p->guarantees[i];
        const struct policy_guarantee *before = i == 0 ? NULL : step - 1;
        if (step->lgd_ppm > (before == NULL ? p->lgd_ppm : before->lgd_ppm)) {
            violation_at(
                r->v, json_find(node, STR("lgd_ratio")), "not_monotone",
                "no more than the step before, or the threshold's lgd_ratio",
                "The ladder goes from soft to hard: each step loses no more than the one before.");
        }
        if (before != NULL && step->pd_ppm_max < before->pd_ppm_max) {
            violation_at(r->v, json_find(node, STR("highest_probability")), "not_monotone",
                         "no less than the step before",
                         "The ladder goes from soft to hard: each step takes no less risk.");
        }
        if (step->pd_ppm_max > p->decline_pd_ppm) {
            violation_at(r->v, json_find(node, STR("highest_probability")), "above_decline",
                         "no more than the threshold's decline_probability",
                         "A guarantee cannot turn what is declined whatever the margin.");
        }
    }
}

static void read_guarantees(struct reader *r, const struct json *top)
{
    const struct json *list = member(r, top, "guarantees", JSON_ARRAY, "an array of guarantees");
    uint32_t faults = r->v->total;
    if (list == NULL) {
        return;
    }
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        read_guarantee(r, node);
    }
    if (r->v->total == faults) {
        check_ladder(r, list);
    }
}

/* ---- limit ---- */

static uint32_t share_at(const struct policy *p, const struct number_row *row, size_t letter)
{
    uint32_t share;
    memcpy(&share, (const char *)p + row->offset + letter * sizeof share, sizeof share);
    return share;
}

/* A worse grade never gets more, and open proceedings get nothing. */
static void check_shares(struct reader *r, const struct json *by_grade)
{
    for (size_t letter = 0; letter < GRADE_LETTER_COUNT; letter++) {
        const struct json *object = json_find(by_grade, str_from(grade_letters[letter]));
        for (size_t i = 0; i < ARRAY_LEN(grade_rows); i++) {
            const struct number_row *row = &grade_rows[i];
            const struct json *node = json_find(object, str_from(row->name));
            uint32_t share = share_at(r->policy, row, letter);
            if (letter > 0 && share > share_at(r->policy, row, letter - 1)) {
                violation_at(r->v, node, "not_monotone", "no more than the grade above",
                             "A worse grade may not get more than a better one.");
            } else if (letter == GRADE_LETTER_COUNT - 1 && share > 0) {
                violation_at(r->v, node, "out_of_range", "0",
                             "Nothing is lent in open proceedings.");
            }
        }
    }
}

static void read_by_grade(struct reader *r, const struct json *limit)
{
    const char *names[ARRAY_LEN(grade_rows)];
    const struct json *by_grade =
        member(r, limit, "by_grade", JSON_OBJECT, "an object with A to F and P");
    uint32_t faults = r->v->total;
    if (by_grade == NULL) {
        return;
    }
    violation_unknown_members(r->v, by_grade, grade_letters, GRADE_LETTER_COUNT);
    for (size_t letter = 0; letter < GRADE_LETTER_COUNT; letter++) {
        const struct json *object =
            member(r, by_grade, grade_letters[letter], JSON_OBJECT, "an object");
        for (size_t i = 0; i < ARRAY_LEN(grade_rows) && object != NULL; i++) {
            names[i] = grade_rows[i].name;
            read_number(r, object, &grade_rows[i], (uint32_t *)(void *)r->policy + letter);
        }
        if (object != NULL) {
            violation_unknown_members(r->v, object, names, ARRAY_LEN(names));
        }
    }
    if (r->v->total == faults) {
        check_shares(r, by_grade);
    }
}

static void read_limit(struct reader *r, const struct json *top)
{
    static const struct section section = {
        "limit",   limit_rows, ARRAY_LEN(limit_rows), limit_amounts, ARRAY_LEN(limit_amounts),
        "by_grade"};
    const struct json *limit = read_section(r, top, &section);
    if (limit != NULL) {
        read_by_grade(r, limit);
    }
}

/* ---- the whole ---- */

static void read_head(struct reader *r, const struct json *top)
{
    static const char *const names[] = {
        "format", "format_version", "id",         "version", "description", "currency", "perimeter",
        "rules",  "threshold",      "guarantees", "limit",   "accounts",    "thin"};
    violation_unknown_members(r->v, top, names, ARRAY_LEN(names));
    const struct json *node = member(r, top, "format", JSON_STRING, "\"aval-policy\"");
    if (node != NULL && !str_eq(node->text, STR("aval-policy"))) {
        violation_at(r->v, node, "unknown_value", "\"aval-policy\"", "This is not a policy.");
    }
    node = member(r, top, "format_version", JSON_NUMBER, "1");
    if (node != NULL && !str_eq(node->text, STR("1"))) {
        violation_at(r->v, node, "unknown_value", "1",
                     "This version of the format is not known here.");
    }
    read_word(r, top, "id", ID_LEN_MAX, "-_", &r->policy->id);
    read_word(r, top, "version", VERSION_LEN_MAX, ".-_", &r->policy->version);
    node = json_find(top, STR("description"));
    if (node != NULL && (node->type != JSON_STRING || node->text.len > DESCRIPTION_LEN_MAX)) {
        violation_at(r->v, node, "wrong_type", "a text of at most 512 bytes",
                     "This is for people: a short text.");
    }
    node = member(r, top, "currency", JSON_STRING, "an ISO 4217 code such as \"EUR\"");
    r->currency = CURRENCY_EUR;
    if (node != NULL && !currency_read(&r->currency, node->text)) {
        violation_at(r->v, node, "unknown_value", "an ISO 4217 code such as \"EUR\"",
                     "We keep no books in this currency.");
    }
    r->policy->currency = r->currency;
}

/* Note a contradiction between two members at the first of them. */
static void contradiction(struct reader *r, const struct json *top, const char *section,
                          const char *name, const char *expected)
{
    const struct json *object = json_find(top, str_from(section));
    violation_at(r->v, json_find(object, str_from(name)), "contradiction", expected,
                 "This contradicts another member.");
}

static void check_whole(struct reader *r, const struct json *top)
{
    const struct policy *p = r->policy;
    if (policy_threshold_ppm(p, p->lgd_ppm, (int32_t)p->terms_days) == 0) {
        contradiction(
            r, top, "threshold", "margin_ratio",
            "a margin that earns more than cost_ratio at terms_days: else nobody is accepted");
    }
    if (p->outdated_months <= p->stale_months) {
        contradiction(r, top, "accounts", "outdated_months", "more than stale_months");
    }
    if (p->review_days > p->valid_days) {
        contradiction(r, top, "limit", "review_days", "no more than valid_days");
    }
    if (money_compare(p->smallest_limit, p->appetite) > 0) {
        contradiction(r, top, "limit", "smallest_limit", "no more than appetite");
    }
    if (money_compare(p->round_down_to, p->appetite) > 0) {
        contradiction(r, top, "limit", "round_down_to", "no more than appetite");
    }
    if (money_compare(p->small_ticket, p->appetite) > 0) {
        contradiction(r, top, "thin", "small_ticket", "no more than the limit's appetite");
    }
}

static void read_policy(struct reader *r, const struct json *top)
{
    static const struct section threshold = {
        .name = "threshold", .numbers = threshold_rows, .number_count = ARRAY_LEN(threshold_rows)};
    static const struct section accounts = {
        .name = "accounts", .numbers = accounts_rows, .number_count = ARRAY_LEN(accounts_rows)};
    static const struct section thin = {
        .name = "thin", .amounts = thin_amounts, .amount_count = ARRAY_LEN(thin_amounts)};
    if (top->type != JSON_OBJECT) {
        violation_at(r->v, top, "wrong_type", "an object", "A policy is a JSON object.");
        return;
    }
    read_head(r, top);
    read_perimeter(r, top);
    read_rules(r, top);
    (void)read_section(r, top, &threshold);
    read_guarantees(r, top);
    read_limit(r, top);
    (void)read_section(r, top, &accounts);
    (void)read_section(r, top, &thin);
    if (r->v->total == 0) {
        check_whole(r, top);
    }
}

static void note_bad_json(struct violations *v, const struct json_error *bad)
{
    const struct json nowhere = {.type = JSON_STRING};
    violation_at(v, &nowhere, "malformed_json", "one JSON object", "Line %u, column %u: %s",
                 bad->line, bad->column, bad->message);
}

static enum status fill(struct policy *policy, struct str text, struct violations *v,
                        struct error *err)
{
    struct json_error bad;
    arena_init(&policy->arena, POLICY_ARENA_MAX);
    struct str copy = arena_copy(&policy->arena, text);
    if (text.len > POLICY_LEN_MAX || copy.ptr == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "a policy has at most %d bytes",
                         POLICY_LEN_MAX);
    }
    const struct json *top = json_read(copy, &policy->arena, &bad);
    if (top == NULL) {
        note_bad_json(v, &bad);
        return error_set(err, STATUS_INVALID, bad.pointer, "line %u, column %u: %s", bad.line,
                         bad.column, bad.message);
    }
    struct reader r = {.policy = policy, .v = v, .currency = CURRENCY_EUR};
    read_policy(&r, top);
    if (v->total > 0) {
        return error_set(err, STATUS_INVALID, "", "the policy has %u fault(s)", v->total);
    }
    return STATUS_OK;
}

enum status policy_read(struct policy **out, struct str text, struct violations *v,
                        struct error *err)
{
    struct policy *policy = calloc(1, sizeof *policy);
    if (policy == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for a policy");
    }
    enum status status = fill(policy, text, v, err);
    if (status != STATUS_OK) {
        policy_destroy(policy);
        return status;
    }
    *out = policy;
    return STATUS_OK;
}
