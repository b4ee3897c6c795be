/* check.h - assertions that stay on in production, and the attributes of our functions.
 *
 * CHECK is for what only our own bug can break.  Input, disk, peers and the memory budget never
 * reach one: they get a status.  There is no NDEBUG here on purpose. */
#ifndef BASE_CHECK_H
#define BASE_CHECK_H

#include <stddef.h>

#define MUST_USE            __attribute__((warn_unused_result))
#define PRINTF(text, first) __attribute__((format(printf, text, first)))
#define CLEANUP(finish)     __attribute__((cleanup(finish)))
#define ARRAY_LEN(array)    (sizeof(array) / sizeof((array)[0]))

/* Say what was broken and where, then abort. */
_Noreturn void check_failed(const char *condition, const char *file, int line);

#define CHECK(condition) ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

#endif
