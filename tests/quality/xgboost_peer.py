#!/usr/bin/python3
"""xgboost_peer.py - our forest beside XGBoost's own Python package, on the same rows.

usage: xgboost_peer.py parity MODEL.json EXPLAIN.csv
       xgboost_peer.py peer --explain-train CSV --explain-test CSV --data CSV... --test CSV
                       --label COLUMN [--group COLUMN] [--weight COLUMN] [--free] --features-def FILE

parity: the trees as XGBoost saved them (`aval train boost --xgboost`, a line a bag), asked by XGBoost about every row that
`aval validate --explain` answered.  Fails if a probability differs by more than 1e-6 or a contribution by more
than 1e-5.

peer: trees that Python grows on the inputs our forest uses, by the same protocol (grid, whole groups held out, early
stopping on the mean AUC of the folds) but with folds of its own; then both models on the test rows, paired.  Fails if
they differ by more than 0.01 in AUC.  --explain-* are what `aval validate` wrote.
"""
import argparse
import csv
import gzip
import math
import os
import re
import sys

os.environ['OMP_NUM_THREADS'] = '1'
import numpy as np  # noqa: E402
import xgboost as xgb  # noqa: E402

FOLDS, TREES, STEP, PATIENCE = 5, 600, 5, 50
RESTRAINTS = [(1, 0.8, 0.8, 1), (1, 0.8, 0.4, 1), (4, 0.8, 0.4, 5)]


def read_table(path):
    opened = gzip.open(path, 'rt', encoding='utf-8') if path.endswith('.gz') else open(path, encoding='utf-8')
    with opened as f:
        rows = list(csv.reader(f))
    return rows[0], rows[1:]


def numbers(cells):
    return np.array([float(c) if c not in ('', 'NA', 'nan') else np.nan for c in cells])


class Explained:
    """What `aval validate --explain` wrote."""

    def __init__(self, path):
        head, rows = read_table(path)
        count = (len(head) - 3) // 2
        table = np.array([numbers(r) for r in rows])
        self.rows = table[:, 0].astype(int) - 1
        self.margin, self.base = table[:, 1], table[:, 2]
        self.names = head[3:3 + count]
        self.inputs = table[:, 3:3 + count]
        self.contributions = table[:, 3 + count:]


def logistic(x):
    return 1 / (1 + np.exp(-x))


def parity(model, explain):
    ours = Explained(explain)
    with open(model, 'rb') as f:
        bags = f.read().split(b'\n')
    boosters = [xgb.Booster({'nthread': 1}) for _ in bags]
    for booster, text in zip(boosters, bags):
        booster.load_model(bytearray(text))
    names = boosters[0].feature_names
    inputs = np.full((len(ours.rows), len(names)), np.nan)
    for i, name in enumerate(ours.names):
        inputs[:, names.index(name)] = ours.inputs[:, i]
    matrix = xgb.DMatrix(inputs, feature_names=names, nthread=1)
    theirs = logistic(np.mean([b.predict(matrix, output_margin=True).astype(float) for b in boosters], axis=0))
    added = np.mean([b.predict(matrix, pred_contribs=True).astype(float) for b in boosters], axis=0)
    of_ours = np.zeros_like(added)
    for i, name in enumerate(ours.names):
        of_ours[:, names.index(name)] = ours.contributions[:, i]
    of_ours[:, -1] = ours.base
    p_gap = np.abs(theirs - logistic(ours.margin)).max()
    c_gap = np.abs(added - of_ours).max()
    print(f'{len(ours.rows)} rows, {len(bags)} bags: largest difference in probability {p_gap:.1e}, in contribution {c_gap:.1e}')
    return p_gap <= 1e-6 and c_gap <= 1e-5


# ---- the peer ----

def auc(score, bad, weight):
    order = np.argsort(score, kind='stable')
    s, b, w = score[order], bad[order], weight[order]
    starts = np.flatnonzero(np.r_[True, s[1:] != s[:-1]])
    goods = np.add.reduceat(w * (1 - b), starts)
    bads = np.add.reduceat(w * b, starts)
    below = np.cumsum(goods) - goods
    return float((bads * (below + goods / 2)).sum() / goods.sum() / bads.sum())


def paired_error(a, b, bad):
    """Standard error of the difference of two AUCs on the same rows (DeLong 1988), without weights."""
    parts = []
    for score in (a, b):
        g, d = np.sort(score[bad == 0]), np.sort(score[bad == 1])
        of_bad = (np.searchsorted(g, score[bad == 1], 'left') + np.searchsorted(g, score[bad == 1], 'right')) / 2 / len(g)
        of_good = 1 - (np.searchsorted(d, score[bad == 0], 'left') + np.searchsorted(d, score[bad == 0], 'right')) / 2 / len(d)
        parts.append((of_bad, of_good))
    return math.sqrt(np.var(parts[0][0] - parts[1][0], ddof=1) / (bad == 1).sum() +
                     np.var(parts[0][1] - parts[1][1], ddof=1) / (bad == 0).sum())


def deal(groups, bad, seed):
    """A fold for each row: whole groups, those that ever went bad spread evenly."""
    rng = np.random.default_rng(seed)
    ever = {}
    for g, b in zip(groups, bad):
        ever[g] = max(ever.get(g, 0), b)
    fold, place = {}, 0
    for outcome in (0, 1):
        of = [g for g in ever if ever[g] == outcome]
        rng.shuffle(of)
        for g in of:
            fold[g] = place % FOLDS
            place += 1
    return np.array([fold[g] for g in groups])


