#!/usr/bin/env python3
"""Payments, charges and terms through the program: every state of a payment, the same thing said
twice, two currencies, sums that must fit, a step that costs a fee; and a payment is taken while
the daily cycle runs. Every book proves sound at its end."""
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import time

import spine

NOW = "2026-03-20T12:00:00Z"
MAP = """map: test
kind: invoices
dates: yyyy-mm-dd
debtor: {reference: "{who}", name: "{who}", email: "{who}@example.com", language: en,
  role: first_party_creditor, business: "true", zones: Europe/Berlin, country: DE,
  address: "Weg 1, 10115 Berlin"}
debt: {reference: "{no}", kind: invoice, currency: "{currency}", invoice_day: "{day}",
  due_day: "{due}", amount: "{amount}", terms_name: "{terms}"}
"""
FEES = """terms: with-steps
title: Fees for steps
currency: EUR
due: {net: 14}
late_fees:
  - {name: reminder, amount: 2.50, step: past_due, clause: "For the reminder we charge 2.50."}
  - {name: demand, amount: 9, step: final_notice, law: BGB § 280}
late_fees_most: 10
"""
ROWS = """no,who,day,due,amount,currency,terms
INV-1,A,2026-01-01,2026-01-31,100.00,EUR,
INV-2,A,2026-01-01,2026-02-28,50.00,EUR,
USD-1,A,2026-01-01,2026-01-15,80.00,USD,
INV-9,B,2026-01-01,2026-02-10,60.00,EUR,
"""
SAID_BUSY = 50


class House:
    """A book with two accounts, in a folder of its own."""

    def __init__(self, folder, results, rows=ROWS):
        self.folder, self.results = folder, results
        folder.mkdir()
        (folder / "terms").mkdir()
        (folder / "terms" / "with-steps.yaml").write_text(FEES)
        (folder / "map.yaml").write_text(MAP)
        self.book = spine.Recoup(folder / "b.db", environment={"RECOUP_FILES": str(folder)})
        self.book.must("init", "--name", "test", "--org", "Test", "--currency", "EUR", "--tz",
                       "Europe/Berlin", "--now", NOW)
        for name, value in (("country", "DE"), ("email", "a@example.com"), ("phone", "+4930123"),
                            ("address", "Test|Weg 1|10115 Berlin")):
            self.book.must("setting", "put", name, value)
        self.take(rows)

    def take(self, rows, exit_code=0):
        (self.folder / "rows.csv").write_text(rows)
        done = self.book.call("import", "invoices", self.folder / "rows.csv", "--map",
                              self.folder / "map.yaml", "--now", NOW)
        self.results.check(done.returncode == exit_code, "import", done.stderr, done.stdout)
        return done

    def say(self, *words, now=NOW):
        return self.book.json(*words, "--now", now)

    def refused(self, code, piece, *words):
        done = self.book.call(*words, "--now", NOW)
        self.results.check(done.returncode == code and piece in done.stderr,
                           f"refused with {code}: {' '.join(words)}", done.returncode,
                           done.stderr)

    def people(self):
        word = self.folder / "word"
        word.write_text("correct-horse-battery\n")
        for name, role in (("cleo", "collector"), ("max", "team_lead"), ("lea", "manager"), ("vic", "read_only")):
            self.say("user", "add", f"{name}@firm.example", "--role", role, "--name", name.title(),
                     "--password-file", word)

    def states(self, account="A"):
        rows = self.say("pay", "list", account)["payments"]
        return {row["payment"]: (row["state"], row["paid"]) for row in rows}

    def sound(self):
        self.results.none(self.book.findings(), "findings of prove")


def minor(answer, key="open"):
    return answer[key]["minor"]


