// http2_frames.mjs - a client that sends any HTTP/2 frame it is told to, right or wrong, and sees what comes back.
//
// It is written from RFC 9113 and RFC 7541 alone and shares nothing with any library.  Fields are sent as literals
// without indexing; of the answers it reads frames, and of a block of fields the status.
import { connect, patience } from './door.mjs';

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
export const DATA = 0, HEADERS = 1, PRIORITY = 2, RST_STREAM = 3, SETTINGS = 4, PUSH_PROMISE = 5, PING = 6, GOAWAY = 7,
  WINDOW_UPDATE = 8, CONTINUATION = 9;
export const END_STREAM = 0x1, ACK = 0x1, END_HEADERS = 0x4, PADDED = 0x8, HAS_PRIORITY = 0x20;
export const NO_ERROR = 0, PROTOCOL_ERROR = 1, FLOW_CONTROL_ERROR = 3, STREAM_CLOSED = 5, FRAME_SIZE_ERROR = 6, REFUSED_STREAM = 7,
  CANCEL = 8, COMPRESSION_ERROR = 9, ENHANCE_YOUR_CALM = 11;
export const HEADER_TABLE_SIZE = 1, ENABLE_PUSH = 2, MAX_CONCURRENT_STREAMS = 3, INITIAL_WINDOW_SIZE = 4, MAX_FRAME_SIZE = 5;

export function frame(type, flags, id, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id >>> 0, 5);
  return Buffer.concat([head, payload]);
}
export const number = (value) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(value >>> 0); return bytes; };
export const settings = (...pairs) => Buffer.concat(pairs.map(([id, value]) => {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16BE(id);
  bytes.writeUInt32BE(value >>> 0, 2);
  return bytes;
}));
export const priority = (on, weight, exclusive = false) =>
  Buffer.concat([number(exclusive ? (on | 0x80000000) : on), Buffer.from([weight])]);

// A whole number in a prefix of `bits` bits (RFC 7541, 5.1), `first` holding the bits before it.
export function integer(first, bits, value) {
  const most = (1 << bits) - 1;
  if (value < most) return Buffer.from([first | value]);
  const bytes = [first | most];
  for (value -= most; value >= 128; value = Math.floor(value / 128)) bytes.push(value % 128 | 128);
  return Buffer.from([...bytes, value]);
}
export const text = (value) => { const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value, 'latin1'); return Buffer.concat([integer(0, 7, bytes.length), bytes]); };
// A literal whose name is new; `first` 0x00 is not indexed, 0x40 indexed, 0x10 never indexed.
export const literal = (name, value, first = 0) => Buffer.concat([Buffer.from([first]), text(name), text(value)]);
export const block = (fields) => Buffer.concat(fields.map(([name, value]) => literal(name, value)));

const DIGITS = { '00000': '0', '00001': '1', '00010': '2', '011001': '3', '011010': '4', '011011': '5', '011100': '6', '011101': '7', '011110': '8', '011111': '9' };
const INDEXED = { 8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500 };
// The status at the head of a block.  Requires: no dynamic table (we announce size 0).
export function statusOf(bytes) {
  let at = 0;
  while ((bytes[at] & 0xe0) === 0x20) at++; // the table's size
  if (bytes[at] & 0x80) return INDEXED[bytes[at] & 0x7f];
  const name = bytes[at] & 0x40 ? bytes[at] & 0x3f : bytes[at] & 0x0f;
  if (name < 8 || name > 14) throw new Error(`a block begins with ${bytes.subarray(at, at + 8).toString('hex')}`);
  const len = bytes[at + 1] & 0x7f;
  const value = bytes.subarray(at + 2, at + 2 + len);
  if (!(bytes[at + 1] & 0x80)) return Number(value.toString('latin1'));
  let bits = [...value].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let digits = '';
  while (digits.length < 3) {
    const size = DIGITS[bits.slice(0, 5)] ? 5 : 6;
    digits += DIGITS[bits.slice(0, size)];
    bits = bits.slice(size);
  }
  return Number(digits);
}

const NAMES = ['DATA', 'HEADERS', 'PRIORITY', 'RST_STREAM', 'SETTINGS', 'PUSH_PROMISE', 'PING', 'GOAWAY', 'WINDOW_UPDATE', 'CONTINUATION'];
const say = (f) => f.closed ? 'closed' : `${NAMES[f.type] ?? f.type}(stream ${f.id}, flags ${f.flags}, ${f.payload.length} bytes${f.code === undefined ? '' : `, code ${f.code}`})`;

