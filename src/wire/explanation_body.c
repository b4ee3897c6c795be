/* explanation_body.c - sentences first, then what programs read. */
#include "wire/explanation_body.h"

#include "format/json.h"

enum { PPM_DECIMALS = 6, DECI_DECIMALS = 1 };

void explanation_blocks_read(enum block_state *out, struct str body)
{
    static const struct {
        const char *wire; /* in quotes: as it stands in the body */
        enum block_state state;
    } rows[] = {
        {"\"missing\"",    BLOCK_STATE_MISSING   },
        {"\"not_usable\"", BLOCK_STATE_NOT_USABLE},
        {"\"not_used\"",   BLOCK_STATE_NOT_USED  },
        {"\"used\"",       BLOCK_STATE_USED      },
    };
    struct str blocks = json_slice(json_slice(body, STR("data_quality")), STR("blocks"));
    for (unsigned i = 0; i < BLOCK_COUNT; i++) {
        struct str state = json_slice(blocks, str_from(block_wire((enum block)i)));
        size_t k = 0;
        while (k < ARRAY_LEN(rows) && !str_eq(state, str_from(rows[k].wire))) {
            k++;
        }
        CHECK(k < ARRAY_LEN(rows));
        out[i] = rows[k].state;
    }
}

static void write_sections(struct json_writer *w, const struct explanation *explanation)
{
    json_name(w, STR("sections"));
    json_array_begin(w);
    for (uint32_t i = 0; i < explanation->section_count; i++) {
        const struct explanation_section *section = &explanation->sections[i];
        json_object_begin(w);
        json_text_member(w, STR("name"), str_from(section->name));
        json_text_member(w, STR("title"), str_from(section->title));
        json_name(w, STR("sentences"));
        json_array_begin(w);
        for (const struct sentence *s = section->first; s != NULL; s = s->next) {
            json_object_begin(w);
            if (s->code != NULL) {
                json_text_member(w, STR("code"), str_from(s->code));
            }
            json_text_member(w, STR("text"), s->text);
            json_object_end(w);
        }
        json_array_end(w);
        json_object_end(w);
    }
    json_array_end(w);
}

/* ---- what programs read ---- */

static void decimal_member(struct json_writer *w, struct str name, int64_t mantissa,
                           unsigned decimals)
{
    json_name(w, name);
    json_decimal(w, mantissa, decimals);
}

static void write_next(struct json_writer *w, const struct next_bin *next)
{
    json_name(w, STR("next_better"));
    json_object_begin(w);
    decimal_member(w, next->is_above ? STR("from") : STR("below"), next->threshold_micro,
                   PPM_DECIMALS);
    decimal_member(w, STR("gain"), next->gain_deci, DECI_DECIMALS);
    json_object_end(w);
}

static void write_family_points(struct json_writer *w, const struct factor *f)
{
    json_name(w, STR("points_by_family"));
    json_object_begin(w);
    for (unsigned i = 0; i < FAMILY_COUNT; i++) {
        if (f->family_deci[i] != 0) {
            decimal_member(w, str_from(family_wire((enum family)i)), f->family_deci[i],
                           DECI_DECIMALS);
        }
    }
    json_object_end(w);
}

static void write_factors(struct json_writer *w, const struct explanation *explanation,
                          const struct score *score)
{
    json_name(w, STR("factors"));
    json_array_begin(w);
    for (uint32_t i = 0; i < explanation->factor_count; i++) {
        const struct explained_factor *e = &explanation->factors[i];
        const struct factor *f = &score->factors[e->place];
        const struct feature_info *info = feature_info(f->feature);
        json_object_begin(w);
        json_text_member(w, STR("factor"), str_from(info->wire));
        json_text_member(w, STR("code"), str_from(info->code));
        json_text_member(w, STR("theme"), str_from(theme_wire(info->theme)));
        json_name(w, STR("value"));
        if (f->is_known) {
            json_decimal(w, f->value_micro, PPM_DECIMALS);
        } else {
            json_null(w);
        }
        decimal_member(w, STR("points"), f->deci_points, DECI_DECIMALS);
        write_family_points(w, f);
        json_name(w, STR("against_meaning"));
        json_bool(w, e->is_against_meaning);
        if (e->next.is_there && explanation->audience == AUDIENCE_ANALYST) {
            write_next(w, &e->next);
        }
        json_object_end(w);
    }
    json_array_end(w);
}

/* Members of the body, as they stand there; those that it has. */
static void write_members(struct json_writer *w, struct str body, const char *const *names,
                          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str member = json_slice(body, str_from(names[i]));
        if (member.len > 0) {
            json_name(w, str_from(names[i]));
            json_raw(w, member);
        }
    }
}

/* The way from the score to the bound; parts that are none are left out. */
static void write_bound(struct json_writer *w, const struct bound_cost *bound)
{
    json_name(w, STR("bound"));
    json_object_begin(w);
    json_name(w, STR("blocks"));
    json_object_begin(w);
    for (unsigned i = 0; i < BLOCK_COUNT; i++) {
        if (bound->blocks[i] != 0) {
            decimal_member(w, str_from(block_wire((enum block)i)), bound->blocks[i], DECI_DECIMALS);
        }
    }
    json_object_end(w);
    decimal_member(w, STR("place"), bound->place, DECI_DECIMALS);
    decimal_member(w, STR("uncertainty"), bound->uncertainty, DECI_DECIMALS);
    decimal_member(w, STR("total"), bound->total, DECI_DECIMALS);
    json_object_end(w);
}

