-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "venues"."id"
  FROM "public"."venues"
  ORDER BY to_jsonb("venues"."address")->>$1 DESC NULLS LAST
) AS _ashlar_row;
-- $1 = 'city'

-- what functions have set for the answer
