/* stream_lock.c - flock; waiting is asking again. */
#include "store/stream_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, RETRY_MS = 20 };

struct stream_lock {
    int fd;
};

static bool lock_within(int fd, int wait_ms)
{
    const struct timespec pause = {.tv_nsec = RETRY_MS * 1000L * 1000};
    int waited_ms = 0;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (waited_ms >= wait_ms) {
            return false;
        }
        (void)nanosleep(&pause, NULL);
        waited_ms += RETRY_MS;
    }
    return true;
}

enum status stream_lock_take(struct stream_lock **out, const char *where, const char *stream,
                             struct error *err)
{
    char path[PATH_SIZE];
    int len = snprintf(path, sizeof path, "%s.%s.lock", where, stream);
    if (len < 0 || (size_t)len >= sizeof path) {
        return error_set(err, STATUS_INVALID, "", "the name of the database is too long");
    }
    struct stream_lock *lock = calloc(1, sizeof *lock);
    if (lock == NULL) {
        return error_set(err, STATUS_IO, "", "no memory for a lock");
    }
    lock->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (lock->fd < 0) {
        free(lock);
        return error_set(err, STATUS_IO, "", "%s: %s", path, strerror(errno));
    }
    if (!lock_within(lock->fd, strcmp(stream, "operator") == 0 ? STREAM_LOCK_WAIT_MS : 0)) {
        stream_lock_release(lock);
        return error_set(err, STATUS_CONFLICT, "",
                         "another process writes to this database: it holds %s", path);
    }
    *out = lock;
    return STATUS_OK;
}

void stream_lock_release(struct stream_lock *lock)
{
    if (lock != NULL) {
        (void)close(lock->fd);
        free(lock);
    }
}
