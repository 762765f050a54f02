#!/usr/bin/env python3
"""Two years of daily runs over the IBM sample of receivables, and what must hold afterwards.

1,705 invoices, each paid on a known day, are imported once; then the cycle runs once a day from
January 2012 to February 2014; and again for the second year with a worker that delivers into a
folder. From the raw rows and from the CSV, with none of the program's code:

  no step twice; nothing said about an invoice that is settled; nothing outside office hours where
  the debtor is; no message without a verdict that allowed it; open and past-due amounts of any day.

Runs repeated, in other batches, over every account, or killed and begun again, decide the same to
the byte.
"""
import csv
import datetime
import decimal
import email
import email.policy
import json
import random
import sys
import time
import zoneinfo

import spine

SAMPLE = spine.SHARED / "data/01_ar_behaviour/ibm_accounts_receivable/accounts_receivable.csv"
FIRST, LAST = datetime.date(2012, 1, 1), datetime.date(2014, 2, 1)
DELIVERED_FROM = datetime.date(2013, 1, 1)
BRANCH, BRANCH_DAYS = datetime.date(2013, 3, 10), 12  # daylight saving begins within
REPORT_DAYS = 36
UTC = datetime.timezone.utc
ZONES = {"391": "Europe/Rome", "406": "America/Denver", "770": "America/New_York",
         "818": "America/Los_Angeles", "897": "Europe/London"}


class Invoice:
    def __init__(self, row):
        day = lambda text: datetime.datetime.strptime(text, "%m/%d/%Y").date()
        self.reference = row["invoiceNumber"].zfill(10)
        self.debtor, self.zone = row["customerID"], zoneinfo.ZoneInfo(ZONES[row["countryCode"]])
        self.made, self.due = day(row["InvoiceDate"]), day(row["DueDate"])
        self.settled, self.amount = day(row["SettledDate"]), decimal.Decimal(row["InvoiceAmount"])

    def is_open(self, day):
        return self.made <= day < self.settled


def days(first, last):
    return [first + datetime.timedelta(n) for n in range((last - first).days + 1)]


def noon(day):
    return f"{day}T15:00:00Z"


def at(us):
    return datetime.datetime.fromtimestamp(us / 1e6, UTC)


def run(recoup, day, *more):
    return recoup.json("run", "--now", noon(day), *more)


def deliver(recoup, day):
    return recoup.json("worker", "--until-idle", "--now", noon(day))


# ---- what the rows must say ----

def check_steps(results, db):
    twice = spine.rows(db, "SELECT casefile_id, debt_no, instalment_no, ladder, step, COUNT(*) "
                           "FROM step GROUP BY 1, 2, 3, 4, 5 HAVING COUNT(*) > 1")
    results.none(twice, "a step was taken twice for one invoice")
    again = spine.rows(db, "SELECT casefile_id, decision_seq, COUNT(*) FROM outbox "
                           "GROUP BY 1, 2 HAVING COUNT(*) > 1")
    results.none(again, "one decision queued two messages")
    # From the records alone: what the table of steps says of itself is not asked.
    seen, repeated = set(), []
    for casefile, record in spine.rows(db, "SELECT casefile_id, record FROM journal "
                                           "WHERE kind = 'decision'"):
        decided = json.loads(record)
        for item in decided["items"]:
            key = (casefile, decided["ladder"], item.get("step"), item["debt"], item["instalment"])
            if "step" in item and key in seen:
                repeated.append(key)
            seen.add(key)
    results.none(repeated, "a step was decided twice for one invoice")


def decided_messages(db):
    """(row of the outbox as a dict, record of its decision, references of its debts)"""
    references = {(c, d): r for c, d, r in
                  spine.rows(db, "SELECT casefile_id, debt_no, reference FROM debt")}
    columns = ("casefile_id", "outbox_no", "channel", "decided_at", "not_before", "state",
               "state_at", "debts", "open_minor", "zones", "kind", "owner", "record")
    for row in spine.rows(db, """
            SELECT o.casefile_id, o.outbox_no, o.channel, o.decided_at, o.not_before, o.state,
                   o.state_at, o.debts, o.open_minor, p.zones, j.kind, j.casefile_id, j.record
              FROM outbox AS o
              LEFT JOIN party AS p ON p.bucket = o.bucket AND p.casefile_id = o.casefile_id
                                  AND p.party_no = o.party_no
              LEFT JOIN journal AS j ON j.bucket = o.bucket AND j.seq = o.decision_seq
             ORDER BY o.decided_at, o.casefile_id, o.outbox_no"""):
        message = dict(zip(columns, row))
        record = json.loads(message["record"])
        named = [references[message["casefile_id"], item["debt"]] for item in record["items"]]
        yield message, record, named


