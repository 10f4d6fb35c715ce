-- A batch of which only histories grow: events, and nothing else.
--
-- $1 member, $2 ordinal, $3 epoch, $4 batch: of the writer
-- $5, $6, $7: of each append its run, and the sequence and the chain value of the event that must
-- be its last one
-- $8..$15: events; the first column says which append, counted from 1
--
-- Answers no row when the writer is fenced or this connection is no longer the writer's; else the
-- appends that were refused because the store's history ends elsewhere. The lower bound in the
-- look-up keeps it to one index entry, however long the history is.
with fence as materialized (
    update writer set last_batch = $4::int8
    where member_id = $1::uuid and ordinal = $2::int2 and epoch = $3::int8 and not fenced
    returning last_batch
),
verdict as materialized (
    select array(
        select coalesce((select last.sequence = part.sequence and last.chain = part.chain
                         from event last
                         where last.run_id = part.run_id and last.sequence >= part.sequence
                         order by last.sequence desc limit 1), false)
        from unnest($5::uuid[], $6::int8[], $7::bytea[])
                 with ordinality as part(run_id, sequence, chain, ordinal)
        order by part.ordinal) as taken
    from fence
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
