-- What all tables of the engine take, with their indexes.
select coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)::int8
from pg_class join pg_namespace on pg_namespace.oid = relnamespace
where nspname = 'resolute' and relkind = 'r'
