-- set search_path = '"public", "public", "extensions"'; role = 'anon'

DELETE
FROM "public"."awards"
WHERE "awards"."id" = $1;
-- $1 = '4'

-- what functions have set for the answer
