/* line_up.h - who decides and who scores beside, for each environment, at this moment.
 *
 * A request takes the line-up of its environment and holds it until it has answered; a change of
 * roles puts a new one in its place at once, for whoever comes after.  So a promotion fails no
 * request, and none is decided by half of two models.  What nobody holds any more is let go by the
 * next refresh, never by a thread that serves.
 *
 * A model whose bytes are not those of its digest, or that the audit chain does not prove to be in
 * force, decides nothing: its environment is told that its model is not available. */
#ifndef SERVICE_LINE_UP_H
#define SERVICE_LINE_UP_H

#include "service/in_force.h"
#include "service/roles.h"

enum {
    LINE_UP_CHALLENGERS_MAX = 2 * CHALLENGERS_MAX, /* the environment's and the installation's */
    /* Nodes of a challenger's trees: what it costs each decision has a bound. */
    CHALLENGER_NODES_MAX = 32768,
};

/* Who put the champion there. */
enum champion_source {
    CHAMPION_OF_PROGRAM,      /* nobody: it comes with the program */
    CHAMPION_OF_FILE,         /* --model, in place of the installation's */
    CHAMPION_OF_INSTALLATION, /* promoted by an operator */
    CHAMPION_OF_ENVIRONMENT,  /* promoted by the tenant */
    CHAMPION_SOURCE_COUNT
};

struct challenger {
    struct digest sha256;
    const struct model *model; /* NULL: it could not be read */
};

struct snapshot;

/* Requires of a reader: nothing is changed or kept.  Policies are the same for all. */
struct line_up {
    int64_t environment;
    struct in_force in_force; /* borrows; its model is NULL where it is not available */
    struct digest champion;
    enum champion_source source;
    uint32_t challenger_count;
    struct challenger challengers[LINE_UP_CHALLENGERS_MAX];
    struct snapshot *snapshot; /* it is a part of */
};

struct line_ups;

/* Can it score companies, at a cost that a decision can bear beside its own? */
bool model_can_challenge(const struct model *model);
const char *champion_source_wire(enum champion_source source);

/* Until the first refresh all environments decide with `start`, which must outlive them.
 * `is_override`: whatever an operator has promoted. */
enum status line_ups_create(struct line_ups **out, const struct in_force *start, bool is_override,
                            struct error *err) MUST_USE;
void line_ups_destroy(struct line_ups *line_ups); /* accepts NULL; nobody holds one any more */
/* Bring them to what the store says.  Any thread with a reading connection.  An error leaves
 * everything as it is: try again.  A model that cannot be read is none: it is logged. */
enum status line_ups_refresh(struct line_ups *line_ups, struct db *db, struct error *err) MUST_USE;
/* Any thread. */
const struct line_up *line_up_take(struct line_ups *line_ups, int64_t environment);
void line_up_release(const struct line_up *line_up); /* accepts NULL */
struct line_ups_figures {
    uint32_t environments; /* with roles of their own */
    uint32_t unavailable;  /* of these and the installation: without a model that can be used */
} line_ups_figures(struct line_ups *line_ups);
/* The roles as of the last refresh, to be finished by the caller. */
enum status line_ups_roles(struct role_book *out, struct line_ups *line_ups,
                           struct error *err) MUST_USE;

#endif
