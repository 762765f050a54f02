#include "web/words.h"

#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char *words_money(struct arena *a, int64_t minor, enum currency currency)
{
    char text[MONEY_TEXT];

    if (minor < 0) {
        money_show(money_of(-minor, currency), text);
        return arena_print(a, "−%s", text);
    }
    return arena_copy(a, money_show(money_of(minor, currency), text));
}

/* "$", "€", "CA$": what money_show writes before the figures. */
static const char *sign_of(struct arena *a, enum currency currency)
{
    char text[MONEY_TEXT];

    money_show(money_of(0, currency), text);
    text[strcspn(text, "0")] = '\0';
    return arena_copy(a, text);
}

/* Three figures and a letter: what a tile has room for. Cut, not rounded: never too much. */
const char *words_money_short(struct arena *a, int64_t minor, enum currency currency)
{
    static const struct {
        int64_t from, unit;
        const char *letter;
    } scales[] = { { 1000000000, 1000000000, "bn" },
                   { 1000000, 1000000, "m" },
                   { 10000, 1000, "k" } };
    const char *minus = minor < 0 ? "−" : "", *sign = sign_of(a, currency);
    int64_t whole = minor < 0 ? -minor : minor;

    for (int i = currency_exponent(currency); i > 0; i--)
        whole /= 10;
    for (size_t i = 0; i < COUNT(scales); i++) {
        if (whole < scales[i].from)
            continue;
        int64_t cut = whole / (scales[i].unit / 100), left = cut % 100;
        if (cut >= 10000 || left == 0)
            return arena_print(a, "%s%s%lld%s", minus, sign, (long long)(cut / 100),
                               scales[i].letter);
        if (cut >= 1000 || left % 10 == 0)
            return arena_print(a, "%s%s%lld.%lld%s", minus, sign, (long long)(cut / 100),
                               (long long)(left / 10), scales[i].letter);
        return arena_print(a, "%s%s%lld.%02lld%s", minus, sign, (long long)(cut / 100),
                           (long long)left, scales[i].letter);
    }
    return minor == 0 ? arena_print(a, "%s0", sign) : words_money(a, minor, currency);
}

const char *words_count(struct arena *a, int64_t count)
{
    char digits[24], text[32];
    size_t length = (size_t)snprintf(digits, sizeof digits, "%lld",
                                     (long long)(count < 0 ? -count : count));
    size_t at = 0;

    if (count < 0)
        text[at++] = '-';
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = digits[i];
    }
    return arena_copy_n(a, text, at);
}

const char *words_percent_whole(struct arena *a, int64_t part, int64_t whole)
{
    if (whole <= 0)
        return "";
    return arena_print(a, "%lld",
                       (long long)((__extension__(__int128) part * 200 + whole) / whole / 2));
}

const char *words_percent(struct arena *a, int64_t part, int64_t whole)
{
    if (whole <= 0)
        return NULL;
    __extension__ __int128 tenths = (__extension__(__int128) part * 2000 / whole + 1) / 2;
    return arena_print(a, "%lld.%d", (long long)(tenths / 10), (int)(tenths % 10));
}

/* ---- Days and moments ------------------------------------------------------------------- */

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

const char *words_month(int month)
{
    return months[month - 1];
}

const char *words_day(struct arena *a, struct day day)
{
    struct date date = date_of_day(day);

    return arena_print(a, "%s %d, %d", months[date.month - 1], date.day, date.year);
}

const char *words_day_near(struct arena *a, struct day day, struct day today)
{
    struct date date = date_of_day(day), now = date_of_day(today);

    if (day.number == today.number)
        return "Today";
    if (day.number == today.number - 1)
        return "Yesterday";
    if (day.number == today.number + 1)
        return "Tomorrow";
    if (date.year != now.year)
        return arena_print(a, "%s, %s", weekdays[weekday_of(day)], words_day(a, day));
    return arena_print(a, "%s, %s %d", weekdays[weekday_of(day)], months[date.month - 1],
                       date.day);
}

const char *words_clock(struct arena *a, struct instant at, const struct zone *zone)
{
    struct wall wall = wall_at(at, zone);
    int hour = wall.second / 3600, minute = wall.second / 60 % 60;

    return arena_print(a, "%d:%02d %s", hour % 12 == 0 ? 12 : hour % 12, minute,
                       hour < 12 ? "am" : "pm");
}

const char *words_moment(struct arena *a, struct instant at, const struct zone *zone,
                         struct day today)
{
    struct wall wall = wall_at(at, zone);

    if (wall.second == 0) /* the day begins: that is how people say it */
        return words_day_near(a, wall.day, today);
    return arena_print(a, "%s, %s", words_day_near(a, wall.day, today),
                       words_clock(a, at, zone));
}

const char *words_zone(struct arena *a, const struct zone *zone)
{
    const char *name = zone_name(zone), *slash = strrchr(name, '/');
    char *city = arena_copy(a, slash == NULL ? name : slash + 1);

    for (char *at = city; *at != '\0'; at++)
        *at = *at == '_' ? ' ' : *at;
    return city;
}

const char *words_past_due(struct arena *a, int days)
{
    if (days <= 0)
        return "not due";
    return arena_print(a, "%d day%s late", days, days == 1 ? "" : "s");
}

/* ---- Names ------------------------------------------------------------------------------ */

const char *words_plain(struct arena *a, const char *name)
{
    char *text = arena_copy(a, name == NULL ? "" : name);

    for (char *at = text; *at != '\0'; at++)
        *at = *at == '_' || *at == '-' ? ' ' : *at;
    text[0] = (char)toupper((unsigned char)text[0]);
    return text;
}

const char *words_within(struct arena *a, const char *when)
{
    static const char *const near[] = { "Today", "Tomorrow", "Yesterday" };

    for (size_t i = 0; i < COUNT(near); i++) {
        if (text_starts(when, near[i]))
            return words_small(a, when);
    }
    return when;
}

const char *words_small(struct arena *a, const char *text)
{
    char *small = arena_copy(a, text);

    small[0] = (char)tolower((unsigned char)small[0]);
    return small;
}

static const struct {
    const char *code, *name;
} places[] = {
    { "US-AL", "Alabama" },
    { "US-AK", "Alaska" },
    { "US-AZ", "Arizona" },
    { "US-AR", "Arkansas" },
    { "US-CA", "California" },
    { "US-CO", "Colorado" },
    { "US-CT", "Connecticut" },
    { "US-DE", "Delaware" },
    { "US-DC", "Washington DC" },
    { "US-FL", "Florida" },
    { "US-GA", "Georgia" },
    { "US-HI", "Hawaii" },
    { "US-ID", "Idaho" },
    { "US-IL", "Illinois" },
    { "US-IN", "Indiana" },
    { "US-IA", "Iowa" },
    { "US-KS", "Kansas" },
    { "US-KY", "Kentucky" },
    { "US-LA", "Louisiana" },
    { "US-ME", "Maine" },
    { "US-MD", "Maryland" },
    { "US-MA", "Massachusetts" },
    { "US-MI", "Michigan" },
    { "US-MN", "Minnesota" },
    { "US-MS", "Mississippi" },
    { "US-MO", "Missouri" },
    { "US-MT", "Montana" },
    { "US-NE", "Nebraska" },
    { "US-NV", "Nevada" },
    { "US-NH", "New Hampshire" },
    { "US-NJ", "New Jersey" },
    { "US-NM", "New Mexico" },
    { "US-NY", "New York" },
    { "US-NC", "North Carolina" },
    { "US-ND", "North Dakota" },
    { "US-OH", "Ohio" },
    { "US-OK", "Oklahoma" },
    { "US-OR", "Oregon" },
    { "US-PA", "Pennsylvania" },
    { "US-RI", "Rhode Island" },
    { "US-SC", "South Carolina" },
    { "US-SD", "South Dakota" },
    { "US-TN", "Tennessee" },
    { "US-TX", "Texas" },
    { "US-UT", "Utah" },
    { "US-VT", "Vermont" },
    { "US-VA", "Virginia" },
    { "US-WA", "Washington" },
    { "US-WV", "West Virginia" },
    { "US-WI", "Wisconsin" },
    { "US-WY", "Wyoming" },
    { "US-NY-NYC", "New York City" },
    { "GB-ENG", "England" },
    { "GB-SCT", "Scotland" },
    { "GB-WLS", "Wales" },
    { "GB-NIR", "Northern Ireland" },
    { "DE-BE", "Berlin" },
    { "DE-HH", "Hamburg" },
    { "DE-BY", "Bavaria" },
    { "CA-ON", "Ontario" },
    { "CA-QC", "Quebec" },
    { "CA-BC", "British Columbia" },
    { "CA-AB", "Alberta" },
    { "AU-NSW", "New South Wales" },
    { "AU-QLD", "Queensland" },
    { "AU-VIC", "Victoria" },
    { "AU-WA", "Western Australia" },
};

