#!/usr/bin/env python3
"""Builds rules/places from tables whose licence allows it. Neither the build nor the program needs
this script: it is run by hand when a source has news.

    tools/make_places.py FOLDER [OUT]

FOLDER holds the sources; OUT is rules/places.
  zip_to_timezone/zip_timezone_two_sources.csv     zip, and its zone by two projects
  phone_libphonenumber/timezones_map_data.txt      prefix|zone&zone
  phone_libphonenumber/geocoding_en_1.txt          prefix|place
  phone_libphonenumber/PhoneNumberMetadata.xml     calling codes and their countries
The zones themselves, zone.tab and iso3166.tab are those of this system (tzdata).

What no table says stands below as hand facts, each with its reason. Zones whose clocks have
agreed since 2024 count as one. Where two sources disagree, both are plausible. NOTICE names the
licences, docs/places.md tells the rest.
"""
import csv
import datetime
import functools
import pathlib
import re
import sys
import zoneinfo

SYSTEM = pathlib.Path("/usr/share/zoneinfo")

PHONE = "libphonenumber, Apache-2.0, as of July 2026 (commit f7e3e88c)"
ZIPS = ("zipcode-timezone-php, dedicated to the public domain, as of November 2020 (eba81a57);\n"
        "#   node-zipcode-to-timezone, MIT, as read in November 2026 (370fefb4)")
HAND = "facts looked up by hand in November 2026 (tools/make_places.py gives each its reason)"


def tzdata():
    version = (SYSTEM / "tzdata.zi").read_text().split()[2]
    return f"tzdata {version}, public domain"


# ---- Zones ---------------------------------------------------------------------------------

FIRST, LAST = (datetime.datetime(year, 1, 1, tzinfo=datetime.timezone.utc)
               for year in (2024, 2038))

# The names that stand for all zones with the same clocks in the tables of the United States.
US_ZONES = {"E": "America/New_York", "C": "America/Chicago", "M": "America/Denver",
            "Z": "America/Phoenix", "P": "America/Los_Angeles", "K": "America/Anchorage",
            "D": "America/Adak", "H": "Pacific/Honolulu", "R": "America/Puerto_Rico",
            "G": "Pacific/Guam", "S": "Pacific/Pago_Pago", "W": "Pacific/Palau",
            "T": "Pacific/Chuuk", "N": "Pacific/Pohnpei", "J": "Pacific/Majuro"}


@functools.cache
def clocks(name):
    """The hours at which the clocks of a zone are moved, and what they show from then on."""
    zone = zoneinfo.ZoneInfo(name)
    moment, hour = FIRST, datetime.timedelta(hours=1)
    seen = [(None, moment.astimezone(zone).utcoffset())]
    while moment < LAST:
        later = moment + 24 * hour
        if later.astimezone(zone).utcoffset() != seen[-1][1]:
            while moment.astimezone(zone).utcoffset() == seen[-1][1]:
                moment += hour
            seen.append((moment, moment.astimezone(zone).utcoffset()))
        moment = later
    return tuple(seen)


def same(a, b):
    return clocks(a) == clocks(b)


def collapse(names, preferred=()):
    """One name for zones that agree: the preferred one, else the first."""
    kept = []
    for name in names:
        name = next((p for p in preferred if same(p, name)), name)
        if not any(same(name, k) for k in kept):
            kept.append(name)
    return kept


# ---- ZIP codes -----------------------------------------------------------------------------

# Which state the first three digits name (USPS). Exceptions of single codes stand below.
ZIP3 = """
NY 005  PR 006-007  VI 008  PR 009  MA 010-027  RI 028-029  NH 030-038  ME 039-049  VT 050-054
MA 055  VT 056-059  CT 060-069  NJ 070-089  NY 100-149  PA 150-196  DE 197-199  DC 200  VA 201
DC 202-205  MD 206-219  VA 220-246  WV 247-268  NC 270-289  SC 290-299  GA 300-319  FL 320-339
FL 341-342 FL 344 FL 346-347 FL 349  AL 350-352 AL 354-369  TN 370-385  MS 386-397  GA 398-399
KY 400-427  OH 430-459  IN 460-479  MI 480-499  IA 500-528  WI 530-549  MN 550-567  DC 569
SD 570-577  ND 580-588  MT 590-599  IL 600-629  MO 630-658  KS 660-679  NE 680-693  LA 700-714
AR 716-729  OK 730-731  TX 733  OK 734-749  TX 750-799  CO 800-816  WY 820-831  ID 832-838
UT 840-847  AZ 850-865  NM 870-884  TX 885  NV 889-898  CA 900-961  HI 967-968  GU 969
OR 970-979  WA 980-994  AK 995-999
"""
ZIP_STATE = {  # codes that lie in another state than their neighbours
    "06390": "NY",  # Fishers Island
    "20598": "VA",  # Arlington
    "83414": "WY",  # Alta
    "73949": "TX",  # Texhoma
    "96799": "AS", "96950": "MP", "96951": "MP", "96952": "MP",
    "96939": "PW", "96940": "PW",
    "96941": "FM", "96942": "FM", "96943": "FM", "96944": "FM",
    "96960": "MH", "96970": "MH",
}
FREELY_ASSOCIATED = ("PW", "FM", "MH")  # countries of their own, although the USPS serves them
# Two states share these: the codes cross the line.
ZIP_ALSO = {"42223": "TN",   # Fort Campbell
            "86044": "UT", "86514": "UT",  # Navajo Mountain, Teec Nos Pos
            }
# The five boroughs of New York City, whose own rules hold beside those of the state.
NYC = [(100, 104), (111, 114), (116, 116)]
NYC_ZIPS = {"11004", "11005"}  # Glen Oaks and Floral Park in Queens; 110 is Nassau otherwise

# Where people keep other clocks than both tables say, or may: these are added.
ZIP_HAND = [
    # Phenix City, Lanett, Valley and their neighbours live by the clocks of Columbus, Georgia.
    ("36867-36870 36854 36863", "E"),
    # The Navajo Nation keeps daylight saving time, the rest of Arizona does not, and the Hopi
    # Reservation inside it does not either; codes cross these lines.
    ("86033 86044 86045 86502-86515 86520 86535-86556", "ZM"),
    ("89825", "M"),   # Jackpot, Nevada, goes with Idaho
    ("89883", "M"),   # West Wendover is Mountain by law (49 CFR 71.9)
    ("97901-97903 97906 97908-97911 97913 97914 97917 97918 97920", "M"),  # Malheur (71.9)
    ("73946", "M"),   # Kenton, at the western end of Oklahoma, goes with New Mexico
    ("99923", "P"),   # Hyder, Alaska, goes with Stewart, British Columbia
    ("99546 99547 99591 99638", "KD"),  # the Aleutians on both sides of 169°30' W (71.12)
    # Indiana and Kentucky by county (49 CFR 71.5): the coarse table has them wrong or right by
    # chance; both stay plausible, and the county's own clock is always among them.
    ("46301-46312 46319-46327 46340-46349 46356 46360 46361 46366 46368 46373-46385"
     " 46390-46394 46401-46411 46531 46532 46534 46552 46574", "C"),
    ("47523 47525 47531 47536 47537 47550-47552 47556 47576-47579 47586 47588 47590"
     " 47601-47639 47640 47647-47649 47654 47660 47665 47666 47670 47683 47701-47750", "C"),
]


def zip3_states():
    states = {}
    for state, first, last in re.findall(r"([A-Z]{2}) (\d{3})(?:-(\d{3}))?", ZIP3):
        for number in range(int(first), int(last or first) + 1):
            states["%03d" % number] = state
    return states


def spread(text):
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", text):
        yield from range(int(first), int(last or first) + 1)


def place_of_zip(zip_, states):
    state = ZIP_STATE.get(zip_, states.get(zip_[:3]))
    if state is None:
        return None
    if state == "NY" and (zip_ in NYC_ZIPS or any(a <= int(zip_[:3]) <= b for a, b in NYC)):
        return "US-NY-NYC"
    place = state if state in FREELY_ASSOCIATED else "US-" + state
    return place + (",US-" + ZIP_ALSO[zip_] if zip_ in ZIP_ALSO else "")


