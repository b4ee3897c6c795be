/* flows.c - an account at a bank: fifteen months of bookings, and a balance that follows from them.
 *
 * Its level is set so that the account is below zero on as many of the last ninety days as the
 * company's drivers say; all else is the sum of what was booked. */
#include "economy/request.h"

#include "base/elementary.h"

#include <stdlib.h>

enum {
    MONTHS_MOST = 15,
    BOOKINGS_A_MONTH = 9,
    REJECTS_MOST = 6, /* a month, two bookings each */
    BOOKINGS_MAX = MONTHS_MOST * (BOOKINGS_A_MONTH + 2 * REJECTS_MOST),
    DAYS_WATCHED = 90,
    HALF_YEAR = 6,
};

static const double vat = 1.2;

struct booking {
    int32_t day; /* since 1970-01-01 */
    int64_t cents;
    const char *label, *party;
};

struct account {
    const struct economy *economy;
    const struct firm *firm;
    struct chance chance;
    int32_t first, last; /* days */
    double income, drift, swing, burn, top_share, rejects;
    uint32_t count;
    struct booking bookings[BOOKINGS_MAX];
};

static double seen(const struct account *a, enum driver driver)
{
    return firm_driver(a->firm, driver, a->firm->quality[0], a->economy->as_of.year);
}

static void book(struct account *a, int32_t day, double euros, const char *label, const char *party)
{
    int64_t cents = (int64_t)(euros * 100.0);
    if (day < a->first || day > a->last || cents == 0) {
        return;
    }
    CHECK(a->count < BOOKINGS_MAX);
    a->bookings[a->count++] = (struct booking){day, cents, label, party};
}

/* Shares of a month's spending, and when it leaves. */
static const struct {
    int32_t day;
    double share;
    const char *label, *party;
} spending[] = {
    {0,  0.06, "PRLV LOYER",       "Bailleur"     },
    {4,  0.05, "ECHEANCE PRET",    "Banque"       },
    {9,  0.28, "VIR FOURNISSEUR",  "Fournisseur A"},
    {14, 0.12, "PRLV URSSAF TVA",  "URSSAF"       },
    {19, 0.14, "PRLV FOURNISSEUR", "Fournisseur B"},
    {27, 0.35, "VIR SALAIRES",     "Personnel"    },
};

static void book_rejects(struct account *a, int32_t start, double outgo)
{
    uint32_t count = chance_poisson(&a->chance, a->rejects / HALF_YEAR);
    for (uint32_t i = 0; i < count && i < REJECTS_MOST; i++) {
        double amount = outgo * 0.02 * (0.5 + chance_uniform(&a->chance));
        int32_t day = start + 2 + (int32_t)chance_below(&a->chance, 22);
        if (day + 2 <= a->last) {
            book(a, day, -amount, "PRLV FOURNISSEUR", "Fournisseur B");
            book(a, day + 2, amount, "REJET PRLV FOURNISSEUR", "Fournisseur B");
        }
    }
}

static void book_month(struct account *a, int months_ago)
{
    struct date as_of = a->economy->as_of;
    int32_t start = date_to_days(date_add_months(as_of, -months_ago - 1)) + 1;
    int month = date_from_days(start).month;
    double season = month == 8 ? 0.80 : month == 12 ? 1.15 : 1.0;
    double usual = a->income * season * elementary_exp(-a->drift * months_ago / 12.0);
    double income = usual * elementary_exp(a->swing * chance_normal(&a->chance));
    double rest = income * (1.0 - a->top_share);
    double outgo = usual * (1.0 + a->burn + 0.03 * chance_normal(&a->chance));
    book(a, start + 7, income * a->top_share, "VIR RECU", "Client 1");
    book(a, start + 15, rest * 0.55, "VIR RECU", "Client 2");
    book(a, start + 24, rest * 0.45, "VIR RECU", "Client 3");
    for (size_t i = 0; i < ARRAY_LEN(spending); i++) {
        book(a, start + spending[i].day, -outgo * spending[i].share, spending[i].label,
             spending[i].party);
    }
    book_rejects(a, start, outgo);
}

static int compare_days(const void *left, const void *right)
{
    const struct booking *a = left;
    const struct booking *b = right;
    if (a->day != b->day) {
        return a->day < b->day ? -1 : 1;
    }
    return (a->cents > b->cents) - (a->cents < b->cents);
}

