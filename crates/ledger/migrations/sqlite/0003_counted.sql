-- The worklist shows how many cases stand in each state and wait for an answer: counted in an index, no row is looked at.
CREATE INDEX case_row_counted ON case_row (state, contact_at);
