-- One round trip and one commit for a batch of rows; with one row it is the bare commit.
insert into bare_event (run_id, sequence, at, kind, tenant, chain, body)
select *
from unnest($1::uuid[], $2::int8[], $3::timestamptz[], $4::int2[], $5::text[], $6::bytea[],
            $7::bytea[])
