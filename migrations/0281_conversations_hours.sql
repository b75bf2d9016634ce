-- The end of the closed hours that the customer was told of: once is enough.
ALTER TABLE conversations ADD COLUMN told_closed_until timestamptz;
