-- How many runs the steps of run $1 started, and how many share its beginning; no further than $2.
select (select count(*)
        from (select from run where parent_id = $1::uuid limit $2::int8) as children),
       (select count(*)
        from (select from run where forked_from = $1::uuid limit $2::int8) as forks)
