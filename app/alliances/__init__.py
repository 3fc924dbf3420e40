"""Local alliances: who belongs, who coordinates and until when, who asks to join."""
