#!/usr/bin/env python3
"""A draft of a strategy as a form, without script: what comes back goes into the text and nothing else
changes; the text counts where both were changed; what cannot be written is said and loses nothing."""
import re
import sys

import console
import spine

NAMES = ("b2b-invoices", "consumer-first-party", "consumer-third-party")
NAME = NAMES[0]
DRAFT = f"/strategies/{NAME}/draft"

ONE_STEP = """strategy: b2b-invoices
title: One
ladders:
  - name: a
    steps:
      - {id: x, after_due: 3, channels: [email, # first
           letter], template: past-due}
    end: {after: 14, then: person}
segments:
  - {name: all, ladder: a}
"""


def form_of(page):
    return page.form("/draft")


def text_of(page):
    return dict(form_of(page).fields)["text"]


def looked(page, **changed):
    """Without saving."""
    return form_of(page).submit(elsewhere=form_of(page).action + "/try", **changed)


def named(**fields):
    """step__0__1__day__days is step.0.1.day.days."""
    return {name.replace("__", "."): value for name, value in fields.items()}


def untouched(results, rosa):
    """A form that comes back as it went leaves every byte where it was."""
    for name in NAMES:
        page = rosa.get(f"/strategies/{name}/draft")
        live = text_of(page)
        for ladder in re.findall(r'name="show" value="(\d+)"', page.text):
            page = looked(page, show=ladder)
            results.check(text_of(page) == live and page.says("As it is live"),
                          f"{name}: ladder {ladder} is shown, and nothing changes")
            page = looked(page)
            results.check(text_of(page) == live, f"{name}: nor when it comes back")


def fields(results, rosa):
    page = rosa.get(DRAFT)
    live = text_of(page)
    page = looked(page, **named(step__0__0__day__days="5", step__0__1__template="past-due"))
    wanted = live.replace("after_due: 7,", "after_due: 5,", 1).replace(
        "channels: [email, letter], template: final-notice", "channels: [email, letter], template: past-due", 1)
    results.check(page.status == 200 and text_of(page) == wanted, "two fields, two places in the text")
    results.check(page.says("Not saved yet"), "it says that it is not saved")
    results.check(rosa.get(DRAFT).says("As it is live"), "and it is not")
    page = form_of(page).submit(**named(segment__0__when="total_open_minor < 30000", for_=""))
    wanted = wanted.replace("total_open_minor < 25000", "total_open_minor < 30000").replace(
        'for: business && role == "first_party_creditor"\n', "")
    results.check(page.says("Saved as a draft") and text_of(page) == wanted, "what is saved goes on from there")
    page = form_of(page).submit(**named(ladder__0__gap="4", **{"ladder__0__end__then": "stop"}))
    wanted = wanted.replace("gap: 3  ", "gap: 4  ", 1).replace("then: person", "then: stop", 1)
    results.check(text_of(page) == wanted, "of the ladder, too; remarks beside it stay")
    page = form_of(page).submit(**{"step.0.0.channels": ["sms", "", "letter"]})
    wanted = wanted.replace("after_due: 5, channels: [email, letter]", "after_due: 5, channels: [sms, letter]")
    results.check(text_of(page) == wanted, "channels stand in the order chosen")
    return wanted


def hard_words(results, rosa):
    for words in ('a: "b" # c', "it's", "[x, {y}]", "é 日本 🎉", "- a", "<b>&amp;</b>", "!business", "'", "{{text}}"):
        page = looked(rosa.get(DRAFT), title=words)
        shown = dict(form_of(page).fields)
        results.check(page.status == 200 and shown["title"] == words, f"{words} is a title", shown.get("title"))
        results.check("\ntitle: " in shown["text"] and "order: 10\n" in shown["text"], f"{words} breaks nothing")
    page = looked(rosa.get(DRAFT), title="two\r\nlines")
    results.check(dict(form_of(page).fields)["title"] == "two lines", "a line is a line")
    page = looked(rosa.get(DRAFT), **named(step__0__0__day__days="soon"))
    results.check(dict(form_of(page).fields)["step.0.0.day.days"] == "soon"
                  and page.says("must be a whole number"), "a day that is none stays, and is a problem")


