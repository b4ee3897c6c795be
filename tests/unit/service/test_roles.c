/* test_roles.c - what changes come to, and which wishes are granted. */
#include "service/roles.h"

#include "../expect.h"

#include <stdio.h>

enum { OURS = 6, THEIRS = 8, NOW_MS = 1000 };

struct desk {
    struct role_book book;
    struct model_row models[300];
};

static struct digest digest_number(unsigned number)
{
    char text[16];
    int len = snprintf(text, sizeof text, "%u", number);
    return digest_of(str_of(text, (size_t)len));
}

static void desk_begin(struct desk *desk)
{
    struct error err;
    *desk = (struct desk){0};
    assert_int_equal(role_book_init(&desk->book, &err), STATUS_OK);
    for (unsigned i = 0; i < ARRAY_LEN(desk->models); i++) {
        desk->models[i] = (struct model_row){.sha256 = digest_number(i),
                                             .id = {{(uint8_t)i}},
                                             .can_decide = true,
                                             .can_score = true};
    }
}

/* Judge, and apply what it comes to. */
static enum status wish_with(struct desk *desk, struct role_wish wish, struct model_change *change,
                             bool *is_so_already, struct error *err)
{
    wish.now_ms = NOW_MS;
    wish.by = wish.by.len == 0 ? STR("ada") : wish.by;
    enum status status = role_judge(change, is_so_already, &desk->book, &wish, err);
    if (status == STATUS_OK && !*is_so_already) {
        change->is_proved = true;
        assert_int_equal(role_book_apply(&desk->book, change, err), STATUS_OK);
    }
    return status;
}

static enum status wish(struct desk *desk, int64_t environment, enum model_action action,
                        unsigned model)
{
    struct model_change change;
    bool is_so_already;
    struct error err;
    return wish_with(
        desk,
        (struct role_wish){.environment = environment,
                           .action = action,
                           .model = model_action_has_model(action) ? &desk->models[model] : NULL},
        &change, &is_so_already, &err);
}

static bool decides(const struct desk *desk, int64_t environment, unsigned model)
{
    const struct roles *roles = role_book_find(&desk->book, environment);
    return roles->has_champion && digest_eq(&roles->champion, &desk->models[model].sha256);
}

static bool challenges(const struct desk *desk, int64_t environment, unsigned model)
{
    return roles_have_challenger(role_book_find(&desk->book, environment),
                                 &desk->models[model].sha256);
}

static void gives_each_environment_its_own_champion(void **state)
{
    struct desk desk;
    (void)state;
    desk_begin(&desk);
    assert_int_equal(wish(&desk, OURS, MODEL_PROMOTED, 1), STATUS_OK);
    assert_int_equal(wish(&desk, THEIRS, MODEL_PROMOTED, 2), STATUS_OK);
    assert_int_equal(wish(&desk, INSTALLATION, MODEL_PROMOTED, 3), STATUS_OK);
    assert_true(decides(&desk, OURS, 1));
    assert_true(decides(&desk, THEIRS, 2));
    assert_true(decides(&desk, INSTALLATION, 3));
    assert_int_equal(wish(&desk, OURS, MODEL_PROMOTED, 4), STATUS_OK);
    assert_true(decides(&desk, OURS, 4));
    assert_int_equal(wish(&desk, OURS, MODEL_PROMOTED, 1), STATUS_OK); /* rollback */
    assert_true(decides(&desk, OURS, 1));
    assert_true(decides(&desk, THEIRS, 2));
    assert_int_equal(wish(&desk, OURS, MODEL_WITHDRAWN, 1), STATUS_OK);
    assert_false(role_book_find(&desk.book, OURS)->has_champion);
    assert_int_equal(desk.book.revision, 6);
    assert_int_equal(role_book_find(&desk.book, OURS)->revision, 6);
    assert_int_equal(role_book_find(&desk.book, THEIRS)->revision, 2);
    role_book_finish(&desk.book);
}

