/* tally.h - what the API counts about the requests it has answered and the decisions it has made.
 *
 * Counting is a few relaxed additions and takes no lock.  Threads count in shards of their own, so
 * that the loops do not pull one cache line back and forth; a reader adds the shards up. */
#ifndef API_TALLY_H
#define API_TALLY_H

#include "base/histogram.h"
#include "http/server.h"
#include "service/decide.h"

enum {
    TALLY_ROUTES_MAX = 64, /* the last stands for everything that is no route */
    TALLY_NO_ROUTE = TALLY_ROUTES_MAX - 1,
    TALLY_METHODS = HTTP_OPTIONS + 1,
    TALLY_CODES_MAX = 32,
    TALLY_RECOMMENDATIONS = 4,
    TALLY_STATUSES = 4,
    TALLY_MODES = 2, /* test, live */
};

struct tally;

struct tally *tally_create(void); /* NULL: no memory */
void tally_destroy(struct tally *tally);

/* A request has ended.  `status` 0: its client was gone before there was an answer. */
void tally_request(struct tally *tally, enum http_method method, size_t route, int status,
                   uint64_t duration_us);
/* A decision is on disk. */
void tally_decision(struct tally *tally, const struct decision *decision, bool is_live);
/* A retry got the answer of the first request. */
void tally_replay(struct tally *tally);

/* The words of the labels: they are all there are. */
const char *tally_method(enum http_method method); /* "GET", or "other" */
const char *tally_code(size_t code);               /* "201", "none", "other"; NULL past the last */

/* All shards together. */
struct tally_sum {
    uint64_t requests[TALLY_ROUTES_MAX][TALLY_METHODS][TALLY_CODES_MAX];
    struct histogram durations_us[TALLY_ROUTES_MAX];
    uint64_t decisions[TALLY_RECOMMENDATIONS][TALLY_STATUSES][TALLY_MODES];
    struct histogram scores;
    uint64_t replays;
};

/* Large: a caller keeps it on the heap. */
void tally_read(struct tally_sum *out, const struct tally *tally);

#endif
