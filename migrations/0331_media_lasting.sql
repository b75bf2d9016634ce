-- A file that a post on a social network shows: its age alone does not delete it, or a post that is far ahead would lose it.
ALTER TABLE media ADD COLUMN lasting boolean NOT NULL DEFAULT false;
