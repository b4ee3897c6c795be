/* audit_check.c - expectations, in the order in which they tell most about what is wrong. */
#include "store/audit_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void audit_check_init(struct audit_check *check)
{
    *check = (struct audit_check){.report = {.is_valid = true}};
}

static enum status pin_read(struct digest *out, const char *hex, const char *what,
                            struct error *err)
{
    if (!digest_read_hex(out, str_from(hex))) {
        return error_set(err, STATUS_INVALID, what, "expected %d hexadecimal digits, lower case",
                         DIGEST_HEX_LEN);
    }
    return STATUS_OK;
}

enum status audit_check_pin(struct audit_check *check, const char *public_key_hex,
                            const char *checkpoint_hex, struct error *err)
{
    struct digest key;
    if (public_key_hex != NULL) {
        TRY(pin_read(&key, public_key_hex, "public_key", err));
        check->pinned_key = digest_of(digest_str(&key));
    }
    if (checkpoint_hex != NULL) {
        TRY(pin_read(&check->pinned_checkpoint, checkpoint_hex, "checkpoint", err));
    }
    check->is_key_pinned = public_key_hex != NULL;
    check->is_checkpoint_pinned = checkpoint_hex != NULL;
    return STATUS_OK;
}

bool audit_fault(struct audit_check *check, const struct chain_place *place, const char *format,
                 ...)
{
    struct verify_report *report = &check->report;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(report->fault, sizeof report->fault, format, args);
    va_end(args);
    report->is_valid = false;
    memcpy(report->stream, place->stream, sizeof report->stream);
    report->epoch = place->epoch;
    report->seq = place->seq;
    return false;
}

struct chain_place audit_check_next(const struct audit_check *check)
{
    struct chain_place next = check->at;
    next.seq++;
    return next;
}

static bool is_at(const struct audit_check *check, const struct chain_place *place)
{
    return chain_place_compare(&check->at, place) == 0;
}

static bool is_in_stream(const struct audit_check *check, const struct chain_place *place)
{
    return strcmp(check->at.stream, place->stream) == 0;
}

/* The first entry that is in no commit. */
static struct chain_place first_open(const struct audit_check *check)
{
    struct chain_place place = check->at;
    place.seq = check->at.seq - check->leaf_count + 1;
    return place;
}

/* What must hold before an epoch, and with it maybe the log, ends. */
static bool epoch_ends(struct audit_check *check)
{
    if (check->leaf_count > 0) {
        struct chain_place place = first_open(check);
        return audit_fault(check, &place, "the entry is in no commit");
    }
    struct chain_place first = check->at;
    first.seq = 1;
    if (check->at.epoch > 0 && check->at.seq == 0) {
        return audit_fault(check, &first, "the epoch has no entry");
    }
    if (check->at.epoch > 0 && !check->is_opening_signed) {
        return audit_fault(check, &first, "the checkpoint that signs the opening is missing");
    }
    return true;
}

bool audit_check_epoch(struct audit_check *check, struct str stream, uint64_t epoch)
{
    struct chain_place announced = {.epoch = 0};
    if (!chain_stream_is_valid(stream)) {
        struct chain_place next = audit_check_next(check);
        return audit_fault(check, &next, "the name of a stream is not valid");
    }
    if (!epoch_ends(check)) {
        return false;
    }
    chain_place_set(&announced, stream, epoch, 0);
    bool is_same = is_in_stream(check, &announced);
    struct chain_place wanted = announced;
    wanted.epoch = is_same ? check->at.epoch + 1 : 1;
    wanted.seq = 1;
    if (!is_same && str_compare(stream, str_from(check->at.stream)) < 0) {
        struct chain_place next = audit_check_next(check);
        return audit_fault(check, &next, "the streams are not in order");
    }
    if (epoch != wanted.epoch) {
        return audit_fault(check, &wanted, "epoch %llu is missing: epoch %llu follows",
                           (unsigned long long)wanted.epoch, (unsigned long long)epoch);
    }
    if (is_same) {
        check->before = check->at;
    } else {
        check->before = announced;
        check->before.epoch = 0;
        check->head = (struct digest){{0}};
        check->checkpoint = (struct digest){{0}};
        check->root_count = 0;
        check->unsigned_count = 0;
    }
    check->at = announced;
    check->is_opening_signed = false;
    return true;
}

