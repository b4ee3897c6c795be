/* perimeter.h - whom this score does not speak of. */
#ifndef DECIDE_PERIMETER_H
#define DECIDE_PERIMETER_H

#include "decide/decision.h"

/* True if the application is outside, with the reason. */
bool perimeter_excludes(enum reason *reason, const struct decision_input *in);

#endif
