-- What is known of a channel beside what it sends with.
ALTER TABLE channels
    -- The last four characters of the token, so that a person can tell two apart.
    ADD COLUMN token_hint      text        NOT NULL DEFAULT '',
    -- When its credentials were last replaced.
    ADD COLUMN rotated_at      timestamptz,
    -- Paused since the provider refuses it, and not by a person.
    ADD COLUMN refused         boolean     NOT NULL DEFAULT false,
    -- The last look at the provider.
    ADD COLUMN checked_at      timestamptz,
    -- ok, refused, unreachable, or Green API's word for the state of the instance.
    ADD COLUMN check_state     text,
    ADD COLUMN check_detail    text,
    -- GREEN, YELLOW, RED or UNKNOWN.
    ADD COLUMN quality_rating  text,
    -- The name that customers see.
    ADD COLUMN verified_name   text;

-- A number that one business has given up may be another's: only the channels in use have it for themselves.
ALTER TABLE channels DROP CONSTRAINT channels_kind_external_id_key;
CREATE UNIQUE INDEX channels_in_use ON channels (kind, external_id) WHERE status <> 'disabled';
CREATE INDEX channels_external ON channels (workspace_id, kind, external_id);
