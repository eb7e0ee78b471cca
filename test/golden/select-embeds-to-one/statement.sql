-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", (
    SELECT row_to_json("films_director_1".*)
    FROM (
      SELECT "directors_1"."name"
      FROM "public"."directors" AS "directors_1"
      WHERE "directors_1"."id" = "films"."director_id"
    ) AS "films_director_1"
  ) AS "director"
  FROM "public"."films"
  ORDER BY "films"."id"
  LIMIT 2
) AS _ashlar_row;

-- what functions have set for the answer
