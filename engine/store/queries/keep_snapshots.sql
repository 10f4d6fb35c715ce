-- Puts these snapshots in the place of older ones. $1 runs, $2 tenants, $3 sequences, $4 format,
-- $5 heads, $6 definitions, $7 states, $8 times
insert into snapshot (run_id, tenant, sequence, format, head, definition, state, at)
select fresh.run_id, fresh.tenant, fresh.sequence, $4::int2, fresh.head, fresh.definition,
       fresh.state, fresh.at
from unnest($1::uuid[], $2::text[], $3::int8[], $5::bytea[], $6::bytea[], $7::bytea[],
            $8::timestamptz[])
         as fresh(run_id, tenant, sequence, head, definition, state, at)
on conflict (run_id) do update
set sequence = excluded.sequence, format = excluded.format, head = excluded.head,
    definition = excluded.definition, state = excluded.state, at = excluded.at
where snapshot.sequence < excluded.sequence or snapshot.format <> excluded.format
