-- Why a run was set aside.
select reason, at, bundle from quarantine where run_id = $1::uuid
