// onnx_trees.mjs - the same trees through ONNX Runtime, one company at a time.
//
// usage: node onnx_trees.mjs DIRECTORY DEPTH COMPANIES
//
// DIRECTORY has what model_bench left: the trees as XGBoost saves them, companies, answers.  The trees are written as
// a TreeEnsembleRegressor of ai.onnx.ml, by a protobuf writer of forty lines.  Void, and exit code 1, if an answer
// differs from XGBoost's by more than 1e-4 in log-odds.  There are no reasons to ask for: the operator has none.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as ort from 'onnxruntime-node';

const INPUTS = 40;

// ---- protobuf: a message is its fields, one after the other ----

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const integer = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field, content) => Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
const text = (field, value) => bytes(field, Buffer.from(value));
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));
function floats(field, values) {
  const packed = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => packed.writeFloatLE(value, 4 * i));
  return bytes(field, packed);
}
const integers = (field, values) => bytes(field, Buffer.concat(values.map(varint)));

// Field numbers and kinds of onnx.proto's AttributeProto.
const attribute = {
  s: (name, value) => message(5, text(1, name), text(4, value), integer(20, 3)),
  i: (name, value) => message(5, text(1, name), integer(3, value), integer(20, 2)),
  floats: (name, values) => message(5, text(1, name), floats(7, values), integer(20, 6)),
  ints: (name, values) => message(5, text(1, name), integers(8, values), integer(20, 7)),
  strings: (name, values) => message(5, text(1, name), ...values.map((value) => text(9, value)), integer(20, 8)),
};
const tensor = (field, name, columns) => message(field, text(1, name),
  message(2, message(1, integer(1, 1), message(2, message(1, integer(1, 1)), message(1, integer(1, columns))))));

// ---- the trees ----

function ensemble(learner) {
  const nodes = { treeids: [], nodeids: [], featureids: [], values: [], modes: [], truenodeids: [], falsenodeids: [], missing: [] };
  const target = { treeids: [], nodeids: [], ids: [], weights: [] };
  learner.gradient_booster.model.trees.forEach((tree, t) => tree.left_children.forEach((left, n) => {
    const is_leaf = left === -1;
    nodes.treeids.push(t);
    nodes.nodeids.push(n);
    nodes.featureids.push(is_leaf ? 0 : tree.split_indices[n]);
    nodes.values.push(is_leaf ? 0 : tree.split_conditions[n]);
    nodes.modes.push(is_leaf ? 'LEAF' : 'BRANCH_LT');
    nodes.truenodeids.push(is_leaf ? 0 : left);
    nodes.falsenodeids.push(is_leaf ? 0 : tree.right_children[n]);
    nodes.missing.push(is_leaf ? 0 : Number(tree.default_left[n]));
    if (is_leaf) {
      target.treeids.push(t);
      target.nodeids.push(n);
      target.ids.push(0);
      target.weights.push(tree.split_conditions[n]);
    }
  }));
  const base = Number(learner.learner_model_param.base_score);
  return message(1, text(1, 'x'), text(2, 'y'), text(4, 'TreeEnsembleRegressor'),
    attribute.ints('nodes_treeids', nodes.treeids), attribute.ints('nodes_nodeids', nodes.nodeids),
    attribute.ints('nodes_featureids', nodes.featureids), attribute.floats('nodes_values', nodes.values),
    attribute.strings('nodes_modes', nodes.modes), attribute.ints('nodes_truenodeids', nodes.truenodeids),
    attribute.ints('nodes_falsenodeids', nodes.falsenodeids),
    attribute.ints('nodes_missing_value_tracks_true', nodes.missing),
    attribute.ints('target_treeids', target.treeids), attribute.ints('target_nodeids', target.nodeids),
    attribute.ints('target_ids', target.ids), attribute.floats('target_weights', target.weights),
    attribute.i('n_targets', 1), attribute.floats('base_values', [Math.log(base / (1 - base))]),
    attribute.s('post_transform', 'NONE'), text(7, 'ai.onnx.ml'));
}

const model = (learner) => Buffer.concat([
  integer(1, 8),
  message(7, ensemble(learner), text(2, 'trees'), tensor(11, 'x', INPUTS), tensor(12, 'y', 1)),
  message(8, text(1, ''), integer(2, 15)), message(8, text(1, 'ai.onnx.ml'), integer(2, 1)),
]);

// ---- asking ----

const [directory, depth, companies] = process.argv.slice(2);
const file = (name) => readFileSync(path.join(directory, name));
const view = (Type, buffer) => new Type(buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length));
const rows = view(Float32Array, file('companies'));
const answers = view(Float64Array, file(`answers_${depth}`));
const session = await ort.InferenceSession.create(model(JSON.parse(file(`trees_${depth}`)).learner), {
  intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all',
});

const times = [];
let is_sound = true;
for (let k = 0; k < Number(companies); k++) {
  const at = k % (rows.length / INPUTS);
  const row = rows.slice(at * INPUTS, (at + 1) * INPUTS);
  const began = process.hrtime.bigint();
  const { y } = await session.run({ x: new ort.Tensor('float32', row, [1, INPUTS]) });
  times.push(Number(process.hrtime.bigint() - began) / 1e3);
  is_sound &&= Math.abs(y.data[0] - answers[k]) < 1e-4;
}
times.sort((a, b) => a - b);
const figure = (at) => times[at].toFixed(2).padStart(8);
console.log(`  ${`ONNX Runtime ${ort.env.versions.common} by node, depth ${depth}, log-odds`.padEnd(44)} `
  + `${figure(times.length >> 1)} ${figure(times.length - 1 - Math.floor(times.length / 100))}`);
if (!is_sound) console.log("VOID: an answer differs from XGBoost's");
process.exit(is_sound ? 0 : 1);
