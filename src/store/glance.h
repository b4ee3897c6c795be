/* glance.h - a first look at a store: are its pages whole, is the newest end of its chain proved?
 *
 * Takes moments however long the log is; what it cannot see, audit_verify_db() does. */
#ifndef STORE_GLANCE_H
#define STORE_GLANCE_H

#include "crypto/digest.h"
#include "crypto/sign.h"
#include "store/db.h"

/* CORRUPT: the message is what the engine found first.  Reads every page. */
enum status glance_pages(struct db *db, struct error *err) MUST_USE;

struct chain_glance {
    unsigned streams;       /* that have entries */
    unsigned checkpoints;   /* the newest of each stream: looked at */
    unsigned by_other_keys; /* of these, signed by a key that is not ours: not proved */
    int64_t newest_ms;      /* 0: there is none */
    char newest[DIGEST_HEX_LEN + 1];
};

/* Is the newest checkpoint of each stream signed by this key, and is the entry it covers the one
 * that it signed?  CORRUPT: no. */
enum status glance_chain(struct chain_glance *out, struct db *db,
                         const uint8_t public_key[SIGN_PUBLIC_LEN], struct error *err) MUST_USE;

#endif
