/* sign.h - Ed25519 signatures (RFC 8032). */
#ifndef CRYPTO_SIGN_H
#define CRYPTO_SIGN_H

#include "base/status.h"
#include "crypto/digest.h"

enum { SIGN_SEED_LEN = 32, SIGN_PUBLIC_LEN = 32, SIGNATURE_LEN = 64 };

struct signing_key {
    uint8_t seed[SIGN_SEED_LEN]; /* secret */
    uint8_t public_key[SIGN_PUBLIC_LEN];
};

/* The key of a 32-byte seed. */
enum status signing_key_from_seed(struct signing_key *key,
                                  const uint8_t seed[SIGN_SEED_LEN]) MUST_USE;
enum status signing_key_sign(uint8_t signature[SIGNATURE_LEN], const struct signing_key *key,
                             struct str message) MUST_USE;
bool signature_verify(const uint8_t signature[SIGNATURE_LEN],
                      const uint8_t public_key[SIGN_PUBLIC_LEN], struct str message) MUST_USE;

#endif
