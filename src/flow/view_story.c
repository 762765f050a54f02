/*
 * What happened to one case file, newest first, a page at a time.
 *
 * Four tables tell of it: contacts, messages, notes, and the journal of everything else. Each
 * is read in its own order from where the page before ended, and they are merged by time; so a
 * page costs what it shows, however long the history is.
 */
#include "base/sort.h"
#include "base/text.h"
#include "flow/user.h"
#include "flow/view_parts.h"
#include "formats/mime_read.h"
#include "formats/record.h"

#include <string.h>

enum { STORY_PAGE = 60, TEXTS_MOST = 25, TEXT_MOST = 6000, NAMES_MOST = 32 };

/* Where a page ends, in each table; and the day that goes on, when it ends within one. */
enum {
    AT_CONTACT,
    NO_CONTACT,
    AT_MESSAGE,
    NO_MESSAGE,
    NO_NOTE,
    SEQ_RECORD,
    DAY_BROKEN,
    PLACES
};
struct story_place {
    int64_t is[PLACES];
};

struct telling {
    struct view *v;
    struct casefile_key key;
    enum story_filter filter;
    struct story_place from;
    struct story *out;
    size_t room;
    struct {
        const char *email, *name;
    } names[NAMES_MOST];
    size_t name_count;
    struct fault *why;
};

static bool place_parse(const char *text, struct story_place *out)
{
    *out = (struct story_place){ { INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX,
                             0 } };
    for (int i = 0; text != NULL && i < PLACES; i++) {
        char part[24];
        size_t length = strcspn(text, ".");
        if (length >= sizeof part)
            return false;
        memcpy(part, text, length);
        part[length] = '\0';
        if (!text_to_int(part, &out->is[i]) || (text[length] == '\0') != (i + 1 == PLACES))
            return false;
        text += length + 1;
    }
    return true;
}

static const char *place_print(struct arena *a, const struct story_place *place)
{
    const char *text = "";

    for (int i = 0; i < PLACES; i++)
        text = arena_print(a, "%s%s%lld", text, i > 0 ? "." : "", (long long)place->is[i]);
    return text;
}

static struct happening *happen(struct telling *t, enum happening_kind kind, struct instant at)
{
    struct happening *h = arena_push(&t->v->arena, t->out->all, t->out->count, t->room);

    *h = (struct happening){ .kind = kind, .at = at, .ended_at = INSTANT_NEVER };
    return h;
}

/* ---- Reading ---------------------------------------------------------------------------- */

static bool contacts_read(struct telling *t)
{
    struct query q = view_of_file(t->v, Q_FILE_CONTACTS, t->key);

    bind_int(&q, t->from.is[AT_CONTACT]);
    bind_int(&q, t->from.is[NO_CONTACT]);
    bind_int(&q, STORY_PAGE + 1);
    while (query_next(&q)) {
        struct happening *h = happen(t, HAPPENED_CONTACT, view_instant(&q, 0));
        h->number = (int32_t)row_int(&q, 1);
        h->channel = view_text(t->v, &q, 2);
        h->incoming = row_int(&q, 3) != 0;
        h->outcome = view_text(t->v, &q, 4);
        h->address = view_text(t->v, &q, 5);
        h->text = row_text(&q, 6) != NULL ? view_text(t->v, &q, 6) : NULL;
    }
    return query_end(&q, t->why);
}

static bool messages_read(struct telling *t)
{
    struct query q = view_of_file(t->v, Q_FILE_MESSAGES, t->key);

    bind_int(&q, t->from.is[AT_MESSAGE]);
    bind_int(&q, t->from.is[NO_MESSAGE]);
    bind_int(&q, STORY_PAGE + 1);
    while (query_next(&q)) {
        struct happening *h = happen(t, HAPPENED_MESSAGE, view_instant(&q, 0));
        h->number = (int32_t)row_int(&q, 1);
        h->seq = row_int(&q, 2);
        h->channel = view_text(t->v, &q, 3);
        h->state = view_text(t->v, &q, 4);
        h->template = view_text(t->v, &q, 5);
        h->subject = view_text(t->v, &q, 6);
    }
    return query_end(&q, t->why);
}

