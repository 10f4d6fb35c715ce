-- A batch of which only histories grow: events, and nothing else.
--
-- $1 member, $2 ordinal, $3 epoch, $4 batch: of the writer; $5..$11: rows of histories
--
-- Answers no row when the writer is fenced, or this connection is no longer the writer's.
with
\ir parts/fence.sql
written as (
    insert into history (run_id, tenant, sequence, at, kinds, body, chain)
    select fresh.*
    from unnest($5::uuid[], $6::text[], $7::int8[], $8::timestamptz[], $9::bytea[], $10::bytea[],
                $11::bytea[]) as fresh(run_id, tenant, sequence, at, kinds, body, chain)
    where exists (select from fence)
)
select '' from fence
