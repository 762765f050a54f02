#include "flow/settings.h"

#include "base/text.h"
#include "formats/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LARGEST_CONFIG = 256 * 1024 };

static const struct {
    const char *key, *variable;
    char kind;
    size_t offset;
} places[] = {
#define X(member, key, variable, kind)                                                         \
    { key, variable, kind, offsetof(struct settings, member) },
    SETTINGS(X)
#undef X
};

static struct setting *setting_at(struct settings *settings, size_t place)
{
    return (struct setting *)(void *)((char *)settings + places[place].offset);
}

bool settings_list(const struct settings *settings, size_t place, const char **key,
                   struct setting *out)
{
    if (place >= COUNT(places))
        return false;
    *key = places[place].key;
    memcpy(out, (const char *)settings + places[place].offset, sizeof *out);
    return true;
}

/* ---- The environment -------------------------------------------------------------------- */

static void take_environment(struct settings *out)
{
    for (size_t i = 0; i < COUNT(places); i++) {
        const char *value = places[i].variable == NULL ? NULL : getenv(places[i].variable);
        if (value != NULL && value[0] != '\0')
            *setting_at(out, i) = (struct setting){ value, places[i].variable };
    }
}

/* RECOUP_DATABASE_FILE names a file that holds the connection string, for secrets. */
static bool take_database_file(struct arena *a, struct settings *out, struct fault *why)
{
    const char *path = getenv("RECOUP_DATABASE_FILE");
    char *bytes;
    size_t length;

    if (out->db.value != NULL || path == NULL || path[0] == '\0')
        return true;
    if (!text_read_file(path, 4096, a, &bytes, &length, why))
        return false;
    bytes[strcspn(bytes, "\r\n")] = '\0';
    out->db = (struct setting){ text_trim(a, bytes), "RECOUP_DATABASE_FILE" };
    return true;
}

/* ---- Files ------------------------------------------------------------------------------ */

static const char *below_file(struct arena *a, const char *file, const char *path)
{
    const char *slash = strrchr(file, '/');

    if (path[0] == '/' || slash == NULL || text_starts(file, "./"))
        return path;
    return arena_print(a, "%.*s/%s", (int)(slash - file), file, path);
}

static bool is_path(size_t place, const char *value)
{
    return places[place].kind == 'P' ||
           (places[place].kind == 'D' && strstr(value, "://") == NULL);
}

/* The node at "channels.email.smtp"; NULL when the file does not say. */
static const struct yaml *node_at(const struct yaml *root, const char *key)
{
    char part[32];

    while (root != NULL && *key != '\0') {
        size_t length = strcspn(key, ".");
        must(length < sizeof part);
        memcpy(part, key, length);
        part[length] = '\0';
        root = yaml_find(root, part);
        key += length + (key[length] == '.');
    }
    return root;
}

static bool keys_are_known(const struct yaml *root, struct fault *why)
{
    struct yaml_reader top = yaml_read(root, why);
    const struct yaml *channels = yaml_map_or(&top, "channels");

    yaml_only(&top, "db", "zone", "files", "key_file", "channels", "webhooks", NULL);
    const struct yaml *webhooks = yaml_map_or(&top, "webhooks");
    if (top.ok && webhooks != NULL) {
        struct yaml_reader told = yaml_read(webhooks, why);
        top.ok = yaml_only(&told, "ca_file", NULL);
    }
    if (!top.ok || channels == NULL)
        return top.ok;
    struct yaml_reader all = yaml_read(channels, why);
    const struct yaml *email = yaml_map_or(&all, "email");
    const struct yaml *letter = yaml_map_or(&all, "letter");
    yaml_only(&all, "email", "letter", "folder", NULL);
    if (all.ok && email != NULL) {
        struct yaml_reader one = yaml_read(email, why);
        all.ok = yaml_only(&one, "smtp", "user", "password_file", "return_to", "hello",
                           "ca_file", "tls", NULL);
    }
    if (all.ok && letter != NULL) {
        struct yaml_reader one = yaml_read(letter, why);
        all.ok = yaml_only(&one, "folder", NULL);
    }
    return all.ok;
}

static bool take_file(struct arena *a, const char *file, struct settings *out,
                      struct fault *why)
{
    char *bytes;
    size_t length;

    if (!text_read_file(file, LARGEST_CONFIG, a, &bytes, &length, why))
        return false;
    if (text_is_empty(bytes))
        return true;
    const struct yaml *root = yaml_parse(a, file, bytes, length, why);
    if (root == NULL || !keys_are_known(root, why))
        return false;
    for (size_t i = 0; i < COUNT(places); i++) {
        const struct yaml *node = node_at(root, places[i].key);
        struct setting *setting = setting_at(out, i);
        if (node == NULL || setting->value != NULL)
            continue;
        if (node->kind != YAML_TEXT)
            return yaml_fail(node, why, "\"%s\" must be one value", places[i].key);
        const char *value =
            is_path(i, node->text) ? below_file(a, file, node->text) : node->text;
        *setting = (struct setting){ value, file };
    }
    return true;
}

static bool take_file_if_there(struct arena *a, const char *file, struct settings *out,
                               struct fault *why)
{
    return file == NULL || access(file, F_OK) != 0 || take_file(a, file, out, why);
}

static const char *user_file(struct arena *a)
{
    const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

    if (folder != NULL && folder[0] == '/')
        return arena_print(a, "%s/recoup/recoup.yaml", folder);
    if (home == NULL || home[0] != '/')
        return NULL;
    return arena_print(a, "%s/.config/recoup/recoup.yaml", home);
}

bool settings_load(struct arena *a, const char *config, struct settings *out, struct fault *why)
{
    const char *named = config != NULL ? config : getenv("RECOUP_CONFIG");
    bool done;

    *out = (struct settings){ 0 };
    take_environment(out);
    if (!take_database_file(a, out, why))
        return false;
    if (named != NULL && named[0] != '\0')
        done = take_file(a, named, out, why);
    else
        done = take_file_if_there(a, "./recoup.yaml", out, why) &&
               take_file_if_there(a, user_file(a), out, why) &&
               take_file_if_there(a, "/etc/recoup/recoup.yaml", out, why);
    if (done && out->db.value == NULL)
        out->db = (struct setting){ "recoup.db", "built in" };
    if (done && out->email_tls.value == NULL)
        out->email_tls = (struct setting){ "required", "built in" };
    return done;
}
