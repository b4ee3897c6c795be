/* bank.c - pooling accounts by day.
 *
 * Sums are bounded, not checked: twenty thousand amounts of the most that one may be pass what 64
 * bits hold. */
#include "credit/bank.h"

#include <stdlib.h>

enum { LABEL_SEEN = 256, YEAR_MONTHS = 12 };

static int64_t bounded_sum(int64_t a, int64_t b)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum)) {
        return a < 0 ? INT64_MIN : INT64_MAX;
    }
    return sum;
}

static int64_t bounded_difference(int64_t a, int64_t b)
{
    int64_t difference;
    if (__builtin_sub_overflow(a, b, &difference)) {
        return a < 0 ? INT64_MIN : INT64_MAX;
    }
    return difference;
}

/* ---- texts ---- */

/* The capital ASCII letter of a byte; `after_c3` of the second byte of U+00C0 to U+00FF. */
static char folded(unsigned char c, bool after_c3)
{
    static const char latin[] = "AAAAAAACEEEEIIIIDNOOOOO OUUUUYTS";
    if (after_c3 && c >= 0x80 && c <= 0xBF) {
        return latin[(c - 0x80) % 32];
    }
    return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/* Capitals without accents; returns how many bytes. */
static size_t fold(char *out, size_t size, struct str text)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len && len < size; i++) {
        bool is_two_bytes = (unsigned char)text.ptr[i] == 0xC3 && i + 1 < text.len;
        i += is_two_bytes ? 1 : 0;
        out[len++] = folded((unsigned char)text.ptr[i], is_two_bytes);
    }
    return len;
}

static bool contains(struct str text, const char *word)
{
    struct str part = str_from(word);
    for (size_t i = 0; i + part.len <= text.len; i++) {
        if (text.ptr[i] == word[0] && memcmp(text.ptr + i, word, part.len) == 0) {
            return true;
        }
    }
    return false;
}

/* As banks of France, Spain, Germany, Italy and English-speaking countries print it. */
bool bank_is_rejection(struct str label)
{
    static const char *const words[] = {"REJET",
                                        "IMPAY",
                                        "RECIBO DEVUELTO",
                                        "DEVOLUCION RECIBO",
                                        "DEVOLUCION DE RECIBO",
                                        "IMPAGAD",
                                        "CKLASTSCHRIFT",
                                        "INSOLUT",
                                        "UNPAID",
                                        "RETURNED DIRECT DEBIT",
                                        "BOUNCED",
                                        "RETURNED CHEQUE"};
    char seen[LABEL_SEEN];
    struct str text = {seen, fold(seen, sizeof seen, label)};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (contains(text, words[i])) {
            return true;
        }
    }
    return false;
}

/* ---- which days ---- */

static int32_t age_of(struct date date, struct date as_of)
{
    return date_days_between(date, as_of);
}

/* The ages of the first and last record; false if there is none up to as_of. */
static bool account_span(int32_t *oldest, int32_t *newest, const struct bank_account *account,
                         struct date as_of)
{
    *oldest = -1;
    *newest = INT32_MAX;
    for (uint32_t i = 0; i < account->balance_count + account->transaction_count; i++) {
        bool is_balance = i < account->balance_count;
        struct date date = is_balance ? account->balances[i].date
                                      : account->transactions[i - account->balance_count].date;
        int32_t age = age_of(date, as_of);
        if (age >= 0) {
            *oldest = age > *oldest ? age : *oldest;
            *newest = age < *newest ? age : *newest;
        }
    }
    return *oldest >= 0;
}

static bool is_pooled(const struct bank_account *account, enum currency currency, struct date as_of)
{
    int32_t oldest, newest;
    return account->currency == currency && account_span(&oldest, &newest, account, as_of);
}

static enum currency first_currency(const struct bank_account *accounts, uint32_t count,
                                    struct date as_of)
{
    int32_t oldest, newest;
    for (uint32_t i = 0; i < count; i++) {
        if (account_span(&oldest, &newest, &accounts[i], as_of)) {
            return accounts[i].currency;
        }
    }
    return CURRENCY_NONE;
}

/* ---- flows ---- */

