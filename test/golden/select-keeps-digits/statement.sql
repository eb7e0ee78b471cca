-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "measurements"."id", "measurements"."exact", "measurements"."approximate", "measurements"."small"
  FROM "public"."measurements"
  ORDER BY "measurements"."id"
) AS _ashlar_row;

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
