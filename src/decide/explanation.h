/* explanation.h - why a decision came out as it did, told at length to one of three audiences.
 *
 * The analyst is told everything: each contribution, each figure with the value at which it would
 * score better, what was missing.  The applicant is told what weighed, in plain words and with the
 * figures of its own data, and how to respond: no threshold, no weight, and of other companies only
 * the kind of link.  The regulator is told the method, its data, its grounds and its limits, and
 * how to prove the record.
 *
 * It explains a decision that was made and decides nothing: the same decision gives the same text.
 * Memory: of the arena. */
#ifndef DECIDE_EXPLANATION_H
#define DECIDE_EXPLANATION_H

#include "decide/words.h"
#include "score/bound_cost.h"
#include "score/next_bin.h"

#define EXPLANATION_VERSION "2026-12-01"

enum {
    EXPLANATION_SECTIONS_MAX = 16,
    EXPLANATION_SOURCES_MAX = 8, /* of legal events; of more it is said that there are more */
    EXPLANATION_PATH_MAX = 16,   /* links of a way; of a longer one those next to the company */
    EXPLANATION_LIMITS_MAX = 64, /* of use, from the card of the model */
    EXPLANATION_TEXT_MAX = 512 * 1024,
};

/* What became of a block of data, as the body of the decision says. */
enum block_state {
    BLOCK_STATE_MISSING,
    BLOCK_STATE_NOT_USABLE,
    BLOCK_STATE_NOT_USED,
    BLOCK_STATE_USED,
};

/* What is explained. */
struct explained {
    const struct decision *decision;
    const struct decision_input *in;
    enum purpose purpose;
    enum legal_basis legal_basis;
    struct str consent;
    struct str reference;   /* the caller's own, or empty */
    struct str id;          /* "dec_...", or empty: decided offline, not recorded */
    struct date created_on; /* of a recorded decision */
    const char *body_sha256;
    enum block_state blocks[BLOCK_COUNT];
};

/* The tie to another company that weighs most, and the links it consists of, in the order from the
 * one to the other. */
struct explained_tie {
    enum relation relation; /* RELATION_NONE: there is none */
    const struct company_id *party;
    uint32_t pd_ppm;      /* of that party */
    uint32_t path_count;  /* EXPLANATION_PATH_MAX at most */
    const uint32_t *path; /* places in the facts' links */
};

struct sentence {
    struct str text;
    const char *code; /* of the reason it tells, or NULL */
    const struct sentence *next;
};

struct explanation_section {
    const char *name;
    const char *title;
    const struct sentence *first;
};

/* One figure the model read, worst first. */
struct explained_factor {
    uint32_t place;          /* in score.factors */
    bool is_against_meaning; /* counted, never stated as a reason */
    struct next_bin next;
};

struct explanation {
    enum audience audience;
    enum language language;
    uint32_t section_count;
    struct explanation_section sections[EXPLANATION_SECTIONS_MAX];
    struct str text;       /* all of it as plain text: a title, then its sentences, one a line */
    uint32_t factor_count; /* 0 unless scored */
    const struct explained_factor *factors;
    struct explained_tie tie; /* for analysts alone */
    bool has_bound;           /* scored or thin */
    struct bound_cost bound;
};

/* TOO_LARGE: the arena is full, or the text too long. */
enum status explanation_make(struct explanation *out, const struct explained *of,
                             enum language language, enum audience audience, struct arena *arena,
                             struct error *err) MUST_USE;

#endif
