#!/usr/bin/env python3
"""scripts/deps on machines that lack something, played by stand-ins for apt-get and its kin; and
the counting of tools/run_tests.py, on programs that fail in the ways programs fail."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
sys.dont_write_bytecode = True
import run_tests  # noqa: E402

passed = failed = 0


def check(what, fine, shown=""):
    global passed, failed
    if fine:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {what}\n{shown}")


# ---- scripts/deps ----

# Knows the packages that $INSTALLED names; what apt-get installs is installed from then on.
DPKG = """#!/bin/sh
case "$1$2" in *Depends*) echo "clang-14 (>= 14~)"; exit 0 ;; esac
shift 2
for name; do grep -qx "$name" "$INSTALLED" && echo "$name installed"; done
exit 1
"""
APT = """#!/bin/sh
echo "apt-get $*" >>"$CALLED"
for word; do
    [ "$word" = "$BROKEN" ] && { echo "E: no such luck with $word"; exit 100; }
    echo "$word" >>"$INSTALLED"
done
exit 0
"""
ID = "#!/bin/sh\necho ${PLAYED_UID}\n"
SUDO = '#!/bin/sh\necho "sudo $*" >>"$CALLED"\nexec "$@"\n'
NPM = '#!/bin/sh\necho "npm $*" >>"$CALLED"\nmkdir -p node_modules\n'
TOOLS = ("bash", "sh", "env", "comm", "printf", "sort", "sed", "xargs", "mktemp", "rm", "tail",
         "dirname", "grep", "cat", "echo", "mkdir", "touch")


class Machine:
    """A folder with a copy of the script and a PATH on which only stand-ins are found."""

    def __init__(self, folder, fakes, uid=0, installed=(), broken="", lock=False):
        self.root = pathlib.Path(folder) / "tree"
        self.bin = pathlib.Path(folder) / "bin"
        self.installed = pathlib.Path(folder) / "installed"
        self.called = pathlib.Path(folder) / "called"
        (self.root / "scripts").mkdir(parents=True)
        self.bin.mkdir()
        shutil.copy(ROOT / "scripts" / "deps", self.root / "scripts" / "deps")
        for tool in TOOLS:
            if shutil.which(tool):
                (self.bin / tool).symlink_to(shutil.which(tool))
        for name, text in fakes.items():
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)
        if lock:
            (self.root / "package-lock.json").write_text("{}")
        self.installed.write_text("".join(f"{name}\n" for name in installed))
        self.called.write_text("")
        self.environment = {"PATH": str(self.bin), "INSTALLED": str(self.installed),
                            "CALLED": str(self.called), "PLAYED_UID": str(uid), "BROKEN": broken}

    def run(self, *options):
        self.called.write_text("")
        return subprocess.run([self.root / "scripts" / "deps", *options], env=self.environment,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)

    def calls(self):
        return self.called.read_text().splitlines()


def on_machine(what, body, **settings):
    fakes = {"dpkg-query": DPKG, "apt-get": APT, "id": ID} | settings.pop("more", {})
    with tempfile.TemporaryDirectory() as folder:
        try:
            body(Machine(folder, fakes, **settings))
        except (OSError, IndexError) as error:
            check(what, False, str(error))


def bare(machine):
    run = machine.run()
    calls = machine.calls()
    check("a bare machine is filled", run.returncode == 0 and len(calls) == 2,
          run.stdout + run.stderr)
    check("lists are fetched first", " update" in calls[0] and " install " in calls[1], str(calls))
    check("what tests need waits", "libcmocka-dev" not in calls[1] and " gcc " in calls[1])
    run = machine.run()
    check("the second time does nothing",
          run.returncode == 0 and machine.calls() == [] and run.stdout.count("\n") == 1,
          run.stdout)
    run = machine.run("--tests")
    calls = machine.calls()
    check("--tests adds, without what is there",
          run.returncode == 0 and "libcmocka-dev" in calls[1] and " gcc " not in calls[1],
          str(calls))
    check("the sanitizers of this clang are fetched", "libclang-rt-14-dev" in calls[2], str(calls))
    check("lists are fetched once", sum(" update" in call for call in calls) == 1, str(calls))


def nobody(machine):
    run = machine.run()
    check("without root and sudo it says so",
          run.returncode != 0 and "only root may" in run.stderr and machine.calls() == [],
          run.stderr)


def with_sudo(machine):
    run = machine.run()
    check("sudo is asked", run.returncode == 0 and machine.calls()[0].startswith("sudo "),
          run.stderr)


def broken(machine):
    run = machine.run()
    check("a failure is shown", run.returncode != 0 and "no such luck" in run.stderr, run.stderr)


def node_without_npm(machine):
    run = machine.run()
    check("another node without npm is left alone",
          run.returncode == 0 and not any("node" in call or "npm" in call
                                          for call in machine.calls()), run.stderr)


def npm_offline(machine):
    run = machine.run()
    check("without a network the fonts are left out, and it is said",
          run.returncode == 0 and "system's fonts" in run.stderr, run.stderr)


def npm_there(machine):
    run = machine.run()
    calls = machine.calls()
    check("npm is used as it is", run.returncode == 0 and calls[-1].startswith("npm ci")
          and not any("nodejs" in call for call in calls), str(calls))
    machine.run()
    check("npm is not run twice", machine.calls() == [], str(machine.calls()))


# ---- tools/run_tests.py ----

def counted(script, count):
    job = run_tests.Job("planted", ["sh", "-c", script], count)
    with tempfile.TemporaryDirectory() as folder:
        run_tests.run(job, folder)
    return job.passed, job.failed, job.skipped


def counting():
    cmocka, lines, outcome = run_tests.count_cmocka, run_tests.count_lines, run_tests.count_outcome
    good = "echo '[  PASSED  ] 3 test(s).'"
    cases = [
        ("cmocka, all well", good, cmocka, (3, 0, 0)),
        ("cmocka, one failed", f"{good}; echo '[  FAILED  ] 1 test(s), listed below:'; exit 1",
         cmocka, (3, 1, 0)),
        ("cmocka, one skipped", f"{good}; echo '[  SKIPPED ] 2 test(s), listed below:'", cmocka,
         (3, 0, 2)),
        ("a fault after the tests", f"{good}; exit 1", cmocka, (3, 1, 0)),
        ("a fault before the tests", "echo AddressSanitizer; exit 1", cmocka, (0, 1, 0)),
        ("a signal", f"{good}; kill -SEGV $$", cmocka, (3, 1, 0)),
        ("silence is no success", "true", cmocka, (0, 1, 0)),
        ("lines", "echo 'a: 4 passed, 0 failed'; echo 'b: 2 passed, 0 failed, 1 skipped'", lines,
         (6, 0, 1)),
        ("lines, one failed", "echo 'a: 4 passed, 1 failed'; exit 1", lines, (4, 1, 0)),
        ("a script that stops half way", "echo 'a: 4 passed, 0 failed'; exit 3", lines, (4, 1, 0)),
        ("rules", "echo 'cases inside the packs: 5 right, 0 wrong'", lines, (5, 0, 0)),
        ("left out, and said so", "echo 'SKIPPED: no server'", lines, (0, 0, 1)),
        ("a silent script", "true", lines, (0, 1, 0)),
        ("a linter that agrees", "true", outcome, (1, 0, 0)),
        ("a linter that objects", "exit 2", outcome, (0, 1, 0)),
        ("no such program", "exec /nowhere/at/all", lines, (0, 1, 0)),
    ]
    for what, script, count, expected in cases:
        got = counted(script, count)
        check(f"counting: {what}", got == expected, f"  {got}, expected {expected}")


def main():
    on_machine("bare", bare)
    on_machine("nobody", nobody, uid=1000)
    on_machine("sudo", with_sudo, uid=1000, more={"sudo": SUDO})
    on_machine("broken", broken, broken="gcc")
    on_machine("node", node_without_npm, lock=True, more={"node": "#!/bin/sh\n"})
    on_machine("npm", npm_there, lock=True, more={"node": "#!/bin/sh\n", "npm": NPM})
    on_machine("offline", npm_offline, lock=True, more={"npm": "#!/bin/sh\nexit 1\n"})
    counting()
    print(f"scripts: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
