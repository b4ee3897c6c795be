/* status.c - the words of a status and the filling of an error. */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

const char *status_text(enum status status)
{
    static const char *const texts[] = {
#define STATUS(name, text) [STATUS_##name] = text,
#include "base/status.def"
#undef STATUS
    };
    CHECK(status < STATUS_COUNT);
    return texts[status];
}

enum status error_set(struct error *err, enum status status, const char *field, const char *format,
                      ...)
{
    CHECK(status != STATUS_OK);
    if (err != NULL) {
        va_list args;
        (void)snprintf(err->field, sizeof err->field, "%s", field);
        va_start(args, format);
        (void)vsnprintf(err->message, sizeof err->message, format, args);
        va_end(args);
    }
    return status;
}
