/* defect.c - which defect this process has; part of builds with test_defects only. */
#include "base/defect.h"

#include "base/check.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    [DEFECT_NONE] = "",
#define PLANTED(name, wire) [DEFECT_##name] = wire,
#include "base/defects.def"
#undef PLANTED
};

static int planted_read(void)
{
    const char *name = getenv("AVAL_TEST_DEFECT");
    size_t i = 0;
    while (name != NULL && i < ARRAY_LEN(names) && strcmp(names[i], name) != 0) {
        i++;
    }
    CHECK(i < ARRAY_LEN(names));
    return (int)i;
}

bool defect_is_planted(enum defect defect)
{
    static atomic_int planted = -1;
    int now = atomic_load_explicit(&planted, memory_order_relaxed);
    if (now < 0) {
        now = planted_read();
        atomic_store_explicit(&planted, now, memory_order_relaxed);
    }
    return now == (int)defect;
}
