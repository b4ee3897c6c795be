/* companies.h - a map of the companies of a book, as decisions come by, newest first.
 *
 * Companies are known by 64 bits of their key; two that share them are taken for one, which among a
 * million happens once in forty million books. */
#ifndef MONITOR_COMPANIES_H
#define MONITOR_COMPANIES_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct company_state {
    uint64_t key;                       /* 0: the place is free */
    uint8_t newest_grade, oldest_grade; /* of its scored decisions */
    bool is_scored, is_labelled; /* has been seen with a score; with an outcome that counts */
};

struct companies {
    struct company_state *states;
    uint32_t size, count; /* places, a power of two; taken */
};

uint64_t company_hash(struct str company_key); /* never 0 */
/* The state of a company, new or known; NULL when memory is out.  Valid until the next call. */
struct company_state *companies_find(struct companies *companies, uint64_t key);
void companies_finish(struct companies *companies); /* accepts a zeroed one */

#endif
