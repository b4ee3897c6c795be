/* faultio.c - a disk and a memory that fail on demand, preloaded under the real program.
 *
 * FAULTIO_DIR names the folder whose files are watched.  FAULTIO_CONTROL names a file that holds a
 * struct control; both sides map or write it, so that a fault begins and ends while the
 * program runs.  FAULTIO_RECORD names a log that gets every write, truncation, sync and change of a
 * name, in the order in which they were done: from it the state of the disk at any moment is
 * rebuilt.  Tests write marks of their own to the same log.
 *
 * Watched calls are done one at a time, so that the order in the log is the order on the disk. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FDS_MAX = 4096, NAME_SIZE = 128, PATH_SIZE = 1024 };

enum fault { FAULT_NONE, FAULT_WRITE, FAULT_SYNC, FAULT_ALLOCATION };

/* As the tests write it: little-endian numbers of 64 bits, then the text. */
struct control {
    atomic_uint_fast64_t fault;       /* enum fault */
    atomic_uint_fast64_t error;       /* errno of the failing call; 0: it does half of its work */
    atomic_uint_fast64_t first;       /* the first call that fails, from 1 */
    atomic_uint_fast64_t times;       /* how many fail in all */
    atomic_uint_fast64_t calls;       /* seen since it was armed */
    atomic_uint_fast64_t faults;      /* given since it was armed */
    atomic_uint_fast64_t allocations; /* that live now */
    char suffix[64];                  /* only files whose name ends so; empty: all */
};

enum record_kind {
    RECORD_OPEN = 1, /* data: the name; offset 1: it was made by this call */
    RECORD_WRITE,
    RECORD_TRUNCATE, /* offset: the new size */
    RECORD_SYNC,
    RECORD_SYNC_DIRECTORY,
    RECORD_UNLINK, /* data: the name */
    RECORD_LINK,   /* data: the new name */
    RECORD_SYNC_FAILED,
};

struct record {
    uint32_t kind, len; /* of the data behind it */
    uint64_t file, offset;
};

static struct control nothing, *control = &nothing;
static char directory[PATH_SIZE];
static size_t directory_len;
static int record_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char watched[FDS_MAX][NAME_SIZE]; /* the names of open files; "" is not watched */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t align, size_t size);
void __libc_free(void *bytes);

#define REAL(name)           (name##_real)
#define RESOLVE(result, ...) static result(*__VA_ARGS__)
RESOLVE(int, REAL(open64))(const char *, int, ...);
RESOLVE(int, REAL(mkostemp64))(char *, int);
RESOLVE(int, REAL(close))(int);
RESOLVE(ssize_t, REAL(write))(int, const void *, size_t);
RESOLVE(ssize_t, REAL(pwrite64))(int, const void *, size_t, off64_t);
RESOLVE(int, REAL(ftruncate64))(int, off64_t);
RESOLVE(int, REAL(fsync))(int);
RESOLVE(int, REAL(fdatasync))(int);
RESOLVE(int, REAL(unlink))(const char *);
RESOLVE(int, REAL(link))(const char *, const char *);

static void must(bool is_true, const char *what)
{
    if (!is_true) {
        (void)fprintf(stderr, "faultio: %s\n", what);
        abort();
    }
}

static void resolve(void *to, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    must(found != NULL, name);
    memcpy(to, &found, sizeof found);
}

