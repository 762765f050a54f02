#!/usr/bin/env python3
"""Every schema step and every statement is understood by both databases, as tools/pack.py hands
it to them. SQLite is the one in Python; PostgreSQL is at $RECOUP_TEST_PG, in a database that is
empty, and is left out, visibly, when there is none."""
import os
import pathlib
import re
import sqlite3
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
sys.dont_write_bytecode = True
import pack  # noqa: E402

os.chdir(ROOT)


def steps():
    for path in sorted(pathlib.Path("sql/schema").glob("[0-9]*.sql")):
        for sql in pack.without_comments(path.read_text()).split(";"):
            if sql.strip():
                yield f"{path}: {sql.split('(')[0].strip()}", sql.strip()


def statements():
    for path in sorted(pathlib.Path("sql/query").glob("*.sql")):
        parts = re.split(r"^-- name: *(\w+) *$", path.read_text(), flags=re.M)
        for pair in zip(parts[1::2], parts[2::2]):
            for name, body in pack.variants(*pair):
                where = f"{path}: {name}"
                sql, names = pack.numbered(pack.without_comments(body).strip().rstrip(";"), where)
                yield where, sql, len(names)


def on_sqlite():
    database = sqlite3.connect(":memory:")
    for where, sql in steps():
        yield where, attempt(database, pack.sqlite(sql), 0)
    for where, sql, count in statements():
        yield where, attempt(database, "EXPLAIN " + pack.sqlite(sql), count)


def attempt(database, sql, count):
    try:
        database.execute(sql, [None] * count).fetchall()
        return None
    except sqlite3.Error as error:
        return str(error)


def on_postgres(server):
    texts = [(where, pack.postgres(sql) + ";") for where, sql in steps()]
    texts += [(where, f"PREPARE s{n} AS {pack.postgres(sql)};")
              for n, (where, sql, _) in enumerate(statements())]
    script = "".join(f"\\warn @@{n}\n{sql}\n" for n, (_, sql) in enumerate(texts))
    run = subprocess.run(["psql", "-X", "-q", server], input=script, capture_output=True,
                         text=True, check=False)
    said = re.split(r"^@@(\d+)\n", run.stderr, flags=re.M)
    errors = {int(n): text.strip() for n, text in zip(said[1::2], said[2::2])}
    if said[0].strip() or len(errors) != len(texts):
        sys.exit(f"sql: psql ended early\n{run.stderr[-2000:]}")
    for n, (where, _) in enumerate(texts):
        yield where, errors[n] or None


def report(engine, outcomes):
    failed = [(where, why) for where, why in outcomes if why]
    for where, why in failed:
        print(f"FAILED {where}: {engine}: {why}")
    print(f"sql on {engine}: {len(outcomes) - len(failed)} passed, {len(failed)} failed")
    return not failed and len(outcomes) > 10


def main():
    fine = report("SQLite", list(on_sqlite()))
    server = os.environ.get("RECOUP_TEST_PG")
    if server:
        return 0 if report("PostgreSQL", list(on_postgres(server))) and fine else 1
    print("SKIPPED sql on PostgreSQL: RECOUP_TEST_PG is not set")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
