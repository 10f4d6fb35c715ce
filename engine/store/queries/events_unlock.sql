select pg_advisory_unlock(7238001)
