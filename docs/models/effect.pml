/*
 * One run, one write effect: who may cause it, and what is known of it, while members die, pause and
 * lose connections, and the tool executes without answering.
 *
 * README.md says what each step stands for in the C++ and what is left out. Checked by `./dev model`
 * (scripts/model.sh), which chooses among these defines:
 *
 *   CLASS_A | CLASS_B | CLASS_C   the tool honours our key | can be asked | neither
 *   GATED                         a person approves first; the policy and the tool may change
 *   MEMBERS                       2 or 3
 *   FAULTS                        how many faults, of any kind, may happen: 4 by default
 *   the mutants, each where it is used
 */
#ifndef MEMBERS
#define MEMBERS 2
#endif
#define ATTEMPTS 2
#ifndef FAULTS
#define FAULTS 4
#endif
#if !defined(CLASS_A) && !defined(CLASS_B) && !defined(CLASS_C)
#define CLASS_B
#endif

/* ---- what is stored: the fold of the run's history (engine/run.h, engine/activity.h) */

mtype = { no_activity, proposed, running, uncertain, backing_off,
          succeeded, failed, denied, cancelled };
mtype = { unasked, pending, consumed, over };                /* an approval */
mtype = { nothing, applied, absent, undecided, resend };     /* verdicts; what a person answers */
mtype = { approve, reject };

typedef Run {
    byte sequence;
    mtype activity = no_activity;
    byte attempt;
    byte author;            /* the member that recorded its intent; its deadline is in there */
    bool in_doubt;          /* an earlier attempt was sent again before it was known */
    bool verify;            /* uncertain: there is a next question to the system of record ... */
    bool after_deadline;    /* ... not before the attempt's dispatch deadline */
    bool after_settle;      /* ... and not before an absence can be believed */
    bool asks_person;       /* uncertain: a person is asked what happened */
    bool cancel;            /* a cancel was recorded */
    bool unresolved;        /* the row of that name: no verdict yet */
#ifdef GATED
    mtype approval = unasked;
    byte digest;            /* of what the pending approval shows, and of what will run */
    bool is_new;            /* this append is the intent of the first attempt (for I4) */
#endif
}
Run db;
Run mem[MEMBERS];           /* what a member holds: its fold with one append not yet committed */

inline copy(to, from) {
    to.sequence = from.sequence; to.activity = from.activity; to.attempt = from.attempt; to.author = from.author;
    to.in_doubt = from.in_doubt; to.verify = from.verify; to.after_deadline = from.after_deadline;
    to.after_settle = from.after_settle; to.asks_person = from.asks_person;
    to.cancel = from.cancel; to.unresolved = from.unresolved;
#ifdef GATED
    to.approval = from.approval; to.digest = from.digest; to.is_new = from.is_new;
#endif
}

inline clear_run(r) {
    r.sequence = 0; r.activity = no_activity; r.attempt = 0; r.author = 0; r.in_doubt = false;
    r.verify = false; r.after_deadline = false; r.after_settle = false; r.asks_person = false;
    r.cancel = false; r.unresolved = false;
#ifdef GATED
    r.approval = unasked; r.digest = 0; r.is_new = false;
#endif
}

#define CLOSED(r) (r.activity == succeeded || r.activity == failed || \
                   r.activity == denied || r.activity == cancelled)

#if defined(LATE_ANSWER_COUNTS) || defined(DENIED_IS_RETRIED)
#define IS_OVER(r) (CLOSED(r) && r.activity != denied)
#else
#define IS_OVER(r) CLOSED(r)
#endif

/* ---- the database beside the history (engine/store) */

mtype = { idle, sent, commit_unknown };   /* a member's batch: none, at the database, no answer */
mtype statement[MEMBERS] = idle;
bool fenced[MEMBERS];                  /* member.fenced and writer.fenced: one transaction */
byte owner;                            /* of the run's shard */
byte last_writer;                      /* who wrote the last event: its chain is known to no other */
bool inbox_cancel;
mtype inbox_person = nothing;
#ifdef GATED
mtype inbox_reviewer = nothing;
byte reviewer_digest;
bool inbox_initiator;
#endif

/* ---- processes (engine/shell) */

