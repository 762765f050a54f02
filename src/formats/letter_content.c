#include "formats/letter_content.h"

#include "base/text.h"
#include "formats/template_tree.h"
#include "formats/yaml.h"

#include <string.h>

/* A value or a part, and the fields of the content that it stands for. */
struct sayer {
    const char *name, *group; /* group: NULL for a part */
    size_t count;
    const char *const *fields;
};

struct letter_saying {
    size_t count, room;
    struct sayer *sayers;
    struct yaml_texts cautious, declared, never_empty, on_letter, on_email;
};

/* ---- letters/content.yaml ---------------------------------------------------------------- */

static bool texts_have(const struct yaml_texts *texts, const char *wanted)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->texts[i], wanted) == 0)
            return true;
    }
    return false;
}

/* "items.open:" alone says nothing; a list, or one name, says those. */
static bool sayers_read(struct letter_saying *saying, struct arena *a, const struct yaml *map,
                        const char *group, struct fault *why)
{
    for (size_t i = 0; i < map->count; i++) {
        struct yaml_reader r = yaml_read(map, why);
        bool silent = map->items[i]->kind == YAML_TEXT && text_is_empty(map->items[i]->text);
        struct yaml_texts fields = { 0 };
        if (!silent)
            fields = yaml_texts(&r, a, map->keys[i]);
        if (!r.ok)
            return false;
        *arena_push(a, saying->sayers, saying->count, saying->room) =
            (struct sayer){ map->keys[i], group, fields.count, fields.texts };
    }
    return true;
}

static bool saying_read(struct letter_saying *saying, struct arena *a, const struct yaml *top,
                        struct fault *why)
{
    struct yaml_reader r = yaml_read(top, why);

    yaml_only(&r, "frame", "cautious", "declared", "never_empty", "parts", "values", NULL);
    saying->cautious = yaml_texts(&r, a, "cautious");
    saying->declared = yaml_texts(&r, a, "declared");
    saying->never_empty = yaml_texts(&r, a, "never_empty");
    const struct yaml *frame = yaml_map(&r, "frame"), *parts = yaml_map(&r, "parts"),
                      *values = yaml_map(&r, "values");
    if (!r.ok || !sayers_read(saying, a, parts, NULL, why))
        return false;
    for (size_t i = 0; i < values->count; i++) {
        if (values->items[i]->kind != YAML_MAP)
            return yaml_fail(values->items[i], why, "a group of values is a mapping");
        if (!sayers_read(saying, a, values->items[i], values->keys[i], why))
            return false;
    }
    struct yaml_reader f = yaml_read(frame, why);
    yaml_only(&f, "letter", "email", NULL);
    saying->on_letter = yaml_texts(&f, a, "letter");
    saying->on_email = yaml_texts(&f, a, "email");
    return f.ok;
}

struct letter_saying *letter_saying_load(struct arena *a, struct fault *why)
{
    static const char path[] = "letters/content.yaml";
    struct letter_saying *saying = arena_make(a, struct letter_saying);
    struct file file;

    if (!files_load(a, path, &file, why))
        return NULL;
    const struct yaml *top = yaml_parse(a, path, (const char *)file.bytes, file.length, why);
    return top != NULL && saying_read(saying, a, top, why) ? saying : NULL;
}

bool letter_saying_declares(const struct letter_saying *saying, const char *field)
{
    return texts_have(&saying->declared, field);
}

static const struct sayer *sayer_find(const struct letter_saying *saying, const char *name,
                                      bool is_part)
{
    for (size_t i = 0; i < saying->count; i++) {
        const struct sayer *s = &saying->sayers[i];
        if ((s->group == NULL) == is_part && strcmp(s->name, name) == 0)
            return s;
    }
    return NULL;
}

const char *letter_saying_nearest(const struct letter_saying *saying, const char *name)
{
    const char *nearest = NULL;
    size_t least = strlen(name) / 3 + 2;

    for (size_t i = 0; i < saying->count; i++) {
        const struct sayer *s = &saying->sayers[i];
        size_t distance = s->group == NULL ? least : text_distance(name, s->name);
        if (distance < least && distance < strlen(s->name)) {
            least = distance;
            nearest = s->name;
        }
    }
    return nearest;
}

/* ---- walking ----------------------------------------------------------------------------- */

struct walk {
    const struct letter_saying *saying;
    struct arena *a;
    enum channel channel;
    bool in_subject;
    int lines_before; /* the subject stands somewhere in the front matter */
    const char *sections[TEMPLATE_SECTION_DEPTH]; /* names as resolved, outermost first */
    size_t depth;
    size_t partial_depth;
    void (*piece)(void *self, const struct letter_piece *piece);
    void *self;
};

static void walk_nodes(struct walk *w, const struct template_nodes *nodes, const char *file,
                       bool certain);

/* As Mustache looks names up: in the innermost section first. */
static const char *resolve(struct walk *w, const struct template_name *name)
{
    if (name->count == 0) /* "." */
        return w->depth > 0 ? w->sections[w->depth - 1] : ".";
    for (size_t i = w->depth; i-- > 0;) {
        const char *whole = arena_print(w->a, "%s.%s", w->sections[i], name->whole);
        if (sayer_find(w->saying, whole, false) != NULL)
            return whole;
    }
    return name->whole;
}

static void tell(struct walk *w, enum letter_piece_kind kind, const char *file, int line,
                 const char *text, bool certain)
{
    const struct sayer *value = kind == PIECE_VALUE ? sayer_find(w->saying, text, false) : NULL;
    struct letter_piece piece = { .kind = kind,
                                  .file = file,
                                  .line = line + w->lines_before,
                                  .text = text,
                                  .group = value != NULL ? value->group : NULL,
                                  .certain = certain,
                                  .in_subject = w->in_subject };

    w->piece(w->self, &piece);
}

