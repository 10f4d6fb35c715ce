-- Begins again with nothing stored, for the measurements that say how much there is.
truncate history, run
