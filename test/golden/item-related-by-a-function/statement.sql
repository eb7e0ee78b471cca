-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "users"."username"
  FROM "public"."users" AS "ashlar_parent", "public"."subscribers"(("ashlar_parent".*)::"public"."users") AS "users"
  WHERE "ashlar_parent"."id" = $1
  ORDER BY "users"."id"
) AS _ashlar_row;
-- $1 = '2'

-- what functions have set for the answer
