// http2_conformance.test.mjs - what RFC 9113 and RFC 7541 ask of a server, one case a test, over TLS and plain.
//
// The 147 cases are those that h2spec (github.com/summerwind/h2spec, with its strict one) tests, told anew with a client of our
// own and held more strictly: an error of the connection must be told by GOAWAY with a code that the RFC allows *and* the
// connection must then close.  What follows them, "beyond", are cases that h2spec leaves out.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isOurs, openDoor, patience, target } from './door.mjs';
import {
  ACK, CANCEL, COMPRESSION_ERROR, CONTINUATION, DATA, ENABLE_PUSH, END_HEADERS, END_STREAM, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, GOAWAY,
  HAS_PRIORITY, HEADERS, INITIAL_WINDOW_SIZE, MAX_CONCURRENT_STREAMS, MAX_FRAME_SIZE, PADDED, PING, PREFACE, PRIORITY, PROTOCOL_ERROR,
  PUSH_PROMISE, REFUSED_STREAM, RST_STREAM, SETTINGS, STREAM_CLOSED, WINDOW_UPDATE, block, frame, integer, literal, number, open, priority, request,
  settings, text,
} from './http2_frames.mjs';

const WHOLE = END_STREAM | END_HEADERS;
const MAX_WINDOW = 0x7fffffff;
const hex = (digits) => Buffer.from(digits, 'hex');
const bytes = (length) => Buffer.alloc(length, 'x');

// ---- what a client does ----

const get = (c, more) => block(request(c.door, target, 'GET', more));
const post = (c, more) => block(request(c.door, target, 'POST', more));
const ask = (c, id = 1) => c.send(HEADERS, WHOLE, id, get(c));
const start = (c, id = 1, more = []) => c.send(HEADERS, END_HEADERS, id, post(c, more)); // a request whose body is still to come
const set = (c, ...pairs) => c.send(SETTINGS, 0, 0, settings(...pairs));
const acknowledged = (c) => c.wait((f) => f.type === SETTINGS && (f.flags & ACK), 'SETTINGS acknowledged');
const ended = (c, id = 1) => c.wait((f) => f.id === id && (f.type === DATA || f.type === HEADERS) && (f.flags & END_STREAM), 'the end of the answer');

// ---- what a server must do ----

const answers = (c, id = 1) => c.wait((f) => f.type === HEADERS && f.id === id, `an answer on stream ${id}`);
const answersWith = async (c, id, ...statuses) => { const f = await answers(c, id); assert.ok(statuses.includes(f.status), `status ${f.status}`); };
async function pongs(c, data = '12345678') {
  c.send(PING, 0, 0, Buffer.from(data));
  const f = await c.wait((f) => f.type === PING && (f.flags & ACK), 'an answer to PING');
  assert.equal(f.payload.toString(), data);
}
async function closes(c) {
  if (!c.isClosed) await c.wait((f) => f.closed, 'the connection closed');
}
// GOAWAY with one of these codes, then the end.
async function breaks(c, ...codes) {
  const f = await c.wait((f) => f.type === GOAWAY || f.closed, 'GOAWAY');
  assert.ok(!f.closed, 'closed without GOAWAY');
  assert.ok(codes.includes(f.code), `GOAWAY with code ${f.code} instead of ${codes}`);
  await closes(c);
}
// The stream is refused: RST_STREAM, or the whole connection, with one of these codes.
async function resets(c, id, ...codes) {
  const f = await c.wait((f) => f.type === GOAWAY || f.closed || (f.type === RST_STREAM && f.id === id), `RST_STREAM on stream ${id}`);
  assert.ok(!f.closed, 'closed without GOAWAY');
  assert.ok(codes.includes(f.code), `code ${f.code} instead of ${codes}`);
  if (f.type === GOAWAY) await closes(c);
  return f;
}
// RFC 9113, 8.1.1: a malformed request is a stream error; a server may answer it with a 4xx before.
async function malformed(c, fields, id = 1) {
  c.send(HEADERS, WHOLE, id, block(fields));
  await refused(c, id);
}
async function refused(c, id = 1) {
  const f = await c.wait((f) => f.type === GOAWAY || f.closed || (f.id === id && (f.type === RST_STREAM || f.type === HEADERS)), 'a refusal');
  if (f.type === HEADERS) {
    assert.ok(f.status >= 400 && f.status < 500, `answered ${f.status}`);
  } else {
    assert.ok(f.code === PROTOCOL_ERROR || f.closed, `code ${f.code}`);
  }
  if (f.type === RST_STREAM || f.type === HEADERS) await pongs(c);
}
async function oneByte(c) {
  const f = await c.wait((f) => f.type === DATA, 'DATA');
  assert.equal(f.payload.length, 1);
}
// A block too large for one frame of the default size.
const tooLarge = (c) => get(c, Array.from({ length: 5 }, (_, i) => [`x-dummy${i}`, 'a'.repeat(4000)]));
// How much window of the connection the server gave beyond the first 65,535.
const creditOf = (c) => c.frames.filter((f) => f.type === WINDOW_UPDATE && f.id === 0).reduce((sum, f) => sum + f.payload.readUInt32BE(0), 0);
const fieldsWithout = (c, name) => request(c.door, target).filter(([n]) => n !== name);
// HEADERS first, and the second field as a representation of its own.
const withRepresentation = async (c, representation) => { c.send(HEADERS, WHOLE, 1, Buffer.concat([get(c), representation])); await answers(c); };

