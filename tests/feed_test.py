#!/usr/bin/env python3
"""A stale bank feed holds demands back: somebody may have paid already."""
import json
import os
import subprocess
import sys
import tempfile

BIN = os.path.abspath(os.environ.get("RECOUP_BIN", "build/recoup"))

def recoup(folder, *words):
    done = subprocess.run([BIN, *words], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("%s: %s%s" % (" ".join(words), done.stdout, done.stderr))
    return done.stdout


def run(folder, now):
    return json.loads(recoup(folder, "run", "--now", now, "--json"))


def main():
    passed = failed = 0

    def check(name, fine):
        nonlocal passed, failed
        passed, failed = passed + bool(fine), failed + (not fine)
        if not fine:
            print("FAILED", name)

    with tempfile.TemporaryDirectory() as folder:
        recoup(folder, "init", "--name", "feed", "--no-input")
        with open(os.path.join(folder, "open.csv"), "w") as f:
            f.write("Client,Invoice,Amount,Date,Due\nAda Lane,7,100.00,2026-01-01,2026-02-01\n")
        with open(os.path.join(folder, "paid.csv"), "w") as f:
            f.write("Client,Invoice,Amount,Date\nAda Lane,7,10.00,2026-02-09\n")
        maps = os.path.join(os.path.dirname(os.path.abspath(__file__)), "maps")
        recoup(folder, "import", "invoices", "open.csv", "--map",
               os.path.join(maps, "feed-invoices.yaml"), "-y", "--now", "2026-02-01T12:00:00Z")
        recoup(folder, "setting", "put", "bank_feed_hours", "48")
        held = run(folder, "2026-02-10T15:00:00Z")
        check("no file was ever read: the demand waits",
              held["allowed"] == 0 and held["suppressed"] == {"bank_feed_old": 1})
        again = run(folder, "2026-02-10T15:10:00Z")
        check("it goes on waiting", again["suppressed"] == {"bank_feed_old": 1})
        recoup(folder, "import", "payments", "paid.csv", "--map",
               os.path.join(maps, "feed-payments.yaml"), "-y", "--now", "2026-02-10T15:30:00Z")
        fresh = run(folder, "2026-02-10T16:00:00Z")
        check("a fresh file frees it, and a part payment does not end it", fresh["allowed"] == 1)
    print("feed: %d passed, %d failed" % (passed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
