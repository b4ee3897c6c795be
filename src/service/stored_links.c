/* stored_links.c - a walk by breadth over the stored links, then their text. */
#include "service/stored_links.h"

#include "service/records.h"

#include <stdlib.h>

/* Parties of which the graph knows nothing are looked for among the decisions: that is slower, and
 * done once for each. */
enum { SEARCHES_MAX = 20, TEXT_LEN_MAX = 512 * 1024 };

struct node {
    struct str key;
    struct company_id id;
    unsigned depth;
};

struct tie {
    uint32_t from, to; /* nodes */
    struct graph_link_row row;
};

struct walk {
    const struct stored_links_input *in;
    int32_t day_first, day_last; /* when a link may have been learned */
    int32_t pd_from;             /* and from when a PD still counts */
    const struct facts *facts;   /* of the request; NULL: there is none */
    struct node *nodes;          /* in the order in which they were found */
    uint32_t node_count, node_max;
    struct graph_party_row *parties; /* by node, once they are read */
    struct tie *ties;
    uint32_t tie_count;
    uint32_t looked_at;
    struct graph_link_row *outside; /* what was left out when it was met: ends and type */
    uint32_t outside_count;
    bool is_full; /* the arena was */
    bool has_more;
    uint32_t taken; /* of the query under way */
    unsigned depth; /* of the party it is about */
    struct arena *arena;
};

/* ---- keys ---- */

static bool id_of_key(struct company_id *out, struct str key)
{
    enum id_scheme scheme;
    return company_id_read_key(out, &scheme, key) == COMPANY_ID_OK;
}

static uint32_t node_find(const struct walk *w, struct str key)
{
    uint32_t i = 0;
    while (i < w->node_count && !str_eq(w->nodes[i].key, key)) {
        i++;
    }
    return i;
}

/* The node of a party, new if there is room; node_max: none. */
static uint32_t node_take(struct walk *w, struct str key, unsigned depth)
{
    uint32_t i = node_find(w, key);
    if (i < w->node_count) {
        return i;
    }
    struct company_id id;
    if (w->node_count == w->node_max || !id_of_key(&id, key)) {
        return w->node_max;
    }
    struct str copy = arena_copy(w->arena, key);
    if (copy.ptr == NULL) {
        w->is_full = true;
        return w->node_max;
    }
    w->nodes[w->node_count] = (struct node){copy, id, depth};
    return w->node_count++;
}

/* ---- the walk ---- */

static bool has_tie(const struct walk *w, const struct graph_link_row *row)
{
    for (uint32_t i = 0; i < w->tie_count; i++) {
        const struct tie *tie = &w->ties[i];
        if (str_eq(w->nodes[tie->from].key, row->from) && str_eq(w->nodes[tie->to].key, row->to) &&
            str_eq(tie->row.type, row->type)) {
            return true;
        }
    }
    return false;
}

static void leave_out(struct walk *w, const struct graph_link_row *row)
{
    struct graph_link_row *kept = &w->outside[w->outside_count++];
    kept->from = arena_copy(w->arena, row->from);
    kept->to = arena_copy(w->arena, row->to);
    kept->type = arena_copy(w->arena, row->type);
    w->is_full =
        w->is_full || kept->from.ptr == NULL || kept->to.ptr == NULL || kept->type.ptr == NULL;
}

static bool tie_take(struct walk *w, const struct graph_link_row *row)
{
    if (w->taken == STORED_FAN_MAX || w->tie_count == STORED_LINKS_MAX) {
        return false;
    }
    uint32_t from = node_take(w, row->from, w->depth + 1);
    uint32_t to = node_take(w, row->to, w->depth + 1);
    if (from == w->node_max || to == w->node_max) {
        return false;
    }
    struct tie *tie = &w->ties[w->tie_count++];
    *tie = (struct tie){from, to, *row};
    tie->row.type = arena_copy(w->arena, row->type);
    tie->row.currency = arena_copy(w->arena, row->currency);
    w->is_full = w->is_full || tie->row.type.ptr == NULL || tie->row.currency.ptr == NULL;
    w->taken++;
    return true;
}

