-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "salaries"."id", "salaries"."name"
  FROM "public"."salaries"
  ORDER BY "salaries"."id"
) AS _ashlar_row;

-- what functions have set for the answer
