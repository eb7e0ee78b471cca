-- set search_path = '"public", "public", "extensions"'; role = 'authenticated'

WITH pgrst_source AS (
  UPDATE "public"."diaries"
  SET "entry" = pgrst_body."entry"
  FROM (
    SELECT _."entry"
    FROM json_to_record($1) AS _("entry" text)
    LIMIT 1
  ) AS pgrst_body
  RETURNING "diaries".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "diaries".*
  FROM pgrst_source AS "diaries"
) AS _ashlar_row;
-- $1 = '{"entry": "moon"}'

-- what functions have set for the answer
