-- The book, version 4.
--
-- Every table is bucketed (its key begins with bucket, casefile_id) or is one of the small ones:
-- meta, rule_text, publication, draft, webhook, and those of the people who work here (staff, sign_in,
-- sign_in_try, token, approval, sample, review).
-- What concerns no case file is journalled in bucket 0, with casefile_id 0.
-- Times: *_at are UTC microseconds, *_day are days since 1970-01-01, both BIGINT; 99999999 as a
-- day means never, 9223372036854775807 as a time likewise. Amounts are whole minor units.
-- Numbers that end in _no count from 1 inside a case file. Yes and no are 1 and 0.

-- Settings of this organisation, and what the program must know before it touches the rest.
CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
)/*table*/;

-- The texts by which verdicts were given, each once and for ever: rule packs as they were read,
-- and lists of them (flow/rulebook.h). digest is BLAKE2b-256 of the text, in hex.
CREATE TABLE rule_text (
    digest TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL
)/*heap*/;

-- Strategies, letters and emails that were put into force here: the last version of a name stands
-- over the file of its path (flow/publication.h). digest is that of its text in rule_text.
-- published_no and agreed_no are numbers of staff; 0: the command line, or nobody else was needed.
CREATE TABLE publication (
    publication_no BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('strategy', 'text')),
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    path TEXT NOT NULL,
    digest TEXT NOT NULL,
    published_no BIGINT NOT NULL,
    agreed_no BIGINT NOT NULL,
    reason TEXT,
    at BIGINT NOT NULL
)/*table*/;
CREATE UNIQUE INDEX publication_version ON publication (kind, name, version);

-- What somebody is changing of them, one draft for each. base is the digest of what it began
-- from; revision counts how often it was saved.
CREATE TABLE draft (
    kind TEXT NOT NULL CHECK (kind IN ('strategy', 'text')),
    name TEXT NOT NULL,
    base TEXT NOT NULL,
    text TEXT NOT NULL,
    revision BIGINT NOT NULL,
    staff_no BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (kind, name)
)/*heap*/;

-- One row per bucket, locked first by every write. seq and hash are the head of its journal.
CREATE TABLE bucket_head (
    bucket BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash BLOB NOT NULL
)/*table*/;

-- Everything known about one debtor relationship hangs on this row.
CREATE TABLE casefile (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    reference TEXT NOT NULL,
    creditor TEXT NOT NULL,
    -- whose work it is: the name of a desk, '': nobody's in particular
    desk TEXT NOT NULL,
    role TEXT NOT NULL,
    business BIGINT NOT NULL CHECK (business IN (0, 1)),
    created_at BIGINT NOT NULL,
    -- the first moment at which the daily cycle may come out differently by itself
    wake_at BIGINT NOT NULL,
    -- last numbers given out inside the case file
    last_no BIGINT NOT NULL,
    -- where its books stand, packed (store/books.h), and the first day on which they change by
    -- themselves: interest, a late fee; NULL: they are to be made from all movements
    books BLOB,
    books_day BIGINT NOT NULL,
    -- what is open as the books stand, interest as posted: the currency of most of it (0: nothing),
    -- how much in that currency, and the first due day of any of it; and the places of the debtor.
    -- By these lists find case files; all are derived.
    open_currency BIGINT NOT NULL,
    open_minor BIGINT NOT NULL,
    open_since BIGINT NOT NULL,
    places TEXT NOT NULL,
    -- what the last cycle concluded: working, waiting, blocked, held, promised, disputed, clear
    standing TEXT NOT NULL,
    standing_reason TEXT,
    standing_rule TEXT,
    standing_step TEXT,
    standing_until BIGINT NOT NULL,
    -- whose it was then: strategy and segment; NULL: nobody's
    strategy TEXT,
    segment TEXT,
    -- what the cycle reads of the other tables, packed (store/face.h); NULL after an event
    face BLOB,
    PRIMARY KEY (bucket, casefile_id)
)/*table*/;
CREATE INDEX casefile_wake ON casefile (bucket, wake_at, casefile_id, strategy);
-- How many each strategy has, by what stands in the way: counted in the order of the index.
CREATE INDEX casefile_strategy ON casefile (strategy, segment, standing, standing_step, creditor, desk,
                                            wake_at);
-- Lists in the order of amounts, and of days: with all by which they are filtered, so that the wide
-- rows of what is not shown are not read.
CREATE INDEX casefile_open ON casefile (open_currency, open_minor, casefile_id, standing, creditor,
                                        desk, segment, places, business, open_since, bucket)
    WHERE open_currency > 0;
