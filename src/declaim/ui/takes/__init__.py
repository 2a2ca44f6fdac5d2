"""The takes of a script.

``takes_table`` holds the panel, ``takes_model`` the rows, ``takes_delegate`` draws them, ``take_files`` names the files that are
dragged out of the window, ``delivery_sheet`` measures one against its standard, ``record_sheet`` records one with a microphone.
"""