def zip_table(folder):
    letter = {name: code for code, name in US_ZONES.items()}
    states, rows = zip3_states(), {}
    with open(folder / "zip_to_timezone" / "zip_timezone_two_sources.csv") as file:
        for row in csv.DictReader(file):
            names = [n for n in (row["tz_angorb"], row["tz_luma"]) if n]
            place = place_of_zip(row["zip"], states)
            if place is None:
                continue  # the post of the forces abroad names no place
            rows[row["zip"]] = ({letter[n] for n in collapse(names, US_ZONES.values())}, place)
    for text, letters in ZIP_HAND:
        for number in spread(text):
            zip_ = "%05d" % number
            if zip_ in rows:
                rows[zip_][0].update(letters)
    return rows


# The clock that the law of the place keeps comes first in a set.
ORDER = "".join(US_ZONES)


def zip_runs(rows):
    """Codes between two listed ones that agree are taken to agree with them."""
    runs = []
    for zip_ in sorted(rows):
        letters, place = rows[zip_]
        value = ("".join(sorted(letters, key=ORDER.index)), place)
        if runs and runs[-1][2] == value:
            runs[-1][1] = zip_
        else:
            runs.append([zip_, zip_, value])
    return [f"{a}-{b}\t{v[0]}\t{v[1]}" if a != b else f"{a}\t{v[0]}\t{v[1]}"
            for a, b, v in runs]


# ---- Postcodes of other countries ----------------------------------------------------------

SCOTLAND = "AB DD DG EH FK G HS IV KA KW KY ML PA PH TD ZE"
WALES = "CF LD LL NP SA"
NORTHERN_IRELAND = "BT"
ENGLAND = ("AL B BA BB BD BH BL BN BR BS CA CB CH CM CO CR CT CV CW DA DE DH DL DN DT DY E EC EN "
           "EX FY GL GU HA HD HG HP HR HU HX IG IP KT L LA LE LN LS LU M ME MK N NE NG NN NR NW "
           "OL OX PE PL PO PR RG RH RM S SE SG SK SL SM SN SO SP SR SS ST SW SY TA TF TN TQ TR TS "
           "TW UB W WA WC WD WF WN WR WS WV YO")
# Districts on the other side of a border than their area, or on both sides of it.
GB_DISTRICTS = {
    "GB-WLS": "CH5 CH6 CH7 CH8 SY15 SY16 SY17 SY18 SY19 SY20 SY21 SY22 SY23 SY24 SY25",
    "GB-ENG,GB-WLS": "CH1 CH4 HR2 HR3 HR5 HR9 SY5 SY10 SY14 GL16 NP16 NP25 LD7 LD8 LL14 SY13",
    "GB-ENG,GB-SCT": "TD5 TD9 TD12 TD15 DG14 DG16 CA6",
}
CROWN = {"IM": "IM", "JE": "JE", "GY": "GG"}

# Canada: the first letter names the province; longer keys know more of the clock.
CA_LETTERS = {"A": "NL", "B": "NS", "C": "PE", "E": "NB", "G": "QC", "H": "QC", "J": "QC",
              "K": "ON", "L": "ON", "M": "ON", "N": "ON", "P": "ON", "R": "MB", "S": "SK",
              "T": "AB", "V": "BC", "X": "NT", "Y": "YT"}
CA_USUAL = {"NL": "America/St_Johns", "NS": "America/Halifax", "PE": "America/Halifax",
            "NB": "America/Moncton", "QC": "America/Toronto", "ON": "America/Toronto",
            "MB": "America/Winnipeg", "SK": "America/Regina", "AB": "America/Edmonton",
            "BC": "America/Vancouver", "NT": "America/Edmonton", "YT": "America/Whitehorse"}
