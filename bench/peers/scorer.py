"""scorer.py - a credit scorer as a good Python developer would write it: FastAPI, pydantic, XGBoost, SQLite.

What aval is raced against.  It reads the same request, keeps the same promises on durability, and does less: left_out.txt
says what.  `each` commits a request at a time, `group` many together; BENCH_* in the environment say how.
"""
import asyncio
import datetime
import hashlib
import json
import os
import secrets
import sqlite3
import time
from typing import List, Literal, Optional

import numpy
import xgboost
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, Extra, Field


# ---- the request: amounts as floats, which is faster than the decimals aval keeps ----

class Strict(BaseModel):
    class Config:
        extra = Extra.forbid


class Identifier(Strict):
    scheme: Literal['siren', 'siret', 'vat', 'lei', 'nif', 'crn', 'duns', 'euid', 'sandbox', 'ext']
    value: str = Field(min_length=1, max_length=64)
    country: Optional[str] = Field(None, regex='^[A-Z]{2}$')


class Activity(Strict):
    nomenclature: str
    code: str


class Company(Strict):
    identifiers: List[Identifier] = Field(max_items=16)
    name: Optional[str] = Field(None, max_length=256)
    country: Optional[str] = Field(None, regex='^[A-Z]{2}$')
    legal_form: Optional[str]
    activity: Optional[Activity]
    incorporated_on: Optional[datetime.date]
    employees: Optional[int] = Field(None, ge=0)


class Money(Strict):
    amount: float = Field(ge=0)
    currency: str = Field(regex='^[A-Z]{3}$')


class Asked(Strict):
    product: str = 'trade_credit'
    amount: Optional[Money]
    terms_days: Optional[int] = Field(None, ge=0, le=3650)


class Items(Strict):
    total_assets: Optional[float]
    fixed_assets: Optional[float]
    current_assets: Optional[float]
    inventories: Optional[float]
    trade_receivables: Optional[float]
    cash: Optional[float]
    equity: Optional[float]
    share_capital: Optional[float]
    retained_earnings: Optional[float]
    total_liabilities: Optional[float]
    current_liabilities: Optional[float]
    financial_debt: Optional[float]
    trade_payables: Optional[float]
    tax_and_social_payables: Optional[float]
    revenue: Optional[float]
    cost_of_goods_sold: Optional[float]
    gross_profit: Optional[float]
    purchases: Optional[float]
    value_added: Optional[float]
    personnel_expenses: Optional[float]
    ebitda: Optional[float]
    depreciation_and_amortization: Optional[float]
    ebit: Optional[float]
    interest_expense: Optional[float]
    financial_charges: Optional[float]
    profit_before_tax: Optional[float]
    income_tax: Optional[float]
    net_income: Optional[float]


class Statement(Strict):
    period_end: datetime.date
    months: int = Field(12, ge=1, le=24)
    currency: str
    basis: Literal['individual', 'consolidated'] = 'individual'
    items: Items


class Payment(Strict):
    invoice: str
    issued_on: datetime.date
    due_on: datetime.date
    amount: float = Field(gt=0)
    currency: str
    paid_on: Optional[datetime.date]


class Application(Strict):
    company: Company
    request: Optional[Asked]
    financial_statements: List[Statement] = Field(max_items=10)
    payment_experiences: List[Payment] = []
    as_of: Optional[datetime.date]
    language: Literal['en', 'es', 'fr'] = 'en'
    purpose: Optional[str]
    legal_basis: Optional[str]
    client_reference: Optional[str] = Field(None, max_length=128)


# ---- the score ----

MISSING = float('nan')


def over(a, b):
    return a / b if a is not None and b else MISSING


def ratios(application):
    """Thirty of them, on the newest accounts and against those before."""
    accounts = sorted(application.financial_statements, key=lambda s: s.period_end, reverse=True)
    if not accounts:
        return [MISSING] * 30
    new = accounts[0].items
    old = accounts[1].items if len(accounts) > 1 else Items()
    late = [(p.paid_on - p.due_on).days for p in application.payment_experiences if p.paid_on]
    quick = None if new.current_assets is None or new.inventories is None else new.current_assets - new.inventories
    capital = None if new.current_assets is None or new.current_liabilities is None else new.current_assets - new.current_liabilities
    return [
        over(new.equity, new.total_assets), over(new.total_liabilities, new.total_assets), over(new.financial_debt, new.equity),
        over(new.retained_earnings, new.total_assets), over(new.current_assets, new.current_liabilities),
        over(quick, new.current_liabilities), over(new.cash, new.current_liabilities), over(capital, new.total_assets),
        over(capital, new.revenue), over(new.ebitda, new.revenue), over(new.ebit, new.revenue), over(new.net_income, new.revenue),
        over(new.net_income, new.total_assets), over(new.net_income, new.equity), over(new.ebit, new.total_assets),
        over(new.gross_profit, new.revenue), over(new.value_added, new.revenue), over(new.personnel_expenses, new.value_added),
        over(new.ebitda, new.financial_charges), over(new.financial_charges, new.revenue), over(new.financial_debt, new.ebitda),
        over(new.trade_receivables, new.revenue), over(new.trade_payables, new.purchases), over(new.inventories, new.cost_of_goods_sold),
        over(new.revenue, new.total_assets), over(new.tax_and_social_payables, new.total_liabilities),
        over(new.revenue, old.revenue), over(new.equity, old.equity), over(new.ebit, old.ebit),
        sum(late) / len(late) if late else MISSING,
    ]


