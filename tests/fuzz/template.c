/* Any bytes as a template: it compiles or says why not; it renders or says why not. */
#include "formats/template.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);

/* Every partial is the input itself, so that partials hold themselves. */
struct input {
    const unsigned char *bytes;
    size_t length;
};

static bool find_partial(void *self, struct arena *a, const char *name, struct file *out)
{
    const struct input *input = self;

    (void)a;
    *out = (struct file){ name, input->bytes, input->length };
    return name[0] != 'x';
}

static const char context_json[] =
    "{\"a\":{\"b\":{\"c\":\"deep\"}},\"l\":[1,2.5,\"three\",null,{\"n\":\"<&>\"}],\"t\":true,"
    "\"f\":false,\"s\":\"text | # -\",\"e\":\"\",\"n\":null}";

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    struct input input = { bytes, length };
    json_t *context = json_loads(context_json, 0, NULL);

    if (length > 512) /* longer ones only repeat themselves, slowly */
        length = input.length = 512;
    for (unsigned mode = 0; mode < 6; mode++) {
        struct template_options options = { .escape = (enum template_escape)(mode % 3),
                                            .strict = mode >= 3,
                                            .partial = find_partial,
                                            .self = &input };
        struct arena a = { 0 };
        struct text out = { 0 };
        struct fault why = { 0 };
        struct template *t =
            template_compile(&a, "fuzz", (const char *)bytes, length, &options, &why);
        must(t != NULL || why.text[0] != '\0');
        if (t != NULL && template_render(t, context, &out, &why))
            must(text_is_utf8(text_of(&out), out.length, NULL));
        text_free(&out);
        arena_free(&a);
    }
    json_decref(context);
    return 0;
}
