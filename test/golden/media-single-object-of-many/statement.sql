-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "directors".*
  FROM "public"."directors"
  ORDER BY "directors"."id"
) AS _ashlar_row;

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
