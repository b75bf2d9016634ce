-- Feedback: what customers say of an order that they have got, or of a booking that they came to.

CREATE TABLE feedback_settings (
    workspace_id    uuid        NOT NULL REFERENCES workspaces,
    after_orders    boolean     NOT NULL,
    after_bookings  boolean     NOT NULL,
    delay_hours     integer     NOT NULL CHECK (delay_hours BETWEEN 0 AND 720),
    -- The template for a contact who has not written for 24 hours. NULL: this contact is not asked.
    template        text        CHECK (length(template) BETWEEN 1 AND 512),
    -- A score of 1 or 2 opens a ticket.
    low_opens_ticket boolean    NOT NULL,
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id)
);
SELECT counts_changes('feedback_settings');

CREATE TABLE feedback (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    contact_id   uuid        NOT NULL,
    -- What it is about: one of the two.
    order_id     uuid,
    booking_id   uuid,
    status       text        NOT NULL CHECK (status IN ('asked', 'skipped', 'scored', 'given')),
    -- Why the contact was not asked.
    reason       text,
    score        smallint    CHECK (score BETWEEN 1 AND 5),
    comment      text,
    ticket_id    uuid,
    scored_at    timestamptz,
    given_at     timestamptz,
    -- When the contact was asked, or left out.
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    -- A thing is asked about once.
    UNIQUE (workspace_id, order_id),
    UNIQUE (workspace_id, booking_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    FOREIGN KEY (workspace_id, order_id) REFERENCES orders,
    FOREIGN KEY (workspace_id, booking_id) REFERENCES bookings,
    FOREIGN KEY (workspace_id, ticket_id) REFERENCES tickets,
    CHECK (num_nonnulls(order_id, booking_id) = 1),
    CHECK ((status = 'skipped') = (reason IS NOT NULL)),
    CHECK ((status IN ('scored', 'given')) = (score IS NOT NULL))
);
CREATE INDEX feedback_contact ON feedback (workspace_id, contact_id, created_at);
CREATE INDEX feedback_created ON feedback (workspace_id, created_at);

SELECT belongs_to_workspace('feedback_settings');
SELECT belongs_to_workspace('feedback');
