/* key_ring.c - a table indexed by the first bytes of the digest; a collision simply replaces. */
#include "service/key_ring.h"

#include "store/tenant_store.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct slot {
    bool is_used;
    struct digest hash;
    int64_t kept_ms;
    struct api_key key;
};

struct key_ring {
    pthread_mutex_t lock;
    struct key_ring_figures figures;
    struct slot slots[KEY_RING_SIZE];
};

_Static_assert((KEY_RING_SIZE & (KEY_RING_SIZE - 1)) == 0,
               "a power of two: the slot is a mask away");

struct key_ring *key_ring_create(void)
{
    struct key_ring *ring = calloc(1, sizeof *ring);
    if (ring != NULL) {
        (void)pthread_mutex_init(&ring->lock, NULL);
    }
    return ring;
}

void key_ring_destroy(struct key_ring *ring)
{
    if (ring != NULL) {
        (void)pthread_mutex_destroy(&ring->lock);
        free(ring);
    }
}

static struct slot *slot_of(struct key_ring *ring, const struct digest *hash)
{
    uint32_t index;
    memcpy(&index, hash->bytes, sizeof index);
    return &ring->slots[index & (KEY_RING_SIZE - 1)];
}

bool key_ring_find(struct key_ring *ring, const struct digest *hash, int64_t steady_ms,
                   struct api_key *out)
{
    (void)pthread_mutex_lock(&ring->lock);
    const struct slot *slot = slot_of(ring, hash);
    bool is_there =
        slot->is_used && digest_eq(&slot->hash, hash) && steady_ms - slot->kept_ms < KEY_RING_MS;
    if (is_there) {
        *out = slot->key;
        ring->figures.remembered++;
    }
    (void)pthread_mutex_unlock(&ring->lock);
    return is_there;
}

void key_ring_keep(struct key_ring *ring, const struct digest *hash, int64_t steady_ms,
                   const struct api_key *key)
{
    (void)pthread_mutex_lock(&ring->lock);
    *slot_of(ring, hash) = (struct slot){true, *hash, steady_ms, *key};
    (void)pthread_mutex_unlock(&ring->lock);
}

static void figures_note(struct key_ring *ring, enum status status)
{
    (void)pthread_mutex_lock(&ring->lock);
    ring->figures.fetched += status == STATUS_OK ? 1 : 0;
    ring->figures.unknown += status == STATUS_NOT_FOUND ? 1 : 0;
    (void)pthread_mutex_unlock(&ring->lock);
}

struct key_ring_figures key_ring_figures(struct key_ring *ring)
{
    (void)pthread_mutex_lock(&ring->lock);
    struct key_ring_figures figures = ring->figures;
    (void)pthread_mutex_unlock(&ring->lock);
    return figures;
}

enum status key_ring_fetch(struct key_ring *ring, struct db *db, const struct digest *hash,
                           int64_t steady_ms, struct api_key *out, struct arena *arena,
                           struct error *err)
{
    struct key_row row;
    enum status status = key_find(db, hash, &row, arena, err);
    figures_note(ring, status);
    TRY(status);
    *out = (struct api_key){.id = row.id,
                            .environment = row.environment,
                            .is_live = row.is_live,
                            .expires_ms = row.expires_ms,
                            .revoked_ms = row.revoked_ms};
    (void)snprintf(out->scopes, sizeof out->scopes, "%.*s", STR_ARGS(row.scopes));
    key_ring_keep(ring, hash, steady_ms, out);
    return STATUS_OK;
}

bool scopes_allow(const char *scopes, const char *scope)
{
    struct str wanted = str_from(scope);
    struct str noun = str_slice(wanted, 0, str_find(wanted, 0, ':'));
    struct str rest = str_from(scopes);
    while (rest.len > 0) {
        size_t end = str_find(rest, 0, ' ');
        struct str one = str_slice(rest, 0, end);
        bool is_whole_noun =
            str_ends_with(one, STR(":*")) && str_eq(str_slice(one, 0, one.len - 2), noun);
        if (str_eq(one, wanted) || str_eq(one, STR("admin")) || is_whole_noun) {
            return true;
        }
        rest = str_slice(rest, end < rest.len ? end + 1 : end, rest.len);
    }
    return false;
}
