-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."awards" ("id", "name", "film_id")
  SELECT pgrst_body."id", pgrst_body."name", "ashlar_parent"."id"
  FROM (
    SELECT _."id", _."name"
    FROM json_to_record($2) AS _("id" integer, "name" text)
  ) AS pgrst_body, "public"."films" AS "ashlar_parent"
  WHERE "ashlar_parent"."id" = $1
  RETURNING "awards"."id", "awards"."film_id", "awards"."name"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "awards"."id", "awards"."film_id", "awards"."name"
  FROM pgrst_source AS "awards"
) AS _ashlar_row;
-- $1 = '3'
-- $2 = '{"id": 50, "name": "Palme"}'

-- what functions have set for the answer
