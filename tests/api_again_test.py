#!/usr/bin/env python3
"""Replies of the API that are given once more: only when nothing was written, by anybody, within the
same second, to the same token that asks for the same. Whoever writes reads what they wrote."""
import http.client
import json
import sqlite3
import sys
import threading
import time
import urllib.parse

import http_raw
import prometheus_text
import spine
from api_client import Program, SCOPES, token

NOW = "2026-11-20T16:10:00Z"


class Again:
    def __init__(self, results, address, book):
        self.results, self.address, self.book = results, address, book
        self.rosa = Program(address, token(book, "rosa", *SCOPES, user="rosa"))
        self.account = self.rosa.ask("GET", "/api/v1/accounts?limit=1")[1]["accounts"][0]["account"]
        self.path = f"/api/v1/accounts/{self.account}"

    def raw(self, path, **headers):
        host = urllib.parse.urlsplit(self.address)
        connection = http.client.HTTPConnection(host.hostname, host.port, timeout=30)
        connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        return reply, body

    def counted(self):
        body = self.raw("/metrics", Host="127.0.0.1")[1]
        return prometheus_text.read(body.decode())["recoup_http_replies_again_total"][0][1]

    def given_again(self, ask):
        before = self.counted()
        ask()
        return self.counted() - before

    # At the beginning of a second of the clock that nobody sets: what follows has most of it.
    @staticmethod
    def at_a_second():
        time.sleep(1.02 - time.monotonic() % 1)


def usual(a):
    ask = {"Authorization": f"Bearer {a.rosa.token}"}
    a.raw(a.path, **ask)  # notes that the token was used
    for _ in range(10):  # a slow machine may not come that far within a second
        a.at_a_second()
        before, replies = a.counted(), [a.raw(a.path, **ask) for _ in range(5)]
        given = a.counted() - before
        if given >= 3:
            break
    a.results.check(given >= 3, "nothing having changed, it is given once more", f"{given} of 5")
    a.results.check(len({body for _, body in replies}) == 1, "word by word")
    a.results.check(len({r.getheader("X-Request-Id") for r, _ in replies}) == 5, "each under a number of its own")
    a.results.check(len({tuple(sorted((k, v) for k, v in r.getheaders() if k not in ("X-Request-Id", "Date")))
                         for r, _ in replies}) == 1, "with the same head")
    tag = replies[0][0].getheader("ETag")
    known, body = a.raw(a.path, **ask, If_None_Match=tag)
    a.results.check(known.status == 304 and body == b"", "who has it is told so")
    packed = [a.raw(a.path, **ask, Accept_Encoding="gzip") for _ in range(3)]
    a.results.check({r.getheader("Content-Encoding") for r, _ in packed} == {"gzip"} and
                    a.raw(a.path, **ask)[0].getheader("Content-Encoding") is None, "packed for whom it was asked packed")
    a.results.check(a.raw(a.path)[0].status == 401, "without the token it is not given")
    a.results.check(a.raw(a.path, Authorization=f"Bearer {a.rosa.token[:-1]}0"[:71])[0].status in (200, 401) and
                    a.raw(a.path, Authorization=f"Bearer {a.rosa.token}x")[0].status == 401, "nor to another one")
    a.at_a_second()
    a.raw(a.path, **ask)
    a.at_a_second()
    a.results.check(a.given_again(lambda: a.raw(a.path, **ask)) == 0, "in another second it is made anew")


def not_for_others(a):
    """Omar sees one client; Rosa has just read an account of another."""
    with sqlite3.connect(a.book, timeout=20) as db:
        client = db.execute("SELECT creditor FROM casefile WHERE reference = ?", (a.account,)).fetchone()[0]
        other = db.execute("SELECT creditor FROM casefile WHERE creditor <> ? LIMIT 1", (client,)).fetchone()[0]
        db.execute("UPDATE staff SET clients = ? WHERE email LIKE 'omar@%'", (other,))
    omar = Program(a.address, token(a.book, "omar", "accounts", user="omar"))
    for _ in range(3):
        a.results.check(a.rosa.ask("GET", a.path)[0] == 200, "whoever may see it does")
        a.results.check(omar.ask("GET", a.path)[0] == 404, "and nobody else, right after them")
    secret = token(a.book, "ended", "accounts", user="rosa")
    brief = Program(a.address, secret)
    a.results.check([brief.ask("GET", a.path)[0] for _ in range(3)] == [200] * 3, "a token reads")
    with sqlite3.connect(a.book, timeout=20) as db:
        db.execute("UPDATE token SET ended_at = 1 WHERE name = 'ended'")
    a.results.check(brief.ask("GET", a.path)[0] == 401, "until it is ended, at once")


def own_writes(a):
    """By the API, and by another program: the next reply has it."""
    notes = f"{a.path}/notes?limit=200"
    missed = []
    for number in range(40):
        words = f"Rang, and nobody answered: {number}."
        for _ in range(2):
            a.rosa.ask("GET", notes)
        status, said = a.rosa.ask("POST", f"{a.path}/notes", {"text": words})
        a.results.check(status in (200, 201), "a note is taken", json.dumps(said)[:200])
        if words not in json.dumps(a.rosa.ask("GET", notes)[1]):
            missed.append(words)
    a.results.none(missed, "what was written is read")
    for number in range(3):
        words = f"By another program: {number}."
        a.rosa.ask("GET", notes)
        with sqlite3.connect(a.book, timeout=20) as db:
            db.execute("UPDATE note SET text = ? WHERE text LIKE ?", (words, f"%{39 - number}."))
        a.results.check(words in json.dumps(a.rosa.ask("GET", notes)[1]), "also what another program wrote")


def many_at_once(a):
    """Two write and four read for some seconds: whoever begins to read after something was written sees it."""
    path, until = f"{a.path}/notes?limit=200", time.monotonic() + 4
    lock, written, old, read = threading.Lock(), set(), [], [0]

    def writes(number):
        one = Program(a.address, a.rosa.token)
        one.keys = 1000000 * (number + 1)
        count = 0
        while time.monotonic() < until:
            words = f"Writer {number}, {count}."
            if one.ask("POST", f"{a.path}/notes", {"text": words})[0] in (200, 201):
                with lock:
                    written.add(words)
            count += 1
            time.sleep(0.05)

    def reads():
        one = Program(a.address, a.rosa.token)
        while time.monotonic() < until:
            with lock:
                known = set(written)
            status, said = one.ask("GET", path)
            read[0] += 1
            there = {note["text"] for note in said["notes"]} if status == 200 else set()
            if status == 200 and said["next"] is None and not known <= there:
                old.append(sorted(known - there)[:3])

    people = [threading.Thread(target=writes, args=(n,)) for n in range(2)]
    people += [threading.Thread(target=reads) for _ in range(4)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    a.results.check(len(written) >= 10 and read[0] >= 50, "they wrote and read", f"{len(written)} {read[0]}")
    a.results.none(old[:5], "nobody is given what was so before")


def noted(a):
    """That somebody searched is noted each time: nothing is kept of it."""
    def count():
        return len(spine.rows(a.book, "SELECT 1 FROM journal WHERE bucket = 0 AND kind = 'search'"))

    before = count()
    given = a.given_again(lambda: [a.rosa.ask("GET", "/api/v1/search?q=Smith") for _ in range(4)])
    a.results.check(given == 0, "searches are made anew")
    for _ in range(100):
        if count() - before >= 4:
            break
        time.sleep(0.1)
    a.results.check(count() - before == 4, "and noted one by one", f"{count() - before}")


def main():
    results = spine.Results("again")
    with spine.scratch("again") as folder:
        spine.in_folder(folder, "demo", "--accounts", "60", "--no-serve", "--quiet", "--now", NOW)
        book = folder / "demo-data/recoup.db"
        with http_raw.serving(book, "--now", NOW, "--log", "off") as server:
            a = Again(results, f"http://{server.host}:{server.port}", book)
            for part in (usual, not_for_others, own_writes, many_at_once, noted):
                part(a)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
