// race.mjs - many callers with one Idempotency-Key at once, a kill -9 in their midst, and retries.
//
// Of each key's callers most send one body and some another.  Whoever comes first decides which one the key stands for:
// every 201 of a key has the same bytes, callers with the other body get 422, and who came too early 409.
import { Caught, request } from './world.mjs';

const KEYS = 50, CALLERS = 32, OTHERS = 3;

export const race = {
  name: 'race',
  title: 'one Idempotency-Key, many callers, kill -9',
  defects: { 'claim-in-memory': ['duplicated', 'differing', 'two_bodies'], 'fingerprint-ignored': ['two_bodies'] },
  seconds: 4,

  async run(w) {
    const bodies = [request({ client_reference: 'one' }), request({ client_reference: 'other' })];
    const counts = { races: 0, kills: 0, calls: 0, replayed: 0, in_flight: 0, other_body: 0, retried: 0, lost: 0, duplicated: 0 };
    w.setUp();

    // One caller: again and again until the key has its answer.
    const call = async (state, name, kind) => {
      for (let tries = 0; tries < 200 && !state.isOver; tries++) {
        let answer;
        try {
          counts.calls++;
          answer = await w.send(await state.server, 'POST', '/v1/decisions', { body: bodies[kind], headers: { 'idempotency-key': name } });
        } catch {
          counts.retried++;
          await state.isBack;
          continue;
        }
        if (answer.status === 201) {
          if (answer.headers['idempotent-replayed'] === 'true') counts.replayed++;
          const before = w.answered.get(name);
          w.expect(before === undefined || before === answer.text, 'differing', `${name}: ${before} and ${answer.text}`);
          w.expect(JSON.parse(answer.text).client_reference === ['one', 'other'][kind], 'two_bodies', `${name}: ${answer.text}`);
          w.answered.set(name, answer.text);
          return;
        }
        if (answer.status === 422) {
          counts.other_body++;
          return;
        }
        if (answer.status === 409) counts.in_flight++;
        else w.refusal(answer);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      if (!state.isOver) w.violate('stuck', name);
    };

    while (w.goesOn(counts.races, 1)) {
      const state = { server: await w.serve(), isBack: null };
      let isBack;
      state.isBack = new Promise((resolve) => { isBack = resolve; });
      const errors = [];
      const callers = [];
      for (let c = 0; c < CALLERS; c++) {
        for (let k = 0; k < KEYS; k++) {
          const kind = c % Math.ceil(CALLERS / OTHERS) === Math.ceil(CALLERS / OTHERS) - 1 ? 1 : 0;
          callers.push(call(state, `race-${counts.races}-${k}`, kind).catch((error) => { errors.push(error); state.isOver = true; }));
        }
      }
      // In the midst: when some keys have an answer and others not.
      const first = w.answered.size + 1 + Math.floor(w.random() * (KEYS - 10));
      const deadline = performance.now() + 2000;
      while (w.answered.size < first && performance.now() < deadline && errors.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await state.server.kill();
      counts.kills++;
      state.server = w.serve();
      await state.server;
      isBack();
      await Promise.all(callers);
      const caught = errors.find((error) => error instanceof Caught) ?? errors[0];
      if (caught) throw caught;
      const server = await state.server;
      for (let k = 0; k < KEYS; k++) {
        const name = `race-${counts.races}-${k}`;
        const text = w.answered.get(name);
        if (text === undefined) {
          // Only callers with the other body have seen it: its first answer comes now.
          await call(state, name, 0);
          if (!w.answered.has(name)) await call(state, name, 1);
          continue;
        }
        const won = JSON.parse(text).client_reference === 'one' ? 0 : 1;
        await call(state, name, won);
        const other = await w.send(server, 'POST', '/v1/decisions', { body: bodies[1 - won], headers: { 'idempotency-key': name } });
        w.expect(other.status === 422 && other.text.includes('idempotency-key-reused'), 'two_bodies', `${name}: ${other.status} ${other.text}`);
      }
      counts.races++;
      const { stored } = await w.balance(server, { samples: 20 });
      counts.duplicated = stored - w.answered.size;
      w.expect(counts.duplicated <= 0, 'duplicated', `${stored} decisions for ${w.answered.size} keys`);
      await server.stop();
      w.verify();
    }
    return { keys: w.answered.size, ...counts };
  },
};
