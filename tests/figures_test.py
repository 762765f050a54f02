#!/usr/bin/env python3
"""Every figure of the pages under Insights, against the raw rows.

On the demo book and on the IBM sample: each figure that the program lists is made again by
tests/figures.py, as of several days, as a whole and by each part that is offered, and compared
with `recoup report`. The API and the CSV of the page say the same; the table of the page has the
same numbers; the accounts behind a figure add up to it. A figure that figures.py does not know
fails.
"""
import collections
import csv
import datetime
import decimal
import html
import io
import json
import re
import sqlite3
import sys
import urllib.parse

import api_client
import console
import figures
import spine
import two_years_test

MONEY = {"open", "amount", "value", "kept", "in_part", "missed", "promised", "of_plans", "likely"}
NEAR = {"low", "high"}  # Wilson's interval, here in floating point
PEOPLE = {"right-person", "contact-hours", "promises", "promises-taken", "time-to-answer",
          "disputes-answered", "hardship"}
NO_PARTS = {"approval-gap"}  # a gap between groups has none
NAMED = ("client", "segment", "strategy")
DAYS = [(datetime.date(2026, 11, 20), 30), (datetime.date(2026, 10, 31), 90), (datetime.date(2026, 9, 9), 365)]
NOW = "2026-11-20T16:10:00Z"


def amount(minor):
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"


def listed(recoup):
    reports = recoup.json("report", "list", "--now", NOW)["reports"]
    names = [row["report"] for row in reports]
    return [n for n in names if n not in ("kpi", "activity", "client", "summary")]


# ---- one figure --------------------------------------------------------------------------------

def said(m):
    """A figure as a report says it."""
    if m is None or m.unit == "money":
        return amount(m.above) if m else None
    if m.unit == "count":
        return m.above
    return figures.decimal(m.tenths()) if m.known else None


def check_values(results, what, told, now, before):
    rows = {row["measure"]: row for row in told.get("values", [])}
    expected = {name: m for name, m in now.items() if m is not None}
    results.check(rows.keys() == expected.keys(), f"{what}: the figures told", sorted(rows), sorted(expected))
    for name in rows.keys() & expected.keys():
        m, row = expected[name], rows[name]
        right = {"unit": m.unit, "value": said(m), "before": said(before[name])}
        if m.unit in ("days", "hours") and name != "average_days_delinquent" or not m.known:
            right["out_of"] = m.things
        elif m.unit == "money":
            right["numerator"] = amount(m.above)
        elif m.unit == "points":  # out of the two groups: not in lowest terms, and of several equal ones any
            told_gap = figures.fractions.Fraction(int(row["numerator"]), int(row["denominator"]))
            results.check(told_gap == figures.fractions.Fraction(m.above, m.below) and row["out_of"] >= 60,
                          f"{what}: the exact gap", told_gap, m.above, m.below)
        elif m.unit != "count":
            text = amount if m.money else int
            right |= {"numerator": text(m.above), "denominator": text(m.below), "out_of": m.things}
        if name == "average_days_delinquent":  # money × days, which no cell can say
            right.pop("numerator"), right.pop("denominator")
        told_of = {key: row[key] for key in right}
        results.check(told_of == right, f"{what}: {name}", f"told {told_of}", f"rows say {right}")


def is_nothing(m):
    return m is None or (m.above == 0 and (not m.known or not m.below))


def check_parts(results, what, told, dimension, now, before):
    none = figures.Measured("count", 0)
    expected = {}
    for part in now.keys() | before.keys():
        is_, was = now.get(part), before.get(part)
        if is_nothing(is_ or none) and is_nothing(was or none):
            continue
        unit = (is_ or was).unit
        empty = "0.00" if unit == "money" else 0 if unit == "count" else None
        expected[part] = (said(is_) if is_ else empty, said(was) if was else empty,
                          is_.things if is_ else 0)
    rows = {row["name"]: (row["value"], row["before"], row["out_of"]) for row in told or []}
    if dimension == "reason":
        rows = {name.lower(): row for name, row in rows.items()}
        expected = {told_reason(name): row for name, row in expected.items()}
    if told is None:
        results.check(len(expected) < 2, f"{what} by {dimension} is there", *expected.items())
        return
    results.check(rows == expected, f"{what} by {dimension}", *sorted(map(str, rows.items() ^ expected.items())))
    shares = [row["share_of_change"] for row in told]
    if all(shares):
        of_all = sum(map(decimal.Decimal, shares))
        results.check(abs(of_all - 100) <= decimal.Decimal("0.1") * len(shares),
                      f"{what} by {dimension}: shares of the change are the change", of_all)