CREATE INDEX casefile_since ON casefile (open_since, casefile_id, open_currency, open_minor, standing,
                                         creditor, desk, segment, places, business, bucket)
    WHERE open_since < 99999999;

-- People and firms: the debtor is number 1.
CREATE TABLE party (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    party_no BIGINT NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    -- ISO 3166-2 of every place the party may be, and IANA zones, separated by commas
    places TEXT NOT NULL,
    zones TEXT NOT NULL,
    -- what places and zones follow from, one clue to a line (domain/location.h)
    clues TEXT NOT NULL,
    PRIMARY KEY (bucket, casefile_id, party_no)
)/*table*/;

-- Ways to reach a party. address is a mailbox, an E.164 number, or the lines of a letter.
CREATE TABLE contact_point (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    point_no BIGINT NOT NULL,
    party_no BIGINT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('good', 'bad')),
    source TEXT NOT NULL,
    PRIMARY KEY (bucket, casefile_id, point_no)
)/*table*/;

-- One obligation as worked: an invoice, a card balance, a loan.
CREATE TABLE debt (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    debt_no BIGINT NOT NULL,
    reference TEXT NOT NULL,
    kind TEXT NOT NULL,
    description TEXT,
    currency BIGINT NOT NULL,
    invoice_day BIGINT NOT NULL,
    terms TEXT,
    PRIMARY KEY (bucket, casefile_id, debt_no),
    FOREIGN KEY (bucket, casefile_id) REFERENCES casefile (bucket, casefile_id)
)/*table*/;

-- Dated slices of a debt. All but the numbers is derived: the books as they stand (domain/ledger.h;
-- recoup prove makes them again). charges is what is open of interest, fees and costs, as posted;
-- disputed is what of the open amount is in dispute while the rest goes on; grace_days is that of
-- the terms that hold.
CREATE TABLE instalment (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    debt_no BIGINT NOT NULL,
    instalment_no BIGINT NOT NULL,
    due_day BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    paid_minor BIGINT NOT NULL,
    first_change_day BIGINT NOT NULL,
    last_change_day BIGINT NOT NULL,
    last_paid_day BIGINT NOT NULL,
    charges_minor BIGINT NOT NULL,
    disputed_minor BIGINT NOT NULL,
    grace_days BIGINT NOT NULL,
    PRIMARY KEY (bucket, casefile_id, debt_no, instalment_no),
    FOREIGN KEY (bucket, casefile_id, debt_no) REFERENCES debt (bucket, casefile_id, debt_no)
)/*table*/;

-- What happened to the money, each once: the books follow from these rows, from the terms they
-- name, and from the day. A row is never changed but for ended_at, the moment from which it is
-- known not to hold: with `at` it says what was known when. kind, component, due_day and minor
-- as in domain/ledger.h. origin names what it comes from ("payment 12", "dispute 7"); ground the
-- clause or law that allows a charge, of terms the digest of their text in rule_text.
CREATE TABLE movement (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    movement_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    value_day BIGINT NOT NULL,
    due_day BIGINT NOT NULL,
    debt_no BIGINT NOT NULL,
    instalment_no BIGINT NOT NULL,
    component TEXT,
    currency BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    reference TEXT NOT NULL,
    origin TEXT,
    ground TEXT,
    reason TEXT,
    author TEXT,
    at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, casefile_id, movement_no)
)/*table*/;
CREATE INDEX movement_freeze ON movement (bucket, casefile_id, movement_no) WHERE kind = 'freeze';

-- Double entry, written once. The postings of one entry add up to nothing; accounts as in
-- domain/ledger.h. cause names the entry; one that must not stand any more is taken back by
-- another with the same lines and the other sign, and takes_back is its number.
CREATE TABLE posting (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    entry_no BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    value_day BIGINT NOT NULL,
    posted_at BIGINT NOT NULL,
    cause TEXT NOT NULL,
    takes_back BIGINT NOT NULL,
    account TEXT NOT NULL,
    debt_no BIGINT NOT NULL,
    instalment_no BIGINT NOT NULL,
    currency BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    PRIMARY KEY (bucket, casefile_id, entry_no, line_no)
)/*table*/;

