#!/usr/bin/env python3
"""The work queue over HTTP: who is on it and why, what is done with it, and who may."""
import contextlib
import datetime
import html
import json
import os
import re
import sqlite3
import sys
import threading

import api_client
import console
import spine

NOW = console.PAGES_NOW


def listed(page):
    """The rows of the list: (name, tag), in their order."""
    found = re.findall(r'class="nm" dir="auto">([^<]*)</span>.*?<span class="tag [a-z]*">([^<]*)<',
                       page.text, re.S)
    return [(html.unescape(name), tag) for name, tag in found]


def tokens(page):
    return re.findall(r'name="task" value="([0-9.-]+)"><span class="vh">', page.text)


def undo_path(page):
    found = re.search(r'action="(/queue/undo/[^"]*)"', page.text)
    return found.group(1) if found else None


def count_of(page, chip):
    found = re.search(r'<nav class="qtabs".*?</nav>', page.text, re.S).group(0)
    return int(re.search(chip + r' <span class="num">(\d+)', found).group(1))


class Case:
    def __init__(self, results, folder):
        self.results, self.book = results, console.demo(folder)
        self.recoup = spine.Recoup(self.book)

    def check(self, right, what, *more):
        self.results.check(right, what, *more)

    def queue(self, *words):
        return self.recoup.json("queue", "list", "--now", NOW, "--limit", "0", *words)["queue"]

    def sound(self, when):
        self.results.none(self.recoup.findings(), f"the book is sound {when}")


def lists(case, address):
    omar = console.Console(address, "omar")
    page = omar.get("/queue")
    rows, told = listed(page), case.queue()
    case.check(page.status == 200 and rows, "there is a queue", page.words()[:300])
    case.check([name for name, _ in rows] == [row["name"] for row in told][:50],
               "page and command line have the same order", rows, told[:5])
    groups = [row["group"] for row in told]
    case.check(groups == sorted(groups, reverse=True), "who waits for us stands above what we planned")
    case.check(page.says("Waiting on us") and page.says("Planned for today"), "both groups are there")
    for kind, title in (("reply", "Replied"), ("callback", "Callback")):
        page = omar.get(f"/queue?kind={kind}")
        case.check(listed(page) and all(tag == title for _, tag in listed(page)),
                   f"only those of kind {kind}", listed(page))
        case.check(len(listed(page)) == len(case.queue("--kind", kind)), f"all of kind {kind}")
    case.check({tag for _, tag in listed(omar.get("/queue?kind=disputes"))} <= {"Dispute", "Complaint"},
               "disputes")
    page = omar.get("/queue?who=mine")
    case.check(len(listed(page)) == len(case.queue("--mine", "omar@fairhaven.example")) ==
               count_of(page, "Mine"), "mine, and how many")
    clients = {row["client"] for row in told}
    one = sorted(clients)[0]
    page = omar.get("/queue?client=" + one.replace(" ", "+"))
    case.check(len(listed(page)) == sum(row["client"] == one for row in told), "one client alone")
    for order in ("best", "oldest", "amount", "closing"):
        page = omar.get(f"/queue?order={order}")
        case.check(sorted(listed(page)) == sorted(rows), f"in the order {order} it is the same people")
    amounts = [float(row["open"] or 0) for row in case.queue("--order", "amount")]
    exponent = [a for a, row in zip(amounts, case.queue("--order", "amount"))
                if row["currency"] == "USD"]
    case.check(exponent == sorted(exponent, reverse=True), "by amount, the largest first", exponent)
    for bad in ("kind=nonsense", "order=nonsense", "who=nonsense", "after=1.2", "who=3"):
        case.check(omar.get("/queue?" + bad).status == 400, f"{bad} is refused in words")
    case.check(omar.get("/queue?after=999.0.1.1").says("Nothing comes after these"), "the end of the list")
    case.check(omar.get("/queue?day=tomorrow").says("Work of tomorrow"), "the list of tomorrow")