// A row: section, what is sent, how.  The connection stands and settings are exchanged, unless `quiet`.
const quiet = { isQuiet: true };
const rows = [
  // ---- generic ----
  ['generic 1', 'a preface', async (c) => { c.raw(PREFACE, frame(SETTINGS, 0, 0)); await c.wait((f) => f.type === SETTINGS, 'SETTINGS'); }, quiet],
  ['generic 2', 'PRIORITY on an idle stream', async (c) => { c.send(PRIORITY, 0, 1, priority(0, 255)); await pongs(c); }],
  ['generic 2', 'WINDOW_UPDATE on a half-closed stream', async (c) => {
    set(c, [INITIAL_WINDOW_SIZE, 0]); ask(c); c.send(WINDOW_UPDATE, 0, 1, number(1)); await oneByte(c);
  }],
  ['generic 2', 'PRIORITY on a half-closed stream', async (c) => {
    set(c, [INITIAL_WINDOW_SIZE, 0]); ask(c); c.send(PRIORITY, 0, 1, priority(0, 255)); c.send(WINDOW_UPDATE, 0, 1, number(1)); await oneByte(c);
  }],
  ['generic 2', 'RST_STREAM on a half-closed stream', async (c) => { ask(c); c.send(RST_STREAM, 0, 1, number(CANCEL)); await pongs(c); }],
  ['generic 2', 'PRIORITY on a closed stream', async (c) => { ask(c); await ended(c); c.send(PRIORITY, 0, 1, priority(0, 255)); await pongs(c); }],
  ['generic 3.1', 'DATA', async (c) => { start(c); c.send(DATA, END_STREAM, 1, bytes(4)); await answers(c); }],
  ['generic 3.1', 'several DATA', async (c) => { start(c); c.send(DATA, 0, 1, bytes(4)); c.send(DATA, END_STREAM, 1, bytes(4)); await answers(c); }],
  ['generic 3.1', 'DATA with padding', async (c) => { start(c); c.send(DATA, END_STREAM | PADDED, 1, hex('0661626300000000000000').subarray(0, 10)); await answers(c); }],
  ['generic 3.2', 'HEADERS', async (c) => { ask(c); await answers(c); }],
  ['generic 3.2', 'HEADERS with padding', async (c) => {
    c.send(HEADERS, WHOLE | PADDED, 1, Buffer.concat([Buffer.from([8]), get(c), Buffer.alloc(8)])); await answers(c);
  }],
  ['generic 3.2', 'HEADERS with a priority', async (c) => {
    c.send(HEADERS, WHOLE | HAS_PRIORITY, 1, Buffer.concat([priority(0, 255), get(c)])); await answers(c);
  }],
  ['generic 3.3', 'PRIORITY of weight 1', async (c) => { c.send(PRIORITY, 0, 1, priority(0, 0)); ask(c); await answers(c); }],
  ['generic 3.3', 'PRIORITY of weight 256', async (c) => { c.send(PRIORITY, 0, 1, priority(0, 255)); ask(c); await answers(c); }],
  ['generic 3.3', 'PRIORITY that depends on a stream', async (c) => {
    c.send(PRIORITY, 0, 1, priority(0, 255)); c.send(PRIORITY, 0, 3, priority(1, 255)); ask(c); await answers(c);
  }],
  ['generic 3.3', 'PRIORITY that is exclusive', async (c) => {
    c.send(PRIORITY, 0, 1, priority(0, 255)); c.send(PRIORITY, 0, 3, priority(1, 255, true)); ask(c); await answers(c);
  }],
  ['generic 3.3', 'PRIORITY on an idle stream, then HEADERS on a lower one', async (c) => { c.send(PRIORITY, 0, 3, priority(0, 255)); ask(c); await answers(c); }],
  ['generic 3.4', 'RST_STREAM', async (c) => { start(c); c.send(RST_STREAM, 0, 1, number(CANCEL)); await pongs(c); }],
  ['generic 3.5', 'SETTINGS', async (c) => { set(c, [MAX_CONCURRENT_STREAMS, 100]); await acknowledged(c); }],
  ['generic 3.7', 'PING', async (c) => { await pongs(c); }],
  ['generic 3.8', 'GOAWAY', async (c) => {
    c.send(GOAWAY, 0, 0, Buffer.concat([number(0), number(0)]));
    c.send(PING, 0, 0, bytes(8));
    await c.wait((f) => (f.type === PING && (f.flags & ACK)) || f.closed, 'an answer to PING, or the end');
  }],
  ['generic 3.9', 'WINDOW_UPDATE on the connection', async (c) => { c.send(WINDOW_UPDATE, 0, 0, number(1)); ask(c); await answers(c); }],
  ['generic 3.9', 'WINDOW_UPDATE on a stream', async (c) => { start(c); c.send(WINDOW_UPDATE, 0, 1, number(1)); c.send(DATA, END_STREAM, 1, bytes(4)); await answers(c); }],
  ['generic 3.10', 'CONTINUATION', async (c) => {
    c.send(HEADERS, END_STREAM, 1, get(c)); c.send(CONTINUATION, END_HEADERS, 1, block([['x-dummy', 'a']])); await answers(c);
  }],
  ['generic 3.10', 'several CONTINUATION', async (c) => {
    c.send(HEADERS, END_STREAM, 1, get(c)); c.send(CONTINUATION, 0, 1, block([['x-dummy', 'a']]));
    c.send(CONTINUATION, END_HEADERS, 1, block([['x-dummy2', 'a']])); await answers(c);
  }],
  ['generic 4', 'GET', async (c) => { ask(c); await answersWith(c, 1, 200); }],
  ['generic 4', 'HEAD', async (c) => {
    c.send(HEADERS, WHOLE, 1, block(request(c.door, target, 'HEAD')));
    const f = await answers(c);
    assert.equal(f.status, 200);
    assert.ok((f.flags & END_STREAM) || (await ended(c)).payload.length === 0);
  }],
  ['generic 4', 'POST', async (c) => { start(c); c.send(DATA, END_STREAM, 1, bytes(4)); await answersWith(c, 1, 200); }],
  ['generic 4', 'POST with trailers', async (c) => {
    start(c, 1, [['trailer', 'x-test']]); c.send(DATA, 0, 1, bytes(4)); c.send(HEADERS, WHOLE, 1, block([['x-test', 'ok']])); await answersWith(c, 1, 200);
  }],
  ['generic 5', 'an indexed field', (c) => withRepresentation(c, hex('ba'))],
  ['generic 5', 'a literal to index, name indexed', (c) => withRepresentation(c, Buffer.concat([hex('7a'), text('test')]))],
  ['generic 5', 'a literal to index, name indexed, in Huffman code', (c) => withRepresentation(c, hex('7a849c48aca4'))],
  ['generic 5', 'a literal to index, new name', (c) => withRepresentation(c, literal('x-test', 'test', 0x40))],
  ['generic 5', 'a literal to index, new name, in Huffman code', (c) => withRepresentation(c, hex('4085f2b24a84ff849c48aca4'))],
  ['generic 5', 'a literal not indexed, name indexed', (c) => withRepresentation(c, Buffer.concat([integer(0, 4, 58), text('test')]))],
  ['generic 5', 'a literal not indexed, name indexed, in Huffman code', (c) => withRepresentation(c, Buffer.concat([integer(0, 4, 58), hex('849c48aca4')]))],
  ['generic 5', 'a literal not indexed, new name', (c) => withRepresentation(c, literal('x-test', 'test'))],
  ['generic 5', 'a literal not indexed, new name, in Huffman code', (c) => withRepresentation(c, hex('0085f2b24a84ff849c48aca4'))],
  ['generic 5', 'a literal never indexed, name indexed', (c) => withRepresentation(c, Buffer.concat([integer(0x10, 4, 58), text('test')]))],
  ['generic 5', 'a literal never indexed, name indexed, in Huffman code', (c) => withRepresentation(c, Buffer.concat([integer(0x10, 4, 58), hex('849c48aca4')]))],
  ['generic 5', 'a literal never indexed, new name', (c) => withRepresentation(c, literal('x-test', 'test', 0x10))],
  ['generic 5', 'a literal never indexed, new name, in Huffman code', (c) => withRepresentation(c, hex('1085f2b24a84ff849c48aca4'))],
  ['generic 5', 'a size of the table', async (c) => { c.send(HEADERS, WHOLE, 1, Buffer.concat([hex('20'), get(c)])); await answers(c); }],
  ['generic 5', 'two sizes of the table', async (c) => { c.send(HEADERS, WHOLE, 1, Buffer.concat([hex('203fe11f'), get(c)])); await answers(c); }],

  // ---- HPACK, RFC 7541 ----
  ['HPACK 2.3.3', 'an indexed field beyond the tables', async (c) => { c.send(HEADERS, WHOLE, 1, Buffer.concat([get(c), hex('c6')])); await breaks(c, COMPRESSION_ERROR); }],
  ['HPACK 2.3.3', 'a literal whose name is beyond the tables', async (c) => {
    c.send(HEADERS, WHOLE, 1, Buffer.concat([get(c), integer(0x40, 6, 70), text('empty')])); await breaks(c, COMPRESSION_ERROR);
  }],
  ['HPACK 4.2', 'a size of the table at the end of a block', async (c) => { c.send(HEADERS, WHOLE, 1, Buffer.concat([get(c), hex('2001').subarray(0, 1)])); await breaks(c, COMPRESSION_ERROR); }],
  ['HPACK 5.2', 'Huffman padding of more than 7 bits', async (c) => {
    c.send(HEADERS, WHOLE, 1, Buffer.concat([get(c), hex('0085f2b24a84ff859c48aca4ff')])); await breaks(c, COMPRESSION_ERROR);
  }],
  ['HPACK 5.2', 'Huffman padding with zeros', async (c) => { c.send(HEADERS, WHOLE, 1, Buffer.concat([get(c), hex('0085f2b24a84ff839c48a0')])); await breaks(c, COMPRESSION_ERROR); }],
  ['HPACK 5.2', 'the end of string within one', async (c) => {
    c.send(HEADERS, WHOLE, 1, Buffer.concat([get(c), hex('0085f2b24a84ff879c48ffffffffa4')])); await breaks(c, COMPRESSION_ERROR);
  }],
  ['HPACK 6.1', 'an indexed field 0', async (c) => { c.send(HEADERS, WHOLE, 1, Buffer.concat([get(c), hex('80')])); await breaks(c, COMPRESSION_ERROR); }],
  ['HPACK 6.3', 'a table larger than allowed', async (c) => { c.send(HEADERS, WHOLE, 1, Buffer.concat([integer(0x20, 5, 4097 + 65536), get(c)])); await breaks(c, COMPRESSION_ERROR); }],

  // ---- HTTP/2; the numbers of RFC 7540, as h2spec has them ----
  ['3.5', 'a preface', async (c) => { c.raw(PREFACE, frame(SETTINGS, 0, 0)); await c.wait((f) => f.type === SETTINGS, 'SETTINGS'); }, quiet],
  ['3.5', 'a preface that is none', async (c) => { c.raw(Buffer.from('INVALID CONNECTION PREFACE\r\n\r\n')); await closes(c); }, quiet],
  ['4.1', 'a frame of an unknown type', async (c) => { c.send(0x16, 0, 0, bytes(8)); await pongs(c); }],
  ['4.1', 'a frame with an unknown flag', async (c) => { c.send(PING, 0x16, 0, bytes(8)); await c.wait((f) => f.type === PING && (f.flags & ACK), 'an answer to PING'); }],
  ['4.1', 'a frame with the reserved bit', async (c) => { c.send(PING, 0, 0x80000000, bytes(8)); await c.wait((f) => f.type === PING && (f.flags & ACK), 'an answer to PING'); }],
  ['4.2', 'DATA of 2^14 bytes', async (c) => { start(c); c.send(DATA, END_STREAM, 1, bytes(16384)); await answers(c); }],
  ['4.2', 'DATA larger than a frame may be', async (c) => {
    start(c); c.send(DATA, END_STREAM, 1, bytes((c.theirs.get(MAX_FRAME_SIZE) ?? 16384) + 1)); await resets(c, 1, FRAME_SIZE_ERROR);
  }],
  ['4.2', 'HEADERS larger than a frame may be', async (c) => { c.send(HEADERS, WHOLE, 1, tooLarge(c)); await breaks(c, FRAME_SIZE_ERROR); }],
  ['4.3', 'a block that breaks off', async (c) => { c.send(HEADERS, WHOLE, 1, hex('40')); await breaks(c, COMPRESSION_ERROR); }],
  ['4.3', 'PRIORITY within a block', async (c) => {
    c.send(HEADERS, 0, 1, get(c)); c.send(PRIORITY, 0, 1, priority(0, 255)); c.send(CONTINUATION, END_HEADERS, 1, block([['x-dummy', 'a']])); await breaks(c, PROTOCOL_ERROR);
  }],
  ['4.3', 'HEADERS of another stream within a block', async (c) => {
    c.send(HEADERS, 0, 1, get(c)); ask(c, 3); c.send(CONTINUATION, END_HEADERS, 1, block([['x-dummy', 'a']])); await breaks(c, PROTOCOL_ERROR);
  }],
  ['5.1', 'idle: DATA', async (c) => { c.send(DATA, END_STREAM, 1, bytes(4)); await breaks(c, PROTOCOL_ERROR); }],
  ['5.1', 'idle: RST_STREAM', async (c) => { c.send(RST_STREAM, 0, 1, number(CANCEL)); await breaks(c, PROTOCOL_ERROR); }],
  ['5.1', 'idle: WINDOW_UPDATE', async (c) => { c.send(WINDOW_UPDATE, 0, 1, number(100)); await breaks(c, PROTOCOL_ERROR); }],
  ['5.1', 'idle: CONTINUATION', async (c) => { c.send(CONTINUATION, END_HEADERS, 1, get(c)); await breaks(c, PROTOCOL_ERROR); }],
  ['5.1', 'half-closed: DATA', async (c) => { c.raw(frame(HEADERS, WHOLE, 1, get(c)), frame(DATA, END_STREAM, 1, bytes(4))); await resets(c, 1, STREAM_CLOSED); }],
  ['5.1', 'half-closed: HEADERS', async (c) => { c.raw(frame(HEADERS, WHOLE, 1, get(c)), frame(HEADERS, WHOLE, 1, get(c))); await resets(c, 1, STREAM_CLOSED); }],
  ['5.1', 'half-closed: CONTINUATION', async (c) => {
    c.raw(frame(HEADERS, WHOLE, 1, get(c)), frame(CONTINUATION, END_HEADERS, 1, get(c))); await resets(c, 1, STREAM_CLOSED, PROTOCOL_ERROR);
  }],
  ['5.1', 'closed by RST_STREAM: DATA', async (c) => {
    start(c); c.send(RST_STREAM, 0, 1, number(CANCEL)); c.send(DATA, END_STREAM, 1, bytes(4)); await resets(c, 1, STREAM_CLOSED);
  }],
  ['5.1', 'closed by RST_STREAM: HEADERS', async (c) => {
    start(c); c.send(RST_STREAM, 0, 1, number(CANCEL)); ask(c); await resets(c, 1, STREAM_CLOSED);
  }],
  ['5.1', 'closed by RST_STREAM: CONTINUATION', async (c) => {
    start(c); c.send(RST_STREAM, 0, 1, number(CANCEL)); c.send(CONTINUATION, END_HEADERS, 1, get(c)); await resets(c, 1, STREAM_CLOSED, PROTOCOL_ERROR);
  }],
  ['5.1', 'closed: DATA', async (c) => { ask(c); await ended(c); c.send(DATA, END_STREAM, 1, bytes(4)); await breaks(c, STREAM_CLOSED); }],
  ['5.1', 'closed: HEADERS', async (c) => { ask(c); await ended(c); ask(c); await breaks(c, STREAM_CLOSED); }],
  ['5.1', 'closed: CONTINUATION', async (c) => { ask(c); await ended(c); c.send(CONTINUATION, END_HEADERS, 1, get(c)); await breaks(c, STREAM_CLOSED, PROTOCOL_ERROR); }],
  ['5.1.1', 'a stream of even number', async (c) => { ask(c, 2); await breaks(c, PROTOCOL_ERROR); }],
  ['5.1.1', 'a stream of lower number', async (c) => { ask(c, 5); ask(c, 3); await breaks(c, PROTOCOL_ERROR, STREAM_CLOSED); }],
  ['5.1.2', 'one stream more than the server allows', async (c) => {
    const most = c.theirs.get(MAX_CONCURRENT_STREAMS);
    assert.ok(most > 0 && most <= 1000, `it allows ${most}`);
    set(c, [INITIAL_WINDOW_SIZE, 0]);
    for (let i = 0; i <= most; i++) ask(c, 1 + 2 * i);
    await resets(c, 1 + 2 * most, REFUSED_STREAM, PROTOCOL_ERROR);
  }],
  ['5.3.1', 'HEADERS that depend on themselves', async (c) => {
    c.send(HEADERS, WHOLE | HAS_PRIORITY, 1, Buffer.concat([priority(1, 255), get(c)])); await resets(c, 1, PROTOCOL_ERROR);
  }],
  ['5.3.1', 'PRIORITY that depends on itself', async (c) => { c.send(PRIORITY, 0, 1, priority(1, 255)); await resets(c, 1, PROTOCOL_ERROR); }],
  ['5.4.1', 'a broken PING closes', async (c) => { c.send(PING, 0, 0, bytes(6)); await closes(c); }],
  ['5.4.1', 'a broken PING is told by GOAWAY', async (c) => { c.send(PING, 0, 0, bytes(6)); await c.wait((f) => f.type === GOAWAY, 'GOAWAY'); }],
  ['5.5', 'a frame of an extension', async (c) => { c.send(0x16, 0, 0, bytes(8)); await pongs(c); }],
  ['5.5', 'a frame of an extension within a block', async (c) => { c.send(HEADERS, END_STREAM, 1, get(c)); c.send(0x16, 0, 0, bytes(8)); await breaks(c, PROTOCOL_ERROR); }],
  ['6.1', 'DATA on stream 0', async (c) => { c.send(DATA, END_STREAM, 0, bytes(4)); await breaks(c, PROTOCOL_ERROR); }],
  ['6.1', 'DATA on a stream that is not open', async (c) => { ask(c); c.send(DATA, END_STREAM, 1, bytes(4)); await resets(c, 1, STREAM_CLOSED); }],
  ['6.1', 'DATA with more padding than payload', async (c) => { start(c); c.send(DATA, END_STREAM | PADDED, 1, hex('0674657374')); await breaks(c, PROTOCOL_ERROR); }],
  ['6.2', 'HEADERS without END_HEADERS, then PRIORITY', async (c) => { c.send(HEADERS, 0, 1, get(c)); c.send(PRIORITY, 0, 1, priority(0, 255)); await breaks(c, PROTOCOL_ERROR); }],
  ['6.2', 'HEADERS without END_HEADERS, then HEADERS of another stream', async (c) => { c.send(HEADERS, 0, 1, get(c)); ask(c, 3); await breaks(c, PROTOCOL_ERROR); }],
  ['6.2', 'HEADERS on stream 0', async (c) => { ask(c, 0); await breaks(c, PROTOCOL_ERROR); }],
  ['6.2', 'HEADERS with more padding than payload', async (c) => {
    c.send(HEADERS, WHOLE | PADDED, 1, Buffer.concat([Buffer.from([255]), block([[':method', 'GET']])])); await breaks(c, PROTOCOL_ERROR);
  }],
  ['6.3', 'PRIORITY on stream 0', async (c) => { c.send(PRIORITY, 0, 0, priority(0, 255)); await breaks(c, PROTOCOL_ERROR); }],
  ['6.3', 'PRIORITY of 4 bytes', async (c) => { start(c); c.send(PRIORITY, 0, 1, bytes(4).fill(0)); await resets(c, 1, FRAME_SIZE_ERROR); }],
  ['6.4', 'RST_STREAM on stream 0', async (c) => { c.send(RST_STREAM, 0, 0, number(CANCEL)); await breaks(c, PROTOCOL_ERROR); }],
  ['6.4', 'RST_STREAM on an idle stream', async (c) => { c.send(RST_STREAM, 0, 1, number(CANCEL)); await breaks(c, PROTOCOL_ERROR); }],
  ['6.4', 'RST_STREAM of 3 bytes', async (c) => { start(c); c.send(RST_STREAM, 0, 1, hex('000000')); await breaks(c, FRAME_SIZE_ERROR); }],
  ['6.5', 'SETTINGS acknowledged with a payload', async (c) => { c.send(SETTINGS, ACK, 0, settings([INITIAL_WINDOW_SIZE, 1])); await breaks(c, FRAME_SIZE_ERROR); }],
  ['6.5', 'SETTINGS on stream 1', async (c) => { c.send(SETTINGS, 0, 1, settings([MAX_CONCURRENT_STREAMS, 100])); await breaks(c, PROTOCOL_ERROR); }],
  ['6.5', 'SETTINGS of 3 bytes', async (c) => { c.send(SETTINGS, 0, 0, hex('000300')); await breaks(c, FRAME_SIZE_ERROR); }],
  ['6.5.2', 'ENABLE_PUSH of 2', async (c) => { set(c, [ENABLE_PUSH, 2]); await breaks(c, PROTOCOL_ERROR); }],
  ['6.5.2', 'INITIAL_WINDOW_SIZE of 2^31', async (c) => { set(c, [INITIAL_WINDOW_SIZE, 0x80000000]); await breaks(c, FLOW_CONTROL_ERROR); }],
  ['6.5.2', 'MAX_FRAME_SIZE of 2^14 - 1', async (c) => { set(c, [MAX_FRAME_SIZE, 16383]); await breaks(c, PROTOCOL_ERROR); }],
  ['6.5.2', 'MAX_FRAME_SIZE of 2^24', async (c) => { set(c, [MAX_FRAME_SIZE, 1 << 24]); await breaks(c, PROTOCOL_ERROR); }],
  ['6.5.2', 'an unknown setting', async (c) => { set(c, [0xff, 1]); await pongs(c); }],
  ['6.5.3', 'a setting twice: the last one counts', async (c) => { set(c, [INITIAL_WINDOW_SIZE, 100], [INITIAL_WINDOW_SIZE, 1]); await acknowledged(c); ask(c); await oneByte(c); }],
  ['6.5.3', 'SETTINGS are acknowledged', async (c) => { set(c, [ENABLE_PUSH, 0]); await acknowledged(c); }],
  ['6.7', 'PING', async (c) => { await pongs(c); }],
  ['6.7', 'PING with ACK is not answered', async (c) => {
    c.send(PING, ACK, 0, Buffer.from('unasked!')); c.send(PING, 0, 0, Buffer.from('h2spec12'));
    assert.equal((await c.wait((f) => f.type === PING, 'PING')).payload.toString(), 'h2spec12');
  }],
  ['6.7', 'PING on stream 1', async (c) => { c.send(PING, 0, 1, bytes(8)); await breaks(c, PROTOCOL_ERROR); }],
  ['6.7', 'PING of 6 bytes', async (c) => { c.send(PING, 0, 0, bytes(6)); await breaks(c, FRAME_SIZE_ERROR); }],
  ['6.8', 'GOAWAY on stream 1', async (c) => { c.send(GOAWAY, 0, 1, Buffer.alloc(8)); await breaks(c, PROTOCOL_ERROR); }],
  ['6.9', 'WINDOW_UPDATE of 0 on the connection', async (c) => { c.send(WINDOW_UPDATE, 0, 0, number(0)); await breaks(c, PROTOCOL_ERROR); }],
  ['6.9', 'WINDOW_UPDATE of 0 on a stream', async (c) => { start(c); c.send(WINDOW_UPDATE, 0, 1, number(0)); await resets(c, 1, PROTOCOL_ERROR); }],
  ['6.9', 'WINDOW_UPDATE of 3 bytes', async (c) => { c.send(WINDOW_UPDATE, 0, 0, hex('000001')); await breaks(c, FRAME_SIZE_ERROR); }],
  ['6.9.1', 'a window of 1 lets 1 byte through', async (c) => { set(c, [INITIAL_WINDOW_SIZE, 1]); await acknowledged(c); ask(c); await oneByte(c); }],
  ['6.9.1', 'windows beyond 2^31 - 1 on the connection', async (c) => {
    c.send(WINDOW_UPDATE, 0, 0, number(MAX_WINDOW)); c.send(WINDOW_UPDATE, 0, 0, number(MAX_WINDOW)); await breaks(c, FLOW_CONTROL_ERROR);
  }],
  ['6.9.1', 'windows beyond 2^31 - 1 on a stream', async (c) => {
    start(c); c.send(WINDOW_UPDATE, 0, 1, number(MAX_WINDOW)); c.send(WINDOW_UPDATE, 0, 1, number(MAX_WINDOW)); await resets(c, 1, FLOW_CONTROL_ERROR);
  }],
  ['6.9.2', 'the first window changes behind HEADERS', async (c) => {
    set(c, [INITIAL_WINDOW_SIZE, 0]); await acknowledged(c); ask(c); await answers(c); set(c, [INITIAL_WINDOW_SIZE, 1]); await oneByte(c);
  }],
  ['6.9.2', 'a window that turns negative', async (c) => {
    set(c, [INITIAL_WINDOW_SIZE, 3]); await acknowledged(c); ask(c);
    assert.equal((await c.wait((f) => f.type === DATA, 'DATA')).payload.length, 3);
    set(c, [INITIAL_WINDOW_SIZE, 2]); await acknowledged(c);
    c.send(WINDOW_UPDATE, 0, 1, number(2)); await oneByte(c);
  }],
  ['6.9.2', 'a first window beyond 2^31 - 1', async (c) => { set(c, [INITIAL_WINDOW_SIZE, 0xffffffff]); await breaks(c, FLOW_CONTROL_ERROR); }],
  ['6.10', 'several CONTINUATION behind HEADERS', async (c) => {
    c.send(HEADERS, END_STREAM, 1, get(c)); c.send(CONTINUATION, 0, 1, block([['x-dummy0', 'a']])); c.send(CONTINUATION, END_HEADERS, 1, block([['x-dummy1', 'a']])); await answers(c);
  }],
  ['6.10', 'CONTINUATION, then DATA', async (c) => {
    c.send(HEADERS, 0, 1, post(c)); c.send(CONTINUATION, 0, 1, block([['x-dummy0', 'a']])); c.send(DATA, END_STREAM, 1, bytes(4)); await breaks(c, PROTOCOL_ERROR);
  }],
  ['6.10', 'CONTINUATION on stream 0', async (c) => { c.send(HEADERS, 0, 1, get(c)); c.send(CONTINUATION, END_HEADERS, 0, block([['x-dummy0', 'a']])); await breaks(c, PROTOCOL_ERROR); }],
  ['6.10', 'CONTINUATION behind HEADERS that were whole', async (c) => {
    c.send(HEADERS, END_HEADERS, 1, post(c)); c.send(CONTINUATION, END_HEADERS, 1, block([['x-dummy0', 'a']])); await breaks(c, PROTOCOL_ERROR);
  }],
  ['6.10', 'CONTINUATION behind CONTINUATION that was whole', async (c) => {
    c.send(HEADERS, 0, 1, post(c)); c.send(CONTINUATION, END_HEADERS, 1, block([['x-dummy0', 'a']])); c.send(CONTINUATION, END_HEADERS, 1, block([['x-dummy1', 'a']]));
    await breaks(c, PROTOCOL_ERROR);
  }],
  ['6.10', 'CONTINUATION behind DATA', async (c) => { start(c); c.send(DATA, 0, 1, bytes(4)); c.send(CONTINUATION, END_HEADERS, 1, block([['x-dummy0', 'a']])); await breaks(c, PROTOCOL_ERROR); }],
  ['7', 'GOAWAY with an unknown code', async (c) => {
    c.send(GOAWAY, 0, 0, Buffer.concat([number(0), number(0xff)])); c.send(PING, 0, 0, bytes(8));
    await c.wait((f) => (f.type === PING && (f.flags & ACK)) || f.closed, 'an answer to PING, or the end');
  }],
  ['7', 'RST_STREAM with an unknown code', async (c) => { start(c); c.send(RST_STREAM, 0, 1, number(0xff)); await pongs(c); }],
  ['8.1', 'a second HEADERS without END_STREAM', async (c) => { start(c); c.send(DATA, 0, 1, bytes(4)); c.send(HEADERS, END_HEADERS, 1, block([['x-test', 'ok']])); await resets(c, 1, PROTOCOL_ERROR); }],
  ['8.1.2', 'a name in capitals', (c) => malformed(c, request(c.door, target, 'GET', [['X-TEST', 'ok']]))],
  ['8.1.2.1', 'an unknown pseudo-header', (c) => malformed(c, request(c.door, target, 'GET', [[':test', 'ok']]))],
  ['8.1.2.1', 'a pseudo-header of answers', (c) => malformed(c, request(c.door, target, 'GET', [[':status', '200']]))],
  ['8.1.2.1', 'a pseudo-header in trailers', async (c) => {
    start(c); c.send(DATA, 0, 1, bytes(4)); c.send(HEADERS, WHOLE, 1, block([[':method', 'POST']])); await refused(c);
  }],
  ['8.1.2.1', 'a pseudo-header behind a field', (c) => malformed(c, [['x-test', 'ok'], ...request(c.door, target)])],
  ['8.1.2.2', 'a field of the connection', (c) => malformed(c, request(c.door, target, 'GET', [['connection', 'keep-alive']]))],
  ['8.1.2.2', 'TE that is not "trailers"', (c) => malformed(c, request(c.door, target, 'GET', [['te', 'trailers, deflate']]))],
  ['8.1.2.3', 'an empty :path', (c) => malformed(c, request(c.door, ''))],
  ['8.1.2.3', 'no :method', (c) => malformed(c, fieldsWithout(c, ':method'))],
  ['8.1.2.3', 'no :scheme', (c) => malformed(c, fieldsWithout(c, ':scheme'))],
  ['8.1.2.3', 'no :path', (c) => malformed(c, fieldsWithout(c, ':path'))],
  ['8.1.2.3', ':method twice', (c) => malformed(c, [[':method', 'GET'], ...request(c.door, target)])],
  ['8.1.2.3', ':scheme twice', (c) => malformed(c, [[':scheme', 'https'], ...request(c.door, target)])],
  ['8.1.2.3', ':path twice', (c) => malformed(c, [[':path', target], ...request(c.door, target)])],
  ['8.1.2.6', 'a content-length that one DATA does not meet', async (c) => { start(c, 1, [['content-length', '1']]); c.send(DATA, END_STREAM, 1, bytes(4)); await refused(c); }],
  ['8.1.2.6', 'a content-length that two DATA do not meet', async (c) => {
    start(c, 1, [['content-length', '1']]); c.send(DATA, 0, 1, bytes(4)); c.send(DATA, END_STREAM, 1, bytes(4)); await refused(c);
  }],
  ['8.2', 'PUSH_PROMISE from a client', async (c) => { c.send(PUSH_PROMISE, END_HEADERS, 1, Buffer.concat([number(3), get(c)])); await breaks(c, PROTOCOL_ERROR); }],
];

