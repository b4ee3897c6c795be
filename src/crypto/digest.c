/* digest.c - OpenSSL's SHA-256 and HMAC.
 *
 * A digest of bytes that are there uses OpenSSL's plain functions: they need no memory, and so
 * cannot fail in the middle of a decision, whereas a context of the newer ones is allocated for
 * each digest.  What is fed piece by piece, and HMAC, whose contexts each thread keeps, use the
 * newer ones. */
#define OPENSSL_SUPPRESS_DEPRECATED /* SHA256_Init() and its like: see above */
#include "crypto/digest.h"

#include "format/base64.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <stdlib.h>

/* What one thread hashes with, freed when it ends. */
struct thread_contexts {
    EVP_MAC_CTX *hmac;
};

static pthread_once_t algorithms_once = PTHREAD_ONCE_INIT;
static pthread_key_t contexts_key;
static EVP_MD *sha256_algorithm;
static EVP_MAC *hmac_algorithm;

static void contexts_destroy(void *value)
{
    struct thread_contexts *contexts = value;
    EVP_MAC_CTX_free(contexts->hmac);
    free(contexts);
}

/* OpenSSL without SHA-256 or memory for it is not an OpenSSL we can run with. */
static void algorithms_fetch(void)
{
    sha256_algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    hmac_algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
    CHECK(sha256_algorithm != NULL);
    CHECK(hmac_algorithm != NULL);
    CHECK(pthread_key_create(&contexts_key, contexts_destroy) == 0);
}

static struct thread_contexts *contexts_get(void)
{
    CHECK(pthread_once(&algorithms_once, algorithms_fetch) == 0);
    struct thread_contexts *contexts = pthread_getspecific(contexts_key);
    if (contexts == NULL) {
        contexts = calloc(1, sizeof *contexts);
        CHECK(contexts != NULL);
        contexts->hmac = EVP_MAC_CTX_new(hmac_algorithm);
        CHECK(contexts->hmac != NULL);
        CHECK(pthread_setspecific(contexts_key, contexts) == 0);
    }
    return contexts;
}

static void context_start(EVP_MD_CTX *context)
{
    CHECK(EVP_DigestInit_ex2(context, sha256_algorithm, NULL) == 1);
}

static void context_add(EVP_MD_CTX *context, struct str bytes)
{
    CHECK(EVP_DigestUpdate(context, bytes.ptr, bytes.len) == 1);
}

static struct digest context_end(EVP_MD_CTX *context)
{
    struct digest digest;
    unsigned len = 0;
    CHECK(EVP_DigestFinal_ex(context, digest.bytes, &len) == 1);
    CHECK(len == DIGEST_LEN);
    return digest;
}

void sha256_init(struct sha256 *h)
{
    CHECK(pthread_once(&algorithms_once, algorithms_fetch) == 0);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    CHECK(context != NULL);
    context_start(context);
    h->context = context;
}

void sha256_add(struct sha256 *h, struct str bytes)
{
    CHECK(h->context != NULL);
    context_add(h->context, bytes);
}

struct digest sha256_finish(struct sha256 *h)
{
    CHECK(h->context != NULL);
    struct digest digest = context_end(h->context);
    EVP_MD_CTX_free(h->context);
    h->context = NULL;
    return digest;
}

struct digest digest_of(struct str bytes)
{
    return digest_of_2(bytes, STR(""));
}

struct digest digest_of_2(struct str a, struct str b)
{
    SHA256_CTX context;
    struct digest digest;
    CHECK(SHA256_Init(&context) == 1);
    CHECK(SHA256_Update(&context, a.ptr, a.len) == 1);
    CHECK(SHA256_Update(&context, b.ptr, b.len) == 1);
    CHECK(SHA256_Final(digest.bytes, &context) == 1);
    return digest;
}

struct digest hmac_sha256(struct str key, struct str bytes)
{
    EVP_MAC_CTX *context = contexts_get()->hmac;
    char name[] = "SHA256";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                           OSSL_PARAM_construct_end()};
    struct digest digest;
    size_t len = 0;
    /* A NULL key would mean the one before: the empty key has an address too. */
    const void *start = key.len == 0 ? "" : key.ptr;
    CHECK(EVP_MAC_init(context, start, key.len, params) == 1);
    CHECK(EVP_MAC_update(context, (const unsigned char *)bytes.ptr, bytes.len) == 1);
    CHECK(EVP_MAC_final(context, digest.bytes, &len, sizeof digest.bytes) == 1);
    CHECK(len == DIGEST_LEN);
    return digest;
}

bool digest_eq(const struct digest *a, const struct digest *b)
{
    return CRYPTO_memcmp(a->bytes, b->bytes, DIGEST_LEN) == 0;
}

void digest_hex(char text[DIGEST_HEX_LEN + 1], const struct digest *d)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_LEN; i++) {
        text[2 * i] = digits[d->bytes[i] >> 4];
        text[2 * i + 1] = digits[d->bytes[i] & 15];
    }
    text[DIGEST_HEX_LEN] = '\0';
}

bool digest_read_hex(struct digest *d, struct str text)
{
    return hex_read(d->bytes, sizeof d->bytes, text);
}

struct str digest_str(const struct digest *d)
{
    return str_of(d->bytes, DIGEST_LEN);
}
