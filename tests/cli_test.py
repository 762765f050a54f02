#!/usr/bin/env python3
"""The command line, as its contract says: command in, exact answer and exit code out.

Runs $RECOUP_BIN, or the newest of build/recoup and build/check/recoup. Needs only Python.
The last line is "cli: N passed, N failed".
"""
import atexit
import functools
import json
import os
import pathlib
import pty
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOON = "2026-11-16T12:00:00Z"
LATER = "2026-11-16T12:05:00Z"
OFFICE = "2026-11-16T16:00:00Z"  # ten in the morning where the debtors are

passed = failed = skipped = 0


def binary():
    if "RECOUP_BIN" in os.environ:
        return str(pathlib.Path(os.environ["RECOUP_BIN"]).resolve())
    built = [p for p in (ROOT / "build/recoup", ROOT / "build/check/recoup") if p.exists()]
    if not built:
        sys.exit("cli: there is no build/recoup; make it first")
    return str(max(built, key=lambda p: p.stat().st_mtime))


BINARY = binary()
KEPT = ("PATH", "HOME", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")


def environment(**more):
    env = {k: v for k, v in os.environ.items() if k in KEPT}
    env.update({"LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": "/nonexistent"})
    env.update({k: str(v) for k, v in more.items()})
    return env


class Ran:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def json(self):
        return json.loads(self.out)


def recoup(*words, cwd=None, env=None, stdin=None, **more):
    done = subprocess.run([BINARY, *map(str, words)], cwd=cwd, env=env or environment(),
                          input=stdin, stdin=None if stdin is not None else subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120, **more)
    return Ran(done.returncode, done.stdout, done.stderr)


def check(truth, what):
    global passed, failed
    if truth:
        passed += 1
    else:
        failed += 1
        print("FAILED", what)


def same(got, wanted, what):
    check(got == wanted, f"{what}\n  wanted {wanted!r}\n  got    {got!r}")


def skip(what):
    global skipped
    skipped += 1
    print("SKIPPED", what)


@functools.lru_cache
def new_book():
    """A book as init makes it; made once, copied often."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="recoup-cli."))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    ran = recoup("init", "--name", "acme", cwd=path)
    assert ran.code == 0, ran.err
    return path / "recoup.db"


class Folder:
    """A folder of its own for each test, with a book in it when asked."""

    def __init__(self, book=False):
        self.book = book

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="recoup-cli."))
        if self.book:
            shutil.copy(new_book(), self.path / "recoup.db")
        return self

    def __exit__(self, *_):
        subprocess.run(["chmod", "-R", "u+w", str(self.path)], check=False)
        shutil.rmtree(self.path, ignore_errors=True)

    def __call__(self, *words, **more):
        return recoup(*words, cwd=self.path, **more)

    def sql(self, statement, *values):
        with sqlite3.connect(self.path / "recoup.db") as book:
            return book.execute(statement, values).fetchall()

    def put(self, name, text):
        (self.path / name).write_text(text)

    def text(self, name):
        return (self.path / name).read_text()


MAP = """map: tiny
title: Two invoices
kind: invoices
file: {delimiter: comma, encoding: utf-8}
dates: yyyy-mm-dd
amounts: {decimal: "."}
debtor:
  reference: "{account}"
  creditor: Acme
  role: first_party_creditor
  business: yes
  name: "{name}"
  places: US-WI
  zones: America/Chicago
  email: "{email}"
debt:
  reference: "{invoice}"
  kind: invoice
  currency: USD
  invoice_day: "{date}"
  due_day: "{due}"
  amount: "{amount}"
"""
ROWS = """account,name,email,invoice,date,due,amount
A-1,Maya Thompson,maya@example.org,INV-1,2026-10-10,2026-11-09,1284.56
A-2,Ken Wolf,ken@example.org,INV-2,2026-10-01,2026-11-10,80.00
"""


def with_invoices(f):
    f.put("tiny.yaml", MAP)
    f.put("rows.csv", ROWS)
    ran = f("import", "invoices", "rows.csv", "--map", "./tiny.yaml", "--now", NOON, "-y")
    check(ran.code == 0, f"two invoices are taken in: {ran.code} {ran.out} {ran.err}")


# ---- help ------------------------------------------------------------------------------------

def test_help():
    ran = recoup("--help")
    same(ran.code, 0, "--help is no error")
    check(ran.out.startswith("recoup collects what is owed"), "--help begins with a sentence")
    same(ran.err, "", "help goes to standard output")
    same(recoup().out, ran.out, "nothing typed is asking for help")
    same(recoup("help").out, ran.out, "help is --help")
    same(recoup("hold", "place", "--help").out, recoup("help", "hold", "place").out,
         "a command's help by both ways")
    same(recoup("hold", "place", "-h").out, recoup("--help", "hold", "place").out,
         "-h anywhere")
    lines = recoup("pay", "record", "--help").out.split("\n")
    order = [lines.index(x) for x in ("Examples", "Usage", "What came", "What it pays")]
    same(order, sorted(order), "examples, usage, flags by meaning")
    check("recoup hold, with one of these verbs:" in recoup("hold", "--help").out,
          "a noun's help lists its verbs")
    same(recoup("account", "--help").out, recoup("help", "account").out, "by both ways, too")
    same(recoup("promise", "--help").out, recoup("help", "promise").out,
         "a noun that is a command has its own")
    check(recoup("--version").out.startswith("recoup "), "--version")
    same(recoup("help", "nonsense").code, 3, "no such topic is exit 3")
    same(recoup("help", "dats").err,
         'Error: there is no command and no topic "dats".\n  Did you mean:  recoup help dates\n',
         "a topic mistyped")


def test_topics():
    for topic in ("formats", "exit-codes", "environment", "config", "dates", "scripting"):
        ran = recoup("help", topic)
        check(ran.code == 0 and len(ran.out) > 200, f"help {topic}")
        check(all(len(line) <= 96 for line in ran.out.split("\n")), f"help {topic} is not wide")


def test_manual_is_current():
    same(recoup("help", "--markdown").out, (ROOT / "docs/commands.md").read_text(),
         "docs/commands.md is current (recoup help --markdown > docs/commands.md)")
    check("(null)" not in recoup("help", "--markdown").out, "each command has two examples")


def test_table_of_rules_is_current():
    same(recoup("rules", "list", "--markdown").out, (ROOT / "docs/rules/table.md").read_text(),
         "docs/rules/table.md is current (recoup rules list --markdown > docs/rules/table.md)")


def test_every_command_has_help():
    manual = recoup("help", "--markdown").out
    names = [line[4:] for line in manual.split("\n") if line.startswith("### ")]
    check(len(names) > 25, "the manual has all commands")
    for name in names:
        ran = recoup(*name.split(), "--help")
        check(ran.code == 0 and "Examples\n  recoup " in ran.out or "recoup" in ran.out,
              f"help of {name}")
        check(all(len(line) <= 110 for line in ran.out.split("\n")), f"help of {name} is not wide")


def test_completion():
    ran = recoup("completion", "bash")
    same(ran.code, 0, "completion bash")
    shell = shutil.which("bash")
    if shell is None:
        skip("completion: there is no bash here")
        return

    def complete(*words):
        script = ran.out + f"""
COMP_WORDS=({' '.join(repr(w) for w in words)}); COMP_CWORD={len(words) - 1}
_recoup; printf '%s\\n' "${{COMPREPLY[@]}}"
"""
        done = subprocess.run([shell, "-c", script], capture_output=True, text=True, timeout=20)
        return done.stdout.split()

    check("explain" in complete("recoup", "ex"), "completes commands")
    same(complete("recoup", "hold", ""), ["place", "lift", "list"], "completes verbs")
    same(complete("recoup", "hold", "place", "--rea"), ["--reason"], "completes flags")
    same(recoup("completion", "tcsh").code, 2, "no other shell")


# ---- words that are wrong ---------------------------------------------------------------------

WRONG = [
    (["stratgy"], 'Error: there is no command "stratgy".\n  Did you mean:  recoup strategy\n'),
    (["strat"], 'Error: there is no command "strat".\n  Try: recoup --help\n'),
    (["pay", "record", "A-1", "--ammount", "5"],
     'Error: "recoup pay record" has no flag --ammount.\n  Did you mean:  --amount\n'),
    (["pay"], 'Error: "recoup pay" needs a verb.\n  Try: recoup pay with one of: record, list, reverse, refund, apply\n'),
    (["hold", "plcae", "A-1"],
     'Error: "recoup hold" has no verb "plcae".\n  Did you mean:  recoup hold place\n'),
    (["pay", "record", "A-1"],
     "Error: --amount is needed.\n  Try: add --amount MONEY, as in:  "
     "recoup pay record FH-20418 --amount 185 --on today --method check --ref 1042\n"),
    (["pay", "record", "--amount", "5"],
     'Error: "recoup pay record" needs ACCOUNT.\n  Try: '
     "recoup pay record FH-20418 --amount 185 --on today --method check --ref 1042\n"),
    (["run", "extra"], 'Error: "recoup run" has no use for "extra".\n'
                       "  Try: recoup run --help\n"),
    (["run", "--now"], "Error: --now needs a value: --now TIME.\n"),
    (["run", "--full=yes"], "Error: --full takes no value.\n"),
    (["run", "--limit", "many"],
     'Error: --limit takes a whole number, and "many" is none.\n'),
    (["run", "--now", "yesterday-ish"],
     'Error: --now takes a moment with its zone, and "yesterday-ish" is none.\n'
     "  Try: --now 2026-11-20T09:00:00-06:00, or a date alone for its noon\n"),
    (["run", "--now", "2026-11-16T09:00:00"],
     'Error: --now takes a moment with its zone, and "2026-11-16T09:00:00" is none.\n'
     "  Try: --now 2026-11-20T09:00:00-06:00, or a date alone for its noon\n"),
    (["explain", "A-1", "--channel", "pigeon"],
     'Error: --channel takes a channel, and there is none called "pigeon".\n'
     "  Try: email, sms, call, letter or portal\n"),
    (["report", "--plain", "--csv"], "Error: --json, --csv and --plain exclude each other.\n"),
    (["run", "--csv"], 'Error: "recoup run" does not answer in rows.\n'),
    (["worker", "--dry-run"], 'Error: "recoup worker" has no dry run.\n'),
    (["init", "-x"], 'Error: "recoup init" has no flag -x.\n  Try: recoup init --help\n'),
    (["run", "--tz", "Moon/Base"],
     'Error: there is no time zone "Moon/Base" (from flag --tz).\n'
     "  Try: a name such as America/New_York\n"),
]


def test_wrong_words():
    with Folder(book=True) as f:
        for words, said in WRONG:
            ran = f(*words)
            same((ran.code, ran.err, ran.out), (2, said, ""), " ".join(words))
        ran = f("run", b"\xff".decode("utf-8", "surrogateescape"))
        same((ran.code, ran.err), (2, "Error: an argument is not text in UTF-8.\n"), "no UTF-8")


def test_errors_as_json():
    with Folder(book=True) as f:
        ran = f("account", "show", "A-9", "--json")
        same(ran.code, 3, "exit code of a JSON error")
        same(ran.json(), {"error": {"code": "not-found", "exit": 3,
                                    "message": 'There is no account "A-9".',
                                    "hint": ["recoup account list"]}}, "JSON error")
        same(ran.err, "", "a JSON error is said once")
        ran = f("stratgy", "--json")
        same(ran.json()["error"]["hint"], ["recoup strategy"], "guesses without their words")
        ran = f("run", "--json", "--nwo", "x")
        same((ran.code, ran.json()["error"]["code"]), (2, "usage"), "usage error as JSON")
        ran = f("account", "show", "A-9", env=environment(RECOUP_FORMAT="json"))
        same(ran.json()["error"]["exit"], 3, "RECOUP_FORMAT=json counts for errors")


def test_flags_anywhere():
    with Folder(book=True) as f:
        same(f("--json", "run", "--now", NOON).code, 0, "before the command")
        same(f("--now", NOON, "run", "--json").code, 0, "around it")
        same(f("--now=" + NOON, "--as-of", NOON, "run", "-n", "--json").code, 0, "=, --as-of")
        same(f("run", "--now", "2026-11-16").out.split("\n")[0],
             "Daily cycle for Mon, Nov 16, 2026, 12:00", "a date is its noon")
        same(f("run", "--now", "2026-11-16", "--tz", "Asia/Tokyo").out.split("\n")[0],
             "Daily cycle for Mon, Nov 16, 2026, 12:00", "in the zone that was given")
        same(f("-nq", "run").out, "", "letters together; quiet")
        same(f("-oanswer.json", "run", "--json").code, 0, "-oFILE")
        check("casefiles" in json.loads(f.text("answer.json")), "the answer is in the file")


# ---- books ------------------------------------------------------------------------------------

def test_init():
    with Folder() as f:
        ran = f("init", "--name", "acme", "--org", "Acme Ltd", "--tz", "Europe/Berlin",
                "--currency", "EUR")
        same((ran.code, ran.err), (0, ""), "init")
        same(ran.out,
             "Made a new book for Acme Ltd in recoup.db.\n"
             "  Time zone Europe/Berlin, money in EUR. Nothing is sent until a channel is set "
             "up.\n"
             "  Who may sign in:  recoup user add EMAIL --role administrator --name NAME\n"
             "  Who messages come from:  recoup setting put email accounts@example.com\n"
             "Next:  recoup import invoices FILE --map MAP --check\n", "init says what it did")
        meta = dict(f.sql("SELECT key, value FROM meta"))
        same([meta[k] for k in ("name", "org", "zone", "currency")],
             ["acme", "Acme Ltd", "Europe/Berlin", "EUR"], "settings of the book")
        check(len(meta["secret"]) == 64, "the book has a secret of its own")
        same(oct((f.path / "recoup.db").stat().st_mode & 0o7), "0o0", "not for everybody's eyes")
        ran = f("init", "--name", "acme")
        same((ran.code, ran.err),
             (7, 'Error: there is a book in "recoup.db" already.\n'
                 "  Try: use it, or name another with --db\n"), "a book is not made twice")
        same(f("init", "--name", "b", "--db", "b.db", "--json").json(),
             {"done": "init", "name": "b", "org": "b", "zone": "UTC", "currency": "USD",
              "next": "recoup import invoices FILE --map MAP --check"}, "init as JSON")
        same(f("init", "--db", "c.db").err,
             "Error: --name is needed.\n  Try: add --name NAME, as in:  recoup init --name "
             'fairhaven --org "Fairhaven Recovery" --tz America/Chicago\n', "name in a script")
        same(f("init", "--name", "x", "--tz", "Nowhere", "--db", "d.db").code, 2, "bad zone")
        same(f("init", "--name", "x", "--currency", "XYZ", "--db", "d.db").code, 2,
             "bad currency")
        check(not (f.path / "d.db").exists(), "a refused init makes nothing")


def test_missing_and_foreign_books():
    with Folder() as f:
        for words in (["run"], ["account", "list"], ["prove"], ["report", "ageing"],
                      ["worker", "--until-idle"], ["pay", "record", "A", "--amount", "1"]):
            ran = f(*words)
            same((ran.code, ran.err.split("\n")[-3:]),
                 (3, ['Error: there is no book at "recoup.db".',
                      "  Try: recoup init --name NAME, or name another with --db", ""]),
                 "no book: " + " ".join(words))
            check(not (f.path / "recoup.db").exists(), "looking makes no book")
        f.put("text.db", "this is no database, but it is long enough to look like a file " * 20)
        same(f("run", "--db", "text.db").code, 1, "no database at all")
        sqlite3.connect(f.path / "other.db").execute("CREATE TABLE t (x)").connection.commit()
        same(f("run", "--db", "other.db").code, 3, "a database, and no book")


def test_older_book():
    with Folder(book=True) as f:
        f.sql("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
        ran = f("run", "--json")
        same((ran.code, ran.json()["error"]["code"]), (7, "db.version"), "an older book is told so")
        ran = f("demo", "--db", "recoup.db", "--no-serve")
        check(ran.code == 7 and "is a real book" in ran.err, f"no demo over it: {ran.err}")
        demo = ("demo", "--accounts", "20", "--no-serve", "--now", NOON)
        same(f(*demo).code, 0, "a demo")
        with sqlite3.connect(f.path / "demo-data/recoup.db") as book:
            book.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
        same(f(*demo).code, 0, "an older demo is made anew")


def test_newer_book():
    with Folder(book=True) as f:
        f.sql("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
        ran = f("run", "--json")
        same(ran.code, 7, "a newer book is a conflict")
        same(ran.json()["error"]["code"], "db.version", "its code")
        check("made by a newer recoup" in ran.json()["error"]["message"], "its sentence")


def test_read_only_folder():
    if os.geteuid() == 0:
        # root may write anywhere: a folder that is mounted read-only would be needed
        skip("read-only folder: run by root")
        return
    with Folder(book=True) as f:
        f.path.chmod(0o500)
        (f.path / "recoup.db").chmod(0o400)
        ran = f("pay", "record", "A-1", "--amount", "5")
        check(ran.code in (1, 3) and "Error: " in ran.err, f"read-only: {ran.code} {ran.err}")
        f.path.chmod(0o700)


def test_folder_that_is_not_there():
    with Folder() as f:
        ran = f("init", "--name", "x", "--db", "nowhere/recoup.db")
        same(ran.code, 1, "init into a folder that is not there")
        check("cannot be opened" in ran.err, ran.err)


# ---- the disk -----------------------------------------------------------------------------------

def few_bytes():
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def test_no_room():
    with Folder() as f:
        ran = f("init", "--name", "x", preexec_fn=few_bytes)
        check(ran.code == 1 and ran.err.startswith("Error: "), f"no room: {ran.code} {ran.err}")
    with Folder(book=True) as f:
        ran = f("rules", "list", "--csv", "-o", "rules.csv", preexec_fn=few_bytes)
        same(ran.code, 1, "an answer that does not fit")
        check("could not be written to rules.csv" in ran.err, ran.err)
        same([p.name for p in f.path.iterdir() if "rules" in p.name], [],
             "half an answer is none")
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([BINARY, "rules"], stdout=full, stderr=subprocess.PIPE,
                                  env=environment(), cwd=f.path, text=True, check=False)
        same((done.returncode, done.stderr),
             (1, "Error: the answer could not be written: No space left on device.\n"
                 "  Try: make room or name another file, then run it again\n"), "/dev/full")


def test_small_disk():
    if os.geteuid() != 0:
        skip("small disk: only root may mount one")
        return
    with Folder() as f:
        disk = f.path / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)],
                                 capture_output=True, check=False)
        if mounted.returncode != 0:
            skip("small disk: mount is not allowed here")
            return
        try:
            ran = f("init", "--name", "x", "--db", "disk/recoup.db")
            same(ran.code, 1, "a full disk")
            check("full" in ran.err, ran.err)
        finally:
            subprocess.run(["umount", str(disk)], check=False)


def test_output_file():
    with Folder(book=True) as f:
        same(f("report", "list", "--plain").out, f("report", "list", "-o", "-").out,
             "piped is plain; - is standard output")
        ran = f("report", "list", "-o", "r.txt")
        same((ran.code, ran.out, ran.err), (0, "", ""), "-o says nothing")
        check(f.text("r.txt").startswith("report\ttitle\n"), "a file is not a terminal")
        f.put("r.txt", "kept")
        same(f("report", "nonsense", "-o", "r.txt").code, 3, "a fault")
        same(f.text("r.txt"), "kept", "after a fault the old file stands")
        same(f("report", "list", "-o", "no/such/r.txt").code, 1, "a folder that is not there")
        same(f("report", "list", "-o", "/dev/null").code, 0, "a device is written to as it is")
        same(sorted(p.name for p in f.path.iterdir() if ".part" in p.name), [], "no parts stay")


def test_reader_goes_away():
    with Folder(book=True) as f:
        done = subprocess.run(["sh", "-c", '"$0" help --markdown; echo $? >&2', BINARY],
                              stdout=open_closed_pipe(), stderr=subprocess.PIPE, text=True,
                              env=environment(), cwd=f.path, check=False)
        same(done.stderr, "0\n", "a reader that went away is no error, and no noise")


def open_closed_pipe():
    read, write = os.pipe()
    os.close(read)
    return write


def test_closed_output():
    with Folder(book=True) as f:
        done = subprocess.run(["sh", "-c", '"$0" run --now "$1" >&-', BINARY, NOON],
                              stderr=subprocess.PIPE, text=True, env=environment(), cwd=f.path,
                              check=False)
        same(done.returncode, 1, "standard output was closed")
        same(f("run", "--now", NOON).code, 0, "and the book is whole")


# ---- answers ----------------------------------------------------------------------------------

def test_run():
    with Folder(book=True) as f:
        ran = f("run", "--json", "--now", NOON)
        keys = list(ran.json())
        same(keys, ["casefiles", "due", "actions", "allowed", "deferred", "denied", "suppressed",
                    "queued_ahead", "books_accrued", "promises_settled", "ladders_ended", "seconds"],
             "keys of run --json")
        same((ran.code, ran.err), (0, ""), "nothing to do is done")
        same(f("run", "--batch", "0").code, 2, "--batch 0")
        same(f("run", "--batch", "5000").code, 2, "--batch 5000")
        with_invoices(f)
        dry = f("run", "--json", "--dry-run", "--now", OFFICE).json()
        same(f.sql("SELECT COUNT(*) FROM outbox"), [(0,)], "a dry run queues nothing")
        real = f("run", "--json", "--now", OFFICE).json()
        same([real[k] for k in keys[:6]], [dry[k] for k in keys[:6]], "a dry run tells the truth")
        check(real["allowed"] > 0, f"something was due, and allowed: {real}")
        same(f("run", "--json", "--now", OFFICE).json()["allowed"], 0, "again: nothing is due")
        ran = f("outbox", "--json")
        same(len(ran.json()["messages"]), real["allowed"], "what was allowed is in the outbox")
        same(f("outbox", "--state", "ready", "--csv", "--no-header").out.count("\n"),
             real["allowed"], "a row for each message")
        same(f("prove").code, 0, "the book is sound")


def test_prove_finds():
    with Folder(book=True) as f:
        with_invoices(f)
        f.sql("UPDATE instalment SET amount_minor = amount_minor + 1")
        ran = f("prove", "--json")
        same(ran.code, 8, "prove exits 8 with findings")
        check(len(ran.json()["findings"]) > 0, "and names them")
        same(f("prove", "-o", "proof.txt").code, 8, "also into a file")
        check("instalment" in f.text("proof.txt").lower(), "which holds them")


def test_import():
    with Folder(book=True) as f:
        f.put("tiny.yaml", MAP)
        f.put("rows.csv", ROWS + "A-3,Odd,odd@example.org,INV-3,2026-10-01,2026-11-31,1,00\n")
        ran = f("import", "invoices", "rows.csv", "--map", "./tiny.yaml", "--check", "--now", NOON)
        same(ran.code, 8, f"a check with findings: {ran.out} {ran.err}")
        same(f.sql("SELECT COUNT(*) FROM casefile"), [(0,)], "a check keeps nothing")
        ran = f("import", "invoices", "rows.csv", "--map", "./tiny.yaml", "--now", NOON,
                "--rejects", "rejects.csv")
        same(ran.code, 5, "more than one row in a hundred: refused")
        check("1 of 3 rows of \"rows.csv\" cannot be taken, more than 1%" in ran.err and "\"rejects.csv\"" in ran.err
              and "--max-rejects 100%" in ran.err and "Mend them there" not in ran.err, f"and what to do: {ran.err}")
        check("2026-11-31" in f.text("rejects.csv"), "the rows are written down all the same")
        same(f.sql("SELECT COUNT(*) FROM casefile"), [(0,)], "nothing is kept")
        (f.path / "rejects.csv").unlink()
        ran = f("import", "invoices", "rows.csv", "--map", "./tiny.yaml", "--now", NOON,
                "--rejects", "rejects.csv", "--max-rejects", "100%", "--json")
        same((ran.code, ran.json()["rejected"]), (9, 1), "partly")
        check((f.path / "rejects.csv").exists(), "the rejects are there")
        same(f.sql("SELECT COUNT(*) FROM casefile"), [(2,)], "the others were taken")
        ran = f("import", "invoices", "rows.csv", "--map", "./tiny.yaml", "--max-rejects", "0",
                "--now", NOON)
        same(ran.code, 5, "past --max-rejects nothing is kept")
        same(f("import", "invoices", "rows.csv", "--map", "./tiny.yaml", "--max-rejects", "x").code,
             2, "--max-rejects x")
        same(f("import", "invoices", "no.csv", "--map", "./tiny.yaml").code, 3, "no file")
        same(f("import", "invoices", "rows.csv", "--map", "nosuch").code, 3, "no map")
        same(f("import", "invoices", "rows.csv").code, 2, "--map is needed")
        same(f("import").code, 2, "import alone")
        f.put("rows.csv", ROWS)
        ran = f("import", "invoices", "rows.csv", "--map", "./tiny.yaml", "--now", NOON)
        same(ran.code, 0, "the same rows again")
        for bad, code, kept in ((2, 9, 198), (3, 5, 0)):
            f.put("many.csv", ROWS.splitlines()[0] + "\n" + "".join(
                f"M{bad}-{n},Odd,odd@example.org,MANY-{bad}-{n},2026-10-01,2026-11-{31 if n < bad else 30},1.00\n" for n in range(200)))
            ran = f("import", "invoices", "many.csv", "--map", "./tiny.yaml", "--now", NOON)
            same(ran.code, code, f"{bad} of 200 rows")
            same(f.sql(f"SELECT COUNT(*) FROM debt WHERE reference LIKE 'MANY-{bad}-%'"), [(kept,)], f"{bad} of 200: kept")


def test_accounts():
    with Folder(book=True) as f:
        with_invoices(f)
        same(f("account", "--now", NOON).out,
             "account\tname\tcreditor\tstanding\treason\tsegment\tcurrency\topen\toldest_due\n"
             "A-1\tMaya Thompson\tAcme\tnew\t\t\tUSD\t1284.56\t2026-11-09\n"
             "A-2\tKen Wolf\tAcme\tnew\t\t\tUSD\t80.00\t2026-11-10\n", "the list, piped")
        same(f("account", "list", "--now", NOON, env=environment(RECOUP_FORMAT="table")).out,
             "Accounts\n\n"
             "Account  Name           Standing       Open  Oldest due\n"
             "A-1      Maya Thompson  new       $1,284.56  2026-11-09\n"
             "A-2      Ken Wolf       new          $80.00  2026-11-10\n", "the list, for people")
        ran = f("account", "list", "--limit", "1", "--csv", "--no-header", "--now", NOON)
        same(ran.out, "A-1,Maya Thompson,Acme,new,,,USD,1284.56,2026-11-09\n", "one, as CSV")
        check("--limit 0" in ran.err, "and says that there are more")
        same(f("account", "--standing", "clear").out.count("\n"), 1, "none is clear")
        same(f("account", "--standing", "clar").err,
             'Error: no account can stand at "clar".\n  Did you mean:  --standing clear\n',
             "a standing mistyped")
        page = f("account", "show", "INV-1", "--json", "--now", NOON).json()
        same(page["account"], "A-1", "found by a debt")
        same(page["debts"][0]["open"], "1284.56", "its debt")
        same(f("account", "list", "--now", "2026-08-01", "--csv", "--no-header").out.split(",")[6],
             "", "before the invoice nothing is open")
        same([r["kind"] for r in f("account", "timeline", "A-1", "--json").json()["timeline"]][-1],
             "debtor", "the timeline begins with the debtor")


def test_payments():
    with Folder(book=True) as f:
        with_invoices(f)
        pay = ["pay", "record", "A-1", "--amount", "185", "--on", "today", "--method", "check",
               "--ref", "1042", "--now", NOON]
        same(f(*pay, "-n").out,
             "Would record $185.00 for A-1 (Maya Thompson), check 1042, Mon, Nov 16, 2026.\n"
             "  Open  $1,284.56 -> $1,099.56\n"
             "Undo:  recoup pay reverse A-1 --ref 1042 --reason failed\n", "a dry run")
        same(f.sql("SELECT COUNT(*) FROM payment"), [(0,)], "which keeps nothing")
        same(f(*pay).out,
             "Recorded $185.00 for A-1 (Maya Thompson), check 1042, Mon, Nov 16, 2026.\n"
             "  Open  $1,284.56 -> $1,099.56\n"
             "Undo:  recoup pay reverse A-1 --ref 1042 --reason failed\n", "a payment")
        same(f(*pay).out, "Already done: payment 1042, for A-1. Nothing was changed.\n",
             "the same again")
        ran = f("pay", "record", "A-1", "--amount", "186", "--on", "today", "--ref", "1042",
                "--now", NOON)
        same((ran.code, ran.err),
             (7, 'Error: payment "1042" of A-1 is on file already, as $185.00 on '
                 "Mon, Nov 16, 2026.\n  Try: give another --ref, or the same amount and day\n"),
             "the same number for another amount")
        ran = f("pay", "record", "A-1", "--amount", "1.005", "--now", NOON)
        same((ran.code, ran.err),
             (2, 'Error: --amount: "1.005" has more decimals than USD, which has 2.\n'),
             "more decimals than there are")
        for amount in ("0", "-5", "five", "USD", "XXY 5", "99999999999999999999"):
            same(f("pay", "record", "A-1", f"--amount={amount}").code, 2, f"amount {amount}")
        same(f("pay", "record", "A-1", "--amount", "5", "--on", "tomorrow", "--now", NOON).err,
             "Error: a payment cannot have come on Tue, Nov 17, 2026, which is not here yet.\n"
             "  Try: add --pending for one that is on its way\n", "money from the future")
        ran = f("pay", "record", "A-1", "--amount", "USD 9.50", "--on", "tomorrow", "--pending",
                "--ref", "p1", "--now", NOON, "--json")
        same(ran.json(),
             {"done": "pay record", "account": "A-1", "payment": "p1",
              "amount": {"amount": "9.50", "currency": "USD", "minor": 950}, "on": "2026-11-17",
              "state": "pending",
              "open": {"amount": "1099.56", "currency": "USD", "minor": 109956},
              "waiting": {"amount": "0.00", "currency": "USD", "minor": 0},
              "undo": "recoup pay reverse A-1 --ref p1 --reason failed"},
             "one on its way, as JSON")
        ran = f("pay", "record", "A-1", "--amount", "9.50", "--on", "2026-11-17", "--ref", "p1",
                "--now", "2026-11-18")
        check("-> $1,090.06" in ran.out, f"it has come: {ran.out}{ran.err}")
        same(f("pay", "record", "A-1", "--amount", "1", "--debt", "INV-2").code, 3,
             "another's debt")
        key = ["pay", "record", "A-2", "--amount", "5", "--key", "k1", "--now", NOON]
        same([f(*key).code, f(*key).out.split(":")[0]], [0, "Already done"], "--key")
        twice = ["pay", "record", "A-2", "--amount", "5", "--now", NOON]
        same([f(*twice).out.split(", ")[1], f(*twice).out.split(", ")[1]],
             ["transfer manual-2026-11-16-1", "transfer manual-2026-11-16-2"],
             "without a number, each is a new one")
        same(f("prove").code, 0, "the book is sound")


def test_facts():
    with Folder(book=True) as f:
        with_invoices(f)
        add = ["fact", "add", "A-1", "bankruptcy", "chapter=7", "status=open", "--party", "1",
               "--now", NOON]
        ran = f(*add)
        check("Noted for A-1 (Maya Thompson): bankruptcy, number" in ran.out, ran.out)
        number = ran.out.split("number ")[1].split(".")[0]
        same(f.sql("SELECT type, party_no, other_no, detail FROM fact"),
             [("bankruptcy", 1, 0, "chapter=7\nstatus=open")], "kept with its fields")
        listed = f("fact", "list", "A-1", "--json", "--now", NOON).json()["facts"]
        same([(row["type"], row["detail"]) for row in listed],
             [("bankruptcy", "chapter=7, status=open")], "listed")
        why = f("explain", "A-1", "--channel", "email", "--check", "--now", OFFICE)
        same(why.code, 6, "the stay holds")
        check("us.bankruptcy.automatic_stay" in why.out, why.out)
        check("Ended bankruptcy of A-1" in f("fact", "end", "A-1", number, "--now", LATER).out,
              "ended")
        same(f("explain", "A-1", "--channel", "email", "--check", "--now", OFFICE).code, 0,
             "and is over")
        same(f("fact", "end", "A-1", number, "--now", OFFICE).code, 3, "it ends once")
        bad = f("fact", "add", "A-1", "bankrupcy", "--now", NOON)
        check(bad.code == 2 and "Did you mean:  bankruptcy" in bad.err, bad.err)
        bad = f("fact", "add", "A-1", "attorney", "letter", "--now", NOON)
        check(bad.code == 2 and "write NAME=VALUE" in bad.err, bad.err)
        bad = f("fact", "add", "A-1", "inconvenient_time", "--hours", "noon", "--now", NOON)
        check(bad.code == 2 and "12:00-13:00" in bad.err, bad.err)
        f("fact", "add", "A-1", "inconvenient_time", "--hours", "09:00-12:30", "--days",
          "mon,tue", "--now", NOON)
        same(f.sql("SELECT weekdays, from_second, to_second FROM fact WHERE type = "
                   "'inconvenient_time'"), [(3, 32400, 45000)], "hours and days")
        same(f("fact", "add", "A-1", "cease", "--until", "2026-11-01", "--now", NOON).code, 2,
             "it would end before it begins")


COLLECTOR = MAP.replace("role: first_party_creditor", "role: third_party_collector") \
    .replace("business: yes", "business: no")


def test_duties():
    with Folder(book=True) as f:
        f.put("tiny.yaml", COLLECTOR)
        f.put("rows.csv", ROWS)
        f("import", "invoices", "rows.csv", "--map", "./tiny.yaml", "-y", "--now", NOON)
        same(f("duty", "list", "--json", "--now", NOON).json()["duties"], [], "nothing is owed")
        f("contact", "log", "A-1", "--channel", "call", "--outcome", "limited-content-voicemail",
          "--now", NOON)
        same(f("duty", "list", "--json", "--now", LATER).json()["duties"], [],
             "a limited-content message begins nothing")
        f("contact", "log", "A-1", "--channel", "call", "--outcome", "conversation",
          "--now", LATER)
        same(f.sql("SELECT purpose FROM contact WHERE outcome = 'conversation'"), [("initial",)],
             "the first talk of a collector is marked")
        owed = f("duty", "list", "--json", "--now", OFFICE).json()["duties"]
        same([(d["account"], d["duty"], d["due"], d["state"], d["rule"]) for d in owed],
             [("A-1", "validation_notice", "2026-11-21", "open", "us.regf.validation_timing")],
             "five days from the talk")
        same(f("duty", "list", "--due-by", "2026-11-20", "--json", "--now", OFFICE)
             .json()["duties"], [], "not due by the day before")
        late = f("duty", "list", "--json", "--now", "2026-11-23T16:00:00Z").json()["duties"]
        same([d["state"] for d in late], ["overdue"], "two days too late")
        f("fact", "add", "A-1", "validation", "provided=2026-11-18", "end_date=2026-12-28",
          "--now", OFFICE)
        same(f("duty", "list", "--json", "--now", "2026-11-23T16:00:00Z").json()["duties"], [],
             "the notice settles it")


def test_holds():
    with Folder(book=True) as f:
        with_invoices(f)
        place = ["hold", "place", "A-1", "--kind", "breathing-space", "--until", "+30d",
                 "--reason", "debt adviser", "--now", NOON]
        same(f(*place).out,
             "‖ Held: A-1 (Maya Thompson), breathing_space: debt adviser. Nothing asks for money "
             "until Wed, Dec 16, 2026 is over.\n  No interest and no fees meanwhile.\n"
             "Undo:  recoup hold lift A-1 --kind breathing_space\n", "a hold")
        same(f(*place).out,
             "Already done: breathing_space hold, for A-1. Nothing was changed.\n"
             "Undo:  recoup hold lift A-1 --kind breathing_space\n", "the same again")
        same(f.sql("SELECT type, scope, value, until_at FROM fact"),
             [("hold", "breathing_space", "debt adviser", 1797465600000000)],
             "until the day is over")
        ran = f("run", "--json", "--now", NOON)
        same(ran.json()["suppressed"].get("held"), 1, f"the cycle holds it: {ran.out}")
        same(f("explain", "A-1", "--channel", "email", "--check", "--now", NOON).code, 6,
             "explain --check exits 6")
        held = ("hold", "list", "--now", LATER)
        same(f(*held, env=environment(RECOUP_FORMAT="table")).out,
             "Holds, the first to end first\n\n"
             "Account  Name           Debt  Kind             Reason        "
             "Since                      Until                      By\n"
             "A-1      Maya Thompson        breathing_space  debt adviser  "
             "2026-11-16T12:00:00+00:00  2026-12-17T00:00:00+00:00  \n", "what is held")
        same(f("hold", "--plain", "--now", LATER).out, f(*held).out, "a bare noun lists")
        same(f("hold", "list", "--now", "2026-12-17").out.count("\n"), 1, "until it ends")
        same([f(*held, "--expiring", within, "--no-header").out.count("\n")
              for within in ("29d", "30d", "5w", "2026-12-16")], [0, 1, 1, 1], "those that end")
        same([f(*held, "--kind", kind, "--no-header").out.count("\n")
              for kind in ("breathing-space", "hardship")], [1, 0], "those of a kind")
        ran = f("hold", "place", "A-1", "--kind", "dispute")
        same([ran.code, "recoup dispute open" in ran.err], [2, True], "a dispute is no hold")
        same(f("fact", "add", "A-1", "dispute").code, 2, "nor a plain fact")
        same(f("hold", "lift", "A-1", "--kind", "breathing_space", "--now", LATER).out,
             "Ended 1 hold of A-1 (Maya Thompson). The next cycle looks at it again.\n", "lifted")
        same(f("hold", "lift", "A-1", "--now", LATER).out,
             "Nothing to do: no such hold of A-1 is open.\n", "nothing to lift is no error")
        same(f("hold", "place", "A-1", "--kind", "review", "--until", "yesterday").code, 2,
             "a hold that is over")
        same(f("hold", "place", "A-1", "--kind", "review", "--until", "someday").err,
             'Error: --until takes a day, and "someday" is none.\n'
             "  Try: 2026-11-20, today, tomorrow, +7d or next fri\n", "no day")
        ran = f("dispute", "open", "A-2", "--reason", "paid", "--debt", "INV-2", "--received",
                "2026-11-14", "--now", NOON)
        same(ran.out, "‖ Held: A-2, debt INV-2 (Ken Wolf), disputed: paid. Nothing asks for money "
                      "until it is answered.\n  Dispute 7, to be answered by Mon, Dec 14, 2026.\n"
                      "Undo:  recoup dispute close A-2 7\n", "a dispute")
        same(f("run", "--json", "--now", LATER).json()["suppressed"].get("disputed"), 1,
             "the cycle leaves it alone")
        same(f("dispute", "--now", LATER).out,
             "account\tname\tdispute\tdebt\tpart\treason\treceived\tanswer_by\tstate\n"
             "A-2\tKen Wolf\t7\tINV-2\tall\tpaid\t2026-11-14\t2026-12-14\topen\n",
             "a bare noun lists")
        same([f("dispute", "list", "--due-within", days, "--no-header", "--now", LATER).out.count("\n")
              for days in ("27d", "28d")], [0, 1], "those to be answered soon")
        same(f("dispute", "list", "--now", LATER, "--tz", "America/Chicago", "--json").json(),
             {"disputes": [{"account": "A-2", "name": "Ken Wolf", "dispute": 7, "debt": "INV-2",
                            "part": "all", "reason": "paid", "received": "2026-11-14",
                            "answer_by": "2026-12-14", "state": "open"}]}, "as JSON")
        same(f("dispute", "close", "A-2", "--now", LATER, "--json").json()["ended"], 1, "closed")
        same(f("dispute", "list", "--csv", "--no-header", "--now", LATER).out, "", "none is open")
        same(f("prove").code, 0, "the book is sound")


def test_promises_and_contacts():
    with Folder(book=True) as f:
        with_invoices(f)
        same(f("promise", "A-1", "--amount", "80", "--by", "fri", "--now", NOON).out,
             "Promise noted: $80.00 by Fri, Nov 20, 2026, from A-1 (Maya Thompson). "
             "Reminders wait for it.\n"
             "Undo:  recoup promise cancel A-1 --promise 7\n", "fri is the next one")
        for typed, day in (("next mon", "2026-11-23"), ("+7d", "2026-11-23"),
                           ("+2w", "2026-11-30"), ("tomorrow", "2026-11-17"),
                           ("2026-12-24", "2026-12-24")):
            ran = f("promise", "A-1", "--amount", "1", "--by", typed, "-n", "--json", "--now", NOON)
            same(ran.json()["by"], day, typed)
        same(f("promise", "A-1", "--amount", "1", "--by", "yesterday", "--now", NOON).code, 2,
             "a promise for the past")
        once = ["promise", "--key", "k1", "--amount", "5", "A-2", "--by", "2026-11-18", "--now"]
        same(f(*once, NOON).out,
             "Promise noted: $5.00 by Wed, Nov 18, 2026, from A-2 (Ken Wolf). Reminders wait for "
             "it.\n"
             "Undo:  recoup promise cancel A-2 --promise 7\n", "a promise with a key")
        for at in (LATER, "2026-11-30"):
            ran = f(*once, at)
            same((ran.code, ran.out),
                 (0, "Already done: promise of $5.00 by Wed, Nov 18, 2026, for A-2. Nothing was "
                     "changed.\n"), f"the same again, {at}")
        same(f(*once, LATER, "--json").json()["already_done"],
             "promise of $5.00 by Wed, Nov 18, 2026", "as JSON")
        for words in (["A-2", "--amount", "6"], ["A-1", "--amount", "5"]):
            ran = f("promise", *words, "--by", "2026-11-18", "--key", "k1", "--now", LATER)
            same((ran.code, ran.err),
                 (7, 'Error: the key "k1" was used before, for something else.\n'
                     "  Try: give each its own --key\n"), "the same key, something else")
        same(f("promise", "A-1", "--amount", "5", "--by", "today", "--key", "").code, 2, "no key")
        same(f("promise").out,
             "account\tname\tpromise\tmade\tdue\tcurrency\tamount\tstate\n"
             "A-2\tKen Wolf\t7\t2026-11-16\t2026-11-18\tUSD\t5.00\topen\n"
             "A-1\tMaya Thompson\t7\t2026-11-16\t2026-11-20\tUSD\t80.00\topen\n",
             "a bare noun lists")
        ran = f("promise", "--limit", "1", "--no-header")
        same((ran.out.count("\n"), ran.err),
             (1, "More promises are not shown: --limit N, or --limit 0 for all.\n"), "a limit")
        same(f("promise", "list", "--state", "partly-kept").out.count("\n"), 1, "none is")
        same(f("promise", "--state", "opne").err,
             'Error: no promise can be "opne".\n  Did you mean:  --state open\n',
             "a state mistyped")
        same(f("contact", "log", "A-1", "--channel", "call", "--outcome", "no-answer", "--at",
               "2026-11-16T10:00:00Z", "--now", NOON).out,
             "Logged a call to A-1 (Maya Thompson): no_answer, Mon, Nov 16, 2026, 10:00.\n",
             "a call")
        same(f("contact", "log", "A-1", "--channel", "email", "--outcome", "mesage").err,
             'Error: there is no outcome "mesage".\n  Did you mean:  --outcome message\n',
             "an outcome mistyped")
        same(f("contact", "log", "A-1", "--channel", "call", "--outcome", "busy", "--at",
               "2026-11-17", "--now", NOON).code, 2, "a call in the future")
        out = ["contact", "opt-out", "A-1", "--channel", "sms"]
        same(f(*out, "--now", NOON).out, "Noted for A-1 (Maya Thompson): no more by sms.\n", "stop")
        same(f(*out, "--now", LATER).out.split(":")[0], "Already done", "stop twice is once")
        same(f("contact", "consent", "A-1", "--channel", "sms", "--now", LATER).code, 0, "start")
        same(f.sql("SELECT COUNT(*) FROM fact WHERE type = 'opt_out' AND until_at > 1794830700000000"),
             [(0,)], "start ends stop")
        f("contact", "prefer", "A-1", "--channel", "email", "--now", NOON)
        f("contact", "prefer", "A-1", "--channel", "letter", "--now", LATER)
        same(f.sql("SELECT channel FROM fact WHERE type = 'preference' AND "
                   "until_at = 9223372036854775807"), [("letter",)], "one preference at a time")
        stated = "America/Chicago (stated by tiny)"
        located = ["contact", "location", "A-1", "--zone", "America/Denver"]
        same(f(*located, "--now", NOON).out,
             "Noted for A-1 (Maya Thompson): America/Denver.\n"
             "May be in America/Denver (they said so on 2026-11-16).\n", "where they are")
        same(f(*located, "--now", LATER).out.split(":")[0], "Already done", "said twice is once")
        same(json.loads(f("explain", "A-1", "--now", LATER, "--json").out)["zones"],
             "America/Denver (they said so on 2026-11-16)", "explain says whence")
        f("contact", "location", "A-1", "--place", "US-CO", "--now", LATER)
        same(f.sql("SELECT value FROM fact WHERE type = 'location_confirmed' AND "
                   "until_at = 9223372036854775807"), [("US-CO",)], "one location at a time")
        same(f("contact", "location", "A-1", "--forget", "--now", LATER).out.split("\n")[1],
             f"May be in {stated}.", "it no longer holds")
        same(json.loads(f("account", "show", "A-1", "--json").out)["zones"], stated, "shown")
        for wrong in ([], ["--forget", "--zone", "UTC"], ["--zone", "Moon/Base"],
                      ["--place", "US-XX"]):
            same(f("contact", "location", "A-1", *wrong).code, 2, f"location {wrong}")
        same(f("prove").code, 0, "the book is sound")


def test_contact_check():
    with Folder(book=True) as f:
        with_invoices(f)
        f("contact", "prefer", "A-1", "--channel", "email", "--now", NOON)
        same(f("contact", "check", "A-1", "--now", OFFICE,
               env=environment(RECOUP_FORMAT="table")).out.split("\n")[0],
             "A-1  Maya Thompson, Mon, Nov 16, 2026, 10:00 in America/Chicago", "who and when")
        early = ("contact", "check", "A-1", "--now", NOON)
        same([[x.strip() for x in line.split("  ") if x] for line in
              f(*early, "--ascii", env=environment(RECOUP_FORMAT="table")).out.split("\n")[2:4]],
             [["Channel", "State", "Why", "Opens", "Source", "What would allow it"],
              ["email", "! Later", "Outside office hours (Monday to Friday, 07:00 to 19:00) where "
               "the business is.", "Mon, Nov 16, 2026, 07:00", "House rule on office hours",
               "They write or call first: then one answer may go to them, and it does not ask "
               "for money."]],
             "the panel")
        same(f("contact", "check", "INV-1", "--channel", "email", "--json", "--now", OFFICE).json(),
             {"account": "A-1", "name": "Maya Thompson", "at": "2026-11-16T10:00:00-06:00",
              "channels": [{"channel": "email", "state": "allowed", "why": "they like it best",
                            "opens": "2026-11-16T10:00:00-06:00", "source": None,
                            "rule": None, "would_allow": None}]}, "one channel, as JSON")
        same(f(*early, "--no-header").out.split("\n")[1],
             "letter\tblocked\tno good address is known\t\t\t\t", "no address")
        same(f("contact", "check", "A-9").code, 3, "no such account")


def changes(ways):
    return [[change["change"] for change in way["changes"]] for way in ways]


def test_explain_why_not():
    with Folder(book=True) as f:
        with_invoices(f)
        f("contact", "opt-out", "A-1", "--channel", "email", "--now", NOON)
        ask = ("explain", "A-1", "--channel", "email", "--now", OFFICE)
        said = f(*ask).out
        check("      What would allow it\n"
              "        They open email to this address again, of their own accord; nobody asks "
              "them to.\n        or: They write or call first: then one answer may go to them, "
              "and it does not ask for money.\n" in said, f"what would allow it: {said}")
        got = f(*ask, "--json").json()["channels"][0]
        same([got["opens"], got["would_allow"]["outcome"], changes(got["would_allow"]["ways"]),
              got["would_allow"]["ways"][0]["opens"],
              got["would_allow"]["ways"][0]["changes"][0]["rule"], got["instead"]],
             [None, "found", [["reopened"], ["they_ask"]], OFFICE, "house.opt_out", None],
             "as JSON; there is no other channel")
        f("contact", "consent", "A-1", "--channel", "email", "--now", LATER)
        same(f(*ask, "--check").code, 0, "and so it is, once they did")
        got = f(*ask, "--at", "2026-11-16T21:00:00-06:00", "--json").json()
        same([got["at"], got["contact_at"], got["channels"][0]["ruling"],
              got["channels"][0]["opens"], changes(got["channels"][0]["would_allow"]["ways"])],
             [OFFICE, "2026-11-17T03:00:00Z", "defer", "2026-11-17T13:00:00Z", [["they_ask"]]],
             "at another moment")
        f("hold", "place", "A-2", "--kind", "review", "--now", NOON)
        f("dispute", "open", "A-2", "--reason", "paid", "--debt", "INV-2", "--now", NOON)
        got = f("explain", "A-2", "--channel", "email", "--now", OFFICE, "--json").json()
        same(changes(got["channels"][0]["would_allow"]["ways"]), [["they_ask"]],
             "a hold and a dispute need two changes; a question of theirs is one")


def test_reports():
    with Folder(book=True) as f:
        with_invoices(f)
        same(f("report", "aging", "--csv", "--now", NOON).out,
             f("report", "ageing", "--csv", "--now", NOON).out, "aging is ageing")
        check(isinstance(f("report", "ageing", "--json").json(), dict), "a report as JSON")
        for period in ("30d", "2026-10", "2026-01..2026-06", "2026-01-15..2026-02-14"):
            same(f("report", "kpi", "--period", period).code, 0, f"--period {period}")
        for period in ("30", "2026-13", "x..y", "2026-06..", "0d"):
            same(f("report", "kpi", "--period", period).code, 2, f"--period {period}")
        same(f("report", "kpii").err, 'Error: there is no report "kpii".\n'
                                      "  Did you mean:  recoup report kpi\n", "no such report")
        same(f("report", "activity", "--from", "2026-11-01", "--to", "today", "--by-day", "--plain",
               "--no-header", "--now", NOON).code, 0, "activity by day")


def test_rules():
    with Folder() as f:
        ran = f("rules", "test", "--json")
        same((ran.code, ran.json()["failed"]), (0, 0), "rules test")
        check(ran.json()["passed"] > 50, "there are cases")
        ran = f("rules", "mutate", "us.ny", "--json")
        count = ran.json()
        check(ran.code == 0 and 0 < count["changed"] == count["noticed"], f"rules mutate: {count}")
        same(f("rules", "mutate", "us.mars").code, 3, "no such pack")
        check(f("rules").out.startswith("rule\tstrength\ttitle\tcitation\tpack\n"), "rules list")
        f.put("bad.jsonl", "this is no JSON\n")
        ran = f("rules", "judge", "bad.jsonl")
        same(ran.code, 5, "lines that cannot be read")
        check('"line":1' in ran.out.replace(" ", ""), f"are named: {ran.out}")
        same(f("rules", "judge", "none.jsonl").code, 3, "no such file")
        f.put("two.jsonl", "".join(json.dumps({
            "packs": ["house"], "actor": {"role": "first_party_creditor"},
            "person": {"zones": ["Europe/Berlin"]}, "debts": [{"id": "D1", "kind": "invoice"}],
            "facts": facts, "history": [],
            "proposed": {"at": "2026-06-09T22:00:00+02:00", "channel": "sms", "to": "P1",
                         "debts": ["D1"]}}) + "\n" for facts in (
                [], [{"type": "opt_out", "scope": "medium", "channel": "sms",
                      "at": "2026-06-01"}])))
        plain = [json.loads(line) for line in f("rules", "judge", "two.jsonl").out.splitlines()]
        told = [json.loads(line) for line in
                f("rules", "judge", "two.jsonl", "--why").out.splitlines()]
        same([{k: v for k, v in line.items() if k not in ("first_allowed", "would_allow")}
              for line in told], plain, "--why only adds")
        same([[line["first_allowed"], changes(line["would_allow"]["ways"])] for line in told],
             [["2026-06-10T06:00:00Z", [["hour_agreed"], ["they_ask"]]],
              [None, [["reopened"], ["they_ask"]]]], "when, and by what")
        (f.path / "own/rules").mkdir(parents=True)
        f.put("own/rules/house.yaml", "pack: house\nnonsense: 1\n")
        ran = f("rules", "list", "--files", "own")
        same(ran.code, 5, "a pack that is refused")
        check("house.yaml:" in ran.err, f"with its place: {ran.err}")
        same(f("rules", env=environment(RECOUP_FILES="own")).code, 5, "RECOUP_FILES")


def test_strategies():
    with Folder() as f:
        check(f("strategy").out.startswith("strategy\ttitle\torder"), "strategy list")
        f.put("bad.yaml", "strategy: x\n")
        ran = f("strategy", "check", "bad.yaml", "b2b-invoices")
        same(ran.code, 8, "a check that finds something")
        same(ran.out,
             "bad.yaml\n"
             '  ✗ bad.yaml:1:1: "title" is missing here\n\n'
             "b2b-invoices\n  ✓ format and names\n\n1 problem, 0 warnings\n", "a refused file")
        same([x["ok"] for x in f("strategy", "check", "bad.yaml", "b2b-invoices",
                                 "--json").json()["files"]], [False, True], "as JSON")
        text = (ROOT / "strategies/b2b-invoices.yaml").read_text()
        f.put("draft.yaml", text.replace("14, channels: [email, letter]", "8, channels: [email]"))
        ran = f("strategy", "check", "draft.yaml", "--ascii")
        same((ran.code, ran.out.split("\n")[1:]),
             (0, ["  ok format and names",
                  '  ! line 28  step "final_notice" lies 1 days after "past_due", but the gap is '
                  "3: it comes 2 days late, or is overtaken by the next",
                  '  ! line 42  step "final_notice" lies 1 days after "past_due", but the gap is '
                  "3: it comes 2 days late, or is overtaken by the next",
                  '  ! line 58  step "final_notice" has another day here (14) than in ladder '
                  '"small" (8): whoever changes the segment may hear it twice', "",
                  "0 problems, 3 warnings", ""]), "warnings are no problems")
        f.put("draft.yaml", text.replace("template: letter-of-demand", "template: demand", 1))
        ran = f("strategy", "check", "draft.yaml", "--json")
        same((ran.code, ran.json()),
             (8, {"files": [{"file": "draft.yaml", "ok": False, "findings": [
                 {"weight": "problem", "line": 29,
                  "text": 'step "letter_of_demand" wants the letter letters/en/demand.md, which '
                          "does not exist"}]}], "problems": 1, "warnings": 0}), "a problem")
        same(f("strategy", "check", "none.yaml").code, 3, "no such file")


DIFFERENT = """segments
- small        total_open_minor < 25000                 -> small
+ small        total_open_minor < 2500000               -> small

ladder small
+ day   0  due_today            email            due-today
"""


def test_strategy_diff():
    with Folder() as f:
        ran = f("strategy", "diff", "b2b-invoices", "b2b-invoices", "--exit-code")
        same((ran.code, ran.out, ran.err), (0, "They are the same.\n", ""), "no difference")
        text = (ROOT / "strategies/b2b-invoices.yaml").read_text()
        f.put("draft.yaml", text + "\n# another\n")
        ran = f("strategy", "diff", "b2b-invoices", "draft.yaml", "--exit-code")
        same((ran.code, ran.out, ran.err),
             (8, "They do the same; the files differ elsewhere.\n", ""), "a remark")
        f.put("draft.yaml", text.replace("< 25000", "< 2500000").replace(
            "      - {id: past_due,", "      - {id: due_today, after_due: 0, channels: [email], "
            "template: due-today}\n      - {id: past_due,", 1))
        ran = f("strategy", "diff", "b2b-invoices", "draft.yaml", "--exit-code")
        same((ran.code, ran.out, ran.err),
             (8, DIFFERENT, "There is no book here: nobody's next step is compared.\n"),
             "the lines that differ")
        diff = ("strategy", "diff", "b2b-invoices", "draft.yaml", "--now", "2026-11-09T16:00:00Z")
        same(f(*diff, "--db", "none.db").code, 3, "a book that was named is there")
        same(f("strategy", "diff", "b2b-invoices", "nosuch").code, 3, "no such strategy")
        f("init", "--name", "x")
        ran = f(*diff)
        same((ran.code, ran.out),
             (0, DIFFERENT + "\n0 of 0 accounts would get another next step.\n"), "no accounts")
        with_invoices(f)
        ran = f(*diff)
        same((ran.code, ran.out),
             (0, DIFFERENT + "\n0 of 2 accounts would get another next step.\n"
                 "1 account would get the same step in another segment or by another channel.\n"),
             "nobody's next step")
        late = (*diff[:-1], "2026-11-13T16:00:00Z", "--json")
        got = f(*late).json()
        same([got["same"], got["lines"][0], got["accounts"], got["another_step"], got["moves"]],
             [False, {"of": "old", "place": "segments",
                      "text": "small        total_open_minor < 25000                 -> small"},
              2, 1, [{"from": "waiting", "to": "due_today", "count": 1, "accounts": ["A-2"]}]],
             "as JSON")
        same(f(*late[:-1]).out.split("\n\n")[-1],
             "1 of 2 accounts would get another next step.\n"
             "       1  waiting -> due_today: A-2\n"
             "1 account would get the same step in another segment or by another channel.\n",
             "and for people")



def test_strategy_cases():
    with Folder() as f:
        ran = f("strategy", "test", "--json")
        same((ran.code, ran.json()["failed"]), (0, 0), f"the cases of strategies: {ran.err}")
        check(ran.json()["passed"] > 0, "there are some")
        same(f("strategy", "test", "b2b-invoices").code, 0, "one alone")
        same(f("strategy", "test", "nosuch").code, 3, "no such strategy")
        alone = [f("strategy", "test", row["strategy"], "--json").json()["passed"]
                 for row in f("strategy", "--json").json()["strategies"]]
        same(ran.json()["passed"], sum(alone), "all of them are those of each")
        text = (ROOT / "strategies/b2b-invoices.yaml").read_text()
        f.put("draft.yaml", text.replace("after_due: 7,", "after_due: 8,"))
        ran = f("strategy", "test", "draft.yaml")
        check(ran.code == 8 and "✗ draft.yaml:" in ran.out and " failed\n" in ran.out, ran.out)


def fetch(address):
    with urllib.request.urlopen(address, timeout=20) as page:
        return page.status, page.read().decode()


def test_serve():
    with Folder(book=True) as f:
        serving = subprocess.Popen([BINARY, "serve", "--listen", "127.0.0.1:0", "--log", "off"], cwd=f.path,
                                   env=environment(), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        said = serving.stdout.readline()
        check(said.startswith("Serving at http://127.0.0.1:"), said)
        status, page = fetch(said.split()[2].rstrip("."))
        check(status == 200 and "<html" in page, "a page is there")
        serving.send_signal(signal.SIGINT)
        _, err = serving.communicate(timeout=20)
        same((serving.returncode, "Nobody can sign in yet" in err), (0, True), "Ctrl-C ends it well")
        same(f("serve", "--listen", "nonsense").code, 2, "no address")
        same(f("serve", "--db", "none.db").code, 3, "no book")


# ---- settings ---------------------------------------------------------------------------------

def test_settings():
    with Folder() as f:
        def value(key, **env):
            rows = f("doctor", "--settings", "--json", env=environment(**env)).json()["settings"]
            return next((r["value"], r["source"]) for r in rows if r["setting"] == key)

        same(value("db"), ("recoup.db", "built in"), "the built-in book")
        (f.path / "home/recoup").mkdir(parents=True)
        f.put("home/recoup/recoup.yaml", "db: of-user.db\nzone: Europe/Paris\n")
        home = {"XDG_CONFIG_HOME": f.path / "home"}
        same(value("db", **home), (str(f.path / "home/recoup/of-user.db"),
                                   str(f.path / "home/recoup/recoup.yaml")), "the user's file")
        f.put("recoup.yaml", "db: of-folder.db\nchannels: {letter: {folder: out}}\n")
        same(value("db", **home), ("of-folder.db", "./recoup.yaml"), "./recoup.yaml wins")
        same(value("zone", **home)[0], "Europe/Paris", "key by key")
        same(value("channels.letter.folder"), ("out", "./recoup.yaml"), "a channel")
        same(value("db", RECOUP_DB="env.db", **home), ("env.db", "RECOUP_DB"), "the environment")
        f.put("secret", "postgres://me:word@host/book\n")
        same(value("db", RECOUP_DATABASE_FILE="secret"),
             ("postgres://me:***@host/book", "RECOUP_DATABASE_FILE"), "a password is not shown")
        ran = f("account", "--db", "postgres://me:word@127.0.0.1:1/book")
        check(ran.code == 10 and "word" not in ran.err, f"nor in an error: {ran.err}")
        ran = f("account", "--db", "postgres:/me:word@127.0.0.1:1/book")
        same(ran.code, 3, "an address mistyped is a file that is not there")
        ran = f("doctor", "--settings", "--json", "--db", "flag.db",
                env=environment(RECOUP_DB="env.db"))
        same(ran.json()["settings"][0], {"setting": "db", "value": "flag.db",
                                         "source": "flag --db"}, "a flag wins")
        f.put("recoup.yaml", "db: a.db\nchanels: {}\n")
        ran = f("run")
        same((ran.code, ran.err),
             (5, 'Error: ./recoup.yaml:2:1: "chanels" is not known here; did you mean '
                 '"channels"?\n'), "a key that is not known")
        same(f("run", "--config", "none.yaml").code, 3, "--config that is not there")
        f.put("recoup.yaml", "channels: {email: {smtp: x, tls: maybe}}\n")
        f("init", "--name", "x")
        same(f("worker", "--until-idle").code, 2, "tls: maybe")


def test_doctor():
    with Folder() as f:
        same(f("doctor").code, 8, "without a book there is a problem")
        f("init", "--name", "x")
        f.put("recoup.yaml", "channels: {folder: sent}\n")
        ran = f("doctor", "--json")
        same((ran.code, [r["state"] for r in ran.json()["findings"]][:3]), (0, ["ok"] * 3),
             f"all is well: {ran.out}")
        same(f("setting", "put", "email", "nonsense").code, 2, "no mailbox")
        same(f("setting", "put", "emial", "a@b.example").err,
             'Error: there is no setting "emial".\n'
             "  Did you mean:  recoup setting put email\n", "no such setting")
        same(f("setting", "put", "email", "a@b.example", "-n").out,
             "Would set email: a@b.example\n", "a dry run")
        same(f("setting", "put", "email", "a@b.example").out, "Set email: a@b.example\n", "put")
        rows = f("setting", "--json").json()["settings"]
        same(next(r["value"] for r in rows if r["setting"] == "email"), "a@b.example", "and kept")


def test_worker():
    with Folder(book=True) as f:
        ran = f("worker", "--until-idle", "--json", "--now", NOON)
        same((ran.code, ran.json()), (0, {"sent": 0, "refused": 0, "expired": 0, "deferred": 0,
                                          "unsure": 0, "failed": 0}), "nothing to send")
        check("No channel is set up" in ran.err, "it says that no channel is set up")
        with_invoices(f)
        f.put("recoup.yaml", "channels: {folder: sent}\n")
        queued = f("run", "--json", "--now", OFFICE).json()["allowed"]
        sent = f("worker", "--until-idle", "--json", "--now", OFFICE).json()["sent"]
        check(queued > 0, "messages were queued")
        same((sent, len(list((f.path / "sent").iterdir()))), (queued, queued), "and delivered")
        same(f("worker", "--until-idle", "--json", "--now", OFFICE).json()["sent"],
             0, "once")
        same(f("outbox", "settle", "1.1.1").code, 2, "settle needs to know")
        same(f("outbox", "settle", "1.1.1", "--sent").code, 3, "no such message")
        same(f("prove").code, 0, "the book is sound")


def test_worker_stops():
    with Folder(book=True) as f:
        for number in (signal.SIGINT, signal.SIGTERM):
            worker = subprocess.Popen([BINARY, "worker"], cwd=f.path, env=environment(),
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            worker.stderr.readline()  # it is ready to be told
            worker.stderr.readline()
            time.sleep(0.1)
            worker.send_signal(number)
            try:
                same(worker.wait(20), 0, f"a worker ends well by {number.name}")
            except subprocess.TimeoutExpired:
                worker.kill()
                check(False, f"a worker ends by {number.name}")
            worker.communicate()


def test_demo():
    with Folder() as f:
        demo = ["demo", "--accounts", "30", "--no-serve", "--now", NOON]
        ran = f(*demo)
        same(ran.code, 0, f"demo: {ran.err}")
        check("30 accounts and their history" in ran.out, ran.out)
        same(f("prove", "--db", "demo-data/recoup.db").code, 0, "its book is sound")
        first = f("account", "--db", "demo-data/recoup.db", "--now", NOON).out
        same(f(*demo).code, 0, "again")
        same(f("account", "--db", "demo-data/recoup.db", "--now", NOON).out, first,
             "the same seed, the same people")
        same(f("demo", "--remove").out, "Removed the demo in demo-data/recoup.db.\n", "removed")
        check(not (f.path / "demo-data").exists(), "wholly")
        same(f("demo", "--remove").code, 0, "twice is no error")
        f("init", "--name", "real")
        ran = f("demo", "--db", "recoup.db", "--no-serve")
        same((ran.code, ran.err),
             (7, 'Error: "recoup.db" is a real book, and no demo; it was left alone.\n'
                 "  Try: recoup demo in another folder, or with another --db\n"), "a real book")
        same(f("demo", "--remove", "--db", "recoup.db").code, 7, "is not removed either")
        same(f("account").code, 0, "and is there")
        same(f("demo", "--kind", "strange", "--no-serve").code, 2, "no such kind")


# ---- terminals --------------------------------------------------------------------------------

def on_terminal(words, cwd, answer=None, env=None):
    """Runs with a terminal as all three streams; what it shows."""
    main, side = pty.openpty()
    process = subprocess.Popen([BINARY, *words], cwd=cwd, stdin=side, stdout=side, stderr=side,
                               env=env or environment(TERM="xterm"), close_fds=True)
    os.close(side)
    if answer is not None:
        os.write(main, answer.encode())
    shown = b""
    try:
        while piece := os.read(main, 4096):
            shown += piece
    except OSError:
        pass
    os.close(main)
    return process.wait(20), shown.decode().replace("\r\n", "\n")


def test_terminal():
    with Folder() as f:
        code, shown = on_terminal(["init"], f.path, "fairhaven\n")
        same(code, 0, f"init asks on a terminal: {shown}")
        check("Made a new book for fairhaven" in shown, shown)
        code, shown = on_terminal(["report"], f.path)
        check("\x1b[2mReport" in shown, f"headers are dim: {shown!r}")
        code, shown = on_terminal(["report"], f.path, env=environment(TERM="xterm", NO_COLOR="1"))
        check("\x1b" not in shown, f"NO_COLOR: {shown!r}")
        code, shown = on_terminal(["report", "--no-color"], f.path)
        check("\x1b" not in shown and "Report  " in shown, f"--no-color: {shown!r}")
        code, shown = on_terminal(["report"], f.path, env=environment(TERM="dumb"))
        check("\x1b" not in shown, f"TERM=dumb: {shown!r}")
        ran = f("hold", "place", "A", "--kind", "review", "--ascii")
        check(ran.code == 3, "nothing to hold")
        plain = environment(LC_ALL="C")
        check(f("doctor", "--json", env=plain).out.isascii(), "ASCII where the locale is")


def test_interrupt():
    with Folder(book=True) as f:
        reading = subprocess.Popen([BINARY, "rules", "judge", "-"], cwd=f.path, env=environment(),
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        time.sleep(0.5)
        reading.send_signal(signal.SIGINT)
        _, said = reading.communicate(timeout=20)
        same(reading.returncode, 130, "Ctrl-C is 130")
        check("the same command goes on" in said, said)


def main():
    for name, test in list(globals().items()):
        if name.startswith("test_") and (len(sys.argv) < 2 or sys.argv[1] in name):
            try:
                test()
            except Exception as problem:  # one broken test must not hide the others
                check(False, f"{name}: {type(problem).__name__}: {problem}")
    print(f"cli: {passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
