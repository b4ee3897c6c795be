#!/usr/bin/env node
// idle_connections - as many connections as the server takes, each served once and then silent; and 20,000 that come and go.
//
// AVAL_BUILD names a build with tests.  Needs 20,000 descriptors (ulimit -n).
import { percentile } from '../suites/door.mjs';
import { idle, mebibytes, openDoor, served } from '../suites/slow.mjs';
import { claim, finish, hold } from './large.mjs';

const CONNECTIONS = 9900; // the server takes 10,000: the rest is for the client that is to be served
const MEMORY_MAX = 256;
const CHURN = 20000;
const GROWTH_MAX = 16;

for (const secure of [false, true]) {
  const what = secure ? 'TLS' : 'plain';
  const door = await openDoor({ secure });
  await served(door, 200);
  await claim(`${what}: ${CONNECTIONS} idle connections`, async () => {
    const sockets = await idle(door, CONNECTIONS, { asked: true });
    const memory = mebibytes(door);
    const times = await served(door, 100);
    const standing = sockets.filter((socket) => !socket.destroyed).length;
    for (const socket of sockets) socket.destroy();
    hold(standing === CONNECTIONS, `${standing} of them stand`);
    hold(memory < MEMORY_MAX, `${memory.toFixed(0)} MiB of memory`);
    return `${memory.toFixed(0)} MiB of memory; another client's p99 ${percentile(times, 0.99).toFixed(1)} ms`;
  });
  await claim(`${what}: served again when they are gone`, async () => { await served(door, 20); });
  await claim(`${what}: ${CHURN} connections that come and go`, async () => {
    const before = mebibytes(door);
    await Promise.all(Array.from({ length: 20 }, () => served(door, CHURN / 20)));
    const grown = mebibytes(door) - before;
    hold(grown < GROWTH_MAX, `memory grew by ${grown.toFixed(1)} MiB`);
    return `memory ${grown.toFixed(1)} MiB up`;
  });
  await door.stop();
}
finish();
