#include "formats/letter_text.h"

#include "formats/letter_marks.h"
#include "formats/yaml.h"

#include <stdio.h>
#include <string.h>

enum { REQUIRED_MOST = 8 };

struct letter_text {
    const char *name, *language, *path;
    const char *purpose, *tone;
    bool from_collector; /* a third party writes; the context then has a collector */
    enum letter_reader reader;
    struct yaml_texts places;
    int subject_line, email_subject_line;
    struct yaml_texts says; /* fields of the content that are declared */
    unsigned channels;      /* one bit each */
    struct template *subject, *email_subject, *body;
    size_t required_count;
    struct template *required[REQUIRED_MOST];
    const char *required_names[REQUIRED_MOST];
    struct letter_words words;
    bool right_to_left;
};

const char *letter_text_language(const struct letter_text *text)
{
    return text->language;
}

const char *letter_text_purpose(const struct letter_text *text)
{
    return text->purpose;
}

const char *letter_text_tone(const struct letter_text *text)
{
    return text->tone;
}

bool letter_text_is_for(const struct letter_text *text, enum channel channel)
{
    return (text->channels & (1u << channel)) != 0;
}

bool letter_text_is_from_collector(const struct letter_text *text)
{
    return text->from_collector;
}

enum letter_reader letter_text_reader(const struct letter_text *text)
{
    return text->reader;
}

const char *letter_text_path(const struct letter_text *text)
{
    return text->path;
}

const char *letter_text_name(const struct letter_text *text)
{
    return text->name;
}

const struct template *letter_text_body(const struct letter_text *text)
{
    return text->body;
}

const struct template *letter_text_subject(const struct letter_text *text, enum channel channel)
{
    return channel == CHANNEL_EMAIL ? text->email_subject : text->subject;
}

int letter_text_subject_line(const struct letter_text *text, enum channel channel)
{
    return channel == CHANNEL_EMAIL ? text->email_subject_line : text->subject_line;
}

bool letter_text_is_for_place(const struct letter_text *text, const char *place)
{
    for (size_t i = 0; i < text->places.count; i++) {
        size_t length = strlen(text->places.texts[i]);
        if (strncmp(place, text->places.texts[i], length) == 0 &&
            (place[length] == '\0' || place[length] == '-'))
            return true;
    }
    return text->places.count == 0;
}

size_t letter_text_says(const struct letter_text *text, const char *const **fields)
{
    *fields = text->says.texts;
    return text->says.count;
}

static struct template_options options_for(struct arena *a, const struct letter_text *text,
                                           enum template_escape escape)
{
    return (struct template_options){
        .escape = escape,
        .strict = true,
        .isolate = text->right_to_left,
        .partial_folder = arena_print(a, "letters/%s", text->language),
        .partial_suffix = ".md",
    };
}

/* Where the front matter ends and the body begins; 0 when the file does not begin with it. */
static size_t body_start(const struct file *file)
{
    static const char rule[] = "\n---\n";
    const char *bytes = (const char *)file->bytes;

    if (!text_starts(bytes, rule + 1))
        return 0;
    const char *end = strstr(bytes + sizeof rule - 2, rule);
    return end == NULL ? 0 : (size_t)(end - bytes) + sizeof rule - 1;
}

/* The body with the front matter blanked out, so that faults name the right line. */
static char *body_of(struct arena *a, const struct file *file, size_t start)
{
    size_t lines = 0;

    for (size_t i = 0; i < start; i++)
        lines += file->bytes[i] == '\n';
    char *body = arena_alloc(a, lines + file->length - start + 1);
    memset(body, '\n', lines);
    memcpy(body + lines, file->bytes + start, file->length - start);
    return body;
}

static bool read_channels(struct letter_text *text, struct yaml_reader *r, struct arena *a)
{
    struct yaml_texts names = yaml_texts(r, a, "channels");

    for (size_t i = 0; i < names.count; i++) {
        enum channel channel;
        if (!channel_parse(names.texts[i], &channel) ||
            (channel != CHANNEL_EMAIL && channel != CHANNEL_LETTER))
            return yaml_fail(r->map, r->why, "\"%s\" is not email or letter", names.texts[i]);
        text->channels |= 1u << channel;
    }
    return text->channels != 0 ||
           yaml_fail(r->map, r->why, "\"channels\" is missing: email, letter or both");
}

static bool is_one_of(const char *word, const char *const words[])
{
    for (; *words != NULL; words++) {
        if (strcmp(word, *words) == 0)
            return true;
    }
    return false;
}

