-- For starts that were refused: the run that has the case, unless the very run exists already.
select part.ordinal, run.run_id
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) with ordinality
         as part(run_id, tenant, case_id, workflow, ordinal)
     join run on run.tenant = part.tenant
             and run.case_id = part.case_id and run.workflow = part.workflow
where not exists (select from run same where same.run_id = part.run_id)
