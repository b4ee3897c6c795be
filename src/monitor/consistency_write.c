/* consistency_write.c - each group beside the largest of its kind. */
#include "monitor/consistency.h"

#include "monitor/distribution.h"

#include <string.h>

static const char *const dimension_words[DIMENSION_COUNT] = {
    [DIMENSION_SECTION] = "section",
    [DIMENSION_SIZE] = "size",
    [DIMENSION_AGE] = "age",
    [DIMENSION_COUNTRY] = "country",
    [DIMENSION_LEGAL_NATURE] = "legal_nature",
};

/* What the figures say, and what they cannot. */
static const char *const shows[] = {
    "Replay: every decision was made again from what was kept, and compared byte for byte; one "
    "rule for "
    "all is not claimed, it is tried.",
    "Same facts: applications that differ in nothing but who applies were decided alike, or were "
    "not.",
    "Impact ratio: how often a group is accepted, against the largest group of its kind; below "
    "0.8, with "
    "an interval below 1, it is a sign to look.",
    "At equal risk: the difference in acceptance that remains between companies of one grade; what "
    "is "
    "left of a raw difference here is not the risk.",
    "Outcomes: defaults against those that were expected, so whether a group's risk is judged "
    "right.",
};
static const char *const cannot_show[] = {
    "Whether a difference is unjust: groups differ in risk, and a ratio is a question, not an "
    "answer.",
    "Anything of groups that a request does not tell: no owner's origin, sex, age or address is "
    "asked.",
    "Regions within a country: a request has no postal code, and an identifier does not tell it.",
    "Reviewers: decisions are not yet changed by people here, so there are none to compare.",
    "Outcomes of those who were declined, where nobody reports them: their risk stays the model's "
    "word.",
    "Small groups: below 30 companies nothing is called a sign.",
};

static void word_member(struct json_writer *w, struct str name, const char *word)
{
    json_text_member(w, name, str_from(word));
}

/* Who nobody knows is no yardstick, unless there is nobody else. */
static uint32_t reference_of(const struct group_list *list)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < list->count; i++) {
        const struct group *a = &list->groups[i], *b = &list->groups[best];
        bool a_unknown = strcmp(a->label, "unknown") == 0,
             b_unknown = strcmp(b->label, "unknown") == 0;
        bool is_better = a_unknown != b_unknown ? b_unknown : a->companies > b->companies;
        best = is_better ? i : best;
    }
    return best;
}

static bool is_sign(const struct group *group, const struct group *reference)
{
    struct rate_ratio ratio;
    bool is_none = group->accepted.hits == 0 && reference->accepted.hits > 0;
    rate_ratio(&ratio, group->accepted, reference->accepted);
    if (group == reference || group->companies < GROUP_SMALL ||
        reference->companies < GROUP_SMALL) {
        return false;
    }
    return is_none || (ratio.is_known && ratio.ratio < DISPARITY_RATIO_LEAST && ratio.high < 1);
}

static void write_ratio(struct json_writer *w, struct str name, struct tally_rate group,
                        struct tally_rate reference)
{
    struct rate_ratio ratio;
    rate_ratio(&ratio, group, reference);
    json_name(w, name);
    if (!ratio.is_known) {
        json_null(w);
        return;
    }
    json_object_begin(w);
    figure_member(w, STR("value"), ratio.ratio);
    figure_member(w, STR("low"), ratio.low);
    figure_member(w, STR("high"), ratio.high);
    json_object_end(w);
}

static void write_rate(struct json_writer *w, struct str name, struct tally_rate rate)
{
    struct rate_interval interval = rate_interval(rate);
    object_member_begin(w, name);
    count_member(w, STR("n"), rate.n);
    figure_member_or_null(w, STR("rate"), rate.n == 0 ? 0 : (double)rate.hits / rate.n, rate.n > 0);
    figure_member(w, STR("low"), interval.low);
    figure_member(w, STR("high"), interval.high);
    json_object_end(w);
}

static void write_equal_risk(struct json_writer *w, const struct group *group,
                             const struct group *reference)
{
    struct equal_risk d;
    equal_risk_difference(&d, group->by_grade, reference->by_grade, GRADE_COUNT);
    json_name(w, STR("at_equal_risk"));
    if (!d.is_known) {
        json_null(w);
        return;
    }
    json_object_begin(w);
    figure_member(w, STR("difference"), d.difference);
    figure_member(w, STR("low"), d.low);
    figure_member(w, STR("high"), d.high);
    count_member(w, STR("grades"), d.strata);
    json_object_end(w);
}

