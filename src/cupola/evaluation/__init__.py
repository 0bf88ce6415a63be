"""Did it work: designs, estimators, diagnostics and pre-registration. Values in, frozen estimates out."""
