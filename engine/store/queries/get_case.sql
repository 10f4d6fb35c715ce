-- The record of a case, with its newest entries in the order in which they were made.
-- $1 tenant, $2 case, $3 how many entries
select record::text,
       (select coalesce(jsonb_agg(jsonb_build_object(
                   'op', op, 'says', says, 'run', run_id, 'step', step, 'workflow', workflow,
                   'at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
               order by ordinal), '[]'::jsonb)::text
        from (select * from case_entry
              where tenant = $1::text and case_id = $2::text
              order by ordinal desc limit $3::int8) as newest)
from case_record
where tenant = $1::text and case_id = $2::text
