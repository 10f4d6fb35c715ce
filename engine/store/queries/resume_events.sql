-- The events of several runs, each after its own sequence.
-- $1 runs, $2 sequences; of each: $3 most events, $4 bytes of bodies after which no other follows
select event.sequence, event.at, event.kind, event.body, event.chain, wanted.ordinal
from unnest($1::uuid[], $2::int8[]) with ordinality as wanted(run_id, after, ordinal)
     cross join lateral (
         select page.*,
                sum(octet_length(body)) over (order by sequence rows unbounded preceding)
                    - octet_length(body) as bytes_before
         from (select sequence, at, kind, body, chain
               from event
               where event.run_id = wanted.run_id and event.sequence > wanted.after
               order by sequence
               limit $3::int8) as page) as event
where event.bytes_before < $4::int8
order by wanted.ordinal, event.sequence
