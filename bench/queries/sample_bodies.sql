-- Rows that the engine wrote for a workflow's runs: the ceiling is measured with their bodies.
select history.sequence, history.at, history.kinds, history.body, history.chain
from history join run using (run_id) where run.workflow = $1::text
order by history.run_id, history.sequence limit 1000