-- Money in. returned: it was here and went back (returned debit, bounced check); charged_back:
-- the card holder's bank took it; moved: it was another account's; duplicate: recorded twice.
-- refunded_minor is what of it was given back to who paid.
-- debt_no: what it was for, 0: by the order of allocation.
CREATE TABLE payment (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    payment_no BIGINT NOT NULL,
    reference TEXT NOT NULL,
    received_day BIGINT NOT NULL,
    currency BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    refunded_minor BIGINT NOT NULL,
    method TEXT NOT NULL,
    debt_no BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'settled', 'failed', 'returned',
                                         'charged_back', 'moved', 'duplicate')),
    state_day BIGINT NOT NULL,
    reason TEXT,
    PRIMARY KEY (bucket, casefile_id, payment_no)
)/*table*/;
CREATE UNIQUE INDEX payment_reference ON payment (bucket, casefile_id, reference);
CREATE INDEX payment_list ON payment (state, state_day, casefile_id, payment_no);

-- What a debtor said they would pay, and the instalments of payment plans (plan_no, item_no; an
-- item_no of 0: taken out of its plan by a change). state_day is the day from which it has its
-- state. notice_no and debit_no: the message that announces the debit, and the payment asked for.
CREATE TABLE promise (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    promise_no BIGINT NOT NULL,
    plan_no BIGINT NOT NULL,
    item_no BIGINT NOT NULL,
    currency BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    made_day BIGINT NOT NULL,
    due_day BIGINT NOT NULL,
    channel TEXT,
    note TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'kept', 'partly_kept', 'broken', 'withdrawn')),
    state_day BIGINT NOT NULL,
    notice_no BIGINT NOT NULL,
    debit_no BIGINT NOT NULL,
    author TEXT,
    PRIMARY KEY (bucket, casefile_id, promise_no)
)/*table*/;
CREATE INDEX promise_author ON promise (author, state_day) WHERE author IS NOT NULL;
-- With what is promised, so that the sums of a week are found here alone.
CREATE INDEX promise_list ON promise (state, due_day, casefile_id, promise_no, currency, minor);

-- A payment plan; its instalments are promises. debts: which it is for, NULL: all.
-- offer_no: the settlement that it pays; autopay: what is debited ("sepa …4411"), NULL: nothing,
-- announced notice_days before; resumes_day: when a pause ends by itself.
CREATE TABLE plan (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    plan_no BIGINT NOT NULL,
    offer_no BIGINT NOT NULL,
    replaces_no BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'completed', 'defaulted', 'cancelled',
                                         'replaced')),
    state_day BIGINT NOT NULL,
    version BIGINT NOT NULL,
    currency BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    debts TEXT,
    schedule TEXT NOT NULL,
    made_day BIGINT NOT NULL,
    interest_frozen BIGINT NOT NULL CHECK (interest_frozen IN (0, 1)),
    cure_days BIGINT NOT NULL,
    resumes_day BIGINT NOT NULL,
    notice_days BIGINT NOT NULL,
    autopay TEXT,
    agreed_by TEXT,
    evidence TEXT,
    author TEXT,
    reason TEXT,
    PRIMARY KEY (bucket, casefile_id, plan_no)
)/*table*/;
CREATE INDEX plan_list ON plan (state, made_day, casefile_id, plan_no);

-- What one side offers the other: pay so much by then, and the rest is forgiven, or only what is
-- open of fees, or nothing. made_by: debtor or collector; answers_no: the offer that this one
-- counters; author and role: who put it on file, or last let it wait for approval.
CREATE TABLE offer (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    offer_no BIGINT NOT NULL,
    answers_no BIGINT NOT NULL,
    made_by TEXT NOT NULL CHECK (made_by IN ('debtor', 'collector')),
    state TEXT NOT NULL CHECK (state IN ('waiting_approval', 'open', 'countered', 'accepted',
                                         'declined', 'expired', 'withdrawn', 'fulfilled', 'void')),
    state_day BIGINT NOT NULL,
    currency BIGINT NOT NULL,
    balance_minor BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    down_minor BIGINT NOT NULL,
    instalments BIGINT NOT NULL,
    schedule TEXT,
    first_day BIGINT NOT NULL,
    expires_day BIGINT NOT NULL,
    debts TEXT,
    residual TEXT NOT NULL CHECK (residual IN ('forgiven', 'fees_waived', 'still_owed')),
    void_on_default BIGINT NOT NULL CHECK (void_on_default IN (0, 1)),
    plan_no BIGINT NOT NULL,
    author TEXT,
    role TEXT,
    approver TEXT,
    reason TEXT,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, casefile_id, offer_no)
)/*table*/;
CREATE INDEX offer_list ON offer (state, expires_day, casefile_id, offer_no);
CREATE INDEX offer_waiting ON offer (state, made_at, bucket, casefile_id, offer_no, author)
    WHERE state = 'waiting_approval';

