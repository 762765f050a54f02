#!/usr/bin/env python3
"""The page of an account over HTTP: its tabs, its next step, what may be done, what must stop; notes,
papers, addresses that are opened; who may see it; and how it stays quick with a long history.
"""
import json
import datetime
import pathlib
import re
import subprocess
import sys
import time

import console
import spine

NOW = console.PAGES_NOW  # Friday, November 20, 2026, 10:10 in Chicago
RESULTS = spine.Results("account")
check = RESULTS.check

CONSUMER = ("SELECT c.reference FROM casefile c WHERE c.business = 0 AND c.role = ? AND EXISTS "
            "(SELECT 1 FROM instalment i WHERE i.bucket = c.bucket AND i.casefile_id = "
            "c.casefile_id AND i.paid_minor < i.amount_minor) AND EXISTS (SELECT 1 FROM "
            "contact_point p WHERE p.bucket = c.bucket AND p.casefile_id = c.casefile_id AND "
            "p.channel = 'sms') AND EXISTS (SELECT 1 FROM party a WHERE a.bucket = c.bucket AND "
            "a.casefile_id = c.casefile_id AND a.places LIKE 'US-%') AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.bucket = c.bucket AND "
            "f.casefile_id = c.casefile_id AND f.type IN ('hold', 'attorney', 'cease', 'deceased', "
            "'military', 'bankruptcy', 'dispute')) ORDER BY c.reference")


def accounts(db, role="third_party_collector"):
    return [row[0] for row in spine.rows(db, CONSUMER, role)]


def journal(db, reference, kind):
    return [json.loads(row[0]) for row in spine.rows(
        db, "SELECT j.record FROM journal j JOIN casefile c ON c.bucket = j.bucket AND "
        "c.casefile_id = j.casefile_id WHERE c.reference = ? AND j.kind = ? ORDER BY j.seq",
        reference, kind)]


# ---- What is on it ----

def test_parts(db, address):
    who = accounts(db)[0]
    priya = console.Console(address, "priya")
    page = priya.get(f"/accounts/{who}")
    check(page.status == 200, "the page is there")
    for part in ('id="account-main"', 'id="account-side"', 'id="timeline-day-', 'id="composer"',
                 'data-key="t"', 'data-key="d"', 'data-key="m"', 'data-key="n"', 'data-key="w"',
                 'data-key="["', 'data-key="]"'):
        check(part in page.text, f"the page has {part}")
    check(page.says("Can I contact", "told us", "How the amount adds up",
                    "Balance today", "Past due", "Validation period", "Dispute", "Time limit",
                    "Next best action", "Not used: age, sex, ethnicity"), "its parts are named")
    check(len(re.findall(r"<h1\b", page.text)) == 1, "one heading of the first order")
    for tab, words in (("debt", "Where the balance comes from"), ("money", "Payments"),
                       ("documents", "Documents"), ("decisions", "Decisions"),
                       ("nonsense", "Timeline")):
        page = priya.get(f"/accounts/{who}?tab={tab}")
        check(page.status == 200 and page.says(words, "Can I contact"), f"tab {tab}")
    page = priya.get(f"/accounts/{who}/why")
    check(page.says("Why, and why not", "rules were asked and are satisfied"), "why, in full")
    for path in ("/accounts/NONE", "/accounts/NONE/why", f"/accounts/{who}/paper/e1",
                 f"/accounts/{who}/paper/x", "/accounts/NONE/next"):
        check(priya.get(path).status == 404, f"{path} is not there")
    check(priya.get(f"/accounts/{who}?before=zzz").status == 400, "a place that is none")
    check(priya.get(f"/accounts/{who}?tab=decisions&before=zzz").status == 400,
          "a place that is none, of decisions")


def balance_on(page):
    return re.search(r'class="bigsum num">([^<]*)<', page.text).group(1)


