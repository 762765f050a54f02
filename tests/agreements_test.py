#!/usr/bin/env python3
"""Plans and offers through the program: proposed by payday, agreed, skipped, moved, paid to the end;
an offer approved by a second person, accepted, paid and fulfilled, or void; a plan that is debited.
At the end the book can be proved."""
import os
import pathlib
import re
import subprocess
import sys

import spine

MAP = """map: tiny
title: Invoices
kind: invoices
file: {delimiter: comma, encoding: utf-8}
dates: yyyy-mm-dd
amounts: {decimal: "."}
debtor:
  reference: "{account}"
  creditor: us
  role: first_party_creditor
  business: "{business}"
  name: "{name}"
  email: "{email}"
  language: en
  places: US-WI
  zones: America/Chicago
  address: "{street}|Madison WI 53703"
debt:
  reference: "{invoice}"
  kind: personal_loan
  currency: USD
  invoice_day: "{date}"
  due_day: "{due}"
  amount: "{amount}"
"""
ROWS = """account,name,email,street,invoice,date,due,amount,business
A,Maya Thompson,,12 Oak Lane,INV-1,2026-09-10,2026-10-01,600.00,no
B,Ann Bell,,14 Oak Lane,INV-2,2026-09-10,2026-10-01,1000.00,no
C,Ken Wolf,,16 Oak Lane,INV-3,2026-09-10,2026-10-01,1000.00,no
D,Eve Long,,18 Oak Lane,INV-4,2021-01-10,2021-02-01,900.00,no
E,Joe Hill,joe@example.com,20 Oak Lane,INV-5,2026-09-10,2026-10-01,400.00,no
"""

results = spine.Results("agreements")


def at(day):
    return ["--now", f"{day}T18:00:00Z"]


def same(got, wanted, what):
    results.check(got == wanted, what, "wanted %r" % (wanted,), "got    %r" % (got,))


def has(text, words, what):
    results.check(words in text, what, "wanted %r" % words, "in     %r" % text)


def begin(folder):
    spine.in_folder(folder, "init", "--name", "d", "--org", "Northwind", "--tz",
                    "America/Chicago", "--no-input")
    for name, value in (("address", "1 Dock Road|Portland OR 97201"), ("country", "US")):
        spine.in_folder(folder, "setting", "put", name, value)
    pathlib.Path(folder, "recoup.yaml").write_text("channels: {folder: sent}\n")
    pathlib.Path(folder, "tiny.yaml").write_text(MAP)
    pathlib.Path(folder, "rows.csv").write_text(ROWS)
    spine.in_folder(folder, "import", "invoices", "rows.csv", "--map", "./tiny.yaml", "-y",
                    *at("2026-11-16"))
    return spine.Recoup(os.path.join(folder, "recoup.db"))


def items(book, account):
    return [(row["due"][5:], row["amount"], row["state"])
            for row in book.json("plan", "show", account, *at("2026-11-16"))["items"]]


def state(book, what, account):
    return book.json(what, "list", account, *at("2026-11-16"))[what + "s"][0]["state"]


def proposals(book):
    words = ["--spare", "50", "--spare-every", "week", "--payday", "friday"]
    said = book.json("plan", "propose", "A", *words, *at("2026-11-16"))["plans"]
    results.check(len(said) > 1 and all("just after payday" in p["why"] for p in said),
                  "plans by payday", said)
    same([p["number"] for p in said], list(range(1, len(said) + 1)), "numbered")
    results.check(not any(p["warning"] for p in said), "a young debt carries no warning", said)
    paid = book.json("plan", "propose", "A", "--income", "2600", "--expenses", "2400", "--payday",
                     "1,15", *at("2026-11-16"))["plans"]
    results.check(paid and all(float(p["total"]) == 600 for p in paid), "by income", paid)
    same(book.call("plan", "propose", "A", "--payday", "soon", *at("2026-11-16")).returncode, 2,
         "no payday")
    old = book.json("plan", "propose", "D", "--spare", "100", *at("2026-11-16"))["plans"]
    results.check(old and all("2027-02-01" in (p["warning"] or "") for p in old
                              if p["last"] > "2027-02-01"), "past the limitation day", old)
    results.check(any(p["warning"] for p in old), "some run past it", old)
    return words, said


