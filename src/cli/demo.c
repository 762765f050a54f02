/* demo: a book of invented people, decided, delivered into a folder, and shown. */
#include "flow/demo.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/serving.h"
#include "cli/working.h"
#include "flow/cycle.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DEMO_ACCOUNTS,
    DEMO_SEED,
    DEMO_KIND,
    DEMO_HISTORY,
    DEMO_PORT,
    DEMO_NO_SERVE,
    DEMO_REMOVE
};

static const struct option demo_options[] = {
    [DEMO_ACCOUNTS] = { OPTION_INT, "accounts", "N", "how many (5000)", "Which people", false,
                        0, NULL },
    [DEMO_SEED] = { OPTION_INT, "seed", "N", "the same seed gives the same people (42)", NULL,
                    false, 0, NULL },
    [DEMO_KIND] = { OPTION_TEXT, "kind", "NAME", "mixed, business or consumer (mixed)", NULL,
                    false, 0, NULL },
    [DEMO_HISTORY] = { OPTION_INT, "history", "MONTHS", "how far back (24)", NULL, false, 0,
                       NULL },
    [DEMO_PORT] = { OPTION_INT, "port", "N", "where the pages are (8080)", "What then", false,
                    0, NULL },
    [DEMO_NO_SERVE] = { OPTION_FLAG, "no-serve", NULL, "make it and stop", NULL, false, 0,
                        NULL },
    [DEMO_REMOVE] = { OPTION_FLAG, "remove", NULL, "take it all away again", NULL, false, 0,
                      NULL },
    { .kind = OPTION_END },
};

static const char folder[] = "demo-data";

/* ---- Making room --------------------------------------------------------------------------
 */

static bool is_demo_book(struct call *call, const char *url, bool *there, struct fault *why)
{
    const char *demo = NULL;
    struct store *s = store_open(url, STORE_READ_META, why);

    *there = s != NULL;
    if (s == NULL)
        return why->code == NOT_FOUND;
    bool done = book_setting(s, call->arena, "demo", &demo, why);
    store_close(s);
    if (!done || text_equal(demo, "1"))
        return done;
    fail(why, CONFLICT, "\"%s\" is a real book, and no demo; it was left alone.", url);
    return fault_hint(why, "recoup demo in another folder, or with another --db");
}

static void remove_messages(struct arena *a, const char *outbox)
{
    DIR *dir = opendir(outbox);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (text_ends(entry->d_name, ".eml") || text_ends(entry->d_name, ".pdf"))
            unlink(arena_print(a, "%s/%s", outbox, entry->d_name));
    }
    if (dir != NULL)
        closedir(dir);
    rmdir(outbox);
}

/* Only what a demo makes, by name: a folder that holds anything else stays. */
static bool remove_demo(struct call *call, const char *url, const char *outbox, bool *there,
                        struct fault *why)
{
    static const char *const parts[] = { "", "-wal", "-shm", "-worker" };

    if (!is_demo_book(call, url, there, why))
        return false;
    if (*there && strstr(url, "://") != NULL) {
        fail(why, CONFLICT, "There is a demo in \"%s\" already.", url);
        return fault_hint(why, "drop that database, and make an empty one");
    }
    remove_messages(call->arena, outbox);
    for (size_t i = 0; i < COUNT(parts) && *there; i++) {
        const char *path = arena_print(call->arena, "%s%s", url, parts[i]);
        if (unlink(path) != 0 && errno != ENOENT)
            return fail(why, SYSTEM, "Cannot remove \"%s\": %s.", path, strerror(errno));
    }
    return true;
}

/* ---- Making it ------------------------------------------------------------------------------
 */

static double seconds_since(struct timespec *began)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    double seconds =
        (double)(now.tv_sec - began->tv_sec) + (double)(now.tv_nsec - began->tv_nsec) / 1e9;
    *began = now;
    return seconds;
}

static void tell_done(const struct call *call, const char *words, struct timespec *began)
{
    double seconds = seconds_since(began);

    if (!call->quiet)
        fprintf(call->out, "  %s %-58s %6.1f s\n", sign_of(call, SIGN_DONE), words, seconds);
    fflush(call->out);
}

static bool fill(struct call *call, const char *url, struct instant now, struct fault *why)
{
    struct progress progress = progress_begin(call, "Inventing", "accounts");
    struct demo_request request = { .casefiles = call_int(call, DEMO_ACCOUNTS, 0),
                                    .seed = (uint64_t)call_int(call, DEMO_SEED, 0),
                                    .months = (int)call_int(call, DEMO_HISTORY, 0),
                                    .progress = progress_tell,
                                    .self = &progress };
    struct book book;

    if (call->given[DEMO_KIND].is &&
        !demo_kind_parse(call_text(call, DEMO_KIND), &request.kind)) {
        fail(why, BAD_USAGE, "There is no kind of demo \"%s\".", call_text(call, DEMO_KIND));
        return fault_hint(why, "mixed, business or consumer");
    }
    if (!demo_create(url, why) || !book_open(&book, url, now, why))
        return false;
    bool done = demo_fill(&book, request, why);
    progress_end(&progress);
    book_close(&book);
    return done;
}

