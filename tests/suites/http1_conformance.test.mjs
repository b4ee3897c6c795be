// http1_conformance.test.mjs - what RFC 9112 and RFC 9110 ask of a server, as bytes on a socket, over TLS and plain.
//
// Every malformed request comes with a well-formed one right behind it: there must be one refusal, then the end, and never an
// answer to what was smuggled.  The 33 cases of h1spec (github.com/uNetworking/h1spec) are among the rows, marked "h1spec".
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { isOurs, openDoor, patience, target } from './door.mjs';
import { talk } from './http1_client.mjs';

const H = 'Host: localhost\r\n';
const GET = `GET ${target} HTTP/1.1\r\n${H}`;
const POST = `POST ${target} HTTP/1.1\r\n${H}`;
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;
const SMUGGLED = `GET /smuggled HTTP/1.1\r\n${H}X-Smuggled: yes\r\n\r\n`;
const inner = `5e\r\nPOST /smuggled HTTP/1.1\r\n${H}Content-Length: 15\r\n\r\nx=1\r\n0\r\n\r\n`;

// ---- what must be refused: name, bytes, status(es) ----
const smuggling = [
  ['CL.TE', `${POST}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG`, 400],
  ['CL.TE, a whole request within', `${POST}Content-Length: ${5 + SMUGGLED.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`, 400],
  ['TE.CL', `${POST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${inner}`, 400],
  ['TE.CL with Content-Length 0', `${POST}Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n`, 400],
  ['h1spec: GET with both', `${GET}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n`, 400],
  ...[
    ['xchunked', ' xchunked'], ['chunked in quotes', ' "chunked"'], ["chunked in single quotes", " 'chunked'"], ['chunked, identity', ' chunked, identity'], ['identity', ' identity'],
    ['identity, chunked', ' identity, chunked'], ['gzip, chunked', ' gzip, chunked'], ['chunked, chunked', ' chunked, chunked'], ['x, chunked', ' x, chunked'], ['chunked;q=1', ' chunked;q=1'],
    ['a comma first', ' , chunked'], ['a comma last', ' chunked,'], ['a vertical tab', '\x0bchunked'], ['a form feed', ' \x0cchunked'], ['NUL behind', ' chunked\0'], ['0xFF behind', ' chunked\xff'],
    ['0xA0 before', '\xa0chunked'], ['cow', ' cow'], ['nothing', ''], ['a bare CR before', ' \rchunked'], ['a bare LF before', ' \nchunked'], ['a fold before', '\r\n chunked'], ['a fold with a tab', '\r\n\tchunked'],
  ].map(([name, value]) => [`TE.TE: ${name}`, `${POST}Transfer-Encoding:${value}\r\n\r\n${inner}`, [400, 501]]),
  ['TE.TE: two headers', `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n${inner}`, [400, 501]],
  ['TE.TE: two headers, equal', `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${inner}`, [400, 501]],
  ['TE.TE: the second is cow', `${POST}Transfer-Encoding: chunked\r\nTransfer-encoding: cow\r\n\r\n${inner}`, [400, 501]],
  ['TE.TE: a blank before the colon', `${POST}Transfer-Encoding : chunked\r\n\r\n${inner}`, 400],
  ['TE.TE: a tab before the colon', `${POST}Transfer-Encoding\t: chunked\r\n\r\n${inner}`, 400],
  ['TE.TE: a blank first', `${POST} Transfer-Encoding: chunked\r\n\r\n${inner}`, 400],
  ['TE.TE: behind a bare LF', `${POST}X: y\nTransfer-Encoding: chunked\r\n\r\n${inner}`, 400],
  ['TE.TE: behind a bare CR', `${POST}X: y\rTransfer-Encoding: chunked\r\n\r\n${inner}`, 400],
  ['TE.TE: the name with NUL', `${POST}Transfer\0-Encoding: chunked\r\n\r\n${inner}`, 400],
  ['chunked in HTTP/1.0', `POST ${target} HTTP/1.0\r\n${H}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
];
const lengths = [
  ['two that differ', `Content-Length: 5\r\nContent-Length: 6\r\n`], ['two that are equal', `Content-Length: 5\r\nContent-Length: 5\r\n`], ['a list', `Content-Length: 5, 5\r\n`],
  ['a sign', `Content-Length: +5\r\n`], ['h1spec: a negative one', `Content-Length: -1234\r\n`], ['h1spec: a negative one that overflows', `Content-Length: -123456789123456789123456789\r\n`],
  ['h1spec: letters', `Content-Length: abc\r\n`], ['hexadecimal', `Content-Length: 0x5\r\n`], ['a fraction', `Content-Length: 5.0\r\n`], ['an exponent', `Content-Length: 5e0\r\n`], ['nothing', `Content-Length:\r\n`],
  ['two words', `Content-Length: 5 5\r\n`], ['an underscore', `Content-Length: 1_0\r\n`], ['digits that are not ASCII', `Content-Length: \xd9\xa5\r\n`], ['NUL behind', `Content-Length: 5\0\r\n`],
  ['a vertical tab before', `Content-Length:\x0b5\r\n`], ['2^64', `Content-Length: 18446744073709551616\r\n`], ['2^64 + 5', `Content-Length: 18446744073709551621\r\n`], ['a thousand digits', `Content-Length: ${'9'.repeat(1000)}\r\n`],
  ['a blank before the colon', `Content-Length : 5\r\n`], ['a fold before', `Content-Length:\r\n 5\r\n`], ['behind a fold', `X: y\r\n Content-Length: 5\r\n`], ['a quotation', `Content-Length: "5"\r\n`],
].map(([name, header]) => [`Content-Length: ${name}`, `${POST}${header}\r\nhello`, [400, 413]]);
const hosts = [
  ['h1spec: none', `GET ${target} HTTP/1.1\r\nContent-Length: 5\r\n\r\n`], ['h1spec: two', `GET ${target} HTTP/1.1\r\nHost: example.com\r\nHost: example.org\r\n\r\n`],
  ['two, equal', `${GET}${H}\r\n`], ['empty', `GET ${target} HTTP/1.1\r\nHost:\r\n\r\n`], ['a path', `GET ${target} HTTP/1.1\r\nHost: a/b\r\n\r\n`], ['a user', `GET ${target} HTTP/1.1\r\nHost: u@a\r\n\r\n`],
  ['two names', `GET ${target} HTTP/1.1\r\nHost: a, b\r\n\r\n`], ['a blank', `GET ${target} HTTP/1.1\r\nHost: a b\r\n\r\n`], ['a scheme', `GET ${target} HTTP/1.1\r\nHost: http://a\r\n\r\n`], ['port 99999', `GET ${target} HTTP/1.1\r\nHost: a:99999\r\n\r\n`],
  ['a word for a port', `GET ${target} HTTP/1.1\r\nHost: a:http\r\n\r\n`], ['a fragment', `GET ${target} HTTP/1.1\r\nHost: a#b\r\n\r\n`], ['an open bracket', `GET ${target} HTTP/1.1\r\nHost: [::1\r\n\r\n`],
  ['0xFF', `GET ${target} HTTP/1.1\r\nHost: a\xff\r\n\r\n`], ['a blank before the colon', `GET ${target} HTTP/1.1\r\nHost : a\r\n\r\n`], ['folded', `GET ${target} HTTP/1.1\r\nHost:\r\n a\r\n\r\n`],
  ['the absolute target names another', `GET http://other.example${target} HTTP/1.1\r\n${H}\r\n`],
].map(([name, bytes]) => [`Host: ${name}`, bytes, 400]);
const chunks = [
  ['size 0x5', '0x5\r\nhello\r\n0\r\n\r\n'], ['size -1', '-1\r\nhello\r\n0\r\n\r\n'], ['size +5', '+5\r\nhello\r\n0\r\n\r\n'], ['no size', '\r\nhello\r\n0\r\n\r\n'], ['size 5_0', '5_0\r\nhello\r\n0\r\n\r\n'],
  ['size of 17 digits', 'FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n'], ['size that wraps to 5', '10000000000000005\r\nhello\r\n0\r\n\r\n'], ['size of letters', 'xyz\r\nhello\r\n0\r\n\r\n'], ['a blank before the size', ' 5\r\nhello\r\n0\r\n\r\n'],
  ['a line end in quotes', '5;a="b\r\nhello\r\n0\r\n\r\n"'], ['a blank behind the size', '5 \r\nhello\r\n0\r\n\r\n'], ['LF behind the size', '5\nhello\r\n0\r\n\r\n'], ['CR behind the size', '5\rhello\r\n0\r\n\r\n'], ['LF in an extension', '5;a\nhello\r\n0\r\n\r\n'],
  ['CR in an extension', '5;a\rb\r\nhello\r\n0\r\n\r\n'], ['NUL in an extension', '5;a\0b\r\nhello\r\n0\r\n\r\n'], ['no end behind the data', '5\r\nhello0\r\n\r\n'], ['LF behind the data', '5\r\nhello\n0\r\n\r\n'], ['two bytes instead of the end', '5\r\nhelloXX0\r\n\r\n'],
  ['more data than size', '4\r\nhello\r\n0\r\n\r\n'], ['less data than size', '6\r\nhello\r\n0\r\n\r\n'], ['the last size ends in LF', '0\n\r\n'], ['the trailer ends in LF', '0\r\n\n'],
  ['a fold in the trailer', '0\r\nX: y\r\n z\r\n\r\n'], ['NUL in the trailer', '0\r\nX: \0\r\n\r\n'], ['no colon in the trailer', '0\r\nX\r\n\r\n'], ['a bare CR in the trailer', '0\r\nX: a\rb\r\n\r\n'],
].map(([name, body]) => [`chunk: ${name}`, `${CHUNKED}${body}`, 400]);
const lines = [
  ['two empty lines first', `\r\n\r\n${GET}\r\n`], ['a bare LF first', `\n${GET}\r\n`], ['CR CR LF first', `\r\r\n${GET}\r\n`],
  ['bare LF at every end', `GET ${target} HTTP/1.1\nHost: localhost\n\n`], ['bare LF behind the request line', `GET ${target} HTTP/1.1\n${H}\r\n`], ['bare LF behind a header', `GET ${target} HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n`],
  ['bare LF for the empty line', `${GET}\n`], ['bare CR in a value', `${GET}X: a\rb\r\n\r\n`], ['bare CR before Content-Length', `${POST}X: a\rContent-Length: 5\r\n\r\nhello`], ['CR CR LF', `${GET}X: a\r\r\n\r\n`],
  ['h1spec: a CR before a name', `${GET}\rSome-Header: Test\r\n\r\n`],
  ['a fold', `${GET}X: a\r\n b\r\n\r\n`], ['a fold with a tab', `${GET}X: a\r\n\tb\r\n\r\n`], ['a fold behind the request line', `GET ${target} HTTP/1.1\r\n ${H}\r\n`],
  ['NUL in a value', `${GET}X: a\0b\r\n\r\n`], ['NUL in a name', `${GET}X\0: a\r\n\r\n`], ['NUL in the target', `GET ${target}\0 HTTP/1.1\r\n${H}\r\n`], ['NUL in the method', `GE\0T ${target} HTTP/1.1\r\n${H}\r\n`], ['NUL first', `\0${GET}\r\n`],
  ['a blank before the colon', `${GET}X : a\r\n\r\n`], ['a blank in a name', `${GET}X Y: a\r\n\r\n`], ['an empty name', `${GET}: a\r\n\r\n`], ['no colon', `${GET}X\r\n\r\n`], ['0xFF in a name', `${GET}X\xff: a\r\n\r\n`], ['h1spec: brackets in a name', `${GET}X-Invalid[]: test\r\n\r\n`],
  ['h1spec: a control in a value', `${GET}X-Bad-Control-Char: test\x07\r\n\r\n`], ['DEL in a value', `${GET}X: a\x7f\r\n\r\n`], ['a slash in a name', `${GET}X/Y: a\r\n\r\n`], ['parentheses in a name', `${GET}X(Y): a\r\n\r\n`], ['quotes in a name', `${GET}"X": a\r\n\r\n`],
  ['a TLS hello on the wire', '\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03'],
].map(([name, bytes]) => [`line: ${name}`, bytes, 400]);
const requestLines = [
  ['HTTP/0.9, short', `GET ${target}\r\n\r\n`, 400], ['HTTP/0.9, spelled', `GET ${target} HTTP/0.9\r\n${H}\r\n`, [400, 505]], ['h1spec: no version', `GET ${target} \r\n\r\n`, 400], ['HTTP/1.2', `GET ${target} HTTP/1.2\r\n${H}\r\n`, [200, 505]],
  ['HTTP/2.0', `GET ${target} HTTP/2.0\r\n${H}\r\n`, [400, 505]], ['HTTP/3.7', `GET ${target} HTTP/3.7\r\n${H}\r\n`, [400, 505]], ['h1spec: HTTP/9.9', `GET ${target} HTTP/9.9\r\n${H}\r\n`, [400, 505]], ['HTTP/1.10', `GET ${target} HTTP/1.10\r\n${H}\r\n`, 400],
  ['HTTP/1', `GET ${target} HTTP/1\r\n${H}\r\n`, 400], ['HTTP/1.', `GET ${target} HTTP/1.\r\n${H}\r\n`, 400], ['HTTP/11', `GET ${target} HTTP/11\r\n${H}\r\n`, 400], ['HTTP /1.1', `GET ${target} HTTP /1.1\r\n${H}\r\n`, 400], ['http/1.1', `GET ${target} http/1.1\r\n${H}\r\n`, 400],
  ['HTTPS/1.1', `GET ${target} HTTPS/1.1\r\n${H}\r\n`, 400], ['ICY/1.1', `GET ${target} ICY/1.1\r\n${H}\r\n`, 400], ['a word behind the version', `GET ${target} HTTP/1.1 x\r\n${H}\r\n`, 400], ['a blank behind the version', `GET ${target} HTTP/1.1 \r\n${H}\r\n`, 400],
  ['two blanks behind the method', `GET  ${target} HTTP/1.1\r\n${H}\r\n`, 400], ['two blanks behind the target', `GET ${target}  HTTP/1.1\r\n${H}\r\n`, 400], ['a tab for a blank', `GET\t${target} HTTP/1.1\r\n${H}\r\n`, 400], ['a blank first', ` ${GET}\r\n`, 400],
  ['h1spec: words first', `Extra line${GET}\r\n`, [400, 501]], ['no target', `GET HTTP/1.1\r\n${H}\r\n`, 400], ['a blank in the target', `GET ${target}?a b HTTP/1.1\r\n${H}\r\n`, 400], ['a control in the target', `GET ${target}\x01 HTTP/1.1\r\n${H}\r\n`, 400],
  ['0xFF in the target', `GET ${target}\xff HTTP/1.1\r\n${H}\r\n`, 400], ['a fragment', `GET ${target}#top HTTP/1.1\r\n${H}\r\n`, 400], ['a target without slash', `GET livez HTTP/1.1\r\n${H}\r\n`, 400], ['an asterisk for GET', `GET * HTTP/1.1\r\n${H}\r\n`, 400],
  ['an authority for GET', `GET localhost:80 HTTP/1.1\r\n${H}\r\n`, 400], ['CONNECT', `CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n`, [400, 405, 501]], ['a method in small letters', `get ${target} HTTP/1.1\r\n${H}\r\n`, [400, 501]],
  ['a method that nobody knows', `FETCH ${target} HTTP/1.1\r\n${H}\r\n`, [400, 501]], ['a method of 10 kB', `${'A'.repeat(10000)} ${target} HTTP/1.1\r\n${H}\r\n`, [400, 414, 431, 501]], ['absolute with a user', `GET http://u:p@localhost${target} HTTP/1.1\r\n${H}\r\n`, 400],
  ['absolute of another scheme', `GET ftp://localhost${target} HTTP/1.1\r\n${H}\r\n`, 400], ['the preface of HTTP/2, broken off', 'PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n', [400, 505]],
  ['a target of 5 kB', `GET ${target}?${'a'.repeat(5000)} HTTP/1.1\r\n${H}\r\n`, [414]], ['a target of 100 kB', `GET ${target}?${'a'.repeat(100000)} HTTP/1.1\r\n${H}\r\n`, [414, 431]],
  ['a header of 20 kB', `${GET}X: ${'a'.repeat(20000)}\r\n\r\n`, 431], ['a header of 1 MB', `${GET}X: ${'a'.repeat(1000000)}\r\n\r\n`, 431], ['a name of 20 kB', `${GET}${'X'.repeat(20000)}: a\r\n\r\n`, 431],
  ['100 headers', `${GET}${Array.from({ length: 100 }, (_, i) => `X-${i}: a\r\n`).join('')}\r\n`, 431], ['headers of 17 kB together', `${GET}${Array.from({ length: 34 }, (_, i) => `X-${i}: ${'a'.repeat(500)}\r\n`).join('')}\r\n`, 431],
  ['a body that is said to be 10 GB', `${POST}Content-Length: 10000000000\r\n\r\n`, 413], ['an unknown expectation', `${POST}Expect: tea\r\nContent-Length: 5\r\n\r\n`, 417], ['a body larger than its route', `${POST}Content-Length: 1048577\r\n\r\n`, 413],
].map(([name, bytes, status]) => [`request line and limits: ${name}`, bytes, status]);

// ---- what must be answered ----
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const seen = (answer) => JSON.parse(answer.body.toString('utf8'));
const odd = [
  ['an empty line before the request', `\r\n${GET}\r\n`, ['GET']], ['an empty line before each', `\r\n${POST}Content-Length: 5\r\n\r\nhello\r\n${GET}\r\n\r\n${GET}\r\n`, ['POST', 'GET', 'GET']],
  ['h1spec: a plain GET', `${GET}\r\n`, ['GET']], ['h1spec: a tab before the value, an empty header', `GET ${target} HTTP/1.1\r\nhoSt:\texample.com\r\nempty:\r\n\r\n`, ['GET']], ['h1spec: an empty value', `${GET}X-Empty-Header: \r\n\r\n`, ['GET']],
  ['h1spec: a POST with a body', `${POST}Content-Length: 5\r\n\r\nhello`, ['POST'], (a) => isOurs && assert.equal(seen(a[0]).body_sha256, sha256('hello'))],
  ['absolute-form', `GET http://localhost${target} HTTP/1.1\r\n${H}\r\n`, ['GET'], (a) => isOurs && assert.equal(seen(a[0]).path, target)],
  ['absolute-form, https', `GET https://localhost${target} HTTP/1.1\r\n${H}\r\n`, ['GET']], ['a host in capitals and small letters', `GET ${target} HTTP/1.1\r\nHOST: LocalHost\r\n\r\n`, ['GET']], ['host with a port', `GET ${target} HTTP/1.1\r\nhost: localhost:8443\r\n\r\n`, ['GET']],
  ['host is an IPv6 address', `GET ${target} HTTP/1.1\r\nHost: [::1]:80\r\n\r\n`, ['GET']], ['blanks about a value', `${GET}X: \t a \t \r\n\r\n`, ['GET'], (a) => isOurs && assert.deepEqual(seen(a[0]).headers.at(-1), ['X', 'a'])],
  ['Latin-1 in a value', `${GET}X: \xe9\r\n\r\n`, ['GET']], ['HEAD has a length and no body', `HEAD ${target} HTTP/1.1\r\n${H}\r\n`, ['HEAD'], (a) => assert.ok(Number(a[0].headers['content-length']) > 0)],
  ['HEAD, then GET: no byte between', `HEAD ${target} HTTP/1.1\r\n${H}\r\n${GET}\r\n`, ['HEAD', 'GET']], ['ten in a row', `${GET}\r\n`.repeat(10), Array(10).fill('GET')], ['ten in a row with bodies', `${POST}Content-Length: 5\r\n\r\nhello`.repeat(10), Array(10).fill('POST')],
  ['chunked, then GET', `${CHUNKED}5\r\nhello\r\n0\r\n\r\n${GET}\r\n`, ['POST', 'GET'], (a) => isOurs && assert.equal(seen(a[0]).body_sha256, sha256('hello'))], ['CHUNKED in capitals', `${POST}Transfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, ['POST']],
  ['chunked of nothing', `${CHUNKED}0\r\n\r\n`, ['POST'], (a) => isOurs && assert.equal(seen(a[0]).body_len, 0)], ['a thousand chunks of a byte', `${CHUNKED}${'1\r\nx\r\n'.repeat(1000)}0\r\n\r\n`, ['POST'], (a) => isOurs && assert.equal(seen(a[0]).body_len, 1000)],
  ['chunk sizes with zeros and capitals', `${CHUNKED}0000A\r\nhellohello\r\n00a\r\nhellohello\r\n000\r\n\r\n`, ['POST'], (a) => isOurs && assert.equal(seen(a[0]).body_len, 20)], ...['5;a', '5;a=b', '5;a;b', '5;a;b=c', '5;a=b;c', '5;a=b;c=d', '5;a="b;\\"c"', '5 ;a\t=\tb ; c'].map((size) => [`the chunk extension of "${size}"`, `${CHUNKED}${size}\r\nhello\r\n0\r\n\r\n`, ['POST']]),
  ['an extension of the last chunk', `${CHUNKED}5\r\nhello\r\n0;e=f\r\n\r\n`, ['POST']],
  ['trailers', `${CHUNKED}5\r\nhello\r\n0\r\nX-Trailer: y\r\nHost: elsewhere\r\n\r\n${GET}\r\n`, ['POST', 'GET'], (a) => isOurs && assert.equal(seen(a[0]).headers.filter(([n]) => n.toLowerCase() === 'host').length, 1)],
  ['trailers that would reframe', `${CHUNKED}5\r\nhello\r\n0\r\nContent-Length: 99\r\nTransfer-Encoding: x\r\n\r\n${GET}\r\n`, ['POST', 'GET']], ['length 0', `${POST}Content-Length: 0\r\n\r\n${GET}\r\n`, ['POST', 'GET']], ['length 005', `${POST}Content-Length: 005\r\n\r\nhello${GET}\r\n`, ['POST', 'GET']],
  ['a body of a GET is read past', `${GET}Content-Length: 5\r\n\r\nhello${GET}\r\n`, ['GET', 'GET']], ['Upgrade: h2c is not taken up', `${GET}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`, ['GET']],
  ['Upgrade: websocket is not taken up', `${GET}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, ['GET']], ['a header of 8 kB', `${GET}X: ${'a'.repeat(8000)}\r\n\r\n`, ['GET']], ['50 headers', `${GET}${Array.from({ length: 50 }, (_, i) => `X-${i}: a\r\n`).join('')}\r\n`, ['GET']],
  ['an unknown Connection option', `${GET}Connection: keep-alive, x-thing\r\n\r\n`, ['GET']], ['1.0 with keep-alive', `GET ${target} HTTP/1.0\r\n${H}Connection: keep-alive\r\n\r\n${GET}\r\n`, ['GET', 'GET'], (a) => assert.match(a[0].headers.connection, /keep-alive/i)],
  ['Host with a colon and no port', `GET ${target} HTTP/1.1\r\nHost: localhost:\r\n\r\n`, ['GET']], ['an empty query', `GET ${target}? HTTP/1.1\r\n${H}\r\n`, ['GET']], ['a query of marks', `GET ${target}?a=%20&b=c/d?e HTTP/1.1\r\n${H}\r\n`, ['GET']],
];
const closing = [
  ['Connection: close', `${GET}Connection: close\r\n\r\n`], ['Connection: Close among others', `${GET}Connection: x, Close\r\n\r\n`], ['1.0', `GET ${target} HTTP/1.0\r\n${H}\r\n`], ['1.0 without Host', `GET ${target} HTTP/1.0\r\n\r\n`], ['1.0 with a body', `POST ${target} HTTP/1.0\r\n${H}Content-Length: 5\r\n\r\nhello`],
];
// What a server may take or refuse: whichever it does, it must not get out of step.
const either = [['a blank behind Content-Length', `${POST}Content-Length: 5 \r\n\r\nhello`]];
// Where a request is cut; the rest comes once the server has shown elsewhere that it is at work.
const cuts = ['G', 'GET ', `GET ${target}`, `GET ${target} `, `GET ${target} HTTP`, `GET ${target} HTTP/1.1`, `GET ${target} HTTP/1.1\r`, `GET ${target} HTTP/1.1\r\n`, `GET ${target} HTTP/1.1\r\nHos`,
  `GET ${target} HTTP/1.1\r\nHost:`, `GET ${target} HTTP/1.1\r\nHost: `, `GET ${target} HTTP/1.1\r\nHost: localhost`, `GET ${target} HTTP/1.1\r\nHost: localhost\r`, `GET ${target} HTTP/1.1\r\nHost: localhost\r\n`, `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r`];

for (const secure of [true, false]) {
  describe(`HTTP/1.1 ${secure ? 'over TLS' : 'plain'}`, () => {
    let door;
    before(async () => { door = await openDoor({ secure }); });
    after(async () => { if (door) assert.deepEqual(await door.stop(), { code: 0, signal: null }); });
    const on = (title, run) => test(title, { timeout: 4 * patience }, async (t) => {
      if (!door) { t.skip('no such target'); return; }
      const c = await talk(door);
      try { await run(c); } finally { c.destroy(); }
    });

    for (const [name, bytes, statuses] of [...smuggling, ...lengths, ...hosts, ...chunks, ...lines, ...requestLines]) {
      on(`refused, once and closed: ${name}`, async (c) => {
        c.write(`${bytes}${SMUGGLED}`);
        await c.closed();
        const { answers, rest } = await c.answers(1);
        const got = answers.map((a) => a.status);
        assert.equal(got.length, 1, `answers ${got}; ${JSON.stringify(rest.toString('latin1').slice(0, 200))}`);
        assert.ok([statuses].flat().includes(got[0]), `${got[0]} instead of ${statuses}`);
        assert.equal(rest.length, 0);
        assert.match(answers[0].headers.connection ?? '', /close/i);
        if (isOurs) assert.equal(answers[0].headers['content-type'], 'application/problem+json');
      });
    }

    for (const [name, bytes, methods, look] of odd) {
      on(`answered: ${name}`, async (c) => {
        c.write(bytes);
        const { answers, rest } = await c.answers(methods.length, methods);
        assert.deepEqual(answers.map((a) => a.status), methods.map(() => 200), JSON.stringify(rest.toString('latin1').slice(0, 200)));
        assert.equal(rest.length, 0);
        assert.ok(!c.isClosed);
        look?.(answers);
        // What came was read to its last byte: the next request is understood.
        const before = answers.length;
        c.write(`${GET}\r\n`);
        assert.equal((await c.answers(before + 1, [...methods, 'GET'])).answers.length, before + 1);
      });
    }
    on('answered: absolute-form without a path is "/"', async (c) => {
      c.write(`GET http://localhost HTTP/1.1\r\n${H}\r\n${GET}\r\n`);
      const { answers } = await c.answers(2);
      if (isOurs) assert.equal(answers[0].status, 404);
      assert.equal(answers[1].status, 200);
    });
    on('answered: OPTIONS *', async (c) => {
      c.write(`OPTIONS * HTTP/1.1\r\n${H}\r\n${GET}\r\n`);
      const { answers } = await c.answers(2, ['OPTIONS', 'GET']);
      assert.ok(answers[0].status < 500);
      assert.equal(answers[1].status, 200);
    });
    on('answered: a method of another trade, with 405', async (c) => {
      c.write(`PROPFIND ${target} HTTP/1.1\r\n${H}\r\n${GET}\r\n`);
      const { answers } = await c.answers(2);
      assert.deepEqual(answers.map((a) => a.status), [405, 200]);
      if (isOurs) assert.equal(answers[0].headers.allow, 'GET, HEAD, POST');
    });
    for (const [name, bytes] of closing) {
      on(`answered and closed: ${name}`, async (c) => {
        c.write(`${bytes}${SMUGGLED}`);
        await c.closed();
        const { answers, rest } = await c.answers(1);
        assert.deepEqual(answers.map((a) => a.status), [200]);
        assert.equal(rest.length, 0);
      });
    }

    for (const [name, bytes] of either) {
      on(`taken or refused, but in step: ${name}`, async (c) => {
        c.write(`${bytes}${GET}\r\n`);
        const { answers } = await c.answers(2);
        const got = answers.map((a) => a.status);
        if (got[0] === 400) {
          await c.closed();
          assert.deepEqual(got, [400]);
        } else {
          assert.ok(got[0] === 200 || got[0] === 404, `${got}`);
          assert.equal(got[1], 200);
        }
      });
    }

    const atWork = async () => { const other = await talk(door); other.write(`${GET}\r\n`); await other.answers(1); other.destroy(); };
    for (const cut of cuts) {
      on(`h1spec: waits behind ${JSON.stringify(cut)}`, async (c) => {
        const whole = `${GET}\r\n`;
        assert.ok(whole.startsWith(cut));
        c.write(cut);
        await atWork();
        await atWork();
        assert.equal(c.bytes.length, 0);
        assert.ok(!c.isClosed);
        c.write(whole.slice(cut.length));
        assert.equal((await c.answers(1)).answers[0].status, 200);
      });
    }
    on('a request that comes byte by byte is understood', async (c) => {
      for (const byte of `${CHUNKED}5;x\r\nhello\r\n0\r\nT: u\r\n\r\n`) { c.write(byte); await new Promise(setImmediate); }
      assert.equal((await c.answers(1)).answers[0].status, 200);
    });
    on('h1spec: Expect: 100-continue is told to go on, then answered', async (c) => {
      c.write(`${POST}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`);
      await c.until(() => c.bytes.includes('HTTP/1.1 100 Continue\r\n\r\n'), '100 Continue');
      c.write('hello');
      const { answers } = await c.answers(1);
      assert.deepEqual(answers.map((a) => a.status), [100, 200]);
    });
    on('Expect: 100-continue with a body too large is refused at once', async (c) => {
      c.write(`${POST}Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n`);
      await c.closed();
      assert.deepEqual((await c.answers(1)).answers.map((a) => a.status), [413]);
    });
    on('a body without end is refused once it passes its limit', async (c) => {
      c.write(CHUNKED);
      for (let i = 0; i < 16; i++) c.write(`10000\r\n${'x'.repeat(65536)}\r\n`);
      c.write('1\r\nx\r\n');
      await c.closed();
      assert.deepEqual((await c.answers(1)).answers.map((a) => a.status), [413]);
    });
    on('a head without end is refused once it passes its limit', async (c) => {
      c.write(GET);
      for (let i = 0; i < 300; i++) c.write(`X-${i}: ${'a'.repeat(100)}\r\n`);
      await c.closed();
      assert.deepEqual((await c.answers(1)).answers.map((a) => a.status), [431]);
    });
    on('a client that shuts its side is answered all the same', async (c) => {
      c.socket.end(`${GET}\r\n`);
      assert.equal((await c.answers(1)).answers[0]?.status, 200);
      await c.closed();
    });
  });
}

test('plain HTTP on the TLS port gets no answer to its request', { timeout: 4 * patience }, async (t) => {
  const door = await openDoor({ secure: true });
  if (!door) { t.skip('no such target'); return; }
  const c = await talk({ ...door, secure: false });
  c.write(`${GET}\r\n`);
  await c.closed();
  assert.ok(!c.bytes.includes('200'));
  await door.stop();
});