mtype = { in_cancel, in_person, in_reviewer, in_initiator };
bool alive[MEMBERS];
bool loaded[MEMBERS];
mtype taking[MEMBERS] = nothing;       /* the message that this append consumes */
byte held[MEMBERS];                    /* attempt to send when the append has committed */
byte to_send[MEMBERS];                 /* attempt that waits for `may_send` */
mtype told[MEMBERS] = nothing;         /* what the system of record said, not yet recorded */
byte lease[MEMBERS];                   /* 0 good; 1 nearly over by its own clock; 2 over */

/* ---- outside (tools/dispatcher, the tool itself) */

mtype = { free, queued, travelling };
mtype = { silent, done, refused, refused_for_good, lost };
#define SLOT(m, n) ((m) * ATTEMPTS + (n) - 1)
mtype lane[MEMBERS * ATTEMPTS] = free;
mtype answer[MEMBERS * ATTEMPTS] = silent;
byte effects;                          /* times that the effect really happened */

mtype = { unset, ahead, passed };
mtype deadline[MEMBERS * ATTEMPTS] = unset;   /* of the dispatch, by who recorded which attempt */
#ifdef GATED
bool approval_over;                    /* its expiry has passed */
bool was_denied;                       /* a denial was committed */
byte world;                            /* 0 as asked; 1 the tool is another; 2 the policy denies */
#endif

byte faults = FAULTS;                  /* that may still happen, of any kind */

/* Never true: so that a broken assertion names its invariant. */
bool I1, I2, I3, I4, I5, I6, I7, I8, I14;

#if MEMBERS == 3
#define OTHER_LIVES(m) (((m) != 0 && alive[0] && !fenced[0]) || ((m) != 1 && alive[1] && !fenced[1]) \
                        || ((m) != 2 && alive[2] && !fenced[2]))
#else
#define OTHER_LIVES(m) (alive[1 - (m)] && !fenced[1 - (m)])
#endif

#if MEMBERS == 3
#define ON_ITS_WAY(n) (lane[SLOT(0, n)] == travelling || lane[SLOT(1, n)] == travelling || \
                       lane[SLOT(2, n)] == travelling)
#else
#define ON_ITS_WAY(n) (lane[SLOT(0, n)] == travelling || lane[SLOT(1, n)] == travelling)
#endif
#define NOTHING_ON_ITS_WAY (!ON_ITS_WAY(1) && !ON_ITS_WAY(2))

/* ---- what the recorder makes of things (engine/recorder*.cpp, engine/settlement.cpp) */

inline clear_doubt(m) {
    mem[m].verify = false; mem[m].after_deadline = false; mem[m].after_settle = false;
    mem[m].asks_person = false;
}

inline commit(m) {
    mem[m].sequence++;
    statement[m] = sent
}

/* The intent of an attempt: its effect is performed when the append has committed. */
inline start_attempt(m) {
    assert(I8 || !mem[m].unresolved);
    mem[m].attempt++;
    mem[m].activity = running;
    mem[m].author = m;
    deadline[SLOT(m, mem[m].attempt)] = ahead;
#ifdef NO_INTENT
    to_send[m] = mem[m].attempt;
#else
    held[m] = mem[m].attempt;
#endif
    printf("member %d: records the intent of attempt %d\n", m, mem[m].attempt)
}

inline ask_person(m) {
#ifndef NOBODY_IS_ASKED
    mem[m].asks_person = true;
    printf("member %d: asks a person what became of attempt %d\n", m, mem[m].attempt);
#endif
    mem[m].verify = false
}

/* ActivityUnknown: `was_cut` when nobody heard the sender itself say that it was sent. */
inline unknown(m, was_cut) {
#ifdef RETRY_ON_UNKNOWN
    mem[m].activity = (mem[m].attempt < ATTEMPTS -> backing_off : failed);
#else
    mem[m].activity = uncertain;
    mem[m].verify = true;
#ifdef CLASS_A
    mem[m].after_deadline = false;      /* two under one key are one: it is sent again at once */
#else
    mem[m].after_deadline = was_cut;
#endif
#ifndef NO_SETTLE_TIME
#ifndef CLASS_A
    mem[m].after_settle = true;
#endif
#endif
#ifdef CLASS_C
#ifdef PERSON_ASKED_AT_ONCE
    ask_person(m);
#else
    mem[m].after_deadline = true;
#endif
#endif
#endif
    mem[m].unresolved = true;
    printf("member %d: attempt %d is unknown\n", m, mem[m].attempt)
}

