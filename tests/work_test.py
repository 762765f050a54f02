#!/usr/bin/env python3
"""What a collector does from an account, over HTTP: every form with good, bad, contradictory,
repeated and stale input, as different roles; and the book afterwards, which is what the same
command of the program writes.
"""
import pathlib
import re
import sqlite3
import sys

import console
import spine

NOW = console.PAGES_NOW  # Friday, November 20, 2026, 10:10 in Chicago
RESULTS = spine.Results("work")
check = RESULTS.check


def same(got, wanted, what):
    check(got == wanted, what, f"wanted {wanted!r}", f"got    {got!r}")


class Book:
    """A book that is written to by pages, and a copy of it by the program."""

    def __init__(self, folder, master, name):
        self.page_db, self.line_db = folder / f"{name}-page.db", folder / f"{name}-line.db"
        for target in (self.page_db, self.line_db):
            spine.copy_book(master, target)
        self.recoup = spine.Recoup(self.line_db)

    def line(self, *words):
        """The command, at the moment of the pages."""
        return self.recoup.must(*words, "--now", NOW)

    def rows(self, sql, *values, db=None):
        return spine.rows(db or self.page_db, sql, *values)

    def one(self, sql, *values):
        found = self.rows(sql, *values)
        return found[0] if found else None

    def equal(self, what, *queries):
        """What the pages wrote is what the commands wrote."""
        for sql in queries:
            page, line = self.rows(sql), self.rows(sql, db=self.line_db)
            check(page == line, f"{what}: pages and commands write the same\n    {sql}",
                  f"page {[r for r in page if r not in line]}",
                  f"line {[r for r in line if r not in page]}")


# Everything but who wrote it, and by which way it came.
TABLES = {
    "contact": "SELECT casefile_id, contact_no, at, channel, direction, outcome, party_no, debts,"
               " address, purpose, note FROM contact ORDER BY 1, 2",
    "fact": "SELECT casefile_id, fact_no, type, party_no, debt_no, at, until_at, scope, value,"
            " channel, weekdays, from_second, to_second FROM fact ORDER BY 1, 2",
    "promise": "SELECT casefile_id, promise_no, plan_no, item_no, currency, minor, made_day, due_day,"
               " channel, note, state, state_day FROM promise ORDER BY 1, 2",
    "plan": "SELECT casefile_id, plan_no, offer_no, replaces_no, state, state_day, version, currency,"
            " total_minor, debts, schedule, made_day, interest_frozen, cure_days, resumes_day,"
            " notice_days, autopay, agreed_by, evidence, reason FROM plan ORDER BY 1, 2",
    "offer": "SELECT casefile_id, offer_no, answers_no, made_by, state, state_day, currency,"
             " balance_minor, minor, down_minor, instalments, schedule, first_day, expires_day, debts,"
             " residual, void_on_default, plan_no, role, reason FROM offer ORDER BY 1, 2",
    "dispute": "SELECT casefile_id, dispute_no, fact_no, debt_no, instalment_no, component, line,"
               " currency, minor, reason, channel, note, received_day, answer_day, state, state_day,"
               " answer, proof_day, corrected_minor FROM dispute ORDER BY 1, 2",
    "movement": "SELECT casefile_id, movement_no, kind, value_day, due_day, debt_no, instalment_no,"
                " component, currency, minor, reference, origin, ground, reason, at, ended_at"
                " FROM movement ORDER BY 1, 2",
    "payment": "SELECT casefile_id, payment_no, reference, received_day, currency, minor,"
               " refunded_minor, method, debt_no, state, state_day, reason FROM payment ORDER BY 1, 2",
}


def tables(*names):
    return [TABLES[name] for name in names]


def reference(book, where, skip=0):
    """An account of the demo that is like this."""
    return book.rows("SELECT c.reference FROM casefile AS c WHERE " + where +
                     f" ORDER BY c.reference LIMIT 1 OFFSET {skip}")[0][0]


WAITS = ("c.standing = 'waiting' AND c.business = 0 AND c.role = 'first_party_creditor'"
         " AND EXISTS (SELECT 1 FROM contact_point AS k WHERE k.bucket = c.bucket"
         " AND k.casefile_id = c.casefile_id AND k.channel = 'sms')"
         " AND EXISTS (SELECT 1 FROM party AS p WHERE p.bucket = c.bucket"
         " AND p.casefile_id = c.casefile_id AND p.zones LIKE 'America/%')")


def fault_of(page):
    found = re.search(r'<div class="alert"[^>]*>(.*?)</div>', page.text, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found.group(1))).strip() if found else ""


def refused(page, status, *pieces):
    """The form came back: why, and nothing lost."""
    said = fault_of(page)
    check(page.status == status and all(piece in said for piece in pieces),
          f"{page.path}: {status} {pieces}", f"got {page.status}: {said or page.words()[:300]}")
    return page


# ---- Promises -------------------------------------------------------------------------------

