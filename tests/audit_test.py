#!/usr/bin/env python3
"""The decision log: what it shows is what the journal holds, counted by hand; who may see it; and
what it says when a record was changed."""
import datetime
import json
import random
import re
import sqlite3
import sys
import urllib.parse
import zoneinfo

import console
import spine

DAY = "2026-11-20"
ZONE = zoneinfo.ZoneInfo("America/Chicago")


def called(book, *words):
    return spine.Recoup(book).call(*words)


def outcome_of(kind, at, record):
    """What was decided, read from the record alone."""
    verdict = record.get("verdict")
    if kind == "refusal":
        return "moved" if record["standing"] == "later" else "blocked"
    if verdict is None:
        return "held" if record.get("state") == "waiting_approval" else ""
    if verdict["ruling"] != "allow":
        message_ends = kind == "message" and record["state"] == "expired"
        return "blocked" if verdict["ruling"] == "deny" or message_ends else "moved"
    if kind == "message":
        return ""
    later = record.get("send_at", "") > at
    return "moved" if later else "allowed"


def by_hand(book):
    """Every record, the newest first, as the log must know it."""
    db = sqlite3.connect(book)
    rows = db.execute(
        "SELECT j.bucket, j.seq, j.at, strftime('%Y-%m-%dT%H:%M:%SZ', j.at / 1000000, 'unixepoch'),"
        " j.kind, j.record, c.reference, c.creditor"
        " FROM journal AS j LEFT JOIN casefile AS c USING (bucket, casefile_id)"
        " ORDER BY j.at DESC, j.bucket DESC, j.seq DESC").fetchall()
    db.close()
    found = []
    for bucket, seq, at, moment, kind, text, reference, creditor in rows:
        day = datetime.datetime.fromtimestamp(at // 1000000, ZONE).date().isoformat()
        record = json.loads(text)
        tried = record.get("tried") or [{}]
        channel = tried[-1].get("channel") if kind == "refusal" else record.get("channel")
        found.append({"number": f"D-{bucket}.{seq}", "day": day, "kind": kind,
                      "decision": outcome_of(kind, moment, record), "channel": channel,
                      "who": record.get("by"), "account": reference, "client": creditor,
                      "rule": tried[-1].get("rule")})
    return found


def numbers(page):
    return re.findall(r'title="(D-\d+\.\d+)">', page.text)


def all_pages(user, query):
    """The numbers of every page, one after the other, and how many pages there were."""
    link, found, pages = "/compliance/log?" + urllib.parse.urlencode(query), [], 0
    while link:
        page = user.get(link)
        if page.status != 200:
            raise RuntimeError(f"{link}: {page.status} {page.words()[:300]}")
        found += numbers(page)
        pages += 1
        older = [a for a in page.links("/compliance/log?") if "before=" in a and "&n=" in a
                 and "see=" not in a]
        link = older[0] if older else None
    return found, pages


def expected(rows, query):
    show = query.get("show", "decisions")
    return [row["number"] for row in rows
            if query["day"] <= row["day"] <= query.get("to", query["day"])
            and (show != "decisions" or row["decision"])
            and (show != "people" or row["who"])
            and all(row[name] == query[name] for name in
                    ("decision", "channel", "who", "account", "client", "rule", "kind")
                    if name in query)]


def filters(results, user, book):
    rows = by_hand(book)
    draw = random.Random(7)
    days = sorted({row["day"] for row in rows})
    choices = {
        "show": ["people", "records"], "decision": ["allowed", "moved", "blocked", "held"],
        "channel": ["email", "letter", "call", "sms"], "kind": ["decision", "message", "payment"],
        "account": [row["account"] for row in rows if row["decision"]][:40],
        "client": sorted({row["client"] for row in rows if row["client"]}),
        "rule": sorted({row["rule"] for row in rows if row["rule"]}),
        "who": sorted({row["who"] for row in rows if row["who"]}),
    }
    queries = [{"day": DAY}, {"day": days[0], "to": days[-1], "show": "records"},
               {"day": days[0], "to": days[-1]}]
    for _ in range(60):
        query = {"day": DAY} if draw.random() < .3 else {"day": draw.choice(days[-60:]), "to": DAY}
        for name in draw.sample(sorted(choices), draw.randint(1, 3)):
            if choices[name]:
                query[name] = draw.choice(choices[name])
        queries.append(query)
    wrong, paged, some = [], 0, 0
    for query in queries:
        found, pages = all_pages(user, query)
        paged += pages > 1
        some += bool(found)
        if found != expected(rows, query):
            wrong.append((query, len(found), len(expected(rows, query))))
    results.check(not wrong, f"{len(queries)} filters show what the journal holds", wrong[:3])
    results.check(paged >= 3 and some >= 15, "many of them are not empty, some have pages",
                  (paged, some))


def details(results, user, book):
    rows = by_hand(book)
    for outcome, question in (("allowed", "allowed?"), ("moved", "moved?"), ("blocked", "not sent?")):
        number = next(row["number"] for row in rows if row["decision"] == outcome)
        page = user.get("/d/" + number)
        results.check(page.status == 200 and page.says("Why was this", question, "Fits the chain"),
                      f"a record that was {outcome} says why", page.words()[:300])
    judged = next(row for row in rows if row["decision"] == "allowed")
    page = user.get("/d/" + judged["number"])
    results.check(page.says("The same inputs give the same answer, byte for byte",
                            "They are the same rules"), "it is asked again")
    answer = json.loads(user.get("/d/" + judged["number"][2:] + "/json").text)
    results.check(answer["account"] == judged["account"] and "verdict" in answer["record"]
                  and "facts" in answer["question"], "the record for programs")
    for address in ("/d/x", "/d/5", "/d/1.99999999", "/d/99999.1"):
        results.check(user.get(address).status == 404, f"{address} is not found")
    for address in ("?day=yesterday", "?decision=perhaps", "?before=1.2", "?day=2026-11-20&to=2026-11-01"):
        results.check(user.get("/compliance/log" + address).status == 400, f"{address} is refused")


def limits(results, address, book):
    rows = by_hand(book)
    clients = sorted({row["client"] for row in rows if row["client"]})
    db = sqlite3.connect(book)
    db.execute("UPDATE staff SET role = 'compliance', clients = ? WHERE email LIKE 'vic@%'",
               (clients[0],))
    db.commit()
    db.close()
    vic = console.Console(address, "vic")
    whole = {"day": "2024-01-01", "to": DAY, "show": "records"}
    found, _ = all_pages(vic, whole)
    results.check(found == expected(rows, whole | {"client": clients[0]}),
                  "who is limited to a client sees its records, and not those of the house",
                  (len(found), clients))
    other = next(row for row in rows if row["client"] not in (None, clients[0]))
    results.check(vic.get("/d/" + other["number"]).status == 404, "another's record is not there")
    results.check(vic.get("/compliance/log?account=" + other["account"]).status == 404,
                  "nor is another's account")
    for who in ("priya", "omar", "lena", "rosa", "ada"):
        page = console.Console(address, who).get("/compliance/log")
        results.check(page.status == 403, f"{who} may not read the log", page.status)


def chain(results, user, book):
    page = user.get("/compliance/log").form("/compliance/verify").submit()
    results.check(page.says("Checked: every head", "All fit"), "the chain is checked by a button",
                  page.words()[:300])
    ran = called(book, "audit", "verify", "--json")
    results.check(ran.returncode == 0 and json.loads(ran.stdout)["problems"] == 0,
                  "and whole by a command", ran.stderr)
    anchor = called(book, "audit", "anchor").stdout
    page = user.get("/compliance/log?show=people&day=2026-11-20")
    results.check(page.says("Audit") and numbers(page), "who checked is in the log itself")

    db = sqlite3.connect(book)
    bucket, seq, record = db.execute(
        "SELECT bucket, seq, record FROM journal WHERE kind = 'payment' ORDER BY at LIMIT 1"
    ).fetchone()
    amount = json.loads(record)["amount"]
    db.execute("UPDATE journal SET record = ? WHERE bucket = ? AND seq = ?",
               (record.replace(amount, "1" + amount), bucket, seq))
    db.commit()
    ran = called(book, "audit", "verify", "--json")
    found = json.loads(ran.stdout)
    results.check(ran.returncode == 8 and found["problems"] == 1
                  and (found["findings"][0]["bucket"], found["findings"][0]["seq"]) == (bucket, seq),
                  "a changed record is found, and named", found)
    page = user.get("/compliance/log")
    results.check(page.says("The chain is broken at record", f"D-{bucket}.{seq}",
                            "Do not repair by hand"), "and told at the head of the log")
    results.check(user.get(f"/d/{bucket}.{seq}").says("Does not fit"), "and on its own page")

    # A whole new chain, as only somebody with the database could write it: the anchor tells.
    db.execute("UPDATE journal SET record = ? WHERE bucket = ? AND seq = ?", (record, bucket, seq))
    db.commit()
    ran = called(book, "audit", "verify", "--json")
    results.check(ran.returncode == 0, "put back byte for byte it is whole again")
    with open(book + ".anchor", "w", encoding="utf-8") as file:
        file.write(anchor)
    ran = called(book, "audit", "verify", "--anchors", book + ".anchor")
    results.check(ran.returncode == 0, "it holds the heads that were anchored", ran.stdout)
    with open(book + ".anchor", "w", encoding="utf-8") as file:
        file.write(re.sub(r'"hash":"(.)', lambda m: '"hash":"' + ("0" if m[1] != "0" else "1"),
                          anchor, count=1))
    ran = called(book, "audit", "verify", "--anchors", book + ".anchor")
    results.check(ran.returncode == 8 and "was anchored" in ran.stdout,
                  "heads that it does not hold are found", ran.stdout)
    db.execute("UPDATE bucket_head SET seq = seq + 1 WHERE bucket = ?", (bucket,))
    db.commit()
    db.close()
    page = user.get("/compliance/log").form("/compliance/verify").submit()
    results.check(page.says("found. Do not repair by hand"), "a head that is none is found by the button",
                  page.words()[:200])


def commands(results, book):
    rows = by_hand(book)
    for query in ({"decision": "blocked"}, {"decision": "moved"}, {"kind": "offer"}):
        words = [f"--{name}={value}" for name, value in query.items()]
        ran = called(book, "audit", "log", "--limit", "500", "--json", *words)
        found = [row["record"] for row in json.loads(ran.stdout)["records"]]
        want = [row["number"] for row in rows
                if all(row[name] == value for name, value in query.items())][:500]
        results.check(found == want, f"audit log {words}", (len(found), len(want)))
    first = called(book, "audit", "log", "--limit", "10", "--json")
    place = re.search(r"--before (\S+)", first.stderr)
    results.check(place is not None, "a place to go on from is said", first.stderr)
    second = called(book, "audit", "log", "--limit", "10", "--json", "--before", place[1])
    both = [r["record"] for r in json.loads(first.stdout)["records"]
            + json.loads(second.stdout)["records"]]
    results.check(both == [row["number"] for row in rows if row["decision"]][:20],
                  "and the next ones follow there")


def main():
    results = spine.Results("audit")
    with spine.scratch("audit") as folder:
        book = console.demo(folder, accounts=300)
        with console.serving(book) as address:
            helen = console.Console(address, "helen")
            helen.get("/compliance/log").form("/compliance/verify").submit()
            filters(results, helen, book)
            details(results, helen, book)
            commands(results, book)
            limits(results, address, book)
            chain(results, helen, book)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
