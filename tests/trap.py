"""What the two tests of docs/traps.md share: small books that are worked day by day, and how the
traps are run. No test by itself.
"""
import contextlib
import csv
import datetime
import email
import email.policy
import inspect
import pathlib
import re
import shutil
import traceback

import spine

PAGE = spine.ROOT / "docs" / "traps.md"
HOUR = "T16:00:00Z"  # ten in the morning where the debtors are
START = "2026-02-10"

STRATEGY = """strategy: trap
title: Traps
order: 1
promises: {{tolerance_percent: 10, grace_days: 2}}
ladders:
  - name: usual
    entry: {entry}
    stale_after: {stale}
    gap: 3
    steps:
{steps}
    end: {{after: 14, then: hand_over}}
segments:
  - {{name: everybody, ladder: usual}}
"""
STEPS = """      - {id: first, after_due: 3, channels: [email], template: past-due}
      - {id: second, after_due: 10, channels: [email], template: past-due}
      - {id: last, after_due: 20, channels: [email], template: final-notice}"""
USUAL = STRATEGY.format(entry="highest", stale=10, steps=STEPS)
ONE_AT_A_TIME = STRATEGY.format(entry="one_at_a_time", stale=90, steps=STEPS)

MAP = """map: bills
title: Bills
kind: invoices
dates: yyyy-mm-dd
amounts: {decimal: "."}
debtor:
  reference: "{account}"
  creditor: Acme
  role: first_party_creditor
  business: "true"
  name: "{account}"
  places: "{place}"
  zones: "{zone}"
  email: "{email}"
debt:
  reference: "{debt}"
  kind: invoice
  currency: "{currency}"
  invoice_day: "{date}"
  due_day: "{due}"
  amount: "{amount}"
  terms_name: "{terms}"
"""
PAYMENTS = """map: bank
title: What the bank says
kind: payments
dates: yyyy-mm-dd
amounts: {decimal: "."}
debtor:
  reference: "{account}"
payment:
  reference: "{ref}"
  debt: "{debt}"
  day: "{date}"
  currency: USD
  amount: "{amount}"
"""
BILL = {"account": "A-1", "debt": "INV-1", "date": "2026-02-01", "due": "2026-03-01",
        "amount": "100.00", "currency": "USD", "terms": "", "place": "US-WI",
        "zone": "America/Chicago", "email": "a1@debtor.example"}


def day_of(text):
    return datetime.date.fromisoformat(text)


def days_from(text, count):
    """So many days, beginning with this one."""
    return [str(day_of(text) + datetime.timedelta(n)) for n in range(count)]


def later(text, days):
    return str(day_of(text) + datetime.timedelta(days))


def number_of(text):
    return (day_of(text) - datetime.date(1970, 1, 1)).days


def same(got, wanted, what):
    if got != wanted:
        raise AssertionError(f"{what}\n    wanted {wanted!r}\n    got    {got!r}")


def true(truth, what):
    if not truth:
        raise AssertionError(what)


