-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "venues"."id", to_jsonb("venues"."address")->>$1 AS "city"
  FROM "public"."venues"
  WHERE to_jsonb("venues"."address")->>$1 = $2
) AS _ashlar_row;
-- $1 = 'city'
-- $2 = 'Paris'

-- what functions have set for the answer
