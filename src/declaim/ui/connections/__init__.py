"""Remote services in the window. Nothing here is imported before the user asks for it or has a connection.

``remote_orders`` is the one door: it opens the sheets, starts syncs and says how they ended. ``remote_menu`` is what stands in
the library's context menu. Sheets: ``connect_sheet`` ``connections_view`` (with ``connection_page``) ``publish_sheet``
``order_sheet`` ``share_sheet`` ``conflict_sheet`` ``operation_sheet``. ``field_spec`` and ``data_form`` make forms from data;
``open_list`` lists what waits or failed, also in the queue; ``voice_orders`` are the voices of an original; ``account`` and
``report_words`` put answers into words.
"""
