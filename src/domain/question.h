/*
 * Question: what several shapes of rules ask of the facts and the history. Private to the gate.
 */
#ifndef DOMAIN_QUESTION_H
#define DOMAIN_QUESTION_H

#include "domain/rule.h"

enum { TELEPHONE = 1u << CHANNEL_CALL | 1u << CHANNEL_VOICEMAIL };

bool names_have(struct names names, const char *name);
bool field_holds(struct gate_fields fields, const char *name); /* neither empty nor "false" */
/* The date of a field that holds a date or a moment. */
bool field_day(struct gate_fields fields, const char *name, struct day *out);
/* A decimal like "1250.5", in hundredths. */
bool field_hundredths(struct gate_fields fields, const char *name, int64_t *out);

const char *question_purpose(const struct gate_question *q); /* never NULL */
uint32_t channel_medium(enum channel channel); /* bits: call and voicemail are one medium */

bool fact_is_in_force(const struct gate_fact *fact, struct instant at);
/* About this person, and about at least one of the debts. */
bool fact_concerns(const struct gate_fact *fact, const struct gate_question *q);
/* About one of the debts, or the person: what was said of a debt holds for all who owe it. */
bool fact_concerns_debts(const struct gate_fact *fact, const struct gate_question *q);

/* The next beginning or end of a fact after the question's moment. */
struct instant question_fact_turn(const struct gate_question *q);

/* Written, as far as anybody knows; what came by email counts when we take email from them. */
bool fact_is_written(const struct gate_fact *fact);

/* The fact is about a part of the debt, and the message leaves that part out. */
bool question_leaves_out(const struct gate_question *q, const struct gate_fact *fact);

/* The dates that the person's walls may show at `at`. */
struct days {
    struct day first, last;
};
struct days question_days(const struct gate_question *q, struct instant at);

/* The first contact with the person that told them of these debts; a limited-content message
 * tells nothing. `initial`: only one that was meant as the initial communication. NULL: none.
 */
const struct contact *question_communicated(const struct gate_question *q, bool initial);
/* The notice of the debt (FACT_VALIDATION); NULL while none was given. */
const struct gate_fact *question_validation(const struct gate_question *q, int32_t debt);
/* The last day of its validation period: the day it prints, or the lawful one when later. */
struct day validation_last_day(const struct gate_question *q, const struct gate_fact *notice);
/* The same question, answered without the calendar where the answer is plain. */
bool validation_is_over(const struct gate_question *q, const struct gate_fact *notice,
                        struct day day);
/* TRUTH_UNKNOWN never: a contact that may be a demand is one unless its content denies it. */
bool question_requests_payment(const struct gate_question *q);
bool question_carries_validation(const struct gate_question *q);

/* The last thing the person said to us on these channels after `after` that nobody has
 * answered by one of them; NULL when there is none. */
const struct contact *question_unanswered(const struct gate_question *q, uint32_t channels,
                                          struct instant after);
/* True when the contact answers the person, by a purpose that the rule accepts as an answer. */
bool question_answers(const struct rule *rule, const struct gate_question *q);
/* The same, without asking for money: an answer that does is a demand. */
bool question_answers_plainly(const struct rule *rule, const struct gate_question *q);

/* Every wall's date `days` after that of `at`: when the last zone's day begins. Without any
 * zone: so many times 24 hours and one more, which is later than any of them. */
struct instant day_later_everywhere(const struct gate_question *q, struct instant at, int days);
/* The same for the first zone: when what lasts so many days may be over. */
struct instant day_later_somewhere(const struct gate_question *q, struct instant at, int days);
/* When the first of the `days` local days that end today began in the first zone to begin it.
 */
struct instant days_began(const struct gate_question *q, int days);

/* Consent given directly to whoever asks, in force at `at`, for every debt, by this channel. */
bool consent_is_direct(const struct gate_fact *fact, const struct gate_question *q,
                       struct instant at);
/* A consent that names channels covers those; one that names none covers all. */
bool consent_names_channel(const struct gate_fact *fact, enum channel channel);
/* What the person agreed to is some hours of the day, or a call at a certain moment. */
bool consent_is_for_hours(const struct gate_fact *fact);
bool consent_covers_appointment(const struct gate_fact *fact, struct instant at, int minutes);
/* A contact about the debt (NULL: about all that are asked for) at `at` has the person's prior
 * consent to be one more. */
bool consent_covers_contact(const struct consent_rule *rule, const struct gate_question *q,
                            const struct gate_debt *debt, struct alike alike,
                            struct instant at);

bool hours_hold(struct bad_hours hours, struct wall wall);
/* The first opening of the windows after a moment that is shut. */
struct instant hours_next_open(const struct hours_rule *rule, struct wall wall,
                               const struct zone *zone);
/* An appointment covers so many minutes before and after it. */
enum { APPOINTMENT_MINUTES = 30 };
/* The last moment up to `at` at which the windows of the rule were open; `at` when they are, or
 * when there was none in a fortnight. */
struct instant hours_last_open(const struct hours_rule *rule, const struct zone *zone,
                               struct instant at);
/* Bits of the channels that an opt-out closes. */
uint32_t opt_out_closes(const struct gate_fact *fact);

/* It told them something of the debt. What is under way is taken for done. */
bool contact_communicates(const struct contact *contact);
/* True when the contact was about the debt, or about one that the rule takes for the same. */
bool contact_concerns(const struct contact *contact, const struct gate_question *q,
                      const struct gate_debt *debt, struct alike alike);
bool contact_concerns_creditor(const struct contact *contact, const struct gate_question *q,
                               const struct gate_debt *debt);

#endif
