/* line_up.c - snapshots of all line-ups, one of them current; each counts who holds it. */
#include "service/line_up.h"

#include "base/log.h"
#include "store/artifact_store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* A model in memory, shared by the snapshots that use it. */
struct loaded {
    struct digest sha256;
    struct model *model; /* NULL: it could not be read, and the log says why */
    uint32_t snapshots;  /* that use it */
    struct loaded *next;
};

struct snapshot {
    atomic_uint holders;
    struct snapshot *older; /* replaced before it, and maybe held still */
    uint32_t loaded_count;
    struct loaded *loaded[MODELS_IN_ROLES_MAX];
    uint32_t count;
    struct line_up line_ups[]; /* by environment, the installation's first */
};

struct line_ups {
    const struct in_force *start;
    bool is_override;
    pthread_mutex_t lock; /* of `current`, for moments */
    struct snapshot *current;
    pthread_mutex_t refreshing; /* one at a time; of all below */
    struct role_book book;
    struct loaded *loaded;
};

const char *champion_source_wire(enum champion_source source)
{
    static const char *const wires[CHAMPION_SOURCE_COUNT] = {
        [CHAMPION_OF_PROGRAM] = "program",
        [CHAMPION_OF_FILE] = "file",
        [CHAMPION_OF_INSTALLATION] = "installation",
        [CHAMPION_OF_ENVIRONMENT] = "environment",
    };
    CHECK(source < CHAMPION_SOURCE_COUNT);
    return wires[source];
}

bool model_can_challenge(const struct model *model)
{
    uint32_t nodes = 0;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        const struct model_trees *trees = model->blocks[i].trees;
        nodes += trees == NULL ? 0 : trees->forest.node_count;
    }
    return model->can_score && nodes <= CHALLENGER_NODES_MAX;
}

/* ---- models in memory ---- */

static enum status out_of_memory(struct error *err)
{
    return error_set(err, STATUS_BUSY, "", "no memory for the models in force");
}

/* What is wrong with the model itself will be so the next time too; anything else passes. */
static bool is_of_model(enum status status)
{
    return status == STATUS_CORRUPT || status == STATUS_INVALID || status == STATUS_NOT_FOUND;
}

static enum status model_fetch(struct model **out, struct db *db, const struct digest *sha256,
                               struct error *err)
{
    enum { TEXT_ARENA_MAX = MODEL_LEN_MAX + 64 * 1024 };
    struct arena arena;
    struct str text;
    arena_init(&arena, TEXT_ARENA_MAX);
    enum status status = artifact_find(db, sha256, &text, &arena, err);
    if (status == STATUS_OK) {
        status = model_of_text(out, text, err);
    }
    arena_finish(&arena);
    return status;
}

static enum status loaded_find(struct loaded **out, struct line_ups *line_ups, struct db *db,
                               const struct digest *sha256, struct error *err)
{
    struct model *model = NULL;
    for (struct loaded *l = line_ups->loaded; l != NULL; l = l->next) {
        if (digest_eq(&l->sha256, sha256)) {
            *out = l;
            return STATUS_OK;
        }
    }
    enum status status = model_fetch(&model, db, sha256, err);
    if (status != STATUS_OK && !is_of_model(status)) {
        return status;
    }
    if (status != STATUS_OK) {
        char hex[DIGEST_HEX_LEN + 1];
        digest_hex(hex, sha256);
        LOG(LOG_ERROR, "model_refused", LOG_TEXT("sha256", str_from(hex)),
            LOG_TEXT("pointer", str_from(err->field)), LOG_TEXT("reason", str_from(err->message)));
    }
    struct loaded *loaded = calloc(1, sizeof *loaded);
    if (loaded == NULL) {
        model_destroy(model);
        return out_of_memory(err);
    }
    *loaded = (struct loaded){.sha256 = *sha256, .model = model, .next = line_ups->loaded};
    line_ups->loaded = loaded;
    *out = loaded;
    return STATUS_OK;
}

/* Let go what no snapshot uses. */
static void loaded_sweep(struct line_ups *line_ups)
{
    for (struct loaded **at = &line_ups->loaded; *at != NULL;) {
        struct loaded *loaded = *at;
        if (loaded->snapshots > 0) {
            at = &loaded->next;
        } else {
            *at = loaded->next;
            model_destroy(loaded->model);
            free(loaded);
        }
    }
}

/* ---- snapshots ---- */

static struct snapshot *snapshot_create(uint32_t count)
{
    struct snapshot *snapshot =
        calloc(1, sizeof *snapshot + (size_t)count * sizeof snapshot->line_ups[0]);
    if (snapshot != NULL) {
        snapshot->count = count;
    }
    return snapshot;
}

static void snapshot_destroy(struct snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->loaded_count; i++) {
        snapshot->loaded[i]->snapshots--;
    }
    free(snapshot);
}