def whole_steps(results, rosa, saved):
    page = looked(rosa.get(DRAFT), do="later 0")
    shown = dict(form_of(page).fields)
    results.check(shown["step.0.1.id"] == "past_due" and shown["step.0.1.day.days"] == "14"
                  and shown["step.0.0.day.days"] == "5", "a step goes later, and the next one takes its day")
    page = looked(page, do="earlier 1")
    results.check(text_of(page) == saved, "and back: the text is the same again")
    page = looked(page, do="add 0")
    shown = dict(form_of(page).fields)
    results.check(shown["step.0.1.id"] == "step_4" and shown["step.0.1.day.days"] == "9", "one more, between")
    page = looked(page, do="remove 1", title="While a step goes")
    results.check(text_of(page) == saved.replace(
        "title: Invoices to businesses, in our own name", "title: While a step goes"),
        "one less; what was typed beside it is kept")
    page = looked(rosa.get(DRAFT), do="remove 99")
    results.check(page.status == 422 and page.says("no such step"), "a step that is not there")
    results.check(looked(rosa.get(DRAFT), do="remove x").status == 200, "and what is no wish")


def both(results, rosa, saved):
    page = rosa.get(DRAFT)
    typed = saved.replace("order: 10", "order: 11")
    page = looked(page, text=typed, title="Lost")
    results.check(page.says("The text counts") and text_of(page) == typed, "both changed: the text counts")
    results.check(dict(form_of(page).fields)["title"] != "Lost" and "order: 11" in text_of(page), "the form shows it")
    page = looked(rosa.get(DRAFT), text=typed)
    results.check(not page.says("The text counts") and text_of(page) == typed, "the text alone: nothing to say")
    page = looked(rosa.get(DRAFT), text=typed, do="remove 0")
    results.check(page.says("The text counts") and text_of(page) == typed, "a step is not removed from another text")
    page = looked(rosa.get(DRAFT), text="ladders: [")
    results.check(page.says("there is no form of it", "Problem") and text_of(page) == "ladders: [", "no text, no form")
    page = form_of(rosa.get(DRAFT)).submit(text=typed, title="Lost")
    results.check(page.says("Saved. The form and the text were both changed") and text_of(page) == typed,
                  "saving says it, too")
    form_of(page).submit(text=saved)


def refused(results, rosa):
    page = looked(rosa.get(DRAFT), text=ONE_STEP)
    page = looked(page, do="remove 0", title="Two")
    results.check(page.status == 422 and page.says("at least one step") and "title: Two" in text_of(page),
                  "the last step stays, what was typed as well", page.status)
    page = looked(page, **{"step.0.0.channels": ["sms"], "title": "Three"})
    shown = form_of(page).fields
    results.check(page.status == 422 and page.says("Change it in the text"), "a remark is never lost", page.status)
    results.check(("title", "Three") in shown and ("step.0.0.channels", "sms") in shown, "nor what was typed", shown)
    page = form_of(page).submit()
    results.check(page.status == 422 and ("title", "Three") in form_of(page).fields, "saving says the same")


def many(results, rosa):
    """More than one form can send."""
    steps = "".join(f"      - {{id: s{i}, after_due: {i}, channels: [email, letter, sms], template: past-due}}\n"
                    for i in range(60))
    parts = "".join(f"  - {{name: p{i}, when: open_items == {i}, ladder: a}}\n" for i in range(50))
    head, rest = ONE_STEP.split("      - {id: x", 1)
    text = head + steps + rest[rest.index("    end:"):].replace("segments:\n", "segments:\n" + parts)
    page = looked(rosa.get(DRAFT), text=text)
    page = looked(page, title="Many")
    results.check(page.status == 200 and text_of(page) == text.replace("title: One", "title: Many")
                  and page.says("which only the text shows"), "a long ladder is changed as far as a form goes",
                  page.status, len(form_of(page).fields))
    results.check(100 < len(form_of(page).fields) <= 195, "which sends what may be sent", len(form_of(page).fields))


