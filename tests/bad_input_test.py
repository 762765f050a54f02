#!/usr/bin/env python3
"""Bad input and bad surroundings: one clear sentence, the exit code of the contract, and a book that
is as it was.

Each case goes through the real program. Afterwards the rows are counted and the book proves clean.
"""
import os
import pathlib
import resource
import sqlite3
import subprocess
import sys

import spine

HEADER = "Client,Invoice,Amount,Currency,Date,Due\n"
GOOD = HEADER + "Ames Ltd,R1,100.00,USD,2026-01-05,2026-02-04\nBolt Ltd,R2,50.5,EUR,2026-01-06,2026-02-05\n"
MAP = """map: plain
title: Invoices of the test of bad input
kind: invoices
dates: yyyy-mm-dd
amounts: {decimal: "."}
debtor:
  reference: "{Client | slug}"
  name: "{Client}"
  business: "true"
  role: first_party_creditor
debt:
  reference: "{Invoice}"
  currency: "{Currency}"
  amount: "{Amount}"
  invoice_day: "{Date}"
  due_day: "{Due}"
"""
USAGE, NOT_FOUND, BAD_DATA, CONFLICT, PARTLY, FAILED = 2, 3, 5, 7, 9, 1
HUGE_BYTES = 200_000_000
MEMORY_MOST_KB = 160_000
NOBODY = 65534


class Case:
    def __init__(self, results, folder):
        self.results, self.folder = results, folder
        self.map = folder / "plain.yaml"
        self.map.write_text(MAP)
        self.recoup = spine.Recoup(folder / "book.db", environment={"HOME": str(folder)})
        self.recoup.must("init", "--name", "bad")
        self.write("good.csv", GOOD)
        self.import_("good.csv")

    def write(self, name, content):
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content)
        return path

    def import_(self, name, *more, **options):
        chosen = () if "--map" in more else ("--map", self.map)
        return self.recoup.call("import", "invoices", self.folder / name, *chosen, "-y", *more,
                                **options)

    def counts(self, db=None):
        db = db or self.recoup.db
        tables = [name for name, in spine.rows(db, "SELECT name FROM sqlite_schema "
                                                   "WHERE type = 'table'")]
        return {t: spine.rows(db, f"SELECT COUNT(*) FROM {t}")[0][0] for t in sorted(tables)}

    def said(self, what, done, code, *words):
        """One sentence of error with these words in it, and this exit code."""
        errors = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
        self.results.check(done.returncode == code, f"{what}: exit {done.returncode}, not {code}",
                           done.stderr[:400], done.stdout[:400])
        self.results.check(len(errors) == 1 and len(errors[0]) > 20,
                           f"{what}: not one sentence", done.stderr[:600])
        text = " ".join([done.stderr, done.stdout])
        self.results.none([w for w in words if w not in text], f"{what}: it does not say\n    {text[:600]}")

    def refused(self, what, name, content, code, *words, more=()):
        """Refused as a whole: nothing at all is different."""
        before = self.counts()
        self.write(name, content)
        self.said(what, self.import_(name, *more), code, *words)
        self.results.check(self.counts() == before, f"{what}: the book is another")
        self.results.none(self.recoup.findings(), f"{what}: prove")

    def rejected(self, what, name, row, *words):
        """One row is left out and answered for; the good one beside it is taken."""
        before = self.counts()["debt"]
        good = f"Cole Ltd,{name},10.00,USD,2026-01-05,2026-02-04\n"
        self.write(f"{name}.csv", HEADER + row + good)
        done = self.import_(f"{name}.csv", "--max-rejects", "100%")
        text = " ".join([done.stderr, done.stdout])
        self.results.check(done.returncode == PARTLY, f"{what}: exit {done.returncode}", text[:600])
        self.results.none([w for w in words if w not in text],
                          f"{what}: it does not say\n    {text[:900]}")
        rejects = self.folder / f"{name}.csv.rejects.csv"
        kept = rejects.read_text() if rejects.exists() else ""
        self.results.check(row.strip().split(",")[1] in kept, f"{what}: no rejects file", kept[:300])
        self.results.check(self.counts()["debt"] == before + 1, f"{what}: not one row was taken")
        self.results.none(self.recoup.findings(), f"{what}: prove")


# ---- files ----

