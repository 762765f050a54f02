#!/usr/bin/env python3
"""Writing to a person at the foot of their timeline, and sending again what did not arrive: over
HTTP, as a browser without script would, with a mail server that refuses a mailbox.
"""
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import urllib.parse

import console
import spine
from api_client import Program, token

NOW = console.PAGES_NOW
RESULTS = spine.Results("write")
check = RESULTS.check
WHO, NEVER = "P-20143", "rcpt-never@person.example"


def same(got, wanted, what):
    check(got == wanted, what, f"wanted {wanted!r}", f"got    {got!r}")


def outbox(db):
    """What was written by hand: number, channel, template, step, state, words."""
    return spine.rows(db, "SELECT o.outbox_no, o.channel, o.template, o.step, o.state, o.words FROM "
                      "outbox o JOIN casefile c USING (bucket, casefile_id) WHERE c.reference = ? AND "
                      "o.step IN ('reply', 'by hand') ORDER BY 1", WHO)


def address_of(db, number):
    return spine.rows(db, "SELECT o.bucket || '.' || o.decision_seq FROM outbox o JOIN casefile c "
                      "USING (bucket, casefile_id) WHERE c.reference = ? AND o.outbox_no = ?",
                      WHO, number)[0][0]


@contextlib.contextmanager
def mail_server(folder):
    with subprocess.Popen([sys.executable, spine.ROOT / "tests" / "smtp_peer.py"], text=True,
                          stdout=subprocess.PIPE) as peer:
        try:
            (folder / "recoup.yaml").write_text(
                "channels:\n  email:\n    smtp: \"smtp://127.0.0.1:%d\"\n    tls: never\n"
                "    return_to: bounces@fairhaven.example\n" % int(peer.stdout.readline()))
            yield
        finally:
            peer.kill()


def deliver(folder, db, now):
    spine.in_folder(folder, "worker", "--until-idle", "--db", str(db), "--now", now)


def test_composer(db):
    with console.Console(db, "omar", now=NOW) as omar:
        page = omar.get(f"/accounts/{WHO}")
        check(page.says("Stays in the file. Nothing is sent.", "My own words", "Allowed"),
              "note, email and letter, and how each stands")
        form = page.form("/write")
        same(dict(form.fields)["channel"], "note", "nothing goes out by mistake: a note comes first")
        same([n for n in ("email", "letter", "note") if n in form.choices["channel"]],
             ["email", "letter", "note"], "the three ways")
        note = form.submit(words="They rang at noon.")
        check(note.says("Note taken.", "They rang at noon."), "a note", note.words()[:200])
        same(outbox(db), [], "and nothing goes out")
        form = omar.get(f"/accounts/{WHO}").form("/write")
        bad = form.submit(channel="email", words="   ")
        check(bad.status == 422 and bad.says("Write what you want to say."), "nothing was said")
        bad = form.submit(channel="fax", words="Kept <words>.")
        check(bad.status == 422 and "Kept &lt;words&gt;." in bad.text, "what was typed stays")
        again = dict(bad.form("/write").fields)
        same(again["words"], "Kept <words>.", "in its field")
        bad = form.submit(channel="email", words="Mine.", text="follow-up")
        check(bad.status == 422 and bad.says("says it all"), "a ready text with words of one's own",
              bad.words()[:300])
        bad = form.submit(channel="email", text="no-such-text")
        check(bad.status == 422 and bad.says("There is no text"), "a text of nobody")
        shown = omar.post(f"/accounts/{WHO}/write/show",
                          {"channel": "email", "words": "We have looked <twice>.", "text": "own"})
        check(shown.status == 200 and "We have looked &lt;twice&gt;." in shown.text and
              "Marcus" in shown.text, "as it will be read", shown.text[:300])
        paper = omar.post(f"/accounts/{WHO}/write/show", {"channel": "letter", "words": "Dear you."})
        check(paper.bytes.startswith(b"%PDF"), "the letter on paper")
        ready = omar.post(f"/accounts/{WHO}/write/show", {"channel": "letter", "text": "follow-up"})
        check(ready.bytes.startswith(b"%PDF"), "a ready text, too", ready.words()[:300])
        same(outbox(db), [], "looking sends nothing")
        sent = form.submit(channel="email", words="We have looked into it.")
        check(sent.says("On its way in a minute."), "it goes", sent.words()[:300])
        same([row[1:] for row in outbox(db)],
             [("email", "reply-third-party", "reply", "ready", "We have looked into it.")],
             "and waits in the outbox")
        twice = form.submit(channel="email", words="We have looked into it.")
        check(twice.says("sent on its way already") and len(outbox(db)) == 1, "once")
        stopped = sent.form("/stop").submit()
        check(stopped.says("Stopped: it is not sent.") and outbox(db)[0][4] == "expired", "undone")
        form = omar.get(f"/accounts/{WHO}").form("/write")
        priya = console.Console(omar.address, "priya")
        priya.get(f"/accounts/{WHO}").form("/write").submit(words="They rang me.")
        stale = form.submit(channel="email", words="Too late.")
        check(stale.status == 409 and "Too late." in stale.text and stale.says("Priya Nair"),
              "somebody else was quicker: nothing goes, and nothing typed is lost", stale.status)
        same(len(outbox(db)), 1, "held")
    with console.Console(db, "vic", now=NOW) as vic:
        check('id="composer"' not in vic.get(f"/accounts/{WHO}").text, "who only reads writes nothing")
        same([vic.post(f"/accounts/{WHO}/write{tail}", {"channel": "email", "words": "x"}).status
              for tail in ("", "/show")], [403, 403], "and may not")


