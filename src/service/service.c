/* service.c - start and stop, in order. */
#include "service/service.h"

#include "base/log.h"
#include "crypto/secret.h"
#include "service/models.h"
#include "store/artifact_store.h"
#include "store/graph_store.h"

#include <stdio.h>
#include <stdlib.h>

/* One artifact and its entry in the chain. */
static enum status artifact_record(struct service *service, enum audit_kind kind, struct str text,
                                   const char *sha256, struct id_source *ids, struct error *err)
{
    struct unit unit = {0};
    struct artifact_values values;
    struct digest digest;
    int64_t now_ms = wallclock_now_ms(&service->clock);
    CHECK(digest_read_hex(&digest, str_from(sha256)));
    artifact_insert(&unit, kind == AUDIT_MODEL_LOADED ? STR("model") : STR("policy"), &digest, text,
                    now_ms, &values);
    struct audit_draft *entry = &unit.entries[unit.entry_count++];
    *entry = (struct audit_draft){.kind = kind, .object = id_make(ids, now_ms)};
    char payload[DIGEST_HEX_LEN + 16];
    int len = snprintf(payload, sizeof payload, "{\"sha256\":\"%s\"}", sha256);
    CHECK(len > 0);
    entry->payload = str_of(payload, (size_t)len);
    secret_random(entry->salt, sizeof entry->salt);
    return committer_run(service->committer, &unit, err);
}

static enum status record_in_force(struct service *service, struct error *err)
{
    struct id_source ids = id_source_system();
    const struct in_force *in_force = &service->in_force;
    TRY(artifact_record(service, AUDIT_MODEL_LOADED, buf_str(&in_force->model_text),
                        in_force->model->sha256, &ids, err));
    for (uint32_t i = 0; i < in_force->policy_count; i++) {
        TRY(artifact_record(service, AUDIT_POLICY_LOADED, buf_str(&in_force->policy_texts[i]),
                            in_force->policies[i]->sha256, &ids, err));
    }
    return STATUS_OK;
}

/* The model it was started with is one of the installation's, for all to see. */
static enum status record_model(struct service *service, struct db *db, struct arena *arena,
                                struct error *err)
{
    struct id_source ids = id_source_system();
    int64_t now_ms = wallclock_now_ms(&service->clock);
    struct model_import *import = arena_new(arena, struct model_import);
    if (import == NULL) {
        return error_set(err, STATUS_BUSY, "", "no memory for the model in force");
    }
    TRY(model_import_declare(
        import, db,
        &(struct model_import_wish){.environment = INSTALLATION,
                                    .text = buf_str(&service->in_force.model_text),
                                    .by = STR("aval"),
                                    .id = id_make(&ids, now_ms),
                                    .now_ms = now_ms,
                                    .is_of_program = true},
        arena, err));
    enum status status =
        import->is_there ? STATUS_OK : committer_run(service->committer, &import->unit, err);
    if (import->unit.outcome == UNIT_REFUSED) {
        LOG(LOG_WARN, "model_unlisted", LOG_TEXT("name", import->row.name),
            LOG_TEXT("version", import->row.version));
        return STATUS_OK;
    }
    return status;
}

static enum status check_available(struct service *service, struct error *err)
{
    const struct line_up *line_up = line_up_take(service->line_ups, INSTALLATION);
    bool is_available = line_up->in_force.model != NULL;
    char hex[DIGEST_HEX_LEN + 1];
    digest_hex(hex, &line_up->champion);
    line_up_release(line_up);
    return is_available ? STATUS_OK
                        : error_set(err, STATUS_CORRUPT, "",
                                    "the model in force, %s, is not what was recorded, and decides "
                                    "nothing: restore the database, or serve with --model FILE",
                                    hex);
}

static enum status line_up_start(struct service *service, const struct service_config *config,
                                 struct error *err)
{
    enum { START_ARENA_MAX = 4 * 1024 * 1024 };
    struct db *db = NULL;
    struct arena arena;
    arena_init(&arena, START_ARENA_MAX);
    enum status status = db_open(&db, config->db, DB_READER, err);
    if (status == STATUS_OK) {
        status = record_model(service, db, &arena, err);
    }
    if (status == STATUS_OK) {
        status = line_ups_refresh(service->line_ups, db, err);
    }
    db_close(db);
    arena_finish(&arena);
    return status == STATUS_OK ? check_available(service, err) : status;
}

static enum status look_for_graph(struct service *service, const char *where, struct error *err)
{
    struct db *db;
    bool has_graph;
    TRY(db_open(&db, where, DB_READER, err));
    enum status status = graph_any(&has_graph, db, err);
    db_close(db);
    TRY(status);
    atomic_store(service->has_graph, has_graph);
    return STATUS_OK;
}

static enum status start(struct service *service, const struct service_config *config,
                         struct error *err)
{
    service->clock = wallclock_system();
    TRY(in_force_load(&service->in_force, config->model_file, config->policy_files,
                      config->policy_file_count, err));
    TRY(line_ups_create(&service->line_ups, &service->in_force, config->model_file != NULL, err));
    service->key_ring = key_ring_create();
    service->in_flight = in_flight_create();
    service->admissions = admissions_create(config->in_flight);
    service->has_graph = calloc(1, sizeof *service->has_graph);
    if (service->key_ring == NULL || service->in_flight == NULL || service->admissions == NULL ||
        service->has_graph == NULL) {
        return error_set(err, STATUS_IO, "", "no memory to start with");
    }
    TRY(committer_start(&service->committer,
                        &(struct committer_config){.where = config->db,
                                                   .stream = "main",
                                                   .clock = service->clock,
                                                   .queue_max = config->queue_max},
                        err));
    TRY(look_for_graph(service, config->db, err));
    TRY(workers_start(&service->workers, config->db, config->workers, err));
    TRY(record_in_force(service, err));
    return line_up_start(service, config, err);
}

enum status service_start(struct service *service, const struct service_config *config,
                          struct error *err)
{
    *service = (struct service){0};
    enum status status = start(service, config, err);
    if (status != STATUS_OK) {
        service_stop(service);
    }
    return status;
}

void service_stop(struct service *service)
{
    workers_stop(service->workers);
    if (service->committer != NULL) {
        committer_stop(service->committer);
    }
    in_flight_destroy(service->in_flight);
    admissions_destroy(service->admissions);
    key_ring_destroy(service->key_ring);
    line_ups_destroy(service->line_ups);
    free(service->has_graph);
    in_force_finish(&service->in_force);
    *service = (struct service){0};
}
