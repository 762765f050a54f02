#!/usr/bin/env python3
"""Webhooks, told to a real receiver: signed, tried until they are taken, never lost, never sent where
only this machine can go; and the page that shows them."""
import base64
import collections
import contextlib
import hashlib
import hmac
import http.server
import ipaddress
import json
import os
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time

import console
import spine

NOW = "2026-11-20T17:{:02d}:{:02d}Z"
WAITS = [5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 43200, 64800, 86400]


class Receiver:
    """What came to each path; `answers` says what each path answers (200), or does."""

    def __init__(self, context=None):
        self.came, self.answers, self.lock = collections.defaultdict(list), {}, threading.Lock()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                with receiver.lock:
                    receiver.came[self.path].append((dict(self.headers), body))
                what = receiver.answers.get(self.path, 200)
                if what == "drop":
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                if what == "slow":
                    time.sleep(12)
                    what = 200
                self.send_response(307 if what == "redirect" else 200 if what == "long" else what)
                if what == "redirect":
                    self.send_header("Location", "/elsewhere")
                said = b"x" * (1 << 20) if what == "long" else b""
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                try:
                    self.wfile.write(said)
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None
        self.scheme = "https" if context else "http"
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path, host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.port}{path}"

    def ids(self, path):
        with self.lock:
            return [{k.lower(): v for k, v in h.items()}["webhook-id"] for h, _ in self.came[path]]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def authority(folder):
    """A certificate of one's own authority, for 127.0.0.1 and localhost."""
    def run(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
    run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
        "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=An authority")
    run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "server.key",
        "-out", "server.csr", "-subj", "/CN=localhost")
    with open(os.path.join(folder, "ext"), "w") as out:
        out.write("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    run("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-days", "30", "-extfile", "ext", "-out", "server.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, "server.pem"), os.path.join(folder, "server.key"))
    return context


def note(recoup, account, text, now):
    recoup.must("account", "note", account, text, "--now", now)


def add(recoup, url, *words):
    told = recoup.json("webhook", "add", url, *words, "--now", NOW.format(0, 0))
    return told["webhook"], told["secret"]


def send(recoup, now):
    return recoup.json("webhook", "send", "--now", now)


def later(seconds):
    """NOW and so many seconds."""
    at = time.gmtime(1795194000 + seconds)  # 2026-11-20T17:00:00Z
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", at)


def signed(secret, headers, body):
    """As standardwebhooks.com says a receiver checks it."""
    headers = {k.lower(): v for k, v in headers.items()}
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return headers["webhook-signature"] == "v1," + mac


def check_guide(results, secret, headers, body):
    """What docs/api.md tells a receiver to do is run on what came."""
    guide = spine.ROOT.joinpath("docs/api.md").read_text()
    told = re.search(r"```python\n(.*?)```", guide, re.S).group(1)
    for sent, right in ((body, True), (body + b" ", False)):
        names = {"base64": base64, "hmac": hmac, "hashlib": hashlib, "secret": secret, "body": sent,
                 "headers": {k.lower(): v for k, v in headers.items()}}
        exec(told, names)  # pylint: disable=exec-used
        results.check(names["fine"] is right, "the guide's receiver says so, too")


def state(recoup, number):
    return next(w for w in recoup.json("webhook", "list")["webhooks"] if w["webhook"] == number)


def deliveries(book, number):
    with contextlib.closing(sqlite3.connect(book)) as db:
        return db.execute("SELECT state, attempt, status, answer FROM webhook_delivery WHERE webhook_no = ?"
                          " ORDER BY made_at, bucket, seq", (number,)).fetchall()


def is_public(name):
    try:
        found = {row[4][0].split("%")[0] for row in socket.getaddrinfo(name, 443)}
    except OSError:
        return True  # nobody knows it
    return all(ipaddress.ip_address(one).is_global for one in found)


