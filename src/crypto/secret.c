/* secret.c - chance from the kernel, and keys made of it. */
#include "crypto/secret.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/random.h>

enum { API_KEY_PREFIX_LEN = 8, API_KEY_DIGITS = 43, API_KEY_BASE = 62 };

_Static_assert(API_KEY_PREFIX_LEN + API_KEY_DIGITS < API_KEY_LEN_MAX, "a key and its NUL must fit");

static const char base62_digits[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char test_prefix[] = "sk_test_", live_prefix[] = "sk_live_";

enum { STOCK_LEN = 1024, SMALL_MAX = 16 };

/* What a thread has fetched ahead, its end first; what is handed out is wiped here. */
struct stock {
    size_t left;
    uint8_t bytes[STOCK_LEN];
};

static void kernel_random(uint8_t *to, size_t len)
{
    while (len > 0) {
        ssize_t got = getrandom(to, len, 0);
        CHECK(got > 0 || (got < 0 && errno == EINTR));
        if (got > 0) {
            to += got;
            len -= (size_t)got;
        }
    }
}

/* A decision takes four small pieces (ids and a salt): fetched one by one they cost more than
 * hashing it.  Keys are never kept ahead. */
void secret_random(void *bytes, size_t len)
{
    static _Thread_local struct stock stock;
    if (len > SMALL_MAX) {
        kernel_random(bytes, len);
        return;
    }
    if (stock.left < len) {
        kernel_random(stock.bytes, sizeof stock.bytes);
        stock.left = sizeof stock.bytes;
    }
    stock.left -= len;
    if (len > 0) {
        memcpy(bytes, stock.bytes + stock.left, len);
        secret_wipe(stock.bytes + stock.left, len);
    }
}

bool secret_eq(struct str a, struct str b)
{
    return a.len == b.len && CRYPTO_memcmp(a.ptr, b.ptr, a.len) == 0;
}

void secret_wipe(void *bytes, size_t len)
{
    OPENSSL_cleanse(bytes, len);
}

/* Divide the number by 62 in place, most significant byte first; the remainder is its last digit.
 */
static char next_digit(uint8_t number[32])
{
    unsigned rest = 0;
    for (size_t i = 0; i < 32; i++) {
        unsigned part = rest << 8 | number[i];
        number[i] = (uint8_t)(part / API_KEY_BASE);
        rest = part % API_KEY_BASE;
    }
    return base62_digits[rest];
}

void api_key_make(char text[API_KEY_LEN_MAX], bool is_live, const uint8_t random[32])
{
    uint8_t number[32];
    memcpy(number, random, sizeof number);
    memcpy(text, is_live ? live_prefix : test_prefix, API_KEY_PREFIX_LEN);
    for (size_t i = API_KEY_DIGITS; i > 0; i--) {
        text[API_KEY_PREFIX_LEN + i - 1] = next_digit(number);
    }
    text[API_KEY_PREFIX_LEN + API_KEY_DIGITS] = '\0';
    /* 62^43 > 2^256: nothing may be left. */
    for (size_t i = 0; i < sizeof number; i++) {
        CHECK(number[i] == 0);
    }
}

bool api_key_read_mode(bool *is_live, struct str text)
{
    if (text.len != API_KEY_PREFIX_LEN + API_KEY_DIGITS) {
        return false;
    }
    struct str prefix = str_slice(text, 0, API_KEY_PREFIX_LEN);
    bool is_live_key = str_eq(prefix, str_from(live_prefix));
    if (!is_live_key && !str_eq(prefix, str_from(test_prefix))) {
        return false;
    }
    for (size_t i = API_KEY_PREFIX_LEN; i < text.len; i++) {
        char c = text.ptr[i];
        bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!is_letter && (c < '0' || c > '9')) {
            return false;
        }
    }
    *is_live = is_live_key;
    return true;
}
