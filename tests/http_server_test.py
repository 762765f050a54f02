#!/usr/bin/env python3
"""The server around the pages: a busy database, a full queue, compression, tags, proxies, the log,
counters, health, read-only, and its end."""
import contextlib
import gzip
import json
import os
import re
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

import console
import http_raw
import prometheus_text
import spine

FORM = [("Content-Type", "application/x-www-form-urlencoded")]
SIGN_IN = b"email=rosa%40fairhaven.example&password=demo-1234-demo"
OURS = [("Sec-Fetch-Site", "same-origin")]
POST = b"POST /sign-in HTTP/1.1\r\nHost: x\r\n" + http_raw.FORM


def request(body):
    return POST + b"Content-Length: %d\r\n\r\n" % len(body) + body


@contextlib.contextmanager
def locked(book):
    """Somebody else writes to the book, and takes his time."""
    other = sqlite3.connect(book, isolation_level=None, timeout=30)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def metrics_page(server, headers=(("Host", "127.0.0.1"),), cookie=None):
    lines = b"".join(f"{k}: {v}\r\n".encode() for k, v in headers)
    cookies = f"Cookie: {cookie}\r\n".encode() if cookie else b""
    return server.say(b"GET /metrics HTTP/1.1\r\n" + lines + cookies + b"\r\n", replies=1).replies[-1]


def metric(server, name):
    return prometheus_text.read(metrics_page(server).body.decode())[name][0][1]


# ---- a database that is busy ----------------------------------------------------------------

def busy(results, book):
    with http_raw.serving(book, "--workers", "6", "--log", "json") as server:
        with locked(book):
            told, begun = {}, time.monotonic()

            def write(n):
                told[n] = (server.ask("POST", "/sign-in", FORM, SIGN_IN), time.monotonic() - begun)

            threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
            for thread in threads:
                thread.start()
            times = []
            while any(thread.is_alive() for thread in threads):
                start = time.monotonic()
                results.check(server.ask("GET", "/healthz").status == 200, "reading goes on")
                times.append(time.monotonic() - start)
                time.sleep(0.1)
            results.check(max(times) < 2.5, "and does not wait as the six writers do", f"{max(times):.2f} s")
        first, seconds = min(told.values(), key=lambda one: one[1])
        results.check(first.status == 503 and 2.5 < seconds < 9, "a writer waits three seconds", str(seconds))
        results.check(b"The book is busy just now. Nothing was changed; try again" in first.body,
                      "and is told so", first.body[-800:])
        results.check(b'value="rosa@fairhaven.example"' in first.body, "what was typed is there still")
        results.check(int(first.header("Retry-After")) > 0, "with a time to try again")
        results.check(all(reply.status == 503 for reply, _ in told.values()), "so are the others")
        lines = [json.loads(line) for line in server.logged(6) if '"POST"' in line]
        results.check(len(lines) == 6 and all(line["fault"] == "db.busy" and "src/" in line["where"]
                                              for line in lines), "the log says why, and where", str(lines[:1]))
        results.check(http_raw.sign_in(server, "rosa"), "afterwards it works")


def full(results, book):
    """More writers than the queue holds, while the book is held: refused at once."""
    with http_raw.serving(book, "--workers", "2", "--log", "off") as server:
        with locked(book):
            connections = [server.connect() for _ in range(220)]
            for connection in connections:
                connection.sendall(request(SIGN_IN))
            time.sleep(1.5)
            refused = [c for c in connections if http_raw.readable(c, 0)]
            results.check(80 <= len(refused) <= 100, "128 wait, one is at work, the others are told at once",
                          str(len(refused)))
            told = http_raw.Told(*http_raw.read_all(refused[0], 5, 1))
            results.check(told.statuses == [503] and told.replies[0].header("Retry-After"), "503, and when", told)
            results.check(b"Too many ask at the same time" in told.replies[0].body, "in one sentence")
            begun = time.monotonic()
            reply = server.ask("GET", "/sign-in")
            results.check(reply.status == 200 and time.monotonic() - begun < 2.5, "who only reads is not held up")
        waiting = [c for c in connections if c not in refused]
        statuses = [http_raw.Told(*http_raw.read_all(c, 60, 1)).statuses for c in waiting]
        flat = [status[0] for status in statuses if status]
        results.check(len(flat) == len(waiting) and set(flat) <= {303, 429, 503} and 303 in flat,
                      "those who waited are answered: served, or too late", str(statuses[:5]))
        for connection in connections:
            connection.close()


