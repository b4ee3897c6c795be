/* test_decision_request.c - what a request may say, each way it can be wrong, and what is frozen.
 *
 * Requests are written with ' for ", so that they can be read; faults as "pointer code, pointer
 * code". */
#include "feature/neighbourhood.h"
#include "wire/decision_request.h"

#include "../expect.h"

#include <stdio.h>

enum {
    ARENA_LIMIT = 64 * 1024 * 1024,
    TEXT_MAX = 4 * 1024 * 1024,
    ONE_REQUEST = 4 * 1024 * 1024, /* what the door gives a request */
};

static const struct date today = {2026, 11, 22};
static struct arena arena;
static struct violations violations;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_LIMIT);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static const struct json *tree_of(struct str text)
{
    struct json_error err = {0};
    struct str copy = arena_copy(&arena, text);
    assert_non_null(copy.ptr);
    for (size_t i = 0; i < copy.len; i++) {
        if (copy.ptr[i] == '\'') {
            ((char *)(uintptr_t)copy.ptr)[i] = '"';
        }
    }
    const struct json *root = json_read(copy, &arena, &err);
    if (root == NULL) {
        fail_msg("the test is no JSON at %zu: %s: %.*s", err.offset, err.message, STR_ARGS(text));
    }
    return root;
}

static enum status read_text(struct decision_request *out, const char *text)
{
    const struct json *root = tree_of(str_from(text));
    violations_init(&violations, &arena);
    return decision_request_read(out, root, today, &arena, &violations);
}

static struct decision_request read_ok(const char *text)
{
    struct decision_request request = {0};
    enum status status = read_text(&request, text);
    if (status != STATUS_OK) {
        const struct violation *v = &violations.items[0];
        fail_msg("refused at %.*s: %s in %s", STR_ARGS(v->pointer), v->code, text);
    }
    assert_int_equal(violations.total, 0);
    return request;
}

/* Read a text, and hold its faults to the list. */
static void check_faults(const char *text, const char *want)
{
    struct decision_request request = {.asked.terms_days = 12345};
    struct buf got;
    enum status status = read_text(&request, text);
    buf_init(&got, 16384);
    for (uint32_t i = 0; i < violations.count; i++) {
        const struct violation *v = &violations.items[i];
        assert_true(v->expected.len > 0 || strcmp(v->code, "unknown_member") == 0);
        buf_printf(&got, "%s%.*s %s", i == 0 ? "" : ", ", STR_ARGS(v->pointer), v->code);
        assert_true(v->detail.len > 0);
    }
    if (!str_eq(buf_str(&got), str_from(want))) {
        fail_msg("%s\n got  %.*s\n want %s", text, STR_ARGS(buf_str(&got)), want);
    }
    assert_int_equal(status, want[0] == '\0' ? STATUS_OK : STATUS_INVALID);
    assert_true(want[0] == '\0' || request.asked.terms_days == 12345); /* nothing written */
    buf_finish(&got);
    arena_reset(&arena);
}

struct row {
    const char *text;
    const char *want;
};

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_faults(rows[i].text, rows[i].want);
    }
}

/* The same, for members that stand beside a sound company. */
static void check_members(const struct row *rows, size_t count)
{
    char text[8192];
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(text, sizeof(text),
                       "{'company':{'identifiers':[{'scheme':'siren','value':'732829320'}]},%s}",
                       rows[i].text);
        check_faults(text, rows[i].want);
    }
}

static const char full[] =
    "{'company':{'identifiers':[{'scheme':'siren','value':'732829320','country':'FR'},"
    "{'scheme':'vat','value':'FR44732829320'}],'name':'Ateliers Dupont','country':'FR',"
    "'legal_form':'SAS','activity':{'nomenclature':'naf_rev2','code':'4669B'},"
    "'incorporated_on':'2009-04-01','employees':14},"
    "'request':{'product':'trade_credit','amount':{'amount':'25000.00','currency':'EUR'},"
    "'terms_days':60},"
    "'financial_statements':[{'period_end':'2024-12-31','months':12,'currency':'EUR',"
    "'basis':'individual','items':{'total_assets':700000,'equity':150000}},"
    "{'period_end':'2025-12-31','currency':'EUR','items':{'total_assets':812000,'equity':190000,"
    "'revenue':'1530000.00'},'boxes':{'regime':'normal','FL':1530000,'FK':20000}}],"
    "'bank_accounts':[{'iban':'FR1420041010050500013M02606','currency':'EUR',"
    "'balances':[{'date':'2026-08-01','amount':'8200.10'}],'transactions':[{'date':'2026-08-03',"
    "'amount':'-1200.00','label':'URSSAF','counterparty':''}]}],"
    "'payment_experiences':[{'invoice':'F-118','issued_on':'2026-05-02','due_on':'2026-07-01',"
    "'amount':'4300.00','currency':'EUR','paid_on':null,'disputed':false}],"
    "'legal_events':[{'type':'insolvency.safeguard_opened','date':'2024-02-10','source':'bodacc',"
    "'reference':'A1','amount':{'amount':'0','currency':'EUR'}}],"
    "'links':[{'type':'owns','from':{'scheme':'siren','value':'356000000'},"
    "'to':{'scheme':'siren','value':'732829320'},'share_ratio':0.6,"
    "'exposure':{'amount':'40000.00','currency':'EUR'},'pd':0.04}],"
    "'policy':'my-policy','as_of':null,'language':'fr','audience':'applicant',"
    "'purpose':'credit_granting','legal_basis':'consent','consent':'C-1',"
    "'client_reference':'ERP-7781','file':false}";

static void reads_every_member(void **state)
{
    (void)state;
    struct decision_request request = read_ok(full);
    const struct facts *facts = &request.facts;
    assert_int_equal(facts->company.identifier_count, 2);
    assert_string_equal(facts->company.identifiers[1].value, "FR44732829320");
    assert_text(facts->company.name, "Ateliers Dupont");
    assert_string_equal(facts->company.country, "FR");
    assert_text(facts->company.legal_form, "SAS");
    assert_int_equal(facts->company.nature, LEGAL_NATURE_COMPANY);
    assert_int_equal(facts->company.nomenclature, NOMENCLATURE_NAF_REV2);
    assert_string_equal(facts->company.activity_code, "4669B");
    assert_int_equal(date_compare(facts->company.incorporated_on, (struct date){2009, 4, 1}), 0);
    assert_int_equal(facts->company.employees, 14);
    assert_int_equal(date_compare(facts->as_of, today), 0);
    assert_int_equal(facts->blocks_sent, (1U << BLOCK_COUNT) - 1);
    assert_int_equal(facts->statement_count, 2);
    assert_int_equal(facts->legal_event_count, 1);
    assert_int_equal(facts->legal_events[0].type, LEGAL_SAFEGUARD_OPENED);
    assert_text(facts->legal_events[0].source, "bodacc");
    assert_int_equal(facts->legal_events[0].amount.currency, CURRENCY_EUR);
    assert_text(request.asked.product, "trade_credit");
    assert_int_equal(request.asked.amount.minor, 2500000);
    assert_int_equal(request.asked.terms_days, 60);
    assert_text(request.policy, "my-policy");
    assert_int_equal(request.language, LANGUAGE_FR);
    assert_int_equal(request.audience, AUDIENCE_APPLICANT);
    assert_int_equal(request.purpose, PURPOSE_CREDIT_GRANTING);
    assert_int_equal(request.legal_basis, LEGAL_BASIS_CONSENT);
    assert_text(request.consent, "C-1");
    assert_text(request.client_reference, "ERP-7781");
}

