// memory.mjs - the n-th allocation fails, for every n on the way of a decision; and memory that is scarce.
//
// Each request with a failing allocation is answered as if nothing was wrong, or refused as a problem; the same request sent
// again with the same Idempotency-Key is then answered.  What is recorded is the same as without the fault.
import http from 'node:http';
import net from 'node:net';
import { largeRequest, memoryOf, pause, request } from './world.mjs';

const ENOMEM = 12;
const SPARE = 24; // allocations that may come and go between two looks

// What does not change from one decision on the same request to the next.
const essence = (text) => {
  const { id, created_at: created, audit, links, ...rest } = JSON.parse(text);
  return JSON.stringify({ ...rest, has: [id.slice(0, 4), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(created), audit.stream, links.self === `/v1/decisions/${id}`] });
};

export const allocation = {
  name: 'allocation',
  title: 'the n-th allocation of a decision fails, for every n',
  defects: { 'unchecked-allocation': ['died'], 'leaked-refusal': ['leak'] },
  seconds: 4,

  async run(w) {
    const counts = { sweeps: 0, failed_allocations: 0, answered: 0, refused: 0, cut: 0, longest_sweep: 0, leaked: 0 };
    const faults = w.faults();
    w.setUp();
    const server = await w.serve({ extra: faults.env });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const bodies = [request(), largeRequest(40), ...(w.isLong ? [largeRequest(600), request({ client_reference: 'x'.repeat(60) })] : [])];
    const expected = [];
    let serial = 0;
    for (const body of bodies) expected.push(essence((await w.apply(server, `first-${serial++}`, body)).text));

    // Every n from the first on, until a request meets no fault.
    const sweep = async (kind, times, how) => {
      let n = 1;
      for (; !server.hasEnded; n++) {
        const name = `n-${serial++}`;
        faults.begin('allocation', { error: ENOMEM, first: n, times });
        const first = await w.apply(server, name, bodies[kind], how).catch(() => null);
        const given = faults.given();
        faults.end();
        if (server.hasEnded) break;
        counts.failed_allocations += given;
        if (first === null) counts.cut++;
        else if (first.status === 201) counts.answered++;
        else {
          counts.refused++;
          w.refusal(first);
        }
        const second = await w.apply(server, name, bodies[kind], how).catch((error) => ({ status: 0, text: error.message }));
        if (server.hasEnded) break;
        w.expect(second.status === 201, 'stuck', `allocation ${n}: ${first?.status} and then ${second.status} ${second.text}`);
        if (second.status === 201) w.expect(essence(second.text) === expected[kind], 'altered', `allocation ${n}: ${second.text}`);
        if (given === 0) break;
      }
      counts.sweeps++;
      counts.longest_sweep = Math.max(counts.longest_sweep, n);
    };

    // What records nothing: dry runs and refused requests.  Here no cache grows with the data, so every allocation must come back.
    const unrecorded = [['?dry_run=true', bodies[0], 200], ['?dry_run=true', bodies[1], 200], ['', '{"amount":"a lot","company":[]}', 422], ['', '{"amount":', 400]];
    const sweepUnrecorded = async () => {
      for (const [query, body, wanted] of unrecorded) {
        for (let n = 1; !server.hasEnded; n++) {
          faults.begin('allocation', { error: ENOMEM, first: n, times: 1 });
          const answer = await w.send(server, 'POST', `/v1/decisions${query}`, { body, agent }).catch(() => null);
          const given = faults.given();
          faults.end();
          counts.failed_allocations += given;
          if (answer === null) counts.cut++;
          else if (answer.status === wanted) counts.answered++;
          else {
            counts.refused++;
            w.refusal(answer);
          }
          if (given === 0) break;
        }
        counts.sweeps++;
      }
    };

    // How many allocations live when the server has nothing to do; `enough` ends the wait for connections that linger.
    const living = async (enough) => {
      let least = Infinity;
      for (let i = 0; i < 100 && (i < 10 || (enough > 0 && least > enough)); i++) {
        await w.status(server, '/livez');
        await pause(i < 10 ? 5 : 25);
        least = Math.min(least, faults.allocations());
      }
      return least;
    };

    for (let turn = 0; w.goesOn(turn, 1) && !server.hasEnded; turn++) {
      for (let kind = 0; kind < bodies.length; kind++) await sweep(kind, 1, { agent });
      await sweep(0, 3, { agent });
      await sweep(0, 1, { agent: new http.Agent() }); // a connection of its own each time
      await sweepUnrecorded();
      if (server.hasEnded) break;
      const before = await living(0);
      await sweepUnrecorded();
      if (server.hasEnded) break;
      const now = await living(before + SPARE);
      counts.leaked = Math.max(counts.leaked, now - before);
      w.expect(now - before <= SPARE, 'leak', `${now - before} allocations more after requests that record nothing`);
    }
    agent.destroy();
    if (server.hasEnded) {
      w.died(server, await server.ended);
      return counts;
    }
    const { stored } = await w.balance(server);
    w.expect(stored === w.answered.size, 'duplicated', `${stored} decisions for ${w.answered.size} keys`);
    const end = await server.stop();
    w.expect(end.code === 0, 'no_clean_stop', JSON.stringify(end));
    w.verify();
    return counts;
  },
};