static int compare_cents(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* The balance at the end of the last day, from the days below zero that are wanted. */
static int64_t balance_of(const struct account *a, double days_below, double buffer)
{
    int64_t path[DAYS_WATCHED] = {0}; /* by age, against the last day's */
    for (uint32_t i = 0; i < a->count; i++) {
        const struct booking *b = &a->bookings[i];
        /* What was booked on a day is missing on all days before it. */
        for (int32_t age = a->last - b->day + 1; age < DAYS_WATCHED; age++) {
            path[age] -= b->cents;
        }
    }
    qsort(path, DAYS_WATCHED, sizeof(path[0]), compare_cents);
    uint32_t below = (uint32_t)(days_below * DAYS_WATCHED);
    below = below < DAYS_WATCHED ? below : DAYS_WATCHED - 1;
    return -path[below] + (below == 0 ? (int64_t)(buffer * 100.0) : 0);
}

static void write_bookings(struct json_writer *w, const struct account *a)
{
    json_array_begin(w);
    for (uint32_t i = 0; i < a->count; i++) {
        const struct booking *b = &a->bookings[i];
        json_object_begin(w);
        date_member(w, STR("date"), date_from_days(b->day));
        euros_member(w, STR("amount"), b->cents);
        json_text_member(w, STR("label"), str_from(b->label));
        json_text_member(w, STR("counterparty"), str_from(b->party));
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_account(struct json_writer *w, const struct account *a, int64_t balance)
{
    json_object_begin(w);
    json_text_member(w, STR("currency"), STR("EUR"));
    json_name(w, STR("balances"));
    json_array_begin(w);
    json_object_begin(w);
    date_member(w, STR("date"), a->economy->as_of);
    euros_member(w, STR("amount"), balance);
    json_object_end(w);
    json_array_end(w);
    json_name(w, STR("transactions"));
    write_bookings(w, a);
    json_object_end(w);
}

static void write_foreign_account(struct json_writer *w, const struct account *a)
{
    json_object_begin(w);
    json_text_member(w, STR("currency"), STR("USD"));
    json_name(w, STR("balances"));
    json_array_begin(w);
    json_object_begin(w);
    date_member(w, STR("date"), a->economy->as_of);
    euros_member(w, STR("amount"), (int64_t)(a->income * 5.0));
    json_object_end(w);
    json_array_end(w);
    json_object_end(w);
}

static void open_account(struct account *a, const struct economy *economy, const struct firm *firm)
{
    *a = (struct account){.economy = economy, .firm = firm};
    a->chance = chance_of(firm->key, TOPIC_BANK, (uint64_t)economy->as_of.year);
    a->last = date_to_days(economy->as_of);
    a->first = firm->born;
    a->income = sales_now(economy, firm) * vat / 12.0;
    a->drift = 0.03 + 0.16 * seen(a, DRIVER_DRIFT);
    a->swing = 0.12 * elementary_exp(-0.4 * seen(a, DRIVER_SWING));
    a->burn = -0.01 - 0.05 * seen(a, DRIVER_BURN);
    a->top_share = 0.25 + 0.65 * logistic(-1.2 - 0.6 * seen(a, DRIVER_TOP_PAYER));
    a->rejects = elementary_exp(-0.5 - 1.0 * seen(a, DRIVER_REJECTS));
}

void bank_write(struct json_writer *w, const struct economy *economy, uint32_t place,
                const struct shown *shown)
{
    struct account a;
    open_account(&a, economy, &economy->firms[place]);
    for (int months_ago = MONTHS_MOST - 1; months_ago >= 0; months_ago--) {
        book_month(&a, months_ago);
    }
    qsort(a.bookings, a.count, sizeof(a.bookings[0]), compare_days);
    double days_below = logistic(-3.1 - 1.7 * seen(&a, DRIVER_OVERDRAFT));
    double buffer = a.income * elementary_exp(-1.3 + 0.7 * seen(&a, DRIVER_BUFFER));
    json_array_begin(w);
    write_account(w, &a, balance_of(&a, days_below < 0.03 ? 0.0 : days_below, buffer));
    if (shown_is(shown, DIRT_FOREIGN_ACCOUNT)) {
        write_foreign_account(w, &a);
    }
    json_array_end(w);
}
