#!/usr/bin/env python3
"""Traps X33 to X48 of docs/traps.md: amounts, partial payments, currencies, fees, promises. Each is
a small book worked through days by the real program. Names of traps as arguments run only those.
"""
import contextlib
import re
import subprocess
import sys

import spine
import trap
from trap import STRATEGY, days_from, same, table_line, true

THIRDS = {"thirds": "due:\n  - {share: 50, net: 0}\n  - {share: 30, net: 31}\n"
                    "  - {share: 20, net: 62}\n"}
IN_PARTS = {"terms": "thirds", "due": "", "date": "2026-03-02"}  # due on 2 March, 2 April, 3 May


def one_step(template, day=3, channel="email", more=""):
    return STRATEGY.format(entry="highest", stale=30, steps=f"      - {{id: first, after_due: {day}, "
                           f"channels: [{channel}], template: {template}{more}}}")


def x33_every_line_and_the_sum_are_those_of_the_ledger(fresh):
    """Elsewhere a reminder of two invoices showed what was open of the last one on every line; here
    each line and the sum come from the ledger when the letter is made, and agree."""
    book = fresh()
    book.bill({"debt": "INV-1", "amount": "100.00"}, {"debt": "INV-2", "amount": "80.00"},
              {"debt": "INV-3", "amount": "7.50"})
    book.pay("2026-03-02", "40", "--debt", "INV-1")
    book.pay("2026-03-02", "5.25", "--debt", "INV-3")
    book.work("2026-03-04")
    (text,) = book.sent()
    same([table_line(text, f"INV-{n}")[-3:] for n in (1, 2, 3)],
         [["$100.00", "$40.00", "$60.00"], ["$80.00", "$0.00", "$80.00"], ["$7.50", "$5.25", "$2.25"]],
         "each line is its own")
    true("Total still open (USD): $142.25" in text, "the sum is their sum")
    same((book.messages()[0]["open"], book.balance("2026-03-04")["balance"]), (14225, "142.25"),
         "and what the ledger has")
    late = fresh()
    late.bill({})
    late.run("2026-03-04")
    late.pay("2026-03-04", "40")
    late.deliver("2026-03-04")
    true(all("$60.00" in text for text in late.sent()), "paid in between, the old sum is never sent")


def x34_a_payment_is_kept_with_the_instalments_it_paid(fresh):
    """Elsewhere a payment on an invoice in parts was not set against them, and a part that was paid
    was reminded of again; here the ledger keeps for each payment which part it paid."""
    book = fresh(terms=THIRDS)
    book.bill(IN_PARTS)
    book.pay("2026-03-03", "60")
    same(book.open_of("2026-03-03"), ["0.00", "20.00", "20.00"], "the first part, and some of the next")
    same(book.sql("SELECT instalment_no, SUM(minor) FROM posting WHERE account = 'principal' AND"
                  " cause LIKE 'payment%' GROUP BY 1 ORDER BY 1"), [(1, -5000), (2, -1000)],
         "the split is in the entries")
    book.work_days("2026-03-03", 60)
    same((book.steps("INV-1", 1), [s for s, _ in book.steps("INV-1", 2)]), ([], ["first", "second", "last"]),
         "the part that is paid is never asked for")
    same({m["open"] for m in book.messages() if m["step"] != "last"}, {2000}, "only the rest of the second")


def x35_an_invoice_in_parts_is_reminded_part_by_part(fresh):
    """Elsewhere only invoices with a single due day could be reminded; here an invoice has as many
    parts as its terms say, and each climbs the ladder for itself."""
    book = fresh(terms=THIRDS)
    book.bill(IN_PARTS)
    book.work_days("2026-03-01", 90)
    ladder = ["first", "second", "last"]
    same([[step for step, _ in book.steps("INV-1", n)] for n in (1, 2, 3)], [ladder] * 3,
         "every part has had every step")
    same([book.steps("INV-1", n)[0][1] for n in (1, 2, 3)], ["2026-03-05", "2026-04-05", "2026-05-06"],
         "three days after its own due day")


