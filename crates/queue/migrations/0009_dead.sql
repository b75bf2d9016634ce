-- The page of the dead letters and the overview ask again every few seconds: each group and each pool is counted in an
-- index, however many dead letters there are. The first also does what the old one did.
CREATE INDEX dead_group ON queue.dead (kind, error_class, finished_at, id);
CREATE INDEX dead_pool ON queue.dead (pool);
DROP INDEX queue.dead_kind;
