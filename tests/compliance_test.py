#!/usr/bin/env python3
"""Samples, reviews and complaints over HTTP: a draw is what its seed says and as fair as chance,
a rule's draw holds only what the rule stopped, nobody reviews what they did themselves, a
complaint has its days, and the book is sound after all of it."""
import csv
import io
import json
import re
import sqlite3
import sys

import console
import spine

DRAWS, WANTED = 60, 20


def rows(book, sql, *values):
    db = sqlite3.connect(book, timeout=20)
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.close()


def change(book, sql, *values):
    db = sqlite3.connect(book, timeout=20)
    db.execute(sql, values)
    db.commit()
    db.close()


def drawn(page):
    return re.findall(r'title="(D-\d+\.\d+)"', page.text)


def draw(user, **fields):
    page = user.get("/compliance/samples").form("/compliance/samples").submit(
        **{"from_": "2026-01-01", "to": "2026-11-20"} | fields)
    if page.status == 200 and not re.search(r"/samples/\d+$", page.path):
        raise RuntimeError(f"no draw: {page.path} {page.words()[:300]}")
    return page


def draws(case, helen, book):
    first = draw(helen, of="contacts", wanted=WANTED, seed=42)
    again = draw(helen, of="contacts", wanted=WANTED, seed=42)
    other = draw(helen, of="contacts", wanted=WANTED, seed=43)
    case.check(len(drawn(first)) == WANTED and drawn(first) == drawn(again),
               "one seed draws the same records")
    case.check(drawn(first) != drawn(other), "another seed draws others")
    case.check(helen.get(first.path + "?again=yes").says("The same 20 records come out again"),
               "a draw can be made again")
    kinds = {rows(book, "SELECT kind FROM journal WHERE bucket = ? AND seq = ?",
                  *map(int, number[2:].split(".")))[0][0] for number in drawn(first)}
    case.check(kinds == {"contact"}, "contacts are contacts", kinds)
    nothing = draw(helen, of="decisions", wanted=5, channel="portal", from_="2026-02-01", to="2026-02-02")
    case.check(nothing.status == 422 and nothing.says("Nothing fits in that period"),
               "an empty draw is said, and nothing is kept", nothing.words()[:200])
    for wrong in ({"seed": "1e9"}, {"wanted": "0"}, {"wanted": "9999"}, {"of": "all"},
                  {"rule": "house/none"}, {"pack": "nowhere"}, {"from_": "2026-11-20", "to": "2026-01-01"}):
        page = draw(helen, **{"of": "decisions", "wanted": 5} | wrong)
        case.check(page.status == 422, f"{wrong} is refused", page.status)


def fair(case, helen, book):
    """Draws of 20 by 60 seeds: every contact of the book is as likely as any other."""
    candidates = {f"D-{bucket}.{seq}": 0 for bucket, seq in
                  rows(book, "SELECT bucket, seq FROM journal WHERE kind = 'contact' AND at >= 1767247200000000")}
    for seed in range(1, DRAWS + 1):
        for number in drawn(draw(helen, of="contacts", wanted=WANTED, seed=seed * 101)):
            candidates[number] += 1
    expected = DRAWS * WANTED / len(candidates)
    square = sum((count - expected) ** 2 / expected for count in candidates.values())
    free = len(candidates) - 1
    bound = free + 3.3 * (2 * free) ** 0.5  # about 99.9% of fair ones
    case.check(square < bound and sum(candidates.values()) == DRAWS * WANTED,
               f"the draw is fair: chi-square {square:.0f} with {free} degrees of freedom, below {bound:.0f}",
               square)


def by_rule(case, helen, book):
    stopped = {}
    for bucket, seq, rule in rows(book, "SELECT bucket, seq, rule FROM journal WHERE rule IS NOT NULL"
                                        " AND outcome <> '' AND casefile_id <> 0"):
        stopped.setdefault(rule, set()).add(f"D-{bucket}.{seq}")
    case.check(stopped, "some rule stopped something in the demo book")
    for rule, numbers in sorted(stopped.items()):
        page = draw(helen, of="decisions", wanted=200, rule=rule, rule_was="decisive", from_="2025-01-01")
        case.check(set(drawn(page)) == numbers, f"what {rule} stopped", (drawn(page), numbers))
        wide = draw(helen, of="decisions", wanted=200, rule=rule, rule_was="asked", from_="2025-01-01")
        told = set()
        for bucket, seq, text in rows(book, "SELECT bucket, seq, record FROM journal WHERE outcome <> ''"):
            record = json.loads(text)
            said = (record.get("verdict") or {}).get("findings", []) + record.get("tried", [])
            if any(f.get("rule") == rule and f.get("ruling") != "allow" for f in said):
                told.add(f"D-{bucket}.{seq}")
        case.check(set(drawn(wide)) == told, f"where {rule} said no", (len(drawn(wide)), len(told)))
    pack = "house"
    page = draw(helen, of="decisions", wanted=200, pack=pack, from_="2025-01-01")
    case.check(set(drawn(page)) <= set().union(*stopped.values()) and drawn(page),
               "a pack draws what its rules stopped", drawn(page))


