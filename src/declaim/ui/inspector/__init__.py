"""The right column: the cast, the delivery, how words are said and the settings of the script that is open."""
