#include "web/browser.h"

#include <string.h>

struct hint {
    const char *part, *name;
};

/* The first that stands in it: each of them also claims to be those after it. */
static const char *hint_in(const char *agent, const struct hint hints[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strstr(agent, hints[i].part) != NULL)
            return hints[i].name;
    }
    return NULL;
}

const char *words_browser(struct arena *a, const char *agent)
{
    static const struct hint browsers[] = {
        { "Edg", "Edge" },       { "OPR/", "Opera" },   { "SamsungBrowser", "Samsung Internet" },
        { "Firefox", "Firefox" }, { "Chrome", "Chrome" }, { "Safari", "Safari" },
        { "curl/", "curl" },
    };
    static const struct hint systems[] = {
        { "iPhone", "iPhone" },    { "iPad", "iPad" },     { "Android", "Android" },
        { "Windows", "Windows" },  { "Mac OS X", "Mac" },  { "CrOS", "ChromeOS" },
        { "Linux", "Linux" },
    };
    const char *browser = agent == NULL ? NULL : hint_in(agent, browsers, COUNT(browsers));
    const char *system = agent == NULL ? NULL : hint_in(agent, systems, COUNT(systems));

    if (system == NULL)
        return browser != NULL ? browser : "A browser";
    return arena_print(a, "%s on %s", browser != NULL ? browser : "A browser", system);
}
