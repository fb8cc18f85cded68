"""What the law is asked: the input of the policy decision point, made of a message and the registers."""