const RSS_MAX = 256 * 1024 * 1024;
const ROOM = 4 * 1024 * 1024; // what a process may ask for beyond what it has when it is ready

export const ceiling = {
  name: 'ceiling',
  title: 'little memory: 1,000 connections, 40 bodies of 60 KB at once, a ceiling on the address space',
  defects: { 'arena-kept': ['too_much_memory'] },
  seconds: 3,

  async run(w) {
    const counts = { connections: 0, large_bodies: 0, answered: 0, refused: 0, cut: 0, rss_mib: 0, ceiling_mib: 0 };
    // About 60 KB each.
    const body = largeRequest(550);
    w.setUp();

    const wave = async (server, prefix) => {
      const statuses = await Promise.all(Array.from({ length: 40 }, async (_, i) => {
        const answer = await w.apply(server, `${prefix}-${i}`, body).catch(() => null);
        // Without memory even for a document, the status alone is the answer.
        const isBare = answer?.status >= 500 && answer.text === '';
        if (answer !== null && answer.status !== 201 && !isBare) w.refusal(answer);
        return answer?.status ?? 0;
      }));
      counts.large_bodies += 40;
      counts.answered += statuses.filter((status) => status === 201).length;
      counts.cut += statuses.filter((status) => status === 0).length;
      counts.refused += statuses.filter((status) => status !== 201 && status !== 0).length;
      return statuses;
    };
    const connect = (server, count) => {
      const { hostname, port } = new URL(server.url);
      return Promise.all(Array.from({ length: count }, () => new Promise((resolve) => {
        const socket = net.connect({ host: hostname, port });
        // Half a head: the server must keep something for it.
        socket.on('connect', () => { socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n'); resolve(socket); });
        socket.on('error', () => resolve(socket));
      })));
    };

    // First without a ceiling: how much is it?
    const free = await w.serve();
    const idle = memoryOf(free.child.pid, 'VmSize');
    const sockets = await connect(free, 1000);
    counts.connections = sockets.length;
    for (let round = 0; w.goesOn(round, 6); round++) {
      const statuses = await wave(free, `free-${round}`);
      w.expect(statuses.every((status) => status === 201), 'refused', statuses.join());
      const rss = memoryOf(free.child.pid, 'VmRSS');
      counts.rss_mib = Math.max(counts.rss_mib, Math.round(rss / 1048576));
      w.expect(rss < RSS_MAX, 'too_much_memory', `${Math.round(rss / 1048576)} MiB with 1,000 connections`);
    }
    for (const socket of sockets) socket.destroy();
    await free.stop();

    // Then with one that is soon reached: it may refuse, it may not end, and it recovers.
    const limit = idle + ROOM;
    counts.ceiling_mib = Math.round(limit / 1048576);
    let server;
    try {
      server = await w.serve({ before: ['prlimit', `--as=${limit}`] });
    } catch (error) {
      w.violate('no_start', error.message);
      return counts;
    }
    const crowd = await connect(server, 1000);
    for (let round = 0; round < 3 && !server.hasEnded; round++) await wave(server, `tight-${round}`);
    for (const socket of crowd) socket.destroy();
    const began = performance.now();
    let status = 0;
    while (!server.hasEnded && status !== 201 && performance.now() - began < 2000) {
      status = (await w.apply(server, 'relief').catch(() => null))?.status ?? 0;
    }
    if (server.hasEnded) {
      w.died(server, await server.ended);
      return counts;
    }
    w.expect(status === 201, 'not_recovered', `${status} after the connections were closed`);
    // The books are compared without a ceiling: a long list may need more than there was to spare.
    await server.stop();
    const again = await w.serve();
    await w.balance(again, { samples: 10 });
    await again.stop();
    w.verify();
    return counts;
  },
};
