select tenant from run where run_id = $1::uuid