def in_office_hours(moment, zones):
    """Monday to Friday, 07:00 to 19:00, wherever the firm may be."""
    local = [moment.astimezone(zone) for zone in zones]
    return bool(local) and all(t.weekday() < 5 and 7 <= t.hour < 19 for t in local)


def check_messages(results, db, invoices):
    settled, hours, verdicts, amounts, zones_wrong, count = [], [], [], [], [], 0
    for message, record, named in decided_messages(db):
        count += 1
        day, name = at(message["decided_at"]).date(), (message["casefile_id"], message["outbox_no"])
        settled += [(name, day, r) for r in named if not invoices[r].is_open(day)]
        zones = [zoneinfo.ZoneInfo(z) for z in message["zones"].split(",")]
        if {z.key for z in zones} != {invoices[r].zone.key for r in named}:
            zones_wrong.append((name, message["zones"]))
        if message["channel"] == "email" and \
                not in_office_hours(at(message["not_before"]), zones):
            hours.append((name, at(message["not_before"])))
        if message["kind"] != "decision" or message["owner"] != message["casefile_id"] or \
                record["verdict"]["ruling"] != "allow" or record["channel"] != message["channel"]:
            verdicts.append((name, message["kind"], record["verdict"]["ruling"]))
        expected = sum(invoices[r].amount for r in named) * 100
        if message["open_minor"] != expected:
            amounts.append((name, message["open_minor"], expected))
    results.check(count > 250, f"there are messages to look at: {count}")
    results.none(settled, "a message names an invoice that was settled on that day")
    results.none(zones_wrong, "a debtor is not where the file says")
    results.none(hours, "a message was planned for a closed hour")
    results.none(verdicts, "a message has no decision that allowed it")
    results.none(amounts, "the total of a message is not that of its invoices")
    return count


def check_sent(results, db, folder, invoices):
    """What left the house: what the files say, at the moment when it left."""
    settled, hours, mute, sent = [], [], [], 0
    for message, _, named in decided_messages(db):
        if message["state"] != "sent":
            continue
        sent += 1
        moment, zone = at(message["state_at"]), invoices[named[0]].zone
        name = (message["casefile_id"], message["outbox_no"])
        if message["channel"] == "email" and not in_office_hours(moment, [zone]):
            hours.append((name, moment))
        (key, data), = spine.rows(db, "SELECT message_key, bytes FROM message WHERE casefile_id = ?"
                                      " AND outbox_no = ?", *name)
        if message["channel"] != "email":
            continue
        file = folder / f"{key}.eml"
        text = email.message_from_bytes(data, policy=email.policy.default)
        words = text.get_body(("plain",)).get_content()
        owed = [r for r in invoices if r in words]
        settled += [(name, moment, r) for r in owed if not invoices[r].is_open(moment.date())]
        if not owed or not file.exists() or file.read_bytes() != data:
            mute.append((name, file.name))
    files = [p for p in folder.iterdir()]
    results.check(sent > 250 and len(files) == sent, f"{sent} sent, {len(files)} files")
    results.none(settled, "a letter speaks of an invoice that is settled")
    results.none(hours, "a message left at a closed hour")
    results.none(mute, "a message is not in the folder as it is in the book, or names no invoice")
    return sent


def check_ageing(results, recoup, invoices, dice):
    wrong = []
    for day in sorted(dice.sample(days(FIRST, LAST), REPORT_DAYS)):
        report = recoup.json("report", "ageing", "--now", f"{day}T23:59:00Z")
        open_ = [i for i in invoices.values() if i.is_open(day)]
        late = [i for i in open_ if i.due < day]
        expected = (sum(i.amount for i in open_), sum(i.amount for i in late), len(open_))
        total = report["totals"][0] if report["totals"] else \
            {"open": "0", "past_due": "0", "invoices": 0}
        found = (decimal.Decimal(total["open"]), decimal.Decimal(total["past_due"]),
                 total["invoices"])
        if found != expected:
            wrong.append(f"{day}: {found}, and the file says {expected}")
    results.none(wrong, "the ageing report is not what the file says")


# ---- the same, otherwise ----

def check_ways(results, fast, start, end, dice):
    """From one book on the same days, in other ways; all must end in the same bytes."""
    ways = {
        "every day twice": ((), 2), "one bucket at a time": (("--batch", 1), 1),
        "seven buckets at a time": (("--batch", 7), 1), "all at once": (("--batch", 1024), 1),
        "every account": (("--full",), 1),
    }
    expected = spine.decisions(end)
    for way, (flags, times) in ways.items():
        copy = start.with_name("way.db")
        spine.copy_book(start, copy)
        recoup = spine.Recoup(copy)
        for day in days(BRANCH, BRANCH + datetime.timedelta(BRANCH_DAYS - 1)):
            for _ in range(times):
                run(recoup, day, *flags)
        results.none(spine.differences(expected, spine.decisions(copy)), f"{way}: another end")
        results.none(recoup.findings(), f"{way}: prove")
        drop(copy)