def x36_an_amount_never_changes_its_currency(fresh):
    """Elsewhere a number in euros was printed with a dollar sign; here an amount carries its
    currency from the file to the letter, and none is taken without one where it matters."""
    book = fresh(init=("--currency", "EUR"))
    book.bill({"debt": "INV-1", "currency": "USD"}, {"debt": "INV-2", "currency": "EUR", "amount": "70.00"},
              {"debt": "INV-3", "currency": "JPY", "amount": "7000"})
    book.work("2026-03-04")
    (text,) = book.sent()
    same([table_line(text, f"INV-{n}")[-1] for n in (1, 2, 3)], ["$100.00", "€70.00", "¥7,000"],
         "each with its own sign and its own decimals")
    same(re.findall(r"Total still open \((\w+)\): (\S+)", text),
         [("USD", "$100.00"), ("EUR", "€70.00"), ("JPY", "¥7,000")], "no sum over currencies")
    true("several currencies" in book.refused("2026-03-05", "pay", "record", "A-1", "--amount", "10"),
         "a bare number is asked for its currency")
    true(book.refused("2026-03-05", "pay", "record", "A-1", "--amount", "EUR 10", "--debt", "INV-1"),
         "euros do not pay dollars")
    book.pay("2026-03-05", "EUR 70")
    same([book.balance("2026-03-05", currency=c)["balance"] for c in ("USD", "EUR", "JPY")],
         ["100.00", "0.00", "7000"], "and pay euros alone")
    same({t["currency"]: t["open"] for t in book.at("2026-03-05", "report", "ageing")["totals"]},
         {"EUR": "0.00", "JPY": "7000", "USD": "100.00"}, "reports add up by currency")


FEE = ("due: {net: 28}\nlate_fees:\n  - {name: late_fee, amount: 12, after_days: 5, clause: Late "
       "payment costs 12.}\nallocation:\n  order: [principal, costs, interest, fees]\n  by: component\n"
       "  clause: Principal first.\ncharges: %s\n")
TERMS = {"claimed": "currency: USD\n" + FEE % "claim", "let-go": "currency: USD\n" + FEE % "waive",
         "plain": "currency: USD\ndue: {net: 28}\n"}


def x37_a_fee_outlives_the_principal_or_not_as_the_terms_say(fresh):
    """Elsewhere a customer paid the principal and the fee vanished without a word; here a fee is a
    part of the debt with a life of its own, and the terms say whether it is claimed or let go."""
    for terms, left in (("claimed", "12.00"), ("let-go", "0.00"), ("plain", "0.00")):
        book = fresh(terms=TERMS)
        book.bill({"terms": terms, "due": "", "date": "2026-02-02"})  # due on 2 March
        book.work_days("2026-03-02", 10)
        same(book.balance("2026-03-10")["fees"], "0.00" if terms == "plain" else "12.00", "what it costs")
        book.pay("2026-03-11", "100")
        same(book.balance("2026-03-11")["balance"], left, f"{terms}, after the principal was paid")
        book.work_days("2026-03-12", 30)
        same(book.standing() == "clear", left == "0.00", f"{terms}: it is chased or it is not")
        if left != "0.00":
            same(book.messages()[-1]["open"], 1200, "the fee alone is asked for")
            book.at("2026-04-20", "charge", "waive", "A-1", "--debt", "INV-1", "--component", "fees",
                    "--reason", "goodwill")
            book.run("2026-04-21")
            same(book.standing(), "clear", "let go by a person, with a reason")
        book.sound()


def x38_a_fee_that_a_letter_names_is_on_the_account(fresh):
    """Elsewhere the fee of a level was printed on the letter and stood on no account; here letters
    only print what the ledger has, each fee with the clause or the law that allows it."""
    book = fresh(terms=TERMS)
    book.bill({"terms": "claimed", "due": "", "date": "2026-02-02"})
    book.work_days("2026-03-02", 12)
    before, after = book.sent()
    true("112.00" not in before and "$112.00" in after, "the second letter has the fee of the 8th")
    same(book.messages()[-1]["open"], 11200, "so has the record of what was asked for")
    same(book.balance("2026-03-12"), {"currency": "USD", "principal": "100.00", "interest": "0.00",
                                      "fees": "12.00", "costs": "0.00", "waiting": "0.00",
                                      "balance": "112.00"}, "and so has the ledger")
    lines = book.at("2026-03-12", "explain", "A-1", "--action", "balance", "--at", "2026-03-12")["lines"]
    true(any(line["fees"] == "12.00" and "Late payment costs 12." in str(line) for line in lines),
         "with the clause that allows it")
    true(book.refused("2026-03-12", "charge", "add", "A-1", "--debt", "INV-1", "--amount", "5",
                      "--component", "fees"), "without a clause or a law nothing is charged")