/* The wording law asks for: each is a partial of the language's own wording folder. */
static bool read_required(struct letter_text *text, struct yaml_reader *r, struct arena *a)
{
    struct template_options options = options_for(a, text, TEMPLATE_LETTER);
    struct yaml_texts names = yaml_texts(r, a, "required");

    if (names.count > REQUIRED_MOST)
        return yaml_fail(r->map, r->why, "at most %d required wordings", REQUIRED_MOST);
    for (size_t i = 0; i < names.count; i++) {
        const char *path =
            arena_print(a, "letters/%s/wording/%s.md", text->language, names.texts[i]);
        text->required[i] = template_load(a, path, &options, r->why);
        text->required_names[i] = names.texts[i];
        if (text->required[i] == NULL)
            return false;
    }
    text->required_count = names.count;
    return true;
}

static struct template *read_subject(struct letter_text *text, struct arena *a,
                                     const char *subject, struct fault *why)
{
    struct template_options options = options_for(a, text, TEMPLATE_PLAIN);

    return template_compile(a, text->path, subject, strlen(subject), &options, why);
}

static bool read_reader(struct letter_text *text, struct yaml_reader *r)
{
    const char *to = yaml_text_or(r, "to", "anybody");

    text->reader = strcmp(to, "person") == 0     ? LETTER_TO_PERSON
                   : strcmp(to, "business") == 0 ? LETTER_TO_BUSINESS
                                                 : LETTER_TO_ANYBODY;
    return text->reader != LETTER_TO_ANYBODY || strcmp(to, "anybody") == 0 ||
           yaml_fail(r->map, r->why, "\"to\" must be person, business or anybody");
}

static bool read_front(struct letter_text *text, struct arena *a, const struct yaml *front,
                       struct fault *why)
{
    static const char *const tones[] = { "friendly", "plain", "formal", NULL };
    static const char *const writers[] = { "creditor", "collector", NULL };
    struct yaml_reader r = yaml_read(front, why);

    yaml_only(&r, "title", "purpose", "from", "to", "places", "channels", "subject",
              "email_subject", "tone", "required", "says", NULL);
    yaml_text(&r, "title");
    text->purpose = yaml_text(&r, "purpose");
    text->tone = yaml_text(&r, "tone");
    const char *from = yaml_text(&r, "from");
    const char *subject = yaml_text(&r, "subject");
    const char *email_subject = yaml_text_or(&r, "email_subject", subject);
    if (!r.ok)
        return false;
    if (!is_one_of(text->tone, tones))
        return yaml_fail(front, why, "\"tone\" must be friendly, plain or formal");
    if (!is_one_of(from, writers))
        return yaml_fail(front, why, "\"from\" must be creditor or collector");
    text->from_collector = strcmp(from, "collector") == 0;
    text->says = yaml_texts(&r, a, "says");
    text->places = yaml_texts(&r, a, "places");
    const struct yaml *line = yaml_find(front, "subject");
    text->subject_line = text->email_subject_line = line->place.line;
    line = yaml_find(front, "email_subject");
    text->email_subject_line = line != NULL ? line->place.line : text->subject_line;
    if (!read_reader(text, &r))
        return false;
    text->subject = read_subject(text, a, subject, why);
    text->email_subject = read_subject(text, a, email_subject, why);
    return text->subject != NULL && text->email_subject != NULL && read_channels(text, &r, a) &&
           read_required(text, &r, a) && r.ok;
}

static bool read_words(struct letter_text *text, struct arena *a, struct fault *why)
{
    const char *path = arena_print(a, "letters/%s/words.yaml", text->language);
    struct file file;

    if (!files_load(a, path, &file, why))
        return false;
    const struct yaml *map = yaml_parse(a, path, (const char *)file.bytes, file.length, why);
    if (map == NULL)
        return false;
    struct yaml_reader r = yaml_read(map, why);
    yaml_only(&r, "page", "date", "reference", "right_to_left", NULL);
    text->words = (struct letter_words){ .page = yaml_text(&r, "page"),
                                         .date = yaml_text(&r, "date"),
                                         .reference = yaml_text(&r, "reference") };
    text->right_to_left = yaml_bool_or(&r, "right_to_left", false);
    return r.ok;
}