def test_amounts_agree(db, address):
    """The same balance on the page, in the sum beside it and on the statement."""
    rosa = console.Console(address, "rosa")
    for who in accounts(db)[:6] + accounts(db, "debt_buyer")[:2]:
        page = rosa.get(f"/accounts/{who}?tab=debt")
        balance = balance_on(page)
        feet = re.findall(r'Balance today</th><td class="num r">([^<]*)<', page.text)
        check(len(feet) >= 2 and set(feet) == {balance}, f"{who}: one balance", balance, feet)
        check("The books balance" in page.text, f"{who}: the books balance")
        check(rosa.get(f"/accounts/{who}/statement").says(balance), f"{who}: the statement too")


def test_ages(db, address):
    """What is open by how late it is, against the rows below and against the book."""
    rosa = console.Console(address, "rosa")
    many = [row[0] for row in spine.rows(db, "SELECT c.reference FROM instalment i JOIN casefile c ON c.bucket = i.bucket"
                                       " AND c.casefile_id = i.casefile_id WHERE i.paid_minor < i.amount_minor"
                                       " GROUP BY c.reference HAVING COUNT(*) > 1 ORDER BY 1 LIMIT 12")]
    check(len(many) >= 5, "some owe several instalments", many)
    ranges = (("Not due", -10**6, 0), ("1 to 30 days late", 1, 30), ("31 to 60 days late", 31, 60),
              ("61 to 90 days late", 61, 90), ("91 to 120 days late", 91, 120), ("Over 120 days late", 121, 10**6))
    seen = set()
    for who in many:
        page = rosa.get(f"/accounts/{who}?tab=debt").text
        told = {title: re.sub(r"[^0-9]", "", amount) for title, amount in re.findall(
            r'<span class="muted">([^<]*)</span> <b class="num">([^<]*)</b></li>', page)}
        today = (datetime.date(2026, 11, 20) - datetime.date(1970, 1, 1)).days
        open_now = spine.rows(db, "SELECT i.due_day, i.amount_minor - i.paid_minor + i.charges_minor - i.disputed_minor"
                            " FROM instalment i JOIN casefile c ON c.bucket = i.bucket AND c.casefile_id ="
                            " i.casefile_id WHERE c.reference = ? AND i.paid_minor < i.amount_minor", who)
        right = {title: str(sum(m for d, m in open_now if low <= today - d <= high)) for title, low, high in ranges
                 if any(low <= today - d <= high and m > 0 for d, m in open_now)}
        check(told == right, f"{who}: by age", told, right)
        seen |= set(told)
        widths = [int(w) for w in re.findall(r'<rect class="a\d" x="\d+" y="0" width="(\d+)"', page)]
        check(sum(widths) == 1000 and len(widths) == len(told), f"{who}: the bar is whole", widths)
    check(len(seen) >= 3, "of several ages", seen)


# ---- Notes ----

def test_notes(db, address):
    who = accounts(db)[1]
    omar = console.Console(address, "omar")
    page = omar.get(f"/accounts/{who}").form("/write").submit(words="Works <nights>, call late.")
    check(page.status == 200 and page.says("Note taken.", "Works <nights>, call late.",
                                           "Omar Diallo"), "a note is on the timeline")
    check("<nights>" not in page.text, "and escaped")
    undo = page.form("/withdraw").submit()
    check(undo.says("Note taken back. The history keeps it.", "Note, taken back",
                    "Works <nights>, call late."), "taken back, and kept")
    changes = [r["change"] for r in journal(db, who, "note")]
    check(changes == ["added", "withdrawn"], "both are journalled", changes)
    check(all("text" not in r and r["by"] == "omar@fairhaven.example"
              for r in journal(db, who, "note")), "with who it was, and without the words")
    words = "x" * 4001
    page = omar.post(f"/accounts/{who}/write", {"channel": "note", "words": words})
    check(page.status == 422 and page.says("A note has at most 4000 characters") and
          words in page.text, "too long: said, and what was typed is kept")
    check(omar.post(f"/accounts/{who}/write", {"channel": "note", "words": "  "}).status == 422, "an empty note is none")
    vic = console.Console(address, "vic")
    check('id="composer"' not in vic.get(f"/accounts/{who}").text, "who only reads has no field")
    check(vic.post(f"/accounts/{who}/write", {"channel": "note", "words": "x"}).status == 403, "and may not")
    check(omar.ask("POST", f"/accounts/{who}/write", "channel=note&words=x",
                   {"Content-Type": "application/x-www-form-urlencoded"}).status == 403,
          "a form of somebody else does nothing")


