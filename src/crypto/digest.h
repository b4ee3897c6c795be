/* digest.h - SHA-256 and HMAC-SHA-256, over OpenSSL with algorithms fetched once.
 *
 * Thread-safe.  Memory: nothing to free but a struct sha256, which lives from init to finish. */
#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include "base/str.h"

#include <stdint.h>

enum { DIGEST_LEN = 32, DIGEST_HEX_LEN = 64 };

struct digest {
    uint8_t bytes[DIGEST_LEN];
};

struct sha256 {
    void *context;
};

void sha256_init(struct sha256 *h);
void sha256_add(struct sha256 *h, struct str bytes);
struct digest sha256_finish(struct sha256 *h);

struct digest digest_of(struct str bytes);
struct digest digest_of_2(struct str a, struct str b); /* of a followed by b */
struct digest hmac_sha256(struct str key, struct str bytes);
bool digest_eq(const struct digest *a, const struct digest *b); /* constant time */
void digest_hex(char text[DIGEST_HEX_LEN + 1], const struct digest *d);
bool digest_read_hex(struct digest *d, struct str text) MUST_USE;
struct str digest_str(const struct digest *d); /* borrows */

#endif
