/* key_ring.h - the API keys that were used of late, in memory for a second.
 *
 * A key is looked up by the SHA-256 of its text, so the comparison says nothing of the secret. What
 * is found counts for KEY_RING_MS; then the store is asked again, so a revoked key is refused
 * within a second.  Only keys that exist are kept: guesses fill nothing. */
#ifndef SERVICE_KEY_RING_H
#define SERVICE_KEY_RING_H

#include "base/arena.h"
#include "crypto/digest.h"
#include "crypto/id.h"
#include "store/db.h"

#include <stdint.h>

enum { KEY_RING_MS = 1000, KEY_RING_SIZE = 4096, KEY_RING_SCOPES_MAX = 512 };

struct api_key {
    struct id id;
    int64_t environment;
    bool is_live;
    int64_t expires_ms;                   /* 0: never */
    int64_t revoked_ms;                   /* 0: not */
    char scopes[KEY_RING_SCOPES_MAX + 1]; /* space-separated */
};

struct key_ring;

struct key_ring *key_ring_create(void); /* NULL: no memory */
void key_ring_destroy(struct key_ring *ring);
/* A key that was looked up less than KEY_RING_MS before steady_ms. */
bool key_ring_find(struct key_ring *ring, const struct digest *hash, int64_t steady_ms,
                   struct api_key *out) MUST_USE;
void key_ring_keep(struct key_ring *ring, const struct digest *hash, int64_t steady_ms,
                   const struct api_key *key);
/* Ask the store, on a worker, and keep what it says.  NOT_FOUND: there is no such key. */
enum status key_ring_fetch(struct key_ring *ring, struct db *db, const struct digest *hash,
                           int64_t steady_ms, struct api_key *out, struct arena *arena,
                           struct error *err) MUST_USE;
/* How look-ups ended, since the start. */
struct key_ring_figures {
    uint64_t remembered; /* in memory */
    uint64_t fetched;    /* asked of the store, and there */
    uint64_t unknown;    /* asked of the store, and not there */
} key_ring_figures(struct key_ring *ring);
/* Does a space-separated list hold this scope, "noun:*" or "admin"? */
bool scopes_allow(const char *scopes, const char *scope);

#endif