/* "de-AT", then "de", then "en": the first that has this letter. */
static bool find_file(struct arena *a, struct letter_text *text, const char *language,
                      struct file *file, struct fault *why)
{
    size_t primary = strcspn(language, "-_");
    const char *tries[] = { language, arena_copy_n(a, language, primary), "en" };
    struct fault absent = { 0 };

    if (strpbrk(language, "./") != NULL || strpbrk(text->name, "./") != NULL)
        return fail(why, BAD_VALUE, "\"%s\" in \"%s\" is no name of a letter.", text->name,
                    language);
    for (size_t i = 0; i < COUNT(tries); i++) {
        text->language = arena_copy(a, tries[i]);
        text->path = arena_print(a, "letters/%s/%s.md", tries[i], text->name);
        if (files_load(a, text->path, file, &absent))
            return true;
        if (absent.code != NOT_FOUND) {
            *why = absent;
            return false;
        }
    }
    return fail(why, NOT_FOUND, "There is no letter \"%s\" in letters/en.", text->name);
}

static bool read_text(struct arena *a, struct letter_text *text, const struct file *file,
                      struct fault *why)
{
    size_t start = body_start(file);
    if (start == 0)
        return fail(why, BAD_FILE, "%s:1: a letter begins with front matter between --- lines.",
                    text->path);
    const struct yaml *front =
        yaml_parse(a, text->path, (const char *)file->bytes, start - strlen("---\n"), why);
    if (front == NULL || !read_words(text, a, why) || !read_front(text, a, front, why))
        return false;

    struct template_options options = options_for(a, text, TEMPLATE_LETTER);
    char *body = body_of(a, file, start);
    text->body = template_compile(a, text->path, body, strlen(body), &options, why);
    return text->body != NULL;
}

bool letter_text_load(struct arena *a, const char *name, const char *language,
                      struct letter_text **out, struct fault *why)
{
    struct letter_text *text = arena_make(a, struct letter_text);
    struct file file;

    text->name = arena_copy(a, name);
    *out = text;
    return find_file(a, text, language != NULL ? language : "en", &file, why) &&
           read_text(a, text, &file, why);
}

bool letter_text_read(struct arena *a, const struct file *file, const char *language,
                      struct letter_text **out, struct fault *why)
{
    struct letter_text *text = arena_make(a, struct letter_text);
    const char *slash = strrchr(file->path, '/');
    const char *name = slash != NULL ? slash + 1 : file->path;

    text->name = arena_copy_n(a, name, strcspn(name, "."));
    text->path = arena_copy(a, file->path);
    text->language = arena_copy(a, language);
    *out = text;
    return read_text(a, text, file, why);
}

/* A text of the context, "" when it is not there. */
static const char *text_at(const json_t *object, const char *key)
{
    json_t *found = json_object_get(object, key);

    return json_is_string(found) ? json_string_value(found) : "";
}

static void add_line(struct arena *a, struct letter_lines *lines, size_t *room,
                     const char *line)
{
    const char **all = (const char **)lines->lines;

    if (text_is_empty(line))
        return;
    *arena_push(a, all, lines->count, *room) = arena_copy(a, line);
    lines->lines = all;
}

static struct letter_lines address_of(struct arena *a, const json_t *party)
{
    struct letter_lines lines = { 0 };
    const json_t *address = json_object_get(party, "address");
    size_t room = 0;

    add_line(a, &lines, &room, text_at(party, "name"));
    for (size_t i = 0; i < json_array_size(address); i++)
        add_line(a, &lines, &room, json_string_value(json_array_get(address, i)));
    return lines;
}

/* In right-to-left letters each is marked as left to right (U+2066), or "+971 4" turns over. */
static struct letter_lines contact_of(struct arena *a, const json_t *party, bool right_to_left)
{
    static const char *const keys[] = { "phone", "email", "reply_url" };
    struct letter_lines lines = { 0 };
    size_t room = 0;

    for (size_t i = 0; i < COUNT(keys); i++) {
        const char *line = text_at(party, keys[i]);
        bool turned = right_to_left && *line != '\0';
        add_line(a, &lines, &room, turned ? arena_print(a, "\u2066%s\u2069", line) : line);
    }
    return lines;
}

/* The totals of all currencies as one text, to be said in a sentence: "$20.00 + €5.00". */
static json_t *amount_of(const json_t *context)
{
    const json_t *totals = json_object_get(context, "totals");
    struct text amount = { 0 };

    for (size_t i = 0; i < json_array_size(totals); i++) {
        text_add(&amount, i == 0 ? "" : " + ");
        text_add(&amount, text_at(json_array_get(totals, i), "open"));
    }
    json_t *made = json_string(text_of(&amount));
    text_free(&amount);
    return made;
}

