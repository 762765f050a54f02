#!/usr/bin/env python3
"""The rest of a collector's day, over HTTP: holds, hardship, payments, charges, contacts that
happened elsewhere, how somebody is reached, and answers in one's own words. As work_test.py: bad,
repeated and stale input, different roles, and the book as the same command writes it.
"""
import email
import email.policy
import pathlib
import re
import sys

import console
import spine
import work_test
from work_test import Book, check, reference, refused, same, tables

WAITS = work_test.WAITS
TABLES = work_test.TABLES | {
    "point": "SELECT casefile_id, point_no, party_no, channel, address, state FROM contact_point ORDER BY 1, 2",
    "party": "SELECT casefile_id, party_no, language, places, zones, clues FROM party ORDER BY 1, 2",
    "told": "SELECT casefile_id, fact_no, type, party_no, debt_no, at, until_at, scope, value, channel,"
            " weekdays, from_second, to_second, detail FROM fact WHERE type <> 'hold' ORDER BY 1, 2",
}


def table(*names):
    return [TABLES[name] for name in names]


def clean(book, what):
    same(spine.Recoup(book.page_db).findings(), [], f"prove finds nothing after {what}")


def late(here, form, omar, doing, **fields):
    """Somebody else is faster: nothing is written, and what was typed is there."""
    doing(omar)
    return refused(form.submit(**fields), 409, "Omar")


# ---- Holds ----------------------------------------------------------------------------------

def holds(folder, master):
    book = Book(folder, master, "holds")
    first, second, third = (reference(book, WAITS, n) for n in range(3))
    count = "SELECT COUNT(*) FROM fact WHERE type = 'hold'"
    with console.Console(book.page_db, "priya", now=console.PAGES_NOW) as priya:
        def form(who):
            return next(f for f in priya.get(f"/accounts/{who}/hold").forms() if f.action.endswith("/hold"))

        begun, before = form(first), book.one(count)[0]
        refused(begun.submit(until="2026-12-31"), 422, "Choose why")
        refused(begun.submit(kind="martian"), 422, "no hold of kind")
        refused(begun.submit(kind="manual"), 422, "Say why")
        kept = refused(begun.submit(kind="complaint", reason="rude letter", until="2026-11-01"), 422, "past already")
        check("rude letter" in kept.text and 'value="2026-11-01"' in kept.text
              and re.search(r'value="complaint" checked', kept.text), "what was typed is kept")
        refused(begun.submit(kind="complaint", until="someday"), 422, "no day")
        refused(begun.submit(kind="complaint", first="2026-11-01"), 422, "today or later")
        same(book.one(count)[0], before, "nothing is held by what was refused")
        done = begun.submit(kind="complaint", reason="rude letter", until="2026-12-31")
        check(done.says("Held until", "Dec 31"), "it is held", done.words()[:300])
        begun.submit(kind="complaint", reason="rude letter", until="2026-12-31")
        same(book.one(count)[0], before + 1, "the same form twice is one hold")
        book.line("hold", "place", first, "--kind", "complaint", "--reason", "rude letter", "--until", "2026-12-31")
        form(second).submit(kind="breathing-space")
        book.line("hold", "place", second, "--kind", "breathing-space")
        form(third).submit(kind="bankruptcy", chapter="13", first="2026-11-25")
        book.line("hold", "place", third, "--kind", "bankruptcy", "--chapter", "13", "--from", "2026-11-25")
        book.equal("holds", *tables("fact", "movement"))
        again = priya.get(f"/accounts/{first}/hold")
        check(again.says("Held now", "They complained", "rude letter"), "what stands is shown first")
        back = done.form("/lift").submit()
        check(back.says("lifted"), "and is undone")
        check(priya.get(f"/accounts/{first}/hold").says("Held now") is False, "it stands no more")
        back = priya.post(f"/accounts/{third}/hold/{number_of_hold(book, third)}/lift")
        check(back.says("lifted"), "one that begins later is lifted, too", back.words()[:300])
        same(priya.post(f"/accounts/{first}/hold/99999/lift").says("not in force any more"), True,
             "what is not there is not lifted")
        # one in force gets a new last day, and no button that lifts it
        longer = form(second).submit(kind="breathing-space", until="2027-03-01")
        check(longer.says("Held until") and not [f for f in longer.forms() if f.action.endswith("/lift")],
              "longer, and nothing to undo", longer.words()[700:1300])
        stale = form(first)
        with console.Console(priya.address, "omar") as omar:
            kept = late(first, stale, omar, lambda o: o.get(f"/accounts/{first}/promise").form("/promise").submit(
                amount="5", by="2026-11-27"), kind="review", reason="looking into it")
        check("looking into it" in kept.text, "what was typed is kept when somebody else was faster")
        check(next(f for f in kept.forms() if f.action.endswith("/hold")).submit().says("Held"), "and can be sent then")
        with console.Console(priya.address, "vic") as vic:
            same(vic.get(f"/accounts/{first}/hold").status, 403, "who only reads holds nothing")
    record = book.one("SELECT record FROM journal WHERE kind = 'hold_lifted' ORDER BY at DESC LIMIT 1")[0]
    check("Priya" in record, "who lifted it is journalled", record)
    clean(book, "holds")


