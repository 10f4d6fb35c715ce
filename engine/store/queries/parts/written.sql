-- The events of the parts that are taken: the last part of a statement, as no comma follows.
written as (
    insert into history (run_id, tenant, sequence, at, kinds, body, chain)
    select fresh.run_id, fresh.tenant, fresh.sequence, fresh.at, fresh.kinds, fresh.body,
           fresh.chain
    from unnest($7::int4[], $8::uuid[], $9::text[], $10::int8[], $11::timestamptz[],
                $12::bytea[], $13::bytea[], $14::bytea[])
        as fresh(part, run_id, tenant, sequence, at, kinds, body, chain)
    where (select taken from verdict)[fresh.part]
)
