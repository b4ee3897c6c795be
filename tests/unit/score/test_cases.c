/* test_cases.c - runs the case files of formulas and features that a risk officer can read.
 *
 *   # the claim, in words
 *   given  current_assets = 620, total_assets = 1000
 *   expect altman_z = 2.42
 *   but    current_assets = unknown
 *   expect altman_z = unknown
 *
 * `given` starts afresh (after an `expect`), `but` changes what was given.  Amounts are whole
 * euros; dates and ratings stand as text.  A number holds to nine decimals, or nine digits if it is
 * large.  The file of a feature is named for it; every feature and every formula has one.
 *
 * What comes in lists is added a line each to what is given (x12: on that day of twelve months):
 *
 *   account USD                                        what follows is of another account
 *   balance 2026-06-30 8200.10
 *   bank    2025-07-05 x12 10000 "VIR" "Client A"      label and payer may be left out
 *   invoice 2026-03-31 4300 paid 2026-04-10            due; "open"; then perhaps disputed, USD
 *   event   lien.registered 2026-01-05 12000 EUR       or none: supplied, and empty
 *   link    owns Holding self share 0.6 pd 0.04 exposure 40000 EUR
 *   forget  bank                                       or invoice, event, link: as if not sent */
#include "base/elementary.h"
#include "feature/neighbourhood.h"

#include "tiny.h"

#include <dirent.h>
#include <math.h>
#include <string.h>

enum { NAMES_MAX = 64, TEXT_MAX = 64, PATH_LEN_MAX = 4096 };
enum { ACCOUNTS_MAX = 4, LIST_MAX = 512, WORDS_MAX = 12, ARENA_LIMIT = 4 * 1024 * 1024 };

struct entry {
    char name[TEXT_MAX];
    char text[TEXT_MAX];
};

/* What comes in lists. */
struct lists {
    uint32_t account_count, payment_count, event_count, link_count;
    struct bank_account accounts[ACCOUNTS_MAX];
    struct bank_balance balances[ACCOUNTS_MAX][LIST_MAX];
    struct bank_transaction transactions[ACCOUNTS_MAX][LIST_MAX];
    struct payment payments[LIST_MAX];
    struct legal_event events[LIST_MAX];
    struct link links[LIST_MAX];
    struct link_ends ends[LIST_MAX];
    bool has_events;
};

struct given {
    size_t count;
    struct entry entries[NAMES_MAX];
    struct lists lists;
};

static struct arena arena;

/* What a file proved of a name: each must be met with a value and without. */
struct proof {
    bool has_value, has_unknown;
};

static char current_file[PATH_LEN_MAX];
static int current_line;

static void broken(const char *why, const char *what)
{
    fail_msg("%s:%d: %s: %s", current_file, current_line, why, what);
}

static const char *given_text(const struct given *given, const char *name)
{
    for (size_t i = 0; i < given->count; i++) {
        if (strcmp(given->entries[i].name, name) == 0) {
            return strcmp(given->entries[i].text, "unknown") == 0 ? NULL : given->entries[i].text;
        }
    }
    return NULL;
}

static double number_of(const char *text)
{
    char *end = NULL;
    double value = strtod(text, &end);
    if (end == text || *end != '\0') {
        broken("not a number", text);
    }
    return value;
}

static struct known given_number(const struct given *given, const char *name)
{
    const char *text = given_text(given, name);
    return text == NULL ? (struct known){0} : (struct known){number_of(text), true};
}

static void given_set(struct given *given, const char *name, const char *text)
{
    size_t i = 0;
    while (i < given->count && strcmp(given->entries[i].name, name) != 0) {
        i++;
    }
    if (i == NAMES_MAX || strlen(name) >= TEXT_MAX || strlen(text) >= TEXT_MAX) {
        broken("too much is given", name);
    }
    given->count = i == given->count ? i + 1 : given->count;
    (void)snprintf(given->entries[i].name, TEXT_MAX, "%s", name);
    (void)snprintf(given->entries[i].text, TEXT_MAX, "%s", text);
}

