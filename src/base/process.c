/* process.c - /proc for what no call tells. */
#include "base/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATM_LEN_MAX = 256 };

/* The second number of /proc/self/statm, in pages. */
static uint64_t resident_bytes(void)
{
    char text[STATM_LEN_MAX];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text);
    uint64_t pages = 0;
    int field = 0;
    for (ssize_t i = 0; i < len && field < 2; i++) {
        if (text[i] < '0' || text[i] > '9') {
            field++;
        } else if (field == 1) {
            pages = pages * 10 + (uint64_t)(text[i] - '0');
        }
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Newer kernels tell the count as the size of the folder; else it is walked. */
static uint64_t descriptor_count(void)
{
    struct stat folder;
    if (stat("/proc/self/fd", &folder) == 0 && folder.st_size > 0) {
        return (uint64_t)folder.st_size;
    }
    DIR *fds = opendir("/proc/self/fd");
    if (fds == NULL) {
        return 0;
    }
    uint64_t count = 0;
    for (const struct dirent *entry = readdir(fds); entry != NULL; entry = readdir(fds)) {
        count += entry->d_name[0] != '.' ? 1 : 0;
    }
    (void)closedir(fds);
    return count > 0 ? count - 1 : 0; /* without the one we looked through */
}

static uint64_t micros(const struct timeval *time)
{
    return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec;
}

struct process_usage process_usage(void)
{
    struct process_usage usage = {.resident_bytes = resident_bytes(),
                                  .descriptors = descriptor_count()};
    struct rusage times;
    struct rlimit files;
    if (getrusage(RUSAGE_SELF, &times) == 0) {
        usage.cpu_us = micros(&times.ru_utime) + micros(&times.ru_stime);
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        usage.descriptors_max = (uint64_t)files.rlim_cur;
    }
    return usage;
}