-- What a debtor contests: a debt, or a part of it. fact_no: the dispute as the gate knows it.
-- debt_no 0: all; instalment_no and component 0 and NULL: all; minor 0: the whole of that.
-- corrected_minor: what the answer took off.
CREATE TABLE dispute (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    dispute_no BIGINT NOT NULL,
    fact_no BIGINT NOT NULL,
    debt_no BIGINT NOT NULL,
    instalment_no BIGINT NOT NULL,
    component TEXT,
    line TEXT,
    currency BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    reason TEXT NOT NULL,
    channel TEXT,
    note TEXT,
    received_day BIGINT NOT NULL,
    answer_day BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'partly_upheld', 'not_upheld',
                                         'withdrawn')),
    state_day BIGINT NOT NULL,
    answer TEXT,
    -- when verification or a copy of the judgment was sent; the least day there is: it was not
    proof_day BIGINT NOT NULL,
    corrected_minor BIGINT NOT NULL,
    author TEXT,
    PRIMARY KEY (bucket, casefile_id, dispute_no)
)/*table*/;
CREATE INDEX dispute_list ON dispute (state, answer_day, casefile_id, dispute_no);

-- What somebody says we did wrong, in their words, and what became of it. acknowledge_day and
-- answer_day are by when we owe them a word and the answer; acknowledged_day the day on which it was
-- confirmed, 99999999: not yet. fact_no: the hold that was asked for with it; 0: none. result,
-- cause (why it came to that), changed (what we do differently) and answer are of the last answer.
-- The journal has the digests of the texts, so that they can be erased; recoup prove compares.
CREATE TABLE complaint (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    complaint_no BIGINT NOT NULL,
    fact_no BIGINT NOT NULL,
    channel TEXT,
    words TEXT NOT NULL,
    received_day BIGINT NOT NULL,
    acknowledge_day BIGINT NOT NULL,
    answer_day BIGINT NOT NULL,
    acknowledged_day BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'closed')),
    state_day BIGINT NOT NULL,
    result TEXT CHECK (result IN ('upheld', 'partly_upheld', 'not_upheld')),
    cause TEXT,
    changed TEXT,
    answer TEXT,
    author TEXT,
    PRIMARY KEY (bucket, casefile_id, complaint_no)
)/*table*/;
CREATE INDEX complaint_list ON complaint (state, answer_day, casefile_id, complaint_no);

-- Papers that were handed in, as they came: name and bytes, and BLAKE2b-256 of the bytes in hex,
-- which the journal has, too. origin names what they are for ("dispute 7").
CREATE TABLE evidence (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    evidence_no BIGINT NOT NULL,
    origin TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    bytes BLOB NOT NULL,
    author TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (bucket, casefile_id, evidence_no)
)/*heap*/;

-- A statement or receipt as it was given out. replaced_no: the newer one, 0: none.
CREATE TABLE statement (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    statement_no BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('statement', 'receipt')),
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    object_no BIGINT NOT NULL,
    at BIGINT NOT NULL,
    replaces_no BIGINT NOT NULL,
    replaced_no BIGINT NOT NULL,
    digest TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (bucket, casefile_id, statement_no)
)/*heap*/;

-- Dated facts that the gate asks for: consents, opt-outs, holds, disputes, attorneys, …
-- (domain/gate.h lists the types). A fact ends by its until_at; it is never deleted.
CREATE TABLE fact (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    fact_no BIGINT NOT NULL,
    type TEXT NOT NULL,
    party_no BIGINT NOT NULL,
    debt_no BIGINT NOT NULL,
    -- a second person in it: the attorney, who went bankrupt; 0: none
    other_no BIGINT NOT NULL,
    at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    scope TEXT,
    value TEXT,
    channel TEXT,
    weekdays BIGINT NOT NULL,
    from_second BIGINT NOT NULL,
    to_second BIGINT NOT NULL,
    -- further fields that rules read, "name=value" to a line (docs/rule-packs.md lists them)
    detail TEXT,
    source TEXT NOT NULL,
    PRIMARY KEY (bucket, casefile_id, fact_no)
)/*table*/;
CREATE INDEX fact_hardship ON fact (at, casefile_id, fact_no)
    WHERE type = 'hold' AND scope = 'hardship';

