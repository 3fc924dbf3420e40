"""What the coalition knows: recommendations, talking points, analyses, statements, debates."""
