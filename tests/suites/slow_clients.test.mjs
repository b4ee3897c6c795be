// slow_clients.test.mjs - drips, slowhttptest and idle connections, as small as shows anything; tests/storm/ has them large.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { percentile } from './door.mjs';
import { drips, idle, mebibytes, openDoor, served, slowModes, slowhttptest, timed } from './slow.mjs';

describe('slow clients', { concurrency: true }, () => {
  for (const secure of [true, false]) {
    describe(`slow clients ${secure ? 'over TLS' : 'plain'}`, { concurrency: true }, () => {
      let door;
      before(async () => { door = await openDoor({ secure }); });
      after(async () => { assert.deepEqual(await door.stop(), { code: 0, signal: null }); });

      for (const [name, limit, isForTls, run] of drips.filter(([, limit]) => limit === 10)) {
        if (isForTls && !secure) continue;
        test(`cut at ${limit} s: ${name}`, { timeout: 60000 }, async () => {
          const took = await timed(run, door, limit + 10);
          assert.ok(took !== null, `not cut in ${limit + 10} s`);
          assert.ok(took > limit - 0.1, `cut after ${took} s`);
        });
      }
      for (const [mode, name] of secure ? [['H', slowModes.H]] : Object.entries(slowModes)) {
        test(`slowhttptest with ${name}: the service is available`, { timeout: 60000 }, async () => {
          const { words, last } = await slowhttptest(door, mode, { connections: 100, seconds: 5 });
          assert.ok(words.length > 0 && words.every((word) => word === 'YES'), last);
        });
      }
      test('a thousand idle connections cost little, and others are served', { timeout: 60000 }, async (t) => {
        await served(door, 20);
        const before = mebibytes(door);
        const sockets = await idle(door, 1000, { asked: true });
        const each = (mebibytes(door) - before) * 1024 / 1000;
        const times = await served(door, 50);
        t.diagnostic(`${each.toFixed(1)} KiB each, another client's p99 ${percentile(times, 0.99).toFixed(1)} ms`);
        for (const socket of sockets) socket.destroy();
        assert.ok(each < 64, `${each} KiB each`);
      });
      test('connections that come and go leave nothing behind', { timeout: 60000 }, async (t) => {
        await served(door, 200);
        const before = mebibytes(door);
        await served(door, 1000);
        const grown = mebibytes(door) - before;
        t.diagnostic(`memory ${grown.toFixed(1)} MiB up`);
        assert.ok(grown < 16);
      });
    });
  }
});
