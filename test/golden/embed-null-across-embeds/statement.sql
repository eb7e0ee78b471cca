-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title"
  FROM "public"."films"
  LEFT JOIN LATERAL (
    SELECT "directors_1".*
    FROM "public"."directors" AS "directors_1"
    WHERE "directors_1"."id" = "films"."director_id" AND "directors_1"."name" like $1
  ) AS "films_directors_1" ON TRUE
  WHERE (EXISTS (
    SELECT 1
    FROM "public"."actors" AS "actors_1", "public"."roles" AS "actors_1_via"
    WHERE "actors_1"."id" = "actors_1_via"."actor_id" AND "films"."id" = "actors_1_via"."film_id" AND "actors_1"."name" like $2
  ) OR EXISTS (
    SELECT 1
    FROM "public"."directors" AS "directors_1"
    WHERE "directors_1"."id" = "films"."director_id" AND "directors_1"."name" like $3
  ))
  ORDER BY "films"."id"
) AS _ashlar_row;
-- $1 = '%Varda'
-- $2 = '%Mifune'
-- $3 = '%Varda'

-- what functions have set for the answer
