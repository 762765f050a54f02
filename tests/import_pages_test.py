#!/usr/bin/env python3
"""A file comes in over the console: looked at, mapped, checked, loaded; and what cannot be."""
import sqlite3
import sys
import time

import console
import spine

SHOP = """Invoice No;Customer no;Customer;Country;E-mail;Invoice Date;Due Date;Total;Open
1001;C-7;Harbour Café GmbH;DE;office@harbour.example;03.02.2026;17.02.2026;1.250,00;1.250,00
1002;C-8;Mill & Sons Ltd;GB;mill@sons.example;04.02.2026;18.02.2026;80,00;30,00
1003;C-7;Harbour Café GmbH;DE;office@harbour.example;05.02.2026;19.02.2026;4O,00;40,00
""".encode()
OURS = {"always.debtor.business": "true", "always.debtor.role": "first_party_creditor",
        "always.debt.currency": "EUR"}


def settled(page):
    """The page once nothing is being read any more."""
    for _ in range(200):
        if not page.says("You can leave this page and come back"):
            return page
        time.sleep(0.05)
        page = page.console.get(page.path)
    raise RuntimeError("the file is read for ever")


def upload(person, name, content, **fields):
    return person.get("/admin/imports").form("/admin/imports").submit(
        files={"file": (name, content)}, **fields)


def chosen(page, field):
    form = page.form("/check")
    return dict(form.fields).get(f"column.{field}")


def check_mapping(results, rosa):
    page = upload(rosa, "shop.csv", SHOP)
    results.check(page.status == 200 and page.says("Which column means what"), "it is looked into")
    for field, column in (("debtor.reference", "Customer no"), ("debtor.name", "Customer"),
                          ("debtor.email", "E-mail"), ("debtor.country", "Country"),
                          ("debt.reference", "Invoice No"), ("debt.invoice_day", "Invoice Date"),
                          ("debt.due_day", "Due Date"), ("debt.amount", "Total"),
                          ("debt.balance", "Open")):
        results.check(chosen(page, field) == column, f"{field} is guessed", chosen(page, field))
    form = dict(page.form("/check").fields)
    results.check((form["dates"], form["decimal"], form["grouping"]) == ("dd.mm.yyyy", ",", "."),
                  "dates and amounts are guessed", form)
    results.check(page.says("4O,00"), "the rows are shown")
    return page


def check_loading(results, rosa, book, page):
    refused = page.form("/check").submit()
    results.check(refused.status == 422 and refused.says("business"), "what is needed is asked for",
                  refused.words()[:400])
    page = settled(page.form("/check").submit(**OURS))
    results.check(page.says("Would add 2", "Need attention 1", "letter O in a number", "EUR"),
                  "the check says what would happen", page.words()[:600])
    results.check(debts(book) == [], "a check keeps nothing")
    page = settled(page.form("/load").submit(leave_out="yes"))
    results.check(page.says("What was loaded", "Added 2"), "it is loaded", page.words()[:400])
    results.check(debts(book) == ["1001", "1002"], "and is there", debts(book))
    rejects = rosa.get(page.path + "/rejects.csv")
    results.check("4O,00" in rejects.text and "attachment" in rejects.header("Content-Disposition"),
                  "the rest comes as a file", rejects.text[:200])
    again = rosa.post(page.path + "/load")
    results.check(again.status == 409, "what was loaded is not loaded again", str(again.status))
    with sqlite3.connect(book) as db:
        kept = db.execute("SELECT length(bytes), state FROM intake WHERE intake_no = 1").fetchone()
        said = db.execute("SELECT record FROM journal WHERE kind = 'intake'").fetchall()
    results.check(kept == (None, "loaded"), "the bytes were let go", kept)
    results.check(any('"change":"loaded"' in row[0] and "rosa@fairhaven.example" in row[0]
                      for row in said), "the journal says who loaded it", said)


def debts(book):
    with sqlite3.connect(book) as db:
        rows = db.execute("SELECT reference FROM debt WHERE reference IN ('1001', '1002', '1003') "
                          "ORDER BY reference").fetchall()
    return [row[0] for row in rows]


def check_second(results, rosa):
    page = upload(rosa, "shop-december.csv", SHOP.replace(b"1001", b"1101"))
    results.check(page.says("Read as the last file with these columns was"), "it is remembered")
    form = dict(page.form("/check").fields)
    results.check(form["always.debtor.business"] == "true" and form["always.debt.currency"] == "EUR",
                  "with what was chosen", form)
    page = settled(page.form("/check").submit())
    results.check(page.says("Would add 1", "Already here 1"), "an invoice that is here is not added",
                  page.words()[:500])
    gone = page.form("/drop").submit()
    results.check(gone.says("The file was dropped"), "it can be dropped", gone.words()[:300])


def check_sample(results, rosa):
    page = rosa.get("/admin/imports")
    sample = rosa.get("/admin/imports/sample.csv")
    rows = sample.text.strip().splitlines()
    results.check('href="/admin/imports/sample.csv"' in page.text and sample.status == 200
                  and "attachment" in sample.header("Content-Disposition") and len(rows) == 5,
                  "there is a sample file", sample.text[:200])
    page = settled(upload(rosa, "sample.csv", sample.bytes).form("/check").submit())
    results.check(page.says("Would add 4", "Need attention 0"), "it is read without a question",
                  page.words()[:600])
    page = settled(page.form("/load").submit())
    results.check(page.says("What was loaded", "Added 4"), "and loaded whole", page.words()[:400])


def check_bad(results, rosa, omar):
    results.check(upload(rosa, "empty.csv", b"").status == 422, "an empty file is refused")
    page = upload(rosa, "picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00" * 9)
    results.check(page.status in (400, 422), "a picture is no file of rows", page.words()[:300])
    page = rosa.post("/admin/imports", {"kind": "invoices"})
    results.check(page.status == 422 and page.says("Choose a file"), "no file at all")
    page = upload(rosa, "x.csv", SHOP, kind="poems")
    results.check(page.status == 422 and page.says("Say what is in the file"), "an unknown kind")
    results.check(rosa.get("/admin/imports/999").status == 404, "no such file")
    results.check(rosa.get("/admin/imports/1e9").status == 404, "no number")
    results.check(omar.get("/admin/imports").status == 403, "a collector loads no files")
    known = upload(rosa, "xero.csv", b"a,b\n1,2\n")
    page = known.form("/check").submit(map="../../etc/passwd", **OURS)
    results.check(page.status == 422, "a map is a name, not a path", str(page.status))
    page = known.form("/check").submit(**{"column.debt.amount": "no such {column}", **OURS})
    page = settled(page) if page.status == 200 else page
    results.check(page.status == 422 or page.says("not taken", "Nothing was changed"),
                  "a column that is not there", page.words()[:500])


def check_interrupted(results, book):
    with sqlite3.connect(book) as db:
        number = db.execute("SELECT MAX(intake_no) FROM intake WHERE bytes IS NOT NULL").fetchone()[0]
        db.execute("UPDATE intake SET state = 'loading' WHERE intake_no = ?", (number,))
    with console.Console(book, "rosa") as rosa:
        page = rosa.get(f"/admin/imports/{number}")
        results.check(page.says("The program ended while this file was read"),
                      "what was under way is told", page.words()[:400])


def main():
    results = spine.Results("import pages")
    with spine.scratch("intake") as folder:
        book = console.demo(folder, 60)
        with console.serving(book) as address:
            with console.Console(address, "rosa") as rosa, console.Console(address, "omar") as omar:
                page = check_mapping(results, rosa)
                check_loading(results, rosa, book, page)
                check_second(results, rosa)
                check_sample(results, rosa)
                check_bad(results, rosa, omar)
        check_interrupted(results, book)
        proof = spine.Recoup(book).call("prove")
        results.check(proof.returncode == 0, "the book is sound", proof.stdout[-400:])
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
