-- set search_path = '"archive", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "archive"."reels" ("film_id", "id", "shelf")
  SELECT pgrst_body."film_id", pgrst_body."id", pgrst_body."shelf"
  FROM (
    SELECT _."film_id", _."id", _."shelf"
    FROM json_to_record($1) AS _("film_id" integer, "id" integer, "shelf" text)
  ) AS pgrst_body
  RETURNING "reels".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "reels".*
  FROM pgrst_source AS "reels"
) AS _ashlar_row;
-- $1 = '{"id": 8, "film_id": 1, "shelf": "B1"}'

-- what functions have set for the answer