CA_HAND = {
    # Ontario west of 90° W keeps Central time; Atikokan keeps Eastern standard time all year.
    "P0V": "America/Winnipeg America/Toronto", "P0W": "America/Winnipeg America/Toronto",
    "P0X": "America/Winnipeg", "P8N": "America/Winnipeg", "P8T": "America/Winnipeg",
    "P9A": "America/Winnipeg", "P9N": "America/Winnipeg",
    "P0T": "America/Toronto America/Winnipeg America/Atikokan",
    # The Magdalen Islands, and the North Shore east of 63° W.
    "G4T": "America/Halifax", "G0G": "America/Toronto America/Blanc-Sablon",
    "G0C": "America/Toronto America/Halifax",
    # Labrador; its southern coast goes with Newfoundland.
    "A2V": "America/Goose_Bay", "A0R": "America/Goose_Bay",
    "A0P": "America/Goose_Bay America/St_Johns", "A0K": "America/St_Johns America/Goose_Bay",
    # The south-east of British Columbia keeps Mountain time, Creston and the north-east
    # Mountain standard time all year.
    "V1A": "America/Edmonton", "V1C": "America/Edmonton",
    "V0A": "America/Edmonton America/Vancouver",
    "V0B": "America/Vancouver America/Edmonton America/Creston",
    "V1G": "America/Dawson_Creek", "V1J": "America/Dawson_Creek",
    "V0C": "America/Dawson_Creek America/Fort_Nelson America/Vancouver",
    # Lloydminster keeps the time of Alberta, Creighton that of Manitoba.
    "S9V": "America/Edmonton", "S0P": "America/Regina America/Winnipeg",
    "S0M": "America/Regina America/Edmonton",
}
CA_NUNAVUT = {"X0A": "America/Iqaluit",
              "X0B": "America/Cambridge_Bay America/Rankin_Inlet",
              "X0C": "America/Rankin_Inlet America/Atikokan"}

AU_RANGES = [  # first, last, state: Australia Post
    (200, 299, "ACT"), (800, 999, "NT"), (1000, 2599, "NSW"), (2600, 2618, "ACT"),
    (2619, 2899, "NSW"), (2900, 2920, "ACT"), (2921, 2999, "NSW"), (3000, 3999, "VIC"),
    (4000, 4999, "QLD"), (5000, 5999, "SA"), (6000, 6999, "WA"), (7000, 7999, "TAS"),
    (8000, 8999, "VIC"), (9000, 9999, "QLD")]
AU_ZONE = {"ACT": "Australia/Sydney", "NSW": "Australia/Sydney", "VIC": "Australia/Melbourne",
           "QLD": "Australia/Brisbane", "SA": "Australia/Adelaide", "NT": "Australia/Darwin",
           "WA": "Australia/Perth", "TAS": "Australia/Hobart"}
AU_HAND = {  # postcode: (zones, places)
    2620: ("Australia/Sydney", "AU-NSW,AU-ACT"),  # around Queanbeyan
    2540: ("Australia/Sydney", "AU-NSW,AU-ACT"),  # Jervis Bay
    2879: ("Australia/Broken_Hill Australia/Sydney", "AU-NSW"),
    2880: ("Australia/Broken_Hill", "AU-NSW"),
    2898: ("Australia/Lord_Howe", "AU-NSW"),
    2899: ("Pacific/Norfolk", "NF"),
    872: ("Australia/Darwin Australia/Adelaide Australia/Perth", "AU-NT,AU-SA,AU-WA"),
    6443: ("Australia/Perth Australia/Eucla", "AU-WA"),
    6798: ("Indian/Christmas", "CX"), 6799: ("Indian/Cocos", "CC"),
    **{code: ("Australia/Brisbane Australia/Sydney", "AU-QLD")  # Coolangatta lives with Tweed
       for code in (4225,)},
}

# Parts of other countries with a clock, or a country code, of their own.
OTHER_POSTCODES = [
    ("ES", "35", "Atlantic/Canary", "ES-CN"), ("ES", "38", "Atlantic/Canary", "ES-CN"),
    ("ES", "", "Europe/Madrid", "ES"),
    ("PT", "90", "Atlantic/Madeira", "PT-30"), ("PT", "91", "Atlantic/Madeira", "PT-30"),
    ("PT", "92", "Atlantic/Madeira", "PT-30"), ("PT", "93", "Atlantic/Madeira", "PT-30"),
    ("PT", "94", "Atlantic/Madeira", "PT-30"), ("PT", "95", "Atlantic/Azores", "PT-20"),
    ("PT", "96", "Atlantic/Azores", "PT-20"), ("PT", "97", "Atlantic/Azores", "PT-20"),
    ("PT", "98", "Atlantic/Azores", "PT-20"), ("PT", "99", "Atlantic/Azores", "PT-20"),
    ("PT", "", "Europe/Lisbon", "PT"),
    ("FR", "971", "America/Guadeloupe", "GP"), ("FR", "972", "America/Martinique", "MQ"),
    ("FR", "973", "America/Cayenne", "GF"), ("FR", "974", "Indian/Reunion", "RE"),
    ("FR", "975", "America/Miquelon", "PM"), ("FR", "976", "Indian/Mayotte", "YT"),
    ("FR", "986", "Pacific/Wallis", "WF"), ("FR", "988", "Pacific/Noumea", "NC"),
    ("FR", "987", "", "PF"),
]


