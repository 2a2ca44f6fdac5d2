"""The catalogue of voices: ``catalogue_dialog`` with its filters, its list and what is known of one voice; built when opened."""
