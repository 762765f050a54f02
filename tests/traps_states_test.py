#!/usr/bin/env python3
"""Traps X14 to X32 of docs/traps.md: wrong level, wrong state. Each is a small book worked through
days by the real program. Names of traps as arguments run only those.
"""
import subprocess
import sys

import spine
import trap
from trap import ONE_AT_A_TIME, STEPS, STRATEGY, days_from, later, number_of, same, true

OLD_AND_NEW = ({"debt": "INV-1", "due": "2026-03-01"}, {"debt": "INV-2", "due": "2026-03-20"})
LADDER = ["first", "second", "last"]


def x14_a_part_payoff_and_late_runs_skip_no_step(fresh):
    """Elsewhere the next look was counted from the day of the last run, so that after part of the
    debt was paid a level was left out; here every instalment climbs by its own due day, whenever
    the program runs."""
    daily, seldom = fresh(ONE_AT_A_TIME), fresh(ONE_AT_A_TIME)
    for book in (daily, seldom):
        book.bill(*OLD_AND_NEW)
    for day in days_from("2026-03-01", 14):
        daily.work(day)
    for day in ("2026-03-04", "2026-03-11T04:00:00Z", "2026-03-11", "2026-03-11T22:00:00Z"):
        seldom.work(day)
    for book in (daily, seldom):
        same(book.steps("INV-1"), [("first", "2026-03-04"), ("second", "2026-03-11")],
             "the old invoice has had two steps, each on its day")
        book.pay("2026-03-15", "100", "--debt", "INV-1")
    for day in days_from("2026-03-15", 40):
        daily.work(day)
    for day in ("2026-03-23", "2026-03-30", "2026-04-09"):
        seldom.work(day)
    wanted = [("first", "2026-03-23"), ("second", "2026-03-30"), ("last", "2026-04-09")]
    same(daily.steps("INV-2"), wanted, "the new invoice begins at its own beginning")
    same(seldom.steps("INV-2"), wanted, "and on the same days when the program runs seldom")
    late = fresh(ONE_AT_A_TIME)
    late.bill(*OLD_AND_NEW[:1])
    late.work_days("2026-03-25", 10)
    same([step for step, _ in late.steps()], LADDER, "weeks without a run leave no step out")


