/* bundle_write.h - a finished model as the text that score/model.h reads. */
#ifndef TRAIN_BUNDLE_WRITE_H
#define TRAIN_BUNDLE_WRITE_H

#include "train/bundle_model.h"
#include "train/card_write.h"

struct bundle {
    struct str id, version, definition,
        date; /* date: of the rate that stands in when none is given */
    const struct model *model;
    const uint32_t *columns;         /* of each input of the model: its place in the sample */
    const struct scorecard_fit *fit; /* of the model's card; NULL: it has none */
    const struct card *card;
    const struct mapping *mappings; /* cut to the model's inputs, a set each */
    const struct json *rates;       /* the file of rates; NULL: the training rate for all */
};

/* Append the bundle, with its golden vectors.  Errors: TOO_LARGE. */
enum status bundle_write(struct buf *out, const struct bundle *bundle, struct error *err) MUST_USE;

#endif
