/* model_read_stack.c - how blocks are put together and how sure that is: stack, calibration, graph,
 * interval. */
#include "base/elementary.h"
#include "score/model_member.h"

static const struct bounds LOG_ODDS = {-MODEL_LOG_ODDS_MAX, MODEL_LOG_ODDS_MAX};
static const struct bounds WEIGHT = {0.0, 2.0};
static const struct bounds COVARIANCE = {-100.0, 100.0};
static const struct bounds VARIANCE = {0.0, 100.0};

enum { COVARIANCE_MAX = MODEL_BLOCKS + 1 };

/* ---- covariances ---- */

struct square {
    uint32_t size;
    double at[COVARIANCE_MAX][COVARIANCE_MAX];
};

static enum status read_rows(struct square *out, struct model_reader *r, const struct json *array)
{
    uint32_t i = 0;
    for (const struct json *row = array->first; row != NULL; row = row->next, i++) {
        uint32_t k = 0;
        TRY(node_is(r, row, JSON_ARRAY));
        TRY(node_has_count(r, row, out->size, out->size));
        for (const struct json *node = row->first; node != NULL; node = node->next, k++) {
            TRY(node_number(&out->at[i][k], r, node, COVARIANCE));
            if (k < i && out->at[i][k] != out->at[k][i]) {
                return model_refuse(r, node, "must equal its mirror: covariance is symmetric");
            }
        }
    }
    return STATUS_OK;
}

/* By elimination: a variance that is left over must not be negative, and where none is left, no
 * covariance may be. */
static bool is_semi_definite(struct square s)
{
    double largest = 0.0;
    for (uint32_t i = 0; i < s.size; i++) {
        largest = s.at[i][i] > largest ? s.at[i][i] : largest;
    }
    double nothing = 1e-9 * largest;
    for (uint32_t p = 0; p < s.size; p++) {
        double pivot = s.at[p][p];
        if (pivot < -nothing) {
            return false;
        }
        for (uint32_t i = p + 1; i < s.size; i++) {
            double below = s.at[i][p];
            if (pivot <= nothing) {
                if (below > nothing || below < -nothing) {
                    return false;
                }
                continue;
            }
            for (uint32_t k = p + 1; k < s.size; k++) {
                s.at[i][k] -= below / pivot * s.at[p][k];
            }
        }
    }
    return true;
}

static enum status read_covariance(struct square *out, struct model_reader *r,
                                   const struct json *object)
{
    const struct json *array = NULL;
    TRY(member_get(&array, r, object, "covariance", JSON_ARRAY));
    TRY(node_has_count(r, array, out->size, out->size));
    TRY(read_rows(out, r, array));
    if (!is_semi_definite(*out)) {
        return model_refuse(r, array,
                            "is no covariance: a sum of weights would have a negative "
                            "variance");
    }
    return STATUS_OK;
}

/* ---- stack ---- */

static enum status read_weight(struct model_reader *r, const struct json *blocks, size_t block)
{
    static const char *const names[] = {"weight", "mean"};
    struct model_block *b = &r->model->blocks[block];
    const struct json *node = NULL;
    TRY(member_get(&node, r, blocks, block_wire((enum block)block), JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_number(&b->weight, r, node, "weight", WEIGHT));
    return member_number(&b->mean, r, node, "mean", LOG_ODDS);
}

static enum status read_weights(struct model_reader *r, const struct json *stack)
{
    const struct json *blocks = NULL;
    const char *names[MODEL_BLOCKS];
    size_t count = 0;
    double sum = 0.0;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        if (r->model->blocks[i].is_there) {
            names[count++] = block_wire((enum block)i);
        }
    }
    TRY(member_get(&blocks, r, stack, "blocks", JSON_OBJECT));
    TRY(object_has_only(r, blocks, (struct member_names){names, count}));
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        if (r->model->blocks[i].is_there) {
            TRY(read_weight(r, blocks, i));
            sum += r->model->blocks[i].weight;
        }
    }
    if (sum == 0.0) {
        return model_refuse(r, blocks, "must give one block at least a weight above 0");
    }
    return STATUS_OK;
}

