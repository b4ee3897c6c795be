// http1_client.mjs - bytes out, answers in: a client for HTTP/1.1 that may say anything.
import { connect, patience } from './door.mjs';

// The answers in `bytes`, of which the i-th belongs to a request by methods[i] (HEAD has no body); `rest` is what is no answer.
export function answersIn(bytes, methods = []) {
  const answers = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end < 0) break;
    const lines = bytes.subarray(at, end).toString('latin1').split('\r\n');
    const first = lines[0].match(/^HTTP\/1\.[01] (\d{3}) /);
    if (!first) break;
    const headers = {};
    for (const line of lines.slice(1)) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const status = Number(first[1]);
    const isInterim = status < 200;
    const final = answers.filter((a) => a.status >= 200).length;
    const hasBody = !isInterim && status !== 204 && status !== 304 && methods[final] !== 'HEAD';
    let len = hasBody ? Number(headers['content-length'] ?? 0) : 0;
    let from = end + 4;
    if (hasBody && headers['transfer-encoding'] === 'chunked') {
      // Another server may do so; ours never does.
      const last = bytes.indexOf('\r\n0\r\n\r\n', end);
      if (last < 0) break;
      len = last + 7 - from;
    }
    if (from + len > bytes.length) break;
    answers.push({ status, headers, body: bytes.subarray(from, from + len) });
    at = from + len;
  }
  return { answers, rest: bytes.subarray(at) };
}

export class Talk {
  constructor(socket) {
    this.socket = socket;
    this.bytes = Buffer.alloc(0);
    this.isClosed = false;
    this.wake = () => {};
    socket.on('data', (more) => { this.bytes = Buffer.concat([this.bytes, more]); this.wake(); });
    socket.on('error', () => {});
    const end = () => { this.isClosed = true; this.wake(); };
    socket.on('end', end);
    socket.on('close', end);
  }
  write(bytes) {
    if (!this.socket.destroyed) this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    return this;
  }
  async until(is, what, ms = patience) {
    const by = Date.now() + ms;
    while (!is()) {
      const left = by - Date.now();
      if (left <= 0) throw new Error(`${what}: not in ${ms} ms; so far ${JSON.stringify(this.bytes.toString('latin1').slice(0, 300))}`);
      await new Promise((resolve) => { const timer = setTimeout(resolve, left); this.wake = () => { clearTimeout(timer); resolve(); }; });
    }
  }
  closed(ms) { return this.until(() => this.isClosed, 'closed', ms); }
  // `count` final answers; they are all there is so far.
  async answers(count, methods) {
    const final = () => answersIn(this.bytes, methods).answers.filter((a) => a.status >= 200);
    await this.until(() => final().length >= count || this.isClosed, `${count} answers`);
    return answersIn(this.bytes, methods);
  }
  destroy() { this.socket.destroy(); }
}

export async function talk(door) { return new Talk(await connect(door)); }
