#!/usr/bin/env python3
"""What `recoup export ledger` writes is what the book holds, and other programs read it.

Ledger and hledger read the plain text with their strict checks, and find in every account what
a sum over the table of postings finds; the CSV has equal debits and credits in every entry. One
book is made of rows, so that it holds what is rare: odd references, every account, corrections,
currencies of 0, 2, 3 and 4 decimals. Another one is made by the commands.
"""
import collections
import csv
import datetime
import decimal
import io
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import urllib.parse

import spine

CURRENCIES = {392: ("JPY", 0), 840: ("USD", 2), 978: ("EUR", 2), 414: ("KWD", 3), 990: ("CLF", 4)}
PATHS = {"cash": "Assets:Cash", "principal": "Assets:Receivables:Principal",
         "interest": "Assets:Receivables:Interest", "fees": "Assets:Receivables:Fees",
         "costs": "Assets:Receivables:Costs", "unapplied": "Liabilities:Unapplied",
         "placed": "Equity:Placed", "adjustment": "Equity:Adjustment", "charged": "Income",
         "discount": "Expenses:Discount", "waived": "Expenses:Waived",
         "forgiven": "Expenses:Forgiven", "written_off": "Expenses:Written-off",
         "charged_off": "Equity:Charged-off"}
OF_DEBTOR = {"principal", "interest", "fees", "costs", "unapplied"}
ODD = ["FH-20418", "A B", "A  B", "A   B", " A B", "A B ", "A:B", "A::B", "A%3AB", "A%B", "%", "A;B",
       "A  ; B", "[A]", "(A)", "{A}", "<A>", "A|B", "A=B", "A=0", "A,B", "A\"B", "A'B", "A\\B",
       "*A", "! A", "-1", "2026-01-01", "#A", "@A", "A @ 3 USD", "$5", "~ A", "A\nB", "A\r\nB",
       "\tA", "A\tB", "Müller", "Mu\u0308ller", "日本", "A\u00a0B", "A\u2003B", "\u202eA", "a b",
       "include x", "a: b", "A.B/C+d_e", "  ", "👍", "é" * 60]
FIRST = (datetime.date(2026, 1, 1) - datetime.date(1970, 1, 1)).days
DAYS = 200
NOW = "2026-11-20T12:00:00Z"


def microseconds(day, second=0):
    return (day * 86400 + second) * 1000000


def day_text(day):
    return str(datetime.date(1970, 1, 1) + datetime.timedelta(days=day))


def moment_text(us):
    at = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=us)
    return f"{at.isoformat(timespec='microseconds')}Z"


# ---- a book made of rows ----

def hash_of(text):
    """FNV-1a finished as in SplitMix64."""
    mask = (1 << 64) - 1
    z = 0xcbf29ce484222325
    for byte in text.encode():
        z = ((z ^ byte) * 0x100000001b3) & mask
    z = ((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9) & mask
    z = ((z ^ (z >> 27)) * 0x94d049bb133111eb) & mask
    return z ^ (z >> 31)


def key_of(reference):
    number = hash_of(reference) & ((1 << 63) - 1)
    return number >> 53, number


class Rows:
    """Writes rows as the program would, without its checks."""

    def __init__(self, db):
        self.connection = sqlite3.connect(db)

    def add(self, table, **values):
        columns = {row[1]: (row[2], row[3])
                   for row in self.connection.execute(f"PRAGMA table_info({table})")}
        for column, (kind, needed) in columns.items():
            if column not in values and needed:
                values[column] = 0 if kind == "INTEGER" else ""
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})",
                                list(values.values()))

    def entry(self, key, number, currency, day, posted_at, cause, lines, takes_back=0):
        for place, (account, debt, minor) in enumerate(lines, 1):
            self.add("posting", bucket=key[0], casefile_id=key[1], entry_no=number,
                     line_no=place, value_day=day, posted_at=posted_at, cause=cause,
                     takes_back=takes_back, account=account, debt_no=debt,
                     instalment_no=1 if debt else 0, currency=currency, minor=minor)

    def done(self):
        self.connection.commit()
        self.connection.close()


