// crash.mjs - kill -9 under load, again and again, with the books kept outside.
//
// Callers post decisions, each application with an Idempotency-Key of its own.  The server is killed at a random moment,
// or the instant an answer has come in, which is the worst one: whoever answers before the commit is caught there.
// Whatever was not answered is sent again with the same key once the server is back.  In the end every answered decision
// must be there with the bytes that were answered, no key may have made two, and the chain must verify after each cycle.
import { spawnSync } from 'node:child_process';
import { largeRequest } from './world.mjs';

const CALLERS = 32;

export const crash = {
  name: 'crash',
  title: 'kill -9 under load',
  defects: { 'lost-ack': ['lost'], 'claim-apart': ['duplicated'] },
  seconds: 4,

  async run(w) {
    const large = largeRequest();
    w.setUp();
    const unknown = [];
    let kills = 0, sent = 0, retried = 0, slowest = 0;

    const call = async (server, state, kind) => {
      while (!state.isDead) {
        const again = unknown.pop();
        const name = again ?? `${kind}-${sent++}`;
        if (again !== undefined) retried++;
        try {
          const answer = await w.apply(server, name, name.startsWith('large') ? large : undefined, { onHead: state.onHead });
          if (answer.status !== 201) {
            if (answer.status !== 409) w.refusal(answer);
            unknown.push(name);
          }
        } catch (error) {
          if (!(error instanceof Error && 'code' in error) && error.message !== 'cut') throw error;
          unknown.push(name);
          return;
        }
      }
    };

    while (w.goesOn(kills, 6)) {
      const began = performance.now();
      const server = await w.serve();
      slowest = Math.max(slowest, performance.now() - began);
      // Every other cycle dies with the first answer of a batch, the first after a pause; the others at any moment.
      const isAtAnswer = kills % 2 === 0;
      const killAt = isAtAnswer ? w.answered.size + 10 + Math.floor(w.random() * 100) : Infinity;
      let last = 0;
      const state = {
        isDead: false,
        onHead: () => {
          const now = performance.now();
          if (!state.isDead && w.answered.size >= killAt && now - last > 0.5) state.die();
          last = now;
        },
        die: () => { state.isDead = true; server.kill(); },
      };
      const work = Promise.all(Array.from({ length: CALLERS }, () => call(server, state, isAtAnswer ? 'large' : 'small')));
      if (!isAtAnswer) setTimeout(state.die, 20 + w.random() * 180);
      w.died(server, await server.ended);
      await work;
      kills++;
      w.verify();
      if (w.defect !== '' && kills % 4 === 0) await this.settle(w, unknown, large);
    }
    const { stored } = await this.settle(w, unknown, large);
    return { kills, acknowledged: w.answered.size, retried, lost: 0, duplicated: stored - w.answered.size, slowest_start_ms: Math.round(slowest) };
  },

  // In peace: what was unknown gets its answer, and the books are compared.
  async settle(w, unknown, large) {
    const server = await w.serve();
    for (const name of unknown.splice(0)) {
      const answer = await w.apply(server, name, name.startsWith('large') ? large : undefined);
      w.expect(answer.status === 201, 'stuck', `${name}: ${answer.status} ${answer.text}`);
    }
    const found = await w.balance(server);
    w.expect(found.stored <= w.answered.size, 'duplicated', `${found.stored} stored for ${w.answered.size} keys`);
    await server.stop();
    return found;
  },
};

// The same at the store: eight threads at the committer, a kill every few milliseconds.
export const commit = {
  name: 'commit',
  title: 'kill -9 of the committer alone',
  defects: { 'lost-ack': ['lost'] },
  seconds: 3,

  async run(w) {
    const cycles = w.isLong ? 1000 : 30;
    const done = spawnSync(w.crasher, [String(cycles), String(w.seed)], { encoding: 'utf8', env: w.env({ TMPDIR: w.dir }) });
    const counts = done.stdout.match(/acknowledged (\d+), answered again (\d+), lost (\d+), doubled (\d+)/);
    if (!counts) throw new Error(done.stdout + done.stderr);
    const [acknowledged, repeated, lost, doubled] = counts.slice(1).map(Number);
    if (lost > 0) w.violate('lost', done.stdout);
    if (doubled > 0) w.violate('duplicated', done.stdout);
    w.expect(done.status === 0, 'chain', done.stdout + done.stderr);
    return { kills: cycles, acknowledged, repeated, lost, duplicated: doubled };
  },
};