def promises(folder, master):
    book = Book(folder, master, "promises")
    who = reference(book, WAITS)
    count = "SELECT COUNT(*) FROM promise"
    with console.Console(book.page_db, "priya", now=NOW) as priya:
        form = priya.get(f"/accounts/{who}/promise").form("/promise")
        before = book.one(count)[0]
        refused(form.submit(amount="", by="2026-11-27"), 422, "Enter the amount")
        kept = refused(form.submit(amount="twelve", by="2026-11-27", note="after payday"), 422,
                       "twelve", "45.00")
        check('value="twelve"' in kept.text and "after payday" in kept.text
              and kept.text.count("<title>Error:") == 1, "what was typed is kept")
        refused(form.submit(amount="40", by=""), 422, "day")
        refused(form.submit(amount="40", by="2026-11-19"), 422, "past")
        refused(form.submit(amount="40", by="someday"), 422, "no day")
        refused(form.submit(amount="999999", by="2026-11-27"), 422, "owe less")
        refused(form.submit(amount="EUR 40", by="2026-11-27"), 422, "EUR")
        same(book.one(count)[0], before, "nothing was written by what was refused")
        done = form.submit(amount="$40.00", by="2026-11-27", note="after payday")
        check(done.path == f"/accounts/{who}" and done.says("Promise noted: $40.00"), "a promise is noted",
              done.words()[:300])
        form.submit(amount="$40.00", by="2026-11-27", note="after payday")
        same(book.one(count)[0], before + 1, "the same form twice is one promise")
        refused(form.submit(amount="41", by="2026-11-27", note="after payday"), 409, "used before")
        book.line("promise", who, "--amount", "40", "--by", "2026-11-27", "--via", "phone", "--note",
                  "after payday")
        book.equal("promise", *tables("promise"))
        undone = done.form("/withdraw").submit()
        check(undone.says("withdrawn"), "a promise can be undone")
        same(book.one("SELECT state FROM promise WHERE note = 'after payday'")[0], "withdrawn",
             "it is withdrawn in the book")
        gone = priya.post(f"/accounts/{who}/promise", {"amount": "4", "by": "2026-11-27"})
        check(gone.status == 422 and "not whole" in gone.words(), "a form without its key is none")
        same(priya.get("/accounts/NOBODY-1/promise").status, 404, "nobody has no promises")
        # somebody else is faster
        form = priya.get(f"/accounts/{who}/promise").form("/promise")
        with console.Console(priya.address, "omar") as omar:
            omar.get(f"/accounts/{who}/promise").form("/promise").submit(amount="5", by="2026-11-26")
        late = refused(form.submit(amount="6", by="2026-11-26"), 409, "Omar")
        check('value="6"' in late.text, "what was typed is kept when somebody else was faster")
        check(late.form("/promise").submit().says("Promise noted: $6.00"), "and can be sent then")
        with console.Console(priya.address, "vic") as vic:
            same(vic.get(f"/accounts/{who}/promise").status, 403, "who only reads promises nothing")
            same(vic.post(f"/accounts/{who}/promise", {"amount": "4"}).status, 403, "nor by hand")
    same(spine.Recoup(book.page_db).findings(), [], "prove finds nothing after promises")


# ---- After a call ---------------------------------------------------------------------------

def wrap_ups(folder, master):
    book = Book(folder, master, "wrap-ups")
    first, second, third, fourth = (reference(book, WAITS, n) for n in range(4))
    contacts = "SELECT COUNT(*) FROM contact"
    with console.Console(book.page_db, "priya", now=NOW) as priya:
        def form(who):
            return priya.get(f"/accounts/{who}/wrap-up").form("/wrap-up")

        begun, before = form(first), book.one(contacts)[0]
        refused(begun.submit(), 422, "Say who you spoke with")
        refused(begun.submit(with_="person"), 422, "Say what happened")
        refused(begun.submit(with_="person", happened="promise", identity="postcode"), 422, "amount")
        refused(begun.submit(with_="person", happened="promise", amount="20", identity="postcode"), 422, "day")
        refused(begun.submit(with_="person", happened="promise", amount="20", by="2026-11-27"), 422,
                "confirmed")
        refused(begun.submit(with_="person", happened="callback"), 422, "day and time")
        refused(begun.submit(with_="person", happened="callback", call_day="2026-11-20", call_time="08:00"),
                422, "later than now")
        refused(begun.submit(with_="person", happened="callback", call_day="2026-11-24", call_time="soon"),
                422, "no time")
        refused(begun.submit(with_="person", happened="hardship", identity="postcode"), 422, "few words")
        refused(begun.submit(with_="person", happened="dispute", identity="postcode"), 422, "wrong")
        refused(begun.submit(with_="martian", happened="talk"), 422, "not whole")
        # contradictions: both are kept, and each can be chosen
        torn = refused(begun.submit(with_="person", happened="stop", call_day="2026-11-24",
                                    call_time="09:30"), 422, "stop calling", "call back", "Both cannot hold")
        check('value="2026-11-24"' in torn.text and 'value="09:30"' in torn.text
              and re.search(r'value="stop" checked', torn.text), "both facts are kept")
        check("Record the stop" in torn.text and "Keep the call" in torn.text, "and both are offered")
        torn = refused(begun.submit(with_="nobody", happened="promise", amount="20", by="2026-11-27"), 422,
                       "Nobody was reached")
        torn = refused(begun.submit(with_="somebody_else", happened="plan"), 422, "somebody else")
        torn = refused(begun.submit(with_="person", happened="wrong"), 422, "wrong number")
        same(book.one(contacts)[0], before, "nothing is logged by what was refused")

        done = begun.submit(with_="person", happened="promise", amount="20", by="2026-11-27",
                            identity=["postcode", "birth_date"], note="paid on Fridays", go="account")
        check(done.says("Call logged. Promise noted: $20.00"), "a call with a promise", done.words()[:300])
        begun.submit(with_="person", happened="promise", amount="20", by="2026-11-27",
                     identity=["postcode", "birth_date"], note="paid on Fridays", go="account")
        same(book.one(contacts)[0], before + 1, "the same form twice is one call")
        record = book.one("SELECT record FROM journal WHERE kind = 'talk' ORDER BY at DESC LIMIT 1")[0]
        check("postcode, birth_date" in record and '"with":"person"' in record, "how they were known is kept",
              record)
        book.line("contact", "log", first, "--channel", "call", "--outcome", "conversation", "--note",
                  "paid on Fridays", "--address", number_of(book, first))
        book.line("promise", first, "--amount", "20", "--by", "2026-11-27", "--via", "phone", "--note",
                  "paid on Fridays")
        # the stop that was torn
        told = form(second).submit(with_="person", happened="stop", call_day="2026-11-24", call_time="09:30",
                                   keep="stop", go="account")
        check(told.says("No more calls"), "the stop is recorded", told.words()[:200])
        book.line("contact", "log", second, "--channel", "call", "--outcome", "conversation", "--address",
                  number_of(book, second))
        book.line("contact", "opt-out", second, "--channel", "call")
        # nobody there
        told = form(third).submit(with_="nobody", ended="busy", go="next")
        book.line("contact", "log", third, "--channel", "call", "--outcome", "busy", "--address",
                  number_of(book, third))
        # cannot pay
        told = form(fourth).submit(with_="person", happened="hardship", hardship="lost work",
                                   pause_until="2026-12-31", identity="address", go="account")
        check(told.says("On hold until"), "hardship pauses", told.words()[:200])
        book.line("contact", "log", fourth, "--channel", "call", "--outcome", "conversation", "--address",
                  number_of(book, fourth))
        book.line("hardship", "open", fourth, "--reason", "lost work", "--until", "2026-12-31")
        book.equal("wrap-up", *tables("contact", "promise", "fact", "movement"))
        back = told.form("/lift").submit()
        check(back.says("lifted"), "and the pause can be undone", back.words()[:200])

        fifth = reference(book, WAITS, 4)
        told = form(fifth).submit(with_="person", happened="callback", call_day="2026-11-24", call_time="9:30 am",
                                  go="account")
        check(told.says("Call back noted", "9:30 am"), "a call back is noted", told.words()[:200])
        fact = book.one("SELECT detail FROM fact WHERE detail LIKE '%call_back%' ORDER BY at DESC LIMIT 1")
        check(fact is not None and "given_to=creditor" in fact[0], "as their consent to that call", fact)
        same(book.one("SELECT COUNT(*) FROM contact WHERE callback_at > 0 AND author = 'priya@fairhaven.example'")[0],
             1, "and as work for somebody")
        task = book.one("SELECT t.kind FROM task AS t JOIN casefile AS c USING (bucket, casefile_id)"
                        " WHERE c.reference = ? AND t.state = 'open' AND t.kind = 'callback'", fifth)
        check(task is not None, "which waits in the queue")
        sixth = reference(book, WAITS, 5)
        told = form(sixth).submit(with_="somebody_else", happened="wrong", go="account")
        check(told.says("marked bad"), "a wrong number is marked", told.words()[:200])
        stopped = form(sixth).submit(with_="person", happened="stop", go="account")
        back = stopped.form("/end").submit()
        check(back.says("Taken back"), "a stop that was a slip can be undone", back.words()[:200])
        same(book.one("SELECT k.state FROM contact_point AS k JOIN casefile AS c USING (bucket, casefile_id)"
                      " WHERE c.reference = ? AND k.channel = 'sms'", sixth)[0], "bad", "in the book")
        plan = form(fifth).submit(with_="person", happened="plan", identity="postcode", follow=False)
        check(plan.status == 303 and plan.header("Location") == f"/accounts/{fifth}/plan",
              "who wants to pay in parts is led to the plan", plan.header("Location"))
        with console.Console(priya.address, "helen") as helen:
            same(helen.get(f"/accounts/{first}/wrap-up").status, 403, "compliance logs no calls")
    same(spine.Recoup(book.page_db).findings(), [], "prove finds nothing after calls")


