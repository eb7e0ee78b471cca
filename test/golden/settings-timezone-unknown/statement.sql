-- set transaction_read_only = 'on'; timezone = 'Jupiter/Red_Spot'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer
