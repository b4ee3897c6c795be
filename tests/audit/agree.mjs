#!/usr/bin/env node
// agree.mjs - two verifiers, one document: ours and verify.mjs give every log the same verdict and name the same entry.
// usage: agree.mjs AUDIT_TOOL
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from './verify.mjs';

const tool = process.argv[2];
const dir = mkdtempSync(join(tmpdir(), 'aval-agree-'));
let state = 7;
const below = (n) => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return (state >>> 8) % n; };

const spliced = (lines, ...what) => {
    const copy = [...lines];
    copy.splice(...what);
    return Buffer.concat(copy);
};

// What can happen to a log, besides nothing.
const damages = {
    byte(lines) {
        const all = Buffer.concat(lines), at = below(all.length);
        all[at] ^= 1 + below(255);
        return all;
    },
    digit(lines) {
        const all = Buffer.concat(lines);
        let at = below(all.length);
        while (all[at] < 48 || all[at] > 57) at = (at + 1) % all.length;
        all[at] = 48 + (all[at] - 47) % 10;
        return all;
    },
    gone: (lines) => spliced(lines, below(lines.length), 1 + below(3)),
    doubled(lines) {
        const at = below(lines.length);
        return spliced(lines, at, 0, lines[at]);
    },
    exchanged(lines) {
        const at = below(lines.length - 1);
        return spliced(lines, at, 2, lines[at + 1], lines[at]);
    },
    cut(lines) {
        const all = Buffer.concat(lines);
        return all.subarray(0, below(all.length));
    },
    longer: (lines) => Buffer.concat([...lines, lines[below(lines.length)]]),
    blank: (lines) => spliced(lines, below(lines.length), 0, Buffer.from('\n')),
};

function cases(good) {
    const lines = [];
    for (let from = 0; from < good.length; from = good.indexOf(10, from) + 1) lines.push(good.subarray(from, good.indexOf(10, from) + 1));
    const list = [['nothing', good]];
    for (const [name, damage] of Object.entries(damages)) {
        for (let i = 0; i < 60; i++) list.push([name, Buffer.from(damage(lines))]);
    }
    return list;
}

try {
    const good = join(dir, 'good');
    execFileSync(tool, ['make', good]);
    const list = cases(readFileSync(good));
    const names = list.map(([, bytes], i) => {
        writeFileSync(join(dir, String(i)), bytes);
        return join(dir, String(i));
    });
    const ours = execFileSync(tool, ['verify', ...names], { encoding: 'utf8' }).trimEnd().split('\n').map((line) => JSON.parse(line));
    let wrong = 0, invalid = 0;
    list.forEach(([name, bytes], i) => {
        const theirs = verify(bytes), our = ours[i];
        const members = theirs.valid ? ['valid', 'entries', 'commits', 'checkpoints', 'erased', 'unsigned_tail'] : ['valid', 'stream', 'epoch', 'seq'];
        invalid += theirs.valid ? 0 : 1;
        if (members.some((m) => theirs[m] !== our[m]) || (i === 0) !== theirs.valid) {
            console.error(`${name} ${i}: ours ${JSON.stringify(our)}, theirs ${JSON.stringify(theirs)}`);
            wrong++;
        }
    });
    console.log(`${list.length} logs, ${invalid} of them not valid: ${wrong} disagreements`);
    process.exitCode = wrong === 0 ? 0 : 1;
} finally {
    rmSync(dir, { recursive: true });
}