-- Contacts that did not go through the outbox: calls logged, and what came in. callback_at: when
-- they want to be called back; 0: not said. author: who wrote it down; NULL: the program, a file.
CREATE TABLE contact (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    contact_no BIGINT NOT NULL,
    at BIGINT NOT NULL,
    channel TEXT NOT NULL,
    direction BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    party_no BIGINT NOT NULL,
    debts TEXT,
    address TEXT,
    purpose TEXT,
    note TEXT,
    callback_at BIGINT NOT NULL,
    author TEXT,
    PRIMARY KEY (bucket, casefile_id, contact_no)
)/*table*/;
CREATE INDEX contact_author ON contact (author, at) WHERE author IS NOT NULL;

-- What somebody wrote down about a case file. author is the name of who wrote it; ended_at the
-- moment from which it was taken back. The journal has BLAKE2b-256 of the text, in hex: a text can
-- be erased, and the chain holds.
CREATE TABLE note (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    note_no BIGINT NOT NULL,
    text TEXT NOT NULL,
    author TEXT,
    at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, casefile_id, note_no)
)/*table*/;

-- Everything that happened, chained by hash inside its bucket: decisions with their verdicts,
-- imports, payments, messages sent. record is JSON; hash covers the row and the hash before it.
-- question is what a verdict of the record answers (formats/question.h), NULL without one: its
-- digest stands in the record, so the chain holds when a question is erased.
-- outcome, channel, rule and actor follow from kind, at and record (domain/gist.h); the decision
-- log is found by them. outcome '': nothing was decided; actor: who was signed in, NULL: the
-- program.
-- A heap: rows are wide, and are added at the end instead of between those of a case file.
CREATE TABLE journal (
    bucket BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('', 'allowed', 'moved', 'blocked', 'held')),
    channel TEXT,
    rule TEXT,
    actor TEXT,
    record TEXT NOT NULL,
    hash BLOB NOT NULL,
    question TEXT,
    PRIMARY KEY (bucket, casefile_id, seq)
)/*heap*/;
CREATE UNIQUE INDEX journal_seq ON journal (bucket, seq);
-- The decision log, newest first: rows as narrow as they can be, since records are wide.
CREATE INDEX journal_log ON journal (outcome, at, bucket, seq, kind, casefile_id, channel, rule,
                                     actor);
CREATE INDEX journal_rule ON journal (rule, at, bucket, seq, kind, casefile_id, outcome, channel,
                                      actor) WHERE rule IS NOT NULL;
CREATE INDEX journal_actor ON journal (actor, at, bucket, seq, kind, casefile_id, outcome, channel,
                                       rule) WHERE actor IS NOT NULL;

-- A step of a ladder, done for one due instance: at most once, for ever.
CREATE TABLE step (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    debt_no BIGINT NOT NULL,
    instalment_no BIGINT NOT NULL,
    ladder TEXT NOT NULL,
    step TEXT NOT NULL,
    day BIGINT NOT NULL,
    decision_seq BIGINT NOT NULL,
    PRIMARY KEY (bucket, casefile_id, debt_no, instalment_no, ladder, step)
)/*table*/;

-- What goes out. No row without the decision that allowed it. States only move forward:
-- ready, sending, sent, delivered, bounced, failed, unsure, refused, expired.
CREATE TABLE outbox (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    outbox_no BIGINT NOT NULL,
    decision_seq BIGINT NOT NULL,
    channel TEXT NOT NULL,
    party_no BIGINT NOT NULL,
    address TEXT NOT NULL,
    template TEXT NOT NULL,
    step TEXT NOT NULL,
    -- what it was for when it was judged; NULL: collection
    purpose TEXT,
    debts TEXT NOT NULL,
    currency BIGINT NOT NULL,
    open_minor BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    state_at BIGINT NOT NULL,
    state_reason TEXT,
    attempts BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    lease BIGINT NOT NULL,
    -- what a person wrote, of a reply; NULL: the template says it all
    subject TEXT,
    words TEXT,
    PRIMARY KEY (bucket, casefile_id, outbox_no),
    FOREIGN KEY (bucket, casefile_id, decision_seq)
        REFERENCES journal (bucket, casefile_id, seq)
)/*table*/;
CREATE INDEX outbox_waiting ON outbox (bucket, not_before, casefile_id, outbox_no)
    WHERE state IN ('ready', 'sending');
CREATE INDEX outbox_list ON outbox (state, state_at, casefile_id, outbox_no);

-- The bytes that were sent, exactly.
CREATE TABLE message (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    outbox_no BIGINT NOT NULL,
    message_key TEXT NOT NULL,
    subject TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (bucket, casefile_id, outbox_no)
)/*heap*/;