def check_kills(results, start, end, dice):
    if not spine.DEADLY.exists():
        print("SKIP runs that are killed: there is no build/check/recoup", flush=True)
        return
    copy, kills = start.with_name("killed.db"), 0
    spine.copy_book(start, copy)
    recoup = spine.Recoup(copy, spine.DEADLY)
    for day in days(BRANCH, BRANCH + datetime.timedelta(BRANCH_DAYS - 1)):
        for _ in range(3):
            kills += recoup.killed(dice.randint(1, 9), "run", "--batch", "3", "--now", noon(day))
        run(recoup, day)
    results.check(kills >= BRANCH_DAYS, f"only {kills} runs were killed")
    results.none(spine.differences(spine.decisions(end), spine.decisions(copy)),
                 "killed and begun again: another end")
    results.none(recoup.findings(), "killed and begun again: prove")


def drop(book):
    for path in book.parent.glob(book.name + "*"):
        path.unlink()


# ---- the two passes ----

def first_pass(results, folder, invoices, dice):
    book, start, end = (folder / f"{name}.db" for name in ("alone", "start", "end"))
    recoup = spine.Recoup(book)
    new_book(results, recoup)
    begun = time.monotonic()
    for day in days(FIRST, LAST):
        if day == BRANCH:
            spine.copy_book(book, start)
        run(recoup, day)
        if day == BRANCH + datetime.timedelta(BRANCH_DAYS - 1):
            spine.copy_book(book, end)
    seconds = time.monotonic() - begun
    check_steps(results, book)
    count = check_messages(results, book, invoices)
    check_ageing(results, recoup, invoices, dice)
    results.none(recoup.findings(), "prove after the first pass")
    print(f"{len(days(FIRST, LAST))} daily runs in {seconds:.1f} s, {count} messages queued",
          flush=True)
    return start, end


def new_book(results, recoup):
    recoup.must("init", "--name", "sample")
    report = recoup.json("import", "invoices", SAMPLE, "--map", "ibm-ar", "-y",
                         "--now", f"{FIRST}T00:00:00Z")
    results.check(report["added"] == report["rows"] == 1705, "every invoice was taken", report)


def second_pass(results, folder, invoices):
    book, sent = folder / "delivered.db", folder / "sent"
    config = folder / "recoup.yaml"
    config.write_text(f"channels: {{folder: {sent}}}\n")
    recoup = spine.Recoup(book, environment={"RECOUP_CONFIG": str(config)})
    new_book(results, recoup)
    begun, delivered, worked = time.monotonic(), 0, 0
    waiting = "SELECT 1 FROM outbox WHERE state IN ('ready', 'sending') AND not_before <= ? LIMIT 1"
    for day in days(DELIVERED_FROM, LAST):
        run(recoup, day)
        moment = datetime.datetime.combine(day, datetime.time(15), UTC)
        if spine.rows(book, waiting, int(moment.timestamp()) * 1000000):
            delivered += deliver(recoup, day)["sent"]
            worked += 1
    seconds = time.monotonic() - begun
    check_steps(results, book)
    check_messages(results, book, invoices)
    left = check_sent(results, book, sent, invoices)
    results.check(left == delivered, f"the worker counted {delivered}, the book {left}")
    lost = spine.rows(book, "SELECT casefile_id, outbox_no, state, state_reason FROM outbox WHERE "
                            "state NOT IN ('sent', 'expired', 'refused') "
                            "OR (state <> 'sent' AND state_reason IS NULL)")
    results.none(lost, "a message has no end, or none that is explained")
    results.none(recoup.findings(), "prove after the second pass")
    ends = spine.rows(book, "SELECT state, state_reason, COUNT(*) FROM outbox GROUP BY 1, 2")
    print(f"with {worked} days of delivery in {seconds:.1f} s: " +
          ", ".join(f"{n} {s}" + (f" ({r})" if r else "") for s, r, n in sorted(ends, key=repr)),
          flush=True)


def main():
    if not SAMPLE.exists():
        spine.skip("the IBM sample is not here (RECOUP_SHARED)")
    with SAMPLE.open(newline="") as file:
        invoices = {i.reference: i for i in map(Invoice, csv.DictReader(file))}
    results, dice = spine.Results("two years"), random.Random(20120101)
    with spine.scratch("two-years") as folder:
        start, end = first_pass(results, folder, invoices, dice)
        check_ways(results, folder, start, end, dice)
        check_kills(results, start, end, dice)
        second_pass(results, folder, invoices)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
