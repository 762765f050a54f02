#include "cli/people.h"

#include "base/text.h"
#include "cli/arguments.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { USERS_NEAR = 200 };

static bool is_dry(const struct people *w)
{
    return w->call->global[GLOBAL_DRY_RUN].is;
}

static bool to_file(const struct call *call)
{
    const struct given *output = &call->global[GLOBAL_OUTPUT];

    return output->is && !text_equal(output->text, "-");
}

bool people_begin(struct people *w, struct call *call, const char *by, struct fault *why)
{
    struct instant now;

    *w = (struct people){ .call = call };
    if (!call_now(call, &now, why) || !book_open(&w->book, call->settings.db.value, now, why))
        return false;
    w->out = call->out;
    call->out = open_memstream(&w->said, &w->length);
    must(call->out != NULL);
    w->roles = roles_load(call->arena, why);
    w->open = w->roles != NULL && book_begin(&w->book, why);
    if (w->open && (by == NULL || people_find(w, by, &w->by, why))) {
        w->book.by = w->by.email;
        return true;
    }
    people_end(w, false, NULL);
    return false;
}

/* For nobody's eyes but those of whoever asked for it. A device has readers of its own. */
static void keep_private(FILE *out)
{
    struct stat seen;

    if (fstat(fileno(out), &seen) == 0 && S_ISREG(seen.st_mode))
        (void)!fchmod(fileno(out), S_IRUSR | S_IWUSR);
}

static void answer(struct people *w)
{
    bool file = w->secret != NULL && to_file(w->call);

    if (file)
        keep_private(w->out);
    if (file && w->call->format == FORMAT_PEOPLE) {
        fprintf(w->out, "%s\n", w->secret);
        call_tell(w->call, "%.*s", (int)w->length, w->said);
    } else {
        fwrite(w->said, 1, w->length, w->out);
    }
}

bool people_end(struct people *w, bool done, struct fault *why)
{
    if (w->open && done && !is_dry(w))
        done = book_commit(&w->book, why);
    else if (w->open)
        book_undo(&w->book);
    book_close(&w->book);
    fclose(w->call->out);
    w->call->out = w->out;
    if (done)
        answer(w);
    free(w->said);
    return done;
}

const char *people_verb(const struct people *w, const char *done, const char *would)
{
    return is_dry(w) ? would : done;
}

bool people_pick(struct arena *a, const struct user *users, size_t count, const char *email,
                 struct user *out, struct fault *why)
{
    const char *names[USERS_NEAR], *folded = text_fold(a, email);
    size_t near_count = 0;

    for (size_t i = 0; i < count; i++) {
        *out = users[i];
        if (text_equal(users[i].email, folded))
            return true;
        if (near_count < USERS_NEAR)
            names[near_count++] = users[i].email;
    }
    const char *near = nearest_name(folded, near_count, names);
    fail(why, NOT_FOUND, "Nobody here has the address \"%s\".", email);
    if (near != NULL)
        return fault_hint(why, "Did you mean:  %s", near);
    return fault_hint(why, "recoup user list");
}

bool people_find(struct people *w, const char *email, struct user *out, struct fault *why)
{
    struct user *all;
    size_t count;

    return user_list(w->book.store, w->call->arena, &all, &count, why) &&
           people_pick(w->call->arena, all, count, email, out, why);
}

/* ---- What is handed over once ---- */

void people_hand_over(struct people *w, struct receipt *r, const char *key, const char *what,
                      const char *secret)
{
    if (is_dry(w))
        return;
    w->secret = secret;
    receipt_field(r, key, secret);
    if (to_file(w->call)) {
        receipt_line(r, "  %s: written to %s.", what, w->call->global[GLOBAL_OUTPUT].text);
        return;
    }
    receipt_line(r, "  %s:", what);
    receipt_line(r, "  %s", secret);
}

static bool link_address(struct people *w, const char *token, const char **out,
                         struct fault *why)
{
    struct arena *a = w->call->arena;
    const char *base;

    if (!book_setting(w->book.store, a, "console_url", &base, why))
        return false;
    if (base == NULL)
        base = "http://127.0.0.1:8080";
    size_t length = strlen(base);
    while (length > 0 && base[length - 1] == '/')
        length--;
    *out = arena_print(a, "%.*s/sign-in/link/%s", (int)length, base, token);
    return true;
}

bool people_link(struct people *w, struct receipt *r, int64_t user, struct fault *why)
{
    char token[DIGEST_HEX];
    const char *address;

    if (!link_make(&w->book, user, token, why) || !link_address(w, token, &address, why))
        return false;
    people_hand_over(w, r, "link", "A link that signs in once, within a day", address);
    return true;
}

void people_waits(struct people *w, struct receipt *r, int64_t approval)
{
    receipt_line(r, "Asked: another person who may administer users must agree.%s",
                 is_dry(w) ? " (Nothing was asked: --dry-run.)" : "");
    receipt_count(r, "approval", approval);
    receipt_next(r, arena_print(w->call->arena, "recoup approval approve %lld --by EMAIL",
                                (long long)approval));
}

void people_tell_nobody(struct call *call)
{
    struct fault ignored;
    struct store *s = store_open(call->settings.db.value, STORE_READ, &ignored);
    bool any = true;

    if (s == NULL)
        return;
    if (user_any(s, &any, &ignored) && !any)
        call_tell(call, "Nobody can sign in yet. Make the first administrator:\n"
                        "  recoup user add EMAIL --role administrator --name \"FULL NAME\"\n");
    store_close(s);
}
