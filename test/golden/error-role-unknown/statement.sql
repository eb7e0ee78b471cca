-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'nobody_at_all'

-- what functions have set for the answer
