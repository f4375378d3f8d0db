"""Views: what a result says, in tables, on a page, and as a story. Drawing is here, computing is in the laboratory.

findings    the numbers every view prints, and the verdict on each recorded fact
tables      them in the terminal
report      them as one HTML page (figures, figures_time, svg draw; grounds says what they rest on)
story       one history told (replay reads the trace, scenes and narrate put it into words, moment looks into a month)
words       months, people, organs and shares in the language of the case
"""