def check_addresses(results, recoup, receiver):
    for url in (receiver.url("/ok"), "https://10.0.0.5/x", "https://192.168.1.1/", "https://172.16.3.4/",
                "https://[::1]/", "https://169.254.169.254/latest", "https://[fd00::1]/", "https://0x7f.1/",
                "https://2130706433/", "https://[::ffff:127.0.0.1]/", "https://100.64.1.1/", "https://localhost/",
                "https://0.0.0.0/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/"):
        told = recoup.call("webhook", "add", url)
        results.check(told.returncode != 0 and "not public" in told.stderr, f"{url} is refused", told.stderr)
    for url in ("http://books.example/x", "ftp://books.example/", "books.example", "https://me:secret@books.example/",
                "https://", "file:///etc/passwd", "https://books.example/" + "x" * 2100):
        told = recoup.call("webhook", "add", url)
        results.check(told.returncode == 2 or told.returncode == 5 or told.returncode != 0, f"{url[:40]} is refused")
    told = recoup.call("webhook", "add", "https://books.example/x", "--events", "poems")
    results.check(told.returncode != 0 and "poems" in told.stderr, "an event that is none", told.stderr)
    # A name is judged by what it means when it is sent to, before anything is connected.
    names = [name for name in (socket.gethostname(), "ip6-localhost") if not is_public(name)]
    number, _ = add(recoup, f"https://{names[0]}:{receiver.port}/name")
    note(recoup, ACCOUNT[0], "for the name", NOW.format(0, 1))
    send(recoup, NOW.format(0, 2))
    with contextlib.closing(sqlite3.connect(recoup.db)) as db:
        answer = db.execute("SELECT answer FROM webhook_delivery").fetchone()
    results.check(answer and "not public" in answer[0] and not receiver.came, "a name of this machine", answer)
    recoup.must("webhook", "remove", str(number))


ACCOUNT = []


def check_sending(results, recoup, receiver, secure):
    ok, secret = add(recoup, receiver.url("/ok"), "--events", "note,promise")
    tls, tls_secret = add(recoup, secure.url("/tls"), "--events", "note", "--records")
    all_of, _ = add(recoup, receiver.url("/all"))
    for n, account in enumerate(ACCOUNT[:6]):
        note(recoup, account, f"A private word {n}", NOW.format(1, n))
    told = send(recoup, NOW.format(2, 0))
    results.check(told["sent"] == 18 and told["refused"] == 0, "all of it is taken", told)
    results.check(len(receiver.ids("/ok")) == len(set(receiver.ids("/ok"))) == 6, "each once")
    results.check(set(receiver.ids("/ok")) == set(secure.ids("/tls")), "the same ids, over TLS too")
    for (headers, body), key in [(x, secret) for x in receiver.came["/ok"]] + [
            (x, tls_secret) for x in secure.came["/tls"]]:
        results.check(signed(key, headers, body), "the signature is right")
        results.check(not signed(key, headers, body + b" "), "and is of this body")
        value = json.loads(body)
        results.check(value["type"] == "note" and value["data"]["account"] in ACCOUNT
                      and value["data"]["change"] == "added", "what it says", value)
        results.check(b"private" not in body, "nothing of a person", body)
    check_guide(results, secret, *receiver.came["/ok"][0])
    results.check(all("record" not in json.loads(b)["data"] for _, b in receiver.came["/ok"]), "references only")
    results.check(all("record" in json.loads(b)["data"] for _, b in secure.came["/tls"]), "records, where wanted")
    results.check(not signed(tls_secret, *receiver.came["/ok"][0]), "each has a secret of its own")
    told = send(recoup, NOW.format(2, 30))
    results.check(told["sent"] == 0 and told["new"] == 0, "nothing is sent twice", told)
    one = recoup.json("webhook", "list")["deliveries"]
    one = next(d for d in one if d["delivery"].split(".")[1] == str(ok))
    recoup.must("webhook", "replay", one["delivery"], "--now", NOW.format(2, 40))
    send(recoup, NOW.format(2, 41))
    results.check(receiver.ids("/ok").count(one["event"]) == 2, "what is replayed comes with the same id")
    results.check(recoup.call("webhook", "replay", "1.1.1").returncode == 3, "no such delivery")
    kept = subprocess.run(["cat", recoup.db], capture_output=True, check=True).stdout
    results.check(secret.encode() not in kept and base64.b64decode(secret[6:]) not in kept,
                  "the secret stands nowhere in the book")
    for number in (ok, tls, all_of):
        recoup.must("webhook", "remove", str(number))


