-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", row_to_json("films_directors_1".*) AS "directors"
  FROM "public"."films"
  LEFT JOIN LATERAL (
    SELECT "directors_1"."name"
    FROM "public"."directors" AS "directors_1"
    WHERE "directors_1"."id" = "films"."director_id"
  ) AS "films_directors_1" ON TRUE
  WHERE "films"."id" = ANY ($1)
  ORDER BY "films"."id"
) AS _ashlar_row;
-- $1 = '{"5","6"}'

-- what functions have set for the answer
