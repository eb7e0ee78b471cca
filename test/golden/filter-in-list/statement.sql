-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id", "films"."title"
  FROM "public"."films"
  WHERE "films"."id" = ANY ($1)
  ORDER BY "films"."id"
) AS _ashlar_row;
-- $1 = '{"1","3","99"}'

-- what functions have set for the answer