// One connection.  Frames that came are kept in order; wait() looks at each once.
export class Client {
  constructor(socket) {
    this.socket = socket;
    this.frames = [];
    this.seen = 0;
    this.history = [];
    this.isClosed = false;
    this.theirs = new Map();
    this.rest = Buffer.alloc(0);
    this.onFrame = () => {};
    this.wake = () => {};
    socket.setMaxListeners(0); // one a wait for room
    socket.on('data', (bytes) => this.take(bytes));
    socket.on('error', () => {});
    const end = () => { if (!this.isClosed) { this.isClosed = true; this.push({ closed: true }); socket.destroy(); } };
    socket.on('end', end);
    socket.on('close', end);
  }

  push(f) {
    this.frames.push(f);
    this.onFrame(f);
    this.wake();
  }

  take(bytes) {
    this.rest = this.rest.length ? Buffer.concat([this.rest, bytes]) : bytes;
    let at = 0;
    while (this.rest.length - at >= 9) {
      const len = this.rest.readUIntBE(at, 3);
      if (this.rest.length - at < 9 + len) break;
      const f = { type: this.rest[at + 3], flags: this.rest[at + 4], id: this.rest.readUInt32BE(at + 5) & 0x7fffffff,
        payload: Buffer.from(this.rest.subarray(at + 9, at + 9 + len)) };
      at += 9 + len;
      if (f.type === RST_STREAM) f.code = f.payload.readUInt32BE(0);
      if (f.type === GOAWAY) { f.last = f.payload.readUInt32BE(0); f.code = f.payload.readUInt32BE(4); }
      if (f.type === SETTINGS && !(f.flags & ACK)) {
        for (let i = 0; i + 6 <= len; i += 6) this.theirs.set(f.payload.readUInt16BE(i), f.payload.readUInt32BE(i + 2));
      }
      if (f.type === HEADERS && f.id % 2 === 1) { try { f.status = statusOf(f.payload); } catch { f.status = undefined; } }
      this.push(f);
    }
    this.rest = this.rest.subarray(at);
  }

  raw(...parts) {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(parts));
    return this;
  }
  send(type, flags, id, payload) { return this.raw(frame(type, flags, id, payload)); }
  drained() { return this.socket.writableLength === 0 || this.socket.destroyed ? Promise.resolve() : new Promise((resolve) => { this.socket.once('drain', resolve); this.socket.once('close', resolve); }); }

  // The first frame from here on that `fits`; rejects when the time is over.  A close fits only if it is asked for.
  async wait(fits, what, ms = patience) {
    const until = Date.now() + ms;
    for (;;) {
      while (this.seen < this.frames.length) {
        const f = this.frames[this.seen++];
        this.history.push(say(f));
        if (fits(f)) return f;
      }
      if (this.isClosed) throw new Error(`${what}: but closed, behind ${this.history.slice(-6).join(' ')}`);
      const left = until - Date.now();
      if (left <= 0) throw new Error(`${what}: nothing in ${ms} ms, behind ${this.history.slice(-6).join(' ')}`);
      await new Promise((resolve) => { const timer = setTimeout(resolve, left); this.wake = () => { clearTimeout(timer); resolve(); }; });
    }
  }
  destroy() { this.socket.destroy(); }
}

// Connect, say the preface and our settings, and take the server's.
export async function open(door, { ours = [[HEADER_TABLE_SIZE, 0]], preface = PREFACE, isQuiet = false } = {}) {
  const socket = await connect(door, ['h2']);
  if (door.secure && socket.alpnProtocol !== 'h2') { socket.destroy(); throw new Error(`the server chose "${socket.alpnProtocol}", not "h2"`); }
  const c = new Client(socket);
  c.door = door;
  if (isQuiet) return c;
  c.raw(preface, frame(SETTINGS, 0, 0, settings(...ours)));
  await c.wait((f) => f.type === SETTINGS && !(f.flags & ACK), 'the settings of the server');
  c.send(SETTINGS, ACK, 0);
  await c.wait((f) => f.type === SETTINGS && (f.flags & ACK), 'our settings acknowledged');
  return c;
}

export const request = (door, target, method = 'GET', more = []) => [[':method', method], [':scheme', door.secure ? 'https' : 'http'],
  [':path', target], [':authority', `${door.host}:${door.port}`], ...more];
