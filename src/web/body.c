#include "web/body.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

static int refuse(int status, const char *sentence, const char **what)
{
    *what = sentence;
    return status;
}

static const char not_text[] = "What was sent is not text (UTF-8).";
static const char too_many[] = "What was sent has too many fields.";

static bool is_text(const char *text)
{
    size_t bad;

    return text_is_utf8(text, strlen(text), &bad);
}

/* ---- Kinds ----------------------------------------------------------------------------- */

/* The value of a parameter: name=value or name="value". NULL when there is none. */
static const char *parameter(struct arena *a, const char *list, const char *name)
{
    size_t wanted = strlen(name);

    while ((list = strchr(list, ';')) != NULL) {
        list += 1 + strspn(list + 1, " \t");
        if (strncasecmp(list, name, wanted) != 0 || list[wanted] != '=')
            continue;
        const char *value = list + wanted + 1;
        if (*value == '"')
            return arena_copy_n(a, value + 1, strcspn(value + 1, "\""));
        return arena_copy_n(a, value, strcspn(value, "; \t"));
    }
    return NULL;
}

enum body_kind body_kind_of(struct arena *a, const char *type, const char **boundary)
{
    static const struct {
        const char *name;
        enum body_kind kind;
    } kinds[] = { { "application/x-www-form-urlencoded", BODY_FORM },
                  { "multipart/form-data", BODY_PARTS },
                  { "application/json", BODY_JSON } };
    size_t length = type == NULL ? 0 : strcspn(type, "; \t");

    *boundary = NULL;
    for (size_t i = 0; length > 0 && i < COUNT(kinds); i++) {
        if (strlen(kinds[i].name) != length || strncasecmp(type, kinds[i].name, length) != 0)
            continue;
        const char *charset = parameter(a, type, "charset");
        if (charset != NULL && strcasecmp(charset, "utf-8") != 0)
            return BODY_OTHER;
        if (kinds[i].kind != BODY_PARTS)
            return kinds[i].kind;
        *boundary = parameter(a, type, "boundary");
        bool fits = *boundary != NULL && **boundary != '\0' && strlen(*boundary) <= 70;
        return fits ? BODY_PARTS : BODY_OTHER;
    }
    return type == NULL ? BODY_NONE : BODY_OTHER;
}

/* ---- Percent-encoding ------------------------------------------------------------------ */