def test_blocked(db):
    """Whoever was stopped is not written to; the page says why, and keeps the words."""
    with console.Console(db, "omar", now=NOW) as omar:
        form = omar.get(f"/accounts/{WHO}/details")
        stop = next(f for f in form.forms() if ("do", "stop") in f.fields)
        stop.submit(channel="email")
        page = omar.get(f"/accounts/{WHO}")
        held = page.form("/write").submit(channel="email", words="Do not lose me.")
        check(held.status == 422 and "Do not lose me." in held.text and held.says("Email:"),
              "held back by the gate, with its reason", held.status, held.words()[:300])
        same(outbox(db), [], "nothing goes out")
        records = spine.rows(db, "SELECT COUNT(*) FROM journal WHERE kind = 'refusal' AND record LIKE "
                             "'%omar@fairhaven.example%'")
        same(records, [(1,)], "and the refusal is on record")


def new_address(db, omar, address):
    """The mailbox on file is not theirs; this one is."""
    page = omar.get(f"/accounts/{WHO}/details")
    add = next(f for f in page.forms() if ("do", "point") in f.fields)
    number = spine.rows(db, "SELECT point_no FROM contact_point JOIN casefile c USING (bucket, "
                        "casefile_id) WHERE c.reference = ? AND channel = 'email' AND state = 'good'",
                        WHO)[0][0]
    add.submit(channel="email", address=address)
    page.form(f"/point/{number}/bad").submit()


def failed(folder, db):
    """A message of one's own and a ready text, to a mailbox that refuses both."""
    with console.Console(db, "omar", now=NOW) as omar:
        new_address(db, omar, NEVER)
        omar.get(f"/accounts/{WHO}").form("/write").submit(channel="email", words="An answer.")
        omar.get(f"/accounts/{WHO}").form("/write").submit(channel="email", text="follow-up")
    deliver(folder, db, "2026-11-20T16:15:00Z")