# ---- the record ----



class Book:
    """Rows of SQLite, written whole: the decision, its idempotency claim, its audit entry."""

    def __init__(self, path, shared):
        self.db = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        for pragma in ('journal_mode=WAL', 'synchronous=FULL'):
            self.db.execute(f'PRAGMA {pragma}')
        if self.db.execute('PRAGMA synchronous').fetchone() != (2,) or self.db.execute('PRAGMA journal_mode').fetchone() != ('wal',):
            raise SystemExit('peer: the database is not WAL with synchronous=FULL')
        self.keys = dict(self.db.execute('SELECT hash, tenant FROM api_key'))
        self.shared = shared  # with other processes: then the head must be read in the transaction
        self.head = self.read_head()

    def read_head(self):
        return self.db.execute('SELECT hash FROM audit ORDER BY seq DESC LIMIT 1').fetchone() or (bytes(32),)

    def commit(self, units):
        """Write them in one transaction; returns for each its earlier decision, if its key was used before."""
        self.db.execute('BEGIN IMMEDIATE')
        try:
            outcomes, head = [], (self.read_head() if self.shared else self.head)[0]
            for tenant, key, fingerprint, decision, row, digest in units:
                used = None
                if key is not None and self.db.execute('INSERT INTO idempotency VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
                                                       (tenant, key, fingerprint, decision)).rowcount == 0:
                    used = self.db.execute('SELECT i.fingerprint, d.answer FROM idempotency i JOIN decision d ON d.id = i.decision '
                                           'WHERE i.tenant = ? AND i.key = ?', (tenant, key)).fetchone()
                else:
                    head = hashlib.sha256(head + digest).digest()
                    self.db.execute('INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?)', row)
                    self.db.execute('INSERT INTO audit (decision, digest, hash) VALUES (?, ?, ?)', (decision, digest, head))
                outcomes.append(used)
            self.db.execute('COMMIT')
        except BaseException:
            self.db.execute('ROLLBACK')
            raise
        self.head = (head,)
        return outcomes


class EachCommits:
    """A commit a request, on the loop: handing it to a thread costs more than it frees."""

    def __init__(self, book):
        self.book = book

    async def write(self, unit):
        return self.book.commit([unit])[0]


class GroupCommits:
    """All that waits goes into the next commit, and no answer leaves before it.  The commit runs on the loop, behind the
    requests that arrived with it, or in a thread."""

    def __init__(self, book, in_thread):
        self.book, self.in_thread = book, in_thread
        self.waiting, self.task = [], None

    async def write(self, unit):
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self.waiting.append((unit, future))
        if self.task is None:
            self.task = loop.create_task(self.run(loop))
        return await future

    async def run(self, loop):
        await asyncio.sleep(0)
        while self.waiting:
            batch, self.waiting = self.waiting, []
            units = [unit for unit, _ in batch]
            try:
                outcomes = await loop.run_in_executor(None, self.book.commit, units) if self.in_thread else self.book.commit(units)
            except Exception as fault:
                for _, future in batch:
                    if not future.done():
                        future.set_exception(fault)
            else:
                for (_, future), outcome in zip(batch, outcomes):
                    if not future.done():
                        future.set_result(outcome)
            await asyncio.sleep(0)
        self.task = None


# ---- the service ----

app = FastAPI(openapi_url=None)


@app.on_event('startup')
def start():
    app.state.book = book = Book(os.environ['BENCH_DB'], shared=os.environ['BENCH_WORKERS'] != '1')
    kind = os.environ['BENCH_COMMIT']
    app.state.commits = EachCommits(book) if kind == 'each' else GroupCommits(book, in_thread=kind == 'group-thread')
    app.state.model = xgboost.Booster({'nthread': 1}, model_file=os.environ['BENCH_MODEL'])


def problem(status, title):
    return Response(json.dumps({'title': title, 'status': status}), status, media_type='application/problem+json')


@app.post('/v1/decisions')
async def decide(application: Application, request: Request):
    state, headers = app.state, request.headers
    key = headers.get('authorization', '')
    tenant = state.book.keys.get(hashlib.sha256(key[7:].encode()).digest()) if key.startswith('Bearer ') else None
    if tenant is None:
        return problem(401, 'unknown key')
    body = await request.body()
    features = ratios(application)
    pd = float(state.model.inplace_predict(numpy.array([features], dtype=numpy.float32), validate_features=False)[0])
    now_ms = time.time_ns() // 1000000
    decision = 'dec_' + secrets.token_hex(13)
    company = application.company.identifiers[0].value
    score = round(1000 * (1 - pd))
    answer = json.dumps({'object': 'decision', 'id': decision, 'created_ms': now_ms, 'client_reference': application.client_reference,
                         'company': company, 'pd': round(pd, 6), 'score': score, 'features': [None if f != f else round(f, 6) for f in features],
                         'recommendation': 'accept' if pd < 0.1 else 'refer' if pd < 0.3 else 'decline'}, separators=(',', ':')).encode()
    fingerprint = hashlib.sha256(body).digest()
    row = (decision, tenant, now_ms, company, application.client_reference, body, answer)
    used = await state.commits.write((tenant, headers.get('idempotency-key'), fingerprint, decision, row,
                                      hashlib.sha256(body + answer).digest()))
    if used is None:
        return Response(answer, 201, media_type='application/json')
    if used[0] != fingerprint:
        return problem(422, 'the key was used for another request')
    return Response(used[1], 200, {'Idempotent-Replayed': 'true'}, media_type='application/json')
