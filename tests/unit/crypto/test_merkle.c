/* test_merkle.c - tree hashes and inclusion proofs of RFC 6962. */
#include "crypto/merkle.h"

#include "../expect.h"

#include <stdio.h>
#include <stdlib.h>

enum { TREE_MAX = 130 };

/* The eight leaves that the implementations of Certificate Transparency test with. */
static const struct str ct_leaves[] = {
    {"",                                                                 0 },
    {"\x00",                                                             1 },
    {"\x10",                                                             1 },
    {"\x20\x21",                                                         2 },
    {"\x30\x31",                                                         2 },
    {"\x40\x41\x42\x43",                                                 4 },
    {"\x50\x51\x52\x53\x54\x55\x56\x57",                                 8 },
    {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16},
};

static const char *const ct_roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void fill(struct digest *leaves, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[24];
        int len = snprintf(text, sizeof text, "leaf %zu", i);
        leaves[i] = merkle_leaf(str_of(text, (size_t)len));
    }
}

/* The tree again, the other way: from the leaves up, an odd node rises as it is. */
static struct digest root_from_below(const struct digest *leaves, size_t count)
{
    struct digest level[TREE_MAX];
    memcpy(level, leaves, count * sizeof *leaves);
    while (count > 1) {
        for (size_t i = 0; i < count / 2; i++) {
            struct sha256 h;
            sha256_init(&h);
            sha256_add(&h, STR("\x01"));
            sha256_add(&h, digest_str(&level[2 * i]));
            sha256_add(&h, digest_str(&level[2 * i + 1]));
            level[i] = sha256_finish(&h);
        }
        if (count % 2 == 1) {
            level[count / 2] = level[count - 1];
        }
        count = (count + 1) / 2;
    }
    return level[0];
}

static void hashes_the_trees_of_certificate_transparency(void **state)
{
    (void)state;
    struct digest leaves[ARRAY_LEN(ct_leaves)];
    for (size_t i = 0; i < ARRAY_LEN(ct_leaves); i++) {
        leaves[i] = merkle_leaf(ct_leaves[i]);
    }
    for (size_t count = 0; count < ARRAY_LEN(ct_roots); count++) {
        char text[DIGEST_HEX_LEN + 1];
        struct digest root = merkle_root(leaves, count);
        digest_hex(text, &root);
        assert_string_equal(text, ct_roots[count]);
    }
}

static void agrees_with_the_tree_built_from_below(void **state)
{
    (void)state;
    struct digest leaves[TREE_MAX];
    fill(leaves, TREE_MAX);
    for (size_t count = 1; count <= TREE_MAX; count++) {
        struct digest above = merkle_root(leaves, count), below = root_from_below(leaves, count);
        assert_true(digest_eq(&above, &below));
    }
}

static void every_leaf_can_be_proved(void **state)
{
    (void)state;
    struct digest leaves[TREE_MAX], path[MERKLE_PATH_MAX];
    fill(leaves, TREE_MAX);
    for (size_t count = 1; count <= TREE_MAX; count++) {
        struct digest root = merkle_root(leaves, count);
        for (size_t i = 0; i < count; i++) {
            size_t len = merkle_path(path, leaves, count, i);
            assert_true(len <= 8);
            assert_true(merkle_verify(&root, &leaves[i], i, count, path, len));
        }
    }
}

static void nothing_else_can_be_proved(void **state)
{
    (void)state;
    enum { COUNT = 21 };
    struct digest leaves[COUNT], path[MERKLE_PATH_MAX + 1] = {0};
    fill(leaves, COUNT);
    struct digest root = merkle_root(leaves, COUNT), other = merkle_leaf(STR("other"));
    for (size_t i = 0; i < COUNT; i++) {
        size_t len = merkle_path(path, leaves, COUNT, i);
        assert_false(merkle_verify(&other, &leaves[i], i, COUNT, path, len));
        assert_false(merkle_verify(&root, &other, i, COUNT, path, len));
        assert_false(merkle_verify(&root, &leaves[i], i, COUNT, path, len - 1));
        assert_false(merkle_verify(&root, &leaves[i], i, COUNT, path, len + 1));
        assert_false(merkle_verify(&root, &leaves[i], i, COUNT, path, 0));
        assert_false(merkle_verify(&root, &leaves[i], i + COUNT, COUNT, path, len));
        assert_false(merkle_verify(&root, &leaves[i], SIZE_MAX, COUNT, path, len));
        assert_false(merkle_verify(&root, &leaves[i], i, 0, path, len));
        for (size_t j = 0; j < COUNT; j++) {
            assert_int_equal(merkle_verify(&root, &leaves[i], j, COUNT, path, len), i == j);
        }
        for (size_t step = 0; step < len; step++) {
            path[step].bytes[step] ^= 1;
            assert_false(merkle_verify(&root, &leaves[i], i, COUNT, path, len));
            path[step].bytes[step] ^= 1;
        }
    }
}

static void a_leaf_of_two_is_not_the_only_one(void **state)
{
    (void)state;
    struct digest leaves[2];
    fill(leaves, 2);
    struct digest root = merkle_root(leaves, 2);
    assert_true(merkle_verify(&root, &leaves[1], 1, 2, &leaves[0], 1));
    assert_false(merkle_verify(&root, &leaves[1], 0, 1, &leaves[0], 1));
}

static void a_node_is_no_leaf(void **state)
{
    (void)state;
    struct digest leaves[2];
    uint8_t both[2 * DIGEST_LEN];
    fill(leaves, 2);
    memcpy(both, leaves[0].bytes, DIGEST_LEN);
    memcpy(both + DIGEST_LEN, leaves[1].bytes, DIGEST_LEN);
    struct digest root = merkle_root(leaves, 2), leaf = merkle_leaf(str_of(both, sizeof both));
    assert_false(digest_eq(&root, &leaf));
}

static void path_of_no_leaf(void)
{
    struct digest leaves[2] = {0}, path[MERKLE_PATH_MAX];
    (void)merkle_path(path, leaves, 2, 2);
}

static void asking_for_a_leaf_that_is_not_there_is_our_bug(void **state)
{
    (void)state;
    assert_dies(path_of_no_leaf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_the_trees_of_certificate_transparency),
        cmocka_unit_test(agrees_with_the_tree_built_from_below),
        cmocka_unit_test(every_leaf_can_be_proved),
        cmocka_unit_test(nothing_else_can_be_proved),
        cmocka_unit_test(a_leaf_of_two_is_not_the_only_one),
        cmocka_unit_test(a_node_is_no_leaf),
        cmocka_unit_test(asking_for_a_leaf_that_is_not_there_is_our_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
