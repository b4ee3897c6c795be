/* lines.c - one walk over the tree; its depth is bounded by the reader's. */
#include "cli/lines.h"

#include "format/json.h"

enum { STEP = 2, NAME_WIDTH = 22, TREE_ARENA_MAX = 256 * 1024 * 1024 };

static bool is_scalar(const struct json *node)
{
    return node->type != JSON_ARRAY && node->type != JSON_OBJECT;
}

static void scalar_write(struct buf *out, const struct json *node)
{
    switch (node->type) {
    case JSON_NULL: buf_append(out, STR("-")); break;
    case JSON_FALSE: buf_append(out, STR("no")); break;
    case JSON_TRUE: buf_append(out, STR("yes")); break;
    case JSON_NUMBER:
    case JSON_STRING: buf_append(out, node->text); break;
    case JSON_ARRAY:
    case JSON_OBJECT: break;
    }
}

static bool is_flat_array(const struct json *node)
{
    for (const struct json *n = node->first; n != NULL; n = n->next) {
        if (!is_scalar(n)) {
            return false;
        }
    }
    return node->type == JSON_ARRAY;
}

static void indent(struct buf *out, unsigned depth)
{
    buf_printf(out, "%*s", (int)(depth * STEP), "");
}

static void children_write(struct buf *out, const struct json *node, unsigned depth);

static void member_write(struct buf *out, const struct json *node, unsigned depth)
{
    indent(out, depth);
    buf_printf(out, "%-*.*s", NAME_WIDTH, STR_ARGS(node->name));
    if (is_scalar(node)) {
        buf_append_byte(out, ' ');
        scalar_write(out, node);
        buf_append_byte(out, '\n');
    } else if (is_flat_array(node)) {
        for (const struct json *n = node->first; n != NULL; n = n->next) {
            buf_append(out, n == node->first ? STR(" ") : STR(", "));
            scalar_write(out, n);
        }
        buf_append(out, node->first == NULL ? STR(" none\n") : STR("\n"));
    } else {
        buf_append_byte(out, '\n');
        children_write(out, node, depth + 1);
    }
}

/* An element that is an object begins with a dash. */
static void element_write(struct buf *out, const struct json *node, unsigned depth)
{
    indent(out, depth);
    buf_append(out, STR("-\n"));
    if (is_scalar(node)) {
        indent(out, depth + 1);
        scalar_write(out, node);
        buf_append_byte(out, '\n');
    } else {
        children_write(out, node, depth + 1);
    }
}

static void children_write(struct buf *out, const struct json *node, unsigned depth)
{
    for (const struct json *n = node->first; n != NULL; n = n->next) {
        if (node->type == JSON_ARRAY) {
            element_write(out, n, depth);
        } else if (!str_eq(n->name, STR("object"))) {
            member_write(out, n, depth);
        }
    }
}

void lines_write(struct buf *out, struct str json)
{
    struct arena arena;
    arena_init(&arena, TREE_ARENA_MAX);
    const struct json *root = json_read(json, &arena, NULL);
    if (root == NULL) {
        out->failed = true;
    } else {
        children_write(out, root, 0);
    }
    arena_finish(&arena);
}
