-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "directors"."name", (
    SELECT coalesce(json_agg("directors_films_1".*), '[]') AS "directors_films_1"
    FROM (
      SELECT "films_1"."title"
      FROM "public"."films" AS "films_1"
      WHERE "films_1"."director_id" = "directors"."id"
      ORDER BY "films_1"."year"
      LIMIT 1
    ) AS "directors_films_1"
  ) AS "films"
  FROM "public"."directors"
  ORDER BY "directors"."id"
  LIMIT 1
) AS _ashlar_row;

-- what functions have set for the answer
