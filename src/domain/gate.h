/*
 * Gate: may this contact be made, now, by this means?
 *
 * Pure. The caller gathers every fact first; a rule may read the question and its own
 * parameters and nothing else, so the same facts give the same verdict for ever.
 *
 * Closed by default: a fact nobody knows blocks every rule that needs it, and is named.
 * All rules that apply are asked, so the record shows every reason, not just the first.
 * Rulings are ordered: the strictest finding wins.
 *
 * Rules are data (folder rules, read by formats/rulepack.h); the shape of a check is C.
 * A verdict points into the packs and the question: it lives as long as they do.
 */
#ifndef DOMAIN_GATE_H
#define DOMAIN_GATE_H

#include "domain/condition.h"
#include "domain/contact.h"

enum ruling { RULING_ALLOW, RULING_DEFER, RULING_DENY }; /* least strict first */
const char *ruling_name(enum ruling ruling);               /* "allow", "defer", "deny" */

/* Who asks to make the contact, seen from the law. Names as in the case files. */
enum actor_role { ACTOR_FIRST_PARTY_CREDITOR, ACTOR_THIRD_PARTY_COLLECTOR, ACTOR_DEBT_BUYER };
const char *actor_role_name(enum actor_role role);
bool actor_role_parse(const char *name, enum actor_role *out);

/*
 * Dated facts about the person and the debts: what the book stores in its table `fact`, and
 * what the cases of rules and of `rules judge` list under `facts`. Names are API and stored.
 */
#define FACT_TYPES(X)                                                                          \
    X(FACT_CONSENT, "consent")                                                                 \
    X(FACT_OPT_OUT, "opt_out")                                                                 \
    X(FACT_INCONVENIENT_TIME, "inconvenient_time")                                             \
    X(FACT_INCONVENIENT_PLACE, "inconvenient_place")                                           \
    X(FACT_EMPLOYER_PROHIBITS, "employer_prohibits")                                           \
    X(FACT_ATTORNEY, "attorney")                                                               \
    X(FACT_ATTORNEY_CONSENT, "attorney_consent")                                               \
    X(FACT_CEASE, "cease")                                                                     \
    X(FACT_REFUSAL_TO_PAY, "refusal_to_pay")                                                   \
    X(FACT_VALIDATION, "validation")                                                           \
    X(FACT_DISPUTE, "dispute")                                                                 \
    X(FACT_ORIGINAL_CREDITOR_REQUEST, "original_creditor_request")                             \
    X(FACT_EMAIL_BASIS, "email_basis")                                                         \
    X(FACT_SMS_BASIS, "sms_basis")                                                             \
    X(FACT_ESIGN_CONSENT, "esign_consent")                                                     \
    X(FACT_BANKRUPTCY, "bankruptcy")                                                           \
    X(FACT_MILITARY, "military")                                                               \
    X(FACT_DECEASED, "deceased")                                                               \
    X(FACT_HOLD, "hold")                                                                       \
    X(FACT_LOCATION_CONFIRMED, "location_confirmed")                                           \
    X(FACT_NYC_COLLECTION_PROCEDURES, "nyc_collection_procedures")                             \
    X(FACT_CA_ON_WRITTEN_NOTICE, "ca_on_written_notice")                                       \
    X(FACT_FIRST_SPOKEN_CONTACT, "first_spoken_contact")                                       \
    X(FACT_TCPA_CONSENT, "tcpa_consent")                                                       \
    X(FACT_TCPA_REVOCATION, "tcpa_revocation")                                                 \
    X(FACT_PREFERENCE, "preference") /* preferred channel: a wish, no rule */                  \
    X(FACT_DEBT_DETAIL, "debt_detail") /* what else is known of a debt (ask.h) */

#define X(code, name) code,
enum fact_type { FACT_TYPES(X) FACT_TYPE_COUNT };
#undef X
const char *fact_type_name(enum fact_type type);
bool fact_type_parse(const char *name, enum fact_type *out);

/*
 * Local hours and weekdays that a person called bad: [from, to) in seconds of the day; from
 * after to runs past midnight. A FACT_CONSENT uses them for the hours agreed to instead.
 */
struct bad_hours {
    uint8_t weekdays; /* bit 0 = Monday; 0 = every day */
    int32_t from, to; /* both 0 = the whole day        */
};

/*
 * Further fields by name, as text: "true", "false", a date, a number. Fields inside fields are
 * written with a dot ("itemization.fees"). A field that nobody gave is not in the list, and is
 * not known. docs/rule-packs.md lists the names that rules read.
 */
struct gate_field {
    const char *name, *value;
};
struct gate_fields {
    size_t count;
    const struct gate_field *fields;
};
const char *gate_field_find(struct gate_fields fields, const char *name); /* or NULL */

struct gate_fact {
    enum fact_type type;
    int32_t party;           /* whose; 0 = the person addressed, whoever that is         */
    int32_t debt;            /* about which; 0 = all debts of the case file              */
    int32_t other;           /* a second party: the attorney, who went bankrupt; 0 = none */
    struct instant at;       /* since when                                               */
    struct instant until;    /* to when, that moment excluded; INSTANT_NEVER = open      */
    const char *scope;       /* opt_out: "address" or "medium"; hold: its kind; may be NULL */
    const char *value;       /* the address, number, attorney, …; may be NULL            */
    bool channel_known;
    enum channel channel;    /* opt_out, preference; consent: when channel_known         */
    struct bad_hours hours;  /* inconvenient_time; consent: the hours agreed to          */
    struct gate_fields detail; /* every other field of the fact                          */
};

