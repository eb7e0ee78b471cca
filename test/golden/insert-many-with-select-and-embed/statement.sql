-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."awards" ("film_id", "id", "name")
  SELECT pgrst_body."film_id", pgrst_body."id", pgrst_body."name"
  FROM (
    SELECT _."film_id", _."id", _."name"
    FROM json_to_recordset($1) AS _("film_id" integer, "id" integer, "name" text)
  ) AS pgrst_body
  RETURNING "awards"."name", "awards"."film_id", "awards"."id"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "awards"."name", row_to_json("awards_film_1".*) AS "film"
  FROM pgrst_source AS "awards"
  LEFT JOIN LATERAL (
    SELECT "films_1"."title", row_to_json("films_directors_2".*) AS "directors"
    FROM "public"."films" AS "films_1"
    LEFT JOIN LATERAL (
      SELECT "directors_2"."name"
      FROM "public"."directors" AS "directors_2"
      WHERE "directors_2"."id" = "films_1"."director_id"
    ) AS "films_directors_2" ON TRUE
    WHERE "films_1"."id" = "awards"."film_id"
  ) AS "awards_film_1" ON TRUE
  ORDER BY "awards"."id" DESC
) AS _ashlar_row;
-- $1 = '[{"id": 20, "film_id": 1, "name": "Critics"}, {"id": 21, "film_id": 4, "name": "Volpi Cup"}]'

-- what functions have set for the answer
