-- How many runs are in each status, approvals are pending, outcomes are unknown and messages were
-- refused.
select status, count(*) from run where tenant = $1::text group by status
union all
select 'approvals', count(*) from approval where tenant = $1::text and status = 'pending'
union all
select 'unresolved', count(*) from unresolved where tenant = $1::text
union all
select 'refused messages', count(*) from inbox where tenant = $1::text and refused is not null