THRESHOLD = """strategy: trap
title: Traps
order: 1
ladders:
  - name: small
    steps: [{id: kind_word, after_due: 3, channels: [email], template: gentle-reminder}]
    end: {after: 400, then: person}
  - name: large
    steps: [{id: hard_word, after_due: 3, channels: [email], template: final-notice}]
    end: {after: 400, then: person}
segments:
  - {name: large, when: total_open_minor >= 10000, ladder: large}
  - {name: small, ladder: small}
"""


def x39_thresholds_look_at_what_is_open(fresh):
    """Elsewhere thresholds added up what had been invoiced, so that an invoice nearly paid counted
    in full; here they ask for what is open, and flip with the cent that crosses them."""
    for paid, step in (("190.00", "kind_word"), ("100.01", "kind_word"), ("100.00", "hard_word")):
        book = fresh(THRESHOLD)
        book.bill({"amount": "200.00"})
        book.pay("2026-03-02", paid)
        book.work("2026-03-04")
        same(book.steps(), [(step, "2026-03-04")], f"200.00 less {paid}")


def x40_no_step_is_used_up_by_another_currency_or_by_a_race(fresh):
    """Elsewhere one counter served all currencies, and two jobs at once both took from it; here a
    step belongs to an instalment, is taken once under a lock, and the law's counts are per person."""
    book = fresh(init=("--currency", "EUR"))
    book.bill({"debt": "INV-1", "currency": "USD"}, {"debt": "INV-2", "currency": "EUR"},
              *({"account": f"B-{n}", "debt": f"B-{n}", "email": f"b{n}@debtor.example"} for n in range(30)))
    common = ("--full", "--db", book.db, "--files", str(book.files), "--now", "2026-03-04" + trap.HOUR)
    both = [subprocess.Popen([book.binary, "run", *common], env=book.environment, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT) for _ in range(4)]
    for one in both:
        said, _ = one.communicate(timeout=60)
        same(one.returncode, 0, f"all of them get through: {said!r}")
    same((len(book.messages()), len(book.sql("SELECT * FROM step"))), (31, 32), "one message each")
    book.deliver("2026-03-04")
    book.work_days("2026-03-05", 30)
    ladder = ["first", "second", "last"]
    same([[step for step, _ in book.steps(f"INV-{n}")] for n in (1, 2)], [ladder, ladder],
         "both currencies have all their steps")
    same(len(book.messages("sent")), 31 * 3, "in one message each time")
    book.sound()


@contextlib.contextmanager
def mail_server(book):
    """A server that does what the name of the mailbox says; the mail of the book goes there."""
    with subprocess.Popen([sys.executable, spine.ROOT / "tests" / "smtp_peer.py"], text=True,
                          stdout=subprocess.PIPE) as peer:
        try:
            port = int(peer.stdout.readline())
            book.put("recoup.yaml", "channels:\n  email:\n    smtp: \"smtp://127.0.0.1:%d\"\n"
                                    "    tls: never\n    return_to: bounces@acme.example\n" % port)
            book.must("setting", "put", "email", "us@acme.example")
            yield peer
        finally:
            peer.kill()


def x41_a_send_that_fails_uses_up_nothing_twice(fresh):
    """Elsewhere an attempt was counted before it was made, so that a failed one used it up; here a
    busy server is asked again for the same step, and what never went out counts in no limit of law."""
    book = fresh()
    with mail_server(book):
        book.bill({"account": "busy", "debt": "1", "email": "rcpt-later@debtor.example"},
                  {"account": "gone", "debt": "2", "email": "rcpt-never@debtor.example"},
                  {"account": "fine", "debt": "3", "email": "fine@debtor.example"})
        book.work("2026-03-04")
        states = {m["debts"][0]: (m["state"], m["attempts"]) for m in book.messages()}
        same(states, {"1": ("ready", 1), "2": ("failed", 1), "3": ("sent", 1)}, "what became of each")
        book.deliver("2026-03-04T16:30:00Z")
        book.run("2026-03-04T17:00:00Z")
        same(([book.steps(str(n)) for n in (1, 2, 3)], len(book.messages())),
             ([[("first", "2026-03-04")]] * 3, 3), "asked again it is still the same step, once")
    often = fresh(STRATEGY.format(entry="highest", stale=30, steps="\n".join(
        f"      - {{id: day_{day}, after_due: {day}, channels: [email], template: past-due}}"
        for day in (3, 4, 5, 6))).replace("gap: 3", "gap: 1"))
    with mail_server(often):
        often.bill({"account": "gone", "debt": "2", "due": "2026-02-27", "email": "rcpt-never@debtor.example"},
                   {"account": "fine", "debt": "3", "due": "2026-02-27", "email": "fine@debtor.example"})
        often.work_days("2026-03-02", 4)
        same(([m["state"] for m in often.messages() if m["debts"] == ["2"]],
              [m["state"] for m in often.messages() if m["debts"] == ["3"]], often.standing("fine")),
             (["failed"] * 4, ["sent"] * 3, "later"),
             "three letters in a week are the limit of the house; what never went out is none")
    book.sound()