def states_of_a_payment(folder, results):
    house = House(folder / "states", results)
    pay = ("pay", "record", "A", "--amount", "EUR 60", "--ref", "P1", "--on", "2026-02-10")
    house.say(*pay, "--pending")
    results.check(house.states()["P1"] == ("pending", ""), "pending pays nothing")
    results.check(minor(house.say(*pay)) == 9000, "settled pays")
    results.check("already_done" in house.say(*pay), "said twice is once")
    results.check(house.states()["P1"] == ("settled", "INV-1 60.00"), "and it says what it paid")
    for state, reason in (("returned", "returned"), ("charged_back", "charged-back"),
                          ("failed", "failed"), ("duplicate", "duplicate")):
        house.say("pay", "record", "A", "--amount", "EUR 10", "--ref", state)
        back = ("pay", "reverse", "A", "--ref", state, "--reason", reason)
        results.check(minor(house.say(*back)) == 9000, f"{state} is open again")
        results.check("already_done" in house.say(*back), f"{state} twice is once")
        results.check(house.states()[state][0] == state, f"{state} is what the list says")
    house.refused(7, "on file as returned", "pay", "record", "A", "--amount", "EUR 10", "--ref",
                  "returned")
    house.refused(7, "returned already", "pay", "reverse", "A", "--ref", "returned", "--reason",
                  "duplicate")
    house.refused(2, "clause or the law", "pay", "reverse", "A", "--ref", "P1", "--reason",
                  "returned", "--fee", "5")
    results.check(house.states()["P1"][0] == "settled", "a fee without a ground undoes it all")
    with_fee = house.say("pay", "reverse", "A", "--ref", "P1", "--reason", "returned", "--fee",
                         "5", "--law", "BGB § 280")
    results.check(minor(with_fee) == 15500, "a returned payment costs its fee")
    house.sound()


def refund_agreed(house, results):
    """More than one gives back alone: another person agrees, or it stays."""
    house.people()
    house.say("pay", "record", "B", "--amount", "EUR 1500", "--ref", "S2", "--on", "2026-03-20")
    ask = ("pay", "refund", "B", "--ref", "S2", "--amount", "600", "--reason", "paid twice", "--key", "r2",
           "--by")
    house.refused(3, "nobody@firm.example", *ask, "nobody@firm.example")
    house.refused(4, "not those of manager", *ask, "max@firm.example", "--role", "manager")
    house.refused(4, "gives no money back", *ask, "vic@firm.example")
    asked = house.say(*ask, "max@firm.example")
    results.check(asked["approval"] == 1 and minor(asked, "waiting") == 151500, "it waits", asked)
    results.check("more than the" in asked["why"], "and says why", asked)
    results.check(house.say(*ask, "max@firm.example")["approval"] == 1, "asked twice is once")
    rows = house.say("approval", "list")["approvals"]
    results.check([row["kind"] for row in rows] == ["refund"], "it is listed", rows)
    house.refused(4, "yourself", "approval", "approve", "1", "--by", "max@firm.example")
    house.say("approval", "approve", "1", "--by", "lea@firm.example")
    again = house.say(*ask, "max@firm.example")
    results.check("already_done" in again and minor(again, "waiting") == 91500, "it is done", again)
    plan = ("plan", "create", "A", "--debt", "INV-1", "--months", "14", "--agreed-by", "phone", "--evidence", "rec 1")
    plan += ("--key", "p2", "--by")
    house.refused(4, "grants nothing", *plan, "vic@firm.example")
    asked = house.say(*plan, "max", "--role", "collector")
    results.check(asked["approval"] == 2 and "can approve it" in asked["why"], "a plan waits, too", asked)
    again = house.say(*plan, "max", "--role", "collector")
    results.check(again["approval"] == 2, "once for a key", again)
    alone = house.say(*plan[:-3], "--by", "lea@firm.example", "--dry-run")
    results.check("approval" not in alone and alone["plan"], "a manager agrees it alone", alone)
    house.say("approval", "decline", "2", "--by", "lea@firm.example", "--reason", "too long")
    lead = house.say(*ask[:-3], "--role", "manager")
    results.check(minor(lead, "waiting") == 31500, "a manager does it alone", lead)


