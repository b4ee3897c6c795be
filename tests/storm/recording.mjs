// recording.mjs - from the log that faultio.c writes to what a disk may hold when the power goes.
//
// Promised is what was synced: the bytes of a file as of its last fsync, the names of a folder as of its last fsync.
// Whatever was done since may have reached the disk in any part: of the bytes any 4 KiB page, whole or torn at a sector;
// of the names any first part, since file systems journal those in order.  After a sync that failed, what it should
// have written is gone for good, although the program still reads it: no later sync brings it back.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const PAGE = 4096, SECTOR = 512, HEAD = 24;
const OPEN = 1, WRITE = 2, TRUNCATE = 3, SYNC = 4, SYNC_DIRECTORY = 5, UNLINK = 6, LINK = 7, SYNC_FAILED = 8;
export const MARK = 100;

// A mark of the test's own, as it stands in the log.
export function mark(text) {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(MARK, 0);
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

function* records(log) {
  for (let at = 0; at + HEAD <= log.length;) {
    const len = log.readUInt32LE(at + 4);
    if (at + HEAD + len > log.length) return; // torn by the kill
    yield {
      kind: log.readUInt32LE(at), file: log.readBigUInt64LE(at + 8), offset: Number(log.readBigUInt64LE(at + 16)),
      data: log.subarray(at + HEAD, at + HEAD + len),
    };
    at += HEAD + len;
  }
}

const put = (bytes, op) => {
  if (op.kind === TRUNCATE) {
    const cut = Buffer.alloc(op.offset);
    bytes.copy(cut, 0, 0, Math.min(bytes.length, op.offset));
    return cut;
  }
  const end = op.offset + op.data.length;
  let room = bytes;
  if (end > bytes.length) {
    room = Buffer.alloc(end);
    bytes.copy(room);
  }
  op.data.copy(room, op.offset);
  return room;
};

// A write cut where pages end, so that each may reach the disk or not.
function* pages(op) {
  if (op.kind === TRUNCATE) { yield op; return; }
  for (let from = 0; from < op.data.length;) {
    const to = Math.min(op.data.length, from + PAGE - ((op.offset + from) % PAGE));
    yield { ...op, offset: op.offset + from, data: op.data.subarray(from, to) };
    from = to;
  }
}

export class Disk {
  constructor() {
    this.files = new Map(); // file -> {synced, pending}
    this.names = new Map(); // as of the last sync of the folder
    this.changes = [];      // of names, since
  }

  do(record) {
    const { kind, file } = record;
    const name = kind === OPEN || kind === UNLINK || kind === LINK ? record.data.toString() : '';
    let f = this.files.get(file);
    switch (kind) {
      case OPEN:
        if (record.offset === 1 || !f) {
          this.files.set(file, { synced: Buffer.alloc(0), pending: [] });
          this.changes.push({ name, file });
        }
        break;
      case WRITE: case TRUNCATE: f.pending.push({ ...record, data: Buffer.from(record.data) }); break;
      case SYNC:
        for (const op of f.pending) f.synced = put(f.synced, op);
        f.pending = [];
        break;
      case SYNC_FAILED: f.pending = []; break;
      case SYNC_DIRECTORY:
        for (const change of this.changes) this.rename(this.names, change);
        this.changes = [];
        break;
      case UNLINK: this.changes.push({ name, file: null }); break;
      case LINK: this.changes.push({ name, file }); break;
    }
  }

  rename(names, { name, file }) { file === null ? names.delete(name) : names.set(name, file); }

  // Write into `dir` what is on the disk if the power goes now.  share(): which part of what is not promised.
  rebuild(dir, share, random) {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir);
    const names = new Map(this.names);
    for (const change of this.changes.slice(0, Math.round(share() * this.changes.length))) this.rename(names, change);
    for (const [name, file] of names) {
      if (name.endsWith('-shm')) continue; // memory, not a file: it does not outlive the power
      const { synced, pending } = this.files.get(file);
      let bytes = Buffer.from(synced);
      const part = share();
      for (const op of pending) {
        for (const page of pages(op)) {
          if (random() >= part) continue;
          const isTorn = part < 1 && page.kind === WRITE && random() < 0.25;
          const len = isTorn ? Math.floor(random() * (page.data.length / SECTOR)) * SECTOR : page.data.length;
          bytes = put(bytes, page.kind === WRITE ? { ...page, data: page.data.subarray(0, len) } : page);
        }
      }
      writeFileSync(path.join(dir, name), bytes, { mode: 0o600 });
    }
  }
}

export const readRecording = (file) => [...records(readFileSync(file))];
