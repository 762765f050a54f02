"""A strict reader of what Prometheus scrapes (text format 0.0.4): the first thing that is wrong is an
error, with its line. No test by itself."""
import math
import re

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z")
LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")
TYPES = {"counter", "gauge", "histogram", "summary", "untyped"}


class Wrong(Exception):
    pass


def value_of(text):
    if text in ("+Inf", "-Inf", "NaN"):
        return float(text.replace("Inf", "inf"))
    if not re.match(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z", text):
        raise Wrong(f"no number: {text!r}")
    return float(text)


def labels_of(text):
    """{name="value",…} as a dict; escapes are \\\\, \\" and \\n."""
    found, at = {}, 0
    while at < len(text):
        match = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|\Z)').match(text, at)
        if match is None:
            raise Wrong(f"no labels: {text!r}")
        name, value, _ = match.groups()
        if name in found or not LABEL.match(name) or name.startswith("__"):
            raise Wrong(f"a label twice, or no name: {name}")
        found[name] = re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), value)
        at = match.end()
        if at == len(text) and match[3] == ",":
            raise Wrong(f"a comma at the end: {text!r}")
    return found


def family_of(name, types):
    for ending in ("_bucket", "_sum", "_count"):
        if name.endswith(ending) and types.get(name[:-len(ending)]) in ("histogram", "summary"):
            return name[:-len(ending)]
    return name


def check_histogram(name, samples):
    groups = {}
    for sample, labels, value in samples:
        key = tuple(sorted((k, v) for k, v in labels.items() if k != "le"))
        group = groups.setdefault(key, {"buckets": [], "sum": None, "count": None})
        if sample == name + "_bucket":
            if "le" not in labels:
                raise Wrong(f"{name}: a bucket without le")
            group["buckets"].append((value_of(labels["le"]), value))
        elif sample in (name + "_sum", name + "_count"):
            group[sample[len(name) + 1:]] = value
        else:
            raise Wrong(f"{name}: what is {sample}?")
    for key, group in groups.items():
        bounds = [bound for bound, _ in group["buckets"]]
        counts = [count for _, count in group["buckets"]]
        if bounds != sorted(set(bounds)) or not bounds or bounds[-1] != math.inf:
            raise Wrong(f"{name}{key}: bounds {bounds}")
        if counts != sorted(counts) or counts[-1] != group["count"]:
            raise Wrong(f"{name}{key}: counts {counts}, of all {group['count']}")
        if group["sum"] is None or group["sum"] < 0 or (group["count"] == 0) != (group["sum"] == 0):
            raise Wrong(f"{name}{key}: sum {group['sum']}")


def read(text):
    """{name: [(labels, value)]}, and all promises of the format held."""
    if not text.endswith("\n") or "\r" in text:
        raise Wrong("the last line has no end, or there is a CR")
    helps, types, families, seen, last = {}, {}, {}, set(), None
    for number, line in enumerate(text[:-1].split("\n"), 1):
        try:
            if line.startswith("# "):
                kind, name, rest = re.match(r"# (HELP|TYPE) (\S+) (.+)\Z", line).groups()
                if not NAME.match(name) or name in families:
                    raise Wrong("said twice, or after its samples")
                store = helps if kind == "HELP" else types
                if name in store or (kind == "TYPE" and rest not in TYPES):
                    raise Wrong("said twice, or an unknown type")
                store[name] = rest
                continue
            name, labels, value = re.match(r"([^\s{]+)(?:\{(.*)\})? (\S+)\Z", line).groups()
            family = family_of(name, types)
            if not NAME.match(name) or family not in types or family not in helps:
                raise Wrong("a sample without TYPE and HELP")
            if family != last and family in families:
                raise Wrong("the samples of a name stand apart")
            found = labels_of(labels or "")
            key = (name, tuple(sorted(found.items())))
            if key in seen:
                raise Wrong("the same sample twice")
            seen.add(key)
            number_value = value_of(value)
            if types[family] == "counter" and (not name.endswith("_total") or number_value < 0):
                raise Wrong("a counter ends in _total and never falls below nought")
            families.setdefault(family, []).append((name, found, number_value))
            last = family
        except AttributeError:
            raise Wrong(f"line {number}: cannot be read: {line!r}") from None
        except Wrong as wrong:
            raise Wrong(f"line {number}: {wrong}: {line!r}") from None
    for name, kind in types.items():
        if kind == "histogram":
            check_histogram(name, families.get(name, []))
    return {name: [(labels, value) for sample, labels, value in samples if sample == name or
                   types[name] == "histogram"] for name, samples in families.items()}


GOOD = """# HELP a_total A.
# TYPE a_total counter
a_total{x="1"} 2
a_total{x="2\\"\\\\"} 2.5
# HELP h H.
# TYPE h histogram
h_bucket{le="0.1"} 1
h_bucket{le="+Inf"} 2
h_sum 3.5
h_count 2
"""
BAD = [("no end", GOOD[:-1]), ("a sample twice", GOOD + "h_count 2\n"), ("no type", "b 1\n"),
       ("no number", GOOD.replace("2.5", "two")), ("falling buckets", GOOD.replace('le="0.1"} 1', 'le="0.1"} 3')),
       ("no infinity", GOOD.replace("+Inf", "9")), ("another count", GOOD.replace("h_count 2", "h_count 3")),
       ("a counter by another name", GOOD.replace("a_total", "a")), ("apart", GOOD + 'a_total{x="3"} 1\n'),
       ("a bad label", GOOD.replace('{x="1"}', '{x=1}')), ("an open label", GOOD.replace('x="1"', 'x="1')),
       ("an empty line", GOOD.replace("\n#", "\n\n#", 1)), ("a bad escape", GOOD.replace('\\\\"', '\\q"')),
       ("blanks", GOOD.replace("h_sum ", "h_sum  ")), ("an unknown type", GOOD.replace("counter", "count"))]


def bites():
    """What of the planted faults it misses."""
    missed = []
    try:
        read(GOOD)
    except Wrong as wrong:
        missed.append(f"refuses what is good: {wrong}")
    for name, text in BAD:
        try:
            read(text)
            missed.append(name)
        except Wrong:
            pass
    return missed
