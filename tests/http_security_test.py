#!/usr/bin/env python3
"""What somebody may try who means harm: forms of other pages, other people's pages, texts that are
more than text, addresses that lead elsewhere. Every route of the table is tried; a new one is tried
by itself. Every reply is looked at (http_walk.unsafe), and at the end the book is sound."""
import contextlib
import hashlib
import json
import random
import re
import sqlite3
import sys
import urllib.parse

import console
import http_raw
import http_walk
import spine

SEED = 20261120
NOT_OURS = "did not come from a page of this session"

HOSTILE = [
    "' OR '1'='1", "\" OR \"1\"=\"1", "'; DROP TABLE casefile; --", "' UNION SELECT password FROM staff --", "1); DELETE FROM meta; --",
    "%27%20OR%201=1", "\\'", "'||(SELECT 1)||'", "1 OR 1=1", "0x31", "1e309", "-1", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "99999999999999999999999", "0", "00", "1.5", "1,5", "NaN", "Infinity", "null", "undefined", "true",
    "../../../../etc/passwd", "..\\..\\..\\windows\\win.ini", "/etc/passwd", "....//....//etc/passwd", "file:///etc/passwd",
    "..%2f..%2fetc%2fpasswd", "C:\\boot.ini", "static/../roles/house.yaml", "\r\nX-Evil: 1", "a\r\nSet-Cookie: evil=1\r\n\r\n<b>",
    "a\nX-Evil: 1", "%0d%0aX-Evil:%201", "//evil.example/", "/\\evil.example", "https://evil.example/", "javascript:alert(1)",
    "data:text/html,x", "http_walk", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'-alert(1)-'", "</textarea><b>",
    "]]>", "<!--", "&lt;b&gt;", "&#60;b&#62;", "\u202eevil", "\u200b", "\ufeff", "\U0001f4b8", "e\u0301" * 50, "\u0130", "\u00df", "A" * 5000,
    "\t", " ", "  a  ", "a\u0000b".replace("\u0000", "\u2400"), "%", "%%", "%s%s%s%n", "${7*7}", "{{7*7}}", "{{csrf}}", "{{{csrf}}}", "{{> head}}",
    "<%= 7*7 %>", "#{7*7}", "$(id)", "`id`", ";id", "|id", "& ping -c 1 x", "*", "(objectClass=*)", "2026-02-30", "0000-00-00",
    "9999-12-31", "99999-01-01", "-0001-01-01", "2026-11-20T99:99:99Z", "1/1", "1.1.1.1", "1.99999999", "1024.1", "-1.1", ".", "..", "/", "//", "a/b",
    "[]", "[1]", "{\"a\":1}", "a[]", "a[b]=c", "a=b&c=d", "USD", "usd", "XXX", "1,000.00", "0.001", "1e5", "$5", "US-NY", "email", "open", "all",
    "admin", "administrator", "ada@fairhaven.example", "None", "recoup", "casefile", "2147483648", "65536", "\\", "\\\\", "\"", "'", "`", "\\u0000",
]


def dump(book):
    """The book without what reading may change: when somebody was last seen."""
    with contextlib.closing(sqlite3.connect(book)) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        out = hashlib.sha256()
        for table in tables:
            if table in ("sign_in", "sign_in_try", "staff"):
                continue
            for row in sorted(map(repr, db.execute(f"SELECT * FROM {table}"))):
                out.update(row.encode())
        return out.hexdigest()


def accounts(book):
    return [row[0] for row in spine.rows(book, "SELECT reference FROM casefile ORDER BY reference")]


# ---- who may ----------------------------------------------------------------------------------

def doors(results, server, walkers, table, roles, account):
    """Nobody gets in without a session, nobody beyond their role."""
    nobody = http_walk.Walker(server, None, results)
    for route in table:
        if route["may"] == "anybody":
            continue
        path = http_walk.filled(route["path"], [account, "1"])
        where = f"{route['method']} {route['path']}"
        api = route["path"].startswith("/api/")
        body, kind = (b"{}", "application/json") if route["takes"] == "json" else (b"", None)
        headers = {"Content-Type": kind} if kind else {}
        reply = nobody.ask(route["method"], path, body if route["method"] == "POST" else None, headers)
        wanted = 401 if api or route["method"] == "POST" else 303
        right = reply.status == wanted and (wanted != 303 or reply.header("Location").startswith("/sign-in"))
        results.check(right and account.encode() not in reply.body, f"{where}: a stranger is sent to the door",
                      f"{reply.status} {reply.header('Location')}")
        may = http_walk.who_may(route["may"], roles)
        for user, walker in walkers.items():
            if user in may:
                continue
            if route["method"] == "POST" and not api:
                reply = walker.post(path)
            else:
                reply = walker.ask(route["method"], path, body if route["method"] == "POST" else None,
                                   headers | ({"X-CSRF-Token": walker.token, "Idempotency-Key": "k"} if api else {}))
            results.check(reply.status == 403 and account.encode() not in reply.body, f"{where}: not for {user}",
                          f"{reply.status} {http_walk.text_of(reply)[:200]}")


