/* bits.c - prints every bit that a decision rests on: elementary functions, then scores.
 *
 * usage: bits BUNDLE...
 *
 * The output must be the same under every compiler, optimisation and processor; same_bits.sh
 * compares. */
#include "base/elementary.h"
#include "score/score.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 20000, SHOWN = 40, COMPANIES = 2000 };

static uint64_t seed = 1;

static uint64_t random_next(void)
{
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* From low to high. */
static double random_double(double low, double high)
{
    return low + (high - low) * ((double)(random_next() >> 11) / 9007199254740992.0);
}

static int64_t random_amount(int64_t low, int64_t high)
{
    return low + (int64_t)(random_next() % (uint64_t)(high - low + 1));
}

/* FNV-1a over all values; the first few are shown, so that a difference can be looked at. */
struct digest {
    const char *name;
    uint64_t hash;
    unsigned count;
};

static void digest_add(struct digest *d, uint64_t value)
{
    d->hash = d->count == 0 ? UINT64_C(0xcbf29ce484222325) : d->hash;
    for (int i = 0; i < 64; i += 8) {
        d->hash = (d->hash ^ (value >> i & 0xff)) * UINT64_C(0x100000001b3);
    }
    if (d->count < SHOWN) {
        printf("%s %u %016" PRIx64 "\n", d->name, d->count, value);
    }
    d->count++;
}

static void digest_add_double(struct digest *d, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    digest_add(d, bits);
}

static void digest_end(const struct digest *d)
{
    printf("%s all %016" PRIx64 "\n", d->name, d->hash);
}

static void print_elementary(void)
{
    struct digest d[] = {{.name = "exp"},   {.name = "log"},     {.name = "log10"},
                         {.name = "pow"},   {.name = "sqrt"},    {.name = "normal_cdf"},
                         {.name = "logit"}, {.name = "logistic"}};
    for (unsigned i = 0; i < ROUNDS; i++) {
        digest_add_double(&d[0], elementary_exp(random_double(-740.0, 700.0)));
        digest_add_double(&d[0], elementary_exp(random_double(-12.0, 12.0)));
        digest_add_double(&d[1], elementary_log(random_double(1e-7, 3.0)));
        digest_add_double(&d[1], elementary_log(random_double(1.0, 1e12)));
        digest_add_double(&d[2], elementary_log10(random_double(1e-3, 1e12)));
        double base = random_double(1e-6, 1.0);
        digest_add_double(&d[3], elementary_pow(base, random_double(0.0, 30.0)));
        digest_add_double(&d[4], elementary_sqrt(random_double(0.0, 4.0)));
        digest_add_double(&d[5], elementary_normal_cdf(random_double(-8.0, 8.0)));
        digest_add_double(&d[6], logit(random_double(1e-6, 0.999)));
        digest_add_double(&d[7], logistic(random_double(-15.0, 15.0)));
    }
    for (size_t i = 0; i < ARRAY_LEN(d); i++) {
        digest_end(&d[i]);
    }
}

/* Amounts need not add up: the bits must be the same all the same. */
static struct statement random_statement(int16_t year)
{
    struct statement s = {
        .period_end = {year, 12, 31},
          .currency = CURRENCY_EUR
    };
    s.months = (uint8_t)random_amount(6, 18);
    for (size_t i = 0; i < ITEM_COUNT; i++) {
        int64_t low = item_may_be_negative((enum item)i) ? -20000000 : 0;
        if (random_amount(0, 9) > 0) {
            statement_state(&s, (enum item)i, random_amount(low, 100000000));
        }
    }
    statement_derive(&s);
    return s;
}

static void digest_add_score(struct digest *d, const struct score *score)
{
    digest_add(d, score->pd_ppm);
    digest_add(d, score->pd_ppm_low);
    digest_add(d, score->pd_ppm_high);
    digest_add(d, score->pd_ppm_bound);
    digest_add(d, score->statistical_pd_ppm);
    digest_add(d, score->machine_learned_pd_ppm);
    digest_add(d, (uint64_t)score->points);
    for (uint32_t i = 0; i < score->contribution_count; i++) {
        digest_add(d, (uint64_t)(int64_t)score->contributions[i].deci_points);
    }
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        digest_add_double(d, score->features.values[i].value);
    }
    digest_add_double(d, score->context.altman_z_services.value);
    digest_add_double(d, score->context.zmijewski.value);
    digest_add_double(d, score->context.conan_holder.value);
}

static void print_scores(const struct model *model)
{
    static struct score score;
    struct digest d = {.name = "score"};
    for (unsigned i = 0; i < COMPANIES; i++) {
        int16_t year = (int16_t)random_amount(2023, 2025);
        struct statement statements[2];
        statements[0] = random_statement(year);
        statements[1] = random_statement((int16_t)(year - 1));
        int16_t born = (int16_t)random_amount(1960, 2026);
        int32_t employees = (int32_t)random_amount(-1, 500);
        struct facts facts = {
            .company = {.country = "FR",
                        .nomenclature = NOMENCLATURE_NAF_REV2,
                        .activity_code = "4669B",
                        .incorporated_on = {born, 3, 1},
                        .employees = employees},
            .as_of = {2026, 11,              22},
            .statement_count = (uint32_t)random_amount(0, 2),
            .statements = statements,
        };
        score_compute(&score, model, &facts);
        digest_add_score(&d, &score);
    }
    digest_end(&d);
}

/* Reading proves the bundle's own vectors on the way. */
static bool print_scores_of(const char *path)
{
    struct model *model = NULL;
    struct error err = {0};
    char *text = calloc(1, MODEL_LEN_MAX);
    FILE *file = fopen(path, "rb");
    size_t len = file == NULL || text == NULL ? 0 : fread(text, 1, MODEL_LEN_MAX, file);
    enum status status = model_read(&model, str_of(text, len), &err);
    if (file != NULL) {
        (void)fclose(file);
    }
    free(text);
    if (status != STATUS_OK || !model->can_decide) {
        (void)fprintf(stderr, "%s: %s %s: %s\n", path, status_text(status), err.field, err.message);
        model_destroy(model);
        return false;
    }
    print_scores(model);
    model_destroy(model);
    return true;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr, "usage: bits BUNDLE...\n");
        return 2;
    }
    print_elementary();
    bool is_read = true;
    for (int i = 1; i < argc; i++) {
        is_read = print_scores_of(argv[i]) && is_read;
    }
    return is_read ? 0 : 1;
}
