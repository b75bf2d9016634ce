-- Invoices, receipts and credit notes. Their numbers have no gaps, and what was issued is never changed.

CREATE TABLE invoice_settings (
    workspace_id    uuid        NOT NULL REFERENCES workspaces,
    -- A paid sale gets an invoice; a receipt.
    invoices        boolean     NOT NULL DEFAULT false,
    receipts        boolean     NOT NULL DEFAULT false,
    send_in_chat    boolean     NOT NULL DEFAULT true,
    send_by_email   boolean     NOT NULL DEFAULT false,
    seller_name     text        NOT NULL DEFAULT '',
    seller_address  text        NOT NULL DEFAULT '',
    tax_number      text        NOT NULL DEFAULT '',
    footer          text        NOT NULL DEFAULT '',
    -- What stands before the number. {year} is the year of issue, and each year has numbers of its own then.
    invoice_series  text        NOT NULL DEFAULT 'INV-{year}-',
    receipt_series  text        NOT NULL DEFAULT 'RCT-{year}-',
    credit_note_series text     NOT NULL DEFAULT 'CN-{year}-',
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id)
);
SELECT counts_changes('invoice_settings');

-- The last number of each series. The row is locked until the document commits, so there are no gaps.
CREATE TABLE invoice_numbers (
    workspace_id uuid   NOT NULL REFERENCES workspaces,
    series       text   NOT NULL,
    last         bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, series)
);

CREATE TABLE invoices (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('invoice', 'receipt', 'credit_note')),
    number       text        NOT NULL,
    series       text        NOT NULL,
    serial       bigint      NOT NULL CHECK (serial > 0),
    -- What was sold: order, or what a payment is for.
    subject_kind text        NOT NULL,
    subject_id   uuid        NOT NULL,
    -- What it is issued for once: the order, or the payment of something else.
    cause_id     uuid        NOT NULL,
    payment_id   uuid,
    -- Of a credit note: the invoice.
    invoice_id   uuid,
    -- Of a credit note: all that went back until then, with this.
    credited_minor bigint    NOT NULL DEFAULT 0,
    -- Without a foreign key: the books outlive the contact.
    contact_id   uuid        NOT NULL,
    language     text        NOT NULL,
    currency     text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    total_minor  bigint      NOT NULL CHECK (total_minor >= 0),
    -- On the clocks of the workspace.
    issued_on    date        NOT NULL,
    created_at   timestamptz NOT NULL,
    -- The seller, the lines and the sums, as they were then.
    paper        jsonb       NOT NULL,
    -- The buyer, as they were then. An erasure of the contact empties it.
    buyer        jsonb       NOT NULL,
    buyer_name   text        NOT NULL,
    -- The file that the customer got.
    media_id     uuid,
    sent_at      timestamptz,
    -- Why the customer could not get it in the chat.
    unreachable  text,
    mailed_at    timestamptz,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, series, serial),
    UNIQUE (workspace_id, number),
    UNIQUE (workspace_id, kind, cause_id, credited_minor),
    FOREIGN KEY (workspace_id, invoice_id) REFERENCES invoices,
    CHECK ((kind = 'credit_note') = (invoice_id IS NOT NULL))
);
CREATE INDEX invoices_contact ON invoices (workspace_id, contact_id, id);
CREATE INDEX invoices_subject ON invoices (workspace_id, subject_id);
CREATE INDEX invoices_payment ON invoices (workspace_id, payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX invoices_invoice ON invoices (workspace_id, invoice_id) WHERE invoice_id IS NOT NULL;

SELECT belongs_to_workspace('invoice_settings');
SELECT belongs_to_workspace('invoice_numbers');
SELECT belongs_to_workspace('invoices');

-- What was issued stays. What follows it (the file, how it reached the customer, an erasure, a merge of contacts) may change.
REVOKE UPDATE, DELETE ON invoices FROM kazi_app;
GRANT UPDATE (contact_id, buyer, buyer_name, media_id, sent_at, unreachable, mailed_at) ON invoices TO kazi_app;
REVOKE DELETE ON invoice_numbers FROM kazi_app;
