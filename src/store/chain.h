/* chain.h - the bytes of the audit chain: what is hashed, what is signed.
 *
 * Written out in docs/AUDIT.md; nothing here reads a clock, a disk or chance.  The committer writes
 * with these functions, the verifier reads with them. */
#ifndef STORE_CHAIN_H
#define STORE_CHAIN_H

#include "base/buf.h"
#include "crypto/merkle.h"
#include "crypto/sign.h"
#include "store/unit.h"

enum { CHAIN_STREAM_SIZE = 40, CHAIN_KIND_MAX = 64 };

/* A place in a stream; seq counts from 1 in each epoch, epochs from 1 in each stream. */
struct chain_place {
    char stream[CHAIN_STREAM_SIZE];
    uint64_t epoch, seq;
};

struct chain_entry {
    struct chain_place place;
    int64_t time_ms;
    struct str kind; /* a word of audit_kinds.def */
    int64_t environment;
    uint8_t object[ID_LEN];
    struct digest digest; /* of salt and payload */
    struct digest hash;
};

struct chain_commit {
    struct chain_place last;
    uint64_t first_seq;
    struct digest root; /* Merkle root over the hashes of its entries */
};

struct chain_checkpoint {
    struct chain_place last;
    int64_t time_ms;
    struct digest head; /* hash of the entry at `last` */
    struct digest root; /* Merkle root over the roots of the commits since the checkpoint before */
    struct digest previous; /* hash of that checkpoint; zeros if there is none */
    struct digest key_id;   /* SHA-256 of the public key */
    uint8_t signature[SIGNATURE_LEN];
};

/* What the first entry of an epoch says. */
struct chain_opening {
    bool follows;            /* false in the first epoch of a stream */
    struct chain_place head; /* the last entry of the epoch before, */
    struct digest hash;      /* and its hash */
    uint8_t public_key[SIGN_PUBLIC_LEN];
};

const char *audit_kind_wire(enum audit_kind kind);
/* Does a row of the entry's own keep salt and payload?  (A decision's do.) */
bool audit_kind_has_row(enum audit_kind kind);

struct digest chain_payload_digest(const uint8_t salt[SALT_LEN], struct str payload);
/* The hash of an entry behind `previous` (zeros in front of the first entry of a stream). */
struct digest chain_entry_hash(const struct digest *previous, const struct chain_entry *entry);
struct digest chain_leaf(const struct digest *hash); /* of an entry or a commit, as a Merkle leaf */
struct digest chain_checkpoint_hash(const struct chain_checkpoint *checkpoint);
enum status chain_checkpoint_sign(struct chain_checkpoint *checkpoint,
                                  const struct signing_key *key) MUST_USE;
bool chain_checkpoint_is_signed_by(const struct chain_checkpoint *checkpoint,
                                   const uint8_t public_key[SIGN_PUBLIC_LEN]);

/* The payload of epoch.opened: canonical JSON.  Reading accepts exactly what writing writes. */
void chain_opening_write(struct buf *out, const struct chain_opening *opening);
bool chain_opening_read(struct chain_opening *out, struct str payload) MUST_USE;

bool chain_stream_is_valid(struct str stream); /* 1 to 39 of a-z 0-9 - */
void chain_place_set(struct chain_place *place, struct str stream, uint64_t epoch, uint64_t seq);
int chain_place_compare(const struct chain_place *a, const struct chain_place *b); /* <0, 0, >0 */

#endif
