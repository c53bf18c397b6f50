"""The one gate through which lists of persons leave, and the daily budget of persons that an account may look at."""
