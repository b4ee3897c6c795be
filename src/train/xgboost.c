/* xgboost.c - the dozen functions of its C interface that training needs, by name. */
#include "train/xgboost.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>

#define PACKAGE "install the package libxgboost0 (Debian 12 has version 1.7.4)"

enum { MATRICES_MAX = 4 };

struct xgboost {
    void *library;
    void (*version)(int *major, int *minor, int *patch);
    const char *(*last_error)(void);
    int (*matrix_create)(const float *values, uint64_t rows, uint64_t columns, float missing,
                         void **out, int threads);
    int (*matrix_free)(void *matrix);
    int (*matrix_set_floats)(void *matrix, const char *field, const float *values, uint64_t count);
    int (*booster_create)(void *const *matrices, uint64_t count, void **out);
    int (*booster_free)(void *booster);
    int (*booster_set)(void *booster, const char *name, const char *value);
    int (*booster_describe)(void *booster, const char *field, const char **texts, uint64_t count);
    int (*booster_grow)(void *booster, int round, void *matrix);
    int (*booster_predict)(void *booster, void *matrix, const char *config, const uint64_t **shape,
                           uint64_t *dimensions, const float **out);
    int (*booster_save)(void *booster, const char *config, uint64_t *len, const char **out);
};

/* ISO C has no conversion from dlsym's pointer to a function's; POSIX asks for this one. */
static bool function_find(void *function, void *library, const char *name)
{
    void **place = function;
    *place = dlsym(library, name);
    return *place != NULL;
}

static const char *functions_find(struct xgboost *x)
{
    const struct {
        void *function;
        const char *name;
    } functions[] = {
        {&x->version,           "XGBoostVersion"             },
        {&x->last_error,        "XGBGetLastError"            },
        {&x->matrix_create,     "XGDMatrixCreateFromMat_omp" },
        {&x->matrix_free,       "XGDMatrixFree"              },
        {&x->matrix_set_floats, "XGDMatrixSetFloatInfo"      },
        {&x->booster_create,    "XGBoosterCreate"            },
        {&x->booster_free,      "XGBoosterFree"              },
        {&x->booster_set,       "XGBoosterSetParam"          },
        {&x->booster_describe,  "XGBoosterSetStrFeatureInfo" },
        {&x->booster_grow,      "XGBoosterUpdateOneIter"     },
        {&x->booster_predict,   "XGBoosterPredictFromDMatrix"},
        {&x->booster_save,      "XGBoosterSaveModelToBuffer" },
    };
    for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
        if (!function_find(functions[i].function, x->library, functions[i].name)) {
            return functions[i].name;
        }
    }
    return NULL;
}

enum status xgboost_open(const struct xgboost **out, struct error *err)
{
    static struct xgboost opened;
    if (opened.library == NULL) {
        struct xgboost x = {.library = dlopen("libxgboost.so.0", RTLD_NOW | RTLD_LOCAL)};
        x.library = x.library == NULL ? dlopen("libxgboost.so", RTLD_NOW | RTLD_LOCAL) : x.library;
        if (x.library == NULL) {
            return error_set(err, STATUS_NOT_FOUND, "",
                             "trees are grown by XGBoost, which is not here: " PACKAGE);
        }
        const char *lacks = functions_find(&x);
        if (lacks != NULL) {
            return error_set(err, STATUS_NOT_FOUND, "", "this XGBoost has no %s: " PACKAGE, lacks);
        }
        opened = x;
    }
    *out = &opened;
    return STATUS_OK;
}

void xgboost_version(char out[32], const struct xgboost *xgboost)
{
    int major = 0;
    int minor = 0;
    int patch = 0;
    xgboost->version(&major, &minor, &patch);
    (void)snprintf(out, 32, "%d.%d.%d", major, minor, patch);
}

static enum status told(const struct xgboost *xgboost, int code, struct error *err)
{
    if (code == 0) {
        return STATUS_OK;
    }
    /* Its first line; a trace of its own functions follows. */
    struct str words = str_from(xgboost->last_error());
    words = str_slice(words, 0, str_find(words, 0, '\n'));
    return error_set(err, STATUS_INVALID, "", "XGBoost: %.*s",
                     (int)(words.len < 200 ? words.len : 200), words.ptr);
}

/* ---- matrices ---- */

static enum status matrix_describe(const struct xgboost_matrix *m, const struct xgboost_rows *rows,
                                   struct error *err)
{
    const struct xgboost *x = m->xgboost;
    TRY(told(x, x->matrix_set_floats(m->handle, "label", rows->labels, rows->row_count), err));
    return told(x, x->matrix_set_floats(m->handle, "weight", rows->weights, rows->row_count), err);
}

