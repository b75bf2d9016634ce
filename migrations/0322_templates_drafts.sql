-- What a member has written of a template, as the editor takes it. Meta's copy is in the columns beside it.
ALTER TABLE templates
    ADD COLUMN draft         jsonb,
    -- A change of a template that Meta has: 'written' or 'submitted'. NULL: Meta has the draft, or there is none.
    ADD COLUMN edit          text CHECK (edit IN ('written', 'submitted')),
    -- The changes of the last 30 days that Meta took while the template was approved. Meta counts them.
    ADD COLUMN edited_at     timestamptz[] NOT NULL DEFAULT '{}',
    -- The category that Meta has announced for it.
    ADD COLUMN next_category text CHECK (next_category IN ('marketing', 'utility', 'authentication'));
