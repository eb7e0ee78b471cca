-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "directors"."name", (
    SELECT coalesce(json_agg("directors_film_cards_1".*), '[]') AS "directors_film_cards_1"
    FROM (
      SELECT "film_cards_1"."title"
      FROM "public"."film_cards" AS "film_cards_1"
      WHERE "film_cards_1"."director_id" = "directors"."id"
      ORDER BY "film_cards_1"."id"
    ) AS "directors_film_cards_1"
  ) AS "film_cards"
  FROM "public"."directors"
  WHERE "directors"."id" = $1
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer
