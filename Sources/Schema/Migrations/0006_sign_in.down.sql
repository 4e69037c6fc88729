DROP TABLE openid_accounts, openid_flows, recovery_codes, user_totp, sign_in_links, spent_refresh_tokens, sign_ins,
    user_passwords;
