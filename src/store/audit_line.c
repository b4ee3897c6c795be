/* audit_line.c - members in one order, no blanks; writer and reader side by side. */
#include "store/audit_line.h"

#include "format/base64.h"
#include "format/json.h"
#include "store/scan.h"

#include <string.h>

#define LOG_LINE STR("{\"type\":\"log\",\"format\":\"aval-audit-1\"}")

/* ---- writing ---- */

static void add_number(struct buf *out, const char *name, uint64_t value)
{
    buf_printf(out, ",\"%s\":%llu", name, (unsigned long long)value);
}

static void add_hex(struct buf *out, const char *name, const void *bytes, size_t len)
{
    buf_printf(out, ",\"%s\":\"", name);
    hex_write(out, str_of(bytes, len));
    buf_append_byte(out, '"');
}

static void add_digest(struct buf *out, const char *name, const struct digest *digest)
{
    add_hex(out, name, digest->bytes, sizeof digest->bytes);
}

static void line_begin(struct buf *out, const char *type, const struct chain_place *place)
{
    buf_printf(out, "{\"type\":\"%s\",\"stream\":\"%s\",\"epoch\":%llu", type, place->stream,
               (unsigned long long)place->epoch);
}

static void line_end(struct buf *out)
{
    buf_append(out, STR("}\n"));
}

void audit_line_log(struct buf *out)
{
    buf_append(out, LOG_LINE);
    buf_append_byte(out, '\n');
}

void audit_line_epoch(struct buf *out, const struct chain_place *place)
{
    line_begin(out, "epoch", place);
    line_end(out);
}

void audit_line_entry(struct buf *out, const struct chain_entry *entry,
                      const struct audit_evidence *evidence)
{
    line_begin(out, "entry", &entry->place);
    add_number(out, "seq", entry->place.seq);
    add_number(out, "time", (uint64_t)entry->time_ms);
    buf_printf(out, ",\"kind\":\"%.*s\"", STR_ARGS(entry->kind));
    add_number(out, "environment", (uint64_t)entry->environment);
    add_hex(out, "object", entry->object, sizeof entry->object);
    add_digest(out, "digest", &entry->digest);
    add_digest(out, "hash", &entry->hash);
    if (evidence->is_erased) {
        buf_append(out, STR(",\"salt\":null,\"payload\":null"));
    } else {
        add_hex(out, "salt", evidence->salt, sizeof evidence->salt);
        buf_append(out, STR(",\"payload\":"));
        json_append_string(out, evidence->payload);
    }
    line_end(out);
}

void audit_line_commit(struct buf *out, const struct chain_commit *commit)
{
    line_begin(out, "commit", &commit->last);
    add_number(out, "first", commit->first_seq);
    add_number(out, "last", commit->last.seq);
    add_digest(out, "root", &commit->root);
    line_end(out);
}

void audit_line_checkpoint(struct buf *out, const struct chain_checkpoint *checkpoint)
{
    line_begin(out, "checkpoint", &checkpoint->last);
    add_number(out, "last", checkpoint->last.seq);
    add_number(out, "time", (uint64_t)checkpoint->time_ms);
    add_digest(out, "head", &checkpoint->head);
    add_digest(out, "root", &checkpoint->root);
    add_digest(out, "previous", &checkpoint->previous);
    add_digest(out, "key", &checkpoint->key_id);
    add_hex(out, "signature", checkpoint->signature, sizeof checkpoint->signature);
    line_end(out);
}

void audit_line_end(struct buf *out, const struct verify_report *counts)
{
    buf_append(out, STR("{\"type\":\"end\""));
    add_number(out, "entries", counts->entries);
    add_number(out, "commits", counts->commits);
    add_number(out, "checkpoints", counts->checkpoints);
    line_end(out);
}

/* ---- reading ---- */

static bool take_number(struct scan *s, struct str name, uint64_t *out)
{
    return scan_text(s, name) && scan_number(s, out);
}

static bool take_digest(struct scan *s, struct str name, struct digest *out)
{
    return scan_text(s, name) && scan_hex(s, out->bytes, sizeof out->bytes);
}

static bool take_close(struct scan *s)
{
    return scan_text(s, STR("}")) && scan_is_at_end(s);
}

static bool take_place(struct scan *s, struct chain_place *out)
{
    struct str stream;
    uint64_t epoch;
    if (!scan_text(s, STR("\"stream\":")) || !scan_word(s, &stream, CHAIN_STREAM_SIZE - 1) ||
        !take_number(s, STR(",\"epoch\":"), &epoch)) {
        return false;
    }
    chain_place_set(out, stream, epoch, 0);
    return true;
}

static bool take_evidence(struct scan *s, struct audit_evidence *out, struct buf *payload)
{
    *out =
        (struct audit_evidence){.is_erased = scan_text(s, STR(",\"salt\":null,\"payload\":null"))};
    if (out->is_erased) {
        return true;
    }
    buf_clear(payload);
    if (!scan_text(s, STR(",\"salt\":")) || !scan_hex(s, out->salt, sizeof out->salt) ||
        !scan_text(s, STR(",\"payload\":")) || !scan_string(s, payload)) {
        return false;
    }
    out->payload = buf_str(payload);
    return true;
}

static bool malformed(struct audit_reader *reader)
{
    struct chain_place next = audit_check_next(&reader->check);
    return audit_fault(&reader->check, &next, "line %llu is not as this format writes it",
                       (unsigned long long)reader->line);
}

static bool read_log(struct audit_reader *reader, struct scan s)
{
    if (reader->has_begun || !scan_text(&s, STR("\"format\":\"aval-audit-1\"")) ||
        !take_close(&s)) {
        return malformed(reader);
    }
    reader->has_begun = true;
    return true;
}

static bool read_epoch(struct audit_reader *reader, struct scan s)
{
    struct chain_place place;
    if (!take_place(&s, &place) || !take_close(&s)) {
        return malformed(reader);
    }
    return audit_check_epoch(&reader->check, str_from(place.stream), place.epoch);
}

static bool read_entry(struct audit_reader *reader, struct scan s)
{
    struct chain_entry entry;
    struct audit_evidence evidence;
    uint64_t time_ms, environment;
    if (!take_place(&s, &entry.place) || !take_number(&s, STR(",\"seq\":"), &entry.place.seq) ||
        !take_number(&s, STR(",\"time\":"), &time_ms) || !scan_text(&s, STR(",\"kind\":")) ||
        !scan_word(&s, &entry.kind, CHAIN_KIND_MAX) ||
        !take_number(&s, STR(",\"environment\":"), &environment) ||
        !scan_text(&s, STR(",\"object\":")) || !scan_hex(&s, entry.object, sizeof entry.object) ||
        !take_digest(&s, STR(",\"digest\":"), &entry.digest) ||
        !take_digest(&s, STR(",\"hash\":"), &entry.hash) ||
        !take_evidence(&s, &evidence, &reader->payload) || !take_close(&s)) {
        return malformed(reader);
    }
    entry.time_ms = (int64_t)time_ms;
    entry.environment = (int64_t)environment;
    return audit_check_entry(&reader->check, &entry, &evidence);
}

static bool read_commit(struct audit_reader *reader, struct scan s)
{
    struct chain_commit commit;
    if (!take_place(&s, &commit.last) || !take_number(&s, STR(",\"first\":"), &commit.first_seq) ||
        !take_number(&s, STR(",\"last\":"), &commit.last.seq) ||
        !take_digest(&s, STR(",\"root\":"), &commit.root) || !take_close(&s)) {
        return malformed(reader);
    }
    return audit_check_commit(&reader->check, &commit);
}

static bool read_checkpoint(struct audit_reader *reader, struct scan s)
{
    struct chain_checkpoint checkpoint;
    uint64_t time_ms;
    if (!take_place(&s, &checkpoint.last) ||
        !take_number(&s, STR(",\"last\":"), &checkpoint.last.seq) ||
        !take_number(&s, STR(",\"time\":"), &time_ms) ||
        !take_digest(&s, STR(",\"head\":"), &checkpoint.head) ||
        !take_digest(&s, STR(",\"root\":"), &checkpoint.root) ||
        !take_digest(&s, STR(",\"previous\":"), &checkpoint.previous) ||
        !take_digest(&s, STR(",\"key\":"), &checkpoint.key_id) ||
        !scan_text(&s, STR(",\"signature\":")) ||
        !scan_hex(&s, checkpoint.signature, sizeof checkpoint.signature) || !take_close(&s)) {
        return malformed(reader);
    }
    checkpoint.time_ms = (int64_t)time_ms;
    return audit_check_checkpoint(&reader->check, &checkpoint);
}

static bool read_end(struct audit_reader *reader, struct scan s)
{
    const struct verify_report *report = &reader->check.report;
    struct chain_place next = audit_check_next(&reader->check);
    uint64_t entries, commits, checkpoints;
    if (!take_number(&s, STR("\"entries\":"), &entries) ||
        !take_number(&s, STR(",\"commits\":"), &commits) ||
        !take_number(&s, STR(",\"checkpoints\":"), &checkpoints) || !take_close(&s)) {
        return malformed(reader);
    }
    if (entries != report->entries || commits != report->commits ||
        checkpoints != report->checkpoints) {
        return audit_fault(&reader->check, &next,
                           "the export says it has %llu entries, %llu are here",
                           (unsigned long long)entries, (unsigned long long)report->entries);
    }
    if (!audit_check_end(&reader->check)) {
        return false;
    }
    reader->has_ended = true;
    return true;
}

static const struct {
    const char *begin;
    bool (*read)(struct audit_reader *reader, struct scan s);
} lines[] = {
    {"{\"type\":\"entry\",",      read_entry     },
    {"{\"type\":\"commit\",",     read_commit    },
    {"{\"type\":\"checkpoint\",", read_checkpoint},
    {"{\"type\":\"epoch\",",      read_epoch     },
    {"{\"type\":\"log\",",        read_log       },
    {"{\"type\":\"end\",",        read_end       },
};

void audit_reader_init(struct audit_reader *reader)
{
    *reader = (struct audit_reader){.line = 0};
    audit_check_init(&reader->check);
    buf_init(&reader->payload, AUDIT_LINE_MAX);
}

void audit_reader_finish(struct audit_reader *reader)
{
    buf_finish(&reader->payload);
}

bool audit_reader_line(struct audit_reader *reader, struct str line)
{
    reader->line++;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct scan s = {line};
        if (scan_text(&s, str_from(lines[i].begin))) {
            bool is_in_order =
                lines[i].read == read_log || (reader->has_begun && !reader->has_ended);
            bool is_taken = is_in_order ? lines[i].read(reader, s) : malformed(reader);
            reader->line -= is_taken ? 0 : 1;
            return is_taken;
        }
    }
    (void)malformed(reader);
    reader->line--;
    return false;
}

void audit_reader_end(struct audit_reader *reader)
{
    if (!reader->has_ended) {
        struct chain_place next = audit_check_next(&reader->check);
        (void)audit_fault(&reader->check, &next, "the export was cut: its last line is missing");
    }
}
