"""A second reading of the law, written apart from the policies: what each message of the county should come to."""
