/* chain.c - fixed-width big-endian numbers, lengths before words, a tag in front of everything. */
#include "store/chain.h"

#include "format/base64.h"
#include "store/scan.h"

#include <string.h>

/* A tag ends in a zero byte, so that none is the beginning of another. */
#define ENTRY_TAG      STR("aval.entry.1\0")
#define CHECKPOINT_TAG STR("aval.checkpoint.1\0")

enum { MESSAGE_MAX = 512 };

struct message {
    size_t len;
    uint8_t bytes[MESSAGE_MAX];
};

static const struct {
    const char *wire;
} kinds[] = {
#define AUDIT_KIND(name, wire) {wire},
#include "store/audit_kinds.def"
#undef AUDIT_KIND
};

const char *audit_kind_wire(enum audit_kind kind)
{
    CHECK((size_t)kind < ARRAY_LEN(kinds));
    return kinds[kind].wire;
}

bool audit_kind_has_row(enum audit_kind kind)
{
    return kind == AUDIT_DECISION_CREATED;
}

static void add_bytes(struct message *m, const void *bytes, size_t len)
{
    CHECK(len <= sizeof m->bytes - m->len);
    memcpy(m->bytes + m->len, bytes, len);
    m->len += len;
}

static void add_number(struct message *m, uint64_t number)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(number >> (56 - 8 * i) & 0xFF);
    }
    add_bytes(m, bytes, sizeof bytes);
}

static void add_word(struct message *m, struct str word)
{
    CHECK(word.len <= CHAIN_KIND_MAX);
    uint8_t len = (uint8_t)word.len;
    add_bytes(m, &len, 1);
    add_bytes(m, word.ptr, word.len);
}

static void add_digest(struct message *m, const struct digest *digest)
{
    add_bytes(m, digest->bytes, sizeof digest->bytes);
}

static void add_place(struct message *m, const struct chain_place *place)
{
    add_word(m, str_from(place->stream));
    add_number(m, place->epoch);
    add_number(m, place->seq);
}

struct digest chain_payload_digest(const uint8_t salt[SALT_LEN], struct str payload)
{
    return digest_of_2(str_of(salt, SALT_LEN), payload);
}

struct digest chain_entry_hash(const struct digest *previous, const struct chain_entry *entry)
{
    struct message m = {0};
    add_bytes(&m, ENTRY_TAG.ptr, ENTRY_TAG.len);
    add_digest(&m, previous);
    add_place(&m, &entry->place);
    add_number(&m, (uint64_t)entry->time_ms);
    add_word(&m, entry->kind);
    add_number(&m, (uint64_t)entry->environment);
    add_bytes(&m, entry->object, sizeof entry->object);
    add_digest(&m, &entry->digest);
    return digest_of(str_of(m.bytes, m.len));
}

struct digest chain_leaf(const struct digest *hash)
{
    return merkle_leaf(digest_str(hash));
}

static void checkpoint_message(struct message *m, const struct chain_checkpoint *checkpoint)
{
    *m = (struct message){0};
    add_bytes(m, CHECKPOINT_TAG.ptr, CHECKPOINT_TAG.len);
    add_place(m, &checkpoint->last);
    add_digest(m, &checkpoint->head);
    add_digest(m, &checkpoint->root);
    add_digest(m, &checkpoint->previous);
    add_number(m, (uint64_t)checkpoint->time_ms);
    add_digest(m, &checkpoint->key_id);
}

struct digest chain_checkpoint_hash(const struct chain_checkpoint *checkpoint)
{
    struct message m;
    checkpoint_message(&m, checkpoint);
    return digest_of(str_of(m.bytes, m.len));
}

enum status chain_checkpoint_sign(struct chain_checkpoint *checkpoint,
                                  const struct signing_key *key)
{
    struct message m;
    checkpoint_message(&m, checkpoint);
    return signing_key_sign(checkpoint->signature, key, str_of(m.bytes, m.len));
}

bool chain_checkpoint_is_signed_by(const struct chain_checkpoint *checkpoint,
                                   const uint8_t public_key[SIGN_PUBLIC_LEN])
{
    struct message m;
    checkpoint_message(&m, checkpoint);
    return signature_verify(checkpoint->signature, public_key, str_of(m.bytes, m.len));
}

void chain_opening_write(struct buf *out, const struct chain_opening *opening)
{
    buf_append(out, STR("{\"follows\":"));
    if (opening->follows) {
        buf_printf(out, "{\"epoch\":%llu,\"hash\":\"", (unsigned long long)opening->head.epoch);
        hex_write(out, digest_str(&opening->hash));
        buf_printf(out, "\",\"seq\":%llu,\"stream\":\"%s\"}", (unsigned long long)opening->head.seq,
                   opening->head.stream);
    } else {
        buf_append(out, STR("null"));
    }
    buf_append(out, STR(",\"format\":\"aval-audit-1\",\"public_key\":\""));
    hex_write(out, str_of(opening->public_key, sizeof opening->public_key));
    buf_append(out, STR("\"}"));
}

static bool head_read(struct chain_opening *out, struct scan *s)
{
    struct str stream;
    uint64_t epoch, seq;
    if (!scan_text(s, STR("{\"epoch\":")) || !scan_number(s, &epoch) ||
        !scan_text(s, STR(",\"hash\":")) || !scan_hex(s, out->hash.bytes, sizeof out->hash.bytes) ||
        !scan_text(s, STR(",\"seq\":")) || !scan_number(s, &seq) ||
        !scan_text(s, STR(",\"stream\":")) || !scan_word(s, &stream, CHAIN_STREAM_SIZE - 1) ||
        !scan_text(s, STR("}")) || !chain_stream_is_valid(stream)) {
        return false;
    }
    chain_place_set(&out->head, stream, epoch, seq);
    return true;
}

bool chain_opening_read(struct chain_opening *out, struct str payload)
{
    struct scan s = {payload};
    struct chain_opening opening = {0};
    if (!scan_text(&s, STR("{\"follows\":"))) {
        return false;
    }
    opening.follows = !scan_text(&s, STR("null"));
    if ((opening.follows && !head_read(&opening, &s)) ||
        !scan_text(&s, STR(",\"format\":\"aval-audit-1\",\"public_key\":")) ||
        !scan_hex(&s, opening.public_key, sizeof opening.public_key) || !scan_text(&s, STR("}")) ||
        !scan_is_at_end(&s)) {
        return false;
    }
    *out = opening;
    return true;
}

bool chain_stream_is_valid(struct str stream)
{
    if (stream.len == 0 || stream.len >= CHAIN_STREAM_SIZE) {
        return false;
    }
    for (size_t i = 0; i < stream.len; i++) {
        char c = stream.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            return false;
        }
    }
    return true;
}

void chain_place_set(struct chain_place *place, struct str stream, uint64_t epoch, uint64_t seq)
{
    CHECK(stream.len < sizeof place->stream);
    *place = (struct chain_place){.epoch = epoch, .seq = seq};
    if (stream.len > 0) {
        memcpy(place->stream, stream.ptr, stream.len);
    }
}

int chain_place_compare(const struct chain_place *a, const struct chain_place *b)
{
    int order = str_compare(str_from(a->stream), str_from(b->stream));
    if (order == 0) {
        order = (a->epoch > b->epoch) - (a->epoch < b->epoch);
    }
    return order != 0 ? order : (a->seq > b->seq) - (a->seq < b->seq);
}
