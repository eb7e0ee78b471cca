-- set transaction_read_only = 'on'; timezone = 'America/Los_Angeles'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "screenings"."id", "screenings"."starts_at"
  FROM "public"."screenings"
  WHERE "screenings"."id" = $1
) AS _ashlar_row;
-- $1 = '1'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
