-- The events of several runs, each after its own sequence. $1 runs, $2 sequences, $3 limit of each
select event.sequence, event.at, event.kind, event.body, event.chain, wanted.ordinal
from unnest($1::uuid[], $2::int8[]) with ordinality as wanted(run_id, after, ordinal)
     cross join lateral (
         select sequence, at, kind, body, chain
         from event
         where event.run_id = wanted.run_id and event.sequence > wanted.after
         order by sequence
         limit $3::int8) as event
order by wanted.ordinal, event.sequence
