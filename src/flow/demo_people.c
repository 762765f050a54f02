/* Invented people and firms, in real towns, on streets that do not exist there. */
#include "flow/demo_story.h"

#include <string.h>

/* Phone numbers of a town: `digits` more are rolled after the prefix, from the range that the
 * country keeps for films and books (NANP 555-01xx; Ofcom; ACMA; Bundesnetzagentur). */
struct town {
    const char *country, *place, *zone, *also; /* also: a second plausible zone, or NULL */
    const char *name, *region, *postcode, *phone;
    int digits;
    enum currency currency;
};

static const struct town towns[] = {
    { "US", "US-WI", "America/Chicago", NULL, "Madison", "WI", "53703", "+160855501", 2,
      CURRENCY_USD },
    { "US", "US-OH", "America/New_York", NULL, "Columbus", "OH", "43215", "+161455501", 2,
      CURRENCY_USD },
    { "US", "US-TX", "America/Chicago", NULL, "Austin", "TX", "78701", "+151255501", 2,
      CURRENCY_USD },
    { "US", "US-TX", "America/Denver", "America/Chicago", "El Paso", "TX", "79901",
      "+191555501", 2, CURRENCY_USD },
    { "US", "US-CA", "America/Los_Angeles", NULL, "Fresno", "CA", "93721", "+155955501", 2,
      CURRENCY_USD },
    { "US", "US-CA", "America/Los_Angeles", NULL, "Oakland", "CA", "94612", "+151055501", 2,
      CURRENCY_USD },
    { "US", "US-NY-NYC,US-NY", "America/New_York", NULL, "Brooklyn", "NY", "11201",
      "+171855501", 2, CURRENCY_USD },
    { "US", "US-NY", "America/New_York", NULL, "Albany", "NY", "12207", "+151855501", 2,
      CURRENCY_USD },
    { "US", "US-FL", "America/New_York", NULL, "Tampa", "FL", "33602", "+181355501", 2,
      CURRENCY_USD },
    { "US", "US-FL", "America/Chicago", "America/New_York", "Pensacola", "FL", "32502",
      "+185055501", 2, CURRENCY_USD },
    { "US", "US-MA", "America/New_York", NULL, "Worcester", "MA", "01608", "+150855501", 2,
      CURRENCY_USD },
    { "US", "US-WA", "America/Los_Angeles", NULL, "Tacoma", "WA", "98402", "+125355501", 2,
      CURRENCY_USD },
    { "US", "US-AZ", "America/Phoenix", NULL, "Tucson", "AZ", "85701", "+152055501", 2,
      CURRENCY_USD },
    { "US", "US-CO", "America/Denver", NULL, "Denver", "CO", "80202", "+130355501", 2,
      CURRENCY_USD },
    { "US", "US-IL", "America/Chicago", NULL, "Peoria", "IL", "61602", "+130955501", 2,
      CURRENCY_USD },
    { "US", "US-TN", "America/New_York", "America/Chicago", "Chattanooga", "TN", "37402",
      "+142355501", 2, CURRENCY_USD },
    { "GB", "GB-ENG", "Europe/London", NULL, "Leeds", NULL, "LS1 4AP", "+447700900", 3,
      CURRENCY_GBP },
    { "GB", "GB-ENG", "Europe/London", NULL, "Bristol", NULL, "BS1 5TR", "+441174960", 3,
      CURRENCY_GBP },
    { "GB", "GB-SCT", "Europe/London", NULL, "Edinburgh", NULL, "EH1 1QS", "+441314960", 3,
      CURRENCY_GBP },
    { "DE", "DE-BE", "Europe/Berlin", NULL, "Berlin", NULL, "10117", "+493023125", 3,
      CURRENCY_EUR },
    { "DE", "DE-HH", "Europe/Berlin", NULL, "Hamburg", NULL, "20095", "+494066969", 3,
      CURRENCY_EUR },
    { "DE", "DE-BY", "Europe/Berlin", NULL, "München", NULL, "80331", "+498999998", 3,
      CURRENCY_EUR },
    { "CA", "CA-ON", "America/Toronto", NULL, "Ottawa", "ON", "K1P 5G4", "+161355501", 2,
      CURRENCY_CAD },
    { "CA", "CA-QC", "America/Toronto", NULL, "Montréal", "QC", "H2Y 1C6", "+151455501", 2,
      CURRENCY_CAD },
    { "AU", "AU-NSW", "Australia/Sydney", NULL, "Sydney", "NSW", "2000", "+6125550", 4,
      CURRENCY_AUD },
    { "AU", "AU-QLD", "Australia/Brisbane", NULL, "Brisbane", "QLD", "4000", "+6175550", 4,
      CURRENCY_AUD },
};