def check_refusals(results, recoup, receiver):
    """What is not taken is tried again later; what answers badly keeps nobody else waiting."""
    numbers = {}
    for path, what in (("/drop", "drop"), ("/redirect", "redirect"), ("/no", 403), ("/gone", 410),
                       ("/long", "long"), ("/slow", "slow"), ("/fine", 200)):
        receiver.answers[path] = what
        numbers[path], _ = add(recoup, receiver.url(path), "--events", "note")
    note(recoup, ACCOUNT[0], "x", NOW.format(3, 0))
    note(recoup, ACCOUNT[1], "y", NOW.format(3, 1))
    begun = time.monotonic()
    send(recoup, NOW.format(3, 2))
    took = time.monotonic() - begun
    results.check(9 < took < 19, "a receiver that does not answer costs ten seconds, once", took)
    rows = {path: deliveries(recoup.db, n) for path, n in numbers.items()}
    results.check([r[0] for r in rows["/fine"]] == ["sent", "sent"], "others are told all the same", rows["/fine"])
    results.check([r[0] for r in rows["/long"]] == ["sent", "sent"], "a long answer is cut off", rows["/long"])
    results.check("redirect" in rows["/redirect"][0][3] and not receiver.came["/elsewhere"],
                  "a redirect is not followed", rows["/redirect"])
    results.check(rows["/drop"][0][:3] == ("waiting", 1, 0), "dropped: tried again", rows["/drop"])
    results.check(rows["/no"][0][:3] == ("waiting", 1, 403), "refused: tried again", rows["/no"])
    results.check(rows["/slow"][0][:3] == ("waiting", 1, 0), "no answer: tried again", rows["/slow"])
    results.check(rows["/gone"][0][0] == "failed" and state(recoup, numbers["/gone"])["state"] == "failing",
                  "gone is gone at once", rows["/gone"])
    for number in numbers.values():
        recoup.must("webhook", "remove", str(number))


def check_giving_up(results, recoup, receiver):
    receiver.answers["/down"] = 500
    number, _ = add(recoup, receiver.url("/down"), "--events", "note")
    note(recoup, ACCOUNT[2], "first", NOW.format(4, 0))
    at = 300
    for n, wait in enumerate([0] + WAITS):
        if wait > 5:
            send(recoup, later(at + wait - 2))
            results.check(len(receiver.came["/down"]) == n, f"not before {wait} s", len(receiver.came["/down"]))
        at += wait
        send(recoup, later(at))
        results.check(len(receiver.came["/down"]) == n + 1, f"attempt {n + 1}", len(receiver.came["/down"]))
    results.check(3 * 86400 - 86400 < at - 300 < 4 * 86400, "about three days in all", at)
    failing = state(recoup, number)
    results.check(failing["state"] == "failing" and "500" in failing["fault"], "then it is failing", failing)
    told = recoup.call("doctor", "--json", "--now", later(at + 60))
    results.check("webhook" in told.stdout and "did not take" in told.stdout, "health says so", told.stdout[-600:])
    note(recoup, ACCOUNT[3], "meanwhile", later(at + 100))
    results.check(send(recoup, later(at + 200))["sent"] == 0, "nothing is sent to it")
    receiver.answers["/down"] = 200
    recoup.must("webhook", "on", str(number), "--now", later(at + 300))
    results.check(send(recoup, later(at + 301))["sent"] == 2, "what waited, and what happened meanwhile, follows")
    results.check(len(set(receiver.ids("/down"))) == 2, "by two ids in all", receiver.ids("/down")[-3:])
    recoup.must("webhook", "off", str(number), "--now", later(at + 400))
    results.check(recoup.call("webhook", "off", str(number)).returncode == 7, "off already")
    recoup.must("webhook", "remove", str(number))


