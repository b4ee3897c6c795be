/* lines.h - an answer in JSON as lines for a person: a name and what it is, the rest set in. */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include "base/buf.h"

/* Requires: `json` is what we wrote ourselves. */
void lines_write(struct buf *out, struct str json);

#endif
