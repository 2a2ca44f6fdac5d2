"""The right column: the cast, the delivery, how words are said and the settings of the script that is open.

``inspector_panel`` gathers it; ``render_orders`` (with ``render_footer``) and ``lexicon_orders`` (with ``lexicon_section``,
``word_sheet`` and ``notes_field``) carry out what is wished there. ``cast_table`` shows the cast with a ``voice_picker`` each,
which opens a ``voice_popup``; ``voice_words`` says what a voice is. Sections: ``delivery_section`` ``calibration_section``
``sent_section``; ``file_sections`` holds ``sound_section`` ``music_section`` ``tags_section``; ``script_settings_form`` holds
``writer_choice``.
"""
