#!/usr/bin/env python3
"""Verdicts are proven from what was stored with them, and held against changed rules.

A demo book decides and delivers. Every verdict comes out again; rules that change on the disk do
not touch it; a changed byte is found. What rules diff lists is compared with another way to the
same answer: every stored question, judged by rules judge under both sets of packs.
"""
import json
import shutil
import sqlite3
import sys

from spine import ROOT, Recoup, Results, rows, scratch

NOW = "2026-11-19T21:30:00Z"
DEMO = ("demo", "--accounts", "300", "--no-serve", "--quiet", "--now", NOW)


def edit(db, sql, *values):
    connection = sqlite3.connect(db)
    with connection:
        connection.execute(sql, values)
    connection.close()


def verdicts(db):
    return [(f"D-{bucket}.{seq}", json.loads(record), question) for bucket, seq, record, question
            in rows(db, "SELECT bucket, seq, record, question FROM journal "
                        "WHERE question IS NOT NULL ORDER BY bucket, seq")]


def folder_of_rules(folder, path, old, new):
    """A folder for --files that overrides one pack: every `old` in it is `new`."""
    text = (ROOT / "rules" / path).read_text()
    assert old in text
    pack = folder / "rules" / path
    pack.parent.mkdir(parents=True, exist_ok=True)
    pack.write_text(text.replace(old, new))
    return pack


def every_verdict_comes_out_again(t, recoup, stored):
    kinds = {record.get("standing", record.get("state")) for _, record, _ in stored}
    t.check({"queued", "sending"} <= kinds, f"decided, and looked at before sending: {kinds}")
    checked = recoup.json("prove")["checked"]
    t.check(checked["verdicts"] == len(stored) > 50, f"all are given again: {checked}")
    t.none(recoup.findings(), "and are the same")
    wrong = []
    for name, record, _ in stored[::7]:
        one = recoup.json("prove", name)
        if not one["same"] or one["again"] != record["verdict"] or \
                [pack["pack"] for pack in one["rules"]] != record["packs"]:
            wrong.append(one)
    t.none(wrong, "one by one")
    shown = recoup.must("prove", stored[0][0])
    t.check("The same verdict comes out again, byte for byte." in shown, "for people", shown)
    t.check(stored[0][1]["facts"] in shown, "with the digest of its facts", shown)


def what_is_stored_can_be_judged(t, recoup, folder, stored):
    lines = folder / "lines.jsonl"
    lines.write_text("".join(json.dumps(recoup.json("prove", name)) + "\n"
                             for name, _, _ in stored[::11]))
    answers = [json.loads(line) for line in recoup.must("rules", "judge", lines).splitlines()]
    same = [answer["ruling"] == record["verdict"]["ruling"] and
            sorted(f["rule"] for f in answer["rules"]) ==
            sorted(f["rule"] for f in record["verdict"]["findings"])
            for answer, (_, record, _) in zip(answers, stored[::11])]
    t.check(len(answers) == len(stored[::11]) and all(same), "rules judge reads what prove prints")


def rules_of_the_day_are_kept(t, recoup, folder):
    shut = folder / "shut"
    folder_of_rules(shut, "house.yaml", 'close: "19:00"', 'close: "07:30"')
    with_others = Recoup(recoup.db, recoup.binary, {"RECOUP_FILES": str(shut)})
    t.none(with_others.findings(), "other rules on the disk change no proof")


def a_changed_byte_is_found(t, recoup, folder, stored):
    copy = folder / "changed.db"
    changed = Recoup(copy, recoup.binary)
    name, _, question = next(v for v in stored if '"channel":"email"' in v[2])
    bucket, seq = name[2:].split(".")
    for sql, value in (("question = ?", question.replace('"email"', '"sms"', 1)),
                       ("question = ?", question.replace("a", "b", 1)),
                       ("question = ?", None),
                       ("record = replace(record, ?, '\"ruling\":\"defer\"')",
                        '"ruling":"allow"')):
        shutil.copyfile(recoup.db, copy)
        edit(copy, f"UPDATE journal SET {sql} WHERE bucket = ? AND seq = ?", value, bucket, seq)
        found = [f for f in changed.findings() if "verdict_again" in f]
        t.check(len(found) == 1 and f"record {seq}," in found[0], f"{sql}: prove finds it", *found)
        done = changed.call("prove", name, "--json")
        t.check(done.returncode == 8 and not json.loads(done.stdout)["same"],
                f"{sql}: so does prove {name}", done.stdout[:300])
    shutil.copyfile(recoup.db, copy)
    edit(copy, "UPDATE rule_text SET text = replace(text, '19:00', '20:00')")
    done = changed.call("prove", name)
    t.check(done.returncode == 8 and "It is not proven: its rules are not there." in done.stdout,
            "a changed rule that is kept is found", done.stdout)


def names_are_checked(t, recoup):
    payment, = rows(recoup.db, "SELECT 'D-' || bucket || '.' || seq FROM journal "
                               "WHERE kind = 'payment' LIMIT 1")[0]
    for word, code in (("D-1", 2), ("D-1.2x", 2), ("D-1.99999", 3), (payment, 3)):
        done = recoup.call("prove", word)
        t.check(done.returncode == code and word in done.stderr, f"prove {word}", done.stderr)


