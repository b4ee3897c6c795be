/* vector_write.c - in the order of docs/MODEL.md. */
#include "train/vector_write.h"

#include "score/stack.h"
#include "train/bundle_model.h"
#include "train/card_write.h"

/* Log-odds in billionths. */
static void nano_write(struct json_writer *w, double log_odds)
{
    CLEANUP(buf_finish) struct buf nano;
    buf_init(&nano, 64);
    decimal_write(&nano, log_odds_nano(log_odds), 9);
    json_raw(w, buf_str(&nano));
}

static void nano_member(struct json_writer *w, struct str name, double log_odds)
{
    json_name(w, name);
    nano_write(w, log_odds);
}

static void inputs_write(struct json_writer *w, const struct model *m, const struct vector *v)
{
    json_name(w, STR("inputs"));
    json_object_begin(w);
    for (uint32_t i = 0; i < m->input_count; i++) {
        json_name(w, m->inputs[i].name);
        if (v->inputs[i].is_known) {
            number_write(w, v->inputs[i].value, BUNDLE_DIGITS);
        } else {
            json_null(w);
        }
    }
    json_object_end(w);
}

static void block_write(struct json_writer *w, const struct model_block *b,
                        const struct block_answer *answer, const struct block_parts *parts)
{
    json_object_begin(w);
    if (b->characteristic_count > 0) {
        nano_member(w, STR("card"), answer->card);
    }
    if (b->trees != NULL) {
        nano_member(w, STR("forest"), answer->forest);
        json_name(w, STR("contributions"));
        json_array_begin(w);
        for (uint32_t i = 0; i < b->trees->input_count; i++) {
            nano_write(w, parts->forest[b->trees->inputs[i]]);
        }
        json_array_end(w);
    }
    nano_member(w, STR("log_odds"), answer->log_odds);
    json_object_end(w);
}

static void blocks_write(struct json_writer *w, struct block_answer *answers, const struct model *m,
                         const struct vector *v)
{
    struct block_parts parts;
    json_name(w, STR("blocks"));
    json_object_begin(w);
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        if (stack_uses(m, (enum block)i, v->inputs)) {
            block_ask(&answers[i], &parts, m, (enum block)i, v->inputs, v->country);
            json_name(w, str_from(block_wire((enum block)i)));
            block_write(w, &m->blocks[i], &answers[i], &parts);
        }
    }
    json_object_end(w);
}

void vector_write(struct json_writer *w, const struct model *m, const struct vector *v)
{
    struct block_answer answers[MODEL_BLOCKS] = {0};
    json_object_begin(w);
    json_text_member(w, STR("country"), str_from(v->country));
    json_text_member(w, STR("section"), str_of(&v->section, 1));
    inputs_write(w, m, v);
    blocks_write(w, answers, m, v);
    double log_odds = stack_log_odds(m, answers);
    uint32_t pd_ppm = model_pd_ppm(m, log_odds, v->country, v->section);
    nano_member(w, STR("log_odds"), log_odds);
    json_name(w, STR("pd_ppm"));
    json_int(w, pd_ppm);
    json_name(w, STR("score"));
    json_int(w, score_of_pd(pd_ppm));
    json_object_end(w);
}