enum status xgboost_matrix_make(struct xgboost_matrix *out, const struct xgboost *xgboost,
                                const struct xgboost_rows *rows, struct error *err)
{
    struct xgboost_matrix m = {.xgboost = xgboost, .row_count = rows->row_count};
    TRY(told(
        xgboost,
        xgboost->matrix_create(rows->values, rows->row_count, rows->input_count, NAN, &m.handle, 1),
        err));
    enum status status = matrix_describe(&m, rows, err);
    if (status != STATUS_OK) {
        xgboost_matrix_free(&m);
        return status;
    }
    *out = m;
    return STATUS_OK;
}

void xgboost_matrix_free(struct xgboost_matrix *matrix)
{
    if (matrix->handle != NULL) {
        (void)matrix->xgboost->matrix_free(matrix->handle);
        matrix->handle = NULL;
    }
}

/* ---- boosters ---- */

enum status xgboost_booster_make(struct xgboost_booster *out, const struct xgboost *xgboost,
                                 const struct xgboost_matrix *matrices, uint32_t matrix_count,
                                 const struct xgboost_parameter *parameters,
                                 uint32_t parameter_count, struct error *err)
{
    CHECK(matrix_count <= MATRICES_MAX);
    void *handles[MATRICES_MAX];
    struct xgboost_booster b = {.xgboost = xgboost};
    for (uint32_t i = 0; i < matrix_count; i++) {
        handles[i] = matrices[i].handle;
    }
    TRY(told(xgboost, xgboost->booster_create(handles, matrix_count, &b.handle), err));
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < parameter_count && status == STATUS_OK; i++) {
        status = told(xgboost,
                      xgboost->booster_set(b.handle, parameters[i].name, parameters[i].value), err);
    }
    if (status != STATUS_OK) {
        xgboost_booster_free(&b);
        return status;
    }
    *out = b;
    return STATUS_OK;
}

void xgboost_booster_free(struct xgboost_booster *booster)
{
    if (booster->handle != NULL) {
        (void)booster->xgboost->booster_free(booster->handle);
        booster->handle = NULL;
    }
}

enum status xgboost_grow(struct xgboost_booster *booster, const struct xgboost_matrix *matrix,
                         uint32_t round, struct error *err)
{
    const struct xgboost *x = booster->xgboost;
    return told(x, x->booster_grow(booster->handle, (int)round, matrix->handle), err);
}

enum status xgboost_margins(double *margins, const struct xgboost_booster *booster,
                            const struct xgboost_matrix *matrix, struct error *err)
{
    static const char config[] = "{\"type\":1,\"training\":false,\"iteration_begin\":0,"
                                 "\"iteration_end\":0,\"strict_shape\":false}";
    const struct xgboost *x = booster->xgboost;
    const uint64_t *shape = NULL;
    uint64_t dimensions = 0;
    const float *values = NULL;
    TRY(told(
        x,
        x->booster_predict(booster->handle, matrix->handle, config, &shape, &dimensions, &values),
        err));
    CHECK(dimensions == 1 && shape[0] == matrix->row_count);
    for (uint32_t i = 0; i < matrix->row_count; i++) {
        margins[i] = (double)values[i];
    }
    return STATUS_OK;
}

enum status xgboost_contributions(double *out, const struct xgboost_booster *booster,
                                  const struct xgboost_matrix *matrix, uint32_t input_count,
                                  struct error *err)
{
    static const char config[] = "{\"type\":2,\"training\":false,\"iteration_begin\":0,"
                                 "\"iteration_end\":0,\"strict_shape\":false}";
    const struct xgboost *x = booster->xgboost;
    const uint64_t *shape = NULL;
    uint64_t dimensions = 0;
    const float *values = NULL;
    TRY(told(
        x,
        x->booster_predict(booster->handle, matrix->handle, config, &shape, &dimensions, &values),
        err));
    CHECK(dimensions == 2);
    CHECK(shape[0] == matrix->row_count);
    CHECK(shape[1] == (uint64_t)input_count + 1);
    for (size_t i = 0; i < (size_t)matrix->row_count * (input_count + 1); i++) {
        out[i] = (double)values[i];
    }
    return STATUS_OK;
}

enum status xgboost_save(struct buf *out, const struct xgboost_booster *booster, const char **names,
                         uint32_t name_count, struct error *err)
{
    const struct xgboost *x = booster->xgboost;
    TRY(told(x, x->booster_describe(booster->handle, "feature_name", names, name_count), err));
    uint64_t len = 0;
    const char *text = NULL;
    TRY(told(x, x->booster_save(booster->handle, "{\"format\":\"json\"}", &len, &text), err));
    buf_append(out, str_of(text, (size_t)len));
    if (buf_failed(out)) {
        return error_set(err, STATUS_TOO_LARGE, "", "the trees do not fit into memory");
    }
    return STATUS_OK;
}
