-- Identity: who logs in, and how they prove it. Users belong to no workspace; customers (contacts) and keys for programs
-- do. No password, token or code stands here in clear.
CREATE TABLE users (
    id                uuid        PRIMARY KEY,
    -- Lower case, ASCII: so it is unique whatever way it is written.
    email             text        NOT NULL UNIQUE CHECK (email = lower(email) AND length(email) <= 254),
    -- E.164.
    phone             text,
    -- Argon2id, in PHC form.
    password_hash     text        NOT NULL,
    name              text,
    locale            text        NOT NULL DEFAULT 'en',
    -- The platform's own people.
    is_staff          boolean     NOT NULL DEFAULT false,
    email_verified_at timestamptz,
    phone_verified_at timestamptz,
    disabled_at       timestamptz,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL
);

-- A log-in: a family of refresh tokens. Of a user, or of a customer: a contact of a workspace. The contact is not
-- referenced: a session whose contact is gone is dead when it is looked at.
CREATE TABLE sessions (
    id              uuid        PRIMARY KEY,
    user_id         uuid        REFERENCES users ON DELETE CASCADE,
    workspace_id    uuid        REFERENCES workspaces ON DELETE CASCADE,
    contact_id      uuid,
    -- SHA-256 of what the device shows when it logs in again.
    device_hash     bytea       NOT NULL,
    user_agent      text,
    address         text,
    created_at      timestamptz NOT NULL,
    last_used_at    timestamptz NOT NULL,
    -- When a second factor was last shown.
    stepped_up_at   timestamptz,
    revoked_at      timestamptz,
    -- logout, revoked, password, reuse, disabled.
    revoked_reason  text,
    CHECK (num_nonnulls(user_id, contact_id) = 1 AND num_nonnulls(workspace_id, contact_id) <> 1)
);
CREATE INDEX sessions_user ON sessions (user_id, id DESC);
CREATE INDEX sessions_contact ON sessions (workspace_id, contact_id) WHERE contact_id IS NOT NULL;

-- The tokens of a family, numbered. All but the last are used; one that is shown again ends the family.
CREATE TABLE refresh_tokens (
    -- SHA-256.
    hash       bytea       PRIMARY KEY,
    session_id uuid        NOT NULL REFERENCES sessions ON DELETE CASCADE,
    generation integer     NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    UNIQUE (session_id, generation)
);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- A code that was asked for. The code itself is not here: it follows from the row's id and the platform's key. No user and
-- no contact where the address is nobody's: such a row is made too, so that asking looks the same, and nothing is sent.
CREATE TABLE one_time_codes (
    id           uuid        PRIMARY KEY,
    purpose      text        NOT NULL CHECK (purpose IN ('verify_email', 'verify_phone', 'reset_password', 'customer')),
    -- An e-mail address or a phone. The code is good for this one only.
    destination  text        NOT NULL,
    user_id      uuid        REFERENCES users ON DELETE CASCADE,
    workspace_id uuid        REFERENCES workspaces ON DELETE CASCADE,
    created_at   timestamptz NOT NULL,
    -- NULL until it is about to be sent.
    expires_at   timestamptz,
    sent_at      timestamptz,
    tries        smallint    NOT NULL DEFAULT 0,
    used_at      timestamptz
);
CREATE INDEX one_time_codes_newest ON one_time_codes (purpose, destination, workspace_id, id DESC);
CREATE INDEX one_time_codes_created ON one_time_codes (created_at);

CREATE TABLE totp_secrets (
    user_id      uuid        PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    -- Sealed.
    secret       bytea       NOT NULL,
    created_at   timestamptz NOT NULL,
    -- It counts from here on.
    confirmed_at timestamptz,
    -- The newest step of 30 s whose code was accepted: none is accepted twice.
    last_step    bigint      NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
    user_id uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    hash    bytea       NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (user_id, hash)
);

-- The right password was given; the second factor is still to come.
CREATE TABLE login_challenges (
    -- SHA-256.
    hash        bytea       PRIMARY KEY,
    user_id     uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
);
CREATE INDEX login_challenges_expiry ON login_challenges (expires_at);

-- Failed tries, by what they are counted for; a keyed hash, since people type passwords into the wrong field.
CREATE TABLE login_attempts (
    key          bytea            PRIMARY KEY,
    -- As of updated_at; it decays.
    failures     double precision NOT NULL DEFAULT 0,
    updated_at   timestamptz      NOT NULL,
    locked_until timestamptz      NOT NULL
);
CREATE INDEX login_attempts_updated ON login_attempts (updated_at);

-- Keys for programs.
CREATE TABLE api_keys (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL UNIQUE,
    name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    -- SHA-256 of the secret.
    hash         bytea       NOT NULL,
    -- Names of permissions.
    scopes       text[]      NOT NULL,
    created_by   uuid,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    PRIMARY KEY (workspace_id, id)
);

SELECT belongs_to_platform('users');
SELECT belongs_to_workspace('sessions');
SELECT belongs_to_platform('refresh_tokens');
SELECT belongs_to_workspace('one_time_codes');
SELECT belongs_to_platform('totp_secrets');
SELECT belongs_to_platform('recovery_codes');
SELECT belongs_to_platform('login_challenges');
SELECT belongs_to_platform('login_attempts');
SELECT belongs_to_workspace('api_keys');
