/* merkle.c - RFC 6962, section 2.1; the check of a proof as in RFC 9162, section 2.1.3.2. */
#include "crypto/merkle.h"

#include <string.h>

/* The largest power of two below `count`.  Requires: count > 1. */
static size_t split_of(size_t count)
{
    size_t split = 1;
    CHECK(count > 1);
    while (split < count - split) {
        split *= 2;
    }
    return split;
}

static struct digest node_of(const struct digest *left, const struct digest *right)
{
    uint8_t bytes[1 + 2 * DIGEST_LEN] = {0x01};
    memcpy(bytes + 1, left->bytes, DIGEST_LEN);
    memcpy(bytes + 1 + DIGEST_LEN, right->bytes, DIGEST_LEN);
    return digest_of(str_of(bytes, sizeof bytes));
}

struct digest merkle_leaf(struct str bytes)
{
    return digest_of_2(STR("\0"), bytes);
}

/* Recursion is as deep as the tree: log2(count), at most MERKLE_PATH_MAX. */
struct digest merkle_root(const struct digest *leaves, size_t count)
{
    CHECK(count >> MERKLE_PATH_MAX == 0);
    if (count == 0) {
        return digest_of(STR(""));
    }
    if (count == 1) {
        return leaves[0];
    }
    size_t split = split_of(count);
    struct digest left = merkle_root(leaves, split);
    struct digest right = merkle_root(leaves + split, count - split);
    return node_of(&left, &right);
}

size_t merkle_path(struct digest path[MERKLE_PATH_MAX], const struct digest *leaves, size_t count,
                   size_t index)
{
    CHECK(index < count);
    CHECK(count >> MERKLE_PATH_MAX == 0);
    size_t len = 0;
    while (count > 1) { /* from the root down: the farthest sibling comes first */
        size_t split = split_of(count);
        bool is_left = index < split;
        CHECK(len < MERKLE_PATH_MAX);
        path[len++] =
            is_left ? merkle_root(leaves + split, count - split) : merkle_root(leaves, split);
        leaves = is_left ? leaves : leaves + split;
        index = is_left ? index : index - split;
        count = is_left ? split : count - split;
    }
    for (size_t i = 0; i < len / 2; i++) {
        struct digest far = path[i];
        path[i] = path[len - 1 - i];
        path[len - 1 - i] = far;
    }
    return len;
}

bool merkle_verify(const struct digest *root, const struct digest *leaf, size_t index, size_t count,
                   const struct digest *path, size_t path_len)
{
    if (index >= count) {
        return false;
    }
    struct digest hash = *leaf;
    size_t node = index, last = count - 1; /* numbers of ours and of the last node of a level */
    for (size_t i = 0; i < path_len; i++) {
        if (last == 0) {
            return false;
        }
        if ((node & 1) == 1 || node == last) {
            hash = node_of(&path[i], &hash);
            while ((node & 1) == 0 && node != 0) { /* levels on which ours has no sibling */
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_of(&hash, &path[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && digest_eq(&hash, root);
}