/* The first entry of an epoch: it names what it follows, and the key. */
static bool opening_check(struct audit_check *check, const struct chain_entry *entry,
                          const struct audit_evidence *evidence, struct chain_opening *opening)
{
    if (!str_eq(entry->kind, str_from(audit_kind_wire(AUDIT_EPOCH_OPENED)))) {
        return audit_fault(check, &entry->place, "an epoch begins with epoch.opened");
    }
    if (evidence->is_erased || !chain_opening_read(opening, evidence->payload)) {
        return audit_fault(check, &entry->place, "the payload of epoch.opened is not readable");
    }
    const struct chain_place *before = &check->before;
    if (opening->follows && before->epoch > 0 && is_in_stream(check, &opening->head) &&
        opening->head.epoch == before->epoch && opening->head.seq > before->seq) {
        struct chain_place missing = *before;
        missing.seq++;
        return audit_fault(check, &missing,
                           "the entry is missing: the next epoch follows entry %llu",
                           (unsigned long long)opening->head.seq);
    }
    bool follows_head = opening->follows && chain_place_compare(&opening->head, before) == 0 &&
                        digest_eq(&opening->hash, &check->head);
    if (opening->follows != (before->epoch > 0) || (opening->follows && !follows_head)) {
        return audit_fault(check, &entry->place,
                           "the epoch does not follow the head that it names");
    }
    struct digest key_id = digest_of(str_of(opening->public_key, sizeof opening->public_key));
    if (check->is_key_pinned && !digest_eq(&check->pinned_key, &key_id)) {
        return audit_fault(check, &entry->place, "the epoch is signed with another key");
    }
    return true;
}

static bool place_check(struct audit_check *check, const struct chain_entry *entry)
{
    struct chain_place next = audit_check_next(check);
    if (chain_place_compare(&next, &entry->place) != 0) {
        return audit_fault(check, &next, "the entry is missing: %s %llu/%llu stands in its place",
                           entry->place.stream, (unsigned long long)entry->place.epoch,
                           (unsigned long long)entry->place.seq);
    }
    if (next.seq > 1 && !check->is_opening_signed) {
        next.seq = 1;
        return audit_fault(check, &next, "the checkpoint that signs the opening is missing");
    }
    if (check->unsigned_count == AUDIT_UNSIGNED_MAX) {
        return audit_fault(check, &check->unsigned_from, "the entry is in no checkpoint");
    }
    return true;
}

bool audit_check_entry(struct audit_check *check, const struct chain_entry *entry,
                       const struct audit_evidence *evidence)
{
    struct chain_opening opening = check->opening;
    bool is_opening = entry->place.seq == 1;
    if (!place_check(check, entry)) {
        return false;
    }
    if (!evidence->is_erased) {
        struct digest digest = chain_payload_digest(evidence->salt, evidence->payload);
        if (!digest_eq(&digest, &entry->digest)) {
            return audit_fault(check, &entry->place, "salt and payload do not have the digest");
        }
    }
    if (is_opening && !opening_check(check, entry, evidence, &opening)) {
        return false;
    }
    if (!is_opening && str_eq(entry->kind, str_from(audit_kind_wire(AUDIT_EPOCH_OPENED)))) {
        return audit_fault(check, &entry->place, "epoch.opened stands inside an epoch");
    }
    struct digest hash = chain_entry_hash(&check->head, entry);
    if (!digest_eq(&hash, &entry->hash)) {
        return audit_fault(check, &entry->place, "the entry does not have the hash");
    }
    check->at = entry->place;
    check->head = hash;
    if (is_opening) {
        check->opening = opening;
        check->key_id = digest_of(str_of(opening.public_key, sizeof opening.public_key));
    }
    if (check->unsigned_count++ == 0) {
        check->unsigned_from = entry->place;
    }
    check->leaves[check->leaf_count++] = chain_leaf(&hash);
    check->report.entries++;
    check->report.unsigned_tail++;
    check->report.erased += evidence->is_erased ? 1 : 0;
    return true;
}

