#!/usr/bin/env python3
"""The page of a business over HTTP: every invoice with how late it is, what is open of it, its disputes
and its plan; when they pay; what one message speaks of, as the API says it. A person's reference leads to
their account, and nobody sees more than of the account.
"""
import re
import sqlite3
import sys

import api_client
import console
import spine

RESULTS = spine.Results("customer")
check = RESULTS.check

MAP = """map: supplier
title: What the firm owes
kind: invoices
dates: yyyy-mm-dd
debtor:
  reference: "{Customer}"
  business: "%s"
  role: %s
  creditor: %s
  name: %s {Customer}
  email: "{Customer}@quill-joinery.example"
  places: US-WI
  zones: America/Chicago
debt:
  reference: "{No}"
  kind: invoice
  currency: USD
  invoice_day: "{Date}"
  due_day: "{Due}"
  amount: "{Total}"
  balance: "{Open}"
"""
INVOICES = (("QJ-1", "2026-07-15", "2026-08-14", "900.00"), ("QJ-2", "2026-09-15", "2026-10-15", "400.00"),
            ("QJ-3", "2026-10-12", "2026-11-11", "100.00"), ("QJ-4", "2026-10-20", "2026-11-19", "50.00"),
            ("QJ-5", "2026-11-05", "2027-01-10", "70.00"))


def load(recoup, folder, customer, rows, kind=("true", "first_party_creditor", "Fairhaven Supply", "Quill Joinery"),
         still=None):
    (folder / "firm.yaml").write_text(MAP % kind)
    (folder / "open.csv").write_text("Customer,No,Date,Due,Total,Open\n" + "".join(
        f"{customer},{no},{date},{due},{total},{still or total}\n" for no, date, due, total in rows))
    recoup.must("import", "invoices", folder / "open.csv", "--map", folder / "firm.yaml", "-y", "--now", console.DEMO_NOW)


def made(folder, master):
    """A firm that disputes one invoice, a part of another, and pays a third by a plan; one that owes
    nothing any more; a person."""
    db = folder / "firm.db"
    spine.copy_book(master, db)
    recoup = spine.Recoup(db)

    def do(*words):
        recoup.must(*words, "--now", console.DEMO_NOW)

    load(recoup, folder, "Q-1", INVOICES)
    load(recoup, folder, "Q-2", [("QJ-9", "2026-06-15", "2026-07-15", "30.00")])
    load(recoup, folder, "Q-3", [("QJ-8", "2026-06-15", "2026-07-15", "30.00")],
         ("false", "third_party_collector", "Bluebird Wireless", "Maya"))
    do("dispute", "open", "Q-1", "--debt", "QJ-1", "--reason", "service", "--via", "letter")
    do("dispute", "open", "Q-1", "--debt", "QJ-2", "--amount", "150", "--reason", "amount", "--via", "email")
    do("plan", "create", "Q-1", "--debt", "QJ-3", "--amount", "50", "--first-date", "2026-12-04",
       "--agreed-by", "phone", "--evidence", "recording 1", "--role", "manager")
    do("pay", "record", "Q-2", "--amount", "30", "--on", "2026-08-03")
    return db, recoup


def row_of(page, reference):
    """The row of an open invoice, as words, and its links."""
    found = re.search(rf"<tr><td><b>{reference}</b>.*?</tr>", page.text, re.S)
    bare = re.sub(r"<[^>]*>", " ", found.group(0)) if found else ""
    return re.sub(r"\s+", " ", bare), re.findall(r'href="([^"]*)"', found.group(0)) if found else []


def the_invoices(page, db):
    check(page.says("Quill Joinery Q-1", "Fairhaven Supply, our own", "Business", "$1,520.00"), "who, and the balance",
          page.words()[:400])
    numbers = dict(spine.rows(db, "SELECT d.reference, x.dispute_no FROM dispute x JOIN debt d USING (bucket, casefile_id,"
                              " debt_no)"))
    plan = spine.rows(db, "SELECT p.plan_no FROM plan p JOIN casefile c USING (bucket, casefile_id) WHERE c.reference = 'Q-1'")
    for reference, wanted, links in (
            ("QJ-1", ("98 days late", "$900.00", "The whole in dispute"), [f"/accounts/Q-1/dispute/{numbers['QJ-1']}"]),
            ("QJ-2", ("36 days late", "$400.00", "$150.00 in dispute"), [f"/accounts/Q-1/dispute/{numbers['QJ-2']}"]),
            ("QJ-3", ("9 days late", "$100.00", "plan: Dec 4, 2026"), [f"/accounts/Q-1/plan/{plan[0][0]}"]),
            ("QJ-4", ("1 day late", "$50.00"), []), ("QJ-5", ("due in 51 days", "$70.00"), [])):
        words, found = row_of(page, reference)
        check(all(w in words for w in wanted), f"{reference}: how late, what is open, what there is of it", words)
        check(found == links, f"{reference}: leads there", found, links)
        check(page.console.get(links[0]).status == 200 if links else True, f"{reference}: where there is a page")
    widths = [int(w) for w in re.findall(r'<rect class="a\d" x="\d+" y="0" width="(\d+)"', page.text)]
    check(sum(widths) == 1000 and len(widths) >= 3, "the bar of ages is above them", widths)
    check(page.text.index('class="bd agebar"') < page.text.index("<b>QJ-1</b>"), "and comes first")
    check(page.says("$50.00 by Fri, Dec 4", "plan "), "when they pay", page.words())


