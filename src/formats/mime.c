#include "formats/mime.h"

#include "base/text.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <string.h>

enum { ADDRESS_MOST = 254, HEADER_MOST = 900 };

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start_gmime(void)
{
    g_mime_init();
}

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* RFC 5321's plain form: no quotes, no comments, ASCII. What has more is a mistake or a trick.
 */
bool mime_address_is_valid(const char *address)
{
    if (address == NULL || strlen(address) > ADDRESS_MOST || strstr(address, "..") != NULL)
        return false;
    size_t local = strspn(address, LETTERS_AND_DIGITS "!#$%&'*+-/=?^_`{|}~.");
    if (local == 0 || local > 64 || address[local] != '@' || address[0] == '.' ||
        address[local - 1] == '.')
        return false;
    const char *domain = address + local + 1;
    size_t length = strspn(domain, LETTERS_AND_DIGITS "-.");
    return length > 0 && domain[length] == '\0' && strchr("-.", domain[0]) == NULL &&
           strchr("-.", domain[length - 1]) == NULL;
}

/* A header's value: UTF-8, one line. A line break in it would begin a header of its own. */
static bool is_header_text(const char *text)
{
    if (strlen(text) > HEADER_MOST || !text_is_utf8(text, strlen(text), NULL))
        return false;
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    }
    return true;
}

/* Printable ASCII without what would end it: for message ids and addresses in <>. */
static bool is_token(const char *text)
{
    if (*text == '\0' || strlen(text) > HEADER_MOST)
        return false;
    for (; *text != '\0'; text++) {
        if (*text <= ' ' || *text > '~' || strchr("<>\"\\", *text) != NULL)
            return false;
    }
    return true;
}

static bool check_address(const char *which, const struct mime_address *address,
                          struct fault *why)
{
    if (!mime_address_is_valid(address->address))
        return fail(why, BAD_VALUE, "The address of the %s, \"%.254s\", is no email address.",
                    which, address->address != NULL ? address->address : "");
    if (address->name != NULL && !is_header_text(address->name))
        return fail(why, BAD_VALUE, "The name of the %s is not one line of text.", which);
    return true;
}

static bool check_message(const struct mime_message *m, struct fault *why)
{
    if (!check_address("sender", &m->from, why) || !check_address("recipient", &m->to, why))
        return false;
    if (m->reply_to.address != NULL && !check_address("reply", &m->reply_to, why))
        return false;
    if (text_is_empty(m->subject) || !is_header_text(m->subject))
        return fail(why, BAD_VALUE, "The subject is not one line of text.");
    if (m->message_id == NULL || !is_token(m->message_id) || strchr(m->message_id, '@') == NULL)
        return fail(why, BAD_VALUE, "The message id is not of the form name@host.");
    if (m->in_reply_to != NULL && !is_token(m->in_reply_to))
        return fail(why, BAD_VALUE, "The id of the message answered is no message id.");
    if (m->language != NULL && !is_token(m->language))
        return fail(why, BAD_VALUE, "The language of the message is no language tag.");
    if (m->unsubscribe_url != NULL &&
        (!text_starts(m->unsubscribe_url, "https://") || !is_token(m->unsubscribe_url)))
        return fail(why, BAD_VALUE, "The address to unsubscribe at must begin with https://.");
    if (m->unsubscribe_mail != NULL &&
        (!text_starts(m->unsubscribe_mail, "mailto:") || !is_token(m->unsubscribe_mail)))
        return fail(why, BAD_VALUE, "The address to unsubscribe at must begin with mailto:.");
    if (text_is_empty(m->text) || !text_is_utf8(m->text, strlen(m->text), NULL) ||
        (m->html != NULL && !text_is_utf8(m->html, strlen(m->html), NULL)))
        return fail(why, BAD_VALUE, "The message has no text, or one that is not UTF-8.");
    return true;
}

/* Quoted-printable text can't contain "=_", so no line of a part looks like a boundary. */
static void boundary_of(const char *message_id, char *out, size_t room)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */

    for (; *message_id != '\0'; message_id++)
        hash = (hash ^ (unsigned char)*message_id) * 1099511628211u;
    g_snprintf(out, (gulong)room, "=_recoup_%016llx", (unsigned long long)hash);
}

static void set_header(GMimeMessage *made, const char *name, const char *value)
{
    g_mime_object_set_header(GMIME_OBJECT(made), name, value, "utf-8");
}

