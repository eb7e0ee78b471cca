-- set search_path = '"public", "public", "extensions"'; role = 'anon'

DELETE
FROM "public"."awards";

-- what functions have set for the answer
