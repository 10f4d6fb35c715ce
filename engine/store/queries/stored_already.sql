-- Which of these appends ($1 run, $2 last sequence, $3 its chain) the store holds, event for
-- event: the chain covers everything before it.
select part.ordinal
from unnest($1::uuid[], $2::int8[], $3::bytea[]) with ordinality
         as part(run_id, sequence, chain, ordinal)
where exists (select from event
              where event.run_id = part.run_id
                and event.sequence = part.sequence and event.chain = part.chain)