def amounts(case, address):
    """A row says what the page of its account says, to the cent: page, API, CSV and command."""
    omar = console.Console(address, "omar")
    program = api_client.Program(address, api_client.token(case.book, "queue", "work", "accounts", user="lena"))
    told = {row["account"]: row["open"] for row in case.queue()}
    shown = dict(re.findall(r'open=([^&"]*)[^>]*>(?:(?!</a>).)*?<span class="am num">([^<]*)</span>',
                            omar.get("/queue").text, re.S))
    status, value = program.ask("GET", "/api/v1/queue?limit=50")
    case.check(status == 200, "the API has a queue", value)
    by_api = {row["account"]: row["amount"] for row in value["tasks"]}
    wrong, adding = [], 0
    for account, amount in told.items():
        page = omar.get(f"/accounts/{account}").text
        balance = re.search(r'class="bigsum num">([^<]*)<', page).group(1)
        adding += "in 30 days" in page
        bare = re.sub(r"[^\d.\-]", "", balance) or None
        if amount is not None and bare is not None and float(amount) != float(bare):
            wrong.append((account, "command", amount, balance))
        if account in shown and shown[account] not in ("", balance):
            wrong.append((account, "page", shown[account], balance))
        if account in by_api and by_api[account] != amount:
            wrong.append((account, "API", by_api[account], amount))
    case.check(not wrong, f"amounts of the queue are those of the accounts ({len(wrong)} of {len(told)})",
               *wrong)
    case.check(adding > 0 and len(shown) > 10 and by_api, "some of them add interest", adding, len(shown))


def rows_say_who_and_why(case, address):
    omar = console.Console(address, "omar")
    page = omar.get("/queue?kind=reply")
    case.check("Portal not there" in page.text and 'role="img" aria-label="Portal' in page.text,
               "five marks, in words")
    case.check(re.search(r"Reply (was owed|owed by)", page.words()), "by when we owe the reply")
    case.check(page.says("Priya Nair has this one") or page.says("You have this one"), "who has it")
    link = page.links("/queue?kind=reply&open=")[0]
    page = omar.get(link)
    case.check(page.says("Mark as done") and page.says("Tomorrow, 9:00 am"), "what can be done with it")
    case.check('aria-current="true"' in page.text, "the row that is open is lit")
    case.check(omar.get("/queue?open=NO-SUCH").says("There is no account"), "an account that is not there")


def shown_beside(page):
    """The reference of who stands beside the list, and the words there."""
    panel = page.text[page.text.index('id="queue-open"'):]
    found = re.search(r'</h1><span class="mono muted">([^<]*)<', panel)
    return found.group(1) if found else None, re.sub(r"<[^>]*>", " ", panel)


def beside(case, address):
    """Whoever is next stands beside the list before anybody is opened; merely to look claims nothing."""
    lena, priya = console.Console(address, "lena"), console.Console(address, "priya")
    told = case.queue()

    def lit(page):
        return re.findall(r'class="qi" href="[^"]*open=([^&"]*)[^"]*" aria-current="true"', page.text)

    def here(account):
        row = re.search(rf'open={account}&(?:(?!</a>).)*', priya.get("/queue").text, re.S).group(0)
        return "Lena" in row

    written = spine.rows(case.book, "SELECT COUNT(*) FROM journal")
    first, words = shown_beside(lena.get("/queue"))
    case.check(first == told[0]["account"] and "Can I contact" in words and "Open the case file" in words and
               ("Next best action" in words or "Known since" in words), "the first of the list", first, words[:400])
    other = next(row for row in told[1:] if row["account"] != first)
    page = lena.get(f"/queue?look={other['account']}&task={other['task'].rsplit('.', 1)[-1]}")
    case.check(shown_beside(page)[0] == other["account"] == lit(page)[0] and len(lit(page)) == 1,
               "whoever is looked at, and their row is lit", lit(page), other)
    case.check(not here(first) and not here(other["account"]), "to look is not to be there")
    case.check("hx-trigger=\"every" not in page.text and "hx-trigger=\"load\"" not in page.text,
               "nor asks for more by itself")
    case.check(spine.rows(case.book, "SELECT COUNT(*) FROM journal") == written, "and writes nothing")
    page = lena.get("/queue?look=NO-SUCH")
    case.check(shown_beside(page)[0] == first == lit(page)[0], "who is not on the list is not looked at")
    page = lena.get(f"/queue?open={other['account']}")
    case.check(shown_beside(page)[0] == other["account"] and here(other["account"]), "to open is to be there")
    lena.get(f"/accounts/{told[-1]['account']}")
    case.check(here(told[-1]["account"]), "so is to open the case file itself")
    empty = lena.get("/queue?kind=complaint&who=mine")
    case.check(not listed(empty) and empty.says("As soon as somebody is on the list"), "nobody: it says so")


