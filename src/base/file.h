/* file.h - whole files, with a limit in and all or nothing out. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"
#include "base/status.h"

#include <stdint.h>

/* Read a file ("-": standard input) into `out`, which the caller finishes.  TOO_LARGE past `limit`
 * bytes. */
enum status file_read(struct buf *out, const char *path, size_t limit, struct error *err) MUST_USE;
/* Write beside, sync, then rename: whoever looks sees the old file or the new one. `mode` as in
 * open(2). */
enum status file_write(const char *path, struct str bytes, unsigned mode,
                       struct error *err) MUST_USE;

#endif
