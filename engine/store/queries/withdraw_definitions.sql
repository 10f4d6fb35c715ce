-- Names of a kind that are no longer deployed; what was published stays, for the runs that use it.
-- $1 tenant, $2 kind, $3 names that stay
delete from deployment where tenant = $1::text and kind = $2::text and name <> all($3::text[])