# ---- rules diff ---------------------------------------------------------------------------------

def judged(recoup, folder, stored, files):
    """The answer of rules judge to each stored question, by the packs of its record."""
    lines = folder / "all.jsonl"
    lines.write_text("".join(f'{{"packs":{json.dumps(record["packs"])},"question":{question}}}\n'
                             for _, record, question in stored))
    more = ("--files", files) if files else ()
    return [json.loads(line) for line in
            recoup.must("rules", "judge", lines, *more).splitlines()]


def outcome(answer):
    return (answer["ruling"], answer["until"], sorted(
        (f["rule"], f["ruling"], f.get("until"), f.get("unknown")) for f in answer["rules"]))


def diff_is_exact(t, recoup, folder, stored, path, old, new):
    files = folder / f"draft-{len(list(folder.iterdir()))}"
    pack = folder_of_rules(files, path, old, new)
    before, after = judged(recoup, folder, stored, None), judged(recoup, folder, stored, files)
    expected = {name for (name, _, _), a, b in zip(stored, before, after)
                if outcome(a) != outcome(b)}
    moved = sum((a["ruling"], a["until"]) != (b["ruling"], b["until"])
                for a, b in zip(before, after))
    t.check(0 < len(expected) < len(stored), f"{path}: {new} changes some: {len(expected)}")
    for words in ((ROOT / "rules" / path, pack), (pack,), ("-", files), (files,)):
        done = recoup.call("rules", "diff", *words, "--exit-code", "--json")
        answer = json.loads(done.stdout)
        found = {change["decision"] for change in answer["changes"]}
        t.check(found == expected and done.returncode == 8,
                f"{path}: rules diff finds exactly those", sorted(found ^ expected)[:5])
        t.check((answer["verdicts"], answer["moved"], answer["unreadable"]) ==
                (str(len(stored)), str(moved), "0"), f"{path}: counts", answer["moved"], moved)
    back = json.loads(recoup.must("rules", "diff", pack, ROOT / "rules" / path, "--json"))
    t.check({c["decision"] for c in back["changes"]} == expected and
            all(c["before"] != c["after"] or c["before_rules"] != c["after_rules"]
                for c in back["changes"]), f"{path}: the other way round")


def diff_finds_nothing_in_the_same(t, recoup):
    for words in ((ROOT / "rules", ROOT / "rules"), (ROOT / "rules",),
                  ("-", ROOT / "rules/us/fl.yaml")):
        done = recoup.call("rules", "diff", *words, "--exit-code", "--json")
        t.check(done.returncode == 0 and json.loads(done.stdout)["different"] == "0",
                f"rules diff of the same: {words[-1]}", done.stdout, done.stderr)


def a_pack_may_join_or_leave(t, recoup, folder):
    pack = folder / "new.yaml"
    pack.write_text((ROOT / "rules/house.yaml").read_text().replace("pack: house", "pack: guest")
                    .replace("id: house.", "id: guest."))
    joins = json.loads(recoup.must("rules", "diff", "-", pack, "--json"))
    t.check(int(joins["different"]) == int(joins["verdicts"]) and
            all("guest." in c["after_rules"] for c in joins["changes"]), "a pack that joins")
    swaps = json.loads(recoup.must("rules", "diff", ROOT / "rules/house.yaml", pack, "--json"))
    t.check(all("house." in c["before_rules"] and "guest." in c["after_rules"]
                for c in swaps["changes"]) and int(swaps["moved"]) == 0,
            "a pack in the place of another")


def bad_packs_are_refused(t, recoup, folder):
    bad = folder / "bad.yaml"
    bad.write_text("pack: house\ntitle: T\nplaces: everywhere\nbinds: anyone\nrule: []\n")
    done = recoup.call("rules", "diff", "-", bad)
    t.check(done.returncode == 5 and "bad.yaml:" in done.stderr, "a pack that is refused",
            done.stderr)
    done = recoup.call("rules", "diff", "-", folder / "nowhere.yaml")
    t.check(done.returncode == 3 and "nowhere.yaml" in done.stderr, "no such file", done.stderr)
    (folder / "empty").mkdir()
    done = recoup.call("rules", "diff", folder / "empty")
    t.check(done.returncode == 3 and "empty" in done.stderr, "no pack in the folder", done.stderr)


def main():
    t = Results("proof")
    with scratch("proof") as folder:
        recoup = Recoup(folder / "book.db")
        recoup.must(*DEMO, cwd=folder)
        stored = verdicts(recoup.db)
        every_verdict_comes_out_again(t, recoup, stored)
        what_is_stored_can_be_judged(t, recoup, folder, stored)
        rules_of_the_day_are_kept(t, recoup, folder)
        a_changed_byte_is_found(t, recoup, folder, stored)
        names_are_checked(t, recoup)
        diff_is_exact(t, recoup, folder, stored, "house.yaml", 'close: "19:00"',
                      'close: "16:00"')
        diff_is_exact(t, recoup, folder, stored, "house.yaml", "days, max: 3}",
                      "days, max: 1}")
        diff_finds_nothing_in_the_same(t, recoup)
        a_pack_may_join_or_leave(t, recoup, folder)
        bad_packs_are_refused(t, recoup, folder)
    return t.end()


if __name__ == "__main__":
    sys.exit(main())