def entries_of(dice):
    """Lines of what may happen to a debt, each adding up to nothing."""
    a, b, c = (dice.randint(1, 10**dice.randint(1, 9)) for _ in range(3))
    yield "placed", [("principal", 1, a + b + c), ("placed", 1, -a - b - c)]
    for component, minor in (("interest", a), ("fees", b), ("costs", c)):
        yield f"{component} 1.1", [(component, 1, minor), ("charged", 1, -minor)]
    yield "several at once", [("fees", 1, a), ("costs", 1, b), ("charged", 1, -a - b)]
    yield "payment, in part", [("cash", 0, a + b), ("interest", 1, -a), ("principal", 1, -b)]
    yield "payment, too much", [("cash", 0, a + c), ("principal", 1, -c), ("unapplied", 0, -a)]
    yield "refund", [("unapplied", 0, a), ("cash", 0, -a)]
    yield "charge_off", [("placed", 1, b), ("charged_off", 1, -b)]
    for account in ("adjustment", "discount", "waived", "forgiven", "written_off"):
        minor = dice.randint(1, 5000)
        yield account, [("principal", 1, -minor), (account, 1, minor)]
    yield "adjust upwards", [("principal", 1, c), ("adjustment", 1, -c)]


def fill(db):
    dice, rows = random.Random(20418), Rows(db)
    for place, reference in enumerate(ODD):
        key, currencies = key_of(reference), list(CURRENCIES)
        rows.add("casefile", bucket=key[0], casefile_id=key[1], reference=reference)
        number = 0
        for currency in dice.sample(currencies, 1 + place % 3):
            debt = f"{reference}|{currency}"
            rows.add("debt", bucket=key[0], casefile_id=key[1], debt_no=currency,
                     reference=debt, currency=currency)
            rows.add("reference", bucket=hash_of(f"debt:{debt}") >> 54, kind="debt",
                     reference=debt, casefile_id=key[1], object_no=currency)
            for cause, lines in entries_of(dice):
                lines = [(account, debt * currency, minor) for account, debt, minor in lines]
                day = FIRST + dice.randrange(DAYS)
                posted = microseconds(day + dice.randrange(30), dice.randrange(86400))
                cause = dice.choice([cause, dice.choice(ODD), f"{cause} {dice.choice(ODD)}", ""])
                number += 1
                rows.entry(key, number, currency, day, posted, cause, lines)
                if dice.random() < 0.2:  # known to be wrong later, and taken back
                    number += 1
                    rows.entry(key, number, currency, day, posted + 1, f"not {cause}",
                               [(n, debt, -minor) for n, debt, minor in lines], number - 1)
    rows.done()


# ---- what the book says ----

def amount(minor, currency):
    return decimal.Decimal(minor).scaleb(-CURRENCIES[currency][1])


def told_by_book(db, where="1", *values):
    """(path, reference of the case file or None, currency) to its sum; nothing of what is 0."""
    found = {}
    for account, reference, currency, total in spine.rows(
            db, "SELECT p.account, c.reference, p.currency, SUM(p.minor) FROM posting AS p"
                " JOIN casefile AS c USING (bucket, casefile_id)"
                f" WHERE {where} GROUP BY 1, 2, 3", *values):
        key = (PATHS[account], reference if account in OF_DEBTOR else None,
               CURRENCIES[currency][0])
        found[key] = found.get(key, 0) + amount(total, currency)
    return {key: total for key, total in found.items() if total}


def key_of_account(path, currency):
    """What an account of the plain text stands for; income is one account in the book."""
    for name in OF_DEBTOR:
        if path.startswith(PATHS[name] + ":"):
            encoded = path[len(PATHS[name]) + 1:]
            return PATHS[name], urllib.parse.unquote(encoded), currency
    return ("Income" if path.startswith("Income:") else path), None, currency


def summed(pairs):
    found = collections.defaultdict(decimal.Decimal)
    for path, currency, total in pairs:
        found[key_of_account(path, currency)] += total
    return {key: total for key, total in found.items() if total}


# ---- what other programs read ----

def ran(*words):
    """With the poorest of locales, as at night."""
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, check=False,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/nonexistent"})