def a_plan(book):
    words, said = proposals(book)
    place = next(i for i, p in enumerate(said) if p["payments"].startswith("12 payments"))
    made = book.json("plan", "create", "A", *words, "--plan", place + 1, "--by", "luis",
                     *at("2026-11-16"))
    same((made["first"], made["last"], made["total"]["amount"]),
         (said[place]["first"], said[place]["last"], "600.00"), "the one of the list")
    same(book.call("plan", "create", "A", *words, "--plan", 99, *at("2026-11-16")).returncode != 0,
         True, "there are not so many")
    book.must("plan", "cancel", "A", *at("2026-11-16"))
    book.must("plan", "create", "A", "--amount", "200", "--first-date", "2026-11-27", "--every",
              "weekly", "--by", "luis", *at("2026-11-16"))
    book.must("plan", "skip", "A", "--item", "2", *at("2026-11-16"))
    book.must("plan", "move", "A", "--item", "1", "--to", "2026-11-30", *at("2026-11-16"))
    same(items(book, "A"), [("11-30", "200.00", "open"), ("12-11", "200.00", "open"),
                            ("12-18", "200.00", "open")], "skipped and moved")
    for day in ("2026-11-30", "2026-12-11", "2026-12-18"):
        book.must("pay", "record", "A", "--amount", "200", *at(day))
        book.must("run", *at(day))
    same(state(book, "plan", "A"), "completed", "paid to the end")


def letter_of(folder, book):
    path = os.path.join(folder, "settlement.pdf")
    number = book.json("offer", "list", "B", *at("2026-11-17"))["offers"][0]["offer"]
    book.must("offer", "letter", "B", "--offer", number, "-o", path, *at("2026-11-17"))
    done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True,
                          check=True)
    return re.sub(r"\s+", " ", done.stdout)


def offers(folder, book):
    for account in "BC":
        book.must("offer", "make", account, "--discount", "40", "--pay-by", "2026-12-01", "--by",
                  "luis", *at("2026-11-16"))
        same(state(book, "offer", account), "waiting_approval", "forty percent is too much for one")
    refused = book.call("offer", "approve", "B", "--by", "luis", "--role", "manager",
                        *at("2026-11-17"))
    results.check(refused.returncode != 0, "nobody approves their own", refused.stdout)
    for account in "BC":
        book.must("offer", "approve", account, "--by", "dana", "--role", "manager",
                  *at("2026-11-17"))
        book.must("offer", "accept", account, "--by", "luis", "--via", "phone", *at("2026-11-17"))
    said = letter_of(folder, book)
    has(said, "$600.00", "the letter says what is paid")
    has(said, "$400.00", "and what is forgiven")
    book.must("pay", "record", "B", "--amount", "600", *at("2026-11-30"))
    for day in ("2026-11-30", "2026-12-20", "2027-01-10"):
        book.must("run", *at(day))
    same(state(book, "offer", "B"), "fulfilled", "paid in time")
    same(state(book, "offer", "C"), "void", "not paid")
    same([state(book, "plan", account) for account in "BC"], ["completed", "defaulted"], "plans")


def a_debit(folder, book):
    book.must("plan", "create", "E", "--amount", "200", "--first-date", "2027-02-05", "--autopay",
              "checking ...4411", "--agreed-by", "letter", "--evidence", "SCAN-7", *at("2027-01-11"))
    for day in ("2027-01-26", "2027-02-05", "2027-02-05"):
        book.must("run", *at(day))
        spine.in_folder(folder, "worker", "--until-idle", *at(day))
    mails = [p.read_text(errors="replace") for p in pathlib.Path(folder, "sent").glob("*.eml")]
    results.check(any("4411" in m and "$200.00" in m and "February 5, 2027" in m for m in mails),
                  "the debit is announced", mails)
    pending = [p for p in book.json("pay", "list", "E", *at("2027-02-05"))["payments"]
               if p["state"] == "pending"]
    same([(p["amount"], p["method"]) for p in pending], [("200.00", "direct_debit")],
         "asked for once")
    plan = book.json("plan", "list", "E", *at("2027-02-05"))["plans"][0]["plan"]
    book.must("pay", "record", "E", "--amount", "200", "--ref", f"plan {plan} item 1",
              *at("2027-02-06"))
    book.must("run", *at("2027-02-06"))
    same(items(book, "E")[0][2], "kept", "collected")


def main():
    with spine.scratch("agreements") as folder:
        book = begin(folder)
        a_plan(book)
        offers(folder, book)
        a_debit(folder, book)
        results.none(book.findings(), "prove finds something")
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