/* As it is: gmime would fold a long address into encoded words, and no reader undoes that. */
static void set_angled(struct arena *a, GMimeMessage *made, const char *name, const char *value)
{
    set_header(made, name, "");
    GMimeHeader *header =
        g_mime_header_list_get_header(g_mime_object_get_header_list(GMIME_OBJECT(made)), name);
    g_mime_header_set_raw_value(header, arena_print(a, " <%s>\n", value));
}

static void add_mailbox(GMimeMessage *made, GMimeAddressType type,
                        const struct mime_address *address)
{
    const char *name = text_is_empty(address->name) ? NULL : address->name;
    InternetAddress *mailbox = internet_address_mailbox_new(name, address->address);

    internet_address_set_charset(mailbox, "utf-8");
    internet_address_list_add(g_mime_message_get_addresses(made, type), mailbox);
    g_object_unref(mailbox);
}

static void set_headers(struct arena *a, GMimeMessage *made, const struct mime_message *m)
{
    GDateTime *date = g_date_time_new_from_unix_utc(m->date.us / 1000000);

    must(date != NULL);
    add_mailbox(made, GMIME_ADDRESS_TYPE_FROM, &m->from);
    add_mailbox(made, GMIME_ADDRESS_TYPE_TO, &m->to);
    if (m->reply_to.address != NULL)
        add_mailbox(made, GMIME_ADDRESS_TYPE_REPLY_TO, &m->reply_to);
    g_mime_message_set_subject(made, m->subject, "utf-8");
    g_mime_message_set_date(made, date);
    g_date_time_unref(date);
    g_mime_message_set_message_id(made, m->message_id);
    if (m->in_reply_to != NULL) {
        set_angled(a, made, "In-Reply-To", m->in_reply_to);
        set_angled(a, made, "References", m->in_reply_to);
    }
    set_header(made, "Auto-Submitted", "auto-generated");
    if (m->unsubscribe_url != NULL && m->unsubscribe_mail != NULL)
        set_angled(a, made, "List-Unsubscribe",
                   arena_print(a, "%s>,\n <%s", m->unsubscribe_url, m->unsubscribe_mail));
    else if (m->unsubscribe_url != NULL || m->unsubscribe_mail != NULL)
        set_angled(a, made, "List-Unsubscribe",
                   m->unsubscribe_url != NULL ? m->unsubscribe_url : m->unsubscribe_mail);
    if (m->unsubscribe_url != NULL)
        set_header(made, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    if (m->language != NULL)
        set_header(made, "Content-Language", m->language);
}

static GMimeObject *part_of(const char *subtype, const char *text)
{
    GMimeTextPart *part = g_mime_text_part_new_with_subtype(subtype);

    g_mime_text_part_set_charset(part, "utf-8");
    g_mime_text_part_set_text(part, text);
    g_mime_part_set_content_encoding(GMIME_PART(part), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    return GMIME_OBJECT(part);
}

static GMimeObject *body_of(const struct mime_message *m)
{
    char boundary[64];

    if (m->html == NULL)
        return part_of("plain", m->text);
    GMimeMultipart *both = g_mime_multipart_new_with_subtype("alternative");
    GMimeObject *plain = part_of("plain", m->text), *html = part_of("html", m->html);
    boundary_of(m->message_id, boundary, sizeof boundary);
    g_mime_multipart_set_boundary(both, boundary);
    g_mime_multipart_add(both, plain);
    g_mime_multipart_add(both, html);
    g_object_unref(plain);
    g_object_unref(html);
    return GMIME_OBJECT(both);
}

static bool write_message(struct arena *a, GMimeMessage *made, unsigned char **bytes,
                          size_t *length, struct fault *why)
{
    GMimeFormatOptions *options = g_mime_format_options_new();
    GMimeStream *stream = g_mime_stream_mem_new();

    g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
    bool written = g_mime_object_write_to_stream(GMIME_OBJECT(made), options, stream) > 0;
    if (written) {
        const GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
        *bytes = (unsigned char *)arena_copy_n(a, (const char *)array->data, array->len);
        *length = array->len;
    }
    g_object_unref(stream);
    g_mime_format_options_free(options);
    return written || fail(why, SYSTEM, "The email could not be put together.");
}

bool mime_build(struct arena *a, const struct mime_message *message, unsigned char **bytes,
                size_t *length, struct fault *why)
{
    if (!check_message(message, why))
        return false;
    pthread_once(&once, start_gmime);

    GMimeMessage *made = g_mime_message_new(TRUE);
    GMimeObject *body = body_of(message);
    set_headers(a, made, message);
    g_mime_message_set_mime_part(made, body);
    g_object_unref(body);
    bool fine = write_message(a, made, bytes, length, why);
    g_object_unref(made);
    return fine;
}