def bell(page):
    """What the bell says: the number, and its lines by their links."""
    found = re.search(r'<details class="bell">.*?</details>', page.text, re.S).group(0)
    lines = re.findall(r'<a href="([^"]*)"><span>[^<]*</span><b class="num">([^<]*)<', found)
    said = re.search(r'<span class="vh">(\d+|Nothing)', found).group(1)
    return 0 if said == "Nothing" else int(said), {html.unescape(link): int(n) for link, n in lines}


def waits_on_one(case, address):
    """The bell counts what its lists hold, for whoever looks, and is heard without being seen."""
    priya = console.Console(address, "priya")
    count, lines = bell(priya.get("/accounts"))
    mine = [row for row in case.queue("--mine", "priya@fairhaven.example") if row["group"] == "waiting_on_us"]
    replies = sum(row["kind"] == "reply" for row in mine)
    case.check(count == sum(lines.values()) == len(mine) and lines.get("/queue?kind=reply&who=mine") == replies,
               "replies and work that are hers", count, lines, mine)
    for link, number in lines.items():
        case.check(len(listed(priya.get(link))) >= number, f"{link} has them", number)
    lena = console.Console(address, "lena")
    page = lena.get("/approvals")
    waiting = re.search(r"<p>(?:(\d+) waits?|Nothing waits) for you", page.text).group(1)
    case.check(bell(page)[1].get("/approvals", 0) == int(waiting or 0) > 0, "approvals that she may decide", waiting)
    vic = console.Console(address, "vic")
    case.check(bell(vic.get("/accounts")) == (0, {}) and vic.get("/accounts").says("Nothing waits on you"),
               "who only reads has nothing to decide")
    case.check(re.search(r'<span class="vh">\d+ things? waits? on you</span>', priya.get("/me").text) or
               "things wait on you" in priya.get("/me").text, "in words, for who does not see it")


def deeds(case, address):
    omar = console.Console(address, "omar")
    everybody = case.queue()
    free = [row for row in everybody if row["assigned"] is None]
    page = omar.get("/queue?kind=reply")
    row = next(row for row in free if row["kind"] == "reply")
    name = row["name"]
    opened = next(link for link in page.links("/queue?kind=reply&open=")
                  if f"open={row['account']}&" in link)

    def task_form(do, **fields):
        form = [f for f in omar.get(opened).forms()
                if "/queue/act" in f.action and any(n == "task" for n, _ in f.fields)][-1]
        return form.submit(do=do, **fields)

    before = len(case.queue())
    page = task_form("snooze:tomorrow")
    case.check(page.path == "/queue?kind=reply" and page.says("Put off until Tomorrow, 9:00 am"),
               "put off, back where one was", page.path, page.words()[:200])
    case.check(len(case.queue()) == before - 1, "it is off the list")
    page = omar.post(undo_path(page))
    case.check(page.says("Undone.") and len(case.queue()) == before, "and back again")
    page = task_form("take")
    case.check(page.says("You have this one now.") and
               any(row["name"] == name and row["assigned"] == "omar@fairhaven.example"
                   for row in case.queue()), "taken")
    page = omar.post(undo_path(page))
    case.check(any(row["name"] == name and row["assigned"] is None for row in case.queue()),
               "and given back")
    page = task_form("done", reason="Answered on the phone, of which there is no log.")
    case.check(page.says("Done.") and len(case.queue()) == before - 1, "done")
    page = omar.post(undo_path(page))
    case.check(page.says("Undone.") and len(case.queue()) == before, "and not done after all")
    journal = spine.rows(case.book, "SELECT record FROM journal WHERE kind = 'task' ORDER BY seq")
    mine = [json.loads(r) for (r,) in journal if "omar@" in r]
    case.check({"put_off", "assigned", "done", "reopened"} <= {r["change"] for r in mine},
               "the history keeps all of it", *mine)
    for fields, piece in (({"do": "snooze:date"}, "Say the day"),
                          ({"do": "snooze:date", "date": "2026-11-19"}, "later than today"),
                          ({"do": "fly"}, "nothing called"), ({"do": None}, "Say what")):
        do = fields.pop("do")
        page = task_form(do, **fields)
        case.check(page.status == 422 and page.says(piece) and listed(page),
                   f"{do} is refused in words, with the list", page.status, page.words()[:200])
    page = omar.post("/queue/act", {"do": "done"})
    case.check(page.status == 422 and page.says("Choose at least one"), "nobody chosen")
    page = omar.post("/queue/act", {"do": "done", "task": "1.2"})
    case.check(page.status == 422, "a token that is none")
    page = omar.post("/queue/act", {"do": "snooze:hour", "task": tokens(omar.get("/queue"))[0],
                                    "back": "https://elsewhere.example/"}, follow=False)
    case.check(page.status != 303 or page.header("Location") == "/queue", "back leads nowhere else")
    page = omar.get("/queue")
    if undo_path(page):
        omar.post(undo_path(page))