/* Surely not applied: this attempt. Of an earlier one that was sent again nothing is known. */
inline surely_failed(m, again) {
    if
    :: again && mem[m].attempt < ATTEMPTS -> mem[m].activity = backing_off
    :: else ->
#ifndef DOUBT_FORGOTTEN
        if
        :: mem[m].in_doubt ->
            unknown(m, true); mem[m].after_deadline = true; mem[m].after_settle = true
        :: else -> mem[m].activity = failed
        fi
#else
        mem[m].activity = failed
#endif
    fi
}

/* "Effects under way are settled first; what has not gone out never will." */
inline finish_cancel(m) {
    if
    :: mem[m].cancel ->
        if
        :: mem[m].activity == no_activity || mem[m].activity == proposed ->
            mem[m].activity = cancelled
        :: mem[m].activity == backing_off ->
#ifndef DOUBT_FORGOTTEN
            if
            :: mem[m].in_doubt ->
                unknown(m, true); mem[m].after_deadline = true; mem[m].after_settle = true
            :: else -> mem[m].activity = cancelled
            fi
#else
            mem[m].activity = cancelled
#endif
#ifdef CANCEL_WITHOUT_SETTLING
        :: mem[m].activity == running || mem[m].activity == uncertain ->
            mem[m].activity = cancelled; held[m] = 0; clear_doubt(m)
#endif
        :: else
        fi;
#ifdef GATED
        if
        :: mem[m].approval == pending -> mem[m].approval = over
        :: else
        fi;
#endif
        if
        :: mem[m].activity == cancelled -> printf("member %d: the run is cancelled\n", m)
        :: else
        fi
    :: else
    fi
}

/* The key is forgotten, or nothing may be sent any more: only a person is left, in time. */
inline resend_is_over(m) {
#ifdef LAST_RESEND_FAILS
    mem[m].activity = failed; mem[m].unresolved = false; clear_doubt(m)
#else
    if
    :: mem[m].after_deadline && mem[m].after_settle -> ask_person(m)
    :: else -> mem[m].after_deadline = true; mem[m].after_settle = true
    fi
#endif
}

inline verified(m) {
    printf("member %d: records the verdict %e on attempt %d\n", m, told[m], mem[m].attempt);
    if
    :: told[m] == applied ->
        mem[m].activity = succeeded; mem[m].unresolved = false; clear_doubt(m)
    :: told[m] == absent ->
        mem[m].activity = (mem[m].attempt < ATTEMPTS -> backing_off : failed);
        mem[m].in_doubt = false; mem[m].unresolved = false; clear_doubt(m)
    :: told[m] == resend && mem[m].attempt < ATTEMPTS && !mem[m].cancel ->
        mem[m].activity = backing_off; mem[m].in_doubt = true;
        mem[m].unresolved = false; clear_doubt(m)
    :: told[m] == resend && (mem[m].attempt == ATTEMPTS || mem[m].cancel) -> resend_is_over(m)
    :: told[m] == undecided ->
        if
        :: mem[m].after_deadline && mem[m].after_settle -> ask_person(m)
        :: else -> mem[m].after_deadline = true; mem[m].after_settle = true
        fi
#ifdef CLASS_B
    :: told[m] == undecided     /* `verify_within` is not over: later again */
#endif
    fi;
    told[m] = nothing
}

#ifdef GATED
/* The gate: under this policy a person is asked; under another the call is denied. */
inline propose(m) {
    if
    :: world == 2 -> mem[m].activity = denied; printf("member %d: denied by the policy\n", m)
    :: else ->
        mem[m].activity = proposed; mem[m].approval = pending; mem[m].digest = world;
        approval_over = false;
        printf("member %d: asks for approval of digest %d\n", m, world)
    fi
}

#ifdef GATE_ASKED_ONCE
#define IS_AS_ASKED(r) true
#else
#define IS_AS_ASKED(r) (world == r.digest)
#endif

