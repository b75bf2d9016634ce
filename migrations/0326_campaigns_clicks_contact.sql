-- Whether a contact has clicked a link of any campaign: an audience asks it of each contact.
CREATE INDEX campaign_clicks_contact ON campaign_clicks (workspace_id, contact_id);
