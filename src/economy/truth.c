/* truth.c - the columns, in the order that docs/ECONOMY.md tells. */
#include "economy/truth.h"

#include "format/csv.h"

enum { DECIMALS_SHOWN = 9 };

void truth_write_head(struct buf *out)
{
    buf_append(out, STR("row,id,as_of,group,quality,log_odds,pd,pd_after,rated_pd,"
                        "signal_financial,signal_bank,signal_payment,default_12m,contagious,"
                        "shown_financial,shown_firmographic,shown_bank,shown_payment,shown_legal,"
                        "shown_graph,dirt,refused\n"));
}

static void append_number(struct buf *out, double value)
{
    buf_append_byte(out, ',');
    double_write(out, double_round_digits(value, DECIMALS_SHOWN));
}

static void append_flag(struct buf *out, bool value)
{
    buf_append(out, value ? STR(",1") : STR(",0"));
}

/* Signals of accounts look at quality where the last exercise closed. */
static void append_signals(struct buf *out, const struct economy *economy, const struct firm *firm)
{
    struct date closing = {(int16_t)(economy->as_of.year - 1), 12, 31};
    double then = firm_quality(firm, months_since(closing, economy->as_of));
    append_number(out, firm_signal(firm, BLOCK_FINANCIAL, then, closing.year));
    append_number(out, firm_signal(firm, BLOCK_BANK, firm->quality[0], economy->as_of.year));
    append_number(out, firm_signal(firm, BLOCK_PAYMENT, firm->quality[0], economy->as_of.year));
}

static void append_dirt(struct buf *out, const struct shown *shown)
{
    bool is_first = true;
    buf_append_byte(out, ',');
    for (size_t i = 0; i < DIRT_COUNT; i++) {
        if (shown_is(shown, (enum dirt)i)) {
            buf_append(out, is_first ? STR("") : STR("+"));
            buf_append_text(out, dirt_wire((enum dirt)i));
            is_first = false;
        }
    }
}

void truth_write(struct buf *out, const struct economy *economy, uint32_t place,
                 const struct shown *shown, uint64_t row)
{
    static const enum block order[] = {BLOCK_FINANCIAL, BLOCK_FIRMOGRAPHIC, BLOCK_BANK,
                                       BLOCK_PAYMENT,   BLOCK_LEGAL,        BLOCK_GRAPH};
    const struct firm *firm = &economy->firms[place];
    buf_printf(out, "%llu,%09u,", (unsigned long long)row, firm->number);
    date_write(out, economy->as_of);
    buf_append_byte(out, ',');
    buf_append_int(out, economy_kin(economy, place));
    append_number(out, firm->quality[0]);
    append_number(out, firm->log_odds);
    append_number(out, firm->pd);
    append_number(out, firm->pd_after);
    append_number(out, (double)firm->rated_pd_ppm / 1e6);
    append_signals(out, economy, firm);
    append_flag(out, firm->fails);
    append_flag(out, firm->is_contagious);
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        append_flag(out, shown_has(shown, order[i]));
    }
    append_dirt(out, shown);
    append_flag(out, shown_is_refused(shown));
    buf_append_byte(out, '\n');
}
