/* stream_lock.h - one process at a time writes a stream.
 *
 * A lock on a file beside the database; the kernel releases it when its holder dies. */
#ifndef STORE_STREAM_LOCK_H
#define STORE_STREAM_LOCK_H

#include "base/status.h"

enum { STREAM_LOCK_WAIT_MS = 10000 };

struct stream_lock;

/* CONFLICT: another process holds it.  The stream "operator" waits up to STREAM_LOCK_WAIT_MS:
 * commands are short. */
enum status stream_lock_take(struct stream_lock **out, const char *where, const char *stream,
                             struct error *err) MUST_USE;
void stream_lock_release(struct stream_lock *lock); /* accepts NULL */

#endif