static void reads_accounts_payments_and_links(void **state)
{
    (void)state;
    struct decision_request request = read_ok(full);
    const struct facts *facts = &request.facts;
    assert_int_equal(facts->bank_account_count, 1);
    const struct bank_account *account = facts->bank_accounts;
    assert_int_equal(account->currency, CURRENCY_EUR);
    assert_int_equal(account->balance_count, 1);
    assert_int_equal(account->balances[0].minor, 820010);
    assert_int_equal(date_compare(account->balances[0].date, (struct date){2026, 8, 1}), 0);
    assert_int_equal(account->transaction_count, 1);
    assert_int_equal(account->transactions[0].minor, -120000);
    assert_int_equal(date_compare(account->transactions[0].date, (struct date){2026, 8, 3}), 0);
    assert_text(account->transactions[0].label, "URSSAF");
    assert_text(account->transactions[0].counterparty, "");
    assert_int_equal(facts->payment_count, 1);
    const struct payment *payment = facts->payments;
    assert_int_equal(date_compare(payment->issued_on, (struct date){2026, 5, 2}), 0);
    assert_int_equal(date_compare(payment->due_on, (struct date){2026, 7, 1}), 0);
    assert_false(date_is_set(payment->paid_on));
    assert_int_equal(payment->amount.minor, 430000);
    assert_false(payment->is_disputed);
    assert_int_equal(facts->link_count, 1);
    assert_int_equal(facts->party_count, 2);
    const struct link *link = facts->links;
    assert_int_equal(link->type, LINK_OWNS);
    assert_int_equal(link->from, 1);
    assert_int_equal(link->to, 0);
    assert_int_equal(link->share_ppm, 600000);
    assert_int_equal(link->pd_ppm, 40000);
    assert_int_equal(link->exposure.minor, 4000000);
}

static void derives_what_follows_of_all_blocks(void **state)
{
    (void)state;
    struct decision_request request = read_ok(full);
    const struct facts *facts = &request.facts;
    assert_non_null(facts->bank);
    assert_int_equal(facts->bank->oldest, 113);
    assert_int_equal(facts->bank->days[111].balance_minor, 700010);
    assert_int_equal(facts->payment_currency, CURRENCY_EUR);
    assert_non_null(facts->neighbourhood);
    assert_int_equal(facts->neighbourhood->parent_pd.value * 1e6, 40000);
    request = read_ok("{'company':{'name':'X','country':'FR'},'bank_accounts':[],"
                      "'payment_experiences':[],'links':[]}");
    assert_null(request.facts.bank);
    assert_null(request.facts.neighbourhood);
    assert_int_equal(request.facts.payment_currency, CURRENCY_NONE);
}

static void tells_unstated_from_zero(void **state)
{
    (void)state;
    struct decision_request request =
        read_ok("{'company':{'name':'X','country':'FR'},"
                "'payment_experiences':[{'invoice':'1','issued_on':'2026-05-02','due_on':"
                "'2026-05-02','amount':1,'currency':'EUR','paid_on':'2026-06-01','disputed':true}],"
                "'links':[{'type':'owes','from':{'scheme':'ext','value':'a'},'to':{'scheme':'ext',"
                "'value':'b'}},{'type':'lends_to','from':{'scheme':'ext','value':'a'},'to':"
                "{'scheme':'ext','value':'b'},'share_ratio':0,'pd':'0.0000005','exposure':"
                "{'amount':'0','currency':'EUR'}}]}");
    const struct link *links = request.facts.links;
    assert_int_equal(links[0].share_ppm, LINK_UNSTATED);
    assert_int_equal(links[0].pd_ppm, LINK_UNSTATED);
    assert_int_equal(links[0].exposure.currency, CURRENCY_NONE);
    assert_int_equal(links[1].type, LINK_LENDS_TO);
    assert_int_equal(links[1].share_ppm, 0);
    assert_int_equal(links[1].pd_ppm, 1);
    assert_int_equal(links[1].exposure.currency, CURRENCY_EUR);
    assert_int_equal(links[1].from, links[0].from);
    assert_true(request.facts.payments[0].is_disputed);
    assert_int_equal(date_compare(request.facts.payments[0].paid_on, (struct date){2026, 6, 1}), 0);
}

static void sorts_and_derives_statements(void **state)
{
    (void)state;
    struct decision_request request = read_ok(full);
    const struct statement *s = request.facts.statements;
    assert_int_equal(s[0].period_end.year, 2025);
    assert_int_equal(s[1].period_end.year, 2024);
    assert_int_equal(s[0].months, 12);
    assert_int_equal(s[0].basis, BASIS_INDIVIDUAL);
    assert_int_equal(statement_minor(&s[0], ITEM_TOTAL_LIABILITIES), 62200000);
    assert_int_equal(statement_minor(&s[0], ITEM_REVENUE), 153000000);
    assert_int_equal(statement_minor(&s[0], ITEM_EXPORTS), 2000000);
    assert_int_equal(s[0].derived, UINT64_C(1) << ITEM_TOTAL_LIABILITIES);
}

static void needs_no_more_than_an_identifier(void **state)
{
    (void)state;
    struct decision_request request =
        read_ok("{'company':{'identifiers':[{'scheme':'siren','value':'732829320'}]}}");
    assert_string_equal(request.facts.company.country, "FR"); /* the identifier says so */
    assert_int_equal(request.facts.company.employees, -1);
    assert_int_equal(request.facts.blocks_sent, 0);
    assert_int_equal(request.facts.statement_count, 0);
    assert_false(date_is_set(request.facts.company.incorporated_on));
    assert_int_equal(request.asked.amount.currency, CURRENCY_NONE);
    assert_int_equal(request.asked.terms_days, -1);
    assert_text(request.asked.product, "trade_credit");
    assert_text(request.policy, "trade-credit");
    assert_text(request.client_reference, "");
    assert_int_equal(request.language, LANGUAGE_EN);
    assert_int_equal(request.audience, AUDIENCE_ANALYST);
    assert_int_equal(request.purpose, PURPOSE_NONE);
    (void)read_ok("{'company':{'name':'Muster','country':'DE'}}");
}

