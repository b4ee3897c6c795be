/* journal.c - lines at the end of a file, counted when it is opened again. */
#include "batch/journal.h"

#include "base/file.h"
#include "base/memory.h"
#include "batch/answer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PATH_LEN_MAX = 4096,
    IDENTITY_LEN_MAX = 64 * 1024,
    READ_LEN = 4 * 1024 * 1024, /* the longest line of ours, and more */
};

static enum status io_error(struct error *err, const char *path, const char *doing)
{
    return error_set(err, STATUS_IO, path, "%s failed: %s", doing, strerror(errno));
}

static enum status sidecar_path(char out[PATH_LEN_MAX], const char *path, struct error *err)
{
    int len = snprintf(out, PATH_LEN_MAX, "%s.batch", path);
    return len > 0 && len < PATH_LEN_MAX
               ? STATUS_OK
               : error_set(err, STATUS_INVALID, "--out", "the path is too long");
}

enum status journal_identity(struct buf *out, const char *path, struct error *err)
{
    char sidecar[PATH_LEN_MAX];
    TRY(sidecar_path(sidecar, path, err));
    enum status status = file_read(out, sidecar, IDENTITY_LEN_MAX, err);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* One line after the other from the start; stops before a line that has no end. */
struct lines {
    int fd;
    char *bytes;
    size_t start, end;
    uint64_t at; /* in the file, of bytes + start */
};

static enum status lines_next(struct str *out, bool *has_line, struct lines *l, const char *path,
                              struct error *err)
{
    *has_line = false;
    for (;;) {
        const char *end = memchr(l->bytes + l->start, '\n', l->end - l->start);
        if (end != NULL) {
            *out = str_of(l->bytes + l->start, (size_t)(end - l->bytes) - l->start);
            l->start += out->len + 1;
            l->at += out->len + 1;
            *has_line = true;
            return STATUS_OK;
        }
        memmove(l->bytes, l->bytes + l->start, l->end - l->start);
        l->end -= l->start;
        l->start = 0;
        ssize_t got = l->end == READ_LEN ? 0 : read(l->fd, l->bytes + l->end, READ_LEN - l->end);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return io_error(err, path, "reading");
        }
        if (got == 0) {
            return STATUS_OK;
        }
        l->end += (size_t)got;
    }
}

/* Count the rows that are done, and cut off what was not finished. */
static enum status count_rows(struct journal *j, struct lines *l, struct error *err)
{
    for (;;) {
        struct str line;
        bool has_line, is_decided;
        uint64_t row;
        TRY(lines_next(&line, &has_line, l, j->path, err));
        if (!has_line) {
            break;
        }
        if (!answer_read(&row, &is_decided, line) || row != j->rows + 1) {
            return error_set(err, STATUS_CONFLICT, j->path,
                             "line %llu is not the answer to row %llu",
                             (unsigned long long)j->rows + 1, (unsigned long long)j->rows + 1);
        }
        j->rows++;
        j->refused += is_decided ? 0 : 1;
    }
    if (ftruncate(j->fd, (off_t)l->at) != 0 || lseek(j->fd, (off_t)l->at, SEEK_SET) < 0) {
        return io_error(err, j->path, "going on");
    }
    return STATUS_OK;
}

static enum status go_on(struct journal *j, const char *sidecar, struct str identity,
                         struct error *err)
{
    struct buf known = {0};
    TRY(journal_identity(&known, j->path, err));
    bool is_known = known.len > 0, is_same = str_eq(buf_str(&known), identity);
    buf_finish(&known);
    if (!is_known) {
        return error_set(err, STATUS_CONFLICT, sidecar,
                         "is not there: what these answers are made of is not known");
    }
    if (!is_same) {
        return error_set(err, STATUS_CONFLICT, sidecar,
                         "the input, the model, the policy or an option is another one");
    }
    struct lines lines = {.fd = j->fd, .bytes = malloc(READ_LEN)};
    if (lines.bytes == NULL) {
        memory_refused();
        return error_set(err, STATUS_TOO_LARGE, "", "no memory to read the answers");
    }
    enum status status = count_rows(j, &lines, err);
    free(lines.bytes);
    return status;
}

static enum status open_file(struct journal *out, const char *path, struct str identity,
                             bool is_resumed, struct error *err)
{
    char sidecar[PATH_LEN_MAX];
    int flags = O_RDWR | O_CREAT | O_CLOEXEC | (is_resumed ? 0 : O_EXCL);
    TRY(sidecar_path(sidecar, path, err));
    out->fd = open(path, flags, 0666);
    if (out->fd < 0 && errno == EEXIST) {
        return error_set(err, STATUS_CONFLICT, path, "is there already: --resume goes on with it");
    }
    if (out->fd < 0) {
        return io_error(err, path, "creating");
    }
    if (flock(out->fd, LOCK_EX | LOCK_NB) != 0) {
        return error_set(err, STATUS_CONFLICT, path, "another process is writing it");
    }
    /* Killed before the first answer: an empty file without a sidecar begins anew. */
    bool is_begun = lseek(out->fd, 0, SEEK_END) > 0 || access(sidecar, F_OK) == 0;
    if (is_resumed && is_begun) {
        return lseek(out->fd, 0, SEEK_SET) < 0 ? io_error(err, path, "reading")
                                               : go_on(out, sidecar, identity, err);
    }
    return file_write(sidecar, identity, 0666, err);
}

enum status journal_open(struct journal *out, const char *path, struct str identity,
                         bool is_resumed, struct error *err)
{
    struct stat about;
    *out = (struct journal){.fd = STDOUT_FILENO, .path = path};
    if (strcmp(path, "-") == 0) {
        return STATUS_OK;
    }
    /* A pipe or a device keeps nothing that could be gone on with. */
    if (!is_resumed && stat(path, &about) == 0 && !S_ISREG(about.st_mode)) {
        out->fd = open(path, O_WRONLY | O_CLOEXEC);
        return out->fd < 0 ? io_error(err, path, "opening") : STATUS_OK;
    }
    enum status status = open_file(out, path, identity, is_resumed, err);
    if (status != STATUS_OK && out->fd > STDERR_FILENO) {
        (void)close(out->fd);
        out->path = NULL;
    }
    return status;
}

enum status journal_append(struct journal *journal, struct str lines, struct error *err)
{
    while (lines.len > 0) {
        ssize_t put = write(journal->fd, lines.ptr, lines.len);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return io_error(err, journal->path, "writing");
        }
        lines = str_slice(lines, (size_t)put, lines.len);
    }
    return STATUS_OK;
}

enum status journal_close(struct journal *journal, struct error *err)
{
    enum status status = STATUS_OK;
    if (journal->path == NULL || journal->fd <= STDERR_FILENO) {
        return STATUS_OK;
    }
    if (fsync(journal->fd) != 0 && errno != EINVAL) { /* a pipe has no disk */
        status = io_error(err, journal->path, "writing");
    }
    if (close(journal->fd) != 0 && status == STATUS_OK) {
        status = io_error(err, journal->path, "writing");
    }
    journal->path = NULL;
    return status;
}