def test_others_changes_hold_a_form(db, address):
    who = accounts(db)[2]
    priya, omar = console.Console(address, "priya"), console.Console(address, "omar")
    form = priya.get(f"/accounts/{who}/promise").form("/promise")
    omar.get(f"/accounts/{who}").form("/write").submit(words="They rang, and pay on Friday.")
    held = form.submit(amount="5.00", by="2026-11-27")
    check(held.status == 409 and held.says("Omar Diallo took a note", "after you opened this page",
                                           "Something changed while you were writing"),
          "what Omar did stands above what Priya typed", held.words()[:300])
    check('value="5.00"' in held.text, "nothing typed is lost")
    sent = next(f for f in held.forms() if ("version", "") not in f.fields
                and any(b for b in [f]) and "/promise" in f.action).submit()
    check(sent.status == 200 and len(journal(db, who, "promise")) >= 1,
          "she may send it as it is", sent.status, sent.words()[:200])


# ---- Addresses ----

def test_addresses_are_opened(db, address):
    who = accounts(db)[3]
    phone, point = spine.rows(
        db, "SELECT p.address, p.point_no FROM contact_point p JOIN casefile c ON c.bucket = "
        "p.bucket AND c.casefile_id = p.casefile_id WHERE c.reference = ? AND p.channel = 'sms'",
        who)[0]
    priya = console.Console(address, "priya")
    for path in (f"/accounts/{who}", f"/accounts/{who}/why", f"/accounts/{who}?point={point}"):
        check(phone not in priya.get(path).text, f"{path} shows the number in part")
    check("••" + phone[-2:] in priya.get(f"/accounts/{who}").text, "its last two digits")
    page = priya.post(f"/accounts/{who}/open", {"point": point})
    check(page.status == 200 and phone in page.text, "opened, it is shown")
    check(phone not in priya.get(f"/accounts/{who}").text, "on that page alone")
    opened = journal(db, who, "opened")
    check([(r["point"], r["by"]) for r in opened] == [(point, "priya@fairhaven.example")],
          "and journalled, once", opened)
    for bad in ("", "0", "99", "x"):
        check(priya.post(f"/accounts/{who}/open", {"point": bad}).status == 404,
              f"no address {bad!r}")


# ---- Papers ----

def test_papers(db, address):
    who = accounts(db)[4]
    omar = console.Console(address, "omar")
    page = omar.get(f"/accounts/{who}?tab=documents")
    rude = b"<script>alert(1)</script>"
    page = page.form("/paper").submit(files={"paper": ('..\\x"y<b>.html', rude)})
    check(page.says("Paper kept."), "a paper is kept", page.words()[:200])
    link = next(l for l in page.links(f"/accounts/{who}/paper/e"))
    paper = omar.get(link)
    check(paper.bytes == rude, "byte for byte")
    check(paper.header("Content-Type") == "application/octet-stream" and
          paper.header("Content-Disposition", ).startswith("attachment;") and
          paper.header("X-Content-Type-Options") == "nosniff" and
          paper.header("Content-Security-Policy").startswith("sandbox;"),
          "and only to be taken away", paper.headers)
    check('"y' not in paper.header("Content-Disposition").split('filename="')[1][:-1] and
          "/" not in paper.header("Content-Disposition"), "its name is harmless",
          paper.header("Content-Disposition"))
    check(omar.post(f"/accounts/{who}/paper", {}).status == 422, "no paper is none")
    other = accounts(db)[5]
    check(omar.get(link.replace(who, other)).status == 404, "a paper of another account is not here")
    check(omar.get(f"/accounts/{who}").says("Paper kept:"), "it is on the timeline")


# ---- Edge states ----

