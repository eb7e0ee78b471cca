-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT "public"."check_request"();

-- what functions have set for the answer
