-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "directors"."country", pg_catalog.count("directors".*), "directors_films_1"."directors_films_1"::jsonb AS "films"
  FROM "public"."directors"
  LEFT JOIN LATERAL (
    SELECT coalesce(json_agg("directors_films_1".*), '[]') AS "directors_films_1"
    FROM (
      SELECT pg_catalog.count("films_1".*)
      FROM "public"."films" AS "films_1"
      WHERE "films_1"."director_id" = "directors"."id"
    ) AS "directors_films_1"
  ) AS "directors_films_1" ON TRUE
  WHERE "directors"."id" = $1
  GROUP BY 1, 3
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer
