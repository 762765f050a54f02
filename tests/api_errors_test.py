#!/usr/bin/env python3
"""Every code that an error of the API may have is described, documented, and met over real HTTP; and
what writes is done once for its key, whoever asks at the same time, and after a restart."""
import contextlib
import json
import re
import sqlite3
import subprocess
import sys
import threading
import time

import api_calls_test
import console
import spine
from api_client import Program, SCOPES, Session, described, token

LATER = "2026-12-25T16:10:00Z"  # what was answered is forgotten after 30 days


@contextlib.contextmanager
def mail_server(folder):
    """A mail server that does what the name of the mailbox says; the file of settings that leads there."""
    with subprocess.Popen([sys.executable, spine.ROOT / "tests" / "smtp_peer.py"], text=True,
                          stdout=subprocess.PIPE) as peer:
        try:
            port = int(peer.stdout.readline())
            path = folder / "recoup.yaml"
            path.write_text(f'channels:\n  email:\n    smtp: "smtp://127.0.0.1:{port}"\n    tls: never\n'
                            "    return_to: bounces@fairhaven.example\n")
            yield path
        finally:
            peer.kill()


class Met:
    """What was met, held against the description."""

    def __init__(self, results, root):
        self.results, self.root, self.codes = results, root, {}
        self.table = root["components"]["schemas"]["Error"]["properties"]["error"]["properties"]["code"]["x-codes"]

    def see(self, code, asked, template=None, method="post"):
        status, value = asked
        error = (value or {}).get("error", {})
        self.results.check((error.get("code"), status) == (code, self.table.get(code, {}).get("status")),
                           f"{code} is met", status, json.dumps(value)[:300])
        self.results.check(error.get("message", "").strip() != "", f"{code} comes with a sentence", error)
        if template:
            described(self.results, None, self.root, method, "/api/v1" + template, status, value)
        self.codes[error.get("code")] = status


def check_codes(met, address, c):
    note, one = f"/api/v1/accounts/{c.account}/notes", "/accounts/{account}/notes"
    met.see("not-signed-in", Program(address, None).ask("GET", "/api/v1/me"), "/me", "get")
    met.see("not-permitted", c.weak.ask("POST", note, {"text": "x"}), one)
    met.see("not-found", c.rosa.ask("GET", "/api/v1/accounts/none"), "/accounts/{account}", "get")
    met.see("no-such-method", c.rosa.ask("DELETE", note))
    met.see("bad-request", c.rosa.ask("GET", "/api/v1/me", {"text": "x"}), "/me", "get")
    met.see("too-much", c.rosa.ask("POST", note, json.dumps({"text": "x" * (2 << 20)})), one)
    met.see("not-json", c.rosa.ask("POST", note, "text", Content_Type="text/plain"), one)
    met.see("key-missing", c.rosa.ask("POST", note, {"text": "x"}, Idempotency_Key=None), one)
    met.see("key-missing", c.rosa.ask("POST", note, {"text": "x"}, Idempotency_Key="k" * 201), one)
    met.see("value.bad", c.rosa.ask("POST", note, {"colour": "red"}), one)
    c.rosa.ask("POST", note, {"text": "x"}, Idempotency_Key="twice")
    met.see("key-reused", c.rosa.ask("POST", note, {"text": "y"}, Idempotency_Key="twice"), one)
    met.see("file.bad", c.rosa.ask("POST", "/api/v1/imports", {"name": "a.csv", "kind": "invoices", "content": ""}),
            "/imports")
    file = c.rosa.ask("POST", "/api/v1/imports", {"name": "b.csv", "kind": "invoices", "content": api_calls_test.FILE})[1]["import"]
    c.rosa.ask("POST", f"/api/v1/imports/{file}/check", {"choice": api_calls_test.CHOICE})
    while c.rosa.ask("GET", f"/api/v1/imports/{file}")[1]["state"] == "checking":
        time.sleep(0.05)
    met.see("file.rejects", c.rosa.ask("POST", f"/api/v1/imports/{file}/load", {}), "/imports/{import}/load")
    met.see("not-allowed", c.rosa.ask("GET", "/api/v1/me/sessions"), "/me/sessions", "get")
    name = c.rosa.ask("GET", "/api/v1/strategies")[1]["strategies"][0]["strategy"]
    saved = c.manager.ask("POST", f"/api/v1/strategies/{name}/draft", {"text": f"strategy: {name}\ncolour: red\n"})[1]
    met.see("pack.bad", c.manager.ask("POST", f"/api/v1/strategies/{name}/publish", {"revision": saved["revision"]}),
            "/strategies/{strategy}/publish")
    user = c.ada.ask("GET", "/api/v1/users")[1]["users"][0]
    made = c.ada.ask("POST", "/api/v1/tokens", {"user": user["user"], "name": "x", "scopes": "accounts"})[1]["token"]
    c.ada.ask("POST", f"/api/v1/tokens/{made}/end", {})
    met.see("conflict", c.ada.ask("POST", f"/api/v1/tokens/{made}/end", {}), "/tokens/{token}/end")
    for account in c.accounts:
        asked = c.rosa.ask("POST", f"/api/v1/accounts/{account}/calls", {})
        if asked[0] == 422 and asked[1]["error"]["code"] == "rule-blocked":
            met.see("rule-blocked", asked, "/accounts/{account}/calls")
            break


def check_mail(met, book, c):
    """The mail server does what the name of who asks says; nothing is kept but what went well."""
    with sqlite3.connect(book, timeout=20) as db:
        was = db.execute("SELECT email FROM staff WHERE email LIKE 'ada@%'").fetchone()[0]
    for code, name in (("provider.refused", "rcpt-never"), ("provider.busy", "rcpt-later"),
                       ("provider.silent", "data-drop"), (None, "ada")):
        with sqlite3.connect(book, timeout=20) as db:
            db.execute("UPDATE staff SET email = ? WHERE name = (SELECT name FROM staff WHERE email = ?)",
                       (f"{name}@fairhaven.example", was))
        was = f"{name}@fairhaven.example"
        asked = c.ada.ask("POST", "/api/v1/channels/email/test", {}, Idempotency_Key=None)
        if code:
            met.see(code, asked, "/channels/email/test")
        else:
            met.results.check(asked[0] == 200 and "fairhaven.example" in asked[1]["said"], "it went", asked)
            described(met.results, None, met.root, "post", "/api/v1/channels/email/test", *asked)


def check_busy(met, book, c):
    db = sqlite3.connect(book, timeout=20, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    try:
        met.see("busy", c.rosa.ask("POST", f"/api/v1/accounts/{c.account}/notes", {"text": "x"}),
                "/accounts/{account}/notes")
    finally:
        db.execute("ROLLBACK")
        db.close()


def check_broken(met, folder, book, c):
    """A book that is broken says nothing of its inside to strangers."""
    copy = folder / "broken.db"
    with sqlite3.connect(book) as db, sqlite3.connect(copy) as to:
        db.backup(to)
        to.execute("DROP TABLE note")
    with console.serving(copy) as address:
        rosa = Program(address, c.rosa.token)
        asked = rosa.ask("GET", f"/api/v1/accounts/{c.account}/notes")
        met.see("internal", asked, "/accounts/{account}/notes", "get")
        met.results.check("note" not in asked[1]["error"]["message"] and "sql" not in
                          asked[1]["error"]["message"].lower(), "and nothing else", asked[1])


def check_table(met):
    codes = met.root["components"]["schemas"]["Error"]["properties"]["error"]["properties"]["code"]["enum"]
    met.results.check(sorted(codes) == sorted(met.table), "the description has one table")
    met.results.check(set(codes) == set(met.codes), "every code is met, and no other",
                      *sorted(set(codes) ^ set(met.codes)))
    guide = (spine.ROOT / "docs/api.md").read_text()
    rows = dict(re.findall(r"^\| `([a-z.-]+)` \| (\d{3}) \|", guide, re.M))
    wanted = {code: str(words["status"]) for code, words in met.table.items()}
    met.results.check(rows == wanted, "the guide has the same table", *sorted(set(rows.items()) ^ set(wanted.items())))


# ---- Once ----

def at_once(asks):
    told = [None] * len(asks)

    def one(n):
        told[n] = asks[n]()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(asks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def notes(book, text):
    with sqlite3.connect(book, timeout=20) as db:
        return db.execute("SELECT COUNT(*) FROM note WHERE text = ?", (text,)).fetchone()[0]


def check_once(results, book, address, c):
    path = f"/api/v1/accounts/{c.account}/notes"

    def ask(text, key, by=c.rosa, to=path):
        return by.ask("POST", to, {"text": text}, Idempotency_Key=key)

    first = ask("once", "K1")
    results.check(first[0] == 201 and ask("once", "K1") == first and notes(book, "once") == 1,
                  "the same again is answered the same, and done once")
    for round_ in range(3):
        told = at_once([lambda r=round_: ask(f"same {r}", f"same-{r}") for _ in range(8)])
        results.check(all(t == told[0] for t in told) and told[0][0] == 201 and notes(book, f"same {round_}") == 1,
                      "eight at the same time are one", *told)
        told = at_once([lambda n=n, r=round_: ask(f"other {r} {n}", f"other-{r}") for n in range(8)])
        done = [t for t in told if t[0] == 201]
        refused = [t for t in told if t[0] == 409 and t[1]["error"]["code"] == "key-reused"]
        results.check(len(done) == 1 and len(refused) == 7, "of eight others with one key one is done", *told)
    results.check(ask("", "K2")[0] == 422 and ask("then right", "K2")[0] == 201,
                  "what was refused used no key up")
    other = ask("once", "K1", by=c.other)
    results.check((other[0], other[1]["error"]["code"]) == (409, "key-reused"), "a key is of who used it", other)
    elsewhere = ask("once", "K1", to=f"/api/v1/accounts/{c.accounts[1]}/notes")
    results.check(elsewhere[0] == 201, "keys are of one account", elsewhere)
    setting = "/api/v1/settings/dispute_answer_days"
    done = c.ada.ask("POST", setting, {"value": "20"}, Idempotency_Key="K1")
    results.check(done[0] == 201 and c.ada.ask("POST", setting, {"value": "20"}, Idempotency_Key="K1") == done,
                  "of the house, too", done)
    again = c.ada.ask("POST", setting, {"value": "22"}, Idempotency_Key="K1")
    results.check((again[0], again[1]["error"]["code"]) == (409, "key-reused"), "and refused", again)
    return first


def check_kept(results, book, c, first):
    """It is remembered by the book, not by the server; and forgotten after thirty days."""
    for now, count in ((console.PAGES_NOW, 2), (LATER, 3)):
        with console.serving(book, now=now) as address:
            rosa = Program(address, c.rosa.token)
            told = rosa.ask("POST", f"/api/v1/accounts/{c.account}/notes", {"text": "once"}, Idempotency_Key="K1")
            results.check((told == first) == (now != LATER) and told[0] == 201, f"at {now}", told, first)
            results.check(notes(book, "once") == count, f"at {now} there are {count}", notes(book, "once"), told)


class Who:
    def __init__(self, address, book):
        self.rosa = Program(address, token(book, "rosa", *SCOPES, user="rosa"))
        self.other = Program(address, token(book, "lena", "accounts", "work", user="lena"))
        self.weak = Program(address, token(book, "weak", "accounts", user="rosa"))
        self.ada, self.manager = Session(address, "ada"), Session(address, "rosa")
        for n, one in enumerate((self.rosa, self.other, self.weak, self.ada, self.manager)):
            one.keys = (n + 1) * 10000
        rows = self.rosa.ask("GET", "/api/v1/accounts?limit=200")[1]["accounts"]
        self.accounts = [r["account"] for r in rows if r["currency"]]
        self.account = self.accounts[0]


def main():
    results = spine.Results("api errors")
    with spine.scratch("api-errors") as folder, mail_server(folder) as settings:
        book = console.demo(folder, 60)
        with console.serving(book, environment={"RECOUP_CONFIG": str(settings)}) as address:
            met = Met(results, Program(address, None).ask("GET", "/api/v1/openapi.json")[1])
            c = Who(address, book)
            check_codes(met, address, c)
            check_mail(met, book, c)
            check_busy(met, book, c)
            first = check_once(results, book, address, c)
        check_broken(met, folder, book, c)
        with console.serving(book, flags=("--read-only",)) as address:
            met.see("read-only", Program(address, c.rosa.token).ask(
                "POST", f"/api/v1/accounts/{c.account}/notes", {"text": "x"}), "/accounts/{account}/notes")
        check_table(met)
        check_kept(results, book, c, first)
        proof = spine.Recoup(book).call("prove", "--now", LATER)
        results.check(proof.returncode == 0, "the book is sound", proof.stdout[-500:], proof.stderr[-300:])
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
