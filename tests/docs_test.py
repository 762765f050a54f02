#!/usr/bin/env python3
"""What the pages point at is there: links, pictures, and paths in backticks. The table of exit
codes in docs/operations.md is the one in the program."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build" / "check" / "recoup"
FOLDERS = "src|tests|tools|docs|scripts|sql|rules|strategies|authority|roles|calls|insights|letters|templates|static|maps|rates|terms|bench"


def pages():
    for folder in (ROOT, ROOT / "docs", ROOT / "docs" / "decisions", ROOT / "docs" / "rules",
                   ROOT / "letters"):
        yield from sorted(folder.glob("*.md"))


def code_removed(text):
    return re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)


def findings(page, text):
    text = code_removed(text)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", re.sub(r"`[^`\n]*`", "", text)):
        if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
            yield f"a link to {target}, which is not there"
    for path in re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", text):
        if not (ROOT / path).exists():
            yield f"speaks of {path}, which is not there"
    for path, name in re.findall(r"`(tests/\w+\.py): (\w+)`", text):
        there = (ROOT / path).exists() and f"\ndef {name}(" in (ROOT / path).read_text()
        if not there:
            yield f"speaks of {name} in {path}, which is not there"


def rows(text):
    return re.findall(r"^ *(?:\| *)?(\d+)(?: *\| *| +)([a-z-]+)(?: *\| *|: )(.*?)(?: *\|)?$", text, re.M)


def main():
    passed = failed = 0
    planted = list(findings(ROOT / "README.md", "[a](nowhere.md), `src/nowhere.c`, "
                            "`tests/docs_test.py: nowhere`"))
    if len(planted) != 3:
        print(f"FAILED the checker itself: {planted}")
        failed += 1
    for page in pages():
        found = list(findings(page, page.read_text()))
        passed += not found
        failed += bool(found)
        for what in found:
            print(f"FAILED {page.relative_to(ROOT)}: {what}")
    index = (ROOT / "docs" / "README.md").read_text()
    unlisted = [page.name for page in (ROOT / "docs").glob("*.md")
                if page.name != "README.md" and f"]({page.name})" not in index]
    passed += not unlisted
    failed += bool(unlisted)
    if unlisted:
        print(f"FAILED docs/README.md does not list {', '.join(unlisted)}")
    said = subprocess.run([PROGRAM, "help", "exit-codes"], capture_output=True, text=True,
                          check=False).stdout
    written = (ROOT / "docs" / "operations.md").read_text().split("## Exit codes")[1]
    if rows(said) and rows(said) == rows(written):
        passed += 1
    else:
        failed += 1
        print(f"FAILED exit codes: the program says {rows(said)}, the page {rows(written)}")
    print(f"docs: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
