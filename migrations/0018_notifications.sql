-- What a workspace tells its members: each row is one member's.
CREATE TABLE notifications (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    user_id      uuid        NOT NULL REFERENCES users,
    -- channel_stopped, invitation_accepted …
    kind         text        NOT NULL,
    title        text        NOT NULL,
    -- What it is about: ids, for a link.
    data         jsonb       NOT NULL DEFAULT '{}',
    read_at      timestamptz,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX notifications_newest ON notifications (workspace_id, user_id, id DESC);
CREATE INDEX notifications_unread ON notifications (workspace_id, user_id) WHERE read_at IS NULL;
CREATE INDEX notifications_created ON notifications USING brin (created_at);

-- What a member does not want to be told. No row: told.
CREATE TABLE notification_preferences (
    workspace_id uuid    NOT NULL REFERENCES workspaces,
    user_id      uuid    NOT NULL REFERENCES users,
    kind         text    NOT NULL,
    in_app       boolean NOT NULL,
    PRIMARY KEY (workspace_id, user_id, kind)
);

SELECT belongs_to_workspace('notifications');
SELECT belongs_to_workspace('notification_preferences');
