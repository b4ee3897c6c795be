#!/usr/bin/env node
// drips - every way to be slow, against the real limits: cut when the limit has passed, not before and not much later.
//
// AVAL_BUILD names a build with tests.  Takes about two minutes: all of one door runs at once.
import { drips, openDoor, timed } from '../suites/slow.mjs';
import { claim, finish, hold } from './large.mjs';

for (const secure of [false, true]) {
  const door = await openDoor({ secure });
  await Promise.all(drips.filter(([, , isForTls]) => secure || !isForTls).map(([name, limit, , run]) =>
    claim(`${secure ? 'TLS' : 'plain'}: ${name}`, async () => {
      const took = await timed(run, door, limit + 10);
      hold(took !== null, `not cut in ${limit + 10} s`);
      hold(took > limit - 0.1, `cut after ${took.toFixed(1)} s already`);
      return `cut after ${took.toFixed(1)} s`;
    })));
  await claim(`${secure ? 'TLS' : 'plain'}: the server ends well`, async () => { const { code } = await door.stop(); hold(code === 0, `exit ${code}`); });
}
finish();
