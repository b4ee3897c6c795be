/* words_fill.h - how a text of words.def or explanation.def becomes a sentence.
 *
 * A text is copied up to each {name}; words.c says what stands there, unless the sentence brings a
 * value of its own.  A tilde is a no-break space.  Nothing that a caller sent is ever read as a
 * text. */
#ifndef DECIDE_WORDS_FILL_H
#define DECIDE_WORDS_FILL_H

#include "decide/decision.h"

/* A value that one sentence alone has. */
struct filling {
    const char *name;
    struct str text;
};

/* What a text is written from.  `in` is missing when one reason is told apart. */
struct teller {
    struct buf *out;
    const struct decision *decision;
    const struct decision_input *in;
    const struct factor *factor; /* of the phrase being written, or NULL */
    enum language language;
    size_t start; /* where the paragraph begins in `out` */
    const struct filling *fillings;
    uint32_t filling_count;
};

/* Append the text.  Requires: every {name} in it is a value of words.c or among the fillings. */
void words_fill(const struct teller *t, const char *text);

#endif