static enum status read_stack(struct model_reader *r, const struct json *root)
{
    static const char *const names[] = {"intercept", "blocks", "covariance"};
    struct model *m = r->model;
    struct square covariance = {.size = 1};
    uint32_t places[COVARIANCE_MAX] = {0};
    const struct json *stack = NULL;
    TRY(member_get(&stack, r, root, "stack", JSON_OBJECT));
    TRY(object_has_only(r, stack, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_number(&m->stack_intercept, r, stack, "intercept", LOG_ODDS));
    TRY(read_weights(r, stack));
    for (uint32_t i = 0; i < MODEL_BLOCKS; i++) {
        if (m->blocks[i].is_there) {
            places[covariance.size++] = 1 + i;
        }
    }
    TRY(read_covariance(&covariance, r, stack));
    for (uint32_t i = 0; i < covariance.size; i++) {
        for (uint32_t k = 0; k < covariance.size; k++) {
            m->stack_covariance[places[i]][places[k]] = covariance.at[i][k];
        }
    }
    return STATUS_OK;
}

/* ---- the rest ---- */

static enum status read_calibration(struct model_reader *r, const struct json *root)
{
    static const char *const names[] = {"slope", "intercept", "train_rate", "covariance"};
    struct model *m = r->model;
    struct square covariance = {.size = 2};
    const struct json *node = NULL;
    TRY(member_get(&node, r, root, "calibration", JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_number(&m->slope, r, node, "slope", (struct bounds){0.01, 10.0}));
    TRY(member_number(&m->calibration_intercept, r, node, "intercept", LOG_ODDS));
    TRY(member_rate(&m->train_rate, r, node, "train_rate"));
    TRY(read_covariance(&covariance, r, node));
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < 2; k++) {
            m->calibration_covariance[i][k] = covariance.at[i][k];
        }
    }
    return STATUS_OK;
}

static enum status read_graph(struct model_reader *r, const struct json *root)
{
    static const char *const names[] = {"uplift_ratio", "uplift_points"};
    struct contagion_cap *cap = &r->model->uplift_cap;
    const struct json *node = NULL;
    TRY(member_get(&node, r, root, "graph", JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_number(&cap->ratio, r, node, "uplift_ratio", (struct bounds){1.0, 10.0}));
    return member_number(&cap->points, r, node, "uplift_points", (struct bounds){0.0, 1.0});
}

static enum status read_block_variances(struct model_reader *r, const struct json *interval)
{
    const char *names[BLOCK_COUNT];
    size_t count = 0;
    const struct json *node = NULL;
    for (size_t i = BLOCK_FIRMOGRAPHIC; i < BLOCK_COUNT; i++) {
        names[count++] = block_wire((enum block)i);
    }
    TRY(member_get(&node, r, interval, "missing_block_variance", JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, count}));
    for (size_t i = BLOCK_FIRMOGRAPHIC; i < BLOCK_COUNT; i++) {
        TRY(member_number(&r->model->missing_block_variance[i], r, node, block_wire((enum block)i),
                          VARIANCE));
    }
    return STATUS_OK;
}

/* Does the half-width fit the level it claims? */
static enum status check_z(struct model_reader *r, const struct json *interval)
{
    double held = 2.0 * elementary_normal_cdf(r->model->interval_z) - 1.0;
    double gap = held - r->model->interval_level;
    if (gap > 0.005 || gap < -0.005) {
        return model_refuse(r, json_find(interval, STR("z")),
                            "holds %.3f of a normal distribution, not the level", held);
    }
    return STATUS_OK;
}

static enum status read_interval(struct model_reader *r, const struct json *root)
{
    static const char *const names[] = {
        "level",         "z", "model_variance", "age_variance_per_month", "missing_block_variance",
        "thin_variance",
    };
    struct model *m = r->model;
    const struct json *node = NULL;
    TRY(member_get(&node, r, root, "interval", JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_number(&m->interval_level, r, node, "level", (struct bounds){0.5, 0.999}));
    TRY(member_number(&m->interval_z, r, node, "z", (struct bounds){0.1, 5.0}));
    TRY(check_z(r, node));
    TRY(member_number(&m->model_variance, r, node, "model_variance", VARIANCE));
    TRY(member_number(&m->age_variance_per_month, r, node, "age_variance_per_month",
                      (struct bounds){0.0, 10.0}));
    TRY(member_number(&m->thin_variance, r, node, "thin_variance",
                      (struct bounds){m->model_variance, VARIANCE.high}));
    return read_block_variances(r, node);
}

enum status model_read_stack(struct model_reader *r, const struct json *root)
{
    TRY(read_stack(r, root));
    TRY(read_calibration(r, root));
    TRY(read_graph(r, root));
    return read_interval(r, root);
}