static bool decide(struct call *call, const char *url, struct instant now,
                   struct cycle_result *result, struct fault *why)
{
    struct progress progress = progress_begin(call, "Deciding", "buckets");
    struct cycle_request request = {
        .url = url, .now = now, .progress = progress_tell, .context = &progress
    };
    bool done = cycle_run(&request, result, why);

    progress_end(&progress);
    return done;
}

static bool deliver(struct call *call, const char *outbox, struct instant now,
                    struct deliver_result *result, struct fault *why)
{
    struct deliver_request request = { .url = call->settings.db.value,
                                       .channels = { .folder = outbox },
                                       .now = now,
                                       .clock_stands = true,
                                       .until_idle = true,
                                       .stop = call_stop_flag() };

    return deliver_run(&request, result, why);
}

static bool make(struct call *call, const char *outbox, struct fault *why)
{
    struct cycle_result cycle = { 0 };
    struct deliver_result sent = { 0 };
    struct arena *a = call->arena;
    const char *url = call->settings.db.value;
    struct instant now;
    struct timespec began;
    int64_t accounts = call_int(call, DEMO_ACCOUNTS, 5000);

    clock_gettime(CLOCK_MONOTONIC, &began);
    if (!call_now(call, &now, why) || !fill(call, url, now, why))
        return false;
    tell_done(
        call,
        arena_print(a, "%s and their history", show_many(a, accounts, "account", "accounts")),
        &began);
    if (!decide(call, url, now, &cycle, why))
        return false;
    tell_done(call,
              arena_print(a, "first daily cycle: %s queued, %s stopped",
                          show_many(a, cycle.allowed, "message", "messages"),
                          show_count(a, cycle.denied)),
              &began);
    if (!deliver(call, outbox, now, &sent, why))
        return false;
    tell_done(call,
              arena_print(a, "%s \"sent\" into the folder %s",
                          show_many(a, sent.sent, "message", "messages"), outbox),
              &began);
    return true;
}

/* ---- The command
 * ------------------------------------------------------------------------------ */

static void tell_ready(void *self, const char *address)
{
    const struct call *call = self;

    fprintf(call->out,
            "\n  Pages   %s\n  Sign in  priya (collector), rosa (manager), helen (compliance) or ada "
            "(administrator)\n           @fairhaven.example, password %s\n\n"
            "Press Ctrl-C to stop. Remove it all: recoup demo --remove\n",
            address, demo_password);
    fflush(call->out);
}

static bool show(struct call *call, struct fault *why)
{
    const char *listen =
        arena_print(call->arena, "127.0.0.1:%lld", (long long)call_int(call, DEMO_PORT, 8080));

    if (call->given[DEMO_NO_SERVE].is) {
        fprintf(call->out, "\nNext:  recoup serve --db %s\n", show_book(call));
        return true;
    }
    return serve_until_stopped(call,
                               (struct serving){ .listen = listen,
                                                 .log = "off",
                                                 .drain_seconds = 5,
                                                 .ready = tell_ready,
                                                 .self = call },
                               why);
}

static bool take_away(struct call *call, const char *outbox, struct fault *why)
{
    const char *url = call->settings.db.value;
    bool there;

    if (!remove_demo(call, url, outbox, &there, why))
        return false;
    rmdir(folder);
    fprintf(call->out, there ? "Removed the demo in %s.\n" : "There is no demo in %s.\n",
            show_book(call));
    return true;
}

static bool run_demo(struct call *call, struct fault *why)
{
    struct arena *a = call->arena;
    bool own_folder = !call->global[GLOBAL_DB].is, there;

    /* Never the usual book: a demo has its own, unless --db names one. */
    if (own_folder)
        call->settings.db = (struct setting){ arena_print(a, "%s/recoup.db", folder), "demo" };
    const char *outbox = own_folder ? arena_print(a, "%s/outbox", folder)
                                    : arena_print(a, "%s-outbox", call->settings.db.value);
    if (call->given[DEMO_REMOVE].is)
        return take_away(call, outbox, why);
    if (call_int(call, DEMO_PORT, 8080) > 65535)
        return fail(why, BAD_USAGE, "--port takes a number up to 65535.");
    if (own_folder && mkdir(folder, 0750) != 0 && errno != EEXIST)
        return fail(why, SYSTEM, "Cannot make the folder \"%s\": %s.", folder, strerror(errno));
    if (!remove_demo(call, call->settings.db.value, outbox, &there, why))
        return false;
    if (!call->quiet)
        fprintf(call->out,
                "Building an invented portfolio. No real people; nothing leaves this "
                "machine.\n");
    return make(call, outbox, why) && show(call, why);
}

const struct command command_demo = {
    .name = "demo",
    .section = "Getting going",
    .summary = "Make a book of invented people to look at; nothing is sent.",
    .examples = { "recoup demo", "recoup demo --accounts 200 --seed 7 --no-serve" },
    .options = demo_options,
    .traits = ACTS,
    .notes = "It lives in ./demo-data, or in --db. Safe to say again: it is made anew.\n"
             "Undo: recoup demo --remove",
    .run = run_demo,
};
