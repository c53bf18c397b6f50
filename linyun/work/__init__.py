"""The committee's daily work, made of records, forms, matters and acts."""
