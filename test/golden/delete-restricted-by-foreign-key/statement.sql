-- set search_path = '"public", "public", "extensions"'; role = 'anon'

DELETE
FROM "public"."films"
WHERE "films"."id" = $1;
-- $1 = '3'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
