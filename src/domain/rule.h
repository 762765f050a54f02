/*
 * Rule: one rule of law or of the house, as data. Private to the gate and to the reader of
 * rule packs (formats/rulepack.h); everybody else asks rule_id, rule_cite, … of gate.h.
 *
 * A rule is a shape (the way of checking, which is C) with parameters (which are the law's and
 * stand in the YAML files below rules/). One id may have several versions; their dates never
 * overlap.
 *
 * A rule is asked when it is in force, binds the actor, concerns such debts, and its
 * `applies` condition is true (unknown: the rule closes). A contact by a channel that the rule
 * does not limit passes it; the finding says so.
 */
#ifndef DOMAIN_RULE_H
#define DOMAIN_RULE_H

#include "domain/gate.h"
#include "domain/holiday.h"

#include <string.h>

/* Names are what packs write after `shape:`. */
#define SHAPES(X)                                                                              \
    X(SHAPE_HOURS, "hours", judge_hours)                                                       \
    X(SHAPE_CONSENTED_HOURS, "consented_hours", judge_consented_hours)                         \
    X(SHAPE_CAP, "cap", judge_cap)                                                             \
    X(SHAPE_WAIT, "wait", judge_wait)                                                          \
    X(SHAPE_OPT_OUT, "opt_out", judge_opt_out)                                                 \
    X(SHAPE_CEASE, "cease", judge_cease)                                                       \
    X(SHAPE_ATTORNEY, "attorney", judge_attorney)                                              \
    X(SHAPE_PLACE, "place", judge_place)                                                       \
    X(SHAPE_HOLD, "hold", judge_hold)                                                          \
    X(SHAPE_CONSENT, "consent", judge_consent)                                                 \
    X(SHAPE_ADDRESS, "address", judge_address)                                                 \
    X(SHAPE_CONTENT, "content", judge_content)                                                 \
    X(SHAPE_LIMITATION, "limitation", judge_limitation)                                        \
    X(SHAPE_DISPUTE, "dispute", judge_dispute)                                                 \
    X(SHAPE_NOTICE, "notice", judge_notice)                                                    \
    X(SHAPE_VALIDATION_END, "validation_end", judge_validation_end)                            \
    X(SHAPE_CONTACT_FIRST, "contact_first", judge_contact_first)                               \
    X(SHAPE_LEAD_TIME, "lead_time", judge_lead_time)                                           \
    X(SHAPE_REVOCATION, "revocation", judge_revocation)                                        \
    X(SHAPE_BANKRUPTCY, "bankruptcy", judge_bankruptcy)                                        \
    X(SHAPE_RATE_CAP, "rate_cap", judge_rate_cap)                                              \
    X(SHAPE_FIXED_SUM, "fixed_sum", judge_fixed_sum)                                           \
    X(SHAPE_NEVER, "never", judge_never)                                                       \
    X(SHAPE_NOTE, "note", judge_note)

#define X(code, name, judge) code,
enum shape { SHAPES(X) SHAPE_COUNT };
#undef X

/* How bad a breach is. The gate blocks all of them; pages say which are law. */
#define STRENGTHS(X)                                                                           \
    X(STRENGTH_PROHIBITED, "prohibited") /* a flat ban                                      */ \
    X(STRENGTH_PRESUMPTION, "presumption") /* rebuttable                                    */ \
    X(STRENGTH_SAFE_HARBOR, "safe_harbor") /* allowed, but protection is lost               */ \
    X(STRENGTH_CONTENT, "content") /* the message must carry or must not carry something    */ \
    X(STRENGTH_TIMING, "timing") /* a wait or a deadline                                    */ \
    X(STRENGTH_GUIDANCE, "guidance") /* a regulator's expectation                           */ \
    X(STRENGTH_POLICY, "policy") /* the organisation's own                                  */

#define X(code, name) code,
enum strength { STRENGTHS(X) STRENGTH_COUNT };
#undef X

/* How sure we are that the law is as it is written here. */
#define CONFIDENCES(X)                                                                         \
    X(CONFIDENCE_HIGH, "high")                                                                 \
    X(CONFIDENCE_MEDIUM, "medium")                                                             \
    X(CONFIDENCE_LOW, "low")

