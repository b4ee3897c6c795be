/* tally.c - shards of counters, one for each of the first threads that count; later ones share. */
#include "api/tally.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { SHARDS = 8, CACHE_LINE = 64 };

static const uint64_t duration_bounds_us[] = {100,     250,     500,     1000,    2500,   5000,
                                              10000,   25000,   50000,   100000,  250000, 500000,
                                              1000000, 2500000, 5000000, 10000000};
static const uint64_t score_bounds[] = {100, 200, 300, 400, 450, 500, 550,
                                        600, 650, 700, 750, 800, 900, 1000};

/* Row 0 is a request without an answer; the last stands for every status that is not listed. */
static const struct {
    int status;
    const char *label;
} codes[] = {
    {0,   "none" },
    {200, "200"  },
    {201, "201"  },
    {204, "204"  },
    {304, "304"  },
    {308, "308"  },
    {400, "400"  },
    {401, "401"  },
    {403, "403"  },
    {404, "404"  },
    {405, "405"  },
    {406, "406"  },
    {408, "408"  },
    {409, "409"  },
    {412, "412"  },
    {413, "413"  },
    {414, "414"  },
    {415, "415"  },
    {417, "417"  },
    {421, "421"  },
    {422, "422"  },
    {428, "428"  },
    {429, "429"  },
    {431, "431"  },
    {500, "500"  },
    {501, "501"  },
    {503, "503"  },
    {505, "505"  },
    {-1,  "other"},
};

_Static_assert(ARRAY_LEN(codes) <= TALLY_CODES_MAX, "every code has a row");

struct shard {
    alignas(CACHE_LINE)
        atomic_uint_fast64_t requests[TALLY_ROUTES_MAX][TALLY_METHODS][TALLY_CODES_MAX];
    struct histogram durations_us[TALLY_ROUTES_MAX];
    atomic_uint_fast64_t decisions[TALLY_RECOMMENDATIONS][TALLY_STATUSES][TALLY_MODES];
    struct histogram scores;
    atomic_uint_fast64_t replays;
};

struct tally {
    struct shard shards[SHARDS];
};

static void histograms_init(struct histogram durations_us[TALLY_ROUTES_MAX],
                            struct histogram *scores)
{
    for (size_t i = 0; i < TALLY_ROUTES_MAX; i++) {
        histogram_init(&durations_us[i], duration_bounds_us, ARRAY_LEN(duration_bounds_us));
    }
    histogram_init(scores, score_bounds, ARRAY_LEN(score_bounds));
}

struct tally *tally_create(void)
{
    struct tally *tally = aligned_alloc(CACHE_LINE, sizeof *tally);
    if (tally == NULL) {
        return NULL;
    }
    memset(tally, 0, sizeof *tally);
    for (size_t i = 0; i < SHARDS; i++) {
        histograms_init(tally->shards[i].durations_us, &tally->shards[i].scores);
    }
    return tally;
}

void tally_destroy(struct tally *tally)
{
    free(tally);
}

static struct shard *shard_of_thread(struct tally *tally)
{
    static atomic_uint threads;
    static _Thread_local unsigned place; /* 0: has none yet */
    if (place == 0) {
        place = 1 + atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed) % SHARDS;
    }
    return &tally->shards[place - 1];
}

static void count(atomic_uint_fast64_t *counter)
{
    (void)atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static size_t code_of(int status)
{
    size_t code = 0;
    while (code < ARRAY_LEN(codes) - 1 && codes[code].status != status) {
        code++;
    }
    return code;
}

void tally_request(struct tally *tally, enum http_method method, size_t route, int status,
                   uint64_t duration_us)
{
    struct shard *shard = shard_of_thread(tally);
    CHECK(route < TALLY_ROUTES_MAX);
    CHECK((size_t)method < TALLY_METHODS);
    count(&shard->requests[route][method][code_of(status)]);
    histogram_add(&shard->durations_us[route], duration_us);
}

void tally_decision(struct tally *tally, const struct decision *decision, bool is_live)
{
    struct shard *shard = shard_of_thread(tally);
    CHECK((size_t)decision->recommendation < TALLY_RECOMMENDATIONS);
    CHECK((size_t)decision->status < TALLY_STATUSES);
    count(&shard->decisions[decision->recommendation][decision->status][is_live ? 1 : 0]);
    bool has_score = decision->status == DECISION_SCORED || decision->status == DECISION_THIN;
    if (has_score) {
        int32_t points = decision->score.points;
        histogram_add(&shard->scores, points < 0 ? 0 : (uint64_t)points);
    }
}

void tally_replay(struct tally *tally)
{
    count(&shard_of_thread(tally)->replays);
}

const char *tally_method(enum http_method method)
{
    static const char *const names[TALLY_METHODS] = {
        [HTTP_OTHER] = "other",   [HTTP_GET] = "GET",        [HTTP_HEAD] = "HEAD",
        [HTTP_POST] = "POST",     [HTTP_PUT] = "PUT",        [HTTP_PATCH] = "PATCH",
        [HTTP_DELETE] = "DELETE", [HTTP_OPTIONS] = "OPTIONS"};
    CHECK((size_t)method < TALLY_METHODS);
    return names[method];
}

const char *tally_code(size_t code)
{
    return code < ARRAY_LEN(codes) ? codes[code].label : NULL;
}

static uint64_t value_of(const atomic_uint_fast64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void shard_add(struct tally_sum *out, const struct shard *shard)
{
    for (size_t route = 0; route < TALLY_ROUTES_MAX; route++) {
        for (size_t method = 0; method < TALLY_METHODS; method++) {
            for (size_t code = 0; code < ARRAY_LEN(codes); code++) {
                out->requests[route][method][code] +=
                    value_of(&shard->requests[route][method][code]);
            }
        }
        histogram_add_all(&out->durations_us[route], &shard->durations_us[route]);
    }
    for (size_t i = 0; i < TALLY_RECOMMENDATIONS; i++) {
        for (size_t j = 0; j < TALLY_STATUSES; j++) {
            for (size_t k = 0; k < TALLY_MODES; k++) {
                out->decisions[i][j][k] += value_of(&shard->decisions[i][j][k]);
            }
        }
    }
    histogram_add_all(&out->scores, &shard->scores);
    out->replays += value_of(&shard->replays);
}

void tally_read(struct tally_sum *out, const struct tally *tally)
{
    memset(out, 0, sizeof *out);
    histograms_init(out->durations_us, &out->scores);
    for (size_t i = 0; i < SHARDS; i++) {
        shard_add(out, &tally->shards[i]);
    }
}