/* A dispute of a part of the debt ("portion"): the rest goes on, where a message leaves that
 * part out. */
bool fact_is_of_part(const struct gate_fact *fact);

/* One of the debts that the contact would be about. */
struct gate_debt {
    int32_t number;
    const char *kind;   /* "credit_card", "medical", "invoice", … */
    bool business;      /* owed by a business for business purposes */
    struct gate_fields detail; /* "creditor", "servicer_account", "due", …     */
};

/* Everything that a rule may read. Unknown text is NULL; unknown zones are a count of 0. */
struct gate_question {
    struct instant at;
    enum channel channel;
    int32_t party;                 /* the person addressed                               */
    const char *relation;          /* "consumer", "co_debtor", "attorney", "employer", … */
    const char *address;           /* number or mailbox; NULL when it plays no part      */
    const char *purpose;           /* NULL = collection                                  */
    const char *number_kind;       /* "cell", "home_landline", "work_landline"; or NULL  */
    struct gate_fields content;    /* what the message will hold, as far as it is said   */
    enum actor_role role;
    const char *const *places;     /* ISO 3166-2 of every place the person may be        */
    size_t place_count;
    const struct zone *const *zones; /* every plausible zone of the person               */
    size_t zone_count;
    const struct gate_debt *debts; /* what the contact is about                          */
    size_t debt_count;
    bool business;                 /* without debts: the account is that of a business   */
    const struct gate_debt *casefile_debts; /* all of the case file: tells which are alike */
    size_t casefile_debt_count;
    const struct gate_fact *facts; /* of the whole case file, ascending by `at`          */
    size_t fact_count;
    const struct contact *history; /* of the whole case file, ascending by `at`          */
    size_t history_count;
    bool history_known;            /* false closes every rule that counts                */
    bool composes;                 /* who asks will put the wording of duties in         */
    struct gate_fields extra;      /* "visibility", "voice", "actor.name_used", …        */
};

struct rule;      /* one rule in force during some dates; see below  */
struct rule_pack; /* a file of rules; formats/rulepack.h             */

/* The packs that a question is judged by, chosen by place, role and kind of debt. */
struct gate_packs {
    size_t count;
    const struct rule_pack *const *packs;
};

struct finding {
    enum ruling ruling;      /* RULING_ALLOW: the rule was asked and is satisfied      */
    const struct rule *rule;
    struct instant until;    /* for RULING_DEFER: the earliest moment it may be allowed */
    const char *reason;      /* plain words for the agent, constant                    */
    const char *unknown;     /* the fact nobody knows, when that is why; else NULL     */
};

/*
 * What an allowed contact obliges to: wording that must be in the message, or a notice that
 * must follow by a day.
 */
struct duty {
    const struct rule *rule;
    const char *what; /* field of the content, or purpose of the notice; constant      */
    const char *text; /* wording: the text, with holes of a template; NULL for a notice */
    struct day due;   /* notice: its last day where the person is; DAY_NONE for wording */
};

enum { FINDINGS_MOST = 128, DUTIES_MOST = 16 };

struct verdict {
    enum ruling ruling;
    struct instant until; /* RULING_DEFER: the earliest moment worth asking again */
    const struct finding *decisive; /* the strictest finding; NULL when none spoke */
    size_t finding_count;
    struct finding findings[FINDINGS_MOST];
    size_t duty_count; /* wording of this message; notices owed, overdue ones too */
    struct duty duties[DUTIES_MOST];
};

/* Judges. Fills *verdict; touches nothing else; no allocation. */
/* Whether it is about what a business owes alone: that decides which packs and rules apply. */
bool question_is_of_business(const struct gate_question *question);
void gate_judge(struct gate_packs packs, const struct gate_question *question,
                struct verdict *verdict);

/* What a page or a record says of a rule. */
const char *rule_id(const struct rule *rule);
const char *rule_cite(const struct rule *rule);       /* every authority, "; " between */
const char *rule_cite_first(const struct rule *rule); /* the main one: short enough for a row */
const char *rule_strength(const struct rule *rule);
const char *rule_title(const struct rule *rule);
const char *rule_shape(const struct rule *rule); /* the way of checking: "hold", "attorney", … */
const char *rule_confidence(const struct rule *rule);    /* "high", "medium", "low" */
/* It asks about the content of the message, not about when, where and to whom it goes. */
bool rule_is_about_words(const struct rule *rule);
const char *rule_debtor_reason(const struct rule *rule); /* to the debtor; NULL on a note */

/*
 * The first moment from question->at, at most `horizon_days` ahead, at which the same contact
 * would be allowed if nothing else happened; INSTANT_NEVER when there is none.
 */
struct instant gate_first_allowed(struct gate_packs packs, const struct gate_question *question,
                                  int horizon_days);

/* How far a limit of contacts is used up: `used` of `most` in so many days of the calendar. */
struct gate_use {
    const struct rule *rule;
    int32_t days; /* 0: ever */
    uint32_t used, most;
};
enum { USES_MOST = 8 };
/* Of the rules that the verdict on this question asked: those that count contacts of its
 * channel. Of several debts the one counts of which most is used. Returns how many. */
size_t gate_uses(const struct gate_question *question, const struct verdict *verdict,
                 struct gate_use out[USES_MOST]);

/* The last day on which the debt may be sued for by every law of the packs that is in force today
 * and bounds it, as far as dates tell; DAY_NEVER when none does. It may be past. */
struct day gate_limitation_day(struct gate_packs packs, const struct gate_debt *debt,
                               struct day today);

#endif
