-- Running jobs by the time of their claim: whoever looks for recent ones passes over the dead entries of those before,
-- which stay in the index for as long as somebody holds an old snapshot. For the same reason a statement that knows its
-- jobs by their ids writes `state + 0 = 1`: with `state = 1` the planner may take this index for the shorter way.
DROP INDEX queue.jobs_running;
CREATE INDEX jobs_running ON queue.jobs (owner, claimed_at) WHERE state = 1;