static void takes_null_for_absent(void **state)
{
    (void)state;
    struct decision_request request = read_ok(
        "{'company':{'identifiers':[{'scheme':'ext','value':'a','country':null}],'name':null,"
        "'country':null,'activity':null,'employees':null,'legal_form':null,'incorporated_on':null},"
        "'request':null,'financial_statements':null,'bank_accounts':null,'payment_experiences':"
        "null,"
        "'legal_events':null,'links':null,'policy':null,'as_of':null,'language':null,"
        "'audience':null,'purpose':null,'legal_basis':null,'consent':null,'client_reference':null,"
        "'file':null}");
    assert_int_equal(request.facts.blocks_sent, 0);
    assert_text(request.policy, "trade-credit");
}

static void says_which_blocks_came_even_empty(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *members;
        uint32_t want;
    } rows[] = {
        {"'financial_statements':[]", 1U << BLOCK_FINANCIAL},
        {"'bank_accounts':[]", 1U << BLOCK_BANK},
        {"'payment_experiences':[]", 1U << BLOCK_PAYMENT},
        {"'legal_events':[]", 1U << BLOCK_LEGAL},
        {"'links':[]", 1U << BLOCK_GRAPH},
        {"'file':true", 0},
    };
    /* clang-format on */
    char text[512];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        (void)snprintf(text, sizeof(text), "{'company':{'name':'X','country':'FR'},%s}",
                       rows[i].members);
        assert_int_equal(read_ok(text).facts.blocks_sent, rows[i].want);
    }
    static const char *const firmographic[] = {
        "'employees':0", "'legal_form':'SAS'", "'incorporated_on':'2020-01-01'",
        "'activity':{'nomenclature':'nace_rev2','code':'46'}"};
    for (size_t i = 0; i < ARRAY_LEN(firmographic); i++) {
        (void)snprintf(text, sizeof(text), "{'company':{'name':'X','country':'FR',%s}}",
                       firmographic[i]);
        assert_int_equal(read_ok(text).facts.blocks_sent, 1U << BLOCK_FIRMOGRAPHIC);
    }
}

static void refuses_what_is_no_request(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct row rows[] = {
        {"[]", " wrong_type"},
        {"null", " wrong_type"},
        {"'x'", " wrong_type"},
        {"{}", "/company required"},
        {"{'company':null}", "/company required"},
        {"{'company':[]}", "/company wrong_type"},
        {"{'company':{}}", "/company/identifiers required"},
        {"{'company':{'name':'X'}}", "/company/identifiers required"},
        {"{'company':{'country':'FR'}}", "/company/identifiers required"},
        {"{'company':{'identifiers':[]}}", "/company/identifiers required"},
        {"{'company':{'identifiers':[],'name':'X','country':'FR'}}", ""},
        {"{'company':{'name':'','country':'FR'}}", "/company/name empty"},
        {"{'company':{'name':'X','country':'fr'}}", "/company/country not_one_of"},
        {"{'company':{'name':'X','country':'UK'}}", "/company/country not_one_of"},
        {"{'company':{'name':7,'country':'FR'}}", "/company/name wrong_type"},
        {"{'company':{'name':'a\\tb','country':'FR'}}", "/company/name bad_characters"},
        {"{'company':{'name':'a\\u0085b','country':'FR'}}", "/company/name bad_characters"},
        {"{'company':{'name':'a\\u007fb','country':'FR'}}", "/company/name bad_characters"},
        {"{'company':{'name':'\xC3\x85 \xC2\xA3','country':'FR'}}", ""},
        {"{'company':{'name':'X','country':'FR','employees':-1}}",
         "/company/employees out_of_range"},
        {"{'company':{'name':'X','country':'FR','employees':1.5}}",
         "/company/employees out_of_range"},
        {"{'company':{'name':'X','country':'FR','employees':1e9}}",
         "/company/employees out_of_range"},
        {"{'company':{'name':'X','country':'FR','employees':'1'}}",
         "/company/employees wrong_type"},
        {"{'company':{'name':'X','country':'FR','employees':14.0}}", ""},
        {"{'company':{'name':'X','country':'FR','incorporated_on':'2026-02-30'}}",
         "/company/incorporated_on not_a_date"},
        {"{'company':{'name':'X','country':'FR','incorporated_on':'2026-11-23'}}",
         "/company/incorporated_on in_future"},
        {"{'company':{'name':'X','country':'FR','legal_form':''}}", "/company/legal_form empty"},
        {"{'company':{'name':'X','country':'FR','activity':'4669B'}}",
         "/company/activity wrong_type"},
        {"{'company':{'name':'X','country':'FR','activity':{'code':'4669B'}}}",
         "/company/activity/nomenclature required"},
        {"{'company':{'name':'X','country':'FR','activity':{'nomenclature':'naf_rev2'}}}",
         "/company/activity/code required"},
        {"{'company':{'name':'X','country':'FR','activity':{'nomenclature':'naf','code':'4669B'}}}",
         "/company/activity/nomenclature not_one_of"},
        {"{'company':{'name':'X','country':'FR','activity':{'nomenclature':'naf_rev2','code':'46."
         "69B'}}}", "/company/activity/code bad_code"},
    };
    /* clang-format on */
    check_rows(rows, ARRAY_LEN(rows));
}