/* The gate is asked again; the approval is used by the very append that is the intent. */
inline use_approval(m, is_initiator) {
    if
    :: !IS_AS_ASKED(mem[m]) -> mem[m].approval = over; propose(m)
    :: else ->
        assert(I5 || (!approval_over && world == mem[m].digest));
        assert(I6 || !is_initiator);
#ifndef APPROVAL_CONSUMED_LATE
        mem[m].approval = consumed;
#endif
        mem[m].is_new = true;
        start_attempt(m)
    fi
}

#ifdef LATE_ANSWER_COUNTS
#define IS_UNDECIDED(r) (r.approval == pending || r.activity == denied)
#else
#define IS_UNDECIDED(r) (r.approval == pending)
#endif
#ifdef EXPIRY_IGNORED
#define EXPIRED false
#else
#define EXPIRED approval_over
#endif
#ifdef DUTIES_IGNORED
#define MAY_DECIDE(is_initiator) true
#else
#define MAY_DECIDE(is_initiator) (!is_initiator)
#endif

inline decide(m, answer_, digest_, is_initiator) {
    if
    :: IS_UNDECIDED(mem[m]) && !EXPIRED && MAY_DECIDE(is_initiator) &&
       digest_ == mem[m].digest ->
        if
        :: answer_ == reject ->
            mem[m].activity = denied; mem[m].approval = over;
            printf("member %d: rejected by a person\n", m)
        :: answer_ == approve -> use_approval(m, is_initiator)
        fi
    :: else -> printf("member %d: an answer that does not count is refused\n", m)
    fi
}
#endif

/* ---- one incarnation of one process */

inline forget(m) {
    loaded[m] = false; held[m] = 0; taking[m] = nothing; told[m] = nothing;
    answer[SLOT(m, 1)] = silent; answer[SLOT(m, 2)] = silent;
    clear_run(mem[m])
}

/* Declared dead and aware of it: memory is void. What its dispatcher holds may still go out. */
inline stop(m) {
    alive[m] = false; to_send[m] = 0; statement[m] = idle;
    forget(m);
    printf("member %d: knows that it is fenced and forgets everything\n", m)
}

#ifdef DENIED_IS_RETRIED
#define IS_TRIED_AGAIN(r) (r.activity == backing_off || r.activity == denied)
#else
#define IS_TRIED_AGAIN(r) (r.activity == backing_off)
#endif
#ifdef TAKEOVER_WITHOUT_WAKE
#define IS_WOKEN(m) (m == 0 || db.activity != running)
#else
#define IS_WOKEN(m) true
#endif
#define LOADS(m) (alive[m] && !fenced[m] && owner == m && !loaded[m] && statement[m] == idle && \
                  !IS_OVER(db) && IS_WOKEN(m))
#define WORKS(m) (alive[m] && loaded[m] && statement[m] == idle)
#define HEARS(m) (WORKS(m) && mem[m].activity == running && answer[SLOT(m, mem[m].attempt)] != silent)
#define QUESTION_DUE(m) (WORKS(m) && mem[m].activity == uncertain && mem[m].verify && \
    told[m] == nothing && \
    (!mem[m].after_deadline || deadline[SLOT(mem[m].author, mem[m].attempt)] == passed) && \
    (!mem[m].after_settle || NOTHING_ON_ITS_WAY))