def number_of(book, who):
    return book.one("SELECT k.address FROM contact_point AS k JOIN casefile AS c USING (bucket, casefile_id)"
                    " WHERE c.reference = ? AND k.channel = 'sms'", who)[0]


# ---- Plans ----------------------------------------------------------------------------------

OWES = WAITS + (" AND (SELECT SUM(i.amount_minor - i.paid_minor) FROM instalment AS i"
                " WHERE i.bucket = c.bucket AND i.casefile_id = c.casefile_id) BETWEEN 15000 AND 27000")


def plans(folder, master):
    book = Book(folder, master, "plans")
    who = reference(book, OWES)
    with console.Console(book.page_db, "priya", now=NOW) as priya:
        page = priya.get(f"/accounts/{who}/plan")
        check(page.status == 200 and page.says("Nobody knows what they can spare", "A starting point"),
              "without a budget there are starting points", page.words()[:400])
        form = page.form("/plan")
        for typed, said in ((dict(amount="many"), "no amount"), (dict(months="0"), "months"),
                            (dict(first="2026-11-01"), "past"), (dict(payday="doomsday"), "payday"),
                            (dict(spare="-4"), "no amount"), (dict(every="never"), "schedule")):
            refused(form.submit(**typed), 422, said)
        page = form.submit(spare="60", amount="50", every="month", first="2026-12-04")
        check(page.says("Within yours", "up to 6 months", "Affordable", "Within the $60.00 a month"),
              "authority and means are told", page.words()[:600])
        checked = priya.get(next(link for link in page.links("/accounts/") if "/plan/check" in link))
        check(checked.says("Check the plan", "Within yours", "What they receive"), "a plan is checked")
        form = checked.form("/plan")
        refused(form.submit(evidence=""), 422, "what shows it")
        refused(form.submit(evidence="rec 1", cure_days="900"), 422, "catch up")
        refused(form.submit(evidence="rec 1", total="1"), 409, "has changed")
        refused(form.submit(evidence="rec 1", plan="8"), 409, "not among")
        done = form.submit(evidence="rec 1", reason="after a talk")
        check(done.says("Plan agreed") and re.search(r"/plan/\d+$", done.path), "a plan is agreed",
              done.words()[:300])
        form.submit(evidence="rec 1", reason="after a talk")
        same(book.one("SELECT COUNT(*) FROM plan WHERE evidence = 'rec 1'")[0], 1,
             "the same form twice is one plan")
        book.line("plan", "create", who, "--spare", "60", "--amount", "50", "--every", "month",
                  "--first-date", "2026-12-04", "--agreed-by", "phone", "--evidence", "rec 1", "--reason",
                  "after a talk")
        book.equal("plan", *tables("plan", "promise", "movement"))
        paper = priya.get(f"{done.path}/letter")
        check(paper.status == 200 and paper.bytes.startswith(b"%PDF"), "it can be had on paper")

        # changes
        plan = done.path.rsplit("/", 1)[1]
        refused(done.form("/pause").submit(until=""), 422, "day")
        refused(done.form("/pause").submit(until="2026-11-01"), 422)
        paused = done.form("/pause").submit(until="2027-01-15", reason="in hospital")
        check(paused.says("Paused: nothing is due before"), "a plan is paused", paused.words()[:200])
        refused(done.form("/change").submit(amount="35"), 409, "changed")  # by the version of before
        book.line("plan", "pause", who, "--until", "2027-01-15", "--reason", "in hospital")
        going = paused.form("/resume").submit()
        check(going.says("goes on"), "and goes on")
        book.line("plan", "resume", who)
        refused(going.form("/change").submit(), 422, "what changes")
        refused(going.form("/change").submit(amount="0"), 422, "no amount")
        changed = going.form("/change").submit(payments="4", every="2weeks", first="2027-01-08")
        check(changed.says("Changed: 4 payments"), "the rest is paid otherwise", changed.words()[:200])
        book.line("plan", "change", who, "--payments", "4", "--every", "2weeks", "--first-date", "2027-01-08")
        moved = changed.form("/move").submit(to="2027-01-11")
        check(moved.says("Moved to"), "a payment is moved", moved.words()[:200])
        item = book.one("SELECT p.item_no FROM promise AS p JOIN casefile AS c USING (bucket, casefile_id)"
                        " WHERE c.reference = ? AND p.plan_no = ? AND p.state = 'open' AND p.item_no > 0"
                        " ORDER BY p.due_day LIMIT 1", who, plan)[0]
        book.line("plan", "move", who, "--item", item, "--to", "2027-01-11")
        skipped = moved.form("/move").submit(skip="1")
        check(skipped.says("Skipped"), "a payment is skipped", skipped.words()[:200])
        book.line("plan", "skip", who, "--item", item)
        ended = skipped.form("/cancel").submit(reason="paid otherwise")
        check(ended.says("has ended"), "a plan is ended")
        book.line("plan", "cancel", who, "--reason", "paid otherwise")
        book.equal("plan, changed", *tables("plan", "promise", "movement"))

        # more than they can spare is theirs to say
        other = reference(book, OWES, 1)
        page = priya.get(f"/accounts/{other}/plan?spare=10&amount=45&every=month&first=2026-12-04")
        check(page.says("More than they can spare", "Not as they asked"), "beyond the budget is told",
              page.words()[:500])
        form = priya.get(next(link for link in page.links("/accounts/") if "/plan/check" in link)).form("/plan")
        refused(form.submit(evidence="rec 2"), 422, "They said they can spare $10.00. Why more?")
        done = form.submit(evidence="rec 2", why_more="a bonus in December")
        check(done.says("Plan agreed", "a bonus in December"), "and its reason is kept", done.words()[:400])
        undone = done.form("/cancel").submit()
        check(undone.says("has ended"), "an agreement can be undone")

        # beyond one's own limit
        third = other
        page = priya.get(f"/accounts/{third}/plan?amount=12&every=month")
        check(page.says("Needs a team lead"), "what is beyond one's own limit says whose it is",
              page.words()[:700])
        form = priya.get(next(link for link in page.links("/accounts/") if "/plan/check" in link)).form("/plan")
        plans_of = ("SELECT COUNT(*) FROM plan AS p JOIN casefile AS c USING (bucket, casefile_id)"
                    " WHERE c.reference = ? AND p.state = 'active'")
        waits = form.submit(evidence="rec 3")
        check(waits.says("waits for approval", "a team lead can approve it"), "it is asked for", waits.words()[:300])
        same(book.one(plans_of, third)[0], 0, "and no plan stands yet")
        mine = priya.get("/approvals")
        check(not any(f.action.endswith("/approve") for f in mine.forms()), "who asked cannot agree")
        with console.Console(priya.address, "lena") as lena:
            page = lena.get(f"/accounts/{third}/plan?amount=12&every=month")
            check(page.says("Within yours") and not page.says("Needs"), "which the team lead grants alone")
            asked = lena.get("/approvals")
            check(asked.says("A plan of", "first, on Dec 4, 2026", third), "it is told what is asked for", asked.words()[:600])
            said = next(f for f in asked.forms() if f.action.endswith("/approve")).submit()
            check(said.says("Approved: plan"), "and agrees", said.words()[:300])
            same(book.one(plans_of, third)[0], 1, "then it stands")
        with console.Console(priya.address, "helen") as helen:
            same(helen.get(f"/accounts/{third}/plan").status, 403, "compliance agrees no plans")
        check(console.timed(priya, f"/accounts/{third}/plan?spare=40&amount=30") < 250,
              "a schedule is drawn in time", str(console.timed(priya, f"/accounts/{third}/plan?spare=40&amount=30")))
    same(spine.Recoup(book.page_db).findings(), [], "prove finds nothing after plans")