static bool each_link(void *context, const struct graph_link_row *row)
{
    struct walk *w = context;
    w->looked_at++;
    if (has_tie(w, row)) {
        w->taken++;
    } else if (!tie_take(w, row)) {
        leave_out(w, row);
    }
    return !w->is_full;
}

static enum status walk_from(struct walk *w, uint32_t node, struct error *err)
{
    struct graph_query query = {.environment = w->in->environment,
                                .party = w->nodes[node].key,
                                .learned_from = w->day_first,
                                .learned_to = w->day_last};
    w->depth = w->nodes[node].depth;
    for (unsigned kind = 0; kind < GRAPH_KIND_COUNT; kind++) {
        for (unsigned up = 0; up < 2; up++) {
            uint32_t room = STORED_LOOKED_AT_MAX - w->looked_at;
            query.kind = (enum graph_kind)kind;
            query.is_up = up == 1;
            query.limit = room;
            w->taken = 0;
            if (room > 0) {
                TRY(graph_links(w->in->db, &query, each_link, w, err));
            }
            w->has_more = w->has_more || w->looked_at == STORED_LOOKED_AT_MAX;
        }
    }
    return STATUS_OK;
}

static enum status walk_begin(struct walk *w, const struct stored_links_input *in,
                              struct date as_of, struct arena *arena, struct error *err)
{
    *w = (struct walk){.in = in,
                       .day_first = date_to_days(date_add_months(as_of, -STORED_LINK_MONTHS_MAX)),
                       .day_last = date_to_days(as_of),
                       .pd_from = date_to_days(date_add_months(as_of, -STORED_PD_MONTHS_MAX)),
                       .nodes = arena_array(arena, struct node, STORED_PARTIES_MAX),
                       .node_max = STORED_PARTIES_MAX,
                       .parties = arena_array(arena, struct graph_party_row, STORED_PARTIES_MAX),
                       .ties = arena_array(arena, struct tie, STORED_LINKS_MAX),
                       .outside = arena_array(arena, struct graph_link_row, STORED_LOOKED_AT_MAX),
                       .arena = arena};
    return w->nodes == NULL || w->parties == NULL || w->ties == NULL || w->outside == NULL
               ? error_set(err, STATUS_TOO_LARGE, "", "no memory for a network")
               : STATUS_OK;
}

/* Whom the request itself names stands beside the company; for whom there is no room, nobody looks
 * further. */
static void nodes_of_request(struct walk *w)
{
    for (uint32_t i = 1; w->facts != NULL && i < w->facts->party_count; i++) {
        struct str key = graph_key(w->facts->parties[i].id, w->arena);
        w->is_full = w->is_full || key.ptr == NULL;
        if (!w->is_full && node_take(w, key, 1) == w->node_max) {
            w->has_more = true;
        }
    }
}

/* By breadth: what was found is walked from in its turn, until it is too far away.  The company's
 * own come before whom the request names. */
static enum status walk(struct walk *w, struct error *err)
{
    uint32_t own = w->node_count;
    for (uint32_t i = 0; i < own; i++) {
        TRY(walk_from(w, i, err));
    }
    nodes_of_request(w);
    for (uint32_t i = own; i < w->node_count && !w->is_full; i++) {
        if (w->nodes[i].depth < STORED_DEPTH) {
            TRY(walk_from(w, i, err));
        }
    }
    return w->is_full ? error_set(err, STATUS_TOO_LARGE, "", "a network does not fit in memory")
                      : STATUS_OK;
}

/* ---- what decisions say of the parties ---- */

/* Parts per million of a decimal that we wrote; GRAPH_UNSTATED if it is not there. */
static int32_t ppm_of(struct str text)
{
    struct decimal value;
    int64_t ppm;
    enum { PPM_DIGITS = 6 };
    return text.len > 0 && decimal_read(&value, text) &&
                   decimal_to_scaled(&ppm, value, PPM_DIGITS) && ppm >= 0 && ppm <= 1000000
               ? (int32_t)ppm
               : GRAPH_UNSTATED;
}

/* What the latest decision on a party says, as graph_filing.c would have filed it, but for equity.
 */
