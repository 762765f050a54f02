#!/usr/bin/env python3
"""A stale bank feed holds demands back: somebody may have paid already."""
import json
import os
import sys
import tempfile

import spine


def run(folder, now):
    return json.loads(spine.in_folder(folder, "run", "--now", now, "--json"))


def main():
    results = spine.Results("feed")

    def check(name, fine):
        results.check(fine, name)

    with tempfile.TemporaryDirectory() as folder:
        spine.in_folder(folder, "init", "--name", "feed", "--no-input")
        with open(os.path.join(folder, "open.csv"), "w") as f:
            f.write("Client,Invoice,Amount,Date,Due\nAda Lane,7,100.00,2026-01-01,2026-02-01\n")
        with open(os.path.join(folder, "paid.csv"), "w") as f:
            f.write("Client,Invoice,Amount,Date\nAda Lane,7,10.00,2026-02-09\n")
        maps = os.path.join(os.path.dirname(os.path.abspath(__file__)), "maps")
        spine.in_folder(folder, "import", "invoices", "open.csv", "--map",
               os.path.join(maps, "feed-invoices.yaml"), "-y", "--now", "2026-02-01T12:00:00Z")
        spine.in_folder(folder, "setting", "put", "bank_feed_hours", "48")
        held = run(folder, "2026-02-10T15:00:00Z")
        check("no file was ever read: the demand waits",
              held["allowed"] == 0 and held["suppressed"] == {"bank_feed_old": 1})
        again = run(folder, "2026-02-10T15:10:00Z")
        check("it goes on waiting", again["suppressed"] == {"bank_feed_old": 1})
        spine.in_folder(folder, "import", "payments", "paid.csv", "--map",
               os.path.join(maps, "feed-payments.yaml"), "-y", "--now", "2026-02-10T15:30:00Z")
        fresh = run(folder, "2026-02-10T16:00:00Z")
        check("a fresh file frees it, and a part payment does not end it", fresh["allowed"] == 1)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
