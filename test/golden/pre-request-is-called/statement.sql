-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT "public"."check_request"();

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "directors"."id"
  FROM "public"."directors"
  WHERE "directors"."id" = $1
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer
