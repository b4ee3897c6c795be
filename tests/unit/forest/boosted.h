/* boosted.h - four small trees that XGBoost 1.7.4 grew, and what it answers by them.
 *
 * Log-odds and exact contributions (pred_contribs) of eight rows, some with missing inputs. */
#ifndef TESTS_UNIT_FOREST_BOOSTED_H
#define TESTS_UNIT_FOREST_BOOSTED_H

#include "forest/forest.h"

#include "../expect.h"

#include <math.h>

/* clang-format off */
#define LEAF(value_, cover_) {.is_leaf = true, .value = (double)(float)(value_), .cover = (cover_)}
#define SPLIT(input_, threshold_, missing_left_, left_, right_, cover_)                            \
    {.input = (input_), .threshold = (double)(float)(threshold_), .missing_left = (missing_left_),     \
     .left = (left_), .right = (right_), .cover = (cover_)}

static const struct forest_raw_node tree_0[] = {
    SPLIT(0, 0.4353548, true, 1, 2, 100.0),
    SPLIT(1, -1.1537871, true, 3, 4, 65.25),
    SPLIT(1, 0.8552259, true, 5, 6, 34.75),
    SPLIT(0, -0.7384027, true, 7, 8, 8.5),
    SPLIT(2, -0.97928524, false, 9, 10, 56.75),
    SPLIT(2, -0.007659048, true, 11, 12, 27.75),
    SPLIT(2, 0.32810983, true, 13, 14, 7.0),
    LEAF(-0.2972744, 2.5),
    LEAF(-0.119224176, 6.0),
    LEAF(-0.2972744, 7.5),
    LEAF(-0.49850747, 49.25),
    LEAF(0.11578947, 13.25),
    LEAF(0.46451613, 14.5),
    LEAF(-0.119224176, 5.25),
    LEAF(0.05454546, 1.75),
};
static const struct forest_raw_node tree_1[] = {
    SPLIT(0, 0.35356843, true, 1, 2, 96.00453),
    SPLIT(1, -0.9478052, true, 3, 4, 59.46417),
    SPLIT(1, 0.85157436, true, 5, 6, 36.54036),
    SPLIT(0, -0.7384027, true, 7, 8, 11.250285),
    SPLIT(2, -0.97928524, false, 9, 10, 48.213886),
    SPLIT(2, -0.59532094, true, 11, 12, 28.855003),
    SPLIT(3, 0.8211875, true, 13, 14, 7.685355),
    LEAF(-0.24302126, 3.1508396),
    LEAF(-0.105693504, 8.099445),
    LEAF(-0.24302126, 6.6030416),
    LEAF(-0.40754977, 41.610844),
    LEAF(0.058625866, 9.684637),
    LEAF(0.31843328, 19.170366),
    LEAF(-0.105693504, 6.4383855),
    LEAF(0.058625866, 1.2469693),
};
static const struct forest_raw_node tree_2[] = {
    SPLIT(0, 0.8147813, true, 1, 2, 88.59154),
    SPLIT(1, -0.9478052, true, 3, 4, 69.11775),
    SPLIT(1, 0.022184407, true, 5, 6, 19.473783),
    SPLIT(0, -0.7384027, true, 7, 8, 13.513337),
    SPLIT(0, -0.2411103, true, 9, 10, 55.60442),
    SPLIT(3, 0.9153404, true, 11, 12, 9.879854),
    SPLIT(2, 0.4021898, true, 13, 14, 9.593929),
    LEAF(-0.1504717, 2.9817357),
    LEAF(-0.02063857, 10.531602),
    LEAF(-0.36063862, 23.288713),
    LEAF(-0.21332416, 32.315704),
    LEAF(0.39436796, 7.9796953),
    LEAF(0.16951738, 1.9001589),
    LEAF(-0.02063857, 6.046965),
    LEAF(0.16951738, 3.546964),
};
static const struct forest_raw_node tree_3[] = {
    SPLIT(0, -0.2411103, true, 1, 2, 81.8696),
    SPLIT(1, -0.74302673, true, 3, 4, 26.295012),
    SPLIT(1, -0.09302714, true, 5, 6, 55.57459),
    SPLIT(2, 0.64470714, true, 7, 8, 8.325139),
    LEAF(-0.33626673, 17.969873),
    SPLIT(1, -1.0867194, true, 9, 10, 22.80034),
    SPLIT(2, 0.522966, true, 11, 12, 32.77425),
    LEAF(-0.14409272, 5.7327347),
    LEAF(-0.24734618, 2.5924041),
    LEAF(0.37287927, 7.9726257),
    LEAF(0.1263049, 14.827715),
    LEAF(-0.14409272, 24.399971),
    LEAF(0.04023825, 8.374277),
};

