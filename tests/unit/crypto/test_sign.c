/* test_sign.c - Ed25519, with the vectors of RFC 8032, section 7.1. */
#include "crypto/sign.h"

#include "../expect.h"
#include "format/base64.h"

static const struct {
    const char *seed;
    const char *public_key;
    struct str message;
    const char *signature;
} vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", {"", 0},
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46b"
     "d25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", {"\x72", 1},
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c"
     "387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", {"\xaf\x82", 2},
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "659"
     "4a7c15e9716ed28dc027beceea1ec40a"},
};

static struct signing_key key_of(size_t i)
{
    struct signing_key key;
    uint8_t seed[SIGN_SEED_LEN];
    assert_true(hex_read(seed, sizeof seed, str_from(vectors[i].seed)));
    assert_int_equal(signing_key_from_seed(&key, seed), STATUS_OK);
    return key;
}

static void signs_and_verifies_the_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        uint8_t want[SIGNATURE_LEN], public_key[SIGN_PUBLIC_LEN], got[SIGNATURE_LEN];
        struct signing_key key = key_of(i);
        assert_true(hex_read(want, sizeof want, str_from(vectors[i].signature)));
        assert_true(hex_read(public_key, sizeof public_key, str_from(vectors[i].public_key)));
        assert_memory_equal(key.public_key, public_key, sizeof public_key);
        assert_int_equal(signing_key_sign(got, &key, vectors[i].message), STATUS_OK);
        assert_memory_equal(got, want, sizeof got);
        assert_true(signature_verify(want, public_key, vectors[i].message));
    }
}

static void a_key_may_be_made_from_its_own_seed(void **state)
{
    (void)state;
    struct signing_key key = key_of(0), same = key;
    assert_int_equal(signing_key_from_seed(&same, same.seed), STATUS_OK);
    assert_memory_equal(&same, &key, sizeof key);
}

static void any_changed_bit_is_refused(void **state)
{
    (void)state;
    uint8_t signature[SIGNATURE_LEN];
    char message[] = "a checkpoint";
    struct str text = str_from(message);
    struct signing_key key = key_of(1);
    assert_int_equal(signing_key_sign(signature, &key, text), STATUS_OK);
    assert_true(signature_verify(signature, key.public_key, text));
    for (size_t i = 0; i < SIGNATURE_LEN * 8; i++) {
        signature[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_false(signature_verify(signature, key.public_key, text));
        signature[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    for (size_t i = 0; i < SIGN_PUBLIC_LEN * 8; i++) {
        key.public_key[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_false(signature_verify(signature, key.public_key, text));
        key.public_key[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    for (size_t i = 0; i < text.len; i++) {
        message[i] ^= 1;
        assert_false(signature_verify(signature, key.public_key, text));
        message[i] ^= 1;
    }
    assert_false(signature_verify(signature, key.public_key, STR("")));
    assert_false(signature_verify(signature, key_of(2).public_key, text));
    assert_true(signature_verify(signature, key.public_key, text));
}

/* S + L in place of S: the same point, another text.  RFC 8032 wants it refused. */
static void a_signature_has_one_form(void **state)
{
    (void)state;
    static const uint8_t order[] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                    0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                    0,    0,    0,    0,    0,    0,    0,    0,
                                    0,    0,    0,    0,    0,    0,    0,    0x10};
    uint8_t signature[SIGNATURE_LEN];
    struct signing_key key = key_of(0);
    assert_int_equal(signing_key_sign(signature, &key, STR("m")), STATUS_OK);
    unsigned carry = 0;
    for (size_t i = 0; i < sizeof order; i++) {
        carry += (unsigned)signature[32 + i] + order[i];
        signature[32 + i] = (uint8_t)(carry & 0xFF);
        carry >>= 8;
    }
    assert_false(signature_verify(signature, key.public_key, STR("m")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_and_verifies_the_vectors),
        cmocka_unit_test(a_key_may_be_made_from_its_own_seed),
        cmocka_unit_test(any_changed_bit_is_refused),
        cmocka_unit_test(a_signature_has_one_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
