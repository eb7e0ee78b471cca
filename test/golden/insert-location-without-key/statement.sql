-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."journal" ("entry")
  SELECT pgrst_body."entry"
  FROM (
    SELECT _."entry"
    FROM json_to_record($1) AS _("entry" text)
  ) AS pgrst_body
  RETURNING "journal".*
)
SELECT
FROM pgrst_source;
-- $1 = '{"entry": "x"}'

-- what functions have set for the answer
