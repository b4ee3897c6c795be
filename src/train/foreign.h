/* foreign.h - trees that XGBoost or LightGBM have saved, as a bundle.
 *
 * The trees alone do not say what they are about.  That says a frame, a JSON object with
 *   "columns":{"f0":"equity_ratio",...}   the file's inputs and ours: features of the catalogue, or
 *                                         other names, and then it can be measured and no more;
 *   "train_rate":0.048                    the share of bads it was trained on;
 *   "default_definition", "central_tendency", and "id" unless one is given otherwise;
 * and optionally "version", "horizon_months", "philosophy", "card", "mapping", "graph", "interval"
 * and "thin", all as docs/MODEL.md has them in a bundle.
 *
 * XGBoost's trees stay as they are.  LightGBM compares numbers of 53 bits and we of 24: a value
 * closer than that to a threshold may fall on its other side.  Inputs that are features are clipped
 * as a bundle has it. */
#ifndef TRAIN_FOREIGN_H
#define TRAIN_FOREIGN_H

#include "base/buf.h"
#include "base/status.h"

/* Append the bundle, if it would be taken; `id` (may be empty) goes before the frame's.  INVALID:
 * err->field points into the frame, or into the bundle that would come out. */
enum status foreign_bundle(struct buf *out, struct str trees, struct str frame, struct str id,
                           struct error *err) MUST_USE;

#endif