def forgery(results, server, walkers, table, roles, book):
    """A form of somebody else's page does nothing (CSRF)."""
    before = dump(book)
    posts = [route for route in table if route["method"] != "GET"]
    results.check(len(posts) > 30, "there are routes that write", str(len(posts)))
    for route in posts:
        where = f"{route['method']} {route['path']}"
        path = http_walk.filled(route["path"], ["none-such", "1"])
        may = http_walk.who_may(route["may"], roles)
        walker, other = walkers[may[0]], walkers[may[-1] if len(may) > 1 else "vic"]
        if route["may"] == "anybody":
            if route["path"].startswith("/u/"):
                continue  # the link is the secret: mail programs press it from anywhere (RFC 8058)
            reply = http_walk.Walker(server, None, results).post(path, token=False,
                                                                 headers={"Sec-Fetch-Site": "cross-site"})
            results.check(reply.status == 403 and NOT_OURS in http_walk.text_of(reply),
                          f"{where}: a page of somebody else signs nobody in", str(reply.status))
            continue
        if route["path"].startswith("/api/"):
            for headers in ({}, {"X-CSRF-Token": "0" * 64}, {"X-CSRF-Token": other.token}):
                reply = walker.ask(route["method"], path, b"{}", {"Content-Type": "application/json",
                                                                  "Idempotency-Key": "x"} | headers)
                results.check(reply.status in (401, 403), f"{where}: a session alone writes nothing", str(reply.status))
            continue
        tries = [("no token", {"token": False}, {}), ("an empty one", {"token": False, "pairs": [("csrf", "")]}, {}),
                 ("that of another session", {"token": False, "pairs": [("csrf", other.token)]}, {}),
                 ("half of it", {"token": False, "pairs": [("csrf", walker.token[:32])]}, {}),
                 ("the right one, from another site", {}, {"Sec-Fetch-Site": "cross-site"}),
                 ("the right one, from a neighbour", {}, {"Sec-Fetch-Site": "same-site"}),
                 ("one in a header", {"token": False}, {"X-CSRF-Token": other.token})]
        for name, how, headers in tries:
            reply = walker.post(path, headers=headers, **how)
            results.check(reply.status == 403 and NOT_OURS in http_walk.text_of(reply), f"{where}: {name}",
                          f"{reply.status} {http_walk.text_of(reply)[:160]}")
    results.check(dump(book) == before, "nothing was changed by all that")
    # It bites: with the token of the session the same request goes further.
    reply = walkers["rosa"].post("/accounts/none-such/note", [("text", "x")])
    results.check(reply.status == 404, "with the right token it is another matter", str(reply.status))
    reply = walkers["rosa"].ask("POST", "/accounts/none-such/note", b"text=x", {
        "X-CSRF-Token": walkers["rosa"].token, "Content-Type": "application/x-www-form-urlencoded"})
    results.check(reply.status == 404, "in a header too", str(reply.status))


# ---- texts that are more than text ----------------------------------------------------------------

def fields_of(route, names):
    return [] if route["method"] == "GET" and route["path"].endswith((".json", ".svg", ".pdf")) else names


def fuzz(results, server, walkers, table, roles, account, rounds):
    """Hostile texts in every hole, query and field of every route; never a 500, never another row."""
    dice, names = random.Random(SEED), http_walk.field_names()
    results.check(len(names) > 60, "the names of fields are known", str(len(names)))
    asked = 0
    for route in table:
        may = http_walk.who_may(route["may"], roles)
        if route["may"] == "fresh" or route["path"] in ("/sign-out", "/me/security/end", "/me/security/end-others"):
            may = ["vic"]
        for n in range(rounds):
            walker = walkers[may[n % len(may)]]
            values = [dice.choice([account, "1", dice.choice(HOSTILE)]) for _ in range(3)]
            path = http_walk.filled(route["path"], values)
            chosen = dice.sample(names, dice.randint(1, 12))
            pairs = [(name, dice.choice(HOSTILE)) for name in chosen]
            query = urllib.parse.urlencode(pairs if route["method"] == "GET" else pairs[:3])
            target = (path + "?" + query)[:2000]
            if route["method"] == "GET":
                walker.ask("GET", target)
            elif route["takes"] == "json":
                body = json.dumps({name: dice.choice([dice.choice(HOSTILE), 1, -1, None, True, [], {}, 1e300])
                                   for name, _ in pairs})
                walker.ask("POST", target, body.encode(), {"Content-Type": "application/json", "X-CSRF-Token": walker.token,
                                                           "Idempotency-Key": dice.choice(HOSTILE).strip()[:50]
                                                           .encode("ascii", "replace").decode().replace("\n", "")
                                                           .replace("\r", "") or "k"})
            elif route["takes"] == "upload":
                walker.parts(target, pairs, [("file", dice.choice(HOSTILE)[:60], dice.choice(HOSTILE).encode() * 20)])
            else:
                walker.post(target, pairs)
            asked += 1
            if route["path"] in ("/sign-out", "/me/security/end", "/me/security/end-others", "/me/security/password"):
                forget_tries(server)
                walkers["vic"] = http_walk.Walker(server, "vic", results)
    results.check(server.alive(), f"{asked} hostile requests later the server is still there")


