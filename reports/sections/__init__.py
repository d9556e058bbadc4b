"""The sections of the report on a comparison of concert with competition, one function each."""