def x42_everything_that_shows_an_amount_shows_what_is_open(fresh):
    """Elsewhere a part payment did not lower the amount that was asked for until all was paid; here
    every place shows what is open."""
    book = fresh()
    book.bill({})
    book.pay("2026-03-02", "33.33")
    book.work("2026-03-04")
    day = "2026-03-04"
    places = {
        "account show": book.open_of(day)[0],
        "account list": [row for row in book.at(day, "account", "list")["accounts"]][0]["open"],
        "balance": book.balance(day)["balance"],
        "ageing": book.at(day, "report", "ageing")["totals"][0]["open"],
        "letter": table_line(book.sent()[0], "INV-1")[-1].strip("$"),
        "outbox": "%d.%02d" % divmod(book.messages()[0]["open"], 100),
    }
    same(set(places.values()), {"66.67"}, f"one amount everywhere: {places}")


def x43_credits_are_netted_before_anybody_is_asked(fresh):
    """Elsewhere a customer who had netted a credit note was reminded of the gross amount; here a
    credit pays what is open on its day and what is told later of days before; the rest waits, the
    next invoice takes it by itself, so that the net is asked for."""
    book = fresh()
    book.bill({"amount": "100.00"})
    book.at("2026-02-20", "charge", "credit", "A-1", "--amount", "150", "--reason", "returned goods")
    same(book.balance("2026-02-20")["waiting"], "-50.00", "what is left over waits, and is shown")
    book.bill({"debt": "INV-2", "amount": "40.00"}, day="2026-02-25")
    book.work_days("2026-03-01", 30)
    same((book.messages(), book.standing(), book.balance("2026-03-30")["balance"]), ([], "clear", "-10.00"),
         "less than the credit: nobody is asked")
    book.bill({"debt": "INV-3", "amount": "25.00", "date": "2026-03-25", "due": "2026-04-06"}, day="2026-03-31")
    shown = book.balance("2026-03-31")
    same((shown["waiting"], shown["balance"]), ("0.00", "15.00"), "a later invoice takes what waits")
    book.work("2026-04-09")
    same((book.messages()[0]["open"], table_line(book.sent()[0], "INV-3")[-3:]),
         (1500, ["$25.00", "$10.00", "$15.00"]), "more than the credit: the net is asked for")
    book.sound()


TEMPLATES = ("due-today", "final-notice", "formal-notice", "friendly-reminder", "gentle-reminder",
             "options", "past-due", "payment-missed")


def x44_every_letter_has_amount_paid_and_open_in_their_columns(fresh):
    """Elsewhere the invoiced amount and the open one stood in each other's column; here every letter
    that asks for money in our own name is made with a part payment, and its columns are read."""
    for template in TEMPLATES:
        book = fresh(one_step(template))
        book.bill({"debt": "INV-1", "amount": "100.00"}, {"debt": "INV-2", "amount": "7.00"})
        book.pay("2026-03-02", "40", "--debt", "INV-1")
        book.work("2026-03-04")
        same([m["reason"] for m in book.messages()], [None], f"{template} is sent")
        (text,) = book.sent()
        (heads,) = [line for line in text.splitlines() if re.search(r"Amount +Paid +", line)]
        true(re.search(r"Amount +Paid +(Still open|You owe|Open)$", heads), f"columns of {template}: {heads}")
        same([table_line(text, "INV-1")[-3:], table_line(text, "INV-2")[-3:]],
             [["$100.00", "$40.00", "$60.00"], ["$7.00", "$0.00", "$7.00"]], f"lines of {template}")
        line = next(each for each in text.splitlines() if each.startswith("INV-1"))
        same([m.end() for m in re.finditer(r"Amount|Paid|\w+$", heads)],
             [m.end() for m in re.finditer(r"\$\S+", line)], f"under each other in {template}")


def x45_the_first_late_part_is_chased_while_the_others_are_not_due(fresh):
    """Elsewhere an invoice in parts was not chased until its last part was late; here the part that
    is late is asked for, and the parts that are not due are neither asked for nor counted as late."""
    book = fresh(terms=THIRDS)
    book.bill(IN_PARTS)
    book.work("2026-03-05")
    (text,) = book.sent()
    same((book.messages()[0]["open"], table_line(text, "INV-1")[-1]), (5000, "$50.00"), "one part of three")
    classes = {b["bucket"]: b["open"] for b in book.at("2026-03-05", "report", "ageing")["buckets"]
               if b["invoices"]}
    same(classes, {"1-30": "50.00", "not_due": "50.00"}, "the rest is not late")


