#!/usr/bin/env python3
"""How the tree is laid out: who may include whom, which file owns which library, and that
statements, pages and machines stay out of C. Every check here is first tried on planted faults.

A finding is "path:line: what is wrong". Exceptions stand in the tables, each with its reason.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# ---- the tables ----

LAYERS = {
    "base": [],
    "domain": ["base"],
    "formats": ["base", "domain"],
    "store": ["base", "domain"],
    "channels": ["base", "domain", "formats"],
    "flow": ["base", "domain", "formats", "store", "channels"],
    "web": ["base", "domain", "flow"],
    "cli": ["base", "domain", "flow"],
    "worker": ["base", "domain", "flow"],
    "main.c": ["base", "domain", "flow", "cli", "web", "worker"],
}

# header: (who else may include it, why)
SHARED_HEADERS = {
    "formats/template.h": (["web"], "pages are templates, filled at the edge"),
    "queries.h": (["store", "cli/help.c"], "statements; --version names the schema"),
}

# Headers of tests may reach as far as tests do, and only tests include them.
TEST_FILES = re.compile(r"_test\.c$|_fixture\.h$|^flow/book_dump\.h$")

# library: the files, or folders, that include it. One file, two at most, so that replacing one is
# small work.
LIBRARIES = {
    "sqlite3.h": ["store/sqlite.c"],
    "libpq-fe.h": ["store/postgres.c"],
    "microhttpd.h": ["web/listen.c", "web/listen_reply.c"],
    "zlib.h": ["web/pack_gzip.c"],
    "sodium.h": ["base/digest.c", "base/random.c", "base/secret.c"],
    "curl/curl.h": ["channels/email.c", "channels/webhook_post.c"],
    "yaml.h": ["formats/yaml.c"],
    "csv.h": ["formats/csv.c"],
    "archive.h": ["formats/zip.c"],
    "archive_entry.h": ["formats/zip.c"],
    "oath.h": ["base/totp.c"],
    "qrencode.h": ["web/qr.c"],
    "utf8proc.h": ["formats/letter_print.c", "base/text.c", "formats/encoding.c",
                   "domain/fold.c"],
    # JSON is a language as much as a library: values of templates, cases and recorded facts.
    "jansson.h": ["formats/", "flow/", "web/"],
}
LIBRARY_FOLDERS = {
    "pango/": ["formats/letter_page.c"],
    "cairo": ["formats/letter_page.c", "formats/letter_pdf.c"],
    "gnutls/": ["web/listen_tls.c"],
    "brotli/": ["web/pack_brotli.c"],
    "gmime/": ["formats/mime.c", "formats/mime_read.c"],
    "libxml/": [],
}

# What the domain cannot name it cannot do. stdio.h is there for snprintf alone.
DOMAIN_HEADERS = {"stdio.h", "string.h", "strings.h", "stdint.h", "stddef.h", "stdbool.h",
                  "stdarg.h", "inttypes.h", "limits.h"}
DOMAIN_STDIO = {"snprintf"}

# Questions that a driver asks of its own server before there are statements.
SQL_IN_C = {"store/sqlite.c", "store/postgres.c"}

# A word that a file of statements may use all the same.
SQL_ALLOWED = {
    # Beyond ASCII the two databases differ in what a search finds; nothing is decided by it.
    "sql/query/web.sql": ["lower("],
}

# Tables that grow with the house, not with those who owe.
SMALL_TABLES = ("meta", "rule_text", "bucket_head", "staff", "sign_in", "sign_in_try", "token",
                "approval", "sample", "review", "webhook", "saved_view", "intake", "publication",
                "draft",
                # with its days and its clients
                "figure", "figure_group", "figure_word", "figure_head")

FILE_LINES_MOST = 700


# ---- C ----

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
C_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def blanked(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def without_comments(text):
    return C_TOKEN.sub(lambda m: blanked(m) if m.group(0)[0] == "/" else m.group(0), text)


def strings_of(text):
    """(line, content) of every literal; neighbours that the compiler joins are joined."""
    code = without_comments(text)
    joined = re.compile(r'"(?:\\.|[^"\\\n])*"(?:\s*"(?:\\.|[^"\\\n])*")*')
    for match in joined.finditer(re.sub(INCLUDE, blanked, code)):
        yield line_of(code, match.start()), re.sub(r'"\s*"', "", match.group(0))[1:-1]


def is_test(path):
    return TEST_FILES.search(path) is not None


def layer_of(path):
    return path.split("/")[0]


def check_includes(path, text):
    """Who may include whom. Tests may reach further: they stand beside what they test."""
    if is_test(path):
        return
    layer = layer_of(path)
    if layer not in LAYERS:
        yield 1, f"{layer} is no layer of the table in tests/layers_test.py"
        return
    for match in INCLUDE.finditer(text):
        kind, header = match.groups()
        if kind == "<":
            continue
        if is_test(header):
            yield line_of(text, match.start()), f"{header} is for tests"
            continue
        others, _ = SHARED_HEADERS.get(header, ([], ""))
        if layer in others or path in others:
            continue
        if header not in SHARED_HEADERS and "/" not in header:
            yield line_of(text, match.start()), f'write "{layer}/{header}", the path from src'
        elif layer_of(header) != layer and layer_of(header) not in LAYERS[layer]:
            yield line_of(text, match.start()), f"{layer} does not include {header}"


def owners_of(header):
    if header in LIBRARIES:
        return LIBRARIES[header]
    for folder, owners in LIBRARY_FOLDERS.items():
        if header.startswith(folder):
            return owners
    return None


def check_libraries(path, text):
    if is_test(path):
        return
    for match in INCLUDE.finditer(text):
        kind, header = match.groups()
        owners = owners_of(header) if kind == "<" else None
        if owners is not None and not {path, layer_of(path) + "/"} & set(owners):
            yield line_of(text, match.start()), f"<{header}> belongs to {', '.join(owners)}"


def check_domain(path, text):
    if layer_of(path) != "domain" or is_test(path):
        return
    for match in INCLUDE.finditer(text):
        if match[1] == "<" and match[2] not in DOMAIN_HEADERS and owners_of(match[2]) is None:
            yield line_of(text, match.start()), f"the domain does not include <{match[2]}>"
    calls = r"\b(\w*printf|f?puts|fopen|fread|fwrite|FILE|stdin|stdout|stderr|perror)\b"
    for match in re.finditer(calls, C_TOKEN.sub(blanked, text)):
        if match[1] not in DOMAIN_STDIO and match[1] not in ("arena_print", "vsnprintf"):
            yield line_of(text, match.start()), f"the domain does not use {match[1]}"


SQL = re.compile(r"\b(SELECT\s+[^%]*\bFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|"
                 r"DELETE\s+FROM\s|(CREATE|DROP|ALTER)\s+(TABLE|INDEX|VIEW)\s)")
HTML = re.compile(r"</(?:[a-z][a-z0-9]*|%s)>|<(?:a|b|i|p|br|div|span|table|tr|td|th|ul|ol|li|h[1-6]|"
                  r"html|head|body|form|input|button|label|select|option|script|style|svg|path|"
                  r"rect|circle|line|g|img|section|main|nav|strong|em)(?:\s[^>]*)?/?>", re.I)


def check_strings(path, text):
    if is_test(path):
        return
    for line, content in strings_of(text):
        if SQL.search(content) and path not in SQL_IN_C:
            yield line, "a statement: it belongs into sql/query"
        if HTML.search(content):
            yield line, "a piece of a page: it belongs into templates"


# ---- everything that is kept ----

MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|mnt|workspace)/[\w.]"
                     r"|\b(?:registry\.npm\w*|deb\.debian|security\.debian|pypi|"
                     r"files\.pythonhosted|proxy\.golang)\.\w+"
                     r"|\bhttps?://[^\s/\"']*(?:artifactory|nexus|mirror)[^\s/\"']*", re.I)


def check_machine(path, text):
    for match in MACHINE.finditer(text):
        yield line_of(text, match.start()), f"a path or host of one machine: {match[0]}"


# ---- statements: what one of the two databases refuses or understands differently ----

SQL_WORDS = [
    (r"\b(I?LIKE|GLOB|REGEXP|SIMILAR\s+TO)\b", "compare a folded column with = or a range"),
    (r"\b(now|clock_timestamp|unixepoch|strftime|datetime|julianday|date_trunc|to_char|age)\s*\(|"
     r"\bCURRENT_(TIMESTAMP|DATE|TIME)\b", "time is handed in"),
    (r"\b(avg|round|random|greatest|least|iif|ifnull|string_agg|group_concat|total|printf|format|"
     r"gen_random_uuid|json\w*|to_json\w*|lower|instr|position|unnest|last_insert_rowid|changes)"
     r"\s*\(", "the two databases differ: compute it in C"),
    (r"::", "CAST(x AS …)"),
    (r"->>?", "JSON is opaque text here"),
    (r"\b(TRUE|FALSE)\b(?!\s+ON\s+CONFLICT)", "yes and no are 1 and 0"),
    (r"\b(REAL|NUMERIC|DOUBLE|FLOAT|DECIMAL|BOOLEAN|SERIAL|BIGSERIAL|AUTOINCREMENT|VARCHAR|"
     r"TIMESTAMP|TIMESTAMPTZ|DATE|BYTEA|UUID|JSONB?)\b", "only BIGINT, TEXT and BLOB"),
    (r"\bINT(EGER)?\b", "BIGINT: an INTEGER is 32 bits in PostgreSQL"),
    (r"\b(INSERT\s+OR|REPLACE\s+INTO|ON\s+CONSTRAINT|DISTINCT\s+ON|LATERAL|TRUNCATE|TRIGGER|"
     r"SEQUENCE|NEXTVAL|PRAGMA|ROWID|CTID|ANY\s*\(|ALL\s*\(|GROUPING\s+SETS)\b",
     "one database only"),
    (r"\bFOR\s+(UPDATE|SHARE)\b|\bSKIP\s+LOCKED\b", "write /*lock*/"),
    (r"\b(max|min)\s*\([^()]*,", "greatest of two: compute it in C, or CASE"),
    (r"\bDELETE\b[^;]*\bUSING\b", "one database only"),
    (r"\bIS\s+(NOT\s+)?(?!NULL\b|DISTINCT\b|NOT\b)[\w:']", "IS compares values in SQLite only"),
    (r"\bIN\s*\(\s*\)", "an empty list is refused by PostgreSQL"),
    (r'"', "text stands in single quotes, names are plain"),
    (r"\bx'", "bytes are bound"),
]


def upsert_without_where(sql):
    return re.match(r"\s*(WITH\b.*?\)\s*)?INSERT\b(?!.*\bVALUES\b).*\bSELECT\b(?!.*\bWHERE\b.*"
                    r"\bON\s+CONFLICT\b).*\bON\s+CONFLICT\b", sql, re.S | re.I)


def sums_unbound(sql):
    """SUM of BIGINT is NUMERIC in PostgreSQL: in a result it is CAST(… AS BIGINT)."""
    for match in re.finditer(r"\bSUM\s*\(", sql, re.I):
        before = sql[:match.start()]
        clause = re.findall(r"\b(SELECT|HAVING|WHERE|ORDER BY|ON)\b", before, re.I)
        if clause and clause[-1].upper() in ("HAVING", "ORDER BY"):
            continue
        opened = []
        for token in re.finditer(r"(\bCAST\s*)?\(|\)", before, re.I):
            if token.group(0) == ")":
                opened = opened[:-1]
            else:
                opened.append(token.group(1) is not None)
        if not any(opened):
            yield match.start()


def check_statement(sql):
    """(place, what) for each trap in one statement; text in quotes and comments is left out."""
    sql = re.sub(r"--[^\n]*|/\*(?!lock).*?\*/", blanked, sql)
    sql = re.sub(r"'[^']*'", lambda m: "'" + " " * (len(m[0]) - 2) + "'", sql)
    for pattern, advice in SQL_WORDS:
        for match in re.finditer(pattern, sql, re.I):
            yield match.start(), f"{match[0].strip()!r}: {advice}"
    upsert = upsert_without_where(sql)
    if upsert:
        yield upsert.start(), "INSERT … SELECT … ON CONFLICT needs WHERE true before ON CONFLICT"
    for at in sums_unbound(sql):
        yield at, "SUM without CAST(… AS BIGINT)"
    update = re.search(r"\bDO\s+UPDATE\s+SET\b(.*)", sql, re.S | re.I)
    for match in re.finditer(r"\b(\w+)\s*=\s*\1\b(?!\s*\.)", update[1] if update else ""):
        yield update.start(), f"{match[0]!r}: say of which table in DO UPDATE"
    if re.match(r"\s*(UPDATE|DELETE)\b", sql, re.I) and \
            re.search(r"\bLIMIT\b", re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "", sql), re.I):
        yield 0, "LIMIT of UPDATE or DELETE: choose the rows in a SELECT"


def check_sql(path, text):
    if not path.startswith("sql/"):
        return
    at = 0
    for statement in re.split(r"(;)", re.sub(r"--[^\n]*", blanked, text)):
        for place, what in check_statement(statement):
            if any(what.startswith(repr(word)) for word in SQL_ALLOWED.get(path, [])):
                continue
            yield line_of(text, at + place), what
        at += len(statement)


def check_schema(path, text):
    """Every table is bucketed, or it is one of the small ones."""
    if not path.startswith("sql/schema/"):
        return
    code = re.sub(r"--[^\n]*", blanked, text)
    for match in re.finditer(r"CREATE TABLE (\w+)\s*\((.*?)\n\)", code, re.S):
        line = line_of(code, match.start())
        key = re.search(r"PRIMARY KEY \(([^)]*)\)", match[2])
        if match[1] in SMALL_TABLES:
            continue
        if not key or not key[1].startswith("bucket"):
            yield line, f"the key of {match[1]} does not begin with bucket"
        for foreign in re.findall(r"FOREIGN KEY \(([^)]*)\)", match[2]):
            if not foreign.startswith("bucket"):
                yield line, f"a foreign key of {match[1]} does not begin with bucket"
        if re.search(r"REFERENCES", match[2]) and not re.search(r"FOREIGN KEY", match[2]):
            yield line, f"a reference of {match[1]} without its bucket"


C_CHECKS = [check_includes, check_libraries, check_domain, check_strings]
ALL_CHECKS = [check_machine, check_sql, check_schema]

# ---- the checks are checked: (check, path, text, does it bite) ----

PLANTED = [
    (check_includes, "domain/gate.c", '#include "store/store.h"\n', True),
    (check_includes, "store/store.c", '#include "channels/port.h"\n', True),
    (check_includes, "channels/email.c", '#include "store/store.h"\n', True),
    (check_includes, "web/page.c", '#include "store/store.h"\n', True),
    (check_includes, "web/page.c", '#include "formats/template.h"\n', False),
    (check_includes, "formats/csv.c", '#include "flow/book.h"\n', True),
    (check_includes, "base/text.c", '#include "domain/money.h"\n', True),
    (check_includes, "flow/book.c", '#include "cli/call.h"\n', True),
    (check_includes, "flow/book.c", '#include "queries.h"\n', True),
    (check_includes, "flow/book.c", '  #  include "store/store.h"\n', False),
    (check_includes, "flow/book.c", '#include "book.h"\n', True),
    (check_includes, "flow/book.c", '#include "flow/book_dump.h"\n', True),
    (check_includes, "flow/book_test.c", '#include "flow/book_dump.h"\n', False),
    (check_includes, "extras/book.c", "", True),
    (check_libraries, "flow/book.c", "#include <sqlite3.h>\n", True),
    (check_libraries, "store/sqlite.c", "#include <sqlite3.h>\n", False),
    (check_libraries, "store/store.c", "#include <jansson.h>\n", True),
    (check_libraries, "flow/outbox.c", "#include <jansson.h>\n", False),
    (check_libraries, "web/chart.c", "#include <cairo-svg.h>\n", True),
    (check_libraries, "flow/send.c", "#include <curl/curl.h>\n", True),
    (check_domain, "domain/gate.c", "#include <time.h>\n", True),
    (check_domain, "domain/gate.c", "#include <stdlib.h>\n", True),
    (check_domain, "domain/gate.c", "#include <sys/time.h>\n", True),
    (check_domain, "domain/gate.c", '#include <string.h>\n', False),
    (check_domain, "domain/gate.c", 'void f(void) { fprintf(stderr, "no"); }\n', True),
    (check_domain, "domain/gate.c", 'void f(void) { snprintf(a, 1, "printf"); }\n', False),
    (check_strings, "flow/book.c", 'x = "SELECT a " "FROM b";\n', True),
    (check_strings, "flow/book.c", 'x = "DELETE FROM casefile";\n', True),
    (check_strings, "flow/book.c", 'x = "Select a letter from the list";\n', False),
    (check_strings, "flow/book.c", '/* "SELECT a FROM b" */\n', False),
    (check_strings, "web/page.c", 'x = "<td class=\\"n\\">%s</td>";\n', True),
    (check_strings, "web/page.c", 'x = "<br>";\n', True),
    (check_strings, "cli/help.c", 'x = "recoup strategy test <file>, a < b > c";\n', False),
    (check_machine, "docs/tour.md", "cd /ro" "ot/recoup\n", True),
    (check_machine, "package-lock.json", "https:/" "/registry.np" "mjs.org/a\n", True),
    (check_machine, "docs/tour.md", "see https://example.com/home/ or ./root/x\n", False),
    (check_sql, "sql/query/a.sql", "SELECT a FROM b WHERE c LIKE 'x%';", True),
    (check_sql, "sql/query/a.sql", "SELECT a FROM b WHERE at < now();", True),
    (check_sql, "sql/query/a.sql", "SELECT avg(a) FROM b;", True),
    (check_sql, "sql/query/a.sql", "SELECT round(a, 2) FROM b;", True),
    (check_sql, "sql/query/a.sql", "SELECT a FROM b ORDER BY random();", True),
    (check_sql, "sql/query/a.sql", "SELECT a FROM b WHERE lower(c) = 'd';", True),
    (check_sql, "sql/query/web.sql", "SELECT a FROM b WHERE lower(c) = 'd';", False),
    (check_sql, "sql/query/a.sql", "SELECT a::text FROM b;", True),
    (check_sql, "sql/query/a.sql", "SELECT a FROM b WHERE c = TRUE;", True),
    (check_sql, "sql/query/a.sql", "SELECT CAST(a AS INTEGER) FROM b;", True),
    (check_sql, "sql/query/a.sql", "SELECT SUM(a) FROM b;", True),
    (check_sql, "sql/query/a.sql", "SELECT CAST(COALESCE(SUM(a), 0) AS BIGINT) FROM b;", False),
    (check_sql, "sql/query/a.sql", "SELECT a FROM b GROUP BY a HAVING SUM(c) > 0;", False),
    (check_sql, "sql/query/a.sql", "INSERT INTO a (b) SELECT b FROM c ON CONFLICT DO NOTHING;",
     True),
    (check_sql, "sql/query/a.sql",
     "INSERT INTO a (b) SELECT b FROM c WHERE true ON CONFLICT DO NOTHING;", False),
    (check_sql, "sql/query/a.sql", "INSERT INTO a (b) VALUES (:b) ON CONFLICT (b) DO NOTHING;",
     False),
    (check_sql, "sql/query/a.sql",
     "INSERT INTO a (b) VALUES (:b) ON CONFLICT (b) DO UPDATE SET n = n + 1;", True),
    (check_sql, "sql/query/a.sql",
     "INSERT INTO a (b) VALUES (:b) ON CONFLICT (b) DO UPDATE SET n = a.n + 1;", False),
    (check_sql, "sql/query/a.sql", "UPDATE a SET b = 1 WHERE c = 2 LIMIT 3;", True),
    (check_sql, "sql/query/a.sql", "UPDATE a SET b = 1 WHERE c IN (SELECT c FROM a LIMIT 3);",
     False),
    (check_sql, "sql/query/a.sql", "SELECT \"a\" FROM b;", True),
    (check_sql, "sql/query/a.sql", "SELECT a FROM b WHERE a IS NOT NULL AND c IS NULL;", False),
    (check_sql, "sql/query/a.sql", "SELECT a FROM b WHERE a IS 3;", True),
    (check_sql, "sql/query/a.sql", "SELECT a FROM b FOR UPDATE;", True),
    (check_sql, "sql/query/a.sql", "-- now() and LIKE\nSELECT 'now() true' FROM b /*lock*/;", False),
    (check_sql, "sql/query/a.sql", "DELETE FROM b WHERE c = :c RETURNING a;", False),
    (check_schema, "sql/schema/0003_a.sql",
     "CREATE TABLE a (\n    b BIGINT NOT NULL,\n    PRIMARY KEY (b)\n);", True),
    (check_schema, "sql/schema/0003_a.sql",
     "CREATE TABLE a (\n    bucket BIGINT NOT NULL,\n    PRIMARY KEY (bucket, b)\n);", False),
]


# ---- running ----

def files_kept():
    """What git keeps or would keep; everything but build when there is no git."""
    run = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others",
                          "--exclude-standard"], capture_output=True, check=False)
    if run.returncode == 0:
        names = run.stdout.decode().split("\0")[:-1]
    else:
        names = [str(p.relative_to(ROOT)) for p in ROOT.rglob("*")
                 if p.parts[len(ROOT.parts)] not in ("build", "node_modules", ".git")]
    return sorted(name for name in set(names) if (ROOT / name).is_file())


def findings_of(name):
    try:
        text = (ROOT / name).read_text()
    except UnicodeDecodeError:
        return
    checks = [(check, name) for check in ALL_CHECKS]
    if name.startswith("src/") and name.endswith((".c", ".h")):
        checks += [(check, name[len("src/"):]) for check in C_CHECKS]
    for check, path in checks:
        for line, what in check(path, text):
            yield f"{name}:{line}: {what}"


def main():
    passed = failed = 0
    for check, path, text, bites in PLANTED:
        if bool(list(check(path, text))) == bites:
            passed += 1
        else:
            failed += 1
            print(f"FAILED {check.__name__} {'misses' if bites else 'refuses'} {text!r} in {path}")
    long_files = []
    for name in files_kept():
        found = list(findings_of(name))
        passed += not found
        failed += bool(found)
        print("".join(f"FAILED {finding}\n" for finding in found), end="")
        if name.startswith("src/") and name.endswith((".c", ".h")):
            lines = (ROOT / name).read_text().count("\n")
            if lines > FILE_LINES_MOST:
                long_files.append(f"{name} ({lines})")
    if long_files:
        print(f"Note: more than {FILE_LINES_MOST} lines: {', '.join(long_files)}")
    print(f"layers: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
