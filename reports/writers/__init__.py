"""Writers: a document as HTML, Markdown, PDF, JSON or lines for a terminal."""
