/* address.h - IP addresses and ranges of them as text: "192.0.2.7", "10.0.0.0/8", "2001:db8::/32".
 */
#ifndef FORMAT_ADDRESS_H
#define FORMAT_ADDRESS_H

#include "base/str.h"

#include <stdint.h>

enum { ADDRESS_LEN = 16, ADDRESS_TEXT_MAX = 63 };

/* Addresses of version 4 are held as ::ffff:a.b.c.d, so that one comparison serves both. */
struct address {
    uint8_t bytes[ADDRESS_LEN];
};

/* The addresses whose first `bits` bits are those of `first`. */
struct address_range {
    struct address first;
    unsigned bits;
};

bool address_read(struct address *out, struct str text) MUST_USE;
/* With a slash and the number of bits, or one address alone.  False too if bits behind that number
 * are set: whoever wrote it meant something else. */
bool address_range_read(struct address_range *out, struct str text) MUST_USE;
bool address_range_holds(const struct address_range *range, const struct address *address);
bool address_is_loopback(const struct address *address);

#endif
