-- $1 tenant, $2 the only one that is asked for, or null
select schedule_id, tenant, workflow, workflow_version, workflow_digest,
       array_to_json(event_types), published_at, revision, next_at,
       heard_transaction, heard_position, state
from schedule
where case when ($2::uuid[])[1] is null then tenant = $1::text
           else schedule_id = ($2::uuid[])[1] end
order by workflow
