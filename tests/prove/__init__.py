"""What must hold of the law whatever is asked, tried over a finite abstraction of the questions (`make prove`)."""