def overtaken(results, rosa, address):
    """Who only looks does not see another's revision as theirs."""
    page = rosa.get(DRAFT)
    ruth = console.Console(address, "rosa")
    form_of(ruth.get(DRAFT)).submit(title="Hers")
    page = looked(page, title="Mine")
    results.check(page.says("What was saved meanwhile"), "that somebody saved meanwhile is shown")
    page = form_of(page).submit()
    results.check(page.status == 409 and "title: Mine" in text_of(page), "and is not overwritten", page.status)
    page = form_of(page).submit()
    results.check(page.says("Saved as a draft") and "title: Mine" in text_of(page), "but with open eyes")


def history(results, rosa, address):
    page = rosa.get(DRAFT + "/history")
    links = re.findall(r'href="(/strategies/[^"]*\?from=[0-9a-f]{64})"', page.text)
    results.check(len(links) >= 6 and page.says("Rosa", "Saved"), "all that was saved is there", len(links))
    page = rosa.get(links[1])
    results.check(page.status == 200 and "title: Hers" in text_of(page) and page.says("Not saved yet"),
                  "one before is in hand, and not saved")
    live = rosa.get(DRAFT + "?from=live")
    results.check("title: Invoices to businesses" in text_of(live) and live.says("Not saved yet"), "or what is live")
    digest = links[1].rsplit("=", 1)[1]
    results.check(rosa.get(f"/strategies/{NAMES[1]}/draft?from={digest}").status == 404, "a text of another is not")
    page = form_of(rosa.get(links[-1])).submit()
    results.check(page.says("Saved as a draft"), "it can be saved again")
    lena = console.Console(address, "lena")
    results.check(lena.get(DRAFT + "/history").status == 403
                  and lena.post(DRAFT + "/try", {"text": "x"}).status == 403, "not by everybody")
    results.check(rosa.get("/strategies/nothing/draft/history").status == 404, "no strategy, no history")


def counted(results, rosa):
    page = looked(rosa.get(f"/strategies/{NAMES[2]}/draft"), do="count")
    results.check(page.says("Who reaches it today") and "f-who" in page.text, "steps are counted when asked")
    for names in re.findall(r'<details class="who">.*?</details>', page.text, re.S):
        links = re.findall(r'href="(/accounts/[^"]+)"', names)
        results.check(1 <= len(links) <= 10 and rosa.get(links[0]).status == 200, "with pages of some of them")
    results.check("Who reaches it today" not in rosa.get(DRAFT).text, "and never before the page")


def starters(results, rosa):
    page = rosa.get("/strategies")
    results.check(page.says("3 ladders of 3 to 7 steps, from 3 days before to 30 days after the due date"),
                  "what one may begin from is told in plain words")
    page = page.form("/strategies").submit(name="small-shops", from_=NAMES[1])
    results.check(page.path == "/strategies/small-shops/draft" and "strategy: small-shops" in text_of(page),
                  "a new one begins from it", page.path)
    results.check(len(form_of(page).fields) > 20, "with its form")


def main():
    results = spine.Results("strategy form")
    with spine.scratch("strategy-form") as folder:
        book = console.demo(folder)
        with console.serving(book) as address:
            rosa = console.Console(address, "rosa")
            untouched(results, rosa)
            saved = fields(results, rosa)
            hard_words(results, rosa)
            whole_steps(results, rosa, saved)
            both(results, rosa, saved)
            refused(results, rosa)
            many(results, rosa)
            overtaken(results, rosa, address)
            history(results, rosa, address)
            counted(results, rosa)
            starters(results, rosa)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