/* With the country behind it, or bare. */
static const char *place_name(struct arena *a, const char *code, size_t length, bool bare)
{
    for (size_t i = 0; i < COUNT(places); i++) {
        if (strlen(places[i].code) == length && strncmp(places[i].code, code, length) == 0)
            return bare ? places[i].name : arena_print(a, "%s, %.2s", places[i].name, code);
    }
    return arena_copy_n(a, code, length);
}

static const char *places_say(struct arena *a, const char *codes, bool bare)
{
    const char *text = NULL, *comma = strstr(codes, ",US-NY");

    if (text_starts(codes, "US-NY-NYC") && comma != NULL) /* the city names its state as well */
        return place_name(a, codes, strlen("US-NY-NYC"), bare);
    while (*codes != '\0') {
        size_t length = strcspn(codes, ",");
        const char *name = place_name(a, codes, length, bare);
        text = text == NULL ? name : arena_print(a, "%s or %s", text, name);
        codes += length + (codes[length] == ',');
    }
    return text;
}

const char *words_place(struct arena *a, const char *codes)
{
    return text_is_empty(codes) ? "Place not known" : places_say(a, codes, false);
}

const char *words_place_bare(struct arena *a, const char *codes)
{
    return text_is_empty(codes) ? NULL : places_say(a, codes, true);
}

struct word {
    const char *name, *shown, *icon;
};

static const struct word languages[] = {
    { "en", "English", NULL },    { "de", "German", NULL }, { "fr", "French", NULL },
    { "es", "Spanish", NULL },    { "ar", "Arabic", NULL }, { "it", "Italian", NULL },
    { "pt", "Portuguese", NULL }, { "nl", "Dutch", NULL },  { "pl", "Polish", NULL },
};

static const struct word channels[] = {
    { "email", "Email", "mail" },          { "letter", "Letter", "file" },
    { "call", "Call", "phone" },           { "sms", "Text message", "message" },
    { "voicemail", "Voicemail", "phone" }, { "portal", "Portal message", "message" },
};

static const struct word *word_find(const struct word *words, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(words[i].name, name))
            return &words[i];
    }
    return NULL;
}

const char *words_language(const char *tag)
{
    const struct word *word = word_find(languages, COUNT(languages), tag);

    return word != NULL ? word->shown : tag;
}

const char *words_language_known(size_t i)
{
    return i < COUNT(languages) ? languages[i].name : NULL;
}

const char *words_channel(const char *channel)
{
    const struct word *word = word_find(channels, COUNT(channels), channel);

    return word != NULL ? word->shown : channel;
}

const char *words_channel_icon(const char *channel)
{
    const struct word *word = word_find(channels, COUNT(channels), channel);

    return word != NULL ? word->icon : "message";
}

const char *words_outcome(struct arena *a, const char *outcome)
{
    static const struct word words[] = {
        { "no_answer", "no answer", NULL },
        { "voicemail", "left a voicemail", NULL },
        { "limited_content_voicemail", "left a short voicemail without details", NULL },
        { "conversation", "spoke with them", NULL },
        { "busy", "line busy", NULL },
        { "not_in_service", "number not in service", NULL },
        { "wrong_number", "wrong number", NULL },
        { "voicemail_left_by_consumer", "they left a voicemail", NULL },
        { "message", "wrote to us", NULL },
        { "bounced", "came back", NULL },
        { "sent", "sent", NULL },
        { "delivered", "delivered", NULL },
    };
    const struct word *word = word_find(words, COUNT(words), outcome);

    return word != NULL ? word->shown : words_plain(a, outcome);
}

const char *words_fact(struct arena *a, const char *type)
{
    static const struct word words[] = {
        { "consent", "Agreed to be contacted", NULL },
        { "opt_out", "Asked us to stop", NULL },
        { "inconvenient_time", "Bad hours", NULL },
        { "employer_prohibits", "No calls at work", NULL },
        { "attorney", "Represented by an attorney", NULL },
        { "cease", "Asked us in writing to cease", NULL },
        { "refusal_to_pay", "Refuses to pay", NULL },
        { "validation", "Validation notice given", NULL },
        { "dispute", "Disputes it", NULL },
        { "email_basis", "This mailbox may be used", NULL },
        { "sms_basis", "This number may be texted", NULL },
        { "esign_consent", "Agreed to electronic notices", NULL },
        { "bankruptcy", "Bankruptcy", NULL },
        { "military", "In military service", NULL },
        { "deceased", "Has died", NULL },
        { "hold", "On hold", NULL },
        { "preference", "Prefers", NULL },
        { "tcpa_consent", "Agreed to automated calls", NULL },
        { "tcpa_revocation", "Took back consent to automated calls", NULL },
    };
    const struct word *word = word_find(words, COUNT(words), type);

    return word != NULL ? word->shown : words_plain(a, type);
}

