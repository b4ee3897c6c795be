/* test_digest.c - SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 4231). */
#include "crypto/digest.h"

#include "../expect.h"

#include <pthread.h>
#include <stdlib.h>

static void assert_digest(struct digest got, const char *want)
{
    char text[DIGEST_HEX_LEN + 1];
    digest_hex(text, &got);
    assert_string_equal(text, want);
}

static void hashes_the_vectors(void **state)
{
    (void)state;
    assert_digest(digest_of(STR("")),
                  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_digest(digest_of(STR("abc")),
                  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_digest(digest_of(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    char *million = malloc(1000000);
    assert_non_null(million);
    memset(million, 'a', 1000000);
    assert_digest(digest_of(str_of(million, 1000000)),
                  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

static void parts_hash_as_the_whole(void **state)
{
    (void)state;
    struct str text = STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
    struct digest whole = digest_of(text);
    for (size_t cut = 0; cut <= text.len; cut++) {
        struct sha256 h;
        struct digest two = digest_of_2(str_slice(text, 0, cut), str_slice(text, cut, text.len));
        assert_true(digest_eq(&two, &whole));
        sha256_init(&h);
        sha256_add(&h, str_slice(text, 0, cut));
        /* Another digest of this thread, in between, changes nothing. */
        assert_false(digest_eq(&whole, &(struct digest){{0}}));
        (void)digest_of(STR("in between"));
        sha256_add(&h, str_slice(text, cut, text.len));
        struct digest added = sha256_finish(&h);
        assert_true(digest_eq(&added, &whole));
    }
}

static void authenticates_the_vectors(void **state)
{
    (void)state;
    char key[131], repeated[50];
    memset(key, 0x0b, sizeof key);
    assert_digest(hmac_sha256(str_of(key, 20), STR("Hi There")),
                  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    assert_digest(hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?")),
                  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    memset(repeated, 0xdd, sizeof repeated);
    assert_digest(hmac_sha256(str_of(key, 20), str_of(repeated, sizeof repeated)),
                  "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    assert_digest(hmac_sha256(str_of(key, sizeof key),
                              STR("Test Using Larger Than Block-Size Key - Hash Key First")),
                  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    /* The empty key is a key, not the one before. */
    assert_digest(hmac_sha256(STR(""), STR("")),
                  "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    assert_digest(hmac_sha256((struct str){NULL, 0}, STR("")),
                  "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void reads_its_own_hexadecimal_digits_only(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "e3b0",
        "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85g",
        " 3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    };
    struct digest d, empty = digest_of(STR(""));
    assert_true(digest_read_hex(
        &d, STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")));
    assert_true(digest_eq(&d, &empty));
    assert_int_equal(digest_str(&d).len, DIGEST_LEN);
    assert_memory_equal(digest_str(&d).ptr, empty.bytes, DIGEST_LEN);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_false(digest_read_hex(&d, str_from(bad[i])));
        assert_true(digest_eq(&d, &empty));
    }
}

static void any_bit_makes_a_difference(void **state)
{
    (void)state;
    struct digest d = digest_of(STR("x"));
    for (size_t i = 0; i < DIGEST_LEN * 8; i++) {
        struct digest other = d;
        other.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_false(digest_eq(&d, &other));
    }
}

static void *hash_often(void *result)
{
    struct digest want = digest_of(STR("abc")), mac = hmac_sha256(STR("k"), STR("abc"));
    bool *is_same = result;
    *is_same = true;
    for (int i = 0; i < 2000; i++) {
        struct digest d = digest_of(STR("abc")), m = hmac_sha256(STR("k"), STR("abc"));
        *is_same = *is_same && digest_eq(&d, &want) && digest_eq(&m, &mac);
    }
    return NULL;
}

static void threads_do_not_disturb_each_other(void **state)
{
    (void)state;
    pthread_t threads[4];
    bool results[4] = {false};
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, hash_often, &results[i]), 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(results[i]);
    }
}

static void add_after_finish(void)
{
    struct sha256 h;
    sha256_init(&h);
    (void)sha256_finish(&h);
    sha256_add(&h, STR("late"));
}

static void adding_after_the_end_is_our_bug(void **state)
{
    (void)state;
    assert_dies(add_after_finish);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_the_vectors),
        cmocka_unit_test(parts_hash_as_the_whole),
        cmocka_unit_test(authenticates_the_vectors),
        cmocka_unit_test(reads_its_own_hexadecimal_digits_only),
        cmocka_unit_test(any_bit_makes_a_difference),
        cmocka_unit_test(threads_do_not_disturb_each_other),
        cmocka_unit_test(adding_after_the_end_is_our_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