static bool notes_read(struct telling *t)
{
    struct query q = view_of_file(t->v, Q_FILE_NOTES, t->key);

    bind_int(&q, t->from.is[NO_NOTE]);
    bind_int(&q, STORY_PAGE + 1);
    while (query_next(&q)) {
        struct happening *h = happen(t, HAPPENED_NOTE, view_instant(&q, 1));
        h->number = (int32_t)row_int(&q, 0);
        h->text = view_text(t->v, &q, 2);
        h->by = row_text(&q, 3) != NULL ? view_text(t->v, &q, 3) : NULL;
        h->ended_at = view_instant(&q, 4);
    }
    return query_end(&q, t->why);
}

static const char *const filter_names[] = { "all", "contact", "money", "decisions" };

static bool records_read(struct telling *t)
{
    struct query q = view_of_file(t->v, Q_FILE_RECORDS, t->key);

    bind_int(&q, t->from.is[SEQ_RECORD]);
    bind_text(&q, filter_names[t->filter]);
    bind_int(&q, STORY_PAGE + 1);
    while (query_next(&q)) {
        struct happening *h = happen(t, HAPPENED_RECORD, view_instant(&q, 1));
        h->seq = row_int(&q, 0);
        h->what = view_text(t->v, &q, 2);
        h->record = view_text(t->v, &q, 3);
    }
    return query_end(&q, t->why);
}

/* ---- Merging ---------------------------------------------------------------------------- */

/* A total order: what is of one moment and kind goes by its number. */
static int newest_first(const void *a, const void *b)
{
    const struct happening *x = a, *y = b;

    if (x->at.us != y->at.us)
        return x->at.us > y->at.us ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind > y->kind ? -1 : 1;
    if (x->number != y->number)
        return x->number > y->number ? -1 : 1;
    return (y->seq > x->seq) - (y->seq < x->seq);
}

static bool is_talk(const struct happening *h)
{
    return h->kind == HAPPENED_RECORD && text_equal(h->what, "talk");
}

/* Who was spoken with, and who wrote it down, goes to the contact that it tells of. */
static void talks_tell(struct story *out)
{
    for (size_t i = 0; i < out->count; i++) {
        if (!is_talk(&out->all[i]))
            continue;
        int64_t contact = record_number(out->all[i].record, "contact");
        for (size_t k = 0; k < out->count; k++) {
            if (out->all[k].kind == HAPPENED_CONTACT && out->all[k].number == contact)
                out->all[k].record = out->all[i].record;
        }
    }
}

static void talks_drop(struct story *out)
{
    size_t kept = 0;

    for (size_t i = 0; i < out->count; i++) {
        if (!is_talk(&out->all[i]))
            out->all[kept++] = out->all[i];
    }
    out->count = kept;
}

static int32_t day_of(const struct telling *t, const struct happening *h)
{
    return wall_at(h->at, t->v->zone).day.number;
}

/* Past the last one shown, in the table that it is from. */
static void place_pass(struct story_place *place, const struct happening *h)
{
    switch (h->kind) {
    case HAPPENED_CONTACT:
        place->is[AT_CONTACT] = h->at.us;
        place->is[NO_CONTACT] = h->number;
        break;
    case HAPPENED_MESSAGE:
        place->is[AT_MESSAGE] = h->at.us;
        place->is[NO_MESSAGE] = h->number;
        break;
    case HAPPENED_NOTE:
        place->is[NO_NOTE] = h->number;
        break;
    case HAPPENED_RECORD:
        place->is[SEQ_RECORD] = h->seq;
        break;
    }
}