def forget_tries(server):
    with contextlib.closing(sqlite3.connect(server.book, timeout=30)) as db, db:
        db.execute("DELETE FROM sign_in_try")


def other_rows(results, walkers, table, account, book):
    """A hole or a search that is nearly an account is none."""
    rosa = walkers["rosa"]
    for route in table:
        if route["method"] != "GET" or "{}" not in route["path"] or not route["path"].startswith(("/accounts/", "/api/v1/accounts/")):
            continue
        for ending in ("' OR '1'='1", "'--", "%", "_", "\u0001", " ", "*"):
            reply = rosa.ask("GET", http_walk.filled(route["path"], [account + ending, "1"]))
            results.check(reply.status in (400, 401, 403, 404), f"{route['path']} with {account + ending!r}: no row",
                          f"{reply.status} {http_walk.text_of(reply)[:150]}")
    everybody = accounts(book)
    for typed in ("' OR '1'='1", "%", "_", "%' OR 1=1 --", "\\%", "[a-z]*", "' UNION SELECT reference FROM casefile --"):
        for where in ("/accounts", "/outbox", "/queue", "/approvals"):
            reply = rosa.ask("GET", where + "?" + urllib.parse.urlencode({"q": typed}))
            found = [name for name in everybody if f'href="/accounts/{name}' in reply.body.decode()]
            if where == "/accounts":
                results.check(not found, f"{where}?q={typed}: nobody", found)


def templates_and_markup(results, server, walkers, account):
    """Typed into every field of every form that there is, a template stays text."""
    sent = 0
    for user in ("rosa", "ada", "helen", "priya"):
        walker = walkers[user]
        account_page = f"/accounts/{account}"
        pages = http_walk.crawl(walker, ("/", account_page, account_page + "/wrap-up", "/admin", "/compliance", "/templates"))
        done = set()
        for path, reply in list(pages.items()):
            page = console.Page(None, path, reply.status, reply.headers, reply.body)
            for form in page.forms():
                action = form.action.split("?")[0]
                if form.method != "POST" or action in done or action.startswith(("/sign-", "/me/security")):
                    continue
                done.add(action)
                for typed in http_walk.TEMPLATES + ("<b>&\"'",):
                    pairs = []
                    for name, value in form.fields:
                        if name == "csrf" or name in form.choices:
                            pairs.append((name, walker.token if name == "csrf" else value))
                        else:
                            pairs.append((name, http_walk.BEGIN + typed + http_walk.END))
                    if "multipart" in form.encoding:
                        walker.parts(form.action, [p for p in pairs if p[0] != "csrf"],
                                     [("file", "a.csv", (http_walk.BEGIN + typed + http_walk.END).encode())])
                    else:
                        walker.post(form.action, [p for p in pairs if p[0] != "csrf"])
                    sent += 1
        http_walk.crawl(walker, ("/", account_page, "/admin"))  # what was kept is shown as text, too
    results.check(sent > 60, "forms were filled in", str(sent))


def uploads(results, walkers, table):
    """A form that sends files goes to a route that takes them."""
    sending = set()
    for path in (spine.ROOT / "templates/web").glob("*.html"):
        for form in re.findall(r"<form\b[^>]*multipart[^>]*>", path.read_text()):
            sending.add(re.search(r'action="([^"]*)"', form)[1])
    takes = [route["path"] for route in table if route["takes"] == "upload"]
    for action in sorted(sending):
        plain = re.sub(r"\{\{[^}]*\}\}", "x", action).split("?")[0]
        results.check(any(http_walk.fits(path, plain) or plain.endswith(path.split("{}")[-1]) for path in takes),
                      f"the form of {action} goes to a route that takes files", takes)


# ---- addresses and files --------------------------------------------------------------------------

