-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "measurements"."id", "measurements"."exact", "measurements"."approximate", "measurements"."small"
  FROM "public"."measurements"
  ORDER BY "measurements"."id"
) AS _ashlar_row;

-- what functions have set for the answer
