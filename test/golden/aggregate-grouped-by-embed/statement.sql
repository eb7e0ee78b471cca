-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT pg_catalog.count("films".*), min("films"."rating"), row_to_json("films_directors_1".*)::jsonb AS "directors"
  FROM "public"."films"
  LEFT JOIN LATERAL (
    SELECT "directors_1"."name"
    FROM "public"."directors" AS "directors_1"
    WHERE "directors_1"."id" = "films"."director_id"
  ) AS "films_directors_1" ON TRUE
  WHERE "films"."director_id" = $1
  GROUP BY 3
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer
