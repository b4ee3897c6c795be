/* stream.h - the place of an exchange among the streams of an HTTP/2 connection.
 *
 * A stream may close at any moment: the client resets it, or goes.  What becomes of its exchange
 * then depends on how far it was: a request that was still being read is forgotten, one that is
 * with its handler stays until the answer comes, an answer that was being written ends unsent. */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include "base/str.h"
#include "http/deadline.h"

struct exchange;

enum stream_state {
    STREAM_HEAD,
    STREAM_BODY,
    STREAM_READY,   /* whole, or refused: among those to be taken */
    STREAM_HANDLED, /* the handler's, or about to be answered */
    STREAM_ANSWERING,
    STREAM_FINISHED,  /* its last frame is among the output, or it never will be */
    STREAM_LINGERING, /* answered; the client has not seen yet that it may stop asking */
};

struct stream {
    int32_t id;
    enum stream_state state;
    struct exchange *previous; /* among all of its session */
    struct exchange *next;
    struct exchange *queued; /* behind it among those to be taken, or those finished */
    struct deadline deadline;
    struct str scheme; /* the pseudo header fields that have no place in the exchange */
    struct str authority;
    struct str target;
    size_t head_len;   /* of all fields, as SETTINGS_MAX_HEADER_LIST_SIZE counts them */
    size_t progress;   /* body or reply bytes at which the deadline was last set */
    size_t reply_sent; /* bytes of the reply that are in frames */
    size_t bytes_sent; /* of frames */
    bool lingers;      /* once it is finished */
    bool has_ended;    /* the client has sent all of it */
    bool is_closed;    /* the session knows it no more */
    bool is_refused;   /* `refusal` says why */
    bool is_cut;       /* the answer did not get out whole */
    int refusal;       /* enum http_refusal */
};

#endif