def number_of_hold(book, who, db=None):
    return book.rows("SELECT MAX(f.fact_no) FROM fact AS f JOIN casefile AS c USING (bucket, casefile_id)"
                     " WHERE c.reference = ? AND f.type = 'hold'", who, db=db)[0][0]


# ---- Hardship -------------------------------------------------------------------------------

def hardships(folder, master):
    book = Book(folder, master, "hardships")
    first, second = (reference(book, WAITS, n) for n in range(2))
    count = "SELECT COUNT(*) FROM fact WHERE type = 'hold' AND scope = 'hardship'"
    with console.Console(book.page_db, "priya", now=console.PAGES_NOW) as priya, \
            console.Console(priya.address, "lena") as lena:
        def form(who):
            return priya.get(f"/accounts/{who}/hardship?again=yes").form("/hardship")

        begun, before = form(first), book.one(count)[0]
        refused(begun.submit(situation="illness"), 422, "few words")
        refused(begun.submit(reason="ill", until=""), 422, "last day")
        refused(begun.submit(reason="ill", until="2026-11-01"), 422, "later than today")
        kept = refused(begun.submit(reason="ill since June", spare="lots", needs="large print"), 422, "lots")
        check("ill since June" in kept.text and "large print" in kept.text, "what was typed is kept")
        refused(begun.submit(reason="ill", situation="boredom"), 422, "no situation")
        same(book.one(count)[0], before, "nothing is paused by what was refused")
        done = begun.submit(reason="ill since June", situation="illness", spare="60", spare_every="a month",
                            needs="large print", until="2026-12-31", review="2026-12-15",
                            files={"papers": ("note.txt", b"from the doctor")})
        check(done.says("Paused until", "Illness", "$60.00 a month", "large print", "note.txt"), "it is taken down",
              done.words()[:500])
        begun.submit(reason="ill since June", situation="illness", spare="60", spare_every="a month",
                     needs="large print", until="2026-12-31", review="2026-12-15")
        same(book.one(count)[0], before + 1, "the same form twice is one hardship")
        book.line("hardship", "open", first, "--reason", "ill since June", "--situation", "illness", "--spare",
                  "$60.00 a month", "--needs", "large print", "--until", "2026-12-31", "--review", "2026-12-15")
        details = ("SELECT casefile_id, type, until_at, scope, value, REPLACE(detail, 'by=Priya Raman\n', '') FROM fact"
                   " WHERE type = 'hold' ORDER BY casefile_id, fact_no")
        page = [re.sub(r"by=[^\n]*\n?", "", str(r[5] or "")).strip() for r in book.rows(details)]
        line = [re.sub(r"by=[^\n]*\n?", "", str(r[5] or "")).strip() for r in book.rows(details, db=book.line_db)]
        same(page, line, "what helps them is kept the same way")
        check(priya.get(f"/accounts/{first}").says("Support needs", "large print", "Spare money"),
              "and stands beside the account")
        number = int(done.path.rsplit("/", 1)[1])
        check(priya.get(done.path).says("decided by somebody whose role decides it"), "a collector does not decide it")
        same(priya.post(f"/accounts/{first}/hardship/{number}/decide", {"result": "close"}).status, 403, "nor by hand")

        decide = lena.get(done.path).form("/decide")
        refused(decide.submit(), 422, "Choose what is decided")
        refused(decide.submit(result="decline"), 422, "Say why not")
        refused(decide.submit(result="pause", until="2026-11-01"), 422, "past already")
        told = decide.submit(result="pause", until="2027-01-31", review="2027-01-15", note="until the new job")
        check(told.says("Decided", "until the new job", "Jan 31"), "it is decided", told.words()[:400])
        book.line("hardship", "decide", first, str(number), "--result", "pause", "--until", "2027-01-31", "--review",
                  "2027-01-15", "--note", "until the new job")
        check(decide.submit(result="pause", until="2027-01-31", review="2027-01-15", note="until the new job")
              .says("decided already"), "the same decision twice is one")
        old = lena.get(done.path)
        check(old.says("decided anew since") and old.status == 200, "the one before leads to it")
        now = int(told.path.rsplit("/", 1)[1])
        over = lena.get(told.path).form("/decide").submit(result="close", note="works again")
        check(over.says("It is over"), "it ends", over.words()[:300])
        book.line("hardship", "decide", first, str(number_of_hold(book, first, book.line_db)), "--result", "close",
                  "--note", "works again")  # the paper took a number of its own
        facts = "SELECT casefile_id, type, at, until_at, scope, value FROM fact ORDER BY casefile_id, fact_no"
        book.equal("hardship", facts, *tables("movement"))
        # told twice: a new last day, and what they said is kept
        form(second).submit(reason="lost work", until="2026-12-01")
        form(second).submit(reason="still no work", until="2026-12-31")
        check(priya.get(f"/accounts/{second}").says("still no work"), "what they said again is a note")
        same(lena.get(f"/accounts/{first}/hardship/9999").status, 404, "there is no such hardship")
        with console.Console(priya.address, "vic") as vic:
            check(not [f for f in vic.get(f"/accounts/{first}/hardship").forms() if "/hardship" in f.action],
                  "who only reads takes none down")
            same(vic.post(f"/accounts/{first}/hardship", {"reason": "x"}).status, 403, "nor by hand")
            same(vic.get(f"/accounts/{first}/hardship/{now}").status, 200, "but reads them")
    clean(book, "hardship")


