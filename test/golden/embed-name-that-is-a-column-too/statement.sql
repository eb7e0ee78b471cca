-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", row_to_json("films_director_id_1".*) AS "director_id"
  FROM "public"."films"
  LEFT JOIN LATERAL (
    SELECT "directors_1"."name"
    FROM "public"."directors" AS "directors_1"
    WHERE "directors_1"."id" = "films"."director_id"
  ) AS "films_director_id_1" ON TRUE
  WHERE "films"."director_id" = $1
) AS _ashlar_row;
-- $1 = '3'

-- what functions have set for the answer
