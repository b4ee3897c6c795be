/* request_links.c - the links of a request, and those that the store has added to it. */
#include "wire/decision_request.h"
#include "wire/request_parts.h"

#include <stdlib.h>

static bool read_link_ends(struct link_ends *out, struct reading *r, const struct json *node)
{
    const struct json *from = field_required(r, node, "from", "{\"scheme\",\"value\"}");
    const struct json *to = field_required(r, node, "to", "{\"scheme\",\"value\"}");
    bool is_sound = from != NULL && to != NULL;
    if (from != NULL) {
        is_sound &= request_identifier_read(&out->from, r, from);
    }
    if (to != NULL) {
        is_sound &= request_identifier_read(&out->to, r, to);
    }
    return is_sound;
}

static bool read_link_members(struct link *out, struct link_ends *ends, struct reading *r,
                              const struct json *node)
{
    static const char known[] =
        "owns, controls, director_of, guarantees, supplies, owes or lends_to";
    struct str wire;
    const struct json *type = field_required(r, node, "type", known);
    const struct json *share_ratio = field_find(node, "share_ratio");
    const struct json *amount = field_find(node, "exposure");
    const struct json *pd = field_find(node, "pd");
    if (type != NULL && field_word(&wire, r, type) && !link_type_read(&out->type, wire)) {
        field_not_one_of(r, type, known);
    }
    bool is_sound = read_link_ends(ends, r, node);
    if (share_ratio != NULL) {
        (void)field_ratio(&out->share_ppm, r, share_ratio);
    }
    if (amount != NULL) {
        (void)field_money(&out->exposure, r, amount, SIGN_NOT_NEGATIVE);
    }
    if (pd != NULL) {
        (void)field_ratio(&out->pd_ppm, r, pd);
    }
    return is_sound;
}

static bool read_link(struct link *out, struct link_ends *ends, struct reading *r,
                      const struct json *node)
{
    static const char *const names[] = {"exposure", "from", "pd", "share_ratio", "to", "type"};
    *out = (struct link){.share_ppm = LINK_UNSTATED, .pd_ppm = LINK_UNSTATED};
    return field_object(r, node, names, ARRAY_LEN(names)) && read_link_members(out, ends, r, node);
}

/* The same, and the day it was learned. */
static bool read_stored_link(struct link *out, struct link_ends *ends, struct reading *r,
                             const struct json *node)
{
    static const char *const names[] = {"exposure",    "from", "learned_on", "pd",
                                        "share_ratio", "to",   "type"};
    struct date learned_on;
    *out = (struct link){.share_ppm = LINK_UNSTATED, .pd_ppm = LINK_UNSTATED};
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return false;
    }
    const struct json *day = field_required(r, node, "learned_on", "YYYY-MM-DD");
    return day != NULL && field_past_date(&learned_on, r, day) &&
           read_link_members(out, ends, r, node);
}

/* ---- one list of both ---- */

struct place {
    const struct link *link;
    uint32_t index;
};

static int place_order(const void *a, const void *b)
{
    const struct link *x = ((const struct place *)a)->link;
    const struct link *y = ((const struct place *)b)->link;
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    if (x->to != y->to) {
        return x->to < y->to ? -1 : 1;
    }
    if (x->type != y->type) {
        return x->type < y->type ? -1 : 1;
    }
    uint32_t i = ((const struct place *)a)->index, k = ((const struct place *)b)->index;
    return (i > k) - (i < k);
}

/* What the request says of a tie counts, and not what is stored of it; of several that are stored,
 * under different identifiers, the first.  Returns how many are left; false: no memory. */
static bool drop_known(struct link *links, uint32_t *count, uint32_t sent, struct arena *arena)
{
    struct place *places = arena_array(arena, struct place, (size_t)*count + 1);
    bool *is_known = arena_array(arena, bool, (size_t)*count + 1);
    if (places == NULL || is_known == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < *count; i++) {
        places[i] = (struct place){&links[i], i};
    }
    qsort(places, *count, sizeof *places, place_order);
    for (uint32_t i = 1; i < *count; i++) {
        const struct link *before = places[i - 1].link, *link = places[i].link;
        is_known[places[i].index] = places[i].index >= sent && before->from == link->from &&
                                    before->to == link->to && before->type == link->type;
    }
    uint32_t kept = sent;
    for (uint32_t i = sent; i < *count; i++) {
        if (!is_known[i]) {
            links[kept++] = links[i];
        }
    }
    *count = kept;
    return true;
}

/* ---- what is stored ---- */

struct stored {
    const struct json *links, *parties, *cut; /* NULL: nothing was added */
};