static void does_nothing_where_it_is_so_already(void **state)
{
    static const enum model_action actions[] = {MODEL_PROMOTED, MODEL_CHALLENGED,
                                                MODEL_TWO_PERSONS_REQUIRED};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        struct desk desk;
        desk_begin(&desk);
        assert_int_equal(wish(&desk, OURS, actions[i], 1), STATUS_OK);
        assert_int_equal(wish(&desk, OURS, actions[i], 1), STATUS_OK);
        assert_int_equal(desk.book.revision, 1);
        role_book_finish(&desk.book);
    }
    struct desk desk;
    desk_begin(&desk);
    assert_int_equal(wish(&desk, OURS, MODEL_UNCHALLENGED, 1), STATUS_OK);
    assert_int_equal(wish(&desk, OURS, MODEL_TWO_PERSONS_WAIVED, 1), STATUS_OK);
    assert_int_equal(desk.book.revision, 0);
    role_book_finish(&desk.book);
}

static void withdraws_what_was_promoted_here_alone(void **state)
{
    struct desk desk;
    (void)state;
    desk_begin(&desk);
    assert_int_equal(wish(&desk, OURS, MODEL_WITHDRAWN, 1), STATUS_CONFLICT);
    assert_int_equal(wish(&desk, INSTALLATION, MODEL_PROMOTED, 1), STATUS_OK);
    assert_int_equal(wish(&desk, OURS, MODEL_WITHDRAWN, 1), STATUS_CONFLICT);
    assert_int_equal(wish(&desk, INSTALLATION, MODEL_WITHDRAWN, 2), STATUS_CONFLICT);
    assert_int_equal(wish(&desk, INSTALLATION, MODEL_WITHDRAWN, 1), STATUS_OK);
    role_book_finish(&desk.book);
}

static void lets_challengers_in_to_the_limit_and_not_one_more(void **state)
{
    struct desk desk;
    (void)state;
    desk_begin(&desk);
    for (unsigned i = 1; i <= CHALLENGERS_MAX; i++) {
        assert_int_equal(wish(&desk, OURS, MODEL_CHALLENGED, i), STATUS_OK);
    }
    assert_int_equal(wish(&desk, OURS, MODEL_CHALLENGED, 9), STATUS_CONFLICT);
    assert_int_equal(wish(&desk, THEIRS, MODEL_CHALLENGED, 9), STATUS_OK);
    assert_int_equal(wish(&desk, OURS, MODEL_UNCHALLENGED, 1), STATUS_OK);
    assert_false(challenges(&desk, OURS, 1));
    assert_true(challenges(&desk, OURS, 2));
    assert_int_equal(wish(&desk, OURS, MODEL_CHALLENGED, 9), STATUS_OK);
    role_book_finish(&desk.book);
}

static void makes_no_model_challenge_itself(void **state)
{
    struct desk desk;
    (void)state;
    desk_begin(&desk);
    assert_int_equal(wish(&desk, INSTALLATION, MODEL_PROMOTED, 1), STATUS_OK);
    assert_int_equal(wish(&desk, INSTALLATION, MODEL_CHALLENGED, 1), STATUS_CONFLICT);
    assert_int_equal(wish(&desk, OURS, MODEL_CHALLENGED, 1), STATUS_CONFLICT);
    assert_int_equal(wish(&desk, OURS, MODEL_PROMOTED, 2), STATUS_OK);
    assert_int_equal(wish(&desk, OURS, MODEL_CHALLENGED, 1), STATUS_OK);
    assert_int_equal(wish(&desk, OURS, MODEL_PROMOTED, 1), STATUS_OK);
    assert_false(challenges(&desk, OURS, 1)); /* who decides challenges no more */
    role_book_finish(&desk.book);
}

