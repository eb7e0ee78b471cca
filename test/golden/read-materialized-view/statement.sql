-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "director_films".*
  FROM "public"."director_films"
  ORDER BY "director_films"."director_id"
) AS _ashlar_row;

-- what functions have set for the answer