proctype Member(byte m) {
    byte i;
end:
    do
    :: atomic { LOADS(m) ->
        copy(mem[m], db); loaded[m] = true;
#ifdef GATED
        mem[m].is_new = false;
#endif
        printf("member %d: loads the run\n", m);
        if
        :: mem[m].activity == no_activity ->
#ifdef GATED
            propose(m);
#else
            start_attempt(m);
#endif
            commit(m)
        :: mem[m].activity == running -> unknown(m, true); finish_cancel(m); commit(m)
        :: else
        fi }

    /* an attempt has an outcome: tools/answer.cpp, Recorder::finished */
    :: atomic { HEARS(m) ->
        i = SLOT(m, mem[m].attempt);
        printf("member %d: attempt %d answers: %e\n", m, mem[m].attempt, answer[i]);
        if
        :: answer[i] == done -> mem[m].activity = succeeded
        :: answer[i] == refused -> surely_failed(m, true)
        :: answer[i] == refused_for_good -> surely_failed(m, false)
        :: answer[i] == lost -> unknown(m, false)
        fi;
        answer[i] = silent; i = 0;
        finish_cancel(m);
        commit(m) }

    /* the system of record is asked: ToolHandler::verify */
    :: atomic { QUESTION_DUE(m) ->
        if
#ifdef CLASS_A
        :: told[m] = resend
#endif
#ifdef CLASS_B
        :: effects > 0 -> told[m] = applied
        :: effects == 0 -> told[m] = absent
        :: faults > 0 -> faults--; told[m] = undecided
#endif
#ifdef CLASS_C
        :: told[m] = undecided
#endif
        fi }
    :: atomic { WORKS(m) && told[m] != nothing -> verified(m); finish_cancel(m); commit(m) }

    /* a retry is due: Recorder::wake_activities */
    :: atomic { WORKS(m) && IS_TRIED_AGAIN(mem[m]) && !mem[m].cancel ->
        start_attempt(m); commit(m) }

    /* messages: consumed by the append that answers them */
    :: atomic { WORKS(m) && inbox_cancel && !CLOSED(mem[m]) ->
        taking[m] = in_cancel; mem[m].cancel = true;
        printf("member %d: records the cancel\n", m);
        finish_cancel(m);
        commit(m) }
    :: atomic { WORKS(m) && inbox_person != nothing && mem[m].asks_person ->
        taking[m] = in_person;
        told[m] = inbox_person;
        mem[m].asks_person = false;
        verified(m);
        finish_cancel(m);
        commit(m) }
#ifdef GATED
    :: atomic { WORKS(m) && inbox_reviewer != nothing && !IS_OVER(mem[m]) ->
        taking[m] = in_reviewer; mem[m].is_new = false;
        if
        :: mem[m].cancel
        :: else -> decide(m, inbox_reviewer, reviewer_digest, false)
        fi;
        commit(m) }
    :: atomic { WORKS(m) && inbox_initiator && !CLOSED(mem[m]) ->
        taking[m] = in_initiator; mem[m].is_new = false;
        if
        :: mem[m].cancel
        :: else -> decide(m, approve, mem[m].digest, true)
        fi;
        commit(m) }
    :: atomic { WORKS(m) && mem[m].approval == pending && approval_over ->
        mem[m].approval = over; mem[m].activity = denied;
        printf("member %d: the approval expires\n", m);
        commit(m) }
#ifdef APPROVAL_CONSUMED_LATE
    :: atomic { WORKS(m) && mem[m].approval == pending && mem[m].attempt > 0 ->
        mem[m].approval = consumed; commit(m) }
#endif
#endif

    /* CoreLoop::perform: not when the lease is nearly over by its own clock */
    :: atomic { alive[m] && to_send[m] > 0 && lease[m] == 0 ->
        lane[SLOT(m, to_send[m])] = queued;
        printf("member %d: hands attempt %d to its dispatcher\n", m, to_send[m]);
        to_send[m] = 0 }

    /* Committer: the answer to the COMMIT is missing. A new connection raises the writer's epoch,
       which voids a batch that has not begun, and the same batch is given again. */
    :: atomic { alive[m] && statement[m] == commit_unknown ->
        if
        :: fenced[m] -> stop(m)
        :: else ->
#ifdef COMMIT_ASSUMED
            statement[m] = idle; to_send[m] = held[m]; held[m] = 0; taking[m] = nothing
#else
            statement[m] = sent; printf("member %d: gives its batch again\n", m)
#endif
        fi }
    od
}

/* ---- the lease and the takeover: engine/shell/keeper.cpp, engine/store/postgres_membership.cpp */

inline take_from(m, k) {
    fenced[k] = true;
    if
    :: owner == k -> owner = m
    :: else
    fi;
    printf("member %d: fences member %d and takes its shards\n", m, k)
}

#define IS_DEAD(k) (lease[k] == 2 && !fenced[k])

