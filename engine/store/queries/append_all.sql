-- A batch with everything that an append can carry, in one transaction and one round trip.
--
-- $1 member, $2 ordinal, $3 epoch, $4 batch: of the writer
-- $5, $6, $7: of each append its run, and the sequence and the chain value of the event that must
-- be its last one: 0 when there must be none, null when it does not matter
-- $8..$15: events; the first column says which append, counted from 1, here and below
-- $16..$34: run rows; $35..$49: approvals; $50..$59: decisions; $60..$70: unresolved attempts
-- $71, $72: messages that are consumed; $73..$78: messages to other runs;
-- $79..$85: changes in the store of events; $86..$90: blobs that the bodies refer to
--
-- Answers as append_events does; an append is also refused when its run or its case exists
-- already, or when an approval is not in a state that it may come from.
with fence as materialized (
    update writer set last_batch = $4::int8
    where member_id = $1::uuid and ordinal = $2::int2 and epoch = $3::int8 and not fenced
    returning last_batch
),
-- `comes_from` lists the states before; none: the approval is new.
asked as materialized (
    select *
    from unnest($35::int4[], $36::text[], $37::uuid[], $38::text[], $39::uuid[], $40::text[],
                $41::text[], $42::text[], $43::text[], $44::text[], $45::bytea[], $46::int8[],
                $47::timestamptz[], $48::timestamptz[], $49::timestamptz[])
        as asked(part, comes_from, approval_id, tenant, run_id, case_id,
                 workflow, step, kind, status, digest, asked_in,
                 requested_at, expires_at, changed_at)
),
impossible as materialized (
    select array(
        select asked.part
        from asked left join approval stored using (approval_id)
        where case when asked.comes_from is null then stored.approval_id is not null
                   else stored.approval_id is null
                        or stored.digest <> asked.digest
                        or stored.status <> all (string_to_array(asked.comes_from, ' '))
              end) as parts
    from fence
),
fit as materialized (
    select array(
        select part.ordinal <> all (parts)
           and (part.sequence is null or part.sequence = 0
                or coalesce((select last.sequence = part.sequence and last.chain = part.chain
                             from event last
                             where last.run_id = part.run_id and last.sequence >= part.sequence
                             order by last.sequence desc limit 1), false))
        from unnest($5::uuid[], $6::int8[], $7::bytea[])
                 with ordinality as part(run_id, sequence, chain, ordinal)
        order by part.ordinal) as follows
    from impossible
),
heads as materialized (
    select *
    from unnest($16::int4[], $17::bool[], $18::uuid[], $19::text[], $20::int2[], $21::text[],
                $22::text[], $23::text[], $24::bytea[], $25::text[],
                $26::text[], $27::text[], $28::timestamptz[],
                $29::int8[], $30::bytea[], $31::timestamptz[], $32::timestamptz[],
                $33::uuid[], $34::uuid[])
        as heads(part, is_new, run_id, tenant, shard, status,
                 workflow, workflow_version, workflow_digest, case_id,
                 waits_code, waits_sentence, wake_at,
                 sequence, head, started_at, updated_at, parent_id, forked_from)
),
started as (
    insert into run (run_id, tenant, shard, status,
                     workflow, workflow_version, workflow_digest, case_id,
                     waits_code, waits_sentence, wake_at,
                     sequence, head, started_at, updated_at, parent_id, forked_from)
    select run_id, tenant, shard, status,
           workflow, workflow_version, workflow_digest, case_id,
           waits_code, waits_sentence, wake_at,
           sequence, head, started_at, updated_at, parent_id, forked_from
    from heads
    where is_new and (select follows from fit)[part]
    on conflict do nothing
    returning run_id
),
verdict as materialized (
    select array(
        select follows[part.ordinal]
           and (part.sequence is distinct from 0
                or part.run_id in (select run_id from started))
        from unnest($5::uuid[], $6::int8[]) with ordinality as part(run_id, sequence, ordinal)
        order by part.ordinal) as taken
    from fit
),
moved as (
    update run
    set status = heads.status,
        workflow_version = heads.workflow_version, workflow_digest = heads.workflow_digest,
        waits_code = heads.waits_code, waits_sentence = heads.waits_sentence,
        wake_at = heads.wake_at,
        sequence = heads.sequence, head = heads.head, updated_at = heads.updated_at
    from heads
    where not heads.is_new and (select taken from verdict)[heads.part]
      and run.run_id = heads.run_id and run.status <> 'quarantined'
),
written as (
    insert into event (run_id, tenant, sequence, at, kind, body, chain)
    select fresh.run_id, fresh.tenant, fresh.sequence, fresh.at, fresh.kind, fresh.body, fresh.chain
    from unnest($8::int4[], $9::uuid[], $10::text[], $11::int8[], $12::timestamptz[],
                $13::int2[], $14::bytea[], $15::bytea[])
        as fresh(part, run_id, tenant, sequence, at, kind, body, chain)
    where (select taken from verdict)[fresh.part]
),
kept as (
    insert into blob (run_id, tenant, digest, content)
    select fresh.run_id, fresh.tenant, fresh.digest, fresh.content
    from unnest($86::int4[], $87::uuid[], $88::text[], $89::bytea[], $90::text[])
        as fresh(part, run_id, tenant, digest, content)
    where (select taken from verdict)[fresh.part]
    on conflict do nothing
),
requested as (
    insert into approval (approval_id, tenant, run_id, case_id, workflow, step, kind, status,
                          digest, asked_in, requested_at, expires_at, changed_at, consumed_at)
    select approval_id, tenant, run_id, case_id, workflow, step, kind, status,
           digest, asked_in, requested_at, expires_at, changed_at,
           case when status = 'consumed' then changed_at end
    from asked
    where comes_from is null and (select taken from verdict)[part]
),
changed as (
    update approval
    set status = asked.status, changed_at = asked.changed_at,
        consumed_at = case when asked.status = 'consumed' then asked.changed_at end
    from asked
    where asked.comes_from is not null and (select taken from verdict)[asked.part]
      and approval.approval_id = asked.approval_id
      and approval.status = any (string_to_array(asked.comes_from, ' '))
),
decided as (
    insert into approval_decision (approval_id, tenant, run_id, decision_id, decision,
                                   decided_by, comment, refused, at)
    select answer.approval_id, answer.tenant, answer.run_id, answer.decision_id, answer.decision,
           answer.decided_by, answer.comment, answer.refused, answer.at
    from unnest($50::int4[], $51::uuid[], $52::text[], $53::uuid[], $54::text[], $55::text[],
                $56::text[], $57::text[], $58::text[], $59::timestamptz[])
        as answer(part, approval_id, tenant, run_id, decision_id, decision,
                  decided_by, comment, refused, at)
    where (select taken from verdict)[answer.part]
    on conflict do nothing
),
doubts as materialized (
    select *
    from unnest($60::int4[], $61::bool[], $62::uuid[], $63::text[], $64::text[], $65::text[],
                $66::text[], $67::int4[], $68::int4[], $69::timestamptz[], $70::timestamptz[])
        as doubts(part, resolved, run_id, step, tenant, target,
                  key, attempt, verifications, verify_at, since)
    where (select taken from verdict)[part]
),
doubted as (
    insert into unresolved (run_id, step, tenant, target, key,
                            attempt, verifications, verify_at, since)
    select run_id, step, tenant, target, key, attempt, verifications, verify_at, since
    from doubts
    where not resolved
    on conflict (run_id, step) do update
    set target = excluded.target, key = excluded.key, attempt = excluded.attempt,
        verifications = excluded.verifications, verify_at = excluded.verify_at,
        since = excluded.since
),
settled as (
    delete from unresolved using doubts
    where doubts.resolved and unresolved.run_id = doubts.run_id and unresolved.step = doubts.step
),
consumed as (
    update inbox set consumed_at = now()
    from unnest($71::int4[], $72::uuid[]) as answered(part, message_id)
    where (select taken from verdict)[answered.part]
      and inbox.message_id = answered.message_id and inbox.consumed_at is null
),
posted as (
    insert into inbox (message_id, tenant, run_id, shard, content)
    select letter.message_id, letter.tenant, letter.run_id, letter.shard, letter.content
    from unnest($73::int4[], $74::uuid[], $75::text[], $76::uuid[], $77::int2[], $78::text[])
        as letter(part, message_id, tenant, run_id, shard, content)
    where (select taken from verdict)[letter.part]
    on conflict (message_id) do nothing
    returning shard
),
changes as materialized (
    select *
    from unnest($79::int4[], $80::text[], $81::text[], $82::uuid[], $83::int2[], $84::text[],
                $85::text[])
        as changes(part, what, tenant, run_id, shard, step, content)
    where (select taken from verdict)[part]
),
emitted as (
    insert into event_in (tenant, source, event_id, type, content)
    select tenant, content::json ->> 'source', content::json ->> 'id', content::json ->> 'type',
           content
    from changes
    where what = 'emitted'
    on conflict (tenant, source, event_id) do nothing
),
listened as (
    insert into listener (run_id, step, slot, tenant, shard, type, equals, declined)
    select run_id, step, (filter ->> 'slot')::int4, tenant, shard, filter ->> 'type',
           coalesce(filter -> 'equals', '[]'),
           array(select jsonb_array_elements_text(content::jsonb -> 'declined')::int8)
    from changes cross join lateral jsonb_array_elements(
        case when what = 'awaited' then content::jsonb -> 'filters' else '[]' end) as filter
    where step <> ''
    on conflict do nothing
),
-- Runs wait for places and give them up by the same changes, of no step: for the first of those
-- that they name.
queued as (
    insert into place_wait (run_id, tenant, shard, slot, key, priority, most, many, per_ms)
    select run_id, tenant, shard, (filter ->> 'slot')::int4, filter #>> '{place,key}',
           (filter #>> '{place,priority}')::int4, (filter #>> '{place,most}')::int4,
           (filter #>> '{place,many}')::int4, (filter #>> '{place,perMs}')::int8
    from changes cross join lateral (
        select case when what = 'awaited' and step = '' then content::jsonb #> '{filters,0}' end
    ) as first(filter)
    where what = 'awaited' and step = ''
    on conflict do nothing
    returning key
),
unqueued as (
    delete from place_wait using changes
    where changes.what = 'ended' and changes.step = '' and place_wait.run_id = changes.run_id
),
given_up as (
    delete from place using changes
    where changes.what in ('ended', 'returned') and changes.step = ''
      and place.run_id = changes.run_id
    returning place.key
),
-- `told` below makes whoever gives places look.
to_look_at as (
    insert into place_look (key)
    select key from queued
    union all
    select key from given_up
),
unlistened as (
    delete from listener using changes
    where changes.what = 'ended' and listener.run_id = changes.run_id
      and listener.step = changes.step
),
returned as (
    update event_in set taken_by = null, taken_at = null, is_fresh = true
    from changes
    where changes.what = 'returned' and event_in.taken_by = changes.run_id
      and event_in.position
          = case when changes.what = 'returned'
                 then (changes.content::json ->> 'position')::int8 end
),
told as materialized (
    select pg_notify('resolute_inbox', shard::text) from posted
    union all
    select pg_notify('resolute_inbox', '') from changes where what <> 'ended' or step = ''
)
select array_to_string(array_positions(taken, false), ' '), (select count(*) from told)
from verdict