/* A commit or checkpoint ends at the last entry; if it claims more, what comes next is missing. */
static bool ends_here(struct audit_check *check, const struct chain_place *last,
                      const struct chain_place *first, const char *what)
{
    if (is_at(check, last)) {
        return true;
    }
    struct chain_place missing = audit_check_next(check);
    bool is_same = is_in_stream(check, last);
    if (is_same && last->epoch > check->at.epoch) {
        missing.epoch = check->at.epoch + 1;
        missing.seq = 1;
    } else if (first == NULL &&
               str_compare(str_from(last->stream), str_from(check->at.stream)) > 0) {
        chain_place_set(&missing, str_from(last->stream), 1, 1);
    } else if (!is_same || chain_place_compare(last, &check->at) < 0) {
        missing = first == NULL ? missing : *first;
    }
    return audit_fault(check, &missing, "a %s ends at %s %llu/%llu, which is not here", what,
                       last->stream, (unsigned long long)last->epoch,
                       (unsigned long long)last->seq);
}

bool audit_check_commit(struct audit_check *check, const struct chain_commit *commit)
{
    struct chain_place first = first_open(check);
    if (!ends_here(check, &commit->last, check->leaf_count > 0 ? &first : NULL, "commit")) {
        return false;
    }
    if (check->leaf_count == 0 || commit->first_seq != first.seq) {
        return audit_fault(check, &first, "a commit of entries %llu to %llu does not begin here",
                           (unsigned long long)commit->first_seq,
                           (unsigned long long)commit->last.seq);
    }
    struct digest root = merkle_root(check->leaves, check->leaf_count);
    if (!digest_eq(&root, &commit->root)) {
        return audit_fault(check, &first, "the commit of entries %llu to %llu has another root",
                           (unsigned long long)first.seq, (unsigned long long)commit->last.seq);
    }
    check->roots[check->root_count++] = chain_leaf(&root);
    check->leaf_count = 0;
    check->report.commits++;
    return true;
}

static const char *checkpoint_fault(const struct audit_check *check,
                                    const struct chain_checkpoint *checkpoint)
{
    struct digest root = merkle_root(check->roots, check->root_count);
    if (check->root_count == 0) {
        return "a checkpoint signs nothing new";
    }
    if (!digest_eq(&checkpoint->head, &check->head)) {
        return "the checkpoint has another head";
    }
    if (!digest_eq(&checkpoint->root, &root)) {
        return "the checkpoint has another root";
    }
    if (!digest_eq(&checkpoint->previous, &check->checkpoint)) {
        return "the checkpoint does not follow the one before";
    }
    if (!digest_eq(&checkpoint->key_id, &check->key_id)) {
        return "the checkpoint names another key";
    }
    return chain_checkpoint_is_signed_by(checkpoint, check->opening.public_key)
               ? NULL
               : "the signature of the checkpoint does not verify";
}

bool audit_check_checkpoint(struct audit_check *check, const struct chain_checkpoint *checkpoint)
{
    const struct chain_place *first = check->unsigned_count > 0 ? &check->unsigned_from : NULL;
    struct chain_place next = audit_check_next(check);
    if (check->leaf_count > 0) {
        next = first_open(check);
        return audit_fault(check, &next, "the entry is in no commit");
    }
    if (!ends_here(check, &checkpoint->last, first, "checkpoint")) {
        return false;
    }
    const char *fault = checkpoint_fault(check, checkpoint);
    if (fault != NULL) {
        return audit_fault(check, first == NULL ? &next : first, "%s", fault);
    }
    check->checkpoint = chain_checkpoint_hash(checkpoint);
    check->has_pinned_checkpoint =
        check->has_pinned_checkpoint ||
        (check->is_checkpoint_pinned && digest_eq(&check->pinned_checkpoint, &check->checkpoint));
    check->report.unsigned_tail -= check->unsigned_count;
    check->unsigned_count = 0;
    check->root_count = 0;
    check->is_opening_signed = true;
    check->report.checkpoints++;
    if (checkpoint->time_ms >= check->newest_checkpoint_ms) {
        check->newest_checkpoint_ms = checkpoint->time_ms;
        digest_hex(check->report.last_checkpoint, &check->checkpoint);
    }
    return true;
}

bool audit_check_end(struct audit_check *check)
{
    struct chain_place next = audit_check_next(check);
    if (!epoch_ends(check)) {
        return false;
    }
    if (check->is_checkpoint_pinned && !check->has_pinned_checkpoint) {
        return audit_fault(check, &next,
                           "the log does not contain the checkpoint known outside: it was cut or "
                           "rewritten");
    }
    return true;
}