def risks(case, helen, book):
    page = draw(helen, of="risks", wanted=200, from_="2025-01-01")
    kinds = {rows(book, "SELECT kind FROM journal WHERE bucket = ? AND seq = ?",
                  *map(int, number[2:].split(".")))[0][0] for number in drawn(page)}
    case.check("dispute" in kinds and kinds <= {"contact", "dispute", "fact", "complaint"},
               "risks are disputes, facts, and contacts", kinds)


def answers(letter="y", but=()):
    return {f"q{i}": but[i] if i in but else letter for i in range(1, 9)}


def reviews(case, address, helen, book):
    page = draw(helen, of="contacts", wanted=12, seed=7, agent="priya@fairhaven.example")
    sample, numbers = page.path, drawn(page)
    one = helen.get(sample + "/1")
    case.check(one.says("What we ask of every contact", numbers[0]) and len(one.form(sample).choices["q1"]) == 3,
               "a record stands beside its questions", one.words()[:300])
    short = one.form(sample).submit(q1="n", note="Half done")
    case.check(short.status == 422 and short.says("Answer question 2") and "Half done" in short.text
               and 'name="q1" value="n" checked' in short.text, "what was answered is not lost")
    page = one.form(sample).submit(note="Friendly.", **answers(but={4: "n", 7: "-"}))
    case.check(page.path == sample + "/2" and page.says("Saved."), "saved, and the next", page.path)
    stored = rows(book, "SELECT answers, note, state FROM review WHERE sample_no = ? AND item_no = 1",
                  int(sample.split("/")[-1]))
    case.check(stored == [("yyyny" "y-y", "Friendly.", "done")], "as it was answered", stored)
    case.check(helen.get(sample).says("1 wrong", "Helen"), "who reviewed it, and how it went")
    change(book, "UPDATE staff SET role = 'compliance' WHERE email LIKE 'omar@%'")
    omar = console.Console(address, "omar")
    page = omar.get(sample + "/1")
    case.check(page.says("Helen", "Their answers stand") and "data-review" not in page.text,
               "another reviewer reads it")
    page = omar.post(sample + "/1", answers())
    case.check(page.status == 409, "and changes nothing", page.status)
    own = draw(omar, of="contacts", wanted=3, agent="omar@fairhaven.example")
    case.check(own.says("Your own: somebody else"), "what he did himself is marked")
    page = omar.get(own.path + "/1")
    case.check(page.says("You did this yourself") and "data-review" not in page.text, "nobody reviews their own")
    page = omar.post(own.path + "/1", answers())
    case.check(page.status == 422 and page.says("somebody else reviews it"), "nor by a form of one's own",
               page.status)
    page = helen.get(own.path + "/1").form(own.path).submit(**answers())
    case.check(page.says("Saved."), "somebody else does")
    change(book, "UPDATE staff SET role = 'collector' WHERE email LIKE 'omar@%'")
    for who in ("omar", "rosa", "ada", "vic"):
        user = console.Console(address, who)
        statuses = {user.get(path).status for path in
                    ("/compliance/samples", sample, sample + "/1", "/compliance/results",
                     "/compliance/results.csv")}
        case.check(statuses == {403} and user.post(sample + "/2", answers()).status == 403,
                   f"{who} sees no samples", statuses)
    for path in (sample + "/99", sample + "/x", "/compliance/samples/9999", "/compliance/samples/x"):
        case.check(helen.get(path).status == 404, f"{path} is not found")


