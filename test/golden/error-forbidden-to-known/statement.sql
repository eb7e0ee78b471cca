-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'authenticated'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "vault".*
  FROM "public"."vault"
) AS _ashlar_row;
