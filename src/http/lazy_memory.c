/* lazy_memory.c - a head before each block says how long it is, and so where it came from. */
#include "http/lazy_memory.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct head {
    alignas(max_align_t) size_t size; /* of the block behind it */
};

static bool is_mapped(size_t size)
{
    return size >= LAZY_MEMORY_MAPPED_MIN;
}

static void *block_create(size_t size, bool is_zeroed)
{
    if (size > SIZE_MAX - sizeof(struct head)) {
        return NULL;
    }
    struct head *head = NULL;
    if (is_mapped(size)) {
        void *pages = mmap(NULL, sizeof *head + size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        head = pages == MAP_FAILED ? NULL : pages;
    } else {
        head = is_zeroed ? calloc(1, sizeof *head + size) : malloc(sizeof *head + size);
    }
    if (head == NULL) {
        return NULL;
    }
    head->size = size;
    return head + 1;
}

void *lazy_memory_malloc(size_t size, void *context)
{
    (void)context;
    return block_create(size, false);
}

void *lazy_memory_calloc(size_t count, size_t size, void *context)
{
    (void)context;
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return block_create(count * size, true);
}

void lazy_memory_free(void *block, void *context)
{
    (void)context;
    if (block == NULL) {
        return;
    }
    struct head *head = (struct head *)block - 1;
    if (is_mapped(head->size)) {
        (void)munmap(head, sizeof *head + head->size);
    } else {
        free(head);
    }
}

void *lazy_memory_realloc(void *block, size_t size, void *context)
{
    size_t old_size = block == NULL ? 0 : ((struct head *)block - 1)->size;
    void *fresh = block_create(size, false);
    if (fresh != NULL && block != NULL) {
        memcpy(fresh, block, old_size < size ? old_size : size);
        lazy_memory_free(block, context);
    }
    return fresh;
}
