-- set transaction_read_only = 'on'; search_path = '"odd ""schema"", too", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "things".*
  FROM "odd ""schema"", too"."things"
) AS _ashlar_row;

-- what functions have set for the answer
