/* doctor_store.c - the database, the disk under it, and what decides. */
#include "main/doctor.h"

#include "crypto/secret.h"
#include "service/examine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

enum {
    PATH_SIZE = 4096,
    PROBES_MAX = 48,
    PROBE_LEN = 4096,        /* what a frame of the log is about */
    PROBES_US_MAX = 2000000, /* a slow disk is told by few of them */
    DISK_SLOW_US = 20000,
    DISK_IMPLAUSIBLE_US = 15, /* faster than any medium that keeps what it has */
};
static const uint64_t free_fail = 64ULL * 1024 * 1024;
static const uint64_t free_warn = 1024ULL * 1024 * 1024;

static void folder_of(char out[PATH_SIZE], const char *file)
{
    const char *slash = strrchr(file, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - file);
    (void)snprintf(out, PATH_SIZE, "%.*s", slash == NULL || len == 0 ? 1 : (int)len,
                   slash == NULL ? "." : file);
}

/* ---- files ---- */

/* Is there anything that a key could have signed and a schema could be of?  If not, the first check
 * says so, and the others have nothing to say. */
static bool database_has_begun(const struct doctor *d)
{
    struct stat about;
    return d->db != NULL && stat(d->db, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0;
}

void doctor_database(struct finding *out, struct doctor *d)
{
    struct stat about;
    if (d->db == NULL) {
        return;
    }
    if (stat(d->db, &about) != 0) {
        finding_set(out, VERDICT_FAIL,
                    "Check the name; the first `aval tenant create NAME --db FILE` makes it.",
                    "%s: %s", d->db, strerror(errno));
        return;
    }
    unsigned mode = (unsigned)about.st_mode & 07777U;
    if (!S_ISREG(about.st_mode)) {
        finding_set(out, VERDICT_FAIL, "Name the database file itself.", "%s is no file", d->db);
    } else if (about.st_size == 0) {
        finding_set(out, VERDICT_FAIL,
                    "Restore it from the backup; if nothing was ever recorded, `aval tenant create "
                    "NAME --db FILE` fills it.",
                    "%s is empty", d->db);
    } else if (access(d->db, R_OK | W_OK) != 0) {
        finding_set(out, VERDICT_FAIL, "Give the file to the user that runs the server: chown.",
                    "%s, mode %04o, of user %u, cannot be read and written by user %u", d->db, mode,
                    about.st_uid, geteuid());
    } else if ((mode & (S_IRWXO | S_IWGRP)) != 0) {
        finding_set(out, VERDICT_WARN, "Close it to others: chmod 640, or 600.",
                    "%s, mode %04o: others than its owner can reach what is recorded", d->db, mode);
    } else if (about.st_uid != geteuid()) {
        finding_set(out, VERDICT_WARN, "Run the doctor as the user that runs the server.",
                    "%s belongs to user %u, and this is user %u", d->db, about.st_uid, geteuid());
    } else {
        finding_set(out, VERDICT_OK, NULL, "%s, %lld KiB, mode %04o", d->db,
                    (long long)about.st_size / 1024, mode);
    }
}

void doctor_folder(struct finding *out, struct doctor *d)
{
    char folder[PATH_SIZE];
    struct stat about;
    if (d->db == NULL) {
        return;
    }
    folder_of(folder, d->db);
    if (stat(folder, &about) != 0) {
        finding_set(out, VERDICT_FAIL, "Make it, and give it to the user that runs the server.",
                    "%s: %s", folder, strerror(errno));
    } else if (access(folder, W_OK | X_OK) != 0) {
        finding_set(out, VERDICT_FAIL,
                    "Give the folder to the user that runs the server: SQLite makes files in it.",
                    "%s cannot be written by user %u: %s", folder, geteuid(), strerror(errno));
    } else if ((about.st_mode & S_IWOTH) != 0) {
        finding_set(out, VERDICT_WARN, "Use a folder of the server's own, mode 0700 or 0750.",
                    "%s can be written by everybody", folder);
    } else {
        finding_set(out, VERDICT_OK, NULL, "%s, mode %04o", folder,
                    (unsigned)about.st_mode & 07777U);
    }
}

/* ---- the disk ---- */

static const struct {
    unsigned magic;
    const char *name;
    enum verdict verdict;
    const char *remedy;
} filesystems[] = {
    {0x6969U,     "NFS",     VERDICT_FAIL,
     "Put the database on a local disk: SQLite's log needs one machine's memory."              },
    {0x517BU,     "SMB",     VERDICT_FAIL,
     "Put the database on a local disk: SQLite's log needs one machine's memory."              },
    {0xFF534D42U, "CIFS",    VERDICT_FAIL,
     "Put the database on a local disk: SQLite's log needs one machine's memory."              },
    {0xFE534D42U, "SMB2",    VERDICT_FAIL,
     "Put the database on a local disk: SQLite's log needs one machine's memory."              },
    {0x01021997U, "9p",      VERDICT_FAIL,
     "Put the database on a local disk: SQLite's log needs one machine's memory."              },
    {0x65735546U, "FUSE",    VERDICT_WARN,
     "Make sure that its fsync reaches the medium, or use a local disk."                       },
    {0x794C7630U, "overlay", VERDICT_WARN,
     "It goes when the container goes: mount a volume for the database."                       },
    {0x01021994U, "tmpfs",   VERDICT_WARN, "It is memory and gone after a restart: use a disk."},
    {0x858458F6U, "ramfs",   VERDICT_WARN, "It is memory and gone after a restart: use a disk."},
};

void doctor_filesystem(struct finding *out, struct doctor *d)
{
    char folder[PATH_SIZE];
    struct statfs about;
    if (d->db == NULL) {
        return;
    }
    folder_of(folder, d->db);
    if (statfs(folder, &about) != 0) {
        finding_set(out, VERDICT_FAIL, "Make the folder first.", "%s: %s", folder, strerror(errno));
        return;
    }
    uint64_t free_bytes = (uint64_t)about.f_bavail * (uint64_t)about.f_bsize;
    unsigned free_mib = (unsigned)(free_bytes / 1024 / 1024);
    if (free_bytes < free_fail) {
        finding_set(out, VERDICT_FAIL, "Make room: a full disk stops all decisions.",
                    "%u MiB are free on the disk of %s", free_mib, folder);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(filesystems); i++) {
        if ((unsigned)about.f_type == filesystems[i].magic) {
            finding_set(out, filesystems[i].verdict, filesystems[i].remedy,
                        "%s is on %s, %u MiB free", folder, filesystems[i].name, free_mib);
            return;
        }
    }
    finding_set(out, free_bytes < free_warn ? VERDICT_WARN : VERDICT_OK,
                free_bytes < free_warn ? "Make room: a decision takes about 4 KiB." : NULL,
                "a local disk, %u MiB free", free_mib);
}

static int compare_times(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Append and sync, again and again; how many times were taken, 0 on an error. */
static size_t syncs_time(uint64_t times[PROBES_MAX], int fd)
{
    static const char frame[PROBE_LEN];
    uint64_t began = steady_now_us();
    size_t count = 0;
    while (count < PROBES_MAX && (count < 3 || steady_now_us() - began < PROBES_US_MAX)) {
        uint64_t before = steady_now_us();
        if (write(fd, frame, sizeof frame) != (ssize_t)sizeof frame || fdatasync(fd) != 0) {
            return 0;
        }
        times[count++] = steady_now_us() - before;
    }
    qsort(times, count, sizeof times[0], compare_times);
    return count;
}

void doctor_disk_speed(struct finding *out, struct doctor *d)
{
    char path[PATH_SIZE];
    uint64_t times[PROBES_MAX];
    if (d->db == NULL || snprintf(path, sizeof path, "%s.doctor.XXXXXX", d->db) >= PATH_SIZE) {
        return;
    }
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) {
        finding_set(out, VERDICT_FAIL,
                    "Give the folder to the user that runs the server; see that the disk is not "
                    "mounted read-only or full.",
                    "a file beside the database cannot be made: %s", strerror(errno));
        return;
    }
    size_t count = syncs_time(times, fd);
    int reason = errno;
    (void)close(fd);
    (void)unlink(path);
    if (count == 0) {
        finding_set(out, VERDICT_FAIL, "Look at the disk and at the kernel's log.",
                    "writing and syncing beside the database failed: %s", strerror(reason));
        return;
    }
    uint64_t median = times[count / 2] == 0 ? 1 : times[count / 2];
    bool is_slow = median > DISK_SLOW_US;
    bool is_implausible = median < DISK_IMPLAUSIBLE_US;
    finding_set(out, is_slow || is_implausible ? VERDICT_WARN : VERDICT_OK,
                is_slow ? "Use a disk with a cache that keeps its data without power."
                : is_implausible
                    ? "Nothing durable is so fast: see that the disk does not ignore syncs."
                    : NULL,
                "a sync takes %.2f ms (median of %zu; slowest %.2f): about %llu commits a second, "
                "each for many decisions",
                (double)median / 1e3, count, (double)times[count - 1] / 1e3,
                (unsigned long long)(1000000 / median));
}

/* ---- what is recorded ---- */

void doctor_signing_key(struct finding *out, struct doctor *d)
{
    struct signing_key key;
    struct error err = {{0}, {0}};
    struct digest id;
    char hex[DIGEST_HEX_LEN + 1];
    if (!database_has_begun(d)) {
        return;
    }
    enum status status = examine_key(&key, d->db, &err);
    if (status != STATUS_OK) {
        finding_error(
            out,
            "Close it to others (chmod 600), or restore it from the backup: a key that is "
            "lost is not replaced.",
            &err);
        return;
    }
    id = digest_of(str_of(key.public_key, sizeof key.public_key));
    digest_hex(hex, &id);
    finding_set(out, VERDICT_OK, NULL, "readable by its owner alone; its id is %.16s...", hex);
    secret_wipe(&key, sizeof key);
}

void doctor_schema(struct finding *out, struct doctor *d)
{
    struct error err = {{0}, {0}};
    if (!database_has_begun(d)) {
        return;
    }
    enum status status = examine_open(&d->reader, d->db, &err);
    if (status == STATUS_OK) {
        finding_set(out, VERDICT_OK, NULL,
                    "of this version; journal_mode=wal, synchronous=full, foreign_keys=on");
        return;
    }
    finding_error(
        out,
        status == STATUS_CONFLICT
            ? "Use the program that made it, or a newer one: an old program never writes a "
              "newer schema."
            : "Restore the database from the backup, and look at the disk.",
        &err);
}

void doctor_pages(struct finding *out, struct doctor *d)
{
    struct error err = {{0}, {0}};
    if (d->reader == NULL) {
        return;
    }
    if (examine_pages(d->reader, &err) != STATUS_OK) {
        finding_error(
            out, "Stop the server, keep a copy, and restore the database from the backup.", &err);
        return;
    }
    finding_set(out, VERDICT_OK, NULL, "whole");
}

static void chain_whole(struct finding *out, struct doctor *d)
{
    struct verify_report report = {0};
    struct error err = {{0}, {0}};
    if (examine_chain_whole(&report, d->reader, &err) != STATUS_OK) {
        finding_error(out, "Restore the database from the backup.", &err);
    } else if (!report.is_valid) {
        finding_set(out, VERDICT_FAIL,
                    "Somebody or something has changed what was recorded: keep a copy as evidence, "
                    "and compare with the backup.",
                    "not whole at %s/%llu/%llu: %s", report.stream,
                    (unsigned long long)report.epoch, (unsigned long long)report.seq, report.fault);
    } else {
        finding_set(out, VERDICT_OK, NULL, "all %llu entries proved, last checkpoint %.16s...",
                    (unsigned long long)report.entries, report.last_checkpoint);
    }
}

void doctor_audit_chain(struct finding *out, struct doctor *d)
{
    struct chain_glance glance;
    struct signing_key key;
    struct error err = {{0}, {0}};
    if (d->reader == NULL) {
        return;
    }
    if (d->is_deep) {
        chain_whole(out, d);
        return;
    }
    if (examine_key(&key, d->db, &err) != STATUS_OK) {
        return; /* the check of the key says so */
    }
    enum status status = examine_chain(&glance, d->reader, &key, &err);
    secret_wipe(&key, sizeof key);
    if (status != STATUS_OK) {
        finding_error(out,
                      "Run `aval verify --db FILE`; keep a copy as evidence, and compare with the "
                      "backup.",
                      &err);
    } else if (glance.by_other_keys > 0) {
        finding_set(out, VERDICT_FAIL,
                    "Restore the signing key that belongs to this database from the backup.",
                    "%u of %u newest checkpoints are signed by another key than the one beside the "
                    "database",
                    glance.by_other_keys, glance.checkpoints);
    } else {
        finding_set(out, VERDICT_OK, NULL,
                    "newest checkpoint %.16s%s proved, %lld s old; --deep proves the whole chain",
                    glance.checkpoints == 0 ? "none yet" : glance.newest,
                    glance.checkpoints == 0 ? "" : "...",
                    glance.checkpoints == 0
                        ? 0LL
                        : (long long)(wallclock_now_ms(&d->clock) - glance.newest_ms) / 1000);
    }
}

/* ---- what decides ---- */

/* What the store has put in force, beside a bundle that reads. */
static void models_look(struct finding *out, struct doctor *d, const struct in_force *in_force)
{
    struct model_glance glance;
    struct error err = {{0}, {0}};
    if (examine_models(&glance, d->reader, in_force, &err) != STATUS_OK) {
        finding_error(out, "Run `aval verify --db FILE`, and compare with the backup.", &err);
    } else if (glance.unavailable > 0) {
        finding_set(out, VERDICT_FAIL,
                    "Run `aval verify --db FILE`, and restore the database from the backup; `aval "
                    "serve --model FILE` decides meanwhile.",
                    "%u of %u that decide have a model that is not what was recorded",
                    glance.unavailable, glance.environments + 1);
    } else {
        finding_set(out, VERDICT_OK, NULL,
                    "%s %s, SHA-256 %.16s..., of the %s; %u environments have roles of their own",
                    glance.name, glance.version, glance.sha256, glance.source, glance.environments);
    }
}

void doctor_model(struct finding *out, struct doctor *d)
{
    struct in_force in_force = {0};
    struct error err = {{0}, {0}};
    if (in_force_load(&in_force, d->model_file, NULL, 0, &err) != STATUS_OK) {
        finding_error(out,
                      "Take the bundle as it was trained: a model that does not score its own "
                      "vectors is another model.",
                      &err);
    } else if (d->model_file == NULL && d->reader != NULL) {
        models_look(out, d, &in_force);
    } else {
        finding_set(out, VERDICT_OK, NULL, "%.*s %.*s, SHA-256 %.16s..., its vectors reproduce",
                    STR_ARGS(in_force.model->id), STR_ARGS(in_force.model->version),
                    in_force.model->sha256);
    }
    in_force_finish(&in_force);
}

void doctor_policies(struct finding *out, struct doctor *d)
{
    struct in_force in_force = {0};
    struct error err = {{0}, {0}};
    if (in_force_load(&in_force, NULL, d->policy_files, d->policy_file_count, &err) != STATUS_OK) {
        finding_error(out, "`aval policy validate FILE` lists everything that is wrong with it.",
                      &err);
    } else {
        const struct policy *first = in_force.policies[0];
        finding_set(out, VERDICT_OK, NULL, "%u, the first %.*s %.*s, SHA-256 %.16s...",
                    in_force.policy_count, STR_ARGS(first->id), STR_ARGS(first->version),
                    first->sha256);
    }
    in_force_finish(&in_force);
}