def results(case, helen, book):
    page = helen.get("/compliance/results")
    case.check(page.says("2 reviewed, 1 with nothing wrong", "too few to compare"), "results", page.words()[:600])
    page = draw(helen, of="decisions", wanted=40, seed=3, from_="2025-01-01")
    for item in range(1, 41):
        helen.post(f"{page.path}/{item}", answers(but={2: "n"} if item % 4 == 0 else {}))
    page = helen.get("/compliance/results?days=30")
    case.check(page.says("42 reviewed, 31 with nothing wrong"), "all were counted", page.words()[:500])
    table = list(csv.DictReader(io.StringIO(helen.get("/compliance/results.csv").text)))
    by = {(row["by"], row["key"]): row for row in table}
    time = by[("question", "time")]
    case.check((time["counted"], time["no"], time["share"]) == ("42", "10", "76"), "by question", time)
    omar = by[("agent", "omar@fairhaven.example")]
    case.check(omar["share"] == "", "too few to compare are not compared", omar)


def changed_since(case, helen, book, folder):
    """What was put into force since somebody last reviewed something."""
    for path in ("/compliance", "/compliance/results"):
        case.check(helen.get(path).says("Changed since the last review", "last review",
                                        "No strategy, letter or email was put into force since then"),
                   f"{path}: nothing changed", helen.get(path).words()[:400])
    text = (spine.ROOT / "strategies/b2b-invoices.yaml").read_text()
    draft = folder / "draft.yaml"
    draft.write_text(re.sub(r"(?m)^title:.*$", "title: Bills", text, count=1))
    ran = spine.Recoup(book).call("strategy", "publish", draft, "--override-reason", "first day", "--now",
                                  "2026-11-20T17:30:00Z")
    case.check(ran.returncode == 0, "a strategy is published", ran.stderr)
    for path in ("/compliance", "/compliance/results"):
        page = helen.get(path)
        table = page.text[page.text.find('id="since"'):]
        case.check(page.says("Changed since the last review", "b2b-invoices", "the command line")
                   and table.count('<td class="num">2</td>') == 1 and '<td class="num">1</td>' not in table,
                   f"{path}: what changed", page.words()[:600])
        link = next(x for x in page.links("/strategies/b2b-invoices/versions/2"))
        case.check(helen.get(link).status == 200, "and where to look", link)


def complaints(case, address, helen, book):
    omar = console.Console(address, "omar")
    account = rows(book, "SELECT reference, bucket, casefile_id FROM casefile AS c WHERE EXISTS (SELECT 1"
                         " FROM journal AS j WHERE j.bucket = c.bucket AND j.casefile_id = c.casefile_id"
                         " AND j.outcome = 'allowed') ORDER BY reference LIMIT 1")[0]
    empty = omar.get("/complaints").form("/complaints").submit(account=account[0], words=" ")
    case.check(empty.status == 422 and account[0] in empty.text, "a complaint has words", empty.status)
    lost = omar.get("/complaints").form("/complaints").submit(account="NOBODY-1", words="You called at night")
    case.check(lost.status == 422 and "You called at night" in lost.text, "an account that is not there",
               lost.status)
    page = omar.get("/complaints").form("/complaints").submit(account=account[0], words="You called at night")
    place = page.path
    case.check(re.search(r"/complaint/\d+$", place) and page.says(
        "Open for 0 days", "5 days left", "15 days left", "on the telephone"), "two fields are enough",
               page.words()[:800])
    case.check("Allowed" in page.text and "/d/" in page.text, "what we decided before stands beside it")
    case.check(not page.says("Nothing asks for money until it is answered."), "it stops nothing by itself")
    tasks = "SELECT COUNT(*) FROM task WHERE kind = 'complaint' AND state = 'open' AND bucket = ? AND casefile_id = ?"
    holds = "SELECT COUNT(*) FROM fact WHERE type = 'hold' AND scope = 'complaint' AND until_at > 2e18 AND bucket = ? AND casefile_id = ?"
    case.check(rows(book, tasks, *account[1:]) == [(1,)] and rows(book, holds, *account[1:]) == [(0,)],
               "it is one piece of work, and no hold")
    case.check(omar.get("/accounts/" + account[0]).says("Complaint", "answer by Dec 5, 2026"),
               "the account says so")
    case.check(omar.post(place + "/answer", {}).status == 403, "a collector answers none")
    page = helen.get(place)
    case.check(page.form("/acknowledge").submit().says("Noted: they know"), "acknowledged")
    page = helen.get(place).form("/answer").submit(text="We are sorry", cause="A wrong zone")
    case.check(page.status == 422 and page.says("Choose whether they are right") and "We are sorry" in page.text,
               "an answer needs what was found, and is not lost", page.status)
    page = helen.get(place).form("/answer").submit(text="We are sorry", cause="A wrong zone", changed="We ask",
                                                   result="upheld")
    case.check(page.says("Answered", "They are right", "A wrong zone"), "answered", page.words()[:500])
    case.check(rows(book, tasks, *account[1:]) == [(0,)], "the work is done")
    case.check(helen.get("/complaints?state=answered").says("A wrong zone", "You called at night"),
               "it is in the list of those answered")
    case.check(helen.get(place).form("/reopen").submit().says("Open again"), "opened again")
    case.check(rows(book, tasks, *account[1:]) == [(1,)], "and is work again")
    case.check(helen.get(place).form("/close").submit().says("Closed without an answer"), "closed")
    form = omar.get(f"/accounts/{account[0]}/complaint").form("/complaint")
    page = form.submit(words="Stop it", hold="yes", received="2026-10-01")
    case.check(page.says("Nothing asks for money until it is answered.", "days late"),
               "a hold when they ask; late when it came long ago", page.words()[:600])
    case.check(rows(book, holds, *account[1:]) == [(1,)] and rows(book, tasks, *account[1:]) == [(1,)],
               "a hold, and still one piece of work")
    page = form.submit(words="Stop it", hold="yes", received="2026-10-01")
    case.check(rows(book, "SELECT COUNT(*) FROM complaint WHERE words = 'Stop it'") == [(1,)],
               "a double click is one complaint")
    program = spine.Recoup(book)
    listed = program.json("complaint", "list", "--now", console.PAGES_NOW)["complaints"]
    case.check(len(listed) == 1 and listed[0]["words"] == "Stop it", "the command lists it", listed)
    ran = program.call("complaint", "answer", account[0], "--result", "not-upheld", "--text", "We may",
                       "--now", console.PAGES_NOW)
    case.check(ran.returncode == 0 and rows(book, holds, *account[1:]) == [(0,)], "the answer ends the hold", ran.stderr)
    vic = console.Console(address, "vic")
    case.check(vic.get(place).status == 200 and vic.post(place + "/answer", {}).status == 403,
               "who only reads takes down and reads, and answers none")


