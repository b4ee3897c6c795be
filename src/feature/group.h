/* group.h - who holds how much of the company, and who decides in it.
 *
 * Holdings of stated size are scaled where more than all of a company is held.  Whoever controls,
 * or holds a part that nobody stated, has one vote more than any share.  A path leads from a holder
 * down to the company, each step a holding, all of them in that holder's hands; the shortest, and
 * of those the first by the numbers of the parties. */
#ifndef FEATURE_GROUP_H
#define FEATURE_GROUP_H

#include "credit/facts.h"
#include "feature/formulas.h"

/* A path that is longer shows its holder, then those nearest to the company. */
enum { GROUP_OWNERS_MAX = 8, GROUP_PATH_MAX = 16 };

/* From this PD on a party is distressed: the lower edge of the grade E3. */
extern const double distressed_pd;

struct group_owner {
    uint32_t party;
    uint32_t share_ppm; /* direct and through others */
    bool is_share_known;
    bool is_controller;
};

struct group_path {
    uint32_t count;                   /* 0: there is none */
    uint32_t parties[GROUP_PATH_MAX]; /* the holder first, the company last */
};

/* How it stands with whoever controls the company. */
enum connection { CONNECTION_NONE, CONNECTION_DISTRESSED, CONNECTION_INSOLVENT };

struct group {
    bool is_in_group; /* the company controls or is controlled */
    /* Ultimate owners with a quarter or more (nobody holds a part of them), and whoever controls
     * the company and is controlled by nobody; the largest first, then by number. */
    uint32_t owner_count;
    struct group_owner owners[GROUP_OWNERS_MAX];
    struct group_path control; /* from the first who controls and is not controlled */
    /* The worst of those that control the company, if its PD says so: 1 is insolvent. */
    enum connection connection;
    struct group_path connected;
};

/* What the group says of one party. */
struct group_member {
    bool is_parent;   /* it controls the company */
    bool is_of_group; /* or is controlled by whoever does, or by the company */
    bool is_held;     /* somebody holds a part of it */
    bool has_master;  /* another that controls the company controls it too */
};

/* Fill `out` and one member a party.  `pds` are by party.  False: no memory. */
bool group_make(struct group *out, struct group_member *members, const struct facts *facts,
                const struct known *pds, struct arena *arena) MUST_USE;

#endif