/* Let go the snapshots behind the current one that nobody holds. */
static void snapshots_sweep(struct line_ups *line_ups)
{
    struct snapshot **at = &line_ups->current->older;
    while (*at != NULL) {
        struct snapshot *snapshot = *at;
        if (atomic_load_explicit(&snapshot->holders, memory_order_acquire) > 0) {
            at = &snapshot->older;
        } else {
            *at = snapshot->older;
            snapshot_destroy(snapshot);
        }
    }
    loaded_sweep(line_ups);
}

/* What is being built. */
struct building {
    struct line_ups *line_ups;
    struct snapshot *snapshot;
    const struct role_book *book;
    struct db *db;
    struct error *err;
};

/* The model of this digest, loaded and held by the snapshot; *out NULL: it cannot be read. */
static enum status model_use(struct model **out, struct building *b, const struct digest *sha256)
{
    struct snapshot *snapshot = b->snapshot;
    struct loaded *loaded = NULL;
    TRY(loaded_find(&loaded, b->line_ups, b->db, sha256, b->err));
    *out = loaded->model;
    for (uint32_t i = 0; i < snapshot->loaded_count; i++) {
        if (snapshot->loaded[i] == loaded) {
            return STATUS_OK;
        }
    }
    if (snapshot->loaded_count == ARRAY_LEN(snapshot->loaded)) {
        return error_set(b->err, STATUS_CORRUPT, "", "more than %d models have a role",
                         MODELS_IN_ROLES_MAX);
    }
    snapshot->loaded[snapshot->loaded_count++] = loaded;
    loaded->snapshots++;
    return STATUS_OK;
}

/* The model that everybody has whose environment has promoted none. */
static void start_with(struct line_up *out, const struct line_ups *line_ups)
{
    out->in_force = *line_ups->start;
    CHECK(digest_read_hex(&out->champion, str_from(line_ups->start->model->sha256)));
    out->source = line_ups->is_override ? CHAMPION_OF_FILE : CHAMPION_OF_PROGRAM;
}

static enum status champion_set(struct line_up *out, struct building *b, const struct roles *roles,
                                enum champion_source source)
{
    struct model *model = NULL;
    TRY(model_use(&model, b, &roles->champion));
    out->champion = roles->champion;
    out->source = source;
    out->in_force.model = model != NULL && model->can_decide ? model : NULL;
    return STATUS_OK;
}

static bool has_challenger(const struct line_up *line_up, const struct digest *sha256)
{
    for (uint32_t i = 0; i < line_up->challenger_count; i++) {
        if (digest_eq(&line_up->challengers[i].sha256, sha256)) {
            return true;
        }
    }
    return false;
}

static enum status challengers_add(struct line_up *out, struct building *b,
                                   const struct roles *roles)
{
    for (uint32_t i = 0; i < roles->challenger_count; i++) {
        const struct digest *sha256 = &roles->challengers[i];
        struct model *model = NULL;
        if (digest_eq(sha256, &out->champion) || has_challenger(out, sha256)) {
            continue;
        }
        TRY(model_use(&model, b, sha256));
        CHECK(out->challenger_count < LINE_UP_CHALLENGERS_MAX);
        out->challengers[out->challenger_count++] = (struct challenger){
            *sha256, model != NULL && model_can_challenge(model) ? model : NULL};
    }
    return STATUS_OK;
}

static enum status line_up_build(struct line_up *out, struct building *b, const struct roles *own)
{
    const struct roles *installation = role_book_find(b->book, INSTALLATION);
    bool is_tenant = own->environment != INSTALLATION;
    bool follows = !is_tenant || !own->has_champion;
    bool is_overridden = follows && b->line_ups->is_override;
    out->environment = own->environment;
    out->snapshot = b->snapshot;
    start_with(out, b->line_ups);
    if (!follows) {
        TRY(champion_set(out, b, own, CHAMPION_OF_ENVIRONMENT));
    } else if (!is_overridden && installation->has_champion) {
        TRY(champion_set(out, b, installation, CHAMPION_OF_INSTALLATION));
    }
    /* What nothing proves may hide that another model decides, or that none of its own does. */
    if ((is_tenant && own->is_unproved) ||
        (follows && !is_overridden && installation->is_unproved)) {
        out->in_force.model = NULL;
    }
    TRY(challengers_add(out, b, own));
    return is_tenant ? challengers_add(out, b, installation) : STATUS_OK;
}

static enum status snapshot_build(struct building *b)
{
    for (uint32_t i = 0; i < b->book->count; i++) {
        TRY(line_up_build(&b->snapshot->line_ups[i], b, &b->book->roles[i]));
    }
    return STATUS_OK;
}

/* ---- all of them ---- */

enum status line_ups_create(struct line_ups **out, const struct in_force *start, bool is_override,
                            struct error *err)
{
    struct line_ups *line_ups = calloc(1, sizeof *line_ups);
    if (line_ups == NULL) {
        return out_of_memory(err);
    }
    line_ups->start = start;
    line_ups->is_override = is_override;
    line_ups->current = snapshot_create(1);
    enum status status =
        line_ups->current == NULL ? out_of_memory(err) : role_book_init(&line_ups->book, err);
    if (status != STATUS_OK) {
        free(line_ups->current);
        free(line_ups);
        return status;
    }
    (void)pthread_mutex_init(&line_ups->lock, NULL);
    (void)pthread_mutex_init(&line_ups->refreshing, NULL);
    start_with(&line_ups->current->line_ups[0], line_ups);
    line_ups->current->line_ups[0].snapshot = line_ups->current;
    *out = line_ups;
    return STATUS_OK;
}

