// release.test.mjs - what a build for production must not have: the routes that tests use.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { folder, root, send } from '../api/harness.mjs';
import { openDoor } from './door.mjs';

const dir = path.join(root, 'build-release');
const aval = path.join(dir, 'aval');
let f, child, url;
before(async () => {
  if (!existsSync(path.join(dir, 'build.ninja'))) execFileSync('meson', ['setup', dir, '-Dtests=disabled', '-Doptimization=0'], { cwd: root, stdio: 'pipe' });
  execFileSync('ninja', ['-C', dir, '--quiet', 'aval'], { stdio: 'pipe' });
  f = folder();
  const db = path.join(f.dir, 'aval.db');
  execFileSync(aval, ['tenant', 'create', 'acme', '--db', db]);
  child = spawn(aval, ['serve', '--db', db, '--listen', '127.0.0.1:0', '--no-tls'], { stdio: ['ignore', 'pipe', 'ignore'] });
  url = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(JSON.parse(text).url)));
});
after(async () => {
  child.kill('SIGTERM');
  await new Promise((resolve) => child.on('exit', resolve));
  f.remove();
});

test('a release has no /test/echo', async () => {
  for (const method of ['GET', 'POST']) assert.equal((await send(`${url}/test/echo`, { method })).status, 404);
  assert.equal((await send(`${url}/livez`)).status, 200);
  assert.ok(!readFileSync(aval).includes('/test/echo'));
});
test('a build with tests has it', async () => {
  const door = await openDoor();
  assert.equal((await send(`${door.url}/test/echo`)).status, 200);
  await door.stop();
});