// ---- what h2spec leaves out ----

const bad = (title, more) => ['8.2.1', title, (c) => malformed(c, request(c.door, target, 'GET', more))];
const beyond = [
  bad('a blank in a name', [['x test', 'a']]), bad('a colon in a name', [['x:test', 'a']]), bad('an empty name', [['', 'a']]), bad('NUL in a name', [['x\0', 'a']]),
  bad('DEL in a name', [['x\x7f', 'a']]), bad('0xFF in a name', [['x\xff', 'a']]), bad('CR in a value', [['x', 'a\rb']]), bad('LF in a value', [['x', 'a\nb']]),
  bad('CR LF and a header in a value', [['x', 'a\r\nhost: b']]), bad('NUL in a value', [['x', 'a\0b']]), bad('CR LF in a name', [['x\r\nhost', 'b']]),
  ...['transfer-encoding', 'keep-alive', 'proxy-connection', 'upgrade'].map((name) => ['8.2.2', `${name}`, (c) => malformed(c, request(c.door, target, 'GET', [[name, 'chunked']]))]),
  ['8.3.1', ':authority twice', (c) => malformed(c, [[':authority', 'b'], ...request(c.door, target)])],
  ['8.3.1', ':authority with a user', (c) => malformed(c, request(c.door, target).map(([n, v]) => n === ':authority' ? [n, 'u:p@a'] : [n, v]))],
  ['8.3.1', ':authority with a path', (c) => malformed(c, request(c.door, target).map(([n, v]) => n === ':authority' ? [n, 'a/b'] : [n, v]))],
  ['8.3.1', 'a host that differs from :authority', (c) => malformed(c, request(c.door, target, 'GET', [['host', 'another.example']]))],
  ['8.3.1', 'neither :authority nor host', (c) => malformed(c, fieldsWithout(c, ':authority'))],
  ['8.3.1', 'host in the place of :authority', async (c) => { c.send(HEADERS, WHOLE, 1, block([...fieldsWithout(c, ':authority'), ['host', 'localhost']])); await answersWith(c, 1, 200); }],
  ['8.3.1', 'a path without slash', (c) => malformed(c, request(c.door, 'test'))],
  ['8.3.1', 'a path with a blank', (c) => malformed(c, request(c.door, '/a b'))],
  ['8.3.1', 'a path with a fragment', (c) => malformed(c, request(c.door, '/a#b'))],
  ['8.3.1', 'a path with CR LF and a header', (c) => malformed(c, request(c.door, '/ HTTP/1.1\r\nhost: a\r\n\r\n'))],
  ['8.3.1', 'an asterisk that is not for OPTIONS', (c) => malformed(c, request(c.door, '*'))],
  ['8.3.1', 'an asterisk for OPTIONS', async (c) => { c.send(HEADERS, WHOLE, 1, block(request(c.door, '*', 'OPTIONS'))); await answers(c); }],
  ['8.3.1', 'a method with a blank', (c) => malformed(c, request(c.door, target, 'GET /'))],
  ['8.5', 'CONNECT', async (c) => {
    c.send(HEADERS, END_HEADERS, 1, block([[':method', 'CONNECT'], [':authority', 'a:443']]));
    const f = await c.wait((f) => f.id === 1 && (f.type === HEADERS || f.type === RST_STREAM), 'a refusal');
    assert.ok(f.type === RST_STREAM || f.status >= 400, `answered ${f.status}`);
    await pongs(c);
  }],
  ['8.1.1', 'content-length that is no number', (c) => malformed(c, request(c.door, target, 'POST', [['content-length', '+5']]))],
  ['8.1.1', 'content-length twice', async (c) => { start(c, 1, [['content-length', '4'], ['content-length', '5']]); c.send(DATA, END_STREAM, 1, bytes(4)); await refused(c); }],
  ['8.1.1', 'a body shorter than content-length', async (c) => { start(c, 1, [['content-length', '5']]); c.send(DATA, END_STREAM, 1, bytes(4)); await refused(c); }],
  ['8.1.1', 'content-length without any body', (c) => malformed(c, request(c.door, target, 'POST', [['content-length', '5']]))],
  ['8.1', 'a body that meets content-length', async (c) => { start(c, 1, [['content-length', '4']]); c.send(DATA, 0, 1, bytes(4)); c.send(DATA, END_STREAM, 1); await answersWith(c, 1, 200); }],
  ['8.1', 'an empty DATA is a body of nothing', async (c) => { start(c); c.send(DATA, END_STREAM, 1); await answersWith(c, 1, 200); }],
  ['8.1', 'a method that nobody knows', async (c) => { c.send(HEADERS, WHOLE, 1, block(request(c.door, target, 'FETCH'))); await answersWith(c, 1, 405, 501); await pongs(c); }],
  ['8.1', 'expect: 100-continue', async (c) => {
    start(c, 1, [['expect', '100-continue']]);
    const first = await answers(c);
    if (first.status === 100) { c.send(DATA, END_STREAM, 1, bytes(4)); await answersWith(c, 1, 200); } else { assert.ok(first.status === 417 || first.status === 200); }
  }],
  ['8.2.3', 'cookies in crumbs', async (c) => { c.send(HEADERS, WHOLE, 1, get(c, [['cookie', 'a=1'], ['cookie', 'b=2']])); await answersWith(c, 1, 200); }],
  ['5.1', 'a hundred streams on one connection, one behind the other', async (c) => { for (let i = 0; i < 100; i++) { ask(c, 1 + 2 * i); await ended(c, 1 + 2 * i); } await pongs(c); }],
  ['5.1.1', 'stream numbers may be left out', async (c) => { ask(c, 7); await ended(c, 7); ask(c, 1001); await ended(c, 1001); }],
  ['5.1.1', 'the highest number is served', async (c) => { ask(c, 0x7fffffff); await answersWith(c, 0x7fffffff, 200); }],
  ['6.5', 'SETTINGS with nothing in them', async (c) => { c.send(SETTINGS, 0, 0); await acknowledged(c); await pongs(c); }],
  ['6.5.2', 'a header table of any size', async (c) => { set(c, [1, 0xffffffff]); await acknowledged(c); ask(c); await answers(c); }],
  ['6.5.2', 'the server refuses to be pushed at, or says nothing', async (c) => { assert.ok([undefined, 0].includes(c.theirs.get(ENABLE_PUSH))); }],
  ['6.8', 'requests that GOAWAY comes behind are answered', async (c) => { c.raw(frame(HEADERS, WHOLE, 1, get(c)), frame(GOAWAY, 0, 0, Buffer.alloc(8))); await answersWith(c, 1, 200); }],
  ['6.9.1', 'a body past the window of the stream', async (c) => {
    start(c);
    const most = (c.theirs.get(INITIAL_WINDOW_SIZE) ?? 65535) + 3 * 16384;
    for (let sent = 0; sent < most; sent += 16384) c.send(DATA, 0, 1, bytes(16384));
    // Windows are opened while it is read, so that only a server that is behind must refuse.
    const f = await c.wait((f) => f.type === WINDOW_UPDATE || f.code === FLOW_CONTROL_ERROR, 'a window or a refusal');
    assert.ok(f.type === WINDOW_UPDATE || f.code === FLOW_CONTROL_ERROR);
  }],
];
// What our own limits ask for; another server has its own.
const limits = [
  ['limits', 'a head of more than 16 KiB', async (c) => {
    const all = get(c, Array.from({ length: 10 }, (_, i) => [`x-large${i}`, 'a'.repeat(2000)]));
    c.send(HEADERS, END_STREAM, 1, all.subarray(0, 16000)); c.send(CONTINUATION, END_HEADERS, 1, all.subarray(16000));
    await answersWith(c, 1, 431); await pongs(c);
  }],
  ['limits', '65 fields', async (c) => { c.send(HEADERS, WHOLE, 1, get(c, Array.from({ length: 65 }, (_, i) => [`x-${i}`, 'a']))); await answersWith(c, 1, 431); await pongs(c); }],
  ['limits', 'a path of more than 4 KiB', async (c) => { c.send(HEADERS, WHOLE, 1, block(request(c.door, `/${'a'.repeat(4100)}`))); await answersWith(c, 1, 414); await pongs(c); }],
  ['limits', 'a content-length beyond the route', async (c) => { start(c, 1, [['content-length', String(2 * 1024 * 1024)]]); await answersWith(c, 1, 413); await pongs(c); }],
  ['limits', 'a body beyond the route', async (c) => {
    start(c);
    let sent = 0;
    const more = () => { while (sent < 2 * 1024 * 1024 && c.windows > 16384) { c.send(DATA, 0, 1, bytes(16384)); sent += 16384; c.windows -= 16384; } };
    c.windows = 65535;
    c.onFrame = (f) => { if (f.type === WINDOW_UPDATE && f.id === 1) { c.windows += f.payload.readUInt32BE(0); more(); } };
    c.windows = Math.min(65535, c.theirs.get(INITIAL_WINDOW_SIZE) ?? 65535);
    more();
    await answersWith(c, 1, 413);
    await pongs(c);
  }],
  ['6.9', 'what refused bodies took of the window comes back', async (c) => {
    // Each is told to be too large and sends all the same; without credit the connection would stand still after two.
    const per = 32768;
    for (let i = 0; i < 40; i++) {
      const id = 2 * i + 1;
      start(c, id, [['content-length', String(2 * 1024 * 1024)]]);
      c.raw(frame(DATA, 0, id, bytes(per / 2)), frame(DATA, 0, id, bytes(per / 2)));
      await answersWith(c, id, 413);
      c.send(RST_STREAM, 0, id, number(CANCEL));
    }
    start(c, 101);
    c.send(DATA, END_STREAM, 101, bytes(16384));
    await answersWith(c, 101, 200);
    assert.ok(creditOf(c) >= 40 * per - 65535, `${creditOf(c)} bytes came back`);
  }],
  ['6.9', 'what cancelled bodies took of the window comes back', async (c) => {
    for (let i = 0; i < 40; i++) {
      start(c, 2 * i + 1);
      c.raw(frame(DATA, 0, 2 * i + 1, bytes(16384)), frame(DATA, 0, 2 * i + 1, bytes(16384)), frame(RST_STREAM, 0, 2 * i + 1, number(CANCEL)));
      await pongs(c);
    }
    start(c, 101);
    c.send(DATA, END_STREAM, 101, bytes(16384));
    await answersWith(c, 101, 200);
    assert.ok(creditOf(c) >= 40 * 32768 - 65535, `${creditOf(c)} bytes came back`);
  }],
  ['8.1', 'a body behind an answer that came early does not end the connection', async (c) => {
    c.send(HEADERS, END_HEADERS, 1, block(request(c.door, '/nowhere', 'POST')));
    c.send(DATA, 0, 1, bytes(16384));
    c.send(DATA, END_STREAM, 1, bytes(16384));
    await answersWith(c, 1, 404);
    await pongs(c);
    ask(c, 3);
    await answersWith(c, 3, 200);
  }],
  ['6.9', 'a hundred answers that waited for a window all come once there is one', async (c) => {
    set(c, [INITIAL_WINDOW_SIZE, 0]);
    await acknowledged(c);
    for (let i = 0; i < 100; i++) c.send(HEADERS, WHOLE, 2 * i + 1, block(request(c.door, '/openapi.json')));
    await answers(c);
    c.send(WINDOW_UPDATE, 0, 0, number(MAX_WINDOW - 65535));
    set(c, [INITIAL_WINDOW_SIZE, 1 << 20]);
    for (let i = 0; i < 100; i++) await c.wait((f) => f.type === DATA && (f.flags & END_STREAM), `the end of answer ${i}`);
    await pongs(c);
  }],
  ['6.9', 'a hundred answers of 20 KB through a window of 1 KB on the connection', async (c) => {
    c.onFrame = (f) => { if (f.type === DATA && f.payload.length) c.raw(frame(WINDOW_UPDATE, 0, 0, number(f.payload.length)), frame(WINDOW_UPDATE, 0, f.id, number(f.payload.length))); };
    set(c, [INITIAL_WINDOW_SIZE, 1024]);
    for (let i = 0; i < 100; i++) c.send(HEADERS, WHOLE, 2 * i + 1, block(request(c.door, `${target}?bytes=20000`)));
    for (let i = 0; i < 100; i++) await c.wait((f) => f.type === DATA && (f.flags & END_STREAM), `the end of answer ${i}`);
  }],
  ['limits', 'an unknown expectation', async (c) => { start(c, 1, [['expect', 'tea']]); await answersWith(c, 1, 417); await pongs(c); }],
  ['limits', 'a path that is not there', async (c) => { c.send(HEADERS, WHOLE, 1, block(request(c.door, '/nowhere'))); await answersWith(c, 1, 404); await pongs(c); }],
  ['limits', 'a method that is not for this path', async (c) => { c.send(HEADERS, WHOLE, 1, block(request(c.door, '/livez', 'DELETE'))); await answersWith(c, 1, 405); await pongs(c); }],
  ['limits', 'at least 100 streams at once', async (c) => { assert.ok(c.theirs.get(MAX_CONCURRENT_STREAMS) >= 100); }],
];

assert.equal(rows.length, 147);
for (const secure of [true, false]) {
  describe(`HTTP/2 ${secure ? 'over TLS' : 'plain, by prior knowledge'}`, () => {
    let door;
    before(async () => { door = await openDoor({ secure }); });
    after(async () => { if (door) assert.deepEqual(await door.stop(), { code: 0, signal: null }); });
    for (const [section, title, run, options] of [...rows, ...beyond, ...(isOurs ? limits : [])]) {
      test(`${section}: ${title}`, { timeout: 4 * patience }, async (t) => {
        if (!door) { t.skip('no such target'); return; }
        const c = await open(door, options);
        try { await run(c); } finally { c.destroy(); }
      });
    }
  });
}
