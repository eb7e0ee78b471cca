-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "awards".*
  FROM "public"."films" AS "ashlar_parent", "public"."awards" AS "awards"
  WHERE "ashlar_parent"."id" = $1 AND "awards"."film_id" = "ashlar_parent"."id"
) AS _ashlar_row;
-- $1 = '99'

-- what functions have set for the answer

-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT NULL
FROM "public"."films" AS "ashlar_parent"
WHERE "ashlar_parent"."id" = $1;
-- $1 = '99'