# ---- Contacts that happened elsewhere -------------------------------------------------------

def contacts(folder, master):
    book = Book(folder, master, "contacts")
    first, second = (reference(book, WAITS, n) for n in range(2))
    count = "SELECT COUNT(*) FROM contact"
    with console.Console(book.page_db, "priya", now=console.PAGES_NOW) as priya:
        def form(who):
            return priya.get(f"/accounts/{who}/contact").form("/contact")

        begun, before = form(first), book.one(count)[0]
        refused(begun.submit(), 422, "Choose how")
        refused(begun.submit(channel="letter"), 422, "what came of it")
        refused(begun.submit(channel="letter", outcome="busy", direction="out"), 422, "something written")
        refused(begun.submit(channel="call", outcome="no_answer"), 422, "nobody was reached")
        refused(begun.submit(channel="letter", outcome="message", day="2026-12-01"), 422, "lies ahead")
        refused(begun.submit(channel="visit"), 422, "Write down what was said")
        kept = refused(begun.submit(channel="call", outcome="conversation", note="pays Friday", call_day="2026-11-24"),
                       422, "time of the call")
        check("pays Friday" in kept.text, "what was typed is kept")
        same(book.one(count)[0], before, "nothing is logged by what was refused")
        fields = dict(channel="letter", outcome="message", day="2026-11-18", note="Please send me the bill.")
        done = begun.submit(**fields)
        check(done.says("Logged"), "a letter that came", done.words()[:200])
        begun.submit(**fields)
        same(book.one(count)[0], before + 1, "the same form twice is one contact")
        form(second).submit(channel="call", outcome="conversation", direction="out", day="2026-11-19", time="10:30",
                            note="pays Friday")
        book.line("contact", "log", first, "--channel", "letter", "--outcome", "message", "--inbound", "--note",
                  "Please send me the bill.", "--at", "2026-11-18T12:00:00-06:00")
        book.line("contact", "log", second, "--channel", "call", "--outcome", "conversation", "--note",
                  "pays Friday", "--at", "2026-11-19T10:30:00-06:00")
        book.equal("contacts", *tables("contact", "fact"))
        told = form(second).submit(channel="visit", note="came to the counter", direction="in")
        check(told.says("Logged"), "a visit", told.words()[:200])
        task = book.one("SELECT t.kind FROM task AS t JOIN casefile AS c USING (bucket, casefile_id)"
                        " WHERE c.reference = ? AND t.state = 'open' AND t.kind = 'reply'", first)
        check(task is not None, "what they wrote waits for an answer")
        with console.Console(priya.address, "vic") as vic:
            same(vic.get(f"/accounts/{first}/contact").status, 403, "who only reads logs nothing")
    clean(book, "contacts")


# ---- How somebody is reached ----------------------------------------------------------------