def bodies(results, book):
    """The memory for bodies is one budget: what does not fit is refused, and nothing leaks."""
    with http_raw.serving(book, "--log", "off") as server:
        cookie = http_raw.sign_in(server, "rosa")
        page = server.ask("GET", "/admin/imports", cookie=cookie)
        token = re.search(rb'name="csrf" value="([0-9a-f]+)"', page.body)[1]
        rows = b"a,b\r\n" + b"1,2\r\n" * (9 << 20)  # 45 MB
        parts = [b'--B\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + token + b"\r\n",
                 b'--B\r\nContent-Disposition: form-data; name="kind"\r\n\r\nnonsense\r\n',
                 b'--B\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n',
                 rows, b"\r\n--B--\r\n"]
        length = sum(map(len, parts))
        head = (f"POST /admin/imports HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nContent-Length: {length}\r\n"
                "Content-Type: multipart/form-data; boundary=B\r\nSec-Fetch-Site: same-origin\r\n\r\n").encode()
        told = server.say(head, *parts, seconds=60, replies=1)
        results.check(told.statuses == [422], "a file of 45 MB is taken by a route that says so", told)
        held = []
        for _ in range(5):
            c = server.connect()
            c.sendall(head + b"".join(parts)[:length - 10])
            held.append(c)
        time.sleep(1)
        taken = metric(server, "recoup_http_body_bytes")
        results.check(100e6 < taken <= 160 << 20, "the counters know what they take", str(taken))
        statuses = []
        for c in held:
            c.sendall(b"".join(parts)[length - 10:])
            statuses += http_raw.Told(*http_raw.read_all(c, 60, 1)).statuses
            c.close()
        results.check(sorted(set(statuses)) == [422, 503] and statuses.count(422) <= 3,
                      "five at once are more than fits: 503 for the rest", str(statuses))
        results.check(server.say(head, *parts, seconds=60, replies=1).statuses == [422], "then there is room")
        results.check(metric(server, "recoup_http_body_bytes") == 0, "all of it is given back")
        big = head.replace(b"Content-Length: %d" % length, b"Content-Length: %d" % (65 << 20))
        results.check(server.say(big, seconds=10).statuses == [413], "65 MB are too much")


# ---- compression and tags --------------------------------------------------------------------