#define X(code, name) code,
enum confidence { CONFIDENCES(X) CONFIDENCE_COUNT };
#undef X

/* Sets of roles, channels and outcomes are bits: 1u << ACTOR_…, 1u << CHANNEL_…, … */
enum {
    BINDS_PSEUDONYM = 1u << 8, /* a creditor that uses a name which is not its own */
    BINDS_ANYONE = 0xffff
};

enum debts_bound { DEBTS_ANY, DEBTS_CONSUMER, DEBTS_BUSINESS };

struct names { /* purposes, relations, kinds of hold, fields, … */
    size_t count;
    const char *const *names;
    uint64_t marks; /* of all names, by name_mark; 0: not reckoned */
};

/* One bit for a name: most names that are not in a list have none of its bits. */
static inline uint64_t name_mark(const char *name)
{
    size_t length = strlen(name);

    return UINT64_C(1) << ((length * 7 + (unsigned char)name[0] +
                            (unsigned char)name[length / 2] * 3) % 64);
}

/* False for certain; else look. */
static inline bool names_may_have(const struct names *names, uint64_t mark)
{
    return names->count > 0 && (names->marks == 0 || (names->marks & mark) != 0);
}

/*
 * Which numbers a rule speaks of. A number of unknown kind counts as every kind, except where
 * the law asks for knowledge ("known work").
 */
#define NUMBERS(X)                                                                             \
    X(NUMBERS_ANY, "any")                                                                      \
    X(NUMBERS_WORK, "work")                                                                    \
    X(NUMBERS_NOT_WORK, "not work")                                                            \
    X(NUMBERS_KNOWN_WORK, "known work")                                                        \
    X(NUMBERS_CELL, "cell")

#define X(code, name) code,
enum numbers { NUMBERS(X) NUMBERS_COUNT };
#undef X

/* [open, close) in seconds of the day, on the weekdays of the set (bit 0 = Monday). */
struct day_window {
    uint8_t weekdays;
    int32_t open, close;
};

enum { WINDOWS_MOST = 8, LIMITS_MOST = 4 };

struct hours_rule {
    size_t window_count; /* 0: every hour is good unless the person said otherwise */
    struct day_window windows[WINDOWS_MOST];
    size_t holiday_count;
    const struct holiday *holidays;
    bool stated;    /* hours that the person called bad are bad           */
    bool consented; /* hours that the person agreed to directly are good  */
};

enum counting { COUNT_ATTEMPTS, COUNT_CONTACTS, COUNT_CONVERSATIONS };
enum { PER_PERSON = 1, PER_DEBT = 2, PER_CREDITOR = 4, PER_NUMBER = 8 };

struct cap_limit {
    enum counting unit;
    unsigned per;
    int32_t days; /* local calendar days, the day of the contact among them; 0 = ever */
    uint32_t most;
};

/* Prior consent to further contacts, given directly to whoever asks. */
struct consent_rule {
    int32_t days;              /* good for so many local days, the first among them; 0 = none */
    bool ends_on_conversation; /* talking uses it up                                          */
    int32_t call_back_minutes; /* an appointed call may be so much early or late              */
};

/* Debts of this kind (NULL: of any) with the same value of this field are one debt. */
struct alike {
    const char *field, *kind; /* no field: each debt is its own */
};

struct cap_rule {
    size_t limit_count;
    struct cap_limit limits[LIMITS_MOST];
    uint32_t outcomes_left_out; /* of history: bits of enum outcome */
    struct names purposes_left_out;
    struct consent_rule consent;
    enum numbers numbers;
    struct alike alike;
    bool after_first_conversation; /* only contacts after the first talk count */
};

enum wait_after { AFTER_CONVERSATION, AFTER_CONTACT, AFTER_PURPOSE, AFTER_FACT };

struct wait_rule {
    enum wait_after after;
    const char *purpose; /* AFTER_PURPOSE: an earlier contact made for it   */
    enum fact_type fact; /* AFTER_FACT                                      */
    bool required;       /* nothing to wait after: deny, it must come first */
    unsigned per; /* by debt: a wait of its own for each debt asked for */
    struct alike alike;
    int32_t days; /* local days, the day of the event being day 1 */
    struct consent_rule consent;
};