def details(folder, master):
    book = Book(folder, master, "details")
    who = reference(book, WAITS + " AND EXISTS (SELECT 1 FROM contact_point AS k WHERE k.bucket = c.bucket"
                                  " AND k.casefile_id = c.casefile_id AND k.channel = 'email')")
    point = book.one("SELECT k.point_no, k.address FROM contact_point AS k JOIN casefile AS c USING (bucket, casefile_id)"
                     " WHERE c.reference = ? AND k.channel = 'email'", who)
    with console.Console(book.page_db, "priya", now=console.PAGES_NOW) as priya:
        here = f"/accounts/{who}/details"

        def form(deed):
            page = priya.get(here)
            return next(f for f in page.forms() if ("do", deed) in f.fields)

        refused(form("point").submit(channel="email", address="nobody at home"), 422, "no email address")
        refused(form("point").submit(channel="sms", address="12"), 422, "which country")
        refused(form("point").submit(channel="letter", address="here"), 422, "envelope")
        refused(form("point").submit(address=""), 422, "Enter the address")
        kept = refused(form("language").submit(language="other", tag="klingon!"), 422, "klingon!")
        check('value="klingon!"' in kept.text, "what was typed is kept")
        refused(form("place").submit(zone="Mars/Olympus", place=""), 422, "no time zone")
        refused(form("place").submit(zone="", place="XX-99"), 422, "no place")
        refused(form("hours").submit(suits="bad"), 422, "Choose days")
        refused(form("hours").submit(suits="bad", from_="14:00", to="12:00"), 422, "end before")
        refused(form("hours").submit(suits="good", days="mon"), 422, "when it suits")
        refused(form("other").submit(type="attorney"), 422, "attorney")
        refused(form("other").submit(), 422, "Choose what they told us")
        book.equal("what was refused", *table("point", "party", "told"))

        number, mailbox = point
        mark = priya.get(here).form(f"/details/point/{number}/bad")
        refused(mark.submit(since="2026-12-24"), 422, "lies ahead")
        told = mark.submit(reason="came back", since="2026-11-18")
        check(told.says("Marked bad"), "an address is marked", told.words()[:200])
        book.line("contact", "point", who, "--channel", "email", "--address", mailbox, "--bad", "--reason", "came back",
                  "--since", "2026-11-18T12:00:00-06:00")
        book.equal("a bad address", *table("point"))
        same(book.rows("SELECT record FROM journal WHERE kind = 'address' ORDER BY at DESC LIMIT 1")[0][0].count("2026-11-18"),
             1, "when it was seen is journalled")
        line_task = book.rows("SELECT kind, state FROM task ORDER BY casefile_id, task_no", db=book.line_db)
        same(book.rows("SELECT kind, state FROM task ORDER BY casefile_id, task_no"), line_task, "tasks follow it")
        check(told.form(f"/details/point/{number}/good").submit().says("leads to them again"), "and is undone")
        book.line("contact", "point", who, "--channel", "email", "--address", mailbox)

        for channel, address, kept in (("email", "second@example.org", "second@example.org"),
                                       ("sms", "+1 (608) 555-0177", "+16085550177"),
                                       ("letter", "Somebody\n9 Elm Street\nMadison, WI 53703",
                                        "Somebody\n9 Elm Street\nMadison, WI 53703")):
            adding = form("point")
            done = adding.submit(channel=channel, address=address)
            check(done.says("The address is on file"), f"one more {channel}", done.words()[:300])
            check(adding.submit(channel=channel, address=address).says("noted already"), "twice is once")
            book.line("contact", "point", who, "--channel", channel, "--address", kept)
        check(form("point").submit(channel="email", address="second@example.org").says("on file already"),
              "what is there is there")
        book.equal("addresses", *table("point", "party"))
        check(priya.get("/accounts?q=second%40example.org").says(who) or
              priya.get("/search?q=second%40example.org").says(who), "somebody is found by a new address")

        check(form("prefer").submit(channel="letter").says("comes first"), "what they like")
        book.line("contact", "prefer", who, "--channel", "letter")
        stopped = form("stop").submit(channel="call", address="")
        check(stopped.says("not reached this way"), "a stop")
        check(form("stop").submit(channel="call", address="").says("known already"), "is said once")
        book.line("contact", "opt-out", who, "--channel", "call")
        check(form("agree").submit(channel="call", address="").says("agreed"), "they agree again")
        book.line("contact", "consent", who, "--channel", "call")
        check(form("place").submit(zone="America/Denver", place="US-CO").says("Noted where"), "where they are")
        book.line("contact", "location", who, "--zone", "America/Denver", "--place", "US-CO")
        check(form("hours").submit(suits="bad", days=["mon", "tue"], from_="12:00", to="13:00").says("not reached then"),
              "bad hours")
        book.line("fact", "add", who, "inconvenient_time", "--days", "mon,tue", "--hours", "12:00-13:00")
        check(form("other").submit(type="attorney", value="Ann Bell").says("rules know"), "an attorney")
        book.line("fact", "add", who, "attorney", "form=letter", "--value", "Ann Bell")
        check(form("needs").submit(needs="large print", spare="", payday="").says("what helps"), "what helps them")
        book.line("fact", "add", who, "preference", "needs=large print", "--party", "1")
        book.equal("wishes", *table("told", "party"))
        check(priya.get(f"/accounts/{who}").says("large print", "Prefers", "Letter"), "it is read where it was changed")
        check(form("language").submit(language="es").says("Spanish"), "a language")
        same(book.one("SELECT p.language FROM party AS p JOIN casefile AS c USING (bucket, casefile_id)"
                      " WHERE c.reference = ? AND p.party_no = 1", who)[0], "es", "in the book")
        fact = book.one("SELECT MAX(fact_no) FROM fact AS f JOIN casefile AS c USING (bucket, casefile_id)"
                        " WHERE c.reference = ? AND type = 'inconvenient_time'", who)[0]
        check(priya.get(here).form(f"/fact/{fact}/end").submit().says("does not hold any more"), "bad hours end")
        stop = form("stop").submit(channel="sms", address="")
        fact = book.one("SELECT MAX(fact_no) FROM fact AS f JOIN casefile AS c USING (bucket, casefile_id)"
                        " WHERE c.reference = ? AND type = 'opt_out'", who)[0]
        refused(priya.post(f"{here}/fact/{fact}/end"), 409, "Only they")
        check(stop.form("/end").submit().says("Taken back"), "a slip of a minute ago is undone")
        stale = form("prefer")
        with console.Console(priya.address, "omar") as omar:
            late(who, stale, omar, lambda o: o.get(f"/accounts/{who}/promise").form("/promise").submit(
                amount="5", by="2026-11-27"), channel="email")
        with console.Console(priya.address, "vic") as vic:
            same(vic.get(here).status, 403, "who only reads changes nothing")
    clean(book, "details")


