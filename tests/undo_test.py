#!/usr/bin/env python3
"""What a form of a person's file did is taken back by the button on the next page; the history
keeps both. Over HTTP, without script.
"""
import pathlib
import sys

import console
import spine

NOW = console.PAGES_NOW
RESULTS = spine.Results("undo")
check = RESULTS.check
WHO = "P-20143"
OF = " JOIN casefile c USING (bucket, casefile_id) WHERE c.reference = ? "


def same(got, wanted, what):
    check(got == wanted, what, f"wanted {wanted!r}", f"got    {got!r}")


def details(person, deed):
    return next(f for f in person.get(f"/accounts/{WHO}/details").forms() if ("do", deed) in f.fields)


def language(db):
    return spine.rows(db, "SELECT language FROM party" + OF + "AND party_no = 1", WHO)[0][0]


def test_language(db, omar):
    done = details(omar, "language").submit(language="de")
    same((language(db), done.status), ("de", 200), "their language is another")
    back = done.form("/details/language/en").submit()
    check(back.says("Their language is English again."), "taken back", back.words()[:300])
    same(language(db), "en", "as it was")
    same(omar.post(f"/accounts/{WHO}/details/language/x_x").status, 422, "what is no language")


def test_address(db, omar):
    def points():
        return spine.rows(db, "SELECT address, state FROM contact_point" + OF +
                          "AND address LIKE 'new@%'", WHO)
    done = details(omar, "point").submit(channel="email", address="new@person.example")
    same(points(), [("new@person.example", "good")], "one more")
    number = spine.rows(db, "SELECT MAX(point_no) FROM contact_point" + OF, WHO)[0][0]
    back = done.form(f"/point/{number}/bad").submit()
    same(points(), [("new@person.example", "bad")], "taken back: nothing is sent there")
    again = back.form(f"/point/{number}/good").submit()
    check(again.says("It leads to them again."), "and that, too")
    same(points(), [("new@person.example", "good")], "good again")


def holding(db, kind):
    return spine.rows(db, "SELECT scope, value, channel, detail, until_at FROM fact" + OF +
                      "AND type = ? AND at <= 1795191000000000 AND until_at > 1795191000000000", WHO,
                      kind)


def test_fact(db, omar):
    details(omar, "prefer").submit(channel="email")
    was = holding(db, "preference")
    number = spine.rows(db, "SELECT MAX(fact_no) FROM fact" + OF, WHO)[0][0]
    page = omar.get(f"/accounts/{WHO}/details")
    done = page.form(f"/details/fact/{number}/end").submit()
    same((len(was), holding(db, "preference")), (1, []), "it holds no longer")
    form = done.form(f"/details/fact/{number}/again")
    back = form.submit()
    check(back.says("It holds again."), "taken back", back.words()[:300])
    same(holding(db, "preference"), was, "as it was, to the day")
    twice = omar.post(f"/accounts/{WHO}/details/fact/{number}/again/1")
    same(twice.status, 409, "a day that is past")
    same(omar.post(f"/accounts/{WHO}/details/fact/99999/again/9223372036854775807").status, 404,
         "what is not there")
    same(omar.post(f"/accounts/{WHO}/details/fact/{number}/again/x").status, 404, "no moment")


def test_hardship(db, omar):
    """A decision on hardship, of each kind, by who may."""
    taken = omar.get(f"/accounts/{WHO}/hardship").form("/hardship")
    page = taken.submit(situation="lost_work", until="2026-12-31", reason="Lost their work.")
    check(page.status == 200, "taken down", page.words()[:300])
    number = spine.rows(db, "SELECT MAX(fact_no) FROM fact" + OF + "AND scope = 'hardship'", WHO)[0][0]
    was = holding(db, "hold")
    with_detail = [row for row in was if row[0] == "hardship"]
    same(len(with_detail), 1, "in force")
    rosa = console.Console(omar.address, "lena")
    for result, more in (("pause", {"until": "2027-01-31"}), ("close", {}),
                         ("decline", {"note": "They have work again."})):
        form = rosa.get(f"/accounts/{WHO}/hardship/{number}").form("/decide")
        done = form.submit(result=result, **more)
        undo = [f for f in done.forms() if "/undo/" in f.action]
        check(done.status == 200 and len(undo) == 1, f"{result}: decided, with a way back",
              done.words()[:300])
        if not undo:
            return
        check(holding(db, "hold") != was, f"{result}: it is another now")
        back = undo[0].submit()
        check(back.says("Taken back: what held before holds again."), f"{result}: taken back",
              back.words()[:300])
        same([row for row in holding(db, "hold") if row[0] == "hardship"], with_detail,
             f"{result}: as it was")
        same(undo[0].submit().status, 409, f"{result}: once")
        number = spine.rows(db, "SELECT MAX(fact_no) FROM fact" + OF + "AND scope = 'hardship' AND "
                            "until_at > 1795191000000000", WHO)[0][0]
    path = undo[0].action
    same(omar.post(path).status, 403, "who may not decide takes nothing back")
    same([rosa.post(f"/accounts/{WHO}/hardship/{number}/undo/{x}").status
          for x in ("1", "x.y", "1.2", "99999999999.1")], [404] * 4, "what is none")


def main():
    with spine.scratch("undo") as folder:
        folder = pathlib.Path(folder)
        master = console.demo(folder)
        for test in (test_language, test_address, test_fact, test_hardship):
            db = folder / f"{test.__name__}.db"
            spine.copy_book(master, db)
            with console.Console(db, "omar", now=NOW) as omar:
                test(db, omar)
            same(spine.Recoup(db).findings(), [], f"{test.__name__}: the book proves")
    return RESULTS.end()


if __name__ == "__main__":
    sys.exit(main())