def test_again(folder, db):
    failed(folder, db)
    rows = outbox(db)
    same([row[2:5] for row in rows], [("reply-third-party", "reply", "failed"),
                                      ("follow-up", "by hand", "failed")], "both failed")
    later = "2026-11-20T16:20:00Z"
    with console.Console(db, "omar", now=later) as omar:
        first = address_of(db, rows[0][0])
        check("Send it again" in omar.get(f"/outbox/{first}").text, "offered where it is read")
        check(omar.get("/outbox?state=failed").text.count("Send it again") == 2, "and in the list")
        page = omar.get("/outbox/again")
        check(page.text.count('name="message"') == 2 and page.says("2 messages"), "by its cause",
              page.words()[:400])
        none = page.form("/outbox/again").submit(message=None)
        check(none.status == 422 and none.says("Choose at least one message."), "none chosen")
        one = omar.post(f"/outbox/{first}/again")
        check(one.says("A new message takes its place and goes in a minute."), "one, sent again",
              one.words()[:300])
        twice = omar.post(f"/outbox/{first}/again")
        check(twice.status == 409 and twice.says("It was sent again already."), "never twice")
        rest = page.form("/outbox/again").submit()
        check(rest.says("1 on its way.", "1 not sent again: It was sent again already."),
              "those of a cause, but for the one that went", rest.words()[:300])
        check(rest.says("Nothing waits to be sent again"), "none is left")
        now = outbox(db)
        same([row[1:4] + row[4:] for row in now[2:]],
             [row[1:4] + ("ready", row[5]) for row in rows], "new messages of the same steps")
        same([row[4] for row in now[:2]], ["failed", "failed"], "the old ones stay as they were")
        check("Sent again since." in omar.get("/outbox?state=failed").text, "and say so")
        sent = address_of(db, now[2][0])
        check(omar.post(f"/outbox/{sent}/again").status == 409, "what waits is not sent again")
        check(omar.post("/outbox/1.999999/again").status == 404, "nor what is not there")
    deliver(folder, db, "2026-11-20T16:25:00Z")
    with console.Console(db, "omar", now="2026-11-20T16:30:00Z") as omar:
        page = omar.get("/outbox/again")
        check(page.text.count('name="message"') == 2, "failed once more: the newest are offered")
        new_address(db, omar, "fine@person.example")
        done = page.form("/outbox/again").submit()
        check(done.says("2 on their way."), "to the address that is good now", done.words()[:300])
    deliver(folder, db, "2026-11-20T16:35:00Z")
    same([row[4] for row in outbox(db)], ["failed"] * 4 + ["sent"] * 2, "both arrive")
    with console.Console(db, "vic", now=NOW) as vic:
        same([vic.get("/outbox/again").status, vic.post(f"/outbox/{first}/again").status], [403, 403],
             "who only reads sends nothing")


def test_again_by_api(folder, db):
    """A ready text, and one sent again, by the API: the same as by hand."""
    with console.Console(db, "omar", now=NOW) as omar:
        new_address(db, omar, NEVER)
        program = Program(omar.address, token(db, "writer", "accounts", "work", user="omar"))
        path = f"/api/v1/accounts/{WHO}/messages"
        sent = program.ask("POST", path, {"channel": "email", "text": "follow-up"})
        check(sent[0] == 201, "a ready text of their ladder", sent)
        for body, why in (({"channel": "email", "text": "no-such"}, "There is no text"),
                          ({"channel": "call", "text": "follow-up"}, "does not go by call"),
                          ({"channel": "email", "text": "follow-up", "words": "And mine."}, "either words or a text"),
                          ({"channel": "email"}, "Write what you want to say")):
            status, said = program.ask("POST", path, body)
            check(status == 422 and why in json.dumps(said), f"refused: {why}", status, said)
        waits = program.ask("POST", f"/api/v1/messages/{address_of(db, outbox(db)[0][0])}/again", {})
        check(waits[0] == 409, "what waits is not sent again", waits)
    deliver(folder, db, "2026-11-20T16:15:00Z")
    with console.Console(db, "omar", now="2026-11-20T16:20:00Z") as omar:
        program.host = urllib.parse.urlsplit(omar.address)
        path = f"/api/v1/messages/{address_of(db, outbox(db)[0][0])}/again"
        again, twice = program.ask("POST", path, {}), program.ask("POST", path, {})
        check(again[0] == 201 and again[1]["message"] and twice[0] == 409, "again, and once", again, twice)
        same([row[1:5] for row in outbox(db)][1][1:], outbox(db)[0][2:4] + ("ready",), "the same text")
        check(program.ask("POST", "/api/v1/messages/1.999999/again", {})[0] == 404, "and nothing that is not there")


