-- A message that cannot be applied is given to nobody any more. $1 id, $2 why
update inbox set refused = $2::text where message_id = $1::uuid and consumed_at is null
