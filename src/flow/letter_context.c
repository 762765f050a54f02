#include "flow/letter_context.h"

#include "base/text.h"

#include <string.h>

void context_put(json_t *object, const char *key, const char *value)
{
    if (!text_is_empty(value))
        json_object_set_new(object, key, json_string(value));
}

json_t *context_lines(const char *text)
{
    json_t *lines = json_array();

    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n");
        if (length > 0)
            json_array_append_new(lines, json_stringn(text, length));
        text += length + (text[length] == '\n');
    }
    return lines;
}

json_t *context_sender(const struct sender *sender, const char *name)
{
    json_t *object = json_object();

    context_put(object, "name", name);
    json_object_set_new(object, "address", context_lines(sender->address));
    context_put(object, "country", sender->country);
    context_put(object, "email", sender->email);
    context_put(object, "phone", sender->phone);
    return object;
}

const char *context_address(const char *address, const char *name)
{
    size_t length = strlen(name);

    if (address != NULL && text_starts(address, name) && address[length] == '\n')
        return address + length + 1;
    return address;
}
