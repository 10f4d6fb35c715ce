-- A new connection takes over its writer row: waits for a batch of the old connection that is
-- still being committed, and voids one that has not begun.
update writer set epoch = epoch + 1
where member_id = $1::uuid and ordinal = $2::int2 and not fenced
returning epoch, last_batch