/* How many in 1,000 live in each: two in three in the United States. */
static const int town_weights[COUNT(towns)] = {
    52, 58, 48, 24, 46, 44, 40, 34, 46, 20, 40, 42, 36,
    44, 50, 22, 62, 42, 20, 44, 34, 34, 40, 34, 28, 16,
};

struct name {
    const char *shown, *ascii;
};

static const struct name first_names[] = {
    { "Maya", "maya" },     { "Luis", "luis" },       { "Harriet", "harriet" },
    { "Tom", "tom" },       { "Grace", "grace" },     { "Ana", "ana" },
    { "Ruth", "ruth" },     { "Dev", "dev" },         { "Joan", "joan" },
    { "Omar", "omar" },     { "Priya", "priya" },     { "Chloé", "chloe" },
    { "Björn", "bjoern" },  { "Nadia", "nadia" },     { "Samuel", "samuel" },
    { "Zoë", "zoe" },       { "Ibrahim", "ibrahim" }, { "Keiko", "keiko" },
    { "Miles", "miles" },   { "Rosa", "rosa" },       { "Theo", "theo" },
    { "Wanda", "wanda" },   { "Esther", "esther" },   { "Callum", "callum" },
    { "Ngozi", "ngozi" },   { "Piotr", "piotr" },     { "Leila", "leila" },
    { "Denise", "denise" }, { "Marcus", "marcus" },   { "Inés", "ines" },
    { "Hugo", "hugo" },     { "Yvonne", "yvonne" },
};

static const struct name last_names[] = {
    { "Thompson", "thompson" },
    { "Cole", "cole" },
    { "Ortega", "ortega" },
    { "Patel", "patel" },
    { "Lindqvist", "lindqvist" },
    { "Becker", "becker" },
    { "Silva", "silva" },
    { "Petrie", "petrie" },
    { "Jackson", "jackson" },
    { "Okafor", "okafor" },
    { "Nair", "nair" },
    { "Müller", "mueller" },
    { "Dubois", "dubois" },
    { "O’Connor", "oconnor" },
    { "Nguyen", "nguyen" },
    { "Castañeda", "castaneda" },
    { "Ashworth", "ashworth" },
    { "Kowalczyk", "kowalczyk" },
    { "Haddad", "haddad" },
    { "Levi", "levi" },
    { "Whitfield", "whitfield" },
    { "Grønbæk", "groenbaek" },
    { "Marsh", "marsh" },
    { "Delacroix", "delacroix" },
    { "Featherstonehaugh", "featherstonehaugh" },
    { "Ito", "ito" },
    { "Reyes", "reyes" },
    { "Schäfer", "schaefer" },
    { "Tremblay", "tremblay" },
    { "Quill", "quill" },
};

/* Names that tables, letters and pages must survive. The language goes with them. */
struct rare_name {
    struct name name;
    const char *language;
};
static const struct rare_name rare_names[] = {
    { { "ليلى الحدّاد", "layla.alhaddad" }, "ar" },
    { { "عمر بن يوسف المنصوري", "omar.almansouri" }, "ar" },
    { { "שירה בן־דוד", "shira.bendavid" }, "en" },
    { { "Maria Anunciación de los Ángeles Fernández-Villavicencio y Etxeberria",
        "maria.fernandez-villavicencio" },
      "es" },
    { { "Bartholomew Featherstonehaugh-Cholmondeley van den Heuvel-Rijnders III",
        "bartholomew.fc" },
      "en" },
    { { "Zoë O’Brien \"Red\" <Mac> & Søn", "zoe.obrien" }, "en" },
    { { "王小明", "xiaoming.wang" }, "en" },
};

static const struct name firm_words[] = {
    { "Okafor", "okafor" },
    { "Harbour", "harbour" },
    { "Cedar", "cedar" },
    { "Bright", "bright" },
    { "Ironwood", "ironwood" },
    { "Meridian", "meridian" },
    { "Foxglove", "foxglove" },
    { "Copper Kettle", "copper-kettle" },
    { "Lumière", "lumiere" },
    { "Tidewater", "tidewater" },
    { "Pinnacle", "pinnacle" },
    { "Blue Heron", "blue-heron" },
    { "Stonebridge", "stonebridge" },
    { "Juniper", "juniper" },
    { "Kestrel", "kestrel" },
    { "Old Mill", "old-mill" },
    { "Sandpiper", "sandpiper" },
    { "Überland", "ueberland" },
    { "Quarry Lane", "quarry-lane" },
    { "Windrose", "windrose" },
    { "Amber", "amber" },
    { "Hollow Oak", "hollow-oak" },
    { "Silverline", "silverline" },
    { "Marigold", "marigold" },
};

