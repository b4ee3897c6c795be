/* audit_key.c - written beside its place, linked into it: the file is there whole or not at all,
 * and of two first starts one wins and both use its key. */
#include "store/audit_key.h"

#include "base/buf.h"
#include "base/defect.h"
#include "crypto/secret.h"
#include "format/base64.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, KEY_TEXT_LEN = 2 * SIGN_SEED_LEN + 1 };

static void fd_finish(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static enum status failed(const char *path, struct error *err)
{
    return error_set(err, STATUS_IO, "", "%s: %s", path, strerror(errno));
}

static enum status directory_sync(const char *path, struct error *err)
{
    if (DEFECT(DIRECTORY_UNSYNCED)) {
        return STATUS_OK;
    }
    char name[PATH_SIZE];
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - path);
    (void)snprintf(name, sizeof name, "%.*s", len == 0 ? 1 : (int)len, slash == NULL ? "." : path);
    CLEANUP(fd_finish) int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? STATUS_OK : failed(name, err);
}

static enum status text_write(int fd, const char *path, struct str text, struct error *err)
{
    bool is_written = write(fd, text.ptr, text.len) == (ssize_t)text.len;
    bool is_synced = is_written && (DEFECT(KEY_FILE_UNSYNCED) || fsync(fd) == 0);
    return is_synced ? STATUS_OK : failed(path, err);
}

/* The text in a file of its own (mode 0600), linked into place unless another process was faster.
 */
static enum status file_create(const char *path, struct str text, struct error *err)
{
    char beside[PATH_SIZE];
    int len = snprintf(beside, sizeof beside, "%s.XXXXXX", path);
    if (len < 0 || (size_t)len >= sizeof beside) {
        return error_set(err, STATUS_INVALID, "", "the name of the database is too long");
    }
    CLEANUP(fd_finish) int fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0) {
        return failed(beside, err);
    }
    enum status status = text_write(fd, beside, text, err);
    if (status == STATUS_OK && link(beside, path) != 0 && errno != EEXIST) {
        status = failed(path, err);
    }
    (void)unlink(beside);
    return status == STATUS_OK ? directory_sync(path, err) : status;
}

static enum status key_create(const char *path, struct error *err)
{
    uint8_t seed[SIGN_SEED_LEN];
    struct buf text;
    buf_init(&text, KEY_TEXT_LEN);
    secret_random(seed, sizeof seed);
    hex_write(&text, str_of(seed, sizeof seed));
    buf_append_byte(&text, '\n');
    enum status status = buf_failed(&text) ? error_set(err, STATUS_IO, "", "no memory for a key")
                                           : file_create(path, buf_str(&text), err);
    secret_wipe(seed, sizeof seed);
    if (text.ptr != NULL) {
        secret_wipe(text.ptr, text.len);
    }
    buf_finish(&text);
    return status;
}

static enum status key_read(struct signing_key *key, int fd, const char *path, struct error *err)
{
    struct stat about;
    char text[KEY_TEXT_LEN + 1];
    uint8_t seed[SIGN_SEED_LEN];
    if (fstat(fd, &about) != 0) {
        return failed(path, err);
    }
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return error_set(err, STATUS_CONFLICT, "", "%s: others may read the key: chmod 600 it",
                         path);
    }
    ssize_t len = read(fd, text, sizeof text);
    enum status status = STATUS_OK;
    if (len != KEY_TEXT_LEN || text[KEY_TEXT_LEN - 1] != '\n' ||
        !hex_read(seed, sizeof seed, str_of(text, KEY_TEXT_LEN - 1))) {
        status = error_set(err, STATUS_CONFLICT, "",
                           "%s: expected %d hexadecimal digits and a newline: restore it", path,
                           2 * SIGN_SEED_LEN);
    } else {
        status = signing_key_from_seed(key, seed);
    }
    secret_wipe(seed, sizeof seed);
    secret_wipe(text, sizeof text);
    return status;
}

enum status audit_key_load(struct signing_key *key, const char *where, bool may_create,
                           struct error *err)
{
    char path[PATH_SIZE];
    int len = snprintf(path, sizeof path, "%s.audit-key", where);
    if (len < 0 || (size_t)len >= sizeof path) {
        return error_set(err, STATUS_INVALID, "", "the name of the database is too long");
    }
    CLEANUP(fd_finish) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && may_create) {
        TRY(key_create(path, err));
        fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0 && errno == ENOENT) {
        return error_set(err, STATUS_CONFLICT, "",
                         "%s is missing, but the log was signed with it: restore it", path);
    }
    return fd < 0 ? failed(path, err) : key_read(key, fd, path, err);
}
