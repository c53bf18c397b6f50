"""Who works here: accounts, the posts in which people work, and the one function that says what they may do."""
