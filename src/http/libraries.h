/* libraries.h - whose code the edge runs, as it is loaded: a fix of theirs is a matter of versions.
 */
#ifndef HTTP_LIBRARIES_H
#define HTTP_LIBRARIES_H

enum http_library { HTTP_LIBRARY_OPENSSL, HTTP_LIBRARY_NGHTTP2, HTTP_LIBRARY_LLHTTP };

const char *http_library_version(enum http_library library); /* "3.0.17" */

#endif
