/* requests.h - what must not pass, and what must, as bytes: one table for the parser and for the
 * wire.
 *
 * Sources: RFC 9112 sections 2.2, 3, 5, 6, 7 and 11.2 (smuggling), RFC 9110 sections 7.2 and
 * 10.1.1, CVE-2023-30589 (bare CR), CVE-2024-27982 (fold before Content-Length). */
#ifndef TESTS_UNIT_HTTP_REQUESTS_H
#define TESTS_UNIT_HTTP_REQUESTS_H

#include "base/str.h"

struct request_row {
    const char *name;
    struct str bytes;
    int status; /* of the refusal; 0: a whole request */
};

/* clang-format off */
#define BYTES(literal) {literal, sizeof(literal) - 1}
#define H "Host: a\r\n"
#define GET "GET / HTTP/1.1\r\n" H
#define POST "POST / HTTP/1.1\r\n" H
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"

static const struct request_row requests_refused[] = {
    /* Lines. */
    {"two empty lines first",     BYTES("\r\n\r\n" GET "\r\n"), 400},
    {"CR CR LF first",            BYTES("\r\r\n" GET "\r\n"), 400},
    {"CR first",                  BYTES("\r" GET "\r\n"), 400},
    {"LF behind an empty line",   BYTES("\r\n\n" GET "\r\n"), 400},
    {"a blank, then CR LF",       BYTES(" \r\n" GET "\r\n"), 400},
    {"a fold behind CR LF",       BYTES("\r\n " GET "\r\n"), 400},
    {"header behind an empty line", BYTES("\r\n" H GET "\r\n"), 400},
    {"bare LF first",             BYTES("\n" GET "\r\n"), 400},
    {"bare LF line ends",         BYTES("GET / HTTP/1.1\nHost: a\n\n"), 400},
    {"LF behind request line",    BYTES("GET / HTTP/1.1\n" H "\r\n"), 400},
    {"LF behind a header",        BYTES("GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"), 400},
    {"LF as the empty line",      BYTES(GET "\n"), 400},
    {"bare CR in a value",        BYTES(GET "X: a\rb\r\n\r\n"), 400},
    {"bare CR hides a header",    BYTES(GET "X: a\rContent-Length: 5\r\n\r\nhello"), 400},
    {"CR CR LF",                  BYTES(GET "X: a\r\r\n\r\n"), 400},
    {"NUL in a value",            BYTES(GET "X: a\0b\r\n\r\n"), 400},
    {"NUL in a name",             BYTES(GET "X\0: a\r\n\r\n"), 400},
    {"NUL in the target",         BYTES("GET /\0 HTTP/1.1\r\n" H "\r\n"), 400},
    {"NUL first",                 BYTES("\0"), 400},
    {"folded line, space",        BYTES(GET "X: a\r\n b\r\n\r\n"), 400},
    {"folded line, tab",          BYTES(GET "X: a\r\n\tb\r\n\r\n"), 400},
    {"folded empty value",        BYTES(GET "X:\r\n b\r\n\r\n"), 400},
    {"folded coding",             BYTES(POST "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"), 400},
    {"fold before the length",    BYTES(POST "X: a\r\n Content-Length: 5\r\n\r\nhello"), 400},
    {"fold on the first line",    BYTES("GET / HTTP/1.1\r\n Host: a\r\n\r\n"), 400},
    /* The request line. */
    {"HTTP/0.9, short",           BYTES("GET /\r\n\r\n"), 400},
    {"HTTP/0.9, spelled",         BYTES("GET / HTTP/0.9\r\n" H "\r\n"), 505},
    {"HTTP/2.0 token",            BYTES("GET / HTTP/2.0\r\n" H "\r\n"), 505},
    {"HTTP/2 method",             BYTES("PRI / HTTP/1.1\r\n" H "\r\n"), 400},
    {"HTTP/2 version",            BYTES("GET * HTTP/2.0\r\n\r\n"), 505},
    {"HTTP/1.2",                  BYTES("GET / HTTP/1.2\r\n" H "\r\n"), 505},
    {"HTTP/3.7",                  BYTES("GET / HTTP/3.7\r\n" H "\r\n"), 505},
    {"HTTP/1.10",                 BYTES("GET / HTTP/1.10\r\n" H "\r\n"), 400},
    {"HTTP/1",                    BYTES("GET / HTTP/1\r\n" H "\r\n"), 400},
    {"http/1.1 in small letters", BYTES("GET / http/1.1\r\n" H "\r\n"), 400},
    {"another protocol",          BYTES("SOURCE / ICE/1.0\r\n" H "\r\n"), 400},
    {"RTSP",                      BYTES("DESCRIBE / RTSP/1.0\r\n" H "\r\n"), 400},
    {"a word behind the version", BYTES("GET / HTTP/1.1 x\r\n" H "\r\n"), 400},
    {"blank behind the version",  BYTES("GET / HTTP/1.1 \r\n" H "\r\n"), 400},
    {"two blanks behind GET",     BYTES("GET  / HTTP/1.1\r\n" H "\r\n"), 400},
    {"two blanks behind target",  BYTES("GET /  HTTP/1.1\r\n" H "\r\n"), 400},
    {"a tab for a blank",         BYTES("GET\t/ HTTP/1.1\r\n" H "\r\n"), 400},
    {"blank first",               BYTES(" GET / HTTP/1.1\r\n" H "\r\n"), 400},
    {"no target",                 BYTES("GET HTTP/1.1\r\n" H "\r\n"), 400},
    {"blank in the target",       BYTES("GET /a b HTTP/1.1\r\n" H "\r\n"), 400},
    {"method in small letters",   BYTES("get / HTTP/1.1\r\n" H "\r\n"), 501},
    {"unknown method",            BYTES("FETCH / HTTP/1.1\r\n" H "\r\n"), 501},
    {"CONNECT",                   BYTES("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"), 501},
    {"target without slash",      BYTES("GET index HTTP/1.1\r\n" H "\r\n"), 400},
    {"asterisk, not OPTIONS",     BYTES("GET * HTTP/1.1\r\n" H "\r\n"), 400},
    {"fragment",                  BYTES("GET /#top HTTP/1.1\r\n" H "\r\n"), 400},
    {"control in the target",     BYTES("GET /\x01 HTTP/1.1\r\n" H "\r\n"), 400},
    {"0xFF in the target",        BYTES("GET /\xFF HTTP/1.1\r\n" H "\r\n"), 400},
    {"absolute, another host",    BYTES("GET http://b/ HTTP/1.1\r\n" H "\r\n"), 400},
    {"absolute, a user",          BYTES("GET http://u:p@a/ HTTP/1.1\r\n" H "\r\n"), 400},
    {"absolute, another port",    BYTES("GET http://a:81/ HTTP/1.1\r\n" H "\r\n"), 400},
    {"absolute, another scheme",  BYTES("GET ftp://a/ HTTP/1.1\r\n" H "\r\n"), 400},
    {"absolute, no path",         BYTES("GET http://a HTTP/1.1\r\n" H "\r\n"), 400},
    /* Names and values. */
    {"empty name",                BYTES(GET ": x\r\n\r\n"), 400},
    {"blank before the colon",    BYTES(GET "X : a\r\n\r\n"), 400},
    {"blank before a colon (CL)", BYTES(POST "Content-Length : 5\r\n\r\nhello"), 400},
    {"blank in a name",           BYTES(GET "X Y: a\r\n\r\n"), 400},
    {"no colon",                  BYTES(GET "X\r\n\r\n"), 400},
    {"0xFF in a name",            BYTES(GET "X\xFF: a\r\n\r\n"), 400},
    {"control in a value",        BYTES(GET "X: a\x01\r\n\r\n"), 400},
    {"DEL in a value",            BYTES(GET "X: a\x7F\r\n\r\n"), 400},
    /* Host. */
    {"no Host",                   BYTES("GET / HTTP/1.1\r\n\r\n"), 400},
    {"two Hosts",                 BYTES("GET / HTTP/1.1\r\n" H H "\r\n"), 400},
    {"two Hosts that differ",     BYTES("GET / HTTP/1.1\r\n" H "Host: b\r\n\r\n"), 400},
    {"empty Host",                BYTES("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 400},
    {"blank Host",                BYTES("GET / HTTP/1.1\r\nHost:  \r\n\r\n"), 400},
    {"junk in Host",              BYTES("GET / HTTP/1.1\r\nHost: a/b@c d\r\n\r\n"), 400},
    {"a path in Host",            BYTES("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400},
    {"a user in Host",            BYTES("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"), 400},
    {"two names in Host",         BYTES("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"), 400},
    {"port 65536",                BYTES("GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"), 400},
    {"no port behind the colon",  BYTES("GET / HTTP/1.1\r\nHost: a:\r\n\r\n"), 400},
    {"a word for a port",         BYTES("GET / HTTP/1.1\r\nHost: a:http\r\n\r\n"), 400},
    {"open bracket",              BYTES("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"), 400},
    {"empty brackets",            BYTES("GET / HTTP/1.1\r\nHost: []\r\n\r\n"), 400},
    {"junk Host in 1.0",          BYTES("GET / HTTP/1.0\r\nHost: a b\r\n\r\n"), 400},
    /* Content-Length. */
    {"two lengths, equal",        BYTES(POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"), 400},
    {"two lengths that differ",   BYTES(POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), 400},
    {"a list of lengths",         BYTES(POST "Content-Length: 5, 5\r\n\r\nhello"), 400},
    {"length +5",                 BYTES(POST "Content-Length: +5\r\n\r\nhello"), 400},
    {"length -5",                 BYTES(POST "Content-Length: -5\r\n\r\nhello"), 400},
    {"length 0x5",                BYTES(POST "Content-Length: 0x5\r\n\r\nhello"), 400},
    {"length 5.0",                BYTES(POST "Content-Length: 5.0\r\n\r\nhello"), 400},
    {"length 5 5",                BYTES(POST "Content-Length: 5 5\r\n\r\nhello"), 400},
    {"empty length",              BYTES(POST "Content-Length:\r\n\r\nhello"), 400},
    {"length 2^64",               BYTES(POST "Content-Length: 18446744073709551616\r\n\r\nhello"), 400},
    {"length 2^64-1",             BYTES(POST "Content-Length: 18446744073709551615\r\n\r\nhello"), 413},
    /* Transfer-Encoding. */
    {"TE and CL",                 BYTES(POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"), 400},
    {"CL and TE",                 BYTES(POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
    {"CL 0 and TE",               BYTES(POST "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
    {"empty TE",                  BYTES(POST "Transfer-Encoding:\r\n\r\n" GET "\r\n"), 400},
    {"empty TE and CL",           BYTES(POST "Transfer-Encoding:\r\nContent-Length: 5\r\n\r\nhello"), 400},
    {"TE identity",               BYTES(POST "Transfer-Encoding: identity\r\n\r\n"), 501},
    {"TE gzip",                   BYTES(POST "Transfer-Encoding: gzip\r\n\r\n"), 501},
    {"TE gzip, chunked",          BYTES(POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 501},
    {"TE chunked, gzip",          BYTES(POST "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"), 501},
    {"TE xchunked",               BYTES(POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 501},
    {"TE chunkedx",               BYTES(POST "Transfer-Encoding: chunkedx\r\n\r\n0\r\n\r\n"), 501},
    {"TE ,chunked",               BYTES(POST "Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n"), 501},
    {"TE chunked;q=1",            BYTES(POST "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"), 501},
    {"TE chunked, chunked",       BYTES(POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"), 501},
    {"TE chunked in 1.0",         BYTES("POST / HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
    /* Chunks. */
    {"chunk size 0x5",            BYTES(CHUNKED "0x5\r\nhello\r\n0\r\n\r\n"), 400},
    {"chunk size -1",             BYTES(CHUNKED "-1\r\nhello\r\n0\r\n\r\n"), 400},
    {"chunk size empty",          BYTES(CHUNKED "\r\nhello\r\n0\r\n\r\n"), 400},
    {"chunk size too large",      BYTES(CHUNKED "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"), 400},
    {"chunk size ends in LF",     BYTES(CHUNKED "5\nhello\r\n0\r\n\r\n"), 400},
    {"chunk size ends in blank",  BYTES(CHUNKED "5 \r\nhello\r\n0\r\n\r\n"), 400},
    {"chunk without its CRLF",    BYTES(CHUNKED "5\r\nhello0\r\n\r\n"), 400},
    {"chunk with LF only",        BYTES(CHUNKED "5\r\nhello\n0\r\n\r\n"), 400},
    {"chunk longer than said",    BYTES(CHUNKED "4\r\nhello\r\n0\r\n\r\n"), 400},
    {"LF in an extension",        BYTES(CHUNKED "5;a\nhello\r\n0\r\n\r\n"), 400},
    {"CR in an extension",        BYTES(CHUNKED "5;a\rb\r\nhello\r\n0\r\n\r\n"), 400},
    {"last chunk ends in LF",     BYTES(CHUNKED "0\n\r\n"), 400},
    {"last empty line is LF",     BYTES(CHUNKED "0\r\n\n" GET "\r\n"), 400},
    {"no colon in the trailer",   BYTES(CHUNKED "0\r\nX y\r\n\r\n"), 400},
    {"no colon in a later line",  BYTES(CHUNKED "0\r\nX: y\r\nZ\r\n\r\n"), 400},
    {"LF in the trailer",         BYTES(CHUNKED "0\r\nX: y\n\r\n"), 400},
    {"LF ends the trailer",       BYTES(CHUNKED "0\r\nX: y\r\n\n" GET "\r\n"), 400},
    {"fold in the trailer",       BYTES(CHUNKED "0\r\nX: y\r\n z\r\n\r\n"), 400},
    {"fold begins the trailer",   BYTES(CHUNKED "0\r\n X: y\r\n\r\n"), 400},
    {"NUL in the trailer",        BYTES(CHUNKED "0\r\nX: \0\r\n\r\n"), 400},
    /* Expect. */
    {"unknown expectation",       BYTES(POST "Expect: tea\r\nContent-Length: 5\r\n\r\nhello"), 417},
    {"empty expectation",         BYTES(POST "Expect:\r\nContent-Length: 5\r\n\r\nhello"), 417},
    {"two expectations",          BYTES(POST "Expect: 100-continue\r\nExpect: 100-continue\r\n\r\n"), 417},
    /* TLS on a plain port. */
    {"a TLS hello",               BYTES("\x16\x03\x01\x00\xC8\x01\x00\x00\xC4\x03\x03"), 400},
};

static const struct request_row requests_whole[] = {
    {"GET",                       BYTES(GET "\r\n"), 0},
    {"an empty line first",       BYTES("\r\n" GET "\r\n"), 0},
    {"a body, an empty line first", BYTES("\r\n" POST "Content-Length: 5\r\n\r\nhello"), 0},
    {"HTTP/1.0 without Host",     BYTES("GET / HTTP/1.0\r\n\r\n"), 0},
    {"a query",                   BYTES("GET /a?b=c HTTP/1.1\r\n" H "\r\n"), 0},
    {"OPTIONS *",                 BYTES("OPTIONS * HTTP/1.1\r\n" H "\r\n"), 0},
    {"absolute, same host",       BYTES("GET http://a/x HTTP/1.1\r\n" H "\r\n"), 0},
    {"Host with a port",          BYTES("GET / HTTP/1.1\r\nHost: a.example:8443\r\n\r\n"), 0},
    {"Host is an IPv6 address",   BYTES("GET / HTTP/1.1\r\nHost: [::1]:1\r\n\r\n"), 0},
    {"empty value",               BYTES(GET "X:\r\n\r\n"), 0},
    {"blanks about a value",      BYTES(GET "X: \t a \t \r\n\r\n"), 0},
    {"Latin-1 in a value",        BYTES(GET "X: \xE9\r\n\r\n"), 0},
    {"Upgrade is ignored",        BYTES(GET "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"), 0},
    {"WebSocket is ignored",      BYTES(GET "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"), 0},
    {"a method of WebDAV",        BYTES("PROPFIND / HTTP/1.1\r\n" H "\r\n"), 0},
    {"length 0",                  BYTES(POST "Content-Length: 0\r\n\r\n"), 0},
    {"length 5",                  BYTES(POST "Content-Length: 5\r\n\r\nhello"), 0},
    {"length 005",                BYTES(POST "Content-Length: 005\r\n\r\nhello"), 0},
    {"chunks",                    BYTES(CHUNKED "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"), 0},
    {"Chunked, capital",          BYTES(POST "Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), 0},
    {"an extension",              BYTES(CHUNKED "5;a=b\r\nhello\r\n0;c\r\n\r\n"), 0},
    {"two extensions",            BYTES(CHUNKED "5;a=b;c=d\r\nhello\r\n0\r\n\r\n"), 0},
    {"a trailer",                 BYTES(CHUNKED "5\r\nhello\r\n0\r\nX: y\r\nHost: b\r\n\r\n"), 0},
    {"100-continue",              BYTES(POST "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"), 0},
    {"Expect in 1.0",             BYTES("GET / HTTP/1.0\r\nExpect: tea\r\n\r\n"), 0},
};
/* clang-format on */

#endif
