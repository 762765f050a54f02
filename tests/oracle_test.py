#!/usr/bin/env python3
"""A year of invented people, judged by the gate and by a second reading of the law.

tests/oracle/main.c says what is compared. Here five hundred people with fifty thousand proposed
contacts, with sanitizers; `make oracle` has ten thousand people with a million. A checker must
bite: with a limit of a pack changed by one, the two readings have to fall out.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
ORACLE = ROOT / "build/check/recoup-oracle"
PLANTED = [  # pack, what it says, what it is made to say, the rule that must be told
    ("us/federal.yaml", "window: 7 local days, max: 7}", "window: 7 local days, max: 6}",
     "us.regf.call_frequency"),
    ("ca/qc.yaml", 'open: "08:00", close: "20:00"', 'open: "08:00", close: "20:01"',
     "ca.qc.hours"),
]


def run(*options, files=None):
    environment = os.environ | ({"RECOUP_FILES": str(files)} if files else {})
    return subprocess.run([ORACLE, *options], cwd=ROOT, env=environment, text=True,
                          capture_output=True, check=False)


def planted(pack, says, instead, rule):
    """True when the oracle tells the rule whose number was changed, and no other of the law."""
    text = (ROOT / "rules" / pack).read_text()
    assert says in text, f"rules/{pack} no longer says {says}"
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "rules" / pack
        path.parent.mkdir(parents=True)
        path.write_text(text.replace(says, instead))
        got = run("--people", "100", "--contacts", "10000", "--most", "1", files=folder)
    told = set(re.findall(r"^DISAGREE .*?: ([\w.]+)[:,]", got.stdout, re.M))
    if got.returncode == 0 or told != {rule}:
        print(f"{pack} with \"{instead}\": exit code {got.returncode}, told {sorted(told)}")
        print(got.stderr[-500:])
        return False
    return True


def main():
    year = run("--people", "500", "--contacts", "50000")
    print("\n".join(line[:2000] for line in year.stdout.splitlines()))
    print(year.stderr, file=sys.stderr)
    bites = [planted(*fault) for fault in PLANTED]
    print(f"planted faults: {bites.count(True)} passed, {bites.count(False)} failed")
    return year.returncode or (1 if False in bites else 0)


if __name__ == "__main__":
    sys.exit(main())