# ---- Money ----------------------------------------------------------------------------------

def payments(folder, master):
    book = Book(folder, master, "payments")
    first, second = (reference(book, WAITS, n) for n in range(2))
    count = "SELECT COUNT(*) FROM payment"
    with console.Console(book.page_db, "priya", now=console.PAGES_NOW) as priya, \
            console.Console(priya.address, "rosa") as rosa:
        def form(who):
            return priya.get(f"/accounts/{who}/payment").form("/payment")

        begun, before = form(first), book.one(count)[0]
        refused(begun.submit(), 422, "Enter what came in")
        kept = refused(begun.submit(amount="much", note="by hand"), 422, "much")
        check('value="much"' in kept.text and "by hand" in kept.text, "what was typed is kept")
        refused(begun.submit(amount="10", day="2026-12-01"), 422, "not here yet")
        refused(begun.submit(amount="EUR 10"), 422, "EUR")
        same(book.one(count)[0], before, "nothing is recorded by what was refused")
        done = begun.submit(amount="10.00", day="2026-11-18", method="check", bank_no="1042")
        check(done.says("Recorded: $10.00"), "a payment is recorded", done.words()[:300])
        check(begun.submit(amount="10.00", day="2026-11-18", method="check", bank_no="1042").says("recorded already"),
              "the same form twice is one payment")
        same(book.one(count)[0], before + 1, "one row")
        book.line("pay", "record", first, "--amount", "10", "--on", "2026-11-18", "--method", "check", "--ref", "1042")
        form(second).submit(amount="12.50")
        book.line("pay", "record", second, "--amount", "12.50")
        refused(form(first).submit(amount="11.00", bank_no="1042"), 409, "on file already")
        book.equal("payments", *tables("payment", "movement"),
                   "SELECT casefile_id, debt_no, instalment_no, paid_minor FROM instalment ORDER BY 1, 2, 3")
        money = priya.get(f"/accounts/{first}?tab=money")
        one = next(link for link in money.links(f"/accounts/{first}/payment/") if priya.get(link).says("Payment 1042"))
        back = priya.get(one).form("/reverse")
        refused(back.submit(), 422, "Choose what happened")
        kept = refused(back.submit(reason="returned", fee="15", note="the bank says so"), 422, "clause or the law")
        check("the bank says so" in kept.text, "what was typed is kept")
        told = back.submit(reason="returned", fee="15", clause="A returned check costs $15.", note="the bank says so")
        check(told.says("Taken back", "Went back"), "it goes back", told.words()[:300])
        check(back.submit(reason="returned").says("done already"), "once")
        book.line("pay", "reverse", first, "--ref", "1042", "--reason", "returned", "--note", "the bank says so", "--fee",
                  "15", "--clause", "A returned check costs $15.")
        book.equal("payments back", *tables("payment", "movement"))
        # whose is it?
        reference_made = book.one("SELECT p.reference, p.payment_no FROM payment AS p JOIN casefile AS c USING"
                                  " (bucket, casefile_id) WHERE c.reference = ? AND p.reference LIKE 'manual-%'", second)
        move = priya.get(f"/accounts/{second}/payment/{reference_made[1]}").form("/move")
        refused(move.submit(to=""), 422, "Enter the account")
        refused(move.submit(to="NOBODY-1"), 422)
        refused(move.submit(to=second), 422, "has it")
        check(move.submit(to=first, move_note="their name").says("Moved to"), "it is moved")
        book.line("pay", "reverse", second, "--ref", reference_made[0], "--reason", "wrong-account", "--to", first,
                  "--note", "their name")
        book.equal("payments moved", *tables("payment", "movement"))
        # more than is owed waits, and goes back
        form(second).submit(amount="99999", bank_no="big")
        book.line("pay", "record", second, "--amount", "99999", "--ref", "big")
        big = book.one("SELECT payment_no FROM payment WHERE reference = 'big'")[0]
        refund = priya.get(f"/accounts/{second}/payment/{big}").form("/refund")
        refused(refund.submit(back="5"), 422, "why")
        refused(refund.submit(back="999999", why="overpaid"), 409)
        check(refund.submit(back="5", why="overpaid").says("given back"), "a refund is noted")
        check(refund.submit(back="5", why="overpaid").says("noted already"), "once")
        book.line("pay", "refund", second, "--ref", "big", "--amount", "5", "--reason", "overpaid")
        book.equal("refunds", *tables("payment", "movement"))
        # more than a collector gives back alone waits for another person
        paid = "SELECT refunded_minor FROM payment WHERE reference = 'big'"
        form_of = lambda: priya.get(f"/accounts/{second}/payment/{big}").form("/refund")
        check(priya.get(f"/accounts/{second}/payment/{big}").says("More than $50.00 waits for another person"),
              "the form says so beforehand")
        waits = form_of().submit(back="300", why="paid twice")
        check(waits.says("waits for approval", "a team lead can approve it"), "more waits for another person",
              waits.words()[:300])
        same(book.one(paid)[0], 500, "and nothing is given back yet")
        refused(form_of().submit(back="301", why="paid twice"), 409, "waits")
        check(waits.form("/withdraw").submit().says("Withdrawn"), "who asked takes it back")
        form_of().submit(back="300", why="paid twice")
        mine = priya.get("/approvals")
        check(not any(f.action.endswith("/approve") for f in mine.forms()), "who asked cannot agree")
        asked = rosa.get("/approvals")
        check(asked.says("Give back $300.00 of payment big", "paid twice", "No money is sent by this", second),
              "it is asked for", asked.words()[:500])
        said = next(f for f in asked.forms() if f.action.endswith("/approve")).submit()
        check(said.says("Approved: $300.00 of payment big"), "a manager agrees", said.words()[:300])
        same(book.one(paid)[0], 30500, "and it is given back")
        book.line("pay", "refund", second, "--ref", "big", "--amount", "300", "--reason", "paid twice", "--role",
                  "team_lead")
        book.equal("refunds approved", *tables("payment", "movement"))
        slip = form(first).submit(amount="3", bank_no="slip", note="by hand")
        check(slip.form("/undo").submit().says("Taken back"), "a slip is undone")
        same(book.one("SELECT state FROM payment WHERE reference = 'slip'")[0], "duplicate", "in the book")
        same(priya.get(f"/accounts/{first}/payment/99999").status, 404, "there is no such payment")
        with console.Console(priya.address, "vic") as vic:
            same(vic.get(f"/accounts/{first}/payment").status, 403, "who only reads records nothing")
            same(vic.get(one).status, 200, "but reads them")
    clean(book, "payments")