static void write_outcomes(struct json_writer *w, const struct group *group)
{
    struct grade_test t;
    grade_test(&t, &group->outcomes);
    object_member_begin(w, STR("outcomes"));
    count_member(w, STR("n"), group->outcomes.n);
    count_member(w, STR("defaults"), group->outcomes.bads);
    figure_member_or_null(w, STR("default_rate"), t.default_rate, group->outcomes.n > 0);
    figure_member_or_null(w, STR("mean_pd"), t.mean_pd, group->outcomes.n > 0);
    figure_member_or_null(w, STR("jeffreys_p"), t.jeffreys_p, group->outcomes.n > 0);
    word_member(w, STR("light"), light_wire(t.light));
    json_object_end(w);
}

static void write_group(struct json_writer *w, const struct group *group,
                        const struct group *reference, const char *const words[OUTCOME_KINDS])
{
    json_object_begin(w);
    word_member(w, STR("group"), group->label);
    count_member(w, STR("companies"), group->companies);
    object_member_begin(w, STR("recommendations"));
    for (uint32_t i = 0; i < OUTCOME_KINDS; i++) {
        count_member(w, str_from(words[i]), group->recommendations[i]);
    }
    json_object_end(w);
    figure_member_or_null(w, STR("mean_score"),
                          group->scored == 0 ? 0 : group->score_sum / group->scored,
                          group->scored > 0);
    figure_member_or_null(w, STR("mean_pd"), group->scored == 0 ? 0 : group->pd_sum / group->scored,
                          group->scored > 0);
    write_rate(w, STR("acceptance"), group->accepted);
    bool is_reference = group == reference;
    if (is_reference) {
        null_member(w, STR("impact_ratio"));
        null_member(w, STR("at_equal_risk"));
    } else {
        write_ratio(w, STR("impact_ratio"), group->accepted, reference->accepted);
        write_equal_risk(w, group, reference);
    }
    write_outcomes(w, group);
    write_rate(w, STR("acceptance_of_good"), group->accepted_good);
    flag_member(w, STR("is_small"), group->companies < GROUP_SMALL);
    flag_member(w, STR("is_sign"), is_sign(group, reference));
    json_object_end(w);
}

static void write_dimension(struct json_writer *w, enum dimension dimension,
                            const struct group_list *list, const char *const words[OUTCOME_KINDS])
{
    uint32_t reference = reference_of(list);
    json_object_begin(w);
    word_member(w, STR("dimension"), dimension_words[dimension]);
    json_name(w, STR("reference"));
    if (list->count > 0) {
        json_string(w, str_from(list->groups[reference].label));
    } else {
        json_null(w);
    }
    array_member_begin(w, STR("groups"));
    for (uint32_t i = 0; i < list->count; i++) {
        write_group(w, &list->groups[i], &list->groups[reference], words);
    }
    json_array_end(w);
    json_object_end(w);
}

static void write_signs(struct json_writer *w, const struct consistency *c)
{
    array_member_begin(w, STR("signs"));
    for (int d = 0; d < DIMENSION_COUNT; d++) {
        const struct group_list *list = &c->dimensions[d];
        const struct group *reference = &list->groups[reference_of(list)];
        for (uint32_t i = 0; i < list->count; i++) {
            if (is_sign(&list->groups[i], reference)) {
                json_object_begin(w);
                word_member(w, STR("dimension"), dimension_words[d]);
                word_member(w, STR("group"), list->groups[i].label);
                json_object_end(w);
            }
        }
    }
    json_array_end(w);
}

static void write_words(struct json_writer *w, struct str name, const char *const *words,
                        size_t count)
{
    array_member_begin(w, name);
    for (size_t i = 0; i < count; i++) {
        json_string(w, str_from(words[i]));
    }
    json_array_end(w);
}

enum status consistency_write(struct json_writer *w, const struct consistency *c,
                              const char *const words[OUTCOME_KINDS], struct error *err)
{
    if (c->is_full) {
        return error_set(err, STATUS_BUSY, "", "no memory for a report of so many companies");
    }
    count_member(w, STR("decisions"), c->decisions);
    count_member(w, STR("companies"), c->population);
    object_member_begin(w, STR("replay"));
    count_member(w, STR("same"), (uint64_t)c->replayed - c->replayed_differently);
    count_member(w, STR("different"), c->replayed_differently);
    count_member(w, STR("not_replayed"), c->not_replayed);
    json_object_end(w);
    object_member_begin(w, STR("same_facts"));
    count_member(w, STR("repeated"), c->repeated);
    count_member(w, STR("decided_differently"), c->repeated_differently);
    json_object_end(w);
    array_member_begin(w, STR("dimensions"));
    for (int d = 0; d < DIMENSION_COUNT; d++) {
        write_dimension(w, (enum dimension)d, &c->dimensions[d], words);
    }
    json_array_end(w);
    write_signs(w, c);
    object_member_begin(w, STR("reading"));
    write_words(w, STR("shows"), shows, ARRAY_LEN(shows));
    write_words(w, STR("cannot_show"), cannot_show, ARRAY_LEN(cannot_show));
    json_object_end(w);
    return STATUS_OK;
}
