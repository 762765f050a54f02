/* Commands: the rows of the table, one file per group. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command command_import_invoices, command_import_payments,
    command_import_accounts, command_import_contacts, command_explain;
extern const struct command command_strategy_list, command_strategy_check,
    command_strategy_test, command_strategy_diff, command_strategy_publish, command_strategy_back,
    command_strategy_versions;
extern const struct command command_template_check;
extern const struct command command_user_list, command_user_add, command_user_show,
    command_user_change, command_user_role, command_user_disable, command_user_enable,
    command_user_reset, command_user_sessions, command_role_list, command_role_show,
    command_token_list, command_token_create, command_token_revoke, command_approval_list,
    command_approval_approve, command_approval_decline;
extern const struct command command_init, command_run, command_worker, command_help,
    command_completion;
extern const struct command command_account_list, command_account_show,
    command_account_timeline, command_account_note, command_queue_list, command_outbox_list, command_report, command_prove,
    command_export_ledger;
extern const struct command command_statement, command_statement_receipt, command_statement_show,
    command_statement_list;
extern const struct command command_pay_record, command_promise, command_dispute_open,
    command_dispute_close, command_hold_place, command_hold_lift, command_contact_log,
    command_contact_opt_out, command_contact_consent, command_contact_prefer, command_contact_point,
    command_contact_location, command_outbox_settle, command_outbox_again,
    command_promise_list, command_hold_list,
    command_fact_add, command_fact_end, command_fact_list, command_duty_list,
    command_dispute_list, command_contact_check;
extern const struct command command_pay_list, command_pay_reverse, command_pay_refund,
    command_pay_apply, command_charge_add, command_charge_waive, command_charge_credit,
    command_terms_list, command_terms_show, command_terms_check, command_terms_bind,
    command_charge_write_off, command_charge_off, command_charge_list, command_charge_undo;
extern const struct command command_complaint_open, command_complaint_answer,
    command_complaint_close, command_complaint_reopen, command_complaint_list;
extern const struct command command_dispute_evidence, command_dispute_answer,
    command_dispute_reopen, command_dispute_show, command_hardship_open, command_hardship_decide,
    command_hardship_list;
extern const struct command command_rules_list, command_rules_test, command_rules_mutate,
    command_rules_judge, command_rules_diff;
extern const struct command command_audit_log, command_audit_verify, command_audit_anchor,
    command_audit_export;

extern const struct command command_promise_cancel, command_plan_list, command_plan_propose,
    command_plan_create, command_plan_show, command_plan_change, command_plan_skip,
    command_plan_move, command_plan_pause, command_plan_resume, command_plan_cancel;
extern const struct command command_offer_list, command_offer_make, command_offer_counter,
    command_offer_accept, command_offer_decline, command_offer_withdraw, command_offer_approve,
    command_offer_show, command_offer_letter, command_plan_letter;
extern const struct command command_demo, command_serve;
extern const struct command command_webhook_list, command_webhook_add, command_webhook_remove,
    command_webhook_on, command_webhook_off, command_webhook_replay, command_webhook_send;
extern const struct command command_doctor, command_setting_list, command_setting_put;

#endif
