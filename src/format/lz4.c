/* lz4.c - greedy matching through two tables: what was seen in the text, and what the dictionary
 * has.
 *
 * A sequence is a token (literals in the high four bits, length of the match less 4 in the low),
 * more length bytes where 15 stands, the literals, and the distance back in two bytes.  A block
 * ends in literals: the last match begins 12 bytes before the end at the latest and leaves 5. */
#include "format/lz4.h"

enum {
    MATCH_MIN = 4,
    END_LITERALS = 5,
    LAST_MATCH_ROOM = 12,
    DISTANCE_MAX = 65535,
    NIBBLE_MAX = 15,
    BYTE_MAX = 255,
    TEXT_SLOT_BITS = 10,
    PATIENCE_BITS = 4, /* after 16 places without a match look at every second, and so on */
};

static uint32_t load_4(const char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Places are kept by seven bytes: matches of four would do, but hardly pay, and crowd out longer
 * ones.  Requires: eight bytes stand at `at`. */
static uint32_t slot_of(const char *at, unsigned bits)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return (uint32_t)((word << 8) * UINT64_C(0x9E3779B185EBCA87) >> (64 - bits));
}

void lz4_dictionary_init(struct lz4_dictionary *dictionary, struct str bytes)
{
    CHECK(bytes.len <= LZ4_DICTIONARY_MAX);
    *dictionary = (struct lz4_dictionary){.bytes = bytes};
    for (size_t i = 0; i + sizeof(uint64_t) <= bytes.len; i++) {
        dictionary->places[slot_of(bytes.ptr + i, LZ4_SLOT_BITS)] = (uint16_t)(i + 1);
    }
}

size_t lz4_bound(size_t len)
{
    return len + len / BYTE_MAX + 16;
}

/* ---- packing ---- */

struct packer {
    char *to;
    struct str text;
    const struct lz4_dictionary *dictionary;
    size_t done; /* bytes of the text that are written */
    uint32_t places[1 << TEXT_SLOT_BITS];
};

struct match {
    size_t from; /* in the text */
    size_t len;
    size_t distance;
};

static size_t shared_len(const char *a, const char *b, size_t most)
{
    size_t len = 0;
    while (len + sizeof(uint64_t) <= most) {
        uint64_t left, right;
        memcpy(&left, a + len, sizeof left);
        memcpy(&right, b + len, sizeof right);
        if (left != right) {
            break;
        }
        len += sizeof(uint64_t);
    }
    while (len < most && a[len] == b[len]) {
        len++;
    }
    return len;
}

/* Make the match longer on both sides.  `source` bounds what it is compared with. */
static void match_extend(struct match *m, const struct packer *p, struct str source, size_t at)
{
    size_t room = p->text.len - END_LITERALS - m->from, rest = source.len - at;
    m->len = shared_len(p->text.ptr + m->from, source.ptr + at, room < rest ? room : rest);
    while (m->from > p->done && at > 0 && p->text.ptr[m->from - 1] == source.ptr[at - 1]) {
        m->from--;
        at--;
        m->len++;
    }
}

/* A match for the four bytes at `from`: in the text before it, or in the dictionary. */
static bool match_find(struct match *m, struct packer *p, size_t from)
{
    const struct str known = p->dictionary->bytes;
    uint32_t word = load_4(p->text.ptr + from);
    uint32_t *place = &p->places[slot_of(p->text.ptr + from, TEXT_SLOT_BITS)];
    size_t seen = *place;
    *place = (uint32_t)from + 1;
    *m = (struct match){.from = from};
    if (seen > 0 && from - (seen - 1) <= DISTANCE_MAX && load_4(p->text.ptr + seen - 1) == word) {
        m->distance = from - (seen - 1);
        match_extend(m, p, p->text, seen - 1);
        return true;
    }
    seen = p->dictionary->places[slot_of(p->text.ptr + from, LZ4_SLOT_BITS)];
    if (seen == 0 || from + known.len - (seen - 1) > DISTANCE_MAX ||
        load_4(known.ptr + seen - 1) != word) {
        return false;
    }
    m->distance = from + known.len - (seen - 1);
    match_extend(m, p, known, seen - 1);
    return true;
}

static void put_length(struct packer *p, size_t len)
{
    for (; len >= BYTE_MAX; len -= BYTE_MAX) {
        *p->to++ = (char)BYTE_MAX;
    }
    *p->to++ = (char)len;
}