static void refuses_identifiers_that_cannot_be(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *identifiers, *want;
    } rows[] = {
        {"{}", "/company/identifiers wrong_type"},
        {"[7]", "/company/identifiers/0 wrong_type"},
        {"[{}]", "/company/identifiers/0/scheme required, /company/identifiers/0/value required"},
        {"[{'scheme':'SIREN','value':'732829320'}]", "/company/identifiers/0/scheme not_one_of"},
        {"[{'scheme':'siren','value':732829320}]", "/company/identifiers/0/value wrong_type"},
        {"[{'scheme':'siren','value':'732 829 320'}]", "/company/identifiers/0/value bad_form"},
        {"[{'scheme':'siren','value':'732829321'}]", "/company/identifiers/0/value bad_checksum"},
        {"[{'scheme':'siren','value':'732829320','country':'DE'}]",
         "/company/identifiers/0/country wrong_country"},
        {"[{'scheme':'siren','value':'732829320','country':''}]",
         "/company/identifiers/0/country wrong_country"},
        {"[{'scheme':'siren','value':'732829320','type':'x'}]",
         "/company/identifiers/0/type unknown_member"},
        {"[{'scheme':'siren','value':'732829320'},{'scheme':'siren','value':'732829320'}]",
         "/company/identifiers/1 duplicate"},
        {"[{'scheme':'siren','value':'732829320'},{'scheme':'siren','value':'356000000'}]",
         "/company/identifiers/1/value contradicts"},
        {"[{'scheme':'siren','value':'732829320'},{'scheme':'siret','value':'35600000000048'}]",
         "/company/identifiers/1/value contradicts"},
        {"[{'scheme':'vat','value':'FR40303265045'},{'scheme':'siret','value':'73282932000074'}]",
         "/company/identifiers/1/value contradicts"},
        {"[{'scheme':'siret','value':'73282932000074'},{'scheme':'vat','value':'FR44732829320'},"
         "{'scheme':'siren','value':'732829320'},{'scheme':'vat','value':'DE136695976'}]", ""},
        {"[{'scheme':'ext','value':'0'},{'scheme':'ext','value':'1'},{'scheme':'ext','value':'2'},"
         "{'scheme':'ext','value':'3'},{'scheme':'ext','value':'4'},{'scheme':'ext','value':'5'},"
         "{'scheme':'ext','value':'6'},{'scheme':'ext','value':'7'},{'scheme':'ext','value':'8'},"
         "{'scheme':'ext','value':'9'},{'scheme':'ext','value':'10'},{'scheme':'ext','value':'11'},"
         "{'scheme':'ext','value':'12'},{'scheme':'ext','value':'13'},{'scheme':'ext','value':'14'}"
         ","
         "{'scheme':'ext','value':'15'}]", ""},
        {"[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]", "/company/identifiers too_many"},
    };
    /* clang-format on */
    char text[2048];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        (void)snprintf(text, sizeof(text), "{'company':{'identifiers':%s}}", rows[i].identifiers);
        check_faults(text, rows[i].want);
    }
}

static void refuses_unknown_members_at_every_level(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct row rows[] = {
        {"'polcy':'x'", "/polcy unknown_member"},
        {"'Policy':'x'", "/Policy unknown_member"},
        {"'request':{'amout':null}", "/request/amout unknown_member"},
        {"'request':{'amount':{'amount':'1','currency':'EUR','ccy':1}}",
         "/request/amount/ccy unknown_member"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','items':{},'year':"
         "2025}]", "/financial_statements/0/year unknown_member"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','items':{'turnover':"
         "1}}]", "/financial_statements/0/items/turnover unknown_member"},
        {"'bank_accounts':[{'currency':'EUR','bic':'X'}]","/bank_accounts/0/bic unknown_member"},
        {"'bank_accounts':[{'currency':'EUR','balances':[{'date':'2026-01-01','amount':1,'x':1}]}]",
         "/bank_accounts/0/balances/0/x unknown_member"},
        {"'bank_accounts':[{'currency':'EUR','transactions':[{'date':'2026-01-01','amount':1,'x':1}"
         "]}]", "/bank_accounts/0/transactions/0/x unknown_member"},
        {"'links':[{'type':'owns','from':{'scheme':'ext','value':'a','x':1},"
         "'to':{'scheme':'ext','value':'b'},'share':1}]",
         "/links/0/share unknown_member, /links/0/from/x unknown_member"},
        {"'legal_events':[{'type':'struck_off','date':'2020-01-01','court':'X'}]",
         "/legal_events/0/court unknown_member"},
        {"'payment_experiences':[{'invoice':'1','issued_on':'2026-01-01','due_on':'2026-02-01',"
         "'amount':1,'currency':'EUR','late':1}]", "/payment_experiences/0/late unknown_member"},
    };
    /* clang-format on */
    check_members(rows, ARRAY_LEN(rows));
    struct decision_request request;
    assert_int_equal(read_text(&request, "{'compny':{}}"), STATUS_INVALID);
    assert_non_null(strstr(violations.items[0].detail.ptr, "company"));
}

static void takes_amounts_exactly_or_not_at_all(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *amount, *want;
    } rows[] = {
        {"'25000.00','currency':'EUR'", ""},
        {"25000,'currency':'EUR'", ""},
        {"25000.5,'currency':'EUR'", ""},
        {"1e4,'currency':'EUR'", ""},
        {"'12.345','currency':'KWD'", ""},
        {"'0.01','currency':'EUR'", ""},
        {"'10000000000000.00','currency':'EUR'", ""},
        {"1530000.0000000000000,'currency':'EUR'", ""}, /* zeros are not digits */
        {"'0','currency':'EUR'", "/request/amount/amount not_positive"},
        {"-1,'currency':'EUR'", "/request/amount/amount not_positive"},
        {"'12.345','currency':'EUR'", "/request/amount/amount too_many_decimals"},
        {"1.5,'currency':'JPY'", "/request/amount/amount too_many_decimals"},
        {"0.30000000000000004,'currency':'EUR'", "/request/amount/amount too_precise"},
        {"1234567890123456,'currency':'EUR'", "/request/amount/amount too_precise"},
        {"123456789012345,'currency':'EUR'", "/request/amount/amount out_of_range"},
        {"1e400,'currency':'EUR'", "/request/amount/amount out_of_range"},
        {"'10000000000000.01','currency':'EUR'", "/request/amount/amount out_of_range"},
        {"'1234567890123456789','currency':'EUR'", "/request/amount/amount not_a_decimal"},
        {"'1e4','currency':'EUR'", "/request/amount/amount not_a_decimal"},
        {"'1E4','currency':'EUR'", "/request/amount/amount not_a_decimal"},
        {"'25 000','currency':'EUR'", "/request/amount/amount not_a_decimal"},
        {"'25,000.00','currency':'EUR'", "/request/amount/amount not_a_decimal"},
        {"'+1','currency':'EUR'", "/request/amount/amount not_a_decimal"},
        {"'.5','currency':'EUR'", "/request/amount/amount not_a_decimal"},
        {"'01','currency':'EUR'", "/request/amount/amount not_a_decimal"},
        {"'','currency':'EUR'", "/request/amount/amount not_a_decimal"},
        {"'NaN','currency':'EUR'", "/request/amount/amount not_a_decimal"},
        {"'0x10','currency':'EUR'", "/request/amount/amount not_a_decimal"},
        {"true,'currency':'EUR'", "/request/amount/amount wrong_type"},
        {"null,'currency':'EUR'", "/request/amount/amount required"},
        {"1,'currency':'eur'", "/request/amount/currency not_one_of"},
        {"1,'currency':7", "/request/amount/currency wrong_type"},
        {"1", "/request/amount/currency required"},
    };
    /* clang-format on */
    char text[512];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        (void)snprintf(text, sizeof(text),
                       "{'company':{'name':'X','country':'FR'},'request':{'amount':{'amount':%s}}}",
                       rows[i].amount);
        check_faults(text, rows[i].want);
    }
}