/*
 * The context as letters see it: with sender, amount, and the channel to ask about. jansson's
 * functions want their objects writable because they count references; nothing is changed.
 */
static json_t *context_for(const struct letter_text *text, const json_t *context,
                           enum channel channel, struct fault *why)
{
    const char *from = text->from_collector ? "collector" : "creditor";
    json_t *sender = json_object_get(context, from), *whole;

    if (!json_is_object(sender)) {
        fail(why, BAD_VALUE, "%s: \"%s\" is missing, and must not be left blank.", text->path,
             from);
        return NULL;
    }
    /* A collector's letter says that it is one. This text does not, so it can't be theirs. */
    if (!text->from_collector && json_is_object(json_object_get(context, "collector"))) {
        fail(why, NOT_ALLOWED,
             "The letter \"%s\" is the creditor's own; a collector may not "
             "send it.",
             text->name);
        return NULL;
    }
    whole = json_copy((json_t *)context);
    must(whole != NULL);
    json_object_set(whole, "sender", sender);
    json_object_set_new(whole, "amount", amount_of(context));
    json_object_set_new(whole, "by_email", json_boolean(channel == CHANNEL_EMAIL));
    json_object_set_new(whole, "by_letter", json_boolean(channel == CHANNEL_LETTER));
    return whole;
}

/* One line, however the values are: a subject is a header field. */
static const char *line_of(struct arena *a, struct text *text)
{
    for (size_t i = 0; i < text->length; i++) {
        if ((unsigned char)text->bytes[i] < ' ')
            text->bytes[i] = ' ';
    }
    const char *line = text_trim(a, text_of(text));
    text_clear(text);
    return line;
}

static bool has_required(const struct letter_text *text, const json_t *context,
                         const char *body, struct fault *why)
{
    for (size_t i = 0; i < text->required_count; i++) {
        struct text wording = { 0 };
        bool rendered = template_render(text->required[i], context, &wording, why);
        bool there = rendered && strstr(body, text_of(&wording)) != NULL;
        text_free(&wording);
        if (!rendered)
            return false;
        if (!there)
            return fail(why, BAD_FILE, "%s: the required wording \"%s\" is not in the letter.",
                        text->path, text->required_names[i]);
    }
    return true;
}

static bool render_parts(struct arena *a, const struct letter_text *text, const json_t *context,
                         enum channel channel, struct letter_document *out, struct fault *why)
{
    const struct template *subject =
        channel == CHANNEL_EMAIL ? text->email_subject : text->subject;
    struct text made = { 0 };
    bool fine = template_render(subject, context, &made, why);

    if (fine) {
        out->subject = line_of(a, &made);
        fine = template_render(text->body, context, &made, why) &&
               has_required(text, context, text_of(&made), why) &&
               letter_marks_read(a, text->path, text_of(&made), &out->blocks, &out->block_count,
                                 why);
    }
    text_free(&made);
    return fine;
}

bool letter_text_render(struct arena *a, const struct letter_text *text, const json_t *context,
                        enum channel channel, struct letter_document *out, struct fault *why)
{
    if (!letter_text_is_for(text, channel))
        return fail(why, NOT_ALLOWED, "The letter \"%s\" is not made for %s.", text->name,
                    channel_name(channel));
    json_t *whole = context_for(text, context, channel, why);
    if (whole == NULL)
        return false;
    const json_t *sender = json_object_get(whole, "sender");
    *out = (struct letter_document){
        .name = text->name,
        .language = text->language,
        .right_to_left = text->right_to_left,
        .country = arena_copy(a, text_at(sender, "country")),
        .today = arena_copy(a, text_at(whole, "today")),
        .reference = arena_copy(a, text_at(whole, "reference")),
        .sender = address_of(a, sender),
        .contact = contact_of(a, sender, text->right_to_left),
        .recipient = address_of(a, json_object_get(whole, "debtor")),
        .words = text->words,
    };
    bool fine = render_parts(a, text, whole, channel, out, why);
    json_decref(whole);
    if (fine && (*out->today == '\0' || *out->reference == '\0' || out->recipient.count == 0 ||
                 (channel == CHANNEL_LETTER && out->recipient.count < 2)))
        return fail(why, BAD_VALUE,
                    "%s: today, reference or the recipient's name and address is missing.",
                    text->path);
    return fine;
}
