/* fuzz_target.h - what a fuzz target is: bytes in, a CHECK that fails if an invariant does not
 * hold.
 *
 * One file fuzz_<name>.c a target, its first inputs in corpus/<name>/, a line in meson.build. */
#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
