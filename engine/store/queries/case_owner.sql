-- For starts that were refused: the run that has the case, unless the very run exists already.
select part.ordinal, run.run_id
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) with ordinality
         as part(run_id, tenant, case_id, workflow, ordinal)
     cross join lateral (
         select run_id from run
         where (tenant, case_id, workflow) = (part.tenant, part.case_id, part.workflow)
         offset 0) as run
where not exists (select from run as same where same.run_id = part.run_id offset 0)