def test_edge_states(folder, master):
    db = folder / "edges.db"
    spine.copy_book(master, db)
    people = accounts(db)
    recoup = spine.Recoup(db)
    states = [
        ("has died", ["hold", "place", people[0], "--kind", "deceased"]),
        ("is in bankruptcy", ["hold", "place", people[1], "--kind", "bankruptcy", "--chapter", "7"]),
        ("says somebody else used their name",
         ["hold", "place", people[2], "--kind", "identity-theft"]),
        ("is under age", ["hold", "place", people[3], "--kind", "minor"]),
        ("has an attorney", ["fact", "add", people[4], "attorney", "--value", "Lowe & Park",
                             "--since", "2026-11-18T15:00:00Z"]),
        ("is in military service", ["fact", "add", people[5], "military",
                                    "--since", "2026-11-18T15:00:00Z"]),
        ("asked us to stop contact", ["fact", "add", people[6], "cease", "form=letter",
                                      "--since", "2026-11-18T15:00:00Z"]),
    ]
    for _, words in states:
        recoup.must(*words, "--now", console.DEMO_NOW)
    with console.Console(db, "priya", now=NOW) as priya:
        for (words, _), who in zip(states, people):
            page = priya.get(f"/accounts/{who}")
            check(page.says(words) and 'role="alert"' in page.text, f"a band says: {words}")
            check("Next best action" not in page.text, f"and stands for the card: {words}")
            check(page.says("Write to their attorney, Lowe & Park.") == (who == people[4]),
                  f"who may be written to: {words}")
            rule = re.search(r'class="band.*?</section>', page.text, re.S).group(0)
            check(("cite" in rule) == (who != people[5]), f"the rule is named: {words}", rule)


# ---- The client's file ----

MAP = """map: client
title: The client's open items
kind: invoices
dates: yyyy-mm-dd
debtor:
  reference: "{Customer}"
  business: "false"
  role: third_party_collector
  creditor: Bluebird Wireless
  name: Maya {Customer}
  places: US-WI
  zones: America/Chicago
debt:
  reference: "{No}"
  kind: utility
  currency: USD
  invoice_day: "{Date}"
  due_day: "{Due}"
  amount: "{Total}"
  balance: "{Open}"
"""


def test_mismatch(folder, master):
    """What an import finds: the file says that more is open than we do."""
    db, recoup = folder / "mismatch.db", None
    spine.copy_book(master, db)
    recoup = spine.Recoup(db)
    (folder / "client.yaml").write_text(MAP)

    def told(m1, m2):
        file = folder / "open.csv"
        file.write_text("Customer,No,Date,Due,Total,Open\n"
                        f"M-1,BW-1,2026-06-01,2026-07-01,1312.90,{m1}\n"
                        f"M-2,BW-2,2026-06-01,2026-07-01,500.00,{m2}\n")
        recoup.must("import", "invoices", file, "--map", folder / "client.yaml", "-y", "--now",
                    console.DEMO_NOW)

    told("1312.90", "500.00")
    recoup.must("pay", "record", "M-1", "--amount", "28.34", "--on", "2026-09-01", "--now", console.DEMO_NOW)
    recoup.must("pay", "record", "M-2", "--amount", "100", "--on", "2026-11-18", "--now", console.DEMO_NOW)
    told("1302.90", "500.00")
    band = "Do not quote a balance."
    with console.serving(db, NOW) as address:
        priya, lena = console.Console(address, "priya"), console.Console(address, "lena")
        page = priya.get("/accounts/M-1")
        check(page.says(band, "client file says $1,302.90; ours says $1,284.56",
                        "Contact to explain is allowed", "we are checking the amount"),
              "a red band, with both figures", page.words()[:500])
        check(not priya.get("/accounts/M-2").says(band), "money of the last days is on its way")
        check("balance-checked" not in page.text, "a collector cannot lift it")
        check(priya.post("/accounts/M-1/balance-checked", {"debt": "1", "checked": "x"}).status
              == 403, "nor by hand")
        form = lena.get("/accounts/M-1").form("/balance-checked")
        check(form.submit(checked=" ").status == 422, "not without a word of what was checked")
        page = form.submit(checked="Client's Ana confirmed: their file was a day late.")
        check(page.says("Our figure stands.", "their file was a day late") and
              not page.says(band), "lifted, with a note", page.words()[:300])
    told("1303.00", "500.00")
    with console.Console(db, "priya", now=NOW) as priya:
        check(priya.get("/accounts/M-1").says(band), "said again, it stands again")
    told("1284.56", "400.00")
    with console.Console(db, "priya", now=NOW) as priya:
        check(not priya.get("/accounts/M-1").says(band), "and goes when a file agrees")