def joined(zones):
    return ",".join(collapse(zones.split()))


def prefixes(first, last, digits):
    """The shortest prefixes that cover a range of numbers of so many digits."""
    found, low = [], first
    while low <= last:
        size = 1
        while low % (size * 10) == 0 and low + size * 10 - 1 <= last and size < 10 ** digits:
            size *= 10
        found.append(("%0*d" % (digits, low))[:digits - len(str(size)) + 1])
        low += size
    return found


def gb_postcodes():
    nations = {"GB-SCT": SCOTLAND, "GB-WLS": WALES, "GB-NIR": NORTHERN_IRELAND,
               "GB-ENG": ENGLAND}
    for place, areas in nations.items():
        for area in areas.split():
            yield "GB", area, "Europe/London", place
    for places, districts in GB_DISTRICTS.items():
        for district in districts.split():
            yield "GB", district, "Europe/London", places
    for area, place in CROWN.items():
        yield "GB", area, "Europe/London", place
        yield place, area, "Europe/London", place


def ca_postcodes():
    for letter, province in CA_LETTERS.items():
        yield "CA", letter, CA_USUAL[province], "CA-" + province
    for key, zones in CA_HAND.items():
        yield "CA", key, joined(zones), "CA-" + CA_LETTERS[key[0]]
    for key, zones in CA_NUNAVUT.items():
        yield "CA", key, joined(zones), "CA-NU"


def au_postcodes():
    for first, last, state in AU_RANGES:
        for key in prefixes(first, last, 4):
            yield "AU", key, AU_ZONE[state], "AU-" + state
    for code, (zones, places) in AU_HAND.items():
        yield "AU", "%04d" % code, joined(zones), places


def postcode_table():
    rows = list(OTHER_POSTCODES) + list(gb_postcodes()) + list(ca_postcodes())
    rows += list(au_postcodes())
    # A ZIP code that no table lists: the whole state.
    rows += [("US", key, "", state if state in FREELY_ASSOCIATED else "US-" + state)
             for key, state in zip3_states().items()]
    return sorted("\t".join((country + " " + key, zones, places))
                  for country, key, zones, places in rows)


# ---- Countries and their parts -------------------------------------------------------------

US_ISLANDS = {"PR", "VI", "GU", "AS", "MP"}
US_STATES = """AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut
DE Delaware|DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois
IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts
MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada
NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota
OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota
TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin
WY Wyoming|PR Puerto Rico|VI US Virgin Islands|GU Guam|AS American Samoa|MP Northern Mariana Islands"""
# Every zone inside the state (49 CFR 71); those with one are named by their number.
US_STATE_ZONES = {
    "AK": "KD", "AZ": "ZM", "FL": "EC", "ID": "MP", "IN": "EC", "KS": "CM", "KY": "EC",
    "MI": "EC", "NE": "CM", "NV": "PM", "ND": "CM", "OR": "PM", "SD": "CM", "TN": "CE",
    "TX": "CM", "HI": "H", "PR": "R", "VI": "R", "GU": "G", "MP": "G", "AS": "S"}
ONE_ZONE = {"E": "CT DE DC GA ME MD MA NH NJ NY NC OH PA RI SC VT VA WV",
            "C": "AL AR IL IA LA MN MS MO OK WI", "M": "CO MT NM UT WY", "P": "CA WA"}

