// rescore.test.mjs - every model of the tree scored anew by a program that shares no line with ours: its vectors, then a table of companies that
// nobody chose, beside `aval validate`.  And bundles with a digit changed, which must not come out.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Model, loadModel } from './rescore.mjs';

const root = new URL('../..', import.meta.url).pathname;
const aval = join(process.env.AVAL_BUILD ?? join(root, 'build'), 'aval');
const bundles = ['models/default/model.json', 'tests/unit/score/tiny_model.json', 'tests/unit/score/tiny_forest.json', 'tests/unit/score/tiny_blocks.json'];

// The same companies on every run: within the features' ranges and beyond, one value in seven missing.
function companies(model, count) {
    let state = 20261201;
    const below = (n) => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return (state >>> 8) % n; };
    const value = (name) => {
        const { low, high } = model.features.get(name) ?? { low: -2, high: 2 };
        if (below(7) === 0) return null;
        const middle = Math.min(2, high), width = below(3) === 0 ? 1.2 * (high - low) : middle - Math.max(-1, low);
        return Math.round(1e5 * (Math.max(-1, low) - 0.1 * width + width * below(100000) / 83333)) / 1e5;
    };
    return Array.from({ length: count }, () => Object.fromEntries(model.bundle.inputs.map((name) => [name, value(name)])));
}

for (const path of bundles) {
    test(`the vectors of ${path} come out`, () => assert.deepEqual(loadModel(join(root, path)).differences(), []));

    test(`${path} scores companies that nobody chose as aval does`, () => {
        const model = loadModel(join(root, path)), rows = companies(model, 400), dir = mkdtempSync(join(tmpdir(), 'aval-rescore-'));
        try {
            // Without its mapping a bundle reads columns of its inputs' names, at the rate of no country in particular.
            const { mapping, ...bare } = model.bundle;
            writeFileSync(join(dir, 'bundle.json'), JSON.stringify(bare));
            const lines = rows.map((row, i) => [...Object.values(row).map((x) => x ?? ''), i % 2].join());
            writeFileSync(join(dir, 'rows.csv'), `${[...model.bundle.inputs, 'bad'].join()}\n${lines.join('\n')}\n`);
            execFileSync(aval, ['validate', join(dir, 'bundle.json'), '--data', join(dir, 'rows.csv'), '--label', 'bad', '--json',
                '--predictions', join(dir, 'out.csv')]);
            const said = readFileSync(join(dir, 'out.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',').map(Number));
            assert.equal(said.length, rows.length);
            const scores = new Set();
            rows.forEach((inputs, i) => {
                const got = model.score({ inputs, country: '*', section: '*' });
                assert.ok(Math.abs(got.pd - said[i][1]) < 1e-11, `row ${i + 1}: ${said[i][1]}, not ${got.pd}`);
                assert.equal(got.score, said[i][2], `row ${i + 1}`);
                scores.add(got.score);
            });
            assert.ok(scores.size > 4, 'companies differ');
        } finally {
            rmSync(dir, { recursive: true });
        }
    });
}

// Each number that scores, changed a little: some vector must tell.
test('a changed number does not come out', () => {
    const model = loadModel(join(root, 'tests/unit/score/tiny_blocks.json'));
    const changes = {
        'an intercept of the stack': (b) => { b.stack.intercept += 1e-6; },
        'a weight of the stack': (b) => { b.stack.blocks.financial.weight *= 1.001; },
        'a mean of the stack': (b) => { b.stack.blocks.financial.mean += 0.001; },
        'a slope': (b) => { b.calibration.slope *= 1.05; },
        'a rate': (b) => { for (const row of b.central_tendency) row.rate *= 1.05; },
    };
    for (const [name, block] of Object.entries(model.bundle.blocks)) {
        if (block.scorecard) changes[`a weight of evidence of ${name}`] = (b) => { b.blocks[name].scorecard.characteristics[0].woe = b.blocks[name].scorecard.characteristics[0].woe.map((w) => w * 1.01 + 0.01); };
        if (block.forest) {
            changes[`a leaf of ${name}`] = (b) => { const { trees } = b.blocks[name].forest; trees[0].at = trees[0].at.map((x, i) => (trees[0].input[i] < 0 ? x + 0.01 : x)); };
            changes[`a cover of ${name}`] = (b) => { b.blocks[name].forest.trees[0].cover[1] *= 1.5; };
            changes[`the blend of ${name}`] = (b) => { if (b.blocks[name].forest_weight) b.blocks[name].forest_weight *= 0.9; else b.blocks[name].forest.base += 0.01; };
        }
    }
    for (const [what, change] of Object.entries(changes)) {
        const bundle = structuredClone(model.bundle);
        change(bundle);
        assert.notEqual(new Model(bundle, model.features).differences().length, 0, what);
    }
});