static const struct name firm_trades[] = {
    { "Plumbing", "plumbing" },       { "Dental", "dental" },
    { "Logistics", "logistics" },     { "Foods", "foods" },
    { "Print & Sign", "print" },      { "Joinery", "joinery" },
    { "Optics", "optics" },           { "Bakery", "bakery" },
    { "Robotics", "robotics" },       { "Landscapes", "landscapes" },
    { "Electrical", "electrical" },   { "Veterinary", "vets" },
    { "Fabrication", "fabrication" }, { "Interiors", "interiors" },
    { "Brewing", "brewing" },         { "Freight", "freight" },
};

static const char *const streets[] = {
    "Larkspur Lane",  "Cobbler's Row",    "Harvest Moon Road", "Tanager Street",
    "Old Ferry Road", "Millrace Avenue",  "Juniper Close",     "Sparrow Hill",
    "Windmill Way",   "Bluebell Terrace",
};
static const char *const streets_de[] = { "Lerchenspornweg", "Alte Fährgasse", "Am Mühlenbach",
                                          "Glockenblumenallee", "Windrosenstraße" };

struct client {
    const char *name, *kind, *address; /* address: of those who place debts */
};
static const struct client first_party[] = {
    { "Northline Energy", "utility", NULL },  { "Northline Energy", "utility", NULL },
    { "Bluebird Wireless", "telecom", NULL }, { "Bluebird Wireless", "telecom", NULL },
    { "Lakeside Health", "medical", NULL },   { "Iron & Oak Gym", "gym", NULL },
};
static const struct client placed[] = {
    { "Harvest Credit Union", "credit_card", "8 Harvest Moon Road, Madison, WI 53703" },
    { "Harvest Credit Union", "credit_card", "8 Harvest Moon Road, Madison, WI 53703" },
    { "Lakeside Health", "medical", "30 Tanager Street, Madison, WI 53703" },
    { "Bluebird Wireless", "telecom", "2 Millrace Avenue, Columbus, OH 43215" },
    { "Cardinal Auto Finance", "auto_loan", "51 Sparrow Hill, Austin, TX 78701" },
    { "Harvest Credit Union", "personal_loan", "8 Harvest Moon Road, Madison, WI 53703" },
};

static const struct town *town_roll(struct dice *d)
{
    int at = dice_below(d, 1000);

    for (size_t i = 0; i < COUNT(towns); i++) {
        at -= town_weights[i];
        if (at < 0)
            return &towns[i];
    }
    return &towns[0];
}

static const char *number_roll(struct dice *d, struct arena *a, const struct town *t)
{
    static const int most[] = { 1, 10, 100, 1000, 10000 };

    return arena_print(a, "%s%0*d", t->phone, t->digits, dice_below(d, most[t->digits]));
}

static const char *address_roll(struct dice *d, struct arena *a, const struct town *t,
                                const char *name)
{
    int number = dice_between(d, 2, 480);

    if (strcmp(t->country, "DE") == 0)
        return arena_print(a, "%s\n%s %d\n%s %s\nGermany", name, dice_pick(d, streets_de),
                           number, t->postcode, t->name);
    const char *street = dice_pick(d, streets);
    if (strcmp(t->country, "GB") == 0)
        return arena_print(a, "%s\n%d %s\n%s\n%s\nUnited Kingdom", name, number, street,
                           t->name, t->postcode);
    const char *land = strcmp(t->country, "CA") == 0   ? "\nCanada"
                       : strcmp(t->country, "AU") == 0 ? "\nAustralia"
                                                       : "";
    const char *comma = *land == '\0' ? "," : "";
    return arena_print(a, "%s\n%d %s\n%s%s %s %s%s", name, number, street, t->name, comma,
                       t->region, t->postcode, land);
}

static const char *language_of(struct dice *d, const struct town *t)
{
    bool spanish = strcmp(t->region != NULL ? t->region : "", "TX") == 0 ||
                   strcmp(t->region != NULL ? t->region : "", "CA") == 0 ||
                   strcmp(t->region != NULL ? t->region : "", "FL") == 0;

    if (strcmp(t->country, "DE") == 0)
        return dice_chance(d, 940) ? "de" : "en";
    if (strcmp(t->place, "CA-QC") == 0)
        return dice_chance(d, 820) ? "fr" : "en";
    return spanish && dice_chance(d, 160) ? "es" : "en";
}

static void name_firm(struct persona *p, struct dice *d, struct arena *a, const struct town *t,
                      int64_t index)
{
    static const char *const forms_us[] = { "LLC", "Inc.", "& Sons", "Group" };
    static const char *const forms_gb[] = { "Ltd", "& Daughters Ltd", "LLP" };
    static const char *const forms_de[] = { "GmbH", "GmbH & Co. KG", "e. K." };
    const struct name *word = &dice_pick(d, firm_words), *trade = &dice_pick(d, firm_trades);
    const char *form = strcmp(t->country, "DE") == 0   ? dice_pick(d, forms_de)
                       : strcmp(t->country, "GB") == 0 ? dice_pick(d, forms_gb)
                                                       : dice_pick(d, forms_us);

    p->debtor.name = arena_print(a, "%s %s %s", word->shown, trade->shown, form);
    p->debtor.email = arena_print(a, "accounts@%s-%s-%lld.example", word->ascii, trade->ascii,
                                  (long long)index);
}

