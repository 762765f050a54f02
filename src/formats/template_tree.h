/*
 * Template tree: what template.c compiles, template_render.c walks to render and
 * letter_content.c to see what a letter says. For those only.
 */
#ifndef FORMATS_TEMPLATE_TREE_H
#define FORMATS_TEMPLATE_TREE_H

#include "formats/template.h"

enum {
    TEMPLATE_SOURCE_MOST = 1024 * 1024,
    TEMPLATE_SECTION_DEPTH = 64,
    TEMPLATE_PARTIAL_DEPTH = 32,
    TEMPLATE_OUTPUT_MOST = 64 * 1024 * 1024,
    TEMPLATE_STEPS_MOST = 2 * 1000 * 1000, /* nodes rendered: lists in lists in lists */
};

enum template_node_kind {
    NODE_TEXT,
    NODE_VALUE, /* escaped */
    NODE_RAW,
    NODE_SECTION,
    NODE_INVERTED,
    NODE_PARTIAL,
};

/* "a.b.c" in its parts; no parts at all is ".", the thing at hand. */
struct template_name {
    const char *whole;
    size_t count;
    const char *const *parts;
};

struct template_nodes {
    size_t count, room;
    struct template_node *nodes;
};

/* One file: the template itself, or a partial. */
struct template_source {
    const char *name, *file;
    struct template_nodes nodes;
    struct template_source *next;
};

struct template_node {
    enum template_node_kind kind;
    int line; /* on which it begins */
    bool starts_line; /* NODE_TEXT: the indentation of a partial goes before it */
    const char *text; /* NODE_TEXT: the bytes; NODE_PARTIAL: its indentation    */
    size_t length;
    struct template_name name;
    struct template_nodes body;            /* NODE_SECTION, NODE_INVERTED */
    const struct template_source *partial; /* NODE_PARTIAL */
};

struct template
{
    struct template_options options;
    struct template_source *sources; /* the newest first; the template itself is the last */
    const struct template_source *main;
};

#endif
