/* memory.h - was this thread refused memory?
 *
 * Buffers and arenas that find no memory leave a text cut or a thing out, and tell whoever asks.
 * What is made of many of them is sound only if none was refused: who makes it looks at this number
 * before and after, once, and need not ask each. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdint.h>

/* How often this thread was refused so far; a limit that was reached does not count. */
uint64_t memory_refusals(void);
void memory_refused(void);

#endif