def let_go(folder, results):
    """What a role may not let go alone waits for another person, who then does it."""
    house = House(folder / "let-go", results)
    house.people()
    big = ("charge", "add", "A", "--debt", "INV-1", "--component", "fees", "--amount")
    house.say(*big, "90", "--law", "x")
    waive = ("charge", "waive", "A", "--debt", "INV-1", "--component", "fees", "--reason", "goodwill", "--amount")
    before = minor(house.say(*waive, "1", "--dry-run")) + 100
    house.refused(4, "lets nothing go", *waive, "1", "--by", "vic@firm.example")
    house.refused(3, "no role", *waive, "1", "--role", "king")
    keyed = (*waive, "60", "--key", "w1", "--by", "cleo@firm.example")
    dry = house.say(*keyed, "--dry-run")
    results.check(dry["approval"] and house.say("approval", "list")["approvals"] == [], "a dry run asks nobody", dry)
    asked = house.say(*keyed)
    results.check("a team lead can approve it" in asked["why"] and "number" not in asked and "undo" not in asked
                  and minor(asked) == before, "more than a collector's waits", asked)
    results.check(f"recoup approval approve {asked['approval']} --by" in str(asked["next"]),
                  "and says what comes next", asked)
    results.check(house.say(*keyed)["approval"] == asked["approval"], "asked twice is once")
    house.refused(7, "waits", *waive, "61", "--by", "cleo@firm.example")
    listed, = house.say("approval", "list")["approvals"]
    results.check((listed["kind"], listed["asked_by"], listed["reason"]) == ("waiver", "Cleo", "goodwill"),
                  "it is listed", listed)
    house.refused(4, "", "approval", "approve", str(asked["approval"]), "--by", "cleo@firm.example")
    house.say("approval", "approve", str(asked["approval"]), "--by", "max@firm.example")
    again = house.say(*keyed)
    results.check("already_done" in again and minor(again) == before - 6000, "it is done, once", again)
    alone = house.say(*waive, "5", "--by", "cleo@firm.example")
    results.check(minor(alone) == before - 6500 and alone["number"], "within the limits it is done", alone)
    off = ("charge", "write-off", "A", "--debt", "INV-1", "--whole", "--reason", "insolvent")
    asked = house.say(*off, "--by", "max@firm.example")
    results.check("a manager can approve it" in asked["why"], "a write-off waits, too", asked)
    house.refused(4, "yourself", "approval", "approve", str(asked["approval"]), "--by", "max@firm.example")
    house.say("approval", "decline", str(asked["approval"]), "--by", "lea@firm.example", "--reason", "not yet")
    done = house.say(*off, "--by", "lea@firm.example")
    rows = house.say("charge", "list", "A")["charges"]
    results.check([row["author"] for row in rows if row["number"] == done["number"]] == ["Lea"], "by who did it", rows)
    house.say("offer", "make", "B", "--discount", "60", "--by", "max@firm.example")
    listed, = house.say("approval", "list")["approvals"]
    house.refused(4, "yourself", "approval", "approve", listed["approval"], "--by", "max@firm.example")
    house.sound()


def split_and_moved(folder, results):
    house = House(folder / "split", results)
    record = ("pay", "record", "A", "--amount", "EUR 80", "--ref", "S1")
    house.refused(2, "more than", *record, "--split", "INV-1=50,INV-2=30.01")
    house.refused(2, "USD-1", *record, "--split", "USD-1=50")
    house.refused(2, "no debt with its amount", *record, "--split", "INV-1")
    house.refused(3, "INV-9", *record, "--split", "INV-9=5")
    house.refused(2, "in USD", "pay", "record", "A", "--amount", "EUR 80", "--debt", "USD-1")
    house.say(*record, "--split", "INV-2=30,INV-1=40")
    results.check(house.states()["S1"][1] == "INV-2 30.00, INV-1 40.00, INV-1 10.00",
                  "the debtor's choice first, the rest by order", house.states())
    moved = ("pay", "reverse", "A", "--ref", "S1", "--reason", "wrong-account")
    house.refused(2, "needs --to", *moved)
    house.refused(2, "is the account", *moved, "--to", "A")
    results.check(minor(house.say(*moved, "--to", "B")) == 15000, "open again here")
    results.check("already_done" in house.say(*moved, "--to", "B"), "moved twice is once")
    results.check(house.states("B")["S1"] == ("settled", "INV-9 60.00, waits 20.00"),
                  "and counted there", house.states("B"))
    day = [row["received"] for row in house.say("pay", "list", "B")["payments"]]
    results.check(day == ["2026-03-20"], "on the same day", day)
    refund = ("pay", "refund", "B", "--ref", "S1", "--reason", "overpaid", "--amount")
    house.refused(7, "waits and can be refunded", *refund, "20.01")
    results.check(minor(house.say(*refund, "5", "--key", "r1"), "waiting") == 1500, "refunded")
    results.check("already_done" in house.say(*refund, "5", "--key", "r1"), "once for its key")
    shown = house.say("account", "show", "B")
    results.check(shown["waiting"] == "€15.00", "what waits is shown", shown)
    refund_agreed(house, results)
    house.sound()


