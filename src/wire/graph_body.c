/* graph_body.c - indicators, member by member in the order of RFC 8785. */
#include "wire/graph_body.h"

#include "feature/neighbourhood.h"

enum { PPM_DECIMALS = 6 };

struct source {
    const struct facts *facts;
    const struct neighbourhood *around;
};

static void share_value(struct json_writer *w, double value)
{
    static const double million = 1e6;
    json_decimal(w, (int64_t)(value * million + 0.5), PPM_DECIMALS);
}

static void share_member(struct json_writer *w, struct str name, struct known value)
{
    if (value.is_known) {
        json_name(w, name);
        share_value(w, value.value);
    }
}

static void flag_member(struct json_writer *w, struct str name, bool value)
{
    json_name(w, name);
    json_bool(w, value);
}

static void count_member(struct json_writer *w, struct str name, uint32_t count)
{
    json_name(w, name);
    json_int(w, count);
}

static void party_value(struct json_writer *w, const struct source *s, uint32_t party)
{
    const struct company *company = &s->facts->company;
    const struct company_id *sent = party == 0 && company->identifier_count > 0
                                        ? &company->identifiers[0]
                                        : s->facts->parties[party].id;
    CHECK(sent != NULL); /* at no end of a link stands a company without an identifier */
    struct company_id id = company_id_principal(sent);
    json_object_begin(w);
    if (id.country[0] != '\0') {
        json_text_member(w, STR("country"), str_from(id.country));
    }
    json_text_member(w, STR("scheme"), str_from(id_scheme_wire(id.scheme)));
    json_text_member(w, STR("value"), str_from(id.value));
    json_object_end(w);
}

static void parties_member(struct json_writer *w, struct str name, const struct source *s,
                           const uint32_t *parties, uint32_t count)
{
    json_name(w, name);
    json_array_begin(w);
    for (uint32_t i = 0; i < count; i++) {
        party_value(w, s, parties[i]);
    }
    json_array_end(w);
}

static void write_cascade(struct json_writer *w, const struct source *s)
{
    const struct exposures *e = &s->around->exposures;
    if (!e->debt_rank.is_known) {
        return;
    }
    json_name(w, STR("cascade"));
    json_object_begin(w);
    parties_member(w, STR("fails_with"), s, e->fatal, e->fatal_count);
    if (e->has_cascade) {
        flag_member(w, STR("fails_with_distressed"), e->fails_with_distressed);
    }
    json_object_end(w);
}

static void write_common_directors(struct json_writer *w, const struct source *s)
{
    if (s->around->board_count == 0) {
        return;
    }
    json_name(w, STR("common_directors"));
    json_object_begin(w);
    count_member(w, STR("companies"), s->around->board_count);
    share_member(w, STR("expected_failures"), s->around->director_failures);
    json_object_end(w);
}

static void write_connected_insolvency(struct json_writer *w, const struct source *s)
{
    const struct group *group = &s->around->group;
    bool is_found = group->connection != CONNECTION_NONE;
    json_name(w, STR("connected_insolvency"));
    json_object_begin(w);
    flag_member(w, STR("found"), is_found);
    if (is_found) {
        parties_member(w, STR("path"), s, group->connected.parties, group->connected.count);
    }
    if (is_found) {
        bool is_insolvent = group->connection == CONNECTION_INSOLVENT;
        json_text_member(w, STR("state"), is_insolvent ? STR("insolvent") : STR("distressed"));
    }
    json_object_end(w);
}

static void write_owners(struct json_writer *w, const struct source *s)
{
    const struct group *group = &s->around->group;
    json_name(w, STR("integrated_ownership"));
    json_array_begin(w);
    for (uint32_t i = 0; i < group->owner_count; i++) {
        const struct group_owner *owner = &group->owners[i];
        json_object_begin(w);
        flag_member(w, STR("controls"), owner->is_controller);
        json_name(w, STR("owner"));
        party_value(w, s, owner->party);
        if (owner->is_share_known) {
            json_name(w, STR("share_ratio"));
            json_decimal(w, owner->share_ppm, PPM_DECIMALS);
        }
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_neighbourhood(struct json_writer *w, const struct source *s)
{
    const struct stored_links *stored = &s->facts->stored;
    json_name(w, STR("neighbourhood"));
    json_object_begin(w);
    if (stored->is_there) {
        json_name(w, STR("cut"));
        json_object_begin(w);
        count_member(w, STR("edges"), stored->cut_links);
        flag_member(w, STR("more"), stored->cut_more);
        count_member(w, STR("parties"), stored->cut_parties);
        json_object_end(w);
        count_member(w, STR("depth"), STORED_DEPTH);
    }
    count_member(w, STR("edges"), s->facts->link_count);
    count_member(w, STR("parties"), s->facts->party_count - 1);
    if (stored->is_there) {
        count_member(w, STR("stored_edges"), stored->links);
    }
    json_object_end(w);
}

void graph_members_write(struct json_writer *w, const struct decision_request *request)
{
    const struct source s = {.facts = &request->facts, .around = request->facts.neighbourhood};
    const struct group *group = &s.around->group;
    write_cascade(w, &s);
    write_common_directors(w, &s);
    write_connected_insolvency(w, &s);
    if (group->control.count > 0) {
        parties_member(w, STR("control_chain"), &s, group->control.parties, group->control.count);
    }
    share_member(w, STR("debt_rank"), s.around->exposures.debt_rank);
    share_member(w, STR("debt_rank_linear"), s.around->exposures.debt_rank_linear);
    if (group->owner_count > 0) {
        write_owners(w, &s);
    }
    write_neighbourhood(w, &s);
    share_member(w, STR("pagerank_ratio"), s.around->nearness);
}