struct place_rule {
    enum fact_type fact; /* FACT_INCONVENIENT_PLACE or FACT_EMPLOYER_PROHIBITS */
};

struct hold_rule {
    struct names kinds; /* none named: every kind            */
    bool disputes;      /* a dispute in force is a hold, too */
    bool joint;         /* whoever has it, everybody who owes the debts is left alone */
};

struct address_rule {
    enum fact_type fact; /* FACT_EMAIL_BASIS or FACT_SMS_BASIS             */
    int32_t fresh_days;  /* the basis or a check of it is at most so old   */
    int32_t notice_days; /* creditor_notice: days given to opt out         */
    bool employer_only;  /* asks only about addresses an employer provides */
};

/* A field "holds something" when it is neither missing, nor empty, nor "false". */
struct content_rule {
    struct names require;       /* fields that must hold something                            */
    struct names require_any;   /* one of these must                                          */
    struct names forbid;        /* fields that must not                                       */
    struct names forbid_unless; /* in pairs: the first must not unless one of the others does */
    struct names forbid_words;  /* in pairs: a field, and a word that its text must not hold  */
    struct names wording;       /* in pairs: a required field, and the text that fulfils it   */
};

struct consent_shape {
    enum fact_type fact; /* FACT_CONSENT: given directly; FACT_TCPA_CONSENT: also before us */
    bool written;        /* said is not enough                                          */
    int32_t recent_use_days; /* or they used the address with us within so many local days  */
};

struct attorney_rule {
    int32_t silent_days; /* an attorney silent for so long lifts the bar            */
    int32_t grace_hours; /* the bar begins so long after the notice came            */
    bool written;        /* only a notice in writing counts                         */
};

/* What kind of contract a debt rests on: periods of limitation differ by it. */
#define CONTRACTS(X)                                                                           \
    X(CONTRACT_WRITTEN, "written")                                                             \
    X(CONTRACT_ORAL, "oral")                                                                   \
    X(CONTRACT_NOTE, "note")                                                                   \
    X(CONTRACT_OPEN, "open")                                                                   \
    X(CONTRACT_CONSUMER_CREDIT, "consumer_credit")

/* What a payment, or a signed acknowledgment, does to the period. */
#define REVIVALS(X)                                                                            \
    X(REVIVES_BEFORE_EXPIRY, "before_expiry") /* it begins anew when it still runs          */ \
    X(REVIVES_EVER, "ever") /* it begins anew, even when it had run out                     */ \
    X(REVIVES_NEVER, "never")

#define X(code, name) code,
enum contract { CONTRACTS(X) CONTRACT_COUNT };
enum revival { REVIVALS(X) REVIVAL_COUNT };
#undef X

/* The last day in time is the anniversary, or the end of its year; begun anew, it runs to the
 * anniversary of the payment or writing in either case. */
struct limitation_rule {
    int32_t years[CONTRACT_COUNT]; /* 0: not known */
    const char *runs_from;         /* field of the debt: the day the claim fell due */
    bool year_end;
    enum revival payment, writing;
    bool demands;          /* asking for money is barred as well as suing                 */
    bool unless_contacted; /* but not when the debtor was contacted within the period     */
    bool unknown_passes;   /* a defence that the debtor may raise: not known is not barred */
    struct names law;      /* speaks only of debts under these laws, where that is known  */
};

struct dispute_rule {
    enum fact_type fact;      /* FACT_DISPUTE or FACT_ORIGINAL_CREDITOR_REQUEST     */
    bool any_time;            /* else only one that came within the validation period */
    bool written;             /* said is not enough                                 */
    struct names answered_by; /* fields of the fact with the day of the answer      */
};

struct notice_rule {
    const char *notice;  /* purpose of the contact that gives it */
    enum fact_type fact; /* says that it was given              */
    int32_t days;        /* after the day of the initial communication */
};

struct lead_time_rule {
    const char *field; /* of the content: a day */
    int32_t days;
};

