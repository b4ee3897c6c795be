#!/usr/bin/env python3
"""train.py MODEL - the peers' model: 200 trees of depth 4 on seeded synthetic companies.  Prints the libraries' versions."""
import json
import sqlite3
import ssl
import sys

import fastapi
import httptools
import numpy
import pydantic
import uvicorn
import uvloop
import xgboost

FEATURES, ROWS, TREES, DEPTH, SEED = 30, 10000, 200, 4, 20261122

chance = numpy.random.default_rng(SEED)
rows = chance.normal(0.3, 0.5, (ROWS, FEATURES)).astype(numpy.float32)
rows[chance.random(rows.shape) < 0.05] = numpy.nan
risk = numpy.nan_to_num(rows) @ chance.normal(0, 1, FEATURES)
labels = (risk + chance.normal(0, 1, ROWS) > numpy.quantile(risk, 0.95)).astype(int)
model = xgboost.train({'objective': 'binary:logistic', 'max_depth': DEPTH, 'eta': 0.1, 'tree_method': 'hist', 'nthread': 1,
                       'seed': SEED}, xgboost.DMatrix(rows, labels), TREES)
model.save_model(sys.argv[1])
print(json.dumps({'python': sys.version.split()[0], 'fastapi': fastapi.__version__, 'pydantic': str(pydantic.VERSION),
                  'pydantic compiled': pydantic.compiled, 'uvicorn': uvicorn.__version__, 'uvloop': uvloop.__version__,
                  'httptools': httptools.__version__, 'xgboost': xgboost.__version__, 'sqlite': sqlite3.sqlite_version,
                  'openssl': ssl.OPENSSL_VERSION, 'model': f'{TREES} trees, depth {DEPTH}'}))
