-- Of these parts ($1 run, $2 last event) the rows of history that hold their last event.
select held.*, part.ordinal
from unnest($1::uuid[], $2::int8[]) with ordinality as part(run_id, sequence, ordinal)
     cross join lateral (
         select sequence, at, kinds, body, chain
         from history
         where run_id = part.run_id and sequence <= part.sequence
         order by sequence desc limit 1) as held
