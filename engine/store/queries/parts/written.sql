-- The events of what is not refused: the last part of a statement, as no comma follows.
written as (
    insert into history (run_id, tenant, sequence, at, kinds, body, chain)
    select fresh.run_id, fresh.tenant, fresh.sequence, fresh.at, fresh.kinds, fresh.body,
           fresh.chain
    from unnest($5::int4[], $6::uuid[], $7::text[], $8::int8[], $9::timestamptz[],
                $10::bytea[], $11::bytea[], $12::bytea[])
        as fresh(part, run_id, tenant, sequence, at, kinds, body, chain)
    where fresh.part <> all ((select parts from refused)::int4[])
)