-- From a reference of the outside world to its case file. bucket is the hash of kind and
-- reference, not of the case file. kind: casefile, debt, email, payment; key: what somebody
-- gave so that a thing is done once, however often it is said.
CREATE TABLE reference (
    bucket BIGINT NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    casefile_id BIGINT NOT NULL,
    object_no BIGINT NOT NULL,
    PRIMARY KEY (bucket, kind, reference)
)/*table*/;

-- By what words a case file is found: pieces of names, references, addresses and numbers, each
-- behind a letter that says what it is a piece of (store/word.h). bucket is the hash of the
-- beginning of the word, not of the case file: words that begin alike lie together. Derived;
-- recoup prove makes them again.
CREATE TABLE word (
    bucket BIGINT NOT NULL,
    word TEXT NOT NULL,
    casefile_id BIGINT NOT NULL,
    object_no BIGINT NOT NULL,
    PRIMARY KEY (bucket, word, casefile_id, object_no)
)/*table*/;

-- ---- Work that waits for a person --------------------------------------------------------------

-- One row for each thing that somebody must look at: a reply, a call to make, a promise that was
-- missed. It follows from what is known (domain/task_of.h says how; recoup prove makes them again),
-- but for who has it and until when it was put off. task_no counts tasks alone. origin names what
-- it comes from ("contact 12", "promise 7"): one open task for each. rank orders the kinds
-- (domain/task.h). Tasks are closed, never deleted: settled is one that follows no more; done and
-- dropped are what a person said of it, and stand against what was known by then. assigned_no and
-- closed_by are numbers of staff; 0: nobody, or the program. currency and minor are what is open of
-- the account; creditor and desk are those of the case file, so that lists need not look there.
CREATE TABLE task (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    task_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    origin TEXT NOT NULL,
    rank BIGINT NOT NULL,
    -- what there is to do, in one line; NULL: the kind says it all
    reason TEXT,
    currency BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    creditor TEXT NOT NULL,
    desk TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- since when it is work: what came about then, or came due
    since_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    -- not shown before this moment: put off, or not yet due
    hidden_until BIGINT NOT NULL,
    assigned_no BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'settled', 'done', 'dropped')),
    state_at BIGINT NOT NULL,
    closed_by BIGINT NOT NULL,
    PRIMARY KEY (bucket, casefile_id, task_no)
)/*table*/;
-- What is listed and counted is found in these alone, in each of its orders; with the state, without
-- which SQLite looks at the row as well.
CREATE INDEX task_open ON task (rank, due_at, bucket, casefile_id, task_no, kind, hidden_until,
                                assigned_no, creditor, desk, state) WHERE state = 'open';
CREATE INDEX task_kind ON task (kind, due_at, bucket, casefile_id, task_no, hidden_until, assigned_no,
                                creditor, desk, state) WHERE state = 'open';
CREATE INDEX task_since ON task (since_at, bucket, casefile_id, task_no, kind, hidden_until,
                                 assigned_no, creditor, desk, state) WHERE state = 'open';
-- Calls by the moment from which they may be made: when the next window opens. With the kind, or
-- SQLite prefers task_kind, and reads every call.
CREATE INDEX task_window ON task (kind, since_at, bucket, casefile_id, hidden_until, assigned_no,
                                  creditor, desk, state) WHERE state = 'open' AND kind = 'call';
CREATE INDEX task_amount ON task (minor, bucket, casefile_id, task_no, kind, hidden_until,
                                  assigned_no, creditor, desk, state) WHERE state = 'open';
CREATE INDEX task_had ON task (assigned_no, rank, due_at, bucket, casefile_id, task_no, kind,
                               hidden_until, creditor, desk, state)
    WHERE state = 'open' AND assigned_no <> 0;
CREATE INDEX task_place ON task (creditor, desk, state) WHERE state = 'open';
CREATE INDEX task_closed ON task (closed_by, state_at) WHERE closed_by <> 0;

-- ---- The people who work here ------------------------------------------------------------------

-- Users. role is a name of roles/*.yaml; clients and desks limit what they see, one name to a line,
-- NULL: all. password is an Argon2id hash in its own notation; totp the secret, sealed with the
-- key of the house (flow/user.h); totp_step the last step that was used, so that no code works
-- twice; recovery the hashes of codes that are left, one to a line.
CREATE TABLE staff (
    staff_no BIGINT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    clients TEXT,
    desks TEXT,
    password TEXT,
    totp BLOB,
    totp_step BIGINT NOT NULL,
    recovery TEXT,
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    version BIGINT NOT NULL
)/*table*/;
CREATE UNIQUE INDEX staff_email ON staff (email);