def limited(case, address, helen, book):
    """Somebody with one client sees neither the records nor the complaints of another."""
    page = draw(helen, of="contacts", wanted=30, seed=11, from_="2025-01-01")
    clients = [c for (c,) in rows(book, "SELECT creditor FROM casefile GROUP BY creditor ORDER BY COUNT(*) DESC")]
    change(book, "UPDATE staff SET role = 'compliance', clients = ? WHERE email LIKE 'vic@%'", clients[-1])
    vic = console.Console(address, "vic")
    seen = drawn(vic.get(page.path))
    owners = {rows(book, "SELECT c.creditor FROM journal AS j JOIN casefile AS c USING (bucket, casefile_id)"
                         " WHERE j.bucket = ? AND j.seq = ?", *map(int, n[2:].split(".")))[0][0] for n in seen}
    case.check(len(seen) < 30 and owners <= {clients[-1]}, "a draw shows what they may see", owners)
    hidden = next(i for i, n in enumerate(drawn(page), 1) if n not in seen)
    case.check(vic.get(f"{page.path}/{hidden}").status == 404 and
               vic.post(f"{page.path}/{hidden}", answers()).status == 404, "the others are not there")
    change(book, "UPDATE staff SET role = 'read_only', clients = NULL WHERE email LIKE 'vic@%'")


def main():
    case = spine.Results("compliance")
    with spine.scratch("compliance") as folder:
        book = console.demo(folder, accounts=400)
        with console.serving(book) as address:
            helen = console.Console(address, "helen")
            for path in ("/compliance", "/compliance/reviews", "/compliance/samples", "/compliance/results",
                         "/complaints"):
                page = helen.get(path)
                case.check(page.status == 200 and page.says("Samples"), f"{path} is there", page.status)
            draws(case, helen, book)
            fair(case, helen, book)
            by_rule(case, helen, book)
            risks(case, helen, book)
            reviews(case, address, helen, book)
            results(case, helen, book)
            changed_since(case, helen, book, folder)
            complaints(case, address, helen, book)
            limited(case, address, helen, book)
        proof = spine.Recoup(book).json("prove")
        case.check(proof["findings"] == [] and proof["checked"]["complaints"] == 2
                   and proof["checked"]["reviews"] > 100, "the book is sound", proof["findings"][:3])
    return case.end()


if __name__ == "__main__":
    sys.exit(main())
