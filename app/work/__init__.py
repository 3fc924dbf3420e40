"""To-dos: who owes what by when. Plans of events use them; what they are about is registered."""
