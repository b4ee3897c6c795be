/* extract_graph.c - what the company's neighbourhood says of it. */
#include "feature/extract.h"
#include "feature/neighbourhood.h"

static const struct known UNKNOWN = {0.0, false};

static const struct neighbourhood nobody;

static const struct neighbourhood *around(const struct extract_input *in)
{
    return in->facts->neighbourhood == NULL ? &nobody : in->facts->neighbourhood;
}

struct known feature_g_in_group(const struct extract_input *in)
{
    bool is_known = in->facts->neighbourhood != NULL;
    return (struct known){around(in)->group.is_in_group ? 1.0 : 0.0, is_known};
}

struct known feature_g_parent_pd(const struct extract_input *in)
{
    return around(in)->parent_pd;
}

struct known feature_g_group_max_pd(const struct extract_input *in)
{
    return around(in)->group_max_pd;
}

struct known feature_g_dir_fail(const struct extract_input *in)
{
    return around(in)->director_failures;
}

struct known feature_g_trade_pd(const struct extract_input *in)
{
    return around(in)->trade_pd;
}

struct known feature_g_ppr(const struct extract_input *in)
{
    return around(in)->nearness;
}

struct known feature_g_top_customer_share(const struct extract_input *in)
{
    return around(in)->top_customer_share;
}

/* On a company whose PD is the central tendency: what it is on the company's own, the combination
 * of the families says. */
struct known feature_g_uplift(const struct extract_input *in)
{
    struct known rate = in->tendency.rate;
    return rate.is_known ? neighbourhood_uplift(around(in), rate.value) : UNKNOWN;
}

struct known feature_g_unknown_share(const struct extract_input *in)
{
    const struct neighbourhood *n = around(in);
    if (n->relation_count == 0) {
        return UNKNOWN;
    }
    return (struct known){(double)n->unknown_count / n->relation_count, true};
}