proctype Keeper(byte m) {
end:
    do
    :: atomic { alive[m] && fenced[m] -> stop(m) }
    :: atomic { alive[m] && !fenced[m] && lease[m] > 0 -> lease[m] = 0 }
    :: d_step { alive[m] && !fenced[m] && m != 0 && IS_DEAD(0) -> take_from(m, 0) }
    :: d_step { alive[m] && !fenced[m] && m != 1 && IS_DEAD(1) -> take_from(m, 1) }
#if MEMBERS == 3
    :: d_step { alive[m] && !fenced[m] && m != 2 && IS_DEAD(2) -> take_from(m, 2) }
#endif
    od
}

/* ---- what must be true of every commit */

inline check_commit(m) {
    assert(I7 || !fenced[m]);
    if
    :: mem[m].activity == succeeded -> assert(I2 || effects == 1)
    :: mem[m].activity == failed || mem[m].activity == cancelled -> assert(I2 || effects == 0)
    :: mem[m].activity == denied -> assert(I14 || effects == 0)
    :: else
    fi;
#ifdef GATED
    assert(I4 || !mem[m].is_new || mem[m].approval == consumed);
    assert(I5 || !mem[m].is_new || db.approval == pending);
    assert(I4 || mem[m].attempt == 0 || mem[m].approval == consumed || was_denied)
#endif
}

inline write_rows(m) {
    check_commit(m);
    copy(db, mem[m]);
    last_writer = m;
    if
    :: taking[m] == in_cancel -> inbox_cancel = false
    :: taking[m] == in_person -> inbox_person = nothing
#ifdef GATED
    :: taking[m] == in_reviewer -> inbox_reviewer = nothing
    :: taking[m] == in_initiator -> inbox_initiator = false
#endif
    :: else
    fi;
#ifdef GATED
    db.is_new = false;
    was_denied = was_denied || db.activity == denied;
#endif
    printf("database: commits event %d of member %d: %e, attempt %d\n",
           db.sequence, m, db.activity, db.attempt)
}

inline committed(m) {
    statement[m] = idle; to_send[m] = (held[m] > 0 -> held[m] : to_send[m]); held[m] = 0;
    taking[m] = nothing;
#ifdef GATED
    mem[m].is_new = false;
#endif
    if
    :: IS_OVER(mem[m]) -> forget(m)
    :: else
    fi
}

/* The statement's first act: the writer's own row, where it is not fenced. */
#ifdef NO_FENCE
#define IS_REFUSED(m) false
#else
#define IS_REFUSED(m) fenced[m]
#endif

/* A connection's backend: queries/append_all.sql and what a network can do to it. */
proctype Backend(byte m) {
end:
    do
    :: atomic { statement[m] == sent && alive[m] && faults > 0 ->
        faults--; statement[m] = commit_unknown;
        printf("network: the connection of member %d is cut before its batch arrives\n", m) }
    :: atomic { statement[m] == sent && !alive[m] ->
        statement[m] = idle; forget(m);
        printf("network: the last batch of member %d never arrives\n", m) }
    :: atomic { statement[m] == sent ->
        if
        :: IS_REFUSED(m) ->
            if
            :: alive[m] -> stop(m)
            :: else -> statement[m] = idle; forget(m)
            fi
        :: !IS_REFUSED(m) && db.sequence + 1 == mem[m].sequence ->
            write_rows(m);
            if
            :: !alive[m] -> statement[m] = idle; forget(m)
            :: alive[m] -> committed(m)
            :: alive[m] && faults > 0 ->
                faults--; statement[m] = commit_unknown;
                printf("network: the answer to the COMMIT of member %d is lost\n", m)
            fi
        /* known by its chain: it had arrived */
        :: !IS_REFUSED(m) && db.sequence == mem[m].sequence && last_writer == m -> committed(m)
        /* someone else's history stands */
        :: else ->
            statement[m] = idle; forget(m);
            printf("database: the batch of member %d is stale\n", m)
        fi }
    od
}

/* ---- the dispatcher of one process, the network behind it, and the tool */

#define LISTENS(m, n) (alive[m] && loaded[m] && mem[m].activity == running && mem[m].attempt == n)

inline hear(m, n, what) {
    if
    :: LISTENS(m, n) && answer[SLOT(m, n)] == silent -> answer[SLOT(m, n)] = what
    :: else
    fi
}

