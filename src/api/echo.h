/* echo.h - a route of test builds only: it tells what arrived, so that a test of the door sees what
 * a handler sees.
 *
 * "/test/echo" answers with method, path, query, headers, length and SHA-256 of the body as JSON;
 * with "?body=1" the body itself; with "?bytes=N" N bytes, the digits 0 to 9 in turn.  Bytes of
 * headers and target are told as Latin-1. */
#ifndef API_ECHO_H
#define API_ECHO_H

struct call;

enum { ECHO_BODY_LEN_MAX = 1024 * 1024, ECHO_BYTES_MAX = 2 * 1024 * 1024 };

void echo_tell(struct call *call);

#endif