def x15_a_payment_and_the_cycle_at_once_end_as_one_after_the_other(fresh):
    """Elsewhere the state was judged before the row of the payment was there; here both take the
    same lock, and whatever was queued before the payment is asked again before it is sent."""
    book = fresh()
    accounts = [f"A-{n}" for n in range(8)]
    book.bill(*({"account": a, "debt": f"INV-{a}", "email": f"{a}@debtor.example"} for a in accounts))
    common = ("--db", book.db, "--files", str(book.files), "--now", "2026-03-04" + trap.HOUR)
    runs = [subprocess.Popen([book.binary, "pay", "record", a, "--amount", "100", "--ref", a, *common],
                             env=book.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            for a in accounts]
    runs.insert(4, subprocess.Popen([book.binary, "run", *common], env=book.environment,
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
    for one in runs:
        said, _ = one.communicate(timeout=60)
        same((one.returncode, b"Error" in said), (0, False), f"everybody gets through: {said!r}")
    book.deliver("2026-03-04")
    same(book.messages("sent"), [], "nobody who has paid is written to")
    same({m["state"] for m in book.messages()} - {"refused", "expired"}, set(),
         "what was queued before the payment is refused")
    book.run("2026-03-05")
    same({book.standing(a) for a in accounts}, {"clear"}, "and every account is clear")
    book.sound()


def x16_the_same_facts_give_the_same_bytes(fresh):
    """Elsewhere the makers themselves called the outcome a matter of chance; here the same commands
    give the same rows to the byte, in whatever batches and however often the cycle runs."""
    books = [fresh(), fresh(), fresh()]
    for number, book in enumerate(books):
        more = (("--batch", "1"), ("--batch", "1000"), ("--full",))[number]
        book.bill(*OLD_AND_NEW, *({"account": f"B-{n}", "debt": f"B-{n}", "due": later("2026-03-01", n),
                                   "email": f"b{n}@debtor.example"} for n in range(20)))
        for day in days_from("2026-03-01", 16):
            book.run(day, *more)
            if day == "2026-03-08":
                book.pay(day, "30", account="B-3")
    first = spine.decisions(books[0].db)
    true(len(first["outbox"]) > 20 and len(first["step"]) > 20, "there is something to compare")
    for other in books[1:]:
        same(spine.differences(first, spine.decisions(other.db)), [], "the same rows")


def x17_whatever_brings_the_balance_to_nothing_ends_the_chase(fresh):
    """Elsewhere a credit note cleared the balance and not the state, since nobody listened to that
    kind of event; here the state is asked of the ledger, not of a list of events."""
    ways = {
        "payment": lambda b: b.pay("2026-03-06", "100"),
        "credit note": lambda b: b.at("2026-03-06", "charge", "credit", "A-1", "--amount", "100",
                                      "--reason", "returned"),
        "write-off": lambda b: b.at("2026-03-06", "charge", "write-off", "A-1", "--debt", "INV-1",
                                    "--whole", "--reason", "small", "--role", "manager"),
        "another file": lambda b: b.bank({"account": "A-1", "debt": "INV-1", "ref": "x",
                                          "date": "2026-03-06", "amount": "100.00"}, day="2026-03-06"),
    }
    for way, clear in ways.items():
        book = fresh()
        book.bill({})
        book.work_days("2026-03-01", 5)
        same(book.standing(), "waiting", "the first letter went out")
        clear(book)
        book.work("2026-03-07")
        same(book.standing(), "clear", f"cleared by {way}")
        book.work_days("2026-03-08", 40)
        same(len(book.messages()), 1, f"nothing goes out after it was cleared by {way}")


def standings(fresh):
    """A book in every standing that an open account can have: (name, book, day)."""
    def made(name, day, *, strategy=trap.USUAL, bill=None, before=(), run=True, init=()):
        book = fresh(strategy, init=init)
        book.bill(bill or {})
        for words in before:
            book.at("2026-03-02", *words)
        if run:
            book.run(day)
        return name, book, day

    a = "A-1"
    yield made("new", "2026-03-04", run=False)
    yield made("waiting", "2026-03-01")
    yield made("waiting", "2026-03-04")  # a message is queued, and not sent yet
    yield made("later", "2026-03-07T20:00:00Z")  # a Saturday
    yield made("blocked", "2026-03-04", before=[("contact", "opt-out", a, "--channel", "email")])
    yield made("unreachable", "2026-03-04", bill={"email": ""})
    yield made("promised", "2026-03-04", before=[("promise", a, "--amount", "100", "--by", "2026-03-20")])
    yield made("payment_pending", "2026-03-04",
               before=[("pay", "record", a, "--amount", "10", "--ref", "p", "--pending")])
    yield made("disputed", "2026-03-04", before=[("dispute", "open", a, "--reason", "amount")])
    yield made("held", "2026-03-04", before=[("hold", "place", a, "--kind", "review")])
    yield made("bank_feed_old", "2026-03-04", before=[("setting", "put", "bank_feed_hours", "24")])
    yield made("unplanned", "2026-03-04", strategy=trap.USUAL.replace(
        "{name: everybody, ladder: usual}", "{name: nobody, when: open_items > 99, ladder: usual}"))
    name, book, _ = made("spaced", "2026-03-04", bill={"due": "2026-02-24"}, run=False)
    book.work("2026-03-04")
    book.bill({"debt": "INV-2", "due": "2026-03-02"}, day="2026-03-04")
    book.run("2026-03-05")
    yield name, book, "2026-03-05"
    name, book, _ = made("ended", "2026-03-04")
    book.work_days("2026-03-04", 45)
    yield name, book, "2026-04-18"


def x18_paying_ends_every_state(fresh):
    """Elsewhere the way into a state failed half-way and the account stayed blocked after it had
    paid; here paying leads from each standing to clear, and is never refused."""
    seen = set()
    for name, book, day in standings(fresh):
        same(book.standing(), name, "the account stands as it is meant to")
        book.pay(day[:10], "100", "--debt", "INV-1")
        if name == "spaced":
            book.pay(day[:10], "100", "--debt", "INV-2", ref="other")
        if name == "payment_pending":
            book.at(day, "pay", "reverse", "A-1", "--ref", "p", "--reason", "failed")
        book.work(later(day[:10], 1))
        same(book.standing(), "clear", f"paid while {name}")
        same(book.messages("ready", "sending"), [], "and nothing is left to be sent")
        seen.add(name)
    listed = spine.ROOT / "src" / "domain" / "decide.h"
    names = set(trap.re.findall(r'X\(STANDING_\w+, "(\w+)"\)', listed.read_text()))
    same(names - seen, {"clear", "queued"}, "no standing is left out: queued lasts for a decision only")


def x19_every_ladder_ends_in_a_declared_way(fresh):
    """Elsewhere nothing was defined after the last level until users asked; here a ladder without
    an end is refused, and the end is a standing that is reached once and told in the journal."""
    book = fresh()
    endless = trap.USUAL.replace("    end: {after: 14, then: hand_over}\n", "")
    book.put("endless.yaml", endless)
    done = book.call("strategy", "check", book.folder / "endless.yaml")
    true(done.returncode != 0 and "end" in done.stdout + done.stderr, "no ladder without an end")
    book.bill({"due": "2026-03-03"})
    ended = [(day, book.work(day)["ladders_ended"]) for day in days_from("2026-03-01", 60)]
    same([day for day, count in ended if count], ["2026-04-06"],
         "the end is reached once, fourteen days after the last step")
    same(book.standing(), "ended", "the account stands as ended")
    told = [row for row in book.sql("SELECT kind, record FROM journal") if "hand_over" in row[1]]
    same(len(told), 1, "one record of the journal says what follows")
    book.work_days("2026-04-30", 10)
    same(len(book.messages()), 3, "nothing goes out after the end")


def x20_whoever_comes_late_enters_at_the_step_of_their_age(fresh):
    """Elsewhere an invoice two hundred days late had to begin at the first level; here a ladder says
    whether it is entered at the highest step or one by one, and the preview shows which."""
    for strategy, step in ((trap.USUAL, "last"), (ONE_AT_A_TIME, "first")):
        book = fresh(strategy)
        book.bill({"date": "2025-08-01", "due": "2025-08-22"})
        before = book.at("2026-03-10", "explain", "A-1")
        same((before["step"], before["channel"]), (step, "email"), "explain tells it beforehand")
        book.run("2026-03-10", "--dry-run")
        same(book.messages(), [], "a preview queues nothing")
        book.work("2026-03-10")
        same(book.steps(), [(step, "2026-03-10")], "the step of an old invoice")


def x21_a_debtor_gets_one_letter_for_all_invoices(fresh):
    """Elsewhere a customer with monthly invoices got a letter for each level of each of them; here
    levels belong to instalments and the contact to the debtor, in the tone of the highest."""
    book = fresh(trap.USUAL)
    book.bill({"debt": "INV-1", "due": "2026-03-01", "amount": "100.00"},
              {"debt": "INV-2", "due": "2026-03-08", "amount": "20.00"},
              {"debt": "INV-3", "due": "2026-03-10", "amount": "3.00"})
    book.work("2026-03-11")
    same([(m["step"], m["open"], len(m["debts"])) for m in book.messages()], [("second", 12300, 3)],
         "one message, in the tone of the highest step, for all that is past due")
    same([book.steps(f"INV-{n}") for n in (1, 2, 3)],
         [[("second", "2026-03-11")], [("first", "2026-03-11")], []],
         "each invoice has its own step")
    book.work_days("2026-03-12", 40)
    days = book.sql("SELECT step, day FROM step ORDER BY day")
    letters = sorted({day for _, day in days})
    same(len(book.messages()), len(letters), "one letter a day")
    true(all(b - a >= 3 for a, b in zip(letters, letters[1:])), f"never closer than the gap: {letters}")


def x22_a_part_payment_ends_nothing(fresh):
    """Elsewhere an invoice of which something was paid was reminded no more, and its history
    vanished; here the rest goes on up the ladder and all that was sent stays to be seen."""
    book = fresh()
    book.bill({})
    book.work_days("2026-03-01", 6)
    book.pay("2026-03-06", "99.99")
    book.work_days("2026-03-07", 30)
    same([step for step, _ in book.steps()], LADDER, "one cent that is left climbs on")
    same([m["open"] for m in book.messages("sent")], [10000, 1, 1], "each message asks for the rest")
    kinds = [row["kind"] for row in book.at("2026-04-10", "account", "timeline", "A-1")["timeline"]]
    same((kinds.count("payment"), kinds.count("decision")), (1, 3), "all that was is still to be seen")


def x23_a_pause_of_one_invoice_leaves_the_others_alone(fresh):
    """Elsewhere reminding of one invoice made the other reminders vanish; here a pause is for one
    debt, with a reason, somebody's, and a last day, and the others go on."""
    book = fresh()
    book.bill({"debt": "INV-1"}, {"debt": "INV-2", "amount": "20.00"})
    book.at("2026-03-02", "hold", "place", "A-1", "--debt", "INV-1", "--kind", "review", "--until",
            "2026-03-14", "--reason", "asked for a copy")
    book.work("2026-03-04")
    same(([m["debts"] for m in book.messages()], book.steps("INV-1"), book.steps("INV-2")),
         ([["INV-2"]], [], [("first", "2026-03-04")]), "only the other one is asked for")
    true("asked for a copy" in str(book.at("2026-03-05", "hold", "list")), "the pause says why")
    book.work_days("2026-03-05", 20)
    true(book.steps("INV-1") and book.steps("INV-1")[0][1] > "2026-03-14", "it goes on when the pause is over")


def x24_a_status_that_disagrees_with_what_happened_is_found(fresh):
    """Elsewhere the status of a line was kept beside what happened, and was wrong afterwards; here
    it follows from records that are never changed, and a planted difference is found."""
    book = fresh()
    book.bill({})
    book.work_days("2026-03-01", 11)
    book.pay("2026-03-12", "60")
    book.work("2026-03-13")
    book.sound()
    plants = ("UPDATE instalment SET paid_minor = paid_minor - 1 WHERE paid_minor > 0",
              "UPDATE outbox SET state = 'failed' WHERE outbox_no = (SELECT MIN(outbox_no) FROM outbox)",
              "DELETE FROM step WHERE step = 'second'",
              "UPDATE step SET step = 'last' WHERE step = 'second'",
              "UPDATE payment SET minor = minor + 1",
              "UPDATE journal SET kind = 'decided' WHERE seq = 2")
    for number, plant in enumerate(plants):
        copy = f"{book.db}.{number}"
        spine.copy_book(book.db, copy)
        with spine.sqlite3.connect(copy) as db:
            true(db.execute(plant).rowcount > 0, f"there is something to plant: {plant}")
        db.close()
        true(spine.Recoup(copy).findings(), f"prove finds: {plant}")


def x25_what_was_taken_back_does_not_count(fresh):
    """Elsewhere a refund that was cancelled still stood as a credit; here what was entered and taken
    back counts as if it had never been, and what is only on its way is not money."""
    book = fresh()
    book.bill({})
    book.at("2026-03-02", "charge", "credit", "A-1", "--amount", "100", "--reason", "note 7")
    same(book.open_of("2026-03-02"), ["0.00"], "the credit note pays the invoice")
    (number,) = (row["number"] for row in book.at("2026-03-02", "charge", "list", "A-1")["charges"])
    book.at("2026-03-03", "charge", "undo", "A-1", "--number", number)
    same(book.open_of("2026-03-03"), ["100.00"], "taken back it does not count")
    same(book.balance("2026-03-03")["waiting"], "0.00", "and leaves no credit behind")
    book.pay("2026-03-03", "100", "--pending", ref="debit-1")
    same(book.open_of("2026-03-03"), ["100.00"], "a payment on its way pays nothing yet")
    book.at("2026-03-04", "pay", "reverse", "A-1", "--ref", "debit-1", "--reason", "failed")
    book.work("2026-03-04")
    same(book.steps(), [("first", "2026-03-04")], "and the ladder goes on")
    book.sound()


def ageing(book, day, currency="USD"):
    """{bucket: (open, invoices)} where there is something."""
    found = book.at(day, "report", "ageing")["buckets"]
    return {b["bucket"]: (b["open"], b["invoices"]) for b in found
            if b["currency"] == currency and b["invoices"]}


def x26_a_class_after_a_payment_is_that_of_the_night(fresh):
    """Elsewhere the class after a repayment was made by other code than the nightly one, and was
    wrong; here there is one, and a book told late is the book told in time."""
    prompt, told_late = fresh(), fresh()
    for book in (prompt, told_late):
        book.bill({"debt": "INV-1", "due": "2026-01-15", "date": "2026-01-01"},
                  {"debt": "INV-2", "due": "2026-03-15"}, day="2026-02-01")
    prompt.pay("2026-03-02", "100")
    at_once = ageing(prompt, "2026-03-20")
    same(at_once, {"1-30": ("100.00", 1)}, "the oldest is paid, the younger one is past due")
    prompt.run("2026-03-20", "--full")
    same(ageing(prompt, "2026-03-20"), at_once, "the night changes nothing of it")
    told_late.work_days("2026-03-01", 20)
    same(ageing(told_late, "2026-03-20"), {"1-30": ("100.00", 1), "61-90": ("100.00", 1)},
         "nobody has said that they paid")
    told_late.at("2026-03-20", "pay", "record", "A-1", "--amount", "100", "--on", "2026-03-02",
                 "--ref", "late")
    same(ageing(told_late, "2026-03-20"), at_once, "told late it is the same class at once")
    same(ageing(told_late, "2026-03-10"), ageing(prompt, "2026-03-10"), "for earlier days, too")
    told_late.sound()


EDGES = ((-1, "not_due"), (0, "not_due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"),
         (61, "61-90"), (90, "61-90"), (91, "91-120"), (120, "91-120"), (121, "over_120"),
         (122, "over_120"), (4000, "over_120"))


def x27_every_edge_of_the_age_classes_and_the_open_one(fresh):
    """Elsewhere only the oldest instalment was looked at, and the class without an upper end was
    forgotten; here each instalment has its own class, and the last one has no end."""
    for several in (False, True):
        book, wanted = fresh(), {}
        bills = []
        for n, (late, bucket) in enumerate(EDGES):
            bills.append({"debt": f"INV-{n}", "account": "A-1" if several else f"A-{n}",
                          "due": later("2026-03-10", -late), "date": "2014-01-01",
                          "email": f"a{n}@debtor.example", "amount": f"{2 ** n}.00"})
            wanted[bucket] = wanted.get(bucket, 0) + 2 ** n
        book.bill(*bills)
        found = ageing(book, "2026-03-10")
        same({k: v[0] for k, v in found.items()}, {k: f"{v}.00" for k, v in wanted.items()},
             "amounts on every edge, " + ("one debtor" if several else "many debtors"))
        buckets = book.at("2026-03-10", "report", "ageing")["buckets"]
        ends = [(b["from"], b["to"]) for b in buckets]
        same((ends[0][0], ends[-1][1]), (None, None), "the first and the last class are open")
        true(all(a[1] + 1 == b[0] for a, b in zip(ends, ends[1:])), "and there is no gap between")
    parts = fresh(terms={"thirds": "due:\n" + "".join(
        f"  - {{share: {share}, net: {net}}}\n" for share, net in ((50, 0), (30, 31), (20, 90)))})
    parts.bill({"terms": "thirds", "date": "2026-01-01", "due": "", "amount": "100.00"})
    same(ageing(parts, "2026-02-02"), {"not_due": ("20.00", 1), "1-30": ("30.00", 1),
                                       "31-60": ("50.00", 1)}, "instalments of one debt, each its own")


def counted(days, field):
    """A ladder of one step, taken from so many days of this kind on."""
    return STRATEGY.format(entry="highest", stale=400, steps="      - {id: first, after_due: 1, channels: "
                           f"[email], template: past-due, when: {field} >= {days}}}")


def x28_days_past_due_and_days_delinquent_are_two_things(fresh):
    """Elsewhere nobody was sure whether past due and delinquent days were the same; here there are
    two facts: one of the contract, one after the grace of the terms and without pauses."""
    terms = {"gentle": "due: {net: 28}\ngrace_days: 5\n"}
    for field, day in (("days_past_due", "2026-03-11"), ("days_delinquent", "2026-03-16")):
        book = fresh(counted(9, field), terms=terms)
        book.bill({"terms": "gentle", "date": "2026-02-02", "due": ""})
        book.work_days("2026-02-26", 30)
        same(book.steps(), [("first", day)], f"nine {field}")
        book.sound()
    paused = fresh(counted(9, "days_delinquent"), terms=terms)
    paused.bill({"terms": "gentle", "date": "2026-02-02", "due": ""})
    paused.freeze("2026-03-09", "2026-03-09", "2026-03-11")
    paused.work_days("2026-03-09", 20)
    same(paused.steps(), [("first", "2026-03-19")], "three days of a pause do not count")
    same(ageing(paused, "2026-03-19"), {"1-30": ("100.00", 1)}, "past due it is all the same")
    paused.sound()


MONTHLY = ("due: {net: 28}\ninterest: {rate: 36.5, day_count: act/365f, clause: 0.1 % a day}\n")


def x29_a_pause_is_an_interval_that_can_be_dated_back(fresh):
    """Elsewhere ranges of instalments were resolved wrongly and a pause could not begin in the past;
    here a pause is a first and a last day, and told late it makes the same book as told in time."""
    steps, balances = [], []
    for known in (None, "2026-03-05", "2026-03-18"):
        book = fresh(counted(21, "days_delinquent"), terms={"daily": MONTHLY})
        book.bill({"terms": "daily", "date": "2026-02-02", "due": ""})  # due on 2 March
        for day in days_from("2026-03-02", 40):
            if day == known:
                book.freeze(known, "2026-03-05", "2026-03-14")
            book.work(day)
        steps.append(book.steps())
        balances.append([book.balance(day)["balance"] for day in ("2026-03-04", "2026-03-20", "2026-04-10")])
        book.sound()
    same(steps, [[("first", "2026-03-23")]] + [[("first", "2026-04-02")]] * 2, "ten days later, told when it may be")
    same(balances[1], balances[2], "the same balances for every day")
    same(balances[0], ["100.20", "101.80", "103.90"], "without it interest runs every day")
    same(balances[1], ["100.20", "100.80", "102.90"], "ten days of it are not charged")
    parts = fresh(counted(9, "days_delinquent"), terms={
        "thirds": "due:\n  - {share: 60, net: 0}\n  - {share: 40, net: 14}\n"})
    parts.bill({"terms": "thirds", "date": "2026-03-02", "due": ""})
    parts.work_days("2026-03-02", 30)
    same([parts.steps("INV-1", n) for n in (1, 2)], [[("first", "2026-03-11")], [("first", "2026-03-25")]],
         "every instalment is counted by its own day")


STRICT = """strategy: trap
title: Traps
order: 1
ladders:
  - name: gentle
    steps: [{id: gentle, after_due: 3, channels: [email], template: past-due}]
    end: {after: 400, then: person}
  - name: strict
    steps: [{id: strict, after_due: 1, channels: [email], template: final-notice}]
    end: {after: 400, then: person}
segments:
  - {name: behind, when: oldest_days_past_due >= 60, ladder: strict}
  - {name: everybody, ladder: gentle}
"""


def x30_one_old_debt_decides_for_all_by_a_rule_that_is_written_down(fresh):
    """Elsewhere the other loans of a late borrower were not marked, and days told late had to be
    posted again; here segments ask facts of the whole account, and follow whatever is dated back."""
    book = fresh(STRICT)
    book.bill({"debt": "OLD", "date": "2025-12-01", "due": "2026-01-01"}, {"debt": "NEW"})
    book.bill({"account": "B-1", "debt": "OTHER", "email": "b1@debtor.example"})
    book.work("2026-03-04")
    segments = dict(book.sql("SELECT reference, segment FROM casefile"))
    same(segments, {"A-1": "behind", "B-1": "everybody"}, "the old debt takes the new one with it")
    same(([s for s, _ in book.steps("NEW")], [s for s, _ in book.steps("OTHER")]),
         (["strict"], ["gentle"]), "one day of delay is judged by the oldest")
    book.at("2026-03-05", "pay", "record", "A-1", "--amount", "100", "--debt", "OLD", "--on",
            "2026-01-05", "--ref", "late")
    book.run("2026-03-05")
    same(book.sql("SELECT segment FROM casefile WHERE reference = 'A-1'"), [("everybody",)],
         "paid long ago, as is told now: the rule asks again")
    book.sound()


def x31_whom_nobody_can_act_on_changes_nothing_and_stops_nobody(fresh):
    """Elsewhere the nightly job crashed over invoices it should not have picked; here picking and
    acting are one decision, and who cannot be acted on is counted with a reason."""
    book = fresh()
    book.bill({"account": "no-mail", "debt": "1", "email": ""},
              {"account": "no-place", "debt": "2", "place": "", "zone": ""},
              {"account": "not-yet", "debt": "3", "date": "2026-03-20", "due": "2026-04-19"},
              {"account": "nothing", "debt": "4"}, {"account": "held", "debt": "5"},
              {"account": "told-off", "debt": "6"}, {"account": "fine", "debt": "7"})
    book.pay("2026-03-02", "100", account="nothing")
    book.at("2026-03-02", "hold", "place", "held", "--kind", "legal")
    book.at("2026-03-02", "contact", "opt-out", "told-off", "--channel", "email")
    tables = ("step", "outbox", "promise")
    done = book.run("2026-03-04", "--full")
    same((done["casefiles"], done["allowed"]), (7, 1), "all are looked at, one is acted on")
    same((done["denied"], done["suppressed"]), (3, {"held": 1}), "the others are counted, with why")
    same([book.standing(a) for a in ("no-mail", "no-place", "told-off", "held", "not-yet", "nothing")],
         ["unreachable", "blocked", "blocked", "held", "clear", "clear"], "and stand as what they are")
    same((len(book.messages()), [len(book.steps(str(n))) for n in range(1, 8)]),
         (1, [0, 0, 0, 0, 0, 0, 1]), "nothing is written for them")
    before = spine.decisions(book.db, tables)
    book.run("2026-03-04", "--full")
    same(spine.differences(before, spine.decisions(book.db, tables)), [], "nor by saying it again")
    for account in ("no-mail", "not-yet", "nothing", "held", "told-off"):
        told = book.at("2026-03-04", "explain", account)
        same(told["standing"], book.standing(account), f"explain says of {account} what the cycle did")
    book.sound()


def x32_a_refund_belongs_to_the_payment_that_paid(fresh):
    """Elsewhere a refund was tied to the charge that had failed, not to the one that paid after the
    reminder; here a refund names its payment, and gives back no more than is left of that."""
    book = fresh()
    book.bill({})
    book.pay("2026-03-02", "100", "--pending", ref="debit")
    book.at("2026-03-03", "pay", "reverse", "A-1", "--ref", "debit", "--reason", "failed")
    book.work("2026-03-04")
    book.pay("2026-03-05", "130", ref="after-letter")
    back = ("--amount", "30", "--reason", "overpaid")
    true("debit" in book.refused("2026-03-06", "pay", "refund", "A-1", "--ref", "debit", *back),
         "what never came is not given back")
    book.at("2026-03-06", "pay", "refund", "A-1", "--ref", "after-letter", *back)
    same(book.sql("SELECT reference, state, refunded_minor FROM payment ORDER BY reference"),
         [("after-letter", "settled", 3000), ("debit", "failed", 0)], "it stands with its payment")
    same(book.balance("2026-03-06")["waiting"], "0.00", "nothing waits any more")
    book.refused("2026-03-06", "pay", "refund", "A-1", "--ref", "after-letter", "--amount", "0.01",
                 "--reason", "again")
    book.work("2026-03-07")
    same(book.standing(), "clear", "and the invoice stays paid")
    book.sound()


def main():
    return trap.main(globals(), "traps of states", 14, 32, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
