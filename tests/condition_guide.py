#!/usr/bin/env python3
"""Every condition that docs/conditions.md shows in its table of examples must compile."""
import html
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build" / "check" / "tests" / "condition_eval"
FACTS = """days_past_due int 10
disputed bool false
channel text email
balance_minor int 2500
limitation_on day 2029-01-31
due_on day 2026-11-20
today day 2026-11-30
now instant 2026-11-30T08:00:00Z
last_contact_at instant 2026-11-27T08:00:00Z"""


def examples_of(guide):
    first = re.search(r"^    (.*)$", guide, re.M)[1]
    table = guide.split("## Examples\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\|[^|]*\| (?:`(.*)`|<code>(.*)</code>) \|$", table, re.M)
    return [first] + [html.unescape(plain or escaped) for plain, escaped in rows]


def main():
    examples = examples_of((ROOT / "docs" / "conditions.md").read_text())
    subprocess.run(["make", "-s", "-C", ROOT, "MODE=check", PROGRAM.relative_to(ROOT)],
                   check=True)
    records = "".join(f"{FACTS}\0{example}\0" for example in examples)
    run = subprocess.run([PROGRAM], input=records.encode(), capture_output=True, check=True)
    answers = run.stdout.decode().splitlines()
    failed = [(example, answer) for example, answer in zip(examples, answers, strict=True)
              if answer not in ("true", "false")]
    for example, answer in failed:
        print(f"FAILED {example}: {answer}")
    print(f"condition guide: {len(examples) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or len(examples) < 9 else 0


if __name__ == "__main__":
    sys.exit(main())