def test_again_by_command(folder, db):
    """The same at the command line: by name, of a cause, as a dry run; what cannot go is told."""
    failed(folder, db)
    recoup = spine.Recoup(db)
    at = ("--now", "2026-11-20T16:20:00Z")
    by = ("--by", "omar@fairhaven.example")
    rows = {row["id"]: row["reason"] for row in
            recoup.json("outbox", "list", "--state", "failed", *at)["messages"]}
    first, second = sorted(rows, key=lambda name: int(name.split(".")[2]))
    cause, = set(rows.values())
    dry = recoup.json("outbox", "again", first, second, *by, "--dry-run", *at)
    same([row["came"] for row in dry["messages"]], ["ready", "ready"], "a dry run says what would be")
    check(dry["dry_run"] and len(outbox(db)) == 2, "and changes nothing", dry)
    for code, piece, *words in ((2, "--cause CODE"), (2, "--cause CODE", first, "--cause", cause),
                                (2, "does not name a message", first, "x"), (3, "no such message", "1.1.1"),
                                (3, cause, "--cause", "no such reason"), (3, "nobody@x.example", first, "--by", "nobody@x.example"),
                                (4, "not active", first, "--by", "gone@fairhaven.example")):
        if code == 4:
            recoup.must("user", "add", "gone@fairhaven.example", "--role", "collector", "--name", "Gone", *at)
        ran = recoup.call("outbox", "again", *words, *at)
        check(ran.returncode == code and piece in ran.stderr, f"refused: {piece}", ran.returncode, ran.stderr)
    same(len(outbox(db)), 2, "and nothing went halfway")
    one = recoup.json("outbox", "again", first, *by, *at)["messages"][0]
    same((one["message"], one["came"], one["why"]), (first, "ready", None), "one, sent again")
    same(outbox(db)[2][1:5], outbox(db)[0][1:4] + ("ready",), "a new message of the same step")
    check(one["new"].endswith(f".{outbox(db)[2][0]}"), "which it names", one)
    by_whom = spine.rows(db, "SELECT record FROM journal ORDER BY at DESC, seq DESC LIMIT 5")
    check(any('"by":"omar@fairhaven.example"' in row for row, in by_whom), "and the journal who did it", by_whom)
    twice = recoup.call("outbox", "again", first, *at)
    check(twice.returncode == 7 and "sent again already" in twice.stderr, "never twice", twice.stderr)
    some = recoup.call("outbox", "again", first, second, "--json", *at)
    same((some.returncode, [row["came"] for row in json.loads(some.stdout)["messages"]]),
         (9, ["not-sent", "ready"]), "one that cannot go does not keep the others")
    none = recoup.json("outbox", "again", "--cause", cause, *at)
    same((none["messages"], len(outbox(db))), ([], 4), "none of the cause is left: it may be said twice")
    deliver(folder, db, "2026-11-20T16:25:00Z")
    with console.Console(db, "omar", now="2026-11-20T16:30:00Z") as omar:
        new_address(db, omar, "fine@person.example")
    ran = recoup.call("outbox", "again", "--cause", cause, "--now", "2026-11-20T16:30:00Z")
    same((ran.returncode, ran.stdout.count("ready"), len(outbox(db))), (0, 2, 6), "those of a cause")
    deliver(folder, db, "2026-11-20T16:35:00Z")
    same([row[4] for row in outbox(db)], ["failed"] * 4 + ["sent"] * 2, "to the address that is good now")


def test_again_is_asked(folder, db):
    """What the gate holds back, or has nothing left to say, does not go again."""
    failed(folder, db)
    with console.Console(db, "omar", now="2026-11-20T16:20:00Z") as omar:
        omar.get(f"/accounts/{WHO}/promise").form("/promise").submit(amount="5.00", by="2026-11-27")
        stop = next(f for f in omar.get(f"/accounts/{WHO}/details").forms()
                    if ("do", "stop") in f.fields)
        stop.submit(channel="email")
        reply, text = [address_of(db, row[0]) for row in outbox(db)]
        one = omar.post(f"/outbox/{reply}/again")
        check(one.status == 409 and one.says("It is not sent again."), "they asked us to stop",
              one.words()[:300])
        one = omar.post(f"/outbox/{text}/again")
        check(one.status == 409 and one.says("they promised to pay"), "they promised",
              one.words()[:300])
        ran = spine.Recoup(db).call("outbox", "again", *[row["id"] for row in spine.Recoup(db).json(
            "outbox", "list", "--state", "failed", "--now", NOW)["messages"]], "--now", "2026-11-20T16:20:00Z")
        check(ran.returncode == 6 and "held" in ran.stdout and "promised to pay" in ran.stdout,
              "nor by the command", ran.returncode, ran.stdout)
        both = omar.get("/outbox/again").form("/outbox/again").submit()
        check(both.says("0 on their way.", "held back by the rules", "they promised to pay"),
              "each with its reason", both.words()[:300])
    same(len(outbox(db)), 2, "nothing new")


def main():
    with spine.scratch("write") as folder:
        folder = pathlib.Path(folder)
        master = console.demo(folder)
        with mail_server(folder):
            for test in (test_composer, test_blocked, test_again, test_again_by_api, test_again_by_command,
                         test_again_is_asked):
                db = folder / f"{test.__name__}.db"
                spine.copy_book(master, db)
                test(folder, db) if "again" in test.__name__ else test(db)
                same(spine.Recoup(db).findings(), [], f"{test.__name__}: the book proves")
    return RESULTS.end()


if __name__ == "__main__":
    os.environ.pop("RECOUP_DB", None)
    sys.exit(main())
