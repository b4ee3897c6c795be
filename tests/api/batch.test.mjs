// batch.test.mjs - a file of companies: the server's answers in the order of the rows, whatever is wrong with some, and
// whenever the program is killed.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { aval, folder, run, sound } from './harness.mjs';

const attempt = (args, input) => spawnSync(aval, args, { encoding: 'utf8', timeout: 60000, input, maxBuffer: 1 << 28 });
const lines = (text) => text.split('\n').slice(0, -1).map((line) => JSON.parse(line));
const AS_OF = ['--as-of', '2026-11-22'];

let f, economy, at;
before(() => {
  f = folder();
  at = (name) => path.join(f.dir, name);
  economy = at('economy.ndjson');
  run('economy', '--seed', '1', '--companies', '1500', '--missing', '0.2', '--dirty', '--out', economy, '--truth', at('truth.csv'));
});
after(() => f.remove());

describe('a row', () => {
  test('gets the body and words that score gives it', () => {
    const request = at('one.json');
    writeFileSync(request, JSON.stringify(sound()));
    const alone = JSON.parse(run('score', request, ...AS_OF, '--json'));
    const [row] = lines(attempt(['batch', ...AS_OF], JSON.stringify(sound())).stdout);
    assert.deepEqual(row, { row: 1, line: 1, ...(sound().client_reference && { client_reference: sound().client_reference }), ...alone });
  });
  test('that is bad says so in its line, and fails no other', () => {
    const good = JSON.stringify(sound());
    const result = attempt(['batch', ...AS_OF], `${good}\n{\n\n${good.replace('"company"', '"compnay"')}\n${good}`);
    assert.equal(result.status, 65);
    const rows = lines(result.stdout);
    assert.deepEqual(rows.map((row) => [row.row, row.line, 'error' in row]), [[1, 1, false], [2, 2, true], [3, 4, true], [4, 5, false]]);
    assert.ok(rows[2].error.errors.some((e) => e.pointer === '/compnay'));
    assert.match(result.stderr, /4 rows: 2 decided, 2 refused/);
  });
  test('of the longest is taken, and one byte more refused', () => {
    const pad = (size) => JSON.stringify(sound()).padEnd(size, ' ');
    const result = attempt(['batch', ...AS_OF, '--no-reasons'], `${pad(262144)}\n${pad(262145)}\n${pad(10)}\n`);
    assert.deepEqual(lines(result.stdout).map((row) => row.error?.detail ?? 'decided'),
      ['decided', 'The row is longer than 262144 bytes.', 'decided']);
  });
  test('comes from the economy as it stands', () => {
    const made = run('economy', '--seed', '1', '--companies', '3');
    const result = attempt(['batch'], made);
    assert.equal(result.status, 0, result.stderr);
    assert.deepEqual(lines(result.stdout).map((row) => [row.row, row.client_reference]), [[1, 'row-1'], [2, 'row-2'], [3, 'row-3']]);
  });
  test('is no row where there is nothing', () => {
    const result = attempt(['batch'], '');
    assert.equal(result.status, 0);
    assert.equal(result.stdout, '');
  });
});

describe('a file', () => {
  test('has the same answers with one thread as with eight, in order', () => {
    const one = attempt(['batch', economy, '--jobs', '1']);
    const eight = attempt(['batch', economy, '--jobs', '8']);
    assert.ok(one.stdout === eight.stdout);
    assert.deepEqual(lines(one.stdout).map((row) => row.row), Array.from({ length: 1500 }, (_, i) => i + 1));
  });
  test('has refused what the economy spoiled beyond reading, and nothing else', () => {
    const head = readFileSync(at('truth.csv'), 'utf8').trimEnd().split('\n').map((line) => line.split(','));
    const column = head[0].indexOf('refused');
    const refused = head.slice(1).filter((cells) => cells[column] === '1').map((cells) => Number(cells[0]));
    assert.ok(refused.length > 20);
    assert.deepEqual(lines(attempt(['batch', economy]).stdout).filter((row) => row.error).map((row) => row.row), refused);
  });
  test('without reasons has parts of the bodies', () => {
    const whole = lines(attempt(['batch', economy]).stdout);
    const short = lines(attempt(['batch', economy, '--no-reasons']).stdout);
    for (let i = 0; i < whole.length; i++) {
      if (whole[i].error) { assert.deepEqual(short[i], whole[i]); continue; }
      assert.equal(short[i].words, undefined);
      assert.equal(short[i].body.recommendation, whole[i].body.recommendation);
      assert.equal(short[i].body.score?.value, whole[i].body.score?.value);
      assert.equal(short[i].body.pd?.value, whole[i].body.pd?.value);
      assert.equal(short[i].body.limit?.recommended, whole[i].body.limit?.recommended);
    }
  });
});