static void expect_number(struct known got, const char *name, const char *want)
{
    if (strcmp(want, "unknown") == 0) {
        if (got.is_known) {
            broken("should be unknown", name);
        }
        return;
    }
    double value = number_of(want);
    double tolerance = fabs(value) > 1.0 ? 1e-9 * fabs(value) : 1e-9;
    if (!got.is_known || fabs(got.value - value) > tolerance) {
        char detail[200];
        (void)snprintf(detail, sizeof detail, "%s is %s %.12g, not %s", name,
                       got.is_known ? "known:" : "unknown:", got.value, want);
        broken("not as expected", detail);
    }
}

/* ---- formulas ---- */

static struct formula_inputs formula_inputs_of(const struct given *given)
{
    return (struct formula_inputs){
        .current_assets = given_number(given, "current_assets"),
        .current_liabilities = given_number(given, "current_liabilities"),
        .total_assets = given_number(given, "total_assets"),
        .retained_earnings = given_number(given, "retained_earnings"),
        .ebit = given_number(given, "ebit"),
        .profit_before_tax = given_number(given, "profit_before_tax"),
        .net_income = given_number(given, "net_income"),
        .total_liabilities = given_number(given, "total_liabilities"),
        .equity = given_number(given, "equity"),
        .market_equity = given_number(given, "market_equity"),
        .revenue = given_number(given, "revenue"),
    };
}

static struct known zmijewski_pd_of(const struct given *given)
{
    struct formula_inputs in = formula_inputs_of(given);
    struct known score = zmijewski(&in);
    return (struct known){zmijewski_pd(score.value), score.is_known};
}

static struct known ohlson_of(const struct given *given)
{
    struct ohlson_inputs in = {
        .total_assets = given_number(given, "total_assets"),
        .price_index = given_number(given, "price_index"),
        .total_liabilities = given_number(given, "total_liabilities"),
        .current_assets = given_number(given, "current_assets"),
        .current_liabilities = given_number(given, "current_liabilities"),
        .net_income = given_number(given, "net_income"),
        .net_income_before = given_number(given, "net_income_before"),
        .funds_from_operations = given_number(given, "funds_from_operations"),
    };
    return ohlson(&in);
}

static struct known ohlson_pd_of(const struct given *given)
{
    struct known log_odds = ohlson_of(given);
    return (struct known){logistic(log_odds.value), log_odds.is_known};
}

static struct known conan_holder_of(const struct given *given)
{
    struct conan_holder_inputs in = {
        .ebitda = given_number(given, "ebitda"),
        .debts = given_number(given, "debts"),
        .permanent_capital = given_number(given, "permanent_capital"),
        .total_assets = given_number(given, "total_assets"),
        .receivables_and_cash = given_number(given, "receivables_and_cash"),
        .financial_charges = given_number(given, "financial_charges"),
        .revenue = given_number(given, "revenue"),
        .personnel = given_number(given, "personnel"),
        .value_added = given_number(given, "value_added"),
    };
    return conan_holder(&in);
}

static struct known banque_de_france_of(const struct given *given)
{
    double percent[8];
    for (int i = 0; i < 8; i++) {
        char name[TEXT_MAX];
        (void)snprintf(name, sizeof name, "x%d", i + 1);
        percent[i] = given_number(given, name).value;
    }
    return banque_de_france_z(percent);
}

static double of_year(const struct given *given, const char *year, const char *name)
{
    char full[2 * TEXT_MAX];
    (void)snprintf(full, sizeof full, "%s.%s", year, name);
    return given_number(given, full).value;
}

static struct beneish_year beneish_year_of(const struct given *given, const char *year)
{
    return (struct beneish_year){
        .receivables = of_year(given, year, "receivables"),
        .sales = of_year(given, year, "sales"),
        .cost_of_goods_sold = of_year(given, year, "cost_of_goods_sold"),
        .current_assets = of_year(given, year, "current_assets"),
        .fixed_assets = of_year(given, year, "fixed_assets"),
        .total_assets = of_year(given, year, "total_assets"),
        .depreciation = of_year(given, year, "depreciation"),
        .overheads = of_year(given, year, "overheads"),
        .current_liabilities = of_year(given, year, "current_liabilities"),
        .long_term_debt = of_year(given, year, "long_term_debt"),
        .net_income = of_year(given, year, "net_income"),
        .operating_cash_flow = of_year(given, year, "operating_cash_flow"),
    };
}

