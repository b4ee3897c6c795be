// power.mjs - the power goes at any moment, and takes along whatever was not synced.
//
// The program runs under the recorder of faultio.c; each acknowledgement that comes in is marked in the same log.  Then
// the log is cut at many places, at each of which the disk is rebuilt several ways: nothing but what was synced, all that was
// written, and random parts of it.  On each the program must start, verify, and have every decision acknowledged before the cut.
import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { mkdirSync } from 'node:fs';
import { Disk, MARK, mark, readRecording } from './recording.mjs';

const EIO = 5;

// Record the life of a database: made, served, killed, served, stopped, and served again.
async function record(w, dir, log) {
  const db = path.join(dir, 'aval.db');
  const faults = w.faults(dir);
  const extra = { ...faults.env, FAULTIO_RECORD: log };
  const fd = openSync(log, 'a');
  const note = (text) => writeSync(fd, mark(text));
  w.setUp(db, extra);
  note('key');
  for (let life = 0; life < 3; life++) {
    const server = await w.serve({ db, extra });
    if (life === 1) faults.begin('sync', { error: EIO, first: 8, times: 1, suffix: '-wal' }); // and once a sync fails
    const each = async (caller) => {
      for (let i = 0; i < 20 && !server.hasEnded; i++) {
        const name = `life-${life}-${caller}-${i}`;
        const answer = await w.apply(server, name).catch(() => null);
        if (answer?.status === 201) note(name);
      }
    };
    await Promise.all(Array.from({ length: 4 }, (_, caller) => each(caller)));
    await (life === 1 ? server.kill() : server.stop());
    if (life === 1) w.expect(faults.given() === 1, 'no_fault', 'no sync has failed');
    faults.end();
  }
  closeSync(fd);
}

export const powerCut = {
  name: 'power',
  title: 'power cuts: what was not synced is gone',
  defects: { 'log-unmerged': ['lost'], 'sync-normal': ['lost'], 'sync-off': ['lost', 'broken_disk'], 'key-file-unsynced': ['broken_disk'], 'directory-unsynced': ['broken_disk'] },
  seconds: 6,

  async run(w) {
    const dir = path.join(w.dir, 'disk'), log = path.join(w.dir, 'log'), after = path.join(w.dir, 'after');
    mkdirSync(dir);
    await record(w, dir, log);
    const all = readRecording(log);
    const counts = { records: all.length, cuts: 0, disks: 0, acknowledged: w.answered.size, lost: 0 };
    const shares = [() => 0, () => 1, () => w.random()];

    // What the program is asked once the power is back.
    const ask = async (acknowledged, hasKey, what) => {
      const db = path.join(after, 'aval.db');
      counts.disks++;
      let server;
      try {
        server = await w.serve({ db });
      } catch (error) {
        w.violate('broken_disk', `${what}: ${error.message}`);
        return;
      }
      if (hasKey) {
        const names = new Map([...acknowledged].map((name) => [name, w.answered.get(name)]));
        try {
          counts.lost += (await w.balance(server, { names, samples: 5 })).lost;
        } catch (error) {
          if (error.constructor !== Error) throw error;
          w.violate('lost', `${what}: ${error.message}`);
        }
      }
      await server.kill();
      w.verify(db);
    };

    // One pass over the log for each turn; most cuts fall where something is not synced.
    for (let turn = 0; w.goesOn(turn, 1); turn++) {
      const disk = new Disk(), acknowledged = new Set();
      const wanted = w.isLong ? 100 : 12;
      const early = all.findIndex(({ kind, data }) => kind === MARK && data.toString() === 'key');
      let hasKey = false;
      for (let at = 0; at < all.length; at++) {
        const one = all[at];
        if (one.kind === MARK) {
          if (one.data.toString() === 'key') hasKey = true;
          else acknowledged.add(one.data.toString());
        } else {
          disk.do(one);
        }
        // The making of a database is short and delicate: half of all cuts fall into it.
        const chance = at < early ? wanted / 2 / early : wanted / 2 / (all.length - early);
        if (w.random() >= chance || !w.goesOn(counts.cuts, 10)) continue;
        counts.cuts++;
        for (const share of shares) {
          disk.rebuild(after, share, w.random);
          await ask(acknowledged, hasKey, `seed ${w.seed}, cut behind record ${at} of ${all.length}`);
        }
      }
    }
    return counts;
  },
};
