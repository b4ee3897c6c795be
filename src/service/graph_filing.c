/* graph_filing.c - links by key, several of one tie as one. */
#include "service/graph_filing.h"

#include "feature/neighbourhood.h"

#include <stdlib.h>
#include <string.h>

enum { SELF = 0, ALL_PPM = 1000000 };

struct filing {
    const struct graph_filing_input *in;
    const struct facts *facts;
    struct str *keys; /* of parties, as they are needed */
    struct graph_link_row *links;
    uint32_t link_count;
    int32_t today;
    struct arena *arena;
};

struct str graph_key(const struct company_id *id, struct arena *arena)
{
    struct company_id principal = company_id_principal(id);
    return company_id_key(&principal, arena);
}

const struct str *graph_keys(uint32_t *count, const struct company *company, struct arena *arena)
{
    struct str *keys = arena_array(arena, struct str, (size_t)company->identifier_count + 1);
    *count = 0;
    for (uint32_t i = 0; i < company->identifier_count && keys != NULL; i++) {
        struct str key = graph_key(&company->identifiers[i], arena);
        bool is_new = true;
        for (uint32_t k = 0; k < *count; k++) {
            is_new = is_new && !str_eq(keys[k], key);
        }
        if (key.ptr == NULL) {
            return NULL;
        }
        if (is_new) {
            keys[(*count)++] = key;
        }
    }
    return keys;
}

/* ---- links ---- */

static int link_order(const void *a, const void *b)
{
    const struct link *x = *(const struct link *const *)a;
    const struct link *y = *(const struct link *const *)b;
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    if (x->to != y->to) {
        return x->to < y->to ? -1 : 1;
    }
    return (x->type > y->type) - (x->type < y->type);
}

static enum graph_kind kind_of(enum link_type type)
{
    switch (type) {
    case LINK_OWNS:
    case LINK_CONTROLS: return GRAPH_HOLDING;
    case LINK_GUARANTEES:
    case LINK_SUPPLIES:
    case LINK_OWES:
    case LINK_LENDS_TO: return GRAPH_EXPOSURE;
    case LINK_DIRECTOR_OF:
    case LINK_TYPE_COUNT: break;
    }
    return GRAPH_SEAT;
}

/* Thousandths of the currency, so that those with fewer decimals are not taken for less; what
 * nobody stated is taken for the most. */
static int64_t strength_of(enum graph_kind kind, const struct link *link)
{
    enum { FINEST_DECIMALS = 3 };
    if (kind == GRAPH_HOLDING) {
        return link->share_ppm == LINK_UNSTATED ? ALL_PPM + 1 : link->share_ppm;
    }
    if (kind == GRAPH_SEAT || link->exposure.currency == CURRENCY_NONE) {
        return kind == GRAPH_SEAT ? 0 : INT64_MAX;
    }
    int64_t thousandths = link->exposure.minor;
    for (unsigned d = currency_exponent(link->exposure.currency); d < FINEST_DECIMALS; d++) {
        thousandths *= 10;
    }
    return thousandths;
}

/* Several links of one tie say together what one would say.  Amounts that cannot be summed are
 * unstated. */
static void link_join(struct link *out, const struct link *more)
{
    bool is_stated = out->share_ppm != LINK_UNSTATED && more->share_ppm != LINK_UNSTATED;
    int64_t share_ppm = is_stated ? (int64_t)out->share_ppm + more->share_ppm : LINK_UNSTATED;
    out->share_ppm = (int32_t)(share_ppm < ALL_PPM ? share_ppm : ALL_PPM);
    out->pd_ppm = out->pd_ppm > more->pd_ppm ? out->pd_ppm : more->pd_ppm;
    int64_t minor = out->exposure.minor + more->exposure.minor;
    bool can_sum = out->exposure.currency == more->exposure.currency && minor <= MONEY_MINOR_MAX;
    out->exposure =
        can_sum ? (struct money){minor, out->exposure.currency} : (struct money){0, CURRENCY_NONE};
}

static struct str key_of(struct filing *f, uint32_t party)
{
    if (f->keys[party].ptr == NULL) {
        /* The company is known by the first of its identifiers, whichever a link has used. */
        const struct company_id *id =
            party == SELF ? &f->facts->company.identifiers[0] : f->facts->parties[party].id;
        f->keys[party] = graph_key(id, f->arena);
    }
    return f->keys[party];
}

