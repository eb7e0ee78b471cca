-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."inbox" ("id", "sender")
  SELECT pgrst_body."id", pgrst_body."sender"
  FROM (
    SELECT _."id", _."sender"
    FROM json_to_record($1) AS _("id" integer, "sender" text)
  ) AS pgrst_body
  RETURNING "inbox".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "inbox".*
  FROM pgrst_source AS "inbox"
) AS _ashlar_row;
-- $1 = '{"id": 60, "sender": "carol"}'

-- what functions have set for the answer
