"""Moving in: spreadsheets of people read, judged row by row, applied once, and taken back."""
