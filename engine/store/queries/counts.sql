-- How many runs are in each status, approvals are pending and outcomes are unknown.
select status, count(*) from run where tenant = $1::text group by status
union all
select 'approvals', count(*) from approval where tenant = $1::text and status = 'pending'
union all
select 'unresolved', count(*) from unresolved where tenant = $1::text