def directions(names, path, is_free):
    with open(path, encoding='utf-8') as f:
        rows = re.findall(r'^FEATURE\(\w+,\s*"(\w+)",\s*"\w+",\s*\w+,\s*\w+,\s*\S+,\s*\S+,\s*(-?\d),', f.read(), re.M)
    known = dict(rows)
    return '(' + ','.join('0' if is_free else known.get(n, '0') for n in names) + ')'


class Peer:
    def __init__(self, inputs, bad, weight, groups, constraints, is_free):
        self.inputs, self.bad, self.weight = inputs, bad, weight
        self.fold = deal(groups, bad, 7)
        self.depths = (4, 6) if is_free else (3, 4)
        self.constraints = constraints

    def matrix(self, rows):
        weight = self.weight[rows] / self.weight[rows].mean()
        return xgb.DMatrix(self.inputs[rows], self.bad[rows], weight=weight, nthread=1)

    def parameters(self, depth, eta, restraint):
        child, rows, inputs, ridge = restraint
        rate = float((self.bad * self.weight).sum() / self.weight.sum())
        return {'objective': 'binary:logistic', 'tree_method': 'hist', 'nthread': 1, 'seed': 7, 'base_score': rate,
                'max_depth': depth, 'eta': eta, 'min_child_weight': child, 'subsample': rows, 'colsample_bytree': inputs,
                'lambda': ridge, 'monotone_constraints': self.constraints, 'seed_per_iteration': True}

    def trial(self, parameters):
        parts = [(self.matrix(self.fold != k), self.matrix(self.fold == k)) for k in range(FOLDS)]
        boosters = [xgb.Booster(parameters, list(p)) for p in parts]
        best = (0, 0)
        for trees in range(1, TREES + 1):
            for booster, (learn, _) in zip(boosters, parts):
                booster.update(learn, trees - 1)
            if trees % STEP:
                continue
            mean = np.mean([auc(b.predict(ask, output_margin=True), self.bad[self.fold == k], self.weight[self.fold == k])
                            for k, (b, (_, ask)) in enumerate(zip(boosters, parts))])
            best = max(best, (mean, -trees))
            if trees >= -best[1] + PATIENCE:
                break
        return best[0], -best[1]

    def grow(self):
        points = [(d, 0.1, r) for d in self.depths for r in RESTRAINTS]
        done = [(self.trial(self.parameters(*p)), p) for p in points]
        depth, _, restraint = max(done, key=lambda t: t[0][0])[1]
        slower = (depth, 0.04, restraint)
        done.append((self.trial(self.parameters(*slower)), slower))
        (mean, trees), point = max(done, key=lambda t: t[0][0])
        learn = self.matrix(np.ones(len(self.bad), dtype=bool))
        return xgb.train(self.parameters(*point), learn, trees), mean, trees, point


def columns(paths, names):
    """Columns of files that stand one below the other."""
    found = {n: [] for n in names}
    for path in paths:
        head, rows = read_table(path)
        for n in names:
            found[n].extend(r[head.index(n)] for r in rows)
    return found


def peer(o):
    learn, test = Explained(o.explain_train), Explained(o.explain_test)
    names = [n for n in (o.label, o.group, o.weight) if n]
    of_learn, of_test = columns(o.data, names), columns([o.test], names)
    bad = numbers(of_learn[o.label])[learn.rows]
    weight = numbers(of_learn[o.weight])[learn.rows] if o.weight else np.ones(len(bad))
    groups = [of_learn[o.group][r] for r in learn.rows] if o.group else list(range(len(bad)))
    constraints = directions(learn.names, o.features_def, o.free)
    booster, mean, trees, point = Peer(learn.inputs, bad, weight, groups, constraints, o.free).grow()
    theirs = booster.predict(xgb.DMatrix(test.inputs, nthread=1), output_margin=True)
    bad = numbers(of_test[o.label])[test.rows]
    weight = numbers(of_test[o.weight])[test.rows] if o.weight else np.ones(len(bad))
    gap = auc(test.margin, bad, weight) - auc(theirs, bad, weight)
    print(f'test AUC: ours {auc(test.margin, bad, weight):.4f}, Python {auc(theirs, bad, weight):.4f}, '
          f'difference {gap:+.4f} +- {paired_error(test.margin, theirs, bad):.4f}; '
          f'Python cross-validated {mean:.4f} with {trees} trees of depth {point[0]}')
    return abs(gap) <= 0.01


def main():
    if len(sys.argv) == 4 and sys.argv[1] == 'parity':
        return parity(sys.argv[2], sys.argv[3])
    if len(sys.argv) < 2 or sys.argv[1] != 'peer':
        sys.exit(__doc__)
    p = argparse.ArgumentParser()
    for name in ('explain-train', 'explain-test', 'test', 'label', 'features-def'):
        p.add_argument('--' + name, required=True)
    p.add_argument('--data', action='append', required=True)
    p.add_argument('--group')
    p.add_argument('--weight')
    p.add_argument('--free', action='store_true')
    return peer(p.parse_args(sys.argv[2:]))


if __name__ == '__main__':
    sys.exit(0 if main() else 1)
