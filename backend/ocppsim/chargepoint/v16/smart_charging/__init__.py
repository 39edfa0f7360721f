"""Smart charging (1.6 ed.2 §3.13, §5.4, §5.7, §5.16): which limit holds when, and why."""
