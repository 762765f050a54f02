#!/usr/bin/env python3
"""Runs docs/tour.md and docs/operations.md as a reader would: in an empty folder, block by block
(or the pages that are named).

A block ```LANGUAGE FILE``` is a file to write. A block ```console``` holds commands after "$ "
and what they print. There "..." stands for any text, alone on its line for any lines; "exit N"
as the last line is the exit code, 0 when it is not said. Spaces at the ends do not count.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = pathlib.Path(os.environ.get("RECOUP_PROGRAM", ROOT / "build" / "check" / "recoup"))
LINES_SHOWN = 30
BLOCK = re.compile(r"^```(\w+)(?: +(\S+))?\n(.*?)^```$", re.M | re.S)


def commands_of(block):
    """(command, expected lines, exit code) of one block."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, rest = part.partition("\n")
        lines = rest.rstrip("\n").split("\n") if rest.strip() else []
        code = 0
        if lines and re.fullmatch(r"exit \d+", lines[-1]):
            code = int(lines.pop().split()[1])
        yield command, lines, code


def pattern_of(lines):
    """One expression for all that is printed."""
    parts = []
    for line in lines:
        if line.strip() == "...":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            pieces = [re.escape(piece) for piece in line.rstrip().split("...")]
            parts.append("[^\n]*".join(pieces) + r"[ \t]*\n")
    return re.compile("".join(parts))


def agrees(lines, printed):
    printed = printed if printed.endswith("\n") or not printed else printed + "\n"
    return pattern_of(lines).fullmatch(printed) is not None


def run_page(page, folder):
    passed = failed = 0
    environment = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "HOME": folder, "TZ": "UTC",
                   "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    environment |= {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    (pathlib.Path(folder) / "bin").mkdir()
    (pathlib.Path(folder) / "bin" / "recoup").symlink_to(PROGRAM)
    work = pathlib.Path(folder) / "work"
    work.mkdir()
    for language, name, text in BLOCK.findall(page.read_text()):
        if name:
            (work / name).write_text(text)
            continue
        if language != "console":
            continue
        for command, lines, code in commands_of(text):
            run = subprocess.run(["bash", "-c", command], cwd=work, env=environment, text=True,
                                 stdin=subprocess.DEVNULL, capture_output=True, check=False)
            if run.returncode == code and agrees(lines, run.stdout):
                passed += 1
                continue
            failed += 1
            print(f"FAILED $ {command}\n-- expected, with exit code {code}:\n" + "\n".join(lines) +
                  f"\n-- printed, with exit code {run.returncode}:\n" +
                  "\n".join((run.stdout + run.stderr).splitlines()[:LINES_SHOWN]))
    return passed, failed


def check_the_checker():
    """What would make this test say yes to anything."""
    cases = [
        (["a", "...", "z"], "a\nb\nz\n", True), (["a", "...", "z"], "a\nz\n", True),
        (["a"], "a\nb\n", False), (["a", "..."], "b\n", False), ([], "a\n", False),
        (["...b..."], "abc\n", True), (["...b..."], "ac\n", False), (["..."], "", True),
        (["a", "b"], "b\na\n", False), ([], "", True),
    ]
    return [f"{lines} and {text!r}" for lines, text, fine in cases if agrees(lines, text) != fine]


def main():
    pages = [pathlib.Path(name) for name in sys.argv[1:]] or \
        [ROOT / "docs" / "tour.md", ROOT / "docs" / "operations.md"]
    wrong = check_the_checker()
    passed, failed = 1 - bool(wrong), len(wrong)
    print("".join(f"FAILED the checker itself: {what}\n" for what in wrong), end="")
    for page in pages:
        with tempfile.TemporaryDirectory() as folder:
            counts = run_page(page, folder)
        passed, failed = passed + counts[0], failed + counts[1]
        if counts[0] + counts[1] < 3:
            failed += 1
            print(f"FAILED {page} holds hardly a command")
    print(f"tour: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