static void refuses_bad_members_at_the_top(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct row rows[] = {
        {"'request':25000", "/request wrong_type"},
        {"'request':{'amount':25000}", "/request/amount wrong_type"},
        {"'request':{'terms_days':0}", ""},
        {"'request':{'terms_days':3650}", ""},
        {"'request':{'terms_days':3651}", "/request/terms_days out_of_range"},
        {"'request':{'terms_days':-1}", "/request/terms_days out_of_range"},
        {"'request':{'terms_days':30.5}", "/request/terms_days out_of_range"},
        {"'request':{'product':'Trade Credit'}", "/request/product bad_characters"},
        {"'policy':'a-1'", ""},
        {"'policy':'A'", "/policy bad_characters"},
        {"'policy':'a_b'", "/policy bad_characters"},
        {"'policy':'../x'", "/policy bad_characters"},
        {"'policy':''", "/policy empty"},
        {"'policy':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'", ""},
        {"'policy':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'",
         "/policy too_long"},
        {"'as_of':'2026-11-23'", ""},
        {"'as_of':'2026-11-24'", "/as_of out_of_range"},
        {"'as_of':'1990-01-01'", ""},
        {"'as_of':'1989-12-31'", "/as_of out_of_range"},
        {"'as_of':'2026-11-31'", "/as_of not_a_date"},
        {"'as_of':'2026-11-22T00:00:00Z'", "/as_of not_a_date"},
        {"'as_of':20261122", "/as_of wrong_type"},
        {"'language':'de'", "/language not_one_of"},
        {"'language':'FR'", "/language not_one_of"},
        {"'audience':'public'", "/audience not_one_of"},
        {"'audience':1", "/audience wrong_type"},
        {"'purpose':'marketing'", "/purpose not_one_of"},
        {"'legal_basis':'none'", "/legal_basis not_one_of"},
        {"'legal_basis':'consent'", "/consent required_for_consent"},
        {"'legal_basis':'consent','consent':null", "/consent required_for_consent"},
        {"'legal_basis':'consent','consent':''", "/consent empty"},
        {"'legal_basis':'consent','consent':'C-1'", ""},
        {"'client_reference':''", "/client_reference empty"},
        {"'client_reference':'a\\nb'", "/client_reference bad_characters"},
        {"'client_reference':'\xC3\xA9t\xC3\xA9'", ""},
        {"'file':'false'", "/file wrong_type"},
        {"'file':0", "/file wrong_type"},
    };
    /* clang-format on */
    check_members(rows, ARRAY_LEN(rows));
}

static void asks_for_grounds_where_a_person_is_scored(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct row rows[] = {
        {"{'company':{'name':'X','country':'FR','legal_form':'EI'}}",
         "/purpose required_for_natural_person, /legal_basis required_for_natural_person"},
        {"{'company':{'identifiers':[{'scheme':'siren','value':'732829320'}],'legal_form':'1000'},"
         "'purpose':null,'legal_basis':'contract'}", "/purpose required_for_natural_person"},
        {"{'company':{'name':'X','country':'ES','legal_form':'Aut\xC3\xB3nomo'},"
         "'purpose':'credit_granting'}", "/legal_basis required_for_natural_person"},
        {"{'company':{'name':'X','country':'GB','legal_form':'sole trader'},"
         "'purpose':'credit_granting','legal_basis':'consent'}", "/consent required_for_consent"},
        {"{'company':{'name':'X','country':'GB','legal_form':'sole trader'},"
         "'purpose':'credit_granting','legal_basis':'contract'}", ""},
        {"{'company':{'name':'X','country':'FR','legal_form':'SAS'}}", ""},
        {"{'company':{'identifiers':[{'scheme':'nif','value':'12345678Z'}]}}", ""},
    };
    /* clang-format on */
    check_rows(rows, ARRAY_LEN(rows));
}

static void refuses_statements_that_cannot_be(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct row rows[] = {
        {"'financial_statements':{}", "/financial_statements wrong_type"},
        {"'financial_statements':[null]", "/financial_statements/0 wrong_type"},
        {"'financial_statements':[0,0,0,0,0,0,0,0,0,0,0]", "/financial_statements too_many"},
        {"'financial_statements':[{}]",
         "/financial_statements/0/items required, /financial_statements/0/period_end required, "
         "/financial_statements/0/currency required"},
        {"'financial_statements':[{'period_end':'2026-11-22','currency':'EUR','items':{}}]", ""},
        {"'financial_statements':[{'period_end':'2026-11-23','currency':'EUR','items':{}}]",
         "/financial_statements/0/period_end in_future"},
        {"'as_of':'2024-06-30','financial_statements':[{'period_end':'2024-12-31','currency':'EUR',"
         "'items':{}}]", "/financial_statements/0/period_end in_future"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','months':24,'items':{"
         "}}]", ""},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','months':25,'items':{"
         "}}]", "/financial_statements/0/months out_of_range"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','months':0,'items':{}"
         "}]","/financial_statements/0/months out_of_range"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','basis':'group','"
         "items':{}}]", "/financial_statements/0/basis not_one_of"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'XBT','items':{}}]",
         "/financial_statements/0/currency not_one_of"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','items':[]}]",
         "/financial_statements/0/items wrong_type"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','items':{'equity':-5,"
         "'total_assets':-1,'revenue':'x','cash':null,'exports':1.001}}]",
         "/financial_statements/0/items/total_assets negative, "
         "/financial_statements/0/items/revenue not_a_decimal, "
         "/financial_statements/0/items/exports too_many_decimals"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','items':{}},"
         "{'period_end':'2025-12-31','currency':'EUR','basis':'individual','items':{}}]",
         "/financial_statements/1 duplicate"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','items':{}},"
         "{'period_end':'2025-12-31','currency':'EUR','basis':'consolidated','items':{}},"
         "{'period_end':'2025-12-31','currency':'USD','items':{}},"
         "{'period_end':'2024-12-31','currency':'EUR','items':{}}]", ""},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','boxes':[]}]",
         "/financial_statements/0/boxes wrong_type"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','boxes':{'FL':1}}]",
         "/financial_statements/0/boxes/regime required"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','boxes':{'regime':'"
         "reel'}}]", "/financial_statements/0/boxes/regime not_one_of"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'USD',"
         "'boxes':{'regime':'normal','FL':1}}]", "/financial_statements/0/boxes wrong_currency"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR',"
         "'boxes':{'regime':'simplified','FL':1,'210':1}}]",
         "/financial_statements/0/boxes/FL unknown_box"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR',"
         "'boxes':{'regime':'normal','ZZ':1,'FL':'a','FK':null}}]",
         "/financial_statements/0/boxes/ZZ unknown_box, /financial_statements/0/boxes/FL "
         "not_a_decimal"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR',"
         "'boxes':{'regime':'normal','BX':1,'BY':2}}]", "/financial_statements/0/boxes negative"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','items':{'revenue':"
         "102},"
         "'boxes':{'regime':'normal','FL':100}}]",
         "/financial_statements/0/items/revenue contradicts"},
        {"'financial_statements':[{'period_end':'2025-12-31','currency':'EUR','items':{'revenue':"
         "101},"
         "'boxes':{'regime':'normal','FL':100}}]", ""},
    };
    /* clang-format on */
    check_members(rows, ARRAY_LEN(rows));
}

