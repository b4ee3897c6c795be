/* fuzz_model.c - a bundle that is taken scores any company, and its points add up.
 *
 * The input is a bundle; what follows a NUL is a company, byte by byte. */
#include "fuzz_target.h"

#include "score/score.h"

struct bytes {
    const uint8_t *at, *end;
};

static uint64_t take(struct bytes *in, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count && in->at < in->end; i++) {
        value = value << 8 | *in->at++;
    }
    return value;
}

static struct date take_date(struct bytes *in)
{
    return date_from_days((int32_t)(take(in, 2) % 60000) - 20000); /* 1915 to 2079 */
}

static struct statement take_statement(struct bytes *in)
{
    struct statement s = {.period_end = take_date(in), .currency = CURRENCY_EUR};
    s.months = (uint8_t)take(in, 1);
    uint64_t items = take(in, 5);
    for (size_t i = 0; i < ITEM_COUNT; i++) {
        if ((items >> i & 1) != 0) {
            int64_t size = (int64_t)(take(in, 6) % (uint64_t)MONEY_MINOR_MAX);
            bool is_negative = item_may_be_negative((enum item)i) && size % 2 != 0;
            statement_state(&s, (enum item)i, is_negative ? -size : size);
        }
    }
    statement_derive(&s);
    return s;
}

static void score_company(const struct model *model, struct bytes in)
{
    static const char *const countries[] = {"", "FR", "ES", "DE"};
    static const char *const activities[] = {"", "4669B", "4120A", "zz"};
    static struct score score;
    struct facts facts = {.as_of = take_date(&in), .blocks_sent = (uint32_t)take(&in, 1)};
    struct company *company = &facts.company;
    company->nomenclature = (enum nomenclature)(take(&in, 1) % NOMENCLATURE_COUNT);
    company->incorporated_on = take_date(&in);
    company->employees = (int32_t)take(&in, 3) - 1;
    for (size_t i = 0, k = take(&in, 1) % 4; countries[k][i] != '\0'; i++) {
        company->country[i] = countries[k][i];
    }
    for (size_t i = 0, k = take(&in, 1) % 4; activities[k][i] != '\0'; i++) {
        company->activity_code[i] = activities[k][i];
    }
    const struct statement statements[2] = {take_statement(&in), take_statement(&in)};
    facts.statements = statements;
    facts.statement_count = (uint32_t)take(&in, 1) % 3;

    score_compute(&score, model, &facts);
    int64_t sum = score.base_deci;
    for (uint32_t i = 0; i < score.contribution_count; i++) {
        sum += score.contributions[i].deci_points;
    }
    CHECK(sum == (int64_t)score.points * 10);
    CHECK(score.pd_ppm_low <= score.pd_ppm && score.pd_ppm <= score.pd_ppm_high);
    CHECK(score.pd_ppm_high <= score.pd_ppm_bound);
    CHECK(score.pd_ppm >= PD_PPM_FLOOR && score.pd_ppm_bound < PD_PPM_ONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_of(data, size);
    struct model *model = NULL;
    struct error err = {0};
    size_t end = str_find(text, 0, '\0');
    enum status status = model_read(&model, str_slice(text, 0, end), &err);
    if (status != STATUS_OK) {
        CHECK(model == NULL && err.message[0] != '\0');
        return 0;
    }
    if (model->can_decide) {
        score_company(model, (struct bytes){data + end, data + size});
    }
    model_destroy(model);
    return 0;
}
