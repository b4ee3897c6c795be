/* retry_after.c - the rows of retry_after.def, and rounding up. */
#include "service/retry_after.h"

#include "base/check.h"

unsigned retry_after_s(enum retry_after why, uint64_t wait_us)
{
    enum { SECOND_US = 1000000 };
    static const struct {
        unsigned least_s, most_s;
    } rows[] = {
#define RETRY_AFTER(name, least_s, most_s) [RETRY_AFTER_##name] = {least_s, most_s},
#include "service/retry_after.def"
#undef RETRY_AFTER
    };
    CHECK(why < RETRY_AFTER_COUNT);
    uint64_t wait_s = wait_us / SECOND_US + (wait_us % SECOND_US > 0 ? 1 : 0);
    if (wait_s <= rows[why].least_s) {
        return rows[why].least_s;
    }
    return wait_s < rows[why].most_s ? (unsigned)wait_s : rows[why].most_s;
}