static void refuses_bank_data_that_cannot_be(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct row rows[] = {
        {"'bank_accounts':{}", "/bank_accounts wrong_type"},
        {"'bank_accounts':[{}]", "/bank_accounts/0/currency required"},
        {"'bank_accounts':[{'currency':'EUR'}]", ""},
        {"'bank_accounts':[{'currency':'EUR','iban':'FR1420041010050500013M02607'}]",
         "/bank_accounts/0/iban not_an_iban"},
        {"'bank_accounts':[{'currency':'EUR','iban':'FR14 2004 1010 0505 0001 3M02 606'}]",
         "/bank_accounts/0/iban not_an_iban"},
        {"'bank_accounts':[{'currency':'EUR','balances':[{'date':'2026-11-23','amount':1}]}]",
         "/bank_accounts/0/balances/0/date in_future"},
        {"'bank_accounts':[{'currency':'EUR','balances':[{'amount':'-1.001'}]}]",
         "/bank_accounts/0/balances/0/date required, "
         "/bank_accounts/0/balances/0/amount too_many_decimals"},
        {"'bank_accounts':[{'currency':'EUR','balances':{}}]",
         "/bank_accounts/0/balances wrong_type"},
        {"'bank_accounts':[{'currency':'EUR','transactions':1}]",
         "/bank_accounts/0/transactions wrong_type"},
        {"'bank_accounts':[{'currency':'EUR','transactions':[{'date':'x','label':1}]}]",
         "/bank_accounts/0/transactions/0/amount required, "
         "/bank_accounts/0/transactions/0/date not_a_date, "
         "/bank_accounts/0/transactions/0/label wrong_type"},
        {"'bank_accounts':[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]", "/bank_accounts too_many"},
    };
    /* clang-format on */
    check_members(rows, ARRAY_LEN(rows));
}

static void refuses_payments_events_and_links_that_cannot_be(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct row rows[] = {
        {"'payment_experiences':[{}]",
         "/payment_experiences/0/invoice required, /payment_experiences/0/issued_on required, "
         "/payment_experiences/0/due_on required, /payment_experiences/0/amount required, "
         "/payment_experiences/0/currency required"},
        {"'payment_experiences':[{'invoice':'1','issued_on':'2026-05-02','due_on':'2026-05-01',"
         "'amount':1,'currency':'EUR'}]", "/payment_experiences/0/due_on contradicts"},
        {"'payment_experiences':[{'invoice':'1','issued_on':'2026-05-02','due_on':'2026-05-02',"
         "'amount':1,'currency':'EUR','paid_on':'2026-11-22'}]", ""},
        {"'payment_experiences':[{'invoice':'1','issued_on':'2026-05-02','due_on':'2027-05-02',"
         "'amount':0,'currency':'EUR','paid_on':'2026-11-23','disputed':1}]",
         "/payment_experiences/0/disputed wrong_type, /payment_experiences/0/paid_on in_future, "
         "/payment_experiences/0/amount not_positive"},
        {"'payment_experiences':[{'invoice':'','issued_on':'2026-11-23','due_on':'2026-12-02',"
         "'amount':1,'currency':'EUR'}]",
         "/payment_experiences/0/invoice empty, /payment_experiences/0/issued_on in_future"},
        {"'legal_events':[{}]", "/legal_events/0/type required, /legal_events/0/date required"},
        {"'legal_events':[{'type':'insolvency','date':'2026-01-01'}]",
         "/legal_events/0/type not_one_of"},
        {"'legal_events':[{'type':'struck_off','date':'2027-01-01'}]",
         ""}, /* announced: does not count yet */
        {"'legal_events':[{'type':'struck_off','date':'01/01/2026','source':1,"
         "'amount':{'amount':-1,'currency':'EUR'}}]",
         "/legal_events/0/date not_a_date, /legal_events/0/source wrong_type, "
         "/legal_events/0/amount/amount negative"},
        {"'links':[{}]", "/links/0/type required, /links/0/from required, /links/0/to required"},
        {"'links':[{'type':'loves','from':{'scheme':'siren','value':'732829321'},"
         "'to':{'scheme':'ext','value':'b'},'share_ratio':1.01,'pd':-0.1,"
         "'exposure':{'amount':'-1','currency':'EUR'}}]",
         "/links/0/type not_one_of, /links/0/from/value bad_checksum, "
         "/links/0/share_ratio out_of_range, /links/0/exposure/amount negative, "
         "/links/0/pd out_of_range"},
        {"'links':[{'type':'owes','from':{'scheme':'ext','value':'a'},"
         "'to':{'scheme':'ext','value':'b'},'share_ratio':'1','pd':0}]", ""},
        {"'links_from':'stored'", ""}, /* who has no store says so */
        {"'links_from':'request','stored_links':1", ""}, /* not asked for: not looked at */
        {"'links_from':'all'", "/links_from not_one_of"},
        {"'links_from':true", "/links_from wrong_type"},
        {"'links_from':'stored','stored_links':[]", "/stored_links wrong_type"},
        {"'links_from':'stored','stored_links':{'x':1}", "/stored_links/x unknown_member, "
         "/stored_links/cut required, /stored_links/links required, /stored_links/parties required"},
        {"'links_from':'stored','stored_links':{'cut':{'edges':-1,'more':0},'links':{},'parties':1}",
         "/stored_links/cut/parties required, /stored_links/cut/edges out_of_range, "
         "/stored_links/cut/more wrong_type, /stored_links/links wrong_type, "
         "/stored_links/parties wrong_type"},
        {"'links_from':'stored','stored_links':{'cut':{'edges':0,'more':false,'parties':5001},"
         "'links':[{'type':'owes','from':{'scheme':'ext','value':'a'},'to':{'scheme':'ext','value':"
         "'b'}},{'learned_on':'2026-11-23'}],'parties':[]}",
         "/stored_links/cut/parties out_of_range, /stored_links/links/0/learned_on required, "
         "/stored_links/links/1/learned_on in_future"},
        {"'links_from':'stored','stored_links':{'cut':{'edges':0,'more':false,'parties':0},"
         "'links':[{'type':'owes','from':{'scheme':'ext','value':'a'},'to':{'scheme':'ext','value':"
         "'b'},'learned_on':'2026-11-22'}],'parties':[{},"
         "{'id':{'scheme':'ext','value':'a'},'pd':0.1},{'id':{'scheme':'ext','value':'b'},'equity':"
         "{'amount':-1,'currency':'EUR'},'pd':1.1,'pd_on':'2026-11-23','y':1}]}",
         "/stored_links/parties/0/id required, /stored_links/parties/1/pd_on required, "
         "/stored_links/parties/2/y unknown_member, /stored_links/parties/2/equity/amount negative, "
         "/stored_links/parties/2/pd_on in_future, /stored_links/parties/2/pd out_of_range"},
        {"'links':[{'type':'owes','from':'a','to':[],'pd':'0.1%','share_ratio':true}]",
         "/links/0/from wrong_type, /links/0/to wrong_type, /links/0/share_ratio wrong_type, "
         "/links/0/pd not_a_decimal"},
    };
    /* clang-format on */
    check_members(rows, ARRAY_LEN(rows));
}