CA_PROVINCES = {
    "AB": ("America/Edmonton", "Alberta"),
    "BC": ("America/Vancouver America/Edmonton America/Dawson_Creek America/Fort_Nelson "
           "America/Creston", "British Columbia"),
    "MB": ("America/Winnipeg", "Manitoba"),
    "NB": ("America/Moncton", "New Brunswick"),
    "NL": ("America/St_Johns America/Goose_Bay", "Newfoundland and Labrador"),
    "NS": ("America/Halifax", "Nova Scotia"),
    "NT": ("America/Edmonton", "Northwest Territories"),
    "NU": ("America/Iqaluit America/Rankin_Inlet America/Cambridge_Bay America/Atikokan",
           "Nunavut"),
    "ON": ("America/Toronto America/Winnipeg America/Atikokan", "Ontario"),
    "PE": ("America/Halifax", "Prince Edward Island"),
    "QC": ("America/Toronto America/Halifax America/Blanc-Sablon", "Quebec|Québec"),
    "SK": ("America/Regina America/Edmonton America/Winnipeg", "Saskatchewan"),
    "YT": ("America/Whitehorse", "Yukon"),
}
AU_STATES = {
    "ACT": ("Australia/Sydney", "Australian Capital Territory"),
    "NSW": ("Australia/Sydney Australia/Broken_Hill Australia/Lord_Howe", "New South Wales"),
    "NT": ("Australia/Darwin", "Northern Territory"),
    "QLD": ("Australia/Brisbane", "Queensland"),
    "SA": ("Australia/Adelaide", "South Australia"),
    "TAS": ("Australia/Hobart", "Tasmania"),
    "VIC": ("Australia/Melbourne", "Victoria"),
    "WA": ("Australia/Perth Australia/Eucla", "Western Australia"),
}
NATIONS = {"ENG": "England", "SCT": "Scotland|Alba", "WLS": "Wales|Cymru",
           "NIR": "Northern Ireland", "EAW": "England and Wales"}
# How people write countries, beside the names of iso3166.tab.
MORE_NAMES = {
    "US": "USA|U.S.A.|United States of America|Estados Unidos",
    "GB": "United Kingdom|UK|U.K.|Great Britain", "DE": "Deutschland|BRD", "AT": "Österreich",
    "CH": "Schweiz|Suisse|Svizzera", "IT": "Italia", "ES": "España", "NL": "Nederland|Holland|"
    "The Netherlands", "BE": "Belgique|België|Belgien", "DK": "Danmark", "SE": "Sverige",
    "NO": "Norge", "FI": "Suomi", "PL": "Polska", "CZ": "Czechia|Česko", "BR": "Brasil",
    "MX": "México", "IE": "Éire|Republic of Ireland", "LU": "Luxemburg", "PT": "Portugal",
    "KR": "South Korea|Republic of Korea", "RU": "Russian Federation", "TR": "Türkiye",
    "VN": "Viet Nam", "CI": "Côte d'Ivoire|Ivory Coast", "MM": "Burma", "HU": "Magyarország",
    "GR": "Hellas", "JP": "Nippon", "FR": "République française", "HK": "Hong Kong SAR",
    "MO": "Macao", "CV": "Cabo Verde", "SZ": "Swaziland", "MK": "Macedonia", "BA": "Bosnia",
    "AE": "UAE", "NZ": "Aotearoa",
}


def us_zone_letters(state):
    if state in US_STATE_ZONES:
        return US_STATE_ZONES[state]
    return next(letter for letter, states in ONE_ZONE.items() if state in states.split())


def table_of_system(name):
    for line in (SYSTEM / name).read_text().splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def country_rows():
    zones = {}
    for country, _, zone, *_ in table_of_system("zone.tab"):
        zones.setdefault(country, []).append(zone)
    for country, name in table_of_system("iso3166.tab"):
        if country not in zones:
            continue  # nobody lives there
        names = re.sub(r" \(.*\)", "", name).split("|") + \
            [n for n in MORE_NAMES.get(country, "").split("|") if n]
        if "(" in name:  # "Korea (South)", "Samoa (American)" name no country without the bracket
            names = [name] + names[1:]
        if country in US_ISLANDS:
            names = []  # known as parts of the United States
        there = sorted(zones[country], key=lambda zone: zone.startswith("Antarctica/"))
        yield country, ",".join(collapse(there)), "|".join(dict.fromkeys(names))
    for entry in US_STATES.replace("\n", "|").split("|"):
        state, name = entry.split(" ", 1)
        yield ("US-" + state, ",".join(US_ZONES[c] for c in us_zone_letters(state)), name)
    for code, (names_of_zones, name) in CA_PROVINCES.items():
        yield "CA-" + code, joined(names_of_zones), name
    for code, (names_of_zones, name) in AU_STATES.items():
        yield "AU-" + code, joined(names_of_zones), name
    for code, name in NATIONS.items():
        yield "GB-" + code, "Europe/London", name


