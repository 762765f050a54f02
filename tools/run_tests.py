#!/usr/bin/env python3
"""Runs every test side by side and sums up. scripts/check builds first and calls this.

  run_tests.py all|quick [--only TEXT] [--scratch FOLDER] [--took NAME=SECONDS…] [--broken NAME…]

What is a test is found, not listed:
  src/**/*_test.c        programs of cmocka, built with sanitizers
  tests/*_cases.c        programs that say "N right, N wrong" or "N passed, N failed"
  tests/*.py             all that can be run, but for *_peer.py, which tests talk to
  tests/fuzz/*.c         each replays its folder of tests/fuzz/corpus
  recoup … test          the cases kept inside rules and strategies
  make clang, cppcheck   other readers of the code

A program that ends badly, or that never says how many tests it ran, counts as failed. One that
speaks of RECOUP_TEST_PG is given an empty database of its own. The last line of all is
"N passed, N failed", and ", N skipped" when some were.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHECK = pathlib.Path("build/check")
TIMES = CHECK / "seconds.json"  # how long each took the last time: the longest go first
LONGEST_S = 1200  # what hangs; a build server may be three times slower than the machine at hand
LINES_SHOWN = 40
SANITIZERS = {
    "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "LSAN_OPTIONS": f"suppressions={ROOT / 'tools' / 'leaks.txt'}:print_suppressions=0",
}


class Job:
    def __init__(self, name, command, count, source=None):
        self.name, self.command, self.count = name, [str(part) for part in command], count
        text = pathlib.Path(source).read_text() if source else ""
        self.wants_database = "RECOUP_TEST_PG" in text
        self.guess = len(text) / 2000 if source else 5  # seconds, until one knows better
        if "Chromium" in text:  # a short text, and long walks
            self.guess = 200
        self.seconds, self.output = 0.0, ""
        self.passed = self.failed = self.skipped = 0


# ---- reading what a program says: (passed, failed, skipped), or None when it says nothing ----

def count_cmocka(output):
    ran = re.findall(r"^\[ +(PASSED|FAILED|SKIPPED) +\] (\d+) test\(s\)", output, re.M)
    if not ran:
        return None
    return tuple(sum(int(n) for word, n in ran if word == wanted)
                 for wanted in ("PASSED", "FAILED", "SKIPPED"))


SUMMARY = re.compile(r"^(?:.*: *)?(\d+) (?:passed|right), (\d+) (?:failed|wrong)"
                     r"(?:, (\d+) skipped)?\b.*$", re.M)


def count_lines(output):
    found = SUMMARY.findall(output)
    skips = len(re.findall(r"^SKIP(?:PED)?\b", output, re.M))
    if not found and not skips:
        return None
    return (sum(int(f[0]) for f in found), sum(int(f[1]) for f in found),
            sum(int(f[2] or 0) for f in found) + skips)


def count_outcome(_output):
    return (1, 0, 0)


def settle(job, code):
    """The counts of a job, with a bad ending that no count explains as one more failure."""
    counts = job.count(job.output)
    if job.count is count_outcome and code != 0:
        counts = (0, 1, 0)
    if counts is None:
        counts = (0, 1, 0)
        job.output += "\nIt ended without saying how many tests it ran.\n"
    job.passed, job.failed, job.skipped = counts
    if code != 0 and job.failed == 0:
        job.failed = 1
        job.output += f"\nIt ended with {ending(code)}.\n"
    if code == 0 and job.failed > 0:
        job.output += "\nIt counted failures and yet ended well.\n"


def ending(code):
    if code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


# ---- what there is to run ----

def knows(program, *words):
    run = subprocess.run([program, *words, "--help"], capture_output=True, text=True, check=False)
    return run.returncode == 0 and run.stdout.strip() != ""


def jobs_of(what):
    program = CHECK / "recoup"
    for source in sorted(pathlib.Path("src").rglob("*_test.c")):
        yield Job(source.stem, [CHECK / source.with_suffix("")], count_cmocka, source)
    for source in sorted(pathlib.Path("tests").glob("*_cases.c")):
        yield Job(source.stem, [CHECK / source.with_suffix("")], count_lines, source)
    for source in sorted(pathlib.Path("tests/fuzz").glob("*.c")):
        corpus = pathlib.Path("tests/fuzz/corpus") / source.stem
        yield Job(f"replay of {source.stem}", [CHECK / source.with_suffix("")] +
                  ([corpus] if corpus.is_dir() else []), count_lines)
    for source in sorted(pathlib.Path("tests").glob("*.py")):
        text = source.read_text()
        if source.stem.endswith("_peer") or "__main__" not in text:
            continue
        if what == "quick" and "browser" in source.stem:
            continue
        yield Job(source.stem, [sys.executable, source], count_lines, source)
    if knows(program, "rules", "test"):
        yield Job("recoup rules test", [program, "rules", "test"], count_lines)
    if knows(program, "strategy", "test"):
        for path in sorted(pathlib.Path("strategies").glob("*.yaml")):
            yield Job(f"strategy {path.stem}", [program, "strategy", "test", path], count_lines)
    if what == "all":
        yield Job("clang warns of nothing", ["make", "-s", "MODE=check", "clang"], count_outcome)
        yield Job("cppcheck suspects nothing", ["make", "-s", "MODE=check", "cppcheck"],
                  count_outcome)


# ---- running ----

def database_url(job):
    """An empty database for one program: tests that run side by side never meet."""
    server = os.environ["RECOUP_TEST_PG"]
    name = re.sub(r"\W", "_", job.name.lower())
    subprocess.run(["psql", "-q", "-X", server, "-c", f"CREATE DATABASE {name}"], check=True,
                   stdin=subprocess.DEVNULL)
    return server.replace("@/postgres?", f"@/{name}?")


def run(job, scratch):
    begin = time.monotonic()
    folder = tempfile.mkdtemp(prefix="test-", dir=scratch)
    environment = os.environ | SANITIZERS | {"TMPDIR": folder, "NO_COLOR": "1",
                                             "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        if job.wants_database and "RECOUP_TEST_PG" in environment:
            environment["RECOUP_TEST_PG"] = database_url(job)
        code = run_in_group(job, environment)
    except (OSError, subprocess.SubprocessError) as error:
        job.output, code = f"It could not be started: {error}\n", 127
    settle(job, code)
    job.seconds = time.monotonic() - begin
    return job


RUNNING = set()


def stop_all(_signal, _frame):
    for group in list(RUNNING):
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass
    os._exit(143)


def run_in_group(job, environment):
    """The program and all that it starts end together, at the latest after LONGEST_S."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(job.command, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        RUNNING.add(process.pid)
        try:
            code = process.wait(timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
            RUNNING.discard(process.pid)
        output.seek(0)
        job.output = output.read().decode(errors="replace")
    if code is None:
        job.output += f"\nIt was stopped after {LONGEST_S} s.\n"
        return 124
    return code


TELLING = re.compile(r"^\[  (ERROR|FAILED)|^FAILED|runtime error:|ERROR: \w+Sanitizer|: error: ")


def telling_lines(output):
    """The lines that say what went wrong, with three after each; or the last ones."""
    lines = output.rstrip().splitlines()
    chosen = sorted({n + more for n, line in enumerate(lines) if TELLING.search(line)
                     for more in range(4) if n + more < len(lines)})
    return [lines[n] for n in chosen[:LINES_SHOWN]] if chosen else lines[-LINES_SHOWN:]


def say(job):
    counts = f"{job.passed} passed" + (f", {job.failed} failed" if job.failed else "") + \
        (f", {job.skipped} skipped" if job.skipped else "")
    mark = "FAILED" if job.failed else "ok"
    print(f"  {mark:6} {job.seconds:6.1f} s  {job.name:32} {counts}", flush=True)


def note_format():
    """Said, not demanded: how far the tree is from clang-format."""
    paths = [str(p) for folder in ("src", "tests") for p in pathlib.Path(folder).rglob("*.[ch]")]
    try:
        run_ = subprocess.run(["clang-format", "--dry-run", *paths], capture_output=True,
                              text=True, check=False)
    except FileNotFoundError:
        return
    files = {line.split(":")[0] for line in run_.stderr.splitlines() if "warning:" in line}
    if files:
        print(f"Note: clang-format would change {len(files)} of {len(paths)} files.")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("what", choices=("all", "quick"))
    arguments.add_argument("--scratch", default=tempfile.gettempdir())
    arguments.add_argument("--took", action="append", default=[])
    arguments.add_argument("--broken", action="append", default=[])
    arguments.add_argument("--only", default="")
    chosen = arguments.parse_args()
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, stop_all)
    signal.signal(signal.SIGINT, stop_all)
    begin = time.monotonic()
    jobs = [job for job in jobs_of(chosen.what) if chosen.only in job.name]
    known = json.loads(TIMES.read_text()) if TIMES.exists() else {}
    jobs.sort(key=lambda job: -known.get(job.name, job.guess))
    # One more than cores: somebody always waits for a timer, a disk or a browser.
    with concurrent.futures.ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        for done in concurrent.futures.as_completed(
                [pool.submit(run, job, chosen.scratch) for job in jobs]):
            say(done.result())
    TIMES.parent.mkdir(parents=True, exist_ok=True)
    TIMES.write_text(json.dumps(known | {job.name: round(job.seconds, 1) for job in jobs}))
    took = [(name, float(seconds)) for name, _, seconds in
            (text.rpartition("=") for text in chosen.took)]
    whole = time.monotonic() - begin + sum(seconds for _, seconds in took)
    if chosen.what == "all":
        note_format()
    slowest = sorted(took + [(job.name, job.seconds) for job in jobs], key=lambda x: -x[1])[:10]
    print(f"Slowest of {whole:.0f} s: " + ", ".join(f"{n} {s:.1f}" for n, s in slowest))
    for job in (job for job in jobs if job.failed):
        print(f"\n==== {job.name}: {job.failed} failed")
        print("\n".join(telling_lines(job.output)))
    passed, failed, skipped = (sum(getattr(job, word) for job in jobs)
                               for word in ("passed", "failed", "skipped"))
    for name in chosen.broken:
        print(f"\n==== {name}: failed; what the compiler says stands above")
    failed += len(chosen.broken)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
