"""Multi-year plans of posts and money as optimisation: state the problem, solve it, explain it."""
