/* libraries.c - what the libraries say of themselves; llhttp is compiled in, and only its header
 * tells. */
#include "http/libraries.h"

#include <llhttp.h>
#include <nghttp2/nghttp2.h>
#include <openssl/crypto.h>

#define TEXT(number)                TEXT_OF(number)
#define TEXT_OF(number)             #number
#define DOTTED(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

const char *http_library_version(enum http_library library)
{
    switch (library) {
    case HTTP_LIBRARY_OPENSSL: return OpenSSL_version(OPENSSL_VERSION_STRING);
    case HTTP_LIBRARY_NGHTTP2: return nghttp2_version(0)->version_str;
    case HTTP_LIBRARY_LLHTTP:
        return DOTTED(LLHTTP_VERSION_MAJOR, LLHTTP_VERSION_MINOR, LLHTTP_VERSION_PATCH);
    }
    return "";
}
