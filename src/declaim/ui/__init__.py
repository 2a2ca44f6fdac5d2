"""What the user sees: shows values, sends orders, redraws on ``Changes``. PySide6 lives here (and in ``app.py``) only.

A folder for each place of the window (``library`` ``script`` ``inspector`` ``takes`` ``player`` ``queue`` ``dialogs``
``catalogue``; ``connections`` for remote services), ``widgets`` for parts that know nothing of the studio, ``main_window``
with the one list of who hears whom, ``main_thread`` with the one door that workers' results come through, ``theme``
``stylesheet`` ``icons`` ``state_shape`` ``badge_shape`` for the look.
"""