static enum status decision_search(struct graph_party_row *out, const struct walk *w,
                                   struct error *err)
{
    enum { DAY_MS = 24 * 60 * 60 * 1000, ONE = 1 };
    struct decision_row rows[ONE + 1];
    uint32_t count = 0;
    bool has_more;
    const struct decision_filter filter = {
        .company_key = out->party, .created_from_ms = (int64_t)w->pd_from * DAY_MS, .limit = ONE};
    TRY(decision_list(w->in->db, w->in->environment, &filter, rows, &count, &has_more, w->arena,
                      err));
    struct date as_of;
    struct str body = count == 0 ? STR("") : json_slice(rows[0].payload, STR("body"));
    struct str day = body.len == 0 ? STR("") : json_slice(body, STR("as_of"));
    if (day.len < 2 || !date_read(&as_of, str_slice(day, 1, day.len - 1))) {
        return STATUS_OK;
    }
    struct str family = json_slice(json_slice(body, STR("families")), STR("graph"));
    struct str before = family.len == 0 ? family : json_slice(family, STR("pd_before"));
    struct str pd = json_slice(body, STR("pd"));
    out->pd_ppm = ppm_of(before.len > 0 ? before : pd.len > 0 ? json_slice(pd, STR("value")) : pd);
    out->decided_on = date_to_days(as_of);
    out->decision = rows[0].id;
    return STATUS_OK;
}

static bool is_missing(const struct graph_party_row *row)
{
    return row->currency.ptr == NULL;
}

