-- A model may call tools. What a prompt was tried without, it does not begin to do by itself.
ALTER TABLE prompts ADD COLUMN tools boolean NOT NULL DEFAULT false;
ALTER TABLE prompt_revisions ADD COLUMN tools boolean NOT NULL DEFAULT false;