def hledger_balances(exported):
    done = ran("hledger", "-f", exported, "bal", "--flat", "--no-total", "--layout=bare", "-O",
               "csv")
    table = list(csv.reader(io.StringIO(done.stdout)))[1:]
    return summed((path, currency, decimal.Decimal(total)) for path, currency, total in table)


LEDGER_LINE = re.compile(r"^ *(-?[0-9.]+) ([A-Z]{3})(?:  (.*))?$")


def ledger_balances(exported):
    """Amounts stand above each other, the account beside the last of them."""
    done, waiting, found = ran("ledger", "--pedantic", "-f", exported, "bal", "--flat",
                               "--no-total"), [], []
    for line in done.stdout.splitlines():
        total, currency, path = LEDGER_LINE.match(line).groups()
        waiting.append((currency, decimal.Decimal(total)))
        if path is not None:
            found += [(path, *money) for money in waiting]
            waiting = []
    return summed(found)


def check_same(results, found, expected, what):
    wrong = [f"{key}: {found.get(key, 0)}, in the book {expected.get(key, 0)}"
             for key in sorted(set(found) | set(expected), key=repr)
             if found.get(key, 0) != expected.get(key, 0)]
    results.check(expected and not wrong, what, *wrong)


def check_nothing_left(results, found, what):
    sums = collections.defaultdict(decimal.Decimal)
    for (_, _, currency), total in found.items():
        sums[currency] += total
    results.check(not any(sums.values()), f"{what}: everything adds up to nothing", dict(sums))


ACCOUNT = re.compile(r"(Assets:Receivables:\w+|Liabilities:Unapplied):"
                     r"(?:[A-Za-z0-9./+_-]|%[0-9A-F]{2}|(?<! ) (?! ))+(?<! )"
                     r"|Assets:Cash|(Income|Equity|Expenses):[A-Z][a-z-]+")


def check_text(results, recoup, folder, what):
    exported = folder / "book.ledger"
    recoup.must("export", "ledger", "--format", "ledger", "-o", exported, "--now", NOW)
    text = exported.read_bytes()
    results.check(text.isascii() and b"\r" not in text and b"\t" not in text,
                  f"{what}: plain in every locale")
    accounts = re.findall(r"^account (.*)$", text.decode(), re.M)
    results.none([path for path in accounts if not ACCOUNT.fullmatch(path)],
                 f"{what}: names of accounts")
    results.check(len(accounts) == len(set(accounts)), f"{what}: an account is declared once")
    expected = told_by_book(recoup.db)
    for words in (("hledger", "-f", exported, "check", "--strict"),
                  ("ledger", "--pedantic", "-f", exported, "bal")):
        done = ran(*words)
        results.check(done.returncode == 0 and not done.stderr, f"{what}: {words[0]} is content",
                      done.stderr[:2000])
    for name, balances in (("hledger", hledger_balances), ("ledger", ledger_balances)):
        found = balances(exported)
        check_same(results, found, expected, f"{what}: sums of {name}")
        check_nothing_left(results, found, f"{what}, {name}")
    names = spine.rows(recoup.db, "SELECT DISTINCT c.reference || '/' || p.entry_no"
                                  " FROM posting AS p JOIN casefile AS c"
                                  " USING (bucket, casefile_id)")
    told = re.findall(r"^    ; entry: (.*)$", text.decode(), re.M)
    results.check(len(told) == len(names) and
                  {urllib.parse.unquote(n) for n in told} == {n for n, in names},
                  f"{what}: every entry once", len(told), len(names))
    done = ran("hledger", "-f", exported, "tags", "entry", "--values")
    results.check(set(done.stdout.splitlines()) == set(told), f"{what}: tags as hledger reads them")


def gl_rows(recoup, *words):
    out = pathlib.Path(recoup.db).with_suffix(".csv")
    recoup.must("export", "ledger", "-o", out, "--now", NOW, *words)
    with out.open(newline="") as file:
        return list(csv.DictReader(file))


def gl_sums(table):
    return summed((row["account"] + (":" + urllib.parse.quote(row["casefile"])
                                     if row["account"] in {PATHS[n] for n in OF_DEBTOR} else ""),
                   row["currency"],
                   decimal.Decimal(row["debit"] or 0) - decimal.Decimal(row["credit"] or 0))
                  for row in table)


