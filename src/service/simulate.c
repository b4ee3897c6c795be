/* simulate.c - merge patch, then the ordinary assessment. */
#include "service/simulate.h"

#include "service/stored_links.h"

static void member_begin(struct buf *out, bool *has_members, struct str name)
{
    if (*has_members) {
        buf_append_byte(out, ',');
    }
    *has_members = true;
    json_append_string(out, name);
    buf_append_byte(out, ':');
}

/* An object with the members of `target` that `patch` does not name, then those that it does. Depth
 * is bounded by the reader's. */
static void merge_objects(struct buf *out, const struct json *target, const struct json *patch)
{
    bool has_members = false;
    buf_append_byte(out, '{');
    for (const struct json *m = target == NULL ? NULL : target->first; m != NULL; m = m->next) {
        if (json_find(patch, m->name) == NULL) {
            member_begin(out, &has_members, m->name);
            json_write_canonical(out, m);
        }
    }
    for (const struct json *m = patch->first; m != NULL; m = m->next) {
        if (m->type != JSON_NULL) {
            member_begin(out, &has_members, m->name);
            json_merge_patch(out, target == NULL ? NULL : json_find(target, m->name), m);
        }
    }
    buf_append_byte(out, '}');
}

void json_merge_patch(struct buf *out, const struct json *target, const struct json *patch)
{
    if (patch == NULL) {
        json_write_canonical(out, target);
    } else if (patch->type != JSON_OBJECT) {
        json_write_canonical(out, patch);
    } else {
        merge_objects(out, target != NULL && target->type == JSON_OBJECT ? target : NULL, patch);
    }
}

enum status simulate(struct assessment *out, const struct decision_record *record,
                     const struct json *changes, struct date today, const struct in_force *in_force,
                     struct db *db, struct arena *arena, struct violations *violations,
                     struct error *err)
{
    struct buf text;
    struct json_error json_err;
    const struct json *root;
    *out = (struct assessment){0};
    TRY(request_parse(&root, record->input, arena, &json_err, err));
    buf_init(&text, 2 * DECISION_REQUEST_LEN_MAX);
    json_merge_patch(&text, root, changes);
    struct str kept = buf_failed(&text) ? (struct str){NULL, 0} : arena_copy(arena, buf_str(&text));
    buf_finish(&text);
    if (kept.ptr == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "/changes",
                         "the changed request is larger than %d bytes", DECISION_REQUEST_LEN_MAX);
    }
    TRY(request_parse(&root, kept, arena, &json_err, err));
    if (db != NULL && stored_links_are_wanted(root)) {
        const struct stored_links_input in = {db, record->row.environment, today};
        TRY(stored_links_add(&root, NULL, &in, arena, err));
    }
    return assess(out, root, today, in_force, arena, violations, err);
}
