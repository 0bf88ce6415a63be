"""How numbers and dates are written, per language, where the formats that come with Django do not fit."""
