#!/usr/bin/env python3
"""Turns the project's data into C at build time.

  pack.py queries OUT   sql/query/*.sql and sql/schema/*.sql -> queries.h, queries.c
  pack.py files OUT     rules, strategies, authority, roles, calls, insights, letters, templates, maps, rates, terms, static
                        -> files.c;
                        what `make assets` put into build/static counts as static, too

A query file holds statements, each introduced by a line `-- name: some_name`. Parameters are
written :name; they are numbered in the order in which they first appear, which is the order in
which C binds them. One text serves both databases; the differences have names:

  BIGINT, BLOB       the PostgreSQL words are BIGINT and BYTEA; SQLite STRICT: INTEGER, BLOB
  /*table*/          end of a CREATE TABLE: STRICT, WITHOUT ROWID on SQLite
  /*heap*/           end of a CREATE TABLE of wide rows: STRICT on SQLite
  /*lock*/           FOR UPDATE on PostgreSQL

A statement with the mark /*of*/ after its table reads rows of case files, chosen where it says
/*chosen*/, and is made three times: x_all for a bucket, x_due for those of a bucket that are to
be woken, x_one for a single one; they bind the bucket, the last two then the wake moment or the
case file.
"""
import pathlib
import re
import sys


def sqlite(sql):
    sql = re.sub(r"\bBIGINT\b", "INTEGER", sql)
    sql = sql.replace("/*table*/", " STRICT, WITHOUT ROWID").replace("/*heap*/", " STRICT")
    return sql.replace("/*lock*/", "")


def postgres(sql):
    sql = re.sub(r"\bBLOB\b", "BYTEA", sql)
    sql = sql.replace("/*table*/", "").replace("/*heap*/", "").replace("/*lock*/", "FOR UPDATE")
    return re.sub(r"\?(\d+)", r"$\1", sql)


def without_comments(sql):
    return "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))


def numbered(sql, where):
    """:name -> ?1 …, numbered by first appearance; text in quotes is left alone."""
    names = []

    def number(match):
        if match.group(1) is None:
            return match.group(0)
        if match.group(1) not in names:
            names.append(match.group(1))
        return "?%d" % (names.index(match.group(1)) + 1)

    sql = re.sub(r"'[^']*'|(?<!:):([a-z_][a-z0-9_]*)", number, sql)
    if "?" in re.sub(r"'[^']*'|\?\d+", "", sql):
        sys.exit("%s: write :name, not ?" % where)
    return sql, names


def quoted(text):
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join('    "%s\\n"' % line for line in text.splitlines())


def chosen(table, which):
    """From and where clause of the rows of these case files."""
    if which == "all":
        return "%s", "{0}.bucket = :bucket".format(table)
    if which == "one":
        return "%s", "{0}.bucket = :bucket AND {0}.casefile_id = :key".format(table)
    if table == "c":
        return "%s", "c.bucket = :bucket AND c.wake_at <= :key"
    return ("casefile AS c CROSS JOIN %s",
            "c.bucket = :bucket AND c.wake_at <= :key AND {0}.bucket = c.bucket"
            " AND {0}.casefile_id = c.casefile_id".format(table))


def variants(name, body):
    mark = re.search(r"FROM (\w+ AS (\w))/\*of\*/", body)
    if not mark:
        yield name, body
        return
    for which in ("all", "due", "one"):
        source, where = chosen(mark.group(2), which)
        text = body.replace(mark.group(0), "FROM " + source % mark.group(1))
        if which == "due": # the plus: few rows are sorted, not the whole bucket walked in order
            text = text.replace("ORDER BY ", "ORDER BY +")
        yield name + "_" + which, text.replace("/*chosen*/", where)


def queries(out):
    found = []
    for path in sorted(pathlib.Path("sql/query").glob("*.sql")):
        parts = re.split(r"^-- name: *(\w+) *$", path.read_text(), flags=re.M)
        pairs = zip(parts[1::2], parts[2::2])
        for name, body in (v for pair in pairs for v in variants(*pair)):
            where = "%s: %s" % (path, name)
            sql, params = numbered(without_comments(body).strip().rstrip(";"), where)
            if any(name == other[0] for other in found):
                sys.exit("%s: two statements of this name" % where)
            if ";" in re.sub(r"'[^']*'", "", sql):
                sys.exit("%s: one statement to a name" % where)
            found.append((name, sql, len(params)))
    schema = []
    for path in sorted(pathlib.Path("sql/schema").glob("[0-9]*.sql")):
        body = without_comments(path.read_text())
        schema.append((int(path.name[:4]), [s.strip() for s in body.split(";") if s.strip()]))

    header = ["/* Made by tools/pack.py from sql/; not edited. */", "#ifndef MADE_QUERIES_H",
              "#define MADE_QUERIES_H", "", "#include <stddef.h>", "", "enum query_name {"]
    header += ["    Q_%s," % name.upper() for name, _, _ in found]
    header += ["    QUERY_COUNT", "};", "",
               "struct query_text {", "    const char *name, *sqlite, *postgres;",
               "    int parameter_count;", "};", "",
               "extern const struct query_text query_texts[QUERY_COUNT];", "",
               "struct schema_step {", "    int version;",
               "    const char *sqlite, *postgres; /* one statement */", "};", "",
               "extern const struct schema_step schema_steps[];",
               "extern const size_t schema_step_count;",
               "enum { SCHEMA_VERSION = %d };" % max(v for v, _ in schema), "", "#endif", ""]
    body = ["/* Made by tools/pack.py from sql/; not edited. */", '#include "queries.h"', "",
            "const struct query_text query_texts[QUERY_COUNT] = {"]
    for name, sql, count in found:
        body += ['    [Q_%s] = { "%s",' % (name.upper(), name), quoted(sqlite(sql)) + ",",
                 quoted(postgres(sql)) + ",", "      %d }," % count]
    body += ["};", "", "const struct schema_step schema_steps[] = {"]
    for version, statements in schema:
        for sql in statements:
            body += ["    { %d," % version, quoted(sqlite(sql)) + ",", quoted(postgres(sql)),
                     "    },"]
    body += ["};", "", "const size_t schema_step_count = sizeof schema_steps / "
             "sizeof schema_steps[0];", ""]
    write(out / "queries.h", "\n".join(header))
    write(out / "queries.c", "\n".join(body))


FOLDERS = ("rules", "strategies", "authority", "roles", "reviews", "calls", "insights", "letters", "templates", "maps", "rates", "terms",
           "static")


def files(out):
    lines = ["/* Made by tools/pack.py; not edited. */", '#include "base/files.h"', ""]
    table = []
    for folder in FOLDERS + ("build/static",):
        for path in sorted(p for p in pathlib.Path(folder).rglob("*") if p.is_file()):
            bytes_ = path.read_bytes()
            name = path.as_posix().removeprefix("build/")
            number = len(table)
            rows = [", ".join(map(str, bytes_[i:i + 24])) for i in range(0, len(bytes_), 24)]
            lines += ["static const unsigned char file_%d[] = {" % number,
                      "    " + ",\n    ".join(rows + ["0"]), "};"]
            table.append('    { "%s", file_%d, %d },' % (name, number, len(bytes_)))
    lines += ["", "const struct file files_embedded[] = {"] + table
    lines += ["    { 0 }", "};", "const size_t files_embedded_count = %d;" % len(table), ""]
    write(out / "files.c", "\n".join(lines))


def write(path, text):
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    else:
        path.touch()


if __name__ == "__main__":
    {"queries": queries, "files": files}[sys.argv[1]](pathlib.Path(sys.argv[2]))