def country_table():
    return sorted("\t".join(row) for row in country_rows())


# ---- Telephone numbers ---------------------------------------------------------------------

# Area codes of several zones, whichever of them a table knows; and overlays of such codes, which
# are handed out over the whole area.
NPA_HAND = {
    "334": "CE", "928": "ZM", "775": "PM", "850": "CE", "448": "CE", "580": "CM",
    "208": "MP", "986": "MP", "541": "PM", "458": "PM", "270": "CE", "364": "CE", "502": "E",
    "606": "EC", "219": "CE", "574": "EC", "812": "EC", "930": "EC", "765": "E", "906": "EC",
    "423": "EC", "931": "CE", "620": "CM", "785": "CM", "308": "CM", "605": "CM", "701": "CM",
    "915": "M", "432": "CM", "907": "KD"}
NPA_CANADA_HAND = {
    "807": "America/Toronto America/Winnipeg America/Atikokan",
    "306": "America/Regina America/Edmonton America/Winnipeg", "639": "as 306", "474": "as 306",
    "250": "America/Vancouver America/Edmonton America/Dawson_Creek America/Fort_Nelson "
           "America/Creston",
    "778": "as 250", "236": "as 250", "672": "as 250", "257": "as 250",
    "418": "America/Toronto America/Halifax America/Blanc-Sablon", "581": "as 418",
    "367": "as 418",
    "709": "America/St_Johns America/Goose_Bay", "879": "as 709",
    "867": "America/Edmonton America/Whitehorse America/Iqaluit America/Rankin_Inlet "
           "America/Cambridge_Bay America/Atikokan",
}
# Newer than the table: overlays, by the code that they were laid over (NANPA, CNA).
NPA_OVERLAYS = {"624": "716", "741": "738", "837": "530", "861": "309", "924": "507",
                "436": "440", "471": "662", "621": "713", "679": "313", "729": "423",
                "387": "416", "851": "709"}
# Area codes of these places are found by their states; these names are not of states.
NPA_NAMES = {"Washington State": "WA", "Washington D.C.": "DC", "New York City": "NY"}
NPA_PLACE_HAND = {"867": ["CA-NT", "CA-NU", "CA-YT"], "902": ["CA-NS", "CA-PE"],
                  "782": ["CA-NS", "CA-PE"], "257": ["CA-BC"],
                  **{npa: ["US-NY-NYC"] for npa in "212 332 347 646 718 917 929".split()}}
# Landlines of Australia by their first digit; a mobile tells the country alone.
AU_NUMBERS = [("612", "Australia/Sydney", "AU-NSW,AU-ACT"),
              ("613", "Australia/Melbourne", "AU-VIC,AU-TAS"),
              ("617", "Australia/Brisbane", "AU-QLD"),
              ("618", "Australia/Adelaide Australia/Darwin Australia/Perth Australia/Eucla",
               "AU-SA,AU-NT,AU-WA,AU-NSW")]
# Numbers that say nothing about a place: free, shared, premium, personal, by internet.
NOWHERE = ["443", "4455", "4456", "4470", "4476", "448", "449", "49180", "49137", "4932",
           "49700", "49800", "49900", "6113", "6118", "6119", "61145"]


def calling_codes(folder):
    text = (folder / "phone_libphonenumber" / "PhoneNumberMetadata.xml").read_text()
    for tag in re.findall(r"<territory ([^>]*)>", text):
        yield dict(re.findall(r'(\w+)="([^"]*)"', tag))


def npa_places(folder):
    """The states of each area code: that of the code itself, else all that longer prefixes name."""
    names = {n: s for s, n in (e.split(" ", 1)
                               for e in US_STATES.replace("\n", "|").split("|"))}
    names.update(NPA_NAMES)
    provinces = {n.split("|")[0]: "CA-" + c for c, (_, n) in CA_PROVINCES.items()}
    found = {}
    for line in (folder / "phone_libphonenumber" / "geocoding_en_1.txt").read_text().splitlines():
        match = re.match(r"1(\d{3})(\d*)\|(.*)", line)
        if not match:
            continue
        npa, longer, text = match.groups()
        tail = text.rsplit(", ", 1)[-1]
        for part in [tail] if tail in names or tail in provinces else [tail] + text.split("/"):
            place = provinces.get(part) or \
                ("CA-" + part if part in CA_PROVINCES else None) or \
                ("US-" + names[part] if part in names else None) or \
                ("US-" + part if part in names.values() else None)
            if place:
                found.setdefault((npa, longer == ""), set()).add(place)
    return {npa: found.get((npa, True)) or found[npa, False] for npa, _ in found}


