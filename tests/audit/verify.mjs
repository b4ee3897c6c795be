#!/usr/bin/env node
// verify.mjs - a verifier of audit exports, written from docs/AUDIT.md alone: EXPORT [PUBLIC_KEY_HEX [CHECKPOINT_HASH_HEX]]
import { createHash, createPublicKey, verify as ed25519 } from 'node:crypto';
import { readFileSync } from 'node:fs';

const layouts = [
    '{"type":"log","format":"aval-audit-1"}',
    '{"type":"epoch","stream":S,"epoch":N}',
    '{"type":"entry","stream":S,"epoch":N,"seq":N,"time":N,"kind":S,"environment":N,"object":H32,"digest":H64,"hash":H64(,"salt":null,"payload":null|,"salt":H32,"payload":S)}',
    '{"type":"commit","stream":S,"epoch":N,"first":N,"last":N,"root":H64}',
    '{"type":"checkpoint","stream":S,"epoch":N,"last":N,"time":N,"head":H64,"root":H64,"previous":H64,"key":H64,"signature":H128}',
    '{"type":"end","entries":N,"commits":N,"checkpoints":N}',
].map((l) => new RegExp(`^${l.replace(/[{}]/g, '\\$&').replace(/:N/g, ':(0|[1-9]\\d*)').replace(/:S/g, ':"([^"\\\\]|\\\\.)*"').replace(/:H(\d+)/g, ':"[0-9a-f]{$1}"')}$`));
const hex = (text) => Buffer.from(text, 'hex'), zeros = '0'.repeat(64);
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest('hex');
const u64 = (n) => hex(n.toString(16).padStart(16, '0'));
const word = (s) => Buffer.concat([Buffer.from([s.length]), Buffer.from(s)]);
const merkle = (leaves, half = 2 ** Math.ceil(Math.log2(leaves.length) - 1)) => leaves.length === 1 ? leaves[0]
    : sha256(Buffer.from([1]), hex(merkle(leaves.slice(0, half))), hex(merkle(leaves.slice(half))));
const rootOf = (hashes) => merkle(hashes.map((h) => sha256(Buffer.from([0]), hex(h))));
const parse = (bytes, o = layouts.some((layout) => layout.test(bytes.toString())) && JSON.parse(bytes.toString())) =>
    o && Buffer.from(JSON.stringify(o)).equals(bytes) && /^[a-z0-9-]{1,39}$/.test(o.stream ?? 'none') ? o : null;

export function verify(data, pins = {}) {
    const count = { entries: 0, commits: 0, checkpoints: 0 };
    let at = { stream: '', epoch: 0, seq: 0 }, before = at, head = zeros, previous = zeros, key, keyId, turn = 'log';
    let open = [], roots = [], unsigned = [], tail = 0, erased = 0, isSigned = true, isPinned = !pins.checkpoint;
    const next = () => ({ ...at, seq: at.seq + 1 }), firstOpen = () => ({ ...at, seq: at.seq - open.length + 1 });
    const must = (condition, where, fault) => { if (!condition) throw { where, fault }; };
    const mustClose = () => must(!open.length, firstOpen(), 'in no commit') ??
        must(!at.epoch || (at.seq && isSigned), { ...at, seq: 1 }, 'the opening is missing or not signed');
    const mustEndHere = (o, first, by = o.epoch - at.epoch || o.last - at.seq) => {
        const missing = o.epoch === at.epoch ? next() : { ...at, epoch: at.epoch + 1, seq: 1 };
        const other = first ?? (o.stream > at.stream ? { stream: o.stream, epoch: 1, seq: 1 } : next());
        must(o.stream === at.stream && by === 0, o.stream === at.stream && by > 0 ? missing : other, 'ends elsewhere');
    };
    const openEpoch = (o, here) => {
        const m = /^{"follows":(null|{.*}),"format":"aval-audit-1","public_key":"([0-9a-f]{64})"}$/.exec(o.payload ?? '');
        const said = must(m, here, 'the opening is not readable') ?? JSON.parse(m[1]), is = { epoch: before.epoch, hash: head, seq: before.seq, stream: before.stream };
        must(!before.epoch || said?.epoch !== is.epoch || said.seq <= is.seq, { ...before, seq: before.seq + 1 }, 'missing');
        must(m[1] === (before.epoch ? JSON.stringify(is) : 'null'), here, 'it does not follow the head that it names');
        must(!pins.key || pins.key === m[2], here, 'another key');
        const jwk = { kty: 'OKP', crv: 'Ed25519', x: hex(m[2]).toString('base64url') };
        [key, keyId] = [createPublicKey({ key: jwk, format: 'jwk' }), sha256(hex(m[2]))];
    };
    const take = {
        log() { turn = 'body'; },
        epoch(o, isSame = o.stream === at.stream, number = isSame ? at.epoch + 1 : 1) {
            mustClose();
            must(o.stream >= at.stream, next(), 'the streams are not in order');
            must(o.epoch === number, { ...o, epoch: number, seq: 1 }, 'an epoch is missing');
            if (!isSame) [head, previous, roots, unsigned] = [zeros, zeros, [], []];
            [before, at, isSigned] = [isSame ? at : { ...o, epoch: 0, seq: 0 }, { stream: o.stream, epoch: o.epoch, seq: 0 }, false];
        },
        entry(o, here = next()) {
            must(o.stream === here.stream && o.epoch === here.epoch && o.seq === here.seq, here, 'missing');
            must(o.seq === 1 || isSigned, { ...here, seq: 1 }, 'the opening is not signed');
            must(unsigned.length < 1024, unsigned[0], 'in no checkpoint');
            must(o.salt === null || sha256(hex(o.salt), Buffer.from(o.payload)) === o.digest, here, 'digest');
            must((o.seq === 1) === (o.kind === 'epoch.opened'), here, 'epoch.opened comes first, and only there');
            if (o.seq === 1) openEpoch(o, here);
            must(o.hash === sha256(Buffer.from('aval.entry.1\0'), hex(head), word(o.stream), u64(o.epoch), u64(o.seq), u64(o.time), word(o.kind), u64(o.environment), hex(o.object), hex(o.digest)), here, 'hash');
            [at, head, tail, erased] = [here, o.hash, tail + 1, erased + (o.salt === null ? 1 : 0)];
            count.entries += open.push(o.hash) && unsigned.push(here) && 1;
        },
        commit(o) {
            mustEndHere(o, open.length ? firstOpen() : null);
            must(open.length && o.first === firstOpen().seq && rootOf(open) === o.root, firstOpen(), 'commit');
            count.commits++, roots.push(o.root), open = [];
        },
        checkpoint(o, first = unsigned[0]) {
            mustEndHere(o, must(!open.length, firstOpen(), 'in no commit') ?? first);
            const message = Buffer.concat([Buffer.from('aval.checkpoint.1\0'), word(o.stream), u64(o.epoch), u64(o.last), hex(o.head), hex(o.root), hex(o.previous), u64(o.time), hex(o.key)]);
            must(roots.length && o.head === head && o.root === rootOf(roots) && o.previous === previous &&
                o.key === keyId && ed25519(null, message, key, hex(o.signature)), first ?? next(), 'checkpoint');
            [previous, tail, unsigned, roots, isSigned] = [sha256(message), tail - unsigned.length, [], [], true];
            count.checkpoints++, isPinned ||= pins.checkpoint === previous;
        },
        end(o) {
            must(Object.keys(count).every((k) => o[k] === count[k]), next(), 'counts');
            mustClose(must(isPinned, next(), 'the checkpoint known outside is not in the log'), turn = 'over');
        },
    };
    try {
        for (let from = 0, to; from < data.length; from = to + 1) {
            const o = (to = data.indexOf(10, from)) < 0 ? null : parse(data.subarray(from, to));
            must(o && turn === (o.type === 'log' ? 'log' : 'body'), next(), 'no line of this format, here');
            take[o.type](o);
        }
        return must(turn === 'over', next(), 'cut') ?? { valid: true, ...count, erased, unsigned_tail: tail };
    } catch (e) {
        if (!e.where && !(e instanceof SyntaxError)) throw e;
        return { valid: false, ...(e.where ?? next()), fault: e.fault ?? e.message };
    }
}

if (process.argv[1]?.endsWith('verify.mjs')) {
    const verdict = verify(readFileSync(process.argv[2]), { key: process.argv[3], checkpoint: process.argv[4] });
    process.exitCode = console.log(JSON.stringify(verdict)) ?? (verdict.valid ? 0 : 1);
}
