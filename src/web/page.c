#include "web/page.h"

#include "base/text.h"

#include <string.h>

const char *page_field(const struct page *p, const char *name)
{
    for (size_t i = 0; i < p->ask->field_count; i++) {
        if (strcmp(p->ask->fields[i].name, name) == 0)
            return text_is_empty(p->ask->fields[i].value) ? NULL : p->ask->fields[i].value;
    }
    return NULL;
}

bool page_pair(const char *text, int64_t *first, int64_t *second)
{
    char left[24];
    const char *dot = strchr(text, '.');

    if (dot == NULL || dot == text || (size_t)(dot - text) >= sizeof left)
        return false;
    memcpy(left, text, (size_t)(dot - text));
    left[dot - text] = '\0';
    return text_to_int(left, first) && text_to_int(dot + 1, second) && *first >= 0 &&
           *first<BUCKETS && * second> 0;
}

void put(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, json_string(text));
}

void put_int(json_t *object, const char *key, int64_t number)
{
    json_object_set_new(object, key, json_integer(number));
}

void put_true(json_t *object, const char *key, bool truth)
{
    json_object_set_new(object, key, json_boolean(truth));
}

json_t *put_list(json_t *object, const char *key)
{
    json_t *list = json_array();

    json_object_set_new(object, key, list);
    return list;
}

json_t *put_object(json_t *object, const char *key)
{
    json_t *inner = json_object();

    json_object_set_new(object, key, inner);
    return inner;
}

json_t *list_add(json_t *list)
{
    json_t *object = json_object();

    json_array_append_new(list, object);
    return object;
}

void put_standing(struct page *p, json_t *object, const char *key, struct standing_words words)
{
    json_t *inner = put_object(object, key);
    static const char *const tones[] = { "ok", "warn", "stop", "info", "hold" };

    put(inner, "name", words.name);
    put(inner, "title", words.title);
    put(inner, "meaning", words.meaning);
    put(inner, "tone", words.tone);
    for (size_t i = 0; i < COUNT(tones);
         i++) /* all of them: what is absent is looked up above */
        put_true(inner, arena_print(p->arena, "is_%s", tones[i]),
                 strcmp(tones[i], words.tone) == 0);
}

void put_rule(struct page *p, json_t *object, const char *id)
{
    const struct rule *rule = text_is_empty(id) ? NULL : view_rule(p->view, id);

    put(object, "rule", id != NULL ? id : "");
    put(object, "cite", rule != NULL ? rule_cite_first(rule) : "");
    put(object, "rule_title", rule != NULL ? rule_title(rule) : "");
}

const char *url_encode(struct arena *a, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, strlen(text) * 3 + 1), *at = out;

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || strchr("-._~", c) != NULL;
        if (plain) {
            *at++ = (char)c;
            continue;
        }
        *at++ = '%';
        *at++ = hex[c >> 4];
        *at++ = hex[c & 15];
    }
    return out;
}
