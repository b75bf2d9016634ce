-- One number for one line: contacts.phone has today's number, also of a line whose older number WhatsApp keeps. The program
-- writes it so from now on (crates/platform/src/phone/plans.rs); this rewrites what it has written before.
CREATE FUNCTION line_of(phone text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN phone ~ '^\+55[1-9]{2}[6-9]\d{7}$' THEN regexp_replace(phone, '^(\+55..)', '\19')
        WHEN phone ~ '^\+52(1|01|044|045)[2-9]\d{9}$' THEN '+52' || right(phone, 10)
        WHEN phone ~ '^\+549?0?[123]\d{9}$' THEN '+549' || right(phone, 10)
        WHEN phone ~ '^\+549?0?1115\d{8}$' THEN '+54911' || right(phone, 8)
        WHEN phone ~ '^\+549?0?(?!11)[123]\d\d15\d{7}$' THEN regexp_replace(phone, '^\+549?0?(...)15', '+549\1')
        WHEN phone ~ '^\+549?0?(?!11)[123]\d\d\d15\d{6}$' THEN regexp_replace(phone, '^\+549?0?(....)15', '+549\1')
        WHEN phone ~ '^\+225[^23][0-3]\d{6}$' THEN regexp_replace(phone, '^\+225', '+22501')
        WHEN phone ~ '^\+225[^23][4-6]\d{6}$' THEN regexp_replace(phone, '^\+225', '+22505')
        WHEN phone ~ '^\+225[^23][7-9]\d{6}$' THEN regexp_replace(phone, '^\+225', '+22507')
        WHEN phone ~ '^\+229\d{8}$' THEN regexp_replace(phone, '^\+229', '+22901')
        WHEN phone ~ '^\+2410?1\d{6}$' THEN '+24111' || right(phone, 6)
        WHEN phone ~ '^\+2410?2\d{6}$' THEN '+24162' || right(phone, 6)
        WHEN phone ~ '^\+2410?4\d{6}$' THEN '+24174' || right(phone, 6)
        WHEN phone ~ '^\+2410?5\d{6}$' THEN '+24165' || right(phone, 6)
        WHEN phone ~ '^\+2410?6\d{6}$' THEN '+24166' || right(phone, 6)
        WHEN phone ~ '^\+2410?7\d{6}$' THEN '+24177' || right(phone, 6)
        WHEN phone ~ '^\+237[23]\d{7}$' THEN regexp_replace(phone, '^\+237', '+2372')
        WHEN phone ~ '^\+237[5679]\d{7}$' THEN regexp_replace(phone, '^\+237', '+2376')
        WHEN phone ~ '^\+8416[2-9]\d{7}$' THEN '+843' || substr(phone, 6)
        WHEN phone ~ '^\+8412[01268]\d{7}$' THEN '+847' || translate(substr(phone, 6, 1), '01268', '09768') || substr(phone, 7)
        WHEN phone ~ '^\+8412[34579]\d{7}$' THEN '+848' || translate(substr(phone, 6, 1), '34579', '34512') || substr(phone, 7)
        WHEN phone ~ '^\+84(18[68]|199)\d{7}$' THEN '+845' || substr(phone, 6)
        ELSE phone
    END
$$;

-- Row-level security binds the tables' owner too.
SET LOCAL ROLE kazi_platform;

-- The first of those who would have one number gets it. Others keep the older one until they write: then the two are merged.
UPDATE contacts c SET phone = first.line
FROM (
    SELECT DISTINCT ON (workspace_id, line) workspace_id, id, line
    FROM (SELECT workspace_id, id, phone, line_of(phone) AS line FROM contacts WHERE phone IS NOT NULL) all_lines
    ORDER BY workspace_id, line, phone <> line, id
) first
WHERE c.workspace_id = first.workspace_id AND c.id = first.id AND c.phone <> first.line;

-- Whoever of them wants no marketing speaks for all.
UPDATE contacts c SET marketing = false
FROM (
    SELECT workspace_id, line_of(phone) AS line FROM contacts
    WHERE phone IS NOT NULL AND merged_into IS NULL
    GROUP BY 1, 2 HAVING count(*) > 1 AND bool_or(NOT marketing)
) said
WHERE c.workspace_id = said.workspace_id AND line_of(c.phone) = said.line AND c.merged_into IS NULL
  AND c.marketing IS DISTINCT FROM false;

RESET ROLE;
DROP FUNCTION line_of(text);
