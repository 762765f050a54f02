#!/usr/bin/env python3
"""Statements and receipts through the program: sums that join, a payment dated back that makes one
untrue, the one that supersedes it, and the old one as it was given out."""
import csv
import decimal
import io
import os
import pathlib
import re
import subprocess
import sys

import spine

MAP = pathlib.Path(__file__).resolve().parent / "maps" / "placed.yaml"
ROW = {"who": "Ada Lane", "role": "third_party_collector", "creditor": "Harvest Bank",
       "state": "US-OH", "no": "A-1", "placed": "500.00", "day": "2026-03-02", "account": "",
       "since": "", "then": "", "was": "", "interest": "", "fees": "", "payments": "",
       "credits": ""}
results = spine.Results("statement")
check = results.check


def text_of(pdf):
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True,
                          check=True)
    return re.sub(r"\s+", " ", done.stdout.replace("\u00a0", " "))


def placed(folder):
    path = os.path.join(folder, "placed.csv")
    with open(path, "w", newline="") as out:
        rows = csv.DictWriter(out, ROW.keys())
        rows.writeheader()
        rows.writerow(ROW)
    return path


def lines_of(book, *words):
    return list(csv.DictReader(io.StringIO(
        book.must("statement", "ada-lane", *words, "--dry-run", "--csv"))))


def adds_up(lines, what):
    balance = decimal.Decimal(lines[0]["balance"])
    for line in lines[1:-1]:
        balance += decimal.Decimal(line["amount"])
        check(balance == decimal.Decimal(line["balance"]), f"{what}: {line['what']}")
    check(balance == decimal.Decimal(lines[-1]["balance"]), f"{what}: closing balance")
    return decimal.Decimal(lines[0]["balance"]), balance


def states(book, now):
    listed = book.json("statement", "list", "ada-lane", "--now", now)["statements"]
    return [(row["kind"], row["state"], row["replaces"]) for row in listed]


def made(book, now, *words):
    return int(book.json("statement", "ada-lane", *words, "--now", now)["statement"])


def superseding(book, folder):
    first = made(book, "2026-11-02T12:00:00Z", "--period", "2026-10", "--key", "october")
    pdf, again = folder / "october.pdf", folder / "again.pdf"
    show = ("statement", "show", "ada-lane", "--number", first, "--format", "pdf", "-o")
    book.must(*show, pdf)
    text = text_of(pdf)
    for piece in ("Statement from October 1, 2026 to October 31, 2026, reference ada-lane",
                  f"statement number {first}", "Harvest Bank", "from a debt collector, Fairhaven",
                  "Sep 30, 2026 Balance at the end of this day $500.00",
                  "Oct 5, 2026 Payment 1042, check, for A-1 -$100.00 $400.00",
                  "Balance on October 31, 2026 $400.00", "Principal $400.00"):
        check(piece in text, f"the page says \"{piece}\"", text)
    check(made(book, "2026-11-03T12:00:00Z", "--period", "2026-10") == first,
          "the same content is the same statement")
    check(made(book, "2026-11-03T12:00:00Z", "--period", "2026-10", "--key", "october") == first,
          "the same key is the same statement")
    check(states(book, "2026-11-03T12:00:00Z") == [("statement", "stands", None)], "it stands")

    book.must("pay", "record", "ada-lane", "--amount", "50", "--on", "2026-10-20", "--ref", "1043",
              "--now", "2026-11-05T12:00:00Z")
    check(states(book, "2026-11-05T13:00:00Z")[0][1] == "not true any more",
          "a payment dated back makes it untrue")
    second = made(book, "2026-11-06T12:00:00Z", "--period", "2026-10")
    check(states(book, "2026-11-06T13:00:00Z") ==
          [("statement", f"superseded by {second}", None), ("statement", "stands", first)],
          "the new one replaces it", states(book, "2026-11-06T13:00:00Z"))
    book.must(*show, again)
    check(pdf.read_bytes() == again.read_bytes(), "the old one is as it was given out")
    book.must("statement", "show", "ada-lane", "--number", second, "--format", "pdf", "-o", again)
    check(f"It replaces statement number {first}" in text_of(again), "the page says so")
    check("$350.00" in text_of(again), "with what it is now")


