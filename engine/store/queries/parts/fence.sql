fence as materialized (
    update writer set last_batch = $4::int8
    where member_id = $1::uuid and ordinal = $2::int2 and epoch = $3::int8 and not fenced
    returning last_batch
),
