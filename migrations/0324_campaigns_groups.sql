-- The recipients of a group of zone and hour who wait. A turn of a broadcast asks for the groups whose time has come.
CREATE INDEX campaign_messages_group
    ON campaign_messages (workspace_id, campaign_id, zone, (coalesce(hour, '-1'::smallint)), contact_id)
    WHERE state = 'planned' AND zone IS NOT NULL;
