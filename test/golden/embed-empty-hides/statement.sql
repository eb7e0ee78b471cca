-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title"
  FROM "public"."films"
  LEFT JOIN LATERAL (
    SELECT "directors_1".*
    FROM "public"."directors" AS "directors_1"
    WHERE "directors_1"."id" = "films"."director_id" AND "directors_1"."name" = $1
  ) AS "films_directors_1" ON TRUE
  WHERE EXISTS (
    SELECT 1
    FROM "public"."directors" AS "directors_1"
    WHERE "directors_1"."id" = "films"."director_id" AND "directors_1"."name" = $2
  )
  ORDER BY "films"."id"
) AS _ashlar_row;
-- $1 = 'Agnès Varda'
-- $2 = 'Agnès Varda'

-- what functions have set for the answer
