// descriptors.mjs - no descriptors left: 200 idle connections against a limit of 64.
//
// Whoever is connected goes on being served, decisions are recorded, nothing spins, and who was turned away is served
// once there are descriptors again.
import net from 'node:net';
import http from 'node:http';
import { cpuOf, pause } from './world.mjs';

const LIMIT = 64, IDLE = 200, CPU_MAX = 0.2, WATCH_MS = 1000, RECOVERY_MS = 2000;

export const descriptors = {
  name: 'descriptors',
  title: 'file descriptors exhausted',
  defects: { 'accept-spins': ['spins'] },
  seconds: 3,

  async run(w) {
    const counts = { rounds: 0, idle: 0, served_meanwhile: 0, recovery_ms: 0, cpu_percent: 0 };
    w.setUp();
    const server = await w.serve({ before: ['prlimit', `--nofile=${LIMIT}:${LIMIT}`] });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const pid = server.child.pid;
    for (; w.goesOn(counts.rounds) && !server.hasEnded; counts.rounds++) {
      let name = `before-${counts.rounds}`;
      w.expect((await w.apply(server, name, undefined, { agent })).status === 201, 'refused', name);
      const { hostname, port } = new URL(server.url);
      const sockets = await Promise.all(Array.from({ length: IDLE }, () => new Promise((resolve) => {
        const socket = net.connect({ host: hostname, port });
        socket.on('connect', () => resolve(socket));
        socket.on('error', () => resolve(socket));
      })));
      counts.idle += IDLE;
      const cpu = cpuOf(pid), began = performance.now();
      await pause(WATCH_MS);
      const share = (cpuOf(pid) - cpu) / ((performance.now() - began) / 1000);
      counts.cpu_percent = Math.max(counts.cpu_percent, Math.round(share * 100));
      w.expect(share < CPU_MAX, 'spins', `${Math.round(share * 100)} % of a processor with nothing to do`);
      for (let i = 0; i < 10; i++) {
        name = `meanwhile-${counts.rounds}-${i}`;
        const answer = await w.apply(server, name, undefined, { agent }).catch((error) => ({ status: 0, text: error.message }));
        w.expect(answer.status === 201, 'refused', `${name}: ${answer.status} ${answer.text}`);
        counts.served_meanwhile++;
      }
      for (const socket of sockets) socket.destroy();
      const released = performance.now();
      while ((await w.send(server, 'GET', '/livez', { agent: new http.Agent() }).then((a) => a.status, () => 0)) !== 200) {
        if (performance.now() - released > RECOVERY_MS || server.hasEnded) {
          w.violate('not_recovered', `no 200 ${RECOVERY_MS} ms after the connections were closed`);
          break;
        }
        await pause(10);
      }
      counts.recovery_ms = Math.max(counts.recovery_ms, Math.round(performance.now() - released));
    }
    if (server.hasEnded) w.died(server, await server.ended);
    agent.destroy();
    await w.balance(server);
    await server.stop();
    w.verify();
    return counts;
  },
};
