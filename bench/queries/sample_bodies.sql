-- The bodies that the engine wrote for a workflow's runs: the ceiling is measured with
-- the same bytes.
select event.body from event join run using (run_id) where run.workflow = $1::text
order by event.run_id, event.sequence limit 1000
