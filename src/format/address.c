/* address.c - inet_pton, and a comparison bit by bit. */
#include "format/address.h"

#include <arpa/inet.h>
#include <string.h>

enum { V4_LEN = 4, V4_AT = ADDRESS_LEN - V4_LEN, V4_BITS = 8 * V4_AT, ADDRESS_BITS = 128 };

static bool is_v4(const struct address *address)
{
    static const uint8_t mapped[V4_AT] = {[10] = 0xFF, [11] = 0xFF};
    return memcmp(address->bytes, mapped, V4_AT) == 0;
}

bool address_read(struct address *out, struct str text)
{
    char copy[ADDRESS_TEXT_MAX + 1];
    struct address read = {
        .bytes = {[10] = 0xFF, [11] = 0xFF}
    };
    if (text.len > ADDRESS_TEXT_MAX || str_find(text, 0, '\0') != text.len) {
        return false;
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    if (inet_pton(AF_INET, copy, read.bytes + V4_AT) != 1 &&
        inet_pton(AF_INET6, copy, read.bytes) != 1) {
        return false;
    }
    *out = read;
    return true;
}

/* One to three digits without a leading zero. */
static bool bits_read(unsigned *out, struct str text, unsigned most)
{
    unsigned number = 0;
    if (text.len == 0 || text.len > 3 || (text.len > 1 && text.ptr[0] == '0')) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
        number = number * 10 + (unsigned)(text.ptr[i] - '0');
    }
    *out = number;
    return number <= most;
}

static bool bit_of(const struct address *address, unsigned at)
{
    return (address->bytes[at / 8] >> (7 - at % 8) & 1) != 0;
}

bool address_range_read(struct address_range *out, struct str text)
{
    struct address_range read = {.bits = ADDRESS_BITS};
    size_t slash = str_find(text, 0, '/');
    struct str address = str_slice(text, 0, slash);
    if (!address_read(&read.first, address)) {
        return false;
    }
    if (slash < text.len) {
        /* ::ffff:10.0.0.0/104 counts from the front, 10.0.0.0/8 does not. */
        bool is_short = str_find(address, 0, ':') == address.len;
        struct str bits = str_slice(text, slash + 1, text.len);
        if (!bits_read(&read.bits, bits, is_short ? ADDRESS_BITS - V4_BITS : ADDRESS_BITS)) {
            return false;
        }
        read.bits += is_short ? V4_BITS : 0;
    }
    for (unsigned at = read.bits; at < ADDRESS_BITS; at++) {
        if (bit_of(&read.first, at)) {
            return false;
        }
    }
    *out = read;
    return true;
}

bool address_range_holds(const struct address_range *range, const struct address *address)
{
    for (unsigned at = 0; at < range->bits; at++) {
        if (bit_of(&range->first, at) != bit_of(address, at)) {
            return false;
        }
    }
    return true;
}

bool address_is_loopback(const struct address *address)
{
    static const uint8_t loopback[ADDRESS_LEN] = {[ADDRESS_LEN - 1] = 1};
    if (is_v4(address)) {
        return address->bytes[V4_AT] == 127;
    }
    return memcmp(address->bytes, loopback, ADDRESS_LEN) == 0;
}
