/* sign.c - Ed25519 over OpenSSL; keys are handed in raw, so no key outlives a call here. */
#include "crypto/sign.h"

#include <openssl/evp.h>
#include <string.h>

static void pkey_finish(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void context_finish(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

static EVP_PKEY *private_key(const uint8_t seed[SIGN_SEED_LEN])
{
    return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, SIGN_SEED_LEN);
}

enum status signing_key_from_seed(struct signing_key *key, const uint8_t seed[SIGN_SEED_LEN])
{
    CLEANUP(pkey_finish) EVP_PKEY *pkey = private_key(seed);
    uint8_t public_key[SIGN_PUBLIC_LEN];
    size_t len = sizeof public_key;
    if (pkey == NULL || EVP_PKEY_get_raw_public_key(pkey, public_key, &len) != 1) {
        return STATUS_INTERNAL;
    }
    CHECK(len == SIGN_PUBLIC_LEN);
    memmove(key->seed, seed, SIGN_SEED_LEN);
    memcpy(key->public_key, public_key, SIGN_PUBLIC_LEN);
    return STATUS_OK;
}

enum status signing_key_sign(uint8_t signature[SIGNATURE_LEN], const struct signing_key *key,
                             struct str message)
{
    CLEANUP(pkey_finish) EVP_PKEY *pkey = private_key(key->seed);
    CLEANUP(context_finish) EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t len = SIGNATURE_LEN;
    if (pkey == NULL || context == NULL ||
        EVP_DigestSignInit(context, NULL, NULL, NULL, pkey) != 1 ||
        EVP_DigestSign(context, signature, &len, (const unsigned char *)message.ptr, message.len) !=
            1) {
        return STATUS_INTERNAL;
    }
    CHECK(len == SIGNATURE_LEN);
    return STATUS_OK;
}

bool signature_verify(const uint8_t signature[SIGNATURE_LEN],
                      const uint8_t public_key[SIGN_PUBLIC_LEN], struct str message)
{
    CLEANUP(pkey_finish)
    EVP_PKEY *pkey =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, SIGN_PUBLIC_LEN);
    CLEANUP(context_finish) EVP_MD_CTX *context = EVP_MD_CTX_new();
    return pkey != NULL && context != NULL &&
           EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) == 1 &&
           EVP_DigestVerify(context, signature, SIGNATURE_LEN, (const unsigned char *)message.ptr,
                            message.len) == 1;
}