static void takes_only_models_that_can(void **state)
{
    struct desk desk;
    (void)state;
    desk_begin(&desk);
    desk.models[1].can_decide = false;
    desk.models[2].can_decide = desk.models[2].can_score = false;
    assert_int_equal(wish(&desk, OURS, MODEL_PROMOTED, 1), STATUS_INVALID);
    assert_int_equal(wish(&desk, OURS, MODEL_CHALLENGED, 1), STATUS_OK);
    assert_int_equal(wish(&desk, OURS, MODEL_PROMOTED, 2), STATUS_INVALID);
    assert_int_equal(wish(&desk, OURS, MODEL_CHALLENGED, 2), STATUS_INVALID);
    role_book_finish(&desk.book);
}

static void keeps_models_in_roles_to_the_limit_and_not_one_more(void **state)
{
    struct desk desk;
    (void)state;
    desk_begin(&desk);
    for (unsigned i = 0; i < MODELS_IN_ROLES_MAX; i++) {
        assert_int_equal(wish(&desk, 10 + (int64_t)i, MODEL_PROMOTED, i), STATUS_OK);
    }
    assert_int_equal(role_book_models(&desk.book, NULL), MODELS_IN_ROLES_MAX);
    assert_int_equal(wish(&desk, 5, MODEL_PROMOTED, MODELS_IN_ROLES_MAX), STATUS_CONFLICT);
    assert_int_equal(wish(&desk, 5, MODEL_CHALLENGED, MODELS_IN_ROLES_MAX), STATUS_CONFLICT);
    assert_int_equal(wish(&desk, 5, MODEL_PROMOTED, 7), STATUS_OK); /* has a role elsewhere */
    role_book_finish(&desk.book);
}

/* ---- two persons ---- */

static enum status two(struct desk *desk, enum model_action action, const char *by,
                       const char *approved_by, bool is_by_key, struct model_change *change,
                       bool *is_so_already)
{
    struct error err;
    return wish_with(
        desk,
        (struct role_wish){.environment = OURS,
                           .action = action,
                           .model = model_action_has_model(action) ? &desk->models[1] : NULL,
                           .by = str_from(by),
                           .approved_by = str_from(approved_by),
                           .reason = STR("why"),
                           .is_by_key = is_by_key},
        change, is_so_already, &err);
}

static void asks_for_a_second_person_where_two_are_required(void **state)
{
    struct desk desk;
    struct model_change change;
    bool so;
    (void)state;
    desk_begin(&desk);
    assert_int_equal(wish(&desk, INSTALLATION, MODEL_TWO_PERSONS_REQUIRED, 0), STATUS_OK);
    assert_int_equal(two(&desk, MODEL_PROMOTED, "ada", "", false, &change, &so), STATUS_DENIED);
    assert_int_equal(two(&desk, MODEL_PROMOTED, "ada", "ada", false, &change, &so), STATUS_INVALID);
    assert_int_equal(wish(&desk, OURS, MODEL_CHALLENGED, 2), STATUS_OK); /* decides nothing */
    assert_int_equal(two(&desk, MODEL_PROMOTED, "ada", "bob", false, &change, &so), STATUS_OK);
    assert_true(decides(&desk, OURS, 1));
    assert_int_equal(two(&desk, MODEL_WITHDRAWN, "ada", "", false, &change, &so), STATUS_DENIED);
    assert_int_equal(two(&desk, MODEL_WITHDRAWN, "ada", "", true, &change, &so), STATUS_DENIED);
    assert_int_equal(two(&desk, MODEL_WITHDRAWN, "ada", "bob", false, &change, &so), STATUS_OK);
    role_book_finish(&desk.book);
}

static void asks_for_a_reason_where_two_are_required(void **state)
{
    struct desk desk;
    struct model_change change;
    bool so;
    struct error err;
    (void)state;
    desk_begin(&desk);
    assert_int_equal(wish(&desk, OURS, MODEL_TWO_PERSONS_REQUIRED, 0), STATUS_OK);
    const struct role_wish without = {.environment = OURS,
                                      .action = MODEL_PROMOTED,
                                      .model = &desk.models[1],
                                      .approved_by = STR("bob")};
    assert_int_equal(wish_with(&desk, without, &change, &so, &err), STATUS_INVALID);
    assert_string_equal(err.field, "reason");
    role_book_finish(&desk.book);
}

