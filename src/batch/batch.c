/* batch.c - open, find out where it stands, go on, close. */
#include "batch/batch.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BATCH_ARENA_MAX = 16 * 1024 * 1024,
    DIGEST_CHUNK = 1024 * 1024,
    IDENTITY_LEN_MAX = 32 * 1024
};

struct batch {
    const struct batch_options *options;
    const struct in_force *in_force;
    struct date today;
    struct arena arena;
    struct buf mapping_text;
    const struct json *mapping; /* NULL: none */
    struct source source;
    struct journal journal;
    struct columns columns;
    struct buf identity;
};

/* ---- what the batch is made of ---- */

static enum status digest_file(struct digest *out, const char *path, struct error *err)
{
    struct sha256 hash;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *bytes = malloc(DIGEST_CHUNK);
    ssize_t got = fd < 0 || bytes == NULL ? -1 : 1;
    sha256_init(&hash);
    while (got > 0) {
        got = read(fd, bytes, DIGEST_CHUNK);
        if (got < 0 && errno == EINTR) {
            got = 1;
            continue;
        }
        if (got > 0) {
            sha256_add(&hash, str_of(bytes, (size_t)got));
        }
    }
    *out = sha256_finish(&hash);
    free(bytes);
    if (fd >= 0) {
        (void)close(fd);
    }
    return got == 0 ? STATUS_OK
                    : error_set(err, fd < 0 && errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO, path,
                                "cannot be read: %s", strerror(errno));
}

static void digest_member(struct json_writer *w, struct str name, const struct digest *digest)
{
    char hex[DIGEST_HEX_LEN + 1];
    digest_hex(hex, digest);
    json_text_member(w, name, str_from(hex));
}

static void write_policies(struct json_writer *w, const struct in_force *in_force)
{
    json_name(w, STR("policies"));
    json_array_begin(w);
    for (uint32_t i = 0; i < in_force->policy_count; i++) {
        json_string(w, str_from(in_force->policies[i]->sha256));
    }
    json_array_end(w);
}

/* A batch that goes on has the day on which it began. */
static enum status set_today(struct batch *b, struct error *err)
{
    struct buf known = {0};
    b->today = b->options->today;
    if (!b->options->is_resumed || b->options->is_today_given) {
        return STATUS_OK;
    }
    TRY(journal_identity(&known, b->options->out, err));
    struct str day = json_slice(buf_str(&known), STR("today"));
    bool is_there = day.len > 2 && date_read(&b->today, str_slice(day, 1, day.len - 1));
    bool is_new = known.len == 0;
    buf_finish(&known);
    return is_there || is_new ? STATUS_OK
                              : error_set(err, STATUS_CONFLICT, b->options->out,
                                          "the file beside it says nothing of a batch");
}

/* Read only where it can be gone on with: from standard input nothing can. */
static enum status identify(struct batch *b, struct error *err)
{
    const struct batch_options *o = b->options;
    struct digest input = {{0}};
    struct digest mapping = digest_of(buf_str(&b->mapping_text));
    struct json_writer w;
    if (strcmp(o->in, "-") != 0 && strcmp(o->out, "-") != 0) {
        TRY(digest_file(&input, o->in, err));
    }
    buf_init(&b->identity, IDENTITY_LEN_MAX);
    json_writer_init(&w, &b->identity);
    json_object_begin(&w);
    digest_member(&w, STR("input_sha256"), &input);
    json_text_member(&w, STR("model_sha256"), str_from(b->in_force->model->sha256));
    write_policies(&w, b->in_force);
    digest_member(&w, STR("mapping_sha256"), &mapping);
    json_text_member(&w, STR("format"), o->format == BATCH_CSV ? STR("csv") : STR("ndjson"));
    json_name(&w, STR("european"));
    json_bool(&w, o->is_european);
    json_name(&w, STR("reasons"));
    json_bool(&w, o->has_reasons);
    json_name(&w, STR("engine"));
    json_int(&w, SCORE_ENGINE);
    json_name(&w, STR("today"));
    date_write(json_quoted_begin(&w), b->today);
    json_quoted_end(&w);
    json_object_end(&w);
    buf_append_byte(&b->identity, '\n');
    return STATUS_OK;
}

