-- set search_path = '"public", "public", "extensions"'; role = 'anon'

INSERT INTO "public"."journal" ("entry")
SELECT pgrst_body."entry"
FROM (
  SELECT _."entry"
  FROM json_to_record($1) AS _("entry" text)
) AS pgrst_body;
-- $1 = '{"entry": "a\u0000b"}'

-- what functions have set for the answer
