#!/usr/bin/env python3
"""The public conformance cases of the Common Expression Language, as far as they concern us.

Reads ../shared/data/07_conditions/cel_conformance/*.textproto (RECOUP_SHARED names another
folder than ../shared), turns each case into a condition, and has build/check/tests/
condition_eval test them all. A case outside our subset is left out by the first rule of
LEFT_OUT that fits it, so the list of what is missing is this file. With -v every case that
was left out is printed with its reason.
"""
import collections
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = pathlib.Path(os.environ.get("RECOUP_SHARED", ROOT.parent / "shared"))
CASES = SHARED / "data" / "07_conditions" / "cel_conformance"
PROGRAM = ROOT / "build" / "check" / "tests" / "condition_eval"

# ---- text protocol buffers ----

TOKEN = re.compile(r"""\s+|\#[^\n]*|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
                   r"""|(?P<mark>[{}\[\]:<>,;])|(?P<word>[^\s{}\[\]:<>,;"'\#]+)""", re.S)
LETTERS = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
ESCAPE = re.compile(rb"\\(?:([abfnrtv])|[xX]([0-9a-fA-F]{1,2})|([0-7]{1,3})"
                    rb"|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.S)


def unescaped(match):
    letter, hexadecimal, octal, short, long, other = match.groups()
    if letter:
        return bytes([LETTERS[letter.decode()]])
    if hexadecimal:
        return bytes([int(hexadecimal, 16)])
    if octal:
        return bytes([int(octal, 8) & 255])
    if short or long:
        return chr(int(short or long, 16)).encode()
    return other


def tokens_of(source):
    at = 0
    while at < len(source):
        match = TOKEN.match(source, at)
        if not match:
            sys.exit(f"cel conformance: cannot read {source[at:at + 40]!r}")
        at = match.end()
        if match["text"]:
            yield "text", ESCAPE.sub(unescaped, match["text"][1:-1].encode())
        elif match["mark"]:
            yield "mark", match["mark"]
        elif match["word"]:
            yield "word", match["word"]
    yield "end", None


class Reader:
    """A message becomes a list of (field, value); a value is a list, bytes or a word."""

    def __init__(self, source):
        self.tokens = list(tokens_of(source))
        self.at = 0

    def peek(self):
        return self.tokens[self.at]

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def message(self, closing):
        fields = []
        while self.peek() not in (("mark", closing), ("end", None)):
            if self.peek() in (("mark", ","), ("mark", ";")):
                self.take()
                continue
            fields.append((self.field_name(), self.value()))
        self.take()
        return fields

    def field_name(self):
        kind, name = self.take()
        if (kind, name) != ("mark", "["):
            return name
        name = ""
        while self.peek() != ("mark", "]"):
            name += str(self.take()[1])
        self.take()
        return f"[{name}]"

    def value(self):
        if self.peek() == ("mark", ":"):
            self.take()
        kind, value = self.take()
        if (kind, value) == ("mark", "{"):
            return self.message("}")
        if (kind, value) == ("mark", "["):
            return self.items()
        while kind == "text" and self.peek()[0] == "text":
            value += self.take()[1]
        return value

    def items(self):
        items = []
        while self.peek() != ("mark", "]"):
            if self.peek() == ("mark", ","):
                self.take()
                continue
            items.append(("", self.value()))
        self.take()
        return items


def first(message, name):
    return next((value for field, value in message if field == name), None)


def every(message, name):
    return [value for field, value in message if field == name]


# ---- cases ----

Case = collections.namedtuple("Case", "name expression plain value fails unchecked facts")
LITERAL = re.compile(r"""([rRbB]{0,2})("{3}.*?"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""",
                     re.S)
TYPES = {"int64_value": "int", "string_value": "text", "bool_value": "bool"}


def without_texts(expression):
    """The expression with every text emptied, so that rules see the language only."""
    return LITERAL.sub(lambda match: match[1].lower().replace("r", "") + '""', expression)


def facts_of(test):
    """Lines for condition_eval, or None when a binding is of a kind that facts are not."""
    lines = []
    for binding in every(test, "bindings"):
        kind, value = first(first(binding, "value"), "value")[0]
        if kind not in TYPES:
            return None
        value = value.decode() if isinstance(value, bytes) else value
        lines.append(f"{first(binding, 'key').decode()} {TYPES[kind]} {value}")
    return lines


def cases_of(path):
    for section in every(Reader(path.read_text()).message("}"), "section"):
        for test in every(section, "test"):
            name = f"{path.stem}/{first(section, 'name').decode()}/{first(test, 'name').decode()}"
            expression = first(test, "expr").decode()
            value = first(test, "value")
            yield Case(name, expression, without_texts(expression),
                       value[0] if value else None, first(test, "eval_error") is not None,
                       first(test, "disable_check") == "true", facts_of(test))


# ---- what is left out, and why ----

def plain(pattern):
    return lambda case: re.search(pattern, case.plain)


def value_is(*kinds):
    return lambda case: case.value and case.value[0] in kinds


LEFT_OUT = [
    ("protobuf messages", plain(r"TestAllTypes|google\.protobuf|proto[23]|\w\{")),
    ("maps", lambda c: "{" in c.plain or value_is("map_value")(c)),
    ("values without a type of their own (dyn)", plain(r"\bdyn\b")),
    ("bytes", lambda c: re.search(r'\bb"|\bbytes\b', c.plain) or value_is("bytes_value")(c)),
    ("unsigned numbers", lambda c: re.search(r"\b(0[xX][0-9a-fA-F]+|\d+)[uU]\b|\buint\b", c.plain)
     or value_is("uint64_value")(c)),
    ("fractions", lambda c: re.search(r"\d*\.\d|\d[eE][-+\d]|\bdouble\b", c.plain)
     or value_is("double_value")(c)),
    ("null", lambda c: re.search(r"\bnull\b", c.plain) or value_is("null_value")(c)),
    ("macros", plain(r"\.(all|exists|exists_one|map|filter)\(|\bhas\(")),
    ("types as values", lambda c: re.search(r"\btype\b", c.plain) or value_is("type_value")(c)),
    ("lists, other than a list of constants after in",
     lambda c: re.search(r"(?<!in )\[|\[[^\]]*\[", c.plain) or value_is("list_value")(c)),
    ("lists of mixed types", plain(r'\[(\d+, ""|"", \d+)')),
    ("conversions between types", plain(r"\b(int|string|bool)\(|\b(timestamp|duration)\((?!\")")),
    ("facts that are lists, maps or messages", lambda c: c.facts is None),
    ("fields of a value", lambda c: re.search(r"\.pancakes|\.`", c.plain)
     or (re.search(r"[a-z]\.[a-z]+(?!\w*\()", c.plain) and not c.facts)),
    ("regular expressions", plain(r"\.matches\(")),
    ("parts of an instant or a duration", plain(r"\.get[A-Z]\w+\(")),
    ("joined texts", plain(r'"" \+ ""')),
    ("text that holds the character number 0",
     lambda c: value_is("string_value")(c) and b"\0" in c.value[1]),
    ("finer than a microsecond", lambda c: re.search(r"\.\d{9}Z|\dns\b", c.expression)),
    ("instants before the year 1600",
     lambda c: not c.fails and re.search(r"[\"'](0\d|1[0-5])\d\d-", c.expression)),
    ("types that only fit because nobody checks them", lambda c: c.unchecked and c.value),
]
# Out-of-range constants and wrong types are errors too, but ours come when compiling.
REFUSED_IS_RIGHT = re.compile(r"""\b(timestamp|duration)\(["']""")


def reason_left_out(case):
    return next((reason for reason, fits in LEFT_OUT if fits(case)), None)


def text_literal(value):
    return '"' + "".join(f"\\U{ord(ch):08x}" for ch in value.decode()) + '"'


def condition_of(case):
    """Conditions are boolean, so a value is compared with what it should be."""
    if case.fails:
        return f"({case.expression}) == ({case.expression})"
    kind, value = case.value or ("bool_value", "true")
    expected = text_literal(value) if kind == "string_value" else value
    return f"({case.expression}) == {expected}"


def is_right(case, answer):
    if not case.fails:
        return answer == "true"
    if answer.startswith("refused"):
        return case.unchecked or REFUSED_IS_RIGHT.search(case.expression) is not None
    return answer.startswith("unknown")


def answers_of(cases):
    records = "".join("\n".join(case.facts) + "\0" + condition_of(case) + "\0" for case in cases)
    run = subprocess.run([PROGRAM], input=records.encode(), capture_output=True, check=False)
    lines = run.stdout.decode().split("\n")[:-1]
    if run.returncode != 0 or len(lines) != len(cases):
        sys.exit(f"cel conformance: condition_eval failed after {len(lines)} answers\n"
                 + run.stderr.decode())
    return lines


def main():
    if not CASES.is_dir():
        print(f"SKIP cel conformance: there is no folder {CASES} (set RECOUP_SHARED)")
        return 0
    subprocess.run(["make", "-s", "-C", ROOT, "MODE=check", PROGRAM.relative_to(ROOT)], check=True)
    cases = [case for path in sorted(CASES.glob("*.textproto")) for case in cases_of(path)]
    left_out = [(reason_left_out(case), case) for case in cases]
    inside = [case for reason, case in left_out if reason is None]
    counts = collections.Counter(reason for reason, case in left_out if reason)
    if "-v" in sys.argv:
        for reason, case in left_out:
            if reason:
                print(f"left out {case.name}: {reason}: {case.expression!r}")
    for reason, count in counts.most_common():
        print(f"left out {count:4}  {reason}")
    failed = [(case, answer) for case, answer in zip(inside, answers_of(inside))
              if not is_right(case, answer)]
    for case, answer in failed:
        print(f"FAILED {case.name}: {condition_of(case)!r}: {answer}")
    print(f"cel conformance: {len(inside) - len(failed)} passed, {len(failed)} failed, "
          f"{sum(counts.values())} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