void line_ups_destroy(struct line_ups *line_ups)
{
    if (line_ups == NULL) {
        return;
    }
    while (line_ups->current != NULL) {
        struct snapshot *snapshot = line_ups->current;
        line_ups->current = snapshot->older;
        snapshot_destroy(snapshot);
    }
    loaded_sweep(line_ups);
    role_book_finish(&line_ups->book);
    (void)pthread_mutex_destroy(&line_ups->lock);
    (void)pthread_mutex_destroy(&line_ups->refreshing);
    free(line_ups);
}

static void publish(struct line_ups *line_ups, struct snapshot *snapshot)
{
    snapshot->older = line_ups->current;
    (void)pthread_mutex_lock(&line_ups->lock);
    line_ups->current = snapshot;
    (void)pthread_mutex_unlock(&line_ups->lock);
}

static void log_models(const struct snapshot *snapshot, int64_t revision)
{
    char hex[DIGEST_HEX_LEN + 1];
    digest_hex(hex, &snapshot->line_ups[0].champion);
    LOG(LOG_INFO, "models_in_force", LOG_NUMBER("revision", revision),
        LOG_TEXT("sha256", str_from(hex)),
        LOG_TEXT("source", str_from(champion_source_wire(snapshot->line_ups[0].source))),
        LOG_NUMBER("challengers", snapshot->line_ups[0].challenger_count),
        LOG_NUMBER("environments", snapshot->count - 1));
}

static enum status refresh(struct line_ups *line_ups, struct db *db, struct error *err)
{
    struct role_book book;
    int64_t before = line_ups->book.revision;
    TRY(role_book_copy(&book, &line_ups->book, err));
    enum status status = role_book_read(&book, db, err);
    struct snapshot *snapshot = NULL;
    if (status == STATUS_OK && book.revision > before) {
        snapshot = snapshot_create(book.count);
        status = snapshot == NULL
                     ? out_of_memory(err)
                     : snapshot_build(&(struct building){line_ups, snapshot, &book, db, err});
    }
    if (status != STATUS_OK || snapshot == NULL) {
        role_book_finish(&book);
        if (snapshot != NULL) {
            snapshot_destroy(snapshot);
        }
        return status;
    }
    role_book_finish(&line_ups->book);
    line_ups->book = book;
    publish(line_ups, snapshot);
    log_models(snapshot, book.revision);
    return STATUS_OK;
}

enum status line_ups_refresh(struct line_ups *line_ups, struct db *db, struct error *err)
{
    (void)pthread_mutex_lock(&line_ups->refreshing);
    enum status status = refresh(line_ups, db, err);
    snapshots_sweep(line_ups);
    (void)pthread_mutex_unlock(&line_ups->refreshing);
    return status;
}

enum status line_ups_roles(struct role_book *out, struct line_ups *line_ups, struct error *err)
{
    (void)pthread_mutex_lock(&line_ups->refreshing);
    enum status status = role_book_copy(out, &line_ups->book, err);
    (void)pthread_mutex_unlock(&line_ups->refreshing);
    return status;
}

/* An environment that has changed nothing has the installation's. */
static const struct line_up *line_up_find(const struct snapshot *snapshot, int64_t environment)
{
    uint32_t low = 1, high = snapshot->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (snapshot->line_ups[middle].environment < environment) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < snapshot->count && snapshot->line_ups[low].environment == environment
               ? &snapshot->line_ups[low]
               : &snapshot->line_ups[0];
}

const struct line_up *line_up_take(struct line_ups *line_ups, int64_t environment)
{
    (void)pthread_mutex_lock(&line_ups->lock);
    struct snapshot *snapshot = line_ups->current;
    (void)atomic_fetch_add_explicit(&snapshot->holders, 1, memory_order_relaxed);
    (void)pthread_mutex_unlock(&line_ups->lock);
    return line_up_find(snapshot, environment);
}

void line_up_release(const struct line_up *line_up)
{
    if (line_up != NULL) {
        (void)atomic_fetch_sub_explicit(&line_up->snapshot->holders, 1, memory_order_release);
    }
}

struct line_ups_figures line_ups_figures(struct line_ups *line_ups)
{
    const struct line_up *held = line_up_take(line_ups, INSTALLATION);
    const struct snapshot *snapshot = held->snapshot;
    struct line_ups_figures figures = {.environments = snapshot->count - 1};
    for (uint32_t i = 0; i < snapshot->count; i++) {
        figures.unavailable += snapshot->line_ups[i].in_force.model == NULL ? 1 : 0;
    }
    line_up_release(held);
    return figures;
}
