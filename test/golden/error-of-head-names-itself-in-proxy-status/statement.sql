-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT NULL, count(*)
FROM (
  SELECT "vault".*
  FROM "public"."vault"
) AS _ashlar_row;

-- what functions have set for the answer