-- Lists as somebody filtered them, by a name of theirs. list is the path of the list, query what
-- follows it in the address. desk: who may use it, too, '': everybody, NULL: nobody else.
CREATE TABLE saved_view (
    staff_no BIGINT NOT NULL,
    view_no BIGINT NOT NULL,
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    desk TEXT,
    PRIMARY KEY (staff_no, view_no)
)/*table*/;
CREATE INDEX saved_view_list ON saved_view (list, name);

-- Sessions, and links that sign in once. digest is BLAKE2b-256 of the secret, in hex: what stands
-- here lets nobody in. kind link: used up by its first use; fresh: a session that still owes its
-- second factor.
CREATE TABLE sign_in (
    digest TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('session', 'link', 'fresh')),
    staff_no BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    client TEXT,
    agent TEXT
)/*table*/;
CREATE INDEX sign_in_staff ON sign_in (staff_no);

-- Tries to sign in, each counted before it is judged (flow/user_try.h). digest is that of who
-- tries: a browser that is known here, an account and an address, an address. Before until_at
-- nothing more is judged.
CREATE TABLE sign_in_try (
    digest TEXT NOT NULL PRIMARY KEY,
    tries BIGINT NOT NULL,
    at BIGINT NOT NULL,
    until_at BIGINT NOT NULL
)/*table*/;

-- Keys of programs. scopes are names of permissions, separated by blanks; never more than the role
-- of the user to whom it belongs.
CREATE TABLE token (
    digest TEXT NOT NULL PRIMARY KEY,
    token_no BIGINT NOT NULL,
    staff_no BIGINT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL
)/*table*/;
CREATE UNIQUE INDEX token_number ON token (token_no);

-- What one person asks for and another must agree to. kind says what will be done, wish is how
-- (JSON), subject what it is about ("FH-20418", "strategy house"), facts what was known when it
-- was asked: digest of what the approver must see unchanged.
CREATE TABLE approval (
    approval_no BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    wish TEXT NOT NULL,
    facts TEXT,
    reason TEXT,
    asked_no BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'declined', 'withdrawn', 'lapsed')),
    decided_no BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    answer TEXT
)/*table*/;
CREATE INDEX approval_waiting ON approval (state, asked_at, approval_no, kind, asked_no, subject)
    WHERE state = 'waiting'; -- every page counts, from this alone
CREATE INDEX approval_subject ON approval (subject, kind, state);

-- Files that came in over the console, and what became of them. choice says which column means
-- what (JSON, flow/intake.h), map is the YAML that follows from it; header names the columns, by
-- digest, so that the next file of the same shape is read the same way. bytes are let go once the
-- file was loaded or dropped; report is that of the last check or load, rejects its rows.
CREATE TABLE intake (
    intake_no BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    creditor TEXT,
    length BIGINT NOT NULL,
    digest TEXT NOT NULL,
    header TEXT NOT NULL,
    choice TEXT,
    map TEXT,
    state TEXT NOT NULL CHECK (state IN ('new', 'checking', 'checked', 'loading', 'loaded',
                                         'failed', 'dropped')),
    state_at BIGINT NOT NULL,
    report TEXT,
    rejects BLOB,
    staff_no BIGINT NOT NULL,
    at BIGINT NOT NULL,
    bytes BLOB
)/*heap*/;
CREATE INDEX intake_header ON intake (header, intake_no);

-- What a program was answered when it wrote with a key, so that the same call again does nothing
-- and is answered the same. casefile_id 0: of no account. digest is that of method, path and body.
CREATE TABLE api_reply (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    once TEXT NOT NULL,
    staff_no BIGINT NOT NULL,
    digest TEXT NOT NULL,
    status BIGINT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (bucket, casefile_id, once)
)/*table*/;

-- ---- Webhooks -----------------------------------------------------------------------------------

-- Programs that are told what happened (flow/webhook.h). secret is sealed; events are kinds of
-- journal records with blanks between, or "*"; records 1: what is sent holds the whole record.
CREATE TABLE webhook (
    webhook_no BIGINT NOT NULL,
    url TEXT NOT NULL,
    secret BLOB NOT NULL,
    events TEXT NOT NULL,
    records BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'failing', 'off')),
    fault TEXT,
    staff_no BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    state_at BIGINT NOT NULL,
    PRIMARY KEY (webhook_no)
)/*table*/;

-- Up to which record of each bucket a webhook was told.
CREATE TABLE webhook_place (
    bucket BIGINT NOT NULL,
    webhook_no BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (bucket, webhook_no)
)/*table*/;