/* ---- the head of a table ---- */

static enum status read_mapping(struct batch *b, struct error *err)
{
    struct json_error json_err;
    if (b->options->mapping == NULL) {
        return STATUS_OK;
    }
    TRY(file_read(&b->mapping_text, b->options->mapping, MAPPING_FILE_LEN_MAX, err));
    b->mapping = json_read(buf_str(&b->mapping_text), &b->arena, &json_err);
    return b->mapping != NULL
               ? STATUS_OK
               : error_set(err, STATUS_INVALID, b->options->mapping, "line %u, column %u: %s",
                           json_err.line, json_err.column, json_err.message);
}

static enum status read_head(struct batch *b, struct error *err)
{
    struct row row;
    bool has_row;
    struct csv_reader reader;
    uint32_t count;
    struct str *cells = arena_array(&b->arena, struct str, CSV_FIELDS_MAX);
    if (b->options->format != BATCH_CSV) {
        return STATUS_OK;
    }
    TRY(source_next(&row, &has_row, &b->source, err));
    if (cells == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for the head of the table");
    }
    if (!has_row || row.fault != ROW_SOUND) {
        return error_set(err, STATUS_INVALID, b->options->in, "the table has no head");
    }
    b->source.rows = 0;
    b->source.separator = columns_separator(row.text);
    csv_reader_init(&reader, row.text, b->source.separator);
    TRY(csv_read_row(&reader, cells, &count, &b->arena, err));
    return columns_read(&b->columns, cells, count, b->mapping, b->options->is_european, &b->arena,
                        err);
}

/* ---- */

/* Pass over the rows that are done. */
static enum status pass_over(struct batch *b, struct error *err)
{
    struct row row;
    bool has_row = true;
    for (uint64_t i = 0; i < b->journal.rows; i++) {
        TRY(source_next(&row, &has_row, &b->source, err));
        if (!has_row) {
            return error_set(err, STATUS_CONFLICT, b->options->out,
                             "has more answers than there are rows");
        }
    }
    return STATUS_OK;
}

static enum status prepare(struct batch *b, struct error *err)
{
    const struct batch_options *o = b->options;
    TRY(read_mapping(b, err));
    TRY(set_today(b, err));
    TRY(identify(b, err));
    TRY(source_open(&b->source, o->in, o->format, err));
    TRY(read_head(b, err));
    TRY(journal_open(&b->journal, o->out, buf_str(&b->identity), o->is_resumed, err));
    return pass_over(b, err);
}

enum status batch_run(struct batch_result *out, const struct batch_options *options,
                      const struct in_force *in_force, pipeline_report *report, void *context,
                      struct error *err)
{
    struct batch b = {.options = options, .in_force = in_force};
    struct error later = {{0}, {0}};
    *out = (struct batch_result){0};
    arena_init(&b.arena, BATCH_ARENA_MAX);
    enum status status = prepare(&b, err);
    if (status == STATUS_OK) {
        struct answer_rules rules = {.in_force = in_force,
                                     .today = b.today,
                                     .columns = options->format == BATCH_CSV ? &b.columns : NULL,
                                     .separator = b.source.separator,
                                     .has_reasons = options->has_reasons};
        out->before = (struct pipeline_count){b.journal.rows, b.journal.refused};
        status = pipeline_run(&out->now, &b.source, &b.journal, &rules, options->jobs, report,
                              context, err);
    }
    enum status closed = journal_close(&b.journal, &later);
    if (status == STATUS_OK && closed != STATUS_OK) {
        status = closed;
        *err = later;
    }
    source_close(&b.source);
    buf_finish(&b.identity);
    buf_finish(&b.mapping_text);
    arena_finish(&b.arena);
    return status;
}