/* Consent that was taken back, from so many business days later. */
struct revocation_rule {
    enum fact_type fact, of;
    int32_t honour_days; /* US business days */
    bool any_debt;       /* also when it was taken back about another debt */
};

enum bankruptcy_effect { PROTECTS_DEBTOR, PROTECTS_CO_DEBTOR, PROTECTS_DISCHARGED };
struct bankruptcy_rule {
    enum bankruptcy_effect protects;
    size_t chapter_count; /* none: every chapter */
    int32_t chapters[4];
};

struct fixed_sum_rule {
    const char *field; /* of the content: the sum that is claimed            */
    struct names by;   /* fields of the debt, the first that is there counts */
    size_t tier_count;
    struct {
        int64_t below, sum; /* in hundredths; below = INT64_MAX: every amount */
    } tiers[4];
};

/* What decides whether it is asked at all stands first, in few lines of the cache. */
struct rule {
    struct day from; /* first day in force; DAY_NONE = not recorded: on any day before `to` */
    struct day to;   /* last day in force; DAY_NEVER = still                                */
    unsigned binds;
    enum debts_bound debts;
    uint32_t channels; /* the channels it limits */
    enum shape shape;
    const struct condition *applies; /* NULL = always                                     */
    struct names relations;          /* speaks only of these people; none = everybody     */
    struct names relations_exempt;   /* passes these people                               */
    struct names permits;            /* purposes that pass                                */
    const char *reason;
    struct names replies; /* purposes that pass when they answer the person            */
    struct names beside;  /* rules of the pack for the same contacts; the stricter decides */
    enum strength strength;
    enum confidence confidence;
    const char *id, *title, *cite, *cite_first;
    const char *debtor_reason; /* NULL on a note, which never blocks */
    const char *part;          /* a rule may be checked in several parts; NULL = in one */
    union {
        struct hours_rule hours;
        struct cap_rule cap;
        struct wait_rule wait;
        struct place_rule place;
        struct hold_rule hold;
        struct address_rule address;
        struct content_rule content;
        struct consent_shape consent;
        struct attorney_rule attorney;
        struct limitation_rule limitation;
        struct dispute_rule dispute;
        struct notice_rule notice;
        struct lead_time_rule lead_time;
        const char *validation_end; /* field of the content: the end that is printed   */
        int32_t contact_first_days; /* so long after a message that did not come back  */
        struct revocation_rule revocation;
        struct bankruptcy_rule bankruptcy;
        int32_t rate_cap_hundredths; /* of a percent a year */
        struct fixed_sum_rule fixed_sum;
        const struct condition *never; /* must be false */
    };
};

struct rule_pack {
    const char *name, *title;
    struct names places; /* ISO 3166 codes, each with all that lies in it; "everywhere" */
    const char *path, *text, *digest; /* where it was read, its bytes, their BLAKE2b in hex */
    unsigned binds;
    enum debts_bound debts;
    const char *within;    /* the pack that brings this one along; or NULL          */
    struct names purposes; /* asked only about contacts for these; none: about all */
    size_t rule_count;
    const struct rule *rules;
    bool has_limitation; /* among them a rule of that shape */
};