static void promotes_when_a_second_key_asks_for_the_same(void **state)
{
    struct desk desk;
    struct model_change change;
    bool so;
    (void)state;
    desk_begin(&desk);
    assert_int_equal(wish(&desk, OURS, MODEL_TWO_PERSONS_REQUIRED, 0), STATUS_OK);
    assert_int_equal(two(&desk, MODEL_PROMOTED, "key_a", "", true, &change, &so), STATUS_OK);
    assert_int_equal(change.action, MODEL_PROPOSED);
    assert_false(decides(&desk, OURS, 1));
    assert_int_equal(two(&desk, MODEL_PROMOTED, "key_a", "", true, &change, &so), STATUS_OK);
    assert_true(so); /* the same key is no second one */
    assert_false(decides(&desk, OURS, 1));
    assert_int_equal(two(&desk, MODEL_PROMOTED, "key_b", "", true, &change, &so), STATUS_OK);
    assert_int_equal(change.action, MODEL_PROMOTED);
    assert_text(change.acted_by, "key_a");
    assert_text(change.approved_by, "key_b");
    assert_true(decides(&desk, OURS, 1));
    role_book_finish(&desk.book);
}

static void forgets_a_proposal_when_another_model_is_promoted(void **state)
{
    struct desk desk;
    struct model_change change;
    bool so;
    struct error err;
    (void)state;
    desk_begin(&desk);
    assert_int_equal(wish(&desk, OURS, MODEL_TWO_PERSONS_REQUIRED, 0), STATUS_OK);
    assert_int_equal(two(&desk, MODEL_PROMOTED, "key_a", "", true, &change, &so), STATUS_OK);
    const struct role_wish other = {.environment = OURS,
                                    .action = MODEL_PROMOTED,
                                    .model = &desk.models[2],
                                    .approved_by = STR("bob"),
                                    .reason = STR("why")};
    assert_int_equal(wish_with(&desk, other, &change, &so, &err), STATUS_OK);
    assert_int_equal(two(&desk, MODEL_PROMOTED, "key_b", "", true, &change, &so), STATUS_OK);
    assert_int_equal(change.action, MODEL_PROPOSED);
    assert_true(decides(&desk, OURS, 2));
    role_book_finish(&desk.book);
}

static void waives_the_rule_by_two_persons_alone(void **state)
{
    struct desk desk;
    struct model_change change;
    bool so;
    (void)state;
    desk_begin(&desk);
    assert_int_equal(wish(&desk, OURS, MODEL_TWO_PERSONS_REQUIRED, 0), STATUS_OK);
    assert_int_equal(wish(&desk, OURS, MODEL_TWO_PERSONS_WAIVED, 0), STATUS_DENIED);
    assert_int_equal(two(&desk, MODEL_TWO_PERSONS_WAIVED, "ada", "bob", false, &change, &so),
                     STATUS_OK);
    assert_int_equal(wish(&desk, OURS, MODEL_PROMOTED, 1), STATUS_OK);
    role_book_finish(&desk.book);
}

/* ---- texts, and changes that nothing proves ---- */

