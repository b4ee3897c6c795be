/* doctor_machine.c - what the machine gives to the server. */
#include "main/doctor.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/timex.h>
#include <unistd.h>

enum { DESCRIPTORS_WANTED = 10000 + 256, BACKLOG_WANTED = 1024 };
static const int64_t clock_earliest_ms = 1767225600000; /* 2026-01-01: before this program */
static const int64_t clock_latest_ms = 4102444800000;   /* 2100-01-01 */
static const uint64_t memory_fail = 128ULL * 1024 * 1024;
static const uint64_t memory_warn = 512ULL * 1024 * 1024;

/* The number a file of the kernel begins with; false: there is none ("max"). */
static bool number_of(uint64_t *out, const char *path)
{
    struct buf text;
    uint64_t number = 0;
    size_t digits = 0;
    if (file_read(&text, path, 4096, NULL) != STATUS_OK) {
        return false;
    }
    while (digits < text.len && digits < 18 && text.ptr[digits] >= '0' && text.ptr[digits] <= '9') {
        number = number * 10 + (uint64_t)(text.ptr[digits++] - '0');
    }
    buf_finish(&text);
    *out = number;
    return digits > 0;
}

void doctor_clock(struct finding *out, struct doctor *d)
{
    struct timex state = {0};
    int64_t now_ms = wallclock_now_ms(&d->clock);
    uint64_t steady = steady_now_us();
    if (now_ms < clock_earliest_ms || now_ms > clock_latest_ms) {
        finding_set(out, VERDICT_FAIL, "Set the clock, and let NTP keep it.",
                    "the clock says %lld s since 1970", (long long)now_ms / 1000);
    } else if (steady_now_us() < steady) {
        finding_set(out, VERDICT_FAIL, "Use another clock source of the kernel.",
                    "the steady clock runs backwards");
    } else if (adjtimex(&state) == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
        finding_set(out, VERDICT_WARN, "Let NTP keep it: receipts and expiry go by the clock.",
                    "plausible and steady, but kept by nobody");
    } else {
        finding_set(out, VERDICT_OK, NULL, "plausible, steady, kept");
    }
}

void doctor_descriptors(struct finding *out, struct doctor *d)
{
    struct rlimit files;
    (void)d;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) {
        return;
    }
    /* The server takes all that the hard limit gives. */
    bool is_enough = files.rlim_max == RLIM_INFINITY || files.rlim_max >= DESCRIPTORS_WANTED;
    finding_set(out, is_enough ? VERDICT_OK : VERDICT_WARN,
                is_enough ? NULL : "Raise it: LimitNOFILE=16384 in the unit, or ulimit -Hn 16384.",
                "at most %llu; 10,000 connections take %d", (unsigned long long)files.rlim_max,
                DESCRIPTORS_WANTED);
}

void doctor_memory(struct finding *out, struct doctor *d)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    uint64_t limit = 0;
    uint64_t memory = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : 0;
    (void)d;
    bool is_limited = (number_of(&limit, "/sys/fs/cgroup/memory.max") ||
                       number_of(&limit, "/sys/fs/cgroup/memory/memory.limit_in_bytes")) &&
                      limit < memory;
    memory = is_limited ? limit : memory;
    finding_set(out,
                memory < memory_fail   ? VERDICT_FAIL
                : memory < memory_warn ? VERDICT_WARN
                                       : VERDICT_OK,
                memory < memory_warn ? "Give it 512 MiB at least." : NULL, "%llu MiB%s",
                (unsigned long long)(memory / 1024 / 1024),
                is_limited ? ", by the limit of the container" : "");
}

void doctor_backlog(struct finding *out, struct doctor *d)
{
    uint64_t most;
    (void)d;
    if (!number_of(&most, "/proc/sys/net/core/somaxconn")) {
        return;
    }
    finding_set(out, most < BACKLOG_WANTED ? VERDICT_WARN : VERDICT_OK,
                most < BACKLOG_WANTED ? "sysctl net.core.somaxconn=4096" : NULL,
                "%llu connections may wait", (unsigned long long)most);
}