-- One record on its way to one webhook. status: what was answered, 0 for no answer.
CREATE TABLE webhook_delivery (
    bucket BIGINT NOT NULL,
    webhook_no BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'sent', 'failed')),
    attempt BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    tried_at BIGINT NOT NULL,
    status BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    answer TEXT,
    PRIMARY KEY (bucket, webhook_no, seq)
)/*table*/;
CREATE INDEX webhook_due ON webhook_delivery (webhook_no, next_at, bucket, seq)
    WHERE state = 'waiting';
CREATE INDEX webhook_recent ON webhook_delivery (made_at, bucket, webhook_no, seq);

-- ---- Trust -------------------------------------------------------------------------------------

-- How far the chain of each bucket was checked (flow/audit_chain.h), by its last record and hash
-- then. broken_seq: the first record that does not follow from the one before it; 0: none.
CREATE TABLE chain_check (
    bucket BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash BLOB NOT NULL,
    broken_seq BIGINT NOT NULL,
    checked_at BIGINT NOT NULL,
    PRIMARY KEY (bucket)
)/*table*/;

-- A draw of records of the journal for review (flow/sample.h). filter says of what (JSON), seed how
-- chance fell; with until_at, the moment to which records count, and span, the longest journal of
-- a bucket then, they give the same records again. looked: how many were looked at.
CREATE TABLE sample (
    sample_no BIGINT NOT NULL PRIMARY KEY,
    filter TEXT NOT NULL,
    seed BIGINT NOT NULL,
    wanted BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    span BIGINT NOT NULL,
    looked BIGINT NOT NULL,
    whole BIGINT NOT NULL CHECK (whole IN (0, 1)),
    staff_no BIGINT NOT NULL,
    at BIGINT NOT NULL
)/*table*/;

-- One record of a draw, and what its reviewer found. bucket and seq name the record, actor who
-- did it (NULL: the program), rule which rule decided. answers are letters in the order of the
-- questions, y, n or -; sheet names the questions by the digest of their file.
CREATE TABLE review (
    sample_no BIGINT NOT NULL,
    item_no BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    actor TEXT,
    rule TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done')),
    sheet TEXT,
    answers TEXT,
    note TEXT,
    staff_no BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (sample_no, item_no)
)/*table*/;
CREATE INDEX review_done ON review (at, sample_no, item_no) WHERE state = 'done';

-- ---- Figures that are kept ---------------------------------------------------------------------

-- Sums over case files (domain/figure.h lists the kinds, and what their keys are), by day (grain 0)
-- and by month (grain 1). Derived: `recoup prove --measures` adds them up again from the rows
-- above. A row in which both sums are 0 is not there.
CREATE TABLE figure (
    kind BIGINT NOT NULL,
    grain BIGINT NOT NULL CHECK (grain IN (0, 1)),
    group_no BIGINT NOT NULL,
    -- a day, or year × 12 + month - 1
    period BIGINT NOT NULL,
    first_key BIGINT NOT NULL,
    second_key BIGINT NOT NULL,
    counted BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    PRIMARY KEY (kind, grain, group_no, period, first_key, second_key)
)/*table*/;

-- Who a figure is about: level 0 the whole book; 1 a client, a desk, a strategy and a segment; 2 a
-- client; 3 a strategy and a segment; 4 a desk; and in which currency (0: not money). All others are
-- sums of level 1, so that what is asked by client, by strategy or by desk reads few rows.
CREATE TABLE figure_group (
    group_no BIGINT NOT NULL PRIMARY KEY,
    level BIGINT NOT NULL CHECK (level IN (0, 1, 2, 3, 4)),
    client TEXT NOT NULL,
    desk TEXT NOT NULL,
    strategy TEXT NOT NULL,
    segment TEXT NOT NULL,
    currency BIGINT NOT NULL
)/*table*/;

-- Keys that are words.
CREATE TABLE figure_word (
    word_no BIGINT NOT NULL PRIMARY KEY,
    word TEXT NOT NULL
)/*table*/;

-- How much of the journal of a bucket is in the figures.
CREATE TABLE figure_head (
    bucket BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
)/*table*/;

-- Case files that changed without a record in the journal: what the cycle concluded of them, and
-- what time alone charged.
CREATE TABLE figure_due (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    PRIMARY KEY (bucket, casefile_id)
)/*table*/;

-- What figures count of a case file, packed (store/tracks.h), as it is in them.
CREATE TABLE track (
    bucket BIGINT NOT NULL,
    casefile_id BIGINT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (bucket, casefile_id)
)/*table*/;