#if defined(CLASS_A) && !defined(KEY_PER_ATTEMPT)
#define KNOWS_THE_KEY (effects > 0)
#else
#define KNOWS_THE_KEY false
#endif

inline happen() {
    if
    :: KNOWS_THE_KEY -> printf("tool: knows the key and answers as the first time\n")
    :: else ->
        assert(I2 || effects == 0);
        assert(I2 || (db.activity != failed && db.activity != cancelled));
#ifdef GATED
        assert(I14 || !was_denied);
#endif
        effects++;
        printf("tool: the effect happens\n")
    fi
}

#ifdef NO_DISPATCH_DEADLINE
#define IS_TOO_LATE(m, n) false
#else
#define IS_TOO_LATE(m, n) (deadline[SLOT(m, n)] == passed)
#endif
#if defined(GATED) && !defined(NO_BINDING_CHECK)
#define BINDING_DIFFERS (world == 1 && db.digest != world)
#else
#define BINDING_DIFFERS false
#endif

proctype Road(byte m; byte n) {
    byte i;
end:
    do
    /* Time passes. An attempt is recorded after the one before, so its deadline is the later one. */
    :: atomic { deadline[SLOT(m, n)] == ahead ->
        deadline[SLOT(m, n)] = passed;
        for (i : 0 .. MEMBERS - 1) {
            if
            :: n > 1 && deadline[SLOT(i, n - 1)] == ahead -> deadline[SLOT(i, n - 1)] = passed
            :: else
            fi
        }
        i = 0;
        printf("time: the deadline of attempt %d passes\n", n) }

    /* Dispatcher::send: the deadline, the binding, and the first byte */
    :: atomic { lane[SLOT(m, n)] == queued && !IS_TOO_LATE(m, n) ->
        if
        :: BINDING_DIFFERS -> lane[SLOT(m, n)] = free; hear(m, n, refused_for_good)
        :: else ->
            assert(I1 || db.attempt >= n);
#ifdef GATED
            assert(I3 || world != 1 || db.digest == world);
#endif
            lane[SLOT(m, n)] = travelling;
            printf("member %d: sends attempt %d\n", m, n)
        fi }
    :: atomic { lane[SLOT(m, n)] == queued && IS_TOO_LATE(m, n) ->
        lane[SLOT(m, n)] = free; hear(m, n, refused);
        printf("member %d: attempt %d is too late to be sent\n", m, n) }
    :: atomic { lane[SLOT(m, n)] == queued && faults > 0 ->
        faults--; lane[SLOT(m, n)] = free; hear(m, n, refused);
        printf("member %d: attempt %d cannot be sent\n", m, n) }

    :: atomic { lane[SLOT(m, n)] == travelling -> happen(); lane[SLOT(m, n)] = free; hear(m, n, done) }
    :: atomic { lane[SLOT(m, n)] == travelling && faults > 0 ->
        faults--; lane[SLOT(m, n)] = free;
        printf("tool: refuses attempt %d\n", n);
        if
        :: true -> hear(m, n, refused)
        :: true -> hear(m, n, refused_for_good)
        fi }
    :: atomic { lane[SLOT(m, n)] == travelling && faults > 0 ->
        faults--; lane[SLOT(m, n)] = free; hear(m, n, lost);
        printf("network: attempt %d never reaches the tool\n", n) }
    :: atomic { lane[SLOT(m, n)] == travelling && faults > 0 ->
        faults--; happen(); lane[SLOT(m, n)] = free; hear(m, n, lost);
        printf("network: the tool's answer to attempt %d is lost\n", n) }
    :: atomic { lane[SLOT(m, n)] == travelling && faults > 0 && LISTENS(m, n) &&
                answer[SLOT(m, n)] == silent ->
        faults--; hear(m, n, lost);
        printf("member %d: waits no longer for attempt %d, which is on its way\n", m, n) }
    od
}

/* ---- time, faults and people */

#ifdef GATED
proctype Expiry() {
end:
    do
    :: atomic { db.approval == pending && !approval_over ->
        approval_over = true; printf("time: the approval's expiry passes\n") }
    od
}
#endif