def told_reason(name):
    words = {"amount": "amount looks wrong", "paid": "already paid", "not-mine": "not my debt",
             "service": "service not as agreed"}
    return words.get(name, re.sub("[_-]", " ", name).lower())


def check_table(results, what, told, expected):
    texts = [{key: amount(v) if key in MONEY else v for key, v in row.items() if key not in NEAR}
             for row in expected]
    rows = [{key: v for key, v in row.items() if key not in NEAR} for row in told]
    by = lambda row: json.dumps(row, sort_keys=True)
    wrong = [(a, b) for a, b in zip(sorted(map(by, rows)), sorted(map(by, texts))) if a != b]
    results.check(len(rows) == len(texts) and not wrong, f"{what}: its table ({len(rows)}, {len(texts)} rows)",
                  *wrong[:3])
    for row, right in zip(told, expected):
        for key in NEAR & row.keys():
            far = abs(decimal.Decimal(row[key]) * 100 - decimal.Decimal(float(right[key])))
            results.check(far <= 2 + right["likely"] // 100_000, f"{what}: {key} of {row['week']}", far)


def check_trend(results, what, told, name, f):
    over_days = {"promises", "contact-rate", "dispute-rate", "time-to-answer", "hardship", "complaints",
                 "opt-outs", "contacts-per-resolved", "approval-gap"}
    wrong = []
    for row in told:
        first, last = (figures.number(datetime.date.fromisoformat(row[key])) for key in ("from", "to"))
        if name in over_days:
            first = last - (f.last - f.first)
        right = said(f.over(first, last).value(name))
        if row["value"] != right:
            wrong.append((row, right))
    results.check(not wrong and len(told) == 12, f"{what}: over time", *wrong)


def check_report(results, what, told, name, f, client=None, trend=True):
    before = f.before()
    check_values(results, what, told, f.values(name), before.values(name))
    offered = [key[3:] for key in told if key.startswith("by_")]
    for dimension in offered:
        check_parts(results, what, told[f"by_{dimension}"], dimension, f.by(name, dimension),
                    before.by(name, dimension))
    if f.value(name) is not None and name != "stopped" and name not in NO_PARTS and client is None:
        for dimension in NAMED + (("agent",) if name in PEOPLE else ()):
            if dimension not in offered:
                check_parts(results, what, None, dimension, f.by(name, dimension), before.by(name, dimension))
    table = f.table(name, client)
    tables = [value for key, value in told.items()
              if isinstance(value, list) and key != "values" and not key.startswith("by_")]
    results.check(len(tables) == 1, f"{what}: one picture", told.keys())
    if table is not None:
        check_table(results, what, tables[0], table)
    elif f.value(name) is not None and trend:
        check_trend(results, what, told["trend"], name, f)
    results.check(table is not None or f.value(name) is not None,
                  f"{what}: figures.py knows it")


# ---- the pages ---------------------------------------------------------------------------------

def numbers(text):
    """The cells of a table, without what only a reader needs."""
    text = re.sub(r"[^\d.\-A-Za-z% :_]", "", html.unescape(text)).strip()
    try:
        return str(decimal.Decimal(re.sub(r"[^\d.\-]", "", text)).normalize())
    except decimal.InvalidOperation:
        return ""


def rows_of_page(page):
    return [[re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", row, re.S)]
            for row in re.findall(r"<tr>(.*?)</tr>", page, re.S)]


def account_sums(person, path):
    """(accounts, things, minor units) of all pages of accounts behind a figure."""
    accounts = things = minor = 0
    seen = set()
    for _ in range(200):
        page = person.get(path)
        assert page.status == 200, (path, page.status)
        rows = rows_of_page(page.text)
        heads = next((row for row in rows if row and row[0] == "Account"), [])
        for row in rows:
            if len(row) != len(heads) or row == heads:
                continue
            assert row[0] not in seen, row
            seen.add(row[0])
            cells = dict(zip(heads, row))
            accounts += 1
            things += int(cells.get("Times", "1").replace(",", "").replace("−", "-") or 0)
            minor += int(decimal.Decimal(re.sub(r"[^\d.\-]", "", cells.get("Amount", "0").replace("−", "-")) or 0) * 100)
        more = [link for link in page.links("/insights/") if "after=" in link]
        if not more:
            return accounts, things, minor
        path = more[0]
    raise AssertionError(f"{path} has no end")


def behind(name, f):
    """What the accounts behind a figure add up to: (accounts, things, minor units), None: not said."""
    m = f.value(name)
    if name in ("collected",):
        return None, None, m.above
    if name == "recovery":
        return None, None, m.above
    if name in ("dso", "ageing"):
        return None, None, sum(d.open(f.last) for d in f.debts)
    if name in ("promises",):
        return None, m.things, m.below
    if name in ("roll-rates", "cure-rate"):
        return None, None, m.below
    if name == "liquidation":
        return None, m.things, m.below or 0
    if name == "vintages":
        placed = [d for d in f.debts if f.inside(d.placed)]
        return None, len(placed), None
    if name == "funnel":
        return None, m.below, None
    if name in ("right-person", "contact-hours", "contacts-per-resolved"):
        return None, m.below, None
    if name in ("contact-rate", "dispute-rate"):
        return m.above, None, None
    if name in ("time-to-answer", "hardship"):
        return None, m.things, None
    if name == "promises-taken":
        return None, None, m.above
    if name == "disputes-answered":
        return None, m.above, None
    if name == "approval-gap":
        return None, len(f.asked()), None
    if name == "steps":
        return None, sum(row["sent"] for row in f.table_steps()), None
    if name == "cash-forecast":
        rows = f.forecast()[:4]
        return None, sum(r["promises"] for r in rows), sum(r["promised"] + r["of_plans"] for r in rows)
    return None, m.above, None


def check_behind(results, what, person, path, right):
    told = account_sums(person, path)
    right = tuple(t if r is None else r for r, t in zip(right, told))
    results.check(told == right, f"{what}: the accounts behind it", f"told {told}", f"rows say {right}", path)


def query(day, days, **more):
    return urllib.parse.urlencode({"as_of": day, "days": days, "currency": "USD"} | more)


def check_page(results, what, person, name, day, days, f, told):
    page = person.get(f"/insights/{name}?{query(day, days)}")
    results.check(page.status == 200 and "/insights/" + name in page.text, f"{what}: its page", page.status)
    results.check("Beware" in page.text, f"{what}: says what it is and is not")
    file = person.get(f"/insights/{name}/csv?{query(day, days)}")
    rows = list(csv.reader(io.StringIO(file.text)))
    last = [v for v in told.values() if isinstance(v, list)][-1:]
    if last and last[0]:
        cells = [[("" if v is None else str(v)) for v in row.values()] for row in last[0]]
        results.check(rows[1:] == cells, f"{what}: the CSV is the report", rows[:2], cells[:1])
        if f.table(name) is not None:
            shown = {tuple(filter(None, map(numbers, row))) for row in rows_of_page(page.text)}
            missing = [row for row in cells if not shows(shown, row)]
            results.check(not missing or name in ("disputes", "steps"),
                          f"{what}: the page shows its table", *missing[:3])
    for dimension in [key[3:] for key in told if key.startswith("by_")]:
        file = person.get(f"/insights/{name}/csv?{query(day, days, by=dimension)}")
        rows = list(csv.reader(io.StringIO(file.text)))
        cells = [[("" if v is None else str(v)) for v in row.values()] for row in told[f"by_{dimension}"]]
        results.check(rows[1:] == cells, f"{what}: the CSV by {dimension}", rows[:2], cells[:1])
    check_behind(results, what, person, f"/insights/{name}/rows?{query(day, days)}", behind(name, f))
    for link in page.links(f"/insights/{name}/rows?"):
        who = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query).get("agent")
        if who and name in PEOPLE:
            part = f.by(name, "agent").get("None" if who[0] == "-" else who[0])
            if part:
                right = ((None, None, part.above) if part.unit == "money" else
                         (None, part.above if part.unit == "count" else part.things, None))
                check_behind(results, f"{what} of {who[0]}", person, link, right)


def shows(shown, row):
    """One row of the page has every number of this row, in this order."""
    wanted = [n for n in map(numbers, row) if n]
    for cells in shown:
        at = iter(cells)
        if all(n in at for n in wanted if n in cells) and sum(n in cells for n in wanted) >= len(cells) - 1:
            return True
    return False


# ---- other reports -----------------------------------------------------------------------------

def check_kpi(results, recoup, book, day, days):
    """The measures counted from rows, as of the evening of the day, are the kept figures."""
    now = f"{day}T22:00:00Z"
    first = day - datetime.timedelta(days - 1)
    told = recoup.json("report", "kpi", "--from", str(first), "--to", str(day), "--now", now)
    rows = {row["measure"]: row for row in told["measures"] if row.get("currency") in ("USD", None)}
    f = figures.Figures(book.files.values(), 840, figures.number(first), figures.number(day))
    right = {"open": sum(d.open(f.last) for d in f.debts), "past_due": sum(d.late(f.last) for d in f.debts),
             "collected": f.value_collected().above}
    for name, minor in right.items():
        results.check(rows[name]["value"] == amount(minor), f"kpi {day}: {name}", rows[name], minor)
    for name, m in {"recovery_rate": f.value_recovery(), "dso": f.value_dso(),
                    "best_possible_dso": f.best_dso(), "average_days_delinquent": f.delinquent(),
                    "promise_kept_rate_by_value": f.kept(), "promise_kept_rate_by_count": None,
                    "right_party_contact_rate": f.value_right_person(),
                    "contact_rate": f.value_contact_rate()}.items():
        if m is not None:
            results.check(rows[name]["value"] == said(m), f"kpi {day}: {name}", rows[name], said(m))


def check_clients(results, recoup, book, day, days, now):
    first = day - datetime.timedelta(days - 1)
    told = recoup.json("report", "client", "--from", str(first), "--to", str(day), "--currency", "USD",
                       "--now", now)
    rows = next(v for v in told.values() if isinstance(v, list))
    for row in rows:
        f = figures.Figures([x for x in book.files.values() if x.client == row["client"]], 840,
                            figures.number(first), figures.number(day))
        right = {"open": amount(sum(d.open(f.last) for d in f.debts)),
                 "collected": amount(f.value_collected().above), "disputes": f.value_disputes().above}
        told_of = {key: row[key] for key in right if key in row}
        results.check(told_of == {k: right[k] for k in told_of}, f"client {row['client']} {day}", told_of, right)


# ---- the books ---------------------------------------------------------------------------------

def whole(results, recoup, book, names, day, days, now, where=None, options=(), trend=True):
    first = day - datetime.timedelta(days - 1)
    files = [f for f in book.files.values() if where is None or where(f)]
    f = figures.Figures(files, 840, figures.number(first), figures.number(day))
    told = {}
    for name in names:
        told[name] = recoup.json("report", name, "--from", str(first), "--to", str(day), "--currency", "USD",
                                 "--now", now, *options)
        client = options[1] if options[:1] == ("--client",) else None
        check_report(results, f"{name} {day} {' '.join(options)}".strip(), told[name], name, f, client, trend)
    return f, told


def something_happens(book):
    """What the demo does not tell: complaints, with and without a hold, answers in one's own words."""
    with console.Console(book, "lena") as lena:
        references = sorted({link.split("/")[2].split("?")[0] for link in lena.get("/accounts").links("/accounts/")
                             if link.count("/") == 2 and "?" not in link})[:6]
        for at, reference in enumerate(references):
            page = lena.get(f"/accounts/{reference}")
            form = next((f for f in page.forms() if "complaint" in f.action), None)
            if form is None:
                links = [x for x in page.links(f"/accounts/{reference}/") if "complaint" in x]
                form = lena.get(links[0]).form("complaint") if links else None
            if form is not None:
                form.submit(words=f"Nobody called back, {at}.", **({"hold": "1"} if at % 2 else {}))


def references(book, where, count):
    with sqlite3.connect(book) as db:
        return [row[0] for row in db.execute(
            "SELECT c.reference FROM casefile c JOIN party p USING (bucket, casefile_id) "
            "WHERE p.party_no = 1 AND c.open_minor > 20000 AND NOT EXISTS (SELECT 1 FROM plan q "
            "WHERE q.bucket = c.bucket AND q.casefile_id = c.casefile_id AND q.state = 'active') "
            f"AND {where} ORDER BY 1 LIMIT ?", (count,))]


def people_decide(results, book):
    """Disputes are answered and hardship is decided, by two people and by the program; one answer is
    taken back, and given again by somebody else."""
    with console.Console(book, "lena") as lena:
        of = {who: api_client.Program(lena.address, api_client.token(book, f"deeds-{who}", *api_client.SCOPES,
                                                                     user=who)) for who in ("lena", "rosa")}

        of["rosa"].keys = 1000  # a key is said once, by whomever

        def say(who, path, body):
            status, value = of[who].ask("POST", f"/api/v1/accounts/{path}", body)
            results.check(status < 300, f"{who} {path}", status, value)
            return (value or {}).get("number")

        for at, account in enumerate(references(book, "c.open_currency = 840 AND p.places NOT IN ('US-CA', 'US-TX', 'US-WA')", 10)):
            who, other = ("lena", "rosa") if at % 3 else ("rosa", "lena")
            dispute = say(who, f"{account}/disputes", {"reason": "other"})
            if at % 4 == 3:
                say(who, f"{account}/disputes/{dispute}/withdraw", {"reason": "they found it"})
                continue
            answer = {"result": "not_upheld", "text": "It is as agreed."}
            say(who, f"{account}/disputes/{dispute}/answer", answer)
            if at % 4 == 2:
                say(who, f"{account}/disputes/{dispute}/reopen", {})
            if at == 2:
                say(other, f"{account}/disputes/{dispute}/answer", answer)
            held = say(other, f"{account}/hardship", {"reason": "out of work"})
            if at % 4:
                say(other, f"{account}/hardship/{held}/decide", {"result": "close"})


def plans_are_asked_for(results, path):
    """In two states often enough to be compared, and some of them declined, approved, or taken back."""
    recoup = spine.Recoup(path)
    counts = {}
    for state, wanted, declined in (("US-CA", 33, 7), ("US-TX", 31, 2), ("US-WA", 5, 4)):
        accounts = references(path, f"p.places = '{state}'", 8)
        for at in range(wanted):
            account, key = accounts[at % len(accounts)], f"{state}-{at}"
            wish = ("--months", "30" if at < declined + 2 else "3", "--key", key, "--now", NOW)
            made = recoup.json("plan", "create", account, *wish)
            if at < declined:
                recoup.must("approval", "decline", str(made["approval"]), "--by", "rosa@fairhaven.example",
                            "--reason", "too long", "--now", NOW)
            elif at == declined:
                made = recoup.json("approval", "approve", str(made["approval"]), "--by",
                                   "rosa@fairhaven.example", "--now", NOW)
            if at > declined + 1 or at == declined:
                recoup.must("plan", "cancel", account, "--reason", "test", "--now", NOW)
        counts[state] = wanted - 1  # one waits
    return counts


def seen_by(recoup, folder, address, who, limit, names):
    """Somebody who sees these clients, or desks, alone."""
    word = folder / f"{who}.txt"
    word.write_text("demo-1234-demo\n")
    recoup.must("user", "add", f"{who}@fairhaven.example", "--role", "manager", "--name", who.title(),
                limit, "|".join(names), "--password-file", str(word))
    return console.Console(address, who)


def limits_make_no_difference(results, recoup, folder, rosa, book, told, day, days):
    """Who may see each client by name reads what they read who may see everything; who may see one
    reads what is said of that one. The sums of these are kept apart."""
    clients = sorted({f.client for f in book.files.values()})
    one = "Fairhaven Supply"
    wide = seen_by(recoup, folder, rosa.address, "wide", "--client", clients)
    narrow = seen_by(recoup, folder, rosa.address, "narrow", "--client", [one])
    looked = 0
    for name, report in told.items():
        ways = [{}] + [{"by": key[3:]} for key in report if key.startswith("by_")]
        for way in ways:
            path = f"/insights/{name}/csv?" + query(day, days, **way)
            right, seen = rosa.get(path), wide.get(path)
            looked += len(right.text.splitlines())
            results.check(right.status == seen.status == 200 and right.text == seen.text,
                          f"{name} {way}: by name and as a whole are the same", right.text[:300], seen.text[:300])
            if way.get("by") != "client":
                right, seen = rosa.get(f"{path}&client={urllib.parse.quote(one)}"), narrow.get(path)
                # a client that was asked for is named in a column of its own
                texts = [page.text.replace(f"\n{one},", "\n,") for page in (right, seen)]
                results.check(right.status == seen.status and (right.status != 200 or texts[0] == texts[1]),
                              f"{name} {way}: of one client", right.text[:300], seen.text[:300])
    results.check(len(clients) > 2 and looked > 300, "there was something to compare", clients, looked)


def desks(results, recoup, folder, path, names, day, days):
    """Who may see one desk reads what its rows come to."""
    with sqlite3.connect(path) as db:
        db.execute("UPDATE casefile SET desk = CASE casefile_id % 3 WHEN 0 THEN 'north' ELSE 'south' END")
        db.execute("INSERT INTO figure_due (bucket, casefile_id) SELECT bucket, casefile_id FROM casefile")
    recoup.json("report", "collected", "--now", NOW)  # figures are brought up to that
    files = [f for f in figures.Book(path).files.values() if f.desk == "north"]
    f = figures.Figures(files, 840, figures.number(day - datetime.timedelta(days - 1)), figures.number(day))
    results.check(len(files) > 20 and f.value("collected").above > 0, "the desk has something", len(files))
    with console.Console(path, "rosa") as rosa:
        seen_by(recoup, folder, rosa.address, "north", "--desk", ["north"])
        key = api_client.token(path, "north", "insights", user="north")
        program = api_client.Program(rosa.address, key)
        for name in names:
            first = day - datetime.timedelta(days - 1)
            status, value = program.ask("GET", f"/api/v1/reports/{name}?from={first}&to={day}&currency=USD")
            results.check(status == 200, f"{name} of a desk", status, value)
            if status == 200:
                check_report(results, f"{name} of a desk", value["report"], name, f)
    proof = recoup.json("prove", "--measures", "--now", NOW)
    results.check(proof["findings"] == [], "with desks they are too", *proof["findings"][:5])


def check_pace(results, rosa, f):
    """The list of hardship says the median beside the limit, and leads to it who may see figures."""
    page, omar = rosa.get("/hardship"), console.Console(rosa.address, "omar").get("/hardship")
    sentence = f"In the last 30 days the median was {said(f.value('hardship'))}."
    results.check(page.says(sentence) and omar.says(sentence), "how long decisions on hardship took", sentence,
                  page.words()[:300])
    results.check(page.links("/insights/hardship") and not omar.links("/insights"), "who may see figures is led there")


def demo(results, folder):
    path = console.demo(folder, 200)
    something_happens(path)
    people_decide(results, path)
    counts = plans_are_asked_for(results, path)
    recoup = spine.Recoup(path)
    book = figures.Book(path)
    asked = collections.Counter(f.state for f in book.files.values() for _ in f.plans)
    results.check(all(asked[state] >= n for state, n in counts.items()), "plans were asked for", asked, counts)
    complaints = sum(len(f.complaints) for f in book.files.values())
    results.check(complaints >= 4, "the book has complaints", complaints)
    names = listed(recoup)
    key = api_client.token(path, "figures", "insights", "export", user="ada")
    with console.Console(path, "rosa") as rosa:
        program = api_client.Program(rosa.address, key)
        links = {re.match(r"/insights/([a-z-]+)", x).group(1) for x in rosa.get("/insights").links("/insights/")}
        results.check(links - {"csv"} <= set(names), "every figure of the page is a report", links - set(names))
        for at, (day, days) in enumerate(DAYS):
            f, told = whole(results, recoup, book, names, day, days, NOW)
            if at == 0:
                results.check(f.value("approval-gap").known, "two states can be compared")
                check_pace(results, rosa, f)
                for name in ("disputes-answered", "hardship", "promises-taken"):
                    results.check(len(told[name].get("by_agent", [])) >= 2, f"{name} by agent is there")
            if at == 2:
                results.check(not f.value("approval-gap").known, "too few are no figure")
            for name in names:
                if at < 2:
                    check_page(results, f"{name} {day}", rosa, name, day, days, f, told[name])
                first = day - datetime.timedelta(days - 1)
                status, value = program.ask("GET", f"/api/v1/reports/{name}?from={first}&to={day}&currency=USD")
                results.check(status == 200 and value["report"] == told[name], f"{name} {day}: the API says the same",
                              status, str(value)[:200])
            check_kpi(results, recoup, book, day, days)
            check_clients(results, recoup, book, day, days, NOW)
            if at == 1:
                limits_make_no_difference(results, recoup, folder, rosa, book, told, day, days)
    day, days = DAYS[1]
    whole(results, recoup, book, names, day, days, NOW, lambda f: f.client == "Fairhaven Supply",
          ("--client", "Fairhaven Supply"), trend=False)
    whole(results, recoup, book, names, day, days, NOW, lambda f: f.strategy == "b2b-invoices",
          ("--strategy", "b2b-invoices"), trend=False)
    whole(results, recoup, book, names, day, days, NOW, lambda f: f.segment == "", ("--segment", "-"), trend=False)
    proof = recoup.json("prove", "--measures", "--now", NOW)
    results.check(proof["findings"] == [], "the kept figures are what the rows come to", *proof["findings"])
    desks(results, recoup, folder, path, names, *DAYS[1])


def ibm(results, folder):
    """The invoices of two years, and the cycle of six weeks of the second."""
    config = folder / "recoup.yaml"
    config.write_text(f"channels: {{folder: {folder / 'sent'}}}\n")
    recoup = spine.Recoup(folder / "ibm.db", environment={"RECOUP_CONFIG": str(config)})
    recoup.must("init", "--name", "ibm", "--no-input")
    recoup.json("import", "invoices", two_years_test.SAMPLE, "--map", "ibm-ar", "-y", "--now",
                "2013-01-07T12:00:00Z")
    for day in two_years_test.days(datetime.date(2013, 1, 7), datetime.date(2013, 2, 15)):
        two_years_test.run(recoup, day)
        two_years_test.deliver(recoup, day)
    names, now = listed(recoup), "2013-02-15T22:00:00Z"
    book = figures.Book(folder / "ibm.db")
    sent = sum(len(f.contacts) for f in book.files.values())
    results.check(sent > 30, "something was sent", sent)
    for day, days in ((datetime.date(2013, 2, 15), 30), (datetime.date(2012, 12, 31), 365)):
        whole(results, recoup, book, names, day, days, now)
        check_kpi(results, recoup, book, day, days)


def main():
    results = spine.Results("figures")
    with spine.scratch("figures") as folder:
        demo(results, folder)
        if two_years_test.SAMPLE.exists():
            ibm(results, folder)
        else:
            print(f"There is no {two_years_test.SAMPLE}: only the demo book was looked at.")
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