static int hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* In place, up to the NUL; false for what is no encoding, or would be no text. */
static bool decode(char *text, bool form)
{
    char *to = text;

    for (const char *from = text; *from != '\0'; from++) {
        if (*from == '+' && form) {
            *to++ = ' ';
        } else if (*from == '%') {
            int high = hex_of(from[1]), low = high < 0 ? -1 : hex_of(from[2]);
            if (low < 0 || high * 16 + low == 0)
                return false;
            *to++ = (char)(high * 16 + low);
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return is_text(text);
}

/* ---- Fields ---------------------------------------------------------------------------- */

static size_t pairs_in(const char *text)
{
    size_t count = 1;

    for (; *text != '\0'; text++)
        count += *text == '&';
    return count;
}

/* "a=1&b=2" in place. */
static int pairs_read(struct arena *a, char *text, struct field **list, size_t *count,
                      const char **what)
{
    size_t most = pairs_in(text);

    *count = 0;
    if (most > ASK_FIELDS)
        return refuse(400, too_many, what);
    *list = arena_array(a, struct field, most);
    while (text != NULL) {
        char *name = strsep(&text, "&"), *value = strchr(name, '=');
        static char nothing[1];
        if (*name == '\0')
            continue;
        if (value != NULL)
            *value++ = '\0';
        else
            value = nothing;
        if (!decode(name, true) || (*value != '\0' && !decode(value, true)))
            return refuse(400, not_text, what);
        (*list)[(*count)++] = (struct field){ name, value };
    }
    return 0;
}

int form_read(struct arena *a, char *bytes, size_t length, struct ask *ask, const char **what)
{
    if (strlen(bytes) != length)
        return refuse(400, not_text, what);
    return pairs_read(a, bytes, &ask->form, &ask->form_count, what);
}

int text_read(const char *bytes, size_t length, const char **what)
{
    size_t bad;

    return text_is_utf8(bytes, length, &bad) ? 0 : refuse(400, not_text, what);
}

/* ---- The address ----------------------------------------------------------------------- */

/* A new line or the like has no business in a name. */
static bool is_line(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    }
    return true;
}

int target_read(struct arena *a, const char *target, struct ask *ask, const char **what)
{
    size_t length = strcspn(target, "?");
    char *path = arena_copy_n(a, target, length);

    ask->raw_path = arena_copy_n(a, target, length);
    ask->path = path;
    if (!decode(path, false) || !is_line(path))
        return refuse(400, "The address is not text (UTF-8), or is not encoded as it must be.",
                      what);
    if (target[length] == '\0' || target[length + 1] == '\0')
        return 0;
    return pairs_read(a, arena_copy(a, target + length + 1), &ask->query, &ask->query_count,
                      what);
}

const char *piece_decode(struct arena *a, const char *piece, size_t length)
{
    char *text = arena_copy_n(a, piece, length);

    must(decode(text, false));
    return text;
}

/* ---- Parts ----------------------------------------------------------------------------- */

static const char bad_parts[] = "The form cannot be read: its parts do not fit together.";

struct part {
    const char *name, *file, *type; /* file NULL: a field */
};

/* name="…" of a Content-Disposition; browsers write %22, %0D and %0A inside, others \". */
static const char *quoted(struct arena *a, const char *line, const char *name)
{
    char wanted[32];
    const char *at = line;
    size_t length = strlen(name);

    memcpy(wanted, name, length);
    memcpy(wanted + length, "=\"", 3);
    while ((at = strstr(at, wanted)) != NULL && at > line && at[-1] != ' ' && at[-1] != ';')
        at++;
    if (at == NULL)
        return NULL;
    at += length + 2;
    char *out = arena_copy(a, at), *to = out;
    for (; *at != '\0' && *at != '"'; at++) {
        if (at[0] == '\\' && (at[1] == '"' || at[1] == '\\'))
            at++;
        *to++ = *at;
    }
    *to = '\0';
    for (char *c = out; (c = strstr(c, "%22")) != NULL; c++) {
        *c = '"';
        memmove(c + 1, c + 3, strlen(c + 3) + 1);
    }
    return out;
}

/* The lines above a part, from *at to the blank line; NULs end them. */
static bool part_head(struct arena *a, char **at, const char *end, struct part *part)
{
    *part = (struct part){ 0 };
    for (;;) {
        char *line = *at, *stop = memmem(line, (size_t)(end - line), "\r\n", 2);
        if (stop == NULL || memchr(line, '\0', (size_t)(stop - line)) != NULL)
            return false;
        *stop = '\0';
        *at = stop + 2;
        if (*line == '\0')
            return part->name != NULL && is_text(part->name) && is_line(part->name) &&
                   (part->file == NULL || (is_text(part->file) && is_line(part->file)));
        if (strncasecmp(line, "Content-Disposition:", 20) == 0) {
            part->name = quoted(a, line, "name");
            part->file = quoted(a, line, "filename");
        } else if (strncasecmp(line, "Content-Type:", 13) == 0) {
            part->type = text_trim(a, line + 13);
        }
    }
}

/* The name alone: some send the whole path. */
static const char *file_name(const char *path)
{
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '/' || *at == '\\')
            path = at + 1;
    }
    return path;
}

static int part_keep(struct arena *a, const struct part *part, char *bytes, size_t length,
                     struct ask *ask, const char **what)
{
    bytes[length] = '\0';
    if (part->file == NULL) {
        if (ask->form == NULL)
            ask->form = arena_array(a, struct field, ASK_FIELDS);
        if (ask->form_count == ASK_FIELDS)
            return refuse(400, too_many, what);
        if (strlen(bytes) != length || !is_text(bytes))
            return refuse(400, not_text, what);
        ask->form[ask->form_count++] = (struct field){ part->name, bytes };
        return 0;
    }
    if (*part->file == '\0' && length == 0) /* a field for a file that was left empty */
        return 0;
    if (ask->uploads == NULL)
        ask->uploads = arena_array(a, struct upload, ASK_UPLOADS);
    if (ask->upload_count == ASK_UPLOADS)
        return refuse(400, "What was sent has too many files.", what);
    ask->uploads[ask->upload_count++] = (struct upload){ .name = part->name,
                                                         .file = file_name(part->file),
                                                         .type = part->type,
                                                         .bytes = bytes,
                                                         .length = length };
    return 0;
}

int parts_read(struct arena *a, char *bytes, size_t length, const char *boundary,
               struct ask *ask, const char **what)
{
    const char *mark = arena_print(a, "\r\n--%s", boundary), *end = bytes + length;
    size_t marked = strlen(mark);
    char *at = bytes + marked - 2; /* the first stands at the very beginning */

    if (length < marked - 2 || memcmp(bytes, mark + 2, marked - 2) != 0)
        return refuse(400, bad_parts, what);
    while (end - at >= 2 && memcmp(at, "\r\n", 2) == 0) {
        struct part part;
        at += 2;
        if (!part_head(a, &at, end, &part))
            return refuse(400, bad_parts, what);
        char *stop = memmem(at, (size_t)(end - at), mark, marked);
        if (stop == NULL)
            return refuse(400, bad_parts, what);
        int status = part_keep(a, &part, at, (size_t)(stop - at), ask, what);
        if (status != 0)
            return status;
        at = stop + marked;
    }
    return end - at >= 2 && memcmp(at, "--", 2) == 0 ? 0 : refuse(400, bad_parts, what);
}
