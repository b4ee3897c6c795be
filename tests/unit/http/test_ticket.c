/* test_ticket.c - keys that turn, on a clock that the test turns. */
#include "../expect.h"
#include "http/ticket.h"

#include <openssl/evp.h>
#include <string.h>

#define HOUR_US  (UINT64_C(3600) * 1000000)
#define ISSUE_US (TICKET_KEY_ISSUE_S * UINT64_C(1000000))
#define LIFE_US  (TICKET_LIFE_S * UINT64_C(1000000))

enum { START_US = 5000000, TEXT_LEN = 32, MAC_LEN = 32 };

/* A sealed ticket, as OpenSSL makes one with the contexts it is given. */
struct ticket {
    unsigned char name[TICKET_NAME_LEN];
    unsigned char iv[TICKET_IV_LEN];
    unsigned char bytes[TEXT_LEN + EVP_MAX_BLOCK_LENGTH];
    int len;
    unsigned char mac[MAC_LEN];
};

struct tools {
    EVP_CIPHER_CTX *cipher;
    EVP_MAC *hmac;
    EVP_MAC_CTX *mac;
};

static const unsigned char text[TEXT_LEN] = "the secrets of a session: 32 byt";

static struct tools tools_make(void)
{
    struct tools t = {EVP_CIPHER_CTX_new(), EVP_MAC_fetch(NULL, "HMAC", NULL), NULL};
    t.mac = EVP_MAC_CTX_new(t.hmac);
    assert_non_null(t.mac);
    return t;
}

static void tools_finish(struct tools *t)
{
    EVP_CIPHER_CTX_free(t->cipher);
    EVP_MAC_CTX_free(t->mac);
    EVP_MAC_free(t->hmac);
}

static void mac_compute(const struct tools *t, const struct ticket *ticket, unsigned char *out)
{
    size_t len = 0;
    assert_int_equal(EVP_MAC_init(t->mac, NULL, 0, NULL), 1);
    assert_int_equal(EVP_MAC_update(t->mac, ticket->bytes, (size_t)ticket->len), 1);
    assert_int_equal(EVP_MAC_final(t->mac, out, &len, MAC_LEN), 1);
    assert_int_equal(len, MAC_LEN);
}

static struct ticket seal(struct ticket_keys *keys)
{
    struct tools t = tools_make();
    struct ticket out;
    int rest = 0;
    memset(&out, 0, sizeof out);
    assert_int_equal(ticket_seal(keys, out.name, out.iv, t.cipher, t.mac), TICKET_FRESH);
    assert_int_equal(EVP_EncryptUpdate(t.cipher, out.bytes, &out.len, text, TEXT_LEN), 1);
    assert_int_equal(EVP_EncryptFinal_ex(t.cipher, out.bytes + out.len, &rest), 1);
    out.len += rest;
    mac_compute(&t, &out, out.mac);
    tools_finish(&t);
    return out;
}

/* What ticket_open() says; where it gives keys, they must be the right ones. */
static enum ticket_use open_ticket(struct ticket_keys *keys, const struct ticket *ticket)
{
    struct tools t = tools_make();
    unsigned char plain[TEXT_LEN + EVP_MAX_BLOCK_LENGTH];
    unsigned char mac[MAC_LEN];
    int len = 0;
    int rest = 0;
    enum ticket_use use = ticket_open(keys, ticket->name, ticket->iv, t.cipher, t.mac);
    if (use == TICKET_FRESH || use == TICKET_OLD) {
        mac_compute(&t, ticket, mac);
        assert_memory_equal(mac, ticket->mac, MAC_LEN);
        assert_int_equal(EVP_DecryptUpdate(t.cipher, plain, &len, ticket->bytes, ticket->len), 1);
        assert_int_equal(EVP_DecryptFinal_ex(t.cipher, plain + len, &rest), 1);
        assert_int_equal(len + rest, TEXT_LEN);
        assert_memory_equal(plain, text, TEXT_LEN);
    }
    tools_finish(&t);
    return use;
}