def bad_files(case):
    case.refused("an empty file", "empty.csv", "", BAD_DATA, "empty")
    case.write("strict.yaml", MAP + "file: {encoding: utf-8}\n")
    case.refused("another encoding than the map says", "latin.csv",
                 (HEADER + "Caf\xe9 Ltd,R9,1.00,USD,2026-01-05,2026-02-04\n").encode("latin-1"),
                 BAD_DATA, "UTF-8", more=("--map", case.folder / "strict.yaml"))
    case.refused("a NUL in it", "nul.csv",
                 (HEADER + "A\0B,R9,1.00,USD,2026-01-05,2026-02-04\n").encode(), BAD_DATA)
    case.refused("a missing column", "short.csv", GOOD.replace("Due", "Dew"), BAD_DATA, "Due")
    done = case.import_("nowhere.csv")
    case.said("no file", done, NOT_FOUND, "nowhere.csv")
    case.write("wrong.yaml", MAP.replace("{Amount}", "{Betrag}"))
    case.refused("a map of another file", "good2.csv", GOOD, BAD_DATA, "Betrag",
                 more=("--map", case.folder / "wrong.yaml"))
    case.write("broken.yaml", MAP.replace("kind: invoices", "kind: [invoices"))
    case.refused("a broken map", "good3.csv", GOOD, BAD_DATA, "broken.yaml",
                 more=("--map", case.folder / "broken.yaml"))


def bad_rows(case):
    row = "Ames Ltd,{},{},{},{},2026-02-04\n"
    good = ("100.00", "USD", "2026-01-05")
    case.rejected("an impossible date", "B1", row.format("X1", *good[:2], "2026-02-30"),
                  "2026-02-30", "Date")
    case.rejected("too many decimals", "B2", row.format("X2", "1.005", *good[1:]), "1.005")
    case.rejected("decimals that a currency does not have", "B3",
                  row.format("X3", "100.50", "JPY", good[2]), "100.50")
    case.rejected("an unknown currency", "B4", row.format("X4", "100.00", "XQQ", good[2]), "XQQ")
    case.rejected("an amount of words", "B5", row.format("X5", "much", *good[1:]), "much")
    case.rejected("an amount beyond all numbers", "B6",
                  row.format("X6", "99999999999999999999.00", *good[1:]), "99999999999999999999")
    case.rejected("no name of the invoice", "B7", "Ames Ltd,,1.00,USD,2026-01-05,2026-02-04\n",
                  "Invoice")
    duplicate(case, row.format("X8", *good))


def duplicate(case, row):
    """The first of two different rows is taken, the other is answered for; a third is the same."""
    case.write("twice.csv", HEADER + row + row.replace("100.00", "7.00") + row)
    done = case.import_("twice.csv", "--max-rejects", "100%")
    text = " ".join([done.stderr, done.stdout])
    case.results.check(done.returncode == PARTLY and "X8" in text,
                       f"one number, two contents: exit {done.returncode}", text[:600])
    amount, = spine.rows(case.recoup.db, "SELECT SUM(i.amount_minor) FROM instalment AS i JOIN debt "
                                         "AS d USING (bucket, casefile_id, debt_no) "
                                         "WHERE d.reference = 'X8'")
    case.results.check(amount == (10000,), f"one number, two contents: {amount} was kept")
    case.results.none(case.recoup.findings(), "one number, two contents: prove")


