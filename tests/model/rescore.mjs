#!/usr/bin/env node
// rescore.mjs - a scorer of model bundles, written from docs/MODEL.md alone: BUNDLE says whether its vectors come out.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BLOCKS = ['financial', 'firmographic', 'bank', 'payment', 'legal'];
const known = (x) => x !== undefined && x !== null && !Number.isNaN(x);
const logit = (p) => Math.log(p / (1 - p));
const logistic = (x) => 1 / (1 + Math.exp(-x));
const sum = (list) => list.reduce((a, b) => a + b, 0);
const halfEven = (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

// The catalogue: of each feature its range, and the lowest edge its ratio may have.
export function readFeatures(text) {
    const features = new Map();
    for (const row of text.matchAll(/^FEATURE\(\w+,\s*"(\w+)",(.*)\)$/gm)) {
        const [, , , low, high, , , edge] = row[2].split(',').map((cell) => cell.trim());
        features.set(row[1], { low: +low, high: +high, edge: edge === 'NO_EDGE_MIN' ? -Infinity : +edge });
    }
    return features;
}

export class Model {
    constructor(bundle, features) {
        this.bundle = bundle;
        this.features = features;
    }

    // A feature is cut to its range; a column of a table that is none is taken as it is.
    clip(name, x) {
        const f = this.features.get(name);
        return f && known(x) ? Math.min(f.high, Math.max(f.low, x)) : x;
    }

    rank(name, x, country) {
        const list = this.bundle.reference ?? [];
        const reference = list.find((r) => r.countries.includes(country)) ?? list.find((r) => r.countries.includes('*'));
        const q = reference?.quantiles[name];
        if (!q) return x;
        if (x < q[0]) return 0;
        if (x >= q[100]) return 1;
        const i = q.findLastIndex((value) => value <= x);
        return (i + (x - q[i]) / (q[i + 1] - q[i])) / 100;
    }

    card({ intercept, characteristics }, inputs, country) {
        return characteristics.reduce((total, c) => {
            const x = this.clip(c.input, inputs[c.input]);
            const bin = known(x) && c.edges.filter((edge) => edge <= this.rank(c.input, x, country)).length;
            return total + c.coefficient * (known(x) ? c.woe[bin] : c.missing_woe);
        }, intercept);
    }

    // What the trees see, and which way it goes at a split.
    seen(forest, inputs) {
        return forest.inputs.map((name) => {
            const x = this.clip(name, inputs[name]);
            return known(x) ? Math.max(x, this.features.get(name)?.edge ?? -Infinity) : x;
        });
    }

    static goesLeft(tree, node, seen) {
        const x = seen[tree.input[node]];
        return known(x) ? Math.fround(x) < Math.fround(tree.at[node]) : tree.missing_left[node] === 1;
    }

    // Children of the k-th split are the nodes 2k + 1 and 2k + 2.
    static firstChildren(tree) {
        let splits = 0;
        return tree.input.map((input) => (input < 0 ? null : 2 * splits++ + 1));
    }

    forest(forest, inputs) {
        const seen = this.seen(forest, inputs);
        return forest.base + sum(forest.trees.map((tree) => {
            const first = Model.firstChildren(tree);
            let node = 0;
            while (first[node] !== null) node = first[node] + (Model.goesLeft(tree, node, seen) ? 0 : 1);
            return tree.at[node];
        }));
    }

    // Exact Shapley values, leaf by leaf: the leaf counts if every input on its path that is told goes its way; one that is
    // not told goes there by the share of the training data that did.
    contributions(forest, inputs) {
        const seen = this.seen(forest, inputs);
        const added = forest.inputs.map(() => 0);
        for (const tree of forest.trees) {
            const first = Model.firstChildren(tree);
            const walk = (node, path) => {
                if (first[node] === null) return Model.leafShare(added, tree.at[node], path);
                const goesLeft = Model.goesLeft(tree, node, seen);
                for (const side of [0, 1]) {
                    const child = first[node] + side;
                    const before = path.get(tree.input[node]) ?? { goes: 1, share: 1 };
                    walk(child, new Map(path).set(tree.input[node], {
                        goes: before.goes * (goesLeft === (side === 0) ? 1 : 0),
                        share: before.share * tree.cover[child] / (tree.cover[first[node]] + tree.cover[first[node] + 1]),
                    }));
                }
            };
            walk(0, new Map());
        }
        return added;
    }

    // Over all sets of the other inputs on the path, by the weight of Shapley.
    static leafShare(added, value, path) {
        const inputs = [...path.keys()], d = inputs.length;
        const factorial = (n) => (n < 2 ? 1 : n * factorial(n - 1));
        for (const input of inputs) {
            const others = inputs.filter((other) => other !== input);
            let mean = 0;
            for (let set = 0; set < 2 ** others.length; set++) {
                let product = 1, size = 0;
                others.forEach((other, i) => {
                    const isTold = (set >> i) & 1;
                    size += isTold;
                    product *= isTold ? path.get(other).goes : path.get(other).share;
                });
                mean += product * factorial(size) * factorial(d - size - 1) / factorial(d);
            }
            added[input] += value * mean * (path.get(input).goes - path.get(input).share);
        }
    }

    isUsed(name, inputs) {
        const { scorecard, forest } = this.bundle.blocks[name];
        const read = [...(scorecard?.characteristics.map((c) => c.input) ?? []), ...(forest?.inputs ?? [])];
        return name === 'financial' || read.some((input) => known(inputs[input]));
    }

    block(name, inputs, country) {
        const { scorecard, forest, forest_weight: w, low, high } = this.bundle.blocks[name];
        const said = {};
        if (scorecard) said.card = this.card(scorecard, inputs, country);
        if (forest) {
            said.forest = this.forest(forest, inputs);
            said.contributions = this.contributions(forest, inputs);
        }
        said.log_odds = scorecard && forest ? w * said.forest + (1 - w) * said.card : said.card ?? said.forest;
        if (low !== undefined) said.log_odds = Math.min(high, Math.max(low, said.log_odds));
        return said;
    }

    rate(country, section) {
        const pairs = [[country, section], [country, '*'], ['*', section], ['*', '*']];
        const rows = pairs.map(([c, s]) => this.bundle.central_tendency.find((r) => r.country === c && r.section === s));
        return rows.find((row) => row).rate;
    }

    // Without links: blocks, stack, calibration, central tendency, floor, score.
    score({ inputs, country, section }) {
        const { stack, calibration: c } = this.bundle;
        const blocks = {};
        let logOdds = stack.intercept;
        for (const name of BLOCKS.filter((b) => this.bundle.blocks[b] && this.isUsed(b, inputs))) {
            blocks[name] = this.block(name, inputs, country);
            logOdds += stack.blocks[name].weight * (blocks[name].log_odds - stack.blocks[name].mean);
        }
        const shifted = c.slope * logOdds + c.intercept + logit(this.rate(country, section)) - logit(c.train_rate);
        const ppm = Math.min(999999, Math.max(300, halfEven(1e6 * logistic(shifted))));
        const points = halfEven(600 + 60 / Math.LN2 * (Math.log((1e6 - ppm) / ppm) - Math.log(50)));
        return { blocks, log_odds: logOdds, pd: logistic(shifted), pd_ppm: ppm, score: Math.min(1000, Math.max(0, points)) };
    }

    // What does not come out: [] for a bundle that is what it says.
    differences() {
        return this.bundle.vectors.flatMap((vector, i) => {
            const got = this.score(vector), found = [];
            const compare = (where, a, b, gap = 1e-9) => {
                if (!(Math.abs(a - b) <= gap)) found.push(`/vectors/${i}/${where}: ${b}, not ${a}`);
            };
            compare('log_odds', got.log_odds, vector.log_odds);
            compare('pd_ppm', got.pd_ppm, vector.pd_ppm, 0);
            compare('score', got.score, vector.score, 0);
            if (Object.keys(got.blocks).sort().join() !== Object.keys(vector.blocks).sort().join()) found.push(`/vectors/${i}/blocks: others are used`);
            for (const [name, block] of Object.entries(vector.blocks)) {
                for (const member of ['card', 'forest', 'log_odds']) {
                    const has = got.blocks[name]?.[member];
                    if ((has === undefined) !== (block[member] === undefined)) found.push(`/vectors/${i}/blocks/${name}/${member}: one side alone has it`);
                    if (has !== undefined) compare(`blocks/${name}/${member}`, has, block[member]);
                }
                if ((block.contributions?.length ?? 0) !== (got.blocks[name]?.contributions?.length ?? 0)) found.push(`/vectors/${i}/blocks/${name}/contributions: of other inputs`);
                got.blocks[name]?.contributions?.forEach((x, k) => compare(`blocks/${name}/contributions/${k}`, x, block.contributions?.[k]));
            }
            return found;
        });
    }
}

export function loadModel(path) {
    const catalogue = new URL('../../src/feature/features.def', import.meta.url);
    return new Model(JSON.parse(readFileSync(path, 'utf8')), readFeatures(readFileSync(catalogue, 'utf8')));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const found = loadModel(process.argv[2]).differences();
    console.log(found.length ? found.join('\n') : 'every vector comes out');
    process.exitCode = found.length ? 1 : 0;
}
