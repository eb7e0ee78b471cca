-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."journal" ("entry")
  SELECT pgrst_body."entry"
  FROM (
    SELECT _."entry"
    FROM json_to_recordset($1) AS _("entry" text)
  ) AS pgrst_body
  RETURNING "journal".*
)
SELECT "public"."json_lines"(_ashlar_row.*), count(*)
FROM (
  SELECT "journal".*
  FROM pgrst_source AS "journal"
) AS _ashlar_row;
-- $1 = '[{"entry": "a"}, {"entry": "b"}]'

-- what functions have set for the answer