static const struct forest_raw_tree boosted_trees[] = {
    {tree_0, ARRAY_LEN(tree_0)}, {tree_1, ARRAY_LEN(tree_1)},
    {tree_2, ARRAY_LEN(tree_2)}, {tree_3, ARRAY_LEN(tree_3)},
};

static const uint8_t boosted_rules[] = {
    FOREST_AS_FLOAT, FOREST_AS_FLOAT, FOREST_AS_FLOAT, FOREST_AS_FLOAT};

static const struct {
    double inputs[4];
    double contributions[5]; /* the last: when nothing is told */
    double margin;
} boosted_rows[] = {
    {{2.040919065475464, -2.5556650161743164, 0.4180988371372223, -0.5677695870399475}, {1.2027815580368042, 0.7246519327163696, 0.1621987521648407, 0.019617421552538872, -0.5590530633926392}, 1.550196647644043},
    {{-0.4526492953300476, -0.21559716761112213, NAN, -0.2319323718547821}, {-0.8550082445144653, -0.09138401597738266, -0.09999768435955048, 0.0024804528802633286, -0.5590530633926392}, -1.602962613105774},
    {{-0.8652130961418152, 3.3229994773864746, 0.22578661143779755, -0.3526307940483093}, {-0.7041320204734802, -0.30835363268852234, -0.030628755688667297, -0.0007951179286465049, -0.5590530633926392}, -1.602962613105774},
    {{-0.28128743171691895, -0.6680463552474976, -1.0551505088806152, -0.39080098271369934}, {-0.7922261953353882, -0.06620577722787857, 0.17780359089374542, 0.0024804528802633286, -0.5590530633926392}, -1.2372009754180908},
    {{0.4819453954696655, -0.23855361342430115, 0.9577587246894836, -0.19980213046073914}, {0.9716960191726685, 0.09710797667503357, 0.18463335931301117, 0.0015458641573786736, -0.5590530633926392}, 0.6959301233291626},
    {{0.02425956539809704, 1.5458208322525024, 0.545105516910553, -0.5052287578582764}, {-0.2924976348876953, -0.32710573077201843, 0.1003083661198616, -0.0007951179286465049, -0.5590530633926392}, -1.0791431665420532},
    {{-0.18283897638320923, 0.5405251383781433, 1.935088038444519, -0.2696203291416168}, {-0.43337535858154297, -0.1920463740825653, 0.10443554073572159, 0.0008961426792666316, -0.5590530633926392}, -1.0791431665420532},
    {{-0.24355867505073547, 1.0023136138916016, NAN, -0.2917202413082123}, {-0.6377089619636536, -0.3164903521537781, -0.08891510963439941, -0.0007951179286465049, -0.5590530633926392}, -1.602962613105774},
};
/* clang-format on */

static const struct forest_raw boosted = {4, boosted_rules, boosted_trees, 4, 0};

static inline void assert_within(double got, double want, double gap)
{
    if (!(got - want <= gap && want - got <= gap)) {
        print_error("got %.12f, want %.12f\n", got, want);
        fail();
    }
}

static inline int arena_setup(void **state)
{
    static struct arena arena;
    arena_init(&arena, 64 * 1024 * 1024);
    *state = &arena;
    return 0;
}

static inline int arena_teardown(void **state)
{
    arena_finish(*state);
    return 0;
}

#endif