static void add_transaction(struct bank_day *day, const struct bank_transaction *t)
{
    bool is_rejection = bank_is_rejection(t->label);
    if (t->minor > 0) {
        day->returned_count += is_rejection ? 1 : 0;
        day->income_minor = bounded_sum(day->income_minor, is_rejection ? 0 : t->minor);
    } else {
        day->debit_count += t->minor < 0 && !is_rejection ? 1 : 0;
        day->rejected_count += t->minor < 0 && is_rejection ? 1 : 0;
        day->outgo_minor = bounded_difference(day->outgo_minor, t->minor);
    }
}

/* ---- balances ---- */

struct dated {
    int32_t age;
    uint32_t place; /* in the list: keeps the order of one day */
    int64_t minor;
};

static int oldest_first(const void *a, const void *b)
{
    const struct dated *x = a;
    const struct dated *y = b;
    if (x->age != y->age) {
        return x->age > y->age ? -1 : 1;
    }
    return (x->place > y->place) - (x->place < y->place);
}

/* What an account holds, as it is walked from its oldest record on. */
struct walk {
    const struct dated *moves; /* oldest first */
    uint32_t move_count, next;
    int64_t sum;
};

/* The sum of all that moved up to the end of the day of this age. */
static int64_t moved_until(struct walk *w, int32_t age)
{
    while (w->next < w->move_count && w->moves[w->next].age >= age) {
        w->sum = bounded_sum(w->sum, w->moves[w->next++].minor);
    }
    return w->sum;
}

static void add_balances(struct bank_day *days, const struct bank_ledger *ledger,
                         const struct dated *stated, uint32_t stated_count,
                         const struct dated *moves, uint32_t move_count)
{
    struct walk to_day = {moves, move_count, 0, 0}, to_stated = {moves, move_count, 0, 0};
    uint32_t at = 0;
    int64_t moved_then = moved_until(&to_stated, stated[0].age);
    for (int32_t age = (int32_t)ledger->day_count - 1; age >= ledger->newest; age--) {
        while (at + 1 < stated_count && stated[at + 1].age >= age) {
            moved_then = moved_until(&to_stated, stated[++at].age);
        }
        int64_t since = bounded_difference(moved_until(&to_day, age), moved_then);
        int64_t balance = bounded_sum(stated[at].minor, since);
        days[age].balance_minor = bounded_sum(days[age].balance_minor, balance);
    }
}

static bool add_account_balances(struct bank_day *days, struct bank_ledger *ledger,
                                 const struct bank_account *account, struct date as_of,
                                 struct arena *arena)
{
    struct dated *stated = arena_array(arena, struct dated, (size_t)account->balance_count + 1);
    struct dated *moves = arena_array(arena, struct dated, (size_t)account->transaction_count + 1);
    uint32_t stated_count = 0, move_count = 0;
    if (stated == NULL || moves == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < account->balance_count; i++) {
        int32_t age = age_of(account->balances[i].date, as_of);
        if (age >= 0) {
            stated[stated_count++] = (struct dated){age, i, account->balances[i].minor};
        }
    }
    for (uint32_t i = 0; i < account->transaction_count; i++) { /* no walk reaches those to come */
        int32_t age = age_of(account->transactions[i].date, as_of);
        moves[move_count++] = (struct dated){age, i, account->transactions[i].minor};
    }
    if (stated_count == 0) {
        ledger->has_balance = false;
        return true;
    }
    qsort(stated, stated_count, sizeof *stated, oldest_first);
    qsort(moves, move_count, sizeof *moves, oldest_first);
    add_balances(days, ledger, stated, stated_count, moves, move_count);
    return true;
}

/* ---- payers ---- */

struct payment_in {
    struct str payer; /* folded */
    int64_t minor;
};

static int payer_order(const void *a, const void *b)
{
    const struct payment_in *x = a;
    const struct payment_in *y = b;
    int by_name = str_compare(x->payer, y->payer);
    return by_name != 0 ? by_name : (x->minor > y->minor) - (x->minor < y->minor);
}