describe('resuming', () => {
  const killed = (out, input, after_bytes) => new Promise((resolve) => {
    const child = spawn(aval, ['batch', input, '--out', out, '--jobs', '2', ...AS_OF], { stdio: 'ignore' });
    const watch = setInterval(() => {
      if (existsSync(out) && statSync(out).size > after_bytes) child.kill('SIGKILL');
    }, 1);
    child.on('exit', (code, signal) => { clearInterval(watch); resolve(signal); });
  });
  test('after kill -9 gives the bytes of a run that was left alone', async () => {
    const whole = at('whole');
    attempt(['batch', economy, '--out', whole, ...AS_OF]);
    const want = readFileSync(whole, 'utf8');
    const out = at('killed');
    let kills = 0;
    for (const share of [0.1, 0.4, 0.7]) {
      if (kills === 0) { kills += await killed(out, economy, want.length * share) === 'SIGKILL' ? 1 : 0; continue; }
      const child = spawn(aval, ['batch', economy, '--out', out, '--resume', ...AS_OF], { stdio: 'ignore' });
      const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal)));
      const watch = setInterval(() => { if (statSync(out).size > want.length * share) child.kill('SIGKILL'); }, 1);
      kills += await ended === 'SIGKILL' ? 1 : 0;
      clearInterval(watch);
    }
    assert.ok(kills > 0, 'nothing was killed');
    const result = attempt(['batch', economy, '--out', out, '--resume', ...AS_OF]);
    assert.equal(result.status, 65);
    assert.ok(readFileSync(out, 'utf8') === want);
  });
  test('cuts off half a line, and adds nothing to what is whole', () => {
    const out = at('cut');
    attempt(['batch', economy, '--out', out, '--no-reasons', ...AS_OF]);
    const want = readFileSync(out, 'utf8');
    for (const length of [want.length, want.length - 1, 1000, 3, 0]) {
      writeFileSync(out, want.slice(0, length));
      const result = attempt(['batch', economy, '--out', out, '--no-reasons', '--resume', ...AS_OF]);
      assert.equal(result.status, 65, result.stderr);
      assert.ok(readFileSync(out, 'utf8') === want, `cut at ${length}`);
    }
  });
  test('keeps the day on which it began', () => {
    const input = at('undated.ndjson'), out = at('undated');
    writeFileSync(input, `${JSON.stringify({ company: { name: 'A', country: 'FR' } })}\n`.repeat(2));
    attempt(['batch', input, '--out', out, ...AS_OF]);
    const want = readFileSync(out, 'utf8');
    writeFileSync(out, want.slice(0, want.indexOf('\n') + 1));
    assert.equal(attempt(['batch', input, '--out', out, '--resume']).status, 0);
    assert.equal(readFileSync(out, 'utf8'), want);
  });
  for (const [what, change, args] of [
    ['another input', (input) => appendFileSync(input, '{}\n'), []],
    ['another day', () => {}, ['--as-of', '2026-11-23']],
    ['other members', () => {}, ['--no-reasons']],
  ]) {
    test(`refuses ${what}`, () => {
      const input = at(`${what}.ndjson`), out = at(`${what}.out`);
      writeFileSync(input, `${JSON.stringify(sound())}\n`.repeat(3));
      attempt(['batch', input, '--out', out, ...AS_OF]);
      const kept = readFileSync(out, 'utf8');
      change(input);
      const result = attempt(['batch', input, '--out', out, '--resume', ...(args[0] === '--as-of' ? [] : AS_OF), ...args]);
      assert.equal(result.status, 78);
      assert.match(result.stderr, /another one/);
      assert.equal(readFileSync(out, 'utf8'), kept);
    });
  }
  test('is asked for: a file that is there is left alone', () => {
    const out = at('there');
    writeFileSync(out, 'mine');
    const result = attempt(['batch', economy, '--out', out]);
    assert.equal(result.status, 78);
    assert.match(result.stderr, /--resume/);
    assert.equal(readFileSync(out, 'utf8'), 'mine');
  });
});

