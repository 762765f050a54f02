#include "cli/commands.h"

#include "base/text.h"

#include <string.h>

const struct command *const commands[] = {
    &command_init,
    &command_demo,
    &command_import_invoices,
    &command_import_payments,
    &command_import_accounts,
    &command_import_contacts,
    &command_run,
    &command_worker,
    &command_serve,
    &command_account_list,
    &command_account_show,
    &command_account_timeline,
    &command_explain,
    &command_statement,
    &command_statement_receipt,
    &command_statement_show,
    &command_statement_list,
    &command_queue_list,
    &command_outbox_list,
    &command_report,
    &command_prove,
    &command_export_ledger,
    &command_pay_record,
    &command_pay_list,
    &command_pay_reverse,
    &command_pay_refund,
    &command_pay_apply,
    &command_terms_bind,
    &command_charge_add,
    &command_charge_waive,
    &command_charge_credit,
    &command_charge_write_off,
    &command_charge_off,
    &command_charge_list,
    &command_charge_undo,
    &command_promise,
    &command_promise_list,
    &command_promise_cancel,
    &command_plan_list,
    &command_plan_propose,
    &command_plan_create,
    &command_plan_show,
    &command_plan_letter,
    &command_plan_change,
    &command_plan_skip,
    &command_plan_move,
    &command_plan_pause,
    &command_plan_resume,
    &command_plan_cancel,
    &command_offer_list,
    &command_offer_make,
    &command_offer_counter,
    &command_offer_accept,
    &command_offer_decline,
    &command_offer_withdraw,
    &command_offer_approve,
    &command_offer_show,
    &command_offer_letter,
    &command_dispute_open,
    &command_dispute_evidence,
    &command_dispute_answer,
    &command_dispute_close,
    &command_dispute_reopen,
    &command_dispute_show,
    &command_dispute_list,
    &command_complaint_open,
    &command_complaint_answer,
    &command_complaint_close,
    &command_complaint_reopen,
    &command_complaint_list,
    &command_hold_place,
    &command_hold_lift,
    &command_hold_list,
    &command_hardship_open,
    &command_hardship_decide,
    &command_hardship_list,
    &command_fact_add,
    &command_fact_end,
    &command_fact_list,
    &command_duty_list,
    &command_contact_check,
    &command_account_note,
    &command_contact_log,
    &command_contact_opt_out,
    &command_contact_consent,
    &command_contact_prefer,
    &command_contact_point,
    &command_contact_location,
    &command_outbox_settle,
    &command_outbox_again,
    &command_strategy_list,
    &command_strategy_check,
    &command_strategy_test,
    &command_strategy_diff,
    &command_strategy_publish,
    &command_strategy_back,
    &command_strategy_versions,
    &command_template_check,
    &command_terms_list,
    &command_terms_show,
    &command_terms_check,
    &command_rules_list,
    &command_rules_test,
    &command_rules_mutate,
    &command_rules_judge,
    &command_rules_diff,
    &command_audit_log,
    &command_audit_verify,
    &command_audit_anchor,
    &command_audit_export,
    &command_user_list,
    &command_user_add,
    &command_user_show,
    &command_user_change,
    &command_user_role,
    &command_user_disable,
    &command_user_enable,
    &command_user_reset,
    &command_user_sessions,
    &command_role_list,
    &command_role_show,
    &command_token_list,
    &command_token_create,
    &command_token_revoke,
    &command_webhook_list,
    &command_webhook_add,
    &command_webhook_remove,
    &command_webhook_on,
    &command_webhook_off,
    &command_webhook_replay,
    &command_webhook_send,
    &command_approval_list,
    &command_approval_approve,
    &command_approval_decline,
    &command_doctor,
    &command_setting_list,
    &command_setting_put,
    &command_help,
    &command_completion,
    NULL,
};

