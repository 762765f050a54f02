#include "formats/mime_read.h"

#include "base/text.h"

#include <gmime/gmime.h>
#include <pthread.h>

static void parts_take(GMimeObject *parent, GMimeObject *part, gpointer self)
{
    struct mime_parts *out = ((void **)self)[0];
    struct arena *a = ((void **)self)[1];

    (void)parent;
    if (!GMIME_IS_TEXT_PART(part))
        return;
    GMimeContentType *type = g_mime_object_get_content_type(part);
    bool html = g_mime_content_type_is_type(type, "text", "html");
    char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    if (text != NULL && html && out->html == NULL)
        out->html = arena_copy(a, text);
    else if (text != NULL && !html && out->text == NULL)
        out->text = arena_copy(a, text);
    g_free(text);
}

static const char *list_print(struct arena *a, InternetAddressList *list)
{
    char *text = list == NULL ? NULL : internet_address_list_to_string(list, NULL, FALSE);
    const char *copy = arena_copy(a, text);

    g_free(text);
    return copy;
}

void mime_read(struct arena *a, const unsigned char *bytes, size_t length,
               struct mime_parts *out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, g_mime_init);
    *out = (struct mime_parts){ 0 };
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)bytes, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (message != NULL) {
        void *self[2] = { out, a };
        out->from = list_print(a, g_mime_message_get_from(message));
        out->to = list_print(a, g_mime_message_get_to(message));
        out->subject = arena_copy(a, g_mime_message_get_subject(message));
        g_mime_message_foreach(message, parts_take, self);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
}
