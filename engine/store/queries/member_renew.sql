update member set expires_at = clock_timestamp() + $2::int8 * interval '1 microsecond'
where member_id = $1::uuid and not fenced
