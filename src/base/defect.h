/* defect.h - defects planted on purpose, so that the tests can be seen to fail.
 *
 * A branch reads `if (DEFECT(LOST_ACK))`.  In an ordinary build that is `if (false)`: no code and
 * no name of it is left.  Built with the option test_defects, the process has the one defect that
 * the environment variable AVAL_TEST_DEFECT names, and none if it names none. */
#ifndef BASE_DEFECT_H
#define BASE_DEFECT_H

#include <stdbool.h>

#ifdef AVAL_TEST_DEFECTS

enum defect {
    DEFECT_NONE,
#define PLANTED(name, wire) DEFECT_##name,
#include "base/defects.def"
#undef PLANTED
};

/* Ends the process if the environment names a defect that is none. */
bool defect_is_planted(enum defect defect);

#define DEFECT(name) defect_is_planted(DEFECT_##name)

#else

#define DEFECT(name) false

#endif

#endif