static void name_person(struct persona *p, struct dice *d, struct arena *a, int64_t index)
{
    static const char *const hosts[] = { "example.com", "example.org", "example.net" };
    const char *host = dice_pick(d, hosts);

    if (dice_chance(d, 12)) {
        const struct rare_name *rare = &dice_pick(d, rare_names);
        p->debtor.name = rare->name.shown;
        p->debtor.language = rare->language;
        p->debtor.email =
            arena_print(a, "%s.%lld@%s", rare->name.ascii, (long long)index, host);
        return;
    }
    const struct name *first = &dice_pick(d, first_names), *last = &dice_pick(d, last_names);
    p->debtor.name = arena_print(a, "%s %s", first->shown, last->shown);
    p->debtor.email =
        arena_print(a, "%s.%s.%lld@%s", first->ascii, last->ascii, (long long)index, host);
}

/* Where they may be: the home, a second zone of that place, or where the phone was bought. */
static void place_put(struct persona *p, struct dice *d, struct arena *a, const struct town *t)
{
    const struct town *phone =
        dice_chance(d, 60) && p->trade != TRADE_BUSINESS ? town_roll(d) : t;

    if (strcmp(phone->country, t->country) != 0)
        phone = t;
    p->debtor.phone = number_roll(d, a, phone);
    p->debtor.places = phone == t || strcmp(phone->place, t->place) == 0
                           ? t->place
                           : arena_print(a, "%s,%s", t->place, phone->place);
    const char *also = strcmp(phone->zone, t->zone) != 0 ? phone->zone : t->also;
    p->debtor.zones = also == NULL ? t->zone : arena_print(a, "%s,%s", t->zone, also);
}

static void lose_addresses(struct persona *p, struct dice *d)
{
    bool firm = p->trade == TRADE_BUSINESS;

    if (dice_chance(d, firm ? 20 : p->trade == TRADE_PLACED ? 240 : 90))
        p->debtor.email = NULL;
    if (dice_chance(d, firm ? 80 : 110))
        p->debtor.phone = NULL;
    if (dice_chance(d, firm ? 5 : 40))
        p->debtor.address = NULL;
    if (dice_chance(d, 4)) /* nobody knows where they live, so nobody may ring */
        p->debtor.places = p->debtor.zones = NULL;
}

static enum trade trade_roll(struct dice *d, enum demo_kind kind)
{
    int at = dice_below(d, 100);

    switch (kind) {
    case DEMO_BUSINESS:
        return TRADE_BUSINESS;
    case DEMO_CONSUMER:
        return at < 55 ? TRADE_CONSUMER : TRADE_PLACED;
    case DEMO_MIXED:
        break;
    }
    return at < 45 ? TRADE_BUSINESS : at < 75 ? TRADE_CONSUMER : TRADE_PLACED;
}

void persona_make(struct persona *p, struct dice *d, struct arena *a, int64_t index,
                  enum demo_kind kind)
{
    static const char *const letters = "BCP"; /* business, consumer, placed */
    const struct town *t = town_roll(d);
    struct client client = { "Fairhaven Supply", "invoice", NULL };

    *p = (struct persona){ .trade = trade_roll(d, kind),
                           .currency = t->currency,
                           .zone = zone_find(t->zone),
                           .country = t->country };
    if (p->trade == TRADE_CONSUMER)
        client = dice_pick(d, first_party);
    if (p->trade == TRADE_PLACED)
        client = dice_pick(d, placed);
    bool bought = p->trade == TRADE_PLACED && dice_chance(d, 150);
    p->kind = client.kind;
    p->client_address = client.address;
    p->debtor = (struct debtor_input){
        .reference = arena_print(a, "%c-%lld", letters[p->trade], 20000LL + (long long)index),
        .creditor = client.name,
        .role = p->trade != TRADE_PLACED ? ACTOR_FIRST_PARTY_CREDITOR
                : bought                 ? ACTOR_DEBT_BUYER
                                         : ACTOR_THIRD_PARTY_COLLECTOR,
        .business = p->trade == TRADE_BUSINESS,
        .language = language_of(d, t),
        .source = p->trade == TRADE_PLACED ? "placement file" : "accounting export",
    };
    if (p->trade == TRADE_BUSINESS)
        name_firm(p, d, a, t, index);
    else
        name_person(p, d, a, index);
    p->debtor.address = address_roll(d, a, t, p->debtor.name);
    place_put(p, d, a, t);
    lose_addresses(p, d);
}
