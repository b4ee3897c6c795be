/* model_member.h - members of a bundle, each read with its bounds, refused with its pointer.
 *
 * One function a kind of value.  All return INVALID with the JSON Pointer of what is wrong. */
#ifndef SCORE_MODEL_MEMBER_H
#define SCORE_MODEL_MEMBER_H

#include "score/model.h"

struct model_reader {
    struct model *model;
    struct error *err;
};

struct member_names {
    const char *const *names;
    size_t count;
};

struct bounds {
    double low, high; /* both inclusive */
};

/* Refuse the bundle because of `node`. */
enum status model_refuse(struct model_reader *r, const struct json *node, const char *format, ...)
    PRINTF(3, 4) MUST_USE;
/* The arena is full. */
enum status model_too_large(struct model_reader *r) MUST_USE;

/* Every member of the object is one of these. */
enum status object_has_only(struct model_reader *r, const struct json *object,
                            struct member_names allowed) MUST_USE;
/* A required member of this type; and one that may be absent: then *out is NULL. */
enum status member_get(const struct json **out, struct model_reader *r, const struct json *object,
                       const char *name, enum json_type type) MUST_USE;
enum status member_find(const struct json **out, struct model_reader *r, const struct json *object,
                        const char *name, enum json_type type) MUST_USE;

enum status node_is(struct model_reader *r, const struct json *node, enum json_type type) MUST_USE;
enum status node_has_count(struct model_reader *r, const struct json *array, uint32_t low,
                           uint32_t high) MUST_USE;
/* A finite number of at most 15 significant digits, within bounds. */
enum status node_number(double *out, struct model_reader *r, const struct json *node,
                        struct bounds bounds) MUST_USE;
enum status member_number(double *out, struct model_reader *r, const struct json *object,
                          const char *name, struct bounds bounds) MUST_USE;
/* A probability, neither 0 nor 1. */
enum status member_rate(double *out, struct model_reader *r, const struct json *object,
                        const char *name) MUST_USE;
enum status node_integer(int64_t *out, struct model_reader *r, const struct json *node, int64_t low,
                         int64_t high) MUST_USE;
enum status member_integer(int64_t *out, struct model_reader *r, const struct json *object,
                           const char *name, int64_t low, int64_t high) MUST_USE;
/* 1 to len_max of a-z, 0-9, '_' and the `more` characters. */
enum status node_word(struct str *out, struct model_reader *r, const struct json *node,
                      size_t len_max, const char *more) MUST_USE;
enum status member_word(struct str *out, struct model_reader *r, const struct json *object,
                        const char *name, size_t len_max, const char *more) MUST_USE;
/* "*" or a country of ISO 3166-1. */
enum status node_country(struct str *out, struct model_reader *r, const struct json *node) MUST_USE;
/* The members `country` and `section` of a row, "*" and '*' for any. */
enum status member_place(char country[3], char *section, struct model_reader *r,
                         const struct json *row) MUST_USE;
/* Index of the input called `name`, or input_count. */
uint32_t model_input_find(const struct model *model, struct str name);

/* The parts of a bundle: what bins, */
enum status model_read_references(struct model_reader *r, const struct json *root) MUST_USE;
/* the models of the object of one block, each if it is there, */
enum status model_read_scorecard(struct model_reader *r, const struct json *object,
                                 struct model_block *block) MUST_USE;
enum status model_read_forest(struct model_reader *r, const struct json *object,
                              struct model_block *block) MUST_USE;
/* all blocks, */
enum status model_read_blocks(struct model_reader *r, const struct json *root) MUST_USE;
/* how they are put together: stack, calibration, graph and interval.  Requires: the blocks are
 * there. */
enum status model_read_stack(struct model_reader *r, const struct json *root) MUST_USE;
/* and what proves it all.  Requires: the rest is there, and prepared. */
enum status model_check_vectors(struct model_reader *r, const struct json *root) MUST_USE;

#endif
