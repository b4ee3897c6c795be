/* sync_count.c - counts what a server under measurement forces to disk.
 *
 * Preloaded into ours and the peers' alike.  The count is in a file of 8 bytes named by
 * AVAL_BENCH_SYNCS, which all processes of a server map: whether each commit was synchronous is
 * then read from outside, whatever the server says of itself. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic(uint64_t) *count;

__attribute__((constructor)) static void map(void)
{
    const char *path = getenv("AVAL_BENCH_SYNCS");
    int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) {
        return;
    }
    void *at = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    (void)close(file);
    if (at != MAP_FAILED) {
        count = at;
    }
}

static int forward(const char *name, int file)
{
    /* POSIX has dlsym() return functions as data. */
    union {
        void *data;
        int (*call)(int);
    } real = {.data = dlsym(RTLD_NEXT, name)};
    int result = real.call(file);
    if (result == 0 && count != NULL) {
        atomic_fetch_add(count, 1);
    }
    return result;
}

int fsync(int file)
{
    return forward("fsync", file);
}

int fdatasync(int file)
{
    return forward("fdatasync", file);
}
