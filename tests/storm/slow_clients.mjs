#!/usr/bin/env node
// slow_clients - slowhttptest in its four modes with a thousand connections each: is the service available throughout?
//
// AVAL_BUILD names a build with tests.  Takes about five minutes.
import { mebibytes, openDoor, slowModes, slowhttptest } from '../suites/slow.mjs';
import { claim, finish, hold } from './large.mjs';

const CONNECTIONS = 1000;
const SECONDS = 35;
const MEMORY_MAX = 256;

for (const secure of [false, true]) {
  for (const [mode, name] of Object.entries(slowModes)) {
    const door = await openDoor({ secure });
    await claim(`${secure ? 'TLS' : 'plain'}: ${name}, ${CONNECTIONS} connections`, async () => {
      let most = 0;
      const watch = setInterval(() => { most = Math.max(most, mebibytes(door)); }, 100);
      const { words, last } = await slowhttptest(door, mode, { connections: CONNECTIONS, seconds: SECONDS });
      clearInterval(watch);
      hold(words.length > 0 && words.every((word) => word === 'YES'), `service available: ${words}; ${last}`);
      hold(most < MEMORY_MAX, `${most.toFixed(0)} MiB of memory`);
      const [, closed] = last.match(/closed:\s+(\d+)/);
      const [, why] = last.match(/Exit status: (.*)/);
      return `service available: YES ${words.length} times of ${words.length}; ended as "${why}", ${closed} closed by then; at most ${most.toFixed(0)} MiB`;
    });
    await door.stop();
  }
}
finish();
