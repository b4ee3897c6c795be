/* doctor.h - what is checked of an installation, and how a check tells what it found.
 *
 * A check is a row of doctor.def and a function.  It fills one finding: what is there, whether that
 * is good, and what to do if not.  A check that was not asked for, or whose ground another check
 * found missing, leaves its finding as it is and is not told.
 *
 * Nothing is changed, but for a probe file beside the database that is written, timed and removed;
 * so it may run beside a live server. */
#ifndef MAIN_DOCTOR_H
#define MAIN_DOCTOR_H

#include "base/wallclock.h"
#include "service/in_force.h"
#include "store/db.h"

enum verdict { VERDICT_NONE, VERDICT_OK, VERDICT_WARN, VERDICT_FAIL };

struct finding {
    enum verdict verdict;
    char found[480];
    char remedy[320]; /* "" when there is nothing to do */
};

struct doctor {
    const char *db; /* each NULL: not asked for */
    const char *listen, *url, *tls_cert_file, *tls_key_file, *model_file;
    const char *policy_files[POLICIES_MAX];
    uint32_t policy_file_count;
    bool is_deep;
    struct wallclock clock;
    struct db *reader; /* once the check of the schema could open it */
};

#define DOCTOR_CHECK(name, function, about) void function(struct finding *out, struct doctor *d);
#include "main/doctor.def"
#undef DOCTOR_CHECK

/* `remedy` is what to do, NULL when there is nothing to. */
void finding_set(struct finding *out, enum verdict verdict, const char *remedy, const char *format,
                 ...) PRINTF(4, 5);
/* A call that failed, told as the finding. */
void finding_error(struct finding *out, const char *remedy, const struct error *err);

#endif