def packing(results, server, cookie):
    plain = server.ask("GET", "/static/recoup.css")
    results.check(plain.header("Content-Encoding") is None and plain.header("Vary") == "Accept-Encoding",
                  "as it is, for who asks for nothing else")
    packed = server.ask("GET", "/static/recoup.css", [("Accept-Encoding", "gzip, deflate, br")])
    results.check(packed.header("Content-Encoding") == "br" and len(packed.body) < len(plain.body) / 3,
                  "brotli for browsers")
    packed = server.ask("GET", "/static/recoup.css", [("Accept-Encoding", "gzip")])
    results.check(packed.header("Content-Encoding") == "gzip" and gzip.decompress(packed.body) == plain.body,
                  "gzip for others, and the same bytes in it")
    tags = {server.ask("GET", "/static/recoup.css", [("Accept-Encoding", e)]).header("ETag")
            for e in ("br", "gzip", "identity")}
    results.check(len(tags) == 3, "each encoding has a tag of its own", str(tags))
    for tag in tags:
        again = server.ask("GET", "/static/recoup.css", [("If-None-Match", tag), ("Accept-Encoding", "br")])
        results.check(again.status == 304 and again.body == b"", f"whoever has {tag} is told so")
    results.check(server.ask("GET", "/static/recoup.css", [("If-None-Match", '"other"')]).status == 200,
                  "who has another is not")
    for accepts, wanted in (("gzip;q=0", None), ("gzip;q=0.0, br;q=0", None), ("*", "br"), ("*;q=0", None),
                            ("identity, gzip;q=0.5", None), ("gzip;q=0.5, br;q=0.4", "gzip"),
                            ("br;q=0, *", "gzip"), ("GZIP", "gzip"), ("deflate", None), ("gzip;q=x", None),
                            ("gzip;q=1.0;x=y", "gzip"), (",,gzip,,", "gzip"), ("x" * 2000, None)):
        reply = server.ask("GET", "/static/recoup.css", [("Accept-Encoding", accepts)])
        results.check(reply.header("Content-Encoding") == wanted, f"Accept-Encoding: {accepts[:40]}",
                      str(reply.header("Content-Encoding")))
    page = "/accounts?q=b-1"
    plain = server.ask("GET", page, OURS, cookie=cookie)
    packed = server.ask("GET", page, OURS + [("Accept-Encoding", "gzip, br")], cookie=cookie)
    results.check(packed.header("Content-Encoding") == "gzip" and packed.header("Vary") == "Accept-Encoding"
                  and len(packed.body) < len(plain.body) / 2, "pages are packed on the way")
    results.check(b"</html>" in gzip.decompress(packed.body), "and whole")
    results.check(packed.header("Cache-Control") == "no-store" and packed.header("ETag") is None,
                  "and kept by nobody")
    for site in (None, "cross-site", "same-site", "x"):
        headers = [("Accept-Encoding", "gzip")] + ([("Sec-Fetch-Site", site)] if site else [])
        reply = server.ask("GET", page, headers, cookie=cookie)
        results.check(reply.header("Content-Encoding") is None,
                      f"not for a request that comes from {site or 'who knows where'}")
    masks = {re.search(rb'name="csrf" value="([0-9a-f]+)"', server.ask("GET", page, cookie=cookie).body)[1]
             for _ in range(5)}
    results.check(len(masks) == 5, "the token of the session never stands there twice the same")
    version = re.search(rb"/static/recoup.css\?([0-9a-f]+)", plain.body)[1].decode()
    reply = server.ask("GET", f"/static/recoup.css?{version}")
    results.check("immutable" in reply.header("Cache-Control"), "an address with its version is kept for ever")
    head = server.ask("HEAD", "/static/recoup.css")
    results.check(head.status == 200 and head.header("ETag"), "HEAD says the same without the bytes")


# ---- proxies, safety of the line -------------------------------------------------------------

def forget_tries(book):
    """Nobody guessed so far: of one address only some tries are judged."""
    with contextlib.closing(sqlite3.connect(book, timeout=30)) as db, db:
        db.execute("DELETE FROM sign_in_try")


def sign_in_by(server, headers):
    reply = server.ask("POST", "/sign-in", FORM + headers, SIGN_IN)
    return reply, [c for c in reply.all("Set-Cookie") if re.match(r"(__Host-)?recoup=[0-9a-f]", c)]


def clients(book):
    return [row[0] for row in spine.rows(book, "SELECT client FROM sign_in WHERE kind <> 'link' ORDER BY made_at, digest")]


