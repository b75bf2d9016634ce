-- The files of a ticket's messages, in the order in which their author gave them.
CREATE TABLE ticket_files (
    workspace_id uuid     NOT NULL,
    message_id   uuid     NOT NULL,
    place        smallint NOT NULL,
    media_id     uuid     NOT NULL,
    PRIMARY KEY (workspace_id, message_id, place),
    FOREIGN KEY (workspace_id, message_id) REFERENCES ticket_messages,
    FOREIGN KEY (workspace_id, media_id) REFERENCES media
);

SELECT belongs_to_workspace('ticket_files');
