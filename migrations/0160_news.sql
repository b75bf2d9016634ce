-- News: articles, who reads which topics at what time, and what was told to whom.
CREATE TABLE news_articles (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    -- How the place that it comes from names it: brought twice, it is written once.
    external_id  text,
    title        text        NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
    body         text        NOT NULL,
    url          text        NOT NULL,
    image_url    text,
    source       text,
    author       text,
    language     text        NOT NULL,
    topics       text[]      NOT NULL CHECK (cardinality(topics) BETWEEN 1 AND 8),
    breaking     boolean     NOT NULL DEFAULT false,
    -- When it was told to everybody at once.
    broken_at    timestamptz,
    -- Nobody is told of it before; NULL is a draft.
    published_at timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    -- The row stays for a while, so that a feed that brings it again does not bring it back.
    deleted_at   timestamptz,
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT news_articles_external_id UNIQUE (workspace_id, external_id),
    CONSTRAINT news_articles_url UNIQUE (workspace_id, url)
);
CREATE INDEX news_articles_fresh ON news_articles (workspace_id, published_at DESC, id DESC)
    WHERE deleted_at IS NULL AND published_at IS NOT NULL;
CREATE INDEX news_articles_old ON news_articles (created_at);

-- What an article says in a few words, once for each language that is read.
CREATE TABLE news_summaries (
    workspace_id uuid        NOT NULL,
    article_id   uuid        NOT NULL,
    language     text        NOT NULL,
    -- wanted: its job waits. asking: a model is being asked, and may have been paid. done: a model wrote it.
    -- fallback: no model did; the article's first sentences stand for it.
    status       text        NOT NULL DEFAULT 'wanted' CHECK (status IN ('wanted', 'asking', 'done', 'fallback')),
    text         text,
    asked_at     timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, article_id, language),
    FOREIGN KEY (workspace_id, article_id) REFERENCES news_articles ON DELETE CASCADE,
    CHECK (status <> 'done' OR text IS NOT NULL)
);

CREATE TABLE news_subscriptions (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    contact_id   uuid        NOT NULL,
    topics       text[]      NOT NULL CHECK (cardinality(topics) BETWEEN 1 AND 8),
    -- On the reader's clock; NULL is no brief at that part of the day.
    morning      time,
    afternoon    time,
    evening      time,
    zone         text        NOT NULL,
    -- NULL: the contact's.
    language     text,
    -- Articles a day that nobody asked for.
    daily_limit  smallint    NOT NULL DEFAULT 3 CHECK (daily_limit BETWEEN 1 AND 10),
    active       boolean     NOT NULL DEFAULT true,
    -- The next brief, made out of the times and the zone whenever one of them changes or a brief falls due.
    next_slot    text        CHECK (next_slot IN ('morning', 'afternoon', 'evening')),
    next_due_at  timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT news_subscriptions_contact UNIQUE (workspace_id, contact_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    CHECK ((next_due_at IS NULL) = (next_slot IS NULL)),
    CHECK (active OR next_due_at IS NULL)
);
-- Who is due, of all workspaces, without looking at anybody else.
CREATE INDEX news_subscriptions_due ON news_subscriptions (next_due_at) WHERE next_due_at IS NOT NULL;

-- One message with articles for one reader.
CREATE TABLE news_digests (
    workspace_id uuid        NOT NULL,
    id           uuid        NOT NULL,
    contact_id   uuid        NOT NULL,
    slot         text        NOT NULL CHECK (slot IN ('morning', 'afternoon', 'evening', 'latest', 'breaking')),
    due_at       timestamptz NOT NULL,
    -- Of breaking news.
    article_id   uuid,
    -- due → chosen → sent; or an end without a message, with its reason.
    status       text        NOT NULL DEFAULT 'due' CHECK (status IN ('due', 'chosen', 'sent', 'empty', 'skipped', 'unreachable')),
    reason       text,
    language     text,
    chosen_at    timestamptz,
    message_id   uuid,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    FOREIGN KEY (workspace_id, article_id) REFERENCES news_articles ON DELETE CASCADE
);
-- A brief is begun once, however often its time comes, and so is breaking news.
CREATE UNIQUE INDEX news_digests_once ON news_digests (workspace_id, contact_id, slot, due_at);
CREATE INDEX news_digests_old ON news_digests (created_at);
CREATE INDEX news_digests_article ON news_digests (workspace_id, article_id) WHERE article_id IS NOT NULL;

-- Which article went to whom: never twice.
CREATE TABLE news_deliveries (
    workspace_id uuid        NOT NULL,
    contact_id   uuid        NOT NULL,
    article_id   uuid        NOT NULL,
    digest_id    uuid        NOT NULL,
    position     smallint    NOT NULL,
    -- The reader's day that it counts for; NULL where they asked for it.
    day          date,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, contact_id, article_id),
    FOREIGN KEY (workspace_id, digest_id) REFERENCES news_digests ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, article_id) REFERENCES news_articles ON DELETE CASCADE
);
CREATE INDEX news_deliveries_digest ON news_deliveries (workspace_id, digest_id, position);
CREATE INDEX news_deliveries_article ON news_deliveries (workspace_id, article_id);

SELECT belongs_to_workspace('news_articles');
SELECT belongs_to_workspace('news_summaries');
SELECT belongs_to_workspace('news_subscriptions');
SELECT belongs_to_workspace('news_digests');
SELECT belongs_to_workspace('news_deliveries');