static void find_top_payer(struct bank_ledger *ledger, struct payment_in *payments, size_t count)
{
    int64_t sum = 0;
    if (count > 1) {
        qsort(payments, count, sizeof *payments, payer_order);
    }
    for (size_t i = 0; i < count; i++) {
        bool is_same = i > 0 && str_eq(payments[i].payer, payments[i - 1].payer);
        sum = bounded_sum(is_same ? sum : 0, payments[i].minor);
        ledger->income_minor = bounded_sum(ledger->income_minor, payments[i].minor);
        if (payments[i].payer.len == 0) {
            ledger->unnamed_minor = sum;
        } else if (sum > ledger->top_payer_minor) {
            ledger->top_payer_minor = sum;
        }
    }
}

static bool is_income(const struct bank_transaction *t, struct date since, struct date as_of)
{
    return t->minor > 0 && date_compare(t->date, since) > 0 && date_compare(t->date, as_of) <= 0 &&
           !bank_is_rejection(t->label);
}

static bool rank_payers(struct bank_ledger *ledger, const struct bank_account *accounts,
                        uint32_t count, struct date as_of, struct arena *arena)
{
    struct date since = date_add_months(as_of, -YEAR_MONTHS);
    size_t most = 0, kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        most += accounts[i].transaction_count;
    }
    struct payment_in *payments = arena_array(arena, struct payment_in, most + 1);
    if (payments == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < accounts[i].transaction_count; k++) {
            const struct bank_transaction *t = &accounts[i].transactions[k];
            if (accounts[i].currency != ledger->currency || !is_income(t, since, as_of)) {
                continue;
            }
            struct str payer = str_trim(t->counterparty);
            char *name = arena_array(arena, char, payer.len + 1);
            if (name == NULL) {
                return false;
            }
            payments[kept++] = (struct payment_in){
                {name, fold(name, payer.len, payer)},
                t->minor
            };
        }
    }
    find_top_payer(ledger, payments, kept);
    return true;
}

/* ---- the ledger ---- */

/* The days that all pooled accounts speak of. */
static void pooled_span(struct bank_ledger *ledger, const struct bank_account *accounts,
                        uint32_t count, struct date as_of)
{
    ledger->oldest = INT32_MAX;
    ledger->newest = -1;
    for (uint32_t i = 0; i < count; i++) {
        int32_t oldest, newest;
        if (accounts[i].currency == ledger->currency &&
            account_span(&oldest, &newest, &accounts[i], as_of)) {
            ledger->oldest = oldest < ledger->oldest ? oldest : ledger->oldest;
            ledger->newest = newest > ledger->newest ? newest : ledger->newest;
        }
    }
}

static void add_flows(struct bank_day *days, const struct bank_ledger *ledger,
                      const struct bank_account *account, struct date as_of)
{
    for (uint32_t i = 0; i < account->transaction_count; i++) {
        int32_t age = age_of(account->transactions[i].date, as_of);
        if (age >= ledger->newest && age < (int32_t)ledger->day_count) {
            add_transaction(&days[age], &account->transactions[i]);
        }
    }
}

bool bank_ledger_make(const struct bank_ledger **out, const struct bank_account *accounts,
                      uint32_t count, enum currency currency, struct date as_of,
                      struct arena *arena)
{
    *out = NULL;
    struct bank_ledger made = {.has_balance = true};
    made.currency = currency == CURRENCY_NONE ? first_currency(accounts, count, as_of) : currency;
    pooled_span(&made, accounts, count, as_of);
    if (made.newest < 0 || made.newest > made.oldest || made.newest >= BANK_DAYS_MAX) {
        return true;
    }
    made.day_count = made.oldest < BANK_DAYS_MAX ? (uint32_t)made.oldest + 1 : BANK_DAYS_MAX;
    struct bank_day *days = arena_array(arena, struct bank_day, made.day_count);
    struct bank_ledger *ledger = arena_new(arena, struct bank_ledger);
    if (days == NULL || ledger == NULL || !rank_payers(&made, accounts, count, as_of, arena)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!is_pooled(&accounts[i], made.currency, as_of)) {
            continue;
        }
        add_flows(days, &made, &accounts[i], as_of);
        if (!add_account_balances(days, &made, &accounts[i], as_of, arena)) {
            return false;
        }
    }
    made.days = days;
    *ledger = made;
    *out = ledger;
    return true;
}
