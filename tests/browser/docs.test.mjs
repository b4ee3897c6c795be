// docs.test.mjs - the reference at /docs in a real browser, from the first look to a decision.
//
// It is served by `aval demo`, over TLS, with the key that the demo prints: what somebody sees who has just cloned the
// project.  Everything the page does must stay on this server, and nothing may break its Content-Security-Policy.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { aval, folder } from '../api/harness.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const shots = process.env.AVAL_SCREENSHOTS;

// Faults of Swagger UI's own markup, by axe's name of the rule: buttons inside buttons, a list of servers without a label.
const SWAGGER_UIS_OWN = ['nested-interactive', 'select-name'];

let f, demo, url, key, browser;
before(async () => {
  f = folder();
  demo = spawn(aval, ['demo', '--dir', path.join(f.dir, 'demo'), '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  await new Promise((resolve, reject) => {
    demo.stdout.setEncoding('utf8').on('data', (text) => {
      said += text;
      if (said.includes('Serving until')) resolve();
    });
    demo.on('exit', (code) => reject(new Error(`the demo ended with ${code}: ${said}`)));
  });
  [, url] = said.match(/^ {2}docs {2}(\S+)\/docs /m);
  [, key] = said.match(/^ {2}key {3}(\S+)/m);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
});
after(async () => {
  await browser?.close();
  demo?.kill('SIGTERM');
  f?.remove();
});

// A page that notes whatever it should not do.
async function open(target) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  const noted = { errors: [], elsewhere: [], answers: [] };
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) noted.errors.push(message.text()); });
  page.on('pageerror', (error) => noted.errors.push(String(error)));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== url) noted.elsewhere.push(request.url());
  });
  page.on('response', (answer) => noted.answers.push(answer));
  await page.addInitScript(() => {
    window.cspViolations = [];
    document.addEventListener('securitypolicyviolation', (e) => window.cspViolations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
  });
  await page.goto(url + target);
  return {
    page, noted, close: () => context.close(),
    checkQuiet: async () => {
      assert.deepEqual(await page.evaluate(() => window.cspViolations), []);
      assert.deepEqual(noted.errors, []);
      assert.deepEqual(noted.elsewhere, []);
    },
    // Serious faults of accessibility: none in our own markup, and in Swagger UI's none but the known ones.
    checkAccess: async () => {
      await page.evaluate(axe);
      const faults = async (where) => {
        const { violations } = await page.evaluate((context) => window.axe.run(context, { resultTypes: ['violations'] }), where);
        return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
          .flatMap(({ id, nodes }) => nodes.map(({ html, target: at }) => ({ id, text: `${id} ${at}: ${html.slice(0, 160)}` })));
      };
      const drawn = await page.locator('.swagger-ui').count() > 0;
      const ours = await faults(drawn ? { include: ['body'], exclude: ['.swagger-ui'] } : { include: ['body'] });
      assert.deepEqual(ours.map(({ text }) => text), []);
      const theirs = drawn ? await faults({ include: ['.swagger-ui'] }) : [];
      assert.deepEqual(theirs.filter(({ id }) => !SWAGGER_UIS_OWN.includes(id)).map(({ text }) => text), []);
    },
    shoot: async (name) => { if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: false }); },
  };
}

async function authorize(page) {
  await page.getByRole('button', { name: 'Authorize', exact: true }).first().click();
  const box = page.locator('.auth-container').filter({ hasText: 'bearer' }).first();
  await box.getByRole('textbox').fill(key);
  await box.getByRole('button', { name: /Apply credentials|Authorize/ }).click();
  await page.getByRole('button', { name: 'Close', exact: true }).first().click();
}