const char *words_unknown(struct arena *a, const char *name)
{
    static const struct word words[] = {
        { "email_basis", "how this mailbox came to us", NULL },
        { "sms_basis", "why this number may be texted", NULL },
        { "history", "when they were contacted before", NULL },
        { "zone", "their time zone", NULL },
    };
    const struct word *word = word_find(words, COUNT(words), name);

    return word != NULL ? word->shown : words_small(a, words_plain(a, name));
}

struct state_words words_payment(const char *state)
{
    static const struct {
        const char *state;
        struct state_words words;
    } all[] = {
        { "settled", { "arrived", "ok" } },
        { "pending", { "on its way", "info" } },
        { "failed", { "did not go through", "warn" } },
        { "returned", { "went back", "warn" } },
        { "charged_back", { "charged back", "warn" } },
        { "moved", { "moved to another account", "" } },
        { "duplicate", { "recorded twice", "" } },
    };

    for (size_t i = 0; i < COUNT(all); i++) {
        if (text_equal(all[i].state, state))
            return all[i].words;
    }
    return (struct state_words){ state, "" };
}

struct state_words words_agreement(const char *state)
{
    static const struct {
        const char *state;
        struct state_words words;
    } all[] = {
        { "open", { "open", "info" } },
        { "active", { "active", "info" } },
        { "paused", { "paused", "info" } },
        { "kept", { "paid", "ok" } },
        { "completed", { "completed", "ok" } },
        { "accepted", { "accepted", "ok" } },
        { "fulfilled", { "fulfilled", "ok" } },
        { "waiting_approval", { "waits for approval", "warn" } },
        { "partly_kept", { "paid in part", "warn" } },
        { "broken", { "missed", "warn" } },
        { "defaulted", { "defaulted", "warn" } },
        { "void", { "void", "warn" } },
    };

    for (size_t i = 0; i < COUNT(all); i++) {
        if (text_equal(all[i].state, state))
            return all[i].words;
    }
    return (struct state_words){ state, "" };
}

static const struct standing_words standings[] = {
    { "waiting", "Waiting", "Something is open; the next step has its day.", "" },
    { "queued", "Queued", "A message is in the outbox.", "brand" },
    { "later", "Opens later", "A step is due, and allowed only later.", "warn" },
    { "blocked", "Blocked", "A step is due, and the rules say no.", "stop" },
    { "unreachable", "No address", "A step is due, and no good address is known.", "stop" },
    { "promised", "Promised", "They said when they will pay; we wait.", "info" },
    { "payment_pending", "Payment on its way", "Money is coming in; nothing is asked for.",
      "info" },
    { "disputed", "Disputed",
      "They say something is wrong; we do not ask until it is answered.", "hold" },
    { "held", "On hold", "Hardship, breathing space or another hold is in force.", "hold" },
    { "spaced", "Resting", "A step is due, too soon after the last message.", "warn" },
    { "ended", "Ladder ended", "All steps were taken; a person decides.", "warn" },
    { "unplanned", "No plan", "No strategy or segment fits.", "stop" },
    { "clear", "Clear", "Nothing is open.", "ok" },
    { "new", "New", "No cycle has looked at it yet.", "" },
};

static const struct standing_words states[] = {
    { "ready", "Ready", "Waits for the worker.", "brand" },
    { "sending", "Sending", "With the channel at this moment.", "brand" },
    { "sent", "Sent", "Handed to the channel.", "ok" },
    { "delivered", "Delivered", "The channel says that it arrived.", "ok" },
    { "bounced", "Came back", "The address did not take it.", "stop" },
    { "failed", "Failed", "It could not be sent.", "stop" },
    { "unsure", "Not sure", "The provider fell silent; a person must look.", "warn" },
    { "refused", "Stopped", "The gate said no at the moment of sending.", "stop" },
    { "expired", "Expired", "Not sent: stopped, overtaken, done by hand, or too old to be worth saying.", "" },
};

static struct standing_words standing_find(struct arena *a, const struct standing_words *words,
                                           size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(words[i].name, name))
            return words[i];
    }
    return (struct standing_words){ name, words_plain(a, name), "", "" };
}

struct standing_words words_standing(struct arena *a, const char *standing)
{
    return standing_find(a, standings, COUNT(standings), standing);
}

struct standing_words words_state(struct arena *a, const char *state)
{
    return standing_find(a, states, COUNT(states), state);
}