static void refuses_texts_beyond_their_limits(void **state)
{
    static char long_text[MODEL_REASON_MAX + 1];
    struct desk desk;
    struct model_change change;
    bool so;
    struct error err;
    (void)state;
    memset(long_text, 'x', sizeof long_text);
    const struct {
        struct str by, approved_by, reason;
        enum status status;
    } rows[] = {
        {str_of(long_text,      MODEL_ACTOR_MAX), STR(""),                         STR(""),                                                    STATUS_OK},
        {str_of(long_text,                     MODEL_ACTOR_MAX + 1),                      STR(""),             STR(""),                                           STATUS_INVALID},
        {STR("a"),       str_of(long_text,                       MODEL_ACTOR_MAX),                                               STR(""),                                         STATUS_OK},
        {STR("a"),              str_of(long_text,                     MODEL_ACTOR_MAX + 1),      STR(""),                 STATUS_INVALID},
        {STR("a"), STR(""),str_of(long_text,  MODEL_REASON_MAX),                                            STATUS_OK},
        {STR("a"),              STR(""),                         str_of(long_text,                                      MODEL_REASON_MAX + 1),                                            STATUS_INVALID},
        {STR("\xff"),              STR(""),          STR(""), STATUS_INVALID},
        {STR("a"),                     STR("\xff"),                           STR(""),                                      STATUS_INVALID                                                                               },
        {STR("a"),                     STR(""),                              STR("\xff"),                              STATUS_INVALID                                                      },
        {STR("a"),                     STR("a"),                              STR(""),                                  STATUS_INVALID},
    };
    for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
        desk_begin(&desk);
        const struct role_wish asked = {.environment = OURS,
                                        .action = MODEL_PROMOTED,
                                        .model = &desk.models[i],
                                        .by = rows[i].by,
                                        .approved_by = rows[i].approved_by,
                                        .reason = rows[i].reason};
        assert_int_equal(wish_with(&desk, asked, &change, &so, &err), rows[i].status);
        role_book_finish(&desk.book);
    }
}

static void misses_a_change_that_is_not_there(void **state)
{
    struct desk desk;
    struct error err;
    (void)state;
    desk_begin(&desk);
    const struct model_change second = {
        .environment = OURS, .revision = 2, .action = MODEL_PROMOTED, .is_proved = true};
    assert_int_equal(role_book_apply(&desk.book, &second, &err), STATUS_CORRUPT);
    assert_int_equal(desk.book.revision, 0);
    role_book_finish(&desk.book);
}

static void heeds_no_change_that_nothing_proves(void **state)
{
    struct desk desk;
    struct error err;
    (void)state;
    desk_begin(&desk);
    assert_int_equal(wish(&desk, OURS, MODEL_PROMOTED, 1), STATUS_OK);
    const struct model_change forged = {.environment = OURS,
                                        .revision = 2,
                                        .action = MODEL_PROMOTED,
                                        .sha256 = desk.models[2].sha256,
                                        .is_proved = false};
    assert_int_equal(role_book_apply(&desk.book, &forged, &err), STATUS_OK);
    assert_true(role_book_find(&desk.book, OURS)->is_unproved);
    assert_false(role_book_find(&desk.book, THEIRS)->is_unproved);
    assert_true(decides(&desk, OURS, 1));
    assert_int_equal(wish(&desk, OURS, MODEL_PROMOTED, 3), STATUS_CORRUPT);
    assert_int_equal(wish(&desk, THEIRS, MODEL_PROMOTED, 3), STATUS_OK);
    role_book_finish(&desk.book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_each_environment_its_own_champion),
        cmocka_unit_test(does_nothing_where_it_is_so_already),
        cmocka_unit_test(withdraws_what_was_promoted_here_alone),
        cmocka_unit_test(lets_challengers_in_to_the_limit_and_not_one_more),
        cmocka_unit_test(makes_no_model_challenge_itself),
        cmocka_unit_test(takes_only_models_that_can),
        cmocka_unit_test(keeps_models_in_roles_to_the_limit_and_not_one_more),
        cmocka_unit_test(asks_for_a_second_person_where_two_are_required),
        cmocka_unit_test(asks_for_a_reason_where_two_are_required),
        cmocka_unit_test(promotes_when_a_second_key_asks_for_the_same),
        cmocka_unit_test(forgets_a_proposal_when_another_model_is_promoted),
        cmocka_unit_test(waives_the_rule_by_two_persons_alone),
        cmocka_unit_test(refuses_texts_beyond_their_limits),
        cmocka_unit_test(misses_a_change_that_is_not_there),
        cmocka_unit_test(heeds_no_change_that_nothing_proves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