/* A page ends with a day, unless one day alone is longer. */
static void page_cut(struct telling *t)
{
    struct story *out = t->out;
    struct story_place next = t->from;
    size_t end = STORY_PAGE;

    t->out->day_goes_on = t->from.is[DAY_BROKEN] != 0;
    if (out->count <= STORY_PAGE)
        return;
    int32_t day = day_of(t, &out->all[STORY_PAGE]);
    while (end > 0 && day_of(t, &out->all[end - 1]) == day)
        end--;
    next.is[DAY_BROKEN] = end == 0;
    out->count = end > 0 ? end : STORY_PAGE;
    for (size_t i = 0; i < out->count; i++)
        place_pass(&next, &out->all[i]);
    out->before = place_print(&t->v->arena, &next);
}

/* ---- What was said, and by whom ---------------------------------------------------------- */

static bool text_read(struct telling *t, struct happening *h)
{
    struct query q = view_of_file(t->v, Q_FILE_MESSAGE_BYTES, t->key);
    struct arena *a = &t->v->arena;

    bind_int(&q, h->number);
    if (query_next(&q)) {
        size_t length;
        const unsigned char *bytes = row_blob(&q, 0, &length);
        h->is_pdf = length > 4 && memcmp(bytes, "%PDF", 4) == 0;
        if (length > 0 && !h->is_pdf) {
            struct mime_parts parts;
            mime_read(a, (const unsigned char *)arena_copy_n(a, (const char *)bytes, length),
                      length, &parts);
            h->text = parts.text != NULL && strlen(parts.text) <= TEXT_MOST ? parts.text : NULL;
        }
    }
    return query_end(&q, t->why);
}

static bool texts_read(struct telling *t)
{
    size_t count = 0;

    for (size_t i = 0; i < t->out->count; i++) {
        struct happening *h = &t->out->all[i];
        if (h->kind != HAPPENED_MESSAGE || text_equal(h->channel, "letter") ||
            count == TEXTS_MOST)
            continue;
        count++;
        if (!text_read(t, h))
            return false;
    }
    return true;
}

/* The name of a user; the address itself when there is none. */
static bool name_find(struct telling *t, const char *email, const char **out)
{
    struct user user;

    *out = email;
    for (size_t i = 0; i < t->name_count; i++) {
        if (text_equal(t->names[i].email, email)) {
            *out = t->names[i].name;
            return true;
        }
    }
    if (!user_by_email(t->v->store, &t->v->arena, email, &user, t->why))
        return false;
    if (user.number != 0)
        *out = user.name;
    if (t->name_count < NAMES_MOST) {
        t->names[t->name_count].email = email;
        t->names[t->name_count++].name = *out;
    }
    return true;
}

static bool names_find(struct telling *t)
{
    for (size_t i = 0; i < t->out->count; i++) {
        struct happening *h = &t->out->all[i];
        if (h->record == NULL)
            continue;
        const char *email = record_text(&t->v->arena, h->record, NULL, "by");
        if (email != NULL && !name_find(t, email, &h->by))
            return false;
    }
    return true;
}

bool view_casefile_story(struct view *v, const struct casefile_view *f,
                         enum story_filter filter, const char *before, struct story *out,
                         struct fault *why)
{
    struct telling t = {
        .v = v, .key = f->casefile->key, .filter = filter, .out = out, .why = why
    };
    bool contacts = filter == STORY_ALL || filter == STORY_CONTACT;

    *out = (struct story){ 0 };
    if (!place_parse(before, &t.from))
        return fail(why, BAD_VALUE, "\"%s\" is no place in a timeline.", before);
    if ((contacts && (!contacts_read(&t) || !messages_read(&t) || !notes_read(&t))) ||
        !records_read(&t))
        return false;
    talks_tell(out);
    sort_array(out->all, out->count, sizeof *out->all, newest_first);
    page_cut(&t);
    talks_drop(out);
    return texts_read(&t) && names_find(&t);
}
