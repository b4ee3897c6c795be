/* score_bench.c - one company through the shipped model: all families, the bound, exact reasons.
 *
 * usage: score_bench COMPANIES
 *
 * Companies are those of the economy with seed 1, read from their requests before the clock starts.
 * Each call is timed by itself: features, scorecards, trees with contributions, the stack, the lift
 * by others, the interval and the bound. */
#include "economy/request.h"
#include "service/assess.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { COMPANIES_MAX = 20000, ARENA_MAX = 1 << 30 };

static double now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int time_order(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The facts of one firm's request; its text lives as long. */
static void facts_of(struct facts *out, const struct economy *e, uint32_t place, uint32_t blocks,
                     struct arena *arena)
{
    struct showing_options options = {.blocks = blocks};
    struct shown shown;
    struct decision_request request;
    struct violations violations;
    struct json_error json_err;
    struct buf text;
    buf_init(&text, DECISION_REQUEST_LEN_MAX);
    shown_make(&shown, &options, e, place);
    request_write(&text, e, place, &shown, 1);
    struct str kept = arena_copy(arena, buf_str(&text));
    buf_finish(&text);
    CHECK(kept.ptr != NULL);
    violations_init(&violations, arena);
    const struct json *root = json_read(kept, arena, &json_err);
    CHECK(root != NULL);
    CHECK(decision_request_read(&request, root, e->as_of, arena, &violations) == STATUS_OK);
    *out = request.facts;
}

static void measure(const char *what, const struct model *model, uint32_t count, uint32_t blocks)
{
    static double times[COMPANIES_MAX];
    struct economy_options options = economy_options_default;
    struct economy e;
    struct arena economy_arena, arena;
    struct score score;
    options.companies = count;
    arena_init(&economy_arena, ARENA_MAX);
    arena_init(&arena, ARENA_MAX);
    CHECK(economy_make(&e, &options, &economy_arena));
    for (uint32_t i = 0; i < count; i++) {
        struct facts facts;
        arena_reset(&arena);
        facts_of(&facts, &e, i, blocks, &arena);
        double began = now_ns();
        score_compute(&score, model, &facts);
        times[i] = now_ns() - began;
    }
    qsort(times, count, sizeof times[0], time_order);
    printf("  %-44s %8.2f %8.2f\n", what, times[count / 2] / 1e3,
           times[count - 1 - count / 100] / 1e3);
    arena_finish(&arena);
    arena_finish(&economy_arena);
}

int main(int argc, char **argv)
{
    const uint32_t accounts = 1U << BLOCK_FINANCIAL | 1U << BLOCK_FIRMOGRAPHIC;
    const uint32_t all = (1U << BLOCK_COUNT) - 1;
    struct in_force in_force = {0};
    struct error err = {{0}, {0}};
    long count = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    if (count < 100 || count > COMPANIES_MAX) {
        (void)fprintf(stderr, "usage: score_bench COMPANIES (100 to %d)\n", COMPANIES_MAX);
        return 64;
    }
    if (in_force_load(&in_force, NULL, NULL, 0, &err) != STATUS_OK) {
        (void)fprintf(stderr, "score_bench: %s\n", err.message);
        return 1;
    }
    printf("the shipped model, every family, exact reasons, the bound; microseconds a company: "
           "%8s %8s\n",
           "p50", "p99");
    measure("accounts alone", in_force.model, (uint32_t)count, accounts);
    measure("every block, with ties", in_force.model, (uint32_t)count, all);
    in_force_finish(&in_force);
    return 0;
}