const struct option global_options[] = {
    [GLOBAL_HELP] = { OPTION_FLAG, "help", NULL, "examples first, then flags", "Asking", false,
                      'h', NULL },
    [GLOBAL_VERSION] = { OPTION_FLAG, "version", NULL, "version and schema", NULL, false, 0,
                         NULL },
    [GLOBAL_DB] = { OPTION_TEXT, "db", "URL", "the book: a file, or postgres://… (recoup.db)",
                    "Which book, which moment", false, 0, NULL },
    [GLOBAL_CONFIG] = { OPTION_TEXT, "config", "FILE", "settings (./recoup.yaml)", NULL, false,
                        0, NULL },
    [GLOBAL_NOW] = { OPTION_INSTANT, "now", "TIME",
                     "act as if it were this moment; also --as-of", NULL, false, 0, "as-of" },
    [GLOBAL_TZ] = { OPTION_TEXT, "tz", "ZONE", "time zone of dates you type and read", NULL,
                    false, 0, NULL },
    [GLOBAL_FILES] = { OPTION_TEXT, "files", "DIR",
                       "rules, strategies and letters of your own, before the built-in ones",
                       NULL, false, 0, NULL },
    [GLOBAL_JSON] = { OPTION_FLAG, "json", NULL, "one JSON document", "How it answers", false,
                      0, NULL },
    [GLOBAL_CSV] = { OPTION_FLAG, "csv", NULL, "comma-separated (RFC 4180)", NULL, false, 0,
                     NULL },
    [GLOBAL_PLAIN] = { OPTION_FLAG, "plain", NULL, "tab-separated, one record per line", NULL,
                       false, 0, NULL },
    [GLOBAL_NO_HEADER] = { OPTION_FLAG, "no-header", NULL,
                           "no header row with --csv and --plain", NULL, false, 0, NULL },
    [GLOBAL_OUTPUT] = { OPTION_TEXT, "output", "FILE",
                        "write the answer to a file; - is standard output", NULL, false, 'o',
                        NULL },
    [GLOBAL_LIMIT] = { OPTION_INT, "limit", "N", "most rows (50 on a terminal, all when piped)",
                       NULL, false, 0, NULL },
    [GLOBAL_DRY_RUN] = { OPTION_FLAG, "dry-run", NULL, "show what would happen, change nothing",
                         "How it acts", false, 'n', NULL },
    [GLOBAL_YES] = { OPTION_FLAG, "yes", NULL, "answer yes to ordinary questions", NULL, false,
                     'y', NULL },
    [GLOBAL_NO_INPUT] = { OPTION_FLAG, "no-input", NULL, "never ask; fail and name the flag",
                          NULL, false, 0, NULL },
    [GLOBAL_CONFIRM] = { OPTION_TEXT, "confirm", "NAME", "what must otherwise be typed", NULL,
                         false, 0, NULL },
    [GLOBAL_KEY] = { OPTION_TEXT, "key", "TEXT", "the same key twice is done once", NULL, false,
                     0, NULL },
    [GLOBAL_QUIET] = { OPTION_FLAG, "quiet", NULL, "only errors", "How much it says", false,
                       'q', NULL },
    [GLOBAL_DEBUG] = { OPTION_FLAG, "debug", NULL,
                       "also where an error arose, and how long it took", NULL, false, 'd',
                       NULL },
    [GLOBAL_NO_COLOR] = { OPTION_FLAG, "no-color", NULL, "also NO_COLOR, TERM=dumb", NULL,
                          false, 0, NULL },
    [GLOBAL_ASCII] = { OPTION_FLAG, "ascii", NULL, "no signs beyond ASCII", NULL, false, 0,
                       NULL },
    [GLOBAL_COUNT] = { .kind = OPTION_END },
};

size_t option_count(const struct option *options)
{
    size_t count = 0;

    while (options != NULL && options[count].kind != OPTION_END)
        count++;
    must(count <= OPTIONS_MOST);
    return count;
}

static bool is_of_noun(const struct command *c, const char *noun)
{
    size_t length = strlen(noun);

    return strncmp(c->name, noun, length) == 0 &&
           (c->name[length] == '\0' || c->name[length] == ' ');
}

const struct command *command_find(const char *noun, const char *verb)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        const char *rest = commands[i]->name + strlen(noun);
        if (!is_of_noun(commands[i], noun))
            continue;
        if (verb == NULL ? *rest == '\0' : *rest == ' ' && text_equal(rest + 1, verb))
            return commands[i];
    }
    return NULL;
}

const struct command *command_default(const char *noun)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (is_of_noun(commands[i], noun) && (commands[i]->traits & IS_DEFAULT) != 0)
            return commands[i];
    }
    return command_find(noun, NULL);
}

bool command_has_noun(const char *noun)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (is_of_noun(commands[i], noun))
            return true;
    }
    return false;
}

const char *command_verbs(struct arena *a, const char *noun)
{
    const char *verbs = "";

    for (size_t i = 0; commands[i] != NULL; i++) {
        const char *verb = commands[i]->name + strlen(noun);
        if (is_of_noun(commands[i], noun) && *verb == ' ')
            verbs = arena_print(a, "%s%s%s", verbs, *verbs == '\0' ? "" : ", ", verb + 1);
    }
    return verbs;
}
