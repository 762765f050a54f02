#!/usr/bin/env python3
"""The opt-out link of an email: looking changes nothing, pressing stops, once, and only for us."""
import glob
import os
import quopri
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import spine

BIN = os.path.abspath(spine.program())


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answer(url, method="GET"):
    request = urllib.request.Request(url, method=method, data=b"" if method == "POST" else None)
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as reply:
        return reply.code, reply.read().decode()


def facts(book):
    with sqlite3.connect(book) as db:
        return db.execute("SELECT COUNT(*) FROM fact WHERE type = 'opt_out' AND source = "
                          "'link in an email'").fetchone()[0]


def main():
    results = spine.Results("stop")

    def check(name, fine):
        results.check(fine, name)

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([BIN, "demo", "--accounts", "120", "--no-serve", "--now",
                        "2026-11-20T16:00:00Z"], cwd=folder, check=True, capture_output=True)
        mails = glob.glob(os.path.join(folder, "demo-data/outbox/*.eml"))
        text = quopri.decodestring(open(mails[0], "rb").read()).decode("utf-8", "replace")
        token = re.search(r"/u/([0-9a-f]{48})", text).group(1)
        book = os.path.join(folder, "demo-data/recoup.db")
        port = free_port()
        server = subprocess.Popen([BIN, "serve", "--db", book, "--listen", "127.0.0.1:%d" % port],
                                  cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            base = "http://127.0.0.1:%d/u/" % port
            for _ in range(100):
                try:
                    answer(base)
                    break
                except OSError:
                    time.sleep(0.1)
            check("every email can be stopped by mail", "List-Unsubscribe: <mailto:" in text)
            check("looking asks", answer(base + token)[0] == 200 and facts(book) == 0)
            other = token[:-1] + ("0" if token[-1] != "0" else "1")
            check("a changed link is none of ours", answer(base + other, "POST")[0] == 404)
            check("nothing was stopped", facts(book) == 0)
            check("pressing stops", answer(base + token, "POST")[0] == 200 and facts(book) == 1)
            check("twice is once", answer(base + token, "POST")[0] == 200 and facts(book) == 1)
            check("nothing else can be posted", answer(base[:-2], "POST")[0] == 405)
        finally:
            server.terminate()
            server.wait(10)
        proof = subprocess.run([BIN, "prove", "--db", book], cwd=folder, capture_output=True)
        check("the book is sound", proof.returncode == 0)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