# ---- Who may see it ----

def test_limits(folder, master):
    db = folder / "limits.db"
    spine.copy_book(master, db)
    mine = spine.rows(db, "SELECT reference FROM casefile WHERE creditor = 'Harvest Credit Union' "
                      "ORDER BY reference LIMIT 1")[0][0]
    theirs, key = spine.rows(db, "SELECT reference, bucket FROM casefile WHERE creditor <> "
                             "'Harvest Credit Union' ORDER BY reference LIMIT 1")[0]
    del key
    message, sent = spine.rows(
        db, "SELECT o.bucket || '.' || o.decision_seq, c.reference FROM outbox o JOIN casefile c ON "
        "c.bucket = o.bucket AND c.casefile_id = o.casefile_id WHERE c.creditor <> "
        "'Harvest Credit Union' LIMIT 1")[0]
    spine.rows  # the user is limited in the book itself
    import sqlite3
    with sqlite3.connect(db) as book:
        book.execute("UPDATE staff SET clients = 'Harvest Credit Union' WHERE email = "
                     "'omar@fairhaven.example'")
    with console.serving(db, NOW) as address:
        omar, priya = console.Console(address, "omar"), console.Console(address, "priya")
        check(omar.get(f"/accounts/{mine}").status == 200, "their own client")
        for path in ("", "/why", "?tab=debt", "?tab=documents", "/statement", "/next", "/previous",
                     "/paper/e1", "/promise"):
            page = omar.get(f"/accounts/{theirs}{path}")
            check(page.status == 404 and "Can I contact" not in page.text,
                  f"{path or 'the page'} of another client is not there", page.status)
        for path, fields in (("/write", {"channel": "note", "words": "x"}), ("/open", {"point": "2"}),
                             ("/not-now", {"task": "1"}), ("/paper", {})):
            check(omar.post(f"/accounts/{theirs}{path}", fields).status == 404,
                  f"POST {path} neither")
        for path in (f"/outbox/{message}", f"/outbox/{message}/body", f"/d/{message}"):
            check(omar.get(path).status == 404, f"{path} of {sent} neither")
            check(priya.get(path).status in (200, 404), f"{path}: who sees all gets an answer")
        seen = set()
        at = mine
        for _ in range(12):
            page = omar.get(f"/accounts/{at}/next", follow=False)
            check(page.status == 303, "the next one")
            at = page.header("Location").removeprefix("/accounts/")
            seen.add(at)
            check(omar.get(f"/accounts/{at}").status == 200, f"{at} is one they may see")
        check(len(seen) > 3, "walking on comes to others", seen)


# ---- Not now, and the one beside ----

def test_not_now(db, address):
    row = spine.rows(db, "SELECT c.reference, t.task_no FROM task t JOIN casefile c ON c.bucket = "
                     "t.bucket AND c.casefile_id = t.casefile_id WHERE t.state = 'open' AND t.kind = "
                     "'reply' AND t.assigned_no = 0 ORDER BY c.reference")[0]
    who = row[0]
    priya = console.Console(address, "priya")
    page = priya.get(f"/accounts/{who}")
    check(page.says("Replies come before new outreach", "Reply owed by"), "a reply waits",
          page.words()[:300])
    page = page.form("/not-now").submit()
    check(page.says("Put off until"), "put off", page.words()[:200])
    check(page.says("Mon, Nov 23, 8:00 am"), "to the morning of the next working day")
    check(not page.says("Replies come before new outreach"), "something else is next")
    page = page.form("/now/").submit()
    check(page.says("Back where it was.", "Replies come before new outreach"), "and back")