static struct known beneish_of(const struct given *given)
{
    struct beneish_year now = beneish_year_of(given, "now");
    struct beneish_year before = beneish_year_of(given, "before");
    return beneish_m(&now, &before);
}

/* Either of two shapes: one of formula_inputs, or one with inputs of its own. */
static const struct {
    const char *name;
    struct known (*of_inputs)(const struct formula_inputs *in);
    struct known (*of_given)(const struct given *given);
    bool can_be_unknown;
} formulas[] = {
    {"altman_z",           altman_z,          NULL,                true },
    {"altman_z_private",   altman_z_private,  NULL,                true },
    {"altman_z_services",  altman_z_services, NULL,                true },
    {"altman_em_score",    altman_em_score,   NULL,                true },
    {"springate",          springate,         NULL,                true },
    {"zmijewski",          zmijewski,         NULL,                true },
    {"zmijewski_pd",       NULL,              zmijewski_pd_of,     true },
    {"ohlson",             NULL,              ohlson_of,           true },
    {"ohlson_pd",          NULL,              ohlson_pd_of,        true },
    {"conan_holder",       NULL,              conan_holder_of,     true },
    {"banque_de_france_z", NULL,              banque_de_france_of, false},
    {"beneish_m",          NULL,              beneish_of,          true },
};

static struct proof formula_proofs[ARRAY_LEN(formulas)];

static void note_proof(struct proof *proof, const char *want)
{
    bool is_unknown = strcmp(want, "unknown") == 0;
    proof->has_unknown = proof->has_unknown || is_unknown;
    proof->has_value = proof->has_value || !is_unknown;
}

static void expect_of_formula(const struct given *given, const char *name, const char *want)
{
    struct formula_inputs in = formula_inputs_of(given);
    if (strcmp(name, "altman_em_rating") == 0) {
        if (strcmp(altman_em_rating(altman_em_score(&in).value), want) != 0) {
            broken("another rating", want);
        }
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(formulas); i++) {
        if (strcmp(name, formulas[i].name) == 0) {
            struct known got = formulas[i].of_inputs != NULL ? formulas[i].of_inputs(&in)
                                                             : formulas[i].of_given(given);
            expect_number(got, name, want);
            note_proof(&formula_proofs[i], want);
            return;
        }
    }
    broken("no such formula", name);
}

/* ---- features ---- */

static struct proof feature_proofs[FEATURE_COUNT];

static struct date given_date(const struct given *given, const char *name)
{
    struct date date = {0};
    const char *text = given_text(given, name);
    if (text != NULL && !date_read(&date, str_from(text))) {
        broken("not a date", text);
    }
    return date;
}

static struct statement statement_of(const struct given *given, const char *prefix)
{
    char name[2 * TEXT_MAX];
    (void)snprintf(name, sizeof name, "%smonths", prefix);
    struct known months = given_number(given, name);
    struct statement s = {.months = months.is_known ? (uint8_t)months.value : 12,
                          .currency = CURRENCY_EUR};
    for (size_t i = 0; i < ITEM_COUNT; i++) {
        (void)snprintf(name, sizeof name, "%s%s", prefix, item_wire((enum item)i));
        struct known amount = given_number(given, name);
        if (amount.is_known) {
            statement_state(&s, (enum item)i, llround(amount.value * 100.0));
        }
    }
    statement_derive(&s);
    return s;
}