static bool link_file(struct filing *f, const struct link *link)
{
    if (link->from == link->to) {
        return true;
    }
    enum graph_kind kind = kind_of(link->type);
    bool has_exposure = link->exposure.currency != CURRENCY_NONE;
    struct graph_link_row *row = &f->links[f->link_count++];
    *row = (struct graph_link_row){
        .from = key_of(f, link->from),
        .to = key_of(f, link->to),
        .type = str_from(link_type_wire(link->type)),
        .kind = kind,
        .strength = strength_of(kind, link),
        .share_ppm = link->share_ppm,
        .exposure_minor = link->exposure.minor,
        .currency = has_exposure ? str_from(currency_code(link->exposure.currency)) : STR(""),
        .pd_ppm = link->pd_ppm,
        .learned_on = f->today,
        .has_ended = !link_ties(link)};
    return row->from.ptr != NULL && row->to.ptr != NULL;
}

static bool links_file(struct filing *f)
{
    uint32_t count = f->facts->link_count - f->facts->stored.links;
    const struct link **sorted = arena_array(f->arena, const struct link *, (size_t)count + 1);
    f->keys = arena_array(f->arena, struct str, (size_t)f->facts->party_count + 1);
    f->links = arena_array(f->arena, struct graph_link_row, (size_t)count + 1);
    if (sorted == NULL || f->keys == NULL || f->links == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        sorted[i] = &f->facts->links[i];
    }
    if (count > 1) {
        qsort(sorted, count, sizeof *sorted, link_order);
    }
    for (uint32_t i = 0; i < count;) {
        struct link joined = *sorted[i++];
        while (i < count && link_order(&sorted[i - 1], &sorted[i]) == 0) {
            link_join(&joined, sorted[i++]);
        }
        if (!link_file(f, &joined)) {
            return false;
        }
    }
    return true;
}

/* ---- the company itself ---- */

static bool is_insolvent(const struct decision *d)
{
    for (uint32_t i = 0; i < d->rule_reason_count; i++) {
        switch ((unsigned)d->rule_reasons[i]) {
        case REASON_STRUCK_OFF:
        case REASON_LIQUIDATION_OPEN:
        case REASON_REORGANISATION_OPEN:
        case REASON_SAFEGUARD_OPEN: return true;
        default: break;
        }
    }
    return false;
}

/* What it says of itself: what its neighbours add must not come back to them. */
static int32_t own_pd_ppm(const struct decision *d)
{
    switch (d->status) {
    case DECISION_SCORED:
    case DECISION_THIN: return (int32_t)d->score.pd_ppm_before;
    case DECISION_DECIDED_BY_RULE: return is_insolvent(d) ? ALL_PPM : GRAPH_UNSTATED;
    case DECISION_NOT_SCORABLE: break;
    }
    return GRAPH_UNSTATED;
}

static struct graph_party_row party_row(const struct filing *f, struct str key)
{
    const struct statement *s = facts_statement(f->facts, NULL);
    bool has_equity = s != NULL && statement_has(s, ITEM_EQUITY);
    double equity = neighbourhood_equity(s);
    return (struct graph_party_row){
        .party = key,
        .pd_ppm = own_pd_ppm(&f->in->assessment->decision),
        .equity_minor = has_equity && equity > 0.0 ? (int64_t)equity : 0,
        .currency = has_equity ? str_from(currency_code(s->currency)) : STR(""),
        .decided_on = f->today,
        .decision = f->in->decision};
}

static struct graph_party_row *parties_make(const struct filing *f, uint32_t *count)
{
    uint32_t own;
    const struct str *keys = graph_keys(&own, &f->facts->company, f->arena);
    struct graph_party_row *rows =
        arena_array(f->arena, struct graph_party_row,
                    (size_t)COMPANY_IDENTIFIERS_MAX + f->in->searched_count + 1);
    if (keys == NULL || rows == NULL) {
        return NULL;
    }
    if (f->in->searched_count > 0) {
        memcpy(rows, f->in->searched, f->in->searched_count * sizeof *rows);
    }
    *count = f->in->searched_count;
    for (uint32_t i = 0; i < own; i++) {
        rows[(*count)++] = party_row(f, keys[i]);
    }
    return rows;
}

void graph_filing_declare(struct unit *unit, const struct graph_filing_input *in,
                          struct arena *arena)
{
    const struct facts *facts = &in->assessment->request.facts;
    bool has_links = facts->link_count > facts->stored.links;
    bool is_filed = !in->assessment->request.is_not_filed;
    if (in->has_graph == NULL || !is_filed || (!has_links && !atomic_load(in->has_graph))) {
        return;
    }
    struct filing f = {
        .in = in, .facts = facts, .today = date_to_days(facts->as_of), .arena = arena};
    struct graph_filing filing = {.environment = in->environment, .decision = in->decision};
    filing.parties = parties_make(&f, &filing.party_count);
    if (filing.parties == NULL || (has_links && !links_file(&f))) {
        unit->has_failed = true;
        return;
    }
    if (f.link_count > 0) {
        atomic_store(in->has_graph, true);
    }
    filing.links = f.links;
    filing.link_count = f.link_count;
    graph_file(unit, &filing, arena);
}
