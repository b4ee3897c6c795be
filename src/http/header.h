/* header.h - one header line of a request.
 *
 * Apart from server.h because llhttp's own header claims names such as HTTP_GET; the one file that
 * includes it sees this and not that. */
#ifndef HTTP_HEADER_H
#define HTTP_HEADER_H

#include "base/str.h"

struct http_header {
    struct str name; /* as sent */
    struct str value;
};

#endif