static void opens_what_it_sealed(void **state)
{
    (void)state;
    struct ticket_keys *keys = ticket_keys_create(START_US);
    struct ticket one = seal(keys);
    struct ticket two = seal(keys);
    assert_int_equal(open_ticket(keys, &one), TICKET_FRESH);
    assert_int_equal(open_ticket(keys, &two), TICKET_FRESH);
    assert_memory_equal(one.name, two.name, TICKET_NAME_LEN);
    assert_memory_not_equal(one.iv, two.iv, TICKET_IV_LEN);
    assert_memory_not_equal(one.bytes, two.bytes, TEXT_LEN);
    assert_memory_not_equal(one.bytes, text, TEXT_LEN);
    ticket_keys_destroy(keys);
}

static void knows_no_key_but_its_own(void **state)
{
    (void)state;
    struct ticket_keys *keys = ticket_keys_create(START_US);
    struct ticket_keys *others = ticket_keys_create(START_US);
    struct ticket ticket = seal(others);
    assert_int_equal(open_ticket(keys, &ticket), TICKET_UNKNOWN);
    ticket = seal(keys);
    for (size_t i = 0; i < TICKET_NAME_LEN; i++) {
        ticket.name[i] ^= 1;
        assert_int_equal(open_ticket(keys, &ticket), TICKET_UNKNOWN);
        ticket.name[i] ^= 1;
    }
    memset(ticket.name, 0, sizeof ticket.name);
    assert_int_equal(open_ticket(keys, &ticket), TICKET_UNKNOWN);
    ticket_keys_destroy(keys);
    ticket_keys_destroy(others);
}

static void turns_its_key_in_time(void **state)
{
    (void)state;
    static const struct {
        uint64_t at_us; /* after the start */
        enum ticket_use first;
        enum ticket_use second; /* of a ticket sealed at ISSUE_US */
        unsigned count;
    } rows[] = {
        {0,                           TICKET_FRESH,   TICKET_UNKNOWN, 1},
        {ISSUE_US - 1,                TICKET_FRESH,   TICKET_UNKNOWN, 1},
        {ISSUE_US,                    TICKET_OLD,     TICKET_FRESH,   2},
        {ISSUE_US + LIFE_US - 1,      TICKET_OLD,     TICKET_FRESH,   2},
        {ISSUE_US + LIFE_US,          TICKET_UNKNOWN, TICKET_OLD,     2},
        {ISSUE_US + LIFE_US + 1,      TICKET_UNKNOWN, TICKET_OLD,     2},
        {2 * ISSUE_US + 2 * LIFE_US,  TICKET_UNKNOWN, TICKET_UNKNOWN, 2},
        {2 * ISSUE_US + 3 * LIFE_US,  TICKET_UNKNOWN, TICKET_UNKNOWN, 2},
        {900 * HOUR_US,               TICKET_UNKNOWN, TICKET_UNKNOWN, 2},
        {900 * HOUR_US + LIFE_US - 1, TICKET_UNKNOWN, TICKET_UNKNOWN, 2},
    };
    struct ticket_keys *keys = ticket_keys_create(START_US);
    struct ticket first = seal(keys);
    struct ticket second = {.len = 0};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        ticket_keys_turn(keys, START_US + rows[i].at_us);
        if (rows[i].at_us == ISSUE_US) {
            second = seal(keys);
        }
        enum ticket_use was_first = open_ticket(keys, &first);
        enum ticket_use was_second = open_ticket(keys, &second);
        if (was_first != rows[i].first || was_second != rows[i].second) {
            fail_msg("row %zu: %d and %d", i, was_first, was_second);
        }
        assert_int_equal(ticket_keys_count(keys), rows[i].count);
    }
    ticket_keys_destroy(keys);
}

static void stays_small_however_often_it_is_turned(void **state)
{
    (void)state;
    struct ticket_keys *keys = ticket_keys_create(START_US);
    for (uint64_t minute = 0; minute < 3000; minute++) {
        ticket_keys_turn(keys, START_US + minute * 60 * 1000000);
        assert_true(ticket_keys_count(keys) <= 2);
    }
    ticket_keys_destroy(keys);
    ticket_keys_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_what_it_sealed),
        cmocka_unit_test(knows_no_key_but_its_own),
        cmocka_unit_test(turns_its_key_in_time),
        cmocka_unit_test(stays_small_however_often_it_is_turned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