def proxies(results, book):
    cases = [([], "127.0.0.1", False),
             ([("X-Forwarded-For", "203.0.113.9")], "203.0.113.9", False),
             ([("X-Forwarded-For", "6.6.6.6, 203.0.113.9"), ("X-Forwarded-Proto", "https")], "203.0.113.9", True),
             ([("X-Forwarded-For", "203.0.113.9, 10.1.2.3")], "203.0.113.9", False),
             ([("X-Forwarded-For", "unknown")], "127.0.0.1", False),
             ([("X-Forwarded-For", "203.0.113.9, ,")], "127.0.0.1", False),
             ([("X-Forwarded-For", "::ffff:203.0.113.7")], "::ffff:203.0.113.7", False),
             ([("X-Forwarded-For", "2001:db8::5")], "2001:db8::5", False),
             ([("X-Forwarded-Proto", "http")], "127.0.0.1", False)]
    with http_raw.serving(book, "--log", "off", "--trusted-proxy", "127.0.0.1, 10.0.0.0/8") as server:
        for headers, client, secure in cases:
            forget_tries(book)
            before = set(clients(book))
            count = len(clients(book))
            reply, cookies = sign_in_by(server, headers)
            if not cookies:
                results.check(False, f"{headers}: signed in", f"{reply.status} {reply.body[-900:]}")
                continue
            now = clients(book)
            results.check(len(now) == count + 1 and client in now and (client in before or set(now) - before == {client}),
                          f"{headers} means {client}", str(now))
            results.check(("; Secure" in cookies[0]) == secure, f"{headers}: the cookie {'is' if secure else 'is not'} for TLS alone",
                          cookies[0])
            results.check((reply.header("Strict-Transport-Security") is not None) == secure, "and so the rest")
    with http_raw.serving(book, "--log", "off") as server:
        count = clients(book).count("203.0.113.9")
        _, cookies = sign_in_by(server, [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https")])
        results.check(clients(book).count("203.0.113.9") == count and "Secure" not in cookies[0],
                      "nobody else is believed")
    call = spine.Recoup(book, http_raw.checked())
    for words, code, says in ((["--listen", "0.0.0.0:0"], 2, "in the clear"), (["--listen", "[::]:0"], 2, "in the clear"),
                              (["--trusted-proxy", "proxy.example"], 2, "no address of a proxy"),
                              (["--trusted-proxy", "10.0.0.0/33"], 2, "no address of a proxy"),
                              (["--tls-cert", "x.pem"], 2, "--tls-key"), (["--log", "loud"], 2, "text, json, off"),
                              (["--workers", "0"], 2, "1 to 64"), (["--metrics-token", "/nowhere"], 3, "nowhere")):
        ran = call.call("serve", *words)
        results.check(ran.returncode == code and says in ran.stderr, f"serve {' '.join(words)} is refused",
                      f"{ran.returncode} {ran.stderr}")
    with http_raw.serving(book, "--log", "off", "--plain-http", listen="0.0.0.0:0") as server:
        results.check(server.scheme == "http", "unless somebody insists")
        server.host = "127.0.0.1"


# ---- the log, counters, health ---------------------------------------------------------------

def accounts(book):
    return [row[0] for row in spine.rows(book, "SELECT reference FROM casefile ORDER BY reference LIMIT 2")]


PERSONAL = ("okafor", "b-100", "fairhaven", "127.0.0.1", "rosa", "recoup.css", "secret-query", "python")


def log(results, book):
    account, _ = accounts(book)
    for kind in ("text", "json"):
        with http_raw.serving(book, "--log", kind) as server:
            cookie = http_raw.sign_in(server, "rosa")
            replies = [server.ask("GET", target, [("User-Agent", "python")], cookie=cookie) for target in
                       ("/accounts?q=okafor", f"/accounts/{account}", f"/nowhere/{account}?secret-query=1",
                        "/static/recoup.css", "/accounts/%ff")]
            server.say(b"EVIL\x1b[2J /accounts/%s HTTP/1.1\r\nHost: x\r\n\r\n" % account.encode())
            lines = server.logged(7)
            results.check(len(lines) == 7, f"{kind}: a line for each", lines)
            text = "\n".join(lines)
            results.check(not any(word.lower() in text.lower() for word in (*PERSONAL, account)) and "\x1b" not in text,
                          f"{kind}: nothing personal in it", text)
            if kind == "json":
                rows = [json.loads(line) for line in lines]
            else:
                rows = [dict(pair.split("=", 1) for pair in line.split(" ")) for line in lines]
            results.check([row["route"] for row in rows[1:]] == ["/accounts", "/accounts/{}", "none", "static",
                                                                 "none", "none"], f"{kind}: routes as in the table",
                          str(rows))
            results.check([int(row["status"]) for row in rows] == [303, 200, 200, 404, 200, 400, 501],
                          f"{kind}: what became of them", str([row["status"] for row in rows]))
            results.check([row["id"] for row in rows[1:6]] == [r.header("X-Request-Id") for r in replies],
                          f"{kind}: the id that the reader was told")
            results.check(all(re.match(r"2026-11-20T16:10:00", row["time"]) for row in rows), f"{kind}: when")
            users = {str(row.get("user")) for row in rows[1:4]}
            results.check(len(users) <= 2 and str(rows[1]["user"]).isdigit(), f"{kind}: who, by number", str(users))
            results.check(int(rows[1]["bytes"]) == len(replies[0].body) and float(rows[1]["ms"]) > 0,
                          f"{kind}: how much, and how long")
            results.check(set(rows[1]) == {"time", "id", "method", "route", "status", "ms", "bytes", "user"},
                          f"{kind}: and nothing else", str(set(rows[1])))


def log_unread(results, book):
    """Nobody reads the log: requests go on, and what was lost is counted."""
    reading, writing = os.pipe()
    command = [str(http_raw.checked()), "serve", "--db", str(book), "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=writing, text=True) as process:
        os.close(writing)
        port = int(re.search(r":(\d+)\.", process.stdout.readline())[1])
        batch = b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n" * 100
        with socket.create_connection(("127.0.0.1", port)) as c:
            c.settimeout(30)
            for _ in range(120):
                c.sendall(batch)
                got = b""
                while got.count(b"</html>") < 100:
                    got += c.recv(1 << 20)
        results.check(True, "12,000 requests are answered though nobody reads the log")
        read = b""
        while select.select([reading], [], [], 1)[0]:
            read += os.read(reading, 1 << 20)
        with socket.create_connection(("127.0.0.1", port)) as c:
            c.sendall(b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            http_raw.read_all(c, 5)
        while select.select([reading], [], [], 1)[0]:
            read += os.read(reading, 1 << 20)
        lines = read.decode().splitlines()
        note = [line for line in lines if "lines were dropped" in line]
        lost = int(re.search(r"note=(\d+) lines", note[0])[1]) if note else 0
        results.check(lost > 0 and lost + len(lines) - len(note) == 12001, "what was lost is counted",
                      f"{lost} lost, {len(lines)} there")
        process.send_signal(signal.SIGTERM)
        results.check(process.wait(20) == 0, "and it ends")
    os.close(reading)


def counters(results, book, folder):
    results.none(prometheus_text.bites(), "the reader of counters bites")
    token = folder / "token"
    token.write_text("0123456789abcdef0123\n")
    here = [("Host", "127.0.0.1")]

    read = metrics_page
    with http_raw.serving(book, "--log", "off", "--metrics-token", str(token)) as server:
        cookie = http_raw.sign_in(server, "rosa")
        for target in ("/accounts", *(f"/accounts/{name}" for name in accounts(book)), "/accounts/none-such", "/nowhere",
                       "/static/recoup.css"):
            server.ask("GET", target, cookie=cookie)
        reply = read(server, here)
        results.check(reply.status == 200 and reply.header("Content-Type").startswith("text/plain; version=0.0.4"),
                      "counters are there", reply.body[:300])
        families = prometheus_text.read(reply.body.decode())

        def count(**labels):
            return sum(value for found, value in families["recoup_http_requests_total"]
                       if all(found.get(k) == v for k, v in labels.items()))

        results.check(count(route="/accounts/{}", status="200") == 2 and count(route="/accounts/{}", status="404") == 1,
                      "by route and status", str(families["recoup_http_requests_total"]))
        results.check(count(route="none", status="404") == 1 and count(route="static", status="200") == 1, "and the rest")
        wanted = ("recoup_http_request_duration_seconds", "recoup_http_in_flight", "recoup_http_connections",
                  "recoup_http_sent_bytes_total", "recoup_http_replies_again_total", "recoup_http_queue", "recoup_sessions", "recoup_tasks_waiting",
                  "recoup_outbox_messages", "recoup_last_cycle_timestamp_seconds", "process_resident_memory_bytes",
                  "process_open_fds", "process_cpu_seconds_total", "recoup_build_info")
        results.none([name for name in wanted if name not in families], "all figures are there")
        book_says = dict(spine.rows(book, "SELECT state, COUNT(*) FROM outbox GROUP BY state"))
        said = {labels["state"]: value for labels, value in families["recoup_outbox_messages"]}
        results.check(said == book_says, "messages by state, as in the book", f"{said} {book_says}")
        results.check(families["recoup_sessions"][0][1] >= 1 and
                      families["process_resident_memory_bytes"][0][1] > 1e6, "figures are no noughts")
        text = reply.body.decode().lower()
        results.none([word for word in PERSONAL[:5] if word in text], "nothing personal among them")
        named = [("Host", "recoup.example")]
        results.check(read(server, named).status == 403, "not by another name, such as a page of somebody else gives")
        results.check(read(server, here + [("X-Forwarded-For", "203.0.113.9")]).status == 403,
                      "not through a proxy that nobody trusts")
        results.check(read(server, named + [("Authorization", "Bearer 0123456789abcdef0123")]).status == 200, "with the token")
        for wrong in ("Bearer 0123456789abcdef0124", "Bearer ", "0123456789abcdef0123", "Basic 0123456789abcdef0123"):
            results.check(read(server, named + [("Authorization", wrong)]).status == 403, f"not with {wrong!r}")
        results.check(read(server, named, cookie).status == 403, "not for a manager")
        ada = http_raw.sign_in(server, "ada")
        results.check(read(server, named, ada).status == 200, "for an administrator")


def health(results, folder):
    book = console.demo(folder, accounts=20)
    with http_raw.serving(book, "--log", "off") as server:
        results.check(server.ask("GET", "/healthz").body == b"ok\n", "well")
        db = sqlite3.connect(book)
        db.execute("UPDATE meta SET value = '3' WHERE key = 'schema_version'")
        db.commit()
        reply = server.ask("GET", "/healthz")
        results.check(reply.status in (409, 500, 503), "not with another schema", str(reply.status))
        db.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'",
                   (re.search(r"schema (\d+)", subprocess.run([http_raw.checked(), "--version"], capture_output=True,
                                                              text=True, check=True).stdout)[1],))
        db.commit()
        results.check(server.ask("GET", "/healthz").status == 200, "well again")
        db.execute("ALTER TABLE meta RENAME TO meta_gone")
        db.commit()
        results.check(server.ask("GET", "/healthz").status >= 500, "not without its tables")
        db.execute("ALTER TABLE meta_gone RENAME TO meta")
        db.commit()
        db.close()
        results.check(server.ask("GET", "/healthz").status == 200, "and well again")


# ---- faults in the style of the house ---------------------------------------------------------

def faults(results, server, cookie):
    def page(told):
        return told.replies[-1]

    ask = server.ask
    cases = [(404, ask("GET", "/nowhere"), "Not found"), (405, ask("POST", "/insights"), "not possible here"),
             (413, page(server.say(request(b"a=" + b"b" * (1 << 20)))), "too much at once"),
             (414, page(server.say(b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")), "too long"),
             (415, page(server.say(request(b"a=1").replace(b"x-www-form-urlencoded", b"xml"), replies=1)), "not taken here"),
             (401, ask("POST", "/sign-out"), "signed out"), (403, ask("POST", "/sign-out", cookie=cookie), "did not come from"),
             (400, ask("GET", "/accounts/%ff", cookie=cookie), "not text")]
    for status, reply, words in cases:
        results.check(reply.status == status and words in reply.body.decode() and
                      reply.header("Content-Type") == "text/html; charset=utf-8" and b'class="logo"' in reply.body,
                      f"{status} is a page of ours that says {words!r}", f"{reply.status} {reply.body[:200]!r}")
        results.check("default-src 'none'" in (reply.header("Content-Security-Policy") or ""), f"{status} is closed too")
    results.check(cases[1][1].header("Allow") == "GET, HEAD", "405 says what is possible")


# ---- read-only, and the end --------------------------------------------------------------------

def read_only(results, book):
    with http_raw.serving(book, "--log", "off", "--read-only") as server:
        cookie = http_raw.sign_in(server, "rosa")
        page = server.ask("GET", "/accounts", cookie=cookie)
        results.check(page.status == 200, "one may sign in and read")
        before = spine.rows(book, "SELECT * FROM meta")
        ada = http_raw.sign_in(server, "ada")
        token = re.search(rb'name="csrf" value="([0-9a-f]+)"', server.ask("GET", "/accounts", cookie=ada).body)[1]
        reply = server.ask("POST", "/admin/settings", FORM, b"csrf=" + token + b"&name=Other", cookie=ada)
        results.check(reply.status == 403 and b"only shows the book" in reply.body, "and change nothing",
                      f"{reply.status} {reply.body[-600:]}")
        results.check(spine.rows(book, "SELECT * FROM meta") == before, "nothing was")
        results.check(server.ask("POST", "/u/x.y", FORM, b"a=1").status == 403, "links of emails included")


def ends(results, book):
    with http_raw.serving(book, "--log", "off", "--drain", "15") as server:
        kept = server.connect()
        kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        results.check(http_raw.Told(*http_raw.read_all(kept, 5, 1)).statuses == [200], "open and well")
        with locked(book):
            late = server.connect()
            late.sendall(request(SIGN_IN))
            time.sleep(0.5)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            try:
                server.connect(1).close()
                results.check(False, "no new connections")
            except OSError:
                results.check(True, "no new connections")
            kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            told = http_raw.Told(*http_raw.read_all(kept, 5))
            results.check(told.statuses == [503] and told.replies[0].body == b"draining\n" and told.closed,
                          "it says that it ends, at once, and closes", told)
        told = http_raw.Told(*http_raw.read_all(late, 10))
        results.check(told.statuses == [303] and told.closed, "what was asked before is answered", told)
        begun = time.monotonic()
        results.check(server.process.wait(20) == 0 and time.monotonic() - begun < 10, "then it ends, well")
    with http_raw.serving(book, "--log", "off", "--drain", "1") as server:
        stuck = server.connect()
        stuck.sendall(POST + b"Content-Length: 100\r\n\r\na=1")
        time.sleep(0.3)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        results.check(server.process.wait(20) == 0 and 0.8 < time.monotonic() - begun < 10,
                      "who never ends is waited for so many seconds, not more", f"{time.monotonic() - begun:.1f}")
        stuck.close()


def main():
    results = spine.Results("server")
    with spine.scratch("server") as folder:
        book = console.demo(folder, accounts=100)
        busy(results, book)
        full(results, book)
        forget_tries(book)
        bodies(results, book)
        with http_raw.serving(book, "--log", "off") as server:
            cookie = http_raw.sign_in(server, "rosa")
            packing(results, server, cookie)
            faults(results, server, cookie)
        proxies(results, book)
        forget_tries(book)
        log(results, book)
        log_unread(results, book)
        counters(results, book, folder)
        read_only(results, book)
        ends(results, book)
        health(results, folder)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
