"""What the tests of the whole program share: where it is, how it is called, what its book holds.

No test by itself. Books lie in memory where that can be had: nobody waits for a disk that proves
nothing here.
"""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = pathlib.Path(os.environ.get("RECOUP_SHARED", ROOT.parent / "shared"))
FAST = pathlib.Path(os.environ.get("RECOUP_BIN", ROOT / "build" / "recoup"))
CHECKED = ROOT / "build" / "check" / "recoup"  # with sanitizers
# With places to be killed at: the release program, quicker by far; else the checked one.
DEADLY = ROOT / "build" / "recoup-torture"
if not DEADLY.exists():
    DEADLY = CHECKED

# What was decided and written; a lease names one process and one moment of this machine.
DECISIONS = {
    "journal": "bucket, seq, casefile_id, at, kind, outcome, channel, rule, actor, record, hash,"
               " question",
    "step": "bucket, casefile_id, debt_no, instalment_no, ladder, step, day, decision_seq",
    "outbox": "bucket, casefile_id, outbox_no, decision_seq, channel, party_no, address, template,"
              " step, debts, currency, open_minor, decided_at, not_before, expires_at, state,"
              " state_at, state_reason, attempts",
    "casefile": "bucket, casefile_id, reference, creditor, role, business, created_at, wake_at,"
                " last_no, standing, standing_reason, standing_rule, standing_step,"
                " standing_until, segment, face",
    "bucket_head": "bucket, seq, hash",
    "promise": "bucket, casefile_id, promise_no, currency, minor, made_day, due_day, state,"
               " state_day",
}


class Results:
    def __init__(self, name):
        self.name, self.passed, self.failed = name, 0, 0

    def check(self, right, what, *more):
        """Counts one claim; of what is wrong the first pieces are shown."""
        if right:
            self.passed += 1
            return
        self.failed += 1
        print(f"FAILED {what}" + "".join(f"\n    {piece}" for piece in more[:8]), flush=True)

    def none(self, wrong, what):
        self.check(not wrong, f"{what} ({len(wrong)} times)", *wrong)

    def end(self):
        print(f"{self.name}: {self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0


def skip(why):
    print(f"SKIP {why}")
    sys.exit(0)


def browser_driver():
    """node, which drives a browser by tests/browser/*.mjs; without one the test is skipped."""
    node = shutil.which("node") or skip("there is no node here")
    if not (ROOT / "node_modules/playwright-core").is_dir():
        skip("npm ci did not bring the browser's driver")
    if not any(os.access(f"/usr/bin/{name}", os.X_OK) for name in ("chromium", "chromium-browser")):
        skip("there is no Chromium here")
    return node


def program():
    for candidate in (FAST, CHECKED):
        if os.access(candidate, os.X_OK):
            return candidate
    skip("there is no program in build; run make first")


@contextlib.contextmanager
def scratch(name):
    memory = pathlib.Path("/dev/shm")
    parent = memory if os.access(memory, os.W_OK) else None
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"recoup-{name}-", dir=parent))
    previous = {number: signal.signal(number, lambda *_: sys.exit(1))
                for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for number, handler in previous.items():
            signal.signal(number, handler)


def in_folder(folder, *words):
    """The program at home in this folder; what it says, or the end of the test."""
    done = subprocess.run([os.path.abspath(program()), *words], cwd=folder, capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        sys.exit("%s: %s%s" % (" ".join(words), done.stdout, done.stderr))
    return done.stdout


@contextlib.contextmanager
def serving(book, now=None, *words, err=subprocess.DEVNULL):
    """The pages of a book on a free port; its address."""
    clock = ("--now", now) if now else ()
    server = subprocess.Popen([str(program()), "serve", "--db", str(book), "--listen",
                               "127.0.0.1:0", *clock, *words], stdout=subprocess.PIPE,
                              stderr=err, text=True)
    try:
        said = server.stdout.readline()
        if "http" not in said:
            raise RuntimeError(f"serve said {said!r}")
        yield said.split()[2].rstrip(".")
    finally:
        server.terminate()
        server.wait(30)


class Recoup:
    """The program, with one book."""

    def __init__(self, db, binary=None, environment=None):
        self.db, self.binary = str(db), str(binary or program())
        kept = {k: v for k, v in os.environ.items() if not k.startswith("RECOUP_")}
        self.environment = kept | {"TZ": "UTC", "LC_ALL": "C.UTF-8"} | (environment or {})

    def call(self, *words, environment=None, **options):
        return subprocess.run([self.binary, *map(str, words), "--db", self.db],
                              env=self.environment | (environment or {}), capture_output=True,
                              text=True, check=False, stdin=subprocess.DEVNULL, **options)

    def must(self, *words, **options):
        done = self.call(*words, **options)
        if done.returncode != 0:
            raise RuntimeError(f"recoup {' '.join(map(str, words))}: exit {done.returncode}\n"
                               f"{done.stderr}{done.stdout}")
        return done.stdout

    def json(self, *words, **options):
        return json.loads(self.must(*words, "--json", **options))

    def killed(self, n, *words):
        """Runs with the n-th place deadly: True when it was reached."""
        done = self.call(*words, environment={"RECOUP_KILL_AT": str(n)})
        if done.returncode not in (0, -signal.SIGKILL):
            raise RuntimeError(f"recoup {' '.join(words)}, killed at {n}: "
                               f"exit {done.returncode}\n{done.stderr}")
        return done.returncode != 0

    def findings(self):
        """What prove has to say against the book; an empty list is good."""
        done = self.call("prove", "--json")
        try:
            return [json.dumps(f) for f in json.loads(done.stdout)["findings"]]
        except (ValueError, KeyError):
            return [f"prove ended with {done.returncode}: {done.stderr}{done.stdout}"]


def copy_book(source, target):
    """A book at rest and its log, as files: the copy is the same to the byte."""
    for tail in ("", "-wal"):
        if os.path.exists(f"{source}{tail}"):
            shutil.copyfile(f"{source}{tail}", f"{target}{tail}")


def rows(db, sql, *values):
    connection = sqlite3.connect(db)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def decisions(db, tables=tuple(DECISIONS)):
    return {table: sorted(rows(db, f"SELECT {DECISIONS[table]} FROM {table}"), key=repr)
            for table in tables}


def differences(one, other):
    """The first rows in which two dumps differ; an empty list when they are the same."""
    found = []
    for table in one:
        left, right = set(map(repr, one[table])), set(map(repr, other[table]))
        found += [f"{table} only before: {row[:300]}" for row in sorted(left - right)[:3]]
        found += [f"{table} only after:  {row[:300]}" for row in sorted(right - left)[:3]]
        if len(one[table]) != len(other[table]):
            found.append(f"{table}: {len(one[table])} rows and {len(other[table])}")
    return found
