-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "awards"."name"
  FROM "public"."films" AS "ashlar_parent", "public"."awards" AS "awards"
  WHERE "ashlar_parent"."id" = $1 AND "awards"."film_id" = "ashlar_parent"."id"
  ORDER BY "awards"."name"
) AS _ashlar_row;
-- $1 = '5'

-- what functions have set for the answer
