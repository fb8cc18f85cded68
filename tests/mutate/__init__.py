"""Whether the tests of the law can fail: rules and table values are changed, one at a time (`make mutate`)."""
