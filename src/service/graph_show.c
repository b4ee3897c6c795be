/* graph_show.c - read as a decision would, then told in lines. */
#include "service/graph_show.h"

#include "service/examine.h"
#include "service/stored_links.h"
#include "store/tenant_store.h"

enum { SHOW_ARENA_MAX = 32 * 1024 * 1024, SHOW_TEXT_MAX = 1024 * 1024 };

static struct str text_at(const struct json *object, struct str name)
{
    const struct json *member = object == NULL ? NULL : json_find(object, name);
    return member == NULL ? STR("") : member->text;
}

static void append_key(struct buf *out, const struct json *object, struct str name)
{
    const struct json *id = json_find(object, name);
    struct str country = text_at(id, STR("country"));
    buf_printf(out, "%.*s%s%.*s:%.*s", STR_ARGS(country), country.len > 0 ? ":" : "",
               STR_ARGS(text_at(id, STR("scheme"))), STR_ARGS(text_at(id, STR("value"))));
}

/* "  share_ratio 0.6": a member that may not be there. */
static void append_member(struct buf *out, const struct json *object, struct str name)
{
    const struct json *member = json_find(object, name);
    if (member == NULL) {
        return;
    }
    buf_printf(out, "  %.*s ", STR_ARGS(name));
    if (member->type == JSON_OBJECT) {
        buf_printf(out, "%.*s %.*s", STR_ARGS(text_at(member, STR("amount"))),
                   STR_ARGS(text_at(member, STR("currency"))));
    } else {
        buf_append(out, member->text);
    }
}

static void append_link(struct buf *out, const struct json *link)
{
    append_key(out, link, STR("from"));
    buf_printf(out, "  %.*s  ", STR_ARGS(text_at(link, STR("type"))));
    append_key(out, link, STR("to"));
    append_member(out, link, STR("share_ratio"));
    append_member(out, link, STR("exposure"));
    append_member(out, link, STR("pd"));
    append_member(out, link, STR("learned_on"));
    buf_append_byte(out, '\n');
}

static void append_party(struct buf *out, const struct json *party)
{
    append_key(out, party, STR("id"));
    append_member(out, party, STR("pd"));
    append_member(out, party, STR("pd_on"));
    append_member(out, party, STR("equity"));
    buf_append_byte(out, '\n');
}

static void tell(struct buf *out, const struct json *network)
{
    const struct json *links = json_find(network, STR("links"));
    const struct json *parties = json_find(network, STR("parties"));
    const struct json *cut = json_find(network, STR("cut"));
    buf_printf(out, "%u links\n", links->count);
    for (const struct json *link = links->first; link != NULL; link = link->next) {
        append_link(out, link);
    }
    buf_printf(out, "%u parties\n", parties->count);
    for (const struct json *party = parties->first; party != NULL; party = party->next) {
        append_party(out, party);
    }
    buf_printf(out, "left out: %.*s links, %.*s parties%s\n", STR_ARGS(text_at(cut, STR("edges"))),
               STR_ARGS(text_at(cut, STR("parties"))),
               json_find(cut, STR("more"))->type == JSON_TRUE ? ", and more" : "");
}

static enum status company_read(struct company_id *out, struct str text, struct error *err)
{
    enum id_scheme scheme;
    enum company_id_fault fault = company_id_read_key(out, &scheme, text);
    if (scheme == SCHEME_NONE) {
        return error_set(err, STATUS_INVALID, "company",
                         "expected scheme:value, such as siren:732829320");
    }
    return fault == COMPANY_ID_OK ? STATUS_OK
                                  : error_set(err, STATUS_INVALID, "company", "expected %s",
                                              id_scheme_expected(scheme));
}

static enum status show(struct buf *out, struct db *db, const struct graph_show_request *request,
                        struct arena *arena, struct error *err)
{
    struct tenant_row tenant;
    struct company_id id;
    struct buf text;
    TRY(company_read(&id, request->company, err));
    TRY(tenant_find(db, request->tenant, &tenant, arena, err));
    const struct stored_links_input in = {
        db, request->is_live ? tenant.live_environment : tenant.test_environment, request->today};
    buf_init(&text, SHOW_TEXT_MAX);
    enum status status = stored_links_show(&text, &id, &in, arena, err);
    if (status == STATUS_OK && request->is_json) {
        buf_append(out, buf_str(&text));
        buf_append_byte(out, '\n');
    } else if (status == STATUS_OK) {
        const struct json *network = json_read(buf_str(&text), arena, NULL);
        status = network == NULL ? error_set(err, STATUS_TOO_LARGE, "", "no memory for a network")
                                 : STATUS_OK;
        if (network != NULL) {
            tell(out, network);
        }
    }
    buf_finish(&text);
    return status;
}

enum status graph_show(struct buf *out, const struct graph_show_request *request, struct error *err)
{
    struct db *db;
    struct arena arena;
    TRY(examine_open(&db, request->db, err));
    arena_init(&arena, SHOW_ARENA_MAX);
    enum status status = show(out, db, request, &arena, err);
    arena_finish(&arena);
    examine_close(db);
    return status;
}
