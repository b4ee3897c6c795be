/* model_read_vectors.c - a bundle proves itself: every vector is scored, and all must come out. */
#include "score/model_member.h"
#include "score/stack.h"

static enum status read_vector_inputs(struct known *values, struct model_reader *r,
                                      const struct json *vector)
{
    const struct json *object = NULL;
    TRY(member_get(&object, r, vector, "inputs", JSON_OBJECT));
    for (const struct json *node = object->first; node != NULL; node = node->next) {
        uint32_t input = model_input_find(r->model, node->name);
        if (input == r->model->input_count) {
            return model_refuse(r, node, "is not one of the inputs");
        }
        if (node->type != JSON_NULL) {
            TRY(node_number(&values[input].value, r, node, (struct bounds){-1e15, 1e15}));
            values[input].is_known = true;
        }
    }
    return STATUS_OK;
}

/* A number of at most 9 decimals, in billionths. */
static enum status read_nano(int64_t *out, struct model_reader *r, const struct json *node)
{
    struct decimal decimal;
    TRY(node_is(r, node, JSON_NUMBER));
    if (!decimal_read(&decimal, node->text) || !decimal_to_scaled(out, decimal, 9)) {
        return model_refuse(r, node, "must have at most 9 decimals");
    }
    return STATUS_OK;
}

static enum status does_not_come_out(struct model_reader *r, const struct json *node, int64_t said,
                                     int64_t scored, const char *unit)
{
    return model_refuse(r, node, "does not come out: scored %lld, the bundle says %lld%s",
                        (long long)scored, (long long)said, unit);
}

/* Log-odds that a vector states under `name`. */
static enum status check_log_odds(struct model_reader *r, const struct json *vector,
                                  const char *name, double scored)
{
    const struct json *node = NULL;
    int64_t said = 0;
    TRY(member_get(&node, r, vector, name, JSON_NUMBER));
    TRY(read_nano(&said, r, node));
    if (said != log_odds_nano(scored)) {
        return does_not_come_out(r, node, said, log_odds_nano(scored), " (billionths)");
    }
    return STATUS_OK;
}

static enum status check_integer(struct model_reader *r, const struct json *vector,
                                 const char *name, int64_t high, int64_t scored)
{
    int64_t said = 0;
    TRY(member_integer(&said, r, vector, name, 0, high));
    if (said != scored) {
        return does_not_come_out(r, json_find(vector, str_from(name)), said, scored, "");
    }
    return STATUS_OK;
}

/* What each input of the forest adds, to a billionth. */
static enum status check_contributions(struct model_reader *r, const struct json *node,
                                       const struct model_trees *trees,
                                       const struct block_parts *parts)
{
    const struct json *array = NULL;
    TRY(member_get(&array, r, node, "contributions", JSON_ARRAY));
    TRY(node_has_count(r, array, trees->input_count, trees->input_count));
    uint32_t i = 0;
    for (const struct json *n = array->first; n != NULL; n = n->next, i++) {
        int64_t said = 0;
        int64_t scored = log_odds_nano(parts->forest[trees->inputs[i]]);
        TRY(read_nano(&said, r, n));
        if (said - scored < -1 || said - scored > 1) {
            return does_not_come_out(r, n, said, scored, " (billionths)");
        }
    }
    return STATUS_OK;
}

static enum status check_block(struct model_reader *r, const struct json *node,
                               const struct model_block *b, const struct block_answer *answer,
                               const struct block_parts *parts)
{
    const char *names[4] = {"log_odds"};
    size_t count = 1;
    TRY(check_log_odds(r, node, "log_odds", answer->log_odds));
    if (b->characteristic_count > 0) {
        names[count++] = "card";
        TRY(check_log_odds(r, node, "card", answer->card));
    }
    if (b->trees != NULL) {
        names[count++] = "forest";
        names[count++] = "contributions";
        TRY(check_log_odds(r, node, "forest", answer->forest));
        TRY(check_contributions(r, node, b->trees, parts));
    }
    return object_has_only(r, node, (struct member_names){names, count});
}

static enum status check_blocks(struct block_answer *answers, struct model_reader *r,
                                const struct json *vector, const struct known *values,
                                const char *country)
{
    const struct model *m = r->model;
    const char *names[MODEL_BLOCKS];
    size_t count = 0;
    struct block_parts parts;
    const struct json *blocks = NULL;
    TRY(member_get(&blocks, r, vector, "blocks", JSON_OBJECT));
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        const struct json *node = NULL;
        if (!stack_uses(m, (enum block)i, values)) {
            continue;
        }
        names[count++] = block_wire((enum block)i);
        block_ask(&answers[i], &parts, m, (enum block)i, values, country);
        TRY(member_get(&node, r, blocks, block_wire((enum block)i), JSON_OBJECT));
        TRY(check_block(r, node, &m->blocks[i], &answers[i], &parts));
    }
    return object_has_only(r, blocks, (struct member_names){names, count});
}

static enum status check_vector(struct model_reader *r, const struct json *node)
{
    static const char *const names[] = {"country",  "section", "inputs", "blocks",
                                        "log_odds", "pd_ppm",  "score"};
    struct known values[MODEL_INPUTS_MAX] = {0};
    struct block_answer answers[MODEL_BLOCKS] = {0};
    char country[3];
    char section = '*';
    TRY(node_is(r, node, JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_place(country, &section, r, node));
    TRY(read_vector_inputs(values, r, node));
    TRY(check_blocks(answers, r, node, values, country));

    double log_odds = stack_log_odds(r->model, answers);
    uint32_t pd_ppm = model_pd_ppm(r->model, log_odds, country, section);
    TRY(check_log_odds(r, node, "log_odds", log_odds));
    TRY(check_integer(r, node, "pd_ppm", PD_PPM_ONE, pd_ppm));
    return check_integer(r, node, "score", 1000, score_of_pd(pd_ppm));
}

static bool has_forest(const struct model *model)
{
    bool has = false;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        has = has || model->blocks[i].trees != NULL;
    }
    return has;
}

enum status model_check_vectors(struct model_reader *r, const struct json *root)
{
    const struct json *array = NULL;
    uint32_t most = has_forest(r->model) ? MODEL_FOREST_VECTORS_MAX : MODEL_VECTORS_MAX;
    TRY(member_get(&array, r, root, "vectors", JSON_ARRAY));
    TRY(node_has_count(r, array, MODEL_VECTORS_MIN, most));
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        TRY(check_vector(r, node));
    }
    return STATUS_OK;
}