def check_gl(results, recoup, what):
    table = gl_rows(recoup)
    check_same(results, gl_sums(table), told_by_book(recoup.db), f"{what}: sums of the CSV")
    sides = collections.defaultdict(lambda: [0, 0])
    for row in table:
        sides[row["entry"], row["currency"]][0] += decimal.Decimal(row["debit"] or 0)
        sides[row["entry"], row["currency"]][1] += decimal.Decimal(row["credit"] or 0)
    results.none([entry for entry, (debit, credit) in sides.items() if debit != credit],
                 f"{what}: debits are credits")
    results.check(all((row["debit"] == "") != (row["credit"] == "") and
                      re.fullmatch(r"[0-9]+(\.[0-9]+)?", row["debit"] + row["credit"])
                      for row in table), f"{what}: one side, a plain decimal")
    told = sorted((row["casefile"], row["entry"], int(row["line"]), row["date"], row["cause"],
                   row["debt"]) for row in table)
    book = sorted((reference, f"{reference}/{entry}", line, day_text(day), cause, debt or "")
                  for reference, entry, line, day, cause, debt in spine.rows(
        recoup.db, "SELECT c.reference, p.entry_no, p.line_no, p.value_day, p.cause, d.reference"
                   " FROM posting AS p JOIN casefile AS c USING (bucket, casefile_id)"
                   " LEFT JOIN debt AS d USING (bucket, casefile_id, debt_no)"))
    results.check(told == book, f"{what}: rows of the CSV are those of the book", len(told),
                  len(book))
    codes = {(row["account_code"], row["account"]) for row in table}
    results.check(len(codes) == len({c for c, _ in codes}) == len({a for _, a in codes}),
                  f"{what}: an account has one code")
    said = recoup.must("export", "ledger", "--now", NOW)  # CR LF is read as LF here
    raw = pathlib.Path(recoup.db).with_suffix(".csv").read_bytes().decode()
    results.check(raw.endswith("\r\n") and raw.replace("\r\n", "\n").replace("\r", "\n") == said,
                  f"{what}: a file holds what is printed")


# ---- parts of it ----

def check_choice(results, recoup):
    half, known = FIRST + DAYS // 2, FIRST + DAYS // 3
    moment, = spine.rows(recoup.db, "SELECT MIN(posted_at) FROM posting WHERE posted_at > ?",
                         microseconds(known, 43200))[0]  # to the microsecond
    debt, = spine.rows(recoup.db, "SELECT MAX(reference) FROM debt WHERE reference GLOB 'A  B|*'")[0]
    for words, where, values in (
            (("--since", day_text(half)), "value_day >= ?", (half,)),
            (("--until", day_text(half)), "value_day <= ?", (half,)),
            (("--since", day_text(half), "--until", day_text(half + 9)),
             "value_day BETWEEN ? AND ?", (half, half + 9)),
            (("--known", day_text(known)), "posted_at < ?", (microseconds(known + 1),)),
            (("--known", moment_text(moment)), "posted_at <= ?", (moment,)),
            (("--known", day_text(known), "--since", day_text(known - 20)),
             "posted_at < ? AND value_day >= ?", (microseconds(known + 1), known - 20)),
            (("--account", "A  B"), "c.reference = ?", ("A  B",)),
            (("--account", debt), "c.reference = ?", ("A  B",)),
            (("--account", "A\nB"), "c.reference = ?", ("A\nB",)),
            (("--now", f"{day_text(half)}T12:00:00Z"), "value_day <= ?", (half,))):
        found = gl_sums(gl_rows(recoup, *words))
        check_same(results, found, told_by_book(recoup.db, where, *values), " ".join(words))
        check_nothing_left(results, found, " ".join(words))


def check_refusals(results, recoup):
    for words, code in ((("--format", "xero"), 2), (("--since", "soon"), 2),
                        (("--since", "2026-02-01", "--until", "2026-01-01"), 2),
                        (("--account", "nobody"), 3)):
        done = recoup.call("export", "ledger", *words, "--now", NOW)
        results.check(done.returncode == code, f"{' '.join(words)}: exit {code}",
                      done.returncode, done.stderr)