def charges(folder, results):
    house = House(folder / "charges", results)
    add = ("charge", "add", "A", "--debt", "INV-1", "--component", "fees", "--on",
           "2026-03-18", "--amount", "15")
    house.refused(2, "a charge needs the clause or the law that allows it", *add)
    fee = house.say(*add, "--clause", "A returned check costs 15.", "--key", "c1")
    again = house.say(*add, "--clause", "A returned check costs 15.", "--key", "c1")
    results.check(fee["number"] == again["number"] and "already_done" in again, "once for a key")
    house.refused(7, "the key", *add[:-1], "16", "--law", "x", "--key", "c1")
    dry = house.say(*add, "--law", "x", "--dry-run")
    results.check(minor(dry) == 18000, "a dry run says what would be")
    results.check(minor(house.say("charge", "waive", "A", "--debt", "INV-1", "--component",
                                  "fees", "--reason", "goodwill", "--on", "2026-03-19")) == 15000, "and is not kept")
    house.refused(2, "no small balance", "charge", "write-off", "A", "--debt", "USD-1")
    house.book.must("setting", "put", "write_off_below", "EUR 5, USD 90")
    small = ("charge", "write-off", "A", "--debt", "USD-1")
    asked = house.say(*small, "--dry-run")
    results.check("a manager can approve it" in asked["why"], "small, and too much for a collector", asked)
    off = house.say(*small, "--role", "manager")
    results.check(minor(off) == 0, "small in its currency", off)
    house.say("charge", "undo", "A", "--number", str(off["number"]))
    shown = house.say("charge", "list", "A")["charges"]
    results.check([row["state"] for row in shown] == ["stands", "stands", "taken back"],
                  "the list keeps what was taken back", shown)
    results.check(shown[0]["ground"] == '"A returned check costs 15."', "with its ground")
    credit = house.say("charge", "credit", "A", "--amount", "EUR 160", "--reason", "goods")
    results.check((minor(credit), minor(credit, "waiting")) == (0, 1000), "a credit note nets", credit)
    house.sound()


def terms(folder, results):
    house = House(folder / "terms", results)
    bound = ("terms", "bind", "A", "--debt", "INV-1", "--terms", "trade-de")
    # 40 in compensation, and 48 days of 100.00 at 10.27 %
    results.check(minor(house.say(*bound)) == 15000 + 4000 + 135, "interest and fee by law")
    results.check("already_done" in house.say(*bound), "bound once")
    house.refused(2, "are in GBP", *bound[:-1], "trade-uk")
    house.refused(3, "no terms", *bound[:-1], "trade-d")
    shown = {row["part"]: row for row in house.say("terms", "show", "trade-de")["rows"]}
    results.check(shown["Interest"]["ground"].startswith("BGB § 288(2)"), "with its law", shown)
    done = house.book.call("terms", "check", folder / "terms" / "terms" / "with-steps.yaml")
    results.check(done.returncode == 0, "a sound file", done.stderr)
    bad = folder / "bad.yaml"
    bad.write_text(FEES.replace(', law: BGB § 280', ""))
    done = house.book.call("terms", "check", bad)
    results.check(done.returncode == 5 and "has no ground" in done.stderr, "a fee without ground",
                  done.stderr)
    head = ROWS.splitlines()[0] + "\n"
    rows = head + "L-1,C,2026-01-15,,1000.00,USD,instalment-loan-us\n"
    house.take(rows)
    dues = [(row["due"], row["amount"]) for row in house.say("account", "show", "C")["debts"]]
    results.check(len(dues) == 12 and dues[0] == ("2026-02-01", "83.33"), "due by terms", dues)
    results.check(sum(round(float(amount) * 100) for _, amount in dues) == 100000, "exactly")
    again = house.take(rows)
    results.check("unchanged" in again.stdout, "the same file changes nothing", again.stdout)
    for row, piece in (("L-2,C,2026-01-15,,1.00,USD,net-31", 'there are no terms "net-31"'),
                       ("L-2,C,2026-01-15,,1.00,USD,trade-de", "are in EUR"),
                       ("L-2,C,2026-01-15,,1.00,USD,", "missing")):
        done = house.take(head + row + "\n", exit_code=9)
        results.check(piece in done.stdout, f"refuses {row}", done.stdout)
    house.sound()