__attribute__((constructor)) static void start(void)
{
    const char *path = getenv("FAULTIO_CONTROL"), *record = getenv("FAULTIO_RECORD");
    const char *dir = getenv("FAULTIO_DIR");
    resolve(&REAL(open64), "open64");
    resolve(&REAL(mkostemp64), "mkostemp64");
    resolve(&REAL(close), "close");
    resolve(&REAL(write), "write");
    resolve(&REAL(pwrite64), "pwrite64");
    resolve(&REAL(ftruncate64), "ftruncate64");
    resolve(&REAL(fsync), "fsync");
    resolve(&REAL(fdatasync), "fdatasync");
    resolve(&REAL(unlink), "unlink");
    resolve(&REAL(link), "link");
    (void)snprintf(directory, sizeof directory, "%s", dir == NULL ? "" : dir);
    directory_len = strlen(directory);
    if (record != NULL) {
        record_fd = REAL(open64)(record, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        must(record_fd >= 0, "no log");
    }
    if (path != NULL) {
        int fd = REAL(open64)(path, O_RDWR | O_CLOEXEC);
        void *shared = fd < 0
                           ? MAP_FAILED
                           : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        must(shared != MAP_FAILED, "no control");
        (void)REAL(close)(fd);
        control = shared;
    }
}

/* ---- which files, which calls ---- */

/* The name of `path` inside the watched folder, or NULL. */
static const char *name_in_directory(const char *path)
{
    bool is_inside = directory_len > 0 && strncmp(path, directory, directory_len) == 0 &&
                     path[directory_len] == '/';
    return is_inside ? path + directory_len + 1 : NULL;
}

static const char *name_of(int fd)
{
    return fd >= 0 && fd < FDS_MAX && watched[fd][0] != '\0' ? watched[fd] : NULL;
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t len = strlen(name), suffix_len = strlen(suffix);
    return len >= suffix_len && strcmp(name + len - suffix_len, suffix) == 0;
}

/* Is this call, the next of its kind, one that fails? */
static bool is_hit(enum fault fault)
{
    if (atomic_load(&control->fault) != (uint_fast64_t)fault) {
        return false;
    }
    uint64_t number = atomic_fetch_add(&control->calls, 1) + 1,
             first = atomic_load(&control->first);
    bool fails = number >= first && number - first < atomic_load(&control->times);
    if (fails) {
        atomic_fetch_add(&control->faults, 1);
        errno = (int)atomic_load(&control->error);
    }
    return fails;
}

/* ---- the log ---- */

static void record(enum record_kind kind, int fd, uint64_t offset, const void *data, size_t len)
{
    if (record_fd < 0) {
        return;
    }
    struct stat about = {.st_ino = 0};
    must(fd < 0 || fstat(fd, &about) == 0, "fstat");
    struct record head = {
        .kind = kind, .len = (uint32_t)len, .file = about.st_ino, .offset = offset};
    struct iovec parts[] = {
        {&head,                   sizeof head},
        {(void *)(uintptr_t)data, len        }
    };
    must(writev(record_fd, parts, 2) == (ssize_t)(sizeof head + len), "the log is full");
}

/* ---- names ---- */

static int opened(int fd, const char *path, bool is_new)
{
    const char *name = name_in_directory(path);
    bool is_directory = directory_len > 0 && strcmp(path, directory) == 0;
    if (fd >= 0 && fd < FDS_MAX && (name != NULL || is_directory)) {
        (void)snprintf(watched[fd], NAME_SIZE, "%s", is_directory ? "." : name);
        if (name != NULL) {
            record(RECORD_OPEN, fd, is_new ? 1 : 0, name, strlen(name));
        }
    }
    return fd;
}

int open64(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0) {
        va_list args;
        va_start(args, flags);
        mode = va_arg(args, mode_t);
        va_end(args);
    }
    (void)pthread_mutex_lock(&lock);
    bool is_new = (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
    int fd = opened(REAL(open64)(path, flags, mode), path, is_new);
    (void)pthread_mutex_unlock(&lock);
    return fd;
}

int mkostemp64(char *path, int flags)
{
    (void)pthread_mutex_lock(&lock);
    int fd = REAL(mkostemp64)(path, flags);
    fd = opened(fd, path, true);
    (void)pthread_mutex_unlock(&lock);
    return fd;
}

int mkostemp(char *path, int flags)
{
    return mkostemp64(path, flags);
}

int close(int fd)
{
    (void)pthread_mutex_lock(&lock);
    if (name_of(fd) != NULL) {
        watched[fd][0] = '\0';
    }
    int code = REAL(close)(fd);
    (void)pthread_mutex_unlock(&lock);
    return code;
}

int unlink(const char *path)
{
    const char *name = name_in_directory(path);
    (void)pthread_mutex_lock(&lock);
    int code = REAL(unlink)(path);
    if (code == 0 && name != NULL) {
        record(RECORD_UNLINK, -1, 0, name, strlen(name));
    }
    (void)pthread_mutex_unlock(&lock);
    return code;
}

int link(const char *from, const char *to)
{
    const char *name = name_in_directory(to);
    (void)pthread_mutex_lock(&lock);
    int code = REAL(link)(from, to), fd = -1;
    if (code == 0 && name != NULL && (fd = REAL(open64)(to, O_RDONLY | O_CLOEXEC)) >= 0) {
        record(RECORD_LINK, fd, 0, name, strlen(name));
        (void)REAL(close)(fd);
    }
    (void)pthread_mutex_unlock(&lock);
    return code;
}

/* ---- bytes ---- */

/* How much of a write of `len` bytes is done; -1: it fails. */
static ssize_t write_share(const char *name, size_t len)
{
    if (!ends_with(name, control->suffix) || !is_hit(FAULT_WRITE)) {
        return (ssize_t)len;
    }
    return errno == 0 ? (ssize_t)(len - len / 2) : -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    const char *name = name_of(fd);
    if (name == NULL) {
        return REAL(pwrite64)(fd, bytes, len, at);
    }
    (void)pthread_mutex_lock(&lock);
    ssize_t written = write_share(name, len);
    if (written >= 0) {
        written = REAL(pwrite64)(fd, bytes, (size_t)written, at);
    }
    if (written > 0) {
        record(RECORD_WRITE, fd, (uint64_t)at, bytes, (size_t)written);
    }
    (void)pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    return pwrite64(fd, bytes, len, at);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    const char *name = name_of(fd);
    if (name == NULL) {
        return REAL(write)(fd, bytes, len);
    }
    (void)pthread_mutex_lock(&lock);
    off64_t at = lseek64(fd, 0, SEEK_CUR);
    ssize_t written = write_share(name, len);
    if (written >= 0) {
        written = REAL(write)(fd, bytes, (size_t)written);
    }
    if (written > 0) {
        record(RECORD_WRITE, fd, (uint64_t)at, bytes, (size_t)written);
    }
    (void)pthread_mutex_unlock(&lock);
    return written;
}

int ftruncate64(int fd, off64_t size)
{
    (void)pthread_mutex_lock(&lock);
    int code = REAL(ftruncate64)(fd, size);
    if (code == 0 && name_of(fd) != NULL) {
        record(RECORD_TRUNCATE, fd, (uint64_t)size, NULL, 0);
    }
    (void)pthread_mutex_unlock(&lock);
    return code;
}

static int sync_with(int (*sync)(int), int fd)
{
    const char *name = name_of(fd);
    if (name == NULL) {
        return sync(fd);
    }
    (void)pthread_mutex_lock(&lock);
    bool is_directory = strcmp(name, ".") == 0;
    int code = ends_with(name, control->suffix) && is_hit(FAULT_SYNC) ? -1 : sync(fd);
    if (is_directory && code == 0) {
        record(RECORD_SYNC_DIRECTORY, -1, 0, NULL, 0);
    } else if (!is_directory) {
        record(code == 0 ? RECORD_SYNC : RECORD_SYNC_FAILED, fd, 0, NULL, 0);
    }
    (void)pthread_mutex_unlock(&lock);
    return code;
}

int fsync(int fd)
{
    return sync_with(REAL(fsync), fd);
}

int fdatasync(int fd)
{
    return sync_with(REAL(fdatasync), fd);
}

/* ---- memory ---- */

static void *counted(void *bytes)
{
    if (bytes != NULL) {
        atomic_fetch_add_explicit(&control->allocations, 1, memory_order_relaxed);
    }
    return bytes;
}

void *malloc(size_t size)
{
    return is_hit(FAULT_ALLOCATION) ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return is_hit(FAULT_ALLOCATION) ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *old, size_t size)
{
    if (is_hit(FAULT_ALLOCATION)) {
        return NULL;
    }
    return old == NULL ? counted(__libc_realloc(old, size)) : __libc_realloc(old, size);
}

void *aligned_alloc(size_t align, size_t size)
{
    return is_hit(FAULT_ALLOCATION) ? NULL : counted(__libc_memalign(align, size));
}

int posix_memalign(void **out, size_t align, size_t size)
{
    void *bytes = aligned_alloc(align, size);
    if (bytes != NULL) {
        *out = bytes;
    }
    return bytes == NULL ? ENOMEM : 0;
}

void free(void *bytes)
{
    if (bytes != NULL) {
        atomic_fetch_sub_explicit(&control->allocations, 1, memory_order_relaxed);
    }
    __libc_free(bytes);
}
