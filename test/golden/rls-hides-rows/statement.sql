-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'authenticated'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "diaries".*
  FROM "public"."diaries"
  ORDER BY "diaries"."id"
) AS _ashlar_row;

-- what functions have set for the answer
