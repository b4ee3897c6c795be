/* vector_write.h - what proves a bundle: a company, and all that the models must say of it. */
#ifndef TRAIN_VECTOR_WRITE_H
#define TRAIN_VECTOR_WRITE_H

#include "score/model.h"

struct vector {
    char country[3]; /* "*" any */
    char section;    /* '*' any */
    struct known inputs[MODEL_INPUTS_MAX];
};

/* One element of `vectors`.  The numbers are those of the engine's own code. */
void vector_write(struct json_writer *w, const struct model *model, const struct vector *vector);

#endif