def test_neighbours(db, address):
    priya = console.Console(address, "priya")
    order = spine.rows(db, "SELECT c.reference FROM task t JOIN casefile c ON c.bucket = t.bucket AND "
                       "c.casefile_id = t.casefile_id WHERE t.state = 'open' AND t.hidden_until <= "
                       "? ORDER BY t.rank, t.due_at, t.bucket, t.casefile_id, t.task_no",
                       1795191000 * 1000000)
    order = [row[0] for row in order]
    first = order[0]
    second = next(r for r in order if r != first)
    here = priya.get(f"/accounts/{first}/next", follow=False).header("Location")
    check(here == f"/accounts/{second}", "the next of the queue", here, order[:4])
    back = priya.get(f"/accounts/{first}/previous", follow=False).header("Location")
    check(back == f"/accounts/{first}", "before the first there is nobody", back)


# ---- A long history ----

def test_long_history(folder, master, helper):
    db = folder / "long.db"
    spine.copy_book(master, db)
    subprocess.run([helper, db, console.DEMO_NOW], check=True)
    with console.Console(db, "priya", now=NOW) as priya:
        seen, path, pages = [], "/accounts/LONG-1?tab=timeline&show=contact", 0
        days = set()
        while path and pages < 400:
            page = priya.get(path)
            check(page.status == 200 and page.text.count('<div class="ev') <= 60,
                  "a page of the timeline is bounded")
            found = re.findall(r'id="(timeline-day-[0-9-]+)"', page.text)
            check(not days & set(found), "no day stands on two pages by one name", found)
            days |= set(found)
            seen.append(page.text.count('<div class="ev'))
            older = [l for l in page.links("/accounts/LONG-1?tab=timeline&before=")]
            path, pages = (older[0] if older else None), pages + 1
        check(sum(seen) == 5000 + 2000, "every contact and note is there once", sum(seen), pages)
        for tab in ("", "?tab=debt", "?tab=money", "?tab=documents", "?tab=decisions", "/why"):
            begun = time.perf_counter()
            page = priya.get(f"/accounts/LONG-1{tab}")
            took = time.perf_counter() - begun
            check(page.status == 200 and len(page.bytes) < 150_000, f"{tab}: the page is small")
            check(took < 15, f"{tab}: and comes soon, sanitizers and all", took)


def test_decisions_are_paged(db, address):
    """Every decision of an account, once, newest first; each leads to its own page."""
    who = spine.rows(db, "SELECT c.reference, COUNT(*) FROM journal j JOIN casefile c ON c.bucket = "
                     "j.bucket AND c.casefile_id = j.casefile_id WHERE j.kind IN ('decision', "
                     "'refusal') GROUP BY c.reference ORDER BY 2 DESC, 1 LIMIT 1")[0]
    priya = console.Console(address, "priya")
    page = priya.get(f"/accounts/{who[0]}?tab=decisions")
    links = page.links("/d/")
    check(len(links) == min(who[1], 50), "each decision is there", links)
    for link in links[:3]:
        one = priya.get(link)
        check(one.status == 200 and one.says(who[0]), f"{link} tells of it")


def main():
    helper = pathlib.Path(spine.program()).parent / "tests/long_account"
    with spine.scratch("account") as folder:
        master = pathlib.Path(console.demo(folder))
        for test in (test_edge_states, test_mismatch, test_limits):
            test(folder, master)
        if helper.exists():
            test_long_history(folder, master, helper)
        db = folder / "pages.db"
        spine.copy_book(master, db)
        with console.serving(db, NOW) as address:
            for test in (test_parts, test_amounts_agree, test_ages, test_neighbours, test_decisions_are_paged,
                         test_addresses_are_opened, test_papers, test_not_now, test_notes,
                         test_others_changes_hold_a_form):
                test(db, address)
    return RESULTS.end()


if __name__ == "__main__":
    sys.exit(main())
