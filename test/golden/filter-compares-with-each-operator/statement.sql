-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id", "films"."year", "films"."rating"
  FROM "public"."films"
  WHERE "films"."id" > $1 AND "films"."id" <= $2 AND "films"."year" >= $3 AND "films"."year" < $4 AND "films"."rating" <> $5 AND "films"."title" = $6
) AS _ashlar_row;
-- $1 = '1'
-- $2 = '6'
-- $3 = '1954'
-- $4 = '2019'
-- $5 = '8.2'
-- $6 = 'Vagabond'

-- what functions have set for the answer