describe('a table', () => {
  const HEAD = 'company.identifiers.0.scheme,company.identifiers.0.value,company.name,company.country,'
    + 'financial_statements.0.period_end,financial_statements.0.months,financial_statements.0.currency,'
    + 'financial_statements.0.items.total_assets,financial_statements.0.items.equity';
  const request = {
    company: { identifiers: [{ scheme: 'siren', value: '812345676' }], name: 'Lemoine, SAS', country: 'FR' },
    financial_statements: [{ period_end: '2025-12-31', months: 12, currency: 'EUR', items: { total_assets: '1242000.00', equity: '436000.00' } }],
  };
  const body = () => lines(attempt(['batch', ...AS_OF], JSON.stringify(request)).stdout)[0].body;
  test('is decided on as the requests that its rows are', () => {
    const table = `${HEAD}\r\nsiren,812345676,"Lemoine, SAS",FR,2025-12-31,12,EUR,1242000.00,436000.00\r\n`;
    const [row] = lines(attempt(['batch', '--format', 'csv', ...AS_OF], table).stdout);
    assert.deepEqual([row.row, row.line], [1, 2]);
    assert.deepEqual(row.body, body());
  });
  test('of another program is mapped, with its numbers and days', () => {
    const mapping = at('mapping.json'), table = at('europe.csv');
    writeFileSync(mapping, JSON.stringify({
      columns: { SIREN: 'company.identifiers.0.value', 'Raison sociale': 'company.name', Clôture: 'financial_statements.0.period_end',
        'Total actif': 'financial_statements.0.items.total_assets', 'Capitaux propres': 'financial_statements.0.items.equity' },
      constants: { 'company.identifiers.0.scheme': 'siren', 'company.country': 'FR', 'financial_statements.0.months': 12,
        'financial_statements.0.currency': 'EUR' },
    }));
    writeFileSync(table, '\ufeffSIREN;Raison sociale;Clôture;Total actif;Capitaux propres;Note\n812345676;Lemoine, SAS;31/12/2025;1.242.000,00;436 000,00;x\n');
    const result = attempt(['batch', table, '--mapping', mapping, '--european', ...AS_OF]);
    assert.equal(result.status, 0, result.stdout);
    assert.deepEqual(lines(result.stdout)[0].body, body());
  });
  test('says the row and line of each bad row', () => {
    const table = 'company.country,company.name,company.employees\nFR,A,3\nFR,B,many\nFR,C\nFR,"D,4\nFR,E,5\n';
    const rows = lines(attempt(['batch', '--format', 'csv', ...AS_OF], table).stdout);
    assert.deepEqual(rows.map((row) => [row.line, row.error?.errors?.[0].pointer ?? row.error?.detail ?? 'decided']), [
      [2, 'decided'], [3, '/company/employees'], [4, 'The row has 2 cells, the head has 3.'],
      [5, 'A quoted field of this row is not closed.'], [6, 'decided'],
    ]);
  });
  for (const [what, table] of [['without a head', ''], ['with a column twice', 'company.name,company.name\n'], ['with a column of no path', 'a..b\n']]) {
    test(`${what} is refused`, () => {
      const result = attempt(['batch', '--format', 'csv'], table);
      assert.equal(result.status, 65);
      assert.equal(result.stdout, '');
    });
  }
});

describe('what is told', () => {
  for (const [args, message] of [
    [['--jobs', '0'], /from 1 to 64/], [['--jobs', '65'], /from 1 to 64/], [['--jobs', 'x'], /from 1 to 64/],
    [['--format', 'xml'], /ndjson or csv/], [['--as-of', '22.11.2026'], /2026-11-22/], [['--resume'], /a file to read/],
    [['--european'], /--format csv/], [['--mapping', 'm.json'], /--format csv/], [['a', 'b'], /usage/], [['--unknown'], /usage/],
  ]) {
    test(`is refused: ${args.join(' ')}`, () => {
      const result = attempt(['batch', ...args], '');
      assert.equal(result.status, 64);
      assert.match(result.stderr, message);
    });
  }
  test('a file that is not there', () => assert.equal(attempt(['batch', at('nowhere')]).status, 66));
  for (const [args, message] of [
    [['--companies', '3'], /usage/], [['--seed', '1'], /usage/], [['--seed', '-1', '--companies', '3'], /from 0 on/],
    [['--seed', '1', '--companies', '0'], /from 1 to 1000000/], [['--seed', '1', '--companies', '1000001'], /from 1 to 1000000/],
    [['--seed', '1', '--companies', '3', '--years', '21'], /from 1 to 20/], [['--seed', '1', '--companies', '3', '--years', '0'], /from 1 to 20/],
    [['--seed', '1', '--companies', '1000000', '--years', '6'], /at most 5000000/],
    [['--seed', '1', '--companies', '3', '--missing', '1.1'], /from 0 to 1/], [['--seed', '1', '--companies', '3', '--group-weight', '0.86'], /0.85/],
    [['--seed', '1', '--companies', '3', '--contagion', '5.1'], /from 0 to 5/], [['--seed', '1', '--companies', '3', '--blocks', 'bank,graphs'], /--blocks/],
    [['--seed', '1', '--companies', '3', '--as-of', '2014-12-31'], /2015-01-01/], [['--seed', '1', '--companies', '3', 'x'], /usage/],
  ]) {
    test(`is refused by economy: ${args.join(' ')}`, () => {
      const result = attempt(['economy', ...args]);
      assert.equal(result.status, 64);
      assert.match(result.stderr, message);
      assert.equal(result.stdout, '');
    });
  }
});