proctype Faults(byte m) {
end:
    do
    /* a pause longer than the lease, or a database that could not be reached */
    :: atomic { alive[m] && lease[m] == 0 && faults > 0 -> faults--; lease[m] = 1 }
    :: atomic { lease[m] == 1 && OTHER_LIVES(m) ->
        lease[m] = 2; printf("time: the lease of member %d is over\n", m) }
    :: atomic { !alive[m] && lease[m] < 2 && !fenced[m] -> lease[m] = 2 }
    :: atomic { alive[m] && faults > 0 && OTHER_LIVES(m) && !fenced[m] ->
        faults--; alive[m] = false; to_send[m] = 0;
        if
        :: statement[m] == sent -> loaded[m] = false
        :: else -> statement[m] = idle; forget(m)
        fi;
        if :: lane[SLOT(m, 1)] == queued -> lane[SLOT(m, 1)] = free :: else fi;
        if :: lane[SLOT(m, 2)] == queued -> lane[SLOT(m, 2)] = free :: else fi;
        printf("member %d: is killed\n", m) }
    /* Membership::release and the other's next claim; nothing of the giver is fenced */
    :: atomic { faults > 0 && alive[m] && owner == m && !fenced[m] && statement[m] == idle &&
                OTHER_LIVES(m) ->
        faults--; forget(m);
        if
        :: m != 0 && alive[0] && !fenced[0] -> owner = 0
        :: m != 1 && alive[1] && !fenced[1] -> owner = 1
#if MEMBERS == 3
        :: m != 2 && alive[2] && !fenced[2] -> owner = 2
#endif
        fi;
        printf("member %d: gives the shard to member %d\n", m, owner) }
    od
}

proctype Canceller() {
    if
    :: atomic { db.sequence > 0 && !CLOSED(db) ->
        inbox_cancel = true; printf("person: cancels the run\n") }
    :: true
    fi
}

/* Looks at the system of record and says what is there. May take any time, or never answer. */
proctype Person() {
    bool asked;
end:
    do
    :: atomic { db.asks_person && inbox_person == nothing && !asked ->
        if
        :: effects > 0 -> inbox_person = applied
        :: effects == 0 -> inbox_person = absent
        fi;
        asked = true;
        printf("person: looks and says %e\n", inbox_person) }
    :: atomic { asked && !db.asks_person -> asked = false }
    od
}

#ifdef GATED
/* Sees what is asked, and answers later: by then it may be decided, expired or something else. */
proctype Reviewer() {
    byte seen;
end_unasked:
    atomic { db.approval == pending -> seen = db.digest };
end_busy:
    atomic { inbox_reviewer == nothing ->
        reviewer_digest = seen;
        if
        :: inbox_reviewer = approve
        :: inbox_reviewer = reject
        fi;
        printf("reviewer: %e of digest %d\n", inbox_reviewer, seen) }
}

proctype Initiator() {
end:
    if
    :: atomic { db.approval == pending -> inbox_initiator = true; printf("initiator: approve\n") }
    :: true
    fi
}

proctype Administrator() {
    if
    :: atomic { db.sequence > 0 -> world = 1; printf("administrator: another version of the tool\n") }
    :: atomic { db.sequence > 0 -> world = 2; printf("administrator: the policy denies it now\n") }
    :: true
    fi
}
#endif

init {
    byte m, n;
    atomic {
        for (m : 0 .. MEMBERS - 1) {
            alive[m] = true;
            run Member(m); run Keeper(m); run Backend(m); run Faults(m);
            for (n : 1 .. ATTEMPTS) { run Road(m, n) }
        }
        m = 0; n = 0;
        run Person(); run Canceller();
#ifdef GATED
        run Expiry(); run Reviewer(); run Reviewer(); run Initiator(); run Administrator();
#endif
    }
}

/* Every run ends, or waits for a person who has not answered yet. */
#ifdef GATED
#define WAITS_FOR_A_PERSON ((db.asks_person && inbox_person == nothing) || \
    (db.approval == pending && !approval_over && inbox_reviewer == nothing && !inbox_initiator))
#else
#define WAITS_FOR_A_PERSON (db.asks_person && inbox_person == nothing)
#endif
#define SETTLED (CLOSED(db) || (WAITS_FOR_A_PERSON && !inbox_cancel))
ltl settles { <> [] SETTLED }
