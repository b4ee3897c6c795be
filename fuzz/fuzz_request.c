/* fuzz_request.c - a request that reads freezes to a text that reads the same on a later day. */
#include "fuzz_target.h"

#include "feature/features.h"
#include "wire/decision_request.h"

#include <string.h>

enum { ARENA_MAX = 64 * 1024 * 1024 };

static const struct date today = {2026, 11, 22}, later = {2031, 1, 1};

/* Every feature is in its range, or unknown; a value that is none fails both comparisons. */
static void check_features(const struct facts *facts)
{
    struct features features;
    features_extract(&features, facts,
                     (struct tendency){
                         .rate = {0.02, true}
    });
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        const struct feature_info *info = feature_info((enum feature)i);
        struct known value = features.values[i];
        CHECK(!value.is_known || (value.value >= info->clip_low && value.value <= info->clip_high));
    }
}

static void check_derived(const struct facts *facts)
{
    const struct bank_ledger *ledger = facts->bank;
    if (ledger != NULL) {
        CHECK(ledger->newest >= 0 && ledger->newest <= ledger->oldest);
        CHECK(ledger->newest < (int32_t)ledger->day_count && ledger->day_count <= BANK_DAYS_MAX);
        CHECK(ledger->top_payer_minor <= ledger->income_minor);
    }
    for (uint32_t i = 0; i < facts->link_count; i++) {
        CHECK(facts->links[i].from < facts->party_count);
        CHECK(facts->links[i].to < facts->party_count);
    }
    CHECK((facts->neighbourhood != NULL) == (facts->link_count > 0));
    CHECK(facts->stored.links <= facts->link_count);
    CHECK(facts->stored.links <= STORED_LINKS_MAX);
    for (uint32_t i = 1; facts->link_count > 0 && i < facts->party_count; i++) {
        CHECK(link_party_find(facts->parties, facts->party_count, facts->parties[i].id) == i);
    }
    check_features(facts);
}

static void check_facts(const struct facts *facts)
{
    CHECK(date_compare(facts->as_of, date_add_days(today, 1)) <= 0);
    CHECK(facts->company.identifier_count > 0 || facts->company.name.len > 0);
    for (uint32_t i = 0; i < facts->statement_count; i++) {
        const struct statement *s = &facts->statements[i];
        CHECK(date_compare(s->period_end, facts->as_of) <= 0);
        CHECK(i == 0 || date_compare(s->period_end, facts->statements[i - 1].period_end) <= 0);
        CHECK((s->stated & s->derived) == 0);
        for (size_t check = 0; check < STATEMENT_CHECK_COUNT; check++) {
            (void)statement_check(s, (enum statement_check)check);
        }
        for (size_t item = 0; item < ITEM_COUNT; item++) {
            bool is_there = statement_has(s, (enum item)item);
            CHECK(!is_there ||
                  (s->minor[item] >= -MONEY_MINOR_MAX && s->minor[item] <= MONEY_MINOR_MAX));
            CHECK(!is_there || s->minor[item] >= 0 || item_may_be_negative((enum item)item));
        }
    }
    (void)facts_statement(facts, NULL);
    (void)legal_proceedings(facts->legal_events, facts->legal_event_count, facts->as_of);
    check_derived(facts);
}

static void check_replay(const struct json *root, const struct decision_request *request,
                         struct arena *arena)
{
    struct buf once, twice;
    struct violations violations;
    struct decision_request again;
    buf_init(&once, ARENA_MAX);
    buf_init(&twice, ARENA_MAX);
    decision_request_freeze(&once, root, request->facts.as_of);
    const struct json *frozen = json_read(buf_str(&once), arena, NULL);
    CHECK(frozen != NULL);
    violations_init(&violations, arena);
    CHECK(decision_request_read(&again, frozen, later, arena, &violations) == STATUS_OK);
    CHECK(date_compare(again.facts.as_of, request->facts.as_of) == 0);
    CHECK(again.facts.blocks_sent == request->facts.blocks_sent);
    CHECK(again.facts.statement_count == request->facts.statement_count);
    CHECK(again.facts.statement_count == 0 ||
          memcmp(again.facts.statements, request->facts.statements,
                 again.facts.statement_count * sizeof(struct statement)) == 0);
    CHECK(again.asked.amount.minor == request->asked.amount.minor);
    decision_request_freeze(&twice, frozen, again.facts.as_of);
    CHECK(!buf_failed(&once) && str_eq(buf_str(&once), buf_str(&twice)));
    buf_finish(&twice);
    buf_finish(&once);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct violations violations;
    struct decision_request request;
    arena_init(&arena, ARENA_MAX);
    const struct json *root = json_read(str_of(data, size), &arena, NULL);
    if (root != NULL) {
        violations_init(&violations, &arena);
        enum status status = decision_request_read(&request, root, today, &arena, &violations);
        CHECK((status == STATUS_OK) == (violations.total == 0));
        for (uint32_t i = 0; i < violations.count; i++) {
            CHECK(str_is_utf8(violations.items[i].pointer) && violations.items[i].detail.len > 0);
        }
        if (status == STATUS_OK) {
            check_facts(&request.facts);
            check_replay(root, &request, &arena);
        }
    }
    arena_finish(&arena);
    return 0;
}
