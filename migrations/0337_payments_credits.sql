-- A payment may be for credits, which the platform sells to businesses.
ALTER TABLE payments DROP CONSTRAINT payments_subject_kind_check;
ALTER TABLE payments ADD CONSTRAINT payments_subject_kind_check
    CHECK (subject_kind IN ('order', 'subscription', 'credits'));
