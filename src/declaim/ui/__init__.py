"""What the user sees: shows values, sends orders, redraws on ``Changes``. PySide6 lives here (and in ``app.py``) only.

A folder for each place of the window (``library`` ``script`` ``inspector`` ``takes`` ``player`` ``queue`` ``dialogs``
``catalogue``; ``connections`` for remote services), ``widgets`` for parts that know nothing of the studio. ``main_window``
has the one list of who hears whom; ``window_frame`` divides it, ``window_orders`` carries out its menus (``actions``),
``window_state`` remembers its sizes; ``header_bar`` ``notices`` ``queue_sheet`` ``welcome`` are its own parts. ``orders`` is how
a wish is given that may be refused, ``main_thread`` the one door that workers' results come through. The look: ``theme``
``appearance`` ``stylesheet`` ``icons`` ``state_shape`` ``badge_shape``.
"""