def huge_line(case):
    """A line without an end is refused, in little memory, however long it goes on."""
    before = case.counts()
    pipe = case.folder / "endless.csv"
    with pipe.open("wb") as file:
        file.write(HEADER.encode() + b"Ames Ltd,R1,")
        file.truncate(HUGE_BYTES)  # a file of holes: zeros cost no room
        file.seek(HUGE_BYTES // 2)
        file.write(b"x")
    spread = case.folder / "long.csv"
    with spread.open("wb") as file:
        file.write(HEADER.encode())
        for _ in range(HUGE_BYTES // 1_000_000):
            file.write(b"x" * 1_000_000)
    for path in (pipe, spread):
        code, memory, said = measured(case, path)
        case.results.check(code in (BAD_DATA, PARTLY), f"a huge line: exit {code}", said[:400])
        case.results.check("long" in said or "NUL" in said or "line" in said,
                           "a huge line: not said", said[:400])
        case.results.check(memory < MEMORY_MOST_KB, f"a huge line took {memory} kB")
        case.results.check(case.counts() == before, "a huge line: the book is another")
        path.unlink()
    case.results.none(case.recoup.findings(), "a huge line: prove")


def measured(case, path):
    """(exit code, most memory in kB, what it said): of the release program only."""
    words = [case.recoup.binary, "import", "invoices", str(path), "--map", str(case.map), "-y",
             "--db", case.recoup.db]
    with subprocess.Popen(words, env=case.recoup.environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    checked = case.recoup.binary == str(spine.CHECKED)
    return process.returncode, 0 if checked else usage.ru_maxrss, said.decode(errors="replace")


# ---- books ----

def bad_books(case):
    newer = case.folder / "newer.db"
    spine.copy_book(case.recoup.db, newer)
    connection = sqlite3.connect(newer)
    connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    connection.commit()
    connection.close()
    before = case.counts(newer)
    other = spine.Recoup(newer)
    for words in (("run",), ("account", "list"), ("prove",),
                  ("import", "invoices", case.folder / "good.csv", "--map", case.map, "-y")):
        case.said(f"a newer book, {words[0]}", other.call(*words), CONFLICT, "newer")
    case.results.check(case.counts(newer) == before, "a newer book was changed")
    letter = case.write("letter.db", "Dear Sir or Madam,\n" * 500)
    case.said("a letter for a book", spine.Recoup(letter).call("run"), FAILED, "database")
    case.results.check(letter.read_text() == "Dear Sir or Madam,\n" * 500, "a letter was changed")
    case.said("no book", spine.Recoup(case.folder / "none.db").call("run"), NOT_FOUND, "no book")
    case.results.check(not (case.folder / "none.db").exists(), "a book was made by looking for one")


# ---- disks ----

def read_only(case):
    """Where nothing may be written, for somebody who is not root."""
    home = case.folder / "stone"
    home.mkdir()
    book = home / "book.db"
    spine.copy_book(case.recoup.db, book)
    connection = sqlite3.connect(book)  # all in one file
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = book.read_bytes()
    os.chmod(case.folder, 0o755)
    os.chmod(book, 0o444)
    os.chmod(home, 0o555)
    options = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    stone = spine.Recoup(book)
    for words in (("run",), ("import", "invoices", case.folder / "good.csv", "--map", case.map,
                             "-y")):
        case.said(f"a read-only disk, {words[0]}", stone.call(*words, **options), FAILED, "read-only")
    case.said("a read-only folder, init",
              spine.Recoup(home / "new.db").call("init", "--name", "x", **options), FAILED)
    os.chmod(home, 0o755)
    case.results.check(book.read_bytes() == before, "a read-only book was changed")


def many_rows(count):
    return HEADER + "".join(f"Firm {n},M{n},{n}.00,USD,2026-01-05,2026-02-04\n"
                            for n in range(1, count + 1))


def full_disk(case):
    """A small disk of memory where root may mount one; else a limit to the size of files."""
    disk = case.folder / "disk"
    disk.mkdir()
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "none", disk], capture_output=True,
        check=False).returncode == 0
    try:
        book = disk / "book.db"
        small = spine.Recoup(book)
        small.must("init", "--name", "small")
        before = case.counts(book)
        case.write("many.csv", many_rows(20000))
        words = ("import", "invoices", case.folder / "many.csv", "--map", case.map, "-y")
        limit = None if mounted else lambda: resource.setrlimit(resource.RLIMIT_FSIZE,
                                                                (2_000_000, 2_000_000))
        done = small.call(*words, preexec_fn=limit)
        case.said("a full disk, import", done, FAILED, "full" if mounted else "")
        case.results.check(case.counts(book) == before, "a full disk: something was kept")
        case.results.none(small.findings(), "a full disk: prove")
        case.write("few.csv", many_rows(5))
        done = small.call("import", "invoices", case.folder / "few.csv", "--map", case.map, "-y")
        case.results.check(done.returncode == 0, "a full disk: a small file still fits",
                           done.stderr)
    finally:
        if mounted:
            subprocess.run(["umount", disk], check=True)


def killed(case):
    """A file is one transaction: ended in the middle, nothing of it was there."""
    if not spine.DEADLY.exists():
        print("SKIP imports that are killed: there is no build/check/recoup", flush=True)
        return
    before = case.counts()
    case.write("some.csv", many_rows(40))
    words = ("import", "invoices", case.folder / "some.csv", "--map", case.map, "-y")
    deadly = spine.Recoup(case.recoup.db, spine.DEADLY)
    for n in (1, 2, 17, 100, 331):
        case.results.check(deadly.killed(n, *map(str, words)), f"the import was not killed at {n}")
        case.results.check(case.counts() == before, f"an import killed at {n} left something")
    case.results.none(case.recoup.findings(), "an import was killed: prove")
    case.recoup.must(*words)
    case.results.check(case.counts()["debt"] == before["debt"] + 40, "the same file, after all")


def main():
    results = spine.Results("bad input")
    with spine.scratch("bad") as folder:
        case = Case(results, pathlib.Path(folder))
        for part in (bad_files, bad_rows, huge_line, bad_books, read_only, full_disk, killed):
            part(case)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
