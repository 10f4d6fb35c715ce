-- The rows of several histories that hold events from a certain one on.
-- $1 runs, $2 first events; of each: $3 most events, $4 bytes of bodies after which no other row
-- follows
select page.sequence, page.at, page.kinds, page.body, page.chain, wanted.ordinal
from unnest($1::uuid[], $2::int8[]) with ordinality as wanted(run_id, first, ordinal)
     cross join lateral (
         select held.*,
                sum(octet_length(body)) over (order by sequence rows unbounded preceding)
                    - octet_length(body) as bytes_before
         from (select sequence, at, kinds, body, chain
               from history
               where run_id = wanted.run_id and sequence < wanted.first + $3::int8
                 and sequence >= coalesce((select sequence from history
                                           where run_id = wanted.run_id
                                             and sequence <= wanted.first
                                           order by sequence desc limit 1), 0)) as held) as page
where page.bytes_before < $4::int8
order by wanted.ordinal, page.sequence