static enum status parties_read(struct walk *w, struct error *err)
{
    for (uint32_t i = 0; i < w->node_count; i++) {
        enum status status = w->nodes[i].depth == 0
                                 ? STATUS_NOT_FOUND
                                 : graph_party_find(w->in->db, w->in->environment, w->nodes[i].key,
                                                    &w->parties[i], w->arena, err);
        if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status parties_search(struct walk *w, struct searched_parties *searched,
                                  struct error *err)
{
    searched->count = 0;
    searched->rows = arena_array(w->arena, struct graph_party_row, SEARCHES_MAX);
    if (searched->rows == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for a network");
    }
    for (uint32_t i = 0; i < w->node_count; i++) {
        struct graph_party_row *row = &w->parties[i];
        if (w->nodes[i].depth == 0 || !is_missing(row)) {
            continue;
        }
        *row = (struct graph_party_row){.party = w->nodes[i].key,
                                        .pd_ppm = GRAPH_UNSTATED,
                                        .currency = STR(""),
                                        .decided_on = GRAPH_UNSTATED};
        if (searched->count < SEARCHES_MAX) {
            TRY(decision_search(row, w, err));
            searched->rows[searched->count++] = *row;
        }
    }
    return STATUS_OK;
}

/* ---- the text ---- */

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

static void write_ratio(struct json_writer *w, struct str name, int32_t ppm)
{
    enum { PPM_DECIMALS = 6 };
    if (ppm != GRAPH_UNSTATED) {
        json_name(w, name);
        json_decimal(w, ppm, PPM_DECIMALS);
    }
}

static void write_day(struct json_writer *w, struct str name, int32_t day)
{
    json_name(w, name);
    date_write(json_quoted_begin(w), date_from_days(day));
    json_quoted_end(w);
}

static void write_amount(struct json_writer *w, struct str name, int64_t minor, struct str code)
{
    enum currency currency;
    if (code.len == 0 || !currency_read(&currency, code)) {
        return;
    }
    json_name(w, name);
    json_object_begin(w);
    json_name(w, STR("amount"));
    money_write(json_quoted_begin(w), (struct money){minor, currency});
    json_quoted_end(w);
    json_text_member(w, STR("currency"), code);
    json_object_end(w);
}

static void write_links(struct json_writer *out, const struct walk *w)
{
    json_name(out, STR("links"));
    json_array_begin(out);
    for (uint32_t i = 0; i < w->tie_count; i++) {
        const struct tie *tie = &w->ties[i];
        const struct graph_link_row *row = &tie->row;
        json_object_begin(out);
        write_amount(out, STR("exposure"), row->exposure_minor, row->currency);
        write_id(out, STR("from"), &w->nodes[tie->from].id);
        write_day(out, STR("learned_on"), row->learned_on);
        write_ratio(out, STR("pd"), row->learned_on >= w->pd_from ? row->pd_ppm : GRAPH_UNSTATED);
        write_ratio(out, STR("share_ratio"), row->share_ppm);
        write_id(out, STR("to"), &w->nodes[tie->to].id);
        json_text_member(out, STR("type"), row->type);
        json_object_end(out);
    }
    json_array_end(out);
}

static int key_order(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static int row_order(const void *a, const void *b)
{
    const struct graph_link_row *x = a;
    const struct graph_link_row *y = b;
    int by_from = str_compare(x->from, y->from);
    int by_to = str_compare(x->to, y->to);
    return by_from != 0 ? by_from : by_to != 0 ? by_to : str_compare(x->type, y->type);
}

struct cut {
    uint32_t links, parties;
};

/* A link that was met from both of its ends counts once, and not if it was taken from one of them;
 * so does a party. */
static struct cut cut_count(struct walk *w, struct str *ends)
{
    struct cut cut = {0, 0};
    uint32_t end_count = 0;
    if (w->outside_count > 1) {
        qsort(w->outside, w->outside_count, sizeof *w->outside, row_order);
    }
    for (uint32_t i = 0; i < w->outside_count; i++) {
        const struct graph_link_row *row = &w->outside[i];
        if ((i > 0 && row_order(row - 1, row) == 0) || has_tie(w, row)) {
            continue;
        }
        cut.links++;
        ends[end_count++] = node_find(w, row->from) == w->node_count ? row->from : row->to;
    }
    if (end_count > 1) {
        qsort(ends, end_count, sizeof *ends, key_order);
    }
    for (uint32_t i = 0; i < end_count; i++) {
        bool is_new = i == 0 || !str_eq(ends[i - 1], ends[i]);
        cut.parties += is_new && node_find(w, ends[i]) == w->node_count ? 1 : 0;
    }
    return cut;
}

static bool write_cut(struct json_writer *out, struct walk *w)
{
    struct str *ends = arena_array(w->arena, struct str, (size_t)w->outside_count + 1);
    if (ends == NULL) {
        return false;
    }
    struct cut cut = cut_count(w, ends);
    json_name(out, STR("cut"));
    json_object_begin(out);
    json_name(out, STR("edges"));
    json_int(out, cut.links);
    json_name(out, STR("more"));
    json_bool(out, w->has_more);
    json_name(out, STR("parties"));
    json_int(out, cut.parties);
    json_object_end(out);
    return true;
}

static void write_parties(struct json_writer *out, const struct walk *w)
{
    json_name(out, STR("parties"));
    json_array_begin(out);
    for (uint32_t i = 0; i < w->node_count; i++) {
        const struct graph_party_row *row = &w->parties[i];
        bool is_fresh = row->decided_on >= w->pd_from && row->decided_on <= w->day_last;
        if (w->nodes[i].depth == 0) {
            continue;
        }
        json_object_begin(out);
        if (is_fresh) {
            write_amount(out, STR("equity"), row->equity_minor, row->currency);
        }
        write_id(out, STR("id"), &w->nodes[i].id);
        if (is_fresh && row->pd_ppm != GRAPH_UNSTATED) {
            write_ratio(out, STR("pd"), row->pd_ppm);
            write_day(out, STR("pd_on"), row->decided_on);
        }
        json_object_end(out);
    }
    json_array_end(out);
}

static enum status write_network(struct buf *text, struct walk *w, struct error *err)
{
    struct json_writer out;
    json_writer_init_canonical(&out, text);
    json_object_begin(&out);
    bool has_room = write_cut(&out, w);
    if (has_room) {
        write_links(&out, w);
        write_parties(&out, w);
        json_object_end(&out);
    }
    return !has_room || buf_failed(text)
               ? error_set(err, STATUS_TOO_LARGE, "", "no memory for a network")
               : STATUS_OK;
}

/* ---- from a request ---- */

bool stored_links_are_wanted(const struct json *root)
{
    const struct json *from = root->type == JSON_OBJECT ? json_find(root, STR("links_from")) : NULL;
    const struct json *there = from == NULL ? NULL : json_find(root, STR("stored_links"));
    return from != NULL && from->type == JSON_STRING && str_eq(from->text, STR("stored")) &&
           (there == NULL || there->type == JSON_NULL);
}

void stored_links_refuse(const struct json *root, struct violations *violations)
{
    const struct json *there =
        root->type == JSON_OBJECT ? json_find(root, STR("stored_links")) : NULL;
    if (there != NULL && there->type != JSON_NULL) {
        violation_at(violations, there, "unknown_member", "",
                     "What is stored is added by the server, where links_from asks for it.");
    }
}

static bool nodes_of_company(struct walk *w, const struct company *company)
{
    uint32_t count;
    const struct str *keys = graph_keys(&count, company, w->arena);
    for (uint32_t i = 0; i < count && keys != NULL; i++) {
        (void)node_take(w, keys[i], 0);
    }
    return keys != NULL;
}

/* One view of the links and of what is filed of the parties; decisions are looked for after it. */
static enum status network_view(struct walk *w, struct error *err)
{
    TRY(db_begin(w->in->db, err));
    enum status status = walk(w, err);
    if (status == STATUS_OK) {
        status = parties_read(w, err);
    }
    db_rollback(w->in->db);
    return status;
}

static enum status network_read(struct buf *text, const struct company *company,
                                const struct facts *facts, const struct stored_links_input *in,
                                struct searched_parties *searched, struct arena *arena,
                                struct error *err)
{
    struct walk w;
    TRY(walk_begin(&w, in, facts == NULL ? in->today : facts->as_of, arena, err));
    w.facts = facts;
    if (!nodes_of_company(&w, company)) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for a network");
    }
    TRY(network_view(&w, err));
    TRY(parties_search(&w, searched, err));
    return write_network(text, &w, err);
}

/* The request with the member in its place, as a tree of its own. */
static enum status root_join(const struct json **root, struct str network, struct arena *arena,
                             struct error *err)
{
    struct buf text;
    struct json_error json_err;
    buf_init(&text, 2 * DECISION_REQUEST_LEN_MAX + TEXT_LEN_MAX);
    buf_append_byte(&text, '{');
    for (const struct json *m = (*root)->first; m != NULL; m = m->next) {
        if (str_eq(m->name, STR("stored_links"))) {
            continue;
        }
        json_append_string(&text, m->name);
        buf_append_byte(&text, ':');
        json_write_canonical(&text, m);
        buf_append_byte(&text, ',');
    }
    buf_append(&text, STR("\"stored_links\":"));
    buf_append(&text, network);
    buf_append_byte(&text, '}');
    struct str kept = buf_failed(&text) ? (struct str){NULL, 0} : arena_copy(arena, buf_str(&text));
    buf_finish(&text);
    if (kept.ptr == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for a network");
    }
    return request_parse(root, kept, arena, &json_err, err);
}

enum status stored_links_add(const struct json **root, struct searched_parties *searched,
                             const struct stored_links_input *in, struct arena *arena,
                             struct error *err)
{
    struct buf text;
    struct decision_request request;
    struct searched_parties unused = {0, NULL};
    struct violations *violations = arena_new(arena, struct violations);
    if (violations == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for a network");
    }
    violations_init(violations, arena);
    if (decision_request_read(&request, *root, in->today, arena, violations) != STATUS_OK) {
        return STATUS_OK;
    }
    buf_init(&text, TEXT_LEN_MAX);
    enum status status = network_read(&text, &request.facts.company, &request.facts, in,
                                      searched == NULL ? &unused : searched, arena, err);
    if (status == STATUS_OK) {
        status = root_join(root, buf_str(&text), arena, err);
    }
    buf_finish(&text);
    return status;
}

enum status stored_links_show(struct buf *out, const struct company_id *id,
                              const struct stored_links_input *in, struct arena *arena,
                              struct error *err)
{
    struct searched_parties searched = {0, NULL};
    struct company *company = arena_new(arena, struct company);
    if (company == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for a network");
    }
    company->identifiers[0] = *id;
    company->identifier_count = 1;
    return network_read(out, company, NULL, in, &searched, arena, err);
}
