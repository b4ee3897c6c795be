/* secret.h - secrets: chance, comparison in constant time, wiping, and API keys.
 *
 * An API key is "sk_test_" or "sk_live_" and 43 base62 digits of 256 random bits: no punctuation,
 * so a double click selects it whole.  Stored is the SHA-256 of the whole key: that much chance
 * needs no slow hash. */
#ifndef CRYPTO_SECRET_H
#define CRYPTO_SECRET_H

#include "crypto/digest.h"

enum { API_KEY_LEN_MAX = 64, API_KEY_LAST_LEN = 4 };

/* From the kernel; cannot fail.  A process that forks may not use it on both sides. */
void secret_random(void *bytes, size_t len);
bool secret_eq(struct str a, struct str b); /* time depends on the lengths alone */
void secret_wipe(void *bytes, size_t len);

/* "sk_test_" + 43 base62 digits, from 32 random bytes. */
void api_key_make(char text[API_KEY_LEN_MAX], bool is_live, const uint8_t random[32]);
/* Has it the form of a key, and of which mode?  Says nothing about whether it exists. */
bool api_key_read_mode(bool *is_live, struct str text) MUST_USE;

#endif
