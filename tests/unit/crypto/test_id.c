/* test_id.c - ids that sort by the time they were made. */
#include "crypto/id.h"

#include "../expect.h"

static void assert_is_uuid_v7(const struct id *id)
{
    assert_int_equal(id->bytes[6] >> 4, 7);
    assert_int_equal(id->bytes[8] >> 6, 2);
}

static void ids_are_uuids_of_version_7_with_their_time(void **state)
{
    (void)state;
    struct id_source source = id_source_system();
    static const int64_t times[] = {0, 1, 1795342530123, 1795342530124, 281474976710655};
    for (size_t i = 0; i < ARRAY_LEN(times); i++) {
        struct id id = id_make(&source, times[i]);
        assert_is_uuid_v7(&id);
        assert_int_equal(id_ms(&id), times[i]);
    }
}

/* A millisecond that gives out more ids than it has numbers, a clock that steps back and forth. */
static void ids_of_one_source_never_go_back(void **state)
{
    (void)state;
    uint64_t seed = 1;
    struct id_source source = id_source_seeded(&seed);
    struct id before = id_make(&source, 1000);
    for (int i = 0; i < 20000; i++) {
        int64_t now = i < 10000 ? 1000 : 1000 - i % 7 + i / 1000;
        struct id id = id_make(&source, now);
        assert_is_uuid_v7(&id);
        assert_true(memcmp(before.bytes, id.bytes, ID_LEN) < 0);
        assert_true(id_ms(&id) >= 1000);
        assert_true(id_ms(&id) < 1020);
        before = id;
    }
}

static void a_millisecond_has_room_for_2000_ids_at_least(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        uint64_t chance = seed;
        struct id_source source = id_source_seeded(&chance);
        for (int i = 0; i < 2048; i++) {
            struct id id = id_make(&source, 5000);
            assert_int_equal(id_ms(&id), 5000);
        }
    }
}

static void the_same_seed_makes_the_same_ids(void **state)
{
    (void)state;
    uint64_t one = 42, two = 42, three = 43;
    struct id_source a = id_source_seeded(&one), b = id_source_seeded(&two),
                     c = id_source_seeded(&three);
    for (int i = 0; i < 100; i++) {
        struct id x = id_make(&a, 1000 + i / 3), y = id_make(&b, 1000 + i / 3),
                  z = id_make(&c, 1000 + i / 3);
        assert_memory_equal(x.bytes, y.bytes, ID_LEN);
        assert_memory_not_equal(x.bytes, z.bytes, ID_LEN);
    }
}

static void every_random_bit_is_used(void **state)
{
    (void)state;
    struct id_source source = id_source_system();
    uint8_t ones[ID_LEN] = {0}, zeros[ID_LEN] = {0};
    for (int i = 0; i < 200; i++) {
        struct id id = id_make(&source, 1000 + i);
        for (size_t j = 0; j < ID_LEN; j++) {
            ones[j] |= id.bytes[j];
            zeros[j] |= (uint8_t)~id.bytes[j];
        }
    }
    assert_int_equal(ones[6], 0x77);
    assert_int_equal(ones[8], 0xBF);
    assert_int_equal(zeros[8], 0x7F);
    for (size_t j = 9; j < ID_LEN; j++) {
        assert_int_equal(ones[j], 0xFF);
        assert_int_equal(zeros[j], 0xFF);
    }
}

static void texts_carry_their_prefix_and_sort_as_ids_do(void **state)
{
    (void)state;
    uint64_t seed = 7;
    struct id_source source = id_source_seeded(&seed);
    char before[ID_TEXT_MAX + 1] = "", text[ID_TEXT_MAX + 1];
    for (int i = 0; i < 100; i++) {
        struct id id = id_make(&source, 1795342530123 + i / 10), back;
        id_write(text, "dec", &id);
        assert_int_equal(strlen(text), ID_TEXT_MAX);
        assert_true(strcmp(before, text) < 0);
        assert_true(id_read(&back, "dec", str_from(text)));
        assert_memory_equal(back.bytes, id.bytes, ID_LEN);
        memcpy(before, text, sizeof text);
    }
    id_write(text, "k", &(struct id){{0}});
    assert_string_equal(text, "k_00000000000000000000000000");
}

static void refuses_what_is_no_id_of_its_kind(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "dec",
        "dec_",
        "dec_0000000000000000000000000",
        "dec_000000000000000000000000000",
        "dec-00000000000000000000000000",
        "cmp_00000000000000000000000000",
        "DEC_00000000000000000000000000",
        "de_00000000000000000000000000",
        "decx_00000000000000000000000000",
        " dec_00000000000000000000000000",
        "dec_00000000000000000000000000 ",
        "dec_0000000000000000000000000O",
        "dec_80000000000000000000000000",
        "00000000000000000000000000",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct id id = {{7}};
        assert_false(id_read(&id, "dec", str_from(rows[i])));
        assert_int_equal(id.bytes[0], 7);
    }
}

static void make_before_1970(void)
{
    uint64_t seed = 1;
    struct id_source source = id_source_seeded(&seed);
    (void)id_make(&source, -1);
}

static void write_long_prefix(void)
{
    char text[ID_TEXT_MAX + 1];
    id_write(text, "long", &(struct id){{0}});
}

static void a_time_before_1970_or_a_long_prefix_is_our_bug(void **state)
{
    (void)state;
    assert_dies(make_before_1970);
    assert_dies(write_long_prefix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_uuids_of_version_7_with_their_time),
        cmocka_unit_test(ids_of_one_source_never_go_back),
        cmocka_unit_test(a_millisecond_has_room_for_2000_ids_at_least),
        cmocka_unit_test(the_same_seed_makes_the_same_ids),
        cmocka_unit_test(every_random_bit_is_used),
        cmocka_unit_test(texts_carry_their_prefix_and_sort_as_ids_do),
        cmocka_unit_test(refuses_what_is_no_id_of_its_kind),
        cmocka_unit_test(a_time_before_1970_or_a_long_prefix_is_our_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