def many_at_once(case, address):
    lena = console.Console(address, "lena")
    page = lena.get("/queue")
    chosen = tokens(page)[:20]
    before = len(case.queue())
    page = lena.post("/queue/act", [("do", "snooze"), ("until", "3days"), ("back", "/queue")] +
                     [("task", token) for token in chosen])
    case.check(page.says("20 put off until") and len(case.queue()) == before - 20, "twenty at once",
               page.words()[:200])
    path = undo_path(page)
    page = lena.post(path)
    case.check(page.says("Undone.") and len(case.queue()) == before, "and all of them back")
    case.check(lena.post(path).status == 409, "twice is once")
    people = {name: number for number, name in
              re.findall(r'<option value="(\d+)">([^<]*)</option>', lena.get("/queue").text)}
    page = lena.post("/queue/act", [("do", "assign"), ("to", people["Priya Nair"])] +
                     [("task", token) for token in tokens(lena.get("/queue"))[:5]])
    case.check(page.says("5 were given to Priya Nair"), "five given away", page.words()[:200])
    lena.post(undo_path(page))
    too_many = [("task", f"{i}.1.0.0") for i in range(1, 60)]
    case.check(lena.post("/queue/act", [("do", "take")] + too_many).status == 422, "more than fifty")


def two_at_once(case, address):
    omar, priya = console.Console(address, "omar"), console.Console(address, "priya")
    free = next(row for row in case.queue() if row["assigned"] is None)
    seen = next(token for token in tokens(omar.get("/queue"))
                if token.startswith(free["task"] + "."))
    case.check(priya.post("/queue/act", {"do": "take", "task": seen}).says("You have this one now"),
               "the first gets it")
    page = omar.post("/queue/act", {"do": "take", "task": seen})
    case.check(page.status == 409 and page.says("Priya Nair has this one now. Nothing was changed.")
               and listed(page), "the second is told who has it, with the list", page.words()[:300])
    mine = next(token for token in tokens(omar.get("/queue")) if token.startswith(free["task"] + "."))
    page = omar.post("/queue/act", {"do": "done", "task": mine})
    case.check(page.status == 422 and page.says("Priya Nair has this one"),
               "a collector leaves alone what a colleague has", page.words()[:300])
    page = priya.post("/queue/act", {"do": "done", "task": mine})
    case.check(page.status == 200, "who has it may")
    page = omar.post("/queue/act", {"do": "snooze:hour", "task": mine})
    case.check(page.status == 409 and page.says("was marked as done by Priya Nair at 10:10 am"),
               "and says who was faster", page.words()[:300])
    bulk = [("do", "take"), ("task", mine)] + [("task", t) for t in tokens(omar.get("/queue"))[:3]]
    before = [row["assigned"] for row in case.queue()]
    case.check(omar.post("/queue/act", bulk).status == 409 and
               [row["assigned"] for row in case.queue()] == before, "all of them, or none")
    lock, answers = threading.Barrier(4), []

    def race(who):
        person = console.Console(address, who)
        token = next(t for t in tokens(person.get("/queue"))
                     if t.startswith(next(r for r in case.queue() if r["assigned"] is None)["task"] + "."))
        lock.wait()
        answers.append(person.post("/queue/act", {"do": "take", "task": token}).status)

    threads = [threading.Thread(target=race, args=(who,)) for who in ("omar", "priya", "lena", "rosa")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    case.check(sorted(answers) == [200, 409, 409, 409], "of four who reach for it one has it", answers)


def permissions(case, address):
    vic, omar = console.Console(address, "vic"), console.Console(address, "omar")
    case.check(vic.get("/queue").status == 403, "who does not work has no queue")
    case.check("href=\"/queue\"" not in vic.get("/accounts").text, "nor an entry of it")
    token = tokens(omar.get("/queue"))[-1]
    case.check(vic.post("/queue/act", {"do": "done", "task": token}).status == 403, "nor can do anything")
    case.check(omar.post("/queue/act", {"do": "assign", "to": "3", "task": token}).status == 422,
               "a collector gives nothing to others")
    case.check(omar.get("/team").status == 403, "nor sees the load of others")
    case.check(omar.post("/queue/act", {"do": "done", "task": token}, token=False).status == 403,
               "no form of ours, no change")


def limits(case, folder):
    """Somebody for one client alone: what is of others is as if it were not there."""
    told = case.queue()
    client = sorted({row["client"] for row in told})[0]
    with spine.sqlite3.connect(case.book) as db:
        db.execute("UPDATE staff SET clients = ? WHERE email LIKE 'omar@%'", (client,))
    with console.Console(case.book, "omar") as omar:
        own = [row["name"] for row in told if row["client"] == client]
        page = omar.get("/queue")
        case.check([name for name, _ in listed(page)] == own, "only those of the client", listed(page), own)
        case.check(count_of(page, "All") == len(own), "counts are of what one may see")
        waiting = sum(row["client"] == client and row["group"] == "waiting_on_us" for row in told)
        rail = re.search(r'Queue(<span class="n">(\d+)<)?', page.text)
        case.check(int(rail.group(2) or 0) == waiting, "so is the rail", rail.group(0), waiting)
        other = next(row for row in told if row["client"] != client)
        page = omar.post("/queue/act", {"do": "done", "task": other["task"] + ".0.0"})
        case.check(page.status == 404, "a task of another client is not there", page.status)
        case.check(omar.get(f"/queue?open={other['account']}").says("There is no account"),
                   "nor the account")
        case.check(omar.get(f"/accounts/{other['account']}/presence").status == 404, "nor who is there")
        page = omar.get(f"/queue?look={other['account']}")
        case.check(other["account"] not in page.text and shown_beside(page)[0], "nor is there anything to look at")
    with spine.sqlite3.connect(case.book) as db:
        db.execute("UPDATE staff SET clients = NULL WHERE email LIKE 'omar@%'")


def team_and_me(case, address):
    lena, omar = console.Console(address, "lena"), console.Console(address, "omar")
    page = lena.get("/team")
    case.check(page.says("Priya Nair", "Omar Diallo", "Nobody yet", "Close to late"), "the load of the team")
    people = {name: number for number, name in
              re.findall(r'<option value="(\d+)">([^<]*)</option>', page.text)}
    mine = len(case.queue("--mine", "priya@fairhaven.example"))
    form = page.form("/team/move")
    page = form.submit(from_=people["Priya Nair"], to=people["Omar Diallo"], kind="")
    case.check(page.says(f"{mine} moved to Omar Diallo.") and
               not case.queue("--mine", "priya@fairhaven.example"), "work is moved", page.words()[:200])
    lena.post(undo_path(page))
    case.check(len(case.queue("--mine", "priya@fairhaven.example")) == mine, "and moved back")
    page = form.submit(from_=people["Omar Diallo"], to=people["Omar Diallo"], kind="")
    case.check(page.status == 422 and page.says("They have it already"), "from somebody to themselves")
    holders = {(row["assigned"] or "").split("@")[0] for row in case.queue()}
    idle = next(people[name] for name in ("Rosa Okoye", "Lena Fischer", "Priya Nair")
                if name.split()[0].lower() not in holders)
    page = form.submit(from_=idle, to=people["Omar Diallo"], kind="reply")
    case.check(page.status == 422 and page.says("nothing of that to move"), "nothing to move")
    page = omar.get("/me")
    case.check(page.says("Promises kept", "Replies in time", "Calls with a talk", "Nobody else sees this"),
               "my day")
    figures = spine.rows(case.book, "SELECT COUNT(*) FROM contact WHERE author = "
                         "'omar@fairhaven.example' AND channel = 'call' AND at >= ?",
                         1792645200000000)[0][0]
    case.check(figures > 0 and page.says(f"of {figures:,} that you made"), "calls that were made", figures)
    rosa = console.Console(address, "ada")
    case.check(rosa.get("/me").says("Three things for the first day"), "tips for who begins")


def presence(case, address):
    omar, priya = console.Console(address, "omar"), console.Console(address, "priya")
    row = case.queue()[0]
    path = f"/accounts/{row['account']}/presence"
    case.check(omar.get(path).says("Nobody else has this account open"), "alone")
    case.check(priya.get(path).says("Omar is here"), "two")
    case.check(omar.get(path).says("Priya is here"), "and the other way round")
    lena = console.Console(address, "lena")
    case.check("Omar and Priya are here" in lena.get("/queue").text or
               "Priya and Omar are here" in lena.get("/queue").text, "on the row of the queue as well")
    case.check("are here" not in omar.get(f"/queue?kind={row['kind']}").text, "oneself is not counted")
    changed = spine.rows(case.book, "SELECT COUNT(*) FROM journal WHERE record LIKE '%presence%'")
    case.check(changed[0][0] == 0, "nothing of it is written down")


def answering_settles(case, address):
    """Work is closed by what settles it, over the same forms and commands that people use."""
    row = next(r for r in case.queue() if r["kind"] == "reply")
    case.recoup.must("contact", "log", row["account"], "--channel", "call", "--outcome", "conversation",
                     "--callback", "2026-11-20T19:00:00Z", "--now", NOW)
    kinds = [r["kind"] for r in case.queue() if r["account"] == row["account"]]
    case.check("reply" not in kinds and "callback" in kinds, "a call answers, and a wish to be called is kept",
               kinds)
    omar = console.Console(address, "omar")
    case.check(omar.get("/queue?kind=callback").says(row["name"]), "it is on the list")
    refused = case.recoup.call("contact", "log", row["account"], "--channel", "call", "--outcome",
                               "conversation", "--callback", "2026-11-19T19:00:00Z", "--now", NOW)
    case.check(refused.returncode == 2 and "--callback lies before" in refused.stderr,
               "a callback in the past", refused.stderr)


def pages_without_script(case, address):
    omar = console.Console(address, "omar")
    page = omar.get("/queue")
    case.check("onclick" not in page.text and "style=" not in page.text and "<script>" not in page.text,
               "nothing that the policy refuses")
    keys = omar.get("/keys")
    case.check(keys.says("Undo, for five minutes", "Nothing needs a key"), "keys have a page")
    for link in page.links("/queue"):
        case.check(omar.get(link).status == 200, f"{link} leads somewhere")


def nothing_waits(case):
    """Then the page says when the next calls may be made, how many people that is, and where they are."""
    def change(sql, *values):
        with contextlib.closing(sqlite3.connect(case.book)) as db, db:
            db.execute(sql, values)

    noon = int(datetime.datetime.fromisoformat("2026-11-20T18:00:00+00:00").timestamp()) * 1000000
    change("UPDATE task SET state = 'dropped' WHERE state = 'open' AND kind <> 'call'")
    change("UPDATE task SET since_at = ?, hidden_until = ? WHERE state = 'open'", noon, noon)
    calls = "(bucket, casefile_id) IN (SELECT bucket, casefile_id FROM task WHERE state = 'open')"
    change(f"UPDATE casefile SET places = 'US-CA' WHERE {calls}")
    people = spine.rows(case.book, f"SELECT COUNT(*) FROM casefile WHERE {calls}")[0][0]
    case.check(people > 2, "some wait for their window", people)
    with console.Console(case.book, "omar", now=NOW) as omar:
        page = omar.get("/queue")
        case.check(page.says(f"Nothing is waiting. The next window opens at 12:00 pm: {people} people in California."),
                   "when the next window opens, and where", page.words()[-600:])
        link = page.links("/queue?day=tomorrow")
        case.check(len(link) == 2 and len(listed(omar.get(link[1]))) == people, "the list of tomorrow has them", link)
        case.check(not omar.get("/queue?kind=reply").says("The next window"), "no window of what is no call")
        change(f"UPDATE casefile SET places = 'US-OR' WHERE reference = (SELECT MIN(reference) FROM casefile WHERE {calls})")
        case.check(omar.get("/queue").says(f"{people} people, {people - 1} in California, 1 in Oregon."), "in two places")
        change("UPDATE task SET state = 'dropped'")
        page = omar.get("/queue")
        case.check(page.says("Nothing is planned either") and len(page.links("/queue?day=tomorrow")) == 1,
                   "nothing at all: nor is tomorrow pointed to", page.words()[-300:])


def main():
    results = spine.Results("queue")
    with spine.scratch("queue") as folder:
        case = Case(results, folder)
        case.sound("to begin with")
        with console.serving(case.book, NOW) as address:
            for part in (lists, amounts, rows_say_who_and_why, beside, waits_on_one, deeds, many_at_once, two_at_once, permissions,
                         team_and_me, presence, answering_settles, pages_without_script):
                part(case, address)
        limits(case, folder)
        case.sound("afterwards")
        nothing_waits(case)
    return results.end()


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    sys.exit(main())
