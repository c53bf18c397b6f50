"""House rules, the matrix, journeys across apps, and the bench on which all tests stand."""