/* An array of `count` copies of `element`, as a request. */
static struct str repeated(const char *head, const char *element, unsigned count, const char *tail)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    buf_printf(&text, "{'company':{'name':'X','country':'FR'},%s", head);
    for (unsigned i = 0; i < count; i++) {
        buf_printf(&text, "%s%s", i == 0 ? "" : ",", element);
    }
    buf_append_text(&text, tail);
    assert_false(buf_failed(&text));
    struct str copy = arena_copy(&arena, buf_str(&text));
    buf_finish(&text);
    assert_non_null(copy.ptr);
    return copy;
}

/* The blocks at their largest, in the arena that one request has: what follows of them has room. */
static void fits_the_largest_blocks(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *head, *element, *tail;
    } rows[] = {
        {"'bank_accounts':[{'currency':'EUR','transactions':[",
         "{'date':'2026-11-01','amount':1,'counterparty':'a'}", "]}]}"},
        {"'payment_experiences':[",
         "{'invoice':'1','issued_on':'2026-05-02','due_on':'2026-05-02','amount':1,'currency':'EUR'"
         "}", "]}"},
        {"'links':[",
         "{'type':'owes','from':{'scheme':'ext','value':'a'},'to':{'scheme':'ext','value':'b'}}",
         "]}"},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena one;
        struct decision_request request;
        unsigned count = (unsigned)(DECISION_REQUEST_LEN_MAX / (strlen(rows[i].element) + 1)) - 2;
        count = i == 2 && count > LINKS_MAX ? LINKS_MAX : count;
        struct str text = repeated(rows[i].head, rows[i].element, count, rows[i].tail);
        assert_true(text.len < DECISION_REQUEST_LEN_MAX + 64);
        const struct json *root = tree_of(text);
        violations_init(&violations, &arena);
        arena_init(&one, ONE_REQUEST);
        assert_int_equal(decision_request_read(&request, root, today, &one, &violations),
                         STATUS_OK);
        assert_true(arena.used + one.used < ONE_REQUEST); /* with the tree, and two texts */
        arena_finish(&one);
        arena_reset(&arena);
    }
}

#define A  "{'scheme':'ext','value':'a'}"
#define B  "{'scheme':'ext','value':'b'}"
#define US "{'scheme':'siren','value':'732829320'}"

/* The same tie, under another identifier of the company or filed twice, counts once: as it was
 * sent. */
static void joins_what_is_stored_with_what_is_sent(void **state)
{
    (void)state;
    struct decision_request request;
    assert_int_equal(
        read_text(&request,
                  "{'company':{'identifiers':[" US ",{'scheme':'ext','value':'us'}]},"
                  "'links':[{'type':'owes','from':" A ",'to':" US ",'pd':0.01},"
                  "{'type':'owes','from':" A ",'to':" US ",'pd':0.02}],'links_from':'stored',"
                  "'stored_links':{'cut':{'edges':7,'more':true,'parties':5},'links':["
                  "{'type':'owes','from':" A ",'to':{'scheme':'ext','value':'us'},'pd':0.9,"
                  "'learned_on':'2026-11-22'},"
                  "{'type':'owes','from':" B ",'to':" A ",'learned_on':'2026-11-21'},"
                  "{'type':'owes','from':" B ",'to':" A ",'pd':0.5,'learned_on':'2026-11-20'},"
                  "{'type':'supplies','from':" B ",'to':" A ",'learned_on':'2026-11-20'}],"
                  "'parties':[{'id':" B ",'pd':'0.25','pd_on':'2026-11-01','equity':"
                  "{'amount':'12.50','currency':'EUR'}},{'id':{'scheme':'ext','value':'c'}}]}}"),
        STATUS_OK);
    const struct facts *facts = &request.facts;
    assert_int_equal(request.links_from, LINKS_FROM_STORED);
    assert_int_equal(facts->link_count, 4);
    assert_int_equal(facts->stored.links, 2);
    assert_int_equal(facts->stored.cut_links, 7);
    assert_int_equal(facts->stored.cut_parties, 5);
    assert_true(facts->stored.cut_more);
    assert_int_equal(facts->links[0].pd_ppm, 10000);
    assert_int_equal(facts->links[1].pd_ppm, 20000);
    assert_int_equal(facts->links[2].type, LINK_OWES);
    assert_int_equal(facts->links[2].pd_ppm, LINK_UNSTATED);
    assert_int_equal(facts->links[3].type, LINK_SUPPLIES);
    uint32_t b = facts->links[2].from;
    assert_int_equal(facts->party_count, 3);
    assert_int_equal(facts->parties[b].pd_ppm, 250000);
    assert_int_equal(facts->parties[b].equity.minor, 1250);
    assert_int_equal(facts->parties[facts->links[2].to].pd_ppm, LINK_UNSTATED);
    assert_true((facts->blocks_sent & 1U << BLOCK_GRAPH) != 0);
}

static void has_no_graph_where_nothing_is_stored(void **state)
{
    (void)state;
    struct decision_request request;
    assert_int_equal(read_text(&request, "{'company':{'identifiers':[" US
                                         "]},'links_from':'stored','stored_links':{'cut':"
                                         "{'edges':0,'more':false,'parties':0},'links':[],"
                                         "'parties':[]},'file':false}"),
                     STATUS_OK);
    assert_true(request.facts.stored.is_there);
    assert_true(request.is_not_filed);
    assert_int_equal(request.facts.link_count, 0);
    assert_null(request.facts.neighbourhood);
    assert_int_equal(request.facts.blocks_sent & 1U << BLOCK_GRAPH, 0);
}