def elsewhere(results, server):
    """Nobody is sent to another host by an address that was prepared."""
    for target in ("//evil.example", "/\\evil.example", "https://evil.example", "/%5cevil.example", "///evil.example", "/\t/evil.example",
                   "\\\\evil.example", "evil.example", "/\r\nX-Evil: 1", "javascript:alert(1)", "/accounts\r\nX-Evil: 1"):
        forget_tries(server)
        walker = http_walk.Walker(server, None, results)
        page = walker.ask("GET", "/sign-in?" + urllib.parse.urlencode({"next": target}))
        results.check(b"https://evil" not in page.body, f"next={target!r}: not on the page")
        reply = walker.post("/sign-in", [("email", "vic@fairhaven.example"), ("password", console.PASSWORD), ("next", target)],
                            token=False)
        place = reply.header("Location") or ""
        results.check(reply.status == 303 and place.startswith("/") and not place.startswith(("//", "/\\")) and
                      reply.header("X-Evil") is None, f"next={target!r} stays here", f"{reply.status} {place}")


def files(results, server, walkers):
    paths = ["/static/../roles/house.yaml", "/static/..%2froles/house.yaml", "/static/%2e%2e/%2e%2e/etc/passwd", "/static//etc/passwd",
             "/..%2f..%2fetc/passwd", "/static/recoup.css%00.txt", "/static/recoup.css/", "/static/./recoup.css", "/static/", "/static",
             "/%2fetc/passwd", "//etc/passwd", "/static/..\\..\\x", "/.git/config", "/recoup.db", "/demo-data/recoup.db"]
    for path in paths:
        told = server.say(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        results.check(told.statuses in ([404], [400]), f"{path} is no file", told)
    ada = walkers["ada"]
    for path in ("/templates/email/..%2f..%2f..%2fetc%2fpasswd", "/templates/..%2f..%2froles/house", "/admin/imports/..%2f1/map.yaml",
                 "/admin/imports/%2e%2e/rejects.csv"):
        reply = ada.ask("GET", path)
        results.check(reply.status in (400, 404), f"{path} is none", str(reply.status))


def not_text(results, server, walkers):
    """Bytes that are no UTF-8 go nowhere."""
    cookie = walkers["rosa"].cookie
    for bad in (b"%ff", b"%c0%af", b"%ed%a0%80", b"%f5%80%80%80", b"%80", b"%00", b"%fe%ff", b"\xff", b"%u0041", b"%zz", b"%"):
        told = server.say(b"GET /accounts?q=" + bad + b" HTTP/1.1\r\nHost: x\r\nCookie: " + cookie.encode() + b"\r\n\r\n", replies=1)
        results.check(told.statuses == [400], f"a search for {bad!r}", told)
        told = server.say(b"GET /accounts/" + bad + b" HTTP/1.1\r\nHost: x\r\nCookie: " + cookie.encode() + b"\r\n\r\n", replies=1)
        results.check(told.statuses == [400], f"an account {bad!r}", told)
    told = server.say(b"GET /sign-in HTTP/1.1\r\nHost: x\r\nUser-Agent: \xff\xfe\r\nCookie: notice=%ff; recoup=\xff\r\n\r\n", replies=1)
    results.check(told.statuses == [200], "in headers they are left out", told)
    vic = walkers["vic"]
    for name, body in (("deep", b"[" * 500000), ("deep and closed", b"[" * 100000 + b"]" * 100000), ("no JSON", b"{"), ("twice", b'{"a":1,"a":2}'),
                       ("not UTF-8", b'{"a":"\xff"}'), ("NUL", b'{"a":"\\u0000"}'), ("a number", b"1e999"), ("nothing", b""),
                       ("huge number", b'{"limit":' + b"9" * 5000 + b"}")):
        for walker in (vic, walkers["rosa"]):
            reply = walker.ask("POST", "/api/v1/accounts/x/notes", body, {"Content-Type": "application/json", "Idempotency-Key": "n",
                                                                           "X-CSRF-Token": walker.token})
            results.check(reply.status in (400, 403, 404, 422), f"JSON that is {name}", f"{reply.status} {reply.body[:200]}")


def main():
    results = spine.Results("security")
    results.none(http_walk.bites(), "what looks at replies bites")
    table, roles = http_walk.routes(), http_walk.permissions()
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    with spine.scratch("security") as folder:
        book = console.demo(folder, accounts=80)
        with http_raw.serving(book, "--log", "off") as server:
            server.book = book
            walkers = {user: http_walk.Walker(server, user, results) for user in http_walk.USERS}
            account = accounts(book)[3]
            doors(results, server, walkers, table, roles, account)
            forgery(results, server, walkers, table, roles, book)
            other_rows(results, walkers, table, account, book)
            uploads(results, walkers, table)
            elsewhere(results, server)
            files(results, server, walkers)
            not_text(results, server, walkers)
            templates_and_markup(results, server, walkers, account)
            fuzz(results, server, walkers, table, roles, account, rounds)
        found = spine.Recoup(book).findings()
        results.none(found, "afterwards the book is sound")
        results.check(len(accounts(book)) == 80, "and nobody is missing", str(len(accounts(book))))
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