static bool has_previous(const struct given *given)
{
    for (size_t i = 0; i < given->count; i++) {
        if (strncmp(given->entries[i].name, "previous.", strlen("previous.")) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- lists ---- */

static struct date read_day(const char *text)
{
    struct date date = {0};
    if (!date_read(&date, str_from(text))) {
        broken("not a date", text);
    }
    return date;
}

static int64_t read_minor(const char *text)
{
    return llround(number_of(text) * 100.0);
}

static enum currency read_currency(const char *text)
{
    enum currency currency = CURRENCY_NONE;
    if (!currency_read(&currency, str_from(text))) {
        broken("no currency", text);
    }
    return currency;
}

static struct str kept(const char *text)
{
    struct str copy = arena_copy(&arena, str_from(text));
    assert_non_null(copy.ptr);
    return copy;
}

static struct bank_account *current_account(struct lists *lists)
{
    if (lists->account_count == 0) {
        lists->accounts[lists->account_count++].currency = CURRENCY_EUR;
    }
    return &lists->accounts[lists->account_count - 1];
}

static void add_account(struct lists *lists, char **words, size_t count)
{
    if (count != 1 || lists->account_count == ACCOUNTS_MAX) {
        broken("an account has a currency", words[0]);
    }
    lists->accounts[lists->account_count++] =
        (struct bank_account){.currency = read_currency(words[0])};
}

static void add_balance(struct lists *lists, char **words, size_t count)
{
    struct bank_account *account = current_account(lists);
    if (count != 2 || account->balance_count == LIST_MAX) {
        broken("a balance has a day and an amount", words[0]);
    }
    lists->balances[account - lists->accounts][account->balance_count++] =
        (struct bank_balance){read_day(words[0]), read_minor(words[1])};
}

static void add_bank(struct lists *lists, char **words, size_t count)
{
    struct bank_account *account = current_account(lists);
    bool is_repeated = count > 1 && words[1][0] == 'x';
    long times = is_repeated ? lround(number_of(words[1] + 1)) : 1;
    char **rest = words + (is_repeated ? 2 : 1);
    size_t rest_count = count - (is_repeated ? 2 : 1);
    if (rest_count < 1 || rest_count > 3 || account->transaction_count + times > LIST_MAX) {
        broken("bank DAY [xN] AMOUNT [LABEL [PAYER]]", words[0]);
    }
    for (long i = 0; i < times; i++) {
        lists->transactions[account - lists->accounts][account->transaction_count++] =
            (struct bank_transaction){
                .date = date_add_months(read_day(words[0]), (int)i),
                .minor = read_minor(rest[0]),
                .label = kept(rest_count > 1 ? rest[1] : ""),
                .counterparty = kept(rest_count > 2 ? rest[2] : ""),
            };
    }
}

static void add_invoice(struct lists *lists, char **words, size_t count)
{
    struct payment p = {.amount.currency = CURRENCY_EUR};
    if (count < 3 || lists->payment_count == LIST_MAX) {
        broken("invoice DUE AMOUNT (open or paid DAY)", words[0]);
    }
    p.due_on = read_day(words[0]);
    p.issued_on = date_add_days(p.due_on, -30);
    p.amount.minor = read_minor(words[1]);
    size_t at = 3;
    if (strcmp(words[2], "paid") == 0 && count > 3) {
        p.paid_on = read_day(words[at++]);
    } else if (strcmp(words[2], "open") != 0) {
        broken("open or paid DAY", words[2]);
    }
    for (; at < count; at++) {
        if (strcmp(words[at], "disputed") == 0) {
            p.is_disputed = true;
        } else {
            p.amount.currency = read_currency(words[at]);
        }
    }
    lists->payments[lists->payment_count++] = p;
}

static void add_event(struct lists *lists, char **words, size_t count)
{
    struct legal_event event = {.source = STR(""), .reference = STR("")};
    lists->has_events = true;
    if (count == 1 && strcmp(words[0], "none") == 0) {
        return;
    }
    if ((count != 2 && count != 4) || lists->event_count == LIST_MAX ||
        !legal_event_type_read(&event.type, str_from(words[0]))) {
        broken("event TYPE DAY [AMOUNT CURRENCY]", words[0]);
    }
    event.date = read_day(words[1]);
    if (count == 4) {
        event.amount = (struct money){read_minor(words[2]), read_currency(words[3])};
    }
    lists->events[lists->event_count++] = event;
}

static struct company_id party(const char *name)
{
    struct company_id id = {.scheme = SCHEME_EXT};
    (void)snprintf(id.value, sizeof id.value, "%s", name);
    return id;
}

static void add_link(struct lists *lists, char **words, size_t count)
{
    struct link link = {.share_ppm = LINK_UNSTATED, .pd_ppm = LINK_UNSTATED};
    if (count < 3 || lists->link_count == LIST_MAX ||
        !link_type_read(&link.type, str_from(words[0]))) {
        broken("link TYPE FROM TO", words[0]);
    }
    for (size_t at = 3; at < count; at += 2) {
        bool has_value = at + 1 < count;
        if (has_value && strcmp(words[at], "share") == 0) {
            link.share_ppm = (int32_t)lround(number_of(words[at + 1]) * 1e6);
        } else if (has_value && strcmp(words[at], "pd") == 0) {
            link.pd_ppm = (int32_t)lround(number_of(words[at + 1]) * 1e6);
        } else if (at + 2 < count && strcmp(words[at], "exposure") == 0) {
            link.exposure = (struct money){read_minor(words[at + 1]), read_currency(words[at + 2])};
            at++;
        } else {
            broken("share, pd or exposure, with a value", words[at]);
        }
    }
    lists->ends[lists->link_count] = (struct link_ends){party(words[1]), party(words[2])};
    lists->links[lists->link_count++] = link;
}

static void forget(struct lists *lists, char **words, size_t count)
{
    if (count == 1 && strcmp(words[0], "bank") == 0) {
        lists->account_count = 0;
        memset(lists->accounts, 0, sizeof lists->accounts);
    } else if (count == 1 && strcmp(words[0], "invoice") == 0) {
        lists->payment_count = 0;
    } else if (count == 1 && strcmp(words[0], "event") == 0) {
        lists->event_count = 0;
        lists->has_events = false;
    } else if (count == 1 && strcmp(words[0], "link") == 0) {
        lists->link_count = 0;
    } else {
        broken("forget bank, invoice, event or link", words[0]);
    }
}

static const struct {
    const char *verb;
    void (*add)(struct lists *lists, char **words, size_t count);
} list_verbs[] = {
    {"account", add_account},
    {"balance", add_balance},
    {"bank",    add_bank   },
    {"invoice", add_invoice},
    {"event",   add_event  },
    {"link",    add_link   },
    {"forget",  forget     },
};

/* Blanks part words; quotes hold them together. */
static size_t split(char **words, char *text)
{
    size_t count = 0;
    while (*(text += strspn(text, " \t")) != '\0') {
        bool is_quoted = *text == '"';
        text += is_quoted ? 1 : 0;
        if (count == WORDS_MAX) {
            broken("too many words", text);
        }
        words[count++] = text;
        text += strcspn(text, is_quoted ? "\"" : " \t");
        if (*text != '\0') {
            *text++ = '\0';
        }
    }
    return count;
}

/* False: the line is no list's. */
static bool run_list_line(struct lists *lists, char *line)
{
    size_t verb_len = strcspn(line, " \t");
    for (size_t i = 0; i < ARRAY_LEN(list_verbs); i++) {
        if (strlen(list_verbs[i].verb) == verb_len &&
            strncmp(line, list_verbs[i].verb, verb_len) == 0) {
            char *words[WORDS_MAX];
            size_t count = split(words, line + verb_len);
            if (count == 0) {
                broken("nothing behind", list_verbs[i].verb);
            }
            list_verbs[i].add(lists, words, count);
            return true;
        }
    }
    return false;
}

/* What was listed, as facts, and what follows from it. */
static void facts_take_lists(struct facts *facts, const struct given *given)
{
    static struct lists lists;
    lists = given->lists;
    for (uint32_t i = 0; i < lists.account_count; i++) {
        lists.accounts[i].balances = lists.balances[i];
        lists.accounts[i].transactions = lists.transactions[i];
    }
    facts->company.identifiers[0] = party("self");
    facts->company.identifier_count = 1;
    facts->bank_accounts = lists.accounts;
    facts->bank_account_count = lists.account_count;
    facts->payments = lists.payments;
    facts->payment_count = lists.payment_count;
    facts->legal_events = lists.events;
    facts->legal_event_count = lists.event_count;
    facts->blocks_sent |= lists.has_events ? 1U << BLOCK_LEGAL : 0;
    facts->links = lists.links;
    facts->link_count = lists.link_count;
    struct known recovery = given_number(given, "recovery");
    assert_true(links_number(lists.links, &facts->party_count, lists.ends, lists.link_count,
                             &facts->company, &arena));
    assert_true(facts_derive(facts, &arena));
    assert_true(neighbourhood_make(facts, recovery.value, &arena));
}

static enum legal_nature given_nature(const struct given *given)
{
    const char *text = given_text(given, "nature");
    for (unsigned i = 0; text != NULL && i < LEGAL_NATURE_COUNT; i++) {
        if (strcmp(text, legal_nature_wire((enum legal_nature)i)) == 0) {
            return (enum legal_nature)i;
        }
    }
    return LEGAL_NATURE_UNKNOWN;
}

/* Nothing that is given may be mistyped into nothing. */
static void every_name_is_known(const struct given *given)
{
    static const char *const names[] = {
        "months",    "previous.months", "period_end",   "as_of",  "incorporated_on",
        "employees", "sector_rate",     "country_rate", "nature", "recovery"};
    for (size_t i = 0; i < given->count; i++) {
        const char *name = given->entries[i].name;
        enum item ignored;
        bool is_known = false;
        for (size_t k = 0; k < ARRAY_LEN(names); k++) {
            is_known = is_known || strcmp(name, names[k]) == 0;
        }
        const char *bare = strncmp(name, "previous.", 9) == 0 ? name + 9 : name;
        if (!is_known && !item_read(&ignored, str_from(bare))) {
            broken("nothing of this name can be given", name);
        }
    }
}

static struct tendency tendency_of(const struct given *given)
{
    struct tendency tendency = {.rate = given_number(given, "sector_rate")};
    struct known country = given_number(given, "country_rate");
    if (tendency.rate.is_known && country.is_known) {
        double log_odds = elementary_log(tendency.rate.value / country.value);
        tendency.sector_lo = (struct known){log_odds, true};
    }
    return tendency;
}

static void expect_of_feature(const struct given *given, const char *name, const char *want)
{
    enum feature feature = feature_find(str_from(name));
    if (feature == FEATURE_NONE) {
        broken("no such feature", name);
    }
    every_name_is_known(given);
    struct statement statements[2] = {statement_of(given, ""), statement_of(given, "previous.")};
    struct facts facts = sound_facts(statements, has_previous(given) ? 2 : 1);
    facts.as_of = given_date(given, "as_of");
    facts.as_of = date_is_set(facts.as_of) ? facts.as_of : (struct date){2026, 6, 30};
    statements[0].period_end = given_date(given, "period_end");
    if (!date_is_set(statements[0].period_end)) {
        statements[0].period_end = (struct date){2025, 12, 31};
    }
    statements[1].period_end = date_add_months(statements[0].period_end, -12);
    facts.company.incorporated_on = given_date(given, "incorporated_on");
    struct known employees = given_number(given, "employees");
    facts.company.employees = employees.is_known ? (int32_t)employees.value : -1;

    facts.company.nature = given_nature(given);
    facts_take_lists(&facts, given);

    struct features features;
    features_extract(&features, &facts, tendency_of(given));
    expect_number(features.values[feature], name, want);
    note_proof(&feature_proofs[feature], want);
}

/* ---- reading a case ---- */

static char *trimmed(char *text)
{
    text += strspn(text, " \t");
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL) {
        text[--len] = '\0';
    }
    return text;
}

struct scene {
    void (*expect)(const struct given *given, const char *name, const char *want);
    struct given given;
    bool is_over; /* something was expected: the next `given` starts afresh */
    unsigned claims, expectations;
};

static void run_pair(struct scene *scene, bool is_expectation, char *pair)
{
    char *equals = strchr(pair, '=');
    if (equals == NULL) {
        broken("name = value", pair);
        return;
    }
    *equals = '\0';
    char *name = trimmed(pair);
    char *text = trimmed(equals + 1);
    if (is_expectation) {
        scene->expect(&scene->given, name, text);
        scene->expectations++;
    } else {
        given_set(&scene->given, name, text);
    }
}

static void run_line(struct scene *scene, char *line)
{
    line = trimmed(line);
    if (line[0] == '#') {
        scene->claims++;
        return;
    }
    if (line[0] == '\0' || run_list_line(&scene->given.lists, line)) {
        return;
    }
    size_t verb_len = strcspn(line, " \t");
    bool is_given = strncmp(line, "given", verb_len) == 0;
    bool is_expect = strncmp(line, "expect", verb_len) == 0;
    if (!is_given && !is_expect && strncmp(line, "but", verb_len) != 0) {
        broken("given, but or expect", line);
    }
    if (is_given && scene->is_over) {
        memset(&scene->given, 0, sizeof scene->given);
    }
    scene->is_over = is_expect;
    char *rest = NULL;
    for (char *pair = strtok_r(line + verb_len, ",", &rest); pair != NULL;
         pair = strtok_r(NULL, ",", &rest)) {
        run_pair(scene, is_expect, pair);
    }
}

static void run_case(const char *folder, const char *name,
                     void (*expect)(const struct given *, const char *, const char *))
{
    char line[1024];
    static struct scene scene;
    memset(&scene, 0, sizeof scene);
    scene.expect = expect;
    (void)snprintf(current_file, sizeof current_file, "%s/%s", folder, name);
    FILE *file = fopen(current_file, "r");
    assert_non_null(file);
    current_line = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        current_line++;
        run_line(&scene, line);
    }
    (void)fclose(file);
    arena_reset(&arena);
    if (scene.claims == 0 || scene.expectations == 0) {
        broken("a case claims something and expects something", name);
    }
}

static const char *cases_root;

static unsigned run_folder(const char *name,
                           void (*expect)(const struct given *, const char *, const char *))
{
    char folder[PATH_LEN_MAX / 2];
    (void)snprintf(folder, sizeof folder, "%s/%s", cases_root, name);
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    unsigned count = 0;
    for (struct dirent *d = readdir(dir); d != NULL; d = readdir(dir)) {
        if (str_ends_with(str_from(d->d_name), STR(".case"))) {
            run_case(folder, d->d_name, expect);
            count++;
        }
    }
    (void)closedir(dir);
    return count;
}

static void formulas_give_their_published_values(void **state)
{
    (void)state;
    assert_true(run_folder("formulas", expect_of_formula) > 0);
    for (size_t i = 0; i < ARRAY_LEN(formulas); i++) {
        bool is_proven = formula_proofs[i].has_value &&
                         formula_proofs[i].has_unknown == formulas[i].can_be_unknown;
        if (!is_proven) {
            fail_msg("no case proves %s, known and unknown", formulas[i].name);
        }
    }
}

static void features_are_what_their_cases_say(void **state)
{
    (void)state;
    assert_int_equal(run_folder("features", expect_of_feature), FEATURE_COUNT);
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        char path[PATH_LEN_MAX];
        const char *wire = feature_info((enum feature)i)->wire;
        (void)snprintf(path, sizeof path, "%s/features/%s.case", cases_root, wire);
        if (access(path, R_OK) != 0 || !feature_proofs[i].has_value ||
            !feature_proofs[i].has_unknown) {
            fail_msg("no case file of its own proves %s, known and unknown", wire);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: test_cases DIRECTORY   (tests/cases)\n");
        return 2;
    }
    cases_root = argv[1];
    arena_init(&arena, ARENA_LIMIT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_give_their_published_values),
        cmocka_unit_test(features_are_what_their_cases_say),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_finish(&arena);
    return failed;
}