# ---- Calls ----------------------------------------------------------------------------------

RINGS = WAITS.replace("p.zones LIKE 'America/%'", "p.zones IN ('America/New_York', 'America/Chicago')")
RINGS += (" AND NOT EXISTS (SELECT 1 FROM fact AS f WHERE f.bucket = c.bucket AND f.casefile_id = c.casefile_id"
          " AND f.type IN ('inconvenient_time', 'opt_out'))")
NIGHT = "2026-11-21T05:00:00Z"


def calls(folder, master):
    book = Book(folder, master, "calls")
    who, other = reference(book, RINGS), reference(book, RINGS, 1)
    number = number_of(book, who)
    outbox = ("SELECT o.state, o.state_reason, o.template, o.step FROM outbox AS o JOIN casefile AS c"
              " USING (bucket, casefile_id) WHERE c.reference = ? AND o.channel = 'call'"
              " ORDER BY o.outbox_no DESC LIMIT 1")
    with console.Console(book.page_db, "priya", now=NOW) as priya:
        page = priya.get(f"/accounts/{who}/call")
        check(page.status == 200 and number not in page.text and "•• " + number[-4:] in page.text,
              "a number is masked until somebody calls")
        check(page.says("Until you know who is there", "Allowed now", "Lost their job"), "a script is shown",
              page.words()[:400])
        limited = page.text[page.text.index("Until you know"):page.text.index("data-behind")]
        balance = re.search(r'Balance today</p>\s*<p[^>]*>([^<]+)', page.text).group(1)
        check(balance not in limited and not re.search(r"\b(owe|debt|payment)\b", limited),
              "before identity nothing tells what it is about")
        begun = page.form("/call").submit()
        check(begun.status == 200 and number in begun.text, "the number is shown to who calls",
              begun.words()[:300])
        same(book.one(outbox, who), ("ready", None, "call-script", "call"), "a call that was begun waits")
        check("By their first zone" not in begun.text and begun.path == f"/accounts/{who}/call", "on the same page")
        record = book.one("SELECT record, question FROM journal WHERE kind = 'decision' ORDER BY at DESC,"
                          " seq DESC LIMIT 1")
        check('"ruling":"allow"' in record[0] and record[1] is not None and "priya@" in record[0],
              "by a verdict that is on record", record[0][:200])
        rows = book.one("SELECT COUNT(*) FROM outbox")[0]
        again = page.form("/call").submit()
        check(again.says("began this call already") and book.one("SELECT COUNT(*) FROM outbox")[0] == rows,
              "the same press twice is one call")
        with console.Console(priya.address, "omar") as omar:
            check(number not in omar.get(f"/accounts/{who}/call").text, "others have it masked")
        ended = begun.form("/wrap-up").submit(identity=["postcode", "reference"], with_="person",
                                              happened="promise")
        check(ended.status == 200 and len(re.findall(r'name="identity" value="(?:postcode|reference)" checked',
                                                     ended.text)) == 2, "what was ticked comes along")
        check(re.search(r'value="promise" checked', ended.text), "and what it led to")
        done = ended.form("/wrap-up").submit(amount="15", by="2026-11-27", go="account")
        check(done.says("Call logged", "Promise noted"), "a call ends", done.words()[:300])
        same(book.one(outbox, who)[:2], ("expired", "called"), "and is not waited for any more")
        check(number not in priya.get(f"/accounts/{who}/call").text, "and the number is masked again")

        begun = priya.get(f"/accounts/{other}/call").form("/call").submit()
        dropped = begun.form("/drop").submit()
        check(dropped.says("No call was made"), "a call that was not made is said")
        same(book.one(outbox, other)[:2], ("expired", "not called"), "and not counted")
        same(book.one("SELECT COUNT(*) FROM contact AS k JOIN casefile AS c USING (bucket, casefile_id) WHERE"
                      " c.reference = ? AND k.author LIKE 'priya%'", other)[0], 0, "as a contact")
        with console.Console(priya.address, "vic") as vic:
            same(vic.get(f"/accounts/{who}/call").status, 403, "who only reads calls nobody")

    # somebody who asked not to be rung; and a collector's words
    client = reference(book, "c.role <> 'first_party_creditor' AND c.business = 0 AND c.standing = 'waiting'"
                             " AND EXISTS (SELECT 1 FROM party AS p WHERE p.bucket = c.bucket AND p.casefile_id"
                             " = c.casefile_id AND p.places LIKE 'US-%' AND p.zones IN ('America/New_York',"
                             " 'America/Chicago'))")
    recoup = spine.Recoup(book.page_db)
    recoup.must("contact", "opt-out", other, "--channel", "call", "--now", NOW)
    with console.Console(book.page_db, "priya", now=NOW) as priya:
        page = priya.get(f"/accounts/{other}/call")
        check(page.status == 200 and page.says("Blocked", "asked not to be contacted this way",
                                               "House rule on opt-outs", "Other ways to reach them"),
              "who asked us to stop is not rung", page.words()[:400])
        check(number_of(book, other) not in page.text, "and no number is shown")
        page = priya.get(f"/accounts/{client}/call")
        check(page.status == 200 and page.says("attempt to collect a debt") and 'value="mini_miranda"' in page.text,
              "a collector says what the law wants said", page.words()[:300])
        check(page.says("It is a personal matter"), "and nothing before that")
    german = reference(book, "c.business = 1 AND c.standing = 'waiting' AND EXISTS (SELECT 1 FROM party AS p WHERE"
                             " p.bucket = c.bucket AND p.casefile_id = c.casefile_id AND p.language = 'de')")
    with console.Console(book.page_db, "priya", now="2026-11-20T14:10:00Z") as priya:
        check(priya.get(f"/accounts/{german}/call").says("Guten Tag"), "a German firm is rung in German")

    # packs for consumers stay out of a call to a firm, also when it owes nothing, and the proof agrees
    settled = reference(book, "c.business = 1 AND c.standing = 'clear' AND EXISTS (SELECT 1 FROM party AS p WHERE"
                              " p.bucket = c.bucket AND p.casefile_id = c.casefile_id AND p.places LIKE 'AU-%')")
    with console.Console(book.page_db, "priya", now="2026-11-23T01:30:00Z") as priya:
        begun = priya.get(f"/accounts/{settled}/call").form("/call").submit()
        check(number_of(book, settled) in begun.text, "a firm that owes nothing is rung", begun.words()[:300])
    packs = book.one("SELECT record FROM journal WHERE kind = 'decision' ORDER BY at DESC, seq DESC LIMIT 1")[0]
    check('"packs":["house"]' in packs, "by the rules for firms", packs[:400])
    RESULTS.none(recoup.findings(), "and its verdict comes out again")

    # the night: seen by day, pressed by night
    with console.Console(book.page_db, "priya", now=NOW) as priya:
        form = priya.get(f"/accounts/{client}/call").form("/call").fields
        decided = book.one("SELECT COUNT(*) FROM outbox")[0]
    with console.Console(book.page_db, "priya", now=NIGHT) as priya:
        page = priya.get(f"/accounts/{client}/call")
        check(page.status == 200 and page.says("Not now", "for them", "What would allow it"),
              "at night nobody is rung", page.words()[:400])
        fields = {name: value for name, value in form if name != "csrf"}
        fields["version"] = str(book.one("SELECT COALESCE(MAX(seq), 0) FROM journal AS j JOIN casefile AS c"
                                         " USING (bucket, casefile_id) WHERE c.reference = ?", client)[0])
        page = priya.post(f"/accounts/{client}/call", fields)
        check(page.status == 422 and re.search(r"D-\d+\.\d+", page.text), "a press at night is refused, on record",
              page.words()[:300])
        check(number_of(book, client) not in page.text, "without the number")
        same(book.one("SELECT COUNT(*) FROM outbox")[0], decided, "and nothing waits")
        refusal = book.one("SELECT record FROM journal WHERE kind = 'refusal' AND record LIKE '%call-script%'"
                           " ORDER BY at DESC LIMIT 1")
        check(refusal is not None and '"ruling":"defer"' in refusal[0], "the refusal stands in the journal", refusal)
        link = re.search(r'href="(/d/[\d.]+)"', page.text).group(1)
        same(priya.get(link).status, 200, "and can be read")
    same(spine.Recoup(book.page_db).findings(), [], "prove finds nothing after calls")


