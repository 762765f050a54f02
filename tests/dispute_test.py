#!/usr/bin/env python3
"""A disputed part from the file to the end: the letter leaves it out and says so, the rest goes
on, money meanwhile pays the rest, what is upheld is taken off, and the book can be proved."""
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
  business: yes
  name: "{name}"
  language: "{language}"
  places: "{place}"
  zones: "{zone}"
  address: "{street}|{town}"
debt:
  reference: "{invoice}"
  kind: invoice
  currency: "{currency}"
  invoice_day: "{date}"
  due_day: "{due}"
  amount: "{amount}"
"""
ROWS = """account,name,language,place,zone,street,town,currency,invoice,date,due,amount
A,Maya Thompson,en,US-WI,America/Chicago,12 Oak Lane,Madison WI 53703,USD,INV-1,2026-10-10,2026-11-01,1284.56
A,Maya Thompson,en,US-WI,America/Chicago,12 Oak Lane,Madison WI 53703,USD,INV-2,2026-10-10,2026-11-02,300.00
B,Ken Wolf,de,DE-BE,Europe/Berlin,Alte Gasse 1,10117 Berlin,EUR,INV-3,2026-10-10,2026-11-05,500.00
B,Ken Wolf,de,DE-BE,Europe/Berlin,Alte Gasse 1,10117 Berlin,EUR,INV-4,2026-10-10,2026-11-06,70.00
C,Ahmad Hasan,ar,DE-BE,Europe/Berlin,Alte Gasse 2,10117 Berlin,EUR,INV-5,2026-10-10,2026-11-05,500.00
D,Ann Bell,en,US-WI,America/Chicago,14 Oak Lane,Madison WI 53703,USD,INV-6,2026-10-10,2026-11-01,90.00
"""
DAYS = {day: "2026-11-%02dT16:00:00Z" % day for day in range(16, 30)}

results = spine.Results("dispute")


def same(got, wanted, what):
    results.check(got == wanted, what, "wanted %r" % (wanted,), "got    %r" % (got,))


def letters(folder):
    """What each letter says, by the reference that its debtor quotes."""
    said = {}
    for path in pathlib.Path(folder, "sent").glob("*.pdf"):
        done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True,
                              check=True)
        text = re.sub(r"\s+", " ", done.stdout)
        said[re.search(r"INV-[0-9]", text).group()] = text
    return said


def items(book):
    return {row[0]: row[1:] for row in spine.rows(
        book.db, "SELECT d.reference, amount_minor, paid_minor, disputed_minor FROM instalment "
                 "JOIN debt AS d USING (bucket, casefile_id, debt_no)")}


def standing(book, day):
    rows = book.json("account", "list", "--now", DAYS[day])["accounts"]
    return {row["account"]: row["standing"] for row in rows}


def begin(folder):
    spine.in_folder(folder, "init", "--name", "d", "--org", "Northwind Paper", "--tz",
                    "America/Chicago", "--no-input")
    for name, value in (("address", "1 Dock Road|Portland OR 97201"), ("country", "US")):
        spine.in_folder(folder, "setting", "put", name, value)
    pathlib.Path(folder, "recoup.yaml").write_text("channels: {folder: sent}\n")
    pathlib.Path(folder, "tiny.yaml").write_text(MAP)
    pathlib.Path(folder, "rows.csv").write_text(ROWS)
    pathlib.Path(folder, "letter.txt").write_text("Two panes came broken.\n")
    spine.in_folder(folder, "import", "invoices", "rows.csv", "--map", "./tiny.yaml", "-y",
                    "--now", DAYS[16])
    return spine.Recoup(os.path.join(folder, "recoup.db"))


def open_disputes(book):
    first = book.json("dispute", "open", "A", "--debt", "INV-1", "--line", "2 panes", "--amount",
                      "200", "--reason", "came broken", "--via", "letter", "--received",
                      "2026-11-14", "--by", "Ann", "--key", "k1", "--now", DAYS[16])
    same([first["part"], first["reason"], first["answer_by"]],
         ["2 panes, $200.00", "other", "2026-12-14"], "a line of an invoice")
    again = book.json("dispute", "open", "A", "--debt", "INV-1", "--amount", "200", "--reason",
                      "amount", "--key", "k1", "--now", DAYS[16])
    same(again["dispute"], first["dispute"], "the same key is the same dispute")
    book.must("dispute", "open", "B", "--debt", "INV-3", "--amount", "120", "--reason", "amount",
              "--now", DAYS[16])
    book.must("dispute", "open", "B", "--debt", "INV-4", "--instalment", "1", "--reason", "paid",
              "--now", DAYS[16])
    book.must("dispute", "open", "C", "--debt", "INV-5", "--amount", "1.50", "--reason", "amount",
              "--now", DAYS[16])
    book.must("dispute", "open", "D", "--debt", "INV-6", "--reason", "not-mine", "--now", DAYS[16])
    return str(first["dispute"])


def first_letters(folder, book):
    book.must("run", "--now", DAYS[16])
    spine.in_folder(folder, "worker", "--until-idle", "--now", DAYS[16])
    said = letters(folder)
    same(sorted(said), ["INV-1", "INV-3", "INV-5"], "the rest goes on; a whole debt does not")
    for key, words in {
            "INV-1": ["$1,384.56", "$1,084.56", "In dispute, and not asked for now:",
                      "INV-1, due November 1, 2026: $200.00"],
            "INV-3": ["380,00 €", "Bestritten und derzeit nicht gefordert:",
                      "INV-3, fällig am 05.11.2026: 120,00 €", "INV-4, fällig am 06.11.2026: 70,00 €"],
            "INV-5": ["498.50"]}.items():
        for word in words:
            results.check(word in said.get(key, ""), "%s: %s" % (key, word), said.get(key, ""))
    results.check("$1,584.56" not in said["INV-1"], "the whole is asked for nowhere")
    same(standing(book, 16)["D"], "disputed", "a whole debt stands disputed")


def money_meanwhile(book):
    book.must("pay", "record", "A", "--amount", "1500", "--ref", "p1", "--now", DAYS[17])
    same([items(book)[key] for key in ("INV-1", "INV-2")],
         [(128456, 108456, 20000), (30000, 30000, 0)], "it pays what nobody disputes")
    book.must("run", "--now", DAYS[17])
    same(standing(book, 17)["A"], "disputed", "nothing is left but what is disputed")
    same(book.findings(), [], "the book is sound meanwhile")


def papers(book, folder, number):
    kept = [book.json("dispute", "evidence", "A", number, os.path.join(folder, "letter.txt"),
                      "--by", "Ann", "--now", DAYS[17])["kept"] for _ in range(2)]
    same(kept, [1, 0], "a paper is kept once")
    row = spine.rows(book.db, "SELECT name, digest, bytes FROM evidence")[0]
    same([row[0], row[2]], ["letter.txt", b"Two panes came broken.\n"], "byte for byte")
    results.check(spine.rows(book.db, "SELECT 1 FROM journal WHERE record LIKE ?",
                             "%" + row[1] + "%") != [], "its digest is in the chain")


def answers(book, number):
    done = book.json("dispute", "answer", "A", number, "--result", "upheld", "--by", "Bob",
                     "--now", DAYS[18])
    same([done["corrected"]["amount"], done["open"]["amount"]], ["200.00", "0.00"], "taken off")
    same(items(book)["INV-1"], (108456, 108456, 0), "by a credit")
    same([entry[0] for entry in spine.rows(
        book.db, "SELECT author FROM movement WHERE kind = 'credit'")], ["Bob"], "with its author")
    same(book.findings(), [], "the book is sound after it")
    book.must("dispute", "reopen", "A", number, "--now", DAYS[19])
    same(items(book)["INV-1"], (128456, 108456, 20000), "and as it was when that is undone")
    done = book.json("dispute", "answer", "A", "--result", "partly", "--amount", "50", "--on",
                     "2026-11-01", "--now", DAYS[19])
    same(done["open"]["amount"], "34.56", "in part, dated back; what waited pays the rest")
    same(book.call("dispute", "answer", "A", number, "--result", "upheld", "--now",
                   DAYS[19]).returncode, 7, "another answer is a conflict")
    book.must("run", "--now", DAYS[20])
    same(standing(book, 20)["A"] == "disputed", False, "what is not upheld is asked for again")
    shown = book.json("dispute", "show", "A", number)
    same([m["kind"] for m in shown["movements"]], ["dispute", "credit", "apply"],
         "what it did to the books")
    same(book.findings(), [], "the book is sound at the end")


def main():
    if subprocess.run(["which", "pdftotext"], capture_output=True, check=False).returncode != 0:
        spine.skip("there is no pdftotext")
    with spine.scratch("dispute") as folder:
        book = begin(folder)
        number = open_disputes(book)
        first_letters(folder, book)
        money_meanwhile(book)
        papers(book, folder, number)
        answers(book, number)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
