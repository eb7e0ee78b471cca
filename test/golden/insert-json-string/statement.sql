-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."journal"
  SELECT
  FROM (
    SELECT
    FROM json_array_elements($1) AS _
  ) AS pgrst_body
  RETURNING "journal".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "journal".*
  FROM pgrst_source AS "journal"
) AS _ashlar_row;
-- $1 = '[]'

-- what functions have set for the answer
