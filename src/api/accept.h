/* accept.h - what a caller says it takes (RFC 9110, section 12.5), and what it has already. */
#ifndef API_ACCEPT_H
#define API_ACCEPT_H

#include "base/str.h"

enum { ACCEPT_FULL = 1000 };

/* How much `field`, a header Accept or Accept-Encoding, wants `what` ("text/html", "gzip"): 0, not
 * at all, to ACCEPT_FULL.  The most specific element that fits counts; 0 if none does. */
unsigned accept_quality(struct str field, struct str what);

/* Is `etag`, with its quotes, one of those in `field`, a header If-None-Match? */
bool etag_is_known(struct str field, struct str etag);

#endif
