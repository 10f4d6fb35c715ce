-- Where histories end that should end with a certain event: those that reach it.
-- $1 runs, $2 the event. A row has 100 events at most, and with this bound the look-up reads one
-- index entry, however long the history is.
select wanted.ordinal, last.sequence + octet_length(last.kinds) - 1, last.chain
from unnest($1::uuid[], $2::int8[]) with ordinality as wanted(run_id, sequence, ordinal)
     cross join lateral (
         select sequence, kinds, chain
         from history
         where run_id = wanted.run_id and history.sequence > wanted.sequence - 100
         order by sequence desc limit 1) as last