def a_step_costs_its_fee_once(folder, results):
    """X38: what the message says is on the account, and is there once."""
    house = House(folder / "steps", results,
                  ROWS.splitlines()[0] + "\nF-1,C,2026-03-01,,1000.00,EUR,with-steps\n")
    run = lambda at: house.book.must("run", "--now", at)
    for at in ("2026-03-22T10:00:00Z", "2026-03-22T11:00:00Z"):
        run(at)
    fees = [row["amount"] for row in house.say("charge", "list", "C")["charges"]]
    results.check(fees == ["2.50"], "one fee for one step", fees)
    run("2026-03-30T10:00:00Z")
    fees = house.say("charge", "list", "C", now="2026-03-30T12:00:00Z")["charges"]
    results.check([row["amount"] for row in fees] == ["2.50", "7.50"],
                  "the next within what all may come to", fees)
    results.check(fees[1]["ground"] == "BGB § 280" and "final_notice" in fees[1]["origin"],
                  "with its ground and its step", fees)
    said = house.say("outbox", "list", now="2026-03-30T12:00:00Z")["messages"]
    results.check([row["open"] for row in said] == ["1002.50", "1010.00"],
                  "the messages say what is owed with it", said)
    house.sound()


def a_payment_waits_for_no_run(folder, results):
    """While the cycle goes through a big book, payments are taken, each in a short while."""
    book = spine.Recoup(folder / "busy.db")
    made = subprocess.run([spine.program(), "demo", "--db", book.db, "--accounts", "3000",
                           "--no-serve"], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        print(f"demo: {made.stderr}")
    names = [row[0] for row in spine.rows(book.db, "SELECT reference FROM casefile LIMIT ?",
                                          SAID_BUSY)]
    run = subprocess.Popen([book.binary, "run", "--full", "--db", book.db, "--now",
                            "2026-12-24T12:00:00Z"], stdout=subprocess.DEVNULL)
    longest, during, failed = 0.0, 0, []
    for i, name in enumerate(names):
        began = time.monotonic()
        during += run.poll() is None
        done = book.call("pay", "record", name, "--amount", "USD 1", "--ref", f"busy-{i}",
                         "--now", "2026-12-24T12:00:00Z")
        longest = max(longest, time.monotonic() - began)
        if done.returncode != 0:
            failed.append(done.stderr)
    results.none(failed, "payments refused while the cycle runs")
    results.check(run.wait() == 0, "the cycle ends well")
    results.check(during > 0, "the cycle ran meanwhile", during)
    print(f"payments_test: {len(names)} payments, {during} while the cycle ran; the longest took "
          f"{longest * 1000:.0f} ms")
    results.none(book.findings(), "findings of prove")


def main():
    results = spine.Results("payments_test")
    with spine.scratch("payments") as folder:
        for part in (states_of_a_payment, split_and_moved, charges, let_go, terms,
                     a_step_costs_its_fee_once, a_payment_waits_for_no_run):
            part(folder, results)
    return results.end()


sys.exit(main())
