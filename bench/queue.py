#!/usr/bin/env python3
"""How fast the pages of the queue are on a large book, on SQLite, over HTTP.

  bench/queue.py [--casefiles 1000000] [--seed-size 10000] [--folder FOLDER] [--json FILE]

A book of the seed size is invented, and its first night run; then each case file is copied, rows
and all, under other numbers until there are as many as asked for. Copies are told apart by their
numbers alone, so they are listed like any other. What a page costs: the least, the median and the
worst of twenty answers of a server that answered each address once before, as it says itself.
"""
import argparse
import json
import os
import pathlib
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import console  # noqa: E402

NOW = "2026-11-20T10:10:00-06:00"
# What the queue reads. The journal stays as it is: a copy's past is that of its original.
TABLES = {
    "casefile": ("reference",), "party": (), "contact_point": (), "debt": ("reference",),
    "instalment": (), "payment": (), "promise": (), "plan": (), "offer": (), "dispute": (),
    "fact": (), "contact": (), "outbox": (), "task": (),
}
PAGES = {
    "the queue": "/queue", "oldest": "/queue?order=oldest", "by amount": "/queue?order=amount",
    "by window closing": "/queue?order=closing", "replies": "/queue?kind=reply",
    "promises": "/queue?kind=promises", "disputes": "/queue?kind=disputes",
    "planned calls": "/queue?kind=call", "mine": "/queue?who=mine", "tomorrow": "/queue?day=tomorrow",
    "one client": "/queue?client=Fairhaven+Supply", "the last page": None, "my day": "/me",
    "team": "/team", "a page with nothing but the rail": "/keys",
}


def say(text):
    print(text, file=sys.stderr, flush=True)


def book_made(folder, size, seed_size):
    book = folder / f"queue-{size}.db"
    if book.exists():
        return book
    made = folder / "queue-making.db"
    for tail in ("", "-wal", "-shm"):
        pathlib.Path(str(made) + tail).unlink(missing_ok=True)
    say(f"inventing {seed_size:,} case files …")
    subprocess.run([ROOT / "build/bench/book", made, str(seed_size), "2026-11-20T10:00:00-06:00"],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run([ROOT / "build/recoup", "run", "--quiet", "--db", made, "--now",
                    "2026-11-20T10:00:00-06:00"], check=True, stdout=subprocess.DEVNULL)
    db = sqlite3.connect(made, isolation_level=None)
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -400000")
    for table, named in TABLES.items():
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        taken = [f"{c} || '-' || :copy" if c in named else
                 "casefile_id + :copy" if c == "casefile_id" else c for c in columns]
        db.execute(f"CREATE TEMP TABLE one AS SELECT * FROM {table}")
        db.execute("BEGIN")
        for copy in range(1, size // seed_size):
            db.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(taken)}"
                       " FROM temp.one", {"copy": copy})
        db.execute("COMMIT")
        db.execute("DROP TABLE one")
        say(f"  {table}: {db.execute(f'SELECT COUNT(*) FROM {table}').fetchone()[0]:,} rows")
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    made.rename(book)
    return book


def milliseconds(log, route_lines):
    """What the server says of each answer since the mark."""
    text = log.read_text()[route_lines:]
    return [float(found) for found in re.findall(r" status=200 ms=([0-9.]+)", text)]


def measured(book, folder, times):
    log, found = folder / "queue-serve.log", {}
    with open(log, "w") as err:
        server = subprocess.Popen([ROOT / "build/recoup", "serve", "--db", book, "--listen",
                                   "127.0.0.1:0", "--now", NOW], stdout=subprocess.PIPE, stderr=err,
                                  text=True)
        try:
            address = re.search(r"http://[0-9.]+:\d+", server.stdout.readline()).group(0)
            omar, lena = console.Console(address, "omar"), console.Console(address, "lena")
            last = "/queue"
            for _ in range(3):
                links = [link for link in omar.get(last).links("/queue?after=")]
                last = links[0] if links else last
            for name, path in PAGES.items():
                who = lena if name == "team" else omar
                who.get(path or last)
                mark = log.stat().st_size
                for _ in range(times):
                    who.get(path or last)
                took = sorted(milliseconds(log, mark))
                found[name] = {"least": took[0], "median": statistics.median(took), "worst": took[-1]}
        finally:
            server.terminate()
            server.wait(30)
    return found


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    words.add_argument("--casefiles", type=int, default=1_000_000)
    words.add_argument("--seed-size", type=int, default=10_000)
    words.add_argument("--folder", type=pathlib.Path,
                       default=pathlib.Path(os.environ.get("RECOUP_BENCH_FOLDER",
                                                           tempfile.gettempdir())) / "recoup-bench")
    words.add_argument("--times", type=int, default=20)
    words.add_argument("--json", type=pathlib.Path)
    asked = words.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    book = book_made(asked.folder, asked.casefiles, asked.seed_size)
    say(f"the book has {book.stat().st_size / 1e9:.1f} GB; {time.monotonic() - begun:.0f} s")
    found = measured(book, asked.folder, asked.times)
    for name, took in found.items():
        print(f"{name:36} {took['least']:8.1f} {took['median']:8.1f} {took['worst']:8.1f} ms")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