def charges(folder, master):
    book = Book(folder, master, "charges")
    first = reference(book, WAITS)
    debt = book.one("SELECT d.reference FROM debt AS d JOIN casefile AS c USING (bucket, casefile_id)"
                    " JOIN instalment AS i USING (bucket, casefile_id, debt_no)"
                    " WHERE c.reference = ? AND i.amount_minor > i.paid_minor AND i.amount_minor > 2000 ORDER BY 1", first)[0]
    count = "SELECT COUNT(*) FROM movement"
    with console.Console(book.page_db, "priya", now=console.PAGES_NOW) as priya, \
            console.Console(priya.address, "rosa") as rosa:
        def form():
            return priya.get(f"/accounts/{first}/charge").form("/charge")

        begun, before = form(), book.one(count)[0]
        refused(begun.submit(debt=debt, amount="15"), 422, "Choose what is done")
        refused(begun.submit(kind="charge", amount="15", debt="", clause="x"), 422, "which debt")
        kept = refused(begun.submit(kind="charge", component="fees", debt=debt, amount="15", reason="returned"), 422,
                       "clause")
        check("returned" in kept.text, "what was typed is kept")
        refused(begun.submit(kind="charge", component="fees", debt=debt, clause="x"), 422, "amount")
        refused(begun.submit(kind="waive", component="fees", debt=debt, amount="1"), 422, "Say why")
        same(book.one(count)[0], before, "nothing is charged by what was refused")
        fields = dict(kind="charge", component="fees", debt=debt, amount="80", clause="A returned check costs $80.")
        done = begun.submit(**fields)
        check(done.says("Charged: $80.00"), "a fee is charged", done.words()[:300])
        begun.submit(**fields)
        same(book.one(count)[0], before + 1, "the same form twice is one charge")
        book.line("charge", "add", first, "--debt", debt, "--component", "fees", "--amount", "80", "--clause",
                  "A returned check costs $80.")
        check(form().submit(kind="waive", component="fees", debt=debt, amount="10", reason="goodwill").says("Let go"),
              "ten are within a collector's limits")
        book.line("charge", "waive", first, "--debt", debt, "--component", "fees", "--amount", "10", "--reason", "goodwill")
        credit = form().submit(kind="credit", debt=debt, amount="2", reason="returned goods")
        check(credit.says("Credited"), "a credit note")
        book.line("charge", "credit", first, "--debt", debt, "--amount", "2", "--reason", "returned goods")
        book.equal("charges", *tables("movement"))
        check(credit.form("/undo").submit().says("Taken back"), "and is undone")
        number = book.rows("SELECT MAX(movement_no) FROM movement AS m JOIN casefile AS c USING (bucket, casefile_id)"
                           " WHERE c.reference = ? AND m.kind = 'credit'", first)[0][0]
        book.line("charge", "undo", first, "--number", str(number))
        book.equal("charges taken back", *tables("movement"))
        # beyond one's limits another person agrees
        before = book.one(count)[0]
        waits = form().submit(kind="waive", component="fees", debt=debt, amount="60", reason="our mistake")
        check(waits.says("waits for approval"), "more waits for another person", waits.words()[:300])
        same(book.one(count)[0], before, "and nothing is let go yet")
        refused(form().submit(kind="waive", component="fees", debt=debt, amount="61", reason="our mistake"), 409, "waits")
        asked = rosa.get("/approvals")
        check(asked.says("Waive $60.00 of fees", "our mistake", first), "it is asked for", asked.words()[:500])
        said = next(f for f in asked.forms() if f.action.endswith("/approve")).submit()
        check(said.says("Approved: $60.00 is taken off"), "a manager agrees", said.words()[:300])
        book.line("charge", "waive", first, "--debt", debt, "--component", "fees", "--amount", "60", "--reason",
                  "our mistake", "--role", "team_lead")
        book.equal("approved", *tables("movement"))
        off = form().submit(kind="write_off", reason="insolvent")
        check(off.status in (403, 409, 422) or off.says("waits for approval"), "a write-off is not for a collector alone",
              off.words()[:300])
        mine = rosa.get(f"/accounts/{first}/charge").form("/charge").submit(
            kind="charge", component="costs", debt=debt, amount="1", law="BGB § 288(5)")
        undo = mine.form("/undo").action
        refused(priya.post(undo), 422, "Somebody else did that")
        with console.Console(priya.address, "vic") as vic:
            same(vic.get(f"/accounts/{first}/charge").status, 403, "who only reads charges nothing")
    clean(book, "charges")