def old_debts(folder, master):
    """What the law of a place wants said of a debt that is too old to be sued for."""
    book = Book(folder, master, "old")
    who = book.one("SELECT c.reference FROM casefile AS c JOIN party AS p USING (bucket, casefile_id) WHERE"
                   " c.role <> 'first_party_creditor' AND c.business = 0 AND p.places = 'US-NY' AND c.standing IN"
                   " ('waiting', 'spaced') ORDER BY 1")
    if who is None:
        check(False, "the demo has nobody in New York")
        return
    debt = book.one("SELECT d.reference FROM debt AS d JOIN casefile AS c USING (bucket, casefile_id)"
                    " WHERE c.reference = ?", who[0])[0]
    recoup = spine.Recoup(book.page_db)
    recoup.must("fact", "add", who[0], "debt_detail", "--debt", debt, "sol_expired=true", "--now", NOW)
    with console.Console(book.page_db, "priya", now=NOW) as priya:
        page = priya.get(f"/accounts/{who[0]}/call")
        check(page.status == 200 and page.says("the time for suing you over it has passed") and
              'value="tbd_disclosure"' in page.text and page.says("23 NYCRR 1.3"),
              "the sentence about an old debt is in the script", str(page.status) + page.words()[:600])


# ---- Offers ---------------------------------------------------------------------------------

