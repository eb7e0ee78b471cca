-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", (
    SELECT coalesce(json_agg("films_won_1".*), '[]') AS "films_won_1"
    FROM (
      SELECT "awards_1"."name"
      FROM "public"."awards" AS "awards_1"
      WHERE "awards_1"."film_id" = "films"."id" AND "awards_1"."name" = $1
    ) AS "films_won_1"
  ) AS "won", (
    SELECT coalesce(json_agg("films_old_1".*), '[]') AS "films_old_1"
    FROM (
      SELECT "awards_1"."year"
      FROM "public"."awards" AS "awards_1"
      WHERE "awards_1"."film_id" = "films"."id"
      ORDER BY "awards_1"."id" DESC
    ) AS "films_old_1"
  ) AS "old"
  FROM "public"."films"
  WHERE "films"."id" = $2
) AS _ashlar_row;
-- $1 = 'Queer Palm'
-- $2 = '5'

-- what functions have set for the answer
