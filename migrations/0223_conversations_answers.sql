-- How often the bot or a member has answered. A member says with an answer which number they have seen: of two who answer in
-- one moment, the second is told.
ALTER TABLE conversations ADD COLUMN answers bigint NOT NULL DEFAULT 0;
