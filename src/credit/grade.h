/* grade.h - the master scale: PD to grade, a fixed public map. */
#ifndef CREDIT_GRADE_H
#define CREDIT_GRADE_H

#include "base/str.h"

#include <stdint.h>

enum grade {
#define GRADE(name, wire, pd_ppm_max) GRADE_##name,
#include "credit/grades.def"
#undef GRADE
    GRADE_COUNT
};

enum { PD_PPM_ONE = 1000000, PD_PPM_FLOOR = 300 };

enum grade grade_of_pd(uint32_t pd_ppm); /* never P below 1,000,000 ppm */
uint32_t grade_pd_ppm_max(enum grade grade);
const char *grade_wire(enum grade grade);
bool grade_read(enum grade *out, struct str wire) MUST_USE;

#endif
