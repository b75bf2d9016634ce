-- Calls that carried an Idempotency-Key: what they answered, for a day.
CREATE TABLE idempotency_keys (
    -- Whose key it is: member/<uuid>, api_key/<uuid> …
    principal    text        NOT NULL,
    key          text        NOT NULL,
    -- None for a call about the user alone.
    workspace_id uuid,
    -- SHA-256 of method, path and body: the same key with another call is a mistake.
    fingerprint  bytea       NOT NULL,
    -- Of the attempt that carries the call out now. A later one takes a call over whose process died.
    attempt      uuid        NOT NULL,
    running_until timestamptz NOT NULL,
    -- Set in the transaction that carries the call out: it must not be carried out again.
    effective    boolean     NOT NULL DEFAULT false,
    -- The answer, once there is one: sealed, since it may show a secret.
    answer       bytea,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (principal, key)
);
CREATE INDEX idempotency_keys_expires ON idempotency_keys (expires_at);

SELECT belongs_to_workspace('idempotency_keys');
