/* assemble.h - a bundle of several models from a recipe.
 *
 * A recipe is a bundle without `inputs`, `mapping`, `reference` and `vectors`, in which
 *   - `scorecard` and `forest` of a block may be the name of a bundle's file, a string: that model
 * is taken from the financial block of it, where `aval train` puts what it has trained;
 *   - `card`, `central_tendency` and `thin` may be the name of a JSON file: its member of that name
 * is taken, or for `card` the whole file. Names of files are as seen from the recipe.  Inputs
 * follow from the models, mappings and ranks from the bundles they are taken from, and vectors are
 * those of these bundles put side by side, with every bin of what stands in the recipe itself. */
#ifndef TRAIN_ASSEMBLE_H
#define TRAIN_ASSEMBLE_H

#include "base/buf.h"
#include "base/status.h"

/* Append the bundle, if it would be taken.  Errors: INVALID, NOT_FOUND, IO, TOO_LARGE. */
enum status assemble(struct buf *out, const char *recipe, struct error *err) MUST_USE;

#endif
