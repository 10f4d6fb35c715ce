-- Since the server was made: transactions committed, rows made dead (updates and deletes), and
-- those of them that left a dead entry in an index too. Sessions report up to a second late.
select (select xact_commit from pg_stat_database where datname = current_database()),
       sum(n_tup_upd + n_tup_del)::int8,
       sum(n_tup_upd - n_tup_hot_upd + n_tup_del)::int8
from pg_stat_user_tables