# ---- An answer in one's own words -------------------------------------------------------------

def replies(folder, master):
    book = Book(folder, master, "replies")
    with_mail = (" AND EXISTS (SELECT 1 FROM contact_point AS k WHERE k.bucket = c.bucket AND k.state = 'good'"
                 " AND k.casefile_id = c.casefile_id AND k.channel = 'email') AND NOT EXISTS (SELECT 1 FROM fact AS f"
                 " WHERE f.bucket = c.bucket AND f.casefile_id = c.casefile_id AND f.type IN ('opt_out', 'hold'))")
    first, second, third = (reference(book, WAITS + with_mail, n) for n in range(3))
    count = "SELECT COUNT(*) FROM outbox WHERE template LIKE 'reply%'"
    with console.Console(book.page_db, "priya", now=console.PAGES_NOW) as priya:
        def form(who):
            return priya.get(f"/accounts/{who}/reply").form("/reply")

        page = priya.get(f"/accounts/{first}/reply")
        check(page.says("Allowed", "limit"), "how it stands is said before", page.words()[:600])
        begun, before = form(first), book.one(count)[0]
        refused(begun.submit(channel="email"), 422, "Write what you want")
        refused(begun.submit(channel="pigeon", words="Hello."), 422, "Choose how")
        text = "Yes, the last Friday is fine.\n\nWrite again whenever you like."
        done = begun.submit(channel="email", subject="Your question", words=text)
        check(done.says("On its way in a minute"), "it is on its way", done.words()[:300])
        begun.submit(channel="email", subject="Your question", words=text)
        same(book.one(count)[0], before + 1, "the same form twice is one message")
        row = book.one("SELECT subject, words, not_before - decided_at, state FROM outbox WHERE template LIKE 'reply%'"
                       " ORDER BY decided_at DESC LIMIT 1")
        same((row[0], row[1].replace("\r", ""), row[2], row[3]), ("Your question", text, 60_000_000, "ready"),
             "held for a minute, word for word")
        check(done.form("/stop").submit().says("Stopped"), "it can be stopped")
        same(book.one("SELECT state FROM outbox WHERE template LIKE 'reply%' ORDER BY decided_at DESC LIMIT 1")[0],
             "expired", "and does not go")
        form(second).submit(channel="email", subject="Your question", words=text.replace("\n", "\r\n"))
        # refused: the reason, the citation, and what was typed
        priya.get(f"/accounts/{third}/details")
        book_recoup = spine.Recoup(book.page_db)
        book_recoup.must("contact", "opt-out", third, "--now", console.PAGES_NOW)
        blocked = form(third).submit(channel="email", words="Please read this.")
        check(blocked.status == 422 and blocked.says("Blocked") and "Please read this." in blocked.text
              and re.search(r"D-\d+\.\d+", blocked.text), "what is refused stays, with its decision",
              f"{blocked.status} {blocked.words()[:600]}")
        same(book.one("SELECT COUNT(*) FROM outbox AS o JOIN casefile AS c USING (bucket, casefile_id)"
                      " WHERE c.reference = ? AND o.template LIKE 'reply%'", third)[0], 0, "and is not sent")
        check(blocked.form("/reply").fields, "the form is there again")
        stale = form(first)
        with console.Console(priya.address, "omar") as omar:
            kept = late(first, stale, omar, lambda o: o.get(f"/accounts/{first}/reply").form("/reply").submit(
                channel="email", words="Omar was here."), channel="email", words="I was slower.")
        check("I was slower." in kept.text, "what was typed is kept when somebody else answered first")
        with console.Console(priya.address, "vic") as vic:
            same(vic.get(f"/accounts/{first}/reply").status, 403, "who only reads writes to nobody")
    # a minute later they go, word for word
    (pathlib.Path(folder) / "recoup.yaml").write_text("channels: {folder: sent}\n")
    spine.in_folder(folder, "worker", "--until-idle", "--db", str(book.page_db), "--now", "2026-11-20T16:12:00Z")
    state = book.one("SELECT o.state, o.state_reason, m.subject, m.bytes FROM outbox AS o JOIN casefile AS c"
                     " USING (bucket, casefile_id) LEFT JOIN message AS m USING (bucket, casefile_id, outbox_no)"
                     " WHERE c.reference = ? AND o.template LIKE 'reply%'", second)
    same((state[0], state[2]), ("sent", "Your question"), f"it is sent: {state[1]}")
    mail = email.message_from_bytes(state[3] or b"", policy=email.policy.default)
    body = mail.get_body(("plain",)).get_content() if state[3] else ""
    check("Yes, the last Friday is fine.\n\nWrite again whenever you like.\n\n" in body.replace("\r", ""),
          "with its words, by paragraphs", repr(body[:600]))
    clean(book, "replies")


PARTS = [holds, hardships, contacts, details, payments, charges, replies]


def main():
    with spine.scratch("work-day") as folder:
        master = console.demo(folder)
        wanted = sys.argv[1:]
        for part in PARTS:
            if not wanted or part.__name__ in wanted:
                part(pathlib.Path(folder), master)
    return work_test.RESULTS.end()


if __name__ == "__main__":
    sys.exit(main())
