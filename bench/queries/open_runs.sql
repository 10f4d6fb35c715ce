-- Runs that are not over.
select run_id from run where status in ('running', 'waiting') order by run_id
