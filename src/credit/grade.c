/* grade.c - the master scale as a table. */
#include "credit/grade.h"

static const struct {
    const char *wire;
    uint32_t pd_ppm_max;
} grades[GRADE_COUNT] = {
#define GRADE(name, wire, pd_ppm_max) [GRADE_##name] = {wire, pd_ppm_max},
#include "credit/grades.def"
#undef GRADE
};

_Static_assert(GRADE_P == GRADE_COUNT - 1, "open proceedings are the last grade");

enum grade grade_of_pd(uint32_t pd_ppm)
{
    CHECK(pd_ppm <= PD_PPM_ONE);
    size_t i = 0;
    while (pd_ppm > grades[i].pd_ppm_max) {
        i++;
    }
    return (enum grade)i;
}

uint32_t grade_pd_ppm_max(enum grade grade)
{
    CHECK((unsigned)grade < GRADE_COUNT);
    return grades[grade].pd_ppm_max;
}

const char *grade_wire(enum grade grade)
{
    CHECK((unsigned)grade < GRADE_COUNT);
    return grades[grade].wire;
}

bool grade_read(enum grade *out, struct str wire)
{
    for (size_t i = 0; i < GRADE_COUNT; i++) {
        if (str_eq(wire, str_from(grades[i].wire))) {
            *out = (enum grade)i;
            return true;
        }
    }
    return false;
}
