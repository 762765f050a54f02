#!/usr/bin/env python3
"""Two years of the IBM sample, month by month: the ageing and the days sales outstanding of the
program are those that are counted here from the file, without the program.

The sample pays whole invoices and is hardly ever late. So the same invoices are taken a second
time with payments made up: in two parts, and eight times as late, so that every range of the
ageing holds something. The file lies in ../shared, or in the folder RECOUP_SHARED.
"""
import calendar
import csv
import datetime
import fractions
import sys

import spine

FILE = spine.SHARED / "data/01_ar_behaviour/ibm_accounts_receivable/accounts_receivable.csv"
MONTHS = [(year, month) for year in (2012, 2013) for month in range(1, 13)]
RANGES = (("not_due", "Not due", None, 0), ("1-30", "1 to 30", 1, 30),
          ("31-60", "31 to 60", 31, 60), ("61-90", "61 to 90", 61, 90),
          ("91-120", "91 to 120", 91, 120), ("over_120", "Over 120", 121, None))
LATER = 8
TODAY = "2016-06-01T12:00:00Z"


# ---- what the file says ----

def day_of(text):
    month, day, year = map(int, text.split("/"))
    return datetime.date(year, month, day)


def cents_of(text):
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))


class Bill:
    def __init__(self, row):
        self.row = row
        self.invoiced, self.due = day_of(row["InvoiceDate"]), day_of(row["DueDate"])
        self.cents = cents_of(row["InvoiceAmount"])
        self.paid = [(day_of(row["SettledDate"]), self.cents)]

    def pay_late_and_in_parts(self):
        """A third on the day of the sample, the rest when it is eight times as late."""
        settled, part = self.paid[0][0], self.cents // 3
        late = max((settled - self.due).days, 0)
        last = settled + datetime.timedelta(days=(LATER - 1) * late)
        self.paid = [(settled, part), (last + datetime.timedelta(days=1), self.cents - part)]

    def open_on(self, day):
        if day < self.invoiced:
            return 0
        return self.cents - sum(cents for when, cents in self.paid if when <= day)


def month_end(year, month):
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def month_before(year, month):
    return (year, month - 1) if month > 1 else (year - 1, 12)


def ageing_of(bills, day):
    """Range to [cents, invoices]."""
    found = {name: [0, 0] for name, *_ in RANGES}
    for bill in bills:
        cents, late = bill.open_on(day), (day - bill.due).days
        if cents == 0:
            continue
        name = next(n for n, _, _, most in RANGES if most is None or late <= most)
        found[name][0] += cents
        found[name][1] += 1
    return found


def invoiced_in(bills, year, month):
    return sum(b.cents for b in bills if (b.invoiced.year, b.invoiced.month) == (year, month))


def tenths(exact):
    """One decimal, halves up; nothing here is below nought."""
    number = (exact * 10 + fractions.Fraction(1, 2)).__floor__()
    return f"{number // 10}.{number % 10}"


def counted_back(bills, cents, year, month):
    first = min((b.invoiced.year, b.invoiced.month) for b in bills)
    if (year, month) < first:
        return None
    days = fractions.Fraction(0)
    while cents > 0 and (year, month) >= first:
        sales, length = invoiced_in(bills, year, month), calendar.monthrange(year, month)[1]
        if sales >= cents:
            return tenths(days + fractions.Fraction(length * cents, sales))
        days, cents = days + length, cents - sales
        year, month = month_before(year, month)
    return tenths(days)


def over_three_months(bills, cents, year, month):
    sales = days = 0
    for _ in range(3):
        sales += invoiced_in(bills, year, month)
        days += calendar.monthrange(year, month)[1]
        year, month = month_before(year, month)
    return (tenths(fractions.Fraction(cents * days, sales)) if sales else None), sales, days


# ---- what the program says ----

def money(cents):
    return f"{cents // 100}.{cents % 100:02d}"


def noon(day):
    return f"{day}T12:00:00Z"


def check_ageing(results, recoup, what, day, expected):
    told = recoup.json("report", "ageing", "--now", noon(day))
    known = [t for t in told["totals"] if t["currency"] == "USD"]
    sums = (sum(c for c, _ in expected.values()), sum(n for _, n in expected.values()))
    late = sums[0] - expected["not_due"][0]
    right = {"currency": "USD", "open": money(sums[0]), "past_due": money(late),
             "invoices": sums[1]}
    results.check(known == [right], f"{what}: totals of {day}", known, right)

    rows = [(b["bucket"], b["from"], b["to"], b["open"], b["invoices"])
            for b in told["buckets"]]
    right = [(name, least, most, money(expected[name][0]), expected[name][1])
             for name, _, least, most in RANGES]
    results.check(rows == right, f"{what}: ranges of {day}", rows, right)

    told = recoup.must("report", "ageing", "--now", noon(day), "--csv").splitlines()
    right = ["currency,bucket,from,to,open,invoices"] + [
        f"USD,{name},{'' if least is None else least},{'' if most is None else most},"
        f"{money(expected[name][0])},{expected[name][1]}" for name, _, least, most in RANGES]
    results.check(told == right, f"{what}: CSV of {day}", told, right)


def check_printed(results, recoup, what, day, expected):
    """As people read it: the words of each range, dollars with commas, and the count."""
    told = recoup.must("report", "ageing", "--now", noon(day),
                       environment={"RECOUP_FORMAT": "table"})
    lines = [" ".join(line.split()) for line in told.splitlines()]
    for name, title, *_ in RANGES:
        cents, count = expected[name]
        right = f"USD {title} ${cents // 100:,}.{cents % 100:02d} {count}"
        results.check(right in lines, f"{what}: {title} as printed on {day}", right, *lines)


def dso_of_kpi(recoup, day):
    told = recoup.json("report", "kpi", "--now", noon(day))
    return tuple(next(m["value"] for m in told["measures"]
                      if m["measure"] == name and m["currency"] == "USD")
                 for name in ("dso", "best_possible_dso"))


def check_dso(results, recoup, what, bills, ageings):
    told = recoup.json("report", "dso", "--period", "2012-01..2013-12", "--now", TODAY)
    by_month = {row["month"]: row for row in told["months"]}
    results.check(len(told["months"]) == len(by_month) == len(MONTHS),
                  f"{what}: a row for each month", *by_month)
    for year, month in MONTHS:
        day, row = month_end(year, month), by_month.get(f"{year}-{month:02d}", {})
        open_cents = sum(c for c, _ in ageings[day].values())
        not_due = ageings[day]["not_due"][0]
        simple, sales, days = over_three_months(bills, open_cents, year, month)
        back = (counted_back(bills, open_cents, year, month),
                counted_back(bills, not_due, year, month))
        right = {"month": f"{year}-{month:02d}", "as_of": str(day), "currency": "USD",
                 "open": money(open_cents), "past_due": money(open_cents - not_due),
                 "invoiced": money(invoiced_in(bills, year, month)),
                 "invoiced_3_months": money(sales), "days_3_months": days,
                 "dso": back[0], "best_possible_dso": back[1], "dso_3_months": simple}
        results.check(row == right, f"{what}: DSO of {year}-{month:02d}", row, right)
        of_kpi = dso_of_kpi(recoup, day)
        results.check(of_kpi == back, f"{what}: kpi of {day}", of_kpi, back)


def check_months(results, recoup, what, bills):
    ageings = {day: ageing_of(bills, day) for day in (month_end(*m) for m in MONTHS)}
    for day, expected in ageings.items():
        check_ageing(results, recoup, what, day, expected)
        check_printed(results, recoup, what, day, expected)
    check_dso(results, recoup, what, bills, ageings)
    return {name for ageing in ageings.values() for name, (cents, _) in ageing.items() if cents}


# ---- the books ----

def made_up(folder, bills):
    """The sample without its payments, and these in a file of their own."""
    invoices, payments = folder / "invoices.csv", folder / "payments.csv"
    with invoices.open("w", newline="") as out:
        table = csv.DictWriter(out, bills[0].row)
        table.writeheader()
        table.writerows(bill.row | {"SettledDate": ""} for bill in bills)
    with payments.open("w", newline="") as out:
        table = csv.writer(out)
        table.writerow(("customerID", "invoiceNumber", "Day", "Amount"))
        table.writerows((bill.row["customerID"], bill.row["invoiceNumber"], when, money(cents))
                        for bill in bills for when, cents in bill.paid)
    return invoices, payments


def main():
    if not FILE.exists():
        spine.skip(f"there is no {FILE} (set RECOUP_SHARED)")
    results = spine.Results("ibm_months")
    with FILE.open(newline="") as file, spine.scratch("ibm") as folder:
        bills = [Bill(row) for row in csv.DictReader(file)]
        recoup = spine.Recoup(folder / "sample.db")
        recoup.must("init", "--name", "ibm", "--no-input")
        recoup.must("import", "invoices", FILE, "--map", "ibm-ar", "-y", "--now", TODAY)
        check_months(results, recoup, "as it is", bills)

        for bill in bills:
            bill.pay_late_and_in_parts()
        invoices, payments = made_up(folder, bills)
        recoup = spine.Recoup(folder / "late.db")
        recoup.must("init", "--name", "ibm", "--no-input")
        recoup.must("import", "invoices", invoices, "--map", "ibm-ar", "-y", "--now", TODAY)
        recoup.must("import", "payments", payments, "--map",
                    spine.ROOT / "tests/maps/ibm-payments.yaml", "-y", "--now", TODAY)
        held = check_months(results, recoup, "late and in parts", bills)
        results.check(len(held) == len(RANGES), "every range holds something", *held)
    return results.end()


if __name__ == "__main__":
    sys.exit(main())
