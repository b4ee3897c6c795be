// prometheus.mjs - a strict reader of the Prometheus text format 0.0.4: it throws at whatever a scraper or its linter would mind.
import assert from 'node:assert/strict';

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const SAMPLE = /^([a-zA-Z_][a-zA-Z0-9_]*)(?:\{(.*)\})? (\d+(?:\.\d+)?)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;

function labelsOf(text, line) {
  const labels = {};
  LABEL.lastIndex = 0;
  for (let at = 0; at < text.length; at = LABEL.lastIndex) {
    const match = LABEL.exec(text);
    assert.ok(match && match.index === at, `labels: ${line}`);
    assert.ok(!(match[1] in labels), `a label twice: ${line}`);
    labels[match[1]] = match[2].replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c));
  }
  return labels;
}

// The families of a page by name: {type, help, samples: [{name, labels, value}]}.
export function read(text) {
  const families = new Map();
  const seen = new Set();
  let family;
  assert.ok(text.endsWith('\n'), 'the last line ends');
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment?.[1] === 'HELP') {
      assert.match(comment[2], NAME);
      assert.ok(!families.has(comment[2]), `a family twice: ${line}`);
      assert.ok(comment[3].length > 0, `no help: ${line}`);
      family = { name: comment[2], help: comment[3], samples: [] };
      families.set(comment[2], family);
    } else if (comment) {
      assert.equal(comment[2], family.name, 'TYPE follows its HELP');
      assert.equal(family.type, undefined);
      family.type = comment[3];
      assert.ok(['counter', 'gauge', 'histogram'].includes(family.type));
      assert.equal(family.type === 'counter', family.name.endsWith('_total'), family.name);
    } else {
      const sample = SAMPLE.exec(line);
      assert.ok(sample, `no sample: ${line}`);
      const suffix = sample[1].slice(family.name.length);
      assert.ok(sample[1].startsWith(family.name) && (family.type === 'histogram'
        ? ['_bucket', '_sum', '_count'] : ['']).includes(suffix), `not of ${family.name}: ${line}`);
      const series = line.slice(0, line.lastIndexOf(' '));
      assert.ok(!seen.has(series), `a series twice: ${line}`);
      seen.add(series);
      family.samples.push({ name: sample[1], labels: labelsOf(sample[2] ?? '', line), value: Number(sample[3]) });
    }
  }
  for (const each of families.values()) if (each.type === 'histogram') checkHistogram(each);
  return families;
}

function checkHistogram(family) {
  const groups = new Map();
  for (const sample of family.samples) {
    const { le, ...rest } = sample.labels;
    const key = JSON.stringify(rest);
    const group = groups.get(key) ?? { buckets: [] };
    groups.set(key, group);
    if (sample.name.endsWith('_bucket')) group.buckets.push([le === '+Inf' ? Infinity : Number(le), sample.value]);
    else group[sample.name.slice(family.name.length)] = sample.value;
  }
  for (const group of groups.values()) {
    for (let i = 1; i < group.buckets.length; i++) {
      assert.ok(group.buckets[i][0] > group.buckets[i - 1][0], `bounds of ${family.name} rise`);
      assert.ok(group.buckets[i][1] >= group.buckets[i - 1][1], `${family.name} is cumulative`);
    }
    assert.deepEqual(group.buckets.at(-1), [Infinity, group._count], `+Inf of ${family.name} is its count`);
    assert.ok(group._sum >= 0);
  }
}

// The sum of all samples of `name` that have these labels.
export function sum(families, name, labels = {}) {
  const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''));
  assert.ok(family, `there is no ${name}`);
  return family.samples.filter((s) => s.name === name && Object.entries(labels).every(([k, v]) => s.labels[k] === v))
    .reduce((total, s) => total + s.value, 0);
}
