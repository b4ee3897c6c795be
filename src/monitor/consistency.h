/* consistency.h - are like cases decided alike, and how do groups of companies fare?
 *
 * A company counts once, by its newest decision.  Groups are told by what a request says: section
 * of activity, size, age, country, legal nature.  Each is compared with the largest of its kind,
 * raw and at equal risk, and against what became of it.
 *
 * Memory: fixed, but for the maps of companies and of facts. */
#ifndef MONITOR_CONSISTENCY_H
#define MONITOR_CONSISTENCY_H

#include "credit/facts.h"
#include "credit/outcome.h"
#include "monitor/companies.h"
#include "monitor/disparity.h"
#include "monitor/figure.h"
#include "monitor/grade_test.h"

enum dimension {
    DIMENSION_SECTION,
    DIMENSION_SIZE,
    DIMENSION_AGE,
    DIMENSION_COUNTRY,
    DIMENSION_LEGAL_NATURE,
    DIMENSION_COUNT
};

enum {
    GROUPS_MAX = 64, /* of a dimension; the last takes all others */
    GROUP_LABEL_LEN = 24,
    GROUP_SMALL = 30, /* fewer companies give no sign */
    OUTCOME_KINDS = 4 /* recommendations */
};

/* How a decision ended, best first; the words are decide/'s. */
struct consistency_case {
    uint64_t company;       /* company_hash(), 0: it has no identifier */
    uint64_t facts;         /* of what was decided on, but for who it is, and of model and policy */
    uint8_t recommendation; /* below OUTCOME_KINDS */
    bool is_accepted;
    bool is_scored;
    uint32_t pd_ppm;
    int32_t score;
    enum grade grade;
    bool has_outcome, is_bad;
    const struct facts *of; /* for the groups */
};

struct group {
    char label[GROUP_LABEL_LEN];
    uint32_t companies, scored;
    uint32_t recommendations[OUTCOME_KINDS];
    double score_sum, pd_sum;
    struct tally_rate accepted;
    struct tally_rate by_grade[GRADE_COUNT]; /* accepted, of the scored ones */
    struct grade_count outcomes;             /* of those whose outcome counts */
    struct tally_rate accepted_good;         /* of those that turned out good */
};

struct group_list {
    uint32_t count;
    struct group groups[GROUPS_MAX];
};

struct consistency {
    struct companies companies;
    struct companies facts;
    bool is_full;
    uint32_t decisions, population;
    uint32_t repeated, repeated_differently; /* facts seen before; and decided otherwise then */
    uint32_t replayed, replayed_differently, not_replayed;
    struct group_list dimensions[DIMENSION_COUNT];
};

void consistency_finish(struct consistency *consistency); /* accepts a zeroed one */
/* Newest first. */
void consistency_add(struct consistency *consistency, const struct consistency_case *a_case);

/* Members of an open object: decisions, same_facts, replay, dimensions, signs, reading. `words` are
 * of the recommendations.  Errors: BUSY when memory was out. */
enum status consistency_write(struct json_writer *w, const struct consistency *consistency,
                              const char *const words[OUTCOME_KINDS], struct error *err) MUST_USE;

/* The bands, also for tests: Commission Recommendation 2003/361/EC by headcount, else by total
 * assets in euros. */
const char *size_band(const struct facts *facts);
const char *age_band(const struct facts *facts);

#endif
