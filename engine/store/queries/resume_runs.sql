-- What runs are resumed from: their rows, and their snapshots where this version can read them.
-- $1 runs, $2 format
select run.run_id, run.tenant, shard, workflow, workflow_version, workflow_digest, case_id, status,
       waits_code, waits_sentence, wake_at, run.sequence, started_at, updated_at,
       parent_id, forked_from,
       wanted.ordinal, snapshot.sequence, snapshot.head, snapshot.definition, snapshot.state,
       snapshot.at
from unnest($1::uuid[]) with ordinality as wanted(run_id, ordinal)
     join run on run.run_id = any (array[wanted.run_id])
     left join snapshot on snapshot.run_id = any (array[wanted.run_id])
                       and snapshot.format = $2::int2
order by wanted.ordinal