describe('/docs', () => {
  for (const target of ['/docs', '/docs/']) {
    test(`draws the reference at ${target}, from this server alone`, async () => {
      const { page, noted, checkQuiet, checkAccess, shoot, close } = await open(target);
      await page.locator('#operations-decisions-createDecision').waitFor();
      assert.match(await page.title(), /aval/);
      assert.equal(await page.locator('.opblock').count() >= 10, true);
      assert.ok(noted.answers.every((answer) => answer.status() < 400), noted.answers.map((a) => `${a.status()} ${a.url()}`).join('\n'));
      await checkQuiet();
      await checkAccess();
      await shoot(`docs${target.endsWith('/') ? '-folder' : ''}`);
      await close();
    });
  }

  test('fits a telephone, with an operation open', async () => {
    const { page, close } = await open('/docs');
    await page.setViewportSize({ width: 360, height: 740 });
    await page.locator('.opblock-post .opblock-summary-control').first().click();
    await page.locator('.responses-table').first().waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    await close();
  });

  test('decides with the demo key, shows a refusal with its faults, and logs out', async () => {
    const { page, checkQuiet, shoot, close } = await open('/docs');
    await page.locator('#operations-decisions-createDecision').waitFor();
    await authorize(page);
    const block = page.locator('#operations-decisions-createDecision');
    await block.locator('.opblock-summary-control').click();
    await block.getByRole('button', { name: 'Try it out' }).click();
    const execute = async () => {
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.request().method() === 'POST'),
        block.getByRole('button', { name: 'Execute' }).click(),
      ]);
      return answer;
    };
    const shown = block.locator('.live-responses-table .response').first();
    assert.equal((await execute()).status(), 201);
    await shown.filter({ hasText: '201' }).waitFor();
    assert.match(await shown.innerText(), /"recommendation"/);
    assert.match(await shown.innerText(), /"dec_/);
    await shoot('decision');

    await block.locator('textarea.body-param__text').fill('{"company":{"country":"FRA"}}');
    assert.equal((await execute()).status(), 422);
    await shown.filter({ hasText: '422' }).waitFor();
    assert.match(await shown.innerText(), /validation-failed/);
    assert.match(await shown.innerText(), /company\/country/);
    await shoot('refusal');

    await page.getByRole('button', { name: 'Authorize', exact: true }).first().click();
    await page.getByRole('button', { name: /Logout|Remove authorization/ }).first().click();
    await page.getByRole('button', { name: 'Close', exact: true }).first().click();
    assert.equal((await execute()).status(), 401);
    await shown.filter({ hasText: '401' }).waitFor();
    // The browser itself notes the two answers of 4xx on the console; nothing else may be there.
    await checkQuietBut(checkQuiet);
    await close();
  });
});

describe('by keyboard alone', () => {
  test('the reference is reached, a key entered and a route called', async () => {
    const { page, close } = await open('/docs');
    await page.locator('#operations-operations-getLiveness').waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    await page.keyboard.press('Enter');
    const tabTo = async (what) => {
      for (let i = 0; i < 120; i++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((selector) => document.activeElement.matches(selector), what)) return;
      }
      assert.fail(`Tab does not reach ${what}`);
    };
    await tabTo('.btn.authorize');
    await page.keyboard.press('Enter');
    await tabTo('.auth-container input');
    await page.keyboard.type(key);
    await page.keyboard.press('Enter');
    await tabTo('.btn-done');
    await page.keyboard.press('Enter');
    await tabTo('#operations-operations-getLiveness .opblock-summary-control');
    await page.keyboard.press('Enter');
    await tabTo('#operations-operations-getLiveness .try-out__btn');
    await page.keyboard.press('Enter');
    await tabTo('#operations-operations-getLiveness .execute');
    const [answer] = await Promise.all([page.waitForResponse(url + '/livez'), page.keyboard.press('Enter')]);
    assert.equal(answer.status(), 200);
    await close();
  });
});

describe('/problems/', () => {
  for (const target of ['/problems/', '/problems/validation-failed', '/problems/temporary-reduced-capacity']) {
    test(`shows ${target}, quietly and to everybody`, async () => {
      const { page, checkQuiet, checkAccess, shoot, close } = await open(target);
      assert.notEqual(await page.locator('h1').innerText(), '');
      assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('main')).maxWidth), '1184px');
      await checkQuiet();
      await checkAccess();
      await shoot(`problems${target.replaceAll('/', '-')}`);
      await close();
    });
  }
});

async function checkQuietBut(checkQuiet) {
  try {
    await checkQuiet();
  } catch (error) {
    const rest = (error.actual ?? [String(error)]).filter((text) => !/the server responded with a status of 4(22|01)/.test(text));
    assert.deepEqual(rest, []);
  }
}
