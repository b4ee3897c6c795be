/* merkle.h - Merkle tree hashes and inclusion proofs as in RFC 6962, section 2.1.
 *
 * leaf = SHA-256(0x00 || bytes), node = SHA-256(0x01 || left || right); the tree of n leaves splits
 * at the largest power of two below n.  An empty tree has the hash of no bytes. */
#ifndef CRYPTO_MERKLE_H
#define CRYPTO_MERKLE_H

#include "crypto/digest.h"

enum { MERKLE_PATH_MAX = 40 };

struct digest merkle_leaf(struct str bytes);
struct digest merkle_root(const struct digest *leaves, size_t count); /* leaves are leaf hashes */
/* Audit path of leaf `index`, nearest sibling first.  Returns its length.
 * Requires: index < count. */
size_t merkle_path(struct digest path[MERKLE_PATH_MAX], const struct digest *leaves, size_t count,
                   size_t index);
/* Does the path lead from `leaf` to `root`? */
bool merkle_verify(const struct digest *root, const struct digest *leaf, size_t index, size_t count,
                   const struct digest *path, size_t path_len);

#endif