/* The facts that `applies:` and `never:` conditions may name. */
#define QUESTION_FACTS(X)                                                                      \
    X(Q_CHANNEL, "channel", VALUE_TEXT, "how: call, voicemail, sms, email, letter, …")         \
    X(Q_RELATION, "relation", VALUE_TEXT,                                                      \
      "who is addressed: consumer, co_debtor, attorney, …")                                    \
    X(Q_PURPOSE, "purpose", VALUE_TEXT, "what for: collection, reply, statutory_notice, …")    \
    X(Q_ROLE, "role", VALUE_TEXT, "who asks: first_party_creditor, third_party_collector, …")  \
    X(Q_NUMBER_KIND, "number_kind", VALUE_TEXT, "cell, home_landline, work_landline")          \
    X(Q_VISIBILITY, "visibility", VALUE_TEXT, "who can see it: private, contacts, public")     \
    X(Q_VOICE, "voice", VALUE_TEXT, "live, prerecorded, artificial")                           \
    X(Q_DEBT_KIND, "debt_kind", VALUE_TEXT, "kind of the first debt: credit_card, medical, …") \
    X(Q_BUSINESS, "business", VALUE_BOOL, "every debt is owed by a business")                  \
    X(Q_CFPB_PRODUCT, "cfpb_product", VALUE_BOOL, "a debt is a consumer financial product")    \
    X(Q_SOL_EXPIRED, "sol_expired", VALUE_BOOL,                                                \
      "the limitation period of a debt has run out, or may have")                              \
    X(Q_TIME_BARRED, "time_barred", VALUE_BOOL,                                                \
      "the same, and false while nothing speaks for it: what asks for words about it")         \
    X(Q_MESSAGE_TYPE, "message_type", VALUE_TEXT, "content.message_type: limited_content, …")  \
    X(Q_THREATENS_SUIT, "threatens_suit", VALUE_BOOL, "the message threatens a lawsuit")       \
    X(Q_REQUESTS_PAYMENT, "requests_payment", VALUE_BOOL, "the message asks for money")        \
    X(Q_CARRIES_VALIDATION, "carries_validation", VALUE_BOOL,                                  \
      "the message is, or holds, the validation notice")                                       \
    X(Q_AMOUNT_VARIES, "amount_varies", VALUE_BOOL, "content.amount_varies: of debits")        \
    X(Q_RANGE_ELECTED, "range_elected", VALUE_BOOL,                                            \
      "content.range_elected: they want notice only outside a range")                          \
    X(Q_DEBT_STATUS, "debt_status", VALUE_TEXT, "status of the first debt: paid, settled, …")  \
    X(Q_FIRST_COMMUNICATION, "first_communication", VALUE_BOOL,                                \
      "nothing was communicated about these debts before")                                     \
    X(Q_FIRST_WRITING, "first_writing", VALUE_BOOL,                                            \
      "it began in a talk, and nothing was written since")                                     \
    X(Q_VALIDATION_PERIOD, "validation_period", VALUE_BOOL,                                    \
      "the validation notice was given and its period runs")

#define X(code, name, type, meaning) code,
enum question_fact { QUESTION_FACTS(X) QUESTION_FACT_COUNT };
#undef X
/* After those: has_attorney, has_cease, … one truth for every fact type now in force. */
enum { QUESTION_VALUES = QUESTION_FACT_COUNT + FACT_TYPE_COUNT };
struct fact_table gate_fact_table(void);

const char *shape_name(enum shape shape);
bool shape_parse(const char *name, enum shape *out);
bool strength_parse(const char *name, enum strength *out);
bool confidence_parse(const char *name, enum confidence *out);

/*
 * What one call of gate_judge works with. The days differ by zone, so a range is kept: a rule
 * is in force if it is on any date that the person's wall may show.
 */
struct judging {
    struct gate_packs packs;
    const struct gate_question *question;
    uint64_t relation_mark, purpose_mark; /* name_mark of them; no relation: 0 */
    struct verdict *verdict;
    struct day first_day, last_day;
    uint32_t facts_in_force; /* bits of enum fact_type */
    enum { VALUES_NONE, VALUES_CHEAP, VALUES_ALL } values_filled;
    struct value values[QUESTION_VALUES];
};

/* What a shape answers; see struct finding in gate.h. */
struct answer {
    enum ruling ruling;
    struct instant until;
    const char *unknown;
    bool silent; /* nothing to say after all: no finding */
};

static inline struct answer answer_allow(void)
{
    return (struct answer){ .ruling = RULING_ALLOW };
}

static inline struct answer answer_deny(void)
{
    return (struct answer){ .ruling = RULING_DENY };
}

static inline struct answer answer_unknown(const char *fact)
{
    return (struct answer){ .ruling = RULING_DENY, .unknown = fact };
}

static inline struct answer answer_defer(struct instant until)
{
    if (until.us == INT64_MAX) /* no such moment: time does not cure it */
        return answer_deny();
    return (struct answer){ .ruling = RULING_DEFER, .until = until };
}

/* False when there is no room for it: then the contact is not allowed. */
bool duty_add(struct judging *j, struct duty duty);

#define X(code, name, judge) struct answer judge(const struct rule *, struct judging *);
SHAPES(X)
#undef X

#endif
