/* cmd_verify.c - aval verify: is the audit chain whole? */
#include "cli/cmd.h"

#include "cli/cli.h"
#include "format/json.h"
#include "service/auditor.h"

#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#define USAGE "--db DB | EXPORT|- [--public-key HEX] [--checkpoint HEX] [--json]"

static void write_json(struct buf *out, const struct verify_report *r)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_name(&w, STR("valid"));
    json_bool(&w, r->is_valid);
    const struct {
        const char *name;
        uint64_t count;
    } counts[] = {
        {"entries",       r->entries      },
        {"commits",       r->commits      },
        {"checkpoints",   r->checkpoints  },
        {"erased",        r->erased       },
        {"unsigned_tail", r->unsigned_tail}
    };
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        json_name(&w, str_from(counts[i].name));
        json_int(&w, (int64_t)counts[i].count);
    }
    json_text_member(&w, STR("last_checkpoint"), str_from(r->last_checkpoint));
    json_name(&w, STR("first_bad"));
    if (r->is_valid) {
        json_null(&w);
    } else {
        json_object_begin(&w);
        json_text_member(&w, STR("stream"), str_from(r->stream));
        json_name(&w, STR("epoch"));
        json_int(&w, (int64_t)r->epoch);
        json_name(&w, STR("seq"));
        json_int(&w, (int64_t)r->seq);
        json_text_member(&w, STR("fault"), str_from(r->fault));
        json_object_end(&w);
    }
    json_object_end(&w);
    buf_append_byte(out, '\n');
}

static void write_for_people(struct buf *out, const struct verify_report *r)
{
    if (!r->is_valid) {
        buf_printf(out, "INVALID at %s/%llu/%llu: %s\n", r->stream, (unsigned long long)r->epoch,
                   (unsigned long long)r->seq, r->fault);
    } else {
        buf_append(out, STR("valid\n"));
    }
    buf_printf(out, "%llu entries, %llu commits, %llu checkpoints, %llu erased payloads\n",
               (unsigned long long)r->entries, (unsigned long long)r->commits,
               (unsigned long long)r->checkpoints, (unsigned long long)r->erased);
    buf_printf(out,
               "%llu entries behind the last signed checkpoint: a cut there shows only against a "
               "checkpoint kept elsewhere\n",
               (unsigned long long)r->unsigned_tail);
    buf_printf(
        out, "last checkpoint %s: keep this hash outside, and give it to --checkpoint next time\n",
        r->last_checkpoint[0] == '\0' ? "none yet" : r->last_checkpoint);
}

int cmd_verify(int argc, char **argv)
{
    static const struct option options[] = {
        {"db",         required_argument, NULL, 'd'},
        {"public-key", required_argument, NULL, 'p'},
        {"checkpoint", required_argument, NULL, 'c'},
        {"json",       no_argument,       NULL, 'j'},
        {NULL,         0,                 NULL, 0  }
    };
    const char *db = NULL, *public_key = NULL, *checkpoint = NULL;
    bool is_json = false;
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'd': db = optarg; break;
        case 'p': public_key = optarg; break;
        case 'c': checkpoint = optarg; break;
        case 'j': is_json = true; break;
        default: return cli_usage("verify", USAGE);
        }
    }
    if ((db == NULL) == (optind == argc) || optind + 1 < argc) {
        return cli_usage("verify", USAGE);
    }
    struct verify_report report = {0};
    struct error err = {{0}, {0}};
    enum status status =
        db != NULL ? auditor_verify_db(&report, db, public_key, checkpoint, &err)
                   : auditor_verify_export(&report, argv[optind], public_key, checkpoint, &err);
    if (status != STATUS_OK) {
        return cli_fail("verify", status, &err);
    }
    struct buf out;
    buf_init(&out, 16 * 1024);
    if (is_json) {
        write_json(&out, &report);
    } else {
        write_for_people(&out, &report);
    }
    int code = cli_print(buf_str(&out));
    buf_finish(&out);
    return code != EX_OK ? code : report.is_valid ? EX_OK : EXIT_MISMATCH;
}
