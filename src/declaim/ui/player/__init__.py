"""The player at the bottom of the window.

``player_bar`` shows a take and gives the orders, ``transport`` carries them to the sound card, ``waveform_view`` draws and is
clicked, ``take_map`` knows where each line and chapter of a take lies, ``waveform_shape`` reads the peaks, ``level_meter`` shows
how loud it is, ``player_buttons`` are its own.
"""
