/* ticket.c - AES-256-CBC and HMAC-SHA-256 (RFC 5077, section 4), newest key first. */
#include "http/ticket.h"

#include "crypto/secret.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The one that seals, the ones that still open, and room for a turn that comes late. */
enum { KEYS_MAX = 4, KEY_LEN = 32 };

struct ticket_key {
    unsigned char name[TICKET_NAME_LEN];
    unsigned char cipher[KEY_LEN];
    unsigned char mac[KEY_LEN];
    uint64_t made_us;
};

struct ticket_keys {
    pthread_mutex_t lock;
    unsigned count;
    struct ticket_key keys[KEYS_MAX];
};

static void key_add(struct ticket_keys *keys, uint64_t now_us)
{
    unsigned kept = keys->count == KEYS_MAX ? KEYS_MAX - 1 : keys->count;
    memmove(keys->keys + 1, keys->keys, kept * sizeof keys->keys[0]);
    struct ticket_key *key = &keys->keys[0];
    secret_random(key->name, sizeof key->name);
    secret_random(key->cipher, sizeof key->cipher);
    secret_random(key->mac, sizeof key->mac);
    key->made_us = now_us;
    keys->count = kept + 1;
}

/* The last ticket of a key was sealed when the next key was made. */
static bool has_ended(const struct ticket_keys *keys, unsigned i, uint64_t now_us)
{
    return i > 0 && now_us >= keys->keys[i - 1].made_us + TICKET_LIFE_S * UINT64_C(1000000);
}

void ticket_keys_turn(struct ticket_keys *keys, uint64_t now_us)
{
    CHECK(pthread_mutex_lock(&keys->lock) == 0);
    if (keys->count == 0 ||
        now_us >= keys->keys[0].made_us + TICKET_KEY_ISSUE_S * UINT64_C(1000000)) {
        key_add(keys, now_us);
    }
    while (has_ended(keys, keys->count - 1, now_us)) {
        keys->count--;
        secret_wipe(&keys->keys[keys->count], sizeof keys->keys[0]);
    }
    CHECK(pthread_mutex_unlock(&keys->lock) == 0);
}

struct ticket_keys *ticket_keys_create(uint64_t now_us)
{
    struct ticket_keys *keys = calloc(1, sizeof *keys);
    if (keys == NULL) {
        return NULL;
    }
    CHECK(pthread_mutex_init(&keys->lock, NULL) == 0);
    ticket_keys_turn(keys, now_us);
    return keys;
}

void ticket_keys_destroy(struct ticket_keys *keys)
{
    if (keys == NULL) {
        return;
    }
    CHECK(pthread_mutex_destroy(&keys->lock) == 0);
    secret_wipe(keys, sizeof *keys);
    free(keys);
}

unsigned ticket_keys_count(struct ticket_keys *keys)
{
    CHECK(pthread_mutex_lock(&keys->lock) == 0);
    unsigned count = keys->count;
    CHECK(pthread_mutex_unlock(&keys->lock) == 0);
    return count;
}

static bool mac_ready(EVP_MAC_CTX *mac, struct ticket_key *key)
{
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key->mac, sizeof key->mac),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

enum ticket_use ticket_seal(struct ticket_keys *keys, unsigned char name[TICKET_NAME_LEN],
                            unsigned char iv[TICKET_IV_LEN], EVP_CIPHER_CTX *cipher,
                            EVP_MAC_CTX *mac)
{
    struct ticket_key key;
    CHECK(pthread_mutex_lock(&keys->lock) == 0);
    key = keys->keys[0];
    CHECK(pthread_mutex_unlock(&keys->lock) == 0);
    memcpy(name, key.name, TICKET_NAME_LEN);
    secret_random(iv, TICKET_IV_LEN);
    bool is_ready = EVP_EncryptInit_ex2(cipher, EVP_aes_256_cbc(), key.cipher, iv, NULL) == 1 &&
                    mac_ready(mac, &key);
    secret_wipe(&key, sizeof key);
    return is_ready ? TICKET_FRESH : TICKET_FAILED;
}

/* Copies the key of that name; its index, or KEYS_MAX. */
static unsigned key_find(struct ticket_keys *keys, struct ticket_key *out,
                         const unsigned char name[TICKET_NAME_LEN])
{
    unsigned found = KEYS_MAX;
    CHECK(pthread_mutex_lock(&keys->lock) == 0);
    for (unsigned i = 0; i < keys->count && found == KEYS_MAX; i++) {
        if (memcmp(keys->keys[i].name, name, TICKET_NAME_LEN) == 0) {
            *out = keys->keys[i];
            found = i;
        }
    }
    CHECK(pthread_mutex_unlock(&keys->lock) == 0);
    return found;
}

enum ticket_use ticket_open(struct ticket_keys *keys, const unsigned char name[TICKET_NAME_LEN],
                            const unsigned char iv[TICKET_IV_LEN], EVP_CIPHER_CTX *cipher,
                            EVP_MAC_CTX *mac)
{
    struct ticket_key key;
    unsigned i = key_find(keys, &key, name);
    if (i == KEYS_MAX) {
        return TICKET_UNKNOWN;
    }
    bool is_ready = mac_ready(mac, &key) &&
                    EVP_DecryptInit_ex2(cipher, EVP_aes_256_cbc(), key.cipher, iv, NULL) == 1;
    secret_wipe(&key, sizeof key);
    if (!is_ready) {
        return TICKET_FAILED;
    }
    return i == 0 ? TICKET_FRESH : TICKET_OLD;
}
