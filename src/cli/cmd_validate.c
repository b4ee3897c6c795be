/* cmd_validate.c - aval validate BUNDLE: figures of a model on a table with known outcomes. */
#include "cli/cmd.h"

#include "base/file.h"
#include "cli/cli.h"
#include "train/card_write.h"
#include "train/validate.h"

#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#define USAGE                                                                                      \
    "BUNDLE --data CSV[.gz] [--label COLUMN] [--where EXPR] [--weight COLUMN] [--group COLUMN]\n"  \
    "  [--predictions OUT.csv] [--explain OUT.csv] [--against PREDICTIONS.csv] [--json]"

enum { TABLE_LEN_MAX = 1 << 30, FIGURE_DIGITS = 12 };

struct arguments {
    struct validate_options validate;
    const char *predictions, *explanations; /* paths; NULL: not wanted */
    bool is_json;
};

static bool option_take(struct arguments *a, int option, const char *value)
{
    struct validate_options *v = &a->validate;
    switch (option) {
    case 'd':
        if (v->data_count == TABLE_FILES_MAX) {
            return false;
        }
        v->data[v->data_count++] = value;
        return true;
    case 'l': v->label = str_from(value); return true;
    case 'g': v->group = str_from(value); return true;
    case 'w': v->weight = str_from(value); return true;
    case 'W': v->where = str_from(value); return true;
    case 'p': a->predictions = value; return true;
    case 'e': a->explanations = value; return true;
    case 'A': v->against = value; return true;
    case 'j': a->is_json = true; return true;
    default: return false;
    }
}

static bool arguments_read(struct arguments *a, int argc, char **argv)
{
    static const struct option options[] = {
        {"data",        required_argument, NULL, 'd'},
        {"label",       required_argument, NULL, 'l'},
        {"group",       required_argument, NULL, 'g'},
        {"weight",      required_argument, NULL, 'w'},
        {"where",       required_argument, NULL, 'W'},
        {"predictions", required_argument, NULL, 'p'},
        {"explain",     required_argument, NULL, 'e'},
        {"against",     required_argument, NULL, 'A'},
        {"json",        no_argument,       NULL, 'j'},
        {NULL,          0,                 NULL, 0  },
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (!option_take(a, option, optarg)) {
            return false;
        }
    }
    a->validate.bundle = argv[optind];
    return optind + 1 == argc && a->validate.data_count > 0;
}

static void figures_write_json(struct buf *out, const struct metrics *m,
                               const struct auc_difference *against)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_object_begin(&w);
    metrics_write(&w, m, FIGURE_DIGITS);
    if (against != NULL) {
        auc_difference_write(&w, against, FIGURE_DIGITS);
    }
    json_object_end(&w);
    buf_append_byte(out, '\n');
}

static void figures_write_people(struct buf *out, const struct metrics *m,
                                 const struct auc_difference *against)
{
    const struct {
        const char *name;
        double value;
    } figures[] = {
        {"Gini",              m->gini             },
        {"KS",                m->ks               },
        {"average precision", m->average_precision},
        {"Brier score",       m->brier            },
        {"log loss",          m->log_loss         },
        {"calibration error", m->ece              },
    };
    buf_printf(out, "%-20s%u, of which %u bad\n", "rows", m->n, m->bads);
    buf_printf(out, "%-20s%.4f +- %.4f\n", "AUC", m->auc, m->auc_se);
    for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
        buf_printf(out, "%-20s%.4f\n", figures[i].name, figures[i].value);
    }
    if (against != NULL) {
        buf_printf(out, "%-20s%.4f - %.4f = %+.4f +- %.4f, 95 %%: %+.4f to %+.4f\n",
                   "against, no weights", against->auc_a, against->auc_b, against->difference,
                   against->se, against->low, against->high);
    }
}

static enum status table_save(const char *path, const struct buf *table, struct error *err)
{
    return path == NULL ? STATUS_OK : file_write(path, buf_str(table), 0644, err);
}

static int answer(const struct arguments *a, const struct metrics *m,
                  const struct auc_difference *against, const struct validate_tables *tables)
{
    struct error err = {{0}, {0}};
    enum status status = table_save(a->predictions, tables->predictions, &err);
    if (status == STATUS_OK) {
        status = table_save(a->explanations, tables->explanations, &err);
    }
    if (status != STATUS_OK) {
        return cli_fail("validate", status, &err);
    }
    CLEANUP(buf_finish) struct buf out;
    buf_init(&out, 1 << 16);
    if (a->is_json || isatty(STDOUT_FILENO) == 0) {
        figures_write_json(&out, m, against);
    } else {
        figures_write_people(&out, m, against);
    }
    return cli_print(buf_str(&out));
}

int cmd_validate(int argc, char **argv)
{
    struct arguments a = {0};
    struct metrics metrics;
    struct auc_difference against;
    struct error err = {{0}, {0}};
    if (!arguments_read(&a, argc, argv)) {
        return cli_usage("validate", USAGE);
    }
    CLEANUP(buf_finish) struct buf predictions;
    CLEANUP(buf_finish) struct buf explanations;
    buf_init(&predictions, TABLE_LEN_MAX);
    buf_init(&explanations, TABLE_LEN_MAX);
    const struct validate_tables tables = {a.predictions == NULL ? NULL : &predictions,
                                           a.explanations == NULL ? NULL : &explanations};
    enum status status = validate_model(&metrics, &against, &tables, &a.validate, &err);
    if (status != STATUS_OK) {
        return cli_fail("validate", status, &err);
    }
    return answer(&a, &metrics, a.validate.against == NULL ? NULL : &against, &tables);
}