/* Literals up to `end`, and the token in front of them, whose match has `match_nibble`. */
static void put_literals(struct packer *p, size_t end, size_t match_nibble)
{
    size_t len = end - p->done;
    size_t nibble = len < NIBBLE_MAX ? len : NIBBLE_MAX;
    *p->to++ = (char)(nibble << 4 | match_nibble);
    if (nibble == NIBBLE_MAX) {
        put_length(p, len - NIBBLE_MAX);
    }
    if (len > 0) {
        memcpy(p->to, p->text.ptr + p->done, len);
    }
    p->to += len;
    p->done = end;
}

static void put_match(struct packer *p, const struct match *m)
{
    size_t len = m->len - MATCH_MIN;
    size_t nibble = len < NIBBLE_MAX ? len : NIBBLE_MAX;
    put_literals(p, m->from, nibble);
    *p->to++ = (char)(m->distance & 0xFF);
    *p->to++ = (char)(m->distance >> 8);
    if (nibble == NIBBLE_MAX) {
        put_length(p, len - NIBBLE_MAX);
    }
    p->done = m->from + m->len;
}

size_t lz4_pack(char *out, struct str text, const struct lz4_dictionary *dictionary)
{
    struct packer p = {.to = out, .text = text, .dictionary = dictionary};
    size_t at = 0, missed = 0;
    CHECK(text.len < UINT32_MAX);
    while (at + LAST_MATCH_ROOM <= text.len) {
        struct match m;
        if (!match_find(&m, &p, at)) {
            at += 1 + (missed >> PATIENCE_BITS);
            missed++;
            continue;
        }
        put_match(&p, &m);
        at = p.done;
        missed = 0;
    }
    put_literals(&p, text.len, 0);
    return (size_t)(p.to - out);
}

/* ---- unpacking ---- */

struct unpacker {
    struct str packed;
    size_t at; /* in packed */
    char *out;
    size_t len, done;
    struct str dictionary;
};

static bool take_byte(struct unpacker *u, size_t *byte)
{
    if (u->at == u->packed.len) {
        return false;
    }
    *byte = (unsigned char)u->packed.ptr[u->at++];
    return true;
}

/* The rest of a length whose nibble is full. */
static bool take_length(struct unpacker *u, size_t *len)
{
    size_t byte = BYTE_MAX;
    if (*len != NIBBLE_MAX) {
        return true;
    }
    while (byte == BYTE_MAX) {
        if (!take_byte(u, &byte) || *len > u->len) {
            return false;
        }
        *len += byte;
    }
    return true;
}

static bool take_literals(struct unpacker *u, size_t len)
{
    if (len > u->packed.len - u->at || len > u->len - u->done) {
        return false;
    }
    if (len > 0) {
        memcpy(u->out + u->done, u->packed.ptr + u->at, len);
    }
    u->at += len;
    u->done += len;
    return true;
}

/* Copy what stands `distance` back; a match may begin in the dictionary and go on in the text, and
 * may repeat what it has just written. */
static bool take_match(struct unpacker *u, size_t distance, size_t len)
{
    if (distance == 0 || distance > u->done + u->dictionary.len || len > u->len - u->done) {
        return false;
    }
    if (distance > u->done) {
        size_t from = u->dictionary.len - (distance - u->done);
        size_t part = u->dictionary.len - from < len ? u->dictionary.len - from : len;
        memcpy(u->out + u->done, u->dictionary.ptr + from, part);
        u->done += part;
        len -= part;
        if (len == 0) {
            return true;
        }
    }
    if (distance >= len) {
        memcpy(u->out + u->done, u->out + (u->done - distance), len);
        u->done += len;
        return true;
    }
    for (; len > 0; len--, u->done++) {
        u->out[u->done] = u->out[u->done - distance];
    }
    return true;
}

bool lz4_unpack(char *out, size_t len, struct str packed, struct str dictionary)
{
    struct unpacker u = {.packed = packed, .out = out, .len = len, .dictionary = dictionary};
    size_t token, low, high;
    while (take_byte(&u, &token)) {
        size_t literals = token >> 4, match = token & NIBBLE_MAX;
        if (!take_length(&u, &literals) || !take_literals(&u, literals)) {
            return false;
        }
        if (u.at == packed.len) { /* a block ends behind literals */
            return match == 0 && u.done == len;
        }
        if (!take_byte(&u, &low) || !take_byte(&u, &high) || !take_length(&u, &match) ||
            !take_match(&u, high << 8 | low, match + MATCH_MIN)) {
            return false;
        }
    }
    return false;
}
