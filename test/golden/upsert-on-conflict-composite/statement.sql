-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."awards" ("film_id", "id", "name", "year")
  SELECT pgrst_body."film_id", pgrst_body."id", pgrst_body."name", pgrst_body."year"
  FROM (
    SELECT _."film_id", _."id", _."name", _."year"
    FROM json_to_record($1) AS _("film_id" integer, "id" integer, "name" text, "year" integer)
  ) AS pgrst_body
  WHERE set_config('ashlar.inserted', (coalesce(nullif(current_setting('ashlar.inserted', true), '')::int, 0) + 1)::text, true) IS NOT NULL
  ON CONFLICT ("film_id", "name") DO UPDATE SET "film_id" = EXCLUDED."film_id", "id" = EXCLUDED."id", "name" = EXCLUDED."name", "year" = EXCLUDED."year"
  WHERE set_config('ashlar.inserted', (coalesce(nullif(current_setting('ashlar.inserted', true), '')::int, 0) - 1)::text, true) IS NOT NULL
  RETURNING "awards"."id", "awards"."year"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "awards"."id", "awards"."year"
  FROM pgrst_source AS "awards"
) AS _ashlar_row;
-- $1 = '{"id": 1, "film_id": 3, "name": "Silver Lion", "year": 1955}'

-- what functions have set for the answer
