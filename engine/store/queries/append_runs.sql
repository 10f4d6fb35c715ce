-- A batch in which histories grow and runs start or change their rows, and nothing else.
--
-- $1 member, $2 ordinal, $3 epoch, $4 batch: of the writer
-- $5, $6, $7: of each append its run, and the sequence and the chain value of the event that must
-- be its last one: 0 when there must be none, null when it does not matter
-- $8..$15: events; the first column says which append, counted from 1, here and below
-- $16..$34: run rows
--
-- Answers as append_events does; an append is also refused when its run or its case exists already.
with fence as materialized (
    update writer set last_batch = $4::int8
    where member_id = $1::uuid and ordinal = $2::int2 and epoch = $3::int8 and not fenced
    returning last_batch
),
fit as materialized (
    select array(
        select part.sequence is null or part.sequence = 0
                or coalesce((select last.sequence = part.sequence and last.chain = part.chain
                             from event last
                             where last.run_id = part.run_id and last.sequence >= part.sequence
                             order by last.sequence desc limit 1), false)
        from unnest($5::uuid[], $6::int8[], $7::bytea[])
                 with ordinality as part(run_id, sequence, chain, ordinal)
        order by part.ordinal) as follows
    from fence
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
)
select array_to_string(array_positions(taken, false), ' ')
from verdict