def check_broken(results, recoup, folder):
    """What cannot be is not exported, and leaves no file."""
    key, day = key_of("FH-20418"), FIRST + 1
    out = folder / "broken.csv"
    for what, lines, currency in (
            ("does not add up to nothing", [("cash", 0, 5), ("principal", 1, -4)], 840),
            ('has a line on an account "sundry"', [("cash", 0, 5), ("sundry", 1, -5)], 840),
            ("is in no known currency", [("cash", 0, 5), ("principal", 1, -5)], 1)):
        db = folder / "broken.db"
        spine.copy_book(recoup.db, db)
        rows = Rows(db)
        rows.entry(key, 100000, currency, day, microseconds(day), "x", lines)
        rows.done()
        for kind in ("gl", "ledger"):
            done = spine.Recoup(db).call("export", "ledger", "--format", kind, "-o", out)
            results.check(done.returncode not in (0, 2, 3) and
                          f"ntry 100000 of account FH-20418 {what}" in done.stderr and
                          not out.exists(), f"{kind}: an entry that {what}", done.returncode,
                          done.stderr)


def of_rows(results, folder):
    recoup = spine.Recoup(folder / "rows.db")
    recoup.must("init", "--name", "odd", "--no-input")
    fill(recoup.db)
    check_text(results, recoup, folder, "rows")
    check_gl(results, recoup, "rows")
    check_choice(results, recoup)
    check_refusals(results, recoup)
    check_broken(results, recoup, folder)


# ---- a book made by the commands ----

INVOICES = """Client,Invoice,Currency,Amount,Date,Due
Alder: Tools,I-1,USD,{first},2026-01-05,2026-02-04
Alder: Tools,I-2,USD,250.10,2026-02-05,2026-03-07
Birch,J-1,JPY,12000,2026-01-10,2026-02-09
Cedar,K-1,KWD,1.500,2026-01-20,2026-02-19
"""


def by_commands(results, folder):
    recoup, file = spine.Recoup(folder / "commands.db"), folder / "invoices.csv"
    recoup.must("init", "--name", "plain", "--no-input")

    def take(first):
        file.write_text(INVOICES.format(first=first))
        recoup.must("import", "invoices", file, "--map",
                    spine.ROOT / "tests/maps/export-invoices.yaml", "-y", "--now",
                    "2026-03-01T12:00:00Z")

    def pay(account, money, reference):
        recoup.must("pay", "record", account, "--amount", money, "--on", "2026-03-02", "--ref",
                    reference, "-y", "--now", "2026-03-02T12:00:00Z")

    take("100.00")
    pay("Alder: Tools", "USD 30.05", "in part")
    pay("Birch", "JPY 12345", "too much")
    pay("Cedar", "KWD 0.125", "in part")
    take("80.00")  # a later version of the file: a correction
    check_text(results, recoup, folder, "commands")
    check_gl(results, recoup, "commands")
    found = gl_sums(gl_rows(recoup))
    number = decimal.Decimal
    for key, total in {
            ("Assets:Cash", None, "USD"): number("30.05"),
            ("Assets:Cash", None, "JPY"): number(12345),
            ("Assets:Cash", None, "KWD"): number("0.125"),
            ("Assets:Receivables:Principal", "Alder: Tools", "USD"): number("300.05"),
            ("Assets:Receivables:Principal", "Cedar", "KWD"): number("1.375"),
            ("Liabilities:Unapplied", "Birch", "JPY"): number(-345)}.items():
        results.check(found.get(key) == total, f"commands: {key}", found.get(key), total)
    results.check(("Assets:Receivables:Principal", "Birch", "JPY") not in found,
                  "commands: Birch owes nothing")


def main():
    for name in ("ledger", "hledger"):
        if shutil.which(name) is None:
            spine.skip(f"there is no {name} (scripts/deps --tests)")
    results = spine.Results("export")
    with spine.scratch("export") as folder:
        of_rows(results, folder)
        try:
            by_commands(results, folder)
        except RuntimeError as problem:
            results.check(False, "commands", problem)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
