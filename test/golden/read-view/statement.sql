-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "film_cards".*
  FROM "public"."film_cards"
  WHERE "film_cards"."year" > $1
  ORDER BY "film_cards"."id"
) AS _ashlar_row;
-- $1 = '1980'

-- what functions have set for the answer
