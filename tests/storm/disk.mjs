// disk.mjs - a disk that is full, and a disk that fails.
//
// Full: nothing is acknowledged, reading goes on, and writing comes back by itself.  Failing: a write that is refused
// costs its requests and nothing else; a sync that has failed once ends all writing until a restart, because the kernel
// does not tell twice whether the pages reached the disk.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { pause } from './world.mjs';

const ENOSPC = 28, EIO = 5, EDQUOT = 122;
// A program with a defect is not waited for as long as a sound one.
const recoveryMs = (w) => (w.defect === '' ? 5000 : 1000);

async function reads(w, server, id) {
  const [decision, live] = [await w.status(server, `/v1/decisions/${id}`), await w.status(server, '/livez')];
  w.expect(decision === 200 && live === 200, 'not_read', `a decision answers ${decision}, /livez ${live}`);
}

// Decisions that must all be refused; returns how many.
async function refused(w, server, prefix, count) {
  for (let i = 0; i < count; i++) {
    const answer = await w.apply(server, `${prefix}-${i}`);
    w.expect(answer.status !== 201, 'acknowledged', `${prefix}-${i} while nothing can be written: ${answer.text}`);
    if (answer.status !== 201) w.refusal(answer);
  }
  return count;
}

// Apply until it is recorded; returns the milliseconds it took.
async function recovery(w, server, name) {
  const began = performance.now();
  for (;;) {
    const answer = await w.apply(server, name);
    const took = performance.now() - began;
    if (answer.status === 201) return Math.round(took);
    w.refusal(answer);
    if (took > recoveryMs(w)) {
      w.violate('not_recovered', `still ${answer.status} after ${Math.round(took)} ms: ${answer.text}`);
      return Math.round(took);
    }
    await pause(20);
  }
}

async function ready(w, server, wanted) {
  const began = performance.now();
  let status;
  do {
    status = await w.status(server, '/readyz');
    if (status === wanted) return;
    await pause(10);
  } while (performance.now() - began < recoveryMs(w));
  w.violate('readyz_lies', `/readyz answers ${status}, not ${wanted}`);
}

// Restart, and everything that was acknowledged is there.
async function aftermath(w, server, db) {
  await server.kill();
  const again = await w.serve({ db });
  const { stored } = await w.balance(again, { samples: 20 });
  w.expect((await w.apply(again, `after-${w.answered.size}`)).status === 201, 'not_recovered', 'no decision after the restart');
  await again.stop();
  w.verify(db);
  return stored;
}

// A file system of its own that is filled to the last byte; needs the right to mount.
async function smallDisk(w, counts) {
  const dir = path.join(w.dir, 'small');
  mkdirSync(dir);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', dir], { stdio: 'pipe' });
  } catch {
    return false;
  }
  w.undo.push(() => execFileSync('umount', ['-l', dir]));
  const db = path.join(dir, 'aval.db'), filler = path.join(dir, 'filler');
  w.setUp(db);
  const server = await w.serve({ db });
  for (let i = 0; i < 20; i++) await w.apply(server, `small-${i}`);
  const id = JSON.parse(w.answered.get('small-0')).id;
  const fd = openSync(filler, 'w');
  for (let size = 65536; size >= 1;) {
    try { writeSync(fd, Buffer.alloc(size)); } catch { size = size >> 4; }
  }
  closeSync(fd);
  // What the log file has room for already may still be recorded; from the first refusal on nothing is.
  let i = 0;
  while ((await w.apply(server, `filling-${i}`)).status === 201 && i < 500) i++;
  w.expect(i < 500, 'acknowledged', 'the disk is full and takes 500 decisions');
  counts.refused += await refused(w, server, 'full', 20);
  await reads(w, server, id);
  await ready(w, server, 503);
  rmSync(filler);
  counts.recovery_ms = Math.max(counts.recovery_ms, await recovery(w, server, 'full-0'));
  await ready(w, server, 200);
  await aftermath(w, server, db);
  w.answered.clear();
  return true;
}

export const diskFull = {
  name: 'full',
  title: 'the disk is full',
  defects: { 'ack-failed-write': ['acknowledged'], 'no-recovery': ['not_recovered'], 'ready-lies': ['readyz_lies'] },
  seconds: 3,

  async run(w) {
    const counts = { fillings: 0, refused: 0, recovery_ms: 0, mounted: 0, acknowledged: 0 };
    if (await smallDisk(w, counts)) counts.mounted = 1;
    const faults = w.faults();
    w.setUp();
    const server = await w.serve({ extra: faults.env });
    for (; w.goesOn(counts.fillings); counts.fillings++) {
      const round = counts.fillings;
      await w.apply(server, `before-${round}`);
      const id = JSON.parse(w.answered.get(`before-${round}`)).id;
      // From the n-th write on: in the middle of a transaction, too.
      faults.begin('write', { error: round % 2 === 0 ? ENOSPC : EDQUOT, first: 1 + Math.floor(w.random() * 12) });
      await w.apply(server, `edge-${round}`);
      counts.refused += await refused(w, server, `full-${round}`, 10);
      await reads(w, server, id);
      await ready(w, server, 503);
      faults.end();
      counts.recovery_ms = Math.max(counts.recovery_ms, await recovery(w, server, `full-${round}-0`));
      await ready(w, server, 200);
    }
    counts.acknowledged = w.answered.size;
    await aftermath(w, server, w.db);
    return counts;
  },
};

export const diskError = {
  name: 'error',
  title: 'the disk fails: EIO on write, EIO on sync, short writes',
  defects: { 'retry-fsync': ['acknowledged'], 'ack-failed-write': ['lost', 'acknowledged'] },
  seconds: 4,

  async run(w) {
    const counts = { write_errors: 0, sync_errors: 0, short_writes: 0, restarts: 0, refused: 0, acknowledged: 0 };
    const faults = w.faults();
    w.setUp();
    let server = await w.serve({ extra: faults.env });
    for (let round = 0; w.goesOn(round, 3); round++) {
      await w.apply(server, `before-${round}`);
      const id = JSON.parse(w.answered.get(`before-${round}`)).id;

      // A single refused write: its request is refused or recorded, and the next one is recorded.
      faults.begin('write', { error: EIO, first: 1 + Math.floor(w.random() * 12), times: 1 });
      const answers = [];
      for (let i = 0; i < 4; i++) answers.push(await w.apply(server, `write-${round}-${i}`));
      for (const answer of answers) if (answer.status !== 201) w.refusal(answer);
      counts.write_errors += faults.given();
      w.expect(answers.filter(({ status }) => status !== 201).length >= faults.given(), 'acknowledged', 'a write failed and every answer was 201');
      faults.end();
      await recovery(w, server, `write-${round}-0`);

      // Half of each write: the rest is written by the next call, nobody notices.
      faults.begin('write', { error: 0 });
      for (let i = 0; i < 4; i++) w.expect((await w.apply(server, `short-${round}-${i}`)).status === 201, 'not_recovered', 'short writes');
      counts.short_writes += faults.given();
      faults.end();

      // One failed sync: not asked again, nothing is acknowledged from here on, and the operator is told once.
      faults.begin('sync', { error: EIO, times: 1 });
      counts.refused += await refused(w, server, `sync-${round}`, 10);
      await reads(w, server, id);
      await ready(w, server, 503);
      await pause(round === 0 ? 700 : 0); // a probe would come every half second
      w.expect(faults.calls() === 1, 'synced_again', `${faults.calls()} syncs after one has failed`);
      counts.sync_errors += faults.given();
      faults.end();
      counts.refused += await refused(w, server, `later-${round}`, 3);
      const alarms = server.log.split('\n').filter((line) => line.includes('"writing_stopped"') && line.includes('"until_restart":1'));
      w.expect(alarms.length === 1, 'no_alarm', server.log);
      // Stopping must not touch the files, either.
      faults.begin('write', { error: EIO });
      const end = await server.stop();
      w.expect(end.code === 0, 'no_clean_stop', JSON.stringify(end));
      w.expect(faults.given() === 0, 'wrote_after_sync', `${faults.given()} writes while stopping`);
      faults.end();
      server = await w.serve({ extra: faults.env });
      counts.restarts++;
      for (let i = 0; i < 10; i++) w.expect((await w.apply(server, `sync-${round}-${i}`)).status === 201, 'not_recovered', `sync-${round}-${i}`);
    }
    counts.acknowledged = w.answered.size;
    await aftermath(w, server, w.db);
    return counts;
  },
};
