"""Every figure of the pages under Insights, made again from the raw rows of a book.

Written from docs/measures.md ("Figures of the pages"), not from the program: nothing kept is read,
and whatever stands on a day is found by looking at that day alone. No test by itself.
"""
import calendar
import collections
import datetime
import fractions
import functools
import json
import sqlite3
import zoneinfo

EPOCH = datetime.date(1970, 1, 1).toordinal()
NEVER, FOREVER = 99999999, 2**63 - 1
RANGES = [("not_due", 0), ("1-30", 1), ("31-60", 31), ("61-90", 61), ("91-120", 91), ("over_120", 121)]
WINDOWS = (7, 30, 90, 365)
CHANNELS = ("email", "sms", "call", "letter", "portal", "chat", "voicemail", "field_visit")
KEPT, IN_PART, MISSED = "kept", "partly_kept", "broken"
STEPS = ["placed", "contacted", "right_person", "agreed", "kept", "paid", "paid_otherwise"]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
FEW = 30


def number(day):
    """A day as the book counts it."""
    return day.toordinal() - EPOCH


def date(day):
    return datetime.date.fromordinal(day + EPOCH)


def month_of(day):
    d = date(day)
    return d.year * 12 + d.month - 1


def month_first(month):
    return number(datetime.date(month // 12, month % 12 + 1, 1))


def month_last(month):
    return month_first(month + 1) - 1


def over_by(day):
    """The last month that is over at the end of the day."""
    return month_of(day + 1) - 1


def month_name(month):
    return f"{month // 12}-{month % 12 + 1:02}"


def weekday(day):
    return date(day).weekday()


def monday(day):
    return day - weekday(day)


def rounded(exact):
    """To a whole number, halves away from nought."""
    exact = fractions.Fraction(exact)
    whole = (abs(exact) * 2 + 1) // 2
    return int(whole if exact >= 0 else -whole)


def decimal(tenths):
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"


class Measured:
    """One figure: numerator ÷ denominator × scale, about so many things."""

    def __init__(self, unit, above, below=None, things=0, money=False):
        self.unit, self.above, self.below, self.things = unit, above, below, things
        self.money = money
        self.known = unit in ("money", "count") or (below is not None and below != 0)

    def tenths(self):
        scale = {"percent": 100, "points": 100, "per_10000": 10000}.get(self.unit, 1)
        return rounded(fractions.Fraction(self.above * scale * 10, self.below))


class Item:
    def __init__(self, due, amount):
        self.due, self.amount, self.lines = due, amount, []  # lines: day, minor, by money


class Debt:
    def __init__(self, file, currency, invoiced):
        self.file, self.currency, self.invoiced, self.placed = file, currency, invoiced, invoiced
        self.items = {}

    def open_items(self, day):
        """What is open at the end of the day: (instalment, amount) of each."""
        if day < self.invoiced:
            return []
        sums = [(item, sum(minor for at, minor, _ in item.lines if at <= day))
                for item in self.items.values()]
        return [(item, minor) for item, minor in sums if minor > 0]

    @functools.cache
    def open(self, day):
        return sum(minor for _, minor in self.open_items(day))

    def late(self, day):
        return sum(minor for item, minor in self.open_items(day) if item.due < day)

    @functools.cache
    def age(self, day):
        """The range of its oldest open instalment; None: nothing is open."""
        days = [day - item.due for item, _ in self.open_items(day)]
        return range_of(max(days)) if days else None

    def money(self, first, last):
        """What money took off it in these days; before the invoice day, on it."""
        return -sum(minor for item in self.items.values() for at, minor, by_money in item.lines
                    if by_money and first <= max(at, self.invoiced) <= last)

    @functools.cached_property
    def turns(self):
        """Days on which nothing was open any more, with whether money did it, and those on which
        something was again."""
        found, was = [], False
        for day in sorted({max(at, self.invoiced) for item in self.items.values()
                           for at, _, _ in item.lines}):
            now = self.open(day) > 0
            if was and not now:
                moved = any(sum(minor for at, minor, by_money in item.lines
                                if by_money and max(at, self.invoiced) == day)
                            for item in self.items.values())
                found.append((day, 1, moved))
            elif now and not was and found:
                found.append((day, -1, found[-1][2]))
            was = now
        return found

    @functools.cached_property
    def life(self):
        """From when to when it was with us and open; until None: it is; None: it never was."""
        if not any(minor for item in self.items.values() for _, minor, _ in item.lines):
            return None
        if self.turns and self.turns[-1][1] == 1:
            return (self.placed, self.turns[-1][0]) if self.turns[-1][0] > self.placed else None
        ever = any(self.open(max(at, self.invoiced)) for item in self.items.values()
                   for at, _, _ in item.lines)
        return (self.placed, NEVER) if ever else None


def range_of(days):
    return max(i for i, (_, first) in enumerate(RANGES) if days >= first or i == 0)


Contact = collections.namedtuple("Contact", "minute day hour channel coming outcome asks step author")
Promise = collections.namedtuple("Promise", "currency minor made due state judged plan author")
Dispute = collections.namedtuple("Dispute", "received ended state reason author")
Hardship = collections.namedtuple("Hardship", "asked decided ended author")


class File:
    def __init__(self, client, desk, strategy, segment, standing, rule, ours):
        self.client, self.desk, self.strategy, self.segment = client, desk, strategy, segment
        self.standing, self.rule, self.ours = standing, rule, ours
        self.zone, self.debts, self.cash = None, {}, []
        self.promises, self.contacts, self.disputes = [], [], []
        self.hardships, self.stops, self.complaints = [], [], []
        self.language, self.state, self.plans = "", "", []  # plans: day, granted

    def reached(self, first, last):
        return any(first <= k.day <= last and reaches(k) for k in self.contacts)

    def is_late(self, day):
        return any(debt.late(day) for debt in self.debts.values())


def reaches(k):
    return k.coming or k.outcome in ("sent", "delivered", "voicemail", "limited_content_voicemail", "conversation")


def state_of(places):
    """The state in which all places are; "" when there is none, or more than one."""
    states = {"-".join(place.split("-")[:2]) if "-" in place else "" for place in places.split(",")}
    return states.pop() if len(states) == 1 else ""


def person(author):
    return author if author and "@" in author else ""


class Book:
    def __init__(self, path, **where):
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        zone = self.db.execute("SELECT value FROM meta WHERE key = 'zone'").fetchone()
        self.zone = zoneinfo.ZoneInfo(zone[0] if zone else "UTC")
        self.files = {}
        self.read_files()
        self.read_debts()
        self.read_contacts()
        self.read_records()
        self.read_treatment()
        self.read_plans()
        self.db.close()

    def day(self, us):
        if us == FOREVER:
            return NEVER
        moment = datetime.datetime.fromtimestamp(us // 1_000_000, datetime.timezone.utc)
        return number(moment.astimezone(self.zone).date())

    def rows(self, columns, table, where="1", order=""):
        for row in self.db.execute(f"SELECT bucket, casefile_id, {columns} FROM {table} "
                                   f"WHERE {where} ORDER BY 1, 2 {order}"):
            yield self.files[row[:2]], row[2:]

    def read_files(self):
        for row in self.db.execute("SELECT bucket, casefile_id, creditor, desk, strategy, segment, standing, "
                                   "standing_rule, role FROM casefile"):
            self.files[row[:2]] = File(row[2], row[3], row[4] or "", row[5] or "", row[6], row[7] or "",
                                       row[8] == "first_party_creditor")
        for file, (zones, language, places) in self.rows("zones, language, places", "party", "party_no = 1"):
            file.language, file.state = language, state_of(places)
            if zones and "," not in zones:
                file.zone = zoneinfo.ZoneInfo(zones)

    def read_debts(self):
        for file, (debt, currency, invoiced) in self.rows("debt_no, currency, invoice_day", "debt"):
            file.debts[debt] = Debt(file, currency, invoiced)
        for file, (debt, item, due, amount) in self.rows(
                "debt_no, instalment_no, due_day, amount_minor", "instalment"):
            file.debts[debt].items[item] = Item(due, amount)
        entries = collections.defaultdict(list)
        for file, row in self.rows("entry_no, value_day, posted_at, account, debt_no, instalment_no, "
                                   "currency, minor", "posting"):
            entries[id(file), row[0]].append((file, row))
        first = {}
        for lines in entries.values():
            by_money = any(row[3] in ("cash", "unapplied") for _, row in lines)
            for file, (_, day, posted, account, debt, item, currency, minor) in lines:
                if account == "cash":
                    file.cash.append((day, currency, minor))
                if account != "principal" or debt not in file.debts:
                    continue
                if not by_money:
                    key = file.debts[debt]
                    first[key] = min(first.get(key, posted), posted)
                if item in file.debts[debt].items:
                    file.debts[debt].items[item].lines.append((day, minor, by_money))
        for debt, posted in first.items():
            if not debt.file.ours:
                debt.placed = max(debt.invoiced, self.day(posted))

    def contact(self, file, us, channel, coming, outcome, asks, step, author):
        there = file.zone and datetime.datetime.fromtimestamp(
            us // 1_000_000, datetime.timezone.utc).astimezone(file.zone)
        file.contacts.append(Contact(us // 60_000_000, self.day(us),
                                     there.weekday() * 24 + there.hour if there else None, channel,
                                     bool(coming), outcome, asks, step, person(author)))

    def read_contacts(self):
        for file, (at, channel, direction, outcome, author) in self.rows(
                "at, channel, direction, outcome, author", "contact", "outcome NOT IN ('none', 'planned')"):
            self.contact(file, at, channel, direction, outcome, False, None, author)
        who = {(bucket, seq): actor for bucket, seq, actor in self.db.execute(
            "SELECT j.bucket, j.seq, j.actor FROM journal j JOIN outbox o "
            "ON o.bucket = j.bucket AND o.decision_seq = j.seq WHERE o.words IS NOT NULL")}
        for file, (bucket, seq, at, channel, state, step, purpose) in self.rows(
                "bucket, decision_seq, not_before, channel, state, step, purpose", "outbox",
                "state IN ('sent', 'delivered', 'bounced')"):
            self.contact(file, at, channel, 0, state, purpose in (None, "collection"), step,
                         who.get((bucket, seq)))
        for file in self.files.values():
            file.contacts.sort(key=lambda k: (k.minute, not k.coming, k.channel, k.outcome))

    def read_records(self):
        """Who wrote which fact, and who said of which dispute how it stands: the last one to do so."""
        self.who = {}
        for bucket, file, kind, actor, record in self.db.execute(
                "SELECT bucket, casefile_id, kind, actor, record FROM journal "
                "WHERE kind IN ('fact', 'dispute') ORDER BY seq"):
            record = json.loads(record)
            key = (record["fact"],) if kind == "fact" else (record["dispute"], record["state"])
            self.who[id(self.files.get((bucket, file))), kind, key] = person(actor)

    def read_plans(self):
        for file, (day,) in self.rows("made_day", "plan", "offer_no = 0"):
            file.plans.append((day, True))
        named = {reference: self.files[bucket, file] for bucket, file, reference in
                 self.db.execute("SELECT bucket, casefile_id, reference FROM casefile")}
        for subject, at in self.db.execute(
                "SELECT subject, decided_at FROM approval WHERE kind = 'plan' AND state = 'declined'"):
            named[subject].plans.append((self.day(at), False))

    def read_treatment(self):
        for file, row in self.rows("currency, minor, made_day, due_day, state, state_day, plan_no, author",
                                   "promise"):
            file.promises.append(Promise(*row[:6], row[6] != 0, person(row[7])))
        for file, (number, *row) in self.rows("dispute_no, received_day, state_day, state, reason", "dispute"):
            file.disputes.append(Dispute(*row, self.who.get((id(file), "dispute", (number, row[2])), "")))
        for file, (day,) in self.rows("received_day", "complaint"):
            file.complaints.append(day)
        asked = {}
        for file, (kind, scope, debt, at, until, detail, number) in self.rows(
                "type, scope, debt_no, at, until_at, detail, fact_no", "fact", order=", fact_no"):
            author = self.who.get((id(file), "fact", (number,)), "")
            day = self.day(at)
            if kind in ("opt_out", "cease"):
                file.stops.append(day)
            if kind != "hold" or scope != "hardship":
                continue
            decided = any(line.startswith("result=") for line in (detail or "").split("\n"))
            before = asked.get((id(file), debt))
            if decided and before is not None:
                if file.hardships[before].decided == NEVER:
                    file.hardships[before] = file.hardships[before]._replace(decided=day, author=author)
                continue
            asked[id(file), debt] = len(file.hardships)
            file.hardships.append(Hardship(day, day if decided else NEVER, self.day(until), author))

    def currencies(self):
        return {debt.currency for file in self.files.values() for debt in file.debts.values()}


def percentile(values, percent):
    """The least value at or below which so many percent of them lie."""
    values = sorted(values)
    return next((v for n, v in enumerate(values, 1) if n * 100 >= len(values) * percent), None)


def business_days(first, last):
    return sum(weekday(day) < 5 for day in range(first + 1, last + 1))


class Figures:
    """The figures of a part of a book in one currency, for days from `first` to `last`."""

    def __init__(self, files, currency, first, last):
        self.files, self.currency, self.first, self.last = list(files), currency, first, last
        self.debts = [d for f in self.files for d in f.debts.values() if d.currency == currency]

    def over(self, first, last):
        return Figures(self.files, self.currency, first, last)

    def before(self):
        days = self.last - self.first + 1
        return self.over(self.first - days, self.first - 1)

    def where(self, fits):
        return Figures([f for f in self.files if fits(f)], self.currency, self.first, self.last)

    def inside(self, day):
        return self.first <= day <= self.last

    # ---- money -----------------------------------------------------------------------------

    def cash(self, first, last):
        return sum(minor for f in self.files for day, currency, minor in f.cash
                   if currency == self.currency and first <= day <= last)

    def value_collected(self):
        return Measured("money", self.cash(self.first, self.last))

    def billed(self):
        return [(d, sum(i.amount for i in d.items.values())) for d in self.debts if d.invoiced <= self.last]

    def value_recovery(self):
        billed = self.billed()
        return Measured("percent", self.cash(-10**6, self.last), sum(m for _, m in billed), len(billed), True)

    def open_debts(self):
        return [d for d in self.debts if d.open(self.last)]

    def counted_back(self, left):
        months = collections.Counter()
        for debt, minor in self.billed():
            months[month_of(debt.invoiced)] += minor
        if not any(months.values()):
            return None
        month, days = month_of(self.last), fractions.Fraction(0)
        for back in range(240):
            length = min(self.last, month_last(month - back)) - month_first(month - back) + 1
            held = months[month - back]
            if back == 239:
                held = sum(m for at, m in months.items() if at <= month - back)
            if left <= 0:
                break
            if held >= left:
                return days + fractions.Fraction(length * left, held)
            days, left = days + length, left - held
        return days

    def days_of_sales(self, left):
        days = self.counted_back(left)
        if days is None:
            return Measured("days", 0, None, len(self.open_debts()))
        return Measured("days", rounded(days * 10), 10, len(self.open_debts()))

    def value_dso(self):
        return self.days_of_sales(sum(d.open(self.last) for d in self.debts))

    def best_dso(self):
        return self.days_of_sales(sum(d.open(self.last) - d.late(self.last) for d in self.debts))

    def value_ageing(self):
        return Measured("percent", sum(d.late(self.last) for d in self.debts),
                        sum(d.open(self.last) for d in self.debts), len(self.open_debts()), True)

    def delinquent(self):
        late = [(minor, self.last - item.due) for d in self.debts for item, minor in d.open_items(self.last)
                if item.due < self.last]
        return Measured("days", sum(m * days for m, days in late), sum(m for m, _ in late),
                        sum(bool(d.late(self.last)) for d in self.debts))

    def table_ageing(self):
        opened, rows = self.open_debts(), []
        whole = sum(d.open(self.last) for d in opened)
        for at, (name, _) in enumerate(RANGES):
            parts = [(d, minor) for d in opened for item, minor in d.open_items(self.last)
                     if range_of(self.last - item.due) == at]
            minor = sum(m for _, m in parts)
            rows.append({"range": name, "open": minor, "percent": share(minor, whole, len(opened)),
                         "debts": len({id(d) for d, _ in parts})})
        return rows

    # ---- months ----------------------------------------------------------------------------

    def moves(self):
        """(range a month before, range or end, amount, whether the debt is counted there)"""
        month, found = over_by(self.last), []
        end, before = month_last(month), month_last(month - 1)
        for d in self.debts:
            was, now = d.open(before), d.open(end)
            if was <= 0:
                continue
            kept = min(was, now)
            paid = max(0, min(was - kept, d.money(month_first(month), end)))
            gone = was - kept - paid
            if now > 0:
                found.append((d.age(before), RANGES[d.age(end)][0], kept, True))
            found.append((d.age(before), "paid", paid, now <= 0 and paid > 0))
            found.append((d.age(before), "otherwise_closed", gone, now <= 0 and paid == 0))
        return found

    def rolled(self, least, counts):
        moves = [m for m in self.moves() if m[0] >= least]
        return Measured("percent", sum(m[2] for m in moves if counts(m)), sum(m[2] for m in moves),
                        sum(m[3] for m in moves), True)

    def value_roll_rates(self):
        names = [name for name, _ in RANGES]
        return self.rolled(0, lambda m: m[1] in names and names.index(m[1]) > m[0])

    def value_cure_rate(self):
        return self.rolled(1, lambda m: m[1] in ("not_due", "paid"))

    def table_roll_rates(self):
        rows, ends = [], [name for name, _ in RANGES] + ["paid", "otherwise_closed"]
        for at, (name, _) in enumerate(RANGES):
            moves = [m for m in self.moves() if m[0] == at]
            whole, things = sum(m[2] for m in moves), sum(m[3] for m in moves)
            for end in ends:
                minor = sum(m[2] for m in moves if m[1] == end)
                if minor:
                    rows.append({"month": month_name(over_by(self.last)), "from": name, "to": end,
                                 "amount": minor, "percent": share(minor, whole, things),
                                 "debts": sum(m[3] for m in moves if m[1] == end)})
        return rows

    table_cure_rate = table_roll_rates

    @functools.cached_property
    def cohorts(self):
        """By month of placement: debts, and what was open of them when they came."""
        found = collections.defaultdict(lambda: ([], 0))
        for d in self.debts:
            placed = sum(minor for item in d.items.values() for at, minor, by_money in item.lines
                         if at < d.placed or (at == d.placed and not by_money))
            debts, minor = found[month_of(d.placed)]
            found[month_of(d.placed)] = (debts + [d], minor + placed)
        return found

    def recovered(self, month, age):
        return -sum(minor for d in self.cohorts[month][0] for item in d.items.values()
                    for at, minor, by_money in item.lines
                    if by_money and d.placed <= at <= month_last(month + age))

    def unpaid(self, month, age):
        return sum(d.open(month_last(month + age)) for d in self.cohorts[month][0])

    def value_liquidation(self):
        whole = over_by(self.last)
        for month in range(whole - 6, whole - 25, -1):
            if self.cohorts[month][1] > 0:
                return Measured("percent", self.recovered(month, 6), self.cohorts[month][1],
                                len(self.cohorts[month][0]), True)
        return Measured("percent", 0, None, 0, True)

    def cohort_rows(self, client, name, months, points, value):
        debts = sum(len(self.cohorts[m][0]) for m in months)
        placed = sum(self.cohorts[m][1] for m in months)
        return [{"client": client, "placed": name, "debts": debts, "amount": placed, "month": age,
                 "value": sum(value(m, age) for m in months),
                 "percent": share(sum(value(m, age) for m in months), placed, debts)}
                for age in range(points if debts else 0)]

    def table_liquidation(self, client=None):
        whole = over_by(self.last)
        return [row for month in range(whole - 24, whole + 1)
                for row in self.cohort_rows(client, month_name(month), [month],
                                            min(13, whole - month + 1), self.recovered)]

    def table_vintages(self, client=None):
        whole, rows = over_by(self.last), []
        for name in sorted({f.client for f in self.files}):
            of = self.where(lambda f: f.client == name)
            for quarter in range(whole // 3 - 7, whole // 3 + 1):
                months = [quarter * 3 + n for n in range(3)]
                points = min(13, whole - months[2] + 1)
                rows += of.cohort_rows(name, f"{quarter // 4}-Q{quarter % 4 + 1}", months, points, of.unpaid)
        return rows

    # ---- promises --------------------------------------------------------------------------

    def judged(self, first, last, fits=lambda p: True):
        return [p for f in self.files for p in f.promises
                if p.currency == self.currency and p.state in (KEPT, IN_PART, MISSED) and
                first <= p.due <= last and p.judged <= self.last and fits(p)]

    def kept(self, state=KEPT, fits=lambda p: True, by_number=False, first=None):
        judged = self.judged(self.first if first is None else first, self.last, fits)
        weigh = (lambda p: 1) if by_number else (lambda p: p.minor)
        return Measured("percent", sum(weigh(p) for p in judged if p.state == state),
                        sum(map(weigh, judged)), len(judged), not by_number)

    def value_promises(self):
        return self.kept()

    def table_promises(self):
        rows = []
        for week in range(monday(self.last) - 63, monday(self.last) + 1, 7):
            of = {s: [p for p in self.judged(week, min(week + 6, self.last)) if p.state == s]
                  for s in (KEPT, IN_PART, MISSED)}
            minor = {s: sum(p.minor for p in of[s]) for s in of}
            things = sum(map(len, of.values()))
            rows.append({"week": str(date(week)), "promises": things, "kept": minor[KEPT],
                         "in_part": minor[IN_PART], "missed": minor[MISSED],
                         "percent_kept": share(minor[KEPT], sum(minor.values()), things),
                         "kept_count": len(of[KEPT]), "in_part_count": len(of[IN_PART]),
                         "missed_count": len(of[MISSED])})
        return rows

    def taken(self, fits=lambda p: True):
        return Measured("money", sum(p.minor for f in self.files for p in f.promises if fits(p) and
                                     p.currency == self.currency and self.inside(p.made)))

    def value_promises_taken(self):
        return self.taken()

    def running(self):
        return [p for f in self.files for p in f.promises
                if p.currency == self.currency and p.made <= self.last and
                (p.state == "open" or self.last < p.judged)]

    def forecast(self):
        rows, shares = [], []
        for plan in (False, True):
            kept = self.kept(fits=lambda p: p.plan == plan, first=self.last - 89)
            shares.append(likely(kept))
        for week in range(monday(self.last), monday(self.last) + 56, 7):
            due = [p for p in self.running() if monday(p.due) == week]
            minor = [sum(p.minor for p in due if p.plan == plan) for plan in (False, True)]
            rows.append({"week": str(date(week)), "promises": len(due), "promised": minor[0],
                         "of_plans": minor[1]} |
                        {name: sum(rounded(m * s[at]) for m, s in zip(minor, shares))
                         for at, name in enumerate(("low", "likely", "high"))})
        return rows

    def value_cash_forecast(self):
        return Measured("money", sum(row["likely"] for row in self.forecast()[:4]))

    table_cash_forecast = forecast

    # ---- contacts --------------------------------------------------------------------------

    def contacts(self):
        return [k for f in self.files for k in f.contacts if self.inside(k.day)]

    def calls(self):
        return [k for k in self.contacts() if k.channel == "call" and not k.coming]

    def spoken(self, calls):
        return Measured("percent", sum(k.outcome == "conversation" for k in calls), len(calls), len(calls))

    def value_right_person(self):
        return self.spoken(self.calls())

    value_contact_hours = value_right_person

    def channels(self):
        rows = []
        for channel in sorted({k.channel for k in self.contacts()}):
            of = [k for k in self.contacts() if k.channel == channel]
            coming = sum(k.coming for k in of)
            tried = [k for k in of if not k.coming]
            reached = sum(k.outcome == "conversation" for k in tried) + (channel != "call") * coming
            rows.append((channel, len(tried), reached, coming))
        return rows

    def table_right_person(self):
        return [{"channel": c, "tried": t, "reached": r, "incoming": i, "percent": share(r, t, t)}
                for c, t, r, i in self.channels()]

    def table_contact_hours(self):
        hours = collections.defaultdict(list)
        for k in self.calls():
            if k.hour is not None:
                hours[k.hour].append(k)
        return [{"weekday": WEEKDAYS[h // 24][:3], "hour": h % 24, "tried": len(calls),
                 "reached": self.spoken(calls).above,
                 "percent": share(self.spoken(calls).above, len(calls), len(calls))}
                for h, calls in sorted(hours.items())]

    def of_files(self, part, whole):
        if self.last - self.first + 1 not in WINDOWS:
            return Measured("percent", 0, None)
        return Measured("percent", part, whole, whole)

    def value_dispute_rate(self):
        return self.of_files(sum(any(self.inside(d.received) for d in f.disputes) for f in self.files),
                             sum(f.reached(self.first, self.last) for f in self.files))

    def value_contact_rate(self):
        late = [f for f in self.files if f.is_late(self.last)]
        return self.of_files(sum(f.reached(self.first, self.last) for f in late), len(late))

    def answered(self):
        """(tenths of hours, who answered) for all that was answered in the period."""
        found = []
        for f in self.files:
            for at, asked in enumerate(f.contacts):
                if not asked.coming or asked.outcome == "conversation":
                    continue
                answer = next((k for k in f.contacts[at + 1:]
                               if not k.asks and not (k.coming and k.outcome != "conversation") and
                               k.outcome in ("sent", "delivered", "conversation")), None)
                if answer and self.inside(answer.day):
                    found.append((min((answer.minute - asked.minute) // 6, 9999), answer.author))
        return found

    def median_hours(self, answers, percent=50):
        value = percentile([tenths for tenths, _ in answers], percent)
        return Measured("hours", value or 0, None if value is None else 10, len(answers))

    def value_time_to_answer(self):
        return self.median_hours(self.answered())

    def table_steps(self):
        found = collections.defaultdict(lambda: [0, 0, 0])
        for f in self.files:
            steps = [k for k in f.contacts if k.step and k.outcome in ("sent", "delivered")]
            money = collections.Counter()
            for day, currency, minor in f.cash:
                money[day, currency] += minor
            for at, k in enumerate(steps):
                until = min([n.day for n in steps[at + 1:at + 2]] + [k.day + 15, self.last + 1])
                if not self.inside(k.day):
                    continue
                after = {key: m for key, m in money.items() if k.day <= key[0] < until}
                found[k.step][0] += 1
                found[k.step][1] += any(m > 0 for m in after.values())
                found[k.step][2] += sum(m for (_, c), m in after.items() if c == self.currency)
        return [{"step": step, "sent": sent, "paid": paid, "percent": share(paid, sent, sent), "amount": m}
                for step, (sent, paid, m) in sorted(found.items(), key=lambda x: (-x[1][0], x[0]))]

    # ---- from placed to paid ---------------------------------------------------------------

    def steps_of(self, d):
        """The day on which a debt came to each step."""
        first, until = d.life
        inside = lambda day: first <= day <= until
        spoke = [k.day for k in d.file.contacts if inside(k.day) and
                 (k.coming or k.outcome == "conversation")]
        heard = [k.day for k in d.file.contacts if inside(k.day) and reaches(k)]
        made = [p for p in d.file.promises if inside(p.made)]
        agreed = min((p.made for p in made), default=NEVER)
        kept = min((p.judged for p in made if p.state == KEPT and inside(p.judged)), default=NEVER)
        met = min(spoke + [agreed])
        paid = until if until != NEVER and d.turns[-1][2] else NEVER
        return [first, min(heard + [met]), met, agreed, kept, paid if agreed != NEVER else NEVER,
                paid if agreed == NEVER else NEVER]

    def funnel(self, every_currency=True):
        last = month_of(self.last) - 4
        counts = [0] * len(STEPS)
        for d in (d for f in self.files for d in f.debts.values()):
            if d.life and last - 2 <= month_of(d.placed) <= last:
                for at, day in enumerate(self.steps_of(d)):
                    counts[at] += day <= self.last and day != NEVER
        return counts

    def value_funnel(self):
        counts = self.funnel()
        return Measured("percent", counts[3], counts[0], counts[0])

    def table_funnel(self):
        counts = self.funnel()
        return [{"step": step, "debts": n, "percent": share(n, counts[0], counts[0])}
                for step, n in zip(STEPS, counts)]

    # ---- treatment -------------------------------------------------------------------------

    def disputes(self, day):
        return [d for f in self.files for d in f.disputes if self.inside(day(d))]

    def value_disputes(self):
        return Measured("count", len(self.disputes(lambda d: d.received)))

    def table_disputes(self):
        rows = []
        opened = self.disputes(lambda d: d.received)
        ended = [d for d in self.disputes(lambda d: d.ended) if d.state != "open"]
        for reason in sorted({d.reason for d in opened + ended}):
            answered = [max(0, min(9999, d.ended - d.received)) for d in ended
                        if d.reason == reason and d.state != "withdrawn"]
            rows.append({"reason": reason, "opened": sum(d.reason == reason for d in opened),
                         "answered": len(answered),
                         "withdrawn": sum(d.reason == reason and d.state == "withdrawn" for d in ended),
                         "median_days": percentile(answered, 50), "p90_days": percentile(answered, 90)})
        return rows

    def answers(self):
        return self.disputes(lambda d: d.ended if d.state not in ("open", "withdrawn") else NEVER)

    def value_disputes_answered(self):
        return Measured("count", len(self.answers()))

    def asked(self, group=None):
        """(group, granted) of each plan asked for in the period."""
        return [(getattr(f, group) if group else None, granted) for f in self.files
                for day, granted in f.plans if self.inside(day)]

    def granted(self, group):
        """{group: (asked for, granted)}"""
        found = collections.defaultdict(lambda: (0, 0))
        for name, granted in self.asked(group):
            found[name] = found[name][0] + 1, found[name][1] + granted
        return found

    def value_approval_gap(self):
        gaps = []
        for group in ("language", "state"):
            enough = [of for name, of in self.granted(group).items() if name and of[0] >= FEW]
            shares = [(fractions.Fraction(granted, asked), asked) for asked, granted in enough]
            if len(shares) > 1:
                gaps.append(max(shares)[0] - min(shares)[0])
        if not gaps:
            return Measured("points", 0, None, len(self.asked()))
        return Measured("points", max(gaps).numerator, max(gaps).denominator)

    def tried(self):
        return sum(not k.coming for k in self.contacts())

    def value_complaints(self):
        tried = self.tried()
        return Measured("per_10000", sum(self.inside(day) for f in self.files for day in f.complaints),
                        tried, tried)

    def value_opt_outs(self):
        tried = self.tried()
        return Measured("per_10000", sum(self.inside(day) for f in self.files for day in f.stops), tried, tried)

    def value_contacts_per_resolved(self):
        paid = sum(sign for d in self.debts for day, sign, by_money in d.turns if by_money and self.inside(day))
        return Measured("times", self.tried(), paid, paid)

    def hardships(self, fits=lambda h: True):
        return [business_days(h.asked, h.decided) for f in self.files for h in f.hardships
                if h.decided != NEVER and self.inside(h.decided) and fits(h)]

    def value_hardship(self, fits=lambda h: True):
        days = self.hardships(fits)
        median = percentile(days, 50)
        return Measured("days", median or 0, None if median is None else 1, len(days))

    def waiting(self):
        return sum(h.asked <= self.last < min(h.decided, h.ended) for f in self.files for h in f.hardships)

    def weeks(self):
        """Of each person and week that ended in the period: how often we tried."""
        found = []
        for f in self.files:
            weeks = collections.Counter(monday(k.day) for k in f.contacts if not k.coming)
            found += [min(n, 20) for week, n in weeks.items() if self.inside(week + 6)]
        return found

    def value_contacts_per_week(self):
        weeks = self.weeks()
        return Measured("percent", sum(n > 3 for n in weeks), len(weeks), len(weeks))

    def table_contacts_per_week(self):
        return [{"attempts": n, "people": people} for n, people in sorted(collections.Counter(self.weeks()).items())]

    def value_stopped(self):
        return Measured("count", sum(bool(f.rule) for f in self.files))

    def table_stopped(self):
        found = collections.Counter((f.standing, f.rule or None) for f in self.files)
        return [{"standing": standing, "rule": rule, "accounts": n}
                for (standing, rule), n in sorted(found.items(), key=lambda x: (-x[1], x[0][0], x[0][1] or ""))]

    # ---- all of them -----------------------------------------------------------------------

    def value(self, name):
        made = getattr(self, "value_" + name.replace("-", "_"), None)
        return made() if made else None

    def values(self, name):
        """The one figure, and those beside it, by their names."""
        found = {name: self.value(name)}
        if name == "dso":
            found["best_possible_dso"] = self.best_dso()
        if name == "ageing":
            found["average_days_delinquent"] = self.delinquent()
        if name == "promises":
            found["promises_by_count"] = self.kept(by_number=True)
            found["promises_in_part"] = self.kept(IN_PART)
        if name == "time-to-answer":
            found["time_to_answer_p90"] = self.median_hours(self.answered(), 90)
        if name == "hardship":
            days = self.hardships()
            found["hardship_in_time"] = Measured("percent", sum(d <= 2 for d in days), len(days), len(days))
            found["hardship_waiting"] = Measured("count", self.waiting())
        return found

    def table(self, name, client=None):
        """The table of its picture; None: there is none."""
        made = getattr(self, "table_" + name.replace("-", "_"), None)
        if made is None:
            return None
        return made(client) if name in ("liquidation", "vintages") else made()

    def by(self, name, dimension):
        """{part: figure} for a dimension."""
        if dimension in ("client", "segment", "strategy"):
            names = {getattr(f, dimension) for f in self.files}
            return {part or "None": self.where(lambda f: getattr(f, dimension) == part).value(name)
                    for part in names}
        return getattr(self, "by_" + dimension)(name)

    def by_agent(self, name):
        if name == "promises":
            who = {p.author for p in self.judged(self.first, self.last)}
            return {w or "None": self.kept(fits=lambda p: p.author == w) for w in who}
        if name == "promises-taken":
            who = {p.author for f in self.files for p in f.promises if self.inside(p.made)}
            return {w or "None": self.taken(lambda p: p.author == w) for w in who}
        if name == "disputes-answered":
            counts = collections.Counter(d.author or "None" for d in self.answers())
            return {who: Measured("count", n) for who, n in counts.items()}
        if name == "hardship":
            who = {h.author for f in self.files for h in f.hardships if self.inside(h.decided)}
            return {w or "None": self.value_hardship(lambda h: h.author == w) for w in who}
        if name == "time-to-answer":
            return {w or "None": self.median_hours([a for a in self.answered() if a[1] == w])
                    for w in {who for _, who in self.answered()}}
        return {w or "None": self.spoken([k for k in self.calls() if k.author == w])
                for w in {k.author for k in self.calls()}}

    def by_language(self, _, group="language"):
        return {name or "Not known": Measured("percent", granted, asked, asked)
                for name, (asked, granted) in self.granted(group).items()}

    def by_state(self, name):
        return self.by_language(name, "state")

    def by_kind(self, name):
        if name == "promises-taken":
            return {title: self.taken(lambda p: p.plan == plan)
                    for plan, title in ((False, "Promises by themselves"), (True, "Payments of plans"))}
        return {title: self.kept(fits=lambda p: p.plan == plan)
                for plan, title in ((False, "Promises by themselves"), (True, "Payments of plans"))}

    def by_reason(self, _):
        return {d.reason: Measured("count", sum(x.reason == d.reason for x in self.disputes(lambda d: d.received)))
                for d in self.disputes(lambda d: d.received)}

    def by_channel(self, _):
        return {c: Measured("percent", r, t, t) for c, t, r, _ in self.channels()}

    def by_hours(self, _):
        parts, found = [("mornings", 0, 12), ("afternoons", 12, 17), ("evenings", 17, 24)], {}
        for day, title in enumerate(WEEKDAYS):
            for part, first, last in parts:
                calls = [k for k in self.calls() if k.hour is not None and k.hour // 24 == day and
                         first <= k.hour % 24 < last]
                found[f"{title} {part}"] = self.spoken(calls)
        return found


def share(part, whole, things):
    """A share of a table: of fewer than 30 things none is said."""
    return None if things < FEW or not whole else decimal(rounded(fractions.Fraction(part * 1000, whole)))


def likely(kept):
    """The share kept, and between what it lies in 95 of 100 cases (Wilson's interval)."""
    n = kept.things
    if not n or not kept.below:
        return fractions.Fraction(0), fractions.Fraction(1, 2), fractions.Fraction(1)
    million = 1_000_000
    share_kept = fractions.Fraction(rounded(fractions.Fraction(kept.above * million, kept.below)), million)
    p, z = float(share_kept), 1.96
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * ((p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5)
    return max(0.0, centre - reach), share_kept, min(1.0, centre + reach)


def month_days(month):
    return calendar.monthrange(month // 12, month % 12 + 1)[1]
