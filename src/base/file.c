/* file.c - reading and replacing files. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FILE_CHUNK = 64 * 1024, FILE_PATH_MAX = 4096 };

static void fd_close(const int *fd)
{
    if (*fd > STDERR_FILENO) {
        (void)close(*fd);
    }
}

static enum status io_error(struct error *err, const char *path, const char *doing)
{
    return error_set(err, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO, path, "%s failed: %s",
                     doing, strerror(errno));
}

enum status file_read(struct buf *out, const char *path, size_t limit, struct error *err)
{
    CLEANUP(fd_close)
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return io_error(err, path, "opening");
    }
    struct buf bytes;
    buf_init(&bytes, limit + FILE_CHUNK);
    for (;;) {
        char *room = buf_reserve(&bytes, FILE_CHUNK);
        ssize_t got = room == NULL ? 0 : read(fd, room, FILE_CHUNK);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            buf_finish(&bytes);
            return io_error(err, path, "reading");
        }
        bytes.len += (size_t)got;
        if (room == NULL || bytes.len > limit) {
            buf_finish(&bytes);
            return error_set(err, STATUS_TOO_LARGE, path, "the file is larger than %zu bytes",
                             limit);
        }
        if (got == 0) {
            break;
        }
    }
    bytes.limit = limit;
    *out = bytes;
    return STATUS_OK;
}

static bool write_whole(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(fd, bytes.ptr, bytes.len);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return false;
        }
        bytes = str_slice(bytes, (size_t)put, bytes.len);
    }
    return true;
}

enum status file_write(const char *path, struct str bytes, unsigned mode, struct error *err)
{
    char beside[FILE_PATH_MAX];
    int len = snprintf(beside, sizeof beside, "%s.new.%ld", path, (long)getpid());
    if (len < 0 || (size_t)len >= sizeof beside) {
        return error_set(err, STATUS_INVALID, path, "the path is too long");
    }
    CLEANUP(fd_close) int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0) {
        return io_error(err, beside, "creating");
    }
    if (!write_whole(fd, bytes) || fsync(fd) != 0 || rename(beside, path) != 0) {
        enum status status = io_error(err, path, "writing");
        (void)unlink(beside);
        return status;
    }
    return STATUS_OK;
}
