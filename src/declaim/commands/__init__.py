"""What the user can do: one module per noun, on the main thread; ``Studio`` gathers them for the window and the terminal.

===============  =======================================================================
``studio``       ``Studio``: the library, the voices and the jobs, and every noun below
``projects``     projects and folders: make, rename, move, trash
``importing``    files, text and bundles into the library
``documents``    what kind they are taken for, reading one again
``scripts``      writing, editing, settings, the source of a script
``versions``     what a script was before: the list, the difference, taking one back
``rewriting``    writing a script again without losing an edit
``rendering``    the plan, the render, hearing one line or one voice
``recordings``   takes: star, note, rename, trash, their audio and peaks
``exporting``    a take as a file, a recording, folder or project as a bundle
``lexicons``     how words are said, for the user and for a project
``catalogue``    every voice, favourites, defaults, downloads
``downloading``  voices from their makers' pages (values only; the terminal uses it too)
``describing``   what a line will send
``checking``     what a model may have made up
``keys``         keys of cloud voices, models, addresses, caps
``connections``  accounts at remote services: the key tried, then kept in the keyring
``publishing``   what is to be sent there, checked first and kept in the outbox
``syncing``      push, pull, conflicts, audio: the library and the services in step
``looking``      what is at a service: lists, single items, samples, files (values only, in a worker)
``wording``      scripts and settings in the words of the services (values only)
``writing``      from a source to a script (values only; the terminal uses it too)
``production``   from a script to a finished file (values only; the terminal uses it too)
``doctor``       what works on this machine and what to install
===============  =======================================================================
"""
