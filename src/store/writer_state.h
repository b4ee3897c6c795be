/* writer_state.h - what opening (writer_open.c) and running (writer.c) share. */
#ifndef STORE_WRITER_STATE_H
#define STORE_WRITER_STATE_H

#include "store/chain.h"
#include "store/stream_lock.h"
#include "store/writer.h"

/* The head of the stream, copied by value: an attempt moves a copy, a commit keeps it. */
struct head {
    struct chain_place place; /* of the last entry */
    struct digest hash;       /* of it; zeros in front of the first */
    struct digest checkpoint; /* hash of the last one; zeros if there is none */
    int64_t checkpoint_ms;
    size_t unsigned_entries;
    size_t root_count; /* roots of commits not signed yet, in writer.roots */
};

struct writer {
    struct db *db;
    struct stream_lock *lock;
    struct signing_key key;
    struct digest key_id;
    struct head head;
    struct digest *roots; /* Merkle leaves */
    size_t root_size;
    struct arena arena; /* of the attempt under way */
};

/* Commit one unit in a transaction of its own that ends in a checkpoint.  Returns as writer_run. */
enum status writer_run_signed(struct writer *writer, struct unit *unit, int64_t now_ms,
                              struct error *err) MUST_USE;

#endif