def notes_of(book):
    with contextlib.closing(sqlite3.connect(book)) as db:
        return {f"evt_{b}.{s}" for b, s in db.execute("SELECT bucket, seq FROM journal WHERE kind = 'note'")}


def check_killed(results, recoup, receiver, config):
    """The server is killed again and again, between attempts and in the middle of them."""
    receiver.answers["/killed"] = 500
    told = recoup.json("webhook", "add", receiver.url("/killed"), "--events", "note")
    number = told["webhook"]
    before = notes_of(recoup.db)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("RECOUP_")}
    words = [os.path.abspath(spine.program()), "serve", "--db", recoup.db, "--listen", "127.0.0.1:0", "--log", "off"]
    for n in range(6):
        server = subprocess.Popen(words, env=kept | {"RECOUP_CONFIG": config}, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True)
        server.stdout.readline()
        for k in range(5):
            recoup.must("account", "note", ACCOUNT[k], f"killed {n} {k}")
        if n == 3:
            receiver.answers["/killed"] = 200
        time.sleep(0.7 + 0.9 * (n % 3))
        server.send_signal(signal.SIGKILL)
        server.wait()
        server.stdout.close()
    wanted = notes_of(recoup.db) - before
    server = subprocess.Popen(words, env=kept | {"RECOUP_CONFIG": config}, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    server.stdout.readline()
    for _ in range(1000):
        if wanted <= set(receiver.ids("/killed")) and all(r[0] == "sent" for r in deliveries(recoup.db, number)):
            break
        time.sleep(0.1)
    server.terminate()
    begun = time.monotonic()
    server.wait(20)
    results.check(time.monotonic() - begun < 18, "the server ends")
    server.stdout.close()
    came = collections.Counter(receiver.ids("/killed"))
    results.check(set(came) == wanted, "every event comes, and no other", len(came), sorted(wanted - set(came))[:3])
    results.check(len(deliveries(recoup.db, number)) == 30, "each is one delivery", len(deliveries(recoup.db, number)))
    recoup.must("webhook", "remove", str(number))


def check_page(results, book, receiver):
    with console.serving(book, now="2026-11-30T16:00:00Z") as address:
        ada, omar = console.Console(address, "ada"), console.Console(address, "omar")
        results.check(omar.get("/admin/integrations").status == 403, "not for everybody")
        page = ada.get("/admin/integrations")
        results.check(page.status == 200 and page.says("Integrations"), "the page", page.words()[:200])
        offered = re.findall(r'name="events" value="(\w+)"', page.text)
        told = (spine.ROOT / "docs/api.md").read_text().split("Kinds of events, by area:")[1].split("How a receiver")[0]
        results.check(offered == re.findall(r"`(\w+)`", told) and len(offered) == len(set(offered)) > 30,
                      "each kind can be ticked, in the order of the documentation", offered)
        results.check(re.findall(r"<fieldset><legend>([^<]*)<", page.text) == re.findall(r"^\| (\w[^|]*) \| `", told, re.M),
                      "by the same areas")
        several = page.form("/admin/integrations").submit(url="http://books.example/", events=["payment", "plan"])
        results.check(several.status == 422 and re.findall(r'value="(\w+)" checked', several.text) == ["plan", "payment"],
                      "what was ticked stays ticked when the address is wrong")
        several = page.form("/admin/integrations").submit(url=receiver.url("/two"), events=["payment", "plan"])
        page = ada.get("/admin/integrations")
        results.check(page.says("Agreements Plan", "Money Payment"), "what it is told of, by area", page.words()[:600])
        ada.get("/admin/integrations").form("/off").submit().form("/remove").submit()
        page = ada.get("/admin/integrations")
        adding = next(f for f in page.forms() if f.action == "/admin/integrations")
        shown = adding.submit(url=receiver.url("/page"), events="note")
        secret = re.search(r"whsec_[A-Za-z0-9+/=]+", shown.text.replace("&#x3D;", "=").replace("&#61;", "="))
        results.check(shown.status == 200 and secret, "the secret is shown", shown.words()[:300])
        page = ada.get("/admin/integrations")
        results.check(page.says(receiver.url("/page")) and "whsec_" not in page.text, "once", page.words()[:300])
        adding = next(f for f in page.forms() if f.action == "/admin/integrations")
        bad = adding.submit(url="http://books.example/", events="note")
        results.check(bad.status == 422 and bad.says("https") and "books.example" in bad.text,
                      "what is wrong is told, and what was typed stays", bad.words()[-1500:])
        account = ada.get("/accounts").links("/accounts/")[0]
        lena = console.Console(address, "lena")
        lena.get(account).form("/write").submit(words="for the page")
        for _ in range(80):
            page = ada.get("/admin/integrations")
            if page.says("Taken"):
                break
            time.sleep(0.1)
        results.check(page.says("Taken", "200 in") and len(receiver.ids("/page")) == 1, "the server sends by itself",
                      page.words()[-1500:])
        page.form("/replay").submit()
        for _ in range(80):
            if len(receiver.ids("/page")) == 2:
                break
            time.sleep(0.1)
        results.check(len(set(receiver.ids("/page"))) == 1 and len(receiver.ids("/page")) == 2, "and again")
        page = ada.get("/admin/integrations").form("/off").submit()
        results.check(page.says("Switched off"), "off", page.words()[:300])
        page = page.form("/remove").submit()
        results.check(page.says("removed") and not page.says(receiver.url("/page")), "removed", page.words()[:300])


def main():
    results = spine.Results("webhooks")
    with spine.scratch("webhooks") as folder:
        book = console.demo(folder, 30)
        context = authority(folder)
        config = os.path.join(folder, "with-ca.yaml")
        with open(config, "w") as out:
            out.write("webhooks:\n  ca_file: ca.pem\n")
        recoup = spine.Recoup(book, environment={"RECOUP_CONFIG": config})
        with contextlib.closing(sqlite3.connect(book)) as db:
            ACCOUNT.extend(row[0] for row in db.execute("SELECT reference FROM casefile ORDER BY 1 LIMIT 10"))
        receiver, secure = Receiver(), Receiver(context)
        if os.environ.get("ONLY") != "page":
            check_addresses(results, recoup, receiver)
        recoup.must("setting", "put", "webhook_private", "yes", "--now", NOW.format(0, 3))
        stranger = spine.Recoup(book)
        number, _ = add(stranger, secure.url("/unknown"), "--events", "note")
        note(stranger, ACCOUNT[0], "x", NOW.format(0, 4))
        results.check(send(stranger, NOW.format(0, 5))["sent"] == 0 and not secure.came,
                      "a certificate of nobody we know is not believed")
        recoup.must("webhook", "remove", str(number))
        if os.environ.get("ONLY") != "page":
            check_sending(results, recoup, receiver, secure)
            check_refusals(results, recoup, receiver)
            check_giving_up(results, recoup, receiver)
            check_killed(results, recoup, receiver, config)
        check_page(results, book, receiver)
        receiver.close()
        secure.close()
        proof = recoup.call("prove")
        results.check(proof.returncode == 0, "the book is sound", proof.stdout[-500:], proof.stderr[-300:])
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
