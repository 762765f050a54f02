/* doctor: whether this installation can do its work, and what to do where it cannot. */
#include "flow/doctor.h"

#include "cli/call.h"
#include "cli/commands.h"

enum { DOCTOR_SETTINGS };

static const struct option doctor_options[] = {
    [DOCTOR_SETTINGS] = { OPTION_FLAG, "settings", NULL,
                          "each setting, its value, and where it came from", "What is shown",
                          false, 0, NULL },
    { .kind = OPTION_END },
};

static void list_settings(struct call *call)
{
    static const struct table_column columns[] = { { "setting", "Setting", CELL_TEXT },
                                                   { "value", "Value", CELL_TEXT },
                                                   { "source", "From", CELL_TEXT } };
    struct sheet sheet = { .heading = "Settings, and where each came from" };
    struct table *t = sheet_table(&sheet, "settings", "", COUNT(columns), columns);
    struct setting setting;
    const char *key;

    for (size_t i = 0; settings_list(&call->settings, i, &key, &setting); i++) {
        char *value = setting.value == NULL ? NULL : arena_copy(call->arena, setting.value);
        if (value != NULL)
            hide_password(value);
        table_text(t, key);
        table_text(t, value);
        table_text(t, setting.source);
    }
    call_print_sheet(call, &sheet);
    sheet_free(&sheet);
}

static void findings_print(struct call *call, const struct doctor_findings *f)
{
    static const struct table_column columns[] = { { NULL, " ", CELL_TEXT },
                                                   { "state", NULL, CELL_TEXT },
                                                   { "what", "What", CELL_TEXT },
                                                   { "found", "Found", CELL_TEXT },
                                                   { "mend", "What to do", CELL_TEXT } };
    static const enum sign signs[] = { [DOCTOR_OK] = SIGN_DONE, [DOCTOR_WARNING] = SIGN_LOOK,
                                       [DOCTOR_PROBLEM] = SIGN_WRONG };
    struct sheet sheet = { 0 };
    struct table *t = sheet_table(&sheet, "findings", "", COUNT(columns), columns);

    for (size_t i = 0; i < f->count; i++) {
        table_text(t, sign_of(call, signs[f->all[i].state]));
        table_text(t, doctor_state_name(f->all[i].state));
        table_text(t, f->all[i].what);
        table_text(t, f->all[i].words);
        table_text(t, f->all[i].mend);
    }
    call_print_sheet(call, &sheet);
    sheet_free(&sheet);
}

static bool run_doctor(struct call *call, struct fault *why)
{
    struct doctor_findings f;
    struct instant now;

    if (call->given[DOCTOR_SETTINGS].is) {
        list_settings(call);
        return true;
    }
    if (!call_now(call, &now, why))
        return false;
    doctor_examine(&f, call->arena, &call->settings, show_book(call), now);
    findings_print(call, &f);
    call_tell(call, "%s, %s\n", show_many(call->arena, f.problems, "problem", "problems"),
              show_many(call->arena, f.warnings, "warning", "warnings"));
    if (f.problems > 0)
        call->exit = EXIT_FINDINGS;
    return true;
}

const struct command command_doctor = {
    .name = "doctor",
    .section = "Keeping it well",
    .summary = "Check the installation: book, rules, clock, channels.",
    .examples = { "recoup doctor", "recoup doctor --settings" },
    .options = doctor_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .notes = "Exit code 8 when there is a problem. It changes nothing and connects to nobody.",
    .run = run_doctor,
};
