-- A batch with everything that an append can carry, in one transaction and one round trip.
--
-- $1 member, $2 ordinal, $3 epoch, $4 batch: of the writer
-- $5..$12: rows of histories; the first column says which append, counted from 1, here and below
-- $13..$30: run rows; $31..$45: approvals; $46..$55: decisions; $56..$66: unresolved attempts
-- $67, $68: messages that are consumed; $69..$74: messages to other runs;
-- $75..$81: changes in the store of events; $82..$86: blobs that the bodies refer to
--
-- Answers as append_runs does; an append is also refused when an approval is not in a state that it
-- may come from.
with
\ir parts/fence.sql
-- `comes_from` lists the states before; none: the approval is new.
asked as materialized (
    select *
    from unnest($31::int4[], $32::text[], $33::uuid[], $34::text[], $35::uuid[], $36::text[],
                $37::text[], $38::text[], $39::text[], $40::text[], $41::bytea[], $42::int8[],
                $43::timestamptz[], $44::timestamptz[], $45::timestamptz[])
        as asked(part, comes_from, approval_id, tenant, run_id, case_id,
                 workflow, step, kind, status, digest, asked_in,
                 requested_at, expires_at, changed_at)
),
impossible as materialized (
    select array(
        select asked.part
        from asked
             left join approval stored on stored.approval_id = any (array[asked.approval_id])
        where case when asked.comes_from is null then stored.approval_id is not null
                   else stored.approval_id is null
                        or stored.digest <> asked.digest
                        or stored.status <> all (string_to_array(asked.comes_from, ' '))
              end) as parts
    from fence
),
\ir parts/starts.sql
\ir parts/moves.sql
kept as (
    insert into blob (run_id, tenant, digest, content)
    select fresh.run_id, fresh.tenant, fresh.digest, fresh.content
    from unnest($82::int4[], $83::uuid[], $84::text[], $85::bytea[], $86::text[])
        as fresh(part, run_id, tenant, digest, content)
    where fresh.part <> all ((select parts from refused)::int4[])
    on conflict do nothing
),
requested as (
    insert into approval (approval_id, tenant, run_id, case_id, workflow, step, kind, status,
                          digest, asked_in, requested_at, expires_at, changed_at, consumed_at)
    select approval_id, tenant, run_id, case_id, workflow, step, kind, status,
           digest, asked_in, requested_at, expires_at, changed_at,
           case when status = 'consumed' then changed_at end
    from asked
    where comes_from is null and part <> all ((select parts from refused)::int4[])
),
changed as (
    update approval
    set status = asked.status, changed_at = asked.changed_at,
        consumed_at = case when asked.status = 'consumed' then asked.changed_at end
    from asked
    where asked.comes_from is not null and asked.part <> all ((select parts from refused)::int4[])
      and approval.approval_id = any (array[asked.approval_id])
      and approval.status = any (string_to_array(asked.comes_from, ' '))
),
decided as (
    insert into approval_decision (approval_id, tenant, run_id, decision_id, decision,
                                   decided_by, comment, refused, at)
    select answer.approval_id, answer.tenant, answer.run_id, answer.decision_id, answer.decision,
           answer.decided_by, answer.comment, answer.refused, answer.at
    from unnest($46::int4[], $47::uuid[], $48::text[], $49::uuid[], $50::text[], $51::text[],
                $52::text[], $53::text[], $54::text[], $55::timestamptz[])
        as answer(part, approval_id, tenant, run_id, decision_id, decision,
                  decided_by, comment, refused, at)
    where answer.part <> all ((select parts from refused)::int4[])
    on conflict do nothing
),
doubts as materialized (
    select *
    from unnest($56::int4[], $57::bool[], $58::uuid[], $59::text[], $60::text[], $61::text[],
                $62::text[], $63::int4[], $64::int4[], $65::timestamptz[], $66::timestamptz[])
        as doubts(part, resolved, run_id, step, tenant, target,
                  key, attempt, verifications, verify_at, since)
    where part <> all ((select parts from refused)::int4[])
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
    where doubts.resolved
      and unresolved.run_id = any (array[doubts.run_id]) and unresolved.step = doubts.step
),
consumed as (
    update inbox set consumed_at = now()
    from unnest($67::int4[], $68::uuid[]) as answered(part, message_id)
    where answered.part <> all ((select parts from refused)::int4[])
      and inbox.message_id = any (array[answered.message_id]) and inbox.consumed_at is null
),
posted as (
    insert into inbox (message_id, tenant, run_id, shard, content)
    select letter.message_id, letter.tenant, letter.run_id, letter.shard, letter.content
    from unnest($69::int4[], $70::uuid[], $71::text[], $72::uuid[], $73::int2[], $74::text[])
        as letter(part, message_id, tenant, run_id, shard, content)
    where letter.part <> all ((select parts from refused)::int4[])
    on conflict (message_id) do nothing
    returning shard
),
changes as materialized (
    select *
    from unnest($75::int4[], $76::text[], $77::text[], $78::uuid[], $79::int2[], $80::text[],
                $81::text[])
        as changes(part, what, tenant, run_id, shard, step, content)
    where part <> all ((select parts from refused)::int4[])
      -- What goes back because of a message goes back once.
      and case when what = 'returned' and content::json ->> 'message' is not null
               then exists (select from inbox
                            where message_id = (changes.content::json ->> 'message')::uuid
                              and consumed_at is null)
               else true end
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
    returning run_id
),
listening as (
    insert into listener_look (runs)
    select array_agg(distinct run_id) from listened
    having count(*) > 0
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
    where changes.what = 'ended' and changes.step = ''
      and place_wait.run_id = any (array[changes.run_id])
),
given_up as (
    delete from place using changes
    where changes.what in ('ended', 'returned') and changes.step = ''
      and place.run_id = any (array[changes.run_id])
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
    where changes.what = 'ended'
      and listener.run_id = any (array[changes.run_id]) and listener.step = changes.step
),
returned as (
    update event_in set taken_by = null, taken_at = null, is_fresh = true
    from changes
    where changes.what = 'returned' and event_in.taken_by = changes.run_id
      and event_in.position
          = any (array[case when changes.what = 'returned'
                            then (changes.content::json ->> 'position')::int8 end])
),
told as materialized (
    select pg_notify('resolute_inbox', shard::text) from posted
    union all
    select pg_notify('resolute_inbox', '') from changes where what <> 'ended' or step = ''
),
\ir parts/written.sql
select array_to_string(parts, ' '), (select count(*) from told)
from refused
