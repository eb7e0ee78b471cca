-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "directors"."name", (
    SELECT coalesce(json_agg("directors_director_films_1".*), '[]') AS "directors_director_films_1"
    FROM (
      SELECT "director_films_1"."films", "director_films_1"."best"
      FROM "public"."director_films" AS "director_films_1"
      WHERE "director_films_1"."director_id" = "directors"."id"
    ) AS "directors_director_films_1"
  ) AS "director_films"
  FROM "public"."directors"
  WHERE "directors"."id" = $1
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer
