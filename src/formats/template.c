#include "formats/template.h"

#include "formats/template_tree.h"

#include <string.h>

/* One source being read. Delimiters change in mid-file, but never reach into a partial. */
struct parser {
    struct arena *a;
    struct template *made;
    struct template_source *source;
    const char *bytes;
    size_t length, at;
    int line; /* of `at` */
    int partial_depth;
    const char *open, *close;
    struct fault *why;
};

struct tag {
    char sigil; /* one of #^/!>=&{ or '\0' for a plain value */
    int line;
    size_t start, end; /* in the bytes, delimiters included */
    const char *content;
};

static bool compile_source(struct arena *a, struct template *made,
                           struct template_source *source, const char *bytes, size_t length,
                           int partial_depth, struct fault *why);

static bool parse_fail(const struct parser *p, int line, const char *text)
{
    return fail(p->why, BAD_FILE, "%s:%d: %s", p->source->file, line, text);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *find_bytes(const struct parser *p, size_t from, const char *wanted)
{
    return memmem(p->bytes + from, p->length - from, wanted, strlen(wanted));
}

static void advance(struct parser *p, size_t to)
{
    for (; p->at < to; p->at++)
        p->line += p->bytes[p->at] == '\n';
}

static bool at_line_start(const struct parser *p, size_t at)
{
    return at == 0 || p->bytes[at - 1] == '\n';
}

static struct template_node *add_node(struct parser *p, struct template_nodes *into,
                                      enum template_node_kind kind, int line)
{
    struct template_node *node = arena_push(p->a, into->nodes, into->count, into->room);

    *node = (struct template_node){ .kind = kind, .line = line, .text = "" };
    return node;
}

static void add_text(struct parser *p, struct template_nodes *into, size_t from, size_t to,
                     int line)
{
    if (from == to)
        return;
    struct template_node *node = add_node(p, into, NODE_TEXT, line);
    node->text = arena_copy_n(p->a, p->bytes + from, to - from);
    node->length = to - from;
    node->starts_line = at_line_start(p, from);
}

/* Reads the tag that opens at `start`. */
static bool read_tag(struct parser *p, size_t start, struct tag *tag)
{
    size_t at = start + strlen(p->open);
    const char *closing = p->close;

    *tag = (struct tag){ .line = p->line, .start = start };
    while (at < p->length && is_blank(p->bytes[at]))
        at++;
    if (at < p->length && strchr("#^/!>=&{", p->bytes[at]) != NULL && p->bytes[at] != '\0')
        tag->sigil = p->bytes[at++];
    if (tag->sigil == '{' || tag->sigil == '=')
        closing = arena_print(p->a, "%c%s", tag->sigil == '{' ? '}' : '=', p->close);

    const char *end = find_bytes(p, at, closing);
    if (end == NULL)
        return parse_fail(p, tag->line, "a tag is opened here and never closed");
    size_t content_end = (size_t)(end - p->bytes);
    tag->content = text_trim(p->a, arena_copy_n(p->a, p->bytes + at, content_end - at));
    tag->end = content_end + strlen(closing);
    return true;
}

/*
 * True when the tag has its line to itself; then [*from, *to) is the whole line with its end.
 * Values never count: "{{amount}}" on a line of its own is a line of the letter.
 */
static bool stands_alone(const struct parser *p, const struct tag *tag, size_t *from,
                         size_t *to)
{
    size_t start = tag->start, end = tag->end;

    if (tag->sigil == '\0' || tag->sigil == '&' || tag->sigil == '{')
        return false;
    while (start > 0 && is_blank(p->bytes[start - 1]))
        start--;
    while (end < p->length && is_blank(p->bytes[end]))
        end++;
    if (!at_line_start(p, start))
        return false;
    if (end + 1 < p->length && p->bytes[end] == '\r' && p->bytes[end + 1] == '\n')
        end++;
    if (end < p->length && p->bytes[end] != '\n')
        return false;
    *from = start;
    *to = end < p->length ? end + 1 : end;
    return true;
}

static bool parse_name(struct parser *p, const struct tag *tag, struct template_name *name)
{
    char *rest = arena_copy(p->a, tag->content);
    const char **parts = NULL;
    size_t room = 0;

    *name = (struct template_name){ .whole = tag->content };
    if (strcmp(tag->content, ".") == 0)
        return true;
    if (tag->content[0] == '\0' || strpbrk(tag->content, " \t\r\n{}") != NULL)
        return parse_fail(p, tag->line, "a tag needs one name, without blanks");
    for (char *part; (part = strsep(&rest, ".")) != NULL;) {
        if (*part == '\0')
            return parse_fail(p, tag->line, "a dot stands between two names");
        *arena_push(p->a, parts, name->count, room) = part;
    }
    name->parts = parts;
    return true;
}

static bool change_delimiters(struct parser *p, const struct tag *tag)
{
    char *open = arena_copy(p->a, tag->content);
    size_t size = strcspn(open, " \t\r\n");
    char *close = text_trim(p->a, open + size);

    open[size] = '\0';
    if (*open == '\0' || *close == '\0' || strpbrk(close, " \t\r\n=") != NULL ||
        strchr(open, '=') != NULL)
        return parse_fail(p, tag->line, "new delimiters are written {{=<% %>=}}");
    p->open = open;
    p->close = close;
    return true;
}

static bool find_partial(const struct template_options *options, struct arena *a,
                         const char *name, struct file *out)
{
    struct fault unread;

    if (options->partial != NULL)
        return options->partial(options->self, a, name, out);
    if (options->partial_folder == NULL)
        return false;
    const char *suffix = options->partial_suffix != NULL ? options->partial_suffix : "";
    const char *path = arena_print(a, "%s/%s%s", options->partial_folder, name, suffix);
    return files_load(a, path, out, &unread);
}

/* Each partial is compiled once, also one that holds itself: it is listed before it is read. */
static bool add_partial(struct parser *p, struct template_nodes *into, const struct tag *tag,
                        const char *indentation)
{
    struct template_node *node = add_node(p, into, NODE_PARTIAL, tag->line);
    struct template_source *source = p->made->sources;
    struct file file = { .path = tag->content, .bytes = (const unsigned char *)"" };

    node->text = indentation;
    node->length = strlen(indentation);
    while (source != NULL && !text_equal(source->name, tag->content))
        source = source->next;
    node->partial = source;
    if (source != NULL)
        return true;

    if (tag->content[0] == '\0')
        return parse_fail(p, tag->line, "a partial needs a name");
    if (!find_partial(&p->made->options, p->a, tag->content, &file) && p->made->options.strict)
        return fail(p->why, BAD_FILE, "%s:%d: there is no partial \"%s\".", p->source->file,
                    tag->line, tag->content);
    source = arena_make(p->a, struct template_source);
    *source = (struct template_source){ .name = tag->content,
                                        .file = arena_copy(p->a, file.path),
                                        .next = p->made->sources };
    p->made->sources = source;
    node->partial = source;
    return compile_source(p->a, p->made, source, (const char *)file.bytes, file.length,
                          p->partial_depth + 1, p->why);
}

static bool parse_nodes(struct parser *p, struct template_nodes *into, const struct tag *opener,
                        int depth);

static bool add_section(struct parser *p, struct template_nodes *into, const struct tag *tag,
                        int depth)
{
    enum template_node_kind kind = tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED;
    struct template_node node = { .kind = kind, .line = tag->line };

    if (depth >= TEMPLATE_SECTION_DEPTH)
        return parse_fail(p, tag->line, "sections are nested too deep");
    if (!parse_name(p, tag, &node.name) || !parse_nodes(p, &node.body, tag, depth + 1))
        return false;
    *add_node(p, into, kind, tag->line) = node;
    return true;
}

static bool add_tag(struct parser *p, struct template_nodes *into, const struct tag *tag,
                    const char *indentation, int depth)
{
    struct template_node *node;

    switch (tag->sigil) {
    case '#':
    case '^':
        return add_section(p, into, tag, depth);
    case '>':
        return add_partial(p, into, tag, indentation);
    case '=':
        return change_delimiters(p, tag);
    case '!':
        return true;
    default:
        node = add_node(p, into, tag->sigil == '\0' ? NODE_VALUE : NODE_RAW, tag->line);
        return parse_name(p, tag, &node->name);
    }
}

/* Skips a tag, with its whole line when it stands alone; what is before it becomes text. */
static const char *pass_tag(struct parser *p, struct template_nodes *into,
                            const struct tag *tag, size_t text_from, int text_line)
{
    size_t from = tag->start, to = tag->end;
    bool alone = stands_alone(p, tag, &from, &to);
    const char *indentation = "";

    add_text(p, into, text_from, from, text_line);
    if (alone)
        indentation = arena_copy_n(p->a, p->bytes + from, tag->start - from);
    else if (p->partial_depth > 0 && at_line_start(p, tag->start))
        add_node(p, into, NODE_TEXT, tag->line)->starts_line = true;
    advance(p, to);
    return indentation;
}

/* Reads until the tag that closes `opener`, or to the end when there is none. */
static bool parse_nodes(struct parser *p, struct template_nodes *into, const struct tag *opener,
                        int depth)
{
    for (;;) {
        const char *found = find_bytes(p, p->at, p->open);
        size_t text_from = p->at;
        int text_line = p->line;
        struct tag tag;

        if (found == NULL)
            break;
        advance(p, (size_t)(found - p->bytes));
        if (!read_tag(p, p->at, &tag))
            return false;
        const char *indentation = pass_tag(p, into, &tag, text_from, text_line);
        if (tag.sigil != '/') {
            if (!add_tag(p, into, &tag, indentation, depth))
                return false;
            continue;
        }
        if (opener == NULL || strcmp(opener->content, tag.content) != 0)
            return fail(p->why, BAD_FILE, "%s:%d: \"%s\" is closed here but was not open.",
                        p->source->file, tag.line, tag.content);
        return true;
    }
    if (opener != NULL)
        return fail(p->why, BAD_FILE, "%s:%d: the section \"%s\" is never closed.",
                    p->source->file, opener->line, opener->content);
    add_text(p, into, p->at, p->length, p->line);
    return true;
}

static bool compile_source(struct arena *a, struct template *made,
                           struct template_source *source, const char *bytes, size_t length,
                           int partial_depth, struct fault *why)
{
    struct parser p = { .a = a,
                        .made = made,
                        .source = source,
                        .bytes = bytes,
                        .length = length,
                        .line = 1,
                        .partial_depth = partial_depth,
                        .open = "{{",
                        .close = "}}",
                        .why = why };

    if (length > TEMPLATE_SOURCE_MOST)
        return parse_fail(&p, 1, "the file is larger than 1 MiB");
    if (partial_depth > TEMPLATE_PARTIAL_DEPTH)
        return parse_fail(&p, 1, "partials are nested too deep");
    if (!text_is_utf8(bytes, length, NULL))
        return parse_fail(&p, 1, "the file is not UTF-8 text");
    return parse_nodes(&p, &source->nodes, NULL, 0);
}

struct template *template_compile(struct arena *a, const char *file, const char *bytes,
                                  size_t length, const struct template_options *options,
                                  struct fault *why)
{
    struct template *made = arena_make(a, struct template);
    struct template_source *source = arena_make(a, struct template_source);

    source->file = arena_copy(a, file);
    *made = (struct template){ .options = *options, .sources = source, .main = source };
    return compile_source(a, made, source, bytes, length, 0, why) ? made : NULL;
}

struct template *template_load(struct arena *a, const char *path,
                               const struct template_options *options, struct fault *why)
{
    struct file file;

    if (!files_load(a, path, &file, why))
        return NULL;
    return template_compile(a, path, (const char *)file.bytes, file.length, options, why);
}
