-- A batch with everything that an append can carry, in one transaction and one round trip.
--
-- $1 member, $2 ordinal, $3 epoch, $4 batch: of the writer
-- $5, $6: of each append its run, and the last event that is stored: 0 for a start
-- $7..$14: rows of histories; the first column says which append, counted from 1, here and below
-- $15..$33: run rows; $34..$48: approvals; $49..$58: decisions; $59..$69: unresolved attempts
-- $70, $71: messages that are consumed; $72..$77: messages to other runs;
-- $78..$84: changes in the store of events; $85..$89: blobs that the bodies refer to
--
-- Answers as append_runs does; an append is also refused when an approval is not in a state that it
-- may come from.
with
\ir parts/fence.sql
-- `comes_from` lists the states before; none: the approval is new.
asked as materialized (
    select *
    from unnest($34::int4[], $35::text[], $36::uuid[], $37::text[], $38::uuid[], $39::text[],
                $40::text[], $41::text[], $42::text[], $43::text[], $44::bytea[], $45::int8[],
                $46::timestamptz[], $47::timestamptz[], $48::timestamptz[])
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
\ir parts/rows.sql
kept as (
    insert into blob (run_id, tenant, digest, content)
    select fresh.run_id, fresh.tenant, fresh.digest, fresh.content
    from unnest($85::int4[], $86::uuid[], $87::text[], $88::bytea[], $89::text[])
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
    from unnest($49::int4[], $50::uuid[], $51::text[], $52::uuid[], $53::text[], $54::text[],
                $55::text[], $56::text[], $57::text[], $58::timestamptz[])
        as answer(part, approval_id, tenant, run_id, decision_id, decision,
                  decided_by, comment, refused, at)
    where (select taken from verdict)[answer.part]
    on conflict do nothing
),
doubts as materialized (
    select *
    from unnest($59::int4[], $60::bool[], $61::uuid[], $62::text[], $63::text[], $64::text[],
                $65::text[], $66::int4[], $67::int4[], $68::timestamptz[], $69::timestamptz[])
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
    from unnest($70::int4[], $71::uuid[]) as answered(part, message_id)
    where (select taken from verdict)[answered.part]
      and inbox.message_id = answered.message_id and inbox.consumed_at is null
),
posted as (
    insert into inbox (message_id, tenant, run_id, shard, content)
    select letter.message_id, letter.tenant, letter.run_id, letter.shard, letter.content
    from unnest($72::int4[], $73::uuid[], $74::text[], $75::uuid[], $76::int2[], $77::text[])
        as letter(part, message_id, tenant, run_id, shard, content)
    where (select taken from verdict)[letter.part]
    on conflict (message_id) do nothing
    returning shard
),
changes as materialized (
    select *
    from unnest($78::int4[], $79::text[], $80::text[], $81::uuid[], $82::int2[], $83::text[],
                $84::text[])
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
),
\ir parts/written.sql
select array_to_string(array_positions(taken, false), ' '), (select count(*) from told)
from verdict