def npa_zones(folder):
    zones = {}
    text = (folder / "phone_libphonenumber" / "timezones_map_data.txt").read_text()
    for npa, names in re.findall(r"^1(\d{3})\d*\|(.*)$", text, re.M):
        for name in names.split("&"):
            zones.setdefault(npa, {}).setdefault(name, None)
    return zones


def territory_of(npa, territories):
    for t in territories:
        if t["countryCode"] == "1" and "leadingDigits" in t and t["id"] not in ("US", "CA") and \
                re.fullmatch(t["leadingDigits"].replace("8001|", ""), npa):
            return "US-" + t["id"] if t["id"] in US_ISLANDS else t["id"]
    return None


def npa_row(npa, zones, places, territories):
    territory = territory_of(npa, territories)
    if territory:
        return zones, [territory]
    places = NPA_PLACE_HAND.get(npa, places)
    if npa in NPA_HAND:
        zones = [US_ZONES[c] for c in NPA_HAND[npa]]
    if npa in NPA_CANADA_HAND:
        text = NPA_CANADA_HAND[npa]
        zones = (NPA_CANADA_HAND[text[3:]] if text.startswith("as ") else text).split()
    preferred = US_ZONES.values() if places and places[0].startswith("US-") else ()
    return collapse(zones, preferred), places


def number_table(folder):
    territories = list(calling_codes(folder))
    zones, places = npa_zones(folder), npa_places(folder)
    for new, old in NPA_OVERLAYS.items():
        if new not in zones and old in zones:
            zones[new], places[new] = zones[old], places.get(old, ())
    rows = []
    for npa in sorted(zones):
        z, p = npa_row(npa, list(zones[npa]), sorted(places.get(npa, ())), territories)
        rows.append(("1" + npa, ",".join(z), ",".join(p)))
    mains = {}
    for t in territories:
        if t["countryCode"] != "1" and t["id"] != "001" and \
                (t.get("mainCountryForCode") or t["countryCode"] not in mains):
            mains[t["countryCode"]] = t["id"]
    rows += [(code, "", country) for code, country in mains.items()]
    rows += [("76", "", "KZ"), ("77", "", "KZ")]
    rows += [(p, joined(z), places_) for p, z, places_ in AU_NUMBERS]
    rows += [(prefix, "-", "-") for prefix in NOWHERE]
    return sorted("\t".join(row) for row in rows)


# ---- Writing -------------------------------------------------------------------------------

def write(path, title, sources, shape, lines):
    head = [f"# {title}", "#", "# Made by tools/make_places.py; not edited. docs/places.md tells more.",
            "# Sources:"] + [f"#   {s}" for s in sources] + [f"# {shape}"]
    text = "\n".join(head + lines) + "\n"
    path.write_text(text)
    print(f"{path}: {len(lines)} lines, {len(text.encode())} bytes")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    out = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else "rules/places")
    out.mkdir(parents=True, exist_ok=True)
    runs = [f"={code}\t{name}" for code, name in US_ZONES.items()] + zip_runs(zip_table(folder))
    write(out / "zips.txt", "ZIP codes of the United States, their zones and states.",
          [ZIPS, HAND], "Code or run of codes, letters of zones, places.", runs)
    write(out / "postcodes.txt", "Postcodes: country and the beginning of the code.", [HAND],
          "Key, zones (none: those of the place), places.", postcode_table())
    write(out / "countries.txt", "Countries and their parts, with every zone inside them.",
          [tzdata(), HAND], "ISO 3166, zones, names.", country_table())
    write(out / "numbers.txt", "Telephone numbers: prefixes, with calling code.", [PHONE, HAND],
          "Prefix, zones (none: those of the place; -: nowhere), places.", number_table(folder))


if __name__ == "__main__":
    main()
