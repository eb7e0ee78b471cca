-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."measurements" ("approximate", "exact", "id", "small")
  SELECT pgrst_body."approximate", pgrst_body."exact", pgrst_body."id", pgrst_body."small"
  FROM (
    SELECT _."approximate", _."exact", _."id", _."small"
    FROM json_to_record($1) AS _("approximate" double precision, "exact" numeric, "id" bigint, "small" real)
  ) AS pgrst_body
  RETURNING "measurements".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "measurements".*
  FROM pgrst_source AS "measurements"
) AS _ashlar_row;
-- $1 = '{"id": 9007199254740993, "exact": 0.1234567890123456789012345, "approximate": 1e-7, "small": 3.4}'

-- what functions have set for the answer