static bool read_party(struct company_id *id, struct link_party *out, struct reading *r,
                       const struct json *node)
{
    static const char *const names[] = {"equity", "id", "pd", "pd_on"};
    struct date pd_on;
    *out = (struct link_party){.pd_ppm = LINK_UNSTATED};
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return false;
    }
    const struct json *id_node = field_required(r, node, "id", "{\"scheme\",\"value\"}");
    const struct json *equity = field_find(node, "equity");
    const struct json *pd = field_find(node, "pd");
    bool is_sound = id_node != NULL && request_identifier_read(id, r, id_node);
    if (equity != NULL) {
        (void)field_money(&out->equity, r, equity, SIGN_NOT_NEGATIVE);
    }
    if (pd != NULL) {
        const struct json *day = field_required(r, node, "pd_on", "YYYY-MM-DD");
        is_sound &= day != NULL && field_past_date(&pd_on, r, day);
        (void)field_ratio(&out->pd_ppm, r, pd);
    }
    return is_sound;
}

static void read_parties(struct facts *facts, struct link_party *parties, struct reading *r,
                         const struct json *node)
{
    for (const struct json *element = node->first; element != NULL; element = element->next) {
        struct company_id id;
        struct link_party read;
        if (!read_party(&id, &read, r, element)) {
            continue;
        }
        uint32_t i = link_party_find(parties, facts->party_count, &id);
        if (i < facts->party_count) {
            parties[i].pd_ppm = read.pd_ppm;
            parties[i].equity = read.equity;
        }
    }
}

static void read_cut(struct stored_links *out, struct reading *r, const struct json *node)
{
    static const char *const names[] = {"edges", "more", "parties"};
    int32_t edges = 0, parties = 0;
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return;
    }
    const struct json *edges_node = field_required(r, node, "edges", "a count");
    const struct json *more_node = field_required(r, node, "more", "true or false");
    const struct json *parties_node = field_required(r, node, "parties", "a count");
    if (edges_node != NULL) {
        (void)field_int(&edges, r, edges_node, 0, STORED_LOOKED_AT_MAX);
    }
    if (more_node != NULL && field_bool(r, more_node)) {
        out->cut_more = more_node->type == JSON_TRUE;
    }
    if (parties_node != NULL) {
        (void)field_int(&parties, r, parties_node, 0, STORED_LOOKED_AT_MAX);
    }
    out->cut_links = (uint32_t)edges;
    out->cut_parties = (uint32_t)parties;
}

static struct stored stored_find(struct facts *facts, struct reading *r, const struct json *node)
{
    static const char *const names[] = {"cut", "links", "parties"};
    struct stored stored = {NULL, NULL, NULL};
    if (node == NULL || !field_object(r, node, names, ARRAY_LEN(names))) {
        return stored;
    }
    facts->stored.is_there = true;
    stored.cut = field_required(r, node, "cut", "{\"edges\",\"more\",\"parties\"}");
    stored.links = field_required(r, node, "links", "a list of links");
    stored.parties = field_required(r, node, "parties", "a list of parties");
    if (stored.cut != NULL) {
        read_cut(&facts->stored, r, stored.cut);
    }
    if (stored.links != NULL && !field_array(r, stored.links, STORED_LINKS_MAX)) {
        stored.links = NULL;
    }
    /* A party for each that was found, one for each identifier of the company, and those that the
     * request names. */
    if (stored.parties != NULL && !field_array(r, stored.parties, STORED_PARTIES_MAX)) {
        stored.parties = NULL;
    }
    return stored;
}

/* ---- all of it ---- */

void request_links_read(struct facts *out, struct reading *r, const struct json *node,
                        const struct json *stored_node)
{
    struct stored stored = stored_find(out, r, stored_node);
    if (node != NULL && !field_array(r, node, LINKS_MAX)) {
        return;
    }
    uint32_t sent = node == NULL ? 0 : node->count;
    uint32_t count = sent + (stored.links == NULL ? 0 : stored.links->count);
    if (count == 0) {
        return;
    }
    struct link *links = arena_array(r->arena, struct link, count);
    struct link_ends *ends = arena_array(r->arena, struct link_ends, count);
    if (links == NULL || ends == NULL) {
        r->is_full = true;
        return;
    }
    bool is_sound = true;
    for (const struct json *e = node == NULL ? NULL : node->first; e != NULL; e = e->next) {
        is_sound &= read_link(&links[e->index], &ends[e->index], r, e);
    }
    for (const struct json *e = stored.links == NULL ? NULL : stored.links->first; e != NULL;
         e = e->next) {
        is_sound &= read_stored_link(&links[sent + e->index], &ends[sent + e->index], r, e);
    }
    if (!is_sound) {
        return;
    }
    struct link_party *parties =
        links_number(links, &out->party_count, ends, count, &out->company, r->arena);
    if (parties == NULL || (count > sent && !drop_known(links, &count, sent, r->arena))) {
        r->is_full = true;
        return;
    }
    out->links = links;
    out->link_count = count;
    out->parties = parties;
    out->stored.links = count - sent;
    if (stored.parties != NULL) {
        read_parties(out, parties, r, stored.parties);
    }
}