def offers(folder, master):
    book = Book(folder, master, "offers")
    first, second, third = (reference(book, WAITS, n) for n in range(3))
    number = ("SELECT o.offer_no, o.state FROM offer AS o JOIN casefile AS c USING (bucket, casefile_id)"
              " WHERE c.reference = ? ORDER BY o.offer_no DESC LIMIT 1")
    with console.Console(book.page_db, "priya", now=NOW) as priya, \
            console.Console(priya.address, "lena") as lena:
        page = priya.get(f"/accounts/{first}/offer")
        form = page.form("/offer")
        for typed, said in ((dict(amount="x"), "no amount"), (dict(percent="100"), "percent"),
                            (dict(amount="10", percent="5"), "not both"), (dict(amount="999999"), "no more than"),
                            (dict(percent="10", until="2026-11-01"), "stands until today"),
                            (dict(percent="10", pay_by="never"), "no day"),
                            (dict(percent="10", payments="0"), "payments")):
            refused(form.submit(**typed), 422, said)
        shown = form.submit(percent="10", until="2026-12-01", pay_by="2026-12-04", reason="one sum")
        check(shown.says("Within yours", "is forgiven once all of it is paid"), "what an offer means is shown",
              shown.words()[:500])
        same(book.one(number, first), None, "and nothing is kept by that")
        made = shown.form("/offer").submit() if shown.form("/offer").method == "POST" else \
            next(f for f in shown.forms() if f.method == "POST" and f.action.endswith("/offer")).submit()
        check(made.says("The offer is on file"), "an offer is made", made.words()[:300])
        book.line("offer", "make", first, "--discount", "10", "--until", "2026-12-01", "--pay-by", "2026-12-04",
                  "--reason", "one sum", "--by", "x")
        refused(made.form("/accept").submit(evidence=""), 422, "what shows it")
        taken = made.form("/accept").submit(evidence="rec 9")
        check(taken.says("Accepted"), "and accepted", taken.words()[:200])
        book.line("offer", "accept", first, "--by", "x", "--via", "phone", "--evidence", "rec 9")
        book.equal("offer", *tables("offer", "plan", "promise", "movement"))
        paper = priya.get(taken.path + "/letter")
        check(paper.status == 200 and paper.bytes.startswith(b"%PDF"), "the letter can be read")

        # theirs, answered by one of ours
        shown = priya.get(f"/accounts/{second}/offer?by=them&amount=5&pay_by=2026-12-04&until=2026-12-01")
        check(shown.says("They offer", "Theirs"), "theirs is told as theirs", shown.words()[:300])
        form = next(f for f in shown.forms() if f.method == "POST" and f.action.endswith("/offer"))
        theirs = form.submit()
        again = form.submit()
        check(again.path == theirs.path, "the same form twice is one offer")
        refused(theirs.form("/decline").submit(reason=""), 422, "why")
        counter = priya.get(next(link for link in theirs.links("/accounts/") if "answers=" in link))
        check(counter.says("Answer with another offer", "theirs"), "it can be countered", counter.words()[:300])
        shown = counter.form("/offer").submit(percent="5", pay_by="2026-12-04", until="2026-12-01")
        form = next(f for f in shown.forms() if f.method == "POST" and f.action.endswith("/offer"))
        ours = form.submit()
        check(ours.says("We offer"), "by one of ours", ours.words()[:200])
        refused(theirs.form("/accept").submit(evidence="x"), 409)
        book.line("offer", "make", second, "--amount", "5", "--from-debtor", "--pay-by", "2026-12-04", "--until",
                  "2026-12-01", "--by", "x")
        book.line("offer", "counter", second, "--discount", "5", "--pay-by", "2026-12-04", "--until",
                  "2026-12-01", "--by", "x")
        book.equal("counter offer", *tables("offer"))
        back = ours.form("/withdraw").submit()
        check(back.says("taken back"), "an offer is taken back")
        refused(ours.form("/accept").submit(evidence="x"), 409)

        # beyond one's own limit
        shown = priya.get(f"/accounts/{third}/offer?percent=30&pay_by=2026-12-04&until=2026-12-01")
        check(shown.says("Needs approval", "team lead", "Ask for approval"), "what is beyond one's own limit waits",
              shown.words()[:400])
        waits = next(f for f in shown.forms() if f.method == "POST" and f.action.endswith("/offer")).submit()
        same(book.one(number, third)[1], "waiting_approval", "for approval")
        check(not any("/approve" in f.action for f in waits.forms()), "its maker cannot approve it")
        page = lena.get(waits.path)
        approved = page.form("/approve").submit(reason="fine")
        check(approved.says("Approved"), "somebody else can", approved.words()[:200])
        same(book.one(number, third)[1], "open", "and then it is open")
        with console.Console(priya.address, "helen") as helen:
            same(helen.get(f"/accounts/{third}/offer").status, 403, "compliance makes no offers")
            same(helen.get(waits.path).status, 200, "but reads them")
    same(spine.Recoup(book.page_db).findings(), [], "prove finds nothing after offers")