static void holds_each_list_to_its_limit(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *head, *element, *tail;
        unsigned most;
        const char *pointer;
    } rows[] = {
        {"'legal_events':[", "{'type':'accounts.late','date':'2026-01-01'}", "]}", LEGAL_EVENTS_MAX,
         "/legal_events"},
        {"'links':[",
         "{'type':'owes','from':{'scheme':'ext','value':'a'},'to':{'scheme':'ext','value':'b'}}",
         "]}", LINKS_MAX, "/links"},
        {"'links_from':'stored','stored_links':{'cut':{'edges':0,'more':false,'parties':0},'parties':[],"
         "'links':[", "{'type':'owes','from':{'scheme':'ext','value':'a'},'to':{'scheme':'ext','value':'b'},"
         "'learned_on':'2026-01-01'}", "]}}", STORED_LINKS_MAX, "/stored_links/links"},
        {"'links_from':'stored','stored_links':{'cut':{'edges':0,'more':false,'parties':0},'links':[],"
         "'parties':[", "{'id':{'scheme':'ext','value':'a'}}", "]}}", STORED_PARTIES_MAX,
         "/stored_links/parties"},
        {"'payment_experiences':[",
         "{'invoice':'1','issued_on':'2026-05-02','due_on':'2026-05-02','amount':1,'currency':'EUR'"
         "}", "]}", PAYMENT_EXPERIENCES_MAX, "/payment_experiences"},
        {"'bank_accounts':[{'currency':'EUR','transactions':[{'date':'2026-01-01','amount':1}]},"
         "{'currency':'EUR','transactions':[",
         "{'date':'2026-01-01','amount':1}", "]}]}", BANK_TRANSACTIONS_MAX - 1,
         "/bank_accounts/1/transactions"},
    };
    /* clang-format on */
    struct decision_request request;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (unsigned extra = 0; extra <= 1; extra++) {
            const struct json *root = tree_of(
                repeated(rows[i].head, rows[i].element, rows[i].most + extra, rows[i].tail));
            violations_init(&violations, &arena);
            enum status status = decision_request_read(&request, root, today, &arena, &violations);
            assert_int_equal(status, extra == 0 ? STATUS_OK : STATUS_INVALID);
            assert_int_equal(violations.total, extra);
            if (extra == 1) {
                assert_string_equal(violations.items[0].code, "too_many");
                assert_text(violations.items[0].pointer, rows[i].pointer);
            }
            arena_reset(&arena);
        }
    }
}

static void counts_faults_it_has_no_place_for(void **state)
{
    (void)state;
    struct decision_request request;
    const struct json *root = tree_of(repeated("'legal_events':[", "0", 500, "]}"));
    violations_init(&violations, &arena);
    assert_int_equal(decision_request_read(&request, root, today, &arena, &violations),
                     STATUS_INVALID);
    assert_int_equal(violations.count, VIOLATIONS_MAX);
    assert_int_equal(violations.total, 500);
}

static void says_when_the_arena_is_full(void **state)
{
    (void)state;
    struct arena small;
    struct decision_request request;
    arena_init(&small, 64);
    const struct json *root = tree_of(str_from(full));
    violations_init(&violations, &arena);
    assert_int_equal(decision_request_read(&request, root, today, &small, &violations),
                     STATUS_TOO_LARGE);
    arena_finish(&small);
}

static struct str freeze(const struct json *root, struct date as_of)
{
    struct buf out;
    buf_init(&out, TEXT_MAX);
    decision_request_freeze(&out, root, as_of);
    assert_false(buf_failed(&out));
    struct str frozen = arena_copy(&arena, buf_str(&out));
    buf_finish(&out);
    return frozen;
}

static void freezes_the_canonical_request_with_its_day(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{ 'policy' : 'a' , 'company':{'name':'X','country':'FR'}}",
        "{'company':{'country':'FR','name':'\\u0058'},'as_of':null,'policy':'a'}",
        "{'as_of':'2026-11-22','policy':'a','company':{'name':'X','country':'FR'}}",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct decision_request request = read_ok(texts[i]);
        assert_text(freeze(tree_of(str_from(texts[i])), request.facts.as_of),
                    "{\"as_of\":\"2026-11-22\",\"company\":{\"country\":\"FR\",\"name\":\"X\"},"
                    "\"policy\":\"a\"}");
    }
}

static void reads_the_frozen_text_alike_on_a_later_day(void **state)
{
    (void)state;
    const struct json *root = tree_of(str_from(full));
    struct decision_request first = read_ok(full), later;
    struct str once = freeze(root, first.facts.as_of);
    const struct json *again = json_read(once, &arena, NULL);
    assert_non_null(again);
    violations_init(&violations, &arena);
    assert_int_equal(
        decision_request_read(&later, again, (struct date){2031, 1, 1}, &arena, &violations),
        STATUS_OK);
    assert_int_equal(date_compare(later.facts.as_of, today), 0);
    assert_int_equal(later.facts.blocks_sent, first.facts.blocks_sent);
    assert_int_equal(later.facts.statement_count, first.facts.statement_count);
    assert_memory_equal(later.facts.statements, first.facts.statements,
                        sizeof(struct statement) * first.facts.statement_count);
    assert_true(str_eq(freeze(again, later.facts.as_of), once));
    /* The canonical order of our own list is the writer's order. */
    struct buf canonical;
    buf_init(&canonical, TEXT_MAX);
    json_write_canonical(&canonical, again);
    assert_true(str_eq(buf_str(&canonical), once));
    buf_finish(&canonical);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_every_member, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_accounts_payments_and_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(derives_what_follows_of_all_blocks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_unstated_from_zero, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fits_the_largest_blocks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sorts_and_derives_statements, set_up, tear_down),
        cmocka_unit_test_setup_teardown(needs_no_more_than_an_identifier, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_null_for_absent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(says_which_blocks_came_even_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_is_no_request, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_identifiers_that_cannot_be, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_unknown_members_at_every_level, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_amounts_exactly_or_not_at_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_bad_members_at_the_top, set_up, tear_down),
        cmocka_unit_test_setup_teardown(asks_for_grounds_where_a_person_is_scored, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(refuses_statements_that_cannot_be, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_bank_data_that_cannot_be, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_payments_events_and_links_that_cannot_be, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(joins_what_is_stored_with_what_is_sent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(has_no_graph_where_nothing_is_stored, set_up, tear_down),
        cmocka_unit_test_setup_teardown(holds_each_list_to_its_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_faults_it_has_no_place_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(says_when_the_arena_is_full, set_up, tear_down),
        cmocka_unit_test_setup_teardown(freezes_the_canonical_request_with_its_day, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(reads_the_frozen_text_alike_on_a_later_day, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
