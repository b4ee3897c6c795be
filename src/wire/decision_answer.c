/* decision_answer.c - the envelope, in two pieces. */
#include "wire/decision_answer.h"

#include "format/iso8601.h"
#include "format/json.h"

void decision_answer_begin(struct buf *out, const struct decision_envelope *envelope)
{
    buf_append(out, STR("{\"object\":\"decision\",\"id\":"));
    json_append_string(out, envelope->id);
    buf_append(out, STR(",\"created_at\":\""));
    timestamp_write(out, envelope->created_ms);
    buf_append_text(out, envelope->is_live ? "\",\"livemode\":true" : "\",\"livemode\":false");
    buf_append(out, STR(",\"client_reference\":"));
    if (envelope->client_reference.len == 0) {
        buf_append(out, STR("null"));
    } else {
        json_append_string(out, envelope->client_reference);
    }
    buf_append(out, STR(",\"body\":"));
    buf_append(out, envelope->body);
    buf_append(out, STR(",\"words\":"));
    buf_append(out, envelope->words);
}

void decision_answer_end(struct buf *out, struct str id, const char *stream, uint64_t epoch,
                         uint64_t seq)
{
    buf_append(out, STR(",\"audit\":{\"stream\":"));
    json_append_string(out, str_from(stream));
    buf_append(out, STR(",\"epoch\":"));
    buf_append_int(out, (int64_t)epoch);
    buf_append(out, STR(",\"seq\":"));
    buf_append_int(out, (int64_t)seq);
    buf_append(out, STR("},\"links\":{\"self\":\"/v1/decisions/"));
    buf_append(out, id);
    buf_append(out, STR("\",\"receipt\":\"/v1/decisions/"));
    buf_append(out, id);
    buf_append(out, STR("/receipt\",\"replay\":\"/v1/decisions/"));
    buf_append(out, id);
    buf_append(out, STR("/replay\"}}"));
}
