/* auth.h - who is calling: API keys as Bearer or as the user of Basic authentication. */
#ifndef API_AUTH_H
#define API_AUTH_H

#include "api/call.h"

/* Find the credentials of the request.  False: a problem was answered. */
bool auth_read(struct call *call) MUST_USE;
/* The digest of the key that a request shows as Bearer; false if it shows none in this way. */
bool auth_peek(struct digest *out, const struct http_exchange *x) MUST_USE;
/* Is the key in memory?  Then call->key is filled. */
bool auth_recall(struct call *call) MUST_USE;
/* Look the key up in the store (on a worker).  False: a problem was answered. */
bool auth_look_up(struct call *call) MUST_USE;
/* Is the key neither revoked nor expired, whatever it may do? */
bool auth_is_good(const struct call *call);
/* May this key do what the route does, now?  False: a problem was answered. */
bool auth_allow(struct call *call) MUST_USE;

#endif
