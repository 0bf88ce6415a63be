"""Everything that needs Django: records, staff pages, public pages."""