/* What the channel decides: 1 shown, 0 not shown; -1: something else decides. */
static int shown_by_channel(const struct walk *w, const char *name, bool inverted)
{
    bool by_email = strcmp(name, "by_email") == 0;

    if (!by_email && strcmp(name, "by_letter") != 0)
        return -1;
    return (w->channel == (by_email ? CHANNEL_EMAIL : CHANNEL_LETTER)) != inverted;
}

static void walk_section(struct walk *w, const struct template_node *node, const char *file,
                         bool certain)
{
    const char *name = resolve(w, &node->name);
    bool inverted = node->kind == NODE_INVERTED;
    int shown = shown_by_channel(w, name, inverted);
    bool full = texts_have(&w->saying->never_empty, name);

    if (shown == 0)
        return;
    if (shown < 0)
        tell(w, PIECE_VALUE, file, node->line, name, certain && full && !inverted);
    bool inside = certain && (shown == 1 || (full && !inverted));
    if (!inverted && shown < 0 && w->depth < COUNT(w->sections)) {
        w->sections[w->depth++] = name;
        walk_nodes(w, &node->body, file, inside);
        w->depth--;
        return;
    }
    walk_nodes(w, &node->body, file, inside);
}

static void walk_partial(struct walk *w, const struct template_node *node, const char *file,
                         bool certain)
{
    if (node->partial == NULL || w->partial_depth >= TEMPLATE_PARTIAL_DEPTH)
        return;
    tell(w, PIECE_PART, file, node->line, node->partial->name, certain);
    w->partial_depth++;
    walk_nodes(w, &node->partial->nodes, node->partial->file, certain);
    w->partial_depth--;
}

static void walk_nodes(struct walk *w, const struct template_nodes *nodes, const char *file,
                       bool certain)
{
    for (size_t i = 0; i < nodes->count; i++) {
        const struct template_node *node = &nodes->nodes[i];
        switch (node->kind) {
        case NODE_TEXT:
            tell(w, PIECE_TYPED, file, node->line, node->text, certain);
            break;
        case NODE_VALUE:
        case NODE_RAW:
            tell(w, PIECE_VALUE, file, node->line, resolve(w, &node->name), certain);
            break;
        case NODE_SECTION:
        case NODE_INVERTED:
            walk_section(w, node, file, certain);
            break;
        case NODE_PARTIAL:
            walk_partial(w, node, file, certain);
            break;
        }
    }
}

void letter_pieces(const struct letter_saying *saying, struct arena *a,
                   const struct letter_text *text, enum channel channel,
                   void (*piece)(void *self, const struct letter_piece *piece), void *self)
{
    struct walk w = {
        .saying = saying, .a = a, .channel = channel, .piece = piece, .self = self
    };
    const struct template *subject = letter_text_subject(text, channel),
                          *body = letter_text_body(text);

    w.in_subject = true;
    w.lines_before = letter_text_subject_line(text, channel) - 1;
    walk_nodes(&w, &subject->main->nodes, subject->main->file, true);
    w.in_subject = false;
    w.lines_before = 0;
    walk_nodes(&w, &body->main->nodes, body->main->file, true);
}

/* ---- fields ------------------------------------------------------------------------------ */

struct reading {
    const struct letter_saying *saying;
    struct arena *a;
    struct letter_content *content;
    struct gate_field *fields;
    size_t count, room;
    struct text subject; /* the typed words of it */
};

static void field_set(struct reading *r, const char *name, const char *value)
{
    for (size_t i = 0; i < r->count; i++) {
        if (strcmp(r->fields[i].name, name) == 0)
            return;
    }
    *arena_push(r->a, r->fields, r->count, r->room) = (struct gate_field){ name, value };
}

static void fields_say(struct reading *r, const struct sayer *s, bool certain)
{
    for (size_t i = 0; s != NULL && i < s->count; i++) {
        if (certain || texts_have(&r->saying->cautious, s->fields[i]))
            field_set(r, s->fields[i], "true");
    }
}

static void read_piece(void *self, const struct letter_piece *piece)
{
    struct reading *r = self;

    if (piece->in_subject) { /* it is read by whoever looks over a shoulder, not as the text */
        text_add(&r->subject, piece->kind == PIECE_TYPED ? piece->text : "…");
        return;
    }
    if (piece->kind != PIECE_TYPED)
        fields_say(r, sayer_find(r->saying, piece->text, piece->kind == PIECE_PART),
                   piece->certain);
}

void letter_content_read(const struct letter_saying *saying, struct arena *a,
                         const struct letter_text *text, enum channel channel,
                         struct letter_content *out)
{
    struct reading r = { .saying = saying, .a = a, .content = out };
    const struct yaml_texts *frame =
        channel == CHANNEL_EMAIL ? &saying->on_email : &saying->on_letter;
    const char *const *says;
    size_t declared = letter_text_says(text, &says);

    letter_pieces(saying, a, text, channel, read_piece, &r);
    for (size_t i = 0; i < frame->count && letter_text_is_from_collector(text); i++)
        field_set(&r, frame->texts[i], "true");
    for (size_t i = 0; i < declared; i++)
        field_set(&r, says[i], "true");
    field_set(&r, "requests_payment", "false");
    if (channel == CHANNEL_EMAIL)
        field_set(&r, "subject", arena_copy(a, text_of(&r.subject)));
    text_free(&r.subject);
    *out = (struct letter_content){ .fields = { r.count, r.fields } };
    out->shows_disclosures = gate_field_find(out->fields, "disclosures") != NULL;
    out->names_pay_by = gate_field_find(out->fields, "names_pay_by") != NULL;
}
