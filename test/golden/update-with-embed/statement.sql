-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  UPDATE "public"."films"
  SET "director_id" = pgrst_body."director_id", "year" = pgrst_body."year"
  FROM (
    SELECT _."director_id", _."year"
    FROM json_to_record($1) AS _("director_id" integer, "year" integer)
    LIMIT 1
  ) AS pgrst_body
  WHERE "films"."id" = $2
  RETURNING "films"."title", "films"."year", "films"."director_id", "films"."id"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", "films"."year", row_to_json("films_directors_1".*) AS "directors"
  FROM pgrst_source AS "films"
  LEFT JOIN LATERAL (
    SELECT "directors_1"."name"
    FROM "public"."directors" AS "directors_1"
    WHERE "directors_1"."id" = "films"."director_id"
  ) AS "films_directors_1" ON TRUE
) AS _ashlar_row;
-- $1 = '{"director_id": 4, "year": 1962}'
-- $2 = '4'

-- what functions have set for the answer
