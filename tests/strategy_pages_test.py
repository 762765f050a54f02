#!/usr/bin/env python3
"""Strategies in the console: every figure is that of the book, a draft keeps what was typed, what it
would change is what another run of the cycle does, and nobody publishes alone."""
import datetime
import json
import os
import re
import sys

import console
import spine

NAME = "b2b-invoices"
MONDAY = "2026-11-23T16:10:00Z"
DAYS = 14


def later(text, days):
    at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (at + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def micros(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()) * 1000000


def draft_of(text):
    """Past due comes earlier, by letter first; one step is gone."""
    changed = (text.replace("{id: past_due, after_due: 7, channels: [email, letter]",
                            "{id: past_due, after_due: 5, channels: [letter, email]")
               .replace("{id: due_today, after_due: 0, channels: [email], template: due-today}",
                        "{id: due_today, after_due: 1, channels: [letter], template: due-today}"))
    cases = changed.index("\ncases:")
    return changed[:cases] + """
cases:
  - name: five days late
    given: {business: true, open_minor: 120000, days_past_due: 5}
    expect: {segment: normal, step: past_due, channel: letter}
"""


# ---- The list and the page of one -----------------------------------------------------------

def rows_of(page):
    """The cells of the rows of the first table."""
    body = page.text.split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    clean = lambda cell: re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", cell)).strip()
    return [[clean(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
            for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)]


def number(text):
    return int(text.replace(",", ""))


def figures(results, book, rosa):
    page = rosa.get("/strategies")
    midnight = micros("2026-11-24T06:00:00Z")  # Chicago
    counted = {name: (follow, due) for name, follow, due in spine.rows(
        book, "SELECT strategy, COUNT(*), SUM(wake_at <= ?) FROM casefile GROUP BY strategy", midnight)}
    listed = rows_of(page)
    results.check(len(listed) == 3, "three strategies are listed", page.words()[:300])
    for cells in listed:
        name = cells[0].split()[-1]
        results.check((number(cells[-2]), number(cells[-1])) == counted.get(name, (0, 0)),
                      f"{name}: accounts and those due today are the book's", cells, counted)
    results.check(sum(follow for follow, _ in counted.values()) == 400, "every account is in one")
    page = rosa.get(f"/strategies/{NAME}")
    results.check(page.says(f"{counted[NAME][0]} accounts follow it"), "its page says so, too")
    segments = dict(spine.rows(book, "SELECT segment, COUNT(*) FROM casefile WHERE strategy = ?"
                               " GROUP BY segment", NAME))
    for cells in rows_of(page):
        results.check(number(cells[-1]) == segments.get(cells[0], 0), f"segment {cells[0]}", cells)
    results.check(page.says("a good phone number is known", "total_open_minor < 25000",
                            "all that is open under 250.00"), "conditions are told in words")


def reach(results, book, name):
    """Who reached a step today, on the day of the demo's own run."""
    taken = spine.rows(book, """SELECT s.ladder, s.step, COUNT(DISTINCT s.casefile_id || '.' || s.bucket)
        FROM step AS s JOIN casefile AS c ON c.bucket = s.bucket AND c.casefile_id = s.casefile_id
        JOIN journal AS j ON j.bucket = s.bucket AND j.casefile_id = s.casefile_id
                         AND j.seq = s.decision_seq
        WHERE c.strategy = ? AND j.at >= ? GROUP BY 1, 2""", name, micros("2026-11-20T06:00:00Z"))
    with console.Console(book, "rosa") as rosa:
        page = rosa.get(f"/strategies/{name}")
        shown = sum(number(n) for n in re.findall(r'<summary><b class="num">([\d,]+)</b>', page.text))
        links = re.findall(r'<details class="who">.*?</details>', page.text, re.S)
        results.check(taken and shown == sum(count for _, _, count in taken),
                      f"{name}: who reached each step today", f"{shown} shown", taken)
        results.check(all(1 <= len(re.findall(r'href="/accounts/', one)) <= 10 for one in links),
                      "with up to ten of them")
        first = re.search(r'href="(/accounts/[^"]+)"', links[0]).group(1)
        results.check(rosa.get(first).status == 200, "whose pages open")


# ---- Drafts ---------------------------------------------------------------------------------

def drafts(results, rosa, lena_address):
    page = rosa.get(f"/strategies/{NAME}/compare")
    results.check(page.says("No changes yet."), "without a draft there is nothing to compare")
    page = rosa.get(f"/strategies/{NAME}/draft")
    live = dict(page.form("/draft").fields)["text"]
    results.check("strategy: b2b-invoices" in live, "a draft begins with what is live")

    broken = live.replace("after_due: 7, channels", "after_du: 7, channels", 1)
    line = broken[:broken.index("after_du: 7")].count("\n") + 1
    page = page.form("/draft").submit(text=broken)
    kept = dict(page.form("/draft").fields)["text"]
    results.check(kept.strip() == broken.strip(), "a text with a mistake is kept as it is")
    results.check(page.says(f"Line {line}.", "did you mean “after_due”")
                  or page.says(f"Line {line}.", 'did you mean "after_due"'), "and the line is named",
                  page.words()[-600:])
    results.check(re.search(r"\n *\^</pre>", page.text) is not None, "with a mark under the place")
    page = rosa.get(f"/strategies/{NAME}/compare")
    results.check(page.status == 200 and page.says("cannot be read"), "what cannot be read is not compared")

    wanted = draft_of(live)
    page = rosa.get(f"/strategies/{NAME}/draft")
    stale = page.form("/draft")
    page = page.form("/draft").submit(text=wanted.replace("\n", "\r\n"))
    kept = dict(page.form("/draft").fields)["text"]
    results.check(kept.strip() == wanted.strip(), "line ends of forms are those of files")
    results.check(page.says("1 of 1 cases come true"), "its cases are run", page.words()[-900:])
    page = stale.submit(text=live + "# mine\n")
    results.check(page.status == 409 and "# mine" in page.text and page.says("What was saved meanwhile"),
                  "who was overtaken loses nothing", page.status, page.words()[:400])
    results.check(dict(rosa.get(f"/strategies/{NAME}/draft").form("/draft").fields)["text"].strip()
                  == wanted.strip(), "and overwrites nothing")

    page = rosa.post(f"/strategies/{NAME}/draft/drop")
    results.check(page.says("The draft is gone."), "a draft can be dropped")
    page = page.form("/draft/back/").submit()
    kept = dict(page.form("/draft").fields)["text"]
    results.check(kept.strip() == wanted.strip(), "and comes back")

    with_no_right = console.Console(lena_address, "lena")
    results.check(with_no_right.get(f"/strategies/{NAME}").status == 200, "who reads rules sees it")
    results.check(with_no_right.get(f"/strategies/{NAME}/draft").status == 403, "but has no editor")
    results.check(with_no_right.post(f"/strategies/{NAME}/draft", {"text": "x"}).status == 403,
                  "and saves none")
    results.check(rosa.get("/strategies/nothing").status == 404
                  and rosa.get("/strategies/nothing/compare").status == 404, "no strategy, no page")
    return wanted


# ---- What would change ----------------------------------------------------------------------

def decided(book, since):
    return {(at, bucket, casefile) for at, bucket, casefile, record in spine.rows(
        book, "SELECT at, bucket, casefile_id, record FROM journal WHERE kind = 'decision'"
        " AND at >= ?", since) if json.loads(record)["strategy"] == NAME}


def independent(folder, book, label, files, days):
    """The cycle itself, day by day, on a copy of the book."""
    copy = folder / f"{label}.db"
    spine.copy_book(book, copy)
    recoup = spine.Recoup(copy)
    words = ["--files", str(files)] if files else []
    for day in range(days + 1):
        full = ["--full"] if day == 0 else []  # the strategy is another one
        recoup.must("run", "--now", later(MONDAY, day), *full, *words)
    made = decided(copy, micros(MONDAY))
    return (len([one for one in made if one[0] == micros(MONDAY)]), len(made),
            len({one[1:] for one in made}))


def compared(page):
    """What the page says: live and draft of each figure."""
    found = {}
    for label, draft, live in re.findall(
            r'<div class="l">([^<]*)</div><div class="v">([\d,]*)</div><div class="d">live ([\d,]*)',
            page.text):
        found[label] = (number(live), number(draft))
    return found


def what_if(results, folder, book, rosa, wanted):
    files = folder / "files"
    (files / "strategies").mkdir(parents=True)
    (files / "strategies" / f"{NAME}.yaml").write_text(wanted)
    page = rosa.get(f"/strategies/{NAME}/compare")
    shown = compared(page)
    live = independent(folder, book, "live", None, DAYS)
    draft = independent(folder, book, "draft", files, DAYS)
    results.check(live[0] > 0 and live[0] != draft[0], "the draft changes something today", live, draft)
    for at, label in enumerate(("Contacts today", "Contacts in 14 days", "Accounts reached")):
        results.check(shown.get(label) == (live[at], draft[at]),
                      f"{label}: those of a run of its own", shown.get(label), live, draft)
    results.check(page.says("400 of 400 accounts were decided"), "it says how many were looked at")
    results.check(page.says("5 days after", "7 days after"), "changes are told in words")
    results.check("−<span" in page.text and "removed</span>" in page.text and "+<span" in page.text,
                  "lines have signs and words, not colour alone")
    counted = rosa.get(f"/strategies/{NAME}/draft").form("/draft").submit(
        elsewhere=f"/strategies/{NAME}/draft/try", do="count")
    steps = [number(n) for n in re.findall(r'<summary><b class="num">([\d,]+)</b>', counted.text)]
    results.check(sum(steps) == draft[0], "who reaches each step of the draft today: those of that run",
                  steps, draft)
    counts = [number(n) for n in re.findall(r'</h2><span class="sp num"><b>([\d,]+)</b>', page.text)]
    gains, loses = counts[0], counts[1]
    results.check(draft[0] - live[0] == gains - loses, "who gains and who loses add up", counts)
    return shown


# ---- Publishing -----------------------------------------------------------------------------

def live_version(book):
    found = spine.rows(book, "SELECT MAX(version) FROM publication WHERE name = ?", NAME)
    return found[0][0]


def treatment(results, book, rosa, wanted):
    """While people are treated worse than the house allows, publishing needs a reason."""
    recoup = spine.Recoup(book)
    account = spine.rows(book, "SELECT MIN(reference) FROM casefile WHERE strategy = ?", NAME)[0][0]
    now = ("--now", console.PAGES_NOW)
    results.check(rosa.get(f"/strategies/{NAME}/compare").says("Are we treating people well?"),
                  "how people are treated stands beside what the draft does")
    opened = recoup.json("complaint", "open", account, "--words", "You rang at night", *now)
    over = recoup.json("report", "complaints", "--strategy", NAME, *now)["values"][0]
    results.check(over["numerator"] == 1 and over["denominator"] >= 30, "one complaint is too many", over)
    page = rosa.get(f"/strategies/{NAME}/compare")
    results.check(page.says("Over", "Complaints per 10,000 contacts"), "it says that a limit is passed")
    page = page.form("/publish").submit(version="2")
    results.check(page.status == 422 and page.says("A limit on how people are treated is passed",
                                                   "Complaints per 10,000 contacts"),
                  "and asks for a reason", page.status, page.words()[:300])
    results.check(live_version(book) is None, "nothing was asked for")
    draft = os.path.join(os.path.dirname(book), "draft.yaml")
    with open(draft, "w", encoding="utf-8") as out:
        out.write(wanted)
    publish = ("strategy", "publish", draft, "--by", "rosa@fairhaven.example", *now)
    ran = recoup.call(*publish)
    results.check(ran.returncode == 2 and "Complaints per 10,000 contacts" in ran.stderr and "--reason" in ran.stderr,
                  "so does the command", ran.stderr)
    would = recoup.json(*publish, "--reason", "Letters work better", "--dry-run")
    results.check(would["approval"] and live_version(book) is None, "and takes it", would)
    recoup.must("complaint", "answer", account, str(opened["complaint"]), "--result", "upheld", "--text",
                "We are sorry", *now)


def publishing(results, book, address, rosa, wanted, shown):
    treatment(results, book, rosa, wanted)
    page = rosa.get(f"/strategies/{NAME}/compare")
    page = page.form("/publish").submit(version="7", reason="Letters work better")
    results.check(page.status == 422 and 'value="Letters work better"' in page.text,
                  "the version is typed, and what was typed stays", page.status)
    page = page.form("/publish").submit(version="2")
    results.check(page.says("Asked:"), "publishing is asked for", page.words()[:300])
    results.check(live_version(book) is None, "and nothing is live yet")
    number_ = spine.rows(book, "SELECT approval_no FROM approval WHERE state = 'waiting'"
                         " AND kind = 'strategy'")[0][0]
    page = rosa.post(f"/approvals/{number_}/approve", {"id": str(number_)})
    results.check(page.status in (403, 409, 422) and live_version(book) is None,
                  "nobody agrees to their own", page.status)
    helen = console.Console(address, "helen")
    page = helen.get("/approvals")
    results.check(page.says("Publish the strategy b2b-invoices", "Letters work better"),
                  "who reviews finds it", page.words()[:400])
    results.check(f"/strategies/{NAME}/compare" in page.links("/strategies"), "with what it would change")
    results.check(compared(helen.get(f"/strategies/{NAME}/compare")) == shown, "they see the same figures")
    page = helen.post(f"/approvals/{number_}/approve", {"id": str(number_), "answer": "Agreed"})
    results.check(page.says("Version 2 of b2b-invoices is live."), "and agrees", page.words()[:300])
    results.check(live_version(book) == 2, "version 2 is live")
    page = rosa.get(f"/strategies/{NAME}")
    results.check(page.says("version 2", "published by Rosa Okoye", "agreed by Helen", "5 days after"),
                  "its page shows it at once", page.words()[:600])
    results.check(page.says("New draft from live"), "the draft is done")
    records = [json.loads(r) for (r,) in spine.rows(
        book, "SELECT record FROM journal WHERE kind = 'publication'")]
    results.check(len(records) == 1 and records[0]["version"] == 2
                  and records[0]["by"] == "helen@fairhaven.example", "the journal says so", records)


def followed(results, folder, book, shown):
    """The next cycle looks at every account with it."""
    copy = folder / "after.db"
    spine.copy_book(book, copy)
    recoup = spine.Recoup(copy)
    dry = recoup.json("run", "--dry-run", "--now", MONDAY)
    recoup.must("run", "--now", MONDAY)
    made = decided(copy, micros(MONDAY))
    results.check(len(made) == shown["Contacts today"][1], "the next run does what was foretold",
                  len(made), shown)
    results.check(dry["actions"] >= len(made), "a dry run, too", dry)
    versions = {json.loads(r)["version"] for (r,) in spine.rows(
        copy, "SELECT record FROM journal WHERE kind = 'decision' AND at = ?", micros(MONDAY))
        if json.loads(r)["strategy"] == NAME}
    digest = spine.rows(copy, "SELECT digest FROM publication WHERE version = 2")[0][0]
    results.check(versions == {digest[:16]}, "by the published version", versions, digest)
    again = recoup.json("run", "--now", MONDAY)
    results.check(again["casefiles"] < 400, "and looks at all of them once", again)
    results.none(recoup.findings(), "prove finds nothing")


def back(results, book, rosa, address):
    page = rosa.get(f"/strategies/{NAME}/versions/1")
    results.check(page.says("as it stood in strategies/b2b-invoices.yaml"), "what the file said is kept")
    page = page.form("/back/1").submit()
    results.check(page.says("Version 3 is live: it says what version 1 said."), "and can be gone back to",
                  page.words()[:300])
    results.check(live_version(book) == 3 and page.says("7 days after"), "at once")
    texts = dict(spine.rows(book, "SELECT version, digest FROM publication WHERE name = ?", NAME))
    results.check(texts[1] == texts[3] != texts[2], "byte for byte")
    page = rosa.post(f"/strategies/{NAME}/back/3")
    results.check(page.status in (409, 422), "what is live is not published again", page.status)
    lena = console.Console(address, "lena")
    refused = lena.post(f"/strategies/{NAME}/back/2")
    results.check(refused.status in (403, 409, 422) and live_version(book) == 3,
                  "not everybody goes back", refused.status)


def begun_anew(results, book, rosa):
    page = rosa.get("/strategies").form("/strategies").submit(name="Large Ones", from_=NAME)
    results.check(page.status == 422 and 'value="Large Ones"' in page.text, "a name is plain", page.status)
    page = page.form("/strategies").submit(name="large-ones", from_=NAME)
    text = dict(page.form("/draft").fields)["text"]
    results.check("\nstrategy: large-ones\n" in text, "a new one is a copy by another name")
    text = text.replace("order: 10", "order: 5").replace(
        'for: business', 'for: total_open_minor >= 1000000 && business')
    page = page.form("/draft").submit(text=text, then="compare")
    shown = compared(page)
    results.check(page.status == 200 and shown["Contacts in 14 days"][1] > 0,
                  "whom it would take over is counted", shown)
    results.check(rosa.get("/strategies").says("Drafts of new strategies", "large-ones"), "and is listed")


# ---- Texts ----------------------------------------------------------------------------------

OLD_WORDS = "Our records show that {{amount}} is past due."
NEW_WORDS = "By our records {{amount}} is past due."


def texts(results, folder, book, address, rosa):
    """A letter goes the same way, and the next message says it."""
    page = rosa.get("/templates/en/past-due")
    live = dict(page.form("/try").fields)["text"]
    results.check(OLD_WORDS in live, "the letter is shown as it is")
    page = rosa.post("/templates/en/past-due/draft", {"text": live.replace(OLD_WORDS, "{{#amount}} open"),
                                                      "revision": "0"})
    results.check(page.status == 200 and page.says("Saved as a draft"), "half a sentence can be kept",
                  page.status, page.words()[:300])
    page = page.form("/publish").submit()
    results.check(page.status in (409, 422) and page.says("{{#amount}} open"), "but is not published",
                  page.status, page.words()[:300])
    page = rosa.get("/templates/en/past-due")
    revision = dict(page.form("/try").fields)["revision"]
    page = rosa.post("/templates/en/past-due/draft", {"text": live.replace(OLD_WORDS, NEW_WORDS),
                                                      "revision": revision})
    results.check("−<span" in page.text and page.says("By our records"), "what it changes is shown")
    page = page.form("/publish").submit(reason="Shorter")
    results.check(page.says("Asked:"), "publishing is asked for", page.words()[:300])
    asked = spine.rows(book, "SELECT approval_no FROM approval WHERE state = 'waiting'"
                       " AND kind = 'template'")[0][0]
    helen = console.Console(address, "helen")
    results.check(rosa.post(f"/approvals/{asked}/approve").status in (403, 409, 422),
                  "nobody agrees to their own text")
    page = helen.post(f"/approvals/{asked}/approve")
    results.check(page.says("Version 2 of en/past-due is live."), "who reviews agrees", page.words()[:300])
    page = rosa.get("/templates/en/past-due")
    results.check(NEW_WORDS in dict(page.form("/try").fields)["text"]
                  and page.says("as it stood in letters/en/past-due.md"), "and it is live")
    sent(results, folder, book)
    page = rosa.post("/templates/en/past-due/back/1")
    results.check(page.says("Version 3 is live") and OLD_WORDS
                  in dict(page.form("/try").fields)["text"], "and back again", page.words()[:300])


def sent(results, folder, book):
    (folder / "sent").mkdir()
    copy = folder / "sent" / "recoup.db"
    spine.copy_book(book, copy)
    (folder / "sent" / "recoup.yaml").write_text("channels: {folder: out}\n")
    recoup = spine.Recoup(copy, binary=spine.program().resolve())
    recoup.must("run", "--now", MONDAY)
    recoup.must("worker", "--until-idle", "--now", MONDAY.replace("16:10", "18:10"),
                cwd=folder / "sent")
    bodies = [bytes(body) for (body,) in spine.rows(
        copy, "SELECT m.bytes FROM message AS m JOIN outbox AS o USING (bucket, casefile_id, outbox_no)"
        " WHERE o.template = 'past-due' AND o.channel = 'email' AND o.decided_at = ?", micros(MONDAY))]
    results.check(bodies and all(b"By our records" in body for body in bodies),
                  "the next messages say it", len(bodies), bodies[0][:200] if bodies else "")
    results.none(recoup.findings(), "and prove finds nothing")


def main():
    results = spine.Results("strategy pages")
    with spine.scratch("strategies") as folder:
        book = console.demo(folder)
        reach(results, book, "consumer-third-party")
        with console.serving(book, MONDAY) as address:
            rosa = console.Console(address, "rosa")
            figures(results, book, rosa)
            wanted = drafts(results, rosa, address)
            shown = what_if(results, folder, book, rosa, wanted)
            publishing(results, book, address, rosa, wanted, shown)
            followed(results, folder, book, shown)
            back(results, book, rosa, address)
            begun_anew(results, book, rosa)
            texts(results, folder, book, address, rosa)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