# ---- Disputes -------------------------------------------------------------------------------

OLD_DEBT = (" AND EXISTS (SELECT 1 FROM debt AS d JOIN instalment AS i USING (bucket, casefile_id, debt_no) WHERE"
            " d.bucket = c.bucket AND d.casefile_id = c.casefile_id AND d.invoice_day < (SELECT MAX(invoice_day)"
            " FROM debt) - 15 AND i.amount_minor - i.paid_minor >= 5000)")


def debt_of(book, who):
    """The debt of it of which most is open."""
    return book.one("SELECT d.reference FROM debt AS d JOIN casefile AS c USING (bucket, casefile_id) JOIN"
                    " instalment AS i USING (bucket, casefile_id, debt_no) WHERE c.reference = ? ORDER BY"
                    " i.amount_minor - i.paid_minor DESC", who)[0]


def disputes(folder, master):
    book = Book(folder, master, "disputes")
    first = reference(book, WAITS + OLD_DEBT)
    others = [found[0] for found in book.rows("SELECT c.reference FROM casefile AS c WHERE " + WAITS + " ORDER BY 1")]
    second, third, fourth = [one for one in others if one != first][:3]
    count = "SELECT COUNT(*) FROM dispute"
    paper = b"%PDF-1.4 a receipt"
    with console.Console(book.page_db, "priya", now=NOW) as priya, \
            console.Console(priya.address, "lena") as lena:
        def form(who):
            return priya.get(f"/accounts/{who}/dispute").form("/dispute")

        def answer(who, number, result):
            page = lena.get(f"/accounts/{who}/dispute/{number}")
            return next(f for f in page.forms() if ("result", result) in f.fields)

        begun, before = form(first), book.one(count)[0]
        debt = debt_of(book, first)
        refused(begun.submit(), 422, "Choose what they say is wrong")
        kept = refused(begun.submit(reason="amount", amount="lots", note="not what we said"), 422, "no amount")
        check("not what we said" in kept.text and re.search(r'value="amount" checked', kept.text),
              "their words are kept")
        refused(begun.submit(reason="amount", amount="10"), 422, "which debt")
        refused(begun.submit(reason="amount", debt=debt, amount="999999"), 422, "more than was ever asked")
        refused(begun.submit(reason="amount", debt=debt, line="delivery"), 422, "how much")
        refused(begun.submit(reason="amount", debt=debt, instalment="7"), 422, "no instalment 7")
        refused(begun.submit(reason="amount", debt="NONE-1"), 422, "NONE-1")
        refused(begun.submit(reason="amount", received="2026-12-24"), 422)
        refused(begun.submit(reason="amount", debt=debt, component="hope"), 422, "no part")
        same(book.one(count)[0], before, "nothing is kept of what was refused")
        done = begun.submit(files={"papers": ("receipt.pdf", paper)}, reason="amount", debt=debt, amount="25",
                            note="they took two panes back", received="2026-11-18")
        check(done.says("Taken down", "the rest goes on", "receipt.pdf"), "a part is disputed", done.words()[:400])
        number = int(done.path.rsplit("/", 1)[1])
        begun.submit(files={"papers": ("receipt.pdf", paper)}, reason="amount", debt=debt, amount="25",
                     note="they took two panes back", received="2026-11-18")
        same(book.one(count)[0], before + 1, "the same form twice is one dispute")
        same(book.one("SELECT COUNT(*), MIN(name) FROM evidence WHERE origin = ?", f"dispute {number}"),
             (1, "receipt.pdf"), "and one paper")
        link = next(link for link in done.links(f"/accounts/{first}/paper/"))
        check(priya.get(link).bytes == paper, "which is kept byte for byte")
        more = done.form("/paper")
        refused(more.submit(files={"papers": ("", b"")}), 422, "Choose a file")
        check(more.submit(files={"papers": ("letter.txt", b"words")}).says("1 kept", "letter.txt"), "more is kept")
        check(more.submit(files={"papers": ("letter.txt", b"words")}).says("kept already"), "once")
        book.line("dispute", "open", first, "--reason", "amount", "--debt", debt, "--amount", "25", "--note",
                  "they took two panes back", "--received", "2026-11-18", "--via", "phone")
        for name, content in (("receipt.pdf", paper), ("letter.txt", b"words")):
            (folder / name).write_bytes(content)
            book.line("dispute", "evidence", first, str(number), folder / name)
        listed = priya.get(f"/accounts/{first}/dispute")
        check(listed.says(f"Dispute {number}", "The amount is not right"), "what is open stands above the form")

        # whose it is to answer
        page = priya.get(f"/accounts/{first}/dispute/{number}")
        check(page.says("somebody whose role decides") and not any(f.action.endswith("/answer") for f in page.forms()),
              "a collector does not answer")
        same(priya.post(f"/accounts/{first}/dispute/{number}/answer", {"result": "upheld"}).status, 403, "nor by hand")
        partly = answer(first, number, "partly")
        refused(partly.submit(text="Ten."), 422, "what is taken off")
        kept = refused(partly.submit(amount="10", text=""), 422, "what they are told")
        check(kept.text.count('value="10"') == 1, "the amount is kept where it was typed")
        refused(partly.submit(amount="26", text="x"), 422, "They dispute $25.00")
        done = partly.submit(amount="10", text="One pane was credited.", on="2026-11-18")
        check(done.says("Answered", "$10.00"), "partly upheld", done.words()[:300])
        partly.submit(amount="10", text="One pane was credited.", on="2026-11-18")
        book.line("dispute", "answer", first, str(number), "--result", "partly", "--amount", "10", "--answer",
                  "One pane was credited.", "--on", "2026-11-18")
        book.equal("dispute", *tables("dispute", "movement", "fact"))
        check(done.form("/reopen").submit().says("Open again"), "an answer can be undone")
        same(book.one("SELECT state, corrected_minor FROM dispute WHERE dispute_no = ?", number), ("open", 0),
             "and what it took off is back")
        book.line("dispute", "reopen", first, str(number))
        book.equal("dispute opened again", *tables("dispute", "movement", "fact"))

        # all of it, and they are right
        done = form(second).submit(reason="not-mine", note="never there")
        number = int(done.path.rsplit("/", 1)[1])
        check(done.says("Nothing asks for this money"), "all of it is disputed", done.words()[:300])
        told = answer(second, number, "upheld").submit(text="You are right.")
        check(told.says("Answered"), "upheld", told.words()[:300])
        book.line("dispute", "open", second, "--reason", "not-mine", "--note", "never there", "--via", "phone")
        book.line("dispute", "answer", second, str(number), "--result", "upheld", "--answer", "You are right.")
        # not upheld
        done = form(third).submit(reason="paid", via="letter")
        number = int(done.path.rsplit("/", 1)[1])
        told = answer(third, number, "not_upheld").submit(text="No payment came.", proof="2026-11-19")
        check(told.says("Answered"), "not upheld", told.words()[:300])
        book.line("dispute", "open", third, "--reason", "paid", "--via", "letter")
        book.line("dispute", "answer", third, str(number), "--result", "not-upheld", "--answer", "No payment came.",
                  "--proof-sent", "2026-11-19")
        # a slip
        done = form(fourth).submit(reason="other")
        number = int(done.path.rsplit("/", 1)[1])
        late = answer(fourth, number, "upheld")
        check(done.forms() and next(f for f in done.forms() if f.action.endswith("/withdraw")).submit()
              .says("withdrawn"), "what was taken down by mistake is withdrawn")
        refused(late.submit(text="x"), 409)
        book.line("dispute", "open", fourth, "--reason", "other", "--via", "phone")
        book.line("dispute", "close", fourth, str(number))
        book.equal("disputes", *tables("dispute", "movement", "fact"))

        # the law has its say
        who = reference(book, "c.role = 'third_party_collector' AND c.business = 0 AND c.standing IN ('waiting',"
                              " 'spaced') AND EXISTS (SELECT 1 FROM party AS p WHERE p.bucket = c.bucket AND"
                              " p.casefile_id = c.casefile_id AND p.places LIKE 'US-%')")
        done = form(who).submit(reason="amount", via="letter")
        number = int(done.path.rsplit("/", 1)[1])
        page = answer(who, number, "not_upheld").submit(text="It is right.")
        check(page.status == 422 and page.says("Blocked", "12 CFR 1006.38(d)(2)", "enter the day it was sent")
              and "It is right." in page.text, "proof is sent first", page.words()[:600])
        told = answer(who, number, "not_upheld").submit(text="It is right.", proof="2026-11-20")
        check(told.says("Answered"), "then it can be answered", told.words()[:300])
        same(lena.get(f"/accounts/{who}/dispute/9999").status, 404, "there is no such dispute")
        with console.Console(priya.address, "vic") as vic:
            same(vic.get(f"/accounts/{who}/dispute").status, 403, "who only reads takes none down")
            same(vic.get(f"/accounts/{who}/dispute/{number}").status, 200, "but reads them")
    same(spine.Recoup(book.page_db).findings(), [], "prove finds nothing after disputes")


PARTS = [promises, wrap_ups, plans, calls, old_debts, offers, disputes]


def main():
    with spine.scratch("work") as folder:
        master = console.demo(folder)
        wanted = sys.argv[1:]
        for part in PARTS:
            if not wanted or part.__name__ in wanted:
                part(pathlib.Path(folder), master)
    return RESULTS.end()


if __name__ == "__main__":
    sys.exit(main())
