/* model_read_blocks.c - what each block of data is judged by, and that no two read the same. */
#include "score/block.h"
#include "score/model_member.h"

static const struct bounds LOG_ODDS = {-MODEL_LOG_ODDS_MAX, MODEL_LOG_ODDS_MAX};

static enum status read_kind(struct model_reader *r, const struct json *node,
                             struct model_block *block)
{
    const struct json *kind = NULL;
    TRY(member_get(&kind, r, node, "kind", JSON_STRING));
    block->is_expert = str_eq(kind->text, STR("expert"));
    if (!block->is_expert && !str_eq(kind->text, STR("trained"))) {
        return model_refuse(r, kind, "must be trained or expert");
    }
    return STATUS_OK;
}

/* Judgement must not run away: what it says is bounded. */
static enum status read_clip(struct model_reader *r, const struct json *node,
                             struct model_block *block)
{
    bool is_clipped = json_find(node, STR("low")) != NULL || json_find(node, STR("high")) != NULL;
    block->low = LOG_ODDS.low;
    block->high = LOG_ODDS.high;
    if (!is_clipped && !block->is_expert) {
        return STATUS_OK;
    }
    TRY(member_number(&block->low, r, node, "low", LOG_ODDS));
    TRY(member_number(&block->high, r, node, "high", LOG_ODDS));
    if (block->low >= block->high) {
        return model_refuse(r, json_find(node, STR("high")), "must be above \"low\"");
    }
    return STATUS_OK;
}

static enum status read_forest_weight(struct model_reader *r, const struct json *node,
                                      struct model_block *block)
{
    const struct json *weight = json_find(node, STR("forest_weight"));
    bool has_both = block->characteristic_count > 0 && block->trees != NULL;
    block->forest_weight = block->trees != NULL ? 1.0 : 0.0;
    if (!has_both) {
        return weight == NULL
                   ? STATUS_OK
                   : model_refuse(r, weight, "needs a scorecard and a forest in its block");
    }
    return member_rate(&block->forest_weight, r, node, "forest_weight");
}

/* Note whose it is. */
static enum status claim_input(struct model_reader *r, uint32_t i, enum block block,
                               const struct json *node)
{
    struct model_input *input = &r->model->inputs[i];
    if (input->block != BLOCK_COUNT && input->block != block) {
        return model_refuse(r, node, "reads %.*s, which the block \"%s\" reads already",
                            STR_ARGS(input->name), block_wire(input->block));
    }
    input->block = block;
    bool belongs = input->feature != FEATURE_NONE && feature_block(input->feature) == block;
    r->model->can_score = r->model->can_score && belongs;
    return STATUS_OK;
}

static enum status claim_inputs(struct model_reader *r, const struct json *node, enum block block)
{
    const struct model_block *b = &r->model->blocks[block];
    for (uint32_t i = 0; i < b->characteristic_count; i++) {
        TRY(claim_input(r, b->characteristics[i].input, block, node));
    }
    for (uint32_t i = 0; b->trees != NULL && i < b->trees->input_count; i++) {
        TRY(claim_input(r, b->trees->inputs[i], block, node));
    }
    return STATUS_OK;
}

static enum status read_block(struct model_reader *r, const struct json *node, enum block block)
{
    static const char *const names[] = {"kind",          "scorecard", "forest",
                                        "forest_weight", "low",       "high"};
    struct model_block *b = &r->model->blocks[block];
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(read_kind(r, node, b));
    TRY(model_read_scorecard(r, node, b));
    TRY(model_read_forest(r, node, b));
    if (b->characteristic_count == 0 && b->trees == NULL) {
        return model_refuse(r, node, "must have a scorecard, a forest, or both");
    }
    TRY(read_forest_weight(r, node, b));
    TRY(read_clip(r, node, b));
    TRY(claim_inputs(r, node, block));
    b->is_there = true;
    block_range(b);
    return STATUS_OK;
}

static bool follow_directions(const struct model *m)
{
    bool follow = true;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        const struct model_trees *trees = m->blocks[i].trees;
        follow = follow && (trees == NULL || trees->follows_directions);
    }
    return follow;
}

enum status model_read_blocks(struct model_reader *r, const struct json *root)
{
    const char *names[MODEL_BLOCKS];
    const struct json *blocks = NULL;
    const struct json *financial = NULL;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        names[i] = block_wire((enum block)i);
    }
    TRY(member_get(&blocks, r, root, "blocks", JSON_OBJECT));
    TRY(object_has_only(r, blocks, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_get(&financial, r, blocks, block_wire(BLOCK_FINANCIAL), JSON_OBJECT));
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        const struct json *node = NULL;
        TRY(member_find(&node, r, blocks, names[i], JSON_OBJECT));
        if (node != NULL) {
            TRY(read_block(r, node, (enum block)i));
        }
    }
    r->model->can_decide = r->model->can_score && follow_directions(r->model);
    return STATUS_OK;
}
