-- What a process can run. It claims these kinds only, and what nobody can run is reported.
ALTER TABLE queue.processes ADD COLUMN kinds text[] NOT NULL DEFAULT '{}';
