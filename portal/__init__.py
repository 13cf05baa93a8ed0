"""The pages that people work on. They read the store and write only records of what somebody asked for."""
