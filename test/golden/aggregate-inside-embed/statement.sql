-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "directors"."name", (
    SELECT coalesce(json_agg("directors_films_1".*), '[]') AS "directors_films_1"
    FROM (
      SELECT pg_catalog.count("films_1".*), max("films_1"."rating")
      FROM "public"."films" AS "films_1"
      WHERE "films_1"."director_id" = "directors"."id"
    ) AS "directors_films_1"
  ) AS "films"
  FROM "public"."directors"
  ORDER BY "directors"."id"
) AS _ashlar_row;

-- what functions have set for the answer