def sums(book):
    now = ("--now", "2026-12-01T12:00:00Z")
    end = None
    for period in ("2026-03", "2026-04..2026-09", "2026-10", "2026-11"):
        opening, closing = adds_up(lines_of(book, "--period", period, *now), period)
        check(end is None or opening == end, f"{period} opens as the one before it closed")
        end = closing
    check(end == 350, "what is left at last")
    for at, known, owed in (("2026-10-31", "2026-11-02T12:00:00Z", "400.00"),
                            ("2026-10-31", "2026-11-30T12:00:00Z", "350.00"),
                            ("2026-10-10", "2026-11-30T12:00:00Z", "400.00"),
                            ("2026-03-01", "2026-11-30T12:00:00Z", None)):
        told = book.json("explain", "ada-lane", "--action", "balance", "--at", at, "--known", known,
                         *now)
        found = [row["balance"] for row in told["balances"]]
        check(found == ([owed] if owed else []), f"as of {at}, known {known}", found)


def receipts(book, folder):
    pdf = folder / "receipt.pdf"
    book.must("statement", "receipt", "ada-lane", "--payment", "1042", "--format", "pdf", "-o", pdf,
              "--now", "2026-11-10T12:00:00Z")
    for piece in ("Receipt for $100.00", "A-1 $100.00 $0.00 $0.00 $100.00",
                  "at the end of October 5, 2026, with all that was owed on that day: $400.00"):
        check(piece in text_of(pdf), f"the receipt says \"{piece}\"", text_of(pdf))
    book.must("pay", "record", "ada-lane", "--amount", "25", "--ref", "1044", "--pending", "--now",
              "2026-11-10T12:00:00Z")
    book.must("statement", "receipt", "ada-lane", "--payment", "1044", "--format", "pdf", "-o", pdf,
              "--now", "2026-11-10T12:00:00Z")
    check("has not paid anything yet" in text_of(pdf), "a payment on its way paid nothing")


def refusals(book, folder):
    future = book.call("statement", "ada-lane", "--until", "2026-12-31", "--now",
                       "2026-12-01T12:00:00Z")
    check(future.returncode != 0 and "not here yet" in future.stderr, "no day that is not here yet",
          future.stderr)
    other = book.call("statement", "ada-lane", "--period", "2026-09", "--key", "october", "--now",
                      "2026-12-01T12:00:00Z")
    check(other.returncode == 7, "a key stands for one thing", other.stderr)
    check(book.call("statement", "receipt", "ada-lane", "--payment", "none").returncode == 3,
          "no such payment")
    kept = spine.rows(book.db, "SELECT COUNT(*) FROM statement")
    lines_of(book, "--now", "2026-12-01T12:00:00Z")
    check(spine.rows(book.db, "SELECT COUNT(*) FROM statement") == kept, "--dry-run keeps nothing")


def main():
    if not any(os.access(os.path.join(p, "pdftotext"), os.X_OK)
               for p in os.environ["PATH"].split(":")):
        spine.skip("pdftotext is not here")
    with spine.scratch("statement") as folder:
        book = spine.Recoup(folder / "book.db")
        book.must("init", "--name", "fairhaven", "--org", "Fairhaven Recovery", "--now",
                  "2026-03-01T12:00:00Z")
        book.must("setting", "put", "address", "P.O. Box 117\nColumbus, OH 43000")
        book.must("setting", "put", "country", "US")
        book.must("import", "accounts", placed(folder), "--map", MAP, "-y", "--now",
                  "2026-03-02T12:00:00Z")
        book.must("pay", "record", "ada-lane", "--amount", "100", "--on", "2026-10-05", "--method",
                  "check", "--ref", "1042", "--now", "2026-10-05T12:00:00Z")
        superseding(book, folder)
        sums(book)
        receipts(book, folder)
        refusals(book, folder)
        results.none(book.findings(), "prove finds nothing")
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