class Book(spine.Recoup):
    """A book with a strategy of its own, to which bills are given; days are ISO texts."""

    def __init__(self, folder, strategy=USUAL, terms=None, init=()):
        super().__init__(folder / "recoup.db", environment={"RECOUP_CONFIG": str(folder / "recoup.yaml")})
        self.folder, self.files = folder, folder / "own"
        (self.files / "terms").mkdir(parents=True)
        (self.files / "strategies").mkdir()
        self.put("recoup.yaml", "channels: {folder: %s}\n" % (folder / "sent"))
        self.put("own/strategies/trap.yaml", strategy)
        for name, text in (terms or {}).items():
            self.put(f"own/terms/{name}.yaml", f"terms: {name}\ntitle: Terms {name}\n{text}")
        self.put("bills.yaml", MAP)
        self.put("bank.yaml", PAYMENTS)
        self.must("init", "--name", "trap", "--org", "Trap Org", "--no-input", *init)

    def put(self, name, text):
        (self.folder / name).write_text(text)

    def at(self, day, *words, **options):
        """A command on a day, in the morning unless the hour is said; what it answers as JSON."""
        return self.json(*words, "--files", self.files, "--now", day if "T" in day else day + HOUR,
                         **options)

    def refused(self, day, *words):
        """The error of a command that must not work."""
        done = self.call(*words, "--files", self.files, "--now", day + HOUR)
        true(done.returncode != 0, f"{' '.join(map(str, words))} is refused")
        return done.stderr

    def rows_in(self, name, columns, rows):
        with open(self.folder / name, "w", newline="") as out:
            writer = csv.DictWriter(out, columns)
            writer.writeheader()
            writer.writerows(rows)
        return self.folder / name

    def bill(self, *bills, day=START):
        """Takes in bills; of each only what differs from the usual one is said."""
        path = self.rows_in("bills.csv", list(BILL), [{**BILL, **bill} for bill in bills])
        done = self.at(day, "import", "invoices", path, "--map", self.folder / "bills.yaml", "-y")
        same(done["rejected"], 0, "every bill is taken")

    def bank(self, *payments, day):
        path = self.rows_in("bank.csv", ["account", "debt", "ref", "date", "amount"], payments)
        return self.at(day, "import", "payments", path, "--map", self.folder / "bank.yaml", "-y")

    def pay(self, day, amount, *words, account="A-1", ref=None):
        return self.at(day, "pay", "record", account, "--amount", amount, "--on", day, "--ref",
                       ref or f"pay-{day}-{amount}", *words)

    def run(self, day, *words):
        return self.at(day, "run", *words)

    def deliver(self, day):
        return self.at(day, "worker", "--until-idle")

    def work(self, day):
        """A whole day: decided, and sent."""
        done = self.run(day)
        self.deliver(day)
        return done

    def work_days(self, day, count):
        for each in days_from(day, count):
            self.work(each)

    def freeze(self, known, first, last, account="A-1"):
        """A freeze of all debts, as hardships and plans write it, known from a day on."""
        with contextlib.closing(spine.sqlite3.connect(self.db)) as db, db:
            key = db.execute("SELECT bucket, casefile_id, last_no + 1 FROM casefile WHERE reference = ?",
                             (account,)).fetchone()
            db.execute("INSERT INTO movement VALUES (?, ?, ?, 'freeze', ?, ?, 0, 0, NULL, 840, 0, ?, NULL,"
                       " NULL, 'freeze', NULL, ?, 9223372036854775807)",
                       (*key, number_of(first), number_of(last) + 1, f"freeze {first}",
                        number_of(known) * 86400 * 1000000))
            db.execute("UPDATE casefile SET last_no = last_no + 1, books = NULL, face = NULL,"
                       " books_day = 0, wake_at = 0 WHERE bucket = ? AND casefile_id = ?", key[:2])

    def sql(self, text, *values):
        return spine.rows(self.db, text, *values)

    def steps(self, debt="INV-1", instalment=1):
        """(step, day) of an instalment, in the order in which they were taken."""
        found = self.sql("SELECT s.step, s.day FROM step AS s JOIN debt AS d USING (bucket,"
                         " casefile_id, debt_no) WHERE d.reference = ? AND instalment_no = ?"
                         " ORDER BY s.day, s.decision_seq", debt, instalment)
        return [(step, str(datetime.date(1970, 1, 1) + datetime.timedelta(day)))
                for step, day in found]

    def standing(self, account="A-1"):
        return self.sql("SELECT standing FROM casefile WHERE reference = ?", account)[0][0]

    def messages(self, *states):
        """What was queued, the earliest first; of some states, or of any."""
        names = dict(self.sql("SELECT casefile_id || '/' || debt_no, reference FROM debt"))
        chosen = " WHERE state IN (%s)" % ",".join("?" * len(states)) if states else ""
        return [{"state": state, "step": step, "open": minor, "currency": currency, "reason": reason,
                 "attempts": attempts, "debts": [names[f"{file}/{no}"] for no in debts.split(",")]}
                for file, state, step, debts, currency, minor, reason, attempts in
                self.sql("SELECT casefile_id, state, step, debts, currency, open_minor, state_reason,"
                         f" attempts FROM outbox{chosen} ORDER BY decided_at, casefile_id, outbox_no",
                         *states)]

    def sent(self):
        """The plain texts of what was sent, the earliest first."""
        texts = []
        for (raw,) in self.sql("SELECT m.bytes FROM message AS m JOIN outbox AS o USING (bucket,"
                               " casefile_id, outbox_no) WHERE o.state = 'sent'"
                               " ORDER BY o.decided_at, o.casefile_id, o.outbox_no"):
            message = email.message_from_bytes(raw, policy=email.policy.default)
            texts.append(message.get_body(("plain",)).get_content())
        return texts

    def account(self, day, account="A-1"):
        return self.at(day, "account", "show", account)

    def open_of(self, day, debt="INV-1", account="A-1"):
        """What is open of each instalment of a debt, as the account's page says it."""
        return [row["open"] for row in self.account(day, account)["debts"] if row["debt"] == debt]

    def balance(self, day, account="A-1", currency="USD"):
        found = self.at(day, "explain", account, "--action", "balance", "--at", day)["balances"]
        return next((row for row in found if row["currency"] == currency), None)

    def sound(self):
        same(self.findings(), [], "recoup prove finds nothing")


def table_line(text, debt):
    """The words of the line of a debt in the table of a letter."""
    found = [line.split() for line in text.splitlines() if line.startswith(debt + " ")]
    same(len(found), 1, f"{debt} stands once in the letter")
    return found[0]


def rows_of_page():
    """{number: (page's test file, test's name)}"""
    return {int(number): (path, name) for number, path, name in
            re.findall(r"^\| X(\d+) \|.*\| `(tests/[\w.]+)`: `(\w+)`[^|]*\|$", PAGE.read_text(), re.M)}


def check_page(results, module, first, last):
    """The page names a test of this file for every trap of it, and no other."""
    path = "tests/" + pathlib.Path(module["__file__"]).name
    page = rows_of_page()
    for number in range(first, last + 1):
        named = page.get(number)
        fine = named is not None and named[0] == path and named[1].startswith(f"x{number}_") and \
            callable(module.get(named[1]))
        results.check(fine, f"docs/traps.md: X{number} names its test", str(named))
    return {name for _, name in page.values()}


def main(module, name, first, last, only):
    results = spine.Results(name)
    traps = {k: v for k, v in module.items() if re.match(r"x\d+_", k) and inspect.isfunction(v)}
    named = check_page(results, module, first, last)
    for trap, function in traps.items():
        if only and not any(trap.startswith(one) for one in only):
            continue
        results.check(trap in named and function.__doc__, f"{trap} is on the page, and says why")
        with spine.scratch("trap") as folder:
            count = 0

            def fresh(*args, **more):
                nonlocal count
                count += 1
                home = folder / str(count)
                shutil.rmtree(home, ignore_errors=True)
                home.mkdir()
                return Book(home, *args, **more)

            try:
                function(fresh)
                results.check(True, trap)
            except Exception as error:  # whatever it is, the next trap is tried
                line = traceback.extract_tb(error.__traceback__)
                here = [f.lineno for f in line if f.filename == module["__file__"]]
                results.check(False, f"{trap} (line {here[-1] if here else '?'})", str(error))
    return results.end()
