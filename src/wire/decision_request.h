/* decision_request.h - the body of POST /v1/decisions: JSON in, facts out, or everything that is
 * wrong.
 *
 * Reading does not stop at the first fault: each violation is noted with its pointer, and one
 * answer tells them all.  What follows from the facts alone is derived here, once.
 *
 * The frozen text is the canonical request with `as_of` filled in, and with what was read from the
 * store for it: what is stored, digested and replayed.  Reading the frozen text gives the same
 * facts on any later day.
 *
 * Memory: everything is of the arena, and borrows from the text the tree was read from. */
#ifndef WIRE_DECISION_REQUEST_H
#define WIRE_DECISION_REQUEST_H

#include "credit/facts.h"
#include "credit/purpose.h"
#include "format/violation.h"

enum {
    DECISION_REQUEST_LEN_MAX = 256 * 1024,
    BANK_ACCOUNTS_MAX = 20,
    BANK_TRANSACTIONS_MAX = 20000, /* over all accounts of a request */
    PAYMENT_EXPERIENCES_MAX = 20000,
    LINKS_MAX = 2000,
    /* What is taken of the tenant's stored links: whom one party leads to, by kind and direction,
     * in all, and how many rows are looked at to say what was left out. */
    STORED_DEPTH = 2,
    STORED_FAN_MAX = 50,
    STORED_LINKS_MAX = 500,
    STORED_PARTIES_MAX = 200,
    STORED_LOOKED_AT_MAX = 5000,
    STORED_LINK_MONTHS_MAX = 36, /* not said again for so long, it is let go */
    STORED_PD_MONTHS_MAX = 12,
    POLICY_NAME_MAX = 64,
    CLIENT_REFERENCE_MAX = 128,
};

/* Where the network around the company comes from. */
enum links_from { LINKS_FROM_REQUEST, LINKS_FROM_STORED };

struct decision_request {
    struct facts facts;
    struct credit_request asked;
    enum links_from links_from;
    bool is_not_filed;      /* the links are not to be kept */
    struct str policy;      /* name, "trade-credit" by default */
    enum language language; /* English by default */
    enum audience audience;
    enum purpose purpose;
    enum legal_basis legal_basis;
    struct str consent;          /* its reference, or empty */
    struct str client_reference; /* or empty */
};

bool links_from_read(enum links_from *out, struct str wire) MUST_USE; /* "request", "stored" */

/* Decode.  `today` stands for a missing or null as_of.  Returns OK, INVALID (see v) or TOO_LARGE
 * (arena). */
enum status decision_request_read(struct decision_request *out, const struct json *root,
                                  struct date today, struct arena *arena,
                                  struct violations *v) MUST_USE;

/* Append the canonical request with as_of in place.  Requires: `root` was read without violations.
 */
void decision_request_freeze(struct buf *out, const struct json *root, struct date as_of);

#endif
