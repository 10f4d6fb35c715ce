-- Which of the runs $1 are over, and when. One that nobody starts any more, by its message $2, will
-- never be there.
select wanted.run_id,
       case when run.run_id is null then inbox.position is null
            else run.status in ('completed', 'faulted', 'cancelled') end,
       run.updated_at
from unnest($1::uuid[], $2::uuid[]) as wanted(run_id, message_id)
     left join run on run.run_id = wanted.run_id
     left join inbox on inbox.message_id = wanted.message_id
                    and inbox.consumed_at is null and inbox.refused is null
