/* in_force.c - loading models and policies, from files or from the program itself. */
#include "service/in_force.h"

#include "base/file.h"
#include "crypto/digest.h"
#include "service_assets.h"

#include <stdio.h>
#include <string.h>

enum status model_of_text(struct model **out, struct str text, struct error *err)
{
    TRY(model_read(out, text, err));
    struct digest digest = digest_of(text);
    digest_hex((*out)->sha256, &digest);
    return STATUS_OK;
}

enum status policy_of_text(struct policy **out, struct str text, struct error *err)
{
    struct arena arena;
    struct violations *violations;
    arena_init(&arena, 1024 * 1024);
    violations = arena_new(&arena, struct violations);
    CHECK(violations != NULL);
    violations_init(violations, &arena);
    enum status status = policy_read(out, text, violations, err);
    if (status == STATUS_OK) {
        struct digest digest = digest_of(text);
        digest_hex((*out)->sha256, &digest);
    } else if (violations->count > 0) {
        const struct violation *first = &violations->items[0];
        char pointer[128];
        (void)snprintf(pointer, sizeof pointer, "%.*s", STR_ARGS(first->pointer));
        status = error_set(
            err, status, pointer, "%.*s%s", STR_ARGS(first->detail),
            violations->total > 1 ? " (and more: `aval policy validate` lists them all)" : "");
    }
    arena_finish(&arena);
    return status;
}

static enum status text_load(struct buf *out, const char *file, struct str built_in, size_t limit,
                             struct error *err)
{
    if (file != NULL) {
        return file_read(out, file, limit, err);
    }
    buf_init(out, limit);
    buf_append(out, built_in);
    return STATUS_OK;
}

/* Say which file it was: the pointer alone would leave the operator guessing. */
static enum status name_file(enum status status, const char *file, struct error *err)
{
    if (status != STATUS_OK && err != NULL && file != NULL && strcmp(err->field, file) != 0) {
        struct error inner = *err;
        (void)error_set(err, status, file, "%s%s%s", inner.field,
                        inner.field[0] == '\0' ? "" : ": ", inner.message);
    }
    return status;
}

static enum status policy_add(struct in_force *in_force, const char *file, struct error *err)
{
    if (in_force->policy_count == POLICIES_MAX) {
        return error_set(err, STATUS_TOO_LARGE, file, "at most %d policies can be in force",
                         POLICIES_MAX);
    }
    struct buf *text = &in_force->policy_texts[in_force->policy_count];
    struct policy **policy = &in_force->policies[in_force->policy_count];
    TRY(text_load(text, file, str_of(default_policy, default_policy_len), POLICY_LEN_MAX, err));
    in_force->policy_count++;
    TRY(name_file(policy_of_text(policy, buf_str(text), err), file, err));
    if (in_force_policy(in_force, (*policy)->id) != *policy) {
        return error_set(err, STATUS_INVALID, file, "two policies have the id \"%.*s\"",
                         STR_ARGS((*policy)->id));
    }
    return STATUS_OK;
}

static enum status load(struct in_force *out, const char *model_file,
                        const char *const *policy_files, uint32_t policy_file_count,
                        struct error *err)
{
    TRY(text_load(&out->model_text, model_file, str_of(default_model, default_model_len),
                  MODEL_LEN_MAX, err));
    TRY(name_file(model_of_text(&out->model, buf_str(&out->model_text), err), model_file, err));
    if (!out->model->can_decide) {
        return error_set(
            err, STATUS_INVALID, model_file == NULL ? "" : model_file,
            "this bundle scores tables and cannot decide: some of its inputs are not in the "
            "feature "
            "catalogue, or its trees do not follow the directions there, or it is not about 12 "
            "months");
    }
    if (policy_file_count == 0) {
        return policy_add(out, NULL, err);
    }
    for (uint32_t i = 0; i < policy_file_count; i++) {
        TRY(policy_add(out, policy_files[i], err));
    }
    return STATUS_OK;
}

enum status in_force_load(struct in_force *out, const char *model_file,
                          const char *const *policy_files, uint32_t policy_file_count,
                          struct error *err)
{
    *out = (struct in_force){0};
    enum status status = load(out, model_file, policy_files, policy_file_count, err);
    if (status != STATUS_OK) {
        in_force_finish(out);
    }
    return status;
}

void in_force_finish(struct in_force *in_force)
{
    model_destroy(in_force->model);
    buf_finish(&in_force->model_text);
    for (uint32_t i = 0; i < in_force->policy_count; i++) {
        policy_destroy(in_force->policies[i]);
        buf_finish(&in_force->policy_texts[i]);
    }
    *in_force = (struct in_force){0};
}

const struct policy *in_force_policy(const struct in_force *in_force, struct str id)
{
    for (uint32_t i = 0; i < in_force->policy_count; i++) {
        if (in_force->policies[i] != NULL && str_eq(in_force->policies[i]->id, id)) {
            return in_force->policies[i];
        }
    }
    return NULL;
}
