/* User fixture: a book with people in it, on each database in turn. */
#ifndef FLOW_USER_FIXTURE_H
#define FLOW_USER_FIXTURE_H

#include "flow/approval.h"
#include "flow/book_fixture.h"
#include "flow/prove.h"
#include "flow/user.h"

static const char *const fixture_monday = "2026-11-16T18:00:00Z";
static const char fixture_password[] = "correct-horse-battery";

struct people {
    struct fixture f;
    struct book b;
    struct arena a;
    const struct roles *roles;
    int64_t ann, bea, cid; /* an administrator, a manager, a collector */
};

static inline int64_t people_add(struct people *p, const char *email, const char *role,
                                 const char *password)
{
    struct user_input in = { .email = email, .name = email, .role = role, .password = password };
    struct fault why = { 0 };
    int64_t number;

    assert_fine(user_add(&p->b, p->roles, &in, &number, &why), why);
    return number;
}

static inline void people_at(struct people *p, const char *at)
{
    p->b.now = fixture_at(at);
}

static inline void people_later(struct people *p, int64_t seconds)
{
    p->b.now.us += seconds * 1000000;
}

static inline void people_begin(struct people *p)
{
    struct fault why = { 0 };

    assert_fine(book_begin(&p->b, &why), why);
}

static inline void people_keep(struct people *p)
{
    struct fault why = { 0 };

    assert_fine(book_commit(&p->b, &why), why);
}

static inline struct user people_get(struct people *p, int64_t number)
{
    struct fault why = { 0 };
    struct user user;

    assert_fine(user_load(p->b.store, &p->a, number, &user, &why), why);
    return user;
}

static inline struct approver people_as(struct people *p, int64_t number)
{
    struct user user = people_get(p, number);
    const struct role *role = role_find(p->roles, user.role);

    return (struct approver){ .number = number,
                              .name = user.name,
                              .email = user.email,
                              .authority = role->authority,
                              .can = role->can,
                              .clients = user.clients,
                              .desks = user.desks };
}

/* What comes of a yes or no: FAULT_NONE when it is kept. */
static inline enum fault_code people_answer(struct people *p, const char *id, int64_t by,
                                            bool agrees, const char *text, struct fault *why)
{
    struct approver who = people_as(p, by);
    const char *done;

    *why = (struct fault){ 0 };
    people_begin(p);
    if (!approval_answer(&p->b, p->roles, id, &who, agrees, text, &done, why)) {
        book_undo(&p->b);
        return why->code;
    }
    people_keep(p);
    return FAULT_NONE;
}

static inline bool people_open(struct people *p, size_t kind, const char *name)
{
    struct fault why = { 0 };

    *p = (struct people){ 0 };
    if (!fixture_begin(&p->f, kind, name))
        return false;
    assert_fine(book_open(&p->b, p->f.url, fixture_at(fixture_monday), &why), why);
    p->roles = roles_load(&p->a, &why);
    assert_fine(p->roles != NULL, why);
    people_begin(p);
    p->ann = people_add(p, "ann@firm.example", "administrator", fixture_password);
    p->bea = people_add(p, "bea@firm.example", "manager", fixture_password);
    p->cid = people_add(p, "cid@firm.example", "collector", fixture_password);
    people_keep(p);
    return true;
}

static inline void people_close(struct people *p)
{
    book_close(&p->b);
    arena_free(&p->a);
    fixture_end(&p->f);
}

/* The same, and the book proves sound. */
static inline void people_end(struct people *p)
{
    FILE *out = fopen("/dev/null", "w");
    struct fault why = { 0 };
    size_t findings;

    assert_fine(prove_book(p->b.store, out, false, &findings, &why), why);
    assert_int_equal(findings, 0);
    fclose(out);
    people_close(p);
}

/* Runs a test on each database that there is. */
#define EACH_DATABASE(p, name)                                                                 \
    for (size_t kind = 0; kind < FIXTURES; kind++)                                             \
        if (people_open(&(p), kind, name))                                                     \
            for (bool once = true; once; once = false, people_close(&(p)))

/* Records of the journal of this kind that hold the text. */
static inline int people_records(struct people *p, const char *kind, const char *text)
{
    struct query q = query_begin(p->b.store, Q_RECORDS_OF_HOUSE);
    struct fault why = { 0 };
    int count = 0;

    bind_text(&q, kind);
    while (query_next(&q))
        count += strstr(row_text(&q, 0), text) != NULL;
    assert_fine(query_end(&q, &why), why);
    return count;
}

#endif