def x46_nobody_is_asked_while_the_bank_is_not_heard(fresh):
    """Elsewhere people who had paid were chased unless somebody reconciled the bank first; here
    demands wait while the last payments file is older than the house allows."""
    book = fresh()
    book.bill({"account": "paid", "debt": "1"}, {"account": "owes", "debt": "2", "email": "o@debtor.example"})
    book.at("2026-03-01", "setting", "put", "bank_feed_hours", "24")
    for moment in ("2026-03-04T15:00:00Z", "2026-03-04T15:10:00Z"):
        done = book.work(moment)
        same((done["suppressed"], book.messages()), ({"bank_feed_old": 2}, []), "both wait")
    book.bank({"account": "paid", "debt": "1", "ref": "b-1", "date": "2026-03-03", "amount": "100.00"},
              day="2026-03-04")
    book.work("2026-03-04")
    same(([m["debts"] for m in book.messages("sent")], book.standing("paid")), ([["2"]], "clear"),
         "the file is read: who paid is clear, who owes is asked")
    book.work_days("2026-03-05", 8)
    same(book.steps("2"), [("first", "2026-03-04")], "a week later nobody has heard the bank again")


def x47_a_payment_on_its_way_pauses_and_its_failure_goes_on_where_it_was(fresh):
    """Elsewhere a debit counted as paid, and failed days later; here it is on its way: demands
    pause, nothing counts as paid, and when it fails the ladder goes on at the step that is due."""
    book = fresh()
    book.bill({})
    book.work("2026-03-04")
    book.pay("2026-03-09", "100", "--pending", "--method", "direct debit", ref="debit")
    for day in days_from("2026-03-09", 5):
        book.work(day)
    same((book.standing(), book.open_of("2026-03-13"), len(book.messages())),
         ("payment_pending", ["100.00"], 1), "nothing is asked, and nothing is paid")
    book.at("2026-03-16", "pay", "reverse", "A-1", "--ref", "debit", "--reason", "failed")
    book.work("2026-03-16")
    same(book.steps(), [("first", "2026-03-04"), ("second", "2026-03-16")], "the second step, not the first")
    settled = fresh()
    settled.bill({})
    settled.work("2026-03-04")
    settled.pay("2026-03-09", "100", ref="check")
    settled.work("2026-03-11")
    settled.at("2026-03-12", "pay", "reverse", "A-1", "--ref", "check", "--reason", "returned")
    settled.work("2026-03-12")
    same((settled.open_of("2026-03-12"), settled.steps()[1:]), (["100.00"], [("second", "2026-03-12")]),
         "what had counted and came back is open again, at its step")
    for one in (book, settled):
        one.sound()


def x48_a_promise_ends_by_the_clock_and_by_what_was_paid(fresh):
    """Elsewhere a promise was broken only if nothing at all was paid, and a cent kept it open for
    ever; here its day ends it, as kept, partly kept or broken, on the calendar of who promised."""
    for paid, state in ((None, "broken"), ("0.01", "partly_kept"), ("89.99", "partly_kept"),
                        ("90.00", "kept"), ("100.00", "kept")):
        book = fresh()
        book.bill({"amount": "200.00"})
        book.at("2026-03-03", "promise", "A-1", "--amount", "100", "--by", "2026-03-10")
        book.work("2026-03-04")
        same((book.standing(), book.messages()), ("promised", []), "while it is open nobody is asked")
        if paid:
            book.pay("2026-03-09", paid)
        states = {}
        # The house lives by UTC; grace is two days, and the 12th ends six hours later in Chicago.
        for moment in ("2026-03-12T23:00:00Z", "2026-03-13T04:30:00Z", "2026-03-13T05:30:00Z"):
            book.run(moment)
            states[moment] = book.sql("SELECT state FROM promise")[0][0]
        same(list(states.values())[1:], ["open" if state != "kept" else states["2026-03-13T04:30:00Z"], state],
             f"{paid} paid of 100: {states}")
        book.work("2026-03-13")
        same(book.standing() in ("waiting", "spaced"), True, "then the ladder goes on")
        book.sound()


def main():
    return trap.main(globals(), "traps of money", 33, 48, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
