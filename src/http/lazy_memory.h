/* lazy_memory.h - memory for a library that asks for more than it touches.
 *
 * libnghttp2 takes a buffer of 16 KiB a session and writes a few hundred bytes into it.  From the
 * heap it would get pages that others have used, all resident; as a mapping of its own it costs the
 * one page that is touched.  Ten thousand idle connections feel the difference: 9 KB each. */
#ifndef HTTP_LAZY_MEMORY_H
#define HTTP_LAZY_MEMORY_H

#include <stddef.h>

enum { LAZY_MEMORY_MAPPED_MIN = 16 * 1024 }; /* from this size on a block is a mapping */

/* As malloc, calloc, realloc and free; blocks of one are for the others.  `context` is not used. */
void *lazy_memory_malloc(size_t size, void *context);
void *lazy_memory_calloc(size_t count, size_t size, void *context);
void *lazy_memory_realloc(void *block, size_t size, void *context);
void lazy_memory_free(void *block, void *context);

#endif
