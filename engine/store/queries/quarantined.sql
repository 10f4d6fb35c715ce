-- What is known about a run that was set aside.
select bundle from quarantine where run_id = $1::uuid
