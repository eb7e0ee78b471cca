-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT NULL, count(*)
FROM (
  SELECT "vault".*
  FROM "public"."vault"
) AS _ashlar_row;

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
