/* audit export: evidence packs. */
#include "base/text.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "cli/period.h"
#include "flow/evidence_pack.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { EXPORT_PERIOD, EXPORT_DECISION, EXPORT_CLIENT, EXPORT_CASE, EXPORT_REDACT };

static const struct option export_options[] = {
    [EXPORT_PERIOD] = { OPTION_TEXT, "period", "RANGE",
                        "every decision of this time: 2026-11-20, 30d, 2026-10", "What of",
                        false, 0, NULL },
    [EXPORT_DECISION] = { OPTION_TEXT, "decision", "WORD",
                          "with --period: only allowed, moved, blocked or held", NULL, false, 0,
                          NULL },
    [EXPORT_CLIENT] = { OPTION_TEXT, "client", "NAME", "with --period: only of this client",
                        NULL, false, 0, NULL },
    [EXPORT_CASE] = { OPTION_TEXT, "case", "FILE",
                      "the records that this file names, D-17.42 to a line", NULL, false, 0,
                      NULL },
    [EXPORT_REDACT] = { OPTION_FLAG, "redact", NULL,
                        "names, addresses and free text as tokens; no messages", "How", false,
                        0, NULL },
    { .kind = OPTION_END },
};

enum { CASE_BYTES_MOST = 1 << 20 };

static bool numbers_read(struct call *call, const char *path, struct pack_request *r,
                         struct fault *why)
{
    struct log_place *all = arena_array(call->arena, struct log_place, PACK_NUMBERS_MOST);
    char *text, *rest;
    size_t length;

    if (!text_read_file(path, CASE_BYTES_MOST, call->arena, &text, &length, why))
        return false;
    for (char *line = strtok_r(text, "\r\n", &rest); line != NULL;
         line = strtok_r(NULL, "\r\n", &rest)) {
        const char *name = text_trim(call->arena, line);
        if (name[0] == '\0' || name[0] == '#')
            continue;
        if (r->number_count == PACK_NUMBERS_MOST)
            return fail(why, BAD_FILE, "%s names more than %d records.", path,
                        PACK_NUMBERS_MOST);
        struct log_place *place = &all[r->number_count++];
        if (!log_number_parse(name, &place->bucket, &place->seq))
            return fail(why, BAD_FILE, "%s: \"%s\" names no record; they look like D-17.42.",
                        path, name);
    }
    r->numbers = all;
    return r->number_count > 0 || fail(why, BAD_FILE, "%s names no record.", path);
}

static bool period_read(struct call *call, const struct zone *zone, struct log_request *log,
                        struct fault *why)
{
    *log = (struct log_request){ .view = LOG_DECISIONS,
                                 .outcome = call_text(call, EXPORT_DECISION),
                                 .client = call_text(call, EXPORT_CLIENT) };
    return period_moments(call, call_text(call, EXPORT_PERIOD), zone, &log->from, &log->to,
                          why);
}

static bool request_read(struct call *call, const struct zone *zone, struct pack_request *r,
                         struct log_request *log, struct fault *why)
{
    const char *period = call_text(call, EXPORT_PERIOD), *file = call_text(call, EXPORT_CASE);
    int ways = (call->target_count > 0) + (period != NULL) + (file != NULL);

    *r = (struct pack_request){ .redact = call->given[EXPORT_REDACT].is };
    if (ways != 1)
        return fail(why, BAD_USAGE, "Say what of: an account, --period, or --case.");
    if (call->target_count > 0)
        r->account = call->targets[0];
    if (period != NULL) {
        r->period = log;
        return period_read(call, zone, log, why);
    }
    return file == NULL || numbers_read(call, file, r, why);
}

static bool pack_out(void *self, const void *bytes, size_t length)
{
    return fwrite(bytes, 1, length, self) == length;
}

/* That it was made is a record, too. */
static bool note_keep(struct call *call, const struct pack_request *r,
                      const struct pack_made *made, struct instant now, struct fault *why)
{
    struct book b;
    bool done = false;

    if (!book_open(&b, call->settings.db.value, now, why))
        return false;
    if (book_begin(&b, why))
        done = (evidence_pack_note(&b, r, made, false, why) || book_undo(&b)) &&
               book_commit(&b, why);
    book_close(&b);
    return done;
}

static bool pack_make(struct call *call, struct view *v, const struct pack_request *r,
                      struct instant now, struct fault *why)
{
    struct pack_sink sink = { pack_out, call->out };
    struct pack_made made;

    if (!view_begin(v, now, why))
        return false;
    bool done = evidence_pack_write(v, r, sink, &made, why);
    if (done) /* texts of `made` live in the view */
        call_tell(call,
                  "Evidence pack of %s: %s, %s, %s bytes.\n"
                  "Its name is %s.\nCheck it: python3 -I check.py PACK.zip\n",
                  made.subject, show_many(call->arena, made.records, "record", "records"),
                  show_many(call->arena, made.files, "file", "files"),
                  show_count(call->arena, made.bytes), made.digest);
    view_end(v);
    return done && note_keep(call, r, &made, now, why);
}

static bool run_audit_export(struct call *call, struct fault *why)
{
    struct loaded_policy *policy = NULL;
    const struct zone *zone;
    struct view *v = NULL;
    struct pack_request r;
    struct log_request log;
    struct instant now;
    bool done = false;

    if (call->terminal)
        return fail(why, BAD_USAGE, "A pack is an archive: say where to with -o PACK.zip.");
    if (!call_zone(call, &zone, why) || !call_now(call, &now, why) ||
        !request_read(call, zone, &r, &log, why))
        return false;
    policy = policy_load(zone, now, why);
    if (policy != NULL)
        v = view_open(call->settings.db.value, policy_of(policy), zone, why);
    if (v != NULL)
        done = pack_make(call, v, &r, now, why);
    view_close(v);
    policy_free(policy);
    return done;
}

const struct command command_audit_export = {
    .name = "audit export",
    .section = "Trust",
    .summary = "Make an evidence pack that others can check without this program.",
    .examples = { "recoup audit export FH-20418 -o pack.zip",
                  "recoup audit export --period 2026-11 --decision blocked --redact -o "
                  "pack.zip" },
    .target = "ACCOUNT",
    .targets_most = 1,
    .options = export_options,
    .traits = ACTS,
    .notes =
        "Of an account: records, facts, rules, money, letters as sent, papers. Of a period or\n"
        "a list of records: the records, their rules and messages. A checker is inside.\n"
        "That a pack was made is written into the journal.",
    .run = run_audit_export,
};
