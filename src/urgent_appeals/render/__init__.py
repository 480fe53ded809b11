"""Make documents of letters and bulletins: HTML and PDF, text and mail."""
