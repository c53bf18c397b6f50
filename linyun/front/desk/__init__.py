"""The workers' desk: today, find, resident, household, dwelling and building pages."""