def the_next_message(page, program):
    """By the page, and by the API: one message, of what is late and nothing stops."""
    check(page.says("of 2 invoices: QJ-2, QJ-4.", "1 left out, in dispute: QJ-1", "1 left out, paid by a plan: QJ-3",
                    "1 left out, not late: QJ-5"), "what one message speaks of", page.words())
    said = program.ask("GET", "/api/v1/accounts/Q-1/explanation")[1]["explanation"]["speaks_of"]
    check({row["debt"]: row["mention"] for row in said} == {
        "QJ-1": "disputed", "QJ-2": "told", "QJ-3": "planned", "QJ-4": "told", "QJ-5": "early"}, "the API says it", said)
    debts = program.ask("GET", "/api/v1/accounts/Q-1")[1]["debts"]
    check({row["debt"]: row["disputed"] for row in debts}["QJ-2"] == "150.00", "and what of a line is in dispute", debts)


def how_it_is_reached(priya):
    page = priya.get("/customers/Q-1")
    check(page.status == 200 and "<title>Quill Joinery Q-1, Q-1: customer" in page.text, "it has a title", page.text[:300])
    check(priya.get("/customers/QJ-2").says("Quill Joinery Q-1"), "by the number of an invoice, too")
    check('<li><a href="/accounts/Q-1"' in priya.get("/search").text, "and it was opened lately")
    check("/accounts/Q-1/statement" in page.links() and 'data-key="l"' in page.text, "the statement is its first button")
    check(priya.get("/accounts/Q-1/statement").says("Lines in USD"), "which is there")
    for tab in ("", "?tab=debt", "?tab=money"):
        check("/customers/Q-1" in priya.get(f"/accounts/Q-1{tab}").links(), f"the account {tab} leads to it")
    check("/accounts/Q-1?tab=timeline" in page.links(), "and it to the account")
    person = priya.get("/customers/Q-3", follow=False)
    check(person.status == 303 and person.header("Location") == "/accounts/Q-3", "a person's leads to their account",
          person.status, person.header("Location"))
    check("/customers/Q-3" not in priya.get("/accounts/Q-3").links(), "which leads to no other")
    check(priya.get("/customers/NONE").status == 404, "what is not there is not found")


def when_nothing_is_open(priya):
    page = priya.get("/customers/Q-2")
    check(page.says("Nothing is open. The last one was settled on Aug 3, 2026.", "No date is agreed.", "Nothing is owed"),
          "nothing is open", page.words())
    check("agebar" not in page.text and "Propose dates" not in page.text, "and there is nothing to propose")


def of_many_the_open_ones(folder, db, recoup):
    """More invoices than a page has room for: what is open stands on it, however old."""
    rows = [(f"QM-{n}", "2026-03-01", f"2026-{3 + n // 100:02d}-{1 + n % 28:02d}", "10.00") for n in range(520)]
    load(recoup, folder, "Q-4", rows)
    split = ",".join(f"{no}=10" for no, *_ in rows[1:])
    recoup.must("pay", "record", "Q-4", "--amount", "5190", "--on", "2026-10-01", "--split", split, "--now", console.DEMO_NOW)
    with console.Console(db, "priya") as priya:
        page = priya.get("/customers/Q-4")
        check(row_of(page, "QM-0")[0] != "", "the oldest is open, and shown")
        check(page.says("Show 499 that are settled", "The statement has every line."), "the others are not all", page.words()[-900:])


def who_may(db, address):
    """What somebody limited to a client may not see, and who may not agree is not asked to."""
    vic = console.Console(address, "vic").get("/customers/Q-1")
    check(vic.status == 200 and vic.says("QJ-1") and "/accounts/Q-1/plan" not in vic.links(), "who reads only")
    with sqlite3.connect(db) as book:
        book.execute("UPDATE staff SET clients = 'Harvest Credit Union' WHERE email = 'omar@fairhaven.example'")
    book.close()
    with console.Console(db, "omar") as omar:
        for reference in ("Q-1", "Q-3"):
            page = omar.get(f"/customers/{reference}", follow=False)
            check(page.status == 404 and not page.says("Quill"), f"{reference} of another client is not there", page.status)


def the_books_differ(folder, db, recoup):
    recoup.must("pay", "record", "Q-1", "--amount", "20", "--on", "2026-11-01", "--debt", "QJ-4", "--now", console.DEMO_NOW)
    load(recoup, folder, "Q-1", INVOICES[3:4])
    with console.Console(db, "priya") as priya:
        page = priya.get("/customers/Q-1")
        check(page.says("Do not quote a balance.", "client file says $50.00; ours says $30.00"), "the red band stands",
              page.words()[:600])
        check("/accounts/Q-1/plan" not in page.links() and "/accounts/Q-1/promise" not in page.links(),
              "and no dates are proposed")


def main():
    with spine.scratch("customer") as folder:
        db, recoup = made(folder, console.demo(folder, 40))
        program = api_client.token(db, "customer", "accounts", user="lena")
        with console.serving(db) as address:
            priya = console.Console(address, "priya")
            page = priya.get("/customers/Q-1")
            the_invoices(page, db)
            the_next_message(page, api_client.Program(address, program))
            how_it_is_reached(priya)
            when_nothing_is_open(priya)
            who_may(db, address)
        of_many_the_open_ones(folder, db, recoup)
        the_books_differ(folder, db, recoup)
        found = recoup.findings()
        check(not found, "the book is sound", *found)
    return RESULTS.end()


if __name__ == "__main__":
    sys.exit(main())