static void write_id(struct json_writer *w, struct str name, const struct company_id *id)
{
    json_name(w, name);
    json_object_begin(w);
    if (id->country[0] != '\0') {
        json_text_member(w, STR("country"), str_from(id->country));
    }
    json_text_member(w, STR("scheme"), str_from(id_scheme_wire(id->scheme)));
    json_text_member(w, STR("value"), str_from(id->value));
    json_object_end(w);
}

static void write_tie(struct json_writer *w, const struct explained_tie *tie,
                      const struct explanation_envelope *envelope)
{
    static const char *const relations[] = {
        [RELATION_PARENT] = "parent",
        [RELATION_SUBSIDIARY] = "subsidiary",
        [RELATION_TRADE] = "trade",
        [RELATION_DIRECTOR] = "director",
    };
    json_name(w, STR("strongest_tie"));
    json_object_begin(w);
    json_text_member(w, STR("relation"), str_from(relations[tie->relation]));
    write_id(w, STR("party"), tie->party);
    decimal_member(w, STR("pd"), tie->pd_ppm, PPM_DECIMALS);
    json_name(w, STR("path"));
    json_array_begin(w);
    for (uint32_t i = 0; i < tie->path_count; i++) {
        const struct facts *facts = &envelope->request->facts;
        const struct link *link = &facts->links[tie->path[i]];
        json_object_begin(w);
        json_text_member(w, STR("type"), str_from(link_type_wire(link->type)));
        write_id(w, STR("from"), facts->parties[link->from].id);
        write_id(w, STR("to"), facts->parties[link->to].id);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

static void write_codes(struct json_writer *w, struct str name, const struct decision *decision,
                        const struct stated_reason *list, uint32_t count)
{
    json_name(w, name);
    json_array_begin(w);
    for (uint32_t i = 0; i < count; i++) {
        json_string(w, str_from(stated_reason_code(decision, &list[i])));
    }
    json_array_end(w);
}

static void write_details(struct json_writer *w, const struct explanation_envelope *envelope,
                          const struct explanation *explanation)
{
    static const char *const of_analyst[] = {"contributions", "data_quality", "families", "pd",
                                             "score",         "threshold"};
    /* Not `families`: what the links show names other companies. */
    static const char *const of_regulator[] = {
        "consent",     "contributions", "data_quality", "engine", "human_review", "input_sha256",
        "legal_basis", "model",         "pd",           "policy", "purpose",      "score"};
    const struct decision *d = envelope->decision;
    json_name(w, STR("details"));
    json_object_begin(w);
    write_codes(w, STR("adverse_codes"), d, d->adverse, d->adverse_count);
    write_codes(w, STR("favourable_codes"), d, d->favourable, d->favourable_count);
    if (explanation->audience == AUDIENCE_ANALYST) {
        write_members(w, envelope->body, of_analyst, ARRAY_LEN(of_analyst));
        if (explanation->has_bound) {
            write_bound(w, &explanation->bound);
        }
        if (explanation->tie.relation != RELATION_NONE && explanation->tie.party != NULL) {
            write_tie(w, &explanation->tie, envelope);
        }
    } else if (explanation->audience == AUDIENCE_REGULATOR) {
        write_members(w, envelope->body, of_regulator, ARRAY_LEN(of_regulator));
    }
    if (explanation->audience != AUDIENCE_APPLICANT) {
        write_factors(w, explanation, &d->score);
    }
    json_object_end(w);
}

static void write_links(struct json_writer *w, struct str id)
{
    static const struct {
        const char *name, *tail;
    } links[] = {
        {"decision", ""        },
        {"receipt",  "/receipt"},
        {"replay",   "/replay" },
    };
    json_name(w, STR("links"));
    json_object_begin(w);
    for (size_t i = 0; i < ARRAY_LEN(links); i++) {
        json_name(w, str_from(links[i].name));
        struct buf *out = json_quoted_begin(w);
        buf_append(out, STR("/v1/decisions/"));
        buf_append(out, id);
        buf_append_text(out, links[i].tail);
        json_quoted_end(w);
    }
    json_object_end(w);
}

void explanation_body_write(struct buf *out, const struct explanation_envelope *envelope,
                            const struct explanation *explanation)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("object"), STR("explanation"));
    json_name(&w, STR("decision"));
    if (envelope->id.len > 0) {
        json_string(&w, envelope->id);
    } else {
        json_null(&w);
    }
    json_text_member(&w, STR("audience"), str_from(audience_wire(explanation->audience)));
    json_text_member(&w, STR("language"), str_from(language_wire(explanation->language)));
    json_text_member(&w, STR("version"), STR(EXPLANATION_VERSION));
    json_text_member(&w, STR("recommendation"),
                     str_from(recommendation_wire(envelope->decision->recommendation)));
    write_sections(&w, explanation);
    json_text_member(&w, STR("text"), explanation->text);
    write_details(&w, envelope, explanation);
    if (envelope->id.len > 0) {
        write_links(&w, envelope->id);
    }
    json_object_end(&w);
}
